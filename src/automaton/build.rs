//! The expression becomes states and edges; conflicts between leaves are found on the way.

use std::cmp::Reverse;

use super::all::Members;
use super::counter::Counter;
use super::simplify::{Expression, simplify};
use super::{Action, Ambiguity, Automaton, BuildError, Edge, Labels, LeafId, Memory, Particle, State, StateId, Term};

/// Steps that building one table may take; each edge takes at least one.
const WORK: usize = 1 << 21;

/// Boxes that a walk may have to keep at once, as far as that can be told beforehand.
const BOXES: u64 = 256;

pub(super) fn build(particle: &Particle, labels: &Labels<'_>) -> Result<Automaton, BuildError> {
    if let Some((members, optional)) = whole_all(particle) {
        return build_all(members, optional, labels);
    }
    let mut builder = Builder::default();
    let root = builder.add(simplify(particle)?, None, 0, 0);
    builder.start(root)?;
    // `state_of` is called while edges are made, so the list of places grows under the loop.
    let mut done = 0;
    while let Some(place) = builder.places.get(done).copied() {
        builder.follow(place)?;
        done += 1;
    }
    builder.finish(labels)
}

/// The `xs:all` that is the whole content, if the particle is one.
fn whole_all(mut particle: &Particle) -> Option<(&[Particle], bool)> {
    let mut optional = false;
    loop {
        if particle.max != Some(1) {
            return None;
        }
        optional |= particle.min == 0;
        match &particle.term {
            Term::All(members) => return Some((members, optional)),
            Term::Sequence(members) | Term::Choice(members) if members.len() == 1 => particle = members.first()?,
            _ => return None,
        }
    }
}

fn build_all(members: &[Particle], optional: bool, labels: &Labels<'_>) -> Result<Automaton, BuildError> {
    let members = Members::new(members, optional)?;
    let edges = members.members.iter().map(|(leaf, _)| Edge { leaf: *leaf, target: Automaton::START }).collect();
    let action = Action { keep: 0, increment: false, turn: 0, needed: false };
    let actions = vec![action; members.members.len()];
    let state = State { edges, accepting: true, actions, chain: Vec::new() };
    conflict(&state, &[], labels)?;
    Ok(Automaton { states: vec![state], memory: Memory::Members(members) })
}

/// Index of a node of the expression.
type NodeIndex = usize;

/// The expression with links upward.
struct Node {
    shape: Shape,
    children: Vec<NodeIndex>,
    parent: Option<NodeIndex>,
    /// Index among the parent's children.
    position: usize,
    nullable: bool,
    /// How many counters are in force inside this node, its own included.
    counters: u32,
}

#[derive(Clone, Copy)]
enum Shape {
    Leaf(LeafId),
    Sequence,
    Choice,
    /// At most once.
    Optional,
    /// More than once, with a counter unless it is unbounded from 0 or 1.
    Loop(Option<u32>),
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    counters: Vec<Counter>,
    /// The states but the start: the nodes from which climbing starts, in the order of their numbers.
    places: Vec<NodeIndex>,
    /// By node: the state that starts climbing there.
    state_at: Vec<Option<StateId>>,
    states: Vec<State>,
    work: usize,
}

impl Builder {
    /// Adds a simplified expression (whose nesting is bounded) below `parent`.
    fn add(&mut self, expression: Expression, parent: Option<NodeIndex>, position: usize, counters: u32) -> NodeIndex {
        let index = self.nodes.len();
        let nullable = expression.is_nullable();
        let node = Node { shape: Shape::Choice, children: Vec::new(), parent, position, nullable, counters };
        self.nodes.push(node);
        self.state_at.push(None);
        let (shape, members) = match expression {
            Expression::Nothing => (Shape::Choice, Vec::new()),
            Expression::Empty => (Shape::Sequence, Vec::new()),
            Expression::Leaf(leaf) => (Shape::Leaf(leaf), Vec::new()),
            Expression::Sequence(members) => (Shape::Sequence, members),
            Expression::Choice(members) => (Shape::Choice, members),
            Expression::Repeat { max: Some(1), body, .. } => (Shape::Optional, vec![*body]),
            Expression::Repeat { min: 0 | 1, max: None, body } => (Shape::Loop(None), vec![*body]),
            Expression::Repeat { min, max, body } => {
                self.counters.push(Counter { min, max });
                (Shape::Loop(u32::try_from(self.counters.len() - 1).ok()), vec![*body])
            }
        };
        let counters = counters + u32::from(matches!(shape, Shape::Loop(Some(_))));
        let members = members.into_iter().enumerate();
        let children = members.map(|(position, member)| self.add(member, Some(index), position, counters)).collect();
        if let Some(node) = self.nodes.get_mut(index) {
            (node.shape, node.children, node.counters) = (shape, children, counters);
        }
        index
    }

    fn start(&mut self, root: NodeIndex) -> Result<(), BuildError> {
        let nullable = self.nodes[root].nullable;
        let mut state = State { edges: Vec::new(), accepting: nullable, actions: Vec::new(), chain: Vec::new() };
        self.enter(root, Action { keep: 0, increment: false, turn: 0, needed: true }, &mut state)?;
        self.states.push(state);
        Ok(())
    }

    /// The state behind a leaf: all leaves from which climbing finds the same share it.
    fn state_of(&mut self, leaf: NodeIndex) -> StateId {
        let mut place = leaf;
        while let Some(parent) = self.nodes[place].parent {
            let node = &self.nodes[place];
            let outer = &self.nodes[parent];
            let turns_here = match (node.shape, outer.shape) {
                (Shape::Loop(_), _) => true,
                (_, Shape::Sequence) => node.position + 1 < outer.children.len(),
                _ => false,
            };
            if turns_here {
                break;
            }
            place = parent;
        }
        *self.state_at[place].get_or_insert_with(|| {
            self.places.push(place);
            // The budget for work bounds the number of states far below this.
            StateId(u32::try_from(self.places.len()).unwrap_or(u32::MAX))
        })
    }

    /// Climbs from a place to the root and collects the edges of its state.
    fn follow(&mut self, place: NodeIndex) -> Result<(), BuildError> {
        let mut state = State { edges: Vec::new(), accepting: false, actions: Vec::new(), chain: self.chain_at(place) };
        let mut turn = 0;
        let mut at = place;
        loop {
            self.spend()?;
            let node = &self.nodes[at];
            if let (Shape::Loop(counter), Some(body)) = (node.shape, node.children.first().copied()) {
                turn += 1;
                let action = Action { keep: node.counters, increment: counter.is_some(), turn, needed: true };
                self.enter(body, action, &mut state)?;
            }
            let Some(parent) = self.nodes[at].parent else {
                state.accepting = true;
                break;
            };
            if matches!(self.nodes[parent].shape, Shape::Sequence) && !self.pass(parent, at, &mut turn, &mut state)? {
                break;
            }
            at = parent;
        }
        self.states.push(state);
        Ok(())
    }

    /// The members of a sequence behind the one at `at`; whether all of them may be absent.
    fn pass(
        &mut self,
        sequence: NodeIndex,
        at: NodeIndex,
        turn: &mut u32,
        state: &mut State,
    ) -> Result<bool, BuildError> {
        let keep = self.nodes[sequence].counters;
        let mut position = self.nodes[at].position + 1;
        while let Some(next) = self.nodes[sequence].children.get(position).copied() {
            *turn += 1;
            self.enter(next, Action { keep, increment: false, turn: *turn, needed: true }, state)?;
            if !self.nodes[next].nullable {
                return Ok(false);
            }
            position += 1;
        }
        Ok(true)
    }

    /// Adds an edge to every leaf that `node` may begin with.
    fn enter(&mut self, node: NodeIndex, action: Action, state: &mut State) -> Result<(), BuildError> {
        self.spend()?;
        let needed = action.needed && !self.nodes[node].nullable;
        let action = Action { needed, ..action };
        if let Shape::Leaf(leaf) = self.nodes[node].shape {
            state.edges.push(Edge { leaf, target: self.state_of(node) });
            state.actions.push(action);
            return Ok(());
        }
        let is_sequence = matches!(self.nodes[node].shape, Shape::Sequence);
        let mut position = 0;
        while let Some(child) = self.nodes[node].children.get(position).copied() {
            self.enter(child, action, state)?;
            if is_sequence && !self.nodes[child].nullable {
                break;
            }
            position += 1;
        }
        Ok(())
    }

    /// The counters in force at a place, outermost first.
    fn chain_at(&self, place: NodeIndex) -> Vec<u32> {
        let upward = std::iter::successors(Some(place), |at| self.nodes[*at].parent);
        let mut chain: Vec<u32> = upward
            .filter_map(|at| match self.nodes[at].shape {
                Shape::Loop(counter) => counter,
                _ => None,
            })
            .collect();
        chain.reverse();
        chain
    }

    fn spend(&mut self) -> Result<(), BuildError> {
        self.work += 1;
        if self.work > WORK { Err(BuildError::TooComplex("its table would have too many edges")) } else { Ok(()) }
    }

    fn finish(mut self, labels: &Labels<'_>) -> Result<Automaton, BuildError> {
        for state in &mut self.states {
            sort(state);
        }
        for state in &self.states {
            conflict(state, &self.counters, labels)?;
        }
        let counters = self.counters;
        let levels = self.states.iter().map(|state| state.chain.len()).max().unwrap_or(0);
        let spread = spread_counters(&self.states, &counters);
        let memory = if levels == 0 {
            Memory::Nothing
        } else if spread.contains(&true) {
            if self.states.iter().any(|state| most_boxes(&state.chain, &counters, &spread) > BOXES) {
                return Err(BuildError::TooComplex("its nested ranges can be counted in too many ways"));
            }
            Memory::Boxes { counters, levels }
        } else {
            Memory::Values { counters, levels }
        };
        Ok(Automaton { states: self.states, memory })
    }
}

/// Puts the edges into document order, each once. Of two that do the same the one that turned further out stays.
fn sort(state: &mut State) {
    let mut both: Vec<(Edge, Action)> = state.edges.drain(..).zip(state.actions.drain(..)).collect();
    both.sort_by_key(|(edge, action)| (edge.leaf, action.keep, action.increment, std::cmp::Reverse(action.turn)));
    both.dedup_by(|(edge, action), (kept_edge, kept)| {
        edge == kept_edge && action.keep == kept.keep && action.increment == kept.increment
    });
    (state.edges, state.actions) = both.into_iter().unzip();
}

/// Whether both edges of a state can be open at once. They cannot where one goes round a fixed number of times and the
/// other one leaves that repetition.
fn can_meet(chain: &[u32], counters: &[Counter], one: Action, other: Action) -> bool {
    let (outer, inner) = if one.keep <= other.keep { (one, other) } else { (other, one) };
    if outer.keep == inner.keep || !inner.increment {
        return true;
    }
    let looped = chain.get((inner.keep as usize).wrapping_sub(1)).and_then(|counter| counters.get(*counter as usize));
    looped.is_none_or(|counter| counter.max != Some(counter.min))
}

/// Unique Particle Attribution (part 1, section 3.8.6) in one state.
fn conflict(state: &State, counters: &[Counter], labels: &Labels<'_>) -> Result<(), BuildError> {
    let leaf_at = |index: usize| state.edges.get(index).map(|edge| edge.leaf);
    let check = |one: usize, other: usize, overlap: bool| {
        let (Some(first), Some(second)) = (leaf_at(one), leaf_at(other)) else { return Ok(()) };
        let (Some(one), Some(other)) = (state.actions.get(one), state.actions.get(other)) else { return Ok(()) };
        if overlap && first != second && can_meet(&state.chain, counters, *one, *other) {
            let (first, second) = (first.min(second), first.max(second));
            return Err(BuildError::Ambiguity(Ambiguity { first, second }));
        }
        Ok(())
    };
    let mut named: Vec<(u32, Reverse<u32>, usize)> = Vec::new();
    let mut others: Vec<usize> = Vec::new();
    for (index, edge) in state.edges.iter().enumerate() {
        match (labels.span)(edge.leaf) {
            Some(span) => named.push((span.start, Reverse(span.end), index)),
            None => others.push(index),
        }
    }
    named.sort_unstable();
    // Those that the one looked at is inside of.
    let mut around: Vec<(u32, u32, usize)> = Vec::new();
    for (start, Reverse(end), index) in named.iter().copied() {
        while around.last().is_some_and(|(_, end, _)| *end <= start) {
            around.pop();
        }
        for (outer_start, outer_end, outer) in around.iter().copied() {
            let is_one_name = outer_end - outer_start == 1;
            let overlap = is_one_name
                || leaf_at(outer).zip(leaf_at(index)).is_some_and(|(one, other)| (labels.overlap)(one, other));
            check(outer, index, overlap)?;
        }
        around.push((start, end, index));
    }
    for (position, other) in others.iter().enumerate() {
        let rest = others.iter().skip(position + 1).copied();
        for one in rest.chain(named.iter().map(|(.., index)| *index)) {
            let overlap = leaf_at(one).zip(leaf_at(*other)).is_some_and(|(one, other)| (labels.overlap)(one, other));
            check(one, *other, overlap)?;
        }
    }
    Ok(())
}

/// Which counters can have several values at once: those that two open edges to one leaf treat differently.
fn spread_counters(states: &[State], counters: &[Counter]) -> Vec<bool> {
    let mut spread = vec![false; counters.len()];
    for state in states {
        let mut start = 0;
        for same in state.edges.chunk_by(|one, other| one.leaf == other.leaf) {
            let actions = state.actions.get(start..start + same.len()).unwrap_or_default();
            start += same.len();
            let target = same.first().and_then(|edge| states.get(edge.target.index()));
            let chain = target.map(|state| state.chain.as_slice()).unwrap_or_default();
            for (position, one) in actions.iter().enumerate() {
                for other in actions.iter().skip(position + 1) {
                    if !can_meet(&state.chain, counters, *one, *other) {
                        continue;
                    }
                    let unchanged = |action: &Action| (action.keep - u32::from(action.increment)) as usize;
                    let from = unchanged(one).min(unchanged(other));
                    let to = one.keep.max(other.keep) as usize;
                    for counter in chain.get(from..to).unwrap_or_default() {
                        if let Some(mark) = spread.get_mut(*counter as usize) {
                            *mark = true;
                        }
                    }
                }
            }
        }
    }
    spread
}

/// A bound on the boxes in one state. Counters without a minimum or maximum keep their best value only; of the others
/// the one with the most values is an interval.
fn most_boxes(chain: &[u32], counters: &[Counter], spread: &[bool]) -> u64 {
    let ranges = chain.iter().filter(|counter| spread.get(**counter as usize) == Some(&true));
    let mut sizes: Vec<u64> = ranges
        .filter_map(|counter| counters.get(*counter as usize))
        .filter(|counter| counter.min > 1)
        .filter_map(|counter| counter.max)
        .map(u64::from)
        .collect();
    sizes.sort_unstable();
    sizes.pop();
    sizes.into_iter().fold(1, u64::saturating_mul)
}
