//! Which members an object has so far.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::shape::{MemberShape, Shape};

/// The members that were given, each with the place of its name.
pub(super) struct Given<'a> {
    /// Of the members that the shape has, by their index.
    known: Vec<Option<Place>>,
    others: HashMap<Cow<'a, str>, Place>,
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
    /// None yet.
    pub(super) fn new(shape: Option<&'static Shape>) -> Given<'a> {
        Given { known: vec![None; shape.map_or(0, |shape| shape.members.len())], others: HashMap::new(), next: 0 }
    }

    /// Takes a member in: what the shape says of it, and where it was given before.
    pub(super) fn add(
        &mut self,
        shape: Option<&'static Shape>,
        name: Cow<'a, str>,
        place: &Range<usize>,
    ) -> (Option<&'static MemberShape>, Option<Range<usize>>) {
        let members = shape.map_or(&[][..], |shape| shape.members);
        let is_next = members.get(self.next).is_some_and(|member| member.name == name);
        let index = if is_next { Some(self.next) } else { shape.and_then(|shape| shape.member(&name)) };
        if let Some(index) = index
            && let Some((member, known)) = members.get(index).zip(self.known.get_mut(index))
        {
            self.next = index + 1;
            let first = *known;
            known.get_or_insert_with(|| place.into());
            return (Some(member), first.map(Range::from));
        }
        match self.others.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(place.into());
                (None, None)
            }
            Entry::Occupied(entry) => (None, Some((*entry.get()).into())),
        }
    }

    /// The required members that were not given.
    pub(super) fn missing(&self, shape: &'static Shape) -> Vec<&'static MemberShape> {
        let members = shape.members.iter().zip(&self.known);
        members.filter(|(member, known)| !member.optional && known.is_none()).map(|(member, _)| member).collect()
    }

    /// The first `most` members that the shape does not have, in the order of the document.
    pub(super) fn unknown(&self, most: usize) -> Vec<(String, Range<usize>)> {
        let mut unknown: Vec<_> = self.others.iter().collect();
        unknown.sort_unstable_by_key(|(_, place)| place.start);
        unknown.into_iter().take(most).map(|(name, place)| (name.to_string(), Range::from(*place))).collect()
    }
}
