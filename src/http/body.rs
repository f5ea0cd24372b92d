//! Bodies: their length (RFC 9112, section 6), and their content without codings.

use std::borrow::Cow;
use std::ops::Range;

use super::boundary::Boundaries;
use super::chunked::Chunked;
use super::coding::{Coding, CodingFault};
use super::exchanges::Asked;
use super::findings::Findings;
use super::head::Head;
use super::lines::{is_note, line_at, skip_blank_lines};
use super::{Body, BodyPlace, Field, Form, Start, start};
use crate::Limits;
use crate::diagnostic::Severity;
use crate::diagnostic::words::http::{self as words, ChunkFault};

/// Reads the bodies of one capture.
pub(super) struct Bodies<'a, 'l> {
    boundaries: Boundaries<'a>,
    limits: &'l Limits,
    /// How many more bytes may be decoded.
    left: usize,
}

/// The result of reading a body.
pub(super) struct Read<'a> {
    pub(super) body: Body<'a>,
    pub(super) trailers: Vec<Field<'a>>,
    /// The end of the message.
    pub(super) end: usize,
}

/// What determines the end of a body.
enum Framing {
    Empty,
    /// No body is allowed, for this status or in the response to HEAD.
    Forbidden(Option<u16>),
    Chunked,
    /// The length in bytes, and its place.
    Length(u64, Range<usize>),
    ToEnd,
}

/// The bytes of a message after its head, without the transfer coding.
struct Sent<'a> {
    bytes: Cow<'a, [u8]>,
    span: Range<usize>,
    end: usize,
    is_whole: bool,
    trailers: Vec<Field<'a>>,
    /// The codings that were removed.
    removed: Option<&'static str>,
}

impl<'a, 'l> Bodies<'a, 'l> {
    pub(super) fn new(boundaries: Boundaries<'a>, limits: &'l Limits) -> Bodies<'a, 'l> {
        Bodies { boundaries, limits, left: limits.decoded_bytes }
    }

    /// Reads the body after a head. `asked` is the request that a response answers, and `start` is where the body
    /// begins.
    pub(super) fn read(&mut self, head: &Head<'a>, start: usize, asked: Asked, findings: &mut Findings) -> Read<'a> {
        let framing = framing(head, asked, findings);
        let is_curl = self.boundaries.form() == Form::CurlVerbose;
        let sent = match framing {
            Framing::Forbidden(status)
                if self.boundaries.form() == Form::Raw && !self.boundaries.is_after_body(start) =>
            {
                findings.error(start..start + 1, || words::body_not_allowed(status));
                let end = self.boundaries.end(start);
                Some(Sent { is_whole: false, ..self.sent(start..start, end) })
            }
            Framing::Empty | Framing::Forbidden(_) => Some(self.sent(start..start, start)),
            // `curl` always shows the length, unless the head was cut.
            Framing::ToEnd if is_curl && has_body(head) => None,
            Framing::ToEnd => Some(self.to_end(head, start, findings)),
            // `curl -v` never shows the body that it sends.
            Framing::Length(1.., _) | Framing::Chunked if is_curl && head.is_request() => None,
            Framing::Length(length, place) => self.by_length(start, length, place, findings),
            Framing::Chunked => self.chunked(head, start, findings),
        };
        let Some(sent) = sent else {
            let is_hidden = is_curl && head.is_request();
            let words = if is_hidden { words::request_body_not_shown } else { words::body_not_captured };
            findings.warn(head_line(head), words);
            let body = Body { bytes: Cow::Borrowed(b""), place: BodyPlace::NotCaptured { at: start }, is_whole: false };
            return Read { body, trailers: Vec::new(), end: start };
        };
        self.without_codings(head, sent, findings)
    }

    /// Where the body begins: `curl -v` prints notes after a head, and with `-i` prints the head of a response once
    /// more.
    pub(super) fn start(&self, head: &Head<'a>) -> usize {
        if self.boundaries.form() != Form::CurlVerbose {
            return head.end;
        }
        let begin = self.pass_while(head.end, is_note);
        match !head.is_request() && self.pass_while(begin, start::is_certain) > begin {
            true => skip_blank_lines(self.boundaries.bytes(), self.pass_while(begin, |line| !line.is_empty())),
            false => begin,
        }
    }

    /// Skips the lines from `at` on for which `is_passed` is true.
    fn pass_while(&self, mut at: usize, is_passed: impl Fn(&[u8]) -> bool) -> usize {
        let bytes = self.boundaries.bytes();
        while let Some(line) = line_at(bytes, at)
            && is_passed(bytes.get(line.text).unwrap_or_default())
        {
            at = line.end;
        }
        at
    }

    fn sent(&self, span: Range<usize>, end: usize) -> Sent<'a> {
        let bytes = Cow::Borrowed(self.boundaries.bytes().get(span.clone()).unwrap_or_default());
        Sent { bytes, span, end, is_whole: true, trailers: Vec::new(), removed: None }
    }

    /// RFC 9112, section 6.3, rule 6. `None` if there is no body.
    fn by_length(&self, start: usize, length: u64, place: Range<usize>, findings: &mut Findings) -> Option<Sent<'a>> {
        let bytes = self.boundaries.bytes();
        let announced = usize::try_from(length).ok().and_then(|length| start.checked_add(length));
        let announced = announced.filter(|end| *end <= bytes.len());
        if let Some(end) = announced.filter(|end| self.boundaries.is_after_body(*end)) {
            return Some(self.sent(start..end, end));
        }
        if self.boundaries.is_after_body(start) {
            return None;
        }
        let end = self.boundaries.end(start);
        let mut sent = self.sent(start..end, end);
        let found = bytes.get(start..end).unwrap_or_default();
        let related = (start..end.min(start + 1), "the body begins here");
        if announced.is_some_and(|announced| announced < end) {
            let words = || words::body_too_long(length, found.len(), is_count_of_characters(found, length));
            findings.add_related(Severity::Error, place, related, words);
        } else if is_without_carriage_returns(found, length) {
            findings.warn(place, || words::line_breaks_changed(length, found.len()));
        } else {
            sent.is_whole = false;
            let words = || words::body_too_short(length, found.len());
            findings.add_related(Severity::Error, place, related, words);
        }
        Some(sent)
    }

    /// Everything up to the next message. Only a response continues to the end of the connection; a request without a
    /// length has no body, but documentation and handwritten requests omit the length.
    fn to_end(&self, head: &Head<'a>, start: usize, findings: &mut Findings) -> Sent<'a> {
        let bytes = self.boundaries.bytes();
        let end = self.boundaries.end(start).max(start);
        let is_blank = bytes.get(start..end).unwrap_or_default().trim_ascii().is_empty();
        if is_blank {
            return self.sent(start..start, start);
        }
        let mut sent = self.sent(start..end, end);
        // For a coding that does not determine the end, this was already reported.
        sent.is_whole = !head.is_request() || codings(head, "Transfer-Encoding").is_empty();
        if sent.is_whole && matches!(&head.start, Start::Request(line) if line.version.is_some()) {
            findings.warn(head_line(head), words::missing_length);
        }
        sent
    }

    /// `None` if there is no body.
    fn chunked(&self, head: &Head<'a>, start: usize, findings: &mut Findings) -> Option<Sent<'a>> {
        let Some(chunked) = Chunked::read(self.boundaries, start, self.limits, findings) else {
            if self.boundaries.is_after_body(start) {
                return None;
            }
            // `curl` removes the coding unless it is called with `--raw`.
            if self.boundaries.form() == Form::Raw {
                findings.warn(place_of(head, "Transfer-Encoding"), || words::already_decoded("chunked"));
            }
            let end = self.boundaries.end(start);
            return Some(self.sent(start..end, end));
        };
        let span = match &chunked.first {
            _ if chunked.is_joined() => start..chunked.end,
            Some(chunk) => chunk.clone(),
            None => start..start,
        };
        let removed = chunked.is_joined().then_some("chunked");
        let Chunked { data: bytes, end, is_whole, trailers, .. } = chunked;
        Some(Sent { bytes, span, end, is_whole, trailers, removed })
    }

    /// Removes the codings that the head names, the last one first: transfer codings, then content codings.
    fn without_codings(&mut self, head: &Head<'a>, sent: Sent<'a>, findings: &mut Findings) -> Read<'a> {
        let Sent { mut bytes, span, end, is_whole, trailers, removed } = sent;
        let mut removed: Vec<&str> = removed.into_iter().collect();
        let codings = ["Transfer-Encoding", "Content-Encoding"]
            .into_iter()
            .flat_map(|name| codings(head, name).into_iter().rev());
        let mut is_decoded = true;
        for (name, place) in codings {
            if bytes.is_empty() || name.eq_ignore_ascii_case("identity") || name.eq_ignore_ascii_case("chunked") {
                continue;
            }
            if looks_decoded(&bytes) {
                if self.boundaries.form() == Form::Raw {
                    findings.warn(place, || words::already_decoded(&name));
                }
                continue;
            }
            let Some(coding) = Coding::named(&name) else {
                findings.warn(place, || words::unknown_coding(&name));
                is_decoded = false;
                break;
            };
            // For a partial body there is nothing more to report.
            let decoded = if is_whole { coding.decode(&bytes, self.left) } else { Err(CodingFault::Malformed) };
            match decoded {
                Ok(decoded) => {
                    if decoded.is_bare {
                        findings.warn(place, words::bare_deflate);
                    }
                    self.left -= decoded.bytes.len();
                    bytes = Cow::Owned(decoded.bytes);
                    removed.push(coding.name());
                }
                Err(fault) => {
                    match fault {
                        CodingFault::TooLarge => {
                            findings.error(place, || words::decoded_too_large(self.limits.decoded_bytes));
                        }
                        CodingFault::Malformed if is_whole => {
                            findings.error(place, || words::malformed_coding(coding.name()));
                        }
                        CodingFault::Malformed => {}
                    }
                    is_decoded = false;
                    break;
                }
            }
        }
        let place = match (is_decoded, removed.is_empty()) {
            (true, true) => BodyPlace::InCapture(span),
            (true, false) => BodyPlace::Decoded { how: removed.join(", "), span },
            (false, _) => BodyPlace::Undecoded { span },
        };
        Read { body: Body { bytes, place, is_whole }, trailers, end }
    }
}

/// Whether a length counts the characters of a body, which has more bytes. A line break at the end may be left out of
/// the count.
fn is_count_of_characters(body: &[u8], length: u64) -> bool {
    let characters = body.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u64;
    characters < body.len() as u64 && characters.abs_diff(length) <= 2
}

/// Whether a body would have this length with CR LF for each line feed. A line break at the end may differ.
fn is_without_carriage_returns(body: &[u8], length: u64) -> bool {
    let line_feeds = memchr::memchr_iter(b'\n', body).count();
    let with_both = memchr::memmem::find_iter(body, b"\r\n").count();
    with_both < line_feeds && ((body.len() + line_feeds - with_both) as u64).abs_diff(length) <= 2
}

/// Whether the bytes are text rather than coded: they begin as XML or JSON.
fn looks_decoded(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    matches!(text.trim_ascii_start().first(), Some(b'<' | b'{' | b'['))
}

/// Whether a request's method sends a body.
pub(super) fn has_body(head: &Head<'_>) -> bool {
    let Start::Request(line) = &head.start else { return false };
    matches!(&*line.method.text, "POST" | "PUT" | "PATCH")
}

/// RFC 9112, section 6.3.
fn framing(head: &Head<'_>, asked: Asked, findings: &mut Findings) -> Framing {
    let length = content_length(head, findings);
    if let Start::Response(line) = &head.start {
        let is_without = matches!(line.status, 100 | 102..=199 | 204 | 304) || asked == Asked::Head;
        let is_tunnel = asked == Asked::Connect && matches!(line.status, 200..=299);
        if is_without {
            return Framing::Forbidden(Some(line.status).filter(|_| asked != Asked::Head));
        }
        if is_tunnel || line.status == 101 {
            return Framing::Empty;
        }
    }
    let codings = codings(head, "Transfer-Encoding");
    let last = codings.last().filter(|(name, _)| !name.eq_ignore_ascii_case("identity"));
    let is_chunked = last.is_some_and(|(name, _)| name.eq_ignore_ascii_case("chunked"));
    if let Some((_, place)) = last.filter(|_| !is_chunked && head.is_request()) {
        findings.error(place.clone(), || words::malformed_chunk(ChunkFault::NotLast));
        return Framing::ToEnd;
    }
    match (is_chunked, length) {
        (true, Some((_, place))) => {
            findings.error(place, words::two_lengths);
            Framing::Chunked
        }
        (true, None) => Framing::Chunked,
        (false, Some((length, place))) => Framing::Length(length, place),
        (false, None) => Framing::ToEnd,
    }
}

/// RFC 9110, section 8.6: several fields, or a list in one field, must all have the same value.
fn content_length(head: &Head<'_>, findings: &mut Findings) -> Option<(u64, Range<usize>)> {
    let mut length: Option<(u64, Range<usize>)> = None;
    for field in head.fields_named("Content-Length") {
        for item in field.text().split(',') {
            let digits = item.trim_ascii();
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let Some(found) = is_number.then(|| digits.parse().ok()).flatten() else {
                findings.error(field.value_span.clone(), words::malformed_length);
                return None;
            };
            match &length {
                None => length = Some((found, field.value_span.clone())),
                Some((first, _)) if *first == found => {}
                Some((first, place)) => {
                    let related = (place.clone(), "first given here");
                    findings.add_related(Severity::Error, field.value_span.clone(), related, || {
                        words::another_length(*first, found)
                    });
                    return None;
                }
            }
        }
    }
    length
}

/// The codings that the fields with a name list, in the order in which they were applied.
fn codings(head: &Head<'_>, name: &str) -> Vec<(String, Range<usize>)> {
    let items = head.fields_named(name).flat_map(|field| {
        let text = field.text().into_owned();
        let items: Vec<_> =
            text.split(',').map(|item| (item.trim_ascii().to_owned(), field.value_span.clone())).collect();
        items
    });
    items.filter(|(item, _)| !item.is_empty()).collect()
}

fn place_of(head: &Head<'_>, name: &str) -> Range<usize> {
    head.fields_named(name).last().map_or_else(|| head_line(head), |field| field.value_span.clone())
}

/// The first line of a message.
fn head_line(head: &Head<'_>) -> Range<usize> {
    match &head.start {
        Start::Request(line) => line.span.clone(),
        Start::Response(line) => line.span.clone(),
        Start::Missing => head.begin..head.begin,
    }
}
