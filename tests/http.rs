//! Captures of HTTP are read as what they are: messages as sent, as documentation prints them, `curl -v`, HAR.
//!
//! `tests/golden/http.txt` has what is read of each file in `tests/data/http`, and what is said of it; set
//! `UPDATE_GOLDEN=1` to write it anew, and read the difference.
#![cfg(feature = "http")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use packetcheck::Limits;
use packetcheck::diagnostic::{LineIndex, Severity};
use packetcheck::http::{self, BodyPlace, Capture, Start};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/http")
}

/// All files of a folder and those in it, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => files.extend(self::files(&path)?),
            false => files.push(path),
        }
    }
    files.sort();
    Ok(files)
}

fn read(capture: &[u8]) -> Capture<'_> {
    http::read(capture, &Limits::default())
}

/// What is read of a capture, with places, and what is said of it.
fn outline(bytes: &[u8]) -> String {
    let index = LineIndex::new(bytes);
    let at = |offset: usize| {
        let place = index.line_column(offset);
        format!("{}:{}", place.line, place.column)
    };
    let capture = read(bytes);
    let mut outline = format!("{:?}\n", http::looks_like_http(bytes));
    for (number, exchange) in capture.exchanges.iter().enumerate() {
        for message in exchange.messages() {
            let first = match &message.start {
                Start::Request(line) => format!("{} {}", line.method.text, line.target.text.escape_debug()),
                Start::Response(line) => format!("{} {}", line.status, line.reason.text),
                _ => "(no first line)".to_owned(),
            };
            let _ = writeln!(outline, "{} {} {first}", number + 1, at(message.span.start));
            for (mark, fields) in [("  ", &message.fields), ("  trailer ", &message.trailers)] {
                for field in fields {
                    let _ = writeln!(
                        outline,
                        "{mark}{} {}: {}",
                        at(field.name_span.start),
                        field.name,
                        field.text().escape_debug()
                    );
                }
            }
            let body = String::from_utf8_lossy(&message.body.bytes);
            let cut = message.body.is_whole.then_some("").unwrap_or(", cut off");
            let _ = match &message.body.place {
                BodyPlace::InCapture(span) if span.is_empty() => Ok(()),
                BodyPlace::InCapture(span) => writeln!(outline, "  {} body{cut} {body:?}", at(span.start)),
                BodyPlace::Decoded { how, span } => writeln!(outline, "  {} {how}{cut} {body:?}", at(span.start)),
                BodyPlace::Undecoded { span } => writeln!(outline, "  {} not decoded{cut}", at(span.start)),
                BodyPlace::NotCaptured { at: place } => writeln!(outline, "  {} not captured{cut}", at(*place)),
                _ => Ok(()),
            };
        }
    }
    for diagnostic in &capture.findings.diagnostics {
        let severity = match diagnostic.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let text = bytes.get(diagnostic.span.clone()).map(String::from_utf8_lossy).unwrap_or_default();
        let place = at(diagnostic.span.start);
        let _ = writeln!(outline, "{severity} {} {place} {text:?}\n  {}", diagnostic.code, diagnostic.message);
        if let Some((span, label)) = &diagnostic.related {
            let _ = writeln!(outline, "  {}: {label}", at(span.start));
        }
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(outline, "  help: {help}");
        }
    }
    outline
}

#[test]
fn captures_are_read_as_what_they_are() -> Result {
    let mut actual = String::new();
    for path in files(&folder())? {
        let name = path.strip_prefix(folder())?.display().to_string();
        let _ = write!(actual, "== {name}\n{}", outline(&std::fs::read(&path)?));
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/http.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return Ok(std::fs::write(golden, actual)?);
    }
    let expected = std::fs::read_to_string(&golden)?;
    for (expected, actual) in expected.split("\n== ").zip(actual.split("\n== ")) {
        assert_eq!(expected, actual);
    }
    assert_eq!(expected, actual);
    Ok(())
}
