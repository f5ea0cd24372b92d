//! Messages of captures, and their diagnostics.

// Each user takes what it needs.
#![allow(dead_code, clippy::panic, reason = "a test says what it misses by it")]

use packetcheck::diagnostic::{Diagnostic, Report, Severity};
use packetcheck::http::{Capture, Message};
use packetcheck::operation::Explanation;
use packetcheck::{Limits, dataworks, http, plesk, sms};

/// An operation of one of the systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    ShowTask,
    ReportProgress,
    DataWorks,
    Plesk,
}

impl Operation {
    /// The operation with a name in `expected.tsv`.
    pub(crate) fn of(name: &str) -> Operation {
        match name {
            "show-task" => Operation::ShowTask,
            "report-progress" => Operation::ReportProgress,
            "dataworks" => Operation::DataWorks,
            "plesk" => Operation::Plesk,
            other => panic!("no operation `{other}`"),
        }
    }

    /// The diagnostics of a request.
    pub(crate) fn request(self, message: &Message<'_>) -> Explanation {
        let limits = Limits::default();
        match self {
            Operation::ShowTask => sms::ShowTask::explain(message, &limits),
            Operation::ReportProgress => sms::ReportProgress::explain(message, &limits),
            Operation::DataWorks => dataworks::Request::explain_message(message, &limits),
            Operation::Plesk => plesk::Request::explain_message(message, &limits),
        }
    }

    /// The diagnostics of an answer.
    pub(crate) fn answer(self, message: &Message<'_>) -> Explanation {
        let limits = Limits::default();
        match self {
            Operation::ShowTask => sms::ShowTask::explain_answer(message, &limits),
            Operation::ReportProgress => sms::ReportProgress::explain_answer(message, &limits),
            Operation::DataWorks => dataworks::Request::explain_answer(message, &limits),
            Operation::Plesk => plesk::Request::explain_answer(message, &limits),
        }
    }

    /// The diagnostics of a message.
    pub(crate) fn explain(self, message: &Message<'_>) -> Explanation {
        if message.status_line().is_some() { self.answer(message) } else { self.request(message) }
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

/// The diagnostics of the only message of a capture: `error PC1402 "/v3/task/1"`, with the text it is about.
pub(crate) fn said(operation: Operation, capture: &str) -> Vec<String> {
    let read = read(capture.as_bytes());
    let message = only(&read);
    let explanation = operation.explain(message);
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

/// Properties of the diagnostics of any capture's messages, shared with the fuzz target.
pub(crate) fn holds(capture: &[u8], limits: &Limits) {
    for message in http::read(capture, limits).messages() {
        for operation in [Operation::ShowTask, Operation::ReportProgress, Operation::DataWorks, Operation::Plesk] {
            for explanation in [operation.request(message), operation.answer(message)] {
                let body = explanation.text.as_deref().unwrap_or(&message.body.bytes);
                for (report, text) in [(&explanation.head, capture), (&explanation.body, body)] {
                    for diagnostic in &report.diagnostics {
                        let related = diagnostic.related.iter().map(|(related, _)| related);
                        for place in related.chain([&diagnostic.span]).chain(diagnostic.concealed()) {
                            assert!(text.get(place.clone()).is_some(), "{diagnostic:?}");
                        }
                    }
                }
            }
            // One that was printed without its head has no token and no credentials.
            if message.request_line().is_none() || message.fields.is_empty() {
                continue;
            }
            let is_valid = operation.request(message).is_valid();
            let is_read = match operation {
                Operation::ShowTask => sms::ShowTask::from_message(message).is_ok(),
                Operation::DataWorks => dataworks::Request::from_message(message).is_ok(),
                // A body that is not in the capture is not an error, but cannot be read.
                Operation::ReportProgress => sms::ReportProgress::from_message(message).is_ok() || is_valid,
                Operation::Plesk => plesk::Request::from_message(message).is_ok() || is_valid,
            };
            assert_eq!(is_read, is_valid, "{operation:?} {message:?}");
        }
    }
}
