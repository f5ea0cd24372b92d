//! The inputs of the command: folders, lists, compressed files, archives, and files with a packet on each line.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const VALID: &str = "<packet><migration><get_status><result><status>ok</status><migration_status><total>4</total>\
    <completed>1</completed></migration_status></result></get_status></migration></packet>";

/// Its first error is in column 50.
const INVALID: &str =
    "<packet><migration><get_status><result><status>no</status></result></get_status></migration></packet>";

fn scratch(name: &str) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("inputs").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> io::Result<Output> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packetcheck"));
    command.env_remove("GITHUB_ACTIONS").current_dir(folder).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdin, input) = (child.stdin.take(), input.to_owned());
    let feed = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
    let output = child.wait_with_output()?;
    let _ = feed.join();
    Ok(output)
}

/// The path and the verdict of each file.
fn verdicts(folder: &Path, arguments: &[&str]) -> Result<Vec<(String, String)>, Box<dyn std::error::Error>> {
    let output = run(folder, &[&["check", "--format", "jsonl"], arguments].concat(), b"")?;
    let text = String::from_utf8(output.stdout)?;
    let objects: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let member = |object: &Value, name: &str| object[name].as_str().unwrap_or_default().to_owned();
    Ok(objects.iter().map(|object| (member(object, "path"), member(object, "verdict"))).collect())
}

fn is(path: &str, verdict: &str) -> (String, String) {
    (path.to_owned(), verdict.to_owned())
}

#[test]
fn in_folders_packets_are_known_by_their_content_and_ignored_files_are_counted() -> Outcome {
    let folder = scratch("folder")?;
    fs::create_dir_all(folder.join("deep/out"))?;
    for (name, text) in [
        ("a.xml", VALID),
        ("answer", INVALID),
        ("deep/b.log", VALID),
        ("deep/readme.txt", "Not a packet: a note."),
        ("deep/out/c.xml", INVALID),
        ("d.xml", "This is no packet, and is called as if it were."),
        (".hidden.xml", INVALID),
        (".gitignore", "out/\n"),
    ] {
        fs::write(folder.join(name), text)?;
    }
    let expected =
        [is("./a.xml", "valid"), is("./answer", "invalid"), is("./d.xml", "invalid"), is("./deep/b.log", "valid")];
    assert_eq!(verdicts(&folder, &["."])?, expected);
    let summary = |arguments: &[&str]| -> Result<String, Box<dyn std::error::Error>> {
        let output = run(&folder, arguments, b"")?;
        let text = String::from_utf8(output.stdout)?;
        Ok(text.lines().last().and_then(|line| line.split(';').next()).unwrap_or_default().to_owned())
    };
    assert_eq!(summary(&["check", "."])?, "4 files: 2 valid, 2 invalid, 4 skipped");
    let verbose = String::from_utf8(run(&folder, &["check", "--verbose", "."], b"")?.stdout)?;
    for line in [
        "skipped ./deep/readme.txt (not a packet)",
        "skipped ./deep/out (hidden, or ignored by a file or a glob)",
        "skipped ./.hidden.xml (hidden, or ignored by a file or a glob)",
    ] {
        assert!(verbose.contains(line), "{line} in {verbose}");
    }
    // A named file is read even if it is ignored.
    assert_eq!(verdicts(&folder, &["deep/out"])?, [is("deep/out/c.xml", "invalid")]);
    assert_eq!(verdicts(&folder, &[".hidden.xml", "deep/readme.txt"])?.len(), 2);
    assert_eq!(verdicts(&folder, &["--hidden", "--no-ignore", "."])?.len(), 6);
    assert_eq!(
        verdicts(&folder, &["--exclude", "*.xml", "."])?,
        [is("./answer", "invalid"), is("./deep/b.log", "valid")]
    );
    assert_eq!(verdicts(&folder, &["--glob", "*.log", "."])?, [is("./deep/b.log", "valid")]);
    // With a schema, its own documents are meant.
    fs::write(
        folder.join("s.xsd"),
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a'/></xs:schema>",
    )?;
    fs::write(folder.join("deep/e"), "<a/>")?;
    let by_schema = verdicts(&folder, &["--schema", "s.xsd", "--glob", "!*.xml", "."])?;
    assert_eq!(by_schema, [is("./deep/e", "valid")]);
    Ok(())
}

/// A folder is walked once however its path is written, and ignored files are counted.
#[test]
fn folders_may_end_with_separators() -> Outcome {
    let folder = scratch("separators")?;
    fs::create_dir_all(folder.join("a/b/.c"))?;
    for path in ["a/x.xml", "a/b/y.xml", "a/b/.z.xml", "a/b/.c/w.xml"] {
        fs::write(folder.join(path), VALID)?;
    }
    for path in ["a", "a/", "./a//", "a/.", "a//b/.."] {
        let output = run(&folder, &["check", "--quiet", path], b"")?;
        let line = String::from_utf8(output.stdout)?;
        assert!(line.starts_with("2 files: 2 valid, 2 skipped; "), "{path}: {line}");
    }
    Ok(())
}

#[test]
fn the_exit_status_shows_that_nothing_was_checked() -> Outcome {
    let folder = scratch("nothing")?;
    fs::write(folder.join("note"), "a note")?;
    let output = run(&folder, &["check", "."], b"")?;
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stdout)?, "0 files: 1 skipped\n");
    assert_eq!(String::from_utf8(output.stderr)?, "packetcheck: nothing was checked\n");
    let output = run(&folder, &["check", "--glob", "[", "."], b"")?;
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}

#[test]
fn lists_of_files_and_standard_input_by_a_name() -> Outcome {
    let folder = scratch("lists")?;
    fs::write(folder.join("a b.xml"), VALID)?;
    fs::write(folder.join("c\nd.xml"), INVALID)?;
    fs::write(folder.join("list"), "a b.xml\r\n\nnone.xml\n")?;
    let expected = [is("a b.xml", "valid"), is("none.xml", "unreadable")];
    assert_eq!(verdicts(&folder, &["--files-from", "list"])?, expected);
    let arguments = ["check", "--format", "concise", "--files-from", "-", "a b.xml"];
    let output = run(&folder, &arguments, b"c\nd.xml\0")?;
    assert_eq!(String::from_utf8(output.stdout)?.lines().count(), 1);
    let output =
        run(&folder, &["check", "--format", "concise", "--stdin-filename", "x/y.xml", "-"], INVALID.as_bytes())?;
    assert!(output.stdout.starts_with(b"x/y.xml:1:48: PC0402 "), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(run(&folder, &["check"], b"")?.status.code(), Some(2));
    assert_eq!(run(&folder, &["check", "--files-from", "-", "-"], b"")?.status.code(), Some(2));
    Ok(())
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn tar_of(members: &[(&str, &[u8])]) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes)?;
    }
    builder.into_inner()
}

#[test]
fn compressed_files_and_archives_are_opened() -> Outcome {
    let folder = scratch("packed")?;
    let members: [(&str, &[u8]); 3] =
        [("2024-05-01/17.xml", INVALID.as_bytes()), ("18", VALID.as_bytes()), ("readme", b"a note")];
    let tar = tar_of(&members)?;
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(name, zip::write::SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    bzip2.write_all(VALID.as_bytes())?;
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::default())?;
    xz.write_all(INVALID.as_bytes())?;
    let zstd = |bytes: &[u8]| {
        ruzstd::encoding::compress_to_vec(io::Cursor::new(bytes.to_vec()), ruzstd::encoding::CompressionLevel::Fastest)
    };
    // Two frames are one file.
    let (half, rest) = VALID.as_bytes().split_at(40);
    for (name, bytes) in [
        ("a.xml.gz", gzip(VALID.as_bytes())?),
        ("b.tar", tar.clone()),
        ("c.tar.gz", gzip(&tar)?),
        ("d.zip", zip.finish()?.into_inner()),
        ("e.xml.bz2", bzip2.finish()?),
        ("f.xz", xz.finish()?),
        ("g.zst", [zstd(half), zstd(rest)].concat()),
        ("h.gz", gzip(VALID.as_bytes())?.split_at(60).0.to_vec()),
    ] {
        fs::write(folder.join(name), bytes)?;
    }
    let expected = [
        is("./a.xml.gz", "valid"),
        is("./b.tar!2024-05-01/17.xml", "invalid"),
        is("./b.tar!18", "valid"),
        is("./c.tar.gz!2024-05-01/17.xml", "invalid"),
        is("./c.tar.gz!18", "valid"),
        is("./d.zip!2024-05-01/17.xml", "invalid"),
        is("./d.zip!18", "valid"),
        is("./e.xml.bz2", "valid"),
        is("./f.xz", "invalid"),
        is("./g.zst", "valid"),
        is("./h.gz", "unreadable"),
    ];
    assert_eq!(verdicts(&folder, &["."])?, expected);
    let output = run(&folder, &["check", "--format", "concise", "c.tar.gz"], b"")?;
    assert!(output.stdout.starts_with(b"c.tar.gz!2024-05-01/17.xml:1:48: PC0402 "));
    // From standard input too, and for `status` and `decode`.
    let output = run(&folder, &["check", "--quiet", "-"], &fs::read(folder.join("d.zip"))?)?;
    assert!(output.stdout.starts_with(b"2 files: 1 valid, 1 invalid, 1 skipped;"));
    let output = run(&folder, &["status", "--format", "jsonl", "b.tar"], b"")?;
    assert_eq!(String::from_utf8(output.stdout)?.lines().count(), 1);
    assert_eq!(run(&folder, &["decode", "a.xml.gz"], b"")?.status.code(), Some(0));
    fs::write(folder.join("empty.tar"), tar_of(&[])?)?;
    assert_eq!(run(&folder, &["check", "empty.tar"], b"")?.stderr, b"packetcheck: nothing was checked\n");
    let output = run(&folder, &["decode", "b.tar"], b"")?;
    assert!(String::from_utf8(output.stderr)?.contains("expected one document, found an archive of 3"));
    Ok(())
}

#[test]
fn archives_in_archives_are_opened() -> Outcome {
    let folder = scratch("nested")?;
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    zip.start_file("deep/a.xml.gz", zip::write::SimpleFileOptions::default())?;
    zip.write_all(&gzip(INVALID.as_bytes())?)?;
    let zip = zip.finish()?.into_inner();
    let inner = tar_of(&[("b.xml", VALID.as_bytes()), ("c.zip", &zip)])?;
    fs::write(folder.join("all.tar.gz"), gzip(&tar_of(&[("inner.tar", &inner), ("d", VALID.as_bytes())])?)?)?;
    let expected = [
        is("all.tar.gz!inner.tar!b.xml", "valid"),
        is("all.tar.gz!inner.tar!c.zip!deep/a.xml.gz", "unreadable"),
        is("all.tar.gz!d", "valid"),
    ];
    assert_eq!(verdicts(&folder, &["all.tar.gz"])?, expected);
    fs::write(folder.join("all.tar"), tar_of(&[("inner.tar", &inner), ("c.zip", &zip)])?)?;
    let expected = [
        is("all.tar!inner.tar!b.xml", "valid"),
        is("all.tar!inner.tar!c.zip!deep/a.xml.gz", "invalid"),
        is("all.tar!c.zip!deep/a.xml.gz", "invalid"),
    ];
    assert_eq!(verdicts(&folder, &["all.tar"])?, expected);
    // An archive that contains itself, as a bomb does, does not recurse forever.
    let mut nested = gzip(b"<a/>")?;
    for _ in 0..20 {
        nested = gzip(&nested)?;
    }
    fs::write(folder.join("bomb.gz"), nested)?;
    let output = run(&folder, &["check", "bomb.gz"], b"")?;
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8(output.stderr)?;
    assert_eq!(words, "packetcheck: bomb.gz: expected archives nested at most 4 deep, found more\n");
    Ok(())
}

#[test]
fn documents_one_after_the_other_are_checked_each_by_itself() -> Outcome {
    let folder = scratch("documents")?;
    let pretty = INVALID.replace("><", ">\n<");
    let text = format!("<?xml version='1.0'?>\n{VALID}\n\n<?xml version='1.0'?>{pretty}{VALID}\n");
    fs::write(folder.join("packets.xml"), &text)?;
    let output = run(&folder, &["check", "packets.xml"], b"")?;
    assert_eq!(output.status.code(), Some(1));
    let output = run(&folder, &["check", "--documents", "--format", "concise", "packets.xml"], b"")?;
    let place = text.find(">no<").ok_or("it is there")? + 1;
    let line = text[..place].matches('\n').count() + 1;
    let column = place - text[..place].rfind('\n').ok_or("it is there")?;
    let found = String::from_utf8(output.stdout)?;
    assert!(found.starts_with(&format!("packets.xml:{line}:{column}: PC0402 ")), "{found}");
    assert_eq!(found.lines().count(), 1);
    let output = run(&folder, &["check", "--documents", "--quiet", "-"], text.as_bytes())?;
    assert!(output.stdout.starts_with(b"3 packets: 2 valid, 1 invalid; "));
    assert_eq!(run(&folder, &["check", "--documents", "--lines", "-"], b"")?.status.code(), Some(2));
    Ok(())
}

/// Places are those in the file, even for a document that begins within a line.
#[test]
fn documents_on_one_line_have_their_columns() -> Outcome {
    let folder = scratch("columns")?;
    let text = format!("{VALID}\n{VALID}{INVALID}\n");
    fs::write(folder.join("two.xml"), &text)?;
    let output = run(&folder, &["check", "--documents", "--format", "jsonl", "two.xml"], b"")?;
    let found: Vec<Value> =
        String::from_utf8(output.stdout)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let diagnostic = &found[2]["diagnostics"][0];
    let column = VALID.len() + INVALID.find("no<").ok_or("it is there")? + 1;
    assert_eq!((diagnostic["line"].as_u64(), diagnostic["column"].as_u64()), (Some(2), Some(column as u64)));
    assert_eq!(diagnostic["end"]["column"].as_u64(), Some(column as u64 + 2));
    for format in ["concise", "text"] {
        let output = run(&folder, &["check", "--documents", "--format", format, "two.xml"], b"")?;
        let text = String::from_utf8(output.stdout)?;
        assert!(text.contains(&format!("two.xml:2:{column}")), "{text}");
    }
    // Bytes of UTF-16 cannot be split like this.
    let utf16: Vec<u8> = "\u{feff}<a/>\n<b/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for option in ["--documents", "--lines"] {
        let output = run(&folder, &["check", option, "-"], &utf16)?;
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr)?.contains("expected documents in UTF-8"));
    }
    Ok(())
}

/// An archive that is cut off or damaged is not taken for a complete one, and what it lacks is not reported as an error
/// of its members.
#[test]
fn damaged_archives_are_reported_as_such() -> Outcome {
    let folder = scratch("damaged")?;
    let tar = tar_of(&[("a.xml", VALID.as_bytes()), ("b.xml", VALID.as_bytes())])?;
    let packed = gzip(&tar)?;
    let mut damaged = packed.clone();
    let check = damaged.len() - 8;
    damaged[check] ^= 1;
    for (name, bytes) in [("cut.tar.gz", &packed[..packed.len() - 10]), ("damaged.tar.gz", &damaged)] {
        fs::write(folder.join(name), bytes)?;
        let found = verdicts(&folder, &[name])?;
        assert_eq!(found.last(), Some(&is(name, "unreadable")), "{found:?}");
    }
    // In the middle of the second member.
    fs::write(folder.join("cut.tar"), &tar[..1024 + 512 + 20])?;
    assert_eq!(
        verdicts(&folder, &["cut.tar"])?[..2],
        [is("cut.tar!a.xml", "valid"), is("cut.tar!b.xml", "unreadable")]
    );
    Ok(())
}

/// A kind that is given for a folder applies to its packets, not to other files in it.
#[test]
fn in_folders_only_packets_are_of_the_kind_that_is_named() -> Outcome {
    let folder = scratch("named")?;
    for (name, text) in
        [("a", VALID), ("b", INVALID), ("c.xml", "not XML"), ("note", "a note"), ("d.toml", "strict = true")]
    {
        fs::write(folder.join(name), text)?;
    }
    let utf16 = format!("\u{feff}{INVALID}").encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    fs::write(folder.join("e"), utf16)?;
    let expected = [is("./a", "valid"), is("./b", "invalid"), is("./c.xml", "invalid"), is("./e", "invalid")];
    assert_eq!(verdicts(&folder, &["--as", "plesk-response", "."])?, expected);
    assert_eq!(verdicts(&folder, &["--as", "plesk-response", "note"])?, [is("note", "invalid")]);
    Ok(())
}

/// Slow input is checked as it arrives: another program may be waiting for the verdict.
#[test]
fn a_stream_is_answered_packet_by_packet() -> Outcome {
    for option in ["--lines", "--documents"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_packetcheck"))
            .args(["check", option, "--format", "jsonl", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut stdin = child.stdin.take().ok_or("no standard input")?;
        let mut answers = io::BufReader::new(child.stdout.take().ok_or("no standard output")?);
        for (packet, verdict) in [(VALID, "valid"), (INVALID, "invalid"), (VALID, "valid")] {
            writeln!(stdin, "{packet}")?;
            stdin.flush()?;
            let mut answer = String::new();
            answers.read_line(&mut answer)?;
            assert_eq!(serde_json::from_str::<Value>(&answer)?["verdict"], verdict, "{option}");
        }
        drop(stdin);
        assert_eq!(child.wait()?.code(), Some(1));
    }
    Ok(())
}

/// With `--watch`, a change of a document, of the schema or of the configuration is noticed.
#[cfg(unix)]
#[test]
fn changed_files_are_checked_again() -> Outcome {
    let folder = scratch("watch")?;
    let schema = |type_name: &str| {
        format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a' type='xs:{type_name}'/></xs:schema>"
        )
    };
    fs::create_dir_all(folder.join("documents"))?;
    fs::write(folder.join("s.xsd"), schema("int"))?;
    fs::write(folder.join("documents/a.xml"), "<a>1</a>")?;
    let mut child = Command::new(env!("CARGO_BIN_EXE_packetcheck"))
        .current_dir(&folder)
        .args(["check", "--watch", "--quiet", "--schema", "s.xsd", "documents"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = io::BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
    let mut next = move || -> Result<String, Box<dyn std::error::Error>> { Ok(lines.next().ok_or("it ended")??) };
    assert!(next()?.starts_with("1 file: 1 valid; "));
    fs::write(folder.join("documents/b.xml"), "<a>many</a>")?;
    assert!(next()?.starts_with("2 files: 1 valid, 1 invalid; "));
    fs::write(folder.join("s.xsd"), schema("string"))?;
    assert!(next()?.starts_with("2 files: 2 valid; "));
    // An unusable one does not end the command.
    let mut trouble = io::BufReader::new(child.stderr.take().ok_or("no standard error")?).lines();
    fs::write(folder.join("packetcheck.toml"), "exclude = 1")?;
    let complaint = trouble.next().ok_or("it ended")??;
    assert!(complaint.contains("packetcheck.toml:1:11: "), "{complaint}");
    fs::write(folder.join("packetcheck.toml"), "exclude = ['b.xml']")?;
    assert!(next()?.starts_with("1 file: 1 valid, 1 skipped; "));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status()?.success());
    assert_eq!(child.wait()?.code(), Some(130));
    let output = run(&folder, &["check", "--watch", "-"], b"")?;
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}

/// Something that exceeds the size limit of a document when it is unpacked is rejected, however small it is when
/// packed.
#[test]
fn bombs_meet_a_limit() -> Outcome {
    let folder = scratch("bombs")?;
    let zeros = vec![b' '; 1 << 24];
    fs::write(folder.join("a.gz"), gzip(&zeros)?)?;
    fs::write(folder.join("b.tar.gz"), gzip(&tar_of(&[("large.xml", &zeros), ("small.xml", VALID.as_bytes())])?)?)?;
    let arguments = ["--limit", "document_bytes=1000", "a.gz", "b.tar.gz"];
    let expected =
        [is("a.gz", "unreadable"), is("b.tar.gz!large.xml", "unreadable"), is("b.tar.gz!small.xml", "valid")];
    assert_eq!(verdicts(&folder, &arguments)?, expected);
    Ok(())
}

#[test]
fn each_line_is_a_packet() -> Outcome {
    let folder = scratch("lines")?;
    let mut text = String::new();
    let mut expected = Vec::new();
    // More than is read at once.
    for line in 1..=5000 {
        let invalid = line % 1000 == 7;
        text.push_str(if invalid { INVALID } else { VALID });
        text.push_str(match line % 3 {
            0 => "\n",
            1 => "\r\n",
            _ => "\n",
        });
        if invalid {
            expected.push(line);
        }
    }
    text.push_str(INVALID);
    expected.push(5001);
    fs::write(folder.join("packets.log"), &text)?;
    fs::write(folder.join("packets.log.gz"), gzip(text.as_bytes())?)?;
    for name in ["packets.log", "packets.log.gz"] {
        let output = run(&folder, &["check", "--lines", "--format", "jsonl", name], b"")?;
        let text = String::from_utf8(output.stdout)?;
        let objects: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        assert_eq!(objects.len(), 5001);
        let invalid = objects.iter().filter(|object| object["verdict"] == "invalid");
        let lines: Vec<u64> = invalid.clone().filter_map(|object| object["line"].as_u64()).collect();
        assert_eq!(lines, expected);
        for diagnostic in invalid.flat_map(|object| object["diagnostics"].as_array().into_iter().flatten()) {
            let place = |member: &str| diagnostic["span"][member].as_u64().and_then(|at| usize::try_from(at).ok());
            let span = place("start").ok_or("no start")?..place("end").ok_or("no end")?;
            let whole = fs::read_to_string(folder.join("packets.log"))?;
            assert_eq!(whole.get(span), Some("no"));
            let line = diagnostic["line"].as_u64().ok_or("no line")?;
            assert!(expected.contains(&line) && diagnostic["column"] == 48);
        }
    }
    let output = run(&folder, &["check", "--lines", "packets.log"], b"")?;
    let text = String::from_utf8(output.stdout)?;
    assert!(text.contains("\n --> packets.log:7:48\n") || text.contains("--> packets.log:7:48\n"), "{text}");
    assert!(text.contains("\n5001 packets: 4995 valid, 6 invalid; "), "{text}");
    let output = run(&folder, &["check", "--lines", "--limit", "document_bytes=50", "packets.log"], b"")?;
    assert_eq!(output.status.code(), Some(1));
    Ok(())
}

/// A repository's settings for its files apply to checks in it, from any of its folders.
#[test]
fn a_configuration_is_found_upwards() -> Outcome {
    let folder = scratch("configuration")?;
    fs::create_dir_all(folder.join("answers/old"))?;
    fs::create_dir_all(folder.join("schemas"))?;
    let schema =
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='track' type='xs:int'/></xs:schema>";
    // `completed` above `total` is a warning with the code PC0502.
    let above = VALID.replace(">1<", ">9<");
    for (name, text) in [
        ("schemas/track.xsd", schema),
        ("answers/a.xml", &above),
        ("answers/old/b.xml", INVALID),
        ("answers/c.track", "<track>many</track>"),
        (
            "answers/request.xml",
            "<packet><migration><get_status><migration_id>7</migration_id></get_status></migration></packet>",
        ),
        (
            "packetcheck.toml",
            "exclude = ['old/']\nformat = ['concise']\n[severity]\nPC0502 = 'error'\nPC0401 = 'warning'\n\
             [[files]]\nglob = ['**/*.track']\nschema = ['schemas/track.xsd']\n[[files]]\nglob = ['answers/*.xml']\nkind = 'plesk-response'\n",
        ),
    ] {
        fs::write(folder.join(name), text)?;
    }
    let concise = |folder: &Path, arguments: &[&str]| -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let output = run(folder, &[&["check"], arguments].concat(), b"")?;
        assert_eq!(String::from_utf8(output.stderr)?, "");
        let lines = String::from_utf8(output.stdout)?;
        Ok(lines.lines().map(|line| line.split_whitespace().take(3).collect::<Vec<_>>().join(" ")).collect())
    };
    let expected = |prefix: &str| {
        ["a.xml:1:93: PC0502 expected", "c.track:1:8: PC0401 warning:", "request.xml:1:1: PC0902 expected"]
            .map(|line| format!("{prefix}{line}"))
    };
    assert_eq!(concise(&folder, &["answers"])?, expected("answers/"));
    assert_eq!(concise(&folder.join("answers"), &["."])?, expected("./"));
    // The command line takes precedence.
    assert_eq!(
        concise(&folder, &["--no-config", "--format", "concise", "--as", "plesk-response", "answers/request.xml"])?
            .len(),
        1
    );
    let shown = run(&folder.join("answers"), &["config", "show"], b"")?;
    let shown = String::from_utf8(shown.stdout)?;
    assert!(
        shown.starts_with("# ") && shown.contains("PC0502 = \"error\"") && shown.contains("strict = false"),
        "{shown}"
    );
    for (text, place, expected) in [
        ("excludes = []", ":1:1", "unknown field `excludes`"),
        // Another file, passed by mistake, is not shown.
        ("{\"password\": \"Ahm4oh\"}", ":1:1", "invalid key-value pair"),
        ("[severity]\nPC9 = 'off'", ":2:1", "expected a code such as `PC0502` in `severity`, found `PC9`"),
        ("[severity]\nPC0124 = 'off'", ":2:1", "`PC0124` is always an error"),
        ("[limits]\n\ndeep = 1", ":3:1", "expected one of `document_bytes`, `stream_bytes`, "),
        ("[[files]]\nglob = ['*']", ":2:8", "expected either `kind` or `schema` for the files `*`"),
        ("[[files]]\nglob = ['*']\nkind = 'plesk'", ":3:8", "expected one of `plesk-request`, "),
        ("[[files]]\nglob = ['*', 'a[']\nkind = 'plesk-request'", ":2:14", "error parsing glob 'a['"),
        ("format = [\n  'text',\n  'xml=a.xml',\n]", ":3:3", "`format`: expected one of `text`, `html`, `concise`, "),
        ("exclude = ['a', 'b[']", ":1:17", "`exclude`: expected a glob such as `target/` or `**/*.bak`, found `b[`: "),
    ] {
        fs::write(folder.join("packetcheck.toml"), text)?;
        for command in ["check", "status"] {
            let output = run(&folder, &[command, "answers"], b"")?;
            assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{text}");
            let complaint = String::from_utf8(output.stderr)?;
            let begin = format!("{}{place}: ", folder.canonicalize()?.join("packetcheck.toml").display());
            assert!(complaint.contains(&begin) && complaint.contains(expected), "{begin}: {complaint}");
            assert!(!complaint.contains("Ahm4oh"), "{complaint}");
        }
    }
    Ok(())
}

/// Globs and paths in the configuration are relative to its folder, those on the command line to the current one,
/// wherever the folder being walked is.
#[test]
fn globs_begin_where_they_are_written() -> Outcome {
    let folder = scratch("globs")?;
    for path in ["a/x.xml", "a/old/y.xml", "b/old/z.xml", "b/a/old/w.xml"] {
        fs::create_dir_all(folder.join(path).parent().ok_or("no folder")?)?;
        fs::write(folder.join(path), INVALID)?;
    }
    let checked = |place: &str, arguments: &[&str]| -> Result<BTreeSet<String>, Box<dyn std::error::Error>> {
        let place = folder.join(place);
        let output = run(&place, &[&["check", "--format", "jsonl"], arguments].concat(), b"")?;
        let lines = String::from_utf8(output.stdout)?;
        let path = |line: &str| -> Result<String, Box<dyn std::error::Error>> {
            let object: serde_json::Value = serde_json::from_str(line)?;
            let path = place.join(object["path"].as_str().ok_or("no path")?).canonicalize()?;
            Ok(path.strip_prefix(folder.canonicalize()?)?.to_string_lossy().into_owned())
        };
        lines.lines().map(path).collect()
    };
    let set = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>();
    let whole = folder.canonicalize()?.to_string_lossy().into_owned();
    fs::write(folder.join("packetcheck.toml"), "exclude = ['a/old']")?;
    let others = set(&["a/x.xml", "b/a/old/w.xml", "b/old/z.xml"]);
    for (place, path) in [("", "."), ("", &*whole), ("a", ".."), ("b/old", "../.."), ("b", "../../globs")] {
        assert_eq!(checked(place, &[path])?, others, "{path} in {place}");
    }
    for (place, path) in [("", "a"), ("a", "."), ("b", "../a"), ("", &*format!("{whole}/a"))] {
        assert_eq!(checked(place, &[path])?, set(&["a/x.xml"]), "{path} in {place}");
    }
    // A named file is checked.
    assert_eq!(checked("", &["a/old/y.xml"])?, set(&["a/old/y.xml"]));
    assert_eq!(checked("", &["a/old"])?, set(&["a/old/y.xml"]));
    // A name without a slash is excluded everywhere.
    fs::write(folder.join("packetcheck.toml"), "exclude = ['old/']")?;
    assert_eq!(checked("b", &[".."])?, set(&["a/x.xml"]));
    fs::write(folder.join("packetcheck.toml"), "")?;
    for (place, path, exclude) in [
        ("", ".", "a/old"),
        ("", &*whole, "a/old"),
        ("a", ".", "/old"),
        ("a", &*format!("{whole}/a"), "/old"),
        ("", "a", "/a/old/"),
    ] {
        let found = checked(place, &["--exclude", exclude, path])?;
        assert!(found.contains("a/x.xml") && !found.contains("a/old/y.xml"), "{exclude} in {place}: {found:?}");
        assert_eq!(found.contains("b/a/old/w.xml"), !place.starts_with('a') && path != "a", "{found:?}");
    }
    assert_eq!(checked("", &["--glob", "b/old/*.xml", "."])?, set(&["b/old/z.xml"]));
    assert_eq!(checked("b", &["--glob", "old/*.xml", "."])?, set(&["b/old/z.xml"]));
    // The output file of a format is relative to the configuration.
    fs::write(folder.join("packetcheck.toml"), "format = ['text', 'json=report.json']")?;
    run(&folder.join("a"), &["check", "."], b"")?;
    let report: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("report.json"))?)?;
    assert_eq!(report["summary"]["invalid"], 2);
    Ok(())
}

/// A verdict without them could be wrong, so nothing is checked, and only their place in the configuration is reported.
#[test]
fn a_schema_or_a_baseline_that_is_missing_is_named_with_its_line() -> Outcome {
    let folder = scratch("missing")?;
    fs::write(folder.join("a.xml"), VALID)?;
    let begin = format!("packetcheck: {}:", folder.canonicalize()?.join("packetcheck.toml").display());
    for (text, expected) in [
        (
            "strict = true\nbaseline = 'known.txt'\n",
            "2:12: `baseline`: known.txt: No such file or directory; `--write-baseline` writes it\n",
        ),
        ("[[files]]\nglob = ['*.gpx']\nschema = ['a.xsd']\n", "3:11: `schema`: a.xsd: No such file or directory\n"),
    ] {
        fs::write(folder.join("packetcheck.toml"), text)?;
        let output = run(&folder, &["check", "a.xml"], b"")?;
        assert_eq!(String::from_utf8(output.stderr)?, format!("{begin}{expected}"));
        assert_eq!((output.stdout.len(), output.status.code()), (0, Some(2)));
    }
    // The baseline is written for the first time.
    fs::write(folder.join("packetcheck.toml"), "baseline = 'known.txt'\n")?;
    assert_eq!(run(&folder, &["check", "--write-baseline", "known.txt", "a.xml"], b"")?.status.code(), Some(0));
    assert_eq!(run(&folder, &["check", "a.xml"], b"")?.status.code(), Some(0));
    Ok(())
}

/// `status` follows the configuration for files and limits.
#[test]
fn status_reads_the_configuration() -> Outcome {
    let folder = scratch("status")?;
    for (path, text) in [("polls/a.xml", VALID), ("polls/old/b.xml", VALID), ("polls/c.gpx", "<gpx/>")] {
        fs::create_dir_all(folder.join(path).parent().ok_or("no folder")?)?;
        fs::write(folder.join(path), text)?;
    }
    fs::write(
        folder.join("gpx.xsd"),
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='gpx'/></xs:schema>",
    )?;
    let status = |configuration: &str, arguments: &[&str]| -> Result<(usize, String), Box<dyn std::error::Error>> {
        fs::write(folder.join("packetcheck.toml"), configuration)?;
        let output = run(&folder, &[&["status", "--format", "jsonl"], arguments].concat(), b"")?;
        Ok((String::from_utf8(output.stdout)?.lines().count(), String::from_utf8(output.stderr)?))
    };
    assert_eq!(status("", &["polls"])?, (2, String::new()));
    assert_eq!(status("exclude = ['polls/old/']", &["polls"])?, (1, String::new()));
    assert_eq!(status("exclude = ['polls/old/']", &["--no-config", "polls"])?.0, 2);
    // A limit, a kind, and a schema, whose documents are not packets.
    let (count, complaint) = status("[limits]\ndepth = 3", &["polls"])?;
    assert!(count == 0 && complaint.contains("polls/a.xml: invalid plesk-response: "), "{complaint}");
    assert_eq!(status("[limits]\ndepth = 3", &["--limit", "depth=9", "polls"])?.0, 2);
    let (_, complaint) = status("[[files]]\nglob = ['polls/*.xml']\nkind = 'sms-task'", &["polls"])?;
    assert!(complaint.contains("polls/a.xml: invalid sms-task: "), "{complaint}");
    let gpx = "[[files]]\nglob = ['**/*.gpx']\nschema = ['gpx.xsd']\n";
    assert_eq!(status(gpx, &["polls"])?, (2, String::new()));
    let other = "[[files]]\nglob = ['polls/old/*']\nschema = ['gpx.xsd']\n";
    assert_eq!(status(other, &["polls"])?, (1, String::new()));
    // The command line applies to all files.
    assert_eq!(status(other, &["--as", "plesk-response", "polls/a.xml", "polls/old"])?.0, 2);
    Ok(())
}

/// Errors that existed when the baseline was written do not count, but new ones do.
#[test]
fn a_baseline_leaves_out_what_is_known() -> Outcome {
    let folder = scratch("baseline")?;
    fs::write(folder.join("a.xml"), INVALID)?;
    let output = run(&folder, &["check", "--write-baseline", "known.txt", "--quiet", "."], b"")?;
    assert_eq!(output.status.code(), Some(1));
    let known = fs::read_to_string(folder.join("known.txt"))?;
    assert_eq!(known.lines().count(), 2, "{known}");
    // The error moved, and another one of the same kind was added.
    fs::write(folder.join("a.xml"), format!("\n{INVALID}"))?;
    let output = run(&folder, &["check", "--baseline", "known.txt", "--quiet", "a.xml"], b"")?;
    assert_eq!(output.status.code(), Some(0));
    assert!(
        output.stdout.starts_with(b"1 file: 1 valid; 1 diagnostic in the baseline; "),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    // From another folder, by another path, the result is the same.
    fs::create_dir_all(folder.join("sub"))?;
    for (place, path) in [("sub", ".."), (".", "./a.xml")] {
        let known = folder.join("known.txt");
        let known = known.to_str().ok_or("no path")?;
        let output = run(&folder.join(place), &["check", "--baseline", known, "--glob", "*.xml", "-q", path], b"")?;
        assert_eq!(output.status.code(), Some(0), "{place} {path}");
    }
    let result = "<result><status>no</status></result>";
    fs::write(folder.join("a.xml"), INVALID.replace(result, &format!("{result}{result}")))?;
    let output = run(&folder, &["check", "--baseline", "known.txt", "--format", "concise", "a.xml"], b"")?;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(run(&folder, &["check", "--baseline", "none.txt", "a.xml"], b"")?.status.code(), Some(2));
    Ok(())
}

/// The configurations in the documentation and in the help are valid.
#[test]
fn documented_configurations_are_read() -> Outcome {
    let folder = scratch("documented")?;
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/command.md"))?;
    let block = page.split("```toml\nexclude").nth(1).and_then(|rest| rest.split("```").next()).ok_or("no block")?;
    let help = String::from_utf8(run(&folder, &["config", "--help"], b"")?.stdout)?;
    let example = help.split("packetcheck.toml:\n").nth(1).ok_or("no example")?;
    for text in [format!("exclude{block}"), example.to_owned()] {
        fs::write(folder.join("packetcheck.toml"), &text)?;
        let output = run(&folder, &["config", "show"], b"")?;
        assert_eq!(String::from_utf8(output.stderr)?, "", "{text}");
        let shown = String::from_utf8(output.stdout)?;
        assert!(shown.contains("PC0502 = \"off\"") && shown.contains("schemas/gpx.xsd"), "{shown}");
    }
    Ok(())
}
