//! The end of an element.

use std::ops::Range;

use crate::automaton::StateId;
use crate::check::events::Event;
use crate::check::frame::{Frame, Marks, Mode};
use crate::check::machine::{Machine, Stop};
use crate::check::sink::Sink;
use crate::diagnostic::{Code, Diagnostic, words};
use crate::xml::{RawAttribute, StartTag, lex, tag_end};

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Ends the open element with the tag at `span`. `implied`: the document has no such tag.
    pub(super) fn end(&mut self, span: Range<usize>, implied: bool) -> Result<Event, Stop> {
        if implied {
            self.frame.marks.set(Marks::MALFORMED);
        }
        if self.is_content_checked() {
            match self.frame.mode {
                Mode::Simple if !self.frame.marks.has(Marks::REPORTED) => self.check_value(&span)?,
                mode if mode.has_model() => self.check_children(&span)?,
                _ => {}
            }
        }
        self.run = None;
        self.track_end()?;
        self.evaluate_rules(implied)?;
        if self.sink.reports() {
            self.end_search();
        }
        let (ended, details) = (self.frame, self.details());
        let event = self.close::<false>();
        self.pass_to_parent(&ended, &details);
        Ok(event)
    }

    /// Whether a tag such as the last one of `<total>40<total/>` was meant to be an end tag: it has the name of the
    /// open element, which cannot have children. If the end tag follows, the tag is a child after all.
    pub(super) fn is_meant_for_end_tag(&self, tag: &StartTag<'a>, raw: &[RawAttribute<'a>]) -> bool {
        if !self.is_like_end_tag(tag, raw) {
            return false;
        }
        let Ok(run) = lex::text_run(self.text, tag.end) else { return false };
        match lex::end_tag(self.text, tag.end + run.raw.len(), self.limits) {
            Ok((name, _)) => name != tag.name,
            Err(_) => true,
        }
    }

    /// Whether the tag may be meant for an end tag, which what follows decides.
    pub(super) fn is_like_end_tag(&self, tag: &StartTag<'a>, raw: &[RawAttribute<'a>]) -> bool {
        let is_bare_in_text = self.depth > 0 && self.frame.mode == Mode::Simple && raw.is_empty();
        is_bare_in_text && tag.name == self.name() && !self.frame.marks.has(Marks::REPORTED)
    }

    /// Reports a start tag that was meant for an end tag, and ends the open element with it.
    #[cold]
    pub(super) fn end_by_start_tag(&mut self, tag: &StartTag<'a>) -> Result<Event, Stop> {
        let (name, span, opened) = (self.name(), self.at..tag.end, self.frame.tag);
        let opened = opened..tag_end(self.text, opened, self.limits);
        self.scratch.ids.is_partial = true;
        self.error(Some(self.frame.tag), || {
            let words = words::start_tag_for_end_tag(name, tag.empty);
            let mut diagnostic = Diagnostic::new(words, span.clone(), String::new());
            diagnostic.related = Some((opened, words::well_formedness_related(Code::MismatchedEndTag).to_owned()));
            diagnostic
        })?;
        if let Some(explanation) = self.explanation() {
            explanation.ends.insert(span.start);
        }
        self.at = tag.end;
        self.end(span, false)
    }

    /// Whether to check that the content is complete. It is not checked if it could not be read, or if it is empty
    /// because the element claims to be nil.
    fn is_content_checked(&self) -> bool {
        let Frame { marks, .. } = self.frame;
        let is_untouched = self.run.is_none() && !self.has_children();
        !(marks.has(Marks::MALFORMED) || marks.has(Marks::EXCUSED) && is_untouched)
    }

    /// Checks that the content of the open element is complete (cvc-complex-type.2.4).
    fn check_children(&mut self, span: &Range<usize>) -> Result<(), Stop> {
        let is_right = self.may_end() && !self.frame.marks.has(Marks::SEARCHED);
        if is_right { Ok(()) } else { self.report_missing_at_end(span) }
    }

    fn may_end(&self) -> bool {
        let Some(state) = self.table.states.get(self.frame.state as usize) else { return false };
        let words = || self.scratch.memory.get(self.details().memory as usize..).unwrap_or_default();
        let state_of_model = StateId(self.frame.state - state.base);
        state.accepting || self.model().is_some_and(|model| model.automaton.accepts(state_of_model, words()))
    }

    fn end_search(&mut self) {
        let depth = self.depth;
        if self.frame.marks.has(Marks::SEARCHED)
            && let Some(explanation) = self.explanation()
        {
            explanation.searches.pop_if(|search| search.depth == depth);
        }
    }
}
