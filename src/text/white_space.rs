//! White space: production S of XML 1.0 (section 2.3), which is also that of JSON (RFC 8259, section 2) and of XPath
//! (section 3.7).
//!
//! Two functions skip it: [`skip_white_space`] skips all of it, [`skip_indent`] only what begins a line.

use std::ops::Range;

use wide::u8x16;

/// XML 1.0, production 3 (S).
#[inline(always)]
pub(crate) const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// As `is_white_space`, for a character.
#[inline(always)]
pub(crate) const fn is_white_space_char(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// Whether a text has nothing but white space, or is empty.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(is_white_space)
}

/// A text without surrounding white space.
#[inline]
pub(crate) fn trim(text: &str) -> &str {
    let may_be_outside = |byte: Option<&u8>| byte.is_some_and(|byte| *byte <= b' ');
    match may_be_outside(text.as_bytes().first()) || may_be_outside(text.as_bytes().last()) {
        true => text.trim_matches(is_white_space_char),
        false => text,
    }
}

/// Whether a text contains white space.
pub(crate) fn has_white_space(text: &str) -> bool {
    // Branch-free, so that the compiler processes many bytes at once.
    text.bytes().fold(false, |found, byte| found | is_white_space(byte))
}

/// Whether collapsing white space does not change a text (XML Schema, part 2, section 4.3.6): it has only single
/// spaces, and none at its ends.
#[inline]
pub(crate) fn is_collapsed(text: &str) -> bool {
    // Most values have no white space. The loop has no branch, so it is vectorized.
    !text.bytes().fold(false, |found, byte| found | (byte <= b' ')) || trim(text).len() == text.len() && is_single(text)
}

/// Whether a text has only single spaces between its ends, and no other white space there.
///
/// Without a branch per byte, so that many are processed at once (bench `datatype`, `token`).
pub(crate) fn is_single(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_others = bytes.iter().fold(false, |found, byte| found | matches!(byte, b'\t' | b'\n' | b'\r'));
    let after = bytes.get(1..).unwrap_or_default();
    let has_two = || bytes.iter().zip(after).fold(false, |found, (one, other)| found | (*one == b' ' && one == other));
    !has_others && !has_two()
}

/// A text without leading white space.
pub(crate) fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_white_space_char)
}

/// The place of a text that begins at `at`, without surrounding white space; all of it if it is only white space.
pub(crate) fn trimmed(raw: &str, at: usize) -> Range<usize> {
    let bytes = raw.as_bytes();
    let Some(first) = bytes.iter().position(|&byte| !is_white_space(byte)) else { return at..at + raw.len() };
    let last = bytes.iter().rposition(|&byte| !is_white_space(byte)).unwrap_or(first);
    at + first..at + last + 1
}

/// The items of a list, separated by white space.
pub(crate) fn items(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(is_white_space_char);
        let end = rest.bytes().position(is_white_space).unwrap_or(rest.len());
        let (item, after) = rest.split_at_checked(end)?;
        rest = after;
        (!item.is_empty()).then_some(item)
    })
}

/// The offset after the white space at `at`.
pub(crate) fn skip_white_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|&byte| is_white_space(byte)) {
        at += 1;
    }
    at
}

/// Like [`skip_white_space`], never inlined: for loops that rarely call it and must stay small.
#[inline(never)]
pub(crate) fn skip_rare_white_space(bytes: &[u8], at: usize) -> usize {
    at + bytes.iter().skip(at).take_while(|byte| is_white_space(**byte)).count()
}

/// The offset after a line feed at `at` and each U+0020 that follows it; `at` if there is no line feed. Other white
/// space is not skipped: this is what separates two tags in most documents, in one or two steps (bench `validate`).
#[inline(always)]
pub(crate) fn skip_indent(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) != Some(&b'\n') {
        return at;
    }
    let mut at = at + 1;
    loop {
        // Indents are rarely deeper than sixteen, so this usually takes one turn.
        let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) else {
            return last_of_indent(bytes, at);
        };
        let others = !u8x16::new(*chunk).simd_eq(u8x16::splat(b' ')).to_bitmask();
        let count = others.trailing_zeros() as usize;
        if count < 16 {
            return at + count;
        }
        at += 16;
    }
}

#[inline(never)]
fn last_of_indent(bytes: &[u8], at: usize) -> usize {
    at + bytes.iter().skip(at).take_while(|byte| **byte == b' ').count()
}

/// Which of sixteen bytes are white space, one bit each.
#[inline(always)]
pub(crate) fn white_space_lanes(chunk: &[u8; 16]) -> u32 {
    let chunk = u8x16::new(*chunk);
    let is = |byte| chunk.simd_eq(u8x16::splat(byte));
    (is(b' ') | is(b'\n') | is(b'\t') | is(b'\r')).to_bitmask()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain_skip_indent(bytes: &[u8], at: usize) -> usize {
        if bytes.get(at) != Some(&b'\n') {
            return at;
        }
        at + 1 + bytes.iter().skip(at + 1).take_while(|&&byte| byte == b' ').count()
    }

    fn plain_skip_white_space(bytes: &[u8], at: usize) -> usize {
        at + bytes.iter().skip(at).take_while(|byte| b" \t\r\n".contains(byte)).count()
    }

    #[test]
    fn white_space_of_other_standards_is_not_white_space() {
        assert_eq!(trim("\u{C}\u{B} \t\r\n"), "\u{C}\u{B}");
        assert_eq!(items("\u{A0}a \n\u{85}").collect::<Vec<_>>(), ["\u{A0}a", "\u{85}"]);
        assert!(is_blank("") && is_blank(" \t\r\n") && !is_blank("\u{2003}"));
    }

    #[test]
    fn a_text_is_found_between_white_space() {
        for (raw, expected) in [("", 7..7), (" \n", 7..9), ("ab", 7..9), ("\t a b\r\n", 9..12)] {
            assert_eq!(trimmed(raw, 7), expected, "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn scans_do_what_their_plain_twins_do(
            bytes in prop::collection::vec(prop_oneof![4 => Just(b' '), 2 => Just(b'\n'), 1 => any::<u8>()], 0..80),
            at in 0usize..80,
        ) {
            let at = at.min(bytes.len());
            prop_assert_eq!(skip_indent(&bytes, at), plain_skip_indent(&bytes, at));
            prop_assert_eq!(skip_white_space(&bytes, at), plain_skip_white_space(&bytes, at));
            prop_assert_eq!(skip_rare_white_space(&bytes, at), plain_skip_white_space(&bytes, at));
        }

        #[test]
        fn lanes_are_those_of_white_space(
            chunk in prop::array::uniform16(prop_oneof![Just(b' '), Just(b'\n'), any::<u8>()]),
        ) {
            let lanes = white_space_lanes(&chunk);
            for (lane, byte) in chunk.iter().enumerate() {
                prop_assert_eq!(lanes >> lane & 1 == 1, b" \t\r\n".contains(byte));
            }
        }
    }
}
