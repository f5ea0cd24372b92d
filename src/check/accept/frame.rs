//! The open elements: what is kept of each, and how they come and go.

use super::{Event, Machine, Note, Stop};
use crate::automaton::Automaton;
use crate::check::table::NONE;
use crate::compiled::{Content, ElementId, ModelId, TypeDefinition, TypeId};
use crate::datatype::SimpleType;

/// How the content of an open element is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Child elements by a plain model laid out in the table: the only quick one.
    Elements,
    /// Children by a model in its readable form; text only where mixed.
    Model { mixed: bool },
    /// Text of a simple type: `simple` of the frame's type.
    Simple,
    /// That text has been read.
    SimpleRead,
    /// Nothing at all.
    Empty,
    /// An undeclared element that a wildcard lets pass: its children are looked up where `lax`.
    Any { lax: bool },
}

/// An open element. Small, since each one is put on the stack and taken from it again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// What its rules know so far.
    pub(super) facts: u64,
    /// The edge whose end tag it waits for; `NONE` where it took none.
    pub(super) edge: u32,
    /// Where the walk of its content stands: a state of the table, or of the model's automaton.
    pub(super) state: u32,
    /// Its rules (`NONE`: none).
    pub(super) rules: u32,
    /// Its `Details` in the scratch; `NONE` where the edge says all there is to say.
    pub(super) details: u32,
    pub(super) mode: Mode,
    /// It was written `<a/>`: its end follows at once.
    pub(super) empty: bool,
}

/// The rest of what there is to know of an open element that was begun the careful way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Details {
    pub(super) element: Option<ElementId>,
    pub(super) type_id: TypeId,
    /// Where its qualified name stands in the document.
    pub(super) name: (u32, u32),
    /// Where its words in `Scratch::memory` and its entries in `Scratch::seen` begin.
    pub(super) memory: u32,
    pub(super) seen: u32,
}

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// Puts a frame on the stack.
    #[inline(always)]
    pub(super) fn put_around(&mut self, around: Frame) {
        match self.scratch.stack.get_mut(self.depth) {
            Some(slot) => *slot = around,
            None => self.scratch.stack.push(around),
        }
        self.depth += 1;
    }

    /// Leaves the open element.
    #[inline(always)]
    pub(super) fn close(&mut self) -> Event {
        if !self.scopes.is_empty() {
            self.leave_scope();
        }
        if self.frame.details != NONE {
            self.scratch.details.pop();
        }
        self.depth = self.depth.saturating_sub(1);
        if let Some(frame) = self.scratch.stack.get(self.depth) {
            self.frame = *frame;
        }
        if DECODE {
            self.scratch.notes.push(Note::of(Event::End));
        }
        Event::End
    }

    /// What there is to know of the open element.
    pub(super) fn details(&self) -> Details {
        self.details_of(&self.frame)
    }

    /// The same of one around it.
    pub(super) fn details_of(&self, frame: &Frame) -> Details {
        if let Some(details) = self.scratch.details.get(frame.details as usize) {
            return *details;
        }
        let edge = self.table.edges.get(frame.edge as usize);
        Details {
            element: edge.map(|edge| edge.element),
            type_id: edge.map_or(self.schema.any_type, |edge| edge.type_id),
            name: (0, 0),
            // An element that was begun the quick way has nothing there.
            memory: self.scratch.memory.len() as u32,
            seen: self.scratch.seen.len() as u32,
        }
    }

    /// The name that the end tag of the open element has to repeat.
    pub(super) fn name_as_written(&self) -> &str {
        let Details { element, name: (at, length), .. } = self.details();
        match element {
            // Begun the quick way: without a prefix.
            Some(element) if self.frame.details == NONE => self.schema.local_name(element),
            _ => self.text.get(at as usize..(at + length) as usize).unwrap_or_default(),
        }
    }

    pub(super) fn simple_type(&self) -> Result<&'s SimpleType, Stop> {
        self.schema.simple_content(self.details().type_id).map(|simple| &**simple).ok_or(Stop::Unsure)
    }

    pub(super) fn model(&self) -> Result<ModelId, Stop> {
        match &self.schema.types[self.details().type_id.index()] {
            TypeDefinition::Complex(complex) => match complex.content {
                Content::Elements { model, .. } => Ok(model),
                _ => Err(Stop::Unsure),
            },
            TypeDefinition::Simple(_) => Err(Stop::Unsure),
        }
    }

    pub(super) fn automaton(&self) -> Result<&'s Automaton, Stop> {
        Ok(&self.schema.models[self.model()?.index()].automaton)
    }
}
