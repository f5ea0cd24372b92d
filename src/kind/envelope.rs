//! Combines the errors of a message, head and body, into one report on its capture.

use super::PacketKind;
use crate::Limits;
use crate::diagnostic::Report;
use crate::http::{BodyPlace, Message};
use crate::operation::Explanation;
use crate::xml::Legible;

/// The report on a message. `kind` is that of the packet in its body, if it has one.
pub(super) fn report(
    explanation: Explanation,
    kind: Option<PacketKind>,
    message: &Message<'_>,
    limits: &Limits,
) -> Report {
    let Explanation { mut head, mut body, text, .. } = explanation;
    // Errors in the rest of a body that was cut off are a consequence of that, which the capture reader reports.
    if message.body.is_whole {
        // If the head says that it is not a packet, there is nothing to add.
        if let Some(kind) = kind.filter(|_| head.is_valid()) {
            body = kind.name_the_cause(text.as_deref().unwrap_or(&message.body.bytes), body);
        }
        head.merge(placed(body, text.as_deref(), message), limits.diagnostics);
    }
    head
}

/// Turns a report on the body of a message into one on the capture.
pub(super) fn placed(report: Report, text: Option<&[u8]>, message: &Message<'_>) -> Report {
    let body = &message.body;
    let charset = match text {
        Some(_) => message.charset().map(str::to_ascii_lowercase),
        None => Legible::new(&body.bytes).map(|_| "its encoding".to_owned()),
    };
    let shown = text.unwrap_or(&body.bytes);
    match (&body.place, charset) {
        (BodyPlace::InCapture(span), None) => report.shifted(span.start),
        (BodyPlace::InCapture(span), Some(charset)) => report.decoded(&charset, shown, span),
        (BodyPlace::Decoded { how, span }, None) => report.decoded(how, shown, span),
        (BodyPlace::Decoded { how, span }, Some(charset)) => report.decoded(&format!("{how}, {charset}"), shown, span),
        (BodyPlace::Undecoded { .. } | BodyPlace::NotCaptured { .. }, _) => Report::default(),
    }
}
