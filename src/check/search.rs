//! Finds where a child that is not allowed here belongs in a content model, and how to continue.
//!
//! The plain version asks the automaton for the next state and reports an error if there is none. One mistake of an
//! author then causes a chain of errors: after a forgotten element, every later one is unexpected. So the search looks
//! for the explanation that needs the fewest errors, in this order:
//!
//! 1. The child is allowed now.
//! 2. It was just reported as missing, and now it comes: nothing is missing, the order is wrong.
//! 3. It is allowed after some other elements: those are missing, and the walk resumes after the child.
//! 4. It has occurred as often as it can: there is one too many. The walk stays where it is.
//! 5. It is in the model, but not after this position: it is out of order, or excluded by another element.
//! 6. Nothing in the model has its name: it is unknown.
//!
//! Messages are not made here: a `Placement` is data.

use std::collections::HashMap;
use std::ops::Range;

use crate::automaton::{Automaton, LeafId, Shortage, Skipped, StateId};
use crate::compiled::{Leaf, Model};
use crate::diagnostic::kept::KeptIndex;

/// A position in a content model: a state, and the words of its counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) state: StateId,
    pub(super) words: Vec<u32>,
}

impl Position {
    fn start(automaton: &Automaton) -> Position {
        let mut words = Vec::new();
        automaton.enter(&mut words);
        Position { state: Automaton::START, words }
    }

    /// Whether the content can end here.
    pub(super) fn may_end(&self, model: &Model) -> bool {
        model.automaton.accepts(self.state, &self.words)
    }

    /// The leaves that can come now.
    pub(super) fn allowed(&self, model: &Model) -> Vec<LeafId> {
        model.automaton.allowed(self.state, &self.words)
    }
}

/// What is known about the content of an open element that has an error in its content.
#[derive(Debug)]
pub(super) struct Search {
    /// The number of elements around that element.
    pub(super) depth: usize,
    /// The leaves that have occurred, in order of first occurrence: at most as many as the model has.
    seen: Vec<SeenLeaf>,
    /// The index of each of them in `seen`.
    seen_at: HashMap<LeafId, usize>,
    /// What was last reported as missing, in case it still comes.
    pub(super) pending: Option<Pending>,
    /// The children that were reported to come too early, the latest last.
    early: Vec<Early>,
    /// Whether the child only looks like an element that comes right after it, and so is not meant to be that element.
    pub(super) is_before_meant: bool,
    /// The state in which an unexpected element came: it may be meant for the one that is missing there.
    stand_in: Option<StateId>,
}

/// A leaf that has occurred.
#[derive(Debug)]
struct SeenLeaf {
    leaf: LeafId,
    count: usize,
    /// The start tag of its first occurrence.
    first: usize,
}

/// One thing that is missing from the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lack {
    /// The alternatives: any one of them would do.
    pub(super) leaves: Vec<LeafId>,
    /// Set if the element occurred less often than required, or did not occur and is required several times.
    pub(super) shortage: Option<Shortage>,
}

impl Lack {
    /// What is missing at a position where one of some leaves is required.
    fn of(automaton: &Automaton, at: &Position, leaves: Vec<LeafId>) -> Lack {
        let mut shortages = leaves.iter().map(|leaf| automaton.shortage(at.state, *leaf, &at.words));
        let first = shortages.next().flatten();
        let shortage = first.filter(|first| shortages.all(|other| other == Some(*first)));
        Lack { leaves, shortage }
    }
}

/// Elements reported as missing before another.
#[derive(Debug)]
pub(super) struct Pending {
    /// The elements that have not come yet.
    pub(super) missing: Vec<Lack>,
    /// The leaf before which they are missing, and its start tag.
    pub(super) before: LeafId,
    pub(super) before_span: Range<usize>,
    /// The diagnostic, to be replaced when one of them comes.
    pub(super) kept: Option<KeptIndex>,
    /// Whether it has been replaced.
    pub(super) reworded: bool,
}

/// A child that comes before others that it must follow: one mistake, however many others there are.
#[derive(Debug)]
pub(super) struct Early {
    pub(super) leaf: LeafId,
    /// Its start tag.
    pub(super) tag: usize,
    /// The others, in the order of the model.
    pub(super) late: Vec<LeafId>,
    /// Whether they come in that order.
    pub(super) is_late_in_order: bool,
    /// The diagnostic, to be replaced when further children come too late.
    pub(super) kept: Option<KeptIndex>,
}

/// What was already reported about a child that comes too early, when another child comes too late for it.
pub(super) enum Known<'e> {
    Nothing,
    /// Other children came too late; this one is added.
    Others(&'e Early),
    /// This child was already reported as too late.
    All,
}

/// Why a leaf of the model cannot come at a position: the first leaf that has occurred and explains it, and the start
/// tag of that.
pub(super) enum Conflict {
    /// The leaf can come only before this one.
    MustPrecede(LeafId, usize),
    /// Content can hold only one of the two.
    Excluded(LeafId, usize),
}

/// Where a child was placed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// It is allowed here.
    Allowed(LeafId),
    /// It is allowed after other elements, which are missing.
    After { leaf: LeafId, missing: Vec<Lack> },
    /// It is one of the pending missing elements.
    Late(LeafId),
    /// It has already occurred as often as it can.
    Again { leaf: LeafId, count: usize },
    /// It should have come earlier, or excludes an element that is present.
    Misplaced(LeafId),
}

impl Placement {
    pub(super) fn leaf(&self) -> LeafId {
        match self {
            Placement::Allowed(leaf)
            | Placement::After { leaf, .. }
            | Placement::Late(leaf)
            | Placement::Again { leaf, .. }
            | Placement::Misplaced(leaf) => *leaf,
        }
    }
}

/// Where a child was placed, and the position at which the walk resumes if it moves.
pub(super) struct Placed {
    pub(super) placement: Placement,
    pub(super) moved: Option<Position>,
}

impl Placed {
    fn here(placement: Placement) -> Placed {
        Placed { placement, moved: None }
    }
}

impl Search {
    /// A search in the content of an element with this many ancestors.
    pub(super) fn new(depth: usize) -> Search {
        let (seen, seen_at) = (Vec::new(), HashMap::new());
        Search { depth, seen, seen_at, pending: None, early: Vec::new(), is_before_meant: false, stand_in: None }
    }

    /// Places a child. `candidates` are the leaves that it can be, in document order. `None`: it is not any of them.
    pub(super) fn place(
        &mut self,
        model: &Model,
        at: &Position,
        tag: usize,
        candidates: &[LeafId],
        steps: &mut usize,
    ) -> Option<Placed> {
        if candidates.is_empty() {
            return None; // nothing to search for
        }
        self.place_here(model, at, tag, candidates)
            .or_else(|| self.place_late(tag, candidates))
            .or_else(|| self.place_after(model, at, tag, candidates, steps))
            .or_else(|| self.place_nowhere(model, tag, candidates, steps))
    }

    /// Step 1: the child is allowed now.
    fn place_here(&mut self, model: &Model, at: &Position, tag: usize, candidates: &[LeafId]) -> Option<Placed> {
        let (leaf, state, words) = model.automaton.first_of(at.state, candidates, &at.words)?;
        self.note(leaf, tag);
        Some(Placed { placement: Placement::Allowed(leaf), moved: Some(Position { state, words }) })
    }

    /// Step 2: the child was reported as missing.
    fn place_late(&mut self, tag: usize, candidates: &[LeafId]) -> Option<Placed> {
        let pending = self.pending.as_mut()?;
        let (index, leaf) = pending.find(candidates)?;
        match pending.missing.get_mut(index).and_then(|lack| lack.shortage.as_mut()) {
            // More are still missing after this one.
            Some(shortage) if shortage.found + 1 < shortage.least => shortage.found += 1,
            _ => _ = pending.missing.remove(index),
        }
        self.note(leaf, tag);
        Some(Placed::here(Placement::Late(leaf)))
    }

    /// Step 3: the child is allowed after some others. Of several places, the one with the fewest missing elements
    /// before it is chosen, then the first in the model.
    fn place_after(
        &mut self,
        model: &Model,
        at: &Position,
        tag: usize,
        candidates: &[LeafId],
        steps: &mut usize,
    ) -> Option<Placed> {
        let automaton = &model.automaton;
        let Skipped { leaf, missing, state, memory } = automaton.skip_to(at.state, candidates, &at.words, steps)?;
        let mut missing = with_alternatives(automaton, at.clone(), &missing);
        if self.has_stand_in(at) && !missing.is_empty() {
            // The unexpected element before this one is in the place of the first of these.
            missing.remove(0);
        }
        self.note(leaf, tag);
        let placement = match missing.is_empty() {
            true => Placement::Allowed(leaf),
            false => Placement::After { leaf, missing },
        };
        Some(Placed { placement, moved: Some(Position { state, words: memory }) })
    }

    /// Steps 4 and 5: the child has occurred as often as it can, or is in the model but not after this position.
    fn place_nowhere(&mut self, model: &Model, tag: usize, candidates: &[LeafId], steps: &mut usize) -> Option<Placed> {
        let is_element = |leaf: &LeafId| matches!(model.leaf(*leaf), Some(Leaf::Element(_)));
        let elements = || candidates.iter().copied().filter(is_element);
        // A wildcard can allow anything, so it counts only if the child had to come before another one.
        let mut is_late = |leaf: &LeafId| matches!(self.conflict(model, *leaf, steps), Some(Conflict::MustPrecede(..)));
        let first = elements().next().or_else(|| candidates.iter().copied().find(|leaf| is_late(leaf)))?;
        let placement = match elements().find_map(|leaf| self.count(leaf).map(|count| (leaf, count))) {
            Some((leaf, count)) if !may_repeat(model, leaf, count, steps) => Placement::Again { leaf, count },
            Some((leaf, _)) => Placement::Misplaced(leaf),
            None => {
                self.note(first, tag);
                Placement::Misplaced(first)
            }
        };
        Some(Placed::here(placement))
    }

    /// Notes a child that is not in the model: if something is missing here, it may be meant for that.
    pub(super) fn note_unexpected(&mut self, model: &Model, at: &Position) {
        if !at.may_end(model) {
            self.stand_in = Some(at.state);
        }
    }

    /// Whether an unexpected element came at this position: it may be meant for the missing one.
    pub(super) fn has_stand_in(&self, at: &Position) -> bool {
        self.stand_in == Some(at.state)
    }

    /// What is missing when the content ends here. Empty if an unexpected element is in its place, which was the error.
    pub(super) fn missing_at_end(&self, model: &Model, at: &Position) -> Vec<Lack> {
        if self.has_stand_in(at) { Vec::new() } else { missing_from(model, at.clone()) }
    }

    /// Why a leaf of the model cannot come here, judging by the model and by the leaves that have occurred.
    pub(super) fn conflict(&self, model: &Model, late: LeafId, steps: &mut usize) -> Option<Conflict> {
        let around = model.automaton.around(late, steps)?;
        *steps = steps.saturating_sub(self.seen.len());
        let others = || self.seen.iter().filter(|seen| seen.leaf != late);
        let precede = |seen: &&SeenLeaf| around.may_precede(seen.leaf);
        let follow = |seen: &&SeenLeaf| around.may_follow(seen.leaf);
        if let Some(seen) = others().find(|seen| follow(seen) && !precede(seen)) {
            return Some(Conflict::MustPrecede(seen.leaf, seen.first));
        }
        let excludes = others().find(|seen| !follow(seen) && !precede(seen));
        excludes.map(|seen| Conflict::Excluded(seen.leaf, seen.first))
    }

    /// What is known of a child that was reported to come too early, with the leaf that comes too late added if it is
    /// new.
    pub(super) fn early(&mut self, before: LeafId, tag: usize, late: LeafId) -> Known<'_> {
        let Some(early) = self.early.iter_mut().rev().find(|early| early.leaf == before && early.tag == tag) else {
            return Known::Nothing;
        };
        let Err(index) = early.late.binary_search(&late) else { return Known::All };
        early.is_late_in_order &= index == early.late.len();
        early.late.insert(index, late);
        Known::Others(early)
    }

    /// Notes that a child was reported to come too early.
    pub(super) fn note_early(&mut self, leaf: LeafId, tag: usize, late: LeafId, kept: Option<KeptIndex>) {
        /// How many are remembered: the child that comes too late is usually near.
        const REMEMBERED: usize = 8;
        if self.early.len() == REMEMBERED {
            self.early.remove(0);
        }
        self.early.push(Early { leaf, tag, late: vec![late], is_late_in_order: true, kept });
    }

    /// Notes that a leaf has occurred.
    fn note(&mut self, leaf: LeafId, tag: usize) {
        self.note_all(leaf, tag, 1);
    }

    /// Notes that a leaf has occurred several times, first at `tag`.
    pub(super) fn note_all(&mut self, leaf: LeafId, tag: usize, count: usize) {
        let index = *self.seen_at.entry(leaf).or_insert(self.seen.len());
        match self.seen.get_mut(index) {
            Some(seen) => seen.count += count,
            None => self.seen.push(SeenLeaf { leaf, count, first: tag }),
        }
    }

    /// Calls a function with the offset of each start tag.
    pub(super) fn each_tag(&mut self, call: &mut dyn FnMut(&mut usize)) {
        self.seen.iter_mut().for_each(|seen| call(&mut seen.first));
        self.early.iter_mut().for_each(|early| call(&mut early.tag));
        if let Some(pending) = &mut self.pending {
            let length = pending.before_span.len();
            call(&mut pending.before_span.start);
            pending.before_span.end = pending.before_span.start + length;
        }
    }

    fn count(&self, leaf: LeafId) -> Option<usize> {
        self.seen(leaf).map(|seen| seen.count)
    }

    /// The start tag of the first child that was a leaf.
    pub(super) fn first(&self, leaf: LeafId) -> Option<usize> {
        self.seen(leaf).map(|seen| seen.first)
    }

    fn seen(&self, leaf: LeafId) -> Option<&SeenLeaf> {
        self.seen_at.get(&leaf).and_then(|index| self.seen.get(*index))
    }
}

impl Pending {
    fn find(&self, candidates: &[LeafId]) -> Option<(usize, LeafId)> {
        let mut entries = self.missing.iter().enumerate();
        entries.find_map(|(index, entry)| {
            entry.leaves.iter().find(|leaf| candidates.binary_search(leaf).is_ok()).map(|&leaf| (index, leaf))
        })
    }
}

/// What is missing from content that ends at a position.
fn missing_from(model: &Model, mut at: Position) -> Vec<Lack> {
    /// The search stops here: an author who has to add this many reads the documentation.
    const NAMED: usize = 16;
    let automaton = &model.automaton;
    let mut missing: Vec<Lack> = Vec::new();
    for _ in 0..NAMED {
        if at.may_end(model) {
            break;
        }
        let Some(&first) = automaton.required(at.state, &at.words).first() else { break };
        let lack = Lack::of(automaton, &at, alternatives_of(automaton, &at, first));
        let Some(next) = automaton.suppose(at.state, first, &mut at.words) else { break };
        at.state = next;
        let is_certain = lack.leaves.len() == 1;
        // An element that is missing several times is named once.
        if !missing.iter().any(|known| known.leaves == lack.leaves) {
            missing.push(lack);
        }
        if !is_certain {
            break; // what follows depends on which of them comes
        }
    }
    missing
}

/// The leaves that can come instead of `leaf`, which is required at a position, and `leaf` itself.
fn alternatives_of(automaton: &Automaton, at: &Position, leaf: LeafId) -> Vec<LeafId> {
    let required = automaton.required(at.state, &at.words);
    let mut after = at.words.clone();
    let Some(next) = automaton.suppose(at.state, leaf, &mut after) else { return vec![leaf] };
    if required.len() < 2 || required.binary_search(&leaf).is_err() {
        return vec![leaf];
    }
    // Once one of several alternatives has come, the others are no longer required; the other members of an `all` group
    // still are.
    let still = automaton.required(next, &after);
    let is_each = required.iter().filter(|other| **other != leaf).all(|other| still.binary_search(other).is_ok());
    if is_each { vec![leaf] } else { required }
}

/// The leaves assumed to come from a position on, each with its alternatives.
fn with_alternatives(automaton: &Automaton, mut at: Position, supposed: &[(LeafId, u32)]) -> Vec<Lack> {
    let mut entries = Vec::with_capacity(supposed.len());
    for &(leaf, times) in supposed {
        entries.push(Lack::of(automaton, &at, alternatives_of(automaton, &at, leaf)));
        let next = match times {
            1 => automaton.advance(at.state, leaf, &mut at.words, 0),
            _ => automaton.suppose(at.state, leaf, &mut at.words),
        };
        match next {
            Some(next) => at.state = next,
            None => break,
        }
    }
    entries
}

/// Whether content can hold more than `count` of a leaf in a row: then a further one is not one too many, but comes too
/// late.
fn may_repeat(model: &Model, leaf: LeafId, count: usize, steps: &mut usize) -> bool {
    let automaton = &model.automaton;
    let start = Position::start(automaton);
    let Some(first) = automaton.skip_to(start.state, &[leaf], &start.words, steps) else { return false };
    let mut at = Position { state: first.state, words: first.memory };
    for _ in 0..count {
        *steps = steps.saturating_sub(1);
        let mut after = at.words.clone();
        match automaton.advance(at.state, leaf, &mut after, 0) {
            _ if *steps == 0 => return false,
            Some(state) if state == at.state && after == at.words => return true, // they are not counted
            Some(state) => at = Position { state, words: after },
            None => return false,
        }
    }
    true
}
