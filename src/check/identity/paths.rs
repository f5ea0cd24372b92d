//! How far paths have matched at the open element and at its ancestors.
//!
//! The plain version keeps, for each path and each open element, which of the path's steps lead there; a child's states
//! follow from its parent's. That is a row of states for every element, however few paths it is on. Here a state is
//! kept only if there is one, and only until its element ends:
//!
//! - that a path has begun at an element is known from the element (it has the constraint, or is selected by it);
//! - steps of selectors by name, of which a schema can have thousands, are found by the name of the child
//!   (`IdentityIndex::steps_to`), and one look at the `Row` of its path tells whether a step can be taken;
//! - fields, and steps that take more than one name, wait in a list at the element whose children they take; paths with
//!   `.//` wait in a list that holds for all descendants.

use super::Level;
use crate::compiled::{IdentityIndex, NameId, NameTest, NamespaceId, PathFacts, PathId, Step};

/// The states of all paths.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// Steps that wait for children, grouped by level.
    waiting: Vec<Step>,
    /// Paths whose first step waits for descendants, and paths that match all descendants.
    roaming: Vec<PathId>,
    /// Paths that match completely, grouped by level.
    reached: Vec<PathId>,
    /// Selectors that have more steps to take, grouped by level.
    rows: Vec<Row>,
    /// For each selector with more than one step, the index of its last row plus one; zero if it has none.
    last_rows: Vec<u32>,
}

/// How far a selector has matched at an element.
#[derive(Debug, Clone, Copy)]
struct Row {
    long: u32,
    depth: u32,
    /// Bit `n`: its first `n` steps lead here from an element at which it began.
    steps: u64,
    /// The index of the previous row of the same selector, plus one.
    before: u32,
}

/// The length of each list of `Paths` before a level.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    waiting: usize,
    roaming: usize,
    reached: usize,
    rows: usize,
}

/// The properties of a child that decide which steps it takes.
pub(super) struct Child {
    pub(super) depth: u32,
    pub(super) namespace: Option<NamespaceId>,
    pub(super) name: Option<NameId>,
}

impl Paths {
    /// Forgets all paths that have begun, but keeps the memory.
    pub(super) fn clear(&mut self) {
        self.leave(Marks::default());
    }

    /// Prepares for a document of a schema.
    pub(super) fn make_room(&mut self, index: &IdentityIndex) {
        self.last_rows.resize(index.long_path_count(), 0);
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        let lists = self.waiting.capacity() * size_of::<Step>() + self.rows.capacity() * size_of::<Row>();
        lists + (self.roaming.capacity() + self.reached.capacity() + self.last_rows.capacity()) * size_of::<u32>()
    }

    /// The current lengths of the lists.
    pub(super) fn marks(&self) -> Marks {
        let (waiting, roaming) = (self.waiting.len(), self.roaming.len());
        Marks { waiting, roaming, reached: self.reached.len(), rows: self.rows.len() }
    }

    /// Ends a level: removes everything that was added after its marks.
    pub(super) fn leave(&mut self, marks: Marks) {
        self.waiting.truncate(marks.waiting);
        self.roaming.truncate(marks.roaming);
        self.reached.truncate(marks.reached);
        for row in self.rows.drain(marks.rows..).rev() {
            if let Some(last) = self.last_rows.get_mut(row.long as usize) {
                *last = row.before;
            }
        }
    }

    /// Takes the steps that wait for a child of the element of `around`, if that is the parent, and those that wait for
    /// a descendant.
    pub(super) fn advance(&mut self, index: &IdentityIndex, around: Option<&Level>, child: &Child) {
        let waiting = match around.filter(|level| Some(level.depth) == child.depth.checked_sub(1)) {
            Some(level) => level.marks.waiting..self.waiting.len(),
            None => 0..0,
        };
        for number in waiting {
            let Some(&Step { path, step }) = self.waiting.get(number) else { break };
            let facts = index.path(path);
            if facts.test(step).takes(child.namespace, child.name) {
                self.take(path, facts, step, child.depth);
            }
        }
        for number in 0..self.roaming.len() {
            let Some(path) = self.roaming.get(number).copied() else { break };
            let facts = index.path(path);
            match facts.path.steps.first() {
                None => self.reached.push(path),
                Some(test) if test.takes(child.namespace, child.name) => self.take(path, facts, 0, child.depth),
                Some(_) => {}
            }
        }
    }

    /// Notes that a step of a path leads to the element at a depth.
    pub(super) fn take(&mut self, path: PathId, facts: &PathFacts, step: u8, depth: u32) {
        let next = step + 1;
        if usize::from(next) == facts.len() {
            return self.reached.push(path);
        }
        match facts.long {
            Some(long) if matches!(facts.test(next), NameTest::Name(_)) => self.note_row(long, depth, next),
            _ => self.waiting.push(Step { path, step: next }),
        }
    }

    fn note_row(&mut self, long: usize, depth: u32, step: u8) {
        let Some(last) = self.last_rows.get_mut(long) else { return };
        // `step` is at most `Path::STEPS`.
        let bit = 1 << step;
        match (*last as usize).checked_sub(1).and_then(|row| self.rows.get_mut(row)) {
            Some(row) if row.depth == depth => row.steps |= bit,
            _ => {
                self.rows.push(Row { long: long as u32, depth, steps: bit, before: *last });
                *last = self.rows.len() as u32;
            }
        }
    }

    /// Whether the first `steps` steps of a selector lead to the open element at a depth.
    pub(super) fn leads_to(&self, long: usize, depth: u32, steps: u8) -> bool {
        let row_at = |number: u32| (number as usize).checked_sub(1).and_then(|row| self.rows.get(row));
        let mut row = self.last_rows.get(long).and_then(|last| row_at(*last));
        // Skip the row of a child that is just beginning.
        while let Some(inner) = row.filter(|row| row.depth > depth) {
            row = row_at(inner.before);
        }
        row.is_some_and(|row| row.depth == depth && row.steps >> steps & 1 != 0)
    }

    /// Begins a path at the element of the innermost level. `is_outermost`: the path has not begun further out.
    pub(super) fn begin(&mut self, path: PathId, facts: &PathFacts, is_outermost: bool) {
        if facts.path.descends && is_outermost {
            self.wait_for_descendants(path);
        }
        match (facts.len(), facts.path.descends) {
            (0, _) => self.reach(path),
            (_, false) => self.wait(path),
            (_, true) => {}
        }
    }

    /// Notes that a path matches the element of the innermost level completely.
    pub(super) fn reach(&mut self, path: PathId) {
        self.reached.push(path);
    }

    /// Forgets the complete matches since some marks.
    pub(super) fn forget_reached(&mut self, marks: Marks) {
        self.reached.truncate(marks.reached);
    }

    /// Makes the first step of a path wait for children of the element of the innermost level.
    pub(super) fn wait(&mut self, path: PathId) {
        self.waiting.push(Step { path, step: 0 });
    }

    /// Makes the first step of a path wait for all descendants. It does so already if the path also began further out.
    pub(super) fn wait_for_descendants(&mut self, path: PathId) {
        self.roaming.push(path);
    }

    /// Sorts the complete matches at a level, and removes duplicates.
    pub(super) fn sort_reached(&mut self, marks: Marks) {
        let reached = self.reached.get_mut(marks.reached..).unwrap_or_default();
        if reached.is_sorted_by(|one, other| one < other) {
            return;
        }
        reached.sort_unstable();
        let mut kept = marks.reached;
        for at in marks.reached..self.reached.len() {
            if at == marks.reached || self.reached.get(at) != self.reached.get(kept.wrapping_sub(1)) {
                self.reached.swap(kept, at);
                kept += 1;
            }
        }
        self.reached.truncate(kept);
    }

    /// The complete matches at the innermost level.
    pub(super) fn reached(&self, marks: Marks) -> &[PathId] {
        self.reached.get(marks.reached..).unwrap_or_default()
    }

    /// Whether the steps that wait at the innermost level can take children of any name.
    pub(super) fn waits_for_any(&self, index: &IdentityIndex, marks: Marks) -> bool {
        let waiting = self.waiting.get(marks.waiting..).unwrap_or_default();
        waiting.iter().any(|step| !matches!(index.path(step.path).test(step.step), NameTest::Name(_)))
    }

    /// Whether the paths begun since some marks can take descendants of any name.
    pub(super) fn takes_any_descendant(&self, index: &IdentityIndex, marks: Marks) -> bool {
        let roaming = self.roaming.get(marks.roaming..).unwrap_or_default();
        roaming.iter().any(|path| !matches!(index.path(*path).path.steps.first(), Some(NameTest::Name(_))))
    }
}

/// The elements at which the paths that lead to an element began: those at exact depths, and all elements up to a
/// depth.
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

    /// Adds the origin of a path that leads to the element at a depth.
    pub(super) fn add(&mut self, facts: &PathFacts, depth: u32) {
        let Some(origin) = depth.checked_sub(facts.len() as u32) else { return };
        match facts.path.descends {
            true => self.up_to = self.up_to.max(Some(origin)),
            false if self.exact.contains(&origin) => {}
            false => self.exact.push(origin),
        }
    }

    /// The depth up to which every element is an origin.
    pub(super) fn up_to(&self) -> Option<u32> {
        self.up_to
    }

    /// The exact depths below that.
    pub(super) fn exact(&self) -> impl Iterator<Item = u32> + '_ {
        self.exact.iter().copied().filter(|depth| self.up_to.is_none_or(|up_to| *depth > up_to))
    }
}
