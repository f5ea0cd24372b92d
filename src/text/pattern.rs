//! A few bytes that are compared with those of a document at once, such as a predicted tag.

/// The length of a pattern that is only a beginning: from wherever it is found, this leads past the end of the
/// document, whose bytes are counted in 32 bits. On platforms with 32-bit pointers a document is at most half as long,
/// so the sum still fits a pointer.
const BEYOND: u32 = if usize::BITS > 32 { u32::MAX } else { 1 << 31 };

/// Up to `8 * N` bytes, compared with as many bytes of a document at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pattern<const N: usize> {
    words: [[u8; 8]; N],
    masks: [u64; N],
    /// Its length in bytes.
    pub(crate) length: u32,
}

impl<const N: usize> Pattern<N> {
    /// A pattern that never matches: no UTF-8 document has these bytes.
    pub(crate) const NOWHERE: Pattern<N> = Pattern { words: [[0xFF; 8]; N], masks: [u64::MAX; N], length: 0 };

    /// The pattern of `bytes`; if there are none or more than it can hold, the one that never matches.
    pub(crate) fn new(bytes: &[u8]) -> Pattern<N> {
        Pattern::joined(&[bytes])
    }

    /// The pattern of several parts, one after another.
    pub(crate) fn joined(parts: &[&[u8]]) -> Pattern<N> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        if length == 0 || length > 8 * N {
            return Pattern::NOWHERE;
        }
        let mut pattern = Pattern { words: [[0; 8]; N], masks: [0; N], length: length as u32 };
        let mut room = pattern.words.as_flattened_mut();
        for part in parts {
            let Some((here, rest)) = room.split_at_mut_checked(part.len()) else { break };
            here.copy_from_slice(part);
            room = rest;
        }
        for (index, mask) in pattern.masks.iter_mut().enumerate() {
            let held = length.saturating_sub(8 * index).min(8);
            *mask = if held == 8 { u64::MAX } else { (1 << (8 * held)) - 1 };
        }
        pattern
    }

    /// The pattern of `bytes`; if there are more than it can hold, of the first of them.
    pub(crate) fn beginning(bytes: &[u8]) -> Pattern<N> {
        match bytes.get(..8 * N) {
            Some(first) if first.len() < bytes.len() => Pattern { length: BEYOND, ..Pattern::new(first) },
            _ => Pattern::new(bytes),
        }
    }

    /// Whether the pattern holds only the first bytes of a longer name. Its length then leads past the end of any
    /// document, where there is no byte: code that looks at the byte after it needs no check of its own.
    #[inline(always)]
    pub(crate) fn is_beginning(&self) -> bool {
        self.length == BEYOND
    }

    /// Whether the document continues with these bytes at `at`.
    #[inline(always)]
    pub(crate) fn is_at(&self, bytes: &[u8], at: usize) -> bool {
        // Unless the document ends soon, one length check is enough for all words.
        let Some(rest) = bytes.get(at..).filter(|rest| rest.len() >= 8 * N) else { return self.is_last(bytes, at) };
        let (chunks, _) = rest.as_chunks::<8>();
        let mut difference = 0;
        for ((chunk, word), mask) in chunks.iter().zip(&self.words).zip(&self.masks) {
            difference |= (u64::from_le_bytes(*chunk) ^ u64::from_le_bytes(*word)) & mask;
        }
        difference == 0
    }

    /// As many bytes of a document as the pattern could hold, for comparison with several patterns; `None` if the
    /// document ends before.
    #[inline(always)]
    pub(crate) fn words_at(bytes: &[u8], at: usize) -> Option<[u64; N]> {
        let (chunks, _) = bytes.get(at..)?.as_chunks::<8>();
        let chunks = chunks.first_chunk::<N>()?;
        Some(chunks.map(u64::from_le_bytes))
    }

    /// Whether these are the bytes of the pattern, up to its length.
    #[inline(always)]
    pub(crate) fn is(&self, words: &[u64; N]) -> bool {
        let mut difference = 0;
        for ((given, word), mask) in words.iter().zip(&self.words).zip(&self.masks) {
            difference |= (given ^ u64::from_le_bytes(*word)) & mask;
        }
        difference == 0
    }

    /// As `is_at`, near the end of the document, where less is left than the pattern can hold.
    #[inline(never)]
    fn is_last(&self, bytes: &[u8], at: usize) -> bool {
        let held = self.words.as_flattened().get(..self.length as usize).unwrap_or_default();
        let Some(rest) = bytes.get(at..).and_then(|rest| rest.get(..held.len())) else { return false };
        // Chunks from the front and one that ends with the pattern together cover all of it.
        match (rest.last_chunk::<8>(), held.last_chunk::<8>()) {
            (Some(last), Some(end)) => last == end && rest.as_chunks::<8>().0 == held.as_chunks::<8>().0,
            _ => !held.is_empty() && rest == held,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_pattern_is_where_its_bytes_are(
            bytes in prop::collection::vec(prop_oneof![Just(b'a'), Just(b'b')], 0..40),
            name in prop::collection::vec(prop_oneof![Just(b'a'), Just(b'b')], 1..=24),
            at in 0usize..40,
        ) {
            let pattern = Pattern::<3>::new(&name);
            let expected = bytes.get(at..).is_some_and(|rest| rest.starts_with(&name));
            prop_assert_eq!(pattern.is_at(&bytes, at), expected);
            if let Some(words) = Pattern::words_at(&bytes, at) {
                prop_assert_eq!(pattern.is(&words), expected);
            }
            let (first, second) = name.split_at(at.min(name.len()));
            prop_assert_eq!(Pattern::<3>::joined(&[first, second]), pattern);
            prop_assert!(!Pattern::<3>::NOWHERE.is_at(&bytes, at));
        }
    }
}
