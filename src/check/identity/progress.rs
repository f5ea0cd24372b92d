//! How far the paths of a constraint are, at the open element and at each around it.

use crate::compiled::{NameId, NamespaceId, Path};

/// A row for each open element, a word for each path. Bit `n` of a word: some `n` steps of the path lead here from an
/// element where it began, and with `.//` from an element anywhere in one where it began.
///
/// From the row of an element and the name of a child follows that of the child, so that each element is looked at
/// once, however many elements paths have begun at: an automaton that is in all its states at once.
#[derive(Debug, Default)]
pub(super) struct Progress {
    width: usize,
    rows: Vec<u64>,
}

impl Progress {
    /// So many paths, none of which has begun, at an open element.
    pub(super) fn reset(&mut self, width: usize) {
        self.width = width;
        self.rows.clear();
        self.rows.resize(width, 0);
    }

    /// A child begins.
    pub(super) fn enter<'p>(
        &mut self,
        paths: impl Iterator<Item = &'p Path>,
        namespace: Option<NamespaceId>,
        name: Option<NameId>,
    ) {
        let around = self.rows.len().saturating_sub(self.width);
        for (number, path) in paths.enumerate() {
            let before = self.rows.get(around + number).copied().unwrap_or(0);
            let mut here = if path.descends { before & 1 } else { 0 };
            for (step, test) in path.steps.iter().enumerate() {
                if before >> step == 0 {
                    break;
                }
                if before >> step & 1 != 0 && test.takes(namespace, name) {
                    here |= 2 << step;
                }
            }
            self.rows.push(here);
        }
    }

    /// The innermost element ends.
    pub(super) fn leave(&mut self) {
        self.rows.truncate(self.rows.len().saturating_sub(self.width));
    }

    /// A path begins at the innermost element.
    pub(super) fn begin(&mut self, number: usize) {
        let first = self.rows.len().saturating_sub(self.width);
        if let Some(word) = self.rows.get_mut(first + number) {
            *word |= 1;
        }
    }

    /// Whether a path leads from where it began to the innermost element.
    pub(super) fn is_there(&self, number: usize, path: &Path) -> bool {
        let first = self.rows.len().saturating_sub(self.width);
        // At most `Path::STEPS`.
        self.rows.get(first + number).is_some_and(|word| word >> path.steps.len() & 1 != 0)
    }
}

/// Where paths began that lead to an element: at the elements with some depths, and at all up to one.
#[derive(Debug, Default)]
pub(super) struct Origins {
    exact: Vec<u32>,
    up_to: Option<u32>,
}

impl Origins {
    pub(super) fn clear(&mut self) {
        self.exact.clear();
        self.up_to = None;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.up_to.is_none()
    }

    /// A path leads to an element of a depth.
    pub(super) fn add(&mut self, path: &Path, depth: u32) {
        let Some(origin) = depth.checked_sub(path.steps.len() as u32) else { return };
        match path.descends {
            true => self.up_to = self.up_to.max(Some(origin)),
            false if self.exact.contains(&origin) => {}
            false => self.exact.push(origin),
        }
    }

    /// The depth up to which any element is one.
    pub(super) fn up_to(&self) -> Option<u32> {
        self.up_to
    }

    /// Those below that.
    pub(super) fn exact(&self) -> impl Iterator<Item = u32> + '_ {
        self.exact.iter().copied().filter(|depth| self.up_to.is_none_or(|up_to| *depth > up_to))
    }
}
