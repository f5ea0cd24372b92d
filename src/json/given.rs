//! Which members an object has so far.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::shape::{MemberShape, Shape};

/// The members that were given, each with the place of its name.
pub(super) struct Given<'a> {
    /// Of the members that the shape has, by their index.
    known: Vec<Option<Range<usize>>>,
    others: HashMap<Cow<'a, str>, Range<usize>>,
    /// The index of the member that most likely comes next.
    next: usize,
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
        name: &Cow<'a, str>,
        place: &Range<usize>,
    ) -> (Option<&'static MemberShape>, Option<Range<usize>>) {
        let members = shape.map_or(&[][..], |shape| shape.members);
        let is_next = members.get(self.next).is_some_and(|member| member.name == *name);
        let index = if is_next { Some(self.next) } else { shape.and_then(|shape| shape.member(name)) };
        if let Some(index) = index
            && let Some((member, known)) = members.get(index).zip(self.known.get_mut(index))
        {
            self.next = index + 1;
            let first = known.clone();
            known.get_or_insert_with(|| place.clone());
            return (Some(member), first);
        }
        match self.others.entry(name.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(place.clone());
                (None, None)
            }
            Entry::Occupied(entry) => (None, Some(entry.get().clone())),
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
        unknown.into_iter().take(most).map(|(name, place)| (name.to_string(), place.clone())).collect()
    }
}
