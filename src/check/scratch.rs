//! The memory of a walk, kept from one document to the next so that walking does not allocate.

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
/// own, and few enough that the notes stay in the processor's cache.
pub(crate) const NOTES: usize = 128;

/// The number of bytes of string-values whose memory is kept from one document to the next.
const KEPT: usize = 1 << 18;

/// The number of open elements whose memory is kept from one document to the next.
const KEPT_DEPTH: usize = 1 << 12;

/// The growable parts of a walk.
pub(crate) struct Scratch {
    /// Slots for the elements around the open one, the document itself first. Slots beyond the depth of the walk are
    /// stale and have no meaning.
    pub(super) stack: Vec<Frame>,
    /// The details of the open elements whose edge does not have all of them, innermost last.
    pub(super) details: Vec<Details>,
    /// The words of counted content models (see `automaton`).
    pub(super) memory: Vec<u32>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) notes: Vec<Note>,
    /// The children of the open elements so far, if the sink reports.
    pub(super) children: Children,
    /// What rules have read of the open elements.
    pub(super) seen: SeenStack,
    /// Numbers that rules compare, by the depth of their element. The facts of the open element tell which of the
    /// numbers belong to it.
    pub(super) numbers: Vec<Numbers>,
    /// The text of the elements whose string-value a rule reads.
    pub(super) collected: String,
    /// The prefixes in scope, innermost last.
    pub(super) bound: Vec<Bound>,
    /// For each state of the table, the edge that was taken last.
    pub(super) last_edges: Vec<u8>,
    /// The attributes of a type that were given, one bit each.
    pub(super) given: Vec<u64>,
    /// Attributes of the current tag whose values may hold IDs or are read by rules: the number of each and the range
    /// of its value. They are used once the tag is complete.
    pub(super) values: Vec<(usize, usize, usize)>,
    pub(super) ids: Ids,
    /// The identity constraints of the open elements.
    pub(super) identity: Tracker,
    /// Lists of what is allowed at a place, for messages.
    pub(super) lists: Lists,
    /// For a document that is read in pieces, what later errors may point to.
    pub(super) remembered: Option<Box<Remembered>>,
    raw_attributes: Vec<RawAttribute<'static>>,
    scopes: Scopes<'static>,
}

/// A prefix in scope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    /// The number of open elements down to the one that declares it.
    pub(super) depth: usize,
    /// `prefix:`, as a pattern that matches nowhere if it is too long for one.
    pub(super) pattern: Pattern<2>,
    /// The offset of the prefix in the document, and its length with the colon.
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
    /// A scratch with the capacity that packets usually need, so that only the first one allocates.
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

    /// Forgets the last document. It usually had no IDs and no identity constraints, and then those are not touched.
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

    /// Frees the memory that a very deep document took.
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

    /// Takes back the vector of `take_attributes`.
    pub(super) fn put_attributes(&mut self, attributes: Vec<RawAttribute<'_>>) {
        self.raw_attributes = relabel(attributes);
    }

    /// Empty scopes with the capacity of the last document.
    pub(super) fn take_scopes<'a>(&mut self) -> ManuallyDrop<Scopes<'a>> {
        ManuallyDrop::new(std::mem::take(&mut self.scopes).emptied())
    }

    /// Takes back the scopes of `take_scopes`.
    pub(super) fn put_scopes(&mut self, scopes: Scopes<'_>) {
        self.scopes = scopes.emptied();
    }
}

/// The same vector, emptied, for borrows from another document: `collect` reuses the allocation of its source.
fn relabel<'to>(mut attributes: Vec<RawAttribute<'_>>) -> Vec<RawAttribute<'to>> {
    attributes.clear();
    attributes.into_iter().map_while(|_| None).collect()
}

thread_local! {
    static SPARE: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

/// Lends the thread's scratch to `work`; a walk within a walk gets a new one.
#[inline]
pub(crate) fn with_scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    let spare = SPARE.try_with(Cell::take).ok().flatten();
    let mut scratch = spare.unwrap_or_else(|| Box::new(Scratch::new()));
    scratch.clear();
    let result = work(&mut scratch);
    // A thread that is ending can no longer store the scratch, which is then dropped.
    let _ = SPARE.try_with(|spare| spare.set(Some(scratch)));
    result
}
