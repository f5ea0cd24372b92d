//! Texts in elements: where there may be some, and their types, defaults and fixed values.

use std::borrow::Cow;
use std::ops::Range;

use crate::check::context::Around;
use crate::check::identity::{Content, Span};
use crate::compiled::ValueConstraint;
use crate::datatype::{Context, SimpleType};
use crate::diagnostic::words::{self, Holder, Stood};
use crate::text::white_space::{is_white_space, trim, trimmed};
use crate::xml::{Reader, TextRun, resolve_text};

use super::ids::Site;
use super::{Expectation, Frame, Walker};

impl<'s, 'a> Walker<'s, 'a> {
    /// Text in the open element.
    pub(super) fn text(&mut self, run: TextRun<'a>, at: usize, damaged: bool) {
        let Some(frame) = self.frames.last_mut() else { return };
        if damaged {
            frame.faulty = true;
            frame.malformed = true;
            return;
        }
        let resolved = if run.plain { Cow::Borrowed(run.raw) } else { resolve_text(run.raw) };
        if resolved.is_empty() {
            return; // comments and instructions alone
        }
        if self.collecting > 0 {
            self.collected.push_str(&resolved);
        }
        if let Some(seen) = &mut frame.seen {
            seen.has_text = true;
        }
        let name = frame.name;
        match frame.content {
            Expectation::Silence | Expectation::Skipped | Expectation::Lax => {}
            Expectation::Simple { .. } => frame.text = Some((resolved, run.raw, at)),
            Expectation::Elements { fixed: Some(_), .. } => frame.text = Some((resolved, run.raw, at)),
            Expectation::Elements { mixed: true, .. } => {}
            Expectation::Elements { mixed: false, .. } => {
                if !run.blank && !resolved.bytes().all(is_white_space) {
                    frame.faulty = true;
                    let span = trimmed(run.raw, at);
                    self.report(&span, || words::unexpected_text(resolved.trim(), name));
                }
            }
            Expectation::Empty | Expectation::Nil => {
                frame.faulty = true;
                if !std::mem::replace(&mut frame.told, true) {
                    let words = match frame.content {
                        Expectation::Nil => words::nil_with_content,
                        _ => words::not_empty,
                    };
                    self.report(&trimmed(run.raw, at), || words(name, Stood::Text(&resolved)));
                }
            }
        }
    }

    /// XSD part 1, section 3.3.4 (cvc-elt.5): an empty element has its default or fixed value.
    pub(super) fn check_text(
        &mut self,
        reader: &Reader<'a>,
        frame: &mut Frame<'s, 'a>,
        simple: &'s SimpleType,
        constraint: Option<&'s ValueConstraint>,
        end: &Range<usize>,
    ) {
        let text = frame.text.take();
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
            let content = Content::Value(simple, value, context);
            self.identity.value(self.schema, self.depth(), content, Span::new(place));
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
        let Some((value, raw, at)) = frame.text.take() else { return };
        if *value != *fixed {
            let span = if raw.is_empty() { frame.tag.start..end.end } else { trimmed(raw, at) };
            let name = frame.name;
            self.report(&span, || words::fixed_value(fixed, &value, Holder::Element(name)));
            frame.faulty = true;
        }
    }
}
