//! Runs the code of `docs/php.md`: its client passes its own tests, and a broken one does not. Without PHP or PHPUnit
//! it is skipped, with a message.
#![cfg(feature = "cli")]

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const PAGE: &str = include_str!("../../docs/php.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The code blocks in a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    PAGE.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// A requirement that is missing.
fn missing() -> Option<&'static str> {
    let is_there =
        |name: &str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    ["php", "phpunit"].into_iter().find(|name| !is_there(name))
}

/// A folder with the files of the page, the stored answers that it mentions, and a `packetcheck` that counts its
/// starts.
fn project(name: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("php").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for block in blocks("php") {
        let (path, _) = block.strip_prefix("<?php // ").and_then(|rest| rest.split_once('\n')).ok_or("no path")?;
        let file = folder.join(path);
        fs::create_dir_all(file.parent().ok_or("no folder")?)?;
        fs::write(file, block)?;
    }
    let answers = folder.join("tests/answers");
    fs::create_dir_all(&answers)?;
    for name in ["in_progress.xml", "finished_on_several_lines.xml"] {
        fs::copy(root().join("tests/data/plesk/documentation").join(name), answers.join(name))?;
    }
    Ok(folder)
}

/// Runs a line of the page there.
fn run(folder: &Path, line: &str) -> Result<Output> {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin)?;
    let counting = "#!/bin/sh\necho started >>\"$STARTS\"\nexec \"$REAL\" \"$@\"\n";
    let script = bin.join("packetcheck");
    fs::write(&script, counting)?;
    #[cfg(unix)]
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&path)))?;
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path)
        .env("REAL", env!("CARGO_BIN_EXE_packetcheck"))
        .env("STARTS", folder.join("starts"))
        .env_remove("PACKETCHECK")
        .env_remove("GITHUB_ACTIONS")
        .output()?;
    Ok(output)
}

/// The number of times `packetcheck` was started.
fn starts(folder: &Path) -> usize {
    fs::read_to_string(folder.join("starts")).map_or(0, |lines| lines.lines().count())
}

/// The lines that the page says to type.
fn lines() -> Vec<&'static str> {
    blocks("console").into_iter().filter_map(|block| block.strip_prefix("$ ")).map(str::trim).collect()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), output.stderr.as_slice()].concat()).into_owned()
}

#[cfg(unix)]
#[test]
fn the_tests_of_the_page_pass_and_a_broken_client_fails_them() -> Result {
    if let Some(missing) = missing() {
        writeln!(std::io::stderr(), "tests/project/php.rs passed over: {missing} is not installed")?;
        return Ok(());
    }
    let folder = project("phpunit")?;
    let phpunit = lines()[0];
    let output = run(&folder, phpunit)?;
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("OK (3 tests, 4 assertions)"), "{}", text(&output));
    // One packet, two packets, one HTTP request, two files.
    assert_eq!(starts(&folder), 4);

    let client = folder.join("src/MigrationClient.php");
    fs::write(&client, fs::read_to_string(&client)?.replace("'get_status'", "'get_state'"))?;
    let answer = folder.join("tests/answers/in_progress.xml");
    fs::write(&answer, fs::read_to_string(&answer)?.replace("<completed>", "<completed>x"))?;
    let output = run(&folder, phpunit)?;
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let shown = text(&output);
    assert!(shown.contains("Tests: 3, Assertions: 3, Failures: 3"), "{shown}");
    // The output that the page shows.
    assert!(shown.contains(blocks("text")[0].trim()), "{shown}");
    assert!(shown.contains("in_progress.xml:") && shown.contains("PC0401"), "{shown}");

    // If the check itself fails, there is no verdict.
    let output = run(&folder, &format!("PACKETCHECK=false {phpunit}"))?;
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    Ok(())
}

#[cfg(unix)]
#[test]
fn results_have_the_keys_of_the_packets_and_nothing_stays() -> Result {
    if let Some(missing) = missing() {
        writeln!(std::io::stderr(), "tests/project/php.rs passed over: {missing} is not installed")?;
        return Ok(());
    }
    let folder = project("keys")?;
    let code = r#"
        require 'tests/Packetcheck.php';
        putenv('TMPDIR=' . getcwd() . '/tmp');
        mkdir('tmp');
        $good = '<packet><migration><check/></migration></packet>';
        $packets = array_fill(0, 2000, $good);
        $packets['bad'] = "<packet>\n<migration/></packet>";
        $packets[7] = '{"state": 5}';
        $results = Packetcheck::checkAll($packets);
        $wrong = array_keys(array_filter($results, fn ($result) => $result['verdict'] !== 'valid'));
        $one = Packetcheck::check($good, 'plesk-response');
        echo json_encode([count($results), $wrong, $results['bad']['diagnostics'][0]['line'], $one['verdict'],
            Packetcheck::checkAll([]), scandir('tmp')]);
    "#;
    fs::write(folder.join("keys.php"), format!("<?php {code}"))?;
    let output = run(&folder, "php keys.php")?;
    assert_eq!(text(&output), r#"[2001,[7,"bad"],2,"invalid",[],[".",".."]]"#);
    assert_eq!(starts(&folder), 2);
    Ok(())
}

#[cfg(unix)]
#[test]
fn the_line_for_ci_checks_what_is_kept() -> Result {
    let folder = project("ci")?;
    let [_, ci] = lines()[..] else { return Err("expected two lines".into()) };
    let output = run(&folder, ci)?;
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("2 files: 2 valid"), "{}", text(&output));
    assert!(fs::read_to_string(folder.join("packets.xml"))?.contains("<testsuite"));
    fs::write(folder.join("tests/answers/odd.xml"), "<packet/>")?;
    assert_eq!(run(&folder, ci)?.status.code(), Some(1));
    Ok(())
}
