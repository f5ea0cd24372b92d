//! What can come again, for those who collect children of one name.

use super::{Automaton, LeafId, Memory, State};

/// Above this many steps the question is answered with "perhaps".
const STEPS: usize = 1 << 16;

impl Automaton {
    /// Whether a content can hold two children whose leaves are `named`. May say so where it cannot.
    pub(crate) fn may_repeat(&self, named: &dyn Fn(LeafId) -> bool) -> bool {
        match self.memory {
            Memory::Members(_) => return false,
            Memory::Nothing => {}
            _ => return true,
        }
        let mut starts = Vec::new();
        for edge in self.states.iter().flat_map(|state| &state.edges) {
            if named(edge.leaf) {
                starts.push(edge.target.index());
            }
        }
        let reached = self.reach(starts);
        let mut states = self.states.iter().zip(&reached).filter(|(_, reached)| **reached).map(|(state, _)| state);
        states.any(|state| state.edges.iter().any(|edge| named(edge.leaf)))
    }

    /// Whether a content can hold two children of one name (as a number) with another name between them. May say so
    /// where it cannot.
    pub(crate) fn may_interleave(&self, name: &dyn Fn(LeafId) -> u32) -> bool {
        match self.memory {
            Memory::Members(_) => return false,
            Memory::Nothing => {}
            _ => return true,
        }
        let mut names: Vec<u32> =
            self.states.iter().flat_map(|state| &state.edges).map(|edge| name(edge.leaf)).collect();
        let edges = names.len();
        names.sort_unstable();
        names.dedup();
        if names.len() * edges > STEPS {
            return true;
        }
        names.iter().any(|wanted| {
            let targets = |state: &State, of_name: bool| {
                let edges = state.edges.iter().filter(move |edge| (name(edge.leaf) == *wanted) == of_name);
                edges.map(|edge| edge.target.index()).collect::<Vec<_>>()
            };
            let behind = self.reach(self.states.iter().flat_map(|state| targets(state, true)).collect());
            let others = self.states.iter().zip(&behind).filter(|(_, reached)| **reached);
            let between = self.reach(others.flat_map(|(state, _)| targets(state, false)).collect());
            self.states.iter().zip(&between).any(|(state, reached)| *reached && !targets(state, true).is_empty())
        })
    }

    /// The states that can be reached from some, those included.
    fn reach(&self, mut open: Vec<usize>) -> Vec<bool> {
        let mut reached = vec![false; self.states.len()];
        while let Some(index) = open.pop() {
            let (Some(seen), Some(state)) = (reached.get_mut(index), self.states.get(index)) else { continue };
            if !std::mem::replace(seen, true) {
                open.extend(state.edges.iter().map(|edge| edge.target.index()));
            }
        }
        reached
    }
}
