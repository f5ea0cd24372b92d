//! The open elements that matter to a constraint.

use super::paths::Marks;
use super::span::Span;

/// An open element that was reported to the tracker.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    pub(super) depth: u32,
    pub(super) tag: Span,
    pub(super) is_nillable: bool,
    /// It is a field of something.
    pub(super) is_wanted: bool,
    /// Its attributes may be.
    pub(super) wants_attributes: bool,
    /// Children of any name may matter.
    pub(super) waits_for_any: bool,
    /// Descendants of any name may.
    pub(super) roams_for_any: bool,
    /// What paths there were before it.
    pub(super) marks: Marks,
}

/// Elements with less than some depth, of those that are open. What is said of all open elements at some moment is
/// true of none that begins later, so that the first to begin lowers it to its own depth.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Horizon {
    below: u32,
}

impl Horizon {
    /// All that are open.
    pub(super) const ALL: Horizon = Horizon { below: u32::MAX };

    pub(super) fn contains(self, depth: u32) -> bool {
        depth < self.below
    }

    /// An element of a depth begins.
    pub(super) fn lower(&mut self, depth: u32) {
        self.below = self.below.min(depth);
    }
}
