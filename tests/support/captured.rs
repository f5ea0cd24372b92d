//! Messages of captures, and what is said of them.

// Each user takes what it needs.
#![allow(dead_code, clippy::panic, reason = "a test says what it misses by it")]

use packetcheck::diagnostic::{Diagnostic, Report, Severity};
use packetcheck::http::{Capture, Message};
use packetcheck::operation::Explanation;
use packetcheck::{Limits, dataworks, http, plesk, sms};

/// An operation, with all that is said of its messages.
pub(crate) type Operation = (fn(&Message<'_>, &Limits) -> Explanation, fn(&Message<'_>, &Limits) -> Explanation);

pub(crate) const SHOW_TASK: Operation = (sms::ShowTask::explain, sms::ShowTask::explain_answer);
pub(crate) const REPORT_PROGRESS: Operation = (sms::ReportProgress::explain, sms::ReportProgress::explain_answer);
pub(crate) const DATAWORKS: Operation = (dataworks::Request::explain_message, dataworks::Request::explain_answer);
pub(crate) const PLESK: Operation = (plesk::Request::explain_message, plesk::Request::explain_answer);

/// The operation of a name in `documentation.tsv`.
pub(crate) fn operation(name: &str) -> Operation {
    match name {
        "show-task" => SHOW_TASK,
        "report-progress" => REPORT_PROGRESS,
        "dataworks" => DATAWORKS,
        "plesk" => PLESK,
        other => panic!("no operation `{other}`"),
    }
}

pub(crate) fn read(capture: &[u8]) -> Capture<'_> {
    http::read(capture, &Limits::default())
}

/// The only message of a capture.
pub(crate) fn only<'c, 'a>(capture: &'c Capture<'a>) -> &'c Message<'a> {
    let mut messages = capture.messages();
    let message = messages.next().unwrap_or_else(|| panic!("no message: {:?}", capture.findings));
    assert!(messages.next().is_none(), "one message");
    message
}

/// What is said of the only message of a capture: `error PC1402 "/v3/task/1"`, the text being what it is about.
pub(crate) fn said(operation: Operation, capture: &str) -> Vec<String> {
    let read = read(capture.as_bytes());
    let message = only(&read);
    let explain = if message.status_line().is_some() { operation.1 } else { operation.0 };
    let explanation = explain(message, &Limits::default());
    let head = explanation.head.diagnostics.iter().map(|diagnostic| one(diagnostic, capture.as_bytes()));
    let body = explanation.text.as_deref().unwrap_or(&message.body.bytes);
    let body = explanation.body.diagnostics.iter().map(|diagnostic| format!("body: {}", one(diagnostic, body)));
    head.chain(body).collect()
}

fn one(diagnostic: &Diagnostic, text: &[u8]) -> String {
    let severity = match diagnostic.severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let place = text.get(diagnostic.span.clone()).map(String::from_utf8_lossy);
    format!("{severity} {} {:?}", diagnostic.code, place.expect("a place in the text"))
}

/// The codes of reports, each run of one code once.
pub(crate) fn codes<'r>(reports: impl IntoIterator<Item = &'r Report>) -> String {
    let diagnostics = reports.into_iter().flat_map(|report| &report.diagnostics);
    let mut codes: Vec<&str> = diagnostics.map(|diagnostic| diagnostic.code.as_str()).collect();
    codes.dedup();
    codes.join(",")
}
