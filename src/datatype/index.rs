//! Looks up a text among many: a hash table next to the sorted texts.

/// The slots that a text may be in, starting with that of its hash.
const PROBES: usize = 8;

/// A slot without a text.
const EMPTY: u32 = u32::MAX;

/// A hash table of positions in a sorted list of texts.
///
/// A schema can choose its texts so that their hashes collide. A text whose slots are all taken when the table is built
/// is therefore left out, and a lookup that finds every slot taken by other texts searches the list: no lookup compares
/// more than `PROBES` texts and a logarithm of their number.
#[derive(Debug)]
pub(super) struct Index {
    /// The length is a power of two, plus the slots that follow the last one.
    slots: Box<[u32]>,
    mask: usize,
}

impl Index {
    /// The index of texts in byte order.
    pub(super) fn new(texts: &[Box<str>]) -> Index {
        let mask = (2 * texts.len()).next_power_of_two() - 1;
        let mut slots = vec![EMPTY; mask + PROBES];
        for (text, position) in texts.iter().zip(0..EMPTY) {
            let first = hash(text.as_bytes()) & mask;
            if let Some(slot) = slots.iter_mut().skip(first).take(PROBES).find(|slot| **slot == EMPTY) {
                *slot = position;
            }
        }
        Index { slots: slots.into(), mask }
    }

    /// Whether a text is one of those the index was built from.
    pub(super) fn contains(&self, text: &str, texts: &[Box<str>]) -> bool {
        let first = hash(text.as_bytes()) & self.mask;
        let slots = self.slots.get(first..first + PROBES).unwrap_or_default();
        for slot in slots {
            match texts.get(*slot as usize) {
                Some(known) if **known == *text => return true,
                Some(_) => {}
                None => return false,
            }
        }
        texts.binary_search_by(|known| (**known).cmp(text)).is_ok()
    }
}

/// Mixes the length and up to sixteen bytes: the first eight and the last eight.
fn hash(text: &[u8]) -> usize {
    let (first, last) = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    let mixed = (first ^ last.rotate_left(29)).wrapping_add(text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    // The high bits of a product depend on all bits of its factors.
    (mixed >> 32) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(texts: impl IntoIterator<Item = String>) -> Vec<Box<str>> {
        let mut texts: Vec<Box<str>> = texts.into_iter().map(String::into_boxed_str).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    #[test]
    fn texts_whose_hashes_collide_are_found() {
        let texts = sorted((0..1_000).map(|number| format!("01234567{number:04}76543210")));
        let index = Index::new(&texts);
        assert!(texts.iter().all(|text| index.contains(text, &texts)));
        assert!(!index.contains("01234567100076543210", &texts) && !index.contains("0123456776543210", &texts));
    }

    proptest! {
        #[test]
        fn an_index_finds_what_a_search_finds(texts in prop::collection::vec("[ab]{0,4}|\\PC{0,12}", 0..40), other in "[ab]{0,4}") {
            let texts = sorted(texts);
            let index = Index::new(&texts);
            prop_assert!(texts.iter().all(|text| index.contains(text, &texts)));
            prop_assert_eq!(index.contains(&other, &texts), texts.iter().any(|text| **text == *other));
        }
    }
}
