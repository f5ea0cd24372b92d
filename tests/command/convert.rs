//! `convert` makes from each file what the library makes from its bytes, in a separate file. No file is overwritten
//! unless that is requested, and nothing is written for an invalid document.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use packetcheck::codec::table::Table;
use packetcheck::{Layout, PacketKind, Schema};

use crate::support::{program, real_sets, samples};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// An empty folder.
fn folder(name: &str) -> Result<PathBuf> {
    program::folder(&format!("convert-{name}"))
}

/// The standard output, the standard error and the exit status of the command.
fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<(String, String, Option<i32>)> {
    let Output { status, stdout, stderr } = program::run(folder, &[&["convert"], arguments].concat(), input)?;
    Ok((String::from_utf8(stdout)?, String::from_utf8(stderr)?, status.code()))
}

/// The names in a folder and those within it, sorted.
fn names(folder: &Path) -> Result<Vec<String>> {
    fn walk(folder: &Path, below: &Path, found: &mut Vec<String>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            match path.is_dir() {
                true => walk(&path, below, found)?,
                false => found.extend(path.strip_prefix(below).ok().map(|path| path.display().to_string())),
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found)?;
    found.sort();
    Ok(found)
}

const SCHEMA: &str = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a'><xs:complexType><xs:sequence>
  <xs:element name='n' type='xs:int' maxOccurs='unbounded'/>
  <xs:element name='o' minOccurs='0' maxOccurs='unbounded'><xs:complexType><xs:attribute name='id' type='xs:int'/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element></xs:schema>";

const DOCUMENT: &str = "<a><n>07</n><n>8</n><o id='1'/><o/></a>";

fn with_schema(name: &str) -> Result<PathBuf> {
    let folder = folder(name)?;
    fs::write(folder.join("a.xsd"), SCHEMA)?;
    fs::write(folder.join("a.xml"), DOCUMENT)?;
    Ok(folder)
}

#[test]
fn each_file_is_converted_to_a_new_file() -> Result<()> {
    let folder = with_schema("beside")?;
    let schema = Schema::from_file(folder.join("a.xsd"))?;
    let by = ["--schema", "a.xsd"];
    let (stdout, stderr, code) = run(&folder, &[&by[..], &["a.xml"]].concat(), b"")?;
    assert_eq!((stdout.as_str(), stderr.as_str(), code), ("a.xml -> a.json\n1 file: 1 converted\n", "", Some(0)));
    assert_eq!(fs::read(folder.join("a.json"))?, schema.decode_to_json_pretty(DOCUMENT.as_bytes())?);
    // An existing file is left alone.
    let (stdout, stderr, code) = run(&folder, &[&by[..], &["a.json"]].concat(), b"")?;
    assert_eq!((stdout.as_str(), code), ("1 file: 1 not converted\n", Some(2)));
    assert_eq!(stderr, "packetcheck: a.json: not converted: a.xml already exists; `--force` replaces it\n");
    assert_eq!(fs::read_to_string(folder.join("a.xml"))?, DOCUMENT);
    let (_, stderr, code) = run(&folder, &[&by[..], &["--force", "--minify", "a.json"]].concat(), b"")?;
    assert_eq!((stderr.as_str(), code), ("", Some(0)));
    let json = fs::read(folder.join("a.json"))?;
    assert_eq!(fs::read(folder.join("a.xml"))?, [&schema.encode_from_json(&json)?[..], b"\n"].concat());
    assert_eq!(names(&folder)?, ["a.json", "a.xml", "a.xsd"], "nothing is left behind");
    Ok(fs::remove_dir_all(&folder)?)
}

/// The result for a document never replaces another document of the run, and results of an earlier run are not
/// converted.
#[test]
fn documents_of_a_run_are_not_replaced() -> Result<()> {
    let folder = with_schema("kept")?;
    let by = ["--schema", "a.xsd", "--force"];
    fs::create_dir(folder.join("in"))?;
    fs::write(folder.join("in/a.xml"), DOCUMENT)?;
    fs::write(folder.join("in/a.json"), "{}")?;
    for paths in [&["in"][..], &["in/a.xml", "in/a.json"], &["in/a.json", "in/a.xml"], &["--out", "in", "in"]] {
        let (_, stderr, code) = run(&folder, &[&by[..], paths].concat(), b"")?;
        assert!(stderr.contains("a.json is to be converted itself; pass `--out`"), "{stderr}");
        assert_eq!(code, Some(2));
        assert_eq!(fs::read_to_string(folder.join("in/a.xml"))?, DOCUMENT);
        assert_eq!(fs::read_to_string(folder.join("in/a.json"))?, "{}");
    }
    fs::remove_file(folder.join("in/a.json"))?;
    for _ in 0..2 {
        let (stdout, stderr, code) = run(&folder, &[&by[..], &["--out", "in/out", "in"]].concat(), b"")?;
        assert_eq!((stdout.as_str(), stderr.as_str()), ("in/a.xml -> in/out/a.json\n1 file: 1 converted\n", ""));
        assert_eq!(code, Some(0));
    }
    assert_eq!(names(&folder.join("in"))?, ["a.xml", "out/a.json"]);
    Ok(fs::remove_dir_all(&folder)?)
}

/// A result is readable only by those who can read its document.
#[cfg(unix)]
#[test]
fn a_result_has_the_permissions_of_its_document() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let folder = with_schema("private")?;
    fs::set_permissions(folder.join("a.xml"), fs::Permissions::from_mode(0o600))?;
    let (_, stderr, code) = run(&folder, &["--schema", "a.xsd", "a.xml"], b"")?;
    assert_eq!((stderr.as_str(), code), ("", Some(0)));
    assert_eq!(fs::metadata(folder.join("a.json"))?.permissions().mode() & 0o777, 0o600);
    Ok(fs::remove_dir_all(&folder)?)
}

#[test]
fn folders_keep_their_shape_below_another() -> Result<()> {
    let folder = with_schema("out")?;
    fs::create_dir_all(folder.join("in/deep"))?;
    fs::write(folder.join("in/deep/b.xml"), DOCUMENT)?;
    fs::write(folder.join("in/c.xml"), DOCUMENT)?;
    fs::write(folder.join("in/notes.txt"), "no document")?;
    let (stdout, stderr, code) = run(&folder, &["--schema", "a.xsd", "--out", "x/y", "in", "a.xml"], b"")?;
    assert_eq!((stderr.as_str(), code), ("", Some(0)));
    assert!(
        stdout.contains("in/deep/b.xml -> x/y/deep/b.json\n") && stdout.ends_with("3 files: 3 converted\n"),
        "{stdout}"
    );
    assert_eq!(names(&folder.join("x/y"))?, ["a.json", "c.json", "deep/b.json"]);
    // Two documents whose results would have the same name.
    let (_, stderr, code) = run(&folder, &["--schema", "a.xsd", "--force", "--out", "z", "a.xml", "./a.xml"], b"")?;
    assert!(stderr.contains("another document of this run was written to z/a.json") && code == Some(2), "{stderr}");
    // A document that its own result would replace.
    fs::write(folder.join("d.json"), DOCUMENT)?;
    let (_, stderr, code) = run(&folder, &["--schema", "a.xsd", "--force", "d.json"], b"")?;
    assert!(stderr.contains("would replace the document") && code == Some(2), "{stderr}");
    Ok(fs::remove_dir_all(&folder)?)
}

#[test]
fn nothing_is_written_for_an_invalid_document() -> Result<()> {
    let folder = with_schema("invalid")?;
    fs::write(folder.join("bad.xml"), "<a><n>x</n></a>")?;
    fs::write(folder.join("old.json"), "{\"a\": {\"n\": [1, \"x\"]}}")?;
    fs::write(folder.join("lines.jsonl"), "{\"a\":{\"n\":[1]}}\n{\"a\":{}}\n")?;
    for arguments in [
        &["bad.xml"][..],
        &["--format", "jsonl", "bad.xml"],
        &["--format", "jsonl", "--path", "/a/n", "bad.xml"],
        &["old.json"],
        &["--format", "jsonl", "lines.jsonl"],
        &["--out", "-", "bad.xml"],
        &["--format", "jsonl", "--path", "/a/n", "--out", "-", "bad.xml"],
        &["--out", "-", "--format", "jsonl", "lines.jsonl"],
    ] {
        let (stdout, stderr, code) = run(&folder, &[&["--schema", "a.xsd"][..], arguments].concat(), b"")?;
        assert!(stdout.is_empty() || stdout == "1 file: 1 invalid\n", "{arguments:?}: {stdout}");
        assert!(stderr.starts_with("error[PC") && code == Some(1), "{arguments:?}: {stderr}");
    }
    assert_eq!(names(&folder)?, ["a.xml", "a.xsd", "bad.xml", "lines.jsonl", "old.json"]);
    // It does not hide the others, and is shown as by `check`.
    let (_, shown, _) = run(&folder, &["--schema", "a.xsd", "--out", "x", "bad.xml", "a.xml"], b"")?;
    assert_eq!(names(&folder.join("x"))?, ["a.json"]);
    let check = Command::new(env!("CARGO_BIN_EXE_packetcheck"))
        .args(["check", "--schema", "a.xsd", "bad.xml"])
        .current_dir(&folder)
        .output()?;
    let checked = String::from_utf8(check.stdout)?;
    let report = shown.split("\n\n").next().unwrap_or_default();
    assert!(checked.starts_with(report), "{checked}\n{shown}");
    Ok(fs::remove_dir_all(&folder)?)
}

#[test]
fn standard_input_becomes_standard_output() -> Result<()> {
    let folder = with_schema("stdin")?;
    let schema = Schema::from_file(folder.join("a.xsd"))?;
    let by = ["--schema", "a.xsd"];
    let (json, stderr, code) = run(&folder, &[&by[..], &["--minify", "-"]].concat(), DOCUMENT.as_bytes())?;
    assert_eq!(
        (json.as_bytes(), stderr.as_str(), code),
        (&[&schema.decode_to_json(DOCUMENT.as_bytes())?[..], b"\n"].concat()[..], "", Some(0))
    );
    let (back, _, _) = run(&folder, &[&by[..], &["-"]].concat(), json.as_bytes())?;
    assert_eq!(back.as_bytes(), schema.encode_from_json_pretty(json.as_bytes())?);
    let (root, _, _) = run(&folder, &[&by[..], &["--root", "a", "--minify", "-"]].concat(), b"{\"n\":[1]}")?;
    assert!(root.ends_with("<a><n>1</n></a>\n"), "{root}");
    let (_, stderr, code) = run(&folder, &[&by[..], &["--root", "b", "-"]].concat(), b"{\"n\":[1]}")?;
    assert!(stderr.contains("--root: ") && code == Some(2), "{stderr}");
    Ok(fs::remove_dir_all(&folder)?)
}

#[test]
fn lines_become_lines() -> Result<()> {
    let folder = with_schema("lines")?;
    fs::write(folder.join("b.xml"), "<a><n>9</n></a>")?;
    let by = ["--schema", "a.xsd", "--format", "jsonl"];
    let (stdout, _, code) = run(&folder, &[&by[..], &["--out", "-", "a.xml", "b.xml"]].concat(), b"")?;
    let lines = "{\"a\":{\"n\":[7,8],\"o\":[{\"@id\":1},{}]}}\n{\"a\":{\"n\":[9]}}\n";
    assert_eq!((stdout.as_str(), code), (lines, Some(0)));
    let (stdout, _, _) = run(&folder, &[&by[..], &["-"]].concat(), lines.as_bytes())?;
    assert_eq!(stdout.lines().count(), 2);
    assert!(stdout.ends_with("<a><n>9</n></a>\n"), "{stdout}");
    run(&folder, &[&by[..], &["a.xml"]].concat(), b"")?;
    assert_eq!(names(&folder)?, ["a.jsonl", "a.xml", "a.xsd", "b.xml"]);
    Ok(fs::remove_dir_all(&folder)?)
}

/// In a folder with files of all forms, the name of each file shows its form.
#[test]
fn file_names_show_the_form_of_json() -> Result<()> {
    let folder = with_schema("mixed")?;
    fs::create_dir(folder.join("in"))?;
    fs::rename(folder.join("a.xml"), folder.join("in/a.xml"))?;
    fs::write(folder.join("in/b.jsonl"), "{\"a\":{\"n\":[1]}}\n{\"a\":{\"n\":[2]}}\n")?;
    fs::write(folder.join("in/c.json"), "{\n  \"a\": {\"n\": [3]}\n}\n")?;
    for format in ["json", "jsonl"] {
        let (_, stderr, code) =
            run(&folder, &["--schema", "a.xsd", "--minify", "--format", format, "--out", format, "in"], b"")?;
        assert_eq!((stderr.as_str(), code), ("", Some(0)));
        let lines = fs::read_to_string(folder.join(format).join("b.txt"))?;
        assert!(lines.lines().count() == 2 && lines.ends_with("<a><n>2</n></a>\n"), "{lines}");
        assert!(fs::read_to_string(folder.join(format).join("c.xml"))?.contains("<n>3</n>"));
    }
    assert_eq!(
        (names(&folder.join("json"))?, names(&folder.join("jsonl"))?),
        (
            vec!["a.json".to_owned(), "b.txt".to_owned(), "c.xml".to_owned()],
            vec!["a.jsonl".to_owned(), "b.txt".to_owned(), "c.xml".to_owned()]
        )
    );
    // An empty file is neither form: its error is about JSON.
    fs::write(folder.join("x.json"), "")?;
    for by in [&["--schema", "a.xsd"][..], &["--as", "plesk-request"], &[]] {
        let (_, stderr, code) = run(&folder, &[by, &["x.json"]].concat(), b"")?;
        assert!((stderr.contains("JSON") || stderr.contains("PC0702")) && code != Some(0), "{by:?}: {stderr}");
    }
    Ok(fs::remove_dir_all(&folder)?)
}

#[test]
fn records_are_objects_one_per_line() -> Result<()> {
    let folder = with_schema("records")?;
    let by = ["--schema", "a.xsd", "--format", "jsonl", "--out", "-", "--path"];
    let records = |path: &'static str| run(&folder, &[&by[..], &[path, "a.xml", "a.xml"]].concat(), b"");
    assert_eq!(records("/a/n")?.0, "{\"$text\":7}\n{\"$text\":8}\n".repeat(2));
    assert_eq!(records("/a/o")?.0, "{\"@id\":1}\n{}\n".repeat(2));
    assert_eq!(records("a")?.0, "{\"n\":[7,8],\"o\":[{\"@id\":1},{}]}\n".repeat(2));
    let (stdout, stderr, code) = records("/a/m")?;
    assert!(stdout.is_empty() && stderr.contains("--path: expected a child of `a`") && code == Some(2), "{stderr}");
    let (_, stderr, code) = run(&folder, &["--schema", "a.xsd", "--path", "/a/n", "a.xml"], b"")?;
    assert!(stderr.contains("`--format jsonl`") && code == Some(2), "{stderr}");
    Ok(fs::remove_dir_all(&folder)?)
}

#[test]
fn kinds_are_found_from_the_content() -> Result<()> {
    let folder = folder("kinds")?;
    let answer = b"<packet><migration><get_status><result><status>ok</status><migration_status><total>10</total><completed>4</completed></migration_status></result></get_status></migration></packet>";
    let kind = PacketKind::PleskResponse;
    assert!(kind.is_valid(answer), "{:?}", kind.explain(answer));
    fs::write(folder.join("answer.xml"), answer)?;
    fs::write(folder.join("task.json"), "{\"state\": \"RUNNING\", \"sub_tasks\": []}")?;
    fs::write(
        folder.join("capture.xml"),
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\n<a/>\n",
    )?;
    let (_, stderr, code) = run(&folder, &["answer.xml"], b"")?;
    assert_eq!((stderr.as_str(), code), ("", Some(0)));
    let json = fs::read(folder.join("answer.json"))?;
    assert_eq!(json, [&kind.decode(answer)?[..], b"\n"].concat());
    // Nothing in the JSON distinguishes a request from an answer.
    let (_, stderr, code) = run(&folder, &["--force", "answer.json"], b"")?;
    assert!(stderr.contains("pass `--as` or `--schema`") && code == Some(2), "{stderr}");
    let (_, _, code) = run(&folder, &["--as", "plesk-response", "--force", "--minify", "answer.json"], b"")?;
    assert_eq!(code, Some(0));
    let packet = kind.encode(&json, &Layout::default())?;
    assert_eq!(fs::read(folder.join("answer.xml"))?.trim_ascii_end(), packet);
    let (_, stderr, code) = run(&folder, &["task.json"], b"")?;
    assert!(stderr.contains("`sms-task` is JSON and has no other form") && code == Some(2), "{stderr}");
    let (stdout, _, _) = run(
        &folder,
        &["--format", "jsonl", "--path", "/packet/migration/get_status", "--out", "-", "answer.xml"],
        b"",
    )?;
    assert_eq!(stdout, "{\"result\":{\"status\":\"ok\",\"migration_status\":{\"total\":10,\"completed\":4}}}\n");
    let (_, _, code) = run(&folder, &["capture.xml"], b"")?;
    assert!(code == Some(1) || code == Some(2));
    assert!(!folder.join("capture.json").exists());
    Ok(fs::remove_dir_all(&folder)?)
}

#[test]
fn the_configuration_names_schemas_and_compressed_files_are_opened() -> Result<()> {
    let folder = with_schema("configured")?;
    fs::write(
        folder.join("packetcheck.toml"),
        "exclude = [\"x/\"]\n[[files]]\nglob = [\"**/*.xml*\"]\nschema = [\"a.xsd\"]\n",
    )?;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(DOCUMENT.as_bytes())?;
    fs::write(folder.join("p.xml.gz"), packed.finish()?)?;
    let (stdout, stderr, code) = run(&folder, &["p.xml.gz", "a.xml"], b"")?;
    assert_eq!((stderr.as_str(), code), ("", Some(0)), "{stdout}");
    assert_eq!(fs::read(folder.join("p.json"))?, fs::read(folder.join("a.json"))?);
    Ok(fs::remove_dir_all(&folder)?)
}

#[test]
fn samples_are_converted_as_by_the_library() -> Result<()> {
    let folder = folder("samples")?;
    let mut expected = Vec::new();
    for (number, sample) in samples::samples("plesk").into_iter().chain(samples::samples("dataworks")).enumerate() {
        let kind: PacketKind = sample.kind.parse()?;
        let is_xml = sample.bytes.trim_ascii_start().starts_with(b"<");
        if let Some(schema) = kind.schema().filter(|schema| is_xml && schema.is_valid(&sample.bytes)) {
            let in_folder = folder.join(kind.name());
            fs::create_dir_all(&in_folder)?;
            fs::write(in_folder.join(format!("{number}.xml")), &sample.bytes)?;
            expected.push((kind, number, schema.decode_to_json(&sample.bytes)?));
        }
    }
    assert!(expected.len() > 150, "{}", expected.len());
    for kind in [PacketKind::PleskRequest, PacketKind::PleskResponse, PacketKind::DataWorksResponse] {
        let (stdout, _, code) = run(&folder, &["--as", kind.name(), "--minify", "--out", "json", kind.name()], b"")?;
        assert_eq!(code, Some(0), "{stdout}");
        for (_, number, json) in expected.iter().filter(|(of, ..)| *of == kind) {
            let made = fs::read(folder.join(format!("json/{number}.json")))?;
            assert!(made.trim_ascii_end() == *json, "{number}");
        }
    }
    Ok(fs::remove_dir_all(&folder)?)
}

#[test]
fn real_documents_are_converted_as_by_the_library() -> Result<()> {
    let counts = real_sets::each(|name, folder, set| {
        let (schema, needs_catalog) = set.schema(folder)?;
        let mut valid = Vec::new();
        for (document, _) in set.documents.iter().filter(|(_, is_valid)| *is_valid) {
            let bytes = fs::read(folder.join(document))?;
            if bytes.len() <= real_sets::LARGEST {
                valid.push((document, bytes));
            }
        }
        let mut by: Vec<&str> = set.entries.iter().flat_map(|entry| ["--schema", entry.as_str()]).collect();
        by.extend(["--folder", ".", "--no-config"]);
        if needs_catalog {
            by.extend(["--catalog", "catalog.xml"]);
        }
        let mut expected = Vec::new();
        let files = program::folder(&format!("convert-real-{name}"))?;
        let place = |name: &str| files.join(name).display().to_string();
        fs::create_dir(place("in"))?;
        for (number, (_, bytes)) in valid.iter().enumerate() {
            fs::write(place(&format!("in/{number}.xml")), bytes)?;
            expected.push(schema.decode_to_json(bytes)?);
        }
        if expected.is_empty() {
            return Ok(0);
        }
        for (from, to) in [("in", "json"), ("json", "back")] {
            let (stdout, stderr, code) =
                run(folder, &[&by[..], &["--minify", "--out", &place(to), &place(from)]].concat(), b"")?;
            assert_eq!(code, Some(0), "{name}: {stdout}{stderr}");
        }
        for (number, json) in expected.iter().enumerate() {
            let made = fs::read(place(&format!("json/{number}.json")))?;
            let document = valid[number].0;
            assert!(made.trim_ascii_end() == *json, "{name} {document}");
            let back = fs::read(place(&format!("back/{number}.xml")))?;
            let is_same = schema.decode_to_json(&back)? == *json;
            assert!(is_same, "{name} {document}: not the same when it comes back");
        }
        fs::remove_dir_all(&files)?;
        Ok(expected.len())
    })?;
    let Some(counts) = counts else { return Ok(()) };
    let count: usize = counts.into_iter().sum();
    real_sets::say(&format!("{count} real documents as JSON and back"))?;
    assert!(count > 100, "{count}");
    Ok(())
}

/// Rows of tables and records are the same elements.
#[test]
fn records_are_the_rows_of_tables() -> Result<()> {
    let schema = Schema::from_documents(&[("a.xsd", SCHEMA)])?;
    for path in ["/a/n", "/a/o", "/a"] {
        let table = Table::new(&schema, path)?;
        let mut lines = Vec::new();
        table.records_into(DOCUMENT.as_bytes(), &mut lines)?;
        let records = String::from_utf8(lines)?;
        assert_eq!(records.lines().count(), table.rows(DOCUMENT.as_bytes())?.len());
        for record in records.lines() {
            assert!(serde_json::from_str::<serde_json::Value>(record)?.is_object());
        }
    }
    Ok(())
}
