//! Content models as small deterministic tables with counters.
//!
//! Independent of XML: a leaf is a number, and the caller says whether two leaves can match the same child.
//!
//! # How a content model becomes a table
//!
//! **The plain version** is Glushkov's construction. Number the leaves of the particle; the states are "nothing read
//! yet" and one "just read leaf *n*" for each leaf; an edge leads to every leaf that may come next. Those are found by
//! climbing from the leaf to the root of the particle: in a sequence, the following members up to the first required
//! one; in a repetition, the first leaves of its own body again. If climbing reaches the root, the content may end
//! here. Since the Recommendation requires that every child belongs to one leaf without looking ahead (Unique Particle
//! Attribution, part 1, section 3.8.6), such a table is deterministic: two edges whose leaves overlap are a fault of
//! the schema.
//!
//! **One state for leaves with the same future.** Every leaf of a choice is followed by what follows the choice. So a
//! state is not a leaf but the place where climbing starts to find something: a choice of *n* members repeated without
//! bound has 2 states and 2 *n* edges, not *n*² edges.
//!
//! **Counters.** The plain version can write `a{2,5}` only as `a a a? a? a?`, and `maxOccurs="1000000"` as a million
//! states. So a repetition that is neither optional, nor once, nor unbounded from 0 or 1 gets a counter. A loop edge
//! requires the counter to be below the maximum and increments it; an edge that leaves the repetition requires the
//! minimum to be reached; an edge that enters it sets 1. Repetitions nest, so the counters in force in a state form a
//! chain, outermost first, and every edge does the same simple thing: it keeps an outer part of the chain, may
//! increment the last counter kept, and sets the rest to 1. That is the whole instruction (`Action`).
//!
//! **A repetition that may be empty has no minimum**: `(a?){3,5}` is `(a?){0,5}`.
//!
//! **Fewer counters.** `(a{2,3}){2}` is `a{4,6}`; `(a{0,2000}){0,2000}` is `a{0,4000000}`; `(a{1,5} | b)*` is
//! `(a | b)*`. Such rewriting (`simplify`) leaves most real models plain.
//!
//! **Several configurations.** Attribution is unique, counting is not: in `(a{2,3}, b?){2}` the fourth `a` is the first
//! of the second round or, after two and two, already outside. The leaf is the same, the counters differ. Where that
//! can happen (which is known when the table is built) the walk keeps a set of *boxes*, an interval for each counter;
//! all three things an edge does turn a box into a box. Boxes are merged if the union is a box, or if one allows all
//! that the other does: without a minimum the lower count is the better one, without a maximum the higher. A model
//! whose sets could still grow beyond a few hundred boxes is refused ([`BuildError::TooComplex`]).
//!
//! **`all`** needs none of this: one bit for each member.
//!
//! A walk needs no memory in a plain automaton, one word for each level of counters, `2 * levels` words for each box in
//! the rare case, and one bit for each member of `all`.

mod all;
mod around;
mod attribution;
mod build;
mod counter;
mod expect;
mod memory;
mod repeat;
mod simplify;
#[cfg(test)]
mod tests;

use std::ops::Range;

use all::Members;
use counter::Counter;
pub(crate) use expect::{Shortage, Skipped};

/// A leaf of a content model: an index into the leaves that the owner of the model keeps in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LeafId(pub u32);

/// A particle: a term and how often it may occur.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Particle {
    /// minOccurs.
    pub min: u32,
    /// maxOccurs; `None` is `unbounded`.
    pub max: Option<u32>,
    /// What occurs.
    pub term: Term,
}

/// The term of a particle.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Term {
    /// An element declaration or a wildcard.
    Leaf(LeafId),
    /// `xs:sequence`.
    Sequence(Vec<Particle>),
    /// `xs:choice`. Without members it matches nothing, not even empty content.
    Choice(Vec<Particle>),
    /// `xs:all`: leaves only, each at most once; allowed only as the whole content.
    All(Vec<Particle>),
}

/// Two different leaves compete for the same child: the model breaks Unique Particle Attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ambiguity {
    /// The first of the two, in document order.
    pub first: LeafId,
    /// The second.
    pub second: LeafId,
}

/// Why there is no automaton for a particle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BuildError {
    /// The model is not deterministic.
    Ambiguity(Ambiguity),
    /// The table, or the memory of a walk, would be too large; the reason in words.
    TooComplex(&'static str),
}

/// What the leaves match, to find competing ones.
pub(crate) struct Labels<'a> {
    /// The numbers of the names that a leaf matches, if it matches a span of them: two such spans are disjoint or
    /// nested. `None` for all other leaves, for which `overlap` is called.
    pub span: &'a dyn Fn(LeafId) -> Option<Range<u32>>,
    /// Whether one child could match both of two different leaves; called only if spans of more than one number meet,
    /// or there is no span.
    pub overlap: &'a dyn Fn(LeafId, LeafId) -> bool,
}

/// The index of a state in its automaton. The start is state 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StateId(pub u32);

impl StateId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// A compiled content model.
///
/// A walk is a `StateId` and, if `is_plain` is false, some words of memory that the caller keeps on a stack: `enter`
/// pushes them onto `memory` (the caller remembers the previous length as `base`, and truncates to it when the element
/// ends), `advance` changes what is from `base` on. Methods that only look take just that part, `&memory[base..]`.
#[derive(Debug, Clone)]
pub(crate) struct Automaton {
    pub(crate) states: Vec<State>,
    memory: Memory,
}

/// What a walk remembers besides its state.
#[derive(Debug, Clone)]
enum Memory {
    /// Nothing.
    Nothing,
    /// One value for each level of counters.
    Values { counters: Vec<Counter>, levels: usize },
    /// A set of boxes: one word with their number, then for each box a pair of words per level of counters.
    Boxes { counters: Vec<Counter>, levels: usize },
    /// The members of `all` that have occurred.
    Members(Members),
}

/// One state: its edges in document order, and whether a content may end here.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) edges: Vec<Edge>,
    /// For a plain automaton: whether the content may end here. With counters, all those in force must also have
    /// reached their minimum.
    pub(crate) accepting: bool,
    /// For each edge, what it does to the counters.
    actions: Vec<Action>,
    /// The counters in force, outermost first: indices into the table of counters.
    chain: Vec<u32>,
}

/// One transition. In a plain automaton a state has at most one edge for a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) leaf: LeafId,
    pub(crate) target: StateId,
}

/// What an edge requires of the counters and does to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Action {
    /// This many counters of the chain, from the outside, stay as they are; those after them must have reached their
    /// minimum. Any further counters in the target's chain are set to 1.
    keep: u32,
    /// The last counter kept is incremented and must be below its maximum.
    increment: bool,
    /// How far out the climb turned: an edge that turned further out passes over what the nearer ones offer.
    turn: u32,
    /// The leaf is required in the part of the particle that this edge enters.
    needed: bool,
}

impl Automaton {
    /// The state where every walk begins.
    pub(crate) const START: StateId = StateId(0);

    /// Builds the table. The particle's `min` must not exceed its `max` anywhere.
    ///
    /// # Errors
    ///
    /// Two leaves that compete for one child, or a table that would be too large.
    pub(crate) fn build(particle: &Particle, labels: &Labels<'_>) -> Result<Automaton, BuildError> {
        build::build(particle, labels)
    }

    /// Whether children come in any order (`xs:all`).
    #[cfg(feature = "generate")]
    pub(crate) fn is_unordered(&self) -> bool {
        matches!(self.memory, Memory::Members(_))
    }

    /// Whether there are no counters and no `all`: the state alone is the whole walk, and `advance` is a lookup in its
    /// edges.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.memory, Memory::Nothing)
    }

    /// The number of edges, which is the size of the table.
    pub(crate) fn size(&self) -> usize {
        self.states.iter().map(|state| state.edges.len()).sum()
    }

    /// Starts a walk: pushes the words it needs (none if `is_plain`).
    pub(crate) fn enter(&self, memory: &mut Vec<u32>) {
        match &self.memory {
            Memory::Nothing => {}
            Memory::Values { levels, .. } => memory.resize(memory.len() + levels, 0),
            Memory::Boxes { levels, .. } => {
                memory.push(1);
                memory.resize(memory.len() + 2 * levels, 0);
            }
            Memory::Members(members) => members.enter(memory),
        }
    }

    /// The walk after a child that matches `leaf`, or `None` if it is not allowed (memory is then unchanged).
    pub(crate) fn advance(&self, state: StateId, leaf: LeafId, memory: &mut Vec<u32>, base: usize) -> Option<StateId> {
        let from = self.states.get(state.index())?;
        match &self.memory {
            Memory::Nothing => from.first_edge(leaf).and_then(|edge| from.edges.get(edge)).map(|edge| edge.target),
            Memory::Values { counters, .. } => {
                let values = memory.get_mut(base..)?;
                from.edges_for(leaf).find_map(|(edge, action)| {
                    let entered = self.states.get(edge.target.index())?.chain.len();
                    counter::step_values(counters, &from.chain, entered, action, values).then_some(edge.target)
                })
            }
            Memory::Boxes { counters, levels } => {
                let target = from.first_edge(leaf).and_then(|edge| from.edges.get(edge))?.target;
                let entered = &self.states.get(target.index())?.chain;
                let actions = from.edges_for(leaf).map(|(_, action)| action);
                counter::step_boxes(counters, *levels, &from.chain, entered, actions, memory, base).then_some(target)
            }
            Memory::Members(members) => members.advance(leaf, memory.get_mut(base..)?).then_some(state),
        }
    }

    /// Whether the content may end here.
    pub(crate) fn accepts(&self, state: StateId, memory: &[u32]) -> bool {
        let Some(at) = self.states.get(state.index()) else { return false };
        match &self.memory {
            Memory::Nothing => at.accepting,
            Memory::Values { counters, .. } => at.accepting && counter::values_complete(counters, &at.chain, memory),
            Memory::Boxes { counters, levels } => {
                at.accepting && counter::boxes(*levels, memory).any(|b| counter::box_complete(counters, &at.chain, b))
            }
            Memory::Members(members) => members.accepts(memory),
        }
    }
}

impl State {
    /// The index of the first edge for `leaf` (edges are sorted by leaf).
    fn first_edge(&self, leaf: LeafId) -> Option<usize> {
        let at = self.edges.partition_point(|edge| edge.leaf < leaf);
        (self.edges.get(at)?.leaf == leaf).then_some(at)
    }

    /// All edges for `leaf` with their actions.
    fn edges_for(&self, leaf: LeafId) -> impl Iterator<Item = (Edge, Action)> {
        let first = self.edges.partition_point(|edge| edge.leaf < leaf);
        let all = self.edges.iter().copied().zip(self.actions.iter().copied());
        all.skip(first).take_while(move |(edge, _)| edge.leaf == leaf)
    }
}
