//! Results as lines of text, and in the form that GitLab reads.

use std::fmt::Write;

use packetcheck::diagnostic::Severity;
use packetcheck::diagnostic::render::json::JsonDiagnostic;
use packetcheck::diagnostic::render::visible;
use serde_json::json;
use xxhash_rust::xxh3::xxh3_128;

use super::{Checked, Document};
use crate::output::json_line;

/// A line for each diagnostic: `a.xml:8:18: PC0401 expected an integer in `total`, found `many``.
pub(super) fn concise(checked: &Checked<'_>) -> Vec<u8> {
    let line = |document: &Document<'_>, diagnostic: &JsonDiagnostic<'_>| {
        let severity = if diagnostic.severity == Severity::Warning { "warning: " } else { "" };
        let (place, name) = (diagnostic.place, visible(document.name));
        let message = visible(diagnostic.message);
        format!("{name}:{}:{}: {} {severity}{message}\n", place.line, place.column, diagnostic.code)
    };
    lines(checked, line)
}

/// Workflow commands for GitHub: `::error file=a.xml,line=8,…::message`.
pub(super) fn github(checked: &Checked<'_>) -> Vec<u8> {
    let line = |document: &Document<'_>, diagnostic: &JsonDiagnostic<'_>| {
        let command = if diagnostic.severity == Severity::Warning { "warning" } else { "error" };
        let (place, end) = (diagnostic.place, diagnostic.end);
        let help = diagnostic.help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        let mut line = format!("::{command} file={},", property(&visible(from_here(document.path))));
        let _ = write!(line, "line={},col={}", place.line, place.column);
        // A column on another line would be taken for a column on this one.
        match end.line == place.line {
            true => _ = write!(line, ",endColumn={}", end.column),
            false => _ = write!(line, ",endLine={}", end.line),
        }
        let message = data(&visible_lines(&format!("{}{help}", diagnostic.message)));
        let _ = writeln!(line, ",title={}::{message}", property(diagnostic.code.as_str()));
        line
    };
    let mut out = lines(checked, line);
    for complaint in &checked.complaints {
        out.extend_from_slice(format!("::error::{}\n", data(&visible(complaint))).as_bytes());
    }
    out
}

/// Lines without anything that a terminal acts on.
fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// A path without the current folder at its beginning, as tools that read reports expect.
pub(super) fn from_here(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

fn lines(checked: &Checked<'_>, line: impl Fn(&Document<'_>, &JsonDiagnostic<'_>) -> String) -> Vec<u8> {
    let mut out = Vec::new();
    for document in &checked.documents {
        for diagnostic in document.diagnostics() {
            out.extend_from_slice(line(document, &diagnostic).as_bytes());
        }
    }
    out
}

/// The text after the two colons.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The objects of a code quality report.
pub(super) fn gitlab(checked: &Checked<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for document in &checked.documents {
        let mut fingerprints = Fingerprints::default();
        for diagnostic in document.diagnostics() {
            let severity = if diagnostic.severity == Severity::Warning { "minor" } else { "major" };
            let object = json!({
                "description": diagnostic.message,
                "check_name": diagnostic.code.as_str(),
                "fingerprint": fingerprints.next(document.key, &diagnostic),
                "severity": severity,
                "location": {
                    "path": from_here(document.path),
                    "positions": {
                        "begin": { "line": diagnostic.place.line, "column": diagnostic.place.column },
                        "end": { "line": diagnostic.end.line, "column": diagnostic.end.column },
                    },
                },
            });
            if !out.is_empty() {
                out.extend_from_slice(b",\n");
            }
            out.extend_from_slice(json_line(&object).trim_ascii_end());
        }
    }
    out
}

/// A line for each diagnostic: its fingerprint, and a description for people.
pub(super) fn baseline(checked: &Checked<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for document in &checked.documents {
        let mut fingerprints = Fingerprints::default();
        for diagnostic in document.diagnostics() {
            let fingerprint = fingerprints.next(document.key, &diagnostic);
            let (name, path) = (visible(document.name), visible(diagnostic.path));
            out.extend_from_slice(format!("{fingerprint} {} {name} {path}\n", diagnostic.code).as_bytes());
        }
    }
    out
}

/// Distinguishes the diagnostics of one document, and identifies the same ones in the next run even if they have moved.
#[derive(Default)]
pub(crate) struct Fingerprints {
    seen: std::collections::HashMap<u128, usize>,
}

impl Fingerprints {
    pub(crate) fn next(&mut self, path: &str, diagnostic: &JsonDiagnostic<'_>) -> String {
        let parts = [path, diagnostic.code.as_str(), diagnostic.path, diagnostic.message].join("\0");
        let seen = self.seen.entry(xxh3_128(parts.as_bytes())).or_default();
        *seen += 1;
        format!("{:032x}", xxh3_128(format!("{parts}\0{seen}").as_bytes()))
    }
}
