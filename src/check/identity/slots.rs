//! A hash table of numbers, with open addressing and linear probing; what the numbers refer to is kept by the caller,
//! in lists.
//!
//! With each number the table keeps a byte of its hash. So a large table can be three quarters full: a few adjacent
//! bytes show that a number is absent, and the caller has to compare hardly any other number. The table grows by half.
//!
//! It differs from `HashMap` in the cost of reusing it. A removed number leaves no mark, so a table that served one
//! document serves the next one of the same size without growing. And nothing takes time in proportion to the capacity,
//! which one large document may have made large for many small ones.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// A hash table of numbers. If documents choose what is hashed, the hashes must depend on a secret of the process.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// A byte of the hash of each number; zero if the slot is free. At most three quarters of the slots are taken, in a
    /// small table half.
    tags: Vec<u8>,
    /// The numbers.
    numbers: Vec<u32>,
    taken: usize,
}

/// Below this many slots memory does not matter: only half of the slots are taken, which is faster.
const SMALL: usize = 1 << 16;

/// The number of slots of the smallest table that is not empty.
const FEWEST: usize = 16;

impl Slots {
    /// The size of the memory in bytes.
    pub(super) fn size(&self) -> usize {
        self.tags.capacity() + self.numbers.capacity() * size_of::<u32>()
    }

    /// The number of slots, taken or free.
    pub(super) fn len(&self) -> usize {
        self.tags.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.taken == 0
    }

    /// Forgets all numbers.
    pub(super) fn clear(&mut self) {
        self.tags.fill(0);
        self.taken = 0;
    }

    /// Finds the number with a hash for which `is_it` is true.
    #[inline]
    pub(super) fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let (mut at, tag) = (self.home(hash), tag(hash));
        loop {
            match *self.tags.get(at)? {
                FREE => return None,
                known if known == tag => {
                    let number = *self.numbers.get(at)?;
                    if is_it(number) {
                        return Some(number);
                    }
                }
                _ => {}
            }
            at = self.after(at);
        }
    }

    /// Adds a number that is not in the table; `hash_of` gives the hashes of those that are.
    pub(super) fn insert(&mut self, hash: u32, number: u32, hash_of: impl Fn(u32) -> u32) {
        let quarters = if self.tags.len() < SMALL { 2 } else { 3 };
        if self.taken * 4 >= self.tags.len() * quarters {
            self.grow(hash_of);
        }
        self.put(hash, number);
        self.taken += 1;
    }

    #[cold]
    fn grow(&mut self, hash_of: impl Fn(u32) -> u32) {
        let room = match self.tags.len() {
            ..SMALL => (self.tags.len() * 2).max(FEWEST),
            large => large + large / 2,
        };
        let tags = std::mem::replace(&mut self.tags, vec![FREE; room]);
        let numbers = std::mem::replace(&mut self.numbers, vec![0; room]);
        for (_, number) in tags.into_iter().zip(numbers).filter(|(tag, _)| *tag != FREE) {
            self.put(hash_of(number), number);
        }
    }

    fn put(&mut self, hash: u32, number: u32) {
        let mut at = self.home(hash);
        while self.tags.get(at).is_some_and(|known| *known != FREE) {
            at = self.after(at);
        }
        if let (Some(known), Some(room)) = (self.tags.get_mut(at), self.numbers.get_mut(at)) {
            *known = tag(hash);
            *room = number;
        }
    }

    /// Removes a number and closes the gap: later numbers that were displaced move up.
    pub(super) fn remove(&mut self, hash: u32, number: u32, hash_of: impl Fn(u32) -> u32) {
        let mut gap = self.home(hash);
        loop {
            match self.taken_by(gap) {
                None => return,
                Some(other) if other == number => break,
                Some(_) => gap = self.after(gap),
            }
        }
        self.taken -= 1;
        let mut at = self.after(gap);
        while let Some(moving) = self.taken_by(at) {
            // A number can move if its home slot is not between the gap and its slot.
            let (distance, to_gap) = (self.distance(self.home(hash_of(moving)), at), self.distance(gap, at));
            if distance >= to_gap {
                self.tags.swap(gap, at);
                self.numbers.swap(gap, at);
                gap = at;
            }
            at = self.after(at);
        }
        if let Some(tag) = self.tags.get_mut(gap) {
            *tag = FREE;
        }
    }

    /// The number in a slot, if there is one.
    #[inline]
    fn taken_by(&self, at: usize) -> Option<u32> {
        self.tags.get(at).filter(|tag| **tag != FREE).and_then(|_| self.numbers.get(at)).copied()
    }

    /// The slot that a number with this hash goes into if it is free: hashes are mapped to slots in proportion.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.tags.len() as u64) >> 32) as usize
    }

    #[inline]
    fn after(&self, at: usize) -> usize {
        if at + 1 < self.tags.len() { at + 1 } else { 0 }
    }

    /// The distance from one slot forward to another.
    fn distance(&self, from: usize, to: usize) -> usize {
        if from <= to { to - from } else { self.tags.len() - from + to }
    }
}

/// The tag of a free slot.
const FREE: u8 = 0;

/// A tag is the last bits of a hash, since the first ones determine the slot.
fn tag(hash: u32) -> u8 {
    (hash as u8).max(1)
}

/// Hashes numbers with a secret. A document cannot choose numbers with equal hashes without knowing it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Secret {
    mask: u64,
    factor: u64,
}

impl Default for Secret {
    fn default() -> Self {
        // The hash of nothing by a `RandomState` is a random number.
        let [mask, factor] = [(); 2].map(|()| RandomState::new().hash_one(()));
        Secret { mask, factor: factor | 1 }
    }
}

impl Secret {
    /// Every bit of the number affects every bit of the hash with equal probability.
    pub(super) fn hash(self, number: u64) -> u32 {
        let product = u128::from(number ^ self.mask) * u128::from(self.factor);
        ((product >> 64) as u64 ^ product as u64) as u32
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn slots_behave_like_a_set(steps in prop::collection::vec((any::<bool>(), 0..60_u32), 0..300), spread in 1..7_u32) {
            let hash_of = |number: u32| ((number / spread) << 26) | (number % 3);
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
