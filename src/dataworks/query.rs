//! Query strings and form bodies: `name=value` pairs, percent-encoded, each with its place.
//!
//! Parsing follows `application/x-www-form-urlencoded` (WHATWG URL, section 5.1): pairs are separated by `&`, a name
//! ends at the first `=`, `+` is a space. Unlike that standard, which accepts anything, it reports faults.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};

/// A fault or oddity in how a part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// `%` without two hexadecimal digits.
    Escape,
    /// The escapes do not decode to UTF-8.
    Utf8,
    /// An unescaped character that a URL may not contain (RFC 3986, section 3.4).
    Unescaped,
}

/// A name or a value as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    raw: &'a [u8],
    at: usize,
}

/// A parameter as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) name: Part<'a>,
    pub(super) value: Part<'a>,
}

/// The place of the query in a URL, a query with or without its `?`, or a form body.
///
/// A `?` before the first `=` and `&` begins the query: what is before it is the rest of a URL, and a `#` after it ends
/// it. Line breaks at the very end, as editors add them, are not part of it.
pub(super) fn find(bytes: &[u8]) -> Range<usize> {
    let end = bytes.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |last| last + 1);
    let text = bytes.get(..end).unwrap_or_default();
    let is_url = [&b"http://"[..], b"https://", b"/"].iter().any(|begin| starts_with(text, begin));
    let head = if is_url { end } else { memchr2(b'=', b'&', text).unwrap_or(end) };
    match memchr(b'?', text.get(..head).unwrap_or_default()) {
        Some(mark) => {
            let after = text.get(mark + 1..).unwrap_or_default();
            mark + 1..memchr(b'#', after).map_or(end, |length| mark + 1 + length)
        }
        None if is_url => end..end,
        None => 0..end,
    }
}

fn starts_with(text: &[u8], begin: &[u8]) -> bool {
    text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
}

/// The pairs of a query, in order. Nothing between two `&` is not a pair. The documentation prints a long query on
/// several lines: a line break before or after `&`, with the white space around it, is not part of a pair.
pub(super) fn pairs(bytes: &[u8], query: Range<usize>) -> impl Iterator<Item = Pair<'_>> {
    let end = query.end.min(bytes.len());
    let mut at = query.start;
    std::iter::from_fn(move || {
        while at < end {
            let start = at;
            let rest = bytes.get(start..end).unwrap_or_default();
            let raw = rest.get(..memchr(b'&', rest).unwrap_or(rest.len())).unwrap_or_default();
            at = start + raw.len() + 1;
            let (start, raw) = without_line_breaks(start, raw);
            if !raw.is_empty() {
                let length = memchr(b'=', raw).unwrap_or(raw.len());
                let (name, value) = raw.split_at(length);
                let value_at = (start + length + 1).min(start + raw.len());
                return Some(Pair {
                    name: Part { raw: name, at: start },
                    value: Part { raw: value.get(1..).unwrap_or_default(), at: value_at },
                });
            }
        }
        None
    })
}

/// What is between two `&`, without leading and trailing white space that contains a line break; and where that begins.
fn without_line_breaks(start: usize, raw: &[u8]) -> (usize, &[u8]) {
    let breaks = |blanks: &[u8]| blanks.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
    let trimmed = raw.trim_ascii_start();
    let before = raw.len() - trimmed.len();
    let before = if breaks(raw.get(..before).unwrap_or_default()) { before } else { 0 };
    let raw = raw.get(before..).unwrap_or_default();
    let trimmed = raw.trim_ascii_end();
    let raw = if breaks(raw.get(trimmed.len()..).unwrap_or_default()) { trimmed } else { raw };
    (start + before, raw)
}

impl<'a> Part<'a> {
    /// Its bytes in the document.
    pub(super) fn span(&self) -> Range<usize> {
        self.at..self.at + self.raw.len()
    }

    /// The decoded text; borrowed if nothing is escaped. Faults are passed to `report`, and replaced in the text.
    pub(super) fn decode(&self, mut report: impl FnMut(Fault, Range<usize>)) -> Cow<'a, str> {
        self.report_unescaped(&mut report);
        match std::str::from_utf8(self.raw) {
            Ok(text) if memchr2(b'%', b'+', self.raw).is_none() => Cow::Borrowed(text),
            _ => Cow::Owned(self.unescape(&mut report)),
        }
    }

    /// Reports the first run of characters that a URL cannot hold; one place is enough.
    fn report_unescaped(&self, report: &mut impl FnMut(Fault, Range<usize>)) {
        let is_allowed = |byte: &u8| is_unreserved(*byte) || b"%+!$&'()*,;=:@/?".contains(byte);
        if let Some(first) = self.raw.iter().position(|byte| !is_allowed(byte)) {
            let run = self.raw.iter().skip(first).take_while(|byte| !is_allowed(byte)).count();
            report(Fault::Unescaped, self.at + first..self.at + first + run);
        }
    }

    fn unescape(&self, report: &mut impl FnMut(Fault, Range<usize>)) -> String {
        let mut bytes = Vec::with_capacity(self.raw.len());
        let mut at = 0;
        while let Some(&byte) = self.raw.get(at) {
            let (byte, width) = match byte {
                b'+' => (b' ', 1),
                b'%' => match self.raw.get(at + 1..at + 3).and_then(hexadecimal) {
                    Some(byte) => (byte, 3),
                    None => {
                        report(Fault::Escape, self.at + at..self.at + (at + 3).min(self.raw.len()));
                        (b'%', 1)
                    }
                },
                byte => (byte, 1),
            };
            bytes.push(byte);
            at += width;
        }
        String::from_utf8(bytes).unwrap_or_else(|error| {
            let bytes = error.as_bytes();
            let first = error.utf8_error().valid_up_to();
            let length = error.utf8_error().error_len().unwrap_or(bytes.len() - first);
            report(Fault::Utf8, self.written(first)..self.written(first + length));
            String::from_utf8_lossy(bytes).into_owned()
        })
    }

    /// The place where this many decoded bytes end.
    fn written(&self, decoded: usize) -> usize {
        let mut at = 0;
        for _ in 0..decoded {
            let is_escape =
                self.raw.get(at) == Some(&b'%') && self.raw.get(at + 1..at + 3).and_then(hexadecimal).is_some();
            at += if is_escape { 3 } else { 1 };
        }
        self.at + at.min(self.raw.len())
    }
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let mut value = 0;
    for digit in digits {
        value = value * 16 + (*digit as char).to_digit(16)?;
    }
    u8::try_from(value).ok()
}

/// RFC 3986, section 2.3: exactly what the signature of a request leaves unescaped.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

/// Adds `name=value` to a query, escaped for both a URL and a form body.
pub(super) fn push(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    escape(query, name);
    query.push('=');
    escape(query, value);
}

fn escape(query: &mut String, text: &str) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        if is_unreserved(byte) {
            query.push(byte.into());
        } else {
            query.extend(['%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> (String, Vec<(Fault, Range<usize>)>) {
        let mut faults = Vec::new();
        let part = Part { raw: text.as_bytes(), at: 10 };
        let text = part.decode(|fault, span| faults.push((fault, span))).into_owned();
        (text, faults)
    }

    #[test]
    fn the_query_is_found_in_each_form() {
        let found = |text: &'static str| &text[find(text.as_bytes())];
        assert_eq!(found("a=1&b=2"), "a=1&b=2");
        assert_eq!(found("?a=1"), "a=1");
        assert_eq!(found("https://host/?a=1#top"), "a=1");
        assert_eq!(found("HTTPS://host/x=y?a=1"), "a=1");
        assert_eq!(found("host.example/?a=1\r\n"), "a=1");
        assert_eq!(found("/?a=1?2\n"), "a=1?2");
        assert_eq!(found("https://host/"), "");
        assert_eq!(found("a=1?b=2#c"), "a=1?b=2#c");
        assert_eq!(found(""), "");
        assert_eq!(found("\n"), "");
        assert_eq!(found("a=1\r\n\n"), "a=1");
    }

    #[test]
    fn text_without_escapes_is_borrowed() {
        let part = Part { raw: b"cn-shanghai", at: 0 };
        assert!(matches!(part.decode(|_, _| {}), Cow::Borrowed("cn-shanghai")));
    }

    #[test]
    fn escapes_are_resolved_and_faults_have_their_places() {
        assert_eq!(decoded("a%2Bb+c%20d%e4%bd%a0"), ("a+b c d\u{4f60}".into(), vec![]));
        assert_eq!(decoded("50%"), ("50%".into(), vec![(Fault::Escape, 12..13)]));
        assert_eq!(decoded("%4"), ("%4".into(), vec![(Fault::Escape, 10..12)]));
        assert_eq!(decoded("%+1"), ("% 1".into(), vec![(Fault::Escape, 10..13)]));
        assert_eq!(decoded("a%ffb"), ("a\u{fffd}b".into(), vec![(Fault::Utf8, 11..14)]));
        assert_eq!(decoded("a%e4%bd"), ("a\u{fffd}".into(), vec![(Fault::Utf8, 11..17)]));
        assert_eq!(decoded("a <b"), ("a <b".into(), vec![(Fault::Unescaped, 11..13)]));
    }

    #[test]
    fn empty_pairs_are_skipped() {
        let names = |text: &str| pairs(text.as_bytes(), 0..text.len()).map(|pair| pair.name.span()).collect::<Vec<_>>();
        assert_eq!(names("&&a=1&&b&"), [2..3, 7..8]);
        assert_eq!(names("a=1\n  &b=2\r\n\t&\n&c=3"), [0..1, 7..8, 16..17]);
        let value = pairs(b"a", 0..1).next().map(|pair| pair.value.span());
        assert_eq!(value, Some(1..1));
    }

    #[test]
    fn written_parameters_are_escaped() {
        let mut query = String::new();
        push(&mut query, "a", "b c+d*~");
        push(&mut query, "é", "");
        assert_eq!(query, "a=b%20c%2Bd%2A~&%C3%A9=");
    }
}
