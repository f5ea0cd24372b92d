//! Names that are not those of secrets, remembered from one document to the next: documents have few names, many times.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::markup::may_be_naming;
use crate::text::mark::Mark;

/// So many are remembered, each in one of two places.
const REMEMBERED: usize = 1024;

/// What is longer is judged each time.
const LONGEST: usize = 55;

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
    mark: Mark,
    used: Use,
    is_naming: bool,
    /// What is between the ends.
    inside: [u8; LONGEST - 16],
}

/// A free place: it holds the empty name, which nothing has.
const NONE: Remembered =
    Remembered { mark: Mark::NONE, used: Use::Element, is_naming: false, inside: [0; LONGEST - 16] };

/// A name that is remembered as harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HarmlessName {
    /// It tells what another element, attribute or member holds (`may_be_naming`).
    pub(super) is_naming: bool,
}

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

    /// What is remembered of a name, if it is harmless in a use.
    #[inline(always)]
    pub(super) fn get(&self, name: &[u8], used: Use) -> Option<HarmlessName> {
        let mark = Mark::of(name);
        let is_it = |known: &&Remembered| {
            known.mark == mark
                && known.used >= used
                && (mark.is_whole() || known.inside.starts_with(Mark::inside(name)))
        };
        let place = place_of(mark);
        let known = self.names.get(place).filter(is_it).or_else(|| self.names.get(place ^ 1).filter(is_it))?;
        Some(HarmlessName { is_naming: known.is_naming })
    }

    /// Remembers a name that is harmless in a use. What was in its first place moves to the second one.
    pub(super) fn insert(&mut self, name: &[u8], used: Use) {
        if name.len() > LONGEST {
            return;
        }
        let mut new = Remembered { mark: Mark::of(name), used, is_naming: may_be_naming(name), ..NONE };
        for (known, byte) in new.inside.iter_mut().zip(Mark::inside(name)) {
            *known = *byte;
        }
        let place = place_of(new.mark);
        let before = self.names.get_mut(place).map(|first| std::mem::replace(first, new));
        if let (Some(before), Some(second)) = (before, self.names.get_mut(place ^ 1)) {
            *second = before;
        }
    }
}

/// The first place of a name.
#[inline(always)]
fn place_of(mark: Mark) -> usize {
    (mark.hash() >> (u64::BITS - REMEMBERED.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Harmless {
        fn holds(&self, name: &[u8], used: Use) -> bool {
            self.get(name, used).is_some()
        }
    }

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
        for length in 1..=LONGEST {
            let name = &b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012"[..length];
            harmless.insert(name, Use::Element);
            assert!(harmless.holds(name, Use::Element));
            for at in 0..length {
                let mut other = name.to_vec();
                other[at] = b'_';
                assert!(!harmless.holds(&other, Use::Element), "{length} {at}");
            }
        }
        harmless.insert(b"status", Use::Element);
        harmless.insert(b"status", Use::Pair);
        assert!(harmless.holds(b"status", Use::Element) && harmless.holds(b"status", Use::Pair));
        harmless.give_back();
        let mut harmless = Harmless::take(one);
        assert!(harmless.holds(b"status", Use::Pair));
        harmless.insert(b"paramName", Use::Pair);
        let is_naming = |name| harmless.get(name, Use::Element).map(|name| name.is_naming);
        assert_eq!([is_naming(b"paramName"), is_naming(b"status")], [Some(true), Some(false)]);
        harmless.give_back();
        assert!(!Harmless::take(other).holds(b"status", Use::Element));
    }
}
