//! Checks a request against the documentation of its operation.

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::Findings;
use super::check_url;
use crate::diagnostic::Severity;
use crate::diagnostic::words::Words;
use crate::diagnostic::words::operation::{self as words, ParameterFault};
use crate::diagnostic::words::{http::duplicate_field, url as url_words};
use crate::http::{BodyPlace, Message, Start, Text};
use crate::text::nearest::nearest;
use crate::text::url;

/// The documentation of a request.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The first is the usual one.
    pub(crate) methods: &'static [&'static str],
    pub(crate) path: &'static [Segment],
    /// The severity of another path.
    pub(crate) other_path: Severity,
    /// Whether the parameters of the operation are in the query.
    pub(crate) has_query: bool,
    pub(crate) fields: &'static [Field],
    /// The fields that every head has.
    pub(crate) head: &'static [&'static str],
    pub(crate) body: Body,
}

/// A part of a path, between two `/`.
#[derive(Debug)]
pub(crate) enum Segment {
    Is(&'static str),
    Parameter(PathParameter),
}

/// A parameter in a path: its length in characters.
#[derive(Debug)]
pub(crate) struct PathParameter {
    pub(crate) name: &'static str,
    pub(crate) limits: (usize, usize),
    /// The limits in later editions of the page.
    pub(crate) later: (usize, usize),
}

/// A documented field of the head.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// Its length in characters.
    pub(crate) limits: (usize, usize),
    pub(crate) required: Requirement,
}

/// Whether a field is required.
#[derive(Debug)]
pub(crate) enum Requirement {
    /// Unless another field is present: its name, and which sources say what.
    Unless(&'static str, &'static str),
    /// According to some pages: which say so, and which do not.
    Disputed(&'static str),
    No,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) enum Body {
    /// No body is documented.
    None(&'static str),
    /// A body is required.
    Required {
        /// Its syntax.
        form: &'static str,
        content_types: &'static [&'static str],
        /// The severity of another content type. If it is an error, a content type is required.
        other_type: Severity,
    },
    /// The operation checks the body itself.
    Any,
}

/// Checks a request against its operation. Returns its path parameter, if the path is that of the operation and the
/// parameter is within its limits.
pub(crate) fn check<'m>(
    message: &'m Message<'_>,
    operation: &Operation,
    findings: &mut Findings,
) -> Option<Cow<'m, str>> {
    let parameter = check_line(message, operation, findings);
    check_fields(message, operation, findings);
    check_body(message, operation, findings);
    parameter
}

fn check_line<'m>(message: &'m Message<'_>, operation: &Operation, findings: &mut Findings) -> Option<Cow<'m, str>> {
    let line = message.request_line()?;
    let method = &line.method;
    // RFC 9110, section 9.1: methods are case-sensitive.
    if !operation.methods.contains(&&*method.text) {
        let words = words::unexpected_method(operation.methods, &method.text);
        findings.add(Severity::Error, words, method.span.clone(), "");
    }
    let target = &line.target;
    let parts = url::target(target.text.as_bytes());
    let place = |range: Range<usize>| target.part(range).map_or_else(|| target.span.clone(), |part| part.span);
    check_url(target.text.as_bytes(), &parts, |severity, words, span| {
        findings.add(severity, words, place(span), "");
    });
    if let Some(query) = parts.query.filter(|_| !operation.has_query) {
        findings.add(Severity::Warning, words::unexpected_query(), place(query), "");
    }
    let path = target.part(parts.path.clone())?;
    check_path(&path, parts.path.start, target, operation, findings)
}

fn check_path<'m>(
    path: &Text<'_>,
    start: usize,
    target: &'m Text<'_>,
    operation: &Operation,
    findings: &mut Findings,
) -> Option<Cow<'m, str>> {
    // RFC 9110, section 4.2.3: an empty path is `/`.
    let written = if path.text.is_empty() { "/" } else { &*path.text };
    let mut found = written.strip_prefix('/').unwrap_or(written).split('/');
    let mut at = start + written.len() - written.strip_prefix('/').unwrap_or(written).len();
    let mut parameter = None;
    for segment in operation.path {
        let text = found.next();
        match (segment, text) {
            (Segment::Is(expected), Some(text)) if *expected == text => {}
            (Segment::Parameter(rule), Some(text)) => parameter = Some((rule, at..at + text.len())),
            _ => {
                findings.add(
                    operation.other_path,
                    url_words::unexpected_path(&documented(operation)),
                    path.span.clone(),
                    "",
                );
                return None;
            }
        }
        at += text.map_or(0, str::len) + 1;
    }
    if found.next().is_some() {
        findings.add(operation.other_path, url_words::unexpected_path(&documented(operation)), path.span.clone(), "");
        return None;
    }
    let (rule, range) = parameter?;
    let span = target.part(range.clone()).map_or_else(|| target.span.clone(), |part| part.span);
    rule.read(target.text.get(range)?, span, findings)
}

/// The path as the documentation writes it.
fn documented(operation: &Operation) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Is(text) => format!("/{text}"),
        Segment::Parameter(parameter) => format!("/{{{}}}", parameter.name),
    };
    operation.path.iter().map(segment).collect()
}

impl PathParameter {
    /// The parameter of a path, if it is within its limits.
    fn read<'t>(&self, written: &'t str, span: Range<usize>, findings: &mut Findings) -> Option<Cow<'t, str>> {
        let mut fail = |fault| {
            findings.add(Severity::Error, words::path_parameter(self.name, fault), span.clone(), self.name);
            None
        };
        let is_escape = |at: usize| {
            let digits = written.as_bytes().get(at + 1..at + 3);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        if memchr::memchr_iter(b'%', written.as_bytes()).any(|at| !is_escape(at)) {
            return fail(ParameterFault::Escape);
        }
        let Ok(text) = percent_decode_str(written).decode_utf8() else { return fail(ParameterFault::Utf8) };
        // RFC 3986, section 5.2.4.
        if matches!(&*text, "." | "..") {
            return fail(ParameterFault::DotSegment);
        }
        let found = text.chars().count();
        let is_within = |(least, most): (usize, usize)| (least..=most).contains(&found);
        if !is_within(self.limits) {
            return fail(ParameterFault::TooLong { most: self.limits.1, found });
        }
        if !is_within(self.later) {
            let words = words::path_parameter_later(self.name, self.limits, self.later, found);
            findings.add(Severity::Warning, words, span, self.name);
        }
        Some(text)
    }
}

/// The place of a field with a name similar to this one.
fn misspelt<'m>(message: &'m Message<'_>, name: &str) -> Option<(Range<usize>, &'m str)> {
    let names: Vec<String> = message.fields.iter().map(|field| field.name.to_ascii_lowercase()).collect();
    let index = nearest(&name.to_ascii_lowercase(), names.iter().map(String::as_str))?;
    message.fields.get(index).map(|field| (field.name_span.clone(), &*field.name))
}

fn check_fields(message: &Message<'_>, operation: &Operation, findings: &mut Findings) {
    let start = message.span.start..message.request_line().map_or(message.span.start, |line| line.span.end);
    if is_printed(message) {
        let words = match operation.fields {
            [Field { name, required: Requirement::Disputed(pages), .. }] => words::missing_field_disputed(name, pages),
            _ if operation.head.is_empty() => return,
            _ => words::missing_head(operation.head),
        };
        return findings.add(Severity::Warning, words, start, "");
    }
    check_host(message, findings);
    for field in operation.fields {
        let mut given = message.fields_named(field.name);
        let Some(first) = given.next() else {
            let (severity, words) = match field.required {
                Requirement::Unless(other, _) if message.field(other).is_none() => {
                    (Severity::Error, words::missing_field(field.name))
                }
                Requirement::Unless(_, pages) | Requirement::Disputed(pages) => {
                    (Severity::Warning, words::missing_field_disputed(field.name, pages))
                }
                Requirement::No => continue,
            };
            match misspelt(message, field.name) {
                Some((place, found)) => {
                    findings.add(severity, words::misspelt_field(words, field.name, found), place, field.name);
                }
                None => findings.add(severity, words, start.clone(), field.name),
            }
            continue;
        };
        if let Some(words) = field.fault(&first.value) {
            findings.add(Severity::Error, words, first.value_span.clone(), field.name);
        }
        for again in given {
            let related = (first.name_span.clone(), "first given here");
            let words = duplicate_field(&again.name);
            findings.add_related(Severity::Error, words, again.name_span.clone(), field.name, related);
        }
    }
}

/// Whether this is only the first line of a request, as documentation prints requests, and as people cut the output of
/// `curl -v`. One captured as it was sent has a head.
pub(crate) fn is_printed(message: &Message<'_>) -> bool {
    let Start::Request(line) = &message.start else { return false };
    message.fields.is_empty() && (line.version.is_none() || matches!(message.body.place, BodyPlace::NotCaptured { .. }))
}

/// RFC 9112, section 3.2. (Two `Host` fields are an HTTP error.)
fn check_host(message: &Message<'_>, findings: &mut Findings) {
    let Start::Request(line) = &message.start else { return };
    let is_whole = url::target(line.target.text.as_bytes()).host.is_some();
    match message.field("Host") {
        None if !is_whole && line.version.as_ref().is_some_and(|version| version.text == "HTTP/1.1") => {
            findings.add(Severity::Error, words::missing_host_field(), line.span.clone(), "Host");
        }
        None => {}
        Some(host) => {
            if let Some(words) = super::url::host_fault(&host.text()) {
                findings.add(Severity::Error, words, host.value_span.clone(), "Host");
            }
        }
    }
}

impl Field {
    /// The fault of a value, which is not quoted.
    fn fault(&self, value: &[u8]) -> Option<Words> {
        let Ok(text) = std::str::from_utf8(value) else { return Some(words::field_not_utf8(self.name)) };
        let (least, most) = self.limits;
        let found = text.chars().count();
        match found {
            _ if found < least => Some(words::field_too_short(self.name, least, found)),
            _ if found > most => Some(words::field_too_long(self.name, most, found)),
            _ => None,
        }
    }
}

fn check_body(message: &Message<'_>, operation: &Operation, findings: &mut Findings) {
    let is_empty = message.body.bytes.trim_ascii().is_empty();
    match &operation.body {
        Body::None(others) if !is_empty => {
            findings.add(Severity::Warning, words::unexpected_body(others), first_byte(message), "");
        }
        Body::Required { form, .. } if is_empty => {
            // What is not in the capture may have been sent; with another method, that is the mistake.
            let is_right = message.request_line().is_none_or(|line| operation.methods.contains(&&*line.method.text));
            if is_right && matches!(message.body.place, BodyPlace::InCapture(_)) && message.body.is_whole {
                findings.add(Severity::Error, words::missing_body_of_request(form), end(message), "");
            }
        }
        Body::Required { content_types, other_type, .. } => {
            check_content_type(message, content_types, *other_type, findings);
        }
        Body::None(_) | Body::Any => {}
    }
}

/// Checks whether the content type is one of these.
pub(crate) fn check_content_type(
    message: &Message<'_>,
    expected: &[&str],
    severity: Severity,
    findings: &mut Findings,
) {
    match (message.content_type(), message.field("Content-Type")) {
        (Some(found), _) if expected.iter().any(|known| known.eq_ignore_ascii_case(found)) => {}
        (Some(found), Some(field)) => {
            let words = words::unexpected_content_type(expected, Some(found));
            findings.add(severity, words, field.value_span.clone(), "Content-Type");
        }
        (None, Some(field)) => {
            let words = words::unexpected_content_type(expected, None);
            findings.add(severity, words, field.value_span.clone(), "Content-Type");
        }
        // A warning is not based on a page, only on what clients do.
        (_, None) if severity == Severity::Warning || is_printed(message) => {}
        (_, None) => {
            let start = message.span.start..message.request_line().map_or(message.span.start, |line| line.span.end);
            findings.add(severity, words::unexpected_content_type(expected, None), start, "Content-Type");
        }
    }
}

/// The first byte of the body.
pub(crate) fn first_byte(message: &Message<'_>) -> Range<usize> {
    let span = message.body.span();
    span.start..(span.start + 1).min(span.end)
}

/// The place where a body would be.
pub(super) fn end(message: &Message<'_>) -> Range<usize> {
    message.span.end..message.span.end
}
