//! Results as JUnit or Checkstyle XML.

use std::io;

use packetcheck::diagnostic::Severity;
use packetcheck::diagnostic::render::json::JsonDiagnostic;
use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::{Checked, Document, Verdict};

pub(super) const TESTS_OPENING: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"packetcheck\">\n";
pub(super) const TESTS_CLOSING: &str = "</testsuites>\n";

pub(super) const CHECKSTYLE_OPENING: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n";
pub(super) const CHECKSTYLE_CLOSING: &str = "</checkstyle>\n";

/// A file as a suite with one test, which fails if the file is invalid. So every count is known when the file is.
pub(super) fn test_case(checked: &Checked<'_>) -> Vec<u8> {
    let is_invalid = usize::from(checked.verdict == Verdict::Invalid).to_string();
    let is_unreadable = usize::from(checked.verdict == Verdict::Unreadable).to_string();
    let path = clean(checked.path);
    let errors = text_of(checked, Severity::Error);
    let warnings = text_of(checked, Severity::Warning);
    written(|writer| {
        let suite = writer.create_element("testsuite").with_attributes([
            ("name", path.as_str()),
            ("tests", "1"),
            ("failures", is_invalid.as_str()),
            ("errors", is_unreadable.as_str()),
            ("skipped", "0"),
        ]);
        suite.write_inner_content(|writer| {
            let case = writer.create_element("testcase").with_attributes([
                ("name", "check"),
                ("classname", path.as_str()),
                ("file", path.as_str()),
            ]);
            case.write_inner_content(|writer| {
                match checked.verdict {
                    Verdict::Valid | Verdict::Skipped => {}
                    Verdict::Invalid => {
                        let first =
                            clean(errors.first().map_or("invalid", |error| error.lines().next().unwrap_or_default()));
                        let failure = writer
                            .create_element("failure")
                            .with_attributes([("message", first.as_str()), ("type", "invalid")]);
                        failure.write_text_content(BytesText::new(&clean(&errors.concat())))?;
                    }
                    Verdict::Unreadable => {
                        let why = clean(&checked.complaints.join("\n"));
                        let error = writer
                            .create_element("error")
                            .with_attributes([("message", why.as_str()), ("type", "unreadable")]);
                        error.write_empty()?;
                    }
                }
                if !warnings.is_empty() {
                    writer
                        .create_element("system-out")
                        .write_text_content(BytesText::new(&clean(&warnings.concat())))?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })
}

/// The text for diagnostics of a severity: for each its line, and what to do.
fn text_of(checked: &Checked<'_>, severity: Severity) -> Vec<String> {
    let mut texts = Vec::new();
    for document in &checked.documents {
        for diagnostic in document.diagnostics().iter().filter(|diagnostic| diagnostic.severity == severity) {
            let place = diagnostic.place;
            let (code, message) = (diagnostic.code, diagnostic.message);
            let help = diagnostic.help.map(|help| format!("  help: {help}\n")).unwrap_or_default();
            texts.push(format!("{}:{}:{}: {code} {message}\n{help}", document.path, place.line, place.column));
        }
    }
    texts
}

/// The documents of a file with something to report.
pub(super) fn file(checked: &Checked<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for document in &checked.documents {
        out.extend(errors(document));
    }
    if checked.verdict == Verdict::Unreadable {
        let why = clean(&checked.complaints.join("\n"));
        let path = clean(checked.path);
        out.extend(written(|writer| {
            let file = writer.create_element("file").with_attribute(("name", path.as_str()));
            file.write_inner_content(|writer| {
                let error = writer.create_element("error").with_attributes([
                    ("line", "1"),
                    ("severity", "error"),
                    ("message", why.as_str()),
                    ("source", "packetcheck"),
                ]);
                error.write_empty()?;
                Ok(())
            })?;
            Ok(())
        }));
    }
    out
}

fn errors(document: &Document<'_>) -> Vec<u8> {
    let diagnostics = document.diagnostics();
    if diagnostics.is_empty() {
        return Vec::new();
    }
    let path = clean(document.path);
    written(|writer| {
        let file = writer.create_element("file").with_attribute(("name", path.as_str()));
        file.write_inner_content(|writer| diagnostics.iter().try_for_each(|diagnostic| error(writer, diagnostic)))?;
        Ok(())
    })
}

fn error(writer: &mut Writer<Vec<u8>>, diagnostic: &JsonDiagnostic<'_>) -> io::Result<()> {
    let (line, column) = (diagnostic.place.line.to_string(), diagnostic.place.column.to_string());
    let severity = if diagnostic.severity == Severity::Warning { "warning" } else { "error" };
    let source = format!("packetcheck.{}", diagnostic.code);
    let message = clean(diagnostic.message);
    let error = writer.create_element("error").with_attributes([
        ("line", line.as_str()),
        ("column", column.as_str()),
        ("severity", severity),
        ("message", message.as_str()),
        ("source", source.as_str()),
    ]);
    error.write_empty()?;
    Ok(())
}

/// Writes into memory, which cannot fail.
fn written(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let _ = write(&mut writer);
    let mut out = writer.into_inner();
    out.push(b'\n');
    out
}

/// A text without the characters that XML does not allow (production 2).
fn clean(text: &str) -> String {
    let is_character = |character: &char| !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().map(|character| if is_character(&character) { character } else { '\u{fffd}' }).collect()
}
