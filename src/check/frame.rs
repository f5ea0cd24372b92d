//! The open elements: the data kept for each.

use crate::compiled::{ElementId, NameId, TypeId};

/// What the content of an open element can be, and how it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Child elements that match a content model, with white space between them.
    Elements,
    /// Child elements that match a content model, with text between them.
    Mixed,
    /// As `Elements`, but left to the walk: only it sees everything that a rule reads, such as the text between
    /// children.
    Watched,
    /// As `Mixed`, but left to the walk for the same reason.
    WatchedMixed,
    /// Text of a simple type.
    Simple,
    /// Nothing, because of the type.
    Empty,
    /// Nothing, because of `xsi:nil`.
    Nil,
    /// Anything; declared elements are checked.
    Lax,
    /// Anything, unchecked, because of a wildcard.
    Skip,
    /// Nothing is checked, because the element itself was an error.
    Silent,
}

impl Mode {
    /// Whether a content model describes the children.
    pub(super) fn has_model(self) -> bool {
        matches!(self, Mode::Elements | Mode::Mixed | Mode::Watched | Mode::WatchedMixed)
    }
}

/// An open element. It is small because every element is pushed on the stack and popped again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// The facts that its rules have collected so far.
    pub(super) facts: u64,
    /// The offset of its start tag.
    pub(super) tag: usize,
    /// The edge that it was entered by, which has its end tag; `NONE` if there is no such edge.
    pub(super) edge: u32,
    /// The state of its content, in the table.
    pub(super) state: u32,
    /// The number of its rules; `NONE` if it has none.
    pub(super) rules: u32,
    /// The index of its `Details` in the scratch; `NONE` if its edge has all of them.
    pub(super) details: u32,
    pub(super) mode: Mode,
    /// The number of its prefix: its index in `Scratch::bound` plus 1, or 0. Only used with an edge.
    pub(super) prefix: u8,
    pub(super) marks: Marks,
}

/// A set of marks: what was reported about an open element, and how it is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks(u8);

impl Marks {
    /// An error in it was reported: its rules are not evaluated.
    pub(super) const FAULTY: Marks = Marks(1);
    /// The bytes in it are not well-formed: missing content is not reported.
    pub(super) const MALFORMED: Marks = Marks(2);
    /// Content that it cannot have was reported.
    pub(super) const REPORTED: Marks = Marks(4);
    /// It has `xsi:nil` where that is not allowed. If it is also empty, that is part of the same mistake.
    pub(super) const EXCUSED: Marks = Marks(8);
    /// The identity constraints track it.
    pub(super) const TRACKED: Marks = Marks(16);
    /// Its content has a `Search`.
    pub(super) const SEARCHED: Marks = Marks(32);
    /// Its string-value is being collected.
    pub(super) const COLLECTED: Marks = Marks(64);
    /// It has mixed content and a fixed value.
    pub(super) const FIXED: Marks = Marks(128);

    pub(super) fn has(self, mark: Marks) -> bool {
        self.0 & mark.0 != 0
    }

    pub(super) fn set(&mut self, mark: Marks) {
        self.0 |= mark.0;
    }

    /// Sets a mark, and returns whether it was already set.
    pub(super) fn replace(&mut self, mark: Marks) -> bool {
        let was = self.has(mark);
        self.set(mark);
        was
    }
}

/// The data of an open element that has no edge, or whose edge does not have all of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Details {
    pub(super) element: Option<ElementId>,
    /// Its name, if the schema knows it.
    pub(super) name: Option<NameId>,
    pub(super) type_id: TypeId,
    /// The length of its qualified name, which begins after the `<` of its tag, and the length of the prefix with its
    /// colon.
    pub(super) name_length: u32,
    pub(super) prefix_length: u32,
    /// The start of its words in `Scratch::memory`.
    pub(super) memory: u32,
    /// The start of what rules read of it, in `Scratch::seen`.
    pub(super) seen: crate::rules::Mark,
    /// The start of its string-value in `Scratch::collected`.
    pub(super) collected: usize,
    /// Whether it has text nodes of its own.
    pub(super) has_text: bool,
}
