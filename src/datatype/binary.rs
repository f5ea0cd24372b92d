//! `hexBinary` and `base64Binary` (XML Schema part 2, sections 3.2.15 and 3.2.16).

use std::borrow::Cow;

/// The textual encoding of octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// `hexBinary`
    Hexadecimal,
    /// `base64Binary`
    Base64,
}

impl Encoding {
    /// The number of octets that the text encodes, or `None` if it is outside the lexical space.
    pub(super) fn octets(self, text: &str) -> Option<u64> {
        match self {
            Encoding::Hexadecimal => hexadecimal_octets(text),
            Encoding::Base64 => base64_octets(text),
        }
    }

    /// A spelling that is the same for equal octets, for a text in the lexical space.
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

/// Characters per block: wide enough for the registers of every processor.
const BLOCK: usize = 32;

fn hexadecimal_octets(text: &str) -> Option<u64> {
    let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
    // Without a branch inside a block, all of it is processed at once (bench `datatype`).
    let are_digits = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & byte.is_ascii_hexdigit());
    let is_valid = text.len().is_multiple_of(2) && blocks.iter().all(|block| are_digits(block)) && are_digits(rest);
    is_valid.then_some(text.len() as u64 / 2)
}

/// The grammar of section 3.2.16, with white space anywhere between characters: groups of four, the last one padded
/// with one or two `=` after a character whose surplus bits are zero.
///
/// Everything before the last group is only letters of the alphabet and white space, and is read block by block; from
/// the first block with anything else, the text is read byte by byte.
fn base64_octets(text: &str) -> Option<u64> {
    let (blocks, _) = text.as_bytes().as_chunks::<BLOCK>();
    let mut letters: u64 = 0;
    let mut at = 0;
    for block in blocks {
        let Some(count) = letters_of_block(block) else { break };
        letters += u64::from(count);
        at += BLOCK;
    }
    let (before, rest) = text.as_bytes().split_at_checked(at)?;
    let mut padding: u64 = 0;
    for byte in rest.iter().filter(|byte| !is_blank(**byte)) {
        match byte {
            b'=' => padding += 1,
            _ if padding == 0 && is_letter(*byte) => letters += 1,
            _ => return None,
        }
    }
    let last = || before.iter().chain(rest).rev().find_map(|byte| sextet(*byte)).unwrap_or(0);
    let surplus_bits_are_zero = match padding {
        0 => true,
        1 => last() & 0b11 == 0,
        2 => last() & 0b1111 == 0,
        _ => false,
    };
    let characters = letters + padding;
    let is_valid = characters.is_multiple_of(4) && surplus_bits_are_zero;
    is_valid.then_some((characters / 4 * 3).checked_sub(padding)?)
}

/// The number of letters of the alphabet in a block; `None` if it has anything but these and white space.
#[inline]
fn letters_of_block(block: &[u8; BLOCK]) -> Option<u8> {
    let (mut letters, mut known) = (0_u8, true);
    for byte in block {
        let is_letter = is_letter(*byte);
        letters += u8::from(is_letter);
        known &= is_letter | is_blank(*byte);
    }
    known.then_some(letters)
}

/// Without a branch.
#[inline(always)]
fn is_letter(byte: u8) -> bool {
    let is_alphabetic = (byte | 0x20).wrapping_sub(b'a') < 26;
    // `/` directly precedes the digits.
    let is_digit_or_slash = byte.wrapping_sub(b'/') < 11;
    is_alphabetic | is_digit_or_slash | (byte == b'+')
}

#[inline(always)]
fn is_blank(byte: u8) -> bool {
    (byte == b' ') | (byte == b'\n') | (byte == b'\r') | (byte == b'\t')
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The grammar, character by character.
    fn plain_base64_octets(text: &str) -> Option<u64> {
        let mut characters: u64 = 0;
        let mut padding: u64 = 0;
        let mut last = 0;
        for byte in text.bytes().filter(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
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

    #[test]
    fn the_alphabet_is_that_of_the_standard() {
        for byte in 0..=u8::MAX {
            assert_eq!(is_letter(byte), sextet(byte).is_some(), "{byte}");
        }
    }

    proptest! {
        #[test]
        fn blocks_and_characters_agree(
            groups in prop::collection::vec("[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{4}|[AQgw]{0,4}[ \n\t\r]{0,40}", 0..40),
            end in "[A-Za-z0-9+/]{0,2}[AEIQYcgkw048]{0,2} ?[=]{0,3}[ =]{0,2}|[a-z]{0,4}.",
        ) {
            let text = groups.concat() + &end;
            prop_assert_eq!(base64_octets(&text), plain_base64_octets(&text), "{:?}", text);
        }

        #[test]
        fn digits_are_found_by_block(text in "[0-9a-fA-F]{0,90}[0-9a-fg@`G/:]{0,2}[0-9a-f]{0,40}") {
            let is_valid = text.len() % 2 == 0 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            prop_assert_eq!(hexadecimal_octets(&text), is_valid.then_some(text.len() as u64 / 2));
        }
    }
}
