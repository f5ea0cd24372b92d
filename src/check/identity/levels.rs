//! The open elements that matter to a constraint.

use super::paths::Marks;
use super::span::Span;

/// An open element that was reported to the tracker.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    pub(super) depth: u32,
    pub(super) tag: Span,
    pub(super) is_nillable: bool,
    /// Whether it is a field of a selected element.
    pub(super) is_wanted: bool,
    /// Whether its attributes can be fields.
    pub(super) wants_attributes: bool,
    /// Whether children of any name can matter.
    pub(super) waits_for_any: bool,
    /// Whether descendants of any name can matter.
    pub(super) takes_any_descendant: bool,
    /// The lengths of the lists of paths before it began.
    pub(super) marks: Marks,
}

/// All open elements above some depth. A statement about all the elements open at one moment does not hold for any that
/// begins later, so the first one to begin lowers the horizon to its own depth.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Horizon {
    below: u32,
}

impl Horizon {
    /// All open elements.
    pub(super) const ALL: Horizon = Horizon { below: u32::MAX };

    pub(super) fn contains(self, depth: u32) -> bool {
        depth < self.below
    }

    /// Lowers the horizon for an element that begins at a depth.
    pub(super) fn lower(&mut self, depth: u32) {
        self.below = self.below.min(depth);
    }
}
