//! Sets of key-sequences, with data about each member, in one memory: ending a set takes time in proportion to its
//! members, and beginning one takes none.

use super::pieces::Pieces;
use super::slots::{Secret, Slots};
use super::values::ValueId;

/// All sets of one kind.
#[derive(Debug)]
pub(super) struct Sets<T> {
    /// The members of the sets, and free entries.
    members: Pieces<Entry<T>>,
    /// The first free entry.
    free: u32,
    slots: Slots,
    secret: Secret,
    /// The number of the next set.
    next: u32,
}

#[derive(Debug, Clone, Copy)]
struct Entry<T> {
    set: u32,
    value: ValueId,
    /// The next entry of the same set, or the next free entry.
    next: u32,
    about: T,
}

/// A set; `release` or `merge_into` ends it.
#[derive(Debug)]
pub(super) struct Set {
    number: u32,
    first: u32,
    last: u32,
    count: u32,
}

/// Marks the absence of an entry.
const NONE: u32 = u32::MAX;

impl<T> Default for Sets<T> {
    fn default() -> Self {
        let (members, slots, secret) = (Pieces::default(), Slots::default(), Secret::default());
        Sets { members, free: NONE, slots, secret, next: 0 }
    }
}

impl<T: Copy> Sets<T> {
    /// Forgets all sets, but keeps the memory.
    pub(super) fn clear(&mut self) {
        if !self.slots.is_empty() {
            let Sets { members, slots, secret, .. } = self;
            let hash_of = |entry: u32| hash_of(members, *secret, entry);
            // Free entries are not in the table, so removing them does nothing.
            (0..members.len() as u32).for_each(|entry| slots.remove(hash_of(entry), entry, hash_of));
        }
        self.members.clear();
        self.free = NONE;
        self.next = 0;
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        self.members.size() + self.slots.size()
    }

    /// Begins an empty set.
    pub(super) fn set(&mut self) -> Set {
        self.next = self.next.wrapping_add(1);
        Set { number: self.next, first: NONE, last: NONE, count: 0 }
    }

    pub(super) fn get(&self, set: &Set, value: ValueId) -> Option<T> {
        self.find(set, value).and_then(|entry| self.members.get(entry as usize)).map(|entry| entry.about)
    }

    /// The data of a member.
    pub(super) fn get_mut(&mut self, set: &Set, value: ValueId) -> Option<&mut T> {
        let entry = self.find(set, value)?;
        self.members.get_mut(entry as usize).map(|entry| &mut entry.about)
    }

    fn find(&self, set: &Set, value: ValueId) -> Option<u32> {
        let is_it = |entry: &Entry<T>| entry.set == set.number && entry.value == value;
        let hash = self.secret.hash(key(set.number, value));
        self.slots.find(hash, |entry| self.members.get(entry as usize).is_some_and(is_it))
    }

    /// Adds a value that is not yet a member.
    pub(super) fn insert(&mut self, set: &mut Set, value: ValueId, about: T) {
        let new = Entry { set: set.number, value, next: NONE, about };
        let entry = match self.members.get_mut(self.free as usize) {
            Some(room) => {
                let entry = std::mem::replace(&mut self.free, room.next);
                *room = new;
                entry
            }
            None => {
                self.members.push(new);
                self.members.len() as u32 - 1
            }
        };
        self.link(set, entry);
    }

    /// Adds an entry, which has its value and the number of its set, to the table and to the end of the set.
    fn link(&mut self, set: &mut Set, entry: u32) {
        let Sets { members, slots, secret, .. } = self;
        match members.get_mut(set.last as usize) {
            Some(last) => last.next = entry,
            None => set.first = entry,
        }
        set.last = entry;
        set.count += 1;
        slots.insert(hash_of(members, *secret, entry), entry, |entry| hash_of(members, *secret, entry));
    }

    /// Removes the first entry from a set; it then belongs to none.
    fn unlink(&mut self, set: &mut Set) -> Option<u32> {
        let entry = set.first;
        let Sets { members, slots, secret, .. } = self;
        set.first = members.get(entry as usize)?.next;
        if set.first == NONE {
            set.last = NONE;
        }
        set.count -= 1;
        slots.remove(hash_of(members, *secret, entry), entry, |entry| hash_of(members, *secret, entry));
        let taken = members.get_mut(entry as usize)?;
        taken.next = NONE;
        Some(entry)
    }

    fn give_back(&mut self, entry: u32) {
        if let Some(room) = self.members.get_mut(entry as usize) {
            room.next = std::mem::replace(&mut self.free, entry);
        }
    }

    /// Ends a set.
    pub(super) fn release(&mut self, mut set: Set) {
        while let Some(entry) = self.unlink(&mut set) {
            self.give_back(entry);
        }
    }

    /// Removes the members for which `is_kept` is false.
    pub(super) fn retain(&mut self, set: &mut Set, mut is_kept: impl FnMut(T) -> bool) {
        for _ in 0..set.count {
            let Some(entry) = self.unlink(set) else { return };
            match self.members.get(entry as usize) {
                Some(member) if is_kept(member.about) => self.link(set, entry),
                _ => self.give_back(entry),
            }
        }
    }

    /// Moves all members of one set into another. `merge` combines the data of a member that both have: the data in the
    /// remaining set, and the data in the other one. The smaller set is moved, whichever it is.
    pub(super) fn merge_into(&mut self, set: &mut Set, mut other: Set, mut merge: impl FnMut(ValueId, &mut T, T)) {
        if other.count > set.count {
            std::mem::swap(set, &mut other);
        }
        while let Some(entry) = self.unlink(&mut other) {
            let Some(Entry { value, about, .. }) = self.members.get(entry as usize).copied() else { return };
            if let Some(known) = self.get_mut(set, value) {
                merge(value, known, about);
                self.give_back(entry);
            } else {
                if let Some(moved) = self.members.get_mut(entry as usize) {
                    moved.set = set.number;
                }
                self.link(set, entry);
            }
        }
    }

    /// The members of a set, in insertion order.
    pub(super) fn members(&self, set: &Set) -> impl Iterator<Item = (ValueId, T)> + '_ {
        let mut at = set.first;
        std::iter::from_fn(move || {
            let entry = self.members.get(at as usize)?;
            at = entry.next;
            Some((entry.value, entry.about))
        })
    }
}

fn hash_of<T: Copy>(members: &Pieces<Entry<T>>, secret: Secret, entry: u32) -> u32 {
    members.get(entry as usize).map_or(0, |entry| secret.hash(key(entry.set, entry.value)))
}

fn key(set: u32, value: ValueId) -> u64 {
    u64::from(set) << 32 | u64::from(value.number())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::values::Values;
    use super::*;

    #[derive(Debug, Clone, Copy)]
    enum Act {
        Insert(usize, usize),
        Pour(usize, usize),
        Thin(usize),
        Release(usize),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            6 => (0..4_usize, 0..20_usize).prop_map(|(set, value)| Act::Insert(set, value)),
            2 => (0..4_usize, 0..4_usize).prop_map(|(set, other)| Act::Pour(set, other)),
            1 => (0..4_usize).prop_map(Act::Thin),
            1 => (0..4_usize).prop_map(Act::Release),
        ]
    }

    proptest! {
        #[test]
        fn they_are_maps(acts in prop::collection::vec(act(), 0..80)) {
            let (mut numbers, mut sets) = (Values::default(), Sets::<usize>::default());
            let values: Vec<_> = (0..20).map(|number: u32| numbers.value(&number.to_string())).collect();
            let mut all: Vec<_> = (0..4).map(|_| (sets.set(), BTreeMap::<usize, usize>::new())).collect();
            for (step, act) in acts.into_iter().enumerate() {
                match act {
                    Act::Insert(set, value) => {
                        let (set, plain) = &mut all[set];
                        if sets.get(set, values[value]).is_none() {
                            sets.insert(set, values[value], step);
                            plain.insert(value, step);
                        }
                    }
                    Act::Pour(set, other) if set != other => {
                        let new = (sets.set(), BTreeMap::new());
                        let (merged, plainly) = std::mem::replace(&mut all[other], new);
                        let (set, plain) = &mut all[set];
                        sets.merge_into(set, merged, |_, known, about| *known += about);
                        plainly.into_iter().for_each(|(value, about)| *plain.entry(value).or_default() += about);
                    }
                    Act::Pour(..) => {}
                    Act::Thin(set) => {
                        let (set, plain) = &mut all[set];
                        sets.retain(set, |about| about % 3 != 0);
                        plain.retain(|_, about| *about % 3 != 0);
                    }
                    Act::Release(set) => {
                        let (released, _) = std::mem::replace(&mut all[set], (sets.set(), BTreeMap::new()));
                        sets.release(released);
                    }
                }
                for (set, plain) in &all {
                    prop_assert_eq!(sets.members(set).count(), plain.len());
                    for (number, value) in values.iter().enumerate() {
                        prop_assert_eq!(sets.get(set, *value), plain.get(&number).copied());
                    }
                }
            }
            sets.clear();
            prop_assert!(sets.slots.is_empty());
        }
    }
}
