//! How a walk could continue: for diagnostics, so clear rather than fast.

use std::collections::{HashSet, VecDeque};

use super::{Action, Automaton, LeafId, Memory, State, StateId, counter};

/// The most steps that one search for a path to a leaf may take.
const SEARCH: usize = 4096;

/// The most leaves that may be assumed on the path to a leaf.
const SUPPOSED: usize = 16;

/// A walk that a search has reached.
struct Found {
    state: StateId,
    memory: Vec<u32>,
    /// How the search got here: the index of the previous walk, the leaf assumed, and how often.
    from: Option<(usize, LeafId, u32)>,
    distance: usize,
}

/// A path to a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) leaf: LeafId,
    /// The leaves to assume before it, in order, and how often each.
    pub(crate) missing: Vec<(LeafId, u32)>,
    /// The walk after it.
    pub(crate) state: StateId,
    pub(crate) memory: Vec<u32>,
}

/// A leaf that has not occurred as often as required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Shortage {
    pub(crate) found: u32,
    pub(crate) least: u32,
}

impl Automaton {
    /// The leaves that `advance` would accept now, in document order, each once.
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

    /// The leaves among `allowed` of which one is needed for the content to be completed: what is missing if the
    /// content ends here, in order. Optional leaves before them are left out. Empty if `accepts`.
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

    /// How often a leaf has occurred in a row and how often it must at least, if a counter counts it alone, it may
    /// occur now, and it must.
    pub(crate) fn shortage(&self, state: StateId, leaf: LeafId, memory: &[u32]) -> Option<Shortage> {
        let mut after = memory.to_vec();
        let target = self.advance(state, leaf, &mut after, 0)?;
        let (level, least) = self.counts_alone(target, leaf)?;
        let found = after.get(level)?.checked_sub(1)?;
        (found < least).then_some(Shortage { found, least })
    }

    /// The counter that counts a leaf and nothing else, after that leaf: its level in the walk's memory, and its minimum.
    fn counts_alone(&self, after: StateId, leaf: LeafId) -> Option<(usize, u32)> {
        let Memory::Values { counters, .. } = &self.memory else { return None };
        let at = self.states.get(after.index())?;
        let level = at.chain.len().checked_sub(1)?;
        let counter = counters.get(*at.chain.get(level)? as usize).filter(|counter| counter.min > 1)?;
        let is_loop = |(edge, action): (super::Edge, Action)| {
            edge.target == after && action.increment && action.keep as usize == level + 1
        };
        at.edges_for(leaf).any(is_loop).then_some((level, counter.min))
    }

    /// The walk after a leaf that is assumed to occur, as often as it must.
    pub(crate) fn suppose(&self, state: StateId, leaf: LeafId, memory: &mut Vec<u32>) -> Option<StateId> {
        let target = self.advance(state, leaf, memory, 0)?;
        self.complete(target, leaf, memory);
        Some(target)
    }

    /// After a leaf, assumes as many more of it as are required; returns how many.
    fn complete(&self, after: StateId, leaf: LeafId, memory: &mut [u32]) -> u32 {
        let Some((level, least)) = self.counts_alone(after, leaf) else { return 0 };
        let Some(value) = memory.get_mut(level) else { return 0 };
        let more = least.saturating_sub(*value);
        *value += more;
        more
    }

    /// The first of some leaves, in document order, that `advance` would accept now, and the walk after it.
    pub(crate) fn first_of(
        &self,
        state: StateId,
        leaves: &[LeafId],
        memory: &[u32],
    ) -> Option<(LeafId, StateId, Vec<u32>)> {
        let edges = &self.states.get(state.index())?.edges;
        let is_asked = |leaf: &LeafId| leaves.binary_search(leaf).is_ok();
        let mut few = Vec::new();
        if edges.len() < leaves.len() {
            few.extend(edges.iter().map(|edge| edge.leaf).filter(is_asked));
            few.dedup();
        }
        let possible = if edges.len() < leaves.len() { &few } else { leaves };
        possible.iter().find_map(|&leaf| {
            let mut after = memory.to_vec();
            self.advance(state, leaf, &mut after, 0).map(|target| (leaf, target, after))
        })
    }

    /// The fewest leaves to assume before one of `leaves` becomes allowed, where a leaf required several times counts
    /// once; `None` if none is ever allowed from here, or only after more leaves than a bounded search assumes. Among
    /// equally near ones, the first in document order, which is the order of `leaves`. The steps of the search are
    /// deducted from `steps`.
    pub(crate) fn skip_to(
        &self,
        state: StateId,
        leaves: &[LeafId],
        memory: &[u32],
        steps: &mut usize,
    ) -> Option<Skipped> {
        let mut seen = HashSet::from([(state, memory.to_vec())]);
        let mut walks = vec![Found { state, memory: memory.to_vec(), from: None, distance: 0 }];
        let mut queue = VecDeque::from([0]);
        let mut most = SEARCH;
        let mut nearest: Option<(usize, Skipped)> = None;
        while let Some(index) = queue.pop_front() {
            let walk = walks.get(index)?;
            let distance = walk.distance + 1;
            if nearest.as_ref().is_some_and(|(nearest, _)| *nearest < distance) {
                break; // in order of distance
            }
            if let Some((leaf, target, after)) = self.first_of(walk.state, leaves, &walk.memory)
                && nearest.as_ref().is_none_or(|(_, known)| leaf < known.leaf)
            {
                let skipped = Skipped { leaf, missing: supposed(&walks, index), state: target, memory: after };
                nearest = Some((distance, skipped));
            }
            if nearest.is_some() || distance > SUPPOSED {
                continue;
            }
            for next in self.allowed(walk.state, &walk.memory) {
                (most, *steps) = (most.saturating_sub(1), steps.saturating_sub(1));
                if most == 0 || *steps == 0 {
                    return None;
                }
                let walk = walks.get(index)?;
                let mut after = walk.memory.clone();
                let Some(target) = self.advance(walk.state, next, &mut after, 0) else { continue };
                let mut complete = after.clone();
                let completed = match self.complete(target, next, &mut complete) {
                    0 => None,
                    more => Some((complete, 1 + more)),
                };
                for (memory, times) in [(after, 1)].into_iter().chain(completed) {
                    if seen.insert((target, memory.clone())) {
                        queue.push_back(walks.len());
                        walks.push(Found { state: target, memory, from: Some((index, next, times)), distance });
                    }
                }
            }
        }
        nearest.map(|(_, skipped)| skipped)
    }
}

impl State {
    /// The leaves of the edges whose conditions hold, in document order, with the actions of the edges.
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

/// The leaves assumed on the path to a walk.
fn supposed(walks: &[Found], mut index: usize) -> Vec<(LeafId, u32)> {
    let mut leaves = Vec::new();
    while let Some((before, leaf, times)) = walks.get(index).and_then(|walk| walk.from) {
        leaves.push((leaf, times));
        index = before;
    }
    leaves.reverse();
    leaves
}
