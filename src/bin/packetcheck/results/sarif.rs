//! Results as SARIF 2.1.0 (OASIS), the format of code scanning.

use std::collections::BTreeSet;

use packetcheck::diagnostic::render::json::JsonDiagnostic;
use packetcheck::diagnostic::{Code, LineColumn, Severity};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use super::annotations::{Fingerprints, from_here};
use super::{Checked, Document, Tally};
use crate::output::json_line;

pub(super) const OPENING: &str = "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\
\"version\":\"2.1.0\",\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"results\":[\n";

/// Characters that a path in a URI cannot contain (RFC 3986, section 3.3).
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b':');

/// The results of a file.
pub(super) fn results(checked: &Checked<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for document in &checked.documents {
        let mut fingerprints = Fingerprints::default();
        for diagnostic in document.diagnostics() {
            if !out.is_empty() {
                out.extend_from_slice(b",\n");
            }
            let fingerprint = fingerprints.next(document.key, &diagnostic);
            out.extend_from_slice(json_line(&result(document, &diagnostic, fingerprint)).trim_ascii_end());
        }
    }
    out
}

fn result(document: &Document<'_>, diagnostic: &JsonDiagnostic<'_>, fingerprint: String) -> Value {
    let help = diagnostic.help.map(|help| format!("\n{help}")).unwrap_or_default();
    let region = region(diagnostic.place, Some(diagnostic.end));
    let mut location = json!({ "physicalLocation": physical(document.path, region) });
    if !diagnostic.path.is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": diagnostic.path, "kind": "element" }]);
    }
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "level": level(diagnostic.severity),
        "message": { "text": format!("{}{help}", diagnostic.message) },
        "locations": [location],
        "partialFingerprints": { "packetcheck/v1": fingerprint },
    });
    if let Some(related) = &diagnostic.related {
        let place = physical(document.path, self::region(related.place, None));
        result["relatedLocations"] = json!([{ "physicalLocation": place, "message": { "text": related.message } }]);
    }
    result
}

fn physical(path: &str, region: Value) -> Value {
    json!({ "artifactLocation": { "uri": uri(from_here(path)) }, "region": region })
}

/// A path as a URI: a relative one stays relative.
pub(crate) fn uri(path: &str) -> String {
    let uri = utf8_percent_encode(path, NOT_IN_PATHS).to_string();
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}

fn region(start: LineColumn, end: Option<LineColumn>) -> Value {
    let mut region = json!({ "startLine": start.line, "startColumn": start.column });
    if let Some(end) = end {
        region["endLine"] = json!(end.line);
        region["endColumn"] = json!(end.column);
    }
    region
}

fn level(severity: Severity) -> &'static str {
    if severity == Severity::Warning { "warning" } else { "error" }
}

/// The tool with its rules, and the outcome of the run.
pub(super) fn closing(tally: &Tally) -> Vec<u8> {
    let codes: BTreeSet<Code> = Code::all().collect();
    let rules: Vec<Value> = codes.into_iter().map(rule).collect();
    let tool = json!({ "driver": { "name": "packetcheck", "version": env!("CARGO_PKG_VERSION"), "rules": rules } });
    let notifications: Vec<Value> = tally
        .complaints
        .iter()
        .map(|complaint| json!({ "level": "error", "message": { "text": complaint } }))
        .collect();
    let invocation = json!({
        "executionSuccessful": tally.unreadable == 0 && !tally.is_interrupted,
        "toolExecutionNotifications": notifications,
    });
    let mut closing = b"],\n\"tool\":".to_vec();
    closing.extend_from_slice(json_line(&tool).trim_ascii_end());
    closing.extend_from_slice(b",\n\"invocations\":[");
    closing.extend_from_slice(json_line(&invocation).trim_ascii_end());
    closing.extend_from_slice(b"]}]}\n");
    closing
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": code.explanation() },
        "help": { "text": format!("{} Source: {}", code.remedy(), code.source()) },
    })
}
