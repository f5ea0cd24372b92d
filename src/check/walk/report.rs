//! Passes errors to the sink.

use std::ops::Range;

use super::place::Child;
use crate::check::frame::Marks;
use crate::check::machine::{Machine, Stop};
use crate::check::sink::Sink;
use crate::diagnostic::words::Words;
use crate::diagnostic::{Diagnostic, Severity};

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Reports an error about the open element.
    ///
    /// # Errors
    ///
    /// The sink only needs to know that there is an error. Otherwise the walk continues after it.
    pub(super) fn report(&mut self, span: &Range<usize>, words: impl FnOnce() -> Words) -> Result<(), Stop> {
        self.report_with(span, None, words)
    }

    /// Reports an error about the open element, with the schema's documentation.
    pub(super) fn report_with(
        &mut self,
        span: &Range<usize>,
        documentation: Option<&str>,
        words: impl FnOnce() -> Words,
    ) -> Result<(), Stop> {
        let element = self.frame.tag;
        self.frame.marks.set(Marks::FAULTY);
        self.error(Some(element), || {
            let mut diagnostic = Diagnostic::new(words(), span.clone(), String::new());
            diagnostic.documentation = documentation.map(str::to_owned);
            diagnostic
        })
    }

    /// Reports a warning about the open element, if the sink keeps warnings.
    pub(super) fn warn(&mut self, span: &Range<usize>, words: impl FnOnce() -> Words) {
        let element = self.frame.tag;
        if let Some(explanation) = self.explanation() {
            let diagnostic = || Diagnostic::new(words(), span.clone(), String::new());
            explanation.add(Severity::Warning, Some(element), diagnostic);
        }
    }

    /// Reports an error about a child that begins; it counts as an error of the open element too.
    pub(super) fn report_child(&mut self, child: &Child<'a>, words: impl FnOnce() -> Words) -> Result<(), Stop> {
        self.frame.marks.set(Marks::FAULTY);
        self.error(Some(child.tag.start), || Diagnostic::new(words(), child.tag.clone(), String::new()))
    }

    /// Reports an error about the element whose start tag is at `element` (`None`: outside the root).
    pub(super) fn error(
        &mut self,
        element: Option<usize>,
        diagnostic: impl FnOnce() -> Diagnostic,
    ) -> Result<(), Stop> {
        let Some(explanation) = self.explanation() else { return Err(Stop) };
        explanation.add(Severity::Error, element, diagnostic);
        Ok(())
    }

    /// Marks the parent of the open element as faulty too.
    pub(super) fn mark_parent_faulty(&mut self) {
        if let Some(parent) = self.parent_mut() {
            parent.marks.set(Marks::FAULTY);
        }
    }
}
