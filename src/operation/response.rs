//! Checks a response against the documentation of its operation's answers.

use super::content::{CharsetFault, Content, Form, Head};
use super::request::{end, first_byte};
use super::{Explanation, Findings};
use crate::Limits;
use crate::diagnostic::words::{self as all_words, Foreign, Words, operation as words};
use crate::diagnostic::{Report, Severity};
use crate::http::{BodyPlace, Message};
use crate::text::page;

/// The documentation of the answers to an operation.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) form: Form,
    /// The documented answer has no body; names who expects one.
    pub(crate) empty: Option<&'static str>,
    pub(crate) statuses: Statuses,
}

impl Answers {
    /// Whether any body, or none, is the documented answer.
    pub(super) fn is_done(&self, status: u16) -> bool {
        self.empty.is_some() && status == 200
    }
}

/// Which statuses belong to which bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statuses {
    /// 200, whatever the packet says.
    Always200,
    /// 200 for the answer of the operation, 400 and above for an error body.
    ErrorsFrom400,
    /// As `ErrorsFrom400`, but the operation has its own members for errors, and no page says which status goes with
    /// them.
    OwnErrors,
}

/// A status that does not match the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatusFault {
    Unexpected(u16),
    /// An error body with a status below 400.
    OfError(u16),
    /// A packet with a status of 400 or above.
    OfPacket(u16),
    /// As `OfPacket`, if no page says that it is wrong.
    OfPacketPerhaps(u16),
}

/// The fault of a status with a body that is or is not an error body.
pub(super) fn status_fault(answers: &Answers, status: u16, is_error: bool) -> Option<StatusFault> {
    match (answers.statuses, is_error) {
        // Malformed, which was reported.
        _ if status == 0 => None,
        (Statuses::Always200, _) => (status != 200).then_some(StatusFault::Unexpected(status)),
        (_, true) => (status < 400).then_some(StatusFault::OfError(status)),
        (Statuses::ErrorsFrom400, false) if status >= 400 => Some(StatusFault::OfPacket(status)),
        (Statuses::OwnErrors, false) if status >= 400 => Some(StatusFault::OfPacketPerhaps(status)),
        (_, false) => (status != 200).then_some(StatusFault::Unexpected(status)),
    }
}

impl StatusFault {
    pub(super) fn is_error(self) -> bool {
        matches!(self, StatusFault::Unexpected(_) | StatusFault::OfPacket(_))
    }

    pub(super) fn words(self) -> Words {
        match self {
            StatusFault::Unexpected(status) => words::unexpected_status(status),
            StatusFault::OfError(status) => words::error_with_status(status),
            StatusFault::OfPacket(status) | StatusFault::OfPacketPerhaps(status) => words::packet_with_status(status),
        }
    }
}

/// Checks a response against the answers of its operation. `explain` reports the faults of a packet, given the status,
/// and whether it is an error body.
pub(crate) fn explain_answer(
    answers: &Answers,
    message: &Message<'_>,
    limits: &Limits,
    explain: impl FnOnce(u16, &[u8]) -> (Report, bool),
) -> Explanation {
    let mut findings = Findings::new(limits);
    let mut explanation = Explanation::default();
    let head = Head::of_message(message);
    let (status, status_span) = match message.status_line() {
        Some(line) => (line.status, line.status_span.clone()),
        None => (200, message.span.start..message.span.start),
    };
    let mut fail = |words: Words, span| findings.add(Severity::Error, words, span, "");
    let is_absent = matches!(message.body.place, BodyPlace::Undecoded { .. } | BodyPlace::NotCaptured { .. });
    let body = &*message.body.bytes;
    let found = match head.content(answers.form, body, limits) {
        Content::Redirect => {
            fail(words::redirect(status), status_span.clone());
            None
        }
        // The capture reader reported what it is.
        _ if is_absent => None,
        Content::Empty if !message.body.is_whole => None,
        Content::Empty if answers.is_done(status) => None,
        Content::Empty => {
            fail(words::missing_body(answers.form.name()), end(message));
            None
        }
        Content::Page => {
            let span = match (&message.body.place, page::find(body)) {
                (BodyPlace::InCapture(place), Some(page)) => place.start + page.start..place.start + page.end,
                _ => first_byte(message),
            };
            fail(all_words::foreign(&Foreign::Page, "a packet"), span);
            None
        }
        Content::Other if answers.is_done(status) => Some((Report::default(), false)),
        Content::Other => {
            fail(words::unexpected_form(answers.form.name(), head.content_type.as_deref()), first_byte(message));
            None
        }
        Content::Charset(fault) => {
            let charset = head.charset.as_deref().unwrap_or_default();
            let words = match fault {
                CharsetFault::Unknown => words::unknown_charset(charset),
                CharsetFault::Contradicted => words::contradicted_charset(charset),
            };
            fail(
                words,
                message.field("Content-Type").map_or_else(|| first_byte(message), |field| field.value_span.clone()),
            );
            None
        }
        Content::Packet(packet) => Some(explain(status, packet)),
        Content::Transcoded(packet) => {
            let found = explain(status, &packet);
            explanation.text = Some(packet);
            Some(found)
        }
    };
    if let Some((report, is_error)) = found {
        let text = explanation.text.as_deref().unwrap_or(body);
        match answers.empty.filter(|_| !is_error) {
            Some(others) => {
                findings.add(Severity::Warning, words::unexpected_body(others), first_byte(message), "");
            }
            None => check_content_type(&head, answers.form, text, message, &mut findings),
        }
        if let Some(fault) = status_fault(answers, status, is_error) {
            let severity = if fault.is_error() { Severity::Error } else { Severity::Warning };
            findings.add(severity, fault.words(), status_span, "");
        }
        explanation.body = report;
    }
    explanation.head = findings.finish(message);
    explanation
}

/// A packet with the wrong content type.
fn check_content_type(head: &Head, form: Form, body: &[u8], message: &Message<'_>, findings: &mut Findings) {
    let Some(field) = message.field("Content-Type") else { return };
    let is_xml = form == Form::Xml || form == Form::XmlOrJson && crate::xml::is_begun(body);
    if !head.is_of(is_xml) {
        let expected = if is_xml { Form::Xml } else { Form::Json }.content_types();
        let words = words::unexpected_content_type(expected, head.content_type.as_deref());
        findings.add(Severity::Warning, words, field.value_span.clone(), "Content-Type");
    }
    let is_utf8 =
        |charset: &&str| ["utf-8", "utf8", "us-ascii"].iter().any(|known| known.eq_ignore_ascii_case(charset));
    if let Some(charset) = head.charset.as_deref().filter(|charset| !is_xml && !is_utf8(charset)) {
        findings.add(Severity::Warning, words::charset_of_json(charset), field.value_span.clone(), "Content-Type");
    }
}
