//! Heads: RFC 9112, sections 2.1 and 5; RFC 9110, section 5.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use memchr::memchr;

use super::findings::Findings;
use super::lines::{Line, Lines, is_blank, line_at};
use super::start::{self, Direction};
use super::{Field, Start};
use crate::Limits;
use crate::diagnostic::Severity;
use crate::diagnostic::secret::SecretNames;
use crate::diagnostic::words::http::{self as words, FieldFault};

/// A head.
pub(super) struct Head<'a> {
    pub(super) start: Start<'a>,
    pub(super) fields: Vec<Field<'a>>,
    /// Where it begins.
    pub(super) begin: usize,
    /// Where it ends: a body would begin there.
    pub(super) end: usize,
}

/// Fields that have a single value (RFC 9110, and 9111 for caches). `Content-Length` is checked with the body.
const SINGLE: [&str; 14] = [
    "Host",
    "Content-Type",
    "Content-Location",
    "Content-Range",
    "Authorization",
    "Proxy-Authorization",
    "Date",
    "Expires",
    "Last-Modified",
    "ETag",
    "Location",
    "Retry-After",
    "Server",
    "User-Agent",
];

/// Fields that only requests have (RFC 9110, sections 7.2, 10.1, 11.6.2, 12.5; RFC 6265, section 4.2).
const OF_REQUESTS: [&str; 9] = [
    "Host",
    "User-Agent",
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Expect",
    "Referer",
    "Cookie",
];

impl<'a> Head<'a> {
    /// Reads a head from its first line on.
    pub(super) fn read(lines: &mut Lines<'a>, limits: &Limits, findings: &mut Findings) -> Option<Head<'a>> {
        let line = lines.peek()?;
        let begin = lines.place();
        let start = match start::direction(lines.text(&line)) {
            Some(Direction::Request) => Start::Request(start::request(lines, &line, findings)),
            Some(Direction::Response) => Start::Response(start::response(lines, &line, findings)),
            None => {
                findings.warn(line.text.clone(), words::missing_start_line);
                Start::Missing
            }
        };
        let fields = read_fields(lines, limits, findings);
        report_duplicates(&fields, findings);
        Some(Head { start, fields, begin, end: lines.place() })
    }

    pub(super) fn is_request(&self) -> bool {
        match self.start {
            Start::Request(_) => true,
            Start::Response(_) => false,
            Start::Missing => {
                let is_of_request = |name: &str| OF_REQUESTS.iter().any(|known| known.eq_ignore_ascii_case(name));
                self.fields.iter().any(|field| is_of_request(&field.name) || field.is_secret() && !is_set_cookie(field))
            }
        }
    }

    pub(super) fn fields_named<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h Field<'a>> {
        self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name))
    }
}

fn is_set_cookie(field: &Field<'_>) -> bool {
    field.name.eq_ignore_ascii_case("Set-Cookie")
}

/// Whether a line is a field, so that a head may begin with it. A URL is not.
pub(super) fn is_field(line: &[u8]) -> bool {
    let Some((name, value)) = memchr(b':', line).and_then(|colon| line.split_at_checked(colon)) else { return false };
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !name.is_empty() && name.iter().all(is_of_name) && !value.starts_with(b"://")
}

/// The fields of a head or a trailer, and the empty line after them.
pub(super) fn read_fields<'a>(lines: &mut Lines<'a>, limits: &Limits, findings: &mut Findings) -> Vec<Field<'a>> {
    let mut fields = Vec::new();
    let mut completed = Vec::new();
    let mut is_within = true;
    while let Some(line) = lines.peek() {
        if is_blank(lines.bytes(), &line) {
            lines.pass(&line);
            return fields;
        }
        if let Some(found) = what_follows(lines.text(&line)).filter(|_| !lines.are_marked()) {
            findings.warn(line.text.start..(line.text.start + 1), || words::missing_empty_line(found));
            return fields;
        }
        lines.pass(&line);
        let folds = folded_lines(lines);
        if fields.len() < limits.fields {
            fields.extend(read_field(lines.bytes(), line, folds, &mut completed, findings));
        } else if std::mem::take(&mut is_within) {
            findings.error(line.text.clone(), || words::too_many_fields(limits.fields));
        }
    }
    // `> POST …`, followed by the lines of the response or its body.
    if lines.are_marked()
        && let Some(body) = line_at(lines.bytes(), lines.place())
        && matches!(lines.text(&body), [b'{' | b'[', ..] | [b'<', b'!'..=b'~', ..])
    {
        findings.warn(body.text.start..body.text.start + 1, || words::missing_empty_line("the body"));
    }
    fields
}

/// What a line in a head begins, if the empty line was omitted.
fn what_follows(line: &[u8]) -> Option<&'static str> {
    let is_form = || {
        let name = line.get(..memchr(b'=', line).unwrap_or(0)).unwrap_or_default();
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    if matches!(line.first(), Some(b'{' | b'[' | b'<')) || is_form() {
        Some("the body")
    } else if start::direction(line).is_some() {
        Some("another message")
    } else {
        None
    }
}

/// The continuation lines of the previous line: RFC 9112, section 5.2.
fn folded_lines(lines: &mut Lines<'_>) -> Vec<Range<usize>> {
    let mut folds = Vec::new();
    while let Some(line) = lines.peek() {
        let is_folded = matches!(lines.text(&line).first(), Some(b' ' | b'\t')) && !is_blank(lines.bytes(), &line);
        if !is_folded {
            break;
        }
        lines.pass(&line);
        folds.push(line.text);
    }
    folds
}

/// A field, if a line is one. It is completed to a single line with the prescribed ending, which `httparse` then
/// checks.
fn read_field<'a>(
    bytes: &'a [u8],
    line: Line,
    folds: Vec<Range<usize>>,
    completed: &mut Vec<u8>,
    findings: &mut Findings,
) -> Option<Field<'a>> {
    let text = bytes.get(line.text.clone()).unwrap_or_default();
    let Some(colon) = memchr(b':', text) else {
        conceal_after_name(bytes, &line, &folds, findings);
        findings.error(line.text, || words::malformed_field(FieldFault::NoColon, ""));
        return None;
    };
    let written = text.get(..colon).unwrap_or_default();
    let length = written.trim_ascii_end().len();
    let name_span = line.text.start..line.text.start + length;
    let name = String::from_utf8_lossy(bytes.get(name_span.clone()).unwrap_or_default());
    let first = trimmed(bytes, line.text.start + colon + 1..line.text.end);
    let (value, value_span) = match folds.last() {
        None => (Cow::Borrowed(bytes.get(first.clone()).unwrap_or_default()), first),
        Some(last) => {
            let span = line.text.start..trimmed(bytes, last.clone()).end;
            findings.warn(span.clone(), || words::folded_field(&name));
            let pieces = std::iter::once(&first).chain(&folds).map(|piece| trimmed(bytes, piece.clone()));
            let pieces = pieces.filter(|piece| !piece.is_empty()).filter_map(|piece| bytes.get(piece));
            (Cow::Owned(pieces.collect::<Vec<_>>().join(&b' ')), first.start..span.end)
        }
    };
    let fault = match length < colon && length > 0 {
        true => Some(FieldFault::BlankBeforeColon),
        false => fault_of(name.as_bytes(), &value, completed),
    };
    if let Some(fault) = fault {
        conceal_after_name(bytes, &line, &folds, findings);
        let span =
            if fault == FieldFault::Value { value_span.clone() } else { line.text.start..line.text.start + colon };
        findings.error(span, || words::malformed_field(fault, &name));
    }
    (fault != Some(FieldFault::Name)).then_some(Field { name, value, name_span, value_span })
}

/// Conceals what follows the name of a credential, however the line is written.
fn conceal_after_name(bytes: &[u8], line: &Line, folds: &[Range<usize>], findings: &mut Findings) {
    let text = bytes.get(line.text.clone()).unwrap_or_default();
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let length = text.iter().position(|byte| !is_of_name(byte)).unwrap_or(text.len());
    if SecretNames::of_credentials().are_of_field(text.get(..length).unwrap_or_default()) {
        let end = folds.last().map_or(line.text.end, |last| last.end);
        findings.conceal(line.text.start + length..end);
    }
}

/// The error of a field, if it has one. `completed` is only memory to reuse.
pub(super) fn fault_of(name: &[u8], value: &[u8], completed: &mut Vec<u8>) -> Option<FieldFault> {
    completed.clear();
    for piece in [name, b": ", value, b"\r\n\r\n"] {
        completed.extend_from_slice(piece);
    }
    match httparse::parse_headers(completed, &mut [httparse::EMPTY_HEADER]) {
        Ok(httparse::Status::Complete((length, _))) if length == completed.len() => None,
        Err(httparse::Error::HeaderName) => Some(FieldFault::Name),
        _ => Some(FieldFault::Value),
    }
}

/// The span without surrounding spaces and tabs; an empty one begins after them.
fn trimmed(bytes: &[u8], span: Range<usize>) -> Range<usize> {
    let text = bytes.get(span.clone()).unwrap_or_default();
    let start = span.end - text.trim_ascii_start().len();
    start..start + text.trim_ascii().len()
}

/// RFC 9110, section 5.3.
pub(super) fn report_duplicates(fields: &[Field<'_>], findings: &mut Findings) {
    let mut first: HashMap<&str, &Field<'_>> = HashMap::new();
    for field in fields {
        let Some(name) = SINGLE.iter().find(|name| name.eq_ignore_ascii_case(&field.name)) else { continue };
        let Some(earlier) = first.get(name) else {
            first.insert(name, field);
            continue;
        };
        // RFC 9112, section 3.2: a server must refuse a request with two.
        let severity = if *name == "Host" { Severity::Error } else { Severity::Warning };
        let related = (earlier.name_span.clone(), "first given here");
        findings.add_related(severity, field.name_span.clone(), related, || words::duplicate_field(&field.name));
    }
}
