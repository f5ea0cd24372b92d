//! Entries by local name: serde's keys are looked up for every field and variant.

use crate::text::mark::Mark;

/// Entries with local names. The caller of a lookup gets these names from the schema.
#[derive(Debug)]
pub(super) struct KeyTable<T> {
    /// Open addressing: a power of two, at most half full. A key is in the first free slot from the slot of its mark
    /// on.
    slots: Box<[Option<(Mark, T)>]>,
}

impl<T: Copy> KeyTable<T> {
    /// The table of some entries. If several have the same name, the first one counts.
    pub(super) fn new<'s>(entries: &[T], name_of: impl Fn(T) -> &'s str) -> KeyTable<T> {
        if entries.is_empty() {
            return KeyTable { slots: Box::default() };
        }
        let mut slots = vec![None; (2 * entries.len()).next_power_of_two()];
        for entry in entries {
            let name = name_of(*entry);
            let mark = Mark::of(name.as_bytes());
            let is_its = |slot: &&mut Option<(Mark, T)>| slot.is_none_or(|(_, known)| name_of(known) == name);
            let begin = slot(mark, slots.len());
            let (before, from) = slots.split_at_mut(begin);
            if let Some(slot) = from.iter_mut().chain(before).find(is_its) {
                slot.get_or_insert((mark, *entry));
            }
        }
        KeyTable { slots: slots.into_boxed_slice() }
    }

    /// The entry with a name.
    #[inline]
    pub(super) fn get<'s>(&self, name: &str, name_of: impl Fn(T) -> &'s str) -> Option<T> {
        let mark = Mark::of(name.as_bytes());
        let mut at = slot(mark, self.slots.len());
        // Half of the slots are free.
        loop {
            let (known, entry) = (*self.slots.get(at)?)?;
            if known == mark && (mark.is_whole() || name_of(entry) == name) {
                return Some(entry);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

/// The slot where the search begins. The number of `slots` is a power of two.
#[inline]
fn slot(mark: Mark, slots: usize) -> usize {
    (mark.hash() >> 32) as usize & slots.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        let names: Vec<String> =
            (0..300).map(|number| "abc-def-".repeat(number % 5) + &number.to_string() + "-12345678").collect();
        let short = ["", "a", "ab", "abc", "abcd", "abcdefg", "abcdefgh"];
        let all: Vec<&str> = names.iter().map(String::as_str).chain(short).collect();
        let indices: Vec<usize> = (0..all.len()).collect();
        let table = KeyTable::new(&indices, |index| all[index]);
        for (index, name) in all.iter().enumerate() {
            assert_eq!(table.get(name, |index| all[index]), Some(index));
            assert_eq!(table.get(&format!("{name}x"), |index| all[index]), None);
        }
        let first = KeyTable::new(&[0, 1], |_| "same");
        assert_eq!(first.get("same", |_| "same"), Some(0));
        assert_eq!(KeyTable::new(&[], |_: usize| "").get("", |_| ""), None);
    }
}
