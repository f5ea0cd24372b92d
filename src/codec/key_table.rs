//! Entries by a local name, found without hashing it whole: the keys of serde are looked up for every field and variant.

/// Entries with a local name each, which whoever looks one up gets from the schema.
#[derive(Debug)]
pub(super) struct KeyTable<T> {
    /// Open addressing, a power of two and at most half full; a key is in the first free slot from that of its mark on.
    slots: Box<[Option<T>]>,
}

impl<T: Copy> KeyTable<T> {
    /// The table of some entries; of those with one name the first counts.
    pub(super) fn new<'s>(entries: &[T], name_of: impl Fn(T) -> &'s str) -> KeyTable<T> {
        if entries.is_empty() {
            return KeyTable { slots: Box::default() };
        }
        let mut slots = vec![None; (2 * entries.len()).next_power_of_two()];
        for entry in entries {
            let name = name_of(*entry);
            let free = probes(slots.len(), name)
                .find(|slot| slots.get(*slot).copied().flatten().is_none_or(|known| name_of(known) == name));
            if let Some(slot) = free.and_then(|slot| slots.get_mut(slot)) {
                slot.get_or_insert(*entry);
            }
        }
        KeyTable { slots: slots.into_boxed_slice() }
    }

    /// The entry of a name.
    #[inline]
    pub(super) fn get<'s>(&self, name: &str, name_of: impl Fn(T) -> &'s str) -> Option<T> {
        for slot in probes(self.slots.len(), name) {
            let entry = (*self.slots.get(slot)?)?;
            if name_of(entry) == name {
                return Some(entry);
            }
        }
        None
    }
}

/// The slots that a name may be in, in the order in which they are looked at.
#[inline]
fn probes(slots: usize, name: &str) -> impl Iterator<Item = usize> {
    let mask = slots.wrapping_sub(1);
    let mark = mark(name.as_bytes());
    (0..slots).map(move |step| mark.wrapping_add(step) & mask)
}

/// A number that differs for most names of one schema: from their length and both ends.
#[inline]
fn mark(name: &[u8]) -> usize {
    let (first, last) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
            (Some(first), Some(last)) => (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into()),
            _ => (name.first().copied().unwrap_or_default().into(), name.last().copied().unwrap_or_default().into()),
        },
    };
    // Fibonacci hashing: the upper half depends on all bits.
    let mixed = (first ^ last.rotate_left(29) ^ name.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as usize
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
