//! Kernels of the quick path: eight or sixteen bytes at a time.
//!
//! Each has a plain twin in the tests, which it is held to on random bytes.

use wide::u8x16;

/// A byte in every lane.
const fn lanes(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

const HIGH: u64 = lanes(0x80);

/// The lanes of `word` that are zero, as high bits. Exact up to and including the lowest one that is set.
#[inline(always)]
const fn zero_lanes(word: u64) -> u64 {
    word.wrapping_sub(lanes(0x01)) & !word & HIGH
}

/// Eight bytes from `at`, the first one lowest; behind the end of `bytes` stand zeros, which no document may hold.
#[inline(always)]
pub(crate) fn word(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => last_word(bytes, at),
    }
}

#[cold]
#[inline(never)]
fn last_word(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// The length of a pattern that is only a beginning: from wherever it is found, this leads out of the document, whose
/// bytes are counted in 32 bits. Where pointers have 32 bits a document has half as many, and the sum is a pointer still.
const BEYOND: u32 = if usize::BITS > 32 { u32::MAX } else { 1 << 31 };

/// Up to `8 * N` bytes, to be compared with as many bytes of a document in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pattern<const N: usize> {
    words: [[u8; 8]; N],
    masks: [u64; N],
    /// Its length in bytes.
    pub(crate) length: u32,
}

impl<const N: usize> Pattern<N> {
    /// A pattern that is nowhere: no document in UTF-8 has these bytes.
    pub(crate) const NOWHERE: Pattern<N> = Pattern { words: [[0xFF; 8]; N], masks: [u64::MAX; N], length: 0 };

    /// The pattern of `bytes`; where they are none or more than it can hold, the one that is nowhere.
    pub(crate) fn new(bytes: &[u8]) -> Pattern<N> {
        if bytes.is_empty() || bytes.len() > 8 * N {
            return Pattern::NOWHERE;
        }
        let mut pattern = Pattern { words: [[0; 8]; N], masks: [0; N], length: bytes.len() as u32 };
        pattern.words.as_flattened_mut().iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        for (index, mask) in pattern.masks.iter_mut().enumerate() {
            let held = bytes.len().saturating_sub(8 * index).min(8);
            *mask = if held == 8 { u64::MAX } else { (1 << (8 * held)) - 1 };
        }
        pattern
    }

    /// The pattern of `bytes`; where they are more than it can hold, of the first of them.
    pub(crate) fn beginning(bytes: &[u8]) -> Pattern<N> {
        match bytes.get(..8 * N) {
            Some(first) if first.len() < bytes.len() => Pattern { length: BEYOND, ..Pattern::new(first) },
            _ => Pattern::new(bytes),
        }
    }

    /// Whether it is but the beginning of what it was made from. Then nothing stands behind it, in any document, so
    /// that who looks at the byte there needs no question of its own.
    #[inline(always)]
    pub(crate) fn is_beginning(&self) -> bool {
        self.length == BEYOND
    }

    /// Whether the document goes on with these bytes at `at`.
    #[inline(always)]
    pub(crate) fn is_at(&self, bytes: &[u8], at: usize) -> bool {
        // Unless the document ends near, one check of its length does for all words.
        let Some(rest) = bytes.get(at..).filter(|rest| rest.len() >= 8 * N) else { return self.is_last(bytes, at) };
        let (chunks, _) = rest.as_chunks::<8>();
        let mut difference = 0;
        for ((chunk, word), mask) in chunks.iter().zip(&self.words).zip(&self.masks) {
            difference |= (u64::from_le_bytes(*chunk) ^ u64::from_le_bytes(*word)) & mask;
        }
        difference == 0
    }

    /// The same where less is left of the document than the pattern could hold: near its end.
    #[inline(never)]
    fn is_last(&self, bytes: &[u8], at: usize) -> bool {
        let held = self.words.as_flattened().get(..self.length as usize).unwrap_or_default();
        let Some(rest) = bytes.get(at..).and_then(|rest| rest.get(..held.len())) else { return false };
        // Chunks from the front and one that ends with the pattern: together they are all of it.
        match (rest.last_chunk::<8>(), held.last_chunk::<8>()) {
            (Some(last), Some(end)) => last == end && rest.as_chunks::<8>().0 == held.as_chunks::<8>().0,
            _ => !held.is_empty() && rest == held,
        }
    }
}

/// Behind the white space at `at`: at once where there is none, quickly where it is a line feed and blanks.
#[inline(always)]
pub(crate) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) != Some(&b'\n') {
        return at;
    }
    let mut at = at + 1;
    loop {
        // Indents are rarely deeper than sixteen: mostly one turn.
        let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) else {
            return last_blanks(bytes, at);
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
fn last_blanks(bytes: &[u8], at: usize) -> usize {
    at + bytes.iter().skip(at).take_while(|byte| **byte == b' ').count()
}

/// Behind white space of any kind (production S).
#[inline(never)]
pub(crate) fn skip_white_space(bytes: &[u8], at: usize) -> usize {
    let is_white_space = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'\r' | b'\n');
    at + bytes.iter().skip(at).take_while(is_white_space).count()
}

/// The first byte from `at` that is not plain character data: `<`, `&`, `]`, a carriage return, a forbidden control
/// character, or `0xEF`, with which U+FFFE and U+FFFF begin. The end of `bytes` where there is none.
#[inline(always)]
pub(crate) fn text_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) else {
            return last_text_end(bytes, at);
        };
        let stops = text_stops(chunk);
        if stops == 0 {
            at += 16;
            continue;
        }
        at += stops.trailing_zeros() as usize;
        match bytes.get(at) {
            Some(b'\n' | b'\t') => at += 1,
            _ => return at,
        }
    }
}

/// The bytes that may not stand in plain character data, one bit each.
#[inline(always)]
fn text_stops(chunk: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*chunk);
    let is = |byte| bytes.simd_eq(u8x16::splat(byte));
    let control = bytes.min(u8x16::splat(0x1F)).simd_eq(bytes);
    (is(b'<') | is(b'&') | is(b']') | is(0xEF) | control).to_bitmask()
}

#[inline(never)]
fn last_text_end(bytes: &[u8], at: usize) -> usize {
    let stops = |byte: &u8| matches!(byte, b'<' | b'&' | b']' | 0xEF) || *byte < 0x20 && !matches!(byte, b'\n' | b'\t');
    bytes.iter().skip(at).position(stops).map_or(bytes.len(), |found| at + found)
}

/// How many ASCII digits stand at `at`, counted up to 8.
#[inline(always)]
pub(crate) fn digits(bytes: &[u8], at: usize) -> usize {
    let word = word(bytes, at) ^ lanes(b'0');
    // A lane of 0..=9 stays below 0x80 when 0x76 is added; no lane carries into the next up to the first other byte.
    let other = (word.wrapping_add(lanes(0x76)) | word) & HIGH;
    if other == 0 { 8 } else { (other.trailing_zeros() / 8) as usize }
}

/// The first byte from `at` that is not plain in a value between double quotes: `"`, `<`, `&`, white space other
/// than a blank, a forbidden control character, or `0xEF`. The end of `bytes` where there is none.
#[inline(always)]
pub(crate) fn value_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let word = word(bytes, at);
        let stops = zero_lanes(word ^ lanes(b'"'))
            | zero_lanes(word ^ lanes(b'<'))
            | zero_lanes(word ^ lanes(b'&'))
            | zero_lanes(word ^ lanes(0xEF))
            | (word.wrapping_sub(lanes(0x20)) & !word & HIGH);
        if stops != 0 {
            return (at + (stops.trailing_zeros() / 8) as usize).min(bytes.len());
        }
        at += 8;
    }
}

/// Whether a blank stands in `start..end`.
#[inline(always)]
pub(crate) fn has_blank(bytes: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end {
        let blanks = zero_lanes(word(bytes, at) ^ lanes(b' '));
        if blanks != 0 {
            return at + ((blanks.trailing_zeros() / 8) as usize) < end;
        }
        at += 8;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain_text_end(bytes: &[u8], at: usize) -> usize {
        let stop = |&byte: &u8| matches!(byte, b'<' | b'&' | b']' | 0xEF) || byte < 0x20 && !b"\n\t".contains(&byte);
        bytes.iter().skip(at).position(stop).map_or(bytes.len(), |found| at + found)
    }

    fn plain_value_end(bytes: &[u8], at: usize) -> usize {
        let stop = |&byte: &u8| matches!(byte, b'"' | b'<' | b'&' | 0xEF) || byte < 0x20;
        bytes.iter().skip(at).position(stop).map_or(bytes.len(), |found| at + found)
    }

    fn plain_digits(bytes: &[u8], at: usize) -> usize {
        bytes.iter().skip(at).take(8).take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn plain_skip_blanks(bytes: &[u8], at: usize) -> usize {
        if bytes.get(at) != Some(&b'\n') {
            return at;
        }
        at + 1 + bytes.iter().skip(at + 1).take_while(|&&byte| byte == b' ').count()
    }

    proptest! {
        #[test]
        fn kernels_do_what_their_plain_twins_do(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b' '), Just(b'\n'), b'0'..=b'9', b'a'..=b'z'], 0..80),
            at in 0usize..80,
        ) {
            let at = at.min(bytes.len());
            prop_assert_eq!(text_end(&bytes, at), plain_text_end(&bytes, at));
            prop_assert_eq!(value_end(&bytes, at), plain_value_end(&bytes, at));
            prop_assert_eq!(digits(&bytes, at), plain_digits(&bytes, at));
            let plain_has_blank = |start, end| bytes.get(start..end).is_some_and(|range: &[u8]| range.contains(&b' '));
            prop_assert_eq!(has_blank(&bytes, at / 2, at), plain_has_blank(at / 2, at));
            prop_assert_eq!(skip_blanks(&bytes, at), plain_skip_blanks(&bytes, at));
        }

        #[test]
        fn a_pattern_is_where_its_bytes_are(
            bytes in prop::collection::vec(prop_oneof![Just(b'a'), Just(b'b')], 0..40),
            name in prop::collection::vec(prop_oneof![Just(b'a'), Just(b'b')], 1..=24),
            at in 0usize..40,
        ) {
            let pattern = Pattern::<3>::new(&name);
            let expected = bytes.get(at..).is_some_and(|rest| rest.starts_with(&name));
            prop_assert_eq!(pattern.is_at(&bytes, at), expected);
            prop_assert!(!Pattern::<3>::NOWHERE.is_at(&bytes, at));
        }
    }
}
