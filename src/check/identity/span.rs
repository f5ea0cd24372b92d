//! Ranges in the document.

use std::ops::Range;

/// A range of bytes in the document. From 0 to 0: nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    start: u64,
    end: u64,
}

impl Span {
    pub(crate) fn new(range: Range<usize>) -> Span {
        Span { start: range.start as u64, end: range.end as u64 }
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(crate) fn is_nowhere(self) -> bool {
        self.end == 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub(super) fn is_after(self, other: Span) -> bool {
        self.start > other.start
    }

    /// The range from the start of the first to the end of the last.
    pub(super) fn hull(self, other: Span) -> Span {
        match (self.is_nowhere(), other.is_nowhere()) {
            (true, _) => other,
            (_, true) => self,
            _ => Span { start: self.start.min(other.start), end: self.end.max(other.end) },
        }
    }
}
