//! `hexBinary` and `base64Binary` (XML Schema part 2, sections 3.2.15 and 3.2.16).

use std::borrow::Cow;

/// How octets are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// `hexBinary`
    Hexadecimal,
    /// `base64Binary`
    Base64,
}

impl Encoding {
    /// How many octets the text stands for, or `None` where it is outside the lexical space.
    pub(super) fn octets(self, text: &str) -> Option<u64> {
        match self {
            Encoding::Hexadecimal => hexadecimal_octets(text),
            Encoding::Base64 => base64_octets(text),
        }
    }

    /// A spelling that is the same for equal octets, of a text in the lexical space.
    pub(super) fn canonical(self, text: &str) -> Cow<'_, str> {
        match self {
            Encoding::Hexadecimal if text.bytes().any(|byte| byte.is_ascii_lowercase()) => {
                Cow::Owned(text.to_ascii_uppercase())
            }
            Encoding::Base64 if text.contains(' ') => Cow::Owned(text.replace(' ', "")),
            _ => Cow::Borrowed(text),
        }
    }
}

fn hexadecimal_octets(text: &str) -> Option<u64> {
    let is_valid = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_valid.then_some(text.len() as u64 / 2)
}

/// The grammar of section 3.2.16 with single blanks between characters: groups of four, the last one padded with one
/// or two `=` after a character whose surplus bits are zero.
fn base64_octets(text: &str) -> Option<u64> {
    let mut characters: u64 = 0;
    let mut padding: u64 = 0;
    let mut last = 0;
    for byte in text.bytes().filter(|byte| *byte != b' ') {
        match byte {
            b'=' => padding += 1,
            _ if padding == 0 => last = sextet(byte)?,
            _ => return None,
        }
        characters += 1;
    }
    let surplus_bits_are_zero = match padding {
        0 => true,
        1 => last & 0b11 == 0,
        2 => last & 0b1111 == 0,
        _ => false,
    };
    let is_valid = characters.is_multiple_of(4) && surplus_bits_are_zero;
    is_valid.then_some((characters / 4 * 3).checked_sub(padding)?)
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
