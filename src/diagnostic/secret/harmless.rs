//! Names that are not those of secrets, remembered from one document to the next: documents repeat few names many
//! times.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::markup::may_be_naming;
use crate::text::mark::Mark;

/// The number of remembered names, each in one of two slots.
const REMEMBERED: usize = 1024;

/// Longer names are checked each time.
const LONGEST: usize = 55;

/// What a name is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// An element, or an attribute.
    Element,
    /// A member, a parameter, an attribute or a header field: what is secret as an element is secret here too.
    Pair,
}

/// Names that are neither names of secrets nor similar to one.
#[derive(Debug)]
pub(super) struct Harmless {
    /// The list of secrets that the names were compared with.
    owner: Owner,
    names: Box<[Remembered; REMEMBERED]>,
}

/// Identifies a list of secrets.
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
    /// The bytes between the ends.
    inside: [u8; LONGEST - 16],
}

impl Remembered {
    fn is_called_as(&self, other: &Remembered) -> bool {
        self.mark == other.mark && (self.mark.is_whole() || self.inside == other.inside)
    }
}

/// An empty slot: it holds the empty name, which never occurs.
const NONE: Remembered =
    Remembered { mark: Mark::NONE, used: Use::Element, is_naming: false, inside: [0; LONGEST - 16] };

/// A name that is remembered as harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HarmlessName {
    /// Whether it can name what another element, attribute or member holds (`may_be_naming`).
    pub(super) is_naming: bool,
}

thread_local! {
    static LAST: Cell<Option<Harmless>> = const { Cell::new(None) };
}

impl Harmless {
    /// What this thread remembers for an owner.
    pub(super) fn take(owner: Owner) -> Harmless {
        let last = LAST.try_with(Cell::take).ok().flatten();
        last.filter(|last| last.owner == owner)
            .unwrap_or_else(|| Harmless { owner, names: Box::new([NONE; REMEMBERED]) })
    }

    /// Keeps the names for the next document.
    pub(super) fn give_back(self) {
        let _ = LAST.try_with(|last| last.set(Some(self))); // a thread that is ending keeps nothing
    }

    /// What is remembered of a name, if it is harmless in this use.
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

    /// Remembers a name that is harmless in this use: in its present slot, in a free one of its two, or in the first,
    /// whose content then moves to the second.
    pub(super) fn insert(&mut self, name: &[u8], used: Use) {
        if name.len() > LONGEST {
            return;
        }
        let mut new = Remembered { mark: Mark::of(name), used, is_naming: may_be_naming(name), ..NONE };
        for (known, byte) in new.inside.iter_mut().zip(Mark::inside(name)) {
            *known = *byte;
        }
        let first = place_of(new.mark);
        let places = [first, first ^ 1];
        let is = |is_it: fn(&Remembered, &Remembered) -> bool| {
            places.into_iter().find(|place| self.names.get(*place).is_some_and(|known| is_it(known, &new)))
        };
        let place = is(Remembered::is_called_as).or_else(|| is(|known, _| known.mark == Mark::NONE));
        if place.is_none() {
            self.names.swap(first, first ^ 1);
        }
        if let Some(known) = self.names.get_mut(place.unwrap_or(first)) {
            *known = new;
        }
    }
}

/// The first slot of a name.
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

    #[test]
    fn names_in_neighbouring_places_do_not_displace_one_another() {
        let mut harmless = Harmless::take(Owner::new());
        let names: Vec<String> = (0..20_000).map(|number| format!("name{number}")).collect();
        let place = |name: &str| place_of(Mark::of(name.as_bytes()));
        let first = place(&names[0]);
        let of =
            |wanted: usize| names.iter().find(|name| place(name) == wanted).map_or(&b""[..], |name| name.as_bytes());
        let (one, other) = (of(first), of(first ^ 1));
        for name in [one, other, one, one] {
            harmless.insert(name, Use::Element);
        }
        harmless.insert(other, Use::Pair);
        assert!(harmless.holds(one, Use::Element) && harmless.holds(other, Use::Pair));
        // A third name replaces one of them.
        let third = names.iter().rfind(|name| place(name) == first).map_or(&b""[..], |name| name.as_bytes());
        harmless.insert(third, Use::Element);
        assert!(harmless.holds(third, Use::Element) && harmless.holds(one, Use::Element));
        assert!(!harmless.holds(other, Use::Element));
    }
}
