//! What comes of the things that are checked: written in one or several formats, and counted.

mod annotations;
mod format;
mod groups;
mod json;
mod sarif;
mod target;
mod text;
mod xml;

use std::time::Instant;

use packetcheck::diagnostic::Report;
use packetcheck::diagnostic::render::json::{JsonDiagnostic, diagnostics};
use serde::Serialize;

use crate::output::{Color, Output, complain, complain_plainly, painted};
use crate::status::{Status, Trouble, plural};
pub(crate) use format::ResultArguments;
use format::{Format, Piece};
use target::Target;

/// What became of a document or a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Valid,
    Invalid,
    Unreadable,
}

/// The word that the line of a result begins with.
pub(crate) fn verdict_word(is_valid: bool, warnings: usize, colored: bool) -> String {
    let (word, color) = match (is_valid, warnings) {
        (true, 0) => ("ok", Color::Green),
        (true, _) => ("ok", Color::Yellow),
        (false, _) => ("invalid", Color::Red),
    };
    painted(word, colored.then_some(color))
}

/// What that line ends with: `: 2 errors, 1 warning`; nothing where there is neither.
pub(crate) fn counted(errors: usize, warnings: usize) -> String {
    let counts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(count, word))
        .collect();
    if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) }
}

/// A file or a schema that was checked, or could not be.
pub(crate) struct Checked<'a> {
    /// As programs are told it.
    pub(crate) path: &'a str,
    /// The same for people, and what it was taken for: `a.xml (plesk-response)`.
    pub(crate) title: String,
    pub(crate) verdict: Verdict,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    /// How many bytes were read.
    pub(crate) bytes: usize,
    /// Those of which something is to be said.
    pub(crate) documents: Vec<Document<'a>>,
    /// Why it could not be checked, as standard error has it.
    pub(crate) complaints: Vec<String>,
    /// All of it as an object of JSON, on one line.
    pub(crate) object: &'a dyn Fn() -> Vec<u8>,
}

/// A document and what is to be said of it.
pub(crate) struct Document<'a> {
    /// For people.
    pub(crate) name: &'a str,
    /// For programs.
    pub(crate) path: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) report: &'a Report,
}

impl Document<'_> {
    fn diagnostics(&self) -> Vec<JsonDiagnostic<'_>> {
        diagnostics(self.bytes, &self.report.diagnostics)
    }

    /// How many diagnostics were counted and not kept.
    fn hidden(&self) -> usize {
        (self.report.errors + self.report.warnings).saturating_sub(self.report.diagnostics.len())
    }
}

/// What is to be written of one that was checked: made where that was done, and written elsewhere.
pub(crate) struct Outcome {
    verdict: Verdict,
    errors: usize,
    warnings: usize,
    bytes: usize,
    /// For each format.
    pieces: Vec<Piece>,
    complaints: Vec<String>,
}

/// Makes outcomes, on any thread.
#[derive(Clone)]
pub(crate) struct Renderer {
    formats: Vec<(Format, text::Style)>,
}

impl Renderer {
    pub(crate) fn outcome(&self, checked: Checked<'_>) -> Outcome {
        let pieces = self.formats.iter().map(|(format, style)| format.piece(&checked, *style)).collect();
        let Checked { verdict, errors, warnings, bytes, complaints, .. } = checked;
        Outcome { verdict, errors, warnings, bytes, pieces, complaints }
    }
}

/// Writes results and counts them.
pub(crate) struct Results {
    writers: Vec<Writer>,
    tally: Tally,
    begun: Instant,
}

impl Results {
    /// `what` is the word for one of them.
    pub(crate) fn new(arguments: &ResultArguments, what: &'static str) -> Result<Results, Trouble> {
        let writers = arguments.writers(what)?;
        Ok(Results { writers, tally: Tally::default(), begun: Instant::now() })
    }

    pub(crate) fn renderer(&self) -> Renderer {
        Renderer { formats: self.writers.iter().map(|writer| (writer.format, writer.style)).collect() }
    }

    /// How many there are so far.
    pub(crate) fn count(&self) -> usize {
        self.tally.total()
    }

    pub(crate) fn show(&mut self, outcome: Outcome) -> Result<(), Trouble> {
        self.tally.count(&outcome);
        for (writer, piece) in self.writers.iter_mut().zip(outcome.pieces) {
            writer.add(piece)?;
        }
        for complaint in &outcome.complaints {
            // What was found before comes first, where both streams go to the same place.
            self.flush()?;
            complain(complaint);
        }
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<(), Trouble> {
        self.writers.iter_mut().try_for_each(|writer| writer.target.flush())
    }

    /// Writes what all of them come to.
    pub(crate) fn finish(mut self) -> Result<Status, Trouble> {
        self.tally.milliseconds = self.begun.elapsed().as_millis();
        for writer in self.writers {
            writer.finish(&self.tally)?;
        }
        Ok(self.tally.status())
    }

    /// The same where somebody ended the work before its time: files are not written then.
    pub(crate) fn interrupt(mut self) -> Result<(), Trouble> {
        self.tally.milliseconds = self.begun.elapsed().as_millis();
        let written = |writer: &Writer| !matches!(writer.target, Target::File(_));
        self.writers.into_iter().filter(written).try_for_each(|writer| writer.finish(&self.tally))
    }
}

/// One format on its way to one place.
struct Writer {
    format: Format,
    style: text::Style,
    target: Target,
    /// What text needs of the pieces before.
    text: text::Text,
    /// Something of the entries was written.
    began: bool,
}

impl Writer {
    fn new(format: Format, style: text::Style, target: Target, text: text::Text) -> Writer {
        Writer { format, style, target, text, began: false }
    }

    fn add(&mut self, piece: Piece) -> Result<(), Trouble> {
        match piece {
            Piece::Text(piece) => self.target.write(self.text.add(piece).as_bytes()),
            Piece::Entries(entries) if entries.is_empty() => Ok(()),
            Piece::Entries(entries) => {
                let before = if self.began { self.format.between() } else { self.format.opening() };
                self.began = true;
                self.target.write(before.as_bytes())?;
                self.target.write(&entries)
            }
        }
    }

    fn finish(mut self, tally: &Tally) -> Result<(), Trouble> {
        if self.format == Format::Text {
            self.target.write(self.text.finish(tally).as_bytes())?;
        } else {
            let opening = if self.began { "" } else { self.format.opening() };
            self.target.write(opening.as_bytes())?;
            self.target.write(&self.format.closing(tally))?;
        }
        self.target.finish()
    }
}

/// How many came out how.
#[derive(Debug, Default)]
struct Tally {
    valid: usize,
    with_warnings: usize,
    invalid: usize,
    unreadable: usize,
    errors: usize,
    warnings: usize,
    bytes: usize,
    milliseconds: u128,
    /// Why some could not be read.
    complaints: Vec<String>,
}

impl Tally {
    /// So many complaints are kept.
    const COMPLAINTS: usize = 1000;

    fn count(&mut self, outcome: &Outcome) {
        match (outcome.verdict, outcome.warnings) {
            (Verdict::Valid, 0) => self.valid += 1,
            (Verdict::Valid, _) => self.with_warnings += 1,
            (Verdict::Invalid, _) => self.invalid += 1,
            (Verdict::Unreadable, _) => self.unreadable += 1,
        }
        self.errors += outcome.errors;
        self.warnings += outcome.warnings;
        self.bytes += outcome.bytes;
        let room = Tally::COMPLAINTS.saturating_sub(self.complaints.len());
        self.complaints.extend(outcome.complaints.iter().take(room).cloned());
    }

    fn total(&self) -> usize {
        self.valid + self.with_warnings + self.invalid + self.unreadable
    }

    fn status(&self) -> Status {
        match (self.invalid, self.unreadable) {
            (0, 0) => Status::Valid,
            (_, 0) => Status::Invalid,
            (_, _) => Status::Unchecked,
        }
    }
}

/// Writes annotations where GitHub reads them, in addition to what was asked for: on standard error.
fn annotate(line: &[u8]) {
    complain_plainly(line);
}
