//! The output in `README.md` and in `docs/` is that of the command. `UPDATE_GOLDEN=1` rewrites it.
#![cfg(all(unix, feature = "cli"))]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Begins a block that shows a command and its output.
const OPENING: &str = "```console\n$ packetcheck ";

#[test]
fn output_is_as_documented() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut shown = 0;
    for page in ["README.md", "docs/command.md"] {
        let path = root.join(page);
        let text = fs::read_to_string(&path)?;
        let mut blocks = text.split(OPENING);
        let mut new = blocks.next().unwrap_or_default().to_owned();
        for block in blocks {
            let (body, after) = block.split_once("```").ok_or("a block does not end")?;
            let (command, _) = body.split_once('\n').ok_or("a block has no command")?;
            // Other blocks are tested elsewhere, where their files are made.
            let body = match command.contains("tests/data/") {
                true => {
                    shown += 1;
                    format!("{command}\n{}", output(root, command)?)
                }
                false => body.to_owned(),
            };
            new.push_str(&format!("{OPENING}{body}```{after}"));
        }
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, new)?;
        } else {
            assert_eq!(without_time(&text), without_time(&new), "{page}: `UPDATE_GOLDEN=1` writes it again");
        }
    }
    assert_eq!(shown, 2);
    Ok(())
}

/// The standard output of a command, followed by its standard error.
fn output(root: &Path, command: &str) -> Result<String, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_BIN_EXE_packetcheck")).parent().ok_or("no folder")?;
    let path = format!("{}:{}", folder.display(), std::env::var("PATH")?);
    let output = Command::new("sh")
        .args(["-c", &format!("packetcheck {command}")])
        .env("PATH", path)
        .env_remove("GITHUB_ACTIONS")
        .current_dir(root)
        .output()?;
    Ok(String::from_utf8([output.stdout, output.stderr].concat())?)
}

/// A text without times and speeds.
fn without_time(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(" B in ") {
        Some((before, _)) if line.contains(" files: ") => before,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}
