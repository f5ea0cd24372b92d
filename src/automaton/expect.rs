//! What a walk could go on with: for diagnostics, so clear rather than fast.

use std::collections::{HashSet, VecDeque};

use super::{Action, Automaton, LeafId, Memory, State, StateId, counter};

/// Steps that one search for a way to a leaf may take.
const SEARCH: usize = 4096;

/// Leaves that may be supposed on the way to a leaf.
const SUPPOSED: usize = 16;

/// A walk that a search has come to.
struct Found {
    state: StateId,
    memory: Vec<u32>,
    /// How it came here: the index of the walk before and the leaf supposed.
    from: Option<(usize, LeafId)>,
    distance: usize,
}

impl Automaton {
    /// The leaves that `advance` would take now, in document order, each once.
    pub(crate) fn allowed(&self, state: StateId, memory: &[u32]) -> Vec<LeafId> {
        let Some(at) = self.states.get(state.index()) else { return Vec::new() };
        let mut leaves: Vec<LeafId> = match &self.memory {
            Memory::Members(members) => members.absent(memory).map(|(leaf, _)| leaf).collect(),
            Memory::Nothing => at.edges.iter().map(|edge| edge.leaf).collect(),
            Memory::Values { counters, .. } => {
                at.open(|action| counter::may_step(counters, &at.chain, action, memory)).map(|(leaf, _)| leaf).collect()
            }
            Memory::Boxes { counters, levels } => at
                .open(|action| {
                    counter::boxes(*levels, memory).any(|one| counter::box_may_step(counters, &at.chain, action, one))
                })
                .map(|(leaf, _)| leaf)
                .collect(),
        };
        leaves.dedup();
        leaves
    }

    /// The leaves among `allowed` without one of which the content cannot go on to its end: what is missing when the
    /// content ends here. Optional leaves before them are left out. Empty where `accepts`.
    pub(crate) fn required(&self, state: StateId, memory: &[u32]) -> Vec<LeafId> {
        let Some(at) = self.states.get(state.index()) else { return Vec::new() };
        if self.accepts(state, memory) {
            return Vec::new();
        }
        let mut leaves = match &self.memory {
            Memory::Members(members) => members.missing(memory).collect(),
            Memory::Nothing => needed(at.open(|_| true)),
            Memory::Values { counters, .. } => {
                needed(at.open(|action| counter::may_step(counters, &at.chain, action, memory)))
            }
            Memory::Boxes { counters, levels } => counter::boxes(*levels, memory)
                .flat_map(|one| needed(at.open(|action| counter::box_may_step(counters, &at.chain, action, one))))
                .collect(),
        };
        leaves.sort_unstable();
        leaves.dedup();
        leaves
    }

    /// The fewest leaves to suppose before `leaf` becomes allowed, in order (empty: it is allowed now), or `None`
    /// where it is never allowed from here, or only behind more leaves than a bounded search supposes. `memory` (from
    /// `base` on) is moved past the supposed leaves and `leaf` itself; the state after `leaf` is returned with them.
    /// Where there is no way, memory is unchanged.
    pub(crate) fn skip_to(
        &self,
        state: StateId,
        leaf: LeafId,
        memory: &mut Vec<u32>,
        base: usize,
    ) -> Option<(Vec<LeafId>, StateId)> {
        let here = memory.get(base..)?.to_vec();
        let mut seen = HashSet::from([(state, here.clone())]);
        let mut walks = vec![Found { state, memory: here, from: None, distance: 0 }];
        let mut queue = VecDeque::from([0]);
        let mut steps = 0;
        while let Some(index) = queue.pop_front() {
            let walk = walks.get(index)?;
            let distance = walk.distance + 1;
            let mut after = walk.memory.clone();
            if let Some(target) = self.advance(walk.state, leaf, &mut after, 0) {
                memory.truncate(base);
                memory.extend_from_slice(&after);
                return Some((supposed(&walks, index), target));
            }
            if distance > SUPPOSED {
                continue;
            }
            for next in self.allowed(walk.state, &walk.memory) {
                steps += 1;
                if steps > SEARCH {
                    return None;
                }
                let walk = walks.get(index)?;
                let mut after = walk.memory.clone();
                let Some(target) = self.advance(walk.state, next, &mut after, 0) else { continue };
                if seen.insert((target, after.clone())) {
                    queue.push_back(walks.len());
                    walks.push(Found { state: target, memory: after, from: Some((index, next)), distance });
                }
            }
        }
        None
    }
}

impl State {
    /// The leaves of the edges whose conditions hold, in document order, with what the edges do.
    fn open(&self, holds: impl Fn(Action) -> bool) -> impl Iterator<Item = (LeafId, Action)> {
        let all = self.edges.iter().zip(self.actions.iter());
        all.filter(move |(_, action)| holds(**action)).map(|(edge, action)| (edge.leaf, *action))
    }
}

/// Of the open edges of one configuration, those that no other one passes over.
fn needed(open: impl Iterator<Item = (LeafId, Action)>) -> Vec<LeafId> {
    let open: Vec<_> = open.collect();
    let furthest = open.iter().map(|(_, action)| action.turn).max();
    open.iter().filter(|(_, action)| Some(action.turn) == furthest && action.needed).map(|(leaf, _)| *leaf).collect()
}

/// The leaves on the way to a walk.
fn supposed(walks: &[Found], mut index: usize) -> Vec<LeafId> {
    let mut leaves = Vec::new();
    while let Some((before, leaf)) = walks.get(index).and_then(|walk| walk.from) {
        leaves.push(leaf);
        index = before;
    }
    leaves.reverse();
    leaves
}
