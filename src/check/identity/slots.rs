//! A hash table of numbers, open and probed in order: what the numbers are of is kept by the caller, in lists.
//!
//! It differs from `HashMap` in what it costs to use again. A number that is removed leaves no mark behind, so that a
//! table that served one document serves the next one of the same size without growing; and nothing takes time in
//! proportion to the capacity, which one large document may have made large for many small ones.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// See the module. Hashes must depend on a secret of the process where documents choose what is hashed.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// A number plus one; zero: free. At most half of them are taken, and their count is a power of two.
    slots: Vec<u32>,
    taken: usize,
}

/// Slots of a table that has any.
const FEWEST: usize = 16;

impl Slots {
    /// Bytes that it holds.
    pub(super) fn size(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }

    /// How many slots there are, taken or free.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.taken == 0
    }

    /// Forgets all numbers.
    pub(super) fn clear(&mut self) {
        self.slots.fill(0);
        self.taken = 0;
    }

    /// The number with a hash that is looked for.
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = self.home(hash);
        loop {
            let number = self.slots.get(at)?.checked_sub(1)?;
            if is_it(number) {
                return Some(number);
            }
            at = self.after(at);
        }
    }

    /// Adds a number that is not there; `hash_of` gives the hashes of those that are.
    pub(super) fn insert(&mut self, hash: u64, number: u32, hash_of: impl Fn(u32) -> u64) {
        if self.taken * 2 >= self.slots.len() {
            let room = vec![0; (self.slots.len() * 2).max(FEWEST)];
            let slots = std::mem::replace(&mut self.slots, room);
            for before in slots.into_iter().filter_map(|slot| slot.checked_sub(1)) {
                self.put(hash_of(before), before);
            }
        }
        self.put(hash, number);
        self.taken += 1;
    }

    fn put(&mut self, hash: u64, number: u32) {
        let mut at = self.home(hash);
        while self.slots.get(at).is_some_and(|slot| *slot != 0) {
            at = self.after(at);
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = number + 1;
        }
    }

    /// Removes a number, and closes the gap: what was put after it because of it moves up.
    pub(super) fn remove(&mut self, hash: u64, number: u32, hash_of: impl Fn(u32) -> u64) {
        let mut gap = self.home(hash);
        loop {
            match self.slots.get(gap) {
                Some(0) | None => return,
                Some(slot) if *slot == number + 1 => break,
                Some(_) => gap = self.after(gap),
            }
        }
        self.taken -= 1;
        let mut at = self.after(gap);
        while let Some(moving) = self.slots.get(at).and_then(|slot| slot.checked_sub(1)) {
            // It may move where its home is not between the gap and itself.
            let (distance, to_gap) = (self.distance(self.home(hash_of(moving)), at), self.distance(gap, at));
            if distance >= to_gap {
                self.slots.swap(gap, at);
                gap = at;
            }
            at = self.after(at);
        }
        if let Some(slot) = self.slots.get_mut(gap) {
            *slot = 0;
        }
    }

    /// Where a number with a hash is put if it can.
    fn home(&self, hash: u64) -> usize {
        hash as usize & self.slots.len().wrapping_sub(1)
    }

    fn after(&self, at: usize) -> usize {
        (at + 1) & self.slots.len().wrapping_sub(1)
    }

    /// From one slot on to another.
    fn distance(&self, from: usize, to: usize) -> usize {
        to.wrapping_sub(from) & self.slots.len().wrapping_sub(1)
    }
}

/// Makes hashes of numbers. A document that does not know it cannot choose numbers with equal ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Secret {
    mask: u64,
    factor: u64,
}

impl Default for Secret {
    fn default() -> Self {
        // What each of these hashes nothing to is chosen at random.
        let [mask, factor] = [(); 2].map(|()| RandomState::new().hash_one(()));
        Secret { mask, factor: factor | 1 }
    }
}

impl Secret {
    /// Every bit of the number changes every bit of the hash, with equal chances.
    pub(super) fn hash(self, number: u64) -> u64 {
        let product = u128::from(number ^ self.mask) * u128::from(self.factor);
        (product >> 64) as u64 ^ product as u64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(steps in prop::collection::vec((any::<bool>(), 0..60_u32), 0..300), spread in 1..7_u64) {
            let hash_of = |number: u32| u64::from(number) / spread;
            let (mut slots, mut plain) = (Slots::default(), BTreeSet::new());
            for (is_added, number) in steps {
                if !is_added {
                    slots.remove(hash_of(number), number, hash_of);
                    plain.remove(&number);
                } else if plain.insert(number) {
                    slots.insert(hash_of(number), number, hash_of);
                }
                for number in 0..60 {
                    let is_there = slots.find(hash_of(number), |other| other == number).is_some();
                    prop_assert_eq!(is_there, plain.contains(&number));
                }
            }
            prop_assert_eq!(slots.taken, plain.len());
        }
    }
}
