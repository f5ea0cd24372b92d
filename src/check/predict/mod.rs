//! Compares the next bytes with the tags that can come.
//!
//! The plain version is the walk: lex the next tag, resolve its name, look for the declaration, check against it. It
//! does everything and is slow. Prediction runs before it and handles what nearly all of nearly every document is made
//! of: the tags that can come are bytes in the table. One comparison decides name, well-formedness and place in the
//! model at once; an end tag needs no search, since only one is possible; an element with text is one step (start tag,
//! text, end tag) and one event. If anything differs from the prediction, however slightly, prediction declines before
//! it has changed anything, and the walk continues at the same byte. So prediction never has to be complete, only
//! right. It never reports.

mod attributes;
mod close;
mod leaf;

use super::events::{Event, Note};
use super::frame::{Details, Frame, Marks, Mode};
use super::machine::Machine;
use super::sink::Sink;
use super::table::{Check, Edge, Form, NONE, Rare, RuleOutcome, State};
use crate::automaton::{LeafId, StateId};
use crate::compiled::NamespaceId;
use crate::text::scan::text_end;
use crate::text::white_space::{skip_indent, skip_rare_white_space};

/// A start tag for which an edge was found.
#[derive(Clone, Copy)]
struct Tag {
    /// Where its name begins, and the offset after the name. (The edge tells where the local name begins in between,
    /// and `Machine::prefix` what the prefix is.)
    name: usize,
    after: usize,
}

impl Tag {
    /// The length of the prefix and its colon.
    #[inline(always)]
    fn prefix_length(self, edge: &Edge) -> u32 {
        (self.after - self.name) as u32 - edge.length
    }
}

/// An edge for a local name, the offset after the name, and the byte there.
type Found<'s> = (&'s Edge, usize, u8);

/// If a state has more edges than this, they are not simply searched in order.
const FEW: usize = 3;

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// The next event, if the prediction holds.
    #[inline(always)]
    pub(super) fn predict<const PLAIN: bool>(&mut self) -> Option<Event> {
        if self.frame.mode != Mode::Elements {
            return self.predict_between::<PLAIN>();
        }
        let mut at = skip_indent(self.bytes, self.at);
        if self.bytes.get(at) != Some(&b'<') {
            at = skip_rare_white_space(self.bytes, at);
            if self.bytes.get(at) != Some(&b'<') {
                return self.predict_end_of_document(at);
            }
        }
        self.predict_tag::<PLAIN>(at)
    }

    /// The next event, if the prediction holds, where text can come between the elements.
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
        if self.sink.events() && end > start {
            // The walk notes the text; prediction can take the tag after it.
            return None;
        }
        self.predict_tag::<PLAIN>(end)
    }

    /// Predicts the tag whose `<` is at `at`.
    #[inline(always)]
    fn predict_tag<const PLAIN: bool>(&mut self, at: usize) -> Option<Event> {
        let table = self.table;
        let state = &table.states[self.frame.state as usize];
        let name = at + 1;
        if *self.bytes.get(name)? == b'/' {
            return self.predict_end_tag::<PLAIN>(state, at);
        }
        let (edge, after, next) = self.find::<PLAIN>(state, name)?;
        if !PLAIN && self.is_tracking && self.is_touched(edge) {
            return None;
        }
        let tag = Tag { name, after };
        // The likeliest first, one by one: a table of all bytes is slower (bench `validate`).
        if next == b'>' {
            return if edge.bare { self.predict_bare::<PLAIN>(tag, edge) } else { None };
        }
        if next == b'/' {
            let is_predicted = edge.bare && self.bytes.get(after + 1) == Some(&b'>');
            return if is_predicted { self.predict_empty(tag, edge) } else { None };
        }
        self.predict_with_attributes::<PLAIN>(tag, edge)
    }

    /// Whether identity constraints need to know about an element.
    #[inline(never)]
    fn is_touched(&self, edge: &Edge) -> bool {
        edge.rare.has(Rare::TOUCHED) || self.scratch.identity.expects(self.depth as u32 + 1)
    }

    /// The edge for a name at `name`, with the prefix of the last tag or the one that is written there.
    #[inline(always)]
    fn find<const PLAIN: bool>(&mut self, state: &State, name: usize) -> Option<Found<'s>> {
        if PLAIN {
            return self.find_local(state, name, NamespaceId::NONE);
        }
        if self.prefix == 0
            && let Some(found) = self.find_local(state, name, self.namespace)
        {
            return Some(found);
        }
        if self.scratch.bound.is_empty() { None } else { self.find_prefixed(state, name) }
    }

    #[inline(never)]
    fn find_prefixed(&mut self, state: &State, name: usize) -> Option<Found<'s>> {
        let guess = self.scratch.bound.get(usize::from(self.prefix).wrapping_sub(1));
        if guess.is_none_or(|bound| !bound.pattern.is_at(self.bytes, name)) {
            self.prefix = self.bound_at(name);
        }
        let (local, namespace) = match self.scratch.bound.get(usize::from(self.prefix).wrapping_sub(1)) {
            Some(bound) => (name + bound.length as usize, bound.namespace),
            None => (name, self.namespace),
        };
        self.find_local(state, local, namespace)
    }

    /// The edge for a local name at `local`.
    #[inline(always)]
    fn find_local(&mut self, state: &State, local: usize, namespace: NamespaceId) -> Option<Found<'s>> {
        let edges = self.table.edges.get(state.first as usize..state.last as usize)?;
        if edges.len() > FEW {
            return self.find_among_many(edges, local, namespace);
        }
        for edge in edges {
            if let Some((after, next)) = self.after_name(edge, local, namespace) {
                return Some((edge, after, next));
            }
        }
        None
    }

    /// The edge for a local name at `local` if there are many edges: the one taken last in this state is tried first.
    #[inline(always)]
    fn find_among_many(&mut self, edges: &'s [Edge], local: usize, namespace: NamespaceId) -> Option<Found<'s>> {
        let state = self.frame.state as usize;
        if let Some(known) = self.scratch.last_edges.get(state)
            && let Some(edge) = edges.get(usize::from(*known))
            && let Some((after, next)) = self.after_name(edge, local, namespace)
        {
            return Some((edge, after, next));
        }
        for edge in edges {
            if let Some((after, next)) = self.after_name(edge, local, namespace) {
                self.remember(edges, edge);
                return Some((edge, after, next));
            }
        }
        None
    }

    #[inline(never)]
    fn remember(&mut self, edges: &[Edge], edge: &Edge) {
        let state = self.frame.state as usize;
        if self.scratch.last_edges.len() <= state {
            self.scratch.last_edges.resize(self.table.states.len(), 0);
        }
        if let Some(slot) = self.scratch.last_edges.get_mut(state) {
            // A state has fewer edges than that, or none at all.
            *slot = edges.first().map_or(0, |first| edge.index - first.index) as u8;
        }
    }

    /// The offset after the name of an edge and the byte there, if the name is at `local`.
    #[inline(always)]
    fn after_name(&self, edge: &Edge, local: usize, namespace: NamespaceId) -> Option<(usize, u8)> {
        if !edge.open.is_at(self.bytes, local) || edge.namespace != namespace {
            return None;
        }
        // The matched bytes may be just the start of a longer name. The byte after them decides.
        let after = local + edge.open.length as usize;
        let next = self.bytes.get(after).copied().unwrap_or_default();
        if next == b'>' || ends_name(next) {
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

    /// Predicts an element after `<name>`.
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
                let after = self.after_end_tag::<PLAIN>(edge, end, self.prefix)?;
                self.take_leaf(tag, edge, (start, end), after, 0, true)
            }
            Form::Empty => {
                let start = tag.after + 1;
                let after = self.after_end_tag::<PLAIN>(edge, start, self.prefix)?;
                self.take_leaf(tag, edge, (start, start), after, 0, true)
            }
            Form::Undecided => None,
        }
    }

    /// Predicts an element after `<name/>`.
    #[inline(always)]
    fn predict_empty(&mut self, tag: Tag, edge: &'s Edge) -> Option<Event> {
        match edge.form {
            Form::Text(Check::Anything | Check::Collapsed) | Form::Empty => {}
            Form::Anything { empty, .. } => self.admits(empty)?,
            Form::Elements { .. } | Form::Text(_) | Form::Undecided => return None,
        }
        self.take_leaf(tag, edge, (tag.after, tag.after), tag.after + 2, 0, true)
    }

    /// Whether an element passes its rules, as far as that is known before it is read.
    #[inline(always)]
    fn admits(&self, outcome: RuleOutcome) -> Option<()> {
        match outcome {
            RuleOutcome::Clean => Some(()),
            RuleOutcome::Warned => (!self.sink.warns()).then_some(()),
            RuleOutcome::Unknown => None,
        }
    }

    /// Opens an element with children. `after`: the offset after its start tag.
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
        if edge.rare.has(self.rare_when_late()) {
            self.scratch.seen.add_child(edge.name);
        }
        let position = if self.sink.trails() { self.enter_trail(self.written(tag), tag.name - 1) } else { 0 };
        self.note_child(edge, tag, position);
        self.put_open_around(state_after, facts_after);
        self.frame = Frame {
            facts: 0,
            tag: tag.name - 1,
            edge: edge.index,
            state,
            rules,
            details: NONE,
            mode: if mixed { Mode::Mixed } else { Mode::Elements },
            prefix: self.prefix,
            marks: Marks::default(),
        };
        if edge.rare.has(self.rare_for_reader()) {
            self.push_details(edge, tag);
        }
        self.at = after;
        if self.sink.events() {
            let last = self.scratch.attributes.len();
            self.note(Event::Start, edge, tag, (attributes, last), true);
        }
        Some(Event::Start)
    }

    /// Makes the place where texts for the rules of the element that just began are kept.
    #[inline(never)]
    fn push_details(&mut self, edge: &Edge, tag: Tag) {
        self.frame.details = self.scratch.details.len() as u32;
        let prefix_length = tag.prefix_length(edge);
        let details = Details {
            element: Some(edge.element),
            name: Some(edge.name),
            type_id: edge.type_id,
            name_length: prefix_length + edge.length,
            prefix_length,
            memory: self.scratch.memory.len() as u32,
            seen: self.scratch.seen.mark(),
            collected: 0,
            has_text: false,
        };
        self.scratch.details.push(details);
    }

    /// The mark of edges whose name and text are read at the end of the parent by the rules that are evaluated.
    #[inline(always)]
    fn rare_when_late(&self) -> Rare {
        if self.sink.warns() { Rare::LATE } else { Rare::LATE_FOR_ERRORS }
    }

    /// The mark of edges whose text sets facts about the parent.
    #[inline(always)]
    fn rare_when_read(&self) -> Rare {
        if self.sink.warns() { Rare::READ } else { Rare::READ_FOR_ERRORS }
    }

    /// The mark of edges to elements whose own rules read texts.
    #[inline(always)]
    fn rare_for_reader(&self) -> Rare {
        if self.sink.warns() { Rare::READER } else { Rare::READER_FOR_ERRORS }
    }

    /// The state of the open element after an edge, and its facts there; `None` if counters do not admit the edge.
    /// Called only when everything else about the edge is decided, since the counting cannot be undone.
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
    fn note_child(&mut self, edge: &Edge, tag: Tag, position: u32) {
        if self.sink.reports() {
            self.scratch.children.note(self.depth as u32, edge.leaf, tag.name - 1, position);
        }
    }

    /// The name in a tag, as written.
    #[inline(always)]
    fn written(&self, tag: Tag) -> &'a str {
        self.text.get(tag.name..tag.after).unwrap_or_default()
    }

    #[inline(always)]
    fn note(&mut self, event: Event, edge: &Edge, tag: Tag, (first, last): (usize, usize), normal: bool) {
        let prefix = tag.prefix_length(edge);
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

/// Whether a name ends before a byte.
#[inline(always)]
fn ends_name(next: u8) -> bool {
    matches!(next, b'>' | b' ' | b'/' | b'\n' | b'\r' | b'\t')
}
