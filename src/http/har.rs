//! HTTP archives: HAR 1.2. Bodies are JSON strings, without their codings; bytes that are not text are in base64.

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::coding::{Coding, CodingFault, Decoded};
use super::exchanges::Exchanges;
use super::findings::Findings;
use super::head::{fault_of, report_duplicates};
use super::{Body, BodyPlace, Field, Message, RequestLine, Start, StatusLine, Text, start};
use crate::Limits;
use crate::diagnostic::words::http::{self as words, FieldFault};
use crate::diagnostic::words::json::SyntaxError;
use crate::json::{Reader, Token};

/// The first bytes of a gzip body (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads the entries of an archive.
pub(super) fn read<'a>(bytes: &'a [u8], limits: &Limits, exchanges: Exchanges<'a, '_>, findings: &mut Findings) {
    let mut archive = Archive {
        bytes,
        reader: Reader::new(bytes, limits.depth),
        limits,
        findings,
        exchanges,
        left: limits.decoded_bytes,
        is_full: false,
    };
    archive.document();
}

struct Archive<'a, 'f, 't> {
    bytes: &'a [u8],
    reader: Reader<'a>,
    limits: &'f Limits,
    findings: &'f mut Findings,
    exchanges: Exchanges<'a, 't>,
    /// How many more bytes may be decoded.
    left: usize,
    /// Whether no more messages are read.
    is_full: bool,
}

/// What a request and a response have in common.
#[derive(Default)]
struct Parts<'a> {
    version: Option<Text<'a>>,
    fields: Vec<Field<'a>>,
    /// Whether no more fields are read.
    is_full: bool,
    content: Content<'a>,
}

/// `postData` or `content`.
#[derive(Default)]
struct Content<'a> {
    text: Option<Text<'a>>,
    /// The place of a value that is not a string, which is reported.
    unreadable: Option<Range<usize>>,
    /// The coding of the text.
    encoding: Option<Text<'a>>,
    /// The parameters of a form, instead of the text.
    parameters: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    span: Range<usize>,
    /// The number of bytes.
    size: i64,
}

impl<'a> Archive<'a, '_, '_> {
    // ---- JSON ----

    fn token(&mut self) -> Token<'a> {
        let findings = &mut *self.findings;
        self.reader.next(&mut |fault| {
            // Some tools write one before an archive.
            if fault.kind != SyntaxError::ByteOrderMark {
                findings.add_diagnostic(|| fault.into_diagnostic(String::new()));
            }
        })
    }

    /// Skips a value that begins with this token.
    fn pass(&mut self, token: &Token<'_>) {
        let mut depth = usize::from(matches!(token, Token::BeginObject | Token::BeginArray));
        while depth > 0 {
            match self.token() {
                Token::BeginObject | Token::BeginArray => depth += 1,
                Token::EndObject | Token::EndArray => depth -= 1,
                Token::Eof => return,
                _ => {}
            }
        }
    }

    /// The members of an object whose value begins with `token`: `member` reads the value, or skips it. Returns whether
    /// it is an object.
    fn object(&mut self, token: &Token<'_>, mut member: impl FnMut(&mut Self, &str, Token<'a>)) -> bool {
        if *token != Token::BeginObject {
            self.pass(token);
            return false;
        }
        loop {
            match self.token() {
                Token::Name(name) => {
                    let value = self.token();
                    member(self, &name, value);
                }
                Token::FaultyName => {
                    let value = self.token();
                    self.pass(&value);
                }
                Token::EndObject | Token::Eof => return true,
                _ => {}
            }
        }
    }

    /// The items of an array, like the members in [`Archive::object`].
    fn array(&mut self, token: &Token<'_>, mut item: impl FnMut(&mut Self, Token<'a>)) -> bool {
        if *token != Token::BeginArray {
            self.pass(token);
            return false;
        }
        loop {
            match self.token() {
                Token::EndArray | Token::Eof => return true,
                value => item(self, value),
            }
        }
    }

    fn string(&mut self, token: Token<'a>) -> Option<Text<'a>> {
        match token {
            Token::String(text) => {
                let span = self.reader.span();
                // Without the quotes.
                let inside = span.start + 1..span.end.saturating_sub(1).max(span.start + 1);
                Some(Text { text, span: inside })
            }
            other => {
                self.pass(&other);
                None
            }
        }
    }

    fn number(&mut self, token: &Token<'a>) -> Option<i64> {
        match token {
            Token::Number(number) => number.parse().ok(),
            other => {
                self.pass(other);
                None
            }
        }
    }

    // ---- the archive ----

    fn document(&mut self) {
        let first = self.token();
        let begin = self.reader.span();
        let mut has_entries = false;
        self.object(&first, |archive, name, value| match name {
            "log" => {
                archive.object(&value, |archive, name, value| match name {
                    "entries" => has_entries |= archive.array(&value, |archive, entry| archive.entry(&entry)),
                    _ => archive.pass(&value),
                });
            }
            _ => archive.pass(&value),
        });
        // To the end, in case more follows.
        while self.token() != Token::Eof {}
        if !has_entries {
            self.findings.error(begin, || words::malformed_har("the array `entries` in the object `log`"));
        }
    }

    fn entry(&mut self, token: &Token<'_>) {
        if self.is_full || self.exchanges.messages() >= self.limits.messages {
            if !std::mem::replace(&mut self.is_full, true) {
                let span = self.reader.span();
                self.findings.error(span, || words::too_many_messages(self.limits.messages));
            }
            return self.pass(token);
        }
        let begin = self.reader.span();
        let (mut request, mut response) = (None, None);
        let (mut has_request, mut has_response) = (false, false);
        let is_object = self.object(token, |archive, name, value| match name {
            "request" if !has_request => {
                has_request = true;
                request = archive.request(&value);
            }
            "response" if !has_response => {
                has_response = true;
                response = archive.response(&value);
            }
            _ => archive.pass(&value),
        });
        if !is_object || !has_request {
            self.findings.error(begin.clone(), || words::malformed_har("an object with the member `request`"));
        }
        let count = usize::from(request.is_some()) + usize::from(response.is_some());
        if self.exchanges.messages() + count > self.limits.messages {
            response = None;
            self.is_full = true;
            self.findings.error(begin, || words::too_many_messages(self.limits.messages));
        }
        if count > 0 {
            self.exchanges.add_both(request, response);
        }
    }

    fn request(&mut self, token: &Token<'_>) -> Option<Message<'a>> {
        let begin = self.reader.span();
        let (mut method, mut target, mut parts) = (None, None, Parts::default());
        self.object(token, |archive, name, value| match name {
            "method" => method = archive.string(value),
            "url" => target = archive.string(value),
            "postData" => archive.content(&value, &mut parts.content),
            "bodySize" => parts.content.size = archive.number(&value).unwrap_or_default(),
            _ => archive.part(name, value, &mut parts),
        });
        let span = begin.start..self.reader.span().end;
        let (Some(method), Some(target)) = (method, target) else {
            self.findings.error(begin, || words::malformed_har("the strings `method` and `url` in the request"));
            return None;
        };
        start::check(&method, &target, &target.span, self.findings);
        let body = self.body(parts.content, &method.span);
        let line = RequestLine { span: target.span.clone(), method, target, version: parts.version };
        Some(self.message(Start::Request(line), parts.fields, body, span))
    }

    fn response(&mut self, token: &Token<'_>) -> Option<Message<'a>> {
        let begin = self.reader.span();
        let (mut status, mut reason, mut parts) = (None, None, Parts::default());
        self.object(token, |archive, name, value| match name {
            "status" => {
                let place = archive.reader.span();
                status = archive.number(&value).map(|status| (status, place));
            }
            "statusText" => reason = archive.string(value),
            "content" => archive.content(&value, &mut parts.content),
            _ => archive.part(name, value, &mut parts),
        });
        let span = begin.start..self.reader.span().end;
        let (status, status_span) = match status {
            // There was no answer.
            Some((..=0, _)) => return None,
            Some((status @ 100..=999, place)) => (status, place),
            _ => {
                self.findings.error(begin, || words::malformed_har("a `status` of three digits in the response"));
                return None;
            }
        };
        if matches!(status, 204 | 304) {
            parts.content.size = 0;
        }
        let body = self.body(parts.content, &status_span);
        let line = StatusLine {
            version: parts.version,
            status: u16::try_from(status).unwrap_or_default(),
            status_span: status_span.clone(),
            reason: reason.unwrap_or(Text { text: Cow::Borrowed(""), span: status_span.end..status_span.end }),
            span: status_span,
        };
        Some(self.message(Start::Response(line), parts.fields, body, span))
    }

    fn message(&mut self, start: Start<'a>, fields: Vec<Field<'a>>, body: Body<'a>, span: Range<usize>) -> Message<'a> {
        report_duplicates(&fields, self.findings);
        Message { start, fields, body, trailers: Vec::new(), span }
    }

    fn part(&mut self, name: &str, value: Token<'a>, parts: &mut Parts<'a>) {
        match name {
            "httpVersion" => parts.version = self.string(value).filter(|version| !version.text.is_empty()),
            "headers" => {
                let mut completed = Vec::new();
                self.array(&value, |archive, header| archive.field(&header, parts, &mut completed));
            }
            _ => self.pass(&value),
        }
    }

    fn field(&mut self, token: &Token<'_>, parts: &mut Parts<'a>, completed: &mut Vec<u8>) {
        let begin = self.reader.span();
        let Some((name, value)) = self.pair(token) else {
            return self.findings.error(begin, || words::malformed_har("a field with its name and value"));
        };
        // RFC 9113, section 8.3: method, target and status in HTTP/2.
        if name.text.starts_with(':') {
            return;
        }
        let value_span = value.span;
        // Browsers join several fields with one name by line feeds.
        let values: Vec<Cow<'a, str>> = match value.text {
            Cow::Owned(text) if text.contains('\n') => {
                text.split('\n').map(|text| Cow::Owned(text.to_owned())).collect()
            }
            text => vec![text],
        };
        for text in values {
            if parts.fields.len() >= self.limits.fields {
                if !std::mem::replace(&mut parts.is_full, true) {
                    self.findings.error(name.span.clone(), || words::too_many_fields(self.limits.fields));
                }
                return;
            }
            let fault = fault_of(name.text.as_bytes(), text.as_bytes(), completed);
            if let Some(fault) = fault {
                let span = if fault == FieldFault::Name { &name.span } else { &value_span };
                self.findings.error(span.clone(), || words::malformed_field(fault, &name.text));
                if fault == FieldFault::Name {
                    return;
                }
            }
            let value = match text {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            };
            let (name, name_span) = (name.text.clone(), name.span.clone());
            parts.fields.push(Field { name, value, name_span, value_span: value_span.clone() });
        }
    }

    /// `{"name": …, "value": …}`
    fn pair(&mut self, token: &Token<'_>) -> Option<(Text<'a>, Text<'a>)> {
        let (mut name, mut value) = (None, None);
        self.object(token, |archive, member, token| match member {
            "name" => name = archive.string(token),
            "value" => value = archive.string(token),
            _ => archive.pass(&token),
        });
        Some((name?, value?))
    }

    // ---- bodies ----

    fn content(&mut self, token: &Token<'_>, content: &mut Content<'a>) {
        content.span = self.reader.span();
        self.object(token, |archive, name, value| match name {
            "text" => archive.text(value, content),
            "encoding" => content.encoding = archive.string(value),
            "size" => content.size = archive.number(&value).unwrap_or_default(),
            "params" => {
                archive.array(&value, |archive, parameter| {
                    if let Some((name, value)) = archive.pair(&parameter) {
                        content.parameters.push((name.text, value.text));
                    }
                });
            }
            _ => archive.pass(&value),
        });
    }

    fn text(&mut self, value: Token<'a>, content: &mut Content<'a>) {
        let span = self.reader.span();
        if !matches!(value, Token::String(_) | Token::Null | Token::Faulty) {
            self.findings.error(span.clone(), || words::malformed_har("a string in `text`"));
        }
        let is_readable = matches!(value, Token::String(_) | Token::Null);
        content.unreadable = (!is_readable).then_some(span);
        content.text = self.string(value);
    }

    /// The body; `place` is where its absence from the message is reported.
    fn body(&mut self, content: Content<'a>, place: &Range<usize>) -> Body<'a> {
        let Content { text, unreadable, encoding, parameters, span, size } = content;
        if let Some(span) = unreadable {
            return self.undecoded(span);
        }
        let Some(text) = text.filter(|text| !text.text.is_empty()) else {
            return if !parameters.is_empty() {
                Body {
                    bytes: Cow::Owned(form_of(&parameters).into_bytes()),
                    place: BodyPlace::Decoded { how: "parameters of the archive".to_owned(), span },
                    is_whole: true,
                }
            } else if size > 0 {
                self.findings.warn(place.clone(), words::body_not_captured);
                Body { bytes: Cow::Borrowed(b""), place: BodyPlace::NotCaptured { at: place.end }, is_whole: false }
            } else {
                Body { bytes: Cow::Borrowed(b""), place: BodyPlace::InCapture(place.end..place.end), is_whole: true }
            };
        };
        let span = text.span;
        match encoding.filter(|encoding| !encoding.text.is_empty()) {
            None => match text.text {
                Cow::Borrowed(text) => {
                    Body { bytes: Cow::Borrowed(text.as_bytes()), place: BodyPlace::InCapture(span), is_whole: true }
                }
                Cow::Owned(text) => Body {
                    bytes: Cow::Owned(text.into_bytes()),
                    place: BodyPlace::Decoded { how: "string of JSON".to_owned(), span },
                    is_whole: true,
                },
            },
            Some(encoding) if encoding.text.eq_ignore_ascii_case("base64") => self.decode_base64(&text.text, span),
            Some(encoding) => {
                self.findings.warn(encoding.span.clone(), || words::unknown_coding(&encoding.text));
                self.undecoded(span)
            }
        }
    }

    fn decode_base64(&mut self, text: &str, span: Range<usize>) -> Body<'a> {
        if text.len() / 4 * 3 > self.left.saturating_add(2) {
            self.findings.error(span.clone(), || words::decoded_too_large(self.limits.decoded_bytes));
            return self.undecoded(span);
        }
        // RFC 2045, section 6.8: some tools write it in lines.
        let in_one_line: Cow<'_, str> = match text.contains(['\n', '\r']) {
            true => text.replace(['\n', '\r'], "").into(),
            false => text.into(),
        };
        let Ok(bytes) = STANDARD.decode(&*in_one_line) else {
            self.findings.error(span.clone(), || words::malformed_coding("base64"));
            return self.undecoded(span);
        };
        self.left = self.left.saturating_sub(bytes.len());
        match bytes.starts_with(&GZIP) {
            true => self.unzip(&bytes, span),
            false => decoded(bytes, "base64", span),
        }
    }

    /// An archive holds a body without its codings; some tools leave the content as it was sent.
    fn unzip(&mut self, zipped: &[u8], span: Range<usize>) -> Body<'a> {
        match Coding::Gzip.decode(zipped, self.left) {
            Ok(Decoded { bytes, .. }) => {
                self.left -= bytes.len();
                decoded(bytes, "base64, gzip", span)
            }
            Err(fault) => {
                self.findings.error(span.clone(), || match fault {
                    CodingFault::TooLarge => words::decoded_too_large(self.limits.decoded_bytes),
                    CodingFault::Malformed => words::malformed_coding(Coding::Gzip.name()),
                });
                self.undecoded(span)
            }
        }
    }

    fn undecoded(&self, span: Range<usize>) -> Body<'a> {
        let bytes = Cow::Borrowed(self.bytes.get(span.clone()).unwrap_or_default());
        Body { bytes, place: BodyPlace::Undecoded { span }, is_whole: true }
    }
}

fn decoded<'a>(bytes: Vec<u8>, how: &str, span: Range<usize>) -> Body<'a> {
    Body { bytes: Cow::Owned(bytes), place: BodyPlace::Decoded { how: how.to_owned(), span }, is_whole: true }
}

/// The parameters as a form body (URL Standard, section 5.2).
fn form_of(parameters: &[(Cow<'_, str>, Cow<'_, str>)]) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> =
        parameters.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    pairs.join("&")
}
