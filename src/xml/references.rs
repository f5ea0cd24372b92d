//! References, and the text that a run or a value represents (sections 2.11, 3.3.3, 4.1, 4.6).

use std::borrow::Cow;

use super::chars::is_char;
use super::fault::{Broken, FaultKind, shorten};
use crate::text::name::{skip_name_chars, skip_ncname};

/// At `&`: the character and the offset after `;` (productions 66 to 68).
pub(super) fn lex_reference(text: &str, at: usize) -> Result<(char, usize), Broken> {
    if text.as_bytes().get(at + 1) == Some(&b'#') {
        return lex_character_reference(text, at);
    }
    let end = skip_ncname(text, at + 1);
    match text.as_bytes().get(end) {
        Some(b';') if end > at + 1 => {}
        None => return Err(unclosed(text, at)),
        _ => return Err(Broken::new(FaultKind::BareAmpersand, at..at + 1)),
    }
    let name = text.get(at + 1..end).unwrap_or_default();
    match predefined(name) {
        Some(character) => Ok((character, end + 1)),
        None => Err(Broken::new(FaultKind::UnknownEntity { name: shorten(name) }, at..end + 1)),
    }
}

/// Section 4.6.
fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

/// Production 66 (CharRef), with any number of leading zeros.
fn lex_character_reference(text: &str, at: usize) -> Result<(char, usize), Broken> {
    let bytes = text.as_bytes();
    let (radix, begin) = if bytes.get(at + 2) == Some(&b'x') { (16, at + 3) } else { (10, at + 2) };
    let mut number = 0u32;
    let mut end = begin;
    while let Some(digit) = bytes.get(end).and_then(|&byte| char::from(byte).to_digit(radix)) {
        number = number.saturating_mul(radix).saturating_add(digit);
        end += 1;
    }
    match bytes.get(end) {
        Some(b';') if end > begin => match char::from_u32(number).filter(|&character| is_char(character)) {
            Some(character) => Ok((character, end + 1)),
            None => Err(invalid(text, at, end + 1)),
        },
        None => Err(unclosed(text, at)),
        _ => {
            // `&#X41;` and `&#12a;` are one fault, not one and a remainder.
            let rest = skip_name_chars(text, end);
            let end = rest + usize::from(bytes.get(rest) == Some(&b';'));
            Err(invalid(text, at, end))
        }
    }
}

fn invalid(text: &str, at: usize, end: usize) -> Broken {
    let reference = shorten(text.get(at..end).unwrap_or_default());
    Broken::new(FaultKind::InvalidCharacterReference { reference }, at..end)
}

fn unclosed(text: &str, at: usize) -> Broken {
    Broken::new(FaultKind::UnclosedReference, at..text.len())
}

/// The text of a run: references resolved, CDATA unwrapped, comments and instructions dropped, line endings normalised
/// (sections 2.11, 4.1). Borrows unless two pieces have to be joined or a character changes.
///
/// Meant for runs that [`lex::text_run`](super::lex::text_run) accepts; in others, what cannot be resolved is left as
/// written.
pub fn resolve_text(raw: &str) -> Cow<'_, str> {
    let mut resolved = Resolved::new(raw.len());
    let mut at = 0;
    loop {
        let rest = raw.get(at..).unwrap_or_default();
        let Some(length) = memchr::memchr3(b'<', b'&', b'\r', rest.as_bytes()) else {
            resolved.push(rest);
            return resolved.finish();
        };
        resolved.push(rest.get(..length).unwrap_or_default());
        at += length;
        at = match raw.as_bytes().get(at) {
            Some(b'\r') => push_line_end(raw, at, &mut resolved),
            Some(b'&') => push_reference(raw, at, &mut resolved),
            _ => push_markup(raw, at, &mut resolved),
        };
    }
}

/// The normalised value of an attribute (section 3.3.3, type CDATA): references resolved; each line ending, tab and
/// line feed becomes a space. Borrows if nothing changes.
///
/// Meant for values that [`lex::start_tag`](super::lex::start_tag) accepts; in others, what cannot be resolved is left
/// as written.
pub fn attribute_value(raw: &str) -> Cow<'_, str> {
    let mut resolved = Resolved::new(raw.len());
    let mut at = 0;
    loop {
        let rest = raw.get(at..).unwrap_or_default();
        let Some(length) = rest.bytes().position(|byte| matches!(byte, b'&' | b'\t' | b'\n' | b'\r')) else {
            resolved.push(rest);
            return resolved.finish();
        };
        resolved.push(rest.get(..length).unwrap_or_default());
        at += length;
        at = match raw.as_bytes().get(at..).unwrap_or_default() {
            [b'&', ..] => push_reference(raw, at, &mut resolved),
            [b'\r', b'\n', ..] => resolved.push_character(' ', at + 2),
            _ => resolved.push_character(' ', at + 1),
        };
    }
}

/// Section 2.11: a carriage return and line feed together, or a carriage return alone, become a line feed.
fn push_line_end<'a>(raw: &'a str, at: usize, resolved: &mut Resolved<'a>) -> usize {
    if raw.as_bytes().get(at + 1) != Some(&b'\n') {
        resolved.push("\n");
    }
    at + 1
}

fn push_reference<'a>(raw: &'a str, at: usize, resolved: &mut Resolved<'a>) -> usize {
    match lex_reference(raw, at) {
        Ok((character, end)) => resolved.push_character(character, end),
        Err(_) => {
            resolved.push("&");
            at + 1
        }
    }
}

/// At `<` within a run: a comment, a CDATA section or an instruction; the offset after it.
fn push_markup<'a>(raw: &'a str, at: usize, resolved: &mut Resolved<'a>) -> usize {
    let rest = raw.get(at..).unwrap_or_default();
    let (begin, end) = if rest.starts_with("<!--") {
        ("<!--", "-->")
    } else if rest.starts_with("<![CDATA[") {
        ("<![CDATA[", "]]>")
    } else if rest.starts_with("<?") {
        ("<?", "?>")
    } else {
        resolved.push("<");
        return at + 1;
    };
    let content = rest.get(begin.len()..).unwrap_or_default();
    let length = memchr::memmem::find(content.as_bytes(), end.as_bytes()).unwrap_or(content.len());
    if begin == "<![CDATA[" {
        push_lines(content.get(..length).unwrap_or_default(), resolved);
    }
    (at + begin.len() + length + end.len()).min(raw.len())
}

/// A CDATA section: only line endings change.
fn push_lines<'a>(mut content: &'a str, resolved: &mut Resolved<'a>) {
    while let Some(at) = memchr::memchr(b'\r', content.as_bytes()) {
        resolved.push(content.get(..at).unwrap_or_default());
        let next = push_line_end(content, at, resolved);
        content = content.get(next..).unwrap_or_default();
    }
    resolved.push(content);
}

/// Text as it grows: one piece is borrowed, a second makes a copy.
struct Resolved<'a> {
    text: Cow<'a, str>,
    /// An upper bound of the length: resolving makes nothing longer.
    most: usize,
}

impl<'a> Resolved<'a> {
    fn new(most: usize) -> Resolved<'a> {
        Resolved { text: Cow::Borrowed(""), most }
    }

    fn push(&mut self, piece: &'a str) {
        if self.text.is_empty() && matches!(self.text, Cow::Borrowed(_)) {
            self.text = Cow::Borrowed(piece);
        } else if !piece.is_empty() {
            self.copy().push_str(piece);
        }
    }

    /// Returns `next`, where the caller continues.
    fn push_character(&mut self, character: char, next: usize) -> usize {
        self.copy().push(character);
        next
    }

    /// The text in a growable form, allocated once.
    fn copy(&mut self) -> &mut String {
        if let Cow::Borrowed(text) = self.text {
            let mut copy = String::with_capacity(self.most);
            copy.push_str(text);
            self.text = Cow::Owned(copy);
        }
        self.text.to_mut()
    }

    fn finish(self) -> Cow<'a, str> {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_borrowed(text: Cow<'_, str>) -> bool {
        matches!(text, Cow::Borrowed(_))
    }

    #[test]
    fn text_is_resolved() {
        for (raw, text) in [
            ("", ""),
            ("a\tb\nc", "a\tb\nc"),
            ("a\r\nb\rc\r\r\n", "a\nb\nc\n\n"),
            ("&lt;&gt;&amp;&apos;&quot;", "<>&'\""),
            ("&#65;&#x42;&#x0000000000000043;&#13;&#x1F600;", "ABC\r😀"),
            ("a<!-- & -->b<?c d?>e", "abe"),
            ("<![CDATA[<&amp;>\r\n\r]]]]>&gt;", "<&amp;>\n\n]]>"),
            ("<![CDATA[]]>", ""),
            ("&amp;lt;", "&lt;"),
            ("\r&amp;\r<![CDATA[\n]]>", "\n&\n\n"),
        ] {
            assert_eq!(resolve_text(raw), text, "{raw:?}");
        }
    }

    #[test]
    fn text_is_borrowed_until_something_changes() {
        for raw in ["", "abc", "<![CDATA[abc]]>", "<!--a-->abc<?b?>", "<![CDATA[]]>abc"] {
            assert!(is_borrowed(resolve_text(raw)), "{raw:?}");
        }
        assert!(is_borrowed(attribute_value("a b > c")));
    }

    #[test]
    fn values_are_normalised() {
        for (raw, value) in [
            ("a\tb\nc\rd\r\ne", "a b c d e"),
            ("&#9;&#10;&#13;&#x20;", "\t\n\r "),
            ("&lt;&amp;amp;", "<&amp;"),
            ("\r\n\n", "  "),
        ] {
            assert_eq!(attribute_value(raw), value, "{raw:?}");
        }
    }

    #[test]
    fn unresolvable_references_stay() {
        for raw in ["&", "&a", "&a;", "&#;", "&#0;", "a & b", "<b", "&#x110000;"] {
            assert_eq!(resolve_text(raw), raw);
        }
        assert_eq!(resolve_text("a<!--"), "a");
        assert_eq!(resolve_text("<![CDATA[a"), "a");
        assert_eq!(attribute_value("&b;<&"), "&b;<&");
    }

    #[test]
    fn malformed_references() {
        let kind = |text: &str| lex_reference(text, 0).err().map(|broken| (broken.fault.kind, broken.resume));
        assert_eq!(kind("& "), Some((FaultKind::BareAmpersand, 1)));
        assert_eq!(kind("&a "), Some((FaultKind::BareAmpersand, 1)));
        assert_eq!(kind("&;"), Some((FaultKind::BareAmpersand, 1)));
        assert_eq!(kind("&am"), Some((FaultKind::UnclosedReference, 3)));
        assert_eq!(kind("&nbsp;"), Some((FaultKind::UnknownEntity { name: "nbsp".into() }, 6)));
        for reference in ["&#;", "&#x;", "&#0;", "&#xD800;", "&#xFFFE;", "&#99999999999999999999;", "&#X41;", "&#4a;"] {
            let invalid = FaultKind::InvalidCharacterReference { reference: reference.into() };
            assert_eq!(kind(reference), Some((invalid, reference.len())));
        }
    }
}
