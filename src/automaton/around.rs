//! Which leaves content can hold before and after a leaf.

use super::{Automaton, Edge, LeafId, Memory};

/// A path is searched step by step, with the counters of each; this many edges are looked at in the time of one step.
const EDGES_PER_STEP: usize = 64;

/// The leaves that content can hold anywhere before a leaf, and anywhere after it.
pub(crate) struct Around {
    before: Vec<bool>,
    after: Vec<bool>,
}

impl Around {
    pub(crate) fn may_precede(&self, other: LeafId) -> bool {
        has(&self.before, other)
    }

    pub(crate) fn may_follow(&self, other: LeafId) -> bool {
        has(&self.after, other)
    }
}

fn has(leaves: &[bool], leaf: LeafId) -> bool {
    leaves.get(leaf.0 as usize) == Some(&true)
}

fn add(leaves: &mut [bool], leaf: LeafId) {
    if let Some(is_there) = leaves.get_mut(leaf.0 as usize) {
        *is_there = true;
    }
}

impl Automaton {
    /// The leaves around a leaf, by the edges alone: a counter limits how often there is another round, and a
    /// repetition that has a counter always allows a second one. The work is deducted from `steps`; `None` if there are
    /// too few.
    pub(crate) fn around(&self, leaf: LeafId, steps: &mut usize) -> Option<Around> {
        // Nothing is begun without steps: the work of a pass is only counted at its end.
        spend(steps, self.states.len())?;
        let mut before = vec![false; self.leaves()];
        let mut after = before.clone();
        if let Memory::Members(members) = &self.memory {
            for other in members.leaves().filter(|other| *other != leaf) {
                add(&mut before, other);
                add(&mut after, other);
            }
            return Some(Around { before, after });
        }
        let reached = self.after(leaf, steps)?;
        for (state, _) in self.states.iter().zip(reached).filter(|(_, is_reached)| *is_reached) {
            state.edges.iter().for_each(|edge| add(&mut after, edge.leaf));
        }
        let ahead = self.ahead(leaf, steps)?;
        for edge in self.states.iter().flat_map(|state| &state.edges) {
            if ahead.get(edge.target.index()) == Some(&true) {
                add(&mut before, edge.leaf);
            }
        }
        Some(Around { before, after })
    }

    /// The number of leaves, or of those up to the last one that an edge has.
    fn leaves(&self) -> usize {
        let members = match &self.memory {
            Memory::Members(members) => members.leaves().last(),
            _ => None,
        };
        let edges = self.states.iter().filter_map(|state| state.edges.last().map(|edge| edge.leaf));
        edges.chain(members).max().map_or(0, |last| last.0 as usize + 1)
    }

    /// The states that can be reached once a leaf has occurred.
    fn after(&self, leaf: LeafId, steps: &mut usize) -> Option<Vec<bool>> {
        let mut reached = vec![false; self.states.len()];
        let mut open: Vec<usize> = Vec::new();
        let mut reach = |state: usize, open: &mut Vec<usize>| {
            if let Some(reached @ false) = reached.get_mut(state) {
                *reached = true;
                open.push(state);
            }
        };
        let mut visited = self.states.len();
        for state in &self.states {
            state.edges_for(leaf).for_each(|(edge, _)| reach(edge.target.index(), &mut open));
        }
        while let Some(state) = open.pop().and_then(|index| self.states.get(index)) {
            visited += state.edges.len();
            state.edges.iter().for_each(|edge| reach(edge.target.index(), &mut open));
        }
        spend(steps, visited)?;
        Some(reached)
    }

    /// The states in which a leaf can still occur. Most edges lead to later states, so a few passes from the last state
    /// to the first find them.
    fn ahead(&self, leaf: LeafId, steps: &mut usize) -> Option<Vec<bool>> {
        let mut ahead = vec![false; self.states.len()];
        loop {
            let (mut is_complete, mut visited) = (true, self.states.len());
            for (index, state) in self.states.iter().enumerate().rev() {
                if ahead.get(index) == Some(&true) {
                    continue;
                }
                visited += state.edges.len();
                let leads = |edge: &Edge| edge.leaf == leaf || ahead.get(edge.target.index()) == Some(&true);
                if state.edges.iter().any(leads)
                    && let Some(is_ahead) = ahead.get_mut(index)
                {
                    (*is_ahead, is_complete) = (true, false);
                }
            }
            spend(steps, visited)?;
            if is_complete {
                return Some(ahead);
            }
        }
    }
}

/// Deducts the time for some edges from the steps left; `None` if there are too few.
fn spend(steps: &mut usize, edges: usize) -> Option<()> {
    *steps = steps.saturating_sub(1 + edges / EDGES_PER_STEP);
    (*steps > 0).then_some(())
}
