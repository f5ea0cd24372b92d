//! Names that are not those of secrets, remembered from one document to the next: documents have few names, many times.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// So many are remembered, each in one place.
const REMEMBERED: usize = 512;

/// What is longer is judged each time.
const LONGEST: usize = 46;

/// What a name is that of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// An element, or an attribute.
    Element,
    /// A member, a parameter, an attribute or a field of a head: what is a secret as an element is one here too.
    Pair,
}

/// Names that are neither those of some secrets nor near to them.
#[derive(Debug)]
pub(super) struct Harmless {
    /// The secrets that they were compared with.
    owner: Owner,
    names: Box<[Remembered; REMEMBERED]>,
}

/// Tells lists of secrets apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner(u64);

impl Owner {
    pub(super) fn new() -> Owner {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Owner(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

#[derive(Debug, Clone, Copy)]
struct Remembered {
    /// 0: none.
    length: u8,
    used: Use,
    bytes: [u8; LONGEST],
}

const NONE: Remembered = Remembered { length: 0, used: Use::Element, bytes: [0; LONGEST] };

thread_local! {
    static LAST: Cell<Option<Harmless>> = const { Cell::new(None) };
}

impl Harmless {
    /// What this thread remembers of an owner.
    pub(super) fn take(owner: Owner) -> Harmless {
        let last = LAST.try_with(Cell::take).ok().flatten();
        last.filter(|last| last.owner == owner)
            .unwrap_or_else(|| Harmless { owner, names: Box::new([NONE; REMEMBERED]) })
    }

    /// Keeps it for the next document.
    pub(super) fn give_back(self) {
        let _ = LAST.try_with(|last| last.set(Some(self))); // a thread that ends keeps nothing
    }

    /// Whether a name is remembered as harmless in a use.
    pub(super) fn holds(&self, name: &[u8], used: Use) -> bool {
        self.names.get(place_of(name)).is_some_and(|known| {
            known.used >= used && known.bytes.get(..usize::from(known.length)).is_some_and(|known| known == name)
        })
    }

    /// Remembers a name that is harmless in a use.
    pub(super) fn insert(&mut self, name: &[u8], used: Use) {
        let Some(place) = self.names.get_mut(place_of(name)) else { return };
        if let Some(bytes) = place.bytes.get_mut(..name.len()) {
            bytes.copy_from_slice(name);
            (place.length, place.used) = (name.len() as u8, used);
        }
    }
}

/// Where a name is remembered.
fn place_of(name: &[u8]) -> usize {
    let ends = match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(23),
        _ => name.iter().fold(0, |ends, byte| ends << 8 | u64::from(*byte)),
    };
    let mixed = (ends ^ (name.len() as u64) << 56).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 55) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_remembered_for_their_owner_and_use() {
        let (one, other) = (Owner::new(), Owner::new());
        let mut harmless = Harmless::take(one);
        let long = "n".repeat(LONGEST + 1);
        for name in ["status", long.as_str()] {
            harmless.insert(name.as_bytes(), Use::Element);
        }
        assert!(harmless.holds(b"status", Use::Element) && !harmless.holds(b"status", Use::Pair));
        assert!(!harmless.holds(b"statu", Use::Element) && !harmless.holds(long.as_bytes(), Use::Element));
        harmless.insert(b"status", Use::Pair);
        assert!(harmless.holds(b"status", Use::Element) && harmless.holds(b"status", Use::Pair));
        harmless.give_back();
        let harmless = Harmless::take(one);
        assert!(harmless.holds(b"status", Use::Pair));
        harmless.give_back();
        assert!(!Harmless::take(other).holds(b"status", Use::Element));
    }
}
