//! The memory of a walk: kept from one document to the next, so that walking allocates nothing.

use std::cell::Cell;
use std::mem::ManuallyDrop;

use super::children::Children;
use super::events::{Attribute, Note};
use super::frame::{Details, Frame};
use super::identity::Tracker;
use super::ids::Ids;
use super::lists::Lists;
use super::pieces::Remembered;
use crate::compiled::NamespaceId;
use crate::rules::{Numbers, SeenStack};
use crate::text::pattern::Pattern;
use crate::xml::{RawAttribute, Scopes};

/// Callers that read values get this many events at once: enough that walking and reading each have a loop of their
/// own, and few enough that the notes between them stay near the processor.
pub(crate) const NOTES: usize = 128;

/// Bytes of string-values for which memory is kept from one document to the next.
const KEPT: usize = 1 << 18;

/// Open elements for which memory is kept in the same way.
const KEPT_DEPTH: usize = 1 << 12;

/// The growing parts of a walk.
pub(crate) struct Scratch {
    /// Slots for the elements around the open one, the document itself first. Those beyond the depth of the walk are
    /// left over and mean nothing.
    pub(super) stack: Vec<Frame>,
    /// Of the open elements whose edge does not say it all, innermost last.
    pub(super) details: Vec<Details>,
    /// The words of counted content models (see `automaton`).
    pub(super) memory: Vec<u32>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) notes: Vec<Note>,
    /// The children of the open elements so far, where the sink reports.
    pub(super) children: Children,
    /// What rules read of the open elements.
    pub(super) seen: SeenStack,
    /// Numbers that rules compare, by the depth of the element that they are about: which of them are of the one that is
    /// open now, its facts say.
    pub(super) numbers: Vec<Numbers>,
    /// The text of the elements whose string-value a rule reads.
    pub(super) collected: String,
    /// The prefixes in force, innermost last.
    pub(super) bound: Vec<Bound>,
    /// By state of the table: which of its edges was taken last.
    pub(super) last_edges: Vec<u8>,
    /// Attributes of a type that were given, a bit each.
    pub(super) given: Vec<u64>,
    /// Attributes of a tag that is not settled yet whose value may hold IDs or is read by rules: number, and where
    /// the value is.
    pub(super) values: Vec<(usize, usize, usize)>,
    pub(super) ids: Ids,
    /// Identity constraints of the open elements.
    pub(super) identity: Tracker,
    /// What could have been at a place, in words.
    pub(super) lists: Lists,
    /// Of a document that is read in pieces: what errors further on may point to.
    pub(super) remembered: Option<Box<Remembered>>,
    raw_attributes: Vec<RawAttribute<'static>>,
    scopes: Scopes<'static>,
}

/// A prefix in force.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    /// How many elements are open with the one that declares it.
    pub(super) depth: usize,
    /// `prefix:`; nowhere, where that is longer than a pattern holds.
    pub(super) pattern: Pattern<2>,
    /// Where the prefix is in the document, and its bytes with the colon.
    pub(super) at: usize,
    pub(super) length: u32,
    pub(super) namespace: NamespaceId,
}

impl Bound {
    /// The prefix.
    pub(super) fn prefix<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.at..(self.at + self.length as usize).saturating_sub(1)).unwrap_or_default()
    }
}

impl Scratch {
    /// With room for what packets need, so that the first one is the only one that allocates.
    pub(super) fn new() -> Scratch {
        Scratch {
            stack: Vec::with_capacity(32),
            details: Vec::with_capacity(32),
            memory: Vec::with_capacity(32),
            attributes: Vec::with_capacity(16),
            notes: Vec::with_capacity(NOTES),
            children: Children::with_capacity(64),
            seen: SeenStack::default(),
            numbers: Vec::new(),
            collected: String::new(),
            bound: Vec::with_capacity(8),
            last_edges: Vec::new(),
            given: Vec::with_capacity(4),
            values: Vec::with_capacity(4),
            ids: Ids::default(),
            identity: Tracker::default(),
            lists: Lists::default(),
            remembered: None,
            raw_attributes: Vec::with_capacity(16),
            scopes: Scopes::default(),
        }
    }

    /// Forgets the last document, which most often had no IDs and no identity constraints: then nothing is touched.
    fn clear(&mut self) {
        self.details.clear();
        self.memory.clear();
        self.attributes.clear();
        self.notes.clear();
        self.children.clear();
        self.seen.clear();
        self.bound.clear();
        if self.stack.len() > KEPT_DEPTH {
            self.forget_depth();
        }
        if !self.collected.is_empty() {
            self.collected.clear();
            self.collected.shrink_to(KEPT);
        }
        if !self.ids.is_empty() {
            self.ids.clear();
        }
        if self.identity.is_used() {
            self.identity.clear();
        }
    }

    /// Gives back what a very deep document took.
    #[cold]
    fn forget_depth(&mut self) {
        self.stack.truncate(KEPT_DEPTH);
        self.stack.shrink_to(KEPT_DEPTH);
        self.details.shrink_to(KEPT_DEPTH);
        self.memory.shrink_to(KEPT_DEPTH);
        self.bound.shrink_to(KEPT_DEPTH);
        self.numbers.truncate(KEPT_DEPTH);
        self.numbers.shrink_to(KEPT_DEPTH);
    }

    /// An empty vector for the attributes of one start tag, with the capacity of the last.
    pub(super) fn take_attributes<'a>(&mut self) -> Vec<RawAttribute<'a>> {
        relabel(std::mem::take(&mut self.raw_attributes))
    }

    /// Takes that vector back.
    pub(super) fn put_attributes(&mut self, attributes: Vec<RawAttribute<'_>>) {
        self.raw_attributes = relabel(attributes);
    }

    /// Empty scopes with the capacity of the last document.
    pub(super) fn take_scopes<'a>(&mut self) -> ManuallyDrop<Scopes<'a>> {
        ManuallyDrop::new(std::mem::take(&mut self.scopes).emptied())
    }

    /// Takes them back.
    pub(super) fn put_scopes(&mut self, scopes: Scopes<'_>) {
        self.scopes = scopes.emptied();
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
