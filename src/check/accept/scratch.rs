//! What a walk needs besides the document: kept from one walk to the next, so that walking allocates nothing.

use std::cell::Cell;

use super::{Attribute, Details, Frame};
use crate::schema::NameId;
use crate::xml::RawAttribute;

/// The growing parts of a walk.
#[derive(Default)]
pub(super) struct Scratch {
    /// The elements around the open one, the document itself first.
    pub(super) stack: Vec<Frame>,
    /// Of those that were begun the careful way, innermost last.
    pub(super) details: Vec<Details>,
    /// The words of counted walks (see `automaton`).
    pub(super) memory: Vec<u32>,
    pub(super) attributes: Vec<Attribute>,
    /// Children of elements whose rules need their texts.
    pub(super) seen: Vec<Child>,
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
    const fn new() -> Scratch {
        Scratch {
            stack: Vec::new(),
            details: Vec::new(),
            memory: Vec::new(),
            attributes: Vec::new(),
            seen: Vec::new(),
            raw_attributes: Vec::new(),
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
    attributes.into_iter().filter_map(|_| None).collect()
}

thread_local! {
    static SPARE: Cell<Scratch> = const { Cell::new(Scratch::new()) };
}

/// The thread's own scratch, or an empty one where a walk within a walk has it.
pub(super) fn take() -> Scratch {
    let mut scratch = SPARE.try_with(Cell::take).unwrap_or_default();
    scratch.stack.clear();
    scratch.details.clear();
    scratch.memory.clear();
    scratch.attributes.clear();
    scratch.seen.clear();
    scratch
}

/// Keeps a scratch for the thread's next walk.
pub(super) fn put_back(scratch: Scratch) {
    // A thread that is ending has no place for it any more: then it is dropped.
    let _ = SPARE.try_with(|spare| spare.set(scratch));
}
