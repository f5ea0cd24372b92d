//! Decides what the content of an element may be, and starts to match it (cvc-type.3, cvc-complex-type.2).

use crate::check::frame::{Marks, Mode};
use crate::check::machine::Machine;
use crate::check::sink::Sink;
use crate::compiled::{Content, ElementId, ModelId, TypeDefinition, TypeId};

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Chooses how the content of the open element is checked, by its type. The content of an abstract type is not
    /// checked.
    pub(super) fn begin_content(&mut self, element: Option<ElementId>, type_id: TypeId, nil: bool) {
        let complex = match &self.schema.types[type_id.index()] {
            TypeDefinition::Simple(_) => {
                self.frame.mode = if nil { Mode::Nil } else { Mode::Simple };
                return;
            }
            TypeDefinition::Complex(complex) => complex,
        };
        self.frame.mode = match complex.content {
            _ if complex.is_abstract => Mode::Silent,
            _ if nil => Mode::Nil,
            Content::Empty => Mode::Empty,
            Content::Simple(_) => Mode::Simple,
            Content::Elements { model, mixed } => self.begin_children(element, type_id, model, mixed),
        };
    }

    fn begin_children(&mut self, element: Option<ElementId>, type_id: TypeId, model: ModelId, mixed: bool) -> Mode {
        let declaration = element.and_then(|element| self.schema.elements.get(element.index()));
        let is_declared = declaration.is_some_and(|declaration| declaration.type_id == type_id);
        // If the element has rules, the states of its declared type track their facts; those of another type do not.
        self.frame.state = self.table.start_of(element, is_declared, model);
        self.schema.models[model.index()].automaton.enter(&mut self.scratch.memory);
        let is_fixed = declaration.and_then(|declaration| declaration.value.as_ref()).is_some_and(|value| value.fixed);
        if is_fixed {
            self.frame.marks.set(Marks::FIXED);
        }
        let needs = self.rules().map(|rules| rules.needs(self.sink.warns())).unwrap_or_default();
        let is_watched = is_fixed || needs.watched || self.collecting > 0 || self.rules().is_some() && !is_declared;
        match (is_watched, mixed) {
            (false, false) => Mode::Elements,
            (false, true) => Mode::Mixed,
            (true, false) => Mode::Watched,
            (true, true) => Mode::WatchedMixed,
        }
    }
}
