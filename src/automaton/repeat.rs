//! Which children can occur again, for code that collects children by name.
//!
//! Counters are ignored: a repetition with one has the same edges as a repetition without, and only those matter here.

use std::collections::{HashMap, HashSet};

use super::{Automaton, LeafId, Memory};

/// Beyond this many steps the answer is "perhaps".
const STEPS: usize = 1 << 24;

impl Automaton {
    /// Whether content can hold two children whose leaves are `named`. May err on the side of `true`.
    pub(crate) fn may_repeat(&self, named: &dyn Fn(LeafId) -> bool) -> bool {
        if let Memory::Members(_) = self.memory {
            return false;
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

    /// Whether content may lack a child whose leaf is `named`. May err on the side of `true`.
    pub(crate) fn may_lack(&self, named: &dyn Fn(LeafId) -> bool) -> bool {
        if let Memory::Members(members) = &self.memory {
            return members.may_lack(named);
        }
        let mut reached = vec![false; self.states.len()];
        let mut open = vec![0];
        while let Some(index) = open.pop() {
            let (Some(seen), Some(state)) = (reached.get_mut(index), self.states.get(index)) else { continue };
            if state.accepting {
                return true;
            }
            if !std::mem::replace(seen, true) {
                open.extend(state.edges.iter().filter(|edge| !named(edge.leaf)).map(|edge| edge.target.index()));
            }
        }
        false
    }

    /// The names (as numbers) that content can hold two of in a row.
    pub(crate) fn repeating(&self, name: &dyn Fn(LeafId) -> u32) -> HashSet<u32> {
        let mut repeating = HashSet::new();
        if let Memory::Members(_) = self.memory {
            return repeating;
        }
        let mut leaves: HashMap<u32, HashSet<LeafId>> = HashMap::new();
        for edge in self.states.iter().flat_map(|state| &state.edges) {
            leaves.entry(name(edge.leaf)).or_default().insert(edge.leaf);
        }
        for edge in self.states.iter().flat_map(|state| &state.edges) {
            let name = name(edge.leaf);
            if let (Some(target), Some(leaves)) = (self.states.get(edge.target.index()), leaves.get(&name))
                && !repeating.contains(&name)
                && leaves.iter().any(|leaf| target.first_edge(*leaf).is_some())
            {
                repeating.insert(name);
            }
        }
        repeating
    }

    /// Whether content can hold two children of one name (as a number) with another name between them. May err on the
    /// side of `true`.
    pub(crate) fn may_interleave(&self, name: &dyn Fn(LeafId) -> u32) -> bool {
        !self.interleaving(name).is_empty()
    }

    /// The names that can be interleaved like this.
    pub(crate) fn interleaving(&self, name: &dyn Fn(LeafId) -> u32) -> HashSet<u32> {
        if let Memory::Members(_) = self.memory {
            return HashSet::new();
        }
        let edges = self.states.iter().flat_map(|state| &state.edges);
        let mut named: Vec<(u32, usize)> = edges.map(|edge| (name(edge.leaf), edge.target.index())).collect();
        let edges = named.len();
        named.sort_unstable();
        named.dedup();
        let on_cycles = self.near_cycles(name);
        // Two children whose edges lead to the same state need a cycle through it that is more than their own loop.
        let may_come_again = |targets: &&[(u32, usize)]| match targets {
            [(_, target)] => on_cycles.get(*target) == Some(&true),
            _ => true,
        };
        let groups = named.chunk_by(|(one, _), (other, _)| one == other).filter(may_come_again);
        let wanted: Vec<u32> = groups.filter_map(<[_]>::first).map(|(wanted, _)| *wanted).collect();
        if wanted.len().saturating_mul(edges) > STEPS {
            return wanted.into_iter().collect();
        }
        let comes_between = |wanted: &u32| !self.between(&|leaf| name(leaf) == *wanted).is_empty();
        wanted.into_iter().filter(comes_between).collect()
    }

    /// The leaves of the children that can come after a child whose leaf is `named`. May include more.
    #[cfg(feature = "generate")]
    pub(crate) fn following(&self, named: &dyn Fn(LeafId) -> bool) -> HashSet<LeafId> {
        if let Memory::Members(_) = self.memory {
            let edges = self.states.iter().flat_map(|state| &state.edges);
            return edges.map(|edge| edge.leaf).filter(|leaf| !named(*leaf)).collect();
        }
        let edges = self.states.iter().flat_map(|state| &state.edges);
        let targets = edges.filter(|edge| named(edge.leaf)).map(|edge| edge.target.index()).collect();
        let after = self.reach(targets);
        let reached = self.states.iter().zip(&after).filter(|(_, is_after)| **is_after).map(|(state, _)| state);
        reached.flat_map(|state| &state.edges).map(|edge| edge.leaf).collect()
    }

    /// The leaves of the children that can come between two children whose leaves are `named`, without those that are
    /// `named` themselves.
    pub(crate) fn between(&self, named: &dyn Fn(LeafId) -> bool) -> HashSet<LeafId> {
        let mut targets = Vec::new();
        for edge in self.states.iter().flat_map(|state| &state.edges) {
            if named(edge.leaf) {
                targets.push(edge.target.index());
            }
        }
        let after = self.reach(targets);
        let before = self.reaching(&|leaf| named(leaf));
        let mut between = HashSet::new();
        for (state, _) in self.states.iter().zip(&after).filter(|(_, is_after)| **is_after) {
            let others = state.edges.iter().filter(|edge| !named(edge.leaf));
            let leads_on = others.filter(|edge| before.get(edge.target.index()) == Some(&true));
            between.extend(leads_on.map(|edge| edge.leaf));
        }
        between
    }

    /// The states from which an edge whose leaf is `named` can be reached.
    fn reaching(&self, named: &dyn Fn(LeafId) -> bool) -> Vec<bool> {
        let mut into: Vec<Vec<usize>> = vec![Vec::new(); self.states.len()];
        let mut open = Vec::new();
        for (from, state) in (0..).zip(&self.states) {
            for edge in &state.edges {
                if let Some(sources) = into.get_mut(edge.target.index()) {
                    sources.push(from);
                }
            }
            if state.edges.iter().any(|edge| named(edge.leaf)) {
                open.push(from);
            }
        }
        let mut reaching = vec![false; self.states.len()];
        while let Some(index) = open.pop() {
            let (Some(seen), Some(sources)) = (reaching.get_mut(index), into.get(index)) else { continue };
            if !std::mem::replace(seen, true) {
                open.extend(sources);
            }
        }
        reaching
    }

    /// The states that are on a cycle, and those on a path from one cycle to another. A loop of one name does not count
    /// as a cycle: nothing comes between the children that it matches.
    fn near_cycles(&self, name: &dyn Fn(LeafId) -> u32) -> Vec<bool> {
        let mut edges: Vec<(usize, usize)> = Vec::new();
        for (from, state) in (0..).zip(&self.states) {
            let mut loops = state.edges.iter().filter(|edge| edge.target.index() == from).map(|edge| name(edge.leaf));
            let first = loops.next();
            let is_own_loop = loops.all(|other| Some(other) == first);
            let targets = state.edges.iter().map(|edge| edge.target.index());
            edges.extend(targets.filter(|to| !is_own_loop || *to != from).map(|to| (from, to)));
        }
        let mut left = vec![true; self.states.len()];
        trim(&mut edges, &mut left);
        edges.retain(|(from, to)| left.get(*from) == Some(&true) && left.get(*to) == Some(&true));
        edges.iter_mut().for_each(|(from, to)| std::mem::swap(from, to));
        trim(&mut edges, &mut left);
        left
    }

    /// The states reachable from some states, including those.
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

/// Removes the states without incoming edges, then those whose only incoming edges came from these, and so on.
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
        // (0 | 1)*: both are loops of one state.
        let choice = particle(0, many, Term::Choice(vec![leaf(0, 1, once), leaf(1, 1, once)]));
        assert!(interleaves(vec![choice], once, &[0, 1]));
    }

    #[test]
    fn a_counter_does_not_affect_its_neighbours() {
        let (once, some) = (Some(1), Some(5));
        let members = || vec![leaf(0, 1, once), leaf(1, 2, some), leaf(2, 0, once)];
        assert!(!interleaves(members(), once, &[0, 1, 2]));
        assert!(interleaves(members(), Some(2), &[0, 1, 2]));
        let labels = Labels { span: &|_| None, overlap: &|_, _| false };
        let whole = particle(1, once, Term::Sequence(members()));
        let automaton = Automaton::build(&whole, &labels).expect("a model that is deterministic");
        assert_eq!(automaton.repeating(&|leaf| leaf.0), HashSet::from([1]));
        assert!(automaton.may_repeat(&|leaf| leaf.0 == 1) && !automaton.may_repeat(&|leaf| leaf.0 == 2));
    }

    #[test]
    fn many_optional_members_do_not_interleave() {
        let members = (0..120).map(|number| leaf(number, 0, if number % 2 == 0 { Some(1) } else { None })).collect();
        let names: Vec<u32> = (0..120).collect();
        assert!(!interleaves(members, Some(1), &names));
    }

    #[test]
    fn states_between_two_cycles_stay() {
        let mut edges = [(0, 1), (1, 1), (1, 2), (2, 3), (3, 3), (3, 4)];
        let mut left = [true; 5];
        trim(&mut edges, &mut left);
        assert_eq!(left, [false, true, true, true, true]);
    }
}
