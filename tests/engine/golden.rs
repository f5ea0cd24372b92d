//! The diagnostics of each sample: code, path, place and message, exactly as in `tests/golden/*.txt`.
//!
//! Set `UPDATE_GOLDEN=1` to rewrite the files after messages were changed on purpose, and check the difference.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use packetcheck::Schema;
use packetcheck::diagnostic::{LineIndex, Severity};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The diagnostics of a document in the form of the golden files.
fn reported(schema: &Schema, document: &[u8]) -> String {
    let index = LineIndex::new(document);
    let mut reported = String::new();
    for diagnostic in schema.explain(document).diagnostics {
        let severity = match diagnostic.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let start = index.line_column(diagnostic.span.start);
        let text = document.get(diagnostic.span.clone()).map(String::from_utf8_lossy).unwrap_or_default();
        let _ = writeln!(
            reported,
            "{severity} {} {} {}:{} {text:?}",
            diagnostic.code, diagnostic.path, start.line, start.column
        );
        let _ = writeln!(reported, "  {}", diagnostic.message);
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(reported, "  help: {help}");
        }
    }
    reported
}

/// Compares with a golden file, or writes it.
fn compare(name: &str, actual: &str) -> Result {
    let path = root().join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return Ok(std::fs::write(path, actual)?);
    }
    let expected = std::fs::read_to_string(&path)?;
    for (expected, actual) in expected.split("\n== ").zip(actual.split("\n== ")) {
        assert_eq!(expected, actual, "{}", path.display());
    }
    assert_eq!(expected, actual, "{}", path.display());
    Ok(())
}

/// A folder of documents for each subject, with its schema, or with the name of a kind of Plesk packets.
#[test]
fn errors_are_put_into_words() -> Result {
    let folder = root().join("tests/data/words");
    let mut actual = String::new();
    for subject in entries(&folder)? {
        let name = subject.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let schema = match name.strip_prefix("plesk-") {
            Some(packet) => root().join("schemas/plesk").join(packet).with_extension("xsd"),
            None => subject.join("schema.xsd"),
        };
        let schema = Schema::from_file(&schema)?;
        for path in entries(&subject)?.iter().filter(|path| path.extension().is_some_and(|end| end == "xml")) {
            let document = std::fs::read(path)?;
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            assert_eq!(schema.is_valid(&document), schema.explain(&document).is_valid(), "{name}/{file}");
            let _ = writeln!(actual, "== {name}/{file}\n{}", reported(&schema, &document));
        }
    }
    compare("words.txt", &actual)
}

/// The entries of a folder, in order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut entries = entries.collect::<std::io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

/// Every sample of Plesk packets: valid ones have no diagnostics, invalid ones exactly one error.
#[test]
fn plesk_samples_are_explained() -> Result {
    let schemas = root().join("schemas/plesk");
    let request = Schema::from_file(schemas.join("request.xsd"))?;
    let response = Schema::from_file(schemas.join("response.xsd"))?;
    let samples = root().join("tests/data/plesk");
    let list = std::fs::read_to_string(samples.join("expected.tsv"))?;
    let mut actual = String::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [file, kind, verdict, ..] = columns[..] else { return Err(format!("too few columns: {line}").into()) };
        let schema = if kind == "plesk-request" { &request } else { &response };
        let document = std::fs::read(samples.join(PathBuf::from(file)))?;
        let report = schema.explain(&document);
        // An HTML page has two errors: it is not a packet, and not XML.
        let expected = if file == "wire/not_xml.html" { 2 } else { usize::from(verdict == "invalid") };
        assert_eq!(report.errors, expected, "{file}: {:#?}", report.diagnostics);
        // There may be warnings in addition to an error, but none about the element with the error.
        assert!(verdict != "valid" || report.warnings == 0, "{file}: {:#?}", report.diagnostics);
        assert!(verdict != "warning" || report.warnings > 0, "{file}");
        if !report.diagnostics.is_empty() {
            let _ = writeln!(actual, "== {file}\n{}", reported(schema, &document));
        }
    }
    compare("plesk.txt", &actual)
}
