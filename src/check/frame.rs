//! The open elements: the data kept for each.

use crate::compiled::{ElementId, NameId, TypeId};

/// What the content of an open element may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Child elements by a content model, with white space between them.
    Elements,
    /// Child elements by a content model, with text between them.
    Mixed,
    /// As `Elements`, if only the walk sees everything that a rule reads: the text between children, or all text.
    Watched,
    /// As `Mixed`, in the same case.
    WatchedMixed,
    /// Text of a simple type.
    Simple,
    /// Nothing, by the type.
    Empty,
    /// Nothing, because of `xsi:nil`.
    Nil,
    /// Anything; declared elements are checked.
    Lax,
    /// Anything, unchecked: a wildcard says so.
    Skip,
    /// Nothing is checked, since the element itself was an error.
    Silent,
}

impl Mode {
    /// Children by a content model.
    pub(super) fn has_model(self) -> bool {
        matches!(self, Mode::Elements | Mode::Mixed | Mode::Watched | Mode::WatchedMixed)
    }
}

/// An open element. Small, since each one is put on the stack and taken from it again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// What its rules know so far.
    pub(super) facts: u64,
    /// Where its start tag begins.
    pub(super) tag: usize,
    /// The edge whose end tag it waits for; `NONE` where it took none.
    pub(super) edge: u32,
    /// The state of its content, in the table.
    pub(super) state: u32,
    /// Its rules (`NONE`: none).
    pub(super) rules: u32,
    /// Its `Details` in the scratch; `NONE` if the edge has all of them.
    pub(super) details: u32,
    pub(super) mode: Mode,
    /// The number of its prefix, if it has an edge: its index in `Scratch::bound` plus 1, or 0.
    pub(super) prefix: u8,
    pub(super) marks: Marks,
}

/// What was reported about an open element, and what is expected: a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks(u8);

impl Marks {
    /// Something in it was reported: rules keep silent.
    pub(super) const FAULTY: Marks = Marks(1);
    /// The bytes in it are not well-formed: missing content is not reported.
    pub(super) const MALFORMED: Marks = Marks(2);
    /// Content that it must not have was reported.
    pub(super) const REPORTED: Marks = Marks(4);
    /// It has `xsi:nil` where that is not allowed. If it is empty too, that is the same mistake.
    pub(super) const EXCUSED: Marks = Marks(8);
    /// The identity constraints know that it began.
    pub(super) const TRACKED: Marks = Marks(16);
    /// There is a `Search` of its content.
    pub(super) const SEARCHED: Marks = Marks(32);
    /// Its string-value is collected.
    pub(super) const COLLECTED: Marks = Marks(64);
    /// It has mixed content and a fixed value.
    pub(super) const FIXED: Marks = Marks(128);

    pub(super) fn has(self, mark: Marks) -> bool {
        self.0 & mark.0 != 0
    }

    pub(super) fn set(&mut self, mark: Marks) {
        self.0 |= mark.0;
    }

    /// Sets a mark; whether it was set before.
    pub(super) fn replace(&mut self, mark: Marks) -> bool {
        let was = self.has(mark);
        self.set(mark);
        was
    }
}

/// The data of an open element without an edge, or whose edge does not have all of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Details {
    pub(super) element: Option<ElementId>,
    /// Its name, where the schema knows that.
    pub(super) name: Option<NameId>,
    pub(super) type_id: TypeId,
    /// Bytes of its qualified name, which begins after the `<` of its tag; how many are the prefix and its colon.
    pub(super) name_length: u32,
    pub(super) prefix_length: u32,
    /// Where its words in `Scratch::memory` begin.
    pub(super) memory: u32,
    /// Where what a rule reads of it begins: in `Scratch::seen`.
    pub(super) seen: crate::rules::Mark,
    /// Where its string-value begins in `Scratch::collected`.
    pub(super) collected: usize,
    /// It has text nodes of its own.
    pub(super) has_text: bool,
}
