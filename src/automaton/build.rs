//! Turns the expression into states and edges.

use std::cmp::Reverse;

use super::all::Members;
use super::attribution::Attribution;
use super::counter::Counter;
use super::memory;
use super::simplify::{Expression, simplify};
use super::{Action, Automaton, BuildError, Edge, Labels, LeafId, Memory, Particle, State, StateId, Term};

/// The most steps that building one table may take; each edge takes at least one.
const WORK: usize = 1 << 21;

pub(super) fn build(particle: &Particle, labels: &Labels<'_>) -> Result<Automaton, BuildError> {
    if let Some((members, optional)) = whole_all(particle) {
        return build_all(members, optional, labels);
    }
    let mut builder = Builder::default();
    let root = builder.add(simplify(particle)?, None, 0, 0);
    builder.start(root)?;
    // `state_of` is called while edges are made, so the list of places grows during the loop.
    let mut done = 0;
    while let Some(place) = builder.places.get(done).copied() {
        builder.follow(place)?;
        done += 1;
    }
    builder.finish(labels)
}

/// The `xs:all` that is the whole content, if there is one.
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
    Attribution::new(&[], labels).check(&state)?;
    Ok(Automaton { states: vec![state], memory: Memory::Members(members) })
}

/// The index of a node of the expression.
type NodeIndex = usize;

/// A node of the expression, with a link to its parent.
struct Node {
    shape: Shape,
    children: Vec<NodeIndex>,
    parent: Option<NodeIndex>,
    /// The index among the parent's children.
    position: usize,
    nullable: bool,
    /// The number of counters in force inside this node, its own included.
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
    /// The states except the start: the nodes from which climbing starts, in the order of their numbers.
    places: Vec<NodeIndex>,
    /// For each node, the state that starts climbing there.
    state_at: Vec<Option<StateId>>,
    states: Vec<State>,
    /// The edges of the state in progress, with their actions.
    edges: Vec<(Edge, Action)>,
    work: usize,
}

impl Builder {
    /// Adds a simplified expression (whose nesting is bounded) under `parent`.
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
        self.enter(root, Action { keep: 0, increment: false, turn: 0, needed: true })?;
        self.add_state(self.nodes[root].nullable, Vec::new());
        Ok(())
    }

    /// The state after a leaf: all leaves from which climbing finds the same share it.
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
            // The work limit keeps the number of states far below this.
            StateId(u32::try_from(self.places.len()).unwrap_or(u32::MAX))
        })
    }

    /// Climbs from a place to the root and collects the edges of its state.
    fn follow(&mut self, place: NodeIndex) -> Result<(), BuildError> {
        let mut accepting = false;
        let mut turn = 0;
        let mut at = place;
        loop {
            self.spend()?;
            let node = &self.nodes[at];
            if let (Shape::Loop(counter), Some(body)) = (node.shape, node.children.first().copied()) {
                turn += 1;
                let action = Action { keep: node.counters, increment: counter.is_some(), turn, needed: true };
                self.enter(body, action)?;
            }
            let Some(parent) = self.nodes[at].parent else {
                accepting = true;
                break;
            };
            if matches!(self.nodes[parent].shape, Shape::Sequence) && !self.pass(parent, at, &mut turn)? {
                break;
            }
            at = parent;
        }
        let chain = self.chain_at(place);
        self.add_state(accepting, chain);
        Ok(())
    }

    /// Makes a state of the collected edges.
    fn add_state(&mut self, accepting: bool, chain: Vec<u32>) {
        sort(&mut self.edges);
        // Tables are kept, so their lists have no excess capacity.
        let edges = self.edges.iter().map(|(edge, _)| *edge).collect();
        let actions = self.edges.iter().map(|(_, action)| *action).collect();
        self.edges.clear();
        self.states.push(State { edges, accepting, actions, chain });
    }

    /// Passes the members of a sequence after the one at `at`; whether all of them may be absent.
    fn pass(&mut self, sequence: NodeIndex, at: NodeIndex, turn: &mut u32) -> Result<bool, BuildError> {
        let keep = self.nodes[sequence].counters;
        let mut position = self.nodes[at].position + 1;
        while let Some(next) = self.nodes[sequence].children.get(position).copied() {
            *turn += 1;
            self.enter(next, Action { keep, increment: false, turn: *turn, needed: true })?;
            if !self.nodes[next].nullable {
                return Ok(false);
            }
            position += 1;
        }
        Ok(true)
    }

    /// Adds an edge to every leaf that can begin `node`.
    fn enter(&mut self, node: NodeIndex, action: Action) -> Result<(), BuildError> {
        self.spend()?;
        let needed = action.needed && !self.nodes[node].nullable;
        let action = Action { needed, ..action };
        if let Shape::Leaf(leaf) = self.nodes[node].shape {
            let target = self.state_of(node);
            self.edges.push((Edge { leaf, target }, action));
            return Ok(());
        }
        let is_sequence = matches!(self.nodes[node].shape, Shape::Sequence);
        let mut position = 0;
        while let Some(child) = self.nodes[node].children.get(position).copied() {
            self.enter(child, action)?;
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

    fn finish(self, labels: &Labels<'_>) -> Result<Automaton, BuildError> {
        let mut attribution = Attribution::new(&self.counters, labels);
        self.states.iter().try_for_each(|state| attribution.check(state))?;
        let memory = memory::of(&self.states, self.counters)?;
        Ok(Automaton { states: self.states, memory })
    }
}

/// Puts the edges into document order, each once. Of two that do the same, the one that turned further out stays.
fn sort(edges: &mut Vec<(Edge, Action)>) {
    // They are found in this order, except those that lead back.
    if edges.is_sorted_by(|(one, _), (next, _)| one.leaf < next.leaf) {
        return;
    }
    edges.sort_by_key(|(edge, action)| (edge.leaf, action.keep, action.increment, Reverse(action.turn)));
    edges.dedup_by(|(edge, action), (kept_edge, kept)| {
        edge == kept_edge && action.keep == kept.keep && action.increment == kept.increment
    });
}
