//! Text between two tags, and the values of elements.

use crate::check::accept::ids::Default;
use crate::check::accept::{Details, Event, Machine, Mode, Note, Stop, Text};
use crate::check::context::Around;
use crate::check::table::NONE;
use crate::compiled::ElementId;
use crate::datatype::Context;
use crate::text::white_space::is_white_space;

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// A run of text in the open element, behind which the walk stands; an event, where it is one.
    pub(super) fn text_run(&mut self, text: Text<'a>, is_blank: bool) -> Result<Option<Event>, Stop> {
        if self.frame.mode == Mode::Simple {
            return self.simple_text(text).map(Some);
        }
        let resolved = text.resolve();
        // Comments and instructions alone are none.
        if resolved.is_empty() {
            return Ok(None);
        }
        match self.frame.mode {
            // cvc-complex-type.2.3: white space is all that may stand between the elements.
            Mode::Elements | Mode::Model { mixed: false } => {
                if !is_blank && !resolved.bytes().all(is_white_space) {
                    return Err(Stop::Refused);
                }
                self.note_any_text();
                Ok(None)
            }
            Mode::Model { mixed: true } | Mode::Any { .. } => {
                self.note_any_text();
                Ok(Some(self.note_text(text)))
            }
            // cvc-complex-type.2.1, and cvc-elt.3.2.1 of one that is nil.
            Mode::Simple | Mode::SimpleRead | Mode::Empty => Err(Stop::Refused),
        }
    }

    /// The text of an element with a simple type or simple content, behind which the walk stands. An empty element has
    /// its default or fixed value (cvc-elt.5).
    pub(super) fn simple_text(&mut self, text: Text<'a>) -> Result<Event, Stop> {
        let resolved = text.resolve();
        let details = self.details();
        let declaration = details.element.and_then(|element| self.schema.elements.get(element.index()));
        let constraint = declaration.and_then(|declaration| declaration.value.as_ref());
        let default = constraint.filter(|_| resolved.is_empty());
        let simple = self.simple_type()?;
        let around = Around { schema: self.schema, scopes: &self.scopes };
        let (value, context): (&str, &dyn Context) = match default {
            Some(default) => (&default.value, &default.bindings),
            None => (&*resolved, &around),
        };
        simple.check_in(value, context).map_err(|_| Stop::Refused)?;
        if constraint.is_some_and(|constraint| constraint.fixed && !constraint.is(simple, value, context)) {
            return Err(Stop::Refused);
        }
        if simple.needs_context() {
            let ids = &mut self.scratch.ids;
            match details.element {
                Some(element) if default.is_some() => ids.add_default(Default::Element(element, details.type_id)),
                _ => simple.links(value, context, &mut |link, name| ids.add(link, name)),
            }
        }
        if !resolved.is_empty() {
            self.note_any_text();
        }
        if let Some(declaration) = declaration {
            self.tell_parent(declaration.name, &resolved, text);
        }
        self.track_text(simple, value, default);
        self.frame.mode = Mode::SimpleRead;
        Ok(self.note_text(text))
    }

    fn note_text(&mut self, text: Text<'a>) -> Event {
        if DECODE {
            // The walk stands behind the text.
            let Details { element, type_id, name: (at, length), .. } = self.details();
            let (first, last) = ((self.at - text.raw.len()) as u32, self.at as u32);
            let element = element.unwrap_or(ElementId(NONE));
            let event = Event::Text;
            let (nil, plain, normal) = (false, text.plain, false);
            let note = Note { element, type_id, at, length, prefix: 0, first, last, event, nil, plain, normal };
            self.scratch.notes.push(note);
        }
        Event::Text
    }
}
