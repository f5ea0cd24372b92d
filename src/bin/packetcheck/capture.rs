//! The kinds of the messages in an HTTP capture.

use packetcheck::{CapturedMessage, Direction, PacketKind};
use serde::Serialize;

use crate::status::plural;

/// A message with `--format json`.
#[derive(Serialize)]
pub(crate) struct JsonMessage<'a> {
    exchange: usize,
    direction: Direction,
    kind: Option<PacketKind>,
    reason: Option<&'a str>,
    errors: usize,
    warnings: usize,
}

pub(crate) fn objects(messages: &[CapturedMessage]) -> Vec<JsonMessage<'_>> {
    messages.iter().map(object).collect()
}

fn object(message: &CapturedMessage) -> JsonMessage<'_> {
    let CapturedMessage { exchange, direction, detected, errors, warnings, .. } = message;
    let (kind, reason) = detected.as_ref().map(|detected| (detected.kind, detected.reason.as_str())).unzip();
    let reason = reason.filter(|reason| !reason.is_empty());
    JsonMessage { exchange: *exchange, direction: *direction, kind, reason, errors: *errors, warnings: *warnings }
}

/// A text such as `HTTP request and response: plesk-request, plesk-response`; for a single invalid exchange, also the
/// reason for the kind.
pub(crate) fn describe(messages: &[CapturedMessage], is_valid: bool) -> String {
    let (what, is_one) = match messages {
        [only] => (format!("HTTP {}", only.direction.name()), true),
        [first, second] if first.exchange == second.exchange => ("HTTP request and response".to_owned(), true),
        [.., last] => (plural(last.exchange, "HTTP exchange"), false),
        [] => ("HTTP".to_owned(), false),
    };
    let mut kinds: Vec<String> = Vec::new();
    for detected in messages.iter().filter_map(|message| message.detected.as_ref()) {
        let kind = detected.kind.to_string();
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let Some((first, others)) = kinds.split_first() else { return format!("{what} of no known kind") };
    // The first message of an exchange determines the kind of the other one.
    let detected = messages.first().and_then(|message| message.detected.as_ref()).filter(|_| is_one && !is_valid);
    match detected.filter(|detected| !detected.reason.is_empty()) {
        None => format!("{what}: {}", kinds.join(", ")),
        Some(detected) => {
            let others: String = others.iter().map(|kind| format!("; {kind}")).collect();
            format!("{what}: {first}, as {}{others}", detected.reason)
        }
    }
}
