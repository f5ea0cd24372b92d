//! White space as XML knows it (production S).

use std::ops::Range;

pub(crate) fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// A text without the white space around it.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| u8::try_from(character).is_ok_and(is_white_space))
}

/// Where a text that stands at `at` stands without the white space around it; of white space alone, all of it.
pub(crate) fn trimmed(raw: &str, at: usize) -> Range<usize> {
    let bytes = raw.as_bytes();
    let Some(first) = bytes.iter().position(|&byte| !is_white_space(byte)) else { return at..at + raw.len() };
    let last = bytes.iter().rposition(|&byte| !is_white_space(byte)).unwrap_or(first);
    at + first..at + last + 1
}
