//! Checks a document from its first byte to its last: by prediction first, and by the walk where prediction declines.

use super::document::{Document, Input};
use super::events::{Event, Note};
use super::explanation::Explanation;
use super::frame::Mode;
use super::machine::{Machine, Stop};
use super::scratch::with_scratch;
use super::sink::{self, IS_COMPILED_ONCE, Sink};
use super::table::Table;
use crate::Limits;
use crate::compiled::Compiled;
use crate::diagnostic::{Report, places};
use crate::xml::Decoded;

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Continues to the end of the document, or to the first error if the sink wants no more.
    #[inline(always)]
    fn run(&mut self) -> Result<(), Stop> {
        while !self.predict_on() {
            if self.walk()? == Event::Eof {
                break;
            }
            self.forget_notes();
        }
        Ok(())
    }

    /// Continues as long as the prediction holds, in one copy of its code, and returns whether it reached the end of
    /// the document.
    #[inline(always)]
    fn predict_on(&mut self) -> bool {
        if !self.sink.predicts() {
            return false;
        }
        while IS_COMPILED_ONCE || !self.is_plain {
            match self.predict_elsewhere() {
                Some(Event::Eof) => return true,
                Some(_) => self.forget_notes(),
                None => return false,
            }
        }
        // Nothing in the plain copy can make the document less plain.
        loop {
            match self.predict::<true>() {
                Some(Event::Eof) => return true,
                Some(_) => self.forget_notes(),
                None => return false,
            }
        }
    }

    #[inline(always)]
    fn forget_notes(&mut self) {
        if self.sink.events() {
            self.scratch.notes.clear();
            self.scratch.attributes.clear();
        }
    }

    #[inline(always)]
    pub(super) fn predict_if_wanted(&mut self) -> Option<Event> {
        if !self.sink.predicts() {
            None
        } else if self.is_plain && !IS_COMPILED_ONCE {
            self.predict::<true>()
        } else {
            self.predict_elsewhere()
        }
    }

    /// Predicts one element while namespace declarations or identity constraints are in scope.
    #[inline(never)]
    fn predict_elsewhere(&mut self) -> Option<Event> {
        self.predict::<false>()
    }

    /// Clears the notes and continues until there are `count` of them, or the document ends.
    ///
    /// # Errors
    ///
    /// The document has an error: there will be no more events, and `finish` reads the rest for more errors.
    #[inline(never)]
    pub(crate) fn read(&mut self, count: usize) -> Result<(), Stop> {
        self.scratch.notes.clear();
        self.scratch.attributes.clear();
        while self.scratch.notes.len() < count {
            let event = match self.predict_if_wanted() {
                Some(event) => event,
                None => self.walk_without_error()?,
            };
            if event == Event::Eof {
                self.scratch.notes.push(Note::of(Event::Eof));
                break;
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn walk_without_error(&mut self) -> Result<Event, Stop> {
        let event = self.walk()?;
        let is_right = self.explanation().is_none_or(|explanation| explanation.is_valid());
        if is_right { Ok(event) } else { Err(Stop) }
    }

    /// Reads the rest of the document; a reporting sink then has all its errors.
    ///
    /// # Errors
    ///
    /// The first error, if the sink wants no more.
    #[inline(never)]
    pub(crate) fn finish(&mut self) -> Result<(), Stop> {
        self.run()
    }
}

/// Whether a document is valid.
pub(crate) fn is_valid(schema: &Compiled, table: &Table, limits: &Limits, bytes: &[u8]) -> bool {
    let Ok(document) = Document::new(bytes, limits) else { return is_valid_decoded(schema, table, limits, bytes) };
    with_scratch(|scratch| {
        let mut machine = Machine::new(schema, table, limits, document, scratch, sink::verdict());
        let result = machine.run();
        machine.release();
        result.is_ok()
    })
}

/// As `is_valid`, for a document that can be in another encoding.
#[cold]
fn is_valid_decoded(schema: &Compiled, table: &Table, limits: &Limits, bytes: &[u8]) -> bool {
    match Decoded::new(bytes, limits) {
        Ok(Some(decoded)) => decoded.is_sound() && is_valid(schema, table, limits, decoded.text().as_bytes()),
        Ok(None) | Err(_) => false,
    }
}

/// Calls a function with the notes of the elements of a UTF-8 document, in order, and with whether only a wildcard
/// admits each. After an error, they continue where the walk recovers.
pub(crate) fn elements(
    schema: &Compiled,
    table: &Table,
    limits: &Limits,
    text: &str,
    mut each: impl FnMut(&Note, bool),
) {
    let Ok(document) = Document::new(text.as_bytes(), limits) else { return };
    let mut explanation = Explanation::new(limits);
    with_scratch(|scratch| {
        let sink = sink::values(&mut explanation, false);
        let mut machine = Machine::new(schema, table, limits, document, scratch, sink);
        machine.forget_notes();
        loop {
            let event = match machine.predict_if_wanted() {
                Some(event) => event,
                None => match machine.walk() {
                    Ok(event) => event,
                    Err(Stop) => break,
                },
            };
            // Elements that only wildcards admit come one at a time.
            let is_admitted = matches!(machine.frame.mode, Mode::Lax | Mode::Skip);
            let notes = machine.notes().iter().filter(|note| matches!(note.event, Event::Start | Event::Leaf));
            notes.for_each(|note| each(note, is_admitted));
            machine.forget_notes();
            if event == Event::Eof {
                break;
            }
        }
        machine.release();
    });
}

/// Reports every error and warning in a document.
pub(crate) fn explain(schema: &Compiled, table: &Table, limits: &Limits, bytes: &[u8]) -> Report {
    explain_by(limits, bytes, |input, explanation| {
        read_all(schema, table, limits, input, sink::everything(explanation))
    })
}

/// Reports every error and warning in a document, by the walk alone.
pub(crate) fn explain_without_prediction(schema: &Compiled, table: &Table, limits: &Limits, bytes: &[u8]) -> Report {
    explain_by(limits, bytes, |input, explanation| {
        read_all(schema, table, limits, input, sink::everything_without_prediction(explanation));
    })
}

fn explain_by(
    limits: &Limits,
    bytes: &[u8],
    read: impl for<'a, 'e> FnOnce(Input<'a>, &'e mut Explanation<'a>),
) -> Report {
    let mut explanation = Explanation::new(limits);
    // A document that opens without errors does not need its encoding detected.
    if let Ok(document) = Document::new(bytes, limits) {
        read(Input::Opened(bytes, document), &mut explanation);
        return explanation.report(bytes, limits);
    }
    let decoded = Decoded::new(bytes, limits);
    let Ok(Some(decoded)) = decoded else {
        read(Input::Bytes(bytes), &mut explanation);
        return explanation.report(bytes, limits);
    };
    let mut explanation = Explanation::new(limits);
    read(Input::Decoded(&decoded), &mut explanation);
    let mut report = explanation.report(decoded.text().as_bytes(), limits);
    places::to_original(&mut report, &decoded);
    report
}

/// Reads a document to its end into a sink that takes all errors.
fn read_all<'a, S: Sink<'a>>(schema: &Compiled, table: &Table, limits: &Limits, input: Input<'a>, sink: S) {
    with_scratch(|scratch| {
        if let Input::Opened(_, document) = input {
            // The usual case: the machine is built in its final place.
            let mut machine = Machine::new(schema, table, limits, document, scratch, sink);
            let _ = machine.finish();
            machine.release();
            return;
        }
        // A document that cannot be read at all was reported; any other is read to its end, since the sink takes all
        // errors.
        if let Ok(mut machine) = Machine::open(schema, table, limits, input, scratch, sink) {
            let _ = machine.finish();
            machine.release();
        }
    });
}
