//! Texts of elements: their types, defaults and fixed values.

use std::ops::Range;

use crate::compiled::ValueConstraint;
use crate::datatype::{Context, SimpleType};
use crate::diagnostic::words::{self, Holder};
use crate::xml::Reader;

use super::context::Around;
use super::explain::{Frame, Walker};
use super::identity::{Content, Span};
use super::ids::Site;
use super::white_space::{trim, trimmed};

impl<'s, 'a> Walker<'s, 'a> {
    /// XSD part 1, section 3.3.4 (cvc-elt.5): an empty element has its default or fixed value.
    pub(super) fn check_text(
        &mut self,
        reader: &Reader<'a>,
        frame: &mut Frame<'s, 'a>,
        simple: &'s SimpleType,
        constraint: Option<&'s ValueConstraint>,
        end: &Range<usize>,
    ) {
        let text = Walker::take_text(frame);
        let around = Around { schema: self.schema, scopes: reader.scopes() };
        let context: &dyn Context = match constraint {
            Some(constraint) if text.is_none() => &constraint.bindings,
            _ => &around,
        };
        let whole = frame.tag.start..end.end;
        let (value, raw, at) = match &text {
            Some((value, raw, at)) => (&**value, *raw, *at),
            None => (constraint.map_or("", |constraint| &*constraint.value), "", 0),
        };
        let name = frame.name;
        let documentation = || frame.element.and_then(|element| self.schema.documentation(element));
        let span_of = |is_blank_at_fault: bool| match raw {
            "" => whole.clone(),
            raw if is_blank_at_fault => at..at + raw.len(),
            raw => trimmed(raw, at),
        };
        if let Err(fault) = simple.check_in(value, context) {
            // Where the value inside the white space would be right, the white space is what is wrong.
            let inner = trim(value);
            let is_blank_at_fault =
                inner.len() < value.len() && !inner.is_empty() && simple.check_in(inner, context).is_ok();
            let (span, documentation) = (span_of(is_blank_at_fault), documentation());
            self.report_with(&span, documentation, || {
                words::value(&fault, &simple.describe(), value, Holder::Element(name), is_blank_at_fault)
            });
            frame.faulty = true;
            self.ids.is_partial |= simple.has_links();
        } else if let Some(constraint) = constraint.filter(|constraint| constraint.fixed)
            && !constraint.is(simple, value, context)
        {
            let (span, documentation) = (span_of(false), documentation());
            self.report_with(&span, documentation, || {
                words::fixed_value(&constraint.value, value, Holder::Element(name))
            });
            frame.faulty = true;
        } else if frame.is_tracked {
            let place = match raw {
                "" if value.is_empty() => frame.tag.end..frame.tag.end,
                "" => 0..0,
                raw => trimmed(raw, at),
            };
            self.identity.value(self.schema, Content::Value(simple, value, context), Span::new(place));
        }
        if simple.needs_context() {
            let site = Site { tag: frame.tag.start, attribute: None, element: name };
            match constraint.filter(|_| text.is_none()) {
                Some(default) => self.link_default(simple, default, whole.clone(), site),
                None => self.link(simple, value, context, span_of(false), site),
            }
        }
    }

    /// The fixed value of an element with mixed content (cvc-elt.5.2.2.2.1): the very same text, or none.
    pub(super) fn check_mixed_fixed(&mut self, frame: &mut Frame<'s, 'a>, fixed: &str, end: &Range<usize>) {
        let Some((value, raw, at)) = Walker::take_text(frame) else { return };
        if *value != *fixed {
            let span = if raw.is_empty() { frame.tag.start..end.end } else { trimmed(raw, at) };
            let name = frame.name;
            self.report(&span, || words::fixed_value(fixed, &value, Holder::Element(name)));
            frame.faulty = true;
        }
    }
}
