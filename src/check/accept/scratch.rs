//! What a walk needs besides the document: kept from one walk to the next, so that walking allocates nothing.

use std::cell::Cell;

use super::ids::Ids;
use super::{Attribute, Details, Frame, Note};
use crate::check::identity::Tracker;
use crate::compiled::NameId;
use crate::xml::RawAttribute;

/// So many events are walked over at once by those who read them after: enough that walking and reading each have a
/// loop of their own, and little enough that the notes between them stay near the processor.
pub(crate) const NOTES: usize = 128;

/// The growing parts of a walk.
pub(crate) struct Scratch {
    /// Slots for the elements around the open one, the document itself first. Those behind the depth of the walk are
    /// left over and mean nothing.
    pub(super) stack: Vec<Frame>,
    /// Of those that were begun the careful way, innermost last.
    pub(super) details: Vec<Details>,
    /// The words of counted walks (see `automaton`).
    pub(super) memory: Vec<u32>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) notes: Vec<Note>,
    /// Children of elements whose rules need their texts.
    pub(super) seen: Vec<Child>,
    pub(super) ids: Ids,
    /// Identity constraints of the open elements.
    pub(super) identity: Tracker,
    raw_attributes: Vec<RawAttribute<'static>>,
}

/// A child that a rule looks at, with where its text stands in the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child {
    pub(super) name: NameId,
    pub(super) text: (u32, u32),
    pub(super) plain: bool,
}

impl Scratch {
    /// With room for what packets need, so that the first one is the only one that allocates.
    fn new() -> Scratch {
        Scratch {
            stack: Vec::with_capacity(32),
            details: Vec::with_capacity(32),
            memory: Vec::with_capacity(32),
            attributes: Vec::with_capacity(16),
            notes: Vec::with_capacity(NOTES),
            seen: Vec::with_capacity(16),
            ids: Ids::default(),
            identity: Tracker::default(),
            raw_attributes: Vec::with_capacity(16),
        }
    }

    /// Forgets the last document, which most often had no IDs and no identity constraints: then nothing is touched.
    fn clear(&mut self) {
        self.details.clear();
        self.memory.clear();
        self.attributes.clear();
        self.notes.clear();
        self.seen.clear();
        if !self.ids.is_empty() {
            self.ids.clear();
        }
        if self.identity.is_used() {
            self.identity.clear();
        }
    }

    /// An empty vector for the attributes of one start tag, with the capacity of the last.
    pub(super) fn take_attributes<'a>(&mut self) -> Vec<RawAttribute<'a>> {
        relabel(std::mem::take(&mut self.raw_attributes))
    }

    /// Takes that vector back.
    pub(super) fn put_attributes(&mut self, attributes: Vec<RawAttribute<'_>>) {
        self.raw_attributes = relabel(attributes);
    }
}

/// The same vector, emptied, for borrows of another document: `collect` reuses the allocation of its source.
fn relabel<'to>(mut attributes: Vec<RawAttribute<'_>>) -> Vec<RawAttribute<'to>> {
    attributes.clear();
    attributes.into_iter().map_while(|_| None).collect()
}

thread_local! {
    static SPARE: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

/// Lends the thread's own scratch to a piece of work; a new one where a walk within a walk has that.
#[inline]
pub(crate) fn with_scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    let spare = SPARE.try_with(Cell::take).ok().flatten();
    let mut scratch = spare.unwrap_or_else(|| Box::new(Scratch::new()));
    scratch.clear();
    let result = work(&mut scratch);
    // A thread that is ending has no place for it any more: then it is dropped.
    let _ = SPARE.try_with(|spare| spare.set(Some(scratch)));
    result
}
