//! The members that an object has so far.

use std::borrow::Cow;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::ops::Range;

use super::reader::{Reader, Token};
use super::shape::{MemberShape, Shape};

/// The members that were given, each with the place of its name.
pub(super) struct Given<'a> {
    /// The members that the shape has, by their index.
    known: Vec<Option<Place>>,
    others: Option<Box<Others>>,
    document: &'a [u8],
    /// The index of the member that most likely comes next.
    next: usize,
}

/// In 32 bits: an object may have as many members as a document has room for.
#[derive(Clone, Copy)]
struct Place {
    start: u32,
    end: u32,
}

impl From<&Range<usize>> for Place {
    fn from(range: &Range<usize>) -> Place {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Place { start: narrow(range.start), end: narrow(range.end) }
    }
}

impl From<Place> for Range<usize> {
    fn from(place: Place) -> Range<usize> {
        place.start as usize..place.end as usize
    }
}

impl<'a> Given<'a> {
    /// With no members yet.
    pub(super) fn new(shape: Option<&'static Shape>, document: &'a [u8]) -> Given<'a> {
        Given { known: vec![None; shape.map_or(0, |shape| shape.members.len())], others: None, document, next: 0 }
    }

    /// Adds a member; returns what the shape says about it, and where it was given before.
    pub(super) fn add(
        &mut self,
        shape: Option<&'static Shape>,
        name: &str,
        place: &Range<usize>,
    ) -> (Option<&'static MemberShape>, Option<Range<usize>>) {
        let members = shape.map_or(&[][..], |shape| shape.members);
        let is_next = members.get(self.next).is_some_and(|member| member.name == name);
        let index = if is_next { Some(self.next) } else { shape.and_then(|shape| shape.member(name)) };
        if let Some(index) = index
            && let Some((member, known)) = members.get(index).zip(self.known.get_mut(index))
        {
            self.next = index + 1;
            let first = *known;
            known.get_or_insert_with(|| place.into());
            return (Some(member), first.map(Range::from));
        }
        let others = self.others.get_or_insert_with(Box::default);
        (None, others.add(self.document, name, place.into()).map(Range::from))
    }

    /// The required members that were not given.
    pub(super) fn missing(&self, shape: &'static Shape) -> Vec<&'static MemberShape> {
        let members = shape.members.iter().zip(&self.known);
        members.filter(|(member, known)| !member.optional && known.is_none()).map(|(member, _)| member).collect()
    }

    /// The first `most` members that the shape does not have, in document order.
    pub(super) fn unknown(&self, most: usize) -> Vec<(String, Range<usize>)> {
        let others = self.others.iter().flat_map(|others| others.given.iter().flatten());
        let named = |(place, _): &(Place, u32)| (name_at(self.document, *place).into_owned(), Range::from(*place));
        others.take(most).map(named).collect()
    }
}

/// Members that a shape does not have: a document may consist of them, so only the place and a hash of each is kept, in
/// some twenty bytes. Names are read again to be compared.
#[derive(Default)]
struct Others {
    /// In document order, in pieces: a single growing list would have two copies for a moment.
    given: Vec<Vec<(Place, u32)>>,
    count: usize,
    /// The number of a member plus one, at the slot of its hash or one after that; zero if empty. At most three in four
    /// are used, and their count is a power of two.
    slots: Vec<u32>,
    hashes: RandomState,
}

impl Others {
    /// The number of members in a piece.
    const PIECE: usize = 1024;

    /// The number of slots of the smallest table.
    const FEWEST: usize = 16;

    /// Adds a member, or returns the place of an earlier one with its name.
    fn add(&mut self, document: &[u8], name: &str, place: Place) -> Option<Place> {
        let hash = self.hashes.hash_one(name) as u32;
        if self.count * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let mut at = self.home(hash);
        while let Some((known, known_hash)) = self.at(at) {
            if known_hash == hash && name_at(document, known) == name {
                return Some(known);
            }
            at = self.home(at as u32 + 1);
        }
        match self.given.last_mut() {
            Some(piece) if piece.len() < Others::PIECE => piece.push((place, hash)),
            // The first piece grows with its content: most objects have few such members.
            None => self.given.push(vec![(place, hash)]),
            Some(_) => {
                let mut piece = Vec::with_capacity(Others::PIECE);
                piece.push((place, hash));
                self.given.push(piece);
            }
        }
        self.count += 1;
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = self.count as u32;
        }
        None
    }

    fn grow(&mut self) {
        let length = (self.slots.len() * 2).max(Others::FEWEST);
        // The old table is dropped before there is a new one: the list has everything needed.
        self.slots = Vec::new();
        self.slots = vec![0; length];
        for number in 0..self.count {
            let Some((_, hash)) = self.member(number) else { return };
            let mut at = self.home(hash);
            while self.slots.get(at).is_some_and(|slot| *slot != 0) {
                at = self.home(at as u32 + 1);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = number as u32 + 1;
            }
        }
    }

    fn home(&self, hash: u32) -> usize {
        hash as usize & self.slots.len().wrapping_sub(1)
    }

    fn at(&self, slot: usize) -> Option<(Place, u32)> {
        self.member(self.slots.get(slot)?.checked_sub(1)? as usize)
    }

    fn member(&self, number: usize) -> Option<(Place, u32)> {
        self.given.get(number / Others::PIECE)?.get(number % Others::PIECE).copied()
    }
}

/// The name at a place, as it was read there.
fn name_at(document: &[u8], place: Place) -> Cow<'_, str> {
    let written = document.get(Range::from(place)).unwrap_or_default();
    let plain = match written {
        [b'"', inside @ .., b'"'] => std::str::from_utf8(inside).ok().filter(|name| is_plain(name)),
        [b'"' | b'\'', ..] => None,
        word => std::str::from_utf8(word).ok(),
    };
    match plain {
        Some(name) => Cow::Borrowed(name),
        None => match Reader::new(written, 0).next(&mut |_| {}) {
            Token::String(name) => name,
            _ => Cow::Borrowed(""),
        },
    }
}

/// Whether there are no escapes, nor characters that should have been escaped.
fn is_plain(name: &str) -> bool {
    !name.bytes().any(|byte| byte == b'\\' || byte < b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many names in all their forms, compared with a map.
    #[test]
    fn a_name_is_found_again_however_it_was_written() {
        let mut document = String::from("{");
        let mut places = Vec::new();
        for number in 0..5_000 {
            let written = match number % 4 {
                0 => format!("\"n{number}\""),
                1 => format!("\"\\u006e{number}\""),
                2 => format!("\"\\u006E{number}\""),
                _ => format!("n{number}"),
            };
            places.push((number, document.len()..document.len() + written.len()));
            document += &written;
            document += ": 1, ";
        }
        let mut given = Given::new(None, document.as_bytes());
        for (number, place) in &places {
            assert_eq!(given.add(None, &format!("n{number}"), place).1, None);
        }
        for (number, place) in &places {
            assert_eq!(given.add(None, &format!("n{number}"), &(0..0)).1.as_ref(), Some(place), "{number}");
        }
        let unknown = given.unknown(3);
        let names: Vec<&str> = unknown.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["n0", "n1", "n2"]);
    }
}
