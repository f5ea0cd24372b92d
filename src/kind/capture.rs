//! HTTP captures of packets: the kind of each message, and all its errors.
//!
//! HTTP is an envelope around any kind. A request shows its kind by its head or its body, a response by the request of
//! its exchange or by its body. If a kind is given, packets must have it; messages in the other direction must have the
//! kind that belongs to it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::ops::Range;

use super::detect::detect_packet;
use super::evidence::LOOK_AHEAD;
use super::http_date::http_date;
use super::progress::name_tasks;
use super::{Detected, Direction, MessageProgress, PacketKind, RedactError, envelope, foreign, head};
use crate::diagnostic::secret::{self, MarkedNames, SecretNames};
use crate::diagnostic::words::{self, Words};
use crate::diagnostic::{Code, Diagnostic, Report, Severity};
use crate::http::{self, BodyPlace, Message, Part, Placed, Start};
use crate::operation::explanation;
use crate::xml::Decoded;
use crate::{Error, Limits, Progress};

/// A message of a capture, and the kind detected for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapturedMessage {
    /// The number of its exchange in the capture, from 1.
    pub exchange: usize,
    /// Whether it is the request or the response.
    pub direction: Direction,
    /// The kind of its packet, with the reason; for a response without a packet, the kind of the request that it
    /// answers.
    pub detected: Option<Detected>,
    /// The number of errors in it.
    pub errors: usize,
    /// The number of warnings in it.
    pub warnings: usize,
}

/// Whether a document is a capture. For a packet, only its first bytes are read.
pub(super) fn is_capture(document: &[u8]) -> bool {
    // `< HTTP/1.1 200 OK` is a line of `curl -v` output.
    let is_markup = document.first() == Some(&b'<') && document.get(1) != Some(&b' ');
    !is_markup && http::looks_like_http(document.get(..LOOK_AHEAD).unwrap_or(document)).is_some()
}

/// Converts a capture from UTF-16, in which terminals and editors can save their output, to UTF-8. Of any other
/// document, only the first bytes are read.
pub(super) fn transcoded<'d>(document: &'d [u8], limits: &Limits) -> Option<Decoded<'d>> {
    let first = match document {
        [0xff, 0xfe, first, 0, ..] | [0xfe, 0xff, 0, first, ..] => *first,
        _ => return None,
    };
    let is_markup = first == b'<' && !matches!(document.get(4..6), Some([b' ', 0] | [0, b' ']));
    let decoded = Decoded::new(document, limits).ok().flatten().filter(|_| !is_markup)?;
    (decoded.is_sound() && is_capture(decoded.text().as_bytes())).then_some(decoded)
}

/// A message, with the information that determines its kind.
struct Captured<'a> {
    message: Message<'a>,
    exchange: usize,
    direction: Direction,
    detected: Option<Detected>,
    /// The kind of the request that it answers, if that determines its kind.
    asked: Option<PacketKind>,
}

/// Reads a capture. Each request and each final response is passed on as soon as it is read. Nothing is kept of a
/// request except its kind, until it is answered, so memory does not grow with the messages. `expected` is the kind
/// that packets should have. Returns the report on the HTTP itself, and credentials that only its reader knows.
fn each<'a>(
    document: &'a [u8],
    expected: Option<PacketKind>,
    limits: &Limits,
    mut take: impl FnMut(Captured<'a>),
) -> (Report, Vec<Range<usize>>) {
    // Requests that may still be answered, in order.
    let mut open: VecDeque<(usize, Option<PacketKind>)> = VecDeque::new();
    http::read_each(document, limits, &mut |Placed { exchange, part, message }| {
        let exchange = exchange + 1;
        match part {
            Part::Request => {
                let detected = kind_of_request(&message, expected);
                let asked = detected.as_ref().map(|detected| detected.kind);
                open.push_back((exchange, asked.filter(|kind| kind.direction() == Direction::Request)));
                take(Captured { message, exchange, direction: Direction::Request, detected, asked: None });
            }
            Part::Interim => {}
            Part::Response => {
                let asked = answered(&mut open, exchange).flatten();
                let detected = kind_of_response(&message, asked, expected);
                take(Captured { message, exchange, direction: Direction::Response, detected, asked });
            }
        }
    })
}

/// Takes what was kept of the request of an exchange that is now answered; earlier requests will no longer be answered.
fn answered<T>(open: &mut VecDeque<(usize, T)>, exchange: usize) -> Option<T> {
    while let Some((first, _)) = open.front() {
        match (*first).cmp(&exchange) {
            Ordering::Less => open.pop_front(),
            Ordering::Equal => return open.pop_front().map(|(_, kept)| kept),
            Ordering::Greater => break,
        };
    }
    None
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

/// The given kind, or the kind that the body shows, for messages in this direction.
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
    // If the first line is missing, the reader guesses the direction.
    let kind = if message.start == Start::Missing { Some(detected.kind) } else { turned(detected.kind) };
    Some(Detected { kind: kind?, alternative: None, ..detected })
}

/// The packet in a message; empty if there is none, or if its codings could not be removed.
fn packet<'m>(message: &'m Message<'_>) -> &'m [u8] {
    match message.body.place {
        BodyPlace::InCapture(_) | BodyPlace::Decoded { .. } => &message.body.bytes,
        BodyPlace::Undecoded { .. } | BodyPlace::NotCaptured { .. } => b"",
    }
}

/// The place of the first line of a message, or of its beginning.
fn beginning(message: &Message<'_>) -> Range<usize> {
    match &message.start {
        Start::Request(line) => line.span.clone(),
        Start::Response(line) => line.span.clone(),
        _ => message.fields.first().map_or(message.span.start..message.span.start, |field| field.name_span.clone()),
    }
}

/// The kind of the first message that shows one.
pub(super) fn detect(document: &[u8], limits: &Limits) -> Option<Detected> {
    let mut first: Option<((usize, Direction), Detected)> = None;
    each(document, None, limits, |captured| {
        let place = captured.place();
        if let Some(detected) = captured.detected.filter(|_| first.as_ref().is_none_or(|(first, _)| place < *first)) {
            first = Some((place, detected));
        }
    });
    first.map(|(_, detected)| detected)
}

/// Every error and warning in a capture, and the kinds detected for its messages.
pub(super) fn explain(
    document: &[u8],
    expected: Option<PacketKind>,
    limits: &Limits,
) -> (Vec<CapturedMessage>, Report) {
    let (mut messages, mut found, mut unknown) = (Vec::new(), Report::default(), Unknown::default());
    let (mut report, secrets) = each(document, expected, limits, |captured| {
        let of_message = captured.explain(expected, limits);
        unknown.add(&captured);
        messages.push(CapturedMessage {
            exchange: captured.exchange,
            direction: captured.direction,
            detected: captured.detected,
            errors: of_message.errors,
            warnings: of_message.warnings,
        });
        found.merge(of_message, limits.diagnostics);
    });
    messages.sort_by_key(|message| (message.exchange, message.direction));
    let unknown = unknown.report(report.is_valid());
    report.merge(found, limits.diagnostics);
    report.merge(unknown, limits.diagnostics);
    report.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    let names = SecretNames::new(MarkedNames::none(), &is_of_archive);
    secret::conceal_in_capture(&mut report, document, &names, &secrets);
    (messages, report)
}

/// The secrets in a capture, byte for byte; empty if the document is not a capture.
///
/// # Errors
///
/// A secret is in a coded body.
pub(super) fn secrets_in_place(document: &[u8], limits: &Limits) -> Result<Vec<Range<usize>>, RedactError> {
    if !is_capture(document) {
        return Ok(Vec::new());
    }
    let (mut places, mut coded) = (Vec::new(), None);
    let (_, known) = each(document, None, limits, |captured| {
        let body = &captured.message.body;
        for place in explanation::secrets(&captured.message) {
            match &body.place {
                BodyPlace::Decoded { how, span } if *span == place => {
                    coded.get_or_insert(RedactError::Coded { how: how.clone(), span: place });
                }
                _ => places.push(place),
            }
        }
    });
    places.extend(known);
    coded.map_or(Ok(places), Err)
}

/// Whether a HAR file has a member with this name next to the credentials in it, which does not repeat them.
fn is_of_archive(name: &str) -> bool {
    ["name", "value", "comment"].contains(&name)
}

/// The messages that show no kind. In a capture of packets they are skipped with a warning: clients also request
/// tokens, and browsers everything on a page.
#[derive(Default)]
struct Unknown {
    /// The first of them, and where it begins.
    first: Option<((usize, Direction), Range<usize>)>,
    count: usize,
    /// The number of all messages.
    all: usize,
    /// The report on the first body that is known to be something other than a packet.
    foreign: Option<Report>,
}

impl Unknown {
    fn add(&mut self, captured: &Captured<'_>) {
        self.all += 1;
        if captured.detected.is_none() {
            self.count += 1;
            if self.foreign.is_none() {
                let cause = foreign::recognize(packet(&captured.message));
                let report = cause.map(|cause| Report::of_one(Severity::Error, cause));
                self.foreign = report.map(|report| envelope::placed(report, None, &captured.message));
            }
            let place = captured.place();
            if self.first.as_ref().is_none_or(|(first, _)| place < *first) {
                self.first = Some((place, beginning(&captured.message)));
            }
        }
    }

    /// The report on them; `is_read` means that the HTTP itself is valid.
    fn report(self, is_read: bool) -> Report {
        match self.first {
            // What cannot be read at all is reported by the reader.
            None if self.all == 0 && is_read => {
                one(words::no_kind("an HTTP capture without a message"), 0..0, Severity::Error)
            }
            None => Report::default(),
            Some((_, place)) if self.count == self.all => {
                let none = || one(words::no_kind("HTTP messages that show no kind"), place, Severity::Error);
                self.foreign.unwrap_or_else(none)
            }
            Some((_, place)) => one(words::unknown_messages(self.count, self.all), place, Severity::Warning),
        }
    }
}

impl Captured<'_> {
    /// The position in the order of the exchanges.
    fn place(&self) -> (usize, Direction) {
        (self.exchange, self.direction)
    }

    /// The values of its packet; `None` if it has none.
    fn decode(&self, kind: PacketKind, limits: &Limits) -> Result<Option<Vec<u8>>, Error> {
        if let Some(decode) = kind.column(|entry| entry.http.decode) {
            return decode(&self.message, limits).map(Some);
        }
        match packet(&self.message).trim_ascii().is_empty() {
            true => Ok(None),
            false => kind.decode_packet(packet(&self.message), limits).map(Some),
        }
    }

    fn explain(&self, expected: Option<PacketKind>, limits: &Limits) -> Report {
        let Some(Detected { kind, reason, .. }) = &self.detected else { return Report::default() };
        if let Some(expected) = expected
            && !expected.belongs_with(*kind)
        {
            let words = words::another_kind(expected.name(), &[kind.name()], reason);
            return match self.asked {
                None => one(words, beginning(&self.message), Severity::Error),
                // This was reported for the request.
                Some(_) => Report::default(),
            };
        }
        self.report(*kind, limits)
    }

    fn is_shown_by_head(&self) -> bool {
        self.asked.is_some() || head::evidence(&self.message).is_some()
    }

    /// Every error and warning in it.
    fn report(&self, kind: PacketKind, limits: &Limits) -> Report {
        let (explanation, packet) = match self.asked {
            Some(asked) => {
                ((asked.column(|entry| entry.http.explain_answer))(&self.message, limits), asked.answered_by())
            }
            None => ((kind.column(|entry| entry.http.explain))(&self.message, limits), Some(kind)),
        };
        let mut report = envelope::report(explanation, packet, &self.message, limits);
        if self.is_shown_by_head() {
            // Naming another kind would not help.
            for diagnostic in report.diagnostics.iter_mut().filter(|found| found.code == Code::AnotherKind) {
                diagnostic.help = Some("check which packet was sent where: the head belongs to another one".to_owned());
            }
        }
        report
    }

    /// The tasks that a request asks about.
    fn tasks(&self, limits: &Limits) -> Vec<String> {
        match (&self.detected, self.direction) {
            (Some(Detected { kind, .. }), Direction::Request) => {
                (kind.column(|entry| entry.http.tasks))(&self.message, limits)
            }
            _ => Vec::new(),
        }
    }

    /// When the message was sent.
    fn sent(&self) -> Option<i64> {
        self.message.field("Date").and_then(|date| http_date(&date.value))
    }

    /// The progress of the tasks that the packet of this message is about: those that the request of the exchange
    /// names.
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
        let packet = packet(&self.message);
        if packet.trim_ascii().is_empty() {
            return Ok(Vec::new());
        }
        let mut found = kind.progress_of_packet(packet, limits).map_err(|error| {
            // As in the error, but with places in the capture.
            let report = self.report(*kind, limits);
            if report.is_valid() { error } else { Error::invalid(report, document) }
        })?;
        let asked = self.asked.unwrap_or(*kind);
        let tasks =
            request.map(|request| (asked.column(|entry| entry.http.tasks))(request, limits)).unwrap_or_default();
        let server = request.and_then(head::server);
        let date = self.sent();
        name_tasks(&mut found, &tasks);
        for progress in &mut found {
            progress.server = server.clone().map(Cow::Owned);
            progress.not_before = progress.not_before.max(date);
        }
        Ok(found)
    }
}

fn one(words: Words, span: Range<usize>, severity: Severity) -> Report {
    Report::of_one(severity, Diagnostic::new(words, span, String::new()))
}

/// What each message of a capture says about migrations, or why it cannot be read.
pub(super) fn progress(document: &[u8], expected: Option<PacketKind>, limits: &Limits) -> Vec<MessageProgress> {
    let mut all = Vec::new();
    // Requests that may still be answered: they name the tasks.
    let mut open: VecDeque<(usize, Message<'_>)> = VecDeque::new();
    each(document, expected, limits, |captured| {
        let (exchange, direction) = captured.place();
        let progress = match direction {
            Direction::Request => captured.progress(document, Some(&captured.message), limits),
            Direction::Response => captured.progress(document, answered(&mut open, exchange).as_ref(), limits),
        };
        let (tasks, sent) = (captured.tasks(limits), captured.sent());
        let kind = captured.detected.map(|detected| detected.kind);
        all.push(MessageProgress { place: Some((exchange, direction)), kind, progress, tasks, sent });
        if direction == Direction::Request {
            open.push_back((exchange, captured.message));
        }
    });
    all.sort_by_key(|message| message.place);
    all
}

/// The values of the packets of a kind in a capture, or of all, in order: JSON texts, one after another.
pub(super) fn decode(document: &[u8], kind: Option<PacketKind>, limits: &Limits) -> Result<Vec<u8>, Error> {
    let (_, report) = explain(document, kind, limits);
    if !report.is_valid() {
        return Err(Error::invalid(report, document));
    }
    let mut all = Vec::new();
    each(document, kind, limits, |captured| {
        let found = captured.detected.as_ref().map(|detected| detected.kind);
        if let Some(found) = found.filter(|found| kind.is_none_or(|kind| kind == *found)) {
            all.push((captured.place(), captured.decode(found, limits)));
        }
    });
    all.sort_by_key(|(place, _)| *place);
    let mut texts = Vec::new();
    for (_, values) in all {
        texts.extend(values?);
    }
    Ok(texts.join(&b'\n'))
}
