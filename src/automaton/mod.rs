//! Content models as small deterministic tables with counters.
//!
//! Ignorant of XML: a leaf is a number, and whether two leaves can match the same thing is asked of the caller.
//!
//! CONTRACT (skeleton): types below are shared by `xsd` (builds), `check` (runs).

/// A leaf of a content model: an index into the leaves that the owner of the model keeps, in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafId(pub u32);

/// A particle: a term and how often it may occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Particle {
    /// minOccurs.
    pub min: u32,
    /// maxOccurs; `None` is `unbounded`.
    pub max: Option<u32>,
    /// What occurs.
    pub term: Term,
}

/// The term of a particle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// An element declaration or a wildcard.
    Leaf(LeafId),
    /// `xs:sequence`.
    Sequence(Vec<Particle>),
    /// `xs:choice`.
    Choice(Vec<Particle>),
    /// `xs:all`: leaves only, each at most once.
    All(Vec<Particle>),
}

/// Two different leaves compete for the same child: the model breaks Unique Particle Attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ambiguity {
    /// The first of the two.
    pub first: LeafId,
    /// The second.
    pub second: LeafId,
}

/// Index of a state in its automaton. The start is state 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(pub u32);

/// A compiled content model.
///
/// A walk is a `StateId` and, where `is_plain` is false, some words of memory that the caller keeps on a stack:
/// `enter` pushes them onto `memory` (the caller remembers the length before as `base`, truncates to it when the
/// element ends), `advance` changes what stands at `memory[base..]`.
#[derive(Debug, Clone)]
pub struct Automaton {
    pub(crate) states: Vec<State>,
    // counters, `all` members...: private to this module
}

/// One state: its edges in document order, and whether a content may end here.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) edges: Vec<Edge>,
    /// For a plain automaton: whether the content may end here.
    pub(crate) accepting: bool,
}

/// One transition. In a plain automaton a state has at most one edge for a leaf.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    pub(crate) leaf: LeafId,
    pub(crate) target: StateId,
}

#[allow(clippy::todo, missing_docs, unused_variables)]
impl Automaton {
    /// Builds the table. `overlap` tells whether one child could match both of two different leaves.
    pub fn build(particle: &Particle, overlap: &dyn Fn(LeafId, LeafId) -> bool) -> Result<Automaton, Ambiguity> {
        todo!()
    }
    /// No counters, no `all`: the state alone is the whole walk, and `advance` is a look-up in its edges.
    pub fn is_plain(&self) -> bool {
        todo!()
    }
    pub const START: StateId = StateId(0);
    /// Starts a walk: pushes the words it needs (none where `is_plain`).
    pub fn enter(&self, memory: &mut Vec<u32>) {
        todo!()
    }
    /// The walk after a child that matches `leaf`, or `None` where it is not allowed (memory is then unchanged).
    pub fn advance(&self, state: StateId, leaf: LeafId, memory: &mut Vec<u32>, base: usize) -> Option<StateId> {
        todo!()
    }
    /// Whether the content may end here.
    pub fn accepts(&self, state: StateId, memory: &[u32]) -> bool {
        todo!()
    }
    /// The leaves that `advance` would take now, in document order, each once.
    pub fn allowed(&self, state: StateId, memory: &[u32]) -> Vec<LeafId> {
        todo!()
    }
    /// The leaves among `allowed` without one of which (or of those behind it) the content cannot go on to its end:
    /// what is missing when the content ends here. Empty where `accepts`.
    pub fn required(&self, state: StateId, memory: &[u32]) -> Vec<LeafId> {
        todo!()
    }
    /// The fewest leaves to suppose before `leaf` becomes allowed, in order (empty: it is allowed now), or `None`
    /// where it is never allowed from here. `memory` (from base on) is moved past the supposed leaves and `leaf` itself;
    /// the state after `leaf` is returned with them.
    pub fn skip_to(
        &self,
        state: StateId,
        leaf: LeafId,
        memory: &mut Vec<u32>,
        base: usize,
    ) -> Option<(Vec<LeafId>, StateId)> {
        todo!()
    }
}
