//! Unique Particle Attribution (part 1, section 3.8.6): each child must belong to one leaf, determined without looking
//! ahead.

use std::cmp::Reverse;

use super::counter::{Counter, can_meet};
use super::{Ambiguity, BuildError, Labels, State};

/// The most pairs of leaves of one table that may have to be compared. Leaves that match one name are compared only
/// with others of that name; those that match many are compared with all.
const PAIRS: usize = 1 << 22;

/// The check of one table.
pub(super) struct Attribution<'a> {
    counters: &'a [Counter],
    labels: &'a Labels<'a>,
    /// The number of pairs compared so far.
    pairs: usize,
    /// Edges of the current state whose leaves have spans. This and the list of other edges are kept here so that they
    /// are allocated once.
    named: Vec<Named>,
    others: Vec<usize>,
}

/// A leaf that matches a span of names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    start: u32,
    /// Wider spans come before those within them.
    end: Reverse<u32>,
    edge: usize,
}

impl<'a> Attribution<'a> {
    pub(super) fn new(counters: &'a [Counter], labels: &'a Labels<'a>) -> Attribution<'a> {
        Attribution { counters, labels, pairs: 0, named: Vec::new(), others: Vec::new() }
    }

    /// # Errors
    ///
    /// Two edges that can be open at the same time, and lead to leaves that compete for one child.
    pub(super) fn check(&mut self, state: &State) -> Result<(), BuildError> {
        if state.edges.len() < 2 {
            return Ok(());
        }
        let (mut named, mut others) = (std::mem::take(&mut self.named), std::mem::take(&mut self.others));
        named.clear();
        others.clear();
        for (index, edge) in state.edges.iter().enumerate() {
            match (self.labels.span)(edge.leaf) {
                Some(span) => named.push(Named { start: span.start, end: Reverse(span.end), edge: index }),
                None => others.push(index),
            }
        }
        named.sort_unstable();
        self.check_named(state, &named)?;
        for (position, other) in others.iter().enumerate() {
            let rest = others.iter().skip(position + 1).copied();
            for one in rest.chain(named.iter().map(|named| named.edge)) {
                self.check_pair(state, one, *other, false)?;
            }
        }
        (self.named, self.others) = (named, others);
        Ok(())
    }

    /// Checks the edges with spans, which are disjoint or nested: each is compared with those that contain it.
    fn check_named(&mut self, state: &State, named: &[Named]) -> Result<(), BuildError> {
        let mut around: Vec<Named> = Vec::new();
        for inner in named {
            while around.pop_if(|outer| outer.end.0 <= inner.start).is_some() {}
            for outer in &around {
                let is_one_name = outer.end.0 - outer.start == 1;
                self.check_pair(state, outer.edge, inner.edge, is_one_name)?;
            }
            around.push(*inner);
        }
        Ok(())
    }

    /// Checks two edges; `is_same` means that their leaves certainly overlap.
    fn check_pair(&mut self, state: &State, one: usize, other: usize, is_same: bool) -> Result<(), BuildError> {
        self.pairs += 1;
        if self.pairs > PAIRS {
            return Err(BuildError::TooComplex("too many of its particles have to be compared with one another"));
        }
        let edge = |index: usize| state.edges.get(index).zip(state.actions.get(index));
        let (Some((one, action)), Some((other, other_action))) = (edge(one), edge(other)) else { return Ok(()) };
        let (first, second) = (one.leaf.min(other.leaf), one.leaf.max(other.leaf));
        let competes = first != second
            && (is_same || (self.labels.overlap)(one.leaf, other.leaf))
            && can_meet(&state.chain, self.counters, *action, *other_action);
        if competes { Err(BuildError::Ambiguity(Ambiguity { first, second })) } else { Ok(()) }
    }
}
