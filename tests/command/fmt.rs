//! `fmt` changes only white space that has no meaning: another reader sees the same document, the schema gives the same
//! verdict and the same values, and formatting again changes nothing.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use packetcheck::{FormatError, FormatOptions, Indent, Limits, PacketKind, Schema, format, xml};
use roxmltree::{Document, Node, NodeType, ParsingOptions};

use crate::support::{program, real_sets};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const XML: &str = "http://www.w3.org/XML/1998/namespace";

fn limits() -> Limits {
    Limits::new().allow_doctype(true)
}

/// All files in a folder and its subfolders.
fn files(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { files(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

/// What decides which white space is content.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decider {
    /// The document alone.
    Content,
    /// A schema, whose decision shows in the values.
    Schema,
}

/// A document as another reader sees it, without what `fmt` may change.
fn seen(document: &[u8], decider: Decider) -> Result<Vec<String>> {
    let text = String::from_utf8(xml::decode(document, &limits())?.into_owned())?;
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let tree = Document::parse_with_options(&text, options)?;
    let shown = tree.root().descendants().filter(|node| !is_layout(*node, decider)).map(|node| {
        let depth = node.ancestors().count();
        let attributes: Vec<_> = node.attributes().map(|each| (each.namespace(), each.name(), each.value())).collect();
        let namespaces: Vec<_> = node.namespaces().map(|each| (each.name(), each.uri())).collect();
        match node.node_type() {
            NodeType::Element => format!("{depth} {:?} {attributes:?} {namespaces:?}", node.tag_name()),
            NodeType::PI => format!("{depth} {:?}", node.pi()),
            kind => format!("{depth} {kind:?} {:?}", node.text()),
        }
    });
    Ok(shown.collect())
}

/// Whether a node is white space between the tags of an element that has children and no text.
fn is_layout(node: Node<'_, '_>, decider: Decider) -> bool {
    let is_blank = |node: Node<'_, '_>| node.text().is_none_or(|text| text.trim_ascii().is_empty());
    let Some(parent) = node.parent().filter(|_| node.is_text() && is_blank(node)) else { return false };
    let space = parent.ancestors().find_map(|node| node.attribute((XML, "space")));
    if decider == Decider::Schema {
        return true;
    }
    space != Some("preserve")
        && parent.children().any(|child| child.is_element())
        && parent.children().filter(|child| child.is_text()).all(is_blank)
}

/// Formats a document in all ways, and compares the results with each other and with the original. Returns whether it
/// could be formatted.
fn examine(name: &str, document: &[u8], schema: Option<&Schema>) -> Result<bool> {
    let (pretty, minify) = (FormatOptions::new(), FormatOptions::new().minify(true));
    let formatted = |document: &[u8], options: &FormatOptions| format(document, schema, options, &limits());
    let once = match formatted(document, &pretty) {
        Ok(once) => once,
        Err(FormatError::Malformed(report)) => {
            assert!(!report.is_valid(), "{name}: refused without a reason");
            return Ok(false);
        }
        Err(FormatError::NoDocument) => return Ok(false),
        Err(error) => return Err(format!("{name}: {error}").into()),
    };
    let tabs = formatted(document, &pretty.indent(Indent::Tab))?;
    let small = formatted(document, &minify)?;
    assert_eq!(formatted(&once, &pretty)?, once, "{name}: not the same when formatted again");
    assert_eq!(formatted(&small, &minify)?, small, "{name}: not the same when minified again");
    assert_eq!(formatted(&once, &minify)?, small, "{name}: not the same when minified after it was formatted");
    assert_eq!(formatted(&tabs, &pretty)?, once, "{name}: the indentation stays");
    let (has_comments, has_returns) = (memchr::memmem::find(document, b"<!--").is_some(), document.contains(&b'\r'));
    if !has_comments && !has_returns {
        assert_eq!(formatted(&small, &pretty)?, once, "{name}: not the same when formatted after it was minified");
    }
    assert!(small.len() <= once.len() && small.len() <= document.len(), "{name}: minified it is larger");
    for result in [&once, &small, &tabs] {
        if document.trim_ascii_start().starts_with(b"{") || document.trim_ascii_start().starts_with(b"[") {
            let value = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).ok();
            assert_eq!(value(result), value(document), "{name}: other values");
            continue;
        }
        let decider = if schema.is_some() { Decider::Schema } else { Decider::Content };
        // A document that another reader rejects, for example because of a name of the fourth edition of XML 1.0,
        // cannot be compared.
        if let Ok(before) = seen(document, decider) {
            assert_eq!(seen(result, decider)?, before, "{name}: another document");
        }
        if let Some(schema) = schema {
            let codes = |document: &[u8]| -> Vec<_> {
                schema.explain(document).diagnostics.iter().map(|each| (each.code, each.path.clone())).collect()
            };
            assert_eq!(codes(result), codes(document), "{name}: another verdict");
            let values = |document: &[u8]| schema.decode_to_json(document).ok();
            let (before, after) = (values(document), values(result));
            if before != after {
                let text = |json: Option<Vec<u8>>| String::from_utf8_lossy(&json.unwrap_or_default()).into_owned();
                let (before, after) = (text(before), text(after));
                let at = before.bytes().zip(after.bytes()).position(|(one, other)| one != other).unwrap_or(0);
                let around = |text: &str| text.chars().skip(at.saturating_sub(60)).take(120).collect::<String>();
                return Err(format!("{name}: other values\n{}\n{}", around(&before), around(&after)).into());
            }
        }
    }
    Ok(true)
}

#[test]
fn samples_mean_the_same() -> Result<()> {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data"), &mut paths)?;
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas"), &mut paths)?;
    let (mut formatted, mut by_schema) = (0, 0);
    for path in paths {
        let (name, document) = (path.display().to_string(), fs::read(&path)?);
        formatted += usize::from(examine(&name, &document, None)?);
        let kind = PacketKind::detect(&document).map(|detected| detected.kind);
        if let Some(schema) =
            kind.and_then(PacketKind::schema).filter(|_| document.trim_ascii_start().starts_with(b"<"))
        {
            let schema = schema.with_limits(limits());
            by_schema += usize::from(examine(&name, &document, Some(&schema))?);
        }
    }
    assert!(formatted > 700 && by_schema > 200, "{formatted} {by_schema}");
    Ok(())
}

#[test]
fn real_documents_mean_the_same() -> Result<()> {
    let formatted = real_sets::each(|name, folder, set| {
        let schema = set.schema(folder)?.0;
        let (mut formatted, mut wrong) = (0, Vec::new());
        for (document, _) in &set.documents {
            let (name, bytes) = (format!("{name} {document}"), fs::read(folder.join(document))?);
            if bytes.len() > real_sets::LARGEST {
                continue;
            }
            for schema in [None, Some(&schema)] {
                match examine(&name, &bytes, schema) {
                    Ok(is_formatted) => formatted += usize::from(is_formatted),
                    Err(error) => wrong.push(error.to_string()),
                }
            }
        }
        Ok((formatted, wrong))
    })?;
    let Some(sets) = formatted else { return Ok(()) };
    let formatted: usize = sets.iter().map(|(formatted, _)| formatted).sum();
    let wrong: Vec<String> = sets.into_iter().flat_map(|(_, wrong)| wrong).collect();
    real_sets::say(&format!("{formatted} real documents formatted, with and without their schemas"))?;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(formatted > 400, "{formatted}");
    Ok(())
}

mod command {
    use super::{Path, PathBuf, Result, fs, program};
    use std::process::{Command, Output, Stdio};

    const PLAIN: &str = "<a><b>1</b></a>";
    const PRETTY: &str = "<a>\n  <b>1</b>\n</a>\n";

    /// An empty folder.
    fn folder(name: &str) -> Result<PathBuf> {
        program::folder(&format!("fmt-{name}"))
    }

    /// The standard output and standard error of the command, and its status.
    fn run(folder: &Path, arguments: &[&str], input: &str) -> Result<(String, String, Option<i32>)> {
        let arguments = [&["fmt"], arguments].concat();
        let Output { status, stdout, stderr } = program::run(folder, &arguments, input.as_bytes())?;
        Ok((String::from_utf8(stdout)?, String::from_utf8(stderr)?, status.code()))
    }

    fn shown(text: &str) -> (String, String, Option<i32>) {
        (text.to_owned(), String::new(), Some(0))
    }

    #[test]
    fn one_document_is_printed() -> Result<()> {
        let folder = folder("print")?;
        fs::write(folder.join("a.xml"), PLAIN)?;
        assert_eq!(run(&folder, &["a.xml"], "")?, shown(PRETTY));
        assert_eq!(run(&folder, &["-"], PLAIN)?, shown(PRETTY));
        assert_eq!(run(&folder, &["--minify", "-"], PRETTY)?, shown(PLAIN));
        assert_eq!(run(&folder, &["--indent", "tab", "-"], PLAIN)?, shown("<a>\n\t<b>1</b>\n</a>\n"));
        assert_eq!(run(&folder, &["--indent=4", "-"], "{\"a\":1}")?, shown("{\n    \"a\": 1\n}\n"));
        assert_eq!(fs::read_to_string(folder.join("a.xml"))?, PLAIN);
        for several in [vec!["a.xml", "-"], vec!["."]] {
            let (stdout, stderr, status) = run(&folder, &several, PLAIN)?;
            assert!(stdout.is_empty() && stderr.contains("`--write`, `--check` or `--diff`"), "{stderr}");
            assert_eq!(status, Some(2));
        }
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn malformed_documents_are_reported_as_by_check() -> Result<()> {
        let folder = folder("malformed")?;
        let (stdout, stderr, status) = run(&folder, &["-"], "<a><b></a>")?;
        assert_eq!((stdout.as_str(), status), ("", Some(1)));
        assert!(stderr.contains("error[PC0124]: expected `</b>`, found `</a>`"), "{stderr}");
        let (_, stderr, status) = run(&folder, &["-"], "{\"password\": \"Ahm4oh\", }")?;
        assert!(stderr.contains("error[PC07") && !stderr.contains("Ahm4oh"), "{stderr}");
        assert_eq!(status, Some(1));
        let (_, stderr, status) = run(&folder, &["-"], "a=1")?;
        assert_eq!(stderr, "packetcheck: <stdin>: expected an XML or JSON document\n");
        assert_eq!(status, Some(2));
        assert_eq!(run(&folder, &["nothing.xml"], "")?.2, Some(2));
        assert_eq!(run(&folder, &["--indent", "17", "-"], "")?.2, Some(2));
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn files_that_would_change_are_listed() -> Result<()> {
        let folder = folder("check")?;
        fs::create_dir(folder.join("in"))?;
        for (name, text) in [("a.xml", PLAIN), ("b.xml", PRETTY), ("in/c.json", "[1]"), ("d.txt", PLAIN)] {
            fs::write(folder.join(name), text)?;
        }
        let expected = "would change ./a.xml\nwould change ./in/c.json\n3 files: 2 would change, 1 unchanged\n";
        assert_eq!(run(&folder, &["--check", "."], "")?, (expected.to_owned(), String::new(), Some(1)));
        assert_eq!(run(&folder, &["--check", "b.xml"], "")?, shown("1 file: 1 unchanged\n"));
        let by_glob = run(&folder, &["--check", "-g", "*.txt", "."], "")?;
        assert_eq!(by_glob.0, "would change ./d.txt\n1 file: 1 would change\n");
        fs::write(folder.join("packetcheck.toml"), "exclude = [\"in/\", \"a.*\"]\n")?;
        assert_eq!(run(&folder, &["--check", "."], "")?, shown("1 file: 1 unchanged\n"));
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn differences_are_shown_as_a_patch() -> Result<()> {
        let folder = folder("diff")?;
        fs::write(folder.join("a.xml"), "<a>\n  <b>1</b><c/>\n</a>")?;
        let expected = "--- a.xml\n+++ a.xml\n@@ -1,3 +1,4 @@\n <a>\n-  <b>1</b><c/>\n-</a>\n\\ No newline at end of file\n\
                        +  <b>1</b>\n+  <c/>\n+</a>\n";
        let (stdout, stderr, status) = run(&folder, &["--diff", "a.xml"], "")?;
        assert_eq!((stdout.as_str(), stderr.as_str(), status), (expected, "1 file: 1 would change\n", Some(1)));
        let colored = run(&folder, &["--diff", "--color", "always", "a.xml"], "")?.0;
        assert!(colored.contains("\u{1b}[32m+  <c/>\u{1b}[0m\n"), "{colored:?}");
        assert!(fs::read_to_string(folder.join("a.xml"))?.ends_with("<c/>\n</a>"));
        // The bytes are those of the file.
        fs::write(folder.join("latin.xml"), b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>\xe9</a>")?;
        let output = Command::new(env!("CARGO_BIN_EXE_packetcheck"))
            .args(["fmt", "--diff", "latin.xml"])
            .current_dir(&folder)
            .output()?;
        let head = "--- latin.xml\n+++ latin.xml\n@@ -1,2 +1,2 @@\n <?xml version='1.0' encoding='ISO-8859-1'?>\n";
        let expected = [head.as_bytes(), b"-<a>\xe9</a>\n\\ No newline at end of file\n+<a>\xe9</a>\n"].concat();
        assert_eq!(output.stdout, expected);
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn only_files_that_change_are_written() -> Result<()> {
        let folder = folder("write")?;
        fs::write(folder.join("a.xml"), PLAIN)?;
        fs::write(folder.join("b.xml"), PRETTY)?;
        fs::write(folder.join("c.xml"), "<a>")?;
        let before = fs::metadata(folder.join("b.xml"))?.modified()?;
        let (stdout, stderr, status) = run(&folder, &["--write", "."], "")?;
        assert_eq!(stdout, "3 files: 1 changed, 1 unchanged, 1 malformed\n");
        assert!(stderr.contains("./c.xml") && status == Some(1), "{stderr}");
        assert_eq!(fs::read_to_string(folder.join("a.xml"))?, PRETTY);
        assert_eq!(fs::metadata(folder.join("b.xml"))?.modified()?, before);
        assert_eq!(fs::read_to_string(folder.join("c.xml"))?, "<a>");
        assert_eq!(fs::read_dir(&folder)?.count(), 3, "nothing is left behind");
        assert_eq!(run(&folder, &["--write", "a.xml", "b.xml"], "")?, shown("2 files: 2 unchanged\n"));
        let (_, stderr, status) = run(&folder, &["--write", "-"], PLAIN)?;
        assert!(stderr.contains("standard input") && status == Some(2), "{stderr}");
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() -> Result<()> {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = folder("links")?;
        let (file, link) = (folder.join("a.xml"), folder.join("link.xml"));
        fs::write(&file, PLAIN)?;
        // The usual mask of a process would remove some of these.
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666))?;
        symlink("a.xml", &link)?;
        assert_eq!(run(&folder, &["--write", "link.xml"], "")?, shown("1 file: 1 changed\n"));
        assert!(fs::symlink_metadata(&link)?.is_symlink());
        assert_eq!(fs::read_to_string(&file)?, PRETTY);
        assert_eq!(fs::metadata(&file)?.permissions().mode() & 0o777, 0o666);
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn compressed_files_are_not_overwritten() -> Result<()> {
        let folder = folder("packed")?;
        let packed = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];
        fs::write(folder.join("a.xml"), packed)?;
        let (_, stderr, status) = run(&folder, &["--write", "a.xml"], "")?;
        assert!(stderr.contains("neither compressed nor an archive") && status == Some(2), "{stderr}");
        assert_eq!(fs::read(folder.join("a.xml"))?, packed);
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn a_schema_says_what_is_text() -> Result<()> {
        let folder = folder("schema")?;
        let schema =
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a'><xs:complexType mixed='true'>
            <xs:sequence><xs:element name='b' maxOccurs='2'/></xs:sequence></xs:complexType></xs:element></xs:schema>";
        fs::write(folder.join("a.xsd"), schema)?;
        fs::write(folder.join("a.xml"), "<a> <b/> <b/></a>\n")?;
        let same = "<a> <b/> <b/></a>\n";
        assert_eq!(run(&folder, &["--schema", "a.xsd", "a.xml"], "")?, shown(same));
        assert_eq!(run(&folder, &["a.xml"], "")?, shown("<a>\n  <b/>\n  <b/>\n</a>\n"));
        fs::write(folder.join("packetcheck.toml"), "[[files]]\nglob = [\"*.xml\"]\nschema = [\"a.xsd\"]\n")?;
        assert_eq!(run(&folder, &["a.xml"], "")?, shown(same));
        Ok(fs::remove_dir_all(&folder)?)
    }

    /// An interrupt leaves only complete files, and the number of files that were written.
    #[cfg(unix)]
    #[test]
    fn an_interrupted_run_leaves_whole_files() -> Result<()> {
        let folder = folder("interrupted")?;
        let text = "<a><b>1</b><c/></a>";
        for number in 0..2000 {
            fs::write(folder.join(format!("{number:04}.xml")), text)?;
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_packetcheck"))
            .args(["fmt", "--write", "."])
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .spawn()?;
        // Once something is written.
        while fs::read_to_string(folder.join("0000.xml"))? == text {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status()?.success());
        assert!(matches!(child.wait()?.code(), Some(130 | 0)), "it was done, or interrupted");
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            assert!(path.extension().is_some_and(|extension| extension == "xml"), "{}", path.display());
            let found = fs::read_to_string(&path)?;
            assert!(found == text || found == "<a>\n  <b>1</b>\n  <c/>\n</a>\n", "{found}");
        }
        Ok(())
    }
}
