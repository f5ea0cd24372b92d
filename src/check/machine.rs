//! The state of a walk: its position in the document, the open elements, and the sink of events and errors.
//!
//! Both `predict` and `walk` advance it, on the same frames and the same table.

use std::mem::ManuallyDrop;

use super::document::Document;
use super::events::{Attribute, Event, Note, Text};
use super::explanation::Explanation;
use super::frame::{Details, Frame, Marks, Mode};
use super::pieces::Pieces;
use super::scratch::Scratch;
use super::sink::Sink;
use super::table::{NONE, RuleTable, Table};
use crate::Limits;
use crate::compiled::{Compiled, ElementId, Model, NameId, NamespaceId};
use crate::rules::Numbers;
use crate::text::scan::tag_name_end;
use crate::xml::{Scopes, lex};

/// The walk ends before the document does: the document is invalid, not well-formed or over a limit, and the sink takes
/// no more errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop;

impl From<crate::xml::Fault> for Stop {
    #[cold]
    fn from(_: crate::xml::Fault) -> Stop {
        Stop
    }
}

/// A namespace that no schema names.
pub(super) const FOREIGN: NamespaceId = NamespaceId(u32::MAX);

/// The most prefixes in scope that are searched linearly, the latest first. The number of each fits in a `u8`.
pub(super) const MOST_BOUND: usize = u8::MAX as usize;

/// One walk over one document.
pub(crate) struct Machine<'s, 'a, S> {
    pub(super) schema: &'s Compiled,
    pub(super) table: &'s Table,
    pub(super) limits: &'s Limits,
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// The open element, and the number of elements around it, counting the document.
    pub(super) frame: Frame,
    pub(super) depth: usize,
    /// The namespace of names without a prefix.
    pub(super) namespace: NamespaceId,
    /// The number of open elements down to the innermost one that declares a namespace (0 if none does).
    pub(super) scope_depth: usize,
    /// The prefix of the last tag: its index in `Scratch::bound` plus 1.
    pub(super) prefix: u8,
    /// Whether an open element has identity constraints.
    pub(super) is_tracking: bool,
    /// Whether no namespace is declared and no open element has identity constraints. Nearly all documents are plain,
    /// so prediction has a specialized copy for them.
    pub(super) is_plain: bool,
    /// The number of open elements whose string-value is being collected.
    pub(super) collecting: u32,
    /// Whether the text ends where the document does. If not, the walk stops before a token that may continue in the
    /// next piece.
    pub(super) is_whole: bool,
    /// Whether the walk has stopped for that reason.
    pub(super) needs_more: bool,
    /// The text of the open element, once read, if its content is simple.
    pub(super) run: Option<Run>,
    /// Returned by `release` rather than dropped: most documents declare no namespace, and even a drop with nothing to
    /// do has a cost (bench `validate`).
    pub(super) scopes: ManuallyDrop<Scopes<'a>>,
    pub(super) scratch: &'s mut Scratch,
    /// The position of the text in the document.
    pub(super) pieces: &'a Pieces,
    /// The declaration of the root element, if it is part of another document.
    pub(super) root: Option<ElementId>,
    pub(super) sink: S,
}

/// The state of a walk without its text: the walk can continue from it in another text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Suspended {
    pub(super) at: usize,
    pub(super) frame: Frame,
    pub(super) depth: usize,
    pub(super) run: Option<Run>,
    namespace: NamespaceId,
    scope_depth: usize,
    prefix: u8,
    is_tracking: bool,
    is_plain: bool,
    collecting: u32,
}

/// The text of an element with simple content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) plain: bool,
}

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// A walk at the start of a document. (Nothing here can fail, so the machine is built in its final place.)
    #[inline(always)]
    pub(crate) fn new(
        schema: &'s Compiled,
        table: &'s Table,
        limits: &'s Limits,
        document: Document<'a>,
        scratch: &'s mut Scratch,
        sink: S,
    ) -> Machine<'s, 'a, S> {
        Machine {
            schema,
            table,
            limits,
            text: document.text,
            bytes: document.text.as_bytes(),
            at: document.root,
            frame: Frame {
                facts: 0,
                tag: 0,
                edge: NONE,
                state: table.document,
                rules: NONE,
                details: NONE,
                mode: Mode::Elements,
                prefix: 0,
                marks: Marks::default(),
            },
            depth: 0,
            namespace: NamespaceId::NONE,
            scope_depth: 0,
            prefix: 0,
            is_tracking: false,
            is_plain: true,
            collecting: 0,
            is_whole: true,
            needs_more: false,
            run: None,
            scopes: ManuallyDrop::new(Scopes::default()),
            scratch,
            pieces: Pieces::WHOLE,
            root: None,
            sink,
        }
    }

    /// Treats the root element as part of another document: it has its own declaration, and references may be to IDs
    /// elsewhere in that document.
    pub(crate) fn begin_record(&mut self, element: ElementId) {
        self.root = Some(element);
        self.scratch.ids.is_partial = true;
        // Prediction does not know this root, so the walk reads it.
        self.frame.mode = Mode::Watched;
    }

    /// The state of the walk.
    pub(super) fn suspended(&self) -> Suspended {
        let Machine { at, frame, depth, run, namespace, scope_depth, prefix, .. } = *self;
        let Machine { is_tracking, is_plain, collecting, .. } = *self;
        Suspended { at, frame, depth, run, namespace, scope_depth, prefix, is_tracking, is_plain, collecting }
    }

    /// Continues where another walk stopped, in a text with the same start tags.
    pub(super) fn resume_from(&mut self, suspended: Suspended) {
        let Suspended { at, frame, depth, run, namespace, scope_depth, prefix, is_tracking, is_plain, collecting } =
            suspended;
        (self.at, self.frame, self.depth, self.run) = (at, frame, depth, run);
        (self.namespace, self.scope_depth, self.prefix) = (namespace, scope_depth, prefix);
        (self.is_tracking, self.is_plain, self.collecting) = (is_tracking, is_plain, collecting);
        if scope_depth > 0 {
            self.declare_again();
        }
    }

    /// Declares the namespaces of the open elements again.
    #[cold]
    fn declare_again(&mut self) {
        self.scopes = self.scratch.take_scopes();
        let mut raw = self.scratch.take_attributes();
        for level in 1..=self.depth.min(self.scope_depth) {
            let frame = self.scratch.stack.get(level).filter(|_| level < self.depth).unwrap_or(&self.frame);
            if lex::start_tag(self.text, frame.tag, self.limits, &mut raw).is_ok() {
                // They were valid the first time.
                let _ = self.scopes.open(level, &raw);
            }
        }
        self.scratch.put_attributes(raw);
    }

    /// Returns memory for the next document when the walk is over.
    #[inline(always)]
    pub(crate) fn release(&mut self) {
        if self.scopes.has_memory() {
            let scopes = std::mem::take(&mut *self.scopes);
            self.scratch.put_scopes(scopes);
        }
    }

    /// The text of the document.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The current offset in the text.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The in-scope namespace declarations of the wanted prefixes, written as attributes.
    pub(crate) fn declarations(&self, is_wanted: &dyn Fn(&str) -> bool) -> String {
        self.scopes.as_attributes(is_wanted)
    }

    /// The character data of a leaf or a text.
    #[inline]
    pub(crate) fn text_of(&self, note: &Note) -> Text<'a> {
        let raw = self.text.get(note.first as usize..note.last as usize).unwrap_or_default();
        Text { raw, plain: note.plain }
    }

    /// The attributes of an element that began. Only a `Start` has any.
    #[inline]
    pub(crate) fn attributes_of(&self, note: &Note) -> &[Attribute] {
        match note.event {
            Event::Start => self.scratch.attributes.get(note.first as usize..note.last as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The notes taken since they were last cleared.
    #[inline(always)]
    pub(crate) fn notes(&self) -> &[Note] {
        &self.scratch.notes
    }

    /// The errors so far, if the sink keeps them.
    #[inline(always)]
    pub(crate) fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        self.sink.explanation()
    }

    /// Puts a frame on the stack.
    #[inline(always)]
    pub(super) fn put_around(&mut self, around: Frame) {
        match self.scratch.stack.get_mut(self.depth) {
            Some(slot) => *slot = around,
            None => self.scratch.stack.push(around),
        }
        self.depth += 1;
    }

    /// Pushes the open element on the stack, with another state and other facts. (It is written field by field,
    /// straight to its slot: a value that is first built elsewhere and then copied would stall on the copy; bench
    /// `validate`.)
    #[inline(always)]
    pub(super) fn put_open_around(&mut self, state: u32, facts: u64) {
        if self.scratch.stack.len() <= self.depth {
            self.make_room_for_frame();
        }
        let Frame { tag, edge, rules, details, mode, prefix, marks, .. } = self.frame;
        if let Some(slot) = self.scratch.stack.get_mut(self.depth) {
            *slot = Frame { facts, tag, edge, state, rules, details, mode, prefix, marks };
        }
        self.depth += 1;
    }

    /// Makes room for one more frame.
    #[cold]
    #[inline(never)]
    fn make_room_for_frame(&mut self) {
        self.scratch.stack.push(self.frame);
    }

    /// Leaves the open element.
    #[inline(always)]
    pub(super) fn close<const PLAIN: bool>(&mut self) -> Event {
        if !PLAIN && self.scope_depth != 0 && self.scope_depth >= self.depth {
            self.leave_scope();
        }
        if self.frame.details != NONE {
            self.leave_details();
        }
        if self.sink.trails() {
            self.leave_trail();
        }
        if self.sink.reports() {
            self.scratch.children.forget(self.depth as u32);
        }
        self.depth = self.depth.saturating_sub(1);
        if let Some(frame) = self.scratch.stack.get(self.depth) {
            self.frame = *frame;
        }
        if self.sink.events() {
            self.scratch.notes.push(Note::of(Event::End));
        }
        Event::End
    }

    /// Adds an element that begins to the trail, and returns its position among the siblings with the same name.
    #[inline(always)]
    pub(super) fn enter_trail(&mut self, name: &str, tag: usize) -> u32 {
        match self.sink.explanation() {
            Some(explanation) => explanation.trail.enter(name, tag),
            None => 0,
        }
    }

    /// As `enter_trail`, for an element without children that has already ended.
    #[inline(always)]
    pub(super) fn count_in_trail(&mut self, name: &str) -> u32 {
        self.sink.explanation().map_or(0, |explanation| explanation.trail.count(name))
    }

    #[inline(always)]
    fn leave_trail(&mut self) {
        self.settle_paths();
        if let Some(explanation) = self.sink.explanation() {
            explanation.trail.leave();
        }
    }

    /// Gives the reported errors their paths while their elements, or the parents of those elements, are still open.
    #[inline(always)]
    pub(super) fn settle_paths(&mut self) {
        if self.sink.explanation().is_some_and(|explanation| explanation.lacks_paths()) {
            self.find_paths();
        }
    }

    #[cold]
    #[inline(never)]
    fn find_paths(&mut self) {
        let (text, pieces) = (self.text, self.pieces);
        let Scratch { children, remembered, .. } = &*self.scratch;
        let remembered = remembered.as_deref();
        let Some(explanation) = self.sink.explanation() else { return };
        explanation.settle_paths(|trail, tag| {
            let Some((child, depth)) = children.at(tag) else {
                return remembered.and_then(|remembered| remembered.path(pieces.to_document(tag)));
            };
            let name = text.get(tag + 1..tag_name_end(text.as_bytes(), tag + 1))?;
            Some(trail.path_of_child(depth, name, child.position))
        });
    }

    #[inline(never)]
    fn leave_details(&mut self) {
        if let Some(details) = self.scratch.details.pop() {
            self.scratch.memory.truncate(details.memory as usize);
            self.scratch.seen.forget(details.seen);
        }
    }

    /// Closes the namespace scope of the element that ends.
    #[cold]
    fn leave_scope(&mut self) {
        self.scopes.close(self.depth);
        while self.scratch.bound.pop_if(|bound| bound.depth >= self.depth).is_some() {}
        self.scope_depth = self.scopes.depth();
        self.prefix = 0;
        self.settle_namespace();
        self.settle_plainness();
    }

    /// Decides whether the plain copy of prediction can continue.
    pub(super) fn settle_plainness(&mut self) {
        self.is_plain = self.scope_depth == 0 && !self.is_tracking && self.namespace == NamespaceId::NONE;
    }

    /// Determines the namespace of names without a prefix from here on.
    pub(super) fn settle_namespace(&mut self) {
        self.namespace = match self.scopes.resolve("") {
            None | Some("") => NamespaceId::NONE,
            Some(namespace) => self.schema.names.lookup_namespace(namespace).unwrap_or(FOREIGN),
        };
        if self.sink.reports() {
            self.forgive_namespaces();
        }
    }

    /// The number of the prefix at `name`: its index in `Scratch::bound` plus 1. It is 0 if the name has no prefix, if
    /// the prefix is longer than a pattern can hold, or if more than `MOST_BOUND` prefixes are in scope.
    pub(super) fn bound_at(&self, name: usize) -> u8 {
        let bound = &self.scratch.bound;
        if bound.len() > MOST_BOUND {
            return 0;
        }
        let found = bound.iter().rposition(|bound| bound.pattern.is_at(self.bytes, name));
        found.and_then(|index| u8::try_from(index + 1).ok()).unwrap_or(0)
    }

    /// The details of the open element.
    pub(super) fn details(&self) -> Details {
        self.details_of(&self.frame)
    }

    /// The details of an open element.
    pub(super) fn details_of(&self, frame: &Frame) -> Details {
        if let Some(details) = self.scratch.details.get(frame.details as usize) {
            return *details;
        }
        let edge = self.table.edges.get(frame.edge as usize);
        let bound = self.scratch.bound.get(usize::from(frame.prefix).wrapping_sub(1));
        let prefix_length = bound.map_or(0, |bound| bound.length);
        Details {
            element: edge.map(|edge| edge.element),
            name: edge.map(|edge| edge.name),
            type_id: edge.map_or(self.schema.any_type, |edge| edge.type_id),
            name_length: prefix_length + edge.map_or(0, |edge| edge.length),
            prefix_length,
            memory: self.scratch.memory.len() as u32,
            seen: self.scratch.seen.mark(),
            collected: 0,
            has_text: false,
        }
    }

    /// The name of an open element as written.
    pub(super) fn name_of(&self, frame: &Frame) -> &'a str {
        let length = self.details_of(frame).name_length as usize;
        self.text.get(frame.tag + 1..frame.tag + 1 + length).unwrap_or_default()
    }

    /// The name of the open element as written.
    pub(super) fn name(&self) -> &'a str {
        self.name_of(&self.frame)
    }

    /// The frame of the element around the open one.
    pub(super) fn parent_mut(&mut self) -> Option<&mut Frame> {
        self.scratch.stack.get_mut(self.depth.wrapping_sub(1))
    }

    /// The content model of the open element, if it has one.
    pub(super) fn model(&self) -> Option<&'s Model> {
        let state = self.table.states.get(self.frame.state as usize)?;
        self.schema.models.get(state.model.index()).filter(|_| self.depth > 0)
    }

    /// Passes the text of a child to the rules of the open element, if facts depend on it.
    pub(super) fn read_text(&mut self, child: NameId, text: &str) {
        if let Some(child) = self.rules().and_then(|rules| rules.child(child)).filter(|child| child.is_read()) {
            let facts = self.frame.facts;
            self.frame.facts = child.read(text, facts, self.numbers());
        }
    }

    /// The numbers of the open element that rules compare.
    #[inline]
    pub(super) fn numbers(&mut self) -> &mut Numbers {
        let depth = self.depth;
        let numbers = &mut self.scratch.numbers;
        if numbers.len() <= depth {
            numbers.resize(depth + 1, Numbers::default());
        }
        &mut numbers[depth]
    }

    /// The rules of the open element.
    #[inline(always)]
    pub(super) fn rules(&self) -> Option<&'s RuleTable> {
        self.table.rules_at(self.frame.rules)
    }
}
