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
        let edges = self.states.iter().flat_map(|state| &state.edges);
        let mut named: Vec<(u32, usize)> = edges.map(|edge| (name(edge.leaf), edge.target.index())).collect();
        let edges = named.len();
        named.sort_unstable();
        named.dedup();
        let of_one_name = || named.chunk_by(|(one, _), (other, _)| one == other);
        if of_one_name().count() * edges > STEPS {
            return true;
        }
        let on_cycles = self.near_cycles();
        // Two children whose edges lead to the same state need a cycle through it.
        let may_come_again = |targets: &&[(u32, usize)]| match targets {
            [(_, target)] => on_cycles.get(*target) == Some(&true),
            _ => true,
        };
        of_one_name().filter(may_come_again).filter_map(<[_]>::first).any(|(wanted, _)| {
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

    /// The states that are on a cycle, and those on a path from one cycle to another.
    fn near_cycles(&self) -> Vec<bool> {
        let mut edges: Vec<(usize, usize)> = Vec::new();
        for (from, state) in (0..).zip(&self.states) {
            edges.extend(state.edges.iter().map(|edge| (from, edge.target.index())));
        }
        let mut left = vec![true; self.states.len()];
        trim(&mut edges, &mut left);
        edges.retain(|(from, to)| left.get(*from) == Some(&true) && left.get(*to) == Some(&true));
        edges.iter_mut().for_each(|(from, to)| std::mem::swap(from, to));
        trim(&mut edges, &mut left);
        left
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

/// Takes away the states that no edge leads to, then those that only edges from these led to, and so on.
fn trim(edges: &mut [(usize, usize)], left: &mut [bool]) {
    edges.sort_unstable();
    let mut incoming = vec![0_usize; left.len()];
    for (_, to) in edges.iter() {
        if let Some(count) = incoming.get_mut(*to) {
            *count += 1;
        }
    }
    let mut open: Vec<usize> = (0..).zip(&incoming).filter(|(_, count)| **count == 0).map(|(state, _)| state).collect();
    while let Some(state) = open.pop() {
        if let Some(left) = left.get_mut(state) {
            *left = false;
        }
        let first = edges.partition_point(|(from, _)| *from < state);
        for (_, to) in edges.iter().skip(first).take_while(|(from, _)| *from == state) {
            let Some(count) = incoming.get_mut(*to) else { continue };
            *count -= 1;
            if *count == 0 {
                open.push(*to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automaton::{Labels, Particle, Term};

    fn particle(min: u32, max: Option<u32>, term: Term) -> Particle {
        Particle { min, max, term }
    }

    fn leaf(number: u32, min: u32, max: Option<u32>) -> Particle {
        particle(min, max, Term::Leaf(LeafId(number)))
    }

    /// Whether a sequence of particles may interleave, where the leaves have these names.
    fn interleaves(members: Vec<Particle>, max: Option<u32>, names: &[u32]) -> bool {
        let labels = Labels { span: &|_| None, overlap: &|_, _| false };
        let whole = particle(1, max, Term::Sequence(members));
        let automaton = Automaton::build(&whole, &labels).expect("a model that is deterministic");
        automaton.may_interleave(&|leaf| names[leaf.0 as usize])
    }

    #[test]
    fn a_name_comes_again_after_another_only_by_a_cycle_or_two_leaves() {
        let (once, many) = (Some(1), None);
        assert!(!interleaves(vec![leaf(0, 1, once), leaf(1, 0, many), leaf(2, 0, once)], once, &[0, 1, 2]));
        assert!(!interleaves(vec![leaf(0, 0, many), leaf(1, 0, once), leaf(2, 0, many)], once, &[0, 1, 2]));
        assert!(interleaves(vec![leaf(0, 1, once), leaf(1, 0, many), leaf(2, 0, once)], once, &[0, 1, 0]));
        assert!(interleaves(vec![leaf(0, 1, once), leaf(1, 0, once)], many, &[0, 1]));
        assert!(!interleaves(vec![leaf(0, 1, once), leaf(1, 0, once)], many, &[0, 0]));
    }

    #[test]
    fn what_is_between_two_cycles_stays() {
        let mut edges = [(0, 1), (1, 1), (1, 2), (2, 3), (3, 3), (3, 4)];
        let mut left = [true; 5];
        trim(&mut edges, &mut left);
        assert_eq!(left, [false, true, true, true, true]);
    }
}
