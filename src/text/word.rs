//! Eight bytes at a time, as a number.

/// A byte in every lane.
#[inline(always)]
pub(super) const fn lanes(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

pub(super) const HIGH: u64 = lanes(0x80);

/// The lanes of `word` that are zero, as high bits. Exact up to and including the lowest one that is set.
#[inline(always)]
pub(super) const fn zero_lanes(word: u64) -> u64 {
    word.wrapping_sub(lanes(0x01)) & !word & HIGH
}

/// Eight bytes from `at`, the first one lowest, with zeros past the end of `bytes`, which no document may contain.
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

/// The number of ASCII digits that begin at `at`, counted up to 8.
#[inline(always)]
pub(crate) fn digits(bytes: &[u8], at: usize) -> usize {
    let other = other_than_digits(word(bytes, at) ^ lanes(b'0'));
    if other == 0 { 8 } else { (other.trailing_zeros() / 8) as usize }
}

/// The first eight bytes, the first one lowest.
#[inline(always)]
pub(crate) fn first_word(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The decimal digits that a word begins with: their value and their number.
#[inline(always)]
pub(crate) fn number(word: u64) -> (u64, usize) {
    let values = word ^ lanes(b'0');
    let others = other_than_digits(values);
    let count = (others.trailing_zeros() / 8) as usize; // of 64 bits, so it is 8 if all are digits
    // The digits are shifted to the end, so that zeros lead.
    (eight(values.unbounded_shl(64 - 8 * count as u32)), count)
}

/// The number that eight digits represent, the first one lowest: pairs are joined, then fours, then all.
#[inline(always)]
fn eight(values: u64) -> u64 {
    let twos = values.wrapping_mul(10).wrapping_add(values >> 8);
    let low = (twos & 0x0000_00FF_0000_00FF).wrapping_mul(100 + (1_000_000 << 32));
    let high = (twos >> 16 & 0x0000_00FF_0000_00FF).wrapping_mul(1 + (10_000 << 32));
    low.wrapping_add(high) >> 32
}

/// The lanes that are not 0 to 9, as high bits. Exact up to and including the lowest one that is set.
#[inline(always)]
const fn other_than_digits(values: u64) -> u64 {
    // A lane of 0..=9 stays below 0x80 when 0x76 is added; no lane carries into the next up to the first other byte.
    (values.wrapping_add(lanes(0x76)) | values) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain_digits(bytes: &[u8], at: usize) -> usize {
        bytes.iter().skip(at).take(8).take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn plain_number(bytes: &[u8; 8]) -> (u64, usize) {
        let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold((0, 0), |(number, count), digit| (10 * number + u64::from(digit - b'0'), count + 1))
    }

    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![9 => b'0'..=b'9', 1 => any::<u8>()]
    }

    proptest! {
        #[test]
        fn digits_are_counted(bytes in prop::collection::vec(byte(), 0..30), at in 0usize..40) {
            prop_assert_eq!(digits(&bytes, at), plain_digits(&bytes, at));
        }

        #[test]
        fn digits_are_numbers(bytes in prop::array::uniform8(byte())) {
            prop_assert_eq!(number(u64::from_le_bytes(bytes)), plain_number(&bytes));
        }
    }
}
