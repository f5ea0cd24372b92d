//! Kernels of the quick way: eight or sixteen bytes at a time.
//!
//! Each has a plain twin in the tests, which it is held to on random bytes.

use wide::u8x16;

/// A byte in every lane.
const fn lanes(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// How many bytes are plain in a string (RFC 8259, section 7): up to a quote, a backslash, a control character. `None`
/// where there is none of these before the last fifteen bytes.
#[inline(always)]
pub(super) fn try_plain(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    loop {
        let (chunk, behind) = rest.split_first_chunk::<16>()?;
        let chunk = u8x16::new(*chunk);
        let is = |byte| chunk.simd_eq(u8x16::splat(byte));
        let control = chunk.min(u8x16::splat(0x1F)).simd_eq(chunk);
        let stops = (is(b'"') | is(b'\\') | control).to_bitmask();
        if stops != 0 {
            return Some(bytes.len() - rest.len() + stops.trailing_zeros() as usize);
        }
        rest = behind;
    }
}

/// The same up to the end.
pub(super) fn plain(bytes: &[u8]) -> usize {
    let stops = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
    try_plain(bytes).unwrap_or_else(|| bytes.iter().position(stops).unwrap_or(bytes.len()))
}

/// Which of sixteen bytes are white space (section 2), one bit each.
#[inline(always)]
pub(super) fn blanks(chunk: &[u8; 16]) -> u32 {
    let chunk = u8x16::new(*chunk);
    let is = |byte| chunk.simd_eq(u8x16::splat(byte));
    (is(b' ') | is(b'\n') | is(b'\t') | is(b'\r')).to_bitmask()
}

/// Which of sixteen bytes are the same in both, one bit each.
#[inline(always)]
pub(super) fn equal(one: &[u8; 16], other: &[u8; 16]) -> u32 {
    u8x16::new(*one).simd_eq(u8x16::new(*other)).to_bitmask()
}

/// The first eight bytes, the first one lowest.
#[inline(always)]
pub(super) fn word(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The decimal digits that a word begins with: the number that they are, and how many.
#[inline(always)]
pub(super) fn digits(word: u64) -> (u64, usize) {
    // A lane of 0..=9 stays below 0x80 when 0x76 is added; no lane carries into the next up to the first other byte.
    let values = word ^ lanes(b'0');
    let others = (values.wrapping_add(lanes(0x76)) | values) & lanes(0x80);
    let count = (others.trailing_zeros() / 8) as usize; // of 64 bits, so that it is 8 where all are digits
    // The digits go to the end, so that zeros lead.
    (eight(values.unbounded_shl(64 - 8 * count as u32)), count)
}

/// The number that eight digits are, the first one lowest: two are joined, then four, then all.
#[inline(always)]
fn eight(values: u64) -> u64 {
    let twos = values.wrapping_mul(10).wrapping_add(values >> 8);
    let low = (twos & 0x0000_00FF_0000_00FF).wrapping_mul(100 + (1_000_000 << 32));
    let high = (twos >> 16 & 0x0000_00FF_0000_00FF).wrapping_mul(1 + (10_000 << 32));
    low.wrapping_add(high) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain_twin(bytes: &[u8]) -> usize {
        let stop = |&byte: &u8| byte == b'"' || byte == b'\\' || byte < 0x20;
        bytes.iter().position(stop).unwrap_or(bytes.len())
    }

    fn digits_twin(bytes: &[u8; 8]) -> (u64, usize) {
        let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold((0, 0), |(number, count), digit| (10 * number + u64::from(digit - b'0'), count + 1))
    }

    fn bits(is: impl Iterator<Item = bool>) -> u32 {
        is.enumerate().fold(0, |bits, (lane, is)| bits | u32::from(is) << lane)
    }

    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![any::<u8>(), Just(b'"'), b'0'..=b'9', b'0'..=b'9', b'a'..=b'z', Just(b' '), Just(b'\n')]
    }

    proptest! {
        #[test]
        fn plain_bytes_are_counted(bytes in prop::collection::vec(byte(), 0..80)) {
            prop_assert_eq!(plain(&bytes), plain_twin(&bytes));
        }

        #[test]
        fn lanes_are_those_of_their_plain_twins(one in prop::array::uniform16(byte()), other in prop::array::uniform16(byte())) {
            prop_assert_eq!(blanks(&one), bits(one.iter().map(|byte| b" \n\t\r".contains(byte))));
            prop_assert_eq!(equal(&one, &other), bits(one.iter().zip(&other).map(|(one, other)| one == other)));
        }

        #[test]
        fn digits_are_numbers(bytes in prop::array::uniform8(prop_oneof![9 => b'0'..=b'9', 1 => any::<u8>()])) {
            prop_assert_eq!(digits(u64::from_le_bytes(bytes)), digits_twin(&bytes));
        }
    }
}
