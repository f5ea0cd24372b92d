//! Characters: which a document may hold, and which a scan must stop at.
//!
//! All scans run over bytes. That is sound for UTF-8: the only characters above U+007F that XML forbids are U+FFFE and
//! U+FFFF (surrogates cannot occur in a `str`), and both begin with the byte 0xEF.

use crate::text::name::char_at;
use crate::text::scan::{are_plain, skip_while};

/// Whether a scan of an attribute value must stop at a byte: quotes, `<`, `&`, and bytes that are or may begin a
/// forbidden character.
const VALUE_STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        stops[byte] = match byte as u8 {
            b'\t' | b'\n' | b'\r' => false,
            b'"' | b'\'' | b'<' | b'&' | 0..0x20 | 0xEF => true,
            _ => false,
        };
        byte += 1;
    }
    stops
};

/// Section 2.2, production 2 (Char).
pub(crate) fn is_char(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The first forbidden character from `at` up to `end`, and its offset.
pub(super) fn find_forbidden(text: &str, at: usize, end: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes().get(..end)?;
    let mut at = at;
    loop {
        at += skip_while(bytes.get(at..)?, |byte| {
            (byte >= 0x20 || matches!(byte, b'\n' | b'\t' | b'\r')) & (byte != 0xEF)
        });
        if let Some(character) = forbidden_at(text, at) {
            return (at < end).then_some((at, character));
        }
        if at >= end {
            return None;
        }
        at += 1;
    }
}

/// Whether there is a forbidden character.
pub(crate) fn has_forbidden(text: &str) -> bool {
    find_forbidden(text, 0, text.len()).is_some()
}

/// The character at an offset, if it is forbidden.
pub(super) fn forbidden_at(text: &str, at: usize) -> Option<char> {
    match *text.as_bytes().get(at)? {
        b'\t' | b'\n' | b'\r' => None,
        byte @ 0..0x20 => Some(char::from(byte)),
        0xEF => char_at(text, at).filter(|&character| !is_char(character)),
        _ => None,
    }
}

/// The length of the part of an attribute value that a scan can pass over without a closer look.
pub(super) fn skip_value(bytes: &[u8]) -> usize {
    bytes.iter().position(|&byte| VALUE_STOPS[usize::from(byte)]).unwrap_or(bytes.len())
}

/// Whether text is written unchanged, even as an attribute value, and certainly has no forbidden character.
#[inline]
pub(crate) fn is_plain(text: &str) -> bool {
    // Less than `find_forbidden`, `skip_written_text` and `skip_written_value` pass over.
    are_plain(text.as_bytes())
}

/// The length of the leading part of text that is written unchanged.
pub(super) fn skip_written_text(bytes: &[u8]) -> usize {
    skip_while(bytes, |byte| (byte != b'<') & (byte != b'>') & (byte != b'&') & (byte != b'\r'))
}

/// The length of the leading part of an attribute value that is written unchanged.
pub(super) fn skip_written_value(bytes: &[u8]) -> usize {
    skip_while(bytes, |byte| {
        (byte != b'<') & (byte != b'&') & (byte != b'"') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_are_found_wherever_they_stand() {
        for forbidden in ['\0', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            for length in 0..40 {
                let text = format!("{}{forbidden}\u{FEFF}\u{FFFD}", "é".repeat(length));
                assert_eq!(find_forbidden(&text, 0, text.len()), Some((2 * length, forbidden)));
                assert_eq!(find_forbidden(&text, 0, 2 * length), None);
            }
        }
        assert_eq!(find_forbidden("\u{FEFF}\r\n\t\u{7F}\u{85}\u{FFFD}", 0, 14), None);
    }
}
