//! The careful way: one text run and one tag, lexed, resolved, looked up and checked, whatever they are.
//!
//! Here are the run and the end of an element; what an element that begins is taken for is in `place`, how it is opened
//! in `open`. The rules are those of the complete path, file by file, without words and without going on.

mod attributes;
mod identity;
mod namespaces;
mod open;
mod place;
mod rules;
mod text;

use super::{Details, Event, Machine, Mode, Stop, Text};
use crate::automaton::StateId;
use crate::check::table::NONE;
use crate::xml::lex;

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// The next event, by the careful way.
    #[cold]
    #[inline(never)]
    pub(super) fn careful(&mut self) -> Result<Event, Stop> {
        if self.depth == 0 {
            return self.around_root();
        }
        if self.frame.empty {
            return match self.frame.mode {
                Mode::Simple => self.simple_text(Text::EMPTY),
                _ => self.end(),
            };
        }
        let run = lex::text_run(self.text, self.at)?;
        self.at += run.raw.len();
        if let Some(event) = self.text_run(Text { raw: run.raw, plain: run.plain }, run.blank)? {
            return Ok(event);
        }
        match self.bytes.get(self.at + 1) {
            Some(b'/') => self.end(),
            Some(_) => self.open(),
            None => Err(Stop::Refused),
        }
    }

    /// The root element, or the end of the document.
    fn around_root(&mut self) -> Result<Event, Stop> {
        if self.frame.state != self.table.finished {
            return self.open();
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest != "\n" && !rest.is_empty() && lex::misc(self.text, self.at)? != self.text.len() {
            return Err(Stop::Refused);
        }
        self.at = self.text.len();
        self.scratch.ids.settle(self.schema)?;
        Ok(Event::Eof)
    }

    /// The end of the open element.
    fn end(&mut self) -> Result<Event, Stop> {
        if !self.frame.empty {
            let (name, end) = lex::end_tag(self.text, self.at, self.limits)?;
            if name != self.name_as_written() {
                return Err(Stop::Refused);
            }
            self.at = end;
        }
        if !self.may_end()? {
            return Err(Stop::Refused);
        }
        self.judge()?;
        self.track_end()?;
        if self.frame.details != NONE {
            let Details { memory, seen, .. } = self.details();
            self.scratch.memory.truncate(memory as usize);
            self.scratch.seen.truncate(seen as usize);
        }
        Ok(self.close())
    }

    /// Whether the content of the open element is complete (cvc-complex-type.2.4).
    fn may_end(&self) -> Result<bool, Stop> {
        Ok(match self.frame.mode {
            Mode::Elements => self.table.states[self.frame.state as usize].accepting,
            Mode::Model { .. } => {
                let memory = self.scratch.memory.get(self.details().memory as usize..).unwrap_or_default();
                self.automaton()?.accepts(StateId(self.frame.state), memory)
            }
            Mode::Simple => false,
            Mode::SimpleRead | Mode::Empty | Mode::Any { .. } => true,
        })
    }
}
