//! Sixteen bytes at a time, and eight where mostly few are passed: where a run of plain bytes ends.

use wide::u8x16;

use super::word::{HIGH, lanes, word, zero_lanes};

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

/// Which of sixteen bytes may not be in plain character data, one bit each.
#[inline(always)]
fn text_stops(chunk: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*chunk);
    let is = |byte| bytes.simd_eq(u8x16::splat(byte));
    (is(b'<') | is(b'&') | is(b']') | is(0xEF) | control_lanes(bytes)).to_bitmask()
}

#[inline(never)]
fn last_text_end(bytes: &[u8], at: usize) -> usize {
    let stops = |byte: &u8| matches!(byte, b'<' | b'&' | b']' | 0xEF) || *byte < 0x20 && !matches!(byte, b'\n' | b'\t');
    bytes.iter().skip(at).position(stops).map_or(bytes.len(), |found| at + found)
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

/// Whether U+0020 is in `start..end`.
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

/// The first byte that is not plain in a string of JSON (RFC 8259, section 7): a quote, a backslash, a control
/// character. `None` where none of these comes before the last fifteen bytes, at the latest.
#[inline(always)]
pub(crate) fn try_string_end(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    loop {
        let (chunk, behind) = rest.split_first_chunk::<16>()?;
        let chunk = u8x16::new(*chunk);
        let is = |byte| chunk.simd_eq(u8x16::splat(byte));
        let stops = (is(b'"') | is(b'\\') | control_lanes(chunk)).to_bitmask();
        if stops != 0 {
            return Some(bytes.len() - rest.len() + stops.trailing_zeros() as usize);
        }
        rest = behind;
    }
}

/// As [`try_string_end`], also near the end of the bytes, which it gives where there is no such byte.
pub(crate) fn string_end(bytes: &[u8]) -> usize {
    let stops = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
    try_string_end(bytes).unwrap_or_else(|| bytes.iter().position(stops).unwrap_or(bytes.len()))
}

/// How many bytes at the front pass. The test of sixteen at once has no branch in it, which lets the compiler use
/// vector instructions.
#[inline(always)]
pub(crate) fn skip_while(bytes: &[u8], pass: impl Fn(u8) -> bool) -> usize {
    let mut skipped = 0;
    while let Some(chunk) = bytes.get(skipped..skipped + 16) {
        if !chunk.iter().fold(true, |all, &byte| all & pass(byte)) {
            break;
        }
        skipped += 16;
    }
    let rest = bytes.get(skipped..).unwrap_or_default();
    skipped + rest.iter().position(|&byte| !pass(byte)).unwrap_or(rest.len())
}

/// Which of sixteen bytes are the same in both, one bit each.
#[inline(always)]
pub(crate) fn equal_lanes(one: &[u8; 16], other: &[u8; 16]) -> u32 {
    u8x16::new(*one).simd_eq(u8x16::new(*other)).to_bitmask()
}

/// The bytes below U+0020.
#[inline(always)]
fn control_lanes(bytes: u8x16) -> u8x16 {
    bytes.min(u8x16::splat(0x1F)).simd_eq(bytes)
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

    fn plain_string_end(bytes: &[u8]) -> usize {
        let stop = |&byte: &u8| byte == b'"' || byte == b'\\' || byte < 0x20;
        bytes.iter().position(stop).unwrap_or(bytes.len())
    }

    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![any::<u8>(), Just(b'"'), Just(b' '), Just(b'\n'), b'0'..=b'9', b'a'..=b'z', b'a'..=b'z']
    }

    proptest! {
        #[test]
        fn scans_do_what_their_plain_twins_do(bytes in prop::collection::vec(byte(), 0..80), at in 0usize..80) {
            let at = at.min(bytes.len());
            prop_assert_eq!(text_end(&bytes, at), plain_text_end(&bytes, at));
            prop_assert_eq!(value_end(&bytes, at), plain_value_end(&bytes, at));
            let plain_has_blank = |start, end| bytes.get(start..end).is_some_and(|range: &[u8]| range.contains(&b' '));
            prop_assert_eq!(has_blank(&bytes, at / 2, at), plain_has_blank(at / 2, at));
            prop_assert_eq!(string_end(&bytes), plain_string_end(&bytes));
            let letters = bytes.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
            prop_assert_eq!(skip_while(&bytes, |byte| byte.is_ascii_lowercase()), letters);
        }

        #[test]
        fn equal_bytes_have_a_bit_each(one in prop::array::uniform16(byte()), other in prop::array::uniform16(byte())) {
            let lanes = equal_lanes(&one, &other);
            for (lane, (one, other)) in one.iter().zip(&other).enumerate() {
                prop_assert_eq!(lanes >> lane & 1 == 1, one == other);
            }
        }
    }
}
