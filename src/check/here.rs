//! What the walk knows at the end of a text that is only the beginning of a document: which elements are open, and what
//! can come next. For editors.

use super::document::Input;
use super::explanation::Explanation;
use super::frame::Mode;
use super::machine::Machine;
use super::scratch::with_scratch;
use super::sink::{self, Sink};
use super::table::Table;
use crate::Limits;
use crate::automaton::LeafId;
use crate::compiled::{Compiled, ElementId, ModelId, TypeId};
use crate::xml::without_label;

/// What is known at the end of a text.
#[derive(Debug)]
pub(crate) struct Here {
    /// The names of the open elements as written, the root first.
    pub(crate) open: Vec<String>,
    /// The declaration of the innermost open element, if it has one and is allowed where it is.
    pub(crate) element: Option<ElementId>,
    /// Its type: the declared one, or the one given by `xsi:type`.
    pub(crate) type_id: Option<TypeId>,
    pub(crate) room: Room,
    /// The prefixes in scope, with their namespaces.
    pub(crate) namespaces: Vec<(String, String)>,
    /// A prefix that is not in scope.
    pub(crate) free_prefix: &'static str,
}

/// What can come next in the innermost open element.
#[derive(Debug)]
pub(crate) enum Room {
    /// The root.
    Root,
    /// Elements of a content model: the leaves that can come now, in document order, and whether the content can end
    /// here.
    Children { model: ModelId, leaves: Vec<LeafId>, may_end: bool },
    /// Text of the open element's type.
    Value,
    /// Any declared element.
    Anything,
    /// Nothing, or nothing is known about it.
    Nothing,
}

/// Walks to the end of a text that ends with a tag or has no tags.
pub(crate) fn here(schema: &Compiled, table: &Table, limits: &Limits, text: &str) -> Here {
    let (open, namespaces) = (Vec::new(), Vec::new());
    let mut here = Here { open, element: None, type_id: None, room: Room::Root, namespaces, free_prefix: "p" };
    if text.is_empty() {
        return here;
    }
    // The diagnostics are not used.
    let limits = Limits { diagnostics: 1, allow_doctype: true, ..*limits };
    let mut explanation = Explanation::new(&limits);
    let text = without_label(text);
    with_scratch(|scratch| {
        let (input, sink) = (Input::Bytes(text.as_bytes()), sink::everything(&mut explanation));
        let Ok(mut machine) = Machine::open(schema, table, &limits, input, scratch, sink) else { return };
        machine.go_to_end();
        machine.describe(&mut here);
        machine.release();
    });
    here
}

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Walks to the end of the text, without supplying the missing end tags.
    fn go_to_end(&mut self) {
        while self.at < self.text.len() {
            let before = (self.at, self.depth);
            if self.predict_if_wanted().is_none() && self.walk().is_err() || (self.at, self.depth) == before {
                return;
            }
        }
    }

    fn describe(&self, here: &mut Here) {
        here.namespaces = self.scopes.all().map(|(prefix, name)| (prefix.to_owned(), name.to_owned())).collect();
        here.free_prefix = self.scopes.free_prefix();
        here.room = match self.depth {
            0 if self.frame.state == self.table.finished => Room::Nothing,
            0 => Room::Root,
            _ => self.room(),
        };
        if self.depth == 0 {
            return;
        }
        let around = self.scratch.stack.get(1..self.depth).unwrap_or_default();
        here.open = around.iter().chain([&self.frame]).map(|frame| self.name_of(frame).to_owned()).collect();
        if self.frame.mode != Mode::Silent {
            let details = self.details();
            (here.element, here.type_id) = (details.element, Some(details.type_id));
        }
    }

    /// What can come next in the open element.
    fn room(&self) -> Room {
        let state = self.table.states.get(self.frame.state as usize);
        match (self.frame.mode, state.zip(self.model())) {
            (mode, Some((state, model))) if mode.has_model() => {
                let position = self.position_in_content();
                let (leaves, may_end) = (position.allowed(model), position.may_end(model));
                Room::Children { model: state.model, leaves, may_end }
            }
            (Mode::Simple, _) => Room::Value,
            (Mode::Lax, _) => Room::Anything,
            _ => Room::Nothing,
        }
    }
}
