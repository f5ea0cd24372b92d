//! Packets and captures to show to others: their secrets are masked, and everything else stays.

use std::ops::Range;

use crate::diagnostic::secret;
use crate::xml::Decoded;
use crate::{Limits, Schema};

/// A document with its secrets masked: letters are `x`, digits `1`, so that it keeps its length, its structure and mostly its
/// verdict. What is secret is what diagnostics do not show either: what is named as a credential is (`password`, `Authorization`,
/// `KEY`), users in URLs, and with a schema what that marks.
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
/// What is secret cannot be masked where it is: see [`RedactError`].
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
    let mut masks = Masks { text, found: Vec::new() };
    ranges.into_iter().for_each(|range| masks.add(range));
    for range in masks.found {
        let bytes = text.get(range.clone()).unwrap_or_default();
        match &decoded {
            None => {
                let places = redacted.get_mut(range).unwrap_or_default().iter_mut();
                places.zip(bytes).for_each(|(place, byte)| *place = mask(*byte));
            }
            Some(decoded) => {
                let mut ends = [range.start, range.end];
                decoded.to_original(&mut ends);
                let units = redacted.get_mut(ends[0]..ends[1]).unwrap_or_default();
                match decoded.is_utf16_be() {
                    None => units.iter_mut().for_each(|unit| *unit = mask(*unit)),
                    Some(is_big) => units.as_chunks_mut::<2>().0.iter_mut().for_each(|unit| {
                        let read = if is_big { u16::from_be_bytes(*unit) } else { u16::from_le_bytes(*unit) };
                        let masked = u16::from(mask(u8::try_from(read).unwrap_or(0xff)));
                        *unit = if is_big { masked.to_be_bytes() } else { masked.to_le_bytes() };
                    }),
                }
            }
        }
    }
    Ok(redacted)
}

/// Why a document cannot be redacted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedactError {
    /// Nobody knows its encoding.
    #[error("its encoding is not known, so nobody can tell where secrets are")]
    Encoding,
    /// A body of a capture of HTTP holds a secret, and is compressed or in another coding.
    #[error("the body at byte {} holds a secret and is coded ({how}): save it decoded", span.start)]
    Coded {
        /// What would have to be removed, the last first: `chunked, gzip`.
        how: String,
        /// Where it is in the capture.
        span: Range<usize>,
    },
}

/// White space stays, as do the characters that no name or value may be made of.
fn mask(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => b'1',
        b' ' | b'\t' | b'\r' | b'\n' => byte,
        _ => b'x',
    }
}

/// Divides what is secret into structure, which stays, and what is masked.
struct Masks<'d> {
    text: &'d [u8],
    found: Vec<Range<usize>>,
}

impl Masks<'_> {
    fn add(&mut self, range: Range<usize>) {
        let part = self.text.get(range.clone()).unwrap_or_default();
        let text = self.text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.text);
        let is_markup = text.trim_ascii_start().starts_with(b"<");
        if is_markup && part.contains(&b'<') {
            self.markup(range);
        } else if is_markup && self.is_attributes(part) {
            self.quoted(range);
        } else if !is_markup && self.is_json(&range, part) {
            self.json(range);
        } else {
            self.found.push(range);
        }
    }

    /// Whether it is a value of JSON, or members and items as they stand, and not the inside of a string.
    fn is_json(&self, range: &Range<usize>, part: &[u8]) -> bool {
        let before = self.text.get(..range.start).unwrap_or_default();
        if before.ends_with(b"\"") || before.ends_with(b"'") {
            let begins_item = part.trim_ascii_start().first().is_some_and(|first| b",:]}".contains(first));
            return begins_item && part.contains(&b'"');
        }
        let begin = part.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != b',');
        let is_number = || serde_json::from_slice::<serde_json::Number>(part).is_ok();
        let is_literal = || matches!(part, b"true" | b"false" | b"null") || is_number();
        begin.is_some_and(|begin| b"\"'{[".contains(begin)) || before.trim_ascii_end().ends_with(b":") && is_literal()
    }

    /// ` a="x" b="y"`, from before the first name on.
    fn is_attributes(&self, part: &[u8]) -> bool {
        let text = part.trim_ascii();
        part.first().is_some_and(u8::is_ascii_whitespace)
            && text.ends_with(text.last().filter(|last| b"\"'".contains(last)).map_or(b"\0", std::slice::from_ref))
            && text.contains(&b'=')
    }

    /// What is between quotes.
    fn quoted(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while let Some(open) = self.next(at..range.end, |byte| matches!(byte, b'"' | b'\'')) {
            let quote = self.text.get(open).copied().unwrap_or_default();
            let end = self.next(open + 1..range.end, |byte| byte == quote).unwrap_or(range.end);
            self.found.push(open + 1..end);
            at = end + 1;
        }
    }

    /// Text between tags, and the values in them; the text of comments and CDATA sections.
    fn markup(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let rest = self.text.get(at..range.end).unwrap_or_default();
            let sections: [(&[u8], &[u8]); 2] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>")];
            let section = sections.into_iter().find(|(opening, _)| rest.starts_with(opening));
            at = match (section, rest.first()) {
                (Some((opening, closing)), _) => {
                    let start = at + opening.len();
                    let length = memchr::memmem::find(self.text.get(start..range.end).unwrap_or_default(), closing);
                    let end = length.map_or(range.end, |length| start + length);
                    self.found.push(start..end);
                    length.map_or(range.end, |length| start + length + closing.len())
                }
                (None, Some(b'<')) => {
                    let end = self.next(at..range.end, |byte| byte == b'>').map_or(range.end, |end| end + 1);
                    self.quoted(at..end);
                    end
                }
                _ => {
                    let end = self.next(at..range.end, |byte| byte == b'<').unwrap_or(range.end);
                    self.found.push(at..end);
                    end
                }
            };
        }
    }

    /// A value of JSON: the strings and numbers in it, but for the names of members.
    fn json(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while let Some(byte) = self.text.get(at).filter(|_| at < range.end) {
            match byte {
                b'"' | b'\'' => {
                    let end = self.end_of_string(at, range.end);
                    let after = self.text.get(end + 1..).unwrap_or_default().trim_ascii_start();
                    if !(after.starts_with(b":") && end < range.end) {
                        self.found.push(at + 1..end);
                    }
                    at = end + 1;
                }
                b'-' | b'0'..=b'9' => {
                    let is_end = |byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                    let end = self.next(at..range.end, is_end).unwrap_or(range.end);
                    // The signs and the point of a number stay.
                    let digits = (at..end).filter(|digit| self.text.get(*digit).is_some_and(u8::is_ascii_digit));
                    self.found.extend(digits.map(|digit| digit..digit + 1));
                    at = end;
                }
                b'{' | b'}' | b'[' | b']' | b',' | b':' => at += 1,
                byte if byte.is_ascii_whitespace() => at += 1,
                _ => {
                    let is_end = |byte: u8| byte.is_ascii_whitespace() || b"{}[],:\"'".contains(&byte);
                    let end = self.next(at..range.end, is_end).unwrap_or(range.end);
                    let word = self.text.get(at..end).unwrap_or_default();
                    if !matches!(word, b"true" | b"false" | b"null") {
                        self.found.push(at..end);
                    }
                    at = end;
                }
            }
        }
    }

    fn end_of_string(&self, start: usize, end: usize) -> usize {
        let quote = self.text.get(start).copied().unwrap_or_default();
        let mut at = start + 1;
        while let Some(byte) = self.text.get(at).filter(|_| at < end) {
            match byte {
                b'\\' => at += 2,
                byte if *byte == quote => return at,
                _ => at += 1,
            }
        }
        end
    }

    fn next(&self, range: Range<usize>, is: impl Fn(u8) -> bool) -> Option<usize> {
        let (start, part) = (range.start, self.text.get(range)?);
        part.iter().position(|byte| is(*byte)).map(|length| start + length)
    }
}
