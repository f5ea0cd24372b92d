//! `check`: a verdict on every document, in the order of the command line.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use packetcheck::Kind;
use packetcheck::diagnostic::Report;
use packetcheck::diagnostic::render::json::{self, JsonDiagnostic};
use packetcheck::diagnostic::render::{text, visible};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;

use crate::args::{CheckArguments, Format};
use crate::input::Source;
use crate::output::{Output, complain};
use crate::plan::{Basis, Judge, make_strict};
use crate::status::{Status, Trouble, plural};
use crate::walk::{Found, only_one_stdin, walk};

/// How many documents are in work or wait to be shown, for each processor: it bounds the memory, however many there
/// are to check.
const BATCH_PER_THREAD: usize = 64;

pub(crate) fn run(arguments: &CheckArguments) -> Result<Status, Trouble> {
    only_one_stdin(&arguments.paths)?;
    let output = Output::stdout();
    let look = Look {
        judge: Judge::new(arguments)?,
        strict: arguments.strict,
        format: arguments.format,
        colored: output.is_colored(),
    };
    let mut printer = Printer { output, quiet: arguments.quiet, tally: Tally::default(), began: false, bar: None };
    let mut found = walk(&arguments.paths, look.judge.endings());
    let batch_size = BATCH_PER_THREAD * rayon::current_num_threads();
    loop {
        let batch: Vec<Found> = found.by_ref().take(batch_size).collect();
        let last = batch.len() < batch_size;
        let checked: Vec<Checked> = batch.into_par_iter().map(|found| look.check(found)).collect();
        printer.print(&checked)?;
        if last {
            break;
        }
        printer.show_progress();
    }
    printer.finish(arguments.format)
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Valid,
    Invalid,
    Unreadable,
}

/// A document as it was found, with what is to be shown of it.
struct Checked {
    verdict: Verdict,
    warnings: usize,
    /// For standard output.
    shown: Vec<u8>,
    /// It takes several lines, and an empty one sets it off from what stands before.
    set_off: bool,
    /// For standard error.
    complaint: Option<String>,
}

/// The object of a document with `--format json`.
#[derive(Serialize)]
struct JsonResult<'a> {
    path: &'a str,
    kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    verdict: Verdict,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<JsonDiagnostic<'a>>,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// How to look at documents. Shared by all threads.
struct Look {
    judge: Judge,
    strict: bool,
    format: Format,
    colored: bool,
}

impl Look {
    fn check(&self, found: Found) -> Checked {
        match found.and_then(|source| source.read().map(|bytes| (source.clone(), bytes)).map_err(|why| (source, why))) {
            Ok((source, document)) => self.judge(&source, &document),
            Err((source, why)) => self.unreadable(&source, &why),
        }
    }

    fn judge(&self, source: &Source, document: &[u8]) -> Checked {
        let (basis, mut report) = match self.judge.judge(source, document) {
            Ok(judged) => judged,
            Err(why) => return self.unreadable(source, &why),
        };
        if self.strict {
            make_strict(&mut report);
        }
        let verdict = if report.is_valid() { Verdict::Valid } else { Verdict::Invalid };
        let shown = match self.format {
            Format::Text => describe(&source.name(), document, &basis, &report, self.colored).into_bytes(),
            Format::Json => json_line(&JsonResult {
                path: &source.path(),
                kind: if let Basis::Kind(kind, _) = basis { Some(kind) } else { None },
                schema: if let Basis::Schema(path) = &basis { Some(path) } else { None },
                verdict,
                errors: report.errors,
                warnings: report.warnings,
                diagnostics: json::diagnostics(document, &report.diagnostics),
                error: None,
            }),
        };
        let set_off = self.format == Format::Text && !report.diagnostics.is_empty();
        Checked { verdict, warnings: report.warnings, shown, set_off, complaint: None }
    }

    fn unreadable(&self, source: &Source, why: &str) -> Checked {
        let shown = match self.format {
            Format::Text => Vec::new(),
            Format::Json => json_line(&JsonResult {
                path: &source.path(),
                kind: None,
                schema: None,
                verdict: Verdict::Unreadable,
                errors: 0,
                warnings: 0,
                diagnostics: Vec::new(),
                error: Some(why),
            }),
        };
        let complaint = Some(format!("{}: {why}", visible(&source.name())));
        Checked { verdict: Verdict::Unreadable, warnings: 0, shown, set_off: false, complaint }
    }
}

fn json_line(result: &JsonResult<'_>) -> Vec<u8> {
    // Strings and numbers into memory: nothing in it can fail.
    let mut line = json::to_line(result).unwrap_or_default();
    line.push(b'\n');
    line
}

/// All diagnostics of a document, and the line that sums it up.
pub(crate) fn describe(name: &str, document: &[u8], basis: &Basis, report: &Report, colored: bool) -> String {
    let mut out = text::diagnostics(name, document, &report.diagnostics, colored);
    let hidden = (report.errors + report.warnings).saturating_sub(report.diagnostics.len());
    if hidden > 0 {
        out.push_str(&format!("… and {hidden} more\n\n"));
    }
    let (word, style) = match (report.errors, report.warnings) {
        (0, 0) => ("ok", "\u{1b}[32m"),
        (0, _) => ("ok", "\u{1b}[33m"),
        (_, _) => ("invalid", "\u{1b}[1;31m"),
    };
    let word = if colored { format!("{style}{word}\u{1b}[0m") } else { word.to_owned() };
    let basis = match basis {
        Basis::Kind(kind, Some(found)) if !report.is_valid() || found.alternative.is_some() => {
            format!("{kind}, as {}", found.reason)
        }
        Basis::Kind(kind, _) => kind.to_string(),
        Basis::NoKind => "of no known kind".to_owned(),
        Basis::Schema(path) => path.clone(),
        Basis::Xml if report.is_valid() => "well-formed".to_owned(),
        Basis::Xml => "not well-formed".to_owned(),
    };
    let counts: Vec<String> = [(report.errors, "error"), (report.warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(count, word))
        .collect();
    let colon = if counts.is_empty() { "" } else { ": " };
    out.push_str(&format!("{word} {} ({}){colon}{}\n", visible(name), visible(&basis), counts.join(", ")));
    out
}

/// How many documents came out how.
#[derive(Debug, Default)]
struct Tally {
    valid: usize,
    with_warnings: usize,
    invalid: usize,
    unreadable: usize,
}

impl Tally {
    fn count(&mut self, checked: &Checked) {
        match (checked.verdict, checked.warnings) {
            (Verdict::Valid, 0) => self.valid += 1,
            (Verdict::Valid, _) => self.with_warnings += 1,
            (Verdict::Invalid, _) => self.invalid += 1,
            (Verdict::Unreadable, _) => self.unreadable += 1,
        }
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

    /// `4 files: 1 valid, 1 with warnings, 1 invalid, 1 unreadable`; what there is none of is left out.
    fn summary(&self) -> String {
        let parts = [
            (self.valid, "valid"),
            (self.with_warnings, "with warnings"),
            (self.invalid, "invalid"),
            (self.unreadable, "unreadable"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        format!("{}: {}\n", plural(self.total(), "file"), parts.join(", "))
    }
}

struct Printer {
    output: Output,
    quiet: bool,
    tally: Tally,
    /// Something was written to standard output.
    began: bool,
    bar: Option<ProgressBar>,
}

impl Printer {
    fn print(&mut self, batch: &[Checked]) -> Result<(), Trouble> {
        match self.bar.clone() {
            Some(bar) => {
                bar.suspend(|| self.print_all(batch))?;
                bar.set_position(self.tally.total() as u64);
                Ok(())
            }
            None => self.print_all(batch),
        }
    }

    fn print_all(&mut self, batch: &[Checked]) -> Result<(), Trouble> {
        for checked in batch {
            self.tally.count(checked);
            let spotless = checked.verdict == Verdict::Valid && checked.warnings == 0;
            if !(self.quiet && spotless) {
                if checked.set_off {
                    self.set_off()?;
                }
                self.began |= !checked.shown.is_empty();
                self.output.write(&checked.shown)?;
            }
            if let Some(complaint) = &checked.complaint {
                // What was found before comes first, where both streams go to the same place.
                self.output.flush()?;
                complain(complaint);
            }
        }
        self.output.flush()
    }

    fn set_off(&mut self) -> Result<(), Trouble> {
        if self.began { self.output.write(b"\n") } else { Ok(()) }
    }

    /// From the second batch on there are many files, and somebody at a terminal wants to see that work goes on.
    fn show_progress(&mut self) {
        if self.bar.is_none() && stderr().is_terminal() {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} files in {elapsed}") {
                bar.set_style(style);
            }
            bar.set_position(self.tally.total() as u64);
            bar.enable_steady_tick(Duration::from_millis(200));
            self.bar = Some(bar);
        }
    }

    fn finish(mut self, format: Format) -> Result<Status, Trouble> {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        let spotless = self.tally.valid == self.tally.total();
        if format == Format::Text && self.tally.total() > 1 && !(self.quiet && spotless) {
            self.set_off()?;
            self.output.write(self.tally.summary().as_bytes())?;
        }
        self.output.finish()?;
        Ok(self.tally.status())
    }
}
