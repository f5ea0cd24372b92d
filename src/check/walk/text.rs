//! Text between two tags, and the values of elements.

use std::ops::Range;

use crate::check::context::Around;
use crate::check::events::{Event, Note, Text};
use crate::check::explanation::ValueKey;
use crate::check::frame::{Details, Marks, Mode};
use crate::check::identity::Span;
use crate::check::ids::Default;
use crate::check::machine::{Machine, Run, Stop};
use crate::check::sink::Sink;
use crate::check::table::NONE;
use crate::compiled::{ElementDeclaration, ElementId, ValueConstraint};
use crate::datatype::{Context, Fault, Namespaces, SimpleType, WhiteSpace};
use crate::diagnostic::words::{self, Holder, Stood};
use crate::text::white_space::{is_blank, trim, trimmed};
use crate::xml::TextRun;

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Handles a run of text in the open element that begins at `start`, and returns whether it is an event.
    pub(super) fn text_run(&mut self, start: usize, run: TextRun<'a>) -> Result<bool, Stop> {
        let text = Text { raw: run.raw, plain: run.plain };
        let resolved = text.resolve();
        // Comments and processing instructions alone are not text.
        if resolved.is_empty() && self.frame.mode != Mode::Simple {
            return Ok(false);
        }
        if self.collecting > 0 {
            self.scratch.collected.push_str(&resolved);
        }
        match self.frame.mode {
            // The value is checked at the end tag, where it is known to be complete.
            Mode::Simple => {
                self.run = Some(Run { start, end: start + run.raw.len(), plain: run.plain });
                if !resolved.is_empty() {
                    self.note_any_text();
                }
                self.note_text(start..start + run.raw.len(), run.plain);
                return Ok(true);
            }
            // cvc-complex-type.2.3: only white space is allowed between the elements.
            Mode::Elements | Mode::Watched => {
                if !run.blank && !is_blank(&resolved) {
                    let name = self.name();
                    self.report(&trimmed(run.raw, start), || words::unexpected_text(trim(&resolved), name))?;
                }
                self.note_any_text();
                return Ok(false);
            }
            Mode::Mixed | Mode::Lax | Mode::Skip => self.note_any_text(),
            Mode::WatchedMixed => {
                self.check_mixed_fixed(start, run.raw, &resolved)?;
                self.note_any_text();
            }
            // cvc-complex-type.2.1, and cvc-elt.3.2.1 for a nil element.
            Mode::Empty | Mode::Nil => {
                self.refuse_text(start, run.raw, &resolved)?;
                return Ok(false);
            }
            Mode::Silent => return Ok(false),
        }
        self.note_text(start..start + run.raw.len(), run.plain);
        Ok(true)
    }

    fn refuse_text(&mut self, start: usize, raw: &str, resolved: &str) -> Result<(), Stop> {
        self.frame.marks.set(Marks::FAULTY);
        if self.frame.marks.replace(Marks::REPORTED) {
            return Ok(());
        }
        let (name, mode) = (self.name(), self.frame.mode);
        self.report(&trimmed(raw, start), || match mode {
            Mode::Nil => words::nil_with_content(name, Stood::Text(resolved)),
            _ => words::not_empty(name, Stood::Text(resolved)),
        })
    }

    /// Checks the fixed value of an element with mixed content (cvc-elt.5.2.2.2.1): the text must be identical or
    /// absent.
    fn check_mixed_fixed(&mut self, start: usize, raw: &str, resolved: &str) -> Result<(), Stop> {
        let fixed = self.fixed_value().filter(|fixed| *fixed != resolved);
        let Some(fixed) = fixed.filter(|_| !self.frame.marks.has(Marks::REPORTED)) else { return Ok(()) };
        let name = self.name();
        self.report(&trimmed(raw, start), || words::fixed_value(fixed, resolved, Holder::Element(name), [&[], &[]]))
    }

    /// The fixed value of the open element, if its content is mixed.
    pub(super) fn fixed_value(&self) -> Option<&'s str> {
        let declaration = self.declaration().filter(|_| self.frame.marks.has(Marks::FIXED))?;
        declaration.value.as_ref().map(|value| &*value.value)
    }

    /// The declaration of the open element.
    pub(super) fn declaration(&self) -> Option<&'s ElementDeclaration> {
        let element = self.details().element?;
        self.schema.elements.get(element.index())
    }

    /// Checks the value of the open element, which has a simple type or simple content and ends at `end`. An empty
    /// element has its default or fixed value (cvc-elt.5).
    pub(super) fn check_value(&mut self, end: &Range<usize>) -> Result<(), Stop> {
        let run = self.run.take();
        if run.is_none() {
            self.note_text(self.at..self.at, true);
        }
        let Some(simple) = self.schema.simple_content(self.details().type_id) else { return Ok(()) };
        let text = run.map_or(Text { raw: "", plain: true }, |run| Text {
            raw: self.text.get(run.start..run.end).unwrap_or_default(),
            plain: run.plain,
        });
        let resolved = text.resolve();
        let at = run.map_or(0, |run| run.start);
        let constraint = self.declaration().and_then(|declaration| declaration.value.as_ref());
        let default = constraint.filter(|_| resolved.is_empty());
        let value = default.map_or(&*resolved, |default| &default.value);
        let written =
            Written { raw: if resolved.is_empty() { "" } else { text.raw }, at, whole: self.frame.tag..end.end };
        if self.is_value(simple, value, constraint, default, &written)? {
            self.track_value(simple, value, default, written.place(self.frame.tag, simple, value.is_empty()));
        }
        if simple.needs_context() {
            let Details { element, type_id, .. } = self.details();
            match element.filter(|_| default.is_some()) {
                Some(element) => self.link_default(Default::Element(element, type_id)),
                None => self.link(simple, value, trimmed(text.raw, at), None),
            }
        }
        Ok(())
    }

    /// Whether a value is valid for its type and equal to the fixed value, if there is one. Reports it if not.
    fn is_value(
        &mut self,
        simple: &'s SimpleType,
        value: &str,
        constraint: Option<&'s ValueConstraint>,
        default: Option<&'s ValueConstraint>,
        written: &Written<'a>,
    ) -> Result<bool, Stop> {
        let around = Around { schema: self.schema, scopes: &self.scopes };
        let context: &dyn Context = default.map_or(&around, |default| &default.bindings);
        let checked = match default {
            Some(default) if default.is_valid(simple) => Ok(()),
            _ => simple.check_in(value, context),
        };
        let Err(fault) = checked else {
            let fixed = constraint.filter(|constraint| constraint.fixed && default.is_none());
            let Some(fixed) = fixed.filter(|fixed| !fixed.matches(simple, value, context)) else { return Ok(true) };
            let (name, documentation) = (self.name(), self.documentation());
            let found = self.namespaces_for_words(simple, value);
            self.report_with(&written.span(false), documentation, || {
                let right = simple.namespaces_in(&fixed.value, &fixed.bindings);
                words::fixed_value(&fixed.value, value, Holder::Element(name), [&right, &found])
            })?;
            return Ok(false);
        };
        let is_blank_at_fault = is_blank_at_fault(simple, value, context);
        self.scratch.ids.is_partial |= self.sink.reports() && simple.has_links();
        let (holder, documentation) = (Holder::Element(self.name()), self.documentation());
        let span = written.span(is_blank_at_fault);
        self.report_value(&span, documentation, simple, &fault, value, holder, is_blank_at_fault)?;
        Ok(false)
    }

    /// Reports an invalid value. The message for the same value is made only once.
    #[allow(clippy::too_many_arguments, reason = "everything a message about a value needs")]
    pub(super) fn report_value(
        &mut self,
        span: &Range<usize>,
        documentation: Option<&str>,
        simple: &SimpleType,
        fault: &Fault,
        value: &str,
        holder: Holder<'_>,
        is_blank_at_fault: bool,
    ) -> Result<(), Stop> {
        /// Longer values seldom occur twice.
        const LONGEST: usize = 64;
        let Some(explanation) = self.explanation() else { return Err(Stop) };
        let mut values = std::mem::take(&mut explanation.values);
        let reported = self.report_with(span, documentation, || {
            let make = || {
                let expected = simple.describe_expected(fault);
                let words = words::value(fault, &expected, value, holder, is_blank_at_fault);
                words.or_meant(|| simple.respelled(fault, value))
            };
            // The message about a qualified name depends on the namespaces in scope.
            if simple.needs_context() || value.len() > LONGEST {
                return make();
            }
            let address = std::ptr::from_ref(simple).addr();
            let (is_attribute, name) = match holder {
                Holder::Element(name) => (false, name),
                Holder::Attribute(name) => (true, name),
            };
            let is_it =
                |known: &ValueKey| (known.0, known.2) == (address, is_attribute) && known.1 == value && known.3 == name;
            let key = || (address, value.to_owned(), is_attribute, name.to_owned());
            values.get_or_make(is_it, || (key(), make())).clone()
        });
        if let Some(explanation) = self.explanation() {
            explanation.values = values;
        }
        reported
    }

    /// The namespaces of the qualified names in a value of the document.
    pub(super) fn namespaces_for_words(&self, simple: &SimpleType, value: &str) -> Namespaces {
        match self.sink.reports() {
            true => simple.namespaces_in(value, &Around { schema: self.schema, scopes: &self.scopes }),
            false => Namespaces::default(),
        }
    }

    /// The schema's documentation of the open element.
    fn documentation(&self) -> Option<&'s str> {
        self.schema.documentation(self.details().element?)
    }

    fn note_text(&mut self, place: Range<usize>, plain: bool) {
        if self.sink.events() {
            let Details { element, type_id, name_length, .. } = self.details();
            self.scratch.notes.push(Note {
                element: element.unwrap_or(ElementId(NONE)),
                type_id,
                at: self.frame.tag as u32 + 1,
                length: name_length,
                prefix: 0,
                first: place.start as u32,
                last: place.end as u32,
                event: Event::Text,
                nil: false,
                plain,
                normal: false,
            });
        }
    }
}

/// Where the value in a text is: without the surrounding white space if that is not significant (part 2, section
/// 4.3.6).
pub(super) fn value_place(simple: &SimpleType, raw: &str, at: usize) -> Range<usize> {
    match simple.white_space() {
        WhiteSpace::Preserve | WhiteSpace::Replace => at..at + raw.len(),
        WhiteSpace::Collapse => trimmed(raw, at),
    }
}

/// Whether an invalid value would be valid without the surrounding white space, so that the white space is the error.
pub(super) fn is_blank_at_fault(simple: &SimpleType, value: &str, context: &dyn Context) -> bool {
    let inner = trim(value);
    inner.len() < value.len() && !inner.is_empty() && simple.check_in(inner, context).is_ok()
}

/// The text of an element as written in the document.
struct Written<'a> {
    /// Empty if the element has no text.
    raw: &'a str,
    at: usize,
    /// The element.
    whole: Range<usize>,
}

impl Written<'_> {
    /// The bytes that an error about the value points to.
    fn span(&self, with_white_space: bool) -> Range<usize> {
        match self.raw {
            "" => self.whole.clone(),
            raw if with_white_space => self.at..self.at + raw.len(),
            raw => trimmed(raw, self.at),
        }
    }

    /// Where the value is; nowhere if it is a default.
    fn place(&self, tag: usize, simple: &SimpleType, is_empty: bool) -> Span {
        match self.raw {
            "" if is_empty => Span::new(tag..tag + 1),
            "" => Span::default(),
            raw => Span::new(value_place(simple, raw, self.at)),
        }
    }
}
