//! A capture: the exchanges in it.

use std::borrow::Cow;
use std::ops::Range;

use super::body::{Bodies, has_body};
use super::boundary::Boundaries;
use super::detect::{Form, looks_like_http};
use super::exchanges::{Asked, Exchanges, Part, Placed};
use super::findings::Findings;
use super::head::{Head, is_field};
use super::lines::{Lines, in_verbose, line_at, skip_blank_lines};
use super::{Body, BodyPlace, Message, Start, har, start};
use crate::Limits;
use crate::diagnostic::Report;
use crate::diagnostic::words::{self, http as say};
use crate::xml::{self, FaultKind};

/// The result of [`read`].
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Capture<'a> {
    /// In the order of the requests.
    pub exchanges: Vec<Exchange<'a>>,
    /// Errors and warnings about the HTTP itself, secrets masked. Places are in the capture.
    pub findings: Report,
}

/// A request with its response, or just one of them if the capture has no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// The request.
    pub request: Option<Message<'a>>,
    /// Responses before the final one: those with status 1xx (RFC 9110, section 15.2).
    pub interim: Vec<Message<'a>>,
    /// The response.
    pub response: Option<Message<'a>>,
}

/// Reads a capture, whatever its errors: returns everything that can be read, and the report says what cannot. Takes
/// time linear in the capture and its decoded content; memory is at most some hundred bytes for each line of it.
///
/// ```
/// use packetcheck::{Limits, http};
///
/// let capture = http::read(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", &Limits::default());
/// assert!(capture.findings.is_valid());
/// assert_eq!(&*capture.messages().next().expect("a response").body.bytes, b"{}");
/// ```
pub fn read<'a>(capture: &'a [u8], limits: &Limits) -> Capture<'a> {
    let mut exchanges: Vec<Exchange<'a>> = Vec::new();
    let (findings, _) = read_each(capture, limits, &mut |Placed { exchange, part, message }| {
        if exchange == exchanges.len() {
            exchanges.push(Exchange::default());
        }
        let Some(exchange) = exchanges.get_mut(exchange) else { return };
        match part {
            Part::Request => exchange.request = Some(message),
            Part::Interim => exchange.interim.push(message),
            Part::Response => exchange.response = Some(message),
        }
    });
    Capture { exchanges, findings }
}

/// Reads a capture and passes on each message as soon as it is read: all of them together may be many times as large as
/// the capture. Returns the report, and credentials in lines that are not written as fields.
pub(crate) fn read_each<'a>(
    capture: &'a [u8],
    limits: &Limits,
    take: &mut dyn FnMut(Placed<'a>),
) -> (Report, Vec<Range<usize>>) {
    let mut findings = Findings::new(limits);
    let limit = limits.document_bytes.min(u32::MAX as usize);
    if capture.len() > limit {
        let kind = FaultKind::DocumentTooLarge { limit, found: capture.len() };
        let fault = xml::Fault::new(kind, limit..limit);
        findings.error(limit..limit, || words::well_formedness(&fault));
        return findings.finish(b"");
    }
    let exchanges = Exchanges::new(take);
    match looks_like_http(capture) {
        Some(Form::Har) => har::read(capture, limits, exchanges, &mut findings),
        Some(Form::CurlVerbose) => {
            Reader::new(capture, Form::CurlVerbose, limits, exchanges).read_verbose(&mut findings)
        }
        Some(Form::Raw) | None => Reader::new(capture, Form::Raw, limits, exchanges).read_raw(&mut findings),
    }
    findings.finish(capture)
}

impl<'a> Capture<'a> {
    /// All messages, in the order of the exchanges: request, interim responses, response.
    pub fn messages(&self) -> impl Iterator<Item = &Message<'a>> {
        self.exchanges.iter().flat_map(Exchange::messages)
    }
}

impl<'a> Exchange<'a> {
    /// Its messages: request, interim responses, response.
    pub fn messages(&self) -> impl Iterator<Item = &Message<'a>> {
        self.request.iter().chain(&self.interim).chain(&self.response)
    }
}

/// Reads messages one after another.
struct Reader<'a, 'l, 't> {
    bytes: &'a [u8],
    limits: &'l Limits,
    boundaries: Boundaries<'a>,
    bodies: Bodies<'a, 'l>,
    exchanges: Exchanges<'a, 't>,
}

impl<'a, 'l, 't> Reader<'a, 'l, 't> {
    fn new(bytes: &'a [u8], form: Form, limits: &'l Limits, exchanges: Exchanges<'a, 't>) -> Reader<'a, 'l, 't> {
        let boundaries = Boundaries::new(bytes, form);
        let bodies = Bodies::new(boundaries, limits);
        Reader { bytes, limits, boundaries, bodies, exchanges }
    }

    /// The offset after a byte order mark.
    fn begin(&self) -> usize {
        if self.bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
    }

    /// Reads messages as they are sent.
    fn read_raw(mut self, findings: &mut Findings) {
        let mut at = self.begin();
        loop {
            at = skip_blank_lines(self.bytes, at);
            let Some(line) = line_at(self.bytes, at) else { return };
            let text = self.bytes.get(line.text.clone()).unwrap_or_default();
            let begins = start::direction(text).is_some() || self.exchanges.is_empty() && is_field(text);
            let is_between = text.starts_with(b"#") || start::is_label(text);
            if is_between {
                at = line.end;
            } else if begins {
                match self.message(Lines::new(self.bytes, at, None), findings) {
                    Some(end) => at = end,
                    None => return,
                }
            } else {
                findings.error(line.text.start..line.text.start + 1, say::no_message);
                at = self.boundaries.next(line.end);
            }
        }
    }

    /// Reads the output of `curl -v`.
    fn read_verbose(mut self, findings: &mut Findings) {
        let mut at = self.begin();
        while let Some(line) = line_at(self.bytes, at) {
            let text = self.bytes.get(line.text).unwrap_or_default();
            let begins = |prefix: &[u8]| in_verbose(text, prefix).is_some_and(|head| start::direction(head).is_some());
            let prefix = [b"> ", b"< "].into_iter().find(|prefix| begins(*prefix)).map(|prefix| prefix[0]);
            at = match prefix {
                None => line.end,
                Some(prefix) => match self.message(Lines::new(self.bytes, at, Some(prefix)), findings) {
                    Some(end) => end,
                    None => return,
                },
            };
        }
    }

    /// RFC 9110, section 10.1.1: a client that expects `100 Continue` sends the body after it. Returns the interim
    /// responses that begin here, and where the body begins after them, unless the next response comes then.
    fn interim(&self, at: usize, findings: &mut Findings) -> (usize, Vec<Message<'a>>) {
        let (mut end, mut interim) = (at, Vec::new());
        while let Some(line) = line_at(self.bytes, end)
            && start::is_interim(self.bytes.get(line.text).unwrap_or_default())
        {
            // Their errors are reported where they are kept.
            let Some(head) = Head::read(&mut Lines::new(self.bytes, end, None), self.limits, findings) else { break };
            interim.push(Message {
                span: head.begin..head.end,
                start: head.start,
                fields: head.fields,
                body: Body {
                    bytes: Cow::Borrowed(b""),
                    place: BodyPlace::InCapture(head.end..head.end),
                    is_whole: true,
                },
                trailers: Vec::new(),
            });
            end = head.end;
        }
        let is_body = !self.boundaries.is_after_body(end);
        if is_body { (end, interim) } else { (at, Vec::new()) }
    }

    /// Whether no more messages are allowed, which is reported where the next one begins.
    fn is_full(&self, at: usize, findings: &mut Findings) -> bool {
        let is_full = self.exchanges.messages() >= self.limits.messages;
        if is_full {
            findings.error(at..at + 1, || say::too_many_messages(self.limits.messages));
        }
        is_full
    }

    /// Reads one message and returns its end; `None` if no more are allowed.
    fn message(&mut self, mut lines: Lines<'a>, findings: &mut Findings) -> Option<usize> {
        if self.is_full(lines.place(), findings) {
            return None;
        }
        let head = Head::read(&mut lines, self.limits, findings)?;
        let is_request = head.is_request();
        let asked = if is_request { Asked::Other } else { self.exchanges.asked() };
        // RFC 9110, sections 9.3.6 and 15.2.2: what follows is not HTTP, until HTTP begins again.
        let is_tunnel = matches!(&head.start, Start::Response(line)
            if line.status == 101 || asked == Asked::Connect && line.status / 100 == 2);
        let after_head = self.bodies.start(&head);
        let (start, interim) = match self.boundaries.form() {
            Form::Raw if has_body(&head) => self.interim(after_head, findings),
            _ => (after_head, Vec::new()),
        };
        let asked = if is_request { Asked::Other } else { self.exchanges.asked() };
        let read = self.bodies.read(&head, start, asked, findings);
        let end = read.body.span().end.max(head.end);
        let message = Message {
            start: head.start,
            fields: head.fields,
            body: read.body,
            trailers: read.trailers,
            span: head.begin..end.max(read.end),
        };
        let end = message.span.end;
        self.exchanges.add(message, is_request);
        for message in interim {
            if self.is_full(message.span.start, findings) {
                return None;
            }
            self.exchanges.add(message, false);
        }
        Some(if is_tunnel { self.boundaries.next(end) } else { end })
    }
}
