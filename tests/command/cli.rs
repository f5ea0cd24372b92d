//! The promises of the command: runs the real binary, and compares both output streams and the exit status, word by
//! word.
//!
//! The cases are the files `tests/golden/cli/*.txt`: lines `$ packetcheck …`, each followed by the expected result.
//! They are run in `tests`. `< FILE` at the end of a line passes the file as standard input; without it there is an
//! empty pipe. With `UPDATE_GOLDEN=1` in the environment the files are rewritten: check the difference.

use std::fs;
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use packetcheck::diagnostic::Code;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The command with a neutral environment.
fn packetcheck() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packetcheck"));
    for variable in [
        "GITHUB_ACTIONS",
        "FORCE_COLOR",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "LC_ALL",
        "LC_CTYPE",
        "LANG",
        "TERM",
    ] {
        command.env_remove(variable);
    }
    command.current_dir(tests_folder()).stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::piped());
    command
}

/// Runs the command to its end with something on standard input.
fn run(command: &mut Command, input: &[u8]) -> io::Result<Output> {
    let mut child = command.spawn()?;
    let input = input.to_owned();
    let stdin = child.stdin.take();
    let feed = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
    let output = child.wait_with_output()?;
    // It need not have read its input.
    let _ = feed.join();
    Ok(output)
}

/// Durations, and so speeds, differ each time: `…; 1.16 kB in 41 ms, 28.22 kB/s`.
fn without_times(text: &str) -> String {
    let timeless = |line: &str| match line.split_once("; ").and_then(|(_, rest)| rest.split_once(" in ")) {
        Some((size, time)) if time.contains(" ms") && size.ends_with('B') => {
            line.replace(&format!(" in {}", time.trim_end()), " in TIME")
        }
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(timeless).collect()
}

/// Runs a line of a golden file and returns the text expected in the file.
fn transcript(line: &str) -> io::Result<String> {
    let (words, input) = match line.split_once(" < ") {
        Some((words, file)) => (words, fs::read(tests_folder().join(file))?),
        None => (line, Vec::new()),
    };
    let output = run(packetcheck().args(words.split_whitespace().skip(1)), &input)?;
    let mut text = format!("$ {line}\n");
    text.push_str(&format!("status: {}\n", output.status.code().map_or("none".to_owned(), |code| code.to_string())));
    for (name, stream) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        if !stream.is_empty() {
            text.push_str(&format!("{name}:\n{}", without_times(&String::from_utf8_lossy(&stream))));
            text.push_str(if stream.ends_with(b"\n") { "" } else { "[no line feed]\n" });
        }
    }
    text.push('\n');
    Ok(text)
}

#[test]
fn says_what_the_golden_files_say() -> Outcome {
    let overwrite = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut files: Vec<PathBuf> =
        fs::read_dir(tests_folder().join("golden/cli"))?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    assert!(!files.is_empty(), "no golden files were found");
    let mut wrong = Vec::new();
    for file in files {
        let expected = fs::read_to_string(&file)?;
        let lines = expected.lines().filter_map(|line| line.strip_prefix("$ "));
        let actual: String = lines.map(transcript).collect::<io::Result<_>>()?;
        if actual != expected && overwrite {
            fs::write(&file, &actual)?;
        } else if actual != expected {
            wrong.push(format!("{}: expected\n\n{expected}\nfound\n\n{actual}", file.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n`UPDATE_GOLDEN=1 cargo test --test command cli` takes what was found",
        wrong.join("\n")
    );
    Ok(())
}

#[test]
fn a_folder_is_walked_in_the_same_order_every_time() -> Outcome {
    let folder = scratch("order")?;
    fs::create_dir_all(folder.join("b/.hidden"))?;
    let names = ["a.xml", "b/.hidden/c.xml", "b/d.XML", "b/e.txt", "b0.xml", "c.xml"];
    for name in names {
        fs::write(folder.join(name), "<a/>")?;
    }
    let output =
        run(packetcheck().args(["check", "--verbose", "--hidden", "--well-formed", "."]).current_dir(&folder), b"")?;
    let text = without_times(&String::from_utf8(output.stdout)?);
    let found: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("ok ./")).collect();
    let expected =
        ["a.xml", "b/.hidden/c.xml", "b/d.XML", "b0.xml", "c.xml"].map(|name| format!("{name} (well-formed)"));
    assert_eq!(found, expected);
    assert_eq!(text.lines().last(), Some("5 files: 5 valid, 1 skipped; 20 B in TIME"));
    Ok(())
}

#[test]
fn many_files_keep_their_order() -> Outcome {
    let folder = scratch("many")?;
    for number in 0..1000 {
        let document = if number % 7 == 0 { "<a>" } else { "<a/>" };
        fs::write(folder.join(format!("{number:04}.xml")), document)?;
    }
    let arguments = ["check", "--well-formed", "--format", "jsonl", "."];
    let output = run(packetcheck().args(arguments).current_dir(&folder), b"")?;
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout)?;
    for (number, line) in text.lines().enumerate() {
        let object: serde_json::Value = serde_json::from_str(line)?;
        assert_eq!(object["path"], format!("./{number:04}.xml"));
        assert_eq!(object["verdict"], if number % 7 == 0 { "invalid" } else { "valid" });
    }
    assert_eq!(text.lines().count(), 1000);
    Ok(())
}

/// Writing to a closed pipe ends the command as SIGPIPE ends `grep` and `cat`, whatever it writes.
#[test]
fn a_closed_pipe_is_quiet() -> Outcome {
    for arguments in [
        &["explain"][..],
        &["--help"],
        &["schema", "list"],
        &["schema", "check", "../schemas"],
        &["decode", "data/plesk/documentation/request.xml"],
        &["encode", "--as", "plesk-request", "data/command/request.json"],
        &["generate", "--schema", "data/generate/shop.xsd"],
        &["status", "data/plesk/documentation/in_progress.xml"],
        &["check", "--well-formed", "data/command/fine.xml"],
        &["check", "--well-formed", "--format", "jsonl", "data"],
    ] {
        // Closed before the command begins: otherwise a fast one would already have written everything.
        let (reader, writer) = io::pipe()?;
        drop(reader);
        let (status, complaint) = end(packetcheck().args(arguments).stdout(writer).spawn()?)?;
        assert_eq!((status, complaint.as_str()), (Some(141), ""), "{arguments:?}");
    }
    Ok(())
}

/// A closed pipe is noticed while the command waits for a document that never ends.
#[test]
fn a_closed_pipe_is_noticed_while_standard_input_is_open() -> Outcome {
    let (reader, writer) = io::pipe()?;
    drop(reader);
    let arguments = ["check", "--verbose", "--well-formed", "data/command/fine.xml", "-"];
    let mut child = packetcheck().args(arguments).stdout(writer).spawn()?;
    let stdin = child.stdin.take();
    let status = child.wait()?;
    drop(stdin);
    assert_eq!(status.code(), Some(141));
    Ok(())
}

/// Finished documents are shown while another one is still being read, whichever comes first, in each format.
#[cfg(unix)]
#[test]
fn results_appear_as_files_finish() -> Outcome {
    let cases: [(&[&str], &[&str]); 4] = [
        (&["--verbose", "data/command/fine.xml", "-"], &["ok data/command/fine.xml (well-formed)"]),
        (&["--verbose", "-", "data/command/fine.xml"], &["ok data/command/fine.xml (well-formed)"]),
        (&["--format", "jsonl", "data/command/fine.xml", "-"], &["{\"path\":\"data/command/fine.xml\""]),
        (
            &["--format", "jsonl", "-", "data/command/fine.xml", "data/command/lone.xml"],
            &["{\"path\":\"data/command/fine.xml\"", "{\"path\":\"data/command/lone.xml\""],
        ),
    ];
    for (arguments, expected) in cases {
        let mut child = packetcheck().args(["check", "--well-formed"]).args(arguments).spawn()?;
        let mut lines = io::BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
        for start in expected {
            let line = lines.next().ok_or("the output ended")??;
            assert!(line.starts_with(start), "{arguments:?}: {line}");
        }
        // Nothing follows: standard input is still open.
        let interrupt = Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
        assert!(interrupt.success());
        assert_eq!(lines.next().transpose()?, None, "{arguments:?}");
        assert_eq!(child.wait()?.code(), None, "{arguments:?}: it is ended by the signal");
    }
    Ok(())
}

/// On a system that allows no further thread (here: none with such a stack), one thread does the work.
#[test]
fn one_thread_works_without_others() -> Outcome {
    let folder = scratch("threads")?;
    for number in 0..300 {
        fs::write(folder.join(format!("{number:03}.xml")), "<a/>")?;
    }
    let arguments = ["check", "--well-formed", "."];
    let output =
        run(packetcheck().args(arguments).env("RUST_MIN_STACK", (1_u64 << 60).to_string()).current_dir(&folder), b"")?;
    assert_eq!(String::from_utf8(output.stderr)?, "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(without_times(&String::from_utf8(output.stdout)?), "300 files: 300 valid; 1.20 kB in TIME\n");
    Ok(())
}

/// Results from before an interrupt are shown, and nothing is written to files.
#[cfg(unix)]
#[test]
fn an_interrupted_run_shows_what_it_found() -> Outcome {
    let folder = scratch("interrupted")?;
    for name in ["a.xml", "b.xml", "c.xml"] {
        fs::write(folder.join(name), "<a>")?;
    }
    let arguments = ["check", "--well-formed", "--format", "text", "--format", "jsonl=out.jsonl", "--verbose"];
    let mut child =
        packetcheck().args(arguments).args(["a.xml", "b.xml", "c.xml", "-"]).current_dir(&folder).spawn()?;
    let mut lines = io::BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
    // The lines of the second and third file are shown immediately.
    for expected in ["invalid b.xml (not well-formed): 1 error", "invalid c.xml (not well-formed): 1 error"] {
        let line = lines.by_ref().find(|line| !line.as_ref().is_ok_and(|line| line.starts_with("invalid a.xml")));
        assert_eq!(line.transpose()?.as_deref(), Some(expected));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status()?.success());
    let rest = lines.map(|line| Ok(line? + "\n")).collect::<io::Result<String>>()?;
    assert!(rest.contains("the same in 2 more places:\n  b.xml:1:4, c.xml:1:4\n"), "{rest}");
    assert!(without_times(&rest).ends_with("\ninterrupted after 3 files: 3 invalid; 9 B in TIME\n"), "{rest}");
    assert_eq!(child.wait()?.code(), Some(130));
    assert!(!folder.join("out.jsonl").exists());

    // One interrupt is also enough if no input comes.
    let mut child = packetcheck().args(["check", "--lines", "--no-group", "-v", "-"]).spawn()?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let mut lines = io::BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
    writeln!(stdin, "<packet>")?;
    let begins = |begin: &'static str| move |line: io::Result<String>| line.is_ok_and(|line| line.starts_with(begin));
    assert!(lines.by_ref().any(begins("invalid <stdin>:1 (")));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status()?.success());
    assert!(lines.any(begins("interrupted after 1 packet: 1 invalid; ")));
    assert_eq!(child.wait()?.code(), Some(130));
    Ok(())
}

/// The null device is an output like any other, however it was opened: discarding the output is not an error. If
/// standard output is closed, the Rust runtime opens the null device in its place before our code runs, for reading and
/// writing, as `subprocess.DEVNULL` of Python does: the two cannot be distinguished.
#[test]
fn the_null_device_takes_everything() -> Outcome {
    let arguments = ["check", "--well-formed", "data/command/fine.xml"];
    let (status, complaint) = end(packetcheck().args(arguments).stdout(Stdio::null()).spawn()?)?;
    assert_eq!((status, complaint.as_str()), (Some(0), ""));
    #[cfg(unix)]
    for redirected in [">/dev/null", "1<>/dev/null", ">&-"] {
        let command = format!("exec '{}' {} {redirected}", env!("CARGO_BIN_EXE_packetcheck"), arguments.join(" "));
        let mut shell = Command::new("sh");
        shell.args(["-c", &command]).current_dir(tests_folder()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (status, complaint) = end(shell.spawn()?)?;
        assert_eq!((status, complaint.as_str()), (Some(0), ""), "{redirected}");
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported() -> Outcome {
    for arguments in
        [&["explain"][..], &["--help"], &["schema", "list"], &["check", "--well-formed", "data/command/fine.xml"]]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full")?;
        let (status, complaint) = end(packetcheck().args(arguments).stdout(full).spawn()?)?;
        assert_eq!(status, Some(2), "{arguments:?}");
        assert_eq!(complaint, "packetcheck: cannot write to standard output: No space left on device\n");
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_closed_standard_input_is_not_an_empty_document() -> Outcome {
    let program = env!("CARGO_BIN_EXE_packetcheck");
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec '{program}' check - <&-")]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (status, complaint) = end(shell.spawn()?)?;
    assert_eq!(status, Some(2));
    assert_eq!(complaint, "packetcheck: <stdin>: standard input is closed, or the null device\n");
    Ok(())
}

#[cfg(unix)]
#[test]
fn link_cycles_end_and_broken_links_are_reported() -> Outcome {
    use std::os::unix::fs::symlink;

    let folder = scratch("links")?;
    fs::write(folder.join("a.xml"), "<a/>")?;
    symlink(".", folder.join("circle"))?;
    symlink("a.xml", folder.join("b.xml"))?;
    symlink("nowhere", folder.join("c.xml"))?;
    let output = run(packetcheck().args(["check", "--well-formed", "."]).current_dir(&folder), b"")?;
    assert_eq!(output.status.code(), Some(2));
    let expected = "3 files: 2 valid, 1 unreadable; 8 B in TIME\n";
    assert_eq!(without_times(&String::from_utf8(output.stdout)?), expected);
    assert_eq!(String::from_utf8(output.stderr)?, "packetcheck: ./c.xml: No such file or directory\n");
    Ok(())
}

/// A path outside the permitted folders is reported with the folder to permit.
#[cfg(unix)]
#[test]
fn the_folder_that_a_schema_is_in_is_named() -> Outcome {
    use std::os::unix::fs::symlink;

    let folder = scratch("out")?;
    for inner in ["in/sub", "out/deep"] {
        fs::create_dir_all(folder.join(inner))?;
    }
    let schema = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"/></xs:schema>"#;
    fs::write(folder.join("out/r.xsd"), schema)?;
    fs::write(folder.join("out/deep/r.xsd"), schema)?;
    symlink("../out/r.xsd", folder.join("in/file.xsd"))?;
    symlink("../out/deep", folder.join("in/folder"))?;
    for (location, expected) in [
        ("../out/r.xsd", "out"),
        ("sub/../../out/r.xsd", "out"),
        ("file.xsd", "out"),
        ("sub/../file.xsd", "out"),
        ("folder/r.xsd", "out/deep"),
        ("folder/../r.xsd", "out"),
        ("folder/not/there.xsd", "out/deep/not"),
        ("../nowhere/r.xsd", "nowhere"),
    ] {
        let instance = "http://www.w3.org/2001/XMLSchema-instance";
        let document = format!("<r xmlns:xsi='{instance}' xsi:noNamespaceSchemaLocation='{location}'/>");
        fs::write(folder.join("in/r.xml"), document)?;
        let check = ["check", "--allow-schema-location", "in/r.xml"];
        let output = run(packetcheck().args(check).current_dir(&folder), b"")?;
        let said = String::from_utf8(output.stderr)?;
        let option = format!("--folder {expected}");
        assert!(said.ends_with(&format!("; pass `{option}`\n")), "{location}: {said}");
        let output = run(packetcheck().args(check).args(option.split(' ')).current_dir(&folder), b"")?;
        let is_there = folder.join("in").join(location).exists();
        assert_eq!(output.status.code(), Some(if is_there { 0 } else { 2 }), "{location}");
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn control_characters_in_names_are_shown() -> Outcome {
    let folder = scratch("names")?;
    fs::write(folder.join("\u{1b}[31m\n.xml"), "<a>")?;
    let output = run(packetcheck().args(["check", "--well-formed", "."]).current_dir(&folder), b"")?;
    let text = String::from_utf8(output.stdout)?;
    assert!(text.contains(" --> ./␛[31m␊.xml:1:"), "{text}");
    assert!(text.ends_with("invalid ./␛[31m␊.xml (not well-formed): 1 error\n"), "{text}");
    let output = run(packetcheck().args(["schema", "check", "\u{1b}[31m\n.xsd"]).current_dir(&folder), b"")?;
    let expected = "packetcheck: ␛[31m␊.xsd: cannot be read: No such file or directory\n";
    assert_eq!(String::from_utf8(output.stderr)?, expected);
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_unicode_stay_apart() -> Outcome {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = scratch("bytes")?;
    for name in [&b"a\xfe.xml"[..], b"a\xff.xml"] {
        fs::copy(
            tests_folder().join("data/plesk/documentation/in_progress.xml"),
            folder.join(OsStr::from_bytes(name)),
        )?;
        fs::write(folder.join(OsStr::from_bytes(name)).with_extension("xsd"), "<a/>")?;
    }
    let member = |arguments: &[&str], member: &str| -> Result<Vec<serde_json::Value>, Box<dyn std::error::Error>> {
        let output = run(packetcheck().args(arguments).current_dir(&folder), b"")?;
        let lines = String::from_utf8(output.stdout)?;
        let lines: Vec<serde_json::Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        Ok(lines.into_iter().map(|line| line[member].clone()).collect())
    };
    for command in ["check", "status"] {
        let arguments = [command, "--format", "jsonl", "."];
        assert_eq!(member(&arguments, "path")?, ["./a\\xFE.xml", "./a\\xFF.xml"]);
        assert_eq!(member(&arguments, "path_bytes")?, ["2e2f61fe2e786d6c", "2e2f61ff2e786d6c"]);
    }
    assert_eq!(member(&["schema", "check", "--format", "jsonl", "."], "path")?, ["./a\\xFE.xsd", "./a\\xFF.xsd"]);
    // Unicode names have no such member.
    fs::write(folder.join("b.xml"), "<a/>")?;
    assert_eq!(member(&["check", "--format", "jsonl", "b.xml"], "path_bytes")?, [serde_json::Value::Null]);
    Ok(())
}

/// A limit is the same for every form of document, in `check`, `decode` and `status`.
#[test]
fn limits_are_set_by_options() -> Outcome {
    let folder = scratch("limits")?;
    for depth in [1024, 1025, 2000, 2001] {
        fs::write(folder.join(format!("{depth}.xml")), format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth)))?;
        let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
        let report =
            r#""subtask_name": "CLONE_VM", "progress": 1, "replicatesize": 1, "totalsize": 2, "process_trace": """#;
        fs::write(folder.join(format!("{depth}.json")), format!(r#"{{{report}, "deep": {open}{close}}}"#))?;
    }
    let status = |arguments: &str| -> Result<_, io::Error> {
        Ok(run(packetcheck().args(arguments.split_whitespace()).current_dir(&folder), b"")?.status.code())
    };
    for (depth, by_default, raised) in [(1024, 0, 0), (1025, 1, 0), (2000, 1, 0), (2001, 1, 1)] {
        let commands = [
            format!("check --well-formed {depth}.xml"),
            format!("check {depth}.json"),
            format!("decode {depth}.json"),
            format!("status {depth}.json"),
        ];
        for command in commands {
            assert_eq!(status(&command)?, Some(by_default), "{command}");
            assert_eq!(status(&format!("{command} --limit depth=2000"))?, Some(raised), "{command}");
        }
    }
    // The last one counts, and a file that is too large is not read.
    assert_eq!(status("check --well-formed 2000.xml --limit depth=1 --limit depth=2000")?, Some(0));
    assert_eq!(status("check --well-formed 1024.xml --limit document_bytes=100")?, Some(2));
    Ok(())
}

#[test]
fn colours_are_for_terminals_only() -> Outcome {
    let arguments = ["check", "--well-formed", "data/command/control.xml", "nothing.xml"];
    let output = run(packetcheck().args(arguments), b"")?;
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
    let output = run(packetcheck().args(arguments).env("CLICOLOR_FORCE", "1"), b"")?;
    assert!(output.stdout.contains(&0x1b));
    let output = run(packetcheck().args(arguments).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"), b"")?;
    assert!(!output.stdout.contains(&0x1b));
    Ok(())
}

#[test]
fn a_long_line_is_not_printed_whole() -> Outcome {
    let document = format!("<a>{}<b></c>{}</a>", "x".repeat(1 << 20), "y".repeat(1 << 20));
    let output = run(packetcheck().args(["check", "--well-formed", "-"]), document.as_bytes())?;
    let text = String::from_utf8(output.stdout)?;
    assert!(text.contains(":1:1048583\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    Ok(())
}

#[test]
fn every_page_of_help_fits_the_terminal() -> Outcome {
    let commands: [&[&str]; 17] = [
        &[],
        &["check"],
        &["status"],
        &["decode"],
        &["encode"],
        &["fmt"],
        &["generate"],
        &["lsp"],
        &["new"],
        &["new", "plesk", "get-status"],
        &["new", "dataworks", "request"],
        &["new", "sms", "progress"],
        &["explain"],
        &["schema"],
        &["schema", "show"],
        &["completions"],
        &["man"],
    ];
    for command in commands {
        for flag in ["-h", "--help"] {
            let output = run(packetcheck().args(command).arg(flag), b"")?;
            assert_eq!(output.status.code(), Some(0), "{command:?}");
            let text = String::from_utf8(output.stdout)?;
            let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
            assert!(wide.is_empty(), "{command:?}: {wide:?}");
        }
    }
    Ok(())
}

#[test]
fn completions_and_manual_pages_are_written() -> Outcome {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(packetcheck().args(["completions", shell]), b"")?;
        assert_eq!(output.status.code(), Some(0), "{shell}");
        assert!(String::from_utf8(output.stdout)?.contains("get-status"), "{shell}");
    }
    for (arguments, title) in [(&["man"][..], ".TH packetcheck 1"), (&["man", "check"], ".TH packetcheck-check 1")] {
        let output = run(packetcheck().args(arguments), b"")?;
        assert!(String::from_utf8(output.stdout)?.contains(title), "{arguments:?}");
    }
    Ok(())
}

/// Codes, kinds and commands are completed where they are operands, but not all listed in the help.
#[test]
fn completions_know_the_values_of_operands() -> Outcome {
    let script = |shell| run(packetcheck().args(["completions", shell]), b"");
    for (shell, expected) in [
        ("zsh", "PC0203\\:\"missing required element\""),
        ("fish", "using_subcommand explain' -f -a 'PC0203' -d 'missing required element'"),
        ("fish", "using_subcommand schema; and __fish_seen_subcommand_from show' -f -a 'plesk-request'"),
    ] {
        let script = String::from_utf8(script(shell)?.stdout)?;
        assert!(script.contains(expected), "{shell}: {expected}");
        assert!(Code::all().all(|code| script.contains(code.as_str())), "{shell}");
    }
    for arguments in [&["explain", "--help"][..], &["man", "explain"]] {
        let help = String::from_utf8(run(packetcheck().args(arguments), b"")?.stdout)?;
        assert!(!help.contains(Code::LoneSurrogate.as_str()), "{help}");
    }
    Ok(())
}

/// The shell itself completes words using the script.
#[cfg(unix)]
#[test]
fn bash_completes_codes_kinds_and_commands() -> Outcome {
    if Command::new("bash").arg("--version").output().is_err() {
        return Ok(());
    }
    let mut script = run(packetcheck().args(["completions", "bash"]), b"")?.stdout;
    script.extend_from_slice(
        b"\nCOMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1))\n\
          _packetcheck \"$1\" \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\"\n\
          printf '%s ' \"${COMPREPLY[@]}\"\n",
    );
    let file = scratch("completions")?.join("complete.bash");
    fs::write(&file, script)?;
    for (words, expected) in [
        (&["explain", "PC011"][..], (110..120).map(|number| format!("PC0{number} ")).collect::<String>()),
        (&["explain", "PC0101", "PC063"], " ".to_owned()),
        (&["explain", "PC0101", "PC0604"], "PC0604 ".to_owned()),
        (&["check", "--as", "sms-p"], "sms-progress ".to_owned()),
        (&["schema", "show", "plesk-req"], "plesk-request ".to_owned()),
        (&["man", "comp"], "completions ".to_owned()),
    ] {
        let output = Command::new("bash").arg(&file).arg("packetcheck").args(words).output()?;
        assert_eq!((String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?), (expected, String::new()));
    }
    Ok(())
}

/// The commands of hooks, with the files that they run on, are valid commands.
#[test]
fn hooks_run_existing_commands() -> Outcome {
    let hooks = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml"))?;
    let entries: Vec<&str> = hooks.lines().filter_map(|line| line.trim().strip_prefix("entry: packetcheck ")).collect();
    assert_eq!(entries, ["check", "schema check"]);
    for (entry, file) in entries.iter().zip(["data/plesk/documentation/in_progress.xml", "data/schemas/fine.xsd"]) {
        let output = run(packetcheck().args(entry.split(' ')).arg(file), b"")?;
        assert_eq!(output.status.code(), Some(0), "{entry}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// On a terminal, long work shows its progress: a counter, and a bar once the number of files is known. Elsewhere
/// nothing is shown.
#[cfg(target_os = "linux")]
#[test]
fn long_work_shows_a_bar_on_a_terminal() -> Outcome {
    let is_there = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !is_there("script") || !is_there("mkfifo") {
        return Ok(());
    }
    let folder = scratch("bar")?;
    fs::create_dir_all(folder.join("polls"))?;
    for number in 0..9 {
        fs::write(folder.join(format!("polls/{number}.xml")), "<a/>")?;
    }
    let pipe = folder.join("slow");
    assert!(Command::new("mkfifo").arg(&pipe).status()?.success());
    // The reader of the pipe waits until something is written into it.
    let shown = |locale: &str, is_terminal: bool| -> Result<String, Box<dyn std::error::Error>> {
        let command = format!("{} check --well-formed polls slow", env!("CARGO_BIN_EXE_packetcheck"));
        let mut shell = match is_terminal {
            true => Command::new("script"),
            false => Command::new("sh"),
        };
        match is_terminal {
            true => shell.args(["-qec", &command, "/dev/null"]),
            false => shell.args(["-c", &command]),
        };
        shell.current_dir(&folder).env("LC_ALL", locale).env("TERM", "xterm").env_remove("GITHUB_ACTIONS");
        let child = shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        std::thread::sleep(std::time::Duration::from_millis(1800));
        fs::write(&pipe, "<a/>")?;
        let output = child.wait_with_output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    };
    let (blocks, plain, none) = (shown("C.UTF-8", true)?, shown("C", true)?, shown("C.UTF-8", false)?);
    assert!(blocks.contains("█░░ 9/10 files in ") && blocks.contains(" left"), "{blocks}");
    assert!(plain.contains("#-- 9/10 files in "), "{plain}");
    assert!(blocks.contains("10 files: 10 valid"), "{blocks}");
    assert!(none.starts_with("10 files: 10 valid") && !none.contains("9/10"), "{none}");
    Ok(())
}

/// Waits for a process, ignoring its standard output; returns its status and standard error.
fn end(mut child: Child) -> io::Result<(Option<i32>, String)> {
    drop(child.stdin.take());
    let mut complaint = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_string(&mut complaint)?;
    }
    Ok((child.wait()?.code(), complaint))
}

/// An empty folder for one test.
fn scratch(name: &str) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
