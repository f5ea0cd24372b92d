//! First lines: RFC 9112, sections 3 (requests) and 4 (responses).
//!
//! What documentation omits or adds is corrected, with a warning; `httparse` checks the corrected line.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem, memrchr2, memrchr3_iter};

use super::findings::Findings;
use super::lines::{Line, Lines};
use super::{RequestLine, StatusLine, Text};
use crate::diagnostic::words::http::{self as words, StartFault};
use crate::text::placeholder;

/// The methods of RFC 9110, section 9.3, and RFC 5789.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// The versions that captures contain; those of HTTP/2 and HTTP/3 are as tools print them.
const VERSIONS: [&[u8]; 6] = [b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2", b"HTTP/2.0", b"HTTP/3", b"HTTP/3.0"];

/// What a first line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// What a line begins, if it is meant as the first line of a message.
pub(super) fn direction(line: &[u8]) -> Option<Direction> {
    if is_version(line) && line.get(5).is_some_and(u8::is_ascii_digit) {
        return Some(Direction::Response);
    }
    if printed_status(line).is_some() {
        return Some(Direction::Response);
    }
    let parts = Parts::of(line);
    let method = parts.method(line);
    let target = line.get(parts.target.clone()).unwrap_or_default();
    let is_known = METHODS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(method));
    let is_request = match parts.version {
        Some(_) => is_known || !method.is_empty() && method.iter().all(u8::is_ascii_uppercase),
        None => METHODS.iter().any(|known| known.as_bytes() == method) && looks_like_target(method, target),
    };
    (is_request && !target.is_empty()).then_some(Direction::Request)
}

/// Whether a line is that of an interim response (status 1xx, except the one that ends HTTP).
pub(super) fn is_interim(line: &[u8]) -> bool {
    let status = line.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.first_chunk::<3>());
    status.is_some_and(|status| status[0] == b'1' && status.iter().all(u8::is_ascii_digit) && status != b"101")
}

/// What documentation writes before a status.
const STATUS: &[&str] =
    &["status code", "http status code", "http status", "response status", "response code", "http code"];

/// The place of the status in a line such as `Status code: 200`, as documentation prints it.
fn printed_status(line: &[u8]) -> Option<Range<usize>> {
    let text = line.trim_ascii_end();
    let prefix = |name: &&&str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
    let name = STATUS.iter().filter(prefix).max_by_key(|name| name.len())?;
    let rest = text.get(name.len()..)?;
    let start = text.len() - rest.trim_ascii_start().strip_prefix(b":").unwrap_or(rest).trim_ascii_start().len();
    let digits = text.get(start..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits == 3 && matches!(text.get(start + 3), None | Some(b' '))).then_some(start..start + 3)
}

/// Words in the headings that documentation puts above messages; the first of them make a heading.
const HEADING: &[&str] =
    &["request", "requests", "response", "responses", "example", "examples", "sample", "samples", "answer", "reply"];
const AROUND_HEADING: &[&str] = &[
    "http",
    "api",
    "message",
    "header",
    "headers",
    "body",
    "successful",
    "success",
    "error",
    "failed",
    "normal",
    "the",
    "a",
    "an",
    "of",
    "for",
    "to",
    "and",
    "raw",
];

/// Whether a line is a heading above a message, such as `Example request:`, or a Markdown fence.
pub(super) fn is_label(line: &[u8]) -> bool {
    let text = line.trim_ascii();
    if text.starts_with(b"```") {
        return true;
    }
    let is_mark = |byte: &u8| b" \t#*_=:.()<>[]".contains(byte) || byte.is_ascii_digit();
    let mut words = text.split(is_mark).filter(|word| !word.is_empty());
    let is = |known: &[&str], word: &[u8]| known.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word));
    text.len() <= 64
        && text.split(is_mark).any(|word| is(HEADING, word))
        && words.all(|word| is(HEADING, word) || is(AROUND_HEADING, word))
}

/// Whether a text begins like a version, in any case: lower case is an error.
fn is_version(text: &[u8]) -> bool {
    text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"HTTP/"))
}

/// Whether a line is certainly the first of a message: it has a version.
pub(super) fn is_certain(line: &[u8]) -> bool {
    match direction(line) {
        None => false,
        Some(Direction::Request) => Parts::of(line).version.is_some(),
        Some(Direction::Response) => {
            let status = line.get(memchr(b' ', line).unwrap_or(line.len())..).unwrap_or_default();
            matches!(status, [b' ', a, b, c, rest @ ..]
                if [a, b, c].into_iter().all(u8::is_ascii_digit) && matches!(rest.first(), None | Some(b' ')))
        }
    }
}

/// Where a first line begins in a line directly after the end of an XML or JSON body, to which `curl -i` adds no line
/// break.
pub(super) fn after_body(line: &[u8]) -> Option<usize> {
    let is_after_body =
        |at: &usize| at.checked_sub(1).and_then(|at| line.get(at)).is_some_and(|end| b"}]>".contains(end));
    let response = memmem::find_iter(line, b"HTTP/").filter(is_after_body).find(|at| {
        // This is enough of a status line, and the line may be long.
        line.get(*at..).is_some_and(|rest| is_certain(rest.get(..64).unwrap_or(rest)))
    });
    response.or_else(|| request_after_body(line))
}

fn request_after_body(line: &[u8]) -> Option<usize> {
    Parts::of(line).version?;
    let begins = |at: &usize| {
        let rest = line.get(*at..).unwrap_or_default();
        METHODS.iter().any(|method| rest.strip_prefix(method.as_bytes()).is_some_and(|rest| rest.starts_with(b" ")))
    };
    let start = memrchr3_iter(b'}', b']', b'>', line).map(|at| at + 1).find(begins)?;
    line.get(start..).is_some_and(is_certain).then_some(start)
}

/// RFC 9112, section 3.2, or a placeholder at the beginning.
fn looks_like_target(method: &[u8], target: &[u8]) -> bool {
    let is_one_word = memchr2(b' ', b'\t', target).is_none() || {
        let text = String::from_utf8_lossy(target);
        !placeholder::filled(&text, &placeholder::find(&text)).contains([' ', '\t'])
    };
    let begins = matches!(target.first(), Some(b'/' | b'{')) || target == b"*";
    let is_url = memmem::find(target, b"://").is_some_and(|at| at <= 16);
    is_one_word && (begins || is_url || method == b"CONNECT" && target.contains(&b':'))
}

/// The places of the parts of a request's first line.
struct Parts {
    method_end: usize,
    target: Range<usize>,
    version: Option<Range<usize>>,
}

impl Parts {
    fn of(line: &[u8]) -> Parts {
        let end = line.trim_ascii_end().len();
        let line = line.get(..end).unwrap_or_default();
        let method_end = memchr2(b' ', b'\t', line).unwrap_or(end);
        let last = memrchr2(b' ', b'\t', line).map_or(end, |at| at + 1);
        let is_version = last > method_end && line.get(last..).is_some_and(is_version);
        let target_end = if is_version { last } else { end };
        let target = line.get(method_end..target_end).unwrap_or_default();
        let start = target_end - target.trim_ascii_start().len();
        let target = start..start + line.get(start..target_end).unwrap_or_default().trim_ascii_end().len();
        Parts { method_end, target, version: is_version.then_some(last..end) }
    }

    fn method<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        line.get(..self.method_end).unwrap_or_default()
    }
}

/// The first line of a request, and the lines that continue its target.
pub(super) fn request<'a>(lines: &mut Lines<'a>, line: &Line, findings: &mut Findings) -> RequestLine<'a> {
    lines.pass(line);
    let text = lines.text(line);
    let at = line.text.start;
    let parts = Parts::of(text);
    let place = |range: &Range<usize>| at + range.start..at + range.end;
    let method = text_at(lines.bytes(), at..at + parts.method_end);
    let mut target = text_at(lines.bytes(), place(&parts.target));
    let mut version = parts.version.as_ref().map(|range| text_at(lines.bytes(), place(range)));
    let mut span = at..at + text.trim_ascii_end().len();
    if version.is_none() {
        let continued = continue_target(lines, &mut target, &mut version);
        span.end = version.as_ref().unwrap_or(&target).span.end;
        match continued {
            0 => findings.warn(span.clone(), words::missing_version),
            more => findings.warn(target.span.clone(), || words::target_in_lines(more + 1)),
        }
    } else if separator_fault(text, &parts) {
        findings.error(span.clone(), || words::malformed_start_line(StartFault::Separator));
    }
    if let Some(version) = version.as_ref().filter(|version| !VERSIONS.contains(&version.text.as_bytes())) {
        findings.error(version.span.clone(), || words::malformed_start_line(StartFault::Version));
    } else {
        check(&method, &target, &span, findings);
    }
    RequestLine { method, target, version, span }
}

/// Continues `GET /?Action=…` with the lines that begin with `&`, as documentation prints long queries, and returns how
/// many there are. The last one can end with the version.
fn continue_target<'a>(lines: &mut Lines<'a>, target: &mut Text<'a>, version: &mut Option<Text<'a>>) -> usize {
    let mut continued = 0;
    while let Some(line) = lines.peek() {
        let text = lines.text(&line);
        let start = line.text.start + (text.len() - text.trim_ascii_start().len());
        let text = text.trim_ascii();
        if !matches!(text.first(), Some(b'&' | b'?')) {
            break;
        }
        lines.pass(&line);
        continued += 1;
        let last = memrchr2(b' ', b'\t', text).map_or(text.len(), |at| at + 1);
        let is_version = text.get(last..).is_some_and(is_version);
        let length = if is_version { text.get(..last).unwrap_or_default().trim_ascii_end().len() } else { text.len() };
        let more = text.get(..length).unwrap_or_default();
        target.text.to_mut().push_str(&String::from_utf8_lossy(more));
        target.span.end = start + length;
        if is_version {
            *version = Some(text_at(lines.bytes(), start + last..start + text.len()));
            break;
        }
    }
    continued
}

/// Whether there is anything but a single space between the parts (RFC 9112, section 3).
fn separator_fault(line: &[u8], parts: &Parts) -> bool {
    let before_version = parts.version.as_ref().map_or(parts.target.end, |version| version.start);
    let gaps = [parts.method_end..parts.target.start, parts.target.end..before_version];
    gaps.into_iter().any(|gap| line.get(gap) != Some(b" "))
}

/// Checks whether method and target can be in one line.
pub(super) fn check(method: &Text<'_>, target: &Text<'_>, span: &Range<usize>, findings: &mut Findings) {
    let placeholders = placeholder::find(&target.text);
    for placeholder in placeholders.iter().filter_map(|range| target.part(range.clone())) {
        findings.warn(placeholder.span.clone(), || words::placeholder(&placeholder.text));
    }
    let filled = placeholder::filled(&target.text, &placeholders);
    if filled.contains([' ', '\t']) {
        let is_outside = |at: &usize| !placeholders.iter().any(|range| range.contains(at));
        let blank = target.text.match_indices([' ', '\t']).map(|(at, _)| at).find(is_outside).unwrap_or_default();
        let place = target.part(blank..blank + 1).map_or(target.span.clone(), |part| part.span);
        return findings.error(place, || words::malformed_start_line(StartFault::BlankInTarget));
    }
    // RFC 9112, section 3.2: no form of a target has one.
    if let Some(fragment) = target.text.find('#').and_then(|at| target.part(at..target.text.len())) {
        findings.warn(fragment.span, words::fragment);
    }
    let completed = format!("{} {filled} HTTP/1.1\r\n\r\n", method.text);
    if !matches!(httparse::Request::new(&mut []).parse(completed.as_bytes()), Ok(httparse::Status::Complete(_))) {
        let wrong = [target, method].into_iter().find_map(|text| {
            let (at, found) = text.text.char_indices().find(|(_, character)| character.is_control())?;
            Some(text.part(at..at + found.len_utf8())?.span)
        });
        let place = wrong.unwrap_or_else(|| span.clone());
        findings.error(place, || words::malformed_start_line(StartFault::Character));
    }
}

/// The first line of a response.
pub(super) fn response<'a>(lines: &mut Lines<'a>, line: &Line, findings: &mut Findings) -> StatusLine<'a> {
    lines.pass(line);
    let bytes = lines.bytes();
    let text = lines.text(line).trim_ascii_end();
    let at = line.text.start;
    let span = at..at + text.len();
    if let Some(status) = printed_status(text) {
        let digits = std::str::from_utf8(text.get(status.clone()).unwrap_or_default());
        let number: u16 = digits.ok().and_then(|digits| digits.parse().ok()).unwrap_or_default();
        let place = |range: Range<usize>| at + range.start..at + range.end;
        match number {
            100..=599 => findings.warn(span.clone(), || words::printed_status(number)),
            _ => findings.error(place(status.clone()), || words::malformed_start_line(StartFault::Status)),
        }
        return StatusLine {
            version: None,
            status: Some(number).filter(|status| (100..=599).contains(status)).unwrap_or_default(),
            status_span: place(status.clone()),
            reason: text_at(bytes, place(status.end..text.len())),
            span,
        };
    }
    let word_end = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        from + memchr2(b' ', b'\t', rest).unwrap_or(rest.len())
    };
    let skip = |from: usize| text.len() - text.get(from..).unwrap_or_default().trim_ascii_start().len();
    let version = 0..word_end(0);
    let status = skip(version.end)..word_end(skip(version.end));
    let reason = skip(status.end)..text.len();
    let digits = text.get(status.clone()).unwrap_or_default();
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    // RFC 9110, section 15: others are invalid.
    let number: Option<u16> = number.filter(|status| digits.len() == 3 && (100..=599).contains(status));
    let place = |range: &Range<usize>| at + range.start..at + range.end;
    if !VERSIONS.contains(&text.get(version.clone()).unwrap_or_default()) {
        findings.error(place(&version), || words::malformed_start_line(StartFault::Version));
    } else if number.is_none() {
        findings.error(place(&status), || words::malformed_start_line(StartFault::Status));
    } else {
        let completed = [b"HTTP/1.1", text.get(version.end..).unwrap_or_default(), b"\r\n\r\n"].concat();
        let parsed = httparse::Response::new(&mut []).parse(&completed);
        let fault = match parsed {
            Ok(_) => None,
            Err(httparse::Error::Version | httparse::Error::Status)
                if text.get(version.end..status.start) != Some(b" ") =>
            {
                Some(StartFault::Separator)
            }
            Err(_) => Some(StartFault::Character),
        };
        if let Some(fault) = fault {
            findings.error(span.clone(), || words::malformed_start_line(fault));
        }
    }
    StatusLine {
        version: Some(text_at(bytes, place(&version))),
        status: number.unwrap_or_default(),
        status_span: place(&status),
        reason: text_at(bytes, place(&reason)),
        span,
    }
}

fn text_at(bytes: &[u8], span: Range<usize>) -> Text<'_> {
    Text { text: String::from_utf8_lossy(bytes.get(span.clone()).unwrap_or_default()), span }
}
