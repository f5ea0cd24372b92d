//! Masks the secrets of packets and captures so that they can be shared; everything else stays.

use std::ops::Range;

use crate::diagnostic::secret;
use crate::xml::Decoded;
use crate::{Limits, Schema};

/// A document with its secrets masked: letters become `x`, digits `1`, so it keeps its length, its structure and
/// usually its verdict. Secrets are what diagnostics do not show either: anything named like a credential (`password`,
/// `Authorization`, `KEY`), users in URLs, and with a schema whatever that marks.
///
/// ```
/// use packetcheck::{Limits, redact};
///
/// let packet = b"<a><login>admin</login><password>Ahm4oh&amp;</password></a>";
/// let redacted = redact(packet, None, &Limits::new())?;
/// assert_eq!(redacted, b"<a><login>admin</login><password>xxx1xxxxxxx</password></a>");
/// # Ok::<(), packetcheck::RedactError>(())
/// ```
///
/// # Errors
///
/// A secret cannot be masked in place: see [`RedactError`].
pub fn redact(document: &[u8], schema: Option<&Schema>, limits: &Limits) -> Result<Vec<u8>, RedactError> {
    let mut redacted = document.to_vec();
    let decoded = Decoded::new(document, limits).map_err(|_| RedactError::Encoding)?;
    let text = decoded.as_ref().map_or(document, |decoded| decoded.text().as_bytes());
    #[cfg(feature = "http")]
    let known = super::capture::secrets_in_place(text, limits)?;
    #[cfg(not(feature = "http"))]
    let known = Vec::new();
    let find = |names: &secret::SecretNames<'_>| secret::all_places(text, names, &known);
    let ranges = match schema {
        Some(schema) => schema.with_secret_names(find),
        None => find(&secret::SecretNames::of_credentials()),
    };
    let masked = common(&ranges, &contents(text));
    let mut ends: Vec<usize> = masked.iter().flat_map(|range| [range.start, range.end]).collect();
    // All at once, since each call reads the document.
    if let Some(decoded) = &decoded {
        decoded.to_original(&mut ends);
    }
    let is_utf16_be = decoded.as_ref().and_then(Decoded::is_utf16_be);
    for [start, end] in ends.as_chunks::<2>().0 {
        let bytes = redacted.get_mut(*start..*end).unwrap_or_default();
        match is_utf16_be {
            None => bytes.iter_mut().for_each(|byte| *byte = mask(*byte)),
            Some(is_big) => bytes.as_chunks_mut::<2>().0.iter_mut().for_each(|unit| {
                let read = if is_big { u16::from_be_bytes(*unit) } else { u16::from_le_bytes(*unit) };
                let masked = u16::from(mask(u8::try_from(read).unwrap_or(0xff)));
                *unit = if is_big { masked.to_be_bytes() } else { masked.to_le_bytes() };
            }),
        }
    }
    Ok(redacted)
}

/// Why a document cannot be redacted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedactError {
    /// Its encoding is unknown.
    #[error("its encoding is unknown, so its secrets cannot be found")]
    Encoding,
    /// A body of an HTTP capture holds a secret, and is compressed or in another coding.
    #[error("the body at byte {} holds a secret and is encoded ({how}): save it decoded", span.start)]
    Coded {
        /// The codings to remove, the last one first: `chunked, gzip`.
        how: String,
        /// The place of the body in the capture.
        span: Range<usize>,
    },
}

/// White space stays: line breaks are structure in a head, and lines keep their length.
fn mask(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => b'1',
        b' ' | b'\t' | b'\r' | b'\n' => byte,
        _ => b'x',
    }
}

/// The bytes that two lists of ranges have in common; each list is in order and without overlaps.
fn common(one: &[Range<usize>], other: &[Range<usize>]) -> Vec<Range<usize>> {
    let (mut found, mut rest) = (Vec::new(), other.iter().peekable());
    for range in one {
        while let Some(next) = rest.peek() {
            let both = range.start.max(next.start)..range.end.min(next.end);
            if !both.is_empty() {
                found.push(both);
            }
            if next.end > range.end {
                break;
            }
            rest.next();
        }
    }
    found
}

/// The parts of a text that may be masked: everything except the structure that readers rely on, which is tags and the
/// names in them, the punctuation and the names of JSON, and line breaks. The body of an HTTP message begins after an
/// empty line.
fn contents(text: &[u8]) -> Vec<Range<usize>> {
    let mut contents = Contents { text, found: Vec::new() };
    let begin = text.len() - text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start().len();
    let mut at = contents.body(begin).unwrap_or(0);
    while at < text.len() {
        let next =
            memchr::memchr_iter(b'\n', text.get(at..).unwrap_or_default()).map(|end| at + end + 1).find(|line| {
                let rest = text.get(*line..).unwrap_or_default();
                rest.starts_with(b"\n") || rest.starts_with(b"\r\n")
            });
        let end = next.unwrap_or(text.len());
        contents.found.push(at..end);
        let blank = text.get(end..).unwrap_or_default();
        let body = text.len() - blank.trim_ascii_start().len();
        at = match next {
            Some(_) => contents.body(body).unwrap_or(body.max(end + 1)),
            None => end,
        };
    }
    contents.found
}

struct Contents<'d> {
    text: &'d [u8],
    found: Vec<Range<usize>>,
}

impl Contents<'_> {
    /// A document that begins here; returns its end, or `None` if there is neither markup nor JSON here.
    fn body(&mut self, begin: usize) -> Option<usize> {
        match self.text.get(begin)? {
            b'<' => Some(self.markup(begin)),
            b'{' | b'[' => Some(self.json(begin)),
            _ => None,
        }
    }

    fn markup(&mut self, begin: usize) -> usize {
        let mut at = begin;
        while at < self.text.len() {
            let rest = self.text.get(at..).unwrap_or_default();
            let sections: [(&[u8], &[u8]); 3] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];
            let section = sections.into_iter().find(|(opening, _)| rest.starts_with(opening));
            at = match (section, rest) {
                (Some((opening, closing)), _) => {
                    let start = at + opening.len();
                    let inside = self.text.get(start..).unwrap_or_default();
                    let length = memchr::memmem::find(inside, closing).unwrap_or(inside.len());
                    // The target of an instruction stays.
                    let target = inside.get(..length).unwrap_or_default().iter().position(u8::is_ascii_whitespace);
                    let target = if opening == b"<?" { target.unwrap_or(length) } else { 0 };
                    self.found.push(start + target..start + length);
                    (start + length + closing.len()).min(self.text.len())
                }
                (None, [b'<', b'/' | b'!' | b'_' | b':' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.., ..]) => self.tag(at + 1),
                _ => {
                    let length = memchr::memchr(b'<', rest.get(1..).unwrap_or_default());
                    let end = length.map_or(self.text.len(), |length| at + 1 + length);
                    self.found.push(at..end);
                    end
                }
            };
        }
        at
    }

    /// A tag from after its `<` on: the values in it, except namespace declarations.
    fn tag(&mut self, begin: usize) -> usize {
        // Signs are searched for from `from` on; what is before a value begins at `at`.
        let (mut at, mut from) = (begin, begin);
        let is_sign = |byte: u8| matches!(byte, b'>' | b'<' | b'"' | b'\'' | b'=');
        while let Some(sign) = self.next(from, self.text.len(), is_sign) {
            let quote = match self.text.get(sign) {
                Some(b'>') => return sign + 1,
                Some(quote @ (b'"' | b'\'')) => *quote,
                Some(b'=') => {
                    from = self.bare_value(sign + 1).inspect(|end| at = *end).unwrap_or(sign + 1);
                    continue;
                }
                _ => return sign,
            };
            let end = self.next(sign + 1, self.text.len(), |byte| byte == quote).unwrap_or(self.text.len());
            let before = self.text.get(at..sign).unwrap_or_default();
            if memchr::memmem::find(before, b"xmlns").is_none() {
                self.found.push(sign + 1..end);
            }
            (at, from) = (end + 1, end + 1);
        }
        self.text.len()
    }

    /// Takes the value after an equals sign that is not in quotes; returns its end.
    fn bare_value(&mut self, after: usize) -> Option<usize> {
        let value = self.text.get(after..)?;
        let start = after + value.len() - value.trim_ascii_start().len();
        let is_end = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'<' | b'"' | b'\'');
        let end = self.next(start, self.text.len(), is_end).unwrap_or(self.text.len());
        // `/>` ends the tag.
        let end = if self.text.get(end - 1..=end) == Some(b"/>") { end - 1 } else { end };
        self.found.extend(Some(start..end).filter(|value| !value.is_empty()));
        (start < end).then_some(end)
    }

    /// A JSON value: the strings in it that are not names of members, and the digits of numbers.
    fn json(&mut self, begin: usize) -> usize {
        let (mut at, mut depth) = (begin, 0_usize);
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'"' => {
                    let end = self.end_of_string(at);
                    let after = self.text.get(end + 1..).unwrap_or_default().trim_ascii_start();
                    if !after.starts_with(b":") {
                        self.string(at + 1..end);
                    }
                    at = end;
                }
                b'0'..=b'9' => self.found.push(at..at + 1),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at + 1;
                    }
                }
                b'-' | b'+' | b'.' | b',' | b':' => {}
                b'e' | b'E'
                    if at.checked_sub(1).and_then(|before| self.text.get(before)).is_some_and(u8::is_ascii_digit) => {}
                byte if byte.is_ascii_whitespace() => {}
                _ => {
                    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
                    let end =
                        self.next(at, self.text.len(), |byte| !is_word(byte)).unwrap_or(self.text.len()).max(at + 1);
                    let word = self.text.get(at..end).unwrap_or_default();
                    if !matches!(word, b"true" | b"false" | b"null") {
                        self.found.push(at..end);
                    }
                    at = end - 1;
                }
            }
            at += 1;
        }
        self.text.len()
    }

    /// The content of a string, except for quotes and backslashes that are escaped in it: they may be those of a
    /// document.
    fn string(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while let Some(escape) = self.next(at, range.end, |byte| byte == b'\\') {
            self.found.push(at..escape);
            at = match self.text.get(escape + 1) {
                Some(b'"' | b'\\') => escape + 2,
                Some(_) => {
                    self.found.push(escape..escape + 2);
                    escape + 2
                }
                None => range.end,
            };
        }
        self.found.push(at.min(range.end)..range.end);
    }

    /// The quote that ends a string, or the end of its line.
    fn end_of_string(&self, start: usize) -> usize {
        let mut at = start + 1;
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'\\' => at += 2,
                b'"' | b'\n' => return at,
                _ => at += 1,
            }
        }
        self.text.len()
    }

    fn next(&self, from: usize, end: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
        self.text.get(from..end)?.iter().position(|byte| is(*byte)).map(|length| from + length)
    }
}
