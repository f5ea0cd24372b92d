//! Where a child belongs in a content model when it is not allowed here, and how to go on.
//!
//! The plain version asks the automaton for the next state and reports an error if it has none. One mistake of an author
//! then gives a chain of errors: a forgotten element makes every later one unexpected. So the search looks for the
//! explanation that needs the fewest errors, in this order:
//!
//! 1. The child is allowed now.
//! 2. It was reported as missing a moment ago, and here it comes: then nothing is missing, the order is wrong.
//! 3. It is allowed once some others have come: they are missing, and the walk resumes after it.
//! 4. It has come as often as it may: once too often. The walk stays where it is.
//! 5. It is in the model, but not from here on: out of order, or excluded by another.
//! 6. Nothing in the model has its name: it is unknown.
//!
//! Words are not made here: a `Placement` is data.

use std::collections::HashMap;
use std::ops::Range;

use crate::automaton::{Automaton, LeafId, Shortage, Skipped, StateId};
use crate::compiled::{Leaf, Model};
use crate::diagnostic::kept::KeptIndex;

/// Where the walk through a content model is: a state, and the words of its counters.
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

    /// Whether the content may end here.
    pub(super) fn may_end(&self, model: &Model) -> bool {
        model.automaton.accepts(self.state, &self.words)
    }

    /// What could come now.
    pub(super) fn allowed(&self, model: &Model) -> Vec<LeafId> {
        model.automaton.allowed(self.state, &self.words)
    }
}

/// The data about the content of an open element that has an error.
#[derive(Debug)]
pub(super) struct Search {
    /// How many elements are around that element.
    pub(super) depth: usize,
    /// Leaves that have come, in the order of their first coming: at most as many as the model has.
    seen: Vec<SeenLeaf>,
    /// The place of each of them.
    seen_at: HashMap<LeafId, usize>,
    /// What was reported as missing last, in case it still comes.
    pub(super) pending: Option<Pending>,
    /// What was reported to come too early, the latest last.
    early: Vec<Early>,
    /// The child that is searched for is not the one that its name is like: that comes next.
    pub(super) is_before_meant: bool,
    /// An unexpected element came in this state: it may be meant for the one that is missing here.
    stand_in: Option<StateId>,
}

/// A leaf that has come.
#[derive(Debug)]
struct SeenLeaf {
    leaf: LeafId,
    count: usize,
    /// The start tag of the first.
    first: usize,
}

/// One thing that is missing from a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lack {
    /// Its alternatives: one of them would do.
    pub(super) leaves: Vec<LeafId>,
    /// It came, and not as often as it has to, or did not come once and has to several times.
    pub(super) shortage: Option<Shortage>,
}

impl Lack {
    /// At a position of which one of some leaves is required.
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
    /// Those that have not come yet.
    pub(super) missing: Vec<Lack>,
    /// The leaf before which they are missing, and its start tag.
    pub(super) before: LeafId,
    pub(super) before_span: Range<usize>,
    /// The diagnostic, to be replaced when one of them comes.
    pub(super) kept: Option<KeptIndex>,
    /// That has happened.
    pub(super) reworded: bool,
}

/// A child that comes before others that it has to come after: one mistake, however many they are.
#[derive(Debug)]
pub(super) struct Early {
    pub(super) leaf: LeafId,
    /// Its start tag.
    pub(super) tag: usize,
    /// Those others, in the order of the model.
    pub(super) late: Vec<LeafId>,
    /// They come in that order.
    pub(super) is_late_in_order: bool,
    /// The diagnostic, to be replaced when further ones come.
    pub(super) kept: Option<KeptIndex>,
}

/// What was reported of a child that comes too early, when another one comes too late for it.
pub(super) enum Known<'e> {
    Nothing,
    /// Others that come too late; this one is added.
    Others(&'e Early),
    /// This one came too late before.
    All,
}

/// Where a child was put.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// It is allowed here.
    Allowed(LeafId),
    /// It is allowed after others that did not come.
    After { leaf: LeafId, missing: Vec<Lack> },
    /// It is one of the pending missing ones.
    Late(LeafId),
    /// It has come as often as it may.
    Again { leaf: LeafId, count: usize },
    /// It would have to come earlier, or excludes what is present.
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

/// Where a child was put, and where the walk resumes if it moves.
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
    /// For the content of an element with this many ancestors.
    pub(super) fn new(depth: usize) -> Search {
        let (seen, seen_at) = (Vec::new(), HashMap::new());
        Search { depth, seen, seen_at, pending: None, early: Vec::new(), is_before_meant: false, stand_in: None }
    }

    /// Puts a child in its place. `candidates` are the leaves that it could be, in document order; `None`: it is not
    /// any of them.
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

    /// The first: it is allowed now.
    fn place_here(&mut self, model: &Model, at: &Position, tag: usize, candidates: &[LeafId]) -> Option<Placed> {
        let (leaf, state, words) = model.automaton.first_of(at.state, candidates, &at.words)?;
        self.note(leaf, tag);
        Some(Placed { placement: Placement::Allowed(leaf), moved: Some(Position { state, words }) })
    }

    /// The second: it was reported as missing.
    fn place_late(&mut self, tag: usize, candidates: &[LeafId]) -> Option<Placed> {
        let pending = self.pending.as_mut()?;
        let (index, leaf) = pending.find(candidates)?;
        match pending.missing.get_mut(index).and_then(|lack| lack.shortage.as_mut()) {
            // Not the last of those that are missing.
            Some(shortage) if shortage.found + 1 < shortage.least => shortage.found += 1,
            _ => _ = pending.missing.remove(index),
        }
        self.note(leaf, tag);
        Some(Placed::here(Placement::Late(leaf)))
    }

    /// The third: it is allowed once some others have come. Of several places for it the one with the fewest missing
    /// before it; the model's order decides ties.
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
            // The unexpected element before this one is where the first of these should be.
            missing.remove(0);
        }
        self.note(leaf, tag);
        let placement = match missing.is_empty() {
            true => Placement::Allowed(leaf),
            false => Placement::After { leaf, missing },
        };
        Some(Placed { placement, moved: Some(Position { state, words: memory }) })
    }

    /// The fourth and the fifth: it has come as often as it may, or is in the model, but not from here on.
    fn place_nowhere(&mut self, model: &Model, tag: usize, candidates: &[LeafId], steps: &mut usize) -> Option<Placed> {
        let is_element = |leaf: &LeafId| matches!(model.leaf(*leaf), Some(Leaf::Element(_)));
        let elements = || candidates.iter().copied().filter(is_element);
        // A wildcard may allow anything; that it had to come before another shows that it is meant.
        let mut is_late = |leaf: &LeafId| self.must_follow(model, *leaf, steps).is_some();
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

    /// A child that is nothing in this model: where something is missing it may be meant for that.
    pub(super) fn note_unexpected(&mut self, model: &Model, at: &Position) {
        if !at.may_end(model) {
            self.stand_in = Some(at.state);
        }
    }

    /// An unexpected element came where the walk is: it may be the one that is missing.
    pub(super) fn has_stand_in(&self, at: &Position) -> bool {
        self.stand_in == Some(at.state)
    }

    /// What is missing when the content ends here. Empty where an unexpected element is in this place: that was the error.
    pub(super) fn missing_at_end(&self, model: &Model, at: &Position) -> Vec<Lack> {
        if self.has_stand_in(at) { Vec::new() } else { missing_from(model, at.clone()) }
    }

    /// Of the leaves that have come, the first that `late` has to come before, and its start tag. The model alone
    /// decides: from the start, `late` and then that one is possible, that one and then `late` is not.
    pub(super) fn must_follow(&self, model: &Model, late: LeafId, steps: &mut usize) -> Option<(LeafId, usize)> {
        let mut others = self.seen.iter().filter(|seen| seen.leaf != late);
        others.find_map(|seen| {
            let is_later = may_follow(model, late, seen.leaf, steps) && !may_follow(model, seen.leaf, late, steps);
            is_later.then_some((seen.leaf, seen.first))
        })
    }

    /// Of the leaves that have come, the first that excludes `other`.
    pub(super) fn excluded_by(&self, model: &Model, other: LeafId, steps: &mut usize) -> Option<(LeafId, usize)> {
        let mut others = self.seen.iter().filter(|seen| seen.leaf != other);
        others.find_map(|seen| {
            let excludes = !may_follow(model, other, seen.leaf, steps) && !may_follow(model, seen.leaf, other, steps);
            excludes.then_some((seen.leaf, seen.first))
        })
    }

    /// The data of a child that was reported to come too early, if the leaf that comes too late is new.
    pub(super) fn early(&mut self, before: LeafId, tag: usize, late: LeafId) -> Known<'_> {
        let Some(early) = self.early.iter_mut().rev().find(|early| early.leaf == before && early.tag == tag) else {
            return Known::Nothing;
        };
        let Err(index) = early.late.binary_search(&late) else { return Known::All };
        early.is_late_in_order &= index == early.late.len();
        early.late.insert(index, late);
        Known::Others(early)
    }

    /// A child was reported to come too early.
    pub(super) fn note_early(&mut self, leaf: LeafId, tag: usize, late: LeafId, kept: Option<KeptIndex>) {
        /// This many are remembered: what comes too late is usually near.
        const REMEMBERED: usize = 8;
        if self.early.len() == REMEMBERED {
            self.early.remove(0);
        }
        self.early.push(Early { leaf, tag, late: vec![late], is_late_in_order: true, kept });
    }

    /// A leaf has come.
    fn note(&mut self, leaf: LeafId, tag: usize) {
        self.note_all(leaf, tag, 1);
    }

    /// It has come several times, the first at `tag`.
    pub(super) fn note_all(&mut self, leaf: LeafId, tag: usize, count: usize) {
        let index = *self.seen_at.entry(leaf).or_insert(self.seen.len());
        match self.seen.get_mut(index) {
            Some(seen) => seen.count += count,
            None => self.seen.push(SeenLeaf { leaf, count, first: tag }),
        }
    }

    /// Calls a function with each place of a start tag.
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

/// What is missing from a content that ends at a position.
fn missing_from(model: &Model, mut at: Position) -> Vec<Lack> {
    /// The search stops here: an author who has to add so many reads the documentation.
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
            break; // which of them comes, and so what follows, is not known
        }
    }
    missing
}

/// What could come in the place of `leaf`, which is required at a position: itself and what would do as well.
fn alternatives_of(automaton: &Automaton, at: &Position, leaf: LeafId) -> Vec<LeafId> {
    let required = automaton.required(at.state, &at.words);
    let mut after = at.words.clone();
    let Some(next) = automaton.suppose(at.state, leaf, &mut after) else { return vec![leaf] };
    if required.len() < 2 || required.binary_search(&leaf).is_err() {
        return vec![leaf];
    }
    // Alternatives are no longer required when one of them has come; the other members of `all` still are.
    let still = automaton.required(next, &after);
    let is_each = required.iter().filter(|other| **other != leaf).all(|other| still.binary_search(other).is_ok());
    if is_each { vec![leaf] } else { required }
}

/// The leaves to suppose from a position on, each with what would have done in its place.
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

/// Whether a content can hold `one` and, anywhere after it, `other`.
fn may_follow(model: &Model, one: LeafId, other: LeafId, steps: &mut usize) -> bool {
    let automaton = &model.automaton;
    let start = Position::start(automaton);
    let found = automaton.skip_to(start.state, &[one], &start.words, steps);
    found.is_some_and(|found| automaton.skip_to(found.state, &[other], &found.memory, steps).is_some())
}

/// Whether a content can hold more than `count` of a leaf, one after another: then one more is not one too many, but comes
/// too late.
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
            Some(state) if state == at.state && after == at.words => return true, // nothing counts them
            Some(state) => at = Position { state, words: after },
            None => return false,
        }
    }
    true
}
