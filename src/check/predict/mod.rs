//! The bytes that come, compared with the tags that may come.
//!
//! The plain version is the walk: lex the next tag, resolve its name, look for the declaration, check what it says. It
//! does everything and is slow. Before it comes this one, for what nearly all of nearly every document is made of: the
//! tags that may come are bytes in the table. One comparison settles name, well-formedness and place in the model at
//! once; an end tag needs no search, since only one is possible; an element with text is one step (tag, text, end tag)
//! and one event. Whatever is not as foreseen, however slightly, is declined before anything has changed, so that the
//! walk takes it from the same byte on: prediction never has to be complete, only right. It never reports.

mod attributes;
mod close;
mod leaf;

use super::events::{Event, Note};
use super::frame::{Details, Frame, Marks, Mode};
use super::machine::Machine;
use super::scratch::Child;
use super::sink::Sink;
use super::table::{Check, Edge, Form, Judgement, NONE, Rare, State};
use crate::automaton::{LeafId, StateId};
use crate::compiled::NamespaceId;
use crate::text::scan::text_end;
use crate::text::white_space::{skip_indent, skip_rare_white_space};

/// A start tag for which an edge was found.
#[derive(Clone, Copy)]
struct Tag {
    edge: u32,
    /// Where its name begins, its local name, and what is after that.
    name: usize,
    local: usize,
    after: usize,
    /// Its prefix: a place in `Scratch::bound`, from 1 on.
    prefix: u8,
}

/// An edge for a local name, the offset after the name, and the byte there.
type Found = (u32, usize, u8);

/// More edges than this are not searched in their order alone.
const FEW: usize = 3;

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// The next event, where it is as foreseen.
    #[inline(always)]
    pub(super) fn predict<const PLAIN: bool>(&mut self) -> Option<Event> {
        if self.frame.mode != Mode::Elements {
            return self.predict_between::<PLAIN>();
        }
        let mut at = skip_indent(self.bytes, self.at);
        if self.bytes.get(at) != Some(&b'<') {
            at = skip_rare_white_space(self.bytes, at);
        }
        self.predict_tag::<PLAIN>(at)
    }

    /// The same where text may come between the elements.
    #[inline(never)]
    fn predict_between<const PLAIN: bool>(&mut self) -> Option<Event> {
        if self.frame.mode != Mode::Mixed {
            return None;
        }
        let (start, end) = (self.at, text_end(self.bytes, self.at));
        match self.bytes.get(end..end + 2) {
            Some([b'<', b'!' | b'?']) | None => return None,
            Some([b'<', _]) => {}
            Some(_) => return None,
        }
        if S::EVENTS && end > start {
            // The walk notes the text, and prediction takes the tag after it.
            return None;
        }
        self.predict_tag::<PLAIN>(end)
    }

    #[inline(always)]
    fn predict_tag<const PLAIN: bool>(&mut self, at: usize) -> Option<Event> {
        let table = self.table;
        let Some(&[b'<', next]) = self.bytes.get(at..at + 2) else { return self.predict_end_of_document(at) };
        let state = &table.states[self.frame.state as usize];
        if next == b'/' {
            return self.predict_end_tag::<PLAIN>(state, at);
        }
        let (tag, next) = self.find::<PLAIN>(state, at + 1)?;
        let edge = &table.edges[tag.edge as usize];
        if !PLAIN && self.is_tracking && self.is_touched(edge) {
            return None;
        }
        match next {
            b'>' if edge.bare => self.predict_bare::<PLAIN>(tag, edge),
            b'/' if edge.bare && self.bytes.get(tag.after + 1) == Some(&b'>') => self.predict_empty::<PLAIN>(tag, edge),
            b' ' | b'\n' | b'\t' | b'\r' => self.predict_with_attributes::<PLAIN>(tag, edge),
            _ => None,
        }
    }

    /// Whether identity constraints ask for an element.
    #[inline(never)]
    fn is_touched(&self, edge: &Edge) -> bool {
        edge.rare.has(Rare::TOUCHED) || self.scratch.identity.expects(self.depth as u32 + 1)
    }

    /// The edge for a name at `name`, with the prefix that the last tag had, or the one that is there.
    #[inline(always)]
    fn find<const PLAIN: bool>(&mut self, state: &State, name: usize) -> Option<(Tag, u8)> {
        if PLAIN {
            let (edge, after, next) = self.find_local(state, name, NamespaceId::NONE)?;
            return Some((Tag { edge, name, local: name, after, prefix: 0 }, next));
        }
        if self.prefix == 0
            && let Some((edge, after, next)) = self.find_local(state, name, self.namespace)
        {
            return Some((Tag { edge, name, local: name, after, prefix: 0 }, next));
        }
        if self.scratch.bound.is_empty() { None } else { self.find_prefixed(state, name) }
    }

    #[inline(never)]
    fn find_prefixed(&mut self, state: &State, name: usize) -> Option<(Tag, u8)> {
        let guess = self.scratch.bound.get(usize::from(self.prefix).wrapping_sub(1));
        if guess.is_none_or(|bound| !bound.pattern.is_at(self.bytes, name)) {
            self.prefix = self.bound_at(name);
        }
        let (local, namespace) = match self.scratch.bound.get(usize::from(self.prefix).wrapping_sub(1)) {
            Some(bound) => (name + bound.length as usize, bound.namespace),
            None => (name, self.namespace),
        };
        let (edge, after, next) = self.find_local(state, local, namespace)?;
        Some((Tag { edge, name, local, after, prefix: self.prefix }, next))
    }

    /// The edge for a local name at `local`.
    #[inline(always)]
    fn find_local(&mut self, state: &State, local: usize, namespace: NamespaceId) -> Option<Found> {
        let edges = self.table.edges.get(state.first as usize..state.last as usize)?;
        if edges.len() > FEW {
            return self.find_among_many(state.first, edges, local, namespace);
        }
        for (index, edge) in (state.first..).zip(edges) {
            if let Some((after, next)) = self.after_name(edge, local, namespace) {
                return Some((index, after, next));
            }
        }
        None
    }

    /// The same where there are many edges: the one that was taken last in this state comes first.
    #[inline(always)]
    fn find_among_many(&mut self, first: u32, edges: &[Edge], local: usize, namespace: NamespaceId) -> Option<Found> {
        let state = self.frame.state as usize;
        if let Some(known) = self.scratch.last_edges.get(state)
            && let Some(edge) = edges.get(usize::from(*known))
            && let Some((after, next)) = self.after_name(edge, local, namespace)
        {
            return Some((first + u32::from(*known), after, next));
        }
        for (index, edge) in (0..).zip(edges) {
            if let Some((after, next)) = self.after_name(edge, local, namespace) {
                self.remember(index);
                return Some((first + index, after, next));
            }
        }
        None
    }

    #[inline(never)]
    fn remember(&mut self, index: u32) {
        let state = self.frame.state as usize;
        if self.scratch.last_edges.len() <= state {
            self.scratch.last_edges.resize(self.table.states.len(), 0);
        }
        if let Some(slot) = self.scratch.last_edges.get_mut(state) {
            *slot = index as u8; // a state has fewer edges than that, or none
        }
    }

    /// What is after the name of an edge at `local`, if that is there.
    #[inline(always)]
    fn after_name(&self, edge: &Edge, local: usize, namespace: NamespaceId) -> Option<(usize, u8)> {
        if !edge.open.is_at(self.bytes, local) || edge.namespace != namespace {
            return None;
        }
        // The same bytes may only begin a longer name: the byte after them decides. After what is but the beginning of
        // a name there is none.
        let after = local + edge.open.length as usize;
        let next = self.bytes.get(after).copied().unwrap_or_default();
        if ends_name(next) {
            return Some((after, next));
        }
        if edge.open.is_beginning() { self.after_long_name(edge, local) } else { None }
    }

    #[inline(never)]
    fn after_long_name(&self, edge: &Edge, local: usize) -> Option<(usize, u8)> {
        let name = self.schema.names.local(edge.name).as_bytes();
        let next = *self.bytes.get(local..)?.strip_prefix(name)?.first()?;
        ends_name(next).then_some((local + name.len(), next))
    }

    /// `<name>`.
    #[inline(always)]
    fn predict_bare<const PLAIN: bool>(&mut self, tag: Tag, edge: &'s Edge) -> Option<Event> {
        match edge.form {
            Form::Elements { start, rules, mixed } => {
                let attributes = self.scratch.attributes.len();
                self.push_elements(tag, edge, (start, rules, mixed), attributes, tag.after + 1)
            }
            Form::Text(check) => self.predict_leaf::<PLAIN>(tag, edge, check),
            Form::Anything { empty, text } => {
                let start = tag.after + 1;
                let end = text_end(self.bytes, start);
                self.admits(if end == start { empty } else { text })?;
                let after = self.after_end_tag::<PLAIN>(edge, end, tag.prefix)?;
                self.take_leaf(tag, edge, (start, end), after, 0, true)
            }
            Form::Empty => {
                let start = tag.after + 1;
                let after = self.after_end_tag::<PLAIN>(edge, start, tag.prefix)?;
                self.take_leaf(tag, edge, (start, start), after, 0, true)
            }
            Form::Undecided => None,
        }
    }

    /// `<name/>`.
    #[inline(always)]
    fn predict_empty<const PLAIN: bool>(&mut self, tag: Tag, edge: &'s Edge) -> Option<Event> {
        match edge.form {
            Form::Text(Check::Anything | Check::Collapsed) | Form::Empty => {}
            Form::Anything { empty, .. } => self.admits(empty)?,
            Form::Elements { .. } | Form::Text(_) | Form::Undecided => return None,
        }
        self.take_leaf(tag, edge, (tag.after, tag.after), tag.after + 2, 0, true)
    }

    /// Whether what the rules say once and for all lets an element pass.
    #[inline(always)]
    fn admits(&self, judgement: Judgement) -> Option<()> {
        match judgement {
            Judgement::Clean => Some(()),
            Judgement::Warned => (!S::WARNINGS).then_some(()),
            Judgement::Unknown => None,
        }
    }

    /// Opens an element with children; `after` its start tag.
    #[inline(always)]
    fn push_elements(
        &mut self,
        tag: Tag,
        edge: &'s Edge,
        (state, rules, mixed): (u32, u32, bool),
        attributes: usize,
        after: usize,
    ) -> Option<Event> {
        if self.depth >= self.limits.depth {
            return None;
        }
        let (state_after, facts_after) = self.after(edge)?;
        if edge.rare.has(Self::LATE) {
            self.scratch.seen.add_child(edge.name);
        }
        self.note_child(edge, tag);
        // The frame goes straight to its slot: written to its own place first and copied from there at once, it would
        // be waited for (bench `validate`).
        let Frame { tag: own_tag, edge: own, rules: judged, details, mode, prefix, marks, .. } = self.frame;
        let around = Frame {
            facts: facts_after,
            tag: own_tag,
            edge: own,
            state: state_after,
            rules: judged,
            details,
            mode,
            prefix,
            marks,
        };
        self.put_around(around);
        self.frame = Frame {
            facts: 0,
            tag: tag.name - 1,
            edge: tag.edge,
            state,
            rules,
            details: NONE,
            mode: if mixed { Mode::Mixed } else { Mode::Elements },
            prefix: tag.prefix,
            marks: Marks::default(),
        };
        if rules != NONE && self.rules().is_some_and(|rules| rules.needs(S::WARNINGS).late) {
            self.push_details(edge, tag);
        }
        self.at = after;
        if S::EVENTS {
            let last = self.scratch.attributes.len();
            self.note(Event::Start, edge, tag, (attributes, last), true);
        }
        Some(Event::Start)
    }

    /// The place where texts for the rules of the element that just began are kept.
    #[inline(never)]
    fn push_details(&mut self, edge: &Edge, tag: Tag) {
        self.frame.details = self.scratch.details.len() as u32;
        let details = Details {
            element: Some(edge.element),
            name: Some(edge.name),
            type_id: edge.type_id,
            name_length: (tag.local - tag.name) as u32 + edge.length,
            prefix_length: (tag.local - tag.name) as u32,
            memory: self.scratch.memory.len() as u32,
            seen: self.scratch.seen.mark(),
            collected: 0,
            has_text: false,
        };
        self.scratch.details.push(details);
    }

    /// What the rules that are evaluated read of a child when the parent ends.
    const LATE: Rare = if S::WARNINGS { Rare::LATE } else { Rare::LATE_FOR_ERRORS };

    /// The state of the open element after an edge, and what its rules know then; `None`: counters do not admit it. Only
    /// when all else about the edge is settled, since nothing takes the counting back.
    #[inline(always)]
    fn after(&mut self, edge: &Edge) -> Option<(u32, u64)> {
        if edge.rare.has(Rare::COUNTED.with(Rare::ORDERED)) {
            return self.after_rare(edge);
        }
        Some((edge.target, edge.sets.on(self.frame.facts)))
    }

    #[inline(never)]
    fn after_rare(&mut self, edge: &Edge) -> Option<(u32, u64)> {
        let target = if edge.rare.has(Rare::COUNTED) { self.count(edge)? } else { edge.target };
        let facts = self.frame.facts;
        Some((target, self.rules().map_or(facts, |rules| rules.observe(edge.name, facts))))
    }

    fn count(&mut self, edge: &Edge) -> Option<u32> {
        let state = self.table.states.get(self.frame.state as usize)?;
        let model = self.schema.models.get(state.model.index())?;
        let base = self.details().memory as usize;
        let from = StateId(self.frame.state - state.base);
        let next = model.automaton.advance(from, LeafId(edge.leaf), &mut self.scratch.memory, base)?;
        Some(state.base + next.0)
    }

    /// Remembers a child for a search among its siblings.
    #[inline(always)]
    fn note_child(&mut self, edge: &Edge, tag: Tag) {
        if S::REPORTS {
            let depth = self.depth as u32;
            self.scratch.children.push(Child { leaf: edge.leaf, depth, tag: tag.name - 1 });
        }
    }

    #[inline(always)]
    fn note(&mut self, event: Event, edge: &Edge, tag: Tag, (first, last): (usize, usize), normal: bool) {
        let prefix = (tag.local - tag.name) as u32;
        self.scratch.notes.push(Note {
            element: edge.element,
            type_id: edge.type_id,
            at: tag.name as u32,
            length: prefix + edge.length,
            prefix,
            first: first as u32,
            last: last as u32,
            event,
            nil: false,
            plain: true,
            normal,
        });
    }
}

/// Whether a name is over at a byte.
#[inline(always)]
fn ends_name(next: u8) -> bool {
    matches!(next, b'>' | b' ' | b'/' | b'\n' | b'\r' | b'\t')
}
