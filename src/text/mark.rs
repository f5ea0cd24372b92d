//! Marks of names: these distinguish most names without a look at all of their bytes.

/// The length of a name, and eight bytes at either end of it, which is all of most names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    first: u64,
    last: u64,
    length: usize,
}

impl Mark {
    /// The mark of the empty name.
    pub(crate) const NONE: Mark = Mark { first: 0, last: 0, length: 0 };

    #[inline(always)]
    pub(crate) fn of(name: &[u8]) -> Mark {
        let (first, last) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
                (Some(first), Some(last)) => (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into()),
                _ => (name.iter().fold(0, |first, byte| first << 8 | u64::from(*byte)), 0),
            },
        };
        Mark { first, last, length: name.len() }
    }

    /// Whether no other name has this mark.
    #[inline(always)]
    pub(crate) fn is_whole(self) -> bool {
        self.length <= 16
    }

    /// For names with the same mark: what is between the ends.
    #[inline(always)]
    pub(crate) fn inside(name: &[u8]) -> &[u8] {
        name.len().checked_sub(8).and_then(|end| name.get(8..end)).unwrap_or_default()
    }

    /// The whole mark, whose last word is small.
    #[inline(always)]
    pub(crate) fn words(self) -> [u64; 3] {
        [self.first, self.last, self.length as u64]
    }

    /// For a table: the upper bits depend on the whole mark (Fibonacci hashing).
    #[inline(always)]
    pub(crate) fn hash(self) -> u64 {
        (self.first ^ self.last.rotate_left(29) ^ (self.length as u64) << 56).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_mark_differ_inside() {
        let name = b"abcdefghijklmnopqrstuvwxyz";
        for length in 0..=name.len() {
            let name = &name[..length];
            assert_eq!(Mark::of(name).is_whole(), length <= 16);
            for at in 0..length {
                let mut other = name.to_vec();
                other[at] = b'_';
                let is_same = Mark::of(&other) == Mark::of(name);
                assert_eq!(is_same, Mark::inside(&other) != Mark::inside(name) && length > 16, "{length} {at}");
            }
        }
    }
}
