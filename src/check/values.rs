//! Texts of elements: their types, defaults and fixed values.

use std::ops::Range;

use crate::compiled::ValueConstraint;
use crate::datatype::SimpleType;
use crate::diagnostic::words::{self, Holder};

use super::explain::{Frame, Walker, is_white_space, trimmed};

impl<'s, 'a> Walker<'s, 'a> {
    /// XSD part 1, section 3.3.4 (cvc-elt.5): an empty element has its default or fixed value.
    pub(super) fn check_text(
        &mut self,
        frame: &mut Frame<'s, 'a>,
        simple: &SimpleType,
        constraint: Option<&ValueConstraint>,
        end: &Range<usize>,
    ) {
        let text = Walker::take_text(frame);
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
        if let Err(fault) = simple.check(value) {
            // Where the value inside the white space would be right, the white space is what is wrong.
            let inner = value.trim_matches(|character: char| character.is_ascii() && is_white_space(character as u8));
            let is_blank_at_fault = inner.len() < value.len() && !inner.is_empty() && simple.check(inner).is_ok();
            let (span, documentation) = (span_of(is_blank_at_fault), documentation());
            self.report_with(&span, documentation, || {
                words::value(&fault, &simple.describe(), value, Holder::Element(name), is_blank_at_fault)
            });
            frame.faulty = true;
        } else if let Some(constraint) = constraint.filter(|constraint| constraint.fixed)
            && !simple.same_value(&constraint.value, value)
        {
            let (span, documentation) = (span_of(false), documentation());
            self.report_with(&span, documentation, || {
                words::fixed_value(&constraint.value, value, Holder::Element(name))
            });
            frame.faulty = true;
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
