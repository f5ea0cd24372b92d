//! A document from its first byte to its last: prediction first, the walk where that declines.

use super::document::Document;
use super::events::{Event, Note};
use super::explanation::Explanation;
use super::machine::{Machine, Stop};
use super::scratch::with_scratch;
use super::sink::{Everything, Sink, Verdict, WalkAlone};
use super::table::Table;
use crate::Limits;
use crate::compiled::Compiled;
use crate::diagnostic::Report;

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// The next event.
    #[inline(always)]
    fn step(&mut self) -> Result<Event, Stop> {
        let predicted = if S::PREDICTS { self.predict() } else { None };
        match predicted {
            Some(event) => Ok(event),
            None => self.walk(),
        }
    }

    /// Starts the notes over and goes on until there are some, or the document is over.
    ///
    /// # Errors
    ///
    /// An error in the document: no more events come, and `finish` reads the rest for more errors.
    #[inline(never)]
    pub(crate) fn read(&mut self, count: usize) -> Result<(), Stop> {
        self.scratch.notes.clear();
        self.scratch.attributes.clear();
        while self.scratch.notes.len() < count {
            let event = self.step()?;
            if S::REPORTS && self.has_reported() {
                return Err(Stop);
            }
            if event == Event::Eof {
                self.scratch.notes.push(Note::of(Event::Eof));
                break;
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn has_reported(&mut self) -> bool {
        self.explanation().is_some_and(|explanation| !explanation.is_empty())
    }

    /// Reads what is left of the document; a sink that reports has all its errors then.
    ///
    /// # Errors
    ///
    /// The first error, where the sink wants no more.
    pub(crate) fn finish(&mut self) -> Result<(), Stop> {
        while self.step()? != Event::Eof {
            self.scratch.notes.clear();
            self.scratch.attributes.clear();
        }
        Ok(())
    }
}

/// Whether a document is valid.
pub(crate) fn is_valid(schema: &Compiled, table: &Table, limits: &Limits, bytes: &[u8]) -> bool {
    with_scratch(|scratch| {
        let Ok(document) = Document::new(bytes, limits) else { return false };
        let mut machine = Machine::new(schema, table, limits, document, scratch, Verdict);
        let result = loop {
            match machine.step() {
                Ok(Event::Eof) => break true,
                Ok(_) => {}
                Err(Stop) => break false,
            }
        };
        machine.release();
        result
    })
}

/// Every error and warning in a document.
pub(crate) fn explain(schema: &Compiled, table: &Table, limits: &Limits, bytes: &[u8]) -> Report {
    let sink = Everything(Explanation::new(limits));
    let Everything(explanation) = read_all(schema, table, limits, bytes, sink);
    explanation.report(bytes, limits)
}

/// The same by the walk alone.
pub(crate) fn explain_without_prediction(schema: &Compiled, table: &Table, limits: &Limits, bytes: &[u8]) -> Report {
    let sink = WalkAlone(Explanation::new(limits));
    let WalkAlone(explanation) = read_all(schema, table, limits, bytes, sink);
    explanation.report(bytes, limits)
}

/// Reads a document to its end into a sink that takes all errors.
fn read_all<'a, S: Sink<'a>>(schema: &Compiled, table: &Table, limits: &Limits, bytes: &'a [u8], sink: S) -> S {
    with_scratch(|scratch| {
        let mut machine = match Machine::open(schema, table, limits, bytes, scratch, sink) {
            Ok(machine) => machine,
            Err(sink) => return sink,
        };
        while machine.step().is_ok_and(|event| event != Event::Eof) {}
        machine.into_sink()
    })
}
