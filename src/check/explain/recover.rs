//! Where a child belongs in a content model, and how to go on when it does not.
//!
//! The plain version: ask the automaton for the next state, and complain where there is none. One mistake of an author
//! then gives a chain of complaints: a forgotten element makes every later one unexpected. So the walk looks for the
//! explanation that needs the fewest faults, in this order:
//!
//! 1. The child is allowed now.
//! 2. It was reported as missing a moment ago, and here it comes: then nothing is missing, the order is wrong.
//! 3. It is allowed once some others have come: they are missing, and the walk goes on behind it.
//! 4. It has been here already: once too often. The walk stays where it is.
//! 5. It is in the model, but not from here on: out of order, or excluded by another.
//! 6. Nothing in the model has its name: it stands for nothing.
//!
//! Words are not made here: a `Placement` is data.

use std::collections::HashMap;
use std::ops::Range;

use crate::automaton::{Automaton, LeafId, Skipped, StateId};
use crate::compiled::{Leaf, Model};

use crate::diagnostic::kept::KeptIndex as Kept;

/// The walk of one element through its content model.
#[derive(Debug)]
pub(super) struct Walk {
    state: StateId,
    /// Where this walk's words begin in the memory that all walks share.
    base: usize,
    /// Leaves that have come, in the order of their first coming: at most as many as the model has.
    seen: Vec<SeenLeaf>,
    /// Where each of them stands there.
    seen_at: HashMap<LeafId, usize>,
    /// What was reported as missing last, in case it still comes.
    pub(super) pending: Option<Pending>,
    /// A leaf that was reported to stand too early.
    pub(super) early: Option<LeafId>,
    /// An unexpected element came in this state: it may stand for the one that is missing here.
    stand_in: Option<StateId>,
}

/// A leaf that has come.
#[derive(Debug)]
struct SeenLeaf {
    leaf: LeafId,
    count: usize,
    first: Range<usize>,
}

/// Elements reported as missing before another.
#[derive(Debug)]
pub(super) struct Pending {
    /// Those that have not come yet, each given by its alternatives.
    pub(super) missing: Vec<Vec<LeafId>>,
    /// The leaf before which they are missing, and its start tag.
    pub(super) before: LeafId,
    pub(super) before_span: Range<usize>,
    /// The diagnostic, to be put otherwise when one of them comes.
    pub(super) kept: Option<Kept>,
    /// That has happened.
    pub(super) reworded: bool,
}

/// Where a child was put.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// It is allowed here.
    Allowed(LeafId),
    /// It is allowed behind others that did not come.
    Behind { leaf: LeafId, missing: Vec<Vec<LeafId>> },
    /// It is one of the pending missing ones.
    Late(LeafId),
    /// It has come as often as it may.
    Again { leaf: LeafId, count: usize },
    /// It would have had to come earlier, or not beside what is there.
    Misplaced(LeafId),
}

impl Placement {
    pub(super) fn leaf(&self) -> LeafId {
        match self {
            Placement::Allowed(leaf)
            | Placement::Behind { leaf, .. }
            | Placement::Late(leaf)
            | Placement::Again { leaf, .. }
            | Placement::Misplaced(leaf) => *leaf,
        }
    }
}

impl Walk {
    /// Starts at the beginning of a model.
    pub(super) fn new(automaton: &Automaton, memory: &mut Vec<u32>) -> Walk {
        let base = memory.len();
        automaton.enter(memory);
        Walk {
            state: Automaton::START,
            base,
            seen: Vec::new(),
            seen_at: HashMap::new(),
            pending: None,
            early: None,
            stand_in: None,
        }
    }

    /// Gives back the words of the walk, and of all walks begun after it.
    pub(super) fn end(&self, memory: &mut Vec<u32>) {
        memory.truncate(self.base);
    }

    /// Puts a child in its place and moves on. `candidates` are the leaves that it could be, in document order; `None`:
    /// it is none of them.
    pub(super) fn place(
        &mut self,
        model: &Model,
        memory: &mut Vec<u32>,
        span: &Range<usize>,
        candidates: &[LeafId],
        steps: &mut usize,
    ) -> Option<Placement> {
        if candidates.is_empty() {
            return None; // nothing to search for
        }
        self.place_here(model, memory, span, candidates)
            .or_else(|| self.place_late(span, candidates))
            .or_else(|| self.place_behind(model, memory, span, candidates, steps))
            .or_else(|| self.place_nowhere(model, span, candidates))
    }

    /// The first: it is allowed now.
    fn place_here(
        &mut self,
        model: &Model,
        memory: &mut Vec<u32>,
        span: &Range<usize>,
        candidates: &[LeafId],
    ) -> Option<Placement> {
        let (leaf, state, after) = model.automaton.first_of(self.state, candidates, self.words(memory))?;
        self.move_behind(leaf, span, state, memory, &after);
        Some(Placement::Allowed(leaf))
    }

    /// The second: it was reported as missing.
    fn place_late(&mut self, span: &Range<usize>, candidates: &[LeafId]) -> Option<Placement> {
        let pending = self.pending.as_mut()?;
        let (index, leaf) = pending.find(candidates)?;
        pending.missing.remove(index);
        self.note(leaf, span);
        Some(Placement::Late(leaf))
    }

    /// The third: it is allowed once some others have come. Of several places for it the one with the fewest missing
    /// before it; the model's order decides ties.
    fn place_behind(
        &mut self,
        model: &Model,
        memory: &mut Vec<u32>,
        span: &Range<usize>,
        candidates: &[LeafId],
        steps: &mut usize,
    ) -> Option<Placement> {
        let automaton = &model.automaton;
        let before = self.words(memory).to_vec();
        let Skipped { leaf, missing, state, memory: after } =
            automaton.skip_to(self.state, candidates, &before, steps)?;
        let mut missing = with_alternatives(automaton, self.state, before, &missing);
        if self.has_stand_in() && !missing.is_empty() {
            // The unexpected element before this one stood where the first of these should.
            missing.remove(0);
        }
        self.move_behind(leaf, span, state, memory, &after);
        Some(match missing.is_empty() {
            true => Placement::Allowed(leaf),
            false => Placement::Behind { leaf, missing },
        })
    }

    /// The fourth and the fifth: it has been here already, or is in the model, but not from here on.
    fn place_nowhere(&mut self, model: &Model, span: &Range<usize>, candidates: &[LeafId]) -> Option<Placement> {
        let is_element = |leaf: &LeafId| matches!(model.leaf(*leaf), Some(Leaf::Element(_)));
        let elements = || candidates.iter().copied().filter(is_element);
        let first = elements().next()?;
        if let Some((leaf, count)) = elements().find_map(|leaf| self.count(leaf).map(|count| (leaf, count))) {
            return Some(Placement::Again { leaf, count });
        }
        self.note(first, span);
        Some(Placement::Misplaced(first))
    }

    /// A child that is nothing in this model: where something is missing it may stand for that.
    pub(super) fn note_unexpected(&mut self, model: &Model, memory: &[u32]) {
        if !self.may_end(model, memory) {
            self.stand_in = Some(self.state);
        }
    }

    /// Nothing has come yet.
    pub(super) fn is_untouched(&self) -> bool {
        self.seen.is_empty() && self.stand_in.is_none()
    }

    /// Whether the content may end here.
    pub(super) fn may_end(&self, model: &Model, memory: &[u32]) -> bool {
        model.automaton.accepts(self.state, self.words(memory))
    }

    /// What could come now.
    pub(super) fn allowed(&self, model: &Model, memory: &[u32]) -> Vec<LeafId> {
        model.automaton.allowed(self.state, self.words(memory))
    }

    /// An unexpected element came where the walk stands: it may be the one that is missing.
    pub(super) fn has_stand_in(&self) -> bool {
        self.stand_in == Some(self.state)
    }

    /// What is missing when the content ends here: each entry is one thing, given by its alternatives. Empty where an
    /// unexpected element stood in this place: that was the fault.
    pub(super) fn missing_at_end(&self, model: &Model, memory: &[u32]) -> Vec<Vec<LeafId>> {
        /// Further is not looked: a reader who has to write so many reads the documentation.
        const NAMED: usize = 16;
        let automaton = &model.automaton;
        let mut missing: Vec<Vec<LeafId>> = Vec::new();
        if self.has_stand_in() {
            return missing;
        }
        let mut state = self.state;
        let mut words = self.words(memory).to_vec();
        for _ in 0..NAMED {
            if automaton.accepts(state, &words) {
                break;
            }
            let Some(&first) = automaton.required(state, &words).first() else { break };
            let alternatives = alternatives_of(automaton, state, &words, first);
            let Some(next) = automaton.advance(state, first, &mut words, 0) else { break };
            state = next;
            let is_certain = alternatives.len() == 1;
            // An element that is missing several times is named once.
            if !missing.contains(&alternatives) {
                missing.push(alternatives);
            }
            if !is_certain {
                break; // which way it goes on nobody knows
            }
        }
        missing
    }

    /// Of the leaves that have come, the first that `late` has to stand before, and its start tag. Told by the model
    /// alone: from the start, `late` and then that one is a way through, that one and then `late` is none.
    pub(super) fn must_follow(&self, model: &Model, late: LeafId, steps: &mut usize) -> Option<(LeafId, Range<usize>)> {
        let mut found = self.seen.iter().filter(|seen| seen.leaf != late);
        found.find_map(|seen| {
            let is_later = is_way(model, late, seen.leaf, steps) && !is_way(model, seen.leaf, late, steps);
            is_later.then(|| (seen.leaf, seen.first.clone()))
        })
    }

    /// Of the leaves that have come, the first that excludes `other`.
    pub(super) fn excluded_by(
        &self,
        model: &Model,
        other: LeafId,
        steps: &mut usize,
    ) -> Option<(LeafId, Range<usize>)> {
        let mut found = self.seen.iter().filter(|seen| seen.leaf != other);
        found.find_map(|seen| {
            let excludes = !is_way(model, other, seen.leaf, steps) && !is_way(model, seen.leaf, other, steps);
            excludes.then(|| (seen.leaf, seen.first.clone()))
        })
    }

    /// A child was put at a leaf: the walk stands behind it.
    fn move_behind(&mut self, leaf: LeafId, span: &Range<usize>, state: StateId, memory: &mut Vec<u32>, words: &[u32]) {
        self.state = state;
        self.note(leaf, span);
        memory.truncate(self.base);
        memory.extend_from_slice(words);
    }

    fn words<'m>(&self, memory: &'m [u32]) -> &'m [u32] {
        memory.get(self.base..).unwrap_or_default()
    }

    fn note(&mut self, leaf: LeafId, span: &Range<usize>) {
        let index = *self.seen_at.entry(leaf).or_insert(self.seen.len());
        match self.seen.get_mut(index) {
            Some(seen) => seen.count += 1,
            None => self.seen.push(SeenLeaf { leaf, count: 1, first: span.clone() }),
        }
    }

    fn count(&self, leaf: LeafId) -> Option<usize> {
        self.seen_at.get(&leaf).and_then(|index| self.seen.get(*index)).map(|seen| seen.count)
    }
}

impl Pending {
    fn find(&self, candidates: &[LeafId]) -> Option<(usize, LeafId)> {
        let mut entries = self.missing.iter().enumerate();
        entries.find_map(|(index, entry)| {
            entry.iter().find(|leaf| candidates.binary_search(leaf).is_ok()).map(|&leaf| (index, leaf))
        })
    }
}

/// What could come in the place of `leaf`, which is required in a state: itself and what would do as well.
fn alternatives_of(automaton: &Automaton, state: StateId, words: &[u32], leaf: LeafId) -> Vec<LeafId> {
    let required = automaton.required(state, words);
    let mut behind = words.to_vec();
    let Some(next) = automaton.advance(state, leaf, &mut behind, 0) else { return vec![leaf] };
    if required.len() < 2 || !required.contains(&leaf) {
        return vec![leaf];
    }
    // Alternatives are no longer required when one of them has come; the other members of `all` still are.
    let still = automaton.required(next, &behind);
    let is_each = required.iter().filter(|other| **other != leaf).all(|other| still.contains(other));
    if is_each { vec![leaf] } else { required }
}

/// The leaves to suppose from a state on, each with what would have done in its place.
fn with_alternatives(
    automaton: &Automaton,
    mut state: StateId,
    mut words: Vec<u32>,
    supposed: &[LeafId],
) -> Vec<Vec<LeafId>> {
    let mut entries = Vec::with_capacity(supposed.len());
    for &leaf in supposed {
        entries.push(alternatives_of(automaton, state, &words, leaf));
        match automaton.advance(state, leaf, &mut words, 0) {
            Some(next) => state = next,
            None => break,
        }
    }
    entries
}

/// Whether a content can hold `one` and, anywhere behind it, `other`.
fn is_way(model: &Model, one: LeafId, other: LeafId, steps: &mut usize) -> bool {
    let automaton = &model.automaton;
    let mut memory = Vec::new();
    automaton.enter(&mut memory);
    let found = automaton.skip_to(Automaton::START, &[one], &memory, steps);
    found.is_some_and(|found| automaton.skip_to(found.state, &[other], &found.memory, steps).is_some())
}
