//! The end of an element.

use std::ops::Range;

use crate::automaton::StateId;
use crate::check::events::Event;
use crate::check::frame::{Frame, Marks, Mode};
use crate::check::machine::{Machine, Stop};
use crate::check::sink::Sink;

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// The open element ends with the tag at `span`; `implied`: where the document does not have it.
    pub(super) fn end(&mut self, span: Range<usize>, implied: bool) -> Result<Event, Stop> {
        if implied {
            self.frame.marks.set(Marks::MALFORMED);
        }
        if self.is_content_judged() {
            match self.frame.mode {
                Mode::Simple if !self.frame.marks.has(Marks::REPORTED) => self.check_value(&span)?,
                mode if mode.has_model() => self.check_children(&span)?,
                _ => {}
            }
        }
        self.run = None;
        self.track_end()?;
        self.judge(implied)?;
        if S::REPORTS {
            self.end_search();
        }
        let (ended, details) = (self.frame, self.details());
        let event = self.close::<false>();
        self.tell_parent(&ended, &details);
        Ok(event)
    }

    /// Nothing is said about what is missing where the content could not be read, or is empty since the element claims
    /// to be nil.
    fn is_content_judged(&self) -> bool {
        let Frame { marks, .. } = self.frame;
        let is_untouched = self.run.is_none() && !self.has_children();
        !(marks.has(Marks::MALFORMED) || marks.has(Marks::EXCUSED) && is_untouched)
    }

    /// Whether the content of the open element is complete (cvc-complex-type.2.4).
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
