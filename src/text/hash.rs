//! Hashes of names, for a table in which every tag is looked up: a few operations per eight bytes.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

use super::mark::Mark;

/// Makes hashes that depend on the process, so that no schema can choose names that collide.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameHashes {
    seed: u64,
}

impl Default for NameHashes {
    fn default() -> NameHashes {
        static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
        NameHashes { seed: *SEED }
    }
}

impl BuildHasher for NameHashes {
    type Hasher = NameHasher;

    #[inline]
    fn build_hasher(&self) -> NameHasher {
        NameHasher(self.seed)
    }
}

/// See [`NameHashes`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameHasher(u64);

impl NameHasher {
    #[inline(always)]
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x9E37_79B9_7F4A_7C15;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for NameHasher {
    #[inline]
    fn write(&mut self, name: &[u8]) {
        let mark = Mark::of(name);
        mark.words().into_iter().for_each(|word| self.mix(word));
        if !mark.is_whole() {
            let inside = Mark::inside(name).chunks(8);
            inside.for_each(|chunk| Mark::of(chunk).words().into_iter().for_each(|word| self.mix(word)));
        }
    }

    /// The byte that ends a hashed text.
    #[inline]
    fn write_u8(&mut self, _end: u8) {}

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Every byte counts, wherever it is.
        #[test]
        fn other_names_have_other_hashes(
            name in "[a-z]{0,70}",
            at in any::<prop::sample::Index>(),
            letter in "[A-Z]",
        ) {
            let hash = |name: &str| NameHashes::default().hash_one(name);
            prop_assert_eq!(hash(&name), hash(&name.clone()));
            let at = at.index(name.len() + 1);
            let mut longer = name.clone();
            longer.insert_str(at, &letter);
            prop_assert_ne!(hash(&name), hash(&longer));
            if at < name.len() {
                let mut other = name.clone();
                other.replace_range(at..=at, &letter);
                prop_assert_ne!(hash(&name), hash(&other));
            }
        }
    }
}
