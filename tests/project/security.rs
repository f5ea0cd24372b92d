//! The tests that SECURITY.md names exist; and checks which files the command opens.
#![allow(clippy::print_stderr)] // what is passed over

use std::fs;
use std::path::Path;

use crate::support::files;

#[test]
fn each_attack_has_the_tests_that_are_named() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("SECURITY.md"))?;
    let table = text.split("## Attacks").nth(1).and_then(|rest| rest.split("\n## ").next()).ok_or("no table")?;
    let mut paths = Vec::new();
    files::collect(&root.join("tests"), &mut paths)?;
    let sources = paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let tests = sources.map(fs::read_to_string).collect::<Result<Vec<String>, _>>()?;
    let mut named = 0;
    for row in table.lines().filter(|row| row.starts_with("| ")).skip(1) {
        let column = row.split('|').nth(2).ok_or("no column of tests")?;
        let names: Vec<&str> = column.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{row}");
        for name in names {
            named += 1;
            match name.contains('/') {
                true => assert!(root.join(name).exists(), "{name}"),
                false => assert!(tests.iter().any(|text| text.contains(&format!("fn {name}("))), "{name}"),
            }
        }
    }
    assert!(named > 15, "{named}");
    Ok(())
}

/// Uses strace to check which files and sockets are opened while the command checks a document that refers to others.
/// Reports if strace is missing.
#[cfg(all(target_os = "linux", feature = "cli"))]
#[test]
fn checking_opens_nothing_that_was_not_named() -> Result<(), Box<dyn std::error::Error>> {
    use std::process::Command;

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opened");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let document = folder.join("document.xml");
    let text = "<!DOCTYPE a SYSTEM 'dtd.dtd' [<!ENTITY e SYSTEM 'entity.txt'>]>\n\
                <?xml-stylesheet href='style.xsl'?>\n\
                <a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:xi='http://www.w3.org/2001/XInclude'\n\
                xsi:noNamespaceSchemaLocation='other.xsd' xsi:schemaLocation='urn:b http://example.com/b.xsd'>\n\
                <xi:include href='included.xml'/>&e;</a>";
    fs::write(&document, text)?;
    for other in ["dtd.dtd", "entity.txt", "style.xsl", "other.xsd", "included.xml"] {
        fs::write(folder.join(other), "")?;
    }
    let schema = folder.join("schema.xsd");
    fs::write(&schema, "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a'/></xs:schema>")?;
    let log = folder.join("log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-e", "trace=%file,%network", "-o"]).arg(&log);
    strace.arg(env!("CARGO_BIN_EXE_packetcheck")).args(["check", "--allow-doctype", "--schema"]).arg(&schema);
    let Ok(output) = strace.arg(&document).current_dir(&folder).output() else {
        eprintln!("passed over: strace is not installed");
        return Ok(());
    };
    let log = fs::read_to_string(&log)?;
    if log.is_empty() {
        eprintln!("passed over: strace may not trace here: {}", String::from_utf8_lossy(&output.stderr));
        return Ok(());
    }
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    let is_in = |line: &&str| line.contains(folder.to_str().unwrap_or("?")) || line.contains("(AT_FDCWD, \"");
    let opened = log.lines().filter(|line| line.contains("open")).filter(is_in);
    let names = opened.filter_map(|line| line.split('"').nth(1)?.strip_prefix(folder.to_str()?)?.strip_prefix('/'));
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    // The configuration is looked up by name, in the folder and above it.
    assert_eq!(
        names.iter().filter(|name| **name != "packetcheck.toml").collect::<Vec<_>>(),
        [&"document.xml", &"schema.xsd"]
    );
    for name in ["dtd.dtd", "entity.txt", "style.xsl", "other.xsd", "included.xml"] {
        assert!(!log.contains(name), "{name} was looked at:\n{log}");
    }
    for call in ["socket(", "connect("] {
        assert!(!log.contains(call), "{log}");
    }
    Ok(())
}
