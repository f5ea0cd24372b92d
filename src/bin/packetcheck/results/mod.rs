//! The results of everything that is checked, written in one or more formats and counted.

mod annotations;
mod format;
mod groups;
mod html;
mod json;
mod sarif;
mod target;
mod text;
mod xml;

use std::time::Instant;

use packetcheck::diagnostic::render::json::{JsonDiagnostic, diagnostics};
use packetcheck::diagnostic::render::text::Style;
use packetcheck::diagnostic::render::visible;
use packetcheck::diagnostic::{Report, Source};
use serde::Serialize;

use crate::fixer::FixedFile;
use crate::output::{Color, Output, complain, painted};
use crate::status::{Status, Trouble, plural};
pub(crate) use annotations::Fingerprints;
pub(crate) use format::{Documents, Extra, ResultArguments, check_format};
use format::{Format, Piece};
pub(crate) use sarif::uri;
pub(crate) use target::{Target, replace_file};

/// The outcome of a document or a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Valid,
    Invalid,
    Unreadable,
    /// It is not meant to be checked.
    Skipped,
}

/// The word that a result line begins with.
pub(crate) fn verdict_word(is_valid: bool, warnings: usize, colored: bool) -> String {
    let (word, color) = match (is_valid, warnings) {
        (true, 0) => ("ok", Color::Green),
        (true, _) => ("ok", Color::Yellow),
        (false, _) => ("invalid", Color::Red),
    };
    painted(word, colored.then_some(color))
}

/// The end of a result line: `: 2 errors, 1 warning`; empty if there are none.
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
    /// Its path, for programs.
    pub(crate) path: &'a str,
    /// Its name for display, and what it was checked against: `a.xml (plesk-response)`.
    pub(crate) title: String,
    pub(crate) verdict: Verdict,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    /// The number of bytes read.
    pub(crate) bytes: usize,
    /// The number of diagnostics that are omitted because they are known.
    pub(crate) known: usize,
    /// The documents with something to report.
    pub(crate) documents: Vec<Document<'a>>,
    /// The fixes that were applied, and what is written to standard output.
    pub(crate) fixed: FixedFile,
    /// Why it could not be checked, as written to standard error.
    pub(crate) complaints: Vec<String>,
    /// Its JSON object, on one line.
    pub(crate) object: &'a dyn Fn() -> Vec<u8>,
}

impl<'a> Checked<'a> {
    /// A file that could not be read, with the reason.
    pub(crate) fn unreadable(path: &'a str, name: &str, why: &str, object: &'a dyn Fn() -> Vec<u8>) -> Checked<'a> {
        Checked {
            path,
            title: String::new(),
            verdict: Verdict::Unreadable,
            errors: 0,
            warnings: 0,
            bytes: 0,
            known: 0,
            documents: Vec::new(),
            fixed: FixedFile::default(),
            complaints: vec![format!("{}: {why}", visible(name))],
            object,
        }
    }
}

/// A document and its diagnostics.
#[derive(Clone, Copy)]
pub(crate) struct Document<'a> {
    /// The name for display.
    pub(crate) name: &'a str,
    /// The path for programs.
    pub(crate) path: &'a str,
    /// What distinguishes it from other documents in fingerprints.
    pub(crate) key: &'a str,
    pub(crate) source: Source<'a>,
    pub(crate) report: &'a Report,
    pub(crate) origin: Origin,
}

/// Where a document begins in its file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Origin {
    pub(crate) lines_before: usize,
    /// The number of characters before it in its first line.
    pub(crate) columns_before: usize,
    pub(crate) bytes_before: usize,
}

impl Origin {
    /// The style for diagnostics of what begins there.
    pub(crate) fn styled(&self, style: Style) -> Style {
        style.lines_before(self.lines_before).columns_before(self.columns_before)
    }
}

impl Document<'_> {
    /// Its diagnostics as JSON, with their places in the file.
    pub(crate) fn diagnostics(&self) -> Vec<JsonDiagnostic<'_>> {
        let Origin { lines_before, columns_before, bytes_before } = self.origin;
        let mut diagnostics = diagnostics(self.source, &self.report.diagnostics);
        for diagnostic in &mut diagnostics {
            diagnostic.move_by(bytes_before, lines_before, columns_before);
        }
        diagnostics
    }

    /// The number of diagnostics that were counted but not kept.
    fn hidden(&self) -> usize {
        (self.report.errors + self.report.warnings).saturating_sub(self.report.diagnostics.len())
    }
}

/// The output for something that was checked. It is made on the thread that checked it, and written elsewhere.
pub(crate) struct Outcome {
    verdict: Verdict,
    /// The number of things that the outcome is for.
    count: usize,
    errors: usize,
    warnings: usize,
    bytes: usize,
    known: usize,
    /// The output for each format; none if nothing is written about it.
    pieces: Vec<Piece>,
    /// The line for text output in detail.
    line: Option<String>,
    complaints: Vec<String>,
    /// The number of fixes that were applied.
    fixed: usize,
    /// Bytes for standard output.
    output: Vec<u8>,
}

impl Outcome {
    /// The outcome for something that is not meant to be checked, with the reason.
    pub(crate) fn skipped(name: &str, why: &str) -> Outcome {
        let line = format!("skipped {} ({why})\n", visible(name));
        Outcome { line: Some(line), ..Outcome::of(Verdict::Skipped) }
    }

    fn of(verdict: Verdict) -> Outcome {
        let (pieces, complaints) = (Vec::new(), Vec::new());
        Outcome {
            verdict,
            count: 1,
            errors: 0,
            warnings: 0,
            bytes: 0,
            known: 0,
            pieces,
            line: None,
            complaints,
            fixed: 0,
            output: Vec::new(),
        }
    }
}

/// The results of the documents of a file.
#[derive(Default)]
pub(crate) struct Outcomes {
    outcomes: Vec<Outcome>,
    spotless: usize,
    bytes: usize,
}

impl Outcomes {
    pub(crate) fn push(&mut self, outcome: Outcome) {
        self.outcomes.push(outcome);
    }

    /// Adds a document with nothing to report or write.
    pub(crate) fn add_spotless(&mut self, bytes: usize) {
        self.spotless += 1;
        self.bytes += bytes;
    }

    /// Takes the outcomes since the last call.
    pub(crate) fn take(&mut self) -> Vec<Outcome> {
        let Outcomes { mut outcomes, spotless, bytes } = std::mem::take(self);
        if spotless > 0 {
            outcomes.push(Outcome { count: spotless, bytes, ..Outcome::of(Verdict::Valid) });
        }
        outcomes
    }
}

/// Makes outcomes, on any thread.
#[derive(Clone)]
pub(crate) struct Renderer {
    is_verbose: bool,
    formats: Vec<(Format, text::Style)>,
}

impl Renderer {
    pub(crate) fn outcome(&self, checked: Checked<'_>) -> Outcome {
        let pieces = self.formats.iter().map(|(format, style)| format.piece(&checked, *style)).collect();
        let Checked { verdict, errors, warnings, bytes, known, complaints, fixed, .. } = checked;
        let FixedFile { applied, output, .. } = fixed;
        let fixed = applied.len();
        Outcome { verdict, count: 1, errors, warnings, bytes, known, pieces, line: None, complaints, fixed, output }
    }

    /// Whether valid files without warnings are only counted.
    pub(crate) fn leaves_out_spotless(&self) -> bool {
        self.formats.iter().all(|(format, _)| format.leaves_out_spotless(self.is_verbose))
    }
}

/// Writes results and counts them.
pub(crate) struct Results {
    is_verbose: bool,
    writers: Vec<Writer>,
    tally: Tally,
    begun: Instant,
    /// The output for documents or patches, if they go to standard output.
    documents: Option<Output>,
}

impl Results {
    /// `what` is the word for a thing that is checked.
    pub(crate) fn new(arguments: &ResultArguments, extra: Extra<'_>, what: &'static str) -> Result<Results, Trouble> {
        let writers = arguments.writers(extra, what)?;
        let (is_verbose, tally, begun) = (arguments.is_verbose(), Tally::default(), Instant::now());
        let documents = (extra.documents != Documents::Nothing).then(Output::stdout);
        Ok(Results { is_verbose, writers, tally, begun, documents })
    }

    pub(crate) fn renderer(&self) -> Renderer {
        Renderer {
            is_verbose: self.is_verbose,
            formats: self.writers.iter().map(|writer| (writer.format, writer.style)).collect(),
        }
    }

    /// The number of results so far.
    pub(crate) fn count(&self) -> usize {
        self.tally.total()
    }

    pub(crate) fn show(&mut self, outcome: Outcome) -> Result<(), Trouble> {
        self.tally.count(&outcome);
        if let Some(documents) = &mut self.documents {
            documents.write(&outcome.output)?;
        }
        for (writer, piece) in self.writers.iter_mut().zip(outcome.pieces) {
            writer.add(piece)?;
        }
        if let Some(line) = outcome.line.filter(|_| self.is_verbose) {
            self.writers.iter_mut().try_for_each(|writer| writer.note(&line))?;
        }
        for complaint in &outcome.complaints {
            // If both streams go to the same place, earlier results must come first.
            self.flush()?;
            complain(complaint);
        }
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<(), Trouble> {
        self.documents.as_mut().map_or(Ok(()), Output::flush)?;
        self.writers.iter_mut().try_for_each(|writer| writer.target.flush())
    }

    /// Writes the summary.
    pub(crate) fn finish(mut self) -> Result<Status, Trouble> {
        self.tally.milliseconds = self.begun.elapsed().as_millis();
        if let Some(documents) = self.documents {
            documents.finish()?;
        }
        for writer in self.writers {
            writer.finish(&self.tally)?;
        }
        if self.tally.total() == 0 {
            complain("nothing was checked");
        }
        Ok(self.tally.status())
    }

    /// Writes the summary after the work was interrupted: files are then not written.
    pub(crate) fn interrupt(mut self) -> Result<(), Trouble> {
        self.tally.milliseconds = self.begun.elapsed().as_millis();
        self.tally.is_interrupted = true;
        let written = |writer: &Writer| !matches!(writer.target, Target::File(_));
        self.writers.into_iter().filter(written).try_for_each(|writer| writer.finish(&self.tally))
    }
}

/// One format, with the place that it is written to.
struct Writer {
    format: Format,
    style: text::Style,
    target: Target,
    /// What the text format keeps from earlier pieces.
    text: text::Text,
    /// What the HTML page keeps from earlier pieces.
    html: html::Html,
    /// Whether any entries were written.
    began: bool,
}

impl Writer {
    fn new(format: Format, style: text::Style, target: Target, text: text::Text, html: html::Html) -> Writer {
        Writer { format, style, target, text, html, began: false }
    }

    fn add(&mut self, piece: Piece) -> Result<(), Trouble> {
        match piece {
            Piece::Text(piece) => self.target.write(self.text.add(piece).as_bytes()),
            Piece::Html(piece) => {
                self.html.add(*piece);
                Ok(())
            }
            Piece::Entries(entries) if entries.is_empty() => Ok(()),
            Piece::Entries(entries) => {
                let before = if self.began { self.format.between() } else { self.format.opening() };
                self.began = true;
                self.target.write(before.as_bytes())?;
                self.target.write(&entries)
            }
        }
    }

    /// Writes a line to the text for people; other formats leave it out.
    fn note(&mut self, line: &str) -> Result<(), Trouble> {
        if self.format == Format::Text { self.target.write(line.as_bytes()) } else { Ok(()) }
    }

    fn finish(mut self, tally: &Tally) -> Result<(), Trouble> {
        match self.format {
            Format::Text => self.target.write(self.text.finish(tally).as_bytes())?,
            Format::Html => self.target.write(self.html.finish(tally).as_bytes())?,
            format => {
                let opening = if self.began { "" } else { format.opening() };
                self.target.write(opening.as_bytes())?;
                self.target.write(&format.closing(tally))?;
            }
        }
        self.target.finish()
    }
}

/// The number of each outcome.
#[derive(Debug, Default)]
struct Tally {
    valid: usize,
    with_warnings: usize,
    invalid: usize,
    unreadable: usize,
    skipped: usize,
    errors: usize,
    warnings: usize,
    bytes: usize,
    /// The number of diagnostics left out because they are known.
    known: usize,
    /// The number of fixes that were applied, or would be.
    fixed: usize,
    milliseconds: u128,
    /// Whether something was left unexamined.
    is_interrupted: bool,
    /// Why some files could not be read.
    complaints: Vec<String>,
}

impl Tally {
    /// The most complaints that are kept.
    const COMPLAINTS: usize = 1000;

    fn count(&mut self, outcome: &Outcome) {
        match (outcome.verdict, outcome.warnings) {
            (Verdict::Valid, 0) => self.valid += outcome.count,
            (Verdict::Valid, _) => self.with_warnings += outcome.count,
            (Verdict::Invalid, _) => self.invalid += outcome.count,
            (Verdict::Unreadable, _) => self.unreadable += outcome.count,
            (Verdict::Skipped, _) => self.skipped += outcome.count,
        }
        self.errors += outcome.errors;
        self.warnings += outcome.warnings;
        self.bytes += outcome.bytes;
        self.known += outcome.known;
        self.fixed += outcome.fixed;
        let room = Tally::COMPLAINTS.saturating_sub(self.complaints.len());
        self.complaints.extend(outcome.complaints.iter().take(room).cloned());
    }

    /// The number of files that were checked, or should have been.
    fn total(&self) -> usize {
        self.valid + self.with_warnings + self.invalid + self.unreadable
    }

    fn status(&self) -> Status {
        match (self.invalid, self.unreadable) {
            _ if self.total() == 0 => Status::Unchecked,
            (0, 0) => Status::Valid,
            (_, 0) => Status::Invalid,
            (_, _) => Status::Unchecked,
        }
    }
}
