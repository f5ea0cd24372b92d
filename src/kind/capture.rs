//! A capture of HTTP around packets: which kind each message is of, and all that is wrong with it.
//!
//! HTTP is an envelope around any kind. A request shows its kind by its head or by its body, an answer by the request of its
//! exchange or by its body. A kind that is named is that of the packets: the messages of the other direction are what
//! belongs to them.

use std::borrow::Cow;
use std::ops::Range;

use super::detect::detect_packet;
use super::evidence::LOOK_AHEAD;
use super::http_date::http_date;
use super::{Detected, Direction, MessageProgress, PacketKind, envelope, head};
use crate::diagnostic::secret::{self, MarkedNames, SecretNames};
use crate::diagnostic::words::{self, Words};
use crate::diagnostic::{Code, Diagnostic, Report, Severity};
use crate::http::{self, BodyPlace, Capture, Message, Start};
use crate::progress::State;
use crate::xml::Decoded;
use crate::{Error, Limits, Progress};

/// A message of a capture, and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapturedMessage {
    /// Of which exchange of the capture it is, from 1.
    pub exchange: usize,
    /// Whether it is the request or the response.
    pub direction: Direction,
    /// The kind of its packet, and what gave it away; of a response without a packet, the request that it answers.
    pub detected: Option<Detected>,
    /// How many errors are in it.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
}

/// The capture that a document is, if it is one.
pub(super) fn read<'a>(document: &'a [u8], limits: &Limits) -> Option<Capture<'a>> {
    is_capture(document).then(|| http::read(document, limits))
}

/// Whether a document is a capture. Of a packet this costs a look at its first bytes.
pub(super) fn is_capture(document: &[u8]) -> bool {
    // `< HTTP/1.1 200 OK` is a line of `curl -v`.
    let is_markup = document.first() == Some(&b'<') && document.get(1) != Some(&b' ');
    !is_markup && http::looks_like_http(document.get(..LOOK_AHEAD).unwrap_or(document)).is_some()
}

/// A capture in UTF-16, in UTF-8: terminals and editors save what they show so. Of anything else this costs a look at its
/// first bytes.
pub(super) fn transcoded<'d>(document: &'d [u8], limits: &Limits) -> Option<Decoded<'d>> {
    let first = match document {
        [0xff, 0xfe, first, 0, ..] | [0xfe, 0xff, 0, first, ..] => *first,
        _ => return None,
    };
    let is_markup = first == b'<' && !matches!(document.get(4..6), Some([b' ', 0] | [0, b' ']));
    let decoded = Decoded::new(document, limits).ok().flatten().filter(|_| !is_markup)?;
    (decoded.is_sound() && is_capture(decoded.text().as_bytes())).then_some(decoded)
}

/// A message, with who decides about it.
struct Judged<'m, 'a> {
    message: &'m Message<'a>,
    exchange: usize,
    direction: Direction,
    detected: Option<Detected>,
    /// The kind of the request that it answers, where that decides.
    asked: Option<PacketKind>,
}

/// All messages that are requests or final responses. `expected` is the kind that packets are meant to be.
fn judged<'m, 'a>(capture: &'m Capture<'a>, expected: Option<PacketKind>) -> Vec<Judged<'m, 'a>> {
    let mut all = Vec::new();
    for (index, exchange) in capture.exchanges.iter().enumerate() {
        let exchange_number = index + 1;
        let request = exchange.request.as_ref().map(|message| Judged {
            message,
            exchange: exchange_number,
            direction: Direction::Request,
            detected: kind_of_request(message, expected),
            asked: None,
        });
        let asked = request.as_ref().and_then(|request| Some(request.detected.as_ref()?.kind));
        let asked = asked.filter(|kind| kind.direction() == Direction::Request);
        let response = exchange.response.as_ref().map(|message| Judged {
            message,
            exchange: exchange_number,
            direction: Direction::Response,
            detected: kind_of_response(message, asked, expected),
            asked,
        });
        all.extend(request.into_iter().chain(response));
    }
    all
}

fn kind_of_request(request: &Message<'_>, expected: Option<PacketKind>) -> Option<Detected> {
    head::evidence(request).map(Detected::from).or_else(|| named_or_in_body(request, Direction::Request, expected))
}

fn kind_of_response(
    response: &Message<'_>,
    asked: Option<PacketKind>,
    expected: Option<PacketKind>,
) -> Option<Detected> {
    let Some(asked) = asked else { return named_or_in_body(response, Direction::Response, expected) };
    let reason = format!("it answers a `{asked}`");
    Some(Detected { kind: asked.answered_by().unwrap_or(asked), reason, alternative: None })
}

/// The kind that is named, or that the body shows: for messages of this direction.
fn named_or_in_body(message: &Message<'_>, direction: Direction, expected: Option<PacketKind>) -> Option<Detected> {
    let turned = |kind: PacketKind| match direction {
        _ if kind.direction() == direction => Some(kind),
        Direction::Request => kind.asked_by(),
        Direction::Response => kind.answered_by(),
    };
    if let Some(kind) = expected {
        return Some(Detected::named(turned(kind).unwrap_or(kind)));
    }
    let detected = detect_packet(packet(message))?;
    // Where the first line is missing the reader guesses the direction.
    let kind = if message.start == Start::Missing { Some(detected.kind) } else { turned(detected.kind) };
    Some(Detected { kind: kind?, alternative: None, ..detected })
}

/// The packet in a message; empty where there is none, or its codings could not be removed.
fn packet<'m>(message: &'m Message<'_>) -> &'m [u8] {
    match message.body.place {
        BodyPlace::InCapture(_) | BodyPlace::Decoded { .. } => &message.body.bytes,
        BodyPlace::Undecoded { .. } | BodyPlace::NotCaptured { .. } => b"",
    }
}

/// Where the first line of a message is, or what it begins with.
fn beginning(message: &Message<'_>) -> Range<usize> {
    match &message.start {
        Start::Request(line) => line.span.clone(),
        Start::Response(line) => line.span.clone(),
        _ => message.fields.first().map_or(message.span.start..message.span.start, |field| field.name_span.clone()),
    }
}

/// The kind of the first message that shows one.
pub(super) fn detect(capture: &Capture<'_>) -> Option<Detected> {
    judged(capture, None).into_iter().find_map(|judged| judged.detected)
}

/// Every error and warning in a capture, and what its messages were taken for.
pub(super) fn explain(
    document: &[u8],
    capture: &Capture<'_>,
    expected: Option<PacketKind>,
    limits: &Limits,
) -> (Vec<CapturedMessage>, Report) {
    let judged = judged(capture, expected);
    let mut report = capture.findings.clone();
    let mut messages = Vec::new();
    for judged in &judged {
        let found = judged.explain(expected, limits);
        messages.push(CapturedMessage {
            exchange: judged.exchange,
            direction: judged.direction,
            detected: judged.detected.clone(),
            errors: found.errors,
            warnings: found.warnings,
        });
        report.merge(found, limits.diagnostics);
    }
    report.merge(unknown(&judged, capture), limits.diagnostics);
    report.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    let names = SecretNames::new(MarkedNames::none(), &is_of_archive);
    secret::conceal_in_capture(&mut report, document, &names, &capture.secrets);
    (messages, report)
}

/// Whether a HAR file has a member of this name beside the credentials in it: it repeats nothing of them.
fn is_of_archive(name: &str) -> bool {
    ["name", "value", "comment"].contains(&name)
}

/// What there is to say of the messages that show no kind. In a capture of packets they are passed over with a warning:
/// clients ask for tokens, and browsers for everything that is on a page.
fn unknown(judged: &[Judged<'_, '_>], capture: &Capture<'_>) -> Report {
    let mut unknown = judged.iter().filter(|judged| judged.detected.is_none());
    let Some(first) = unknown.next() else {
        // What cannot be read at all is reported by the reader.
        return match judged.is_empty() && capture.findings.is_valid() {
            true => one(words::no_kind("a capture of HTTP without a message"), 0..0, Severity::Error),
            false => Report::default(),
        };
    };
    let count = 1 + unknown.count();
    let place = beginning(first.message);
    if count == judged.len() {
        return one(words::no_kind("HTTP messages that show none"), place, Severity::Error);
    }
    one(words::unknown_messages(count, judged.len()), place, Severity::Warning)
}

impl Judged<'_, '_> {
    /// The values of its packet; nothing where it has none.
    fn decode(&self, kind: PacketKind, limits: &Limits) -> Result<Option<Vec<u8>>, Error> {
        if let Some(decode) = kind.entry().http.decode {
            return decode(self.message, limits).map(Some);
        }
        match packet(self.message).trim_ascii().is_empty() {
            true => Ok(None),
            false => kind.decode_packet(packet(self.message), limits).map(Some),
        }
    }

    fn explain(&self, expected: Option<PacketKind>, limits: &Limits) -> Report {
        let Some(Detected { kind, reason, .. }) = &self.detected else { return Report::default() };
        if let Some(expected) = expected
            && !expected.belongs_with(*kind)
        {
            let words = words::another_kind(expected.name(), &[kind.name()], reason);
            return match self.asked {
                None => one(words, beginning(self.message), Severity::Error),
                // It was said of the request.
                Some(_) => Report::default(),
            };
        }
        self.report(*kind, limits)
    }

    fn is_shown_by_head(&self) -> bool {
        self.asked.is_some() || head::evidence(self.message).is_some()
    }

    /// Every error and warning in it.
    fn report(&self, kind: PacketKind, limits: &Limits) -> Report {
        let (explanation, packet) = match self.asked {
            Some(asked) => ((asked.entry().http.explain_answer)(self.message, limits), asked.answered_by()),
            None => ((kind.entry().http.explain)(self.message, limits), Some(kind)),
        };
        let mut report = envelope::report(explanation, packet, self.message, limits);
        if self.is_shown_by_head() {
            // To name another kind helps nothing then.
            for diagnostic in report.diagnostics.iter_mut().filter(|found| found.code == Code::AnotherKind) {
                diagnostic.help = Some("check which packet was sent where: the head belongs to another one".to_owned());
            }
        }
        report
    }

    /// The tasks that the packet of this message is about: those that the request of the exchange names.
    fn progress(
        &self,
        document: &[u8],
        request: Option<&Message<'_>>,
        limits: &Limits,
    ) -> Result<Vec<Progress<'static>>, Error> {
        let Some(Detected { kind, .. }) = &self.detected else { return Ok(Vec::new()) };
        if matches!(self.message.body.place, BodyPlace::Undecoded { .. }) {
            return Err(Error::mismatch("the coding of its body could not be removed"));
        }
        let packet = packet(self.message);
        if packet.trim_ascii().is_empty() {
            return Ok(Vec::new());
        }
        let mut found = kind.progress_of_packet(packet, limits).map_err(|error| {
            // The same with places in the capture.
            let report = self.report(*kind, limits);
            if report.is_valid() { error } else { Error::invalid(report, document) }
        })?;
        let asked = self.asked.unwrap_or(*kind);
        let tasks = request.map(|request| (asked.entry().http.tasks)(request, limits)).unwrap_or_default();
        let server = request.and_then(head::server);
        let date = self.message.field("Date").and_then(|date| http_date(&date.value));
        // An error in place of all answers is about each task that was asked for.
        if let [only] = found.as_slice()
            && only.failure.is_some()
            && only.state == State::Unknown
        {
            found = vec![only.clone(); tasks.len().max(1)];
        }
        let is_named = tasks.len() == found.len();
        for (index, progress) in found.iter_mut().enumerate() {
            let task = tasks.get(index).filter(|task| is_named && !task.is_empty());
            progress.task = progress.task.take().or(task.map(|task| Cow::Owned(task.clone())));
            progress.server = server.clone().map(Cow::Owned);
            progress.not_before = progress.not_before.max(date);
        }
        Ok(found)
    }
}

fn one(words: Words, span: Range<usize>, severity: Severity) -> Report {
    Report::of_one(severity, Diagnostic::new(words, span, String::new()))
}

/// What each message of a capture says of migrations, or why it cannot be read.
pub(super) fn progress(
    document: &[u8],
    capture: &Capture<'_>,
    expected: Option<PacketKind>,
    limits: &Limits,
) -> Vec<MessageProgress> {
    let request = |exchange: usize| capture.exchanges.get(exchange - 1)?.request.as_ref();
    let one = |judged: Judged<'_, '_>| {
        let progress = judged.progress(document, request(judged.exchange), limits);
        let Judged { exchange, direction, detected, .. } = judged;
        MessageProgress { place: Some((exchange, direction)), kind: detected.map(|detected| detected.kind), progress }
    };
    judged(capture, expected).into_iter().map(one).collect()
}

/// The values of the packets of a kind in a capture, or of all, in order: JSON texts, one after the other.
pub(super) fn decode(
    document: &[u8],
    capture: &Capture<'_>,
    kind: Option<PacketKind>,
    limits: &Limits,
) -> Result<Vec<u8>, Error> {
    let (_, report) = explain(document, capture, kind, limits);
    if !report.is_valid() {
        return Err(Error::invalid(report, document));
    }
    let mut all = Vec::new();
    for judged in judged(capture, kind) {
        let found = judged.detected.as_ref().map(|detected| detected.kind);
        if let Some(found) = found.filter(|found| kind.is_none_or(|kind| kind == *found)) {
            all.extend(judged.decode(found, limits)?);
        }
    }
    Ok(all.join(&b'\n'))
}
