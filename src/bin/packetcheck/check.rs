//! `check`: a verdict on every document, in the order of the command line.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use packetcheck::PacketKind;
use packetcheck::diagnostic::Report;
use packetcheck::diagnostic::render::json::{self, JsonDiagnostic};
use packetcheck::diagnostic::render::{text, visible};
use serde::Serialize;

use crate::args::{CheckArguments, Format};
use crate::capture;
use crate::input::Source;
use crate::output::{Output, json_line};
use crate::plan::{Basis, Judge, make_strict, unreadable};
use crate::results::{Outcome, Results, Verdict, counted, verdict_word};
use crate::status::{Status, Trouble};
use crate::walk::{Found, only_one_stdin, walk};
use crate::workers::work;

/// How long the work may take before progress is shown on a terminal.
const PATIENCE: Duration = Duration::from_millis(500);

pub(crate) fn run(arguments: &CheckArguments) -> Result<Status, Trouble> {
    only_one_stdin(&arguments.paths)?;
    let output = Output::stdout();
    let look = Look {
        judge: Judge::new(arguments)?,
        strict: arguments.strict,
        format: arguments.format,
        colored: output.is_colored(),
    };
    let mut results = Results::new(output, arguments.format, arguments.quiet, "file");
    let warnings = look.judge.warnings();
    let mut spinner = Spinner::new();
    let found = walk(&arguments.paths, look.judge.endings());
    work(
        found,
        move |found| look.check(found),
        |outcomes| {
            spinner.above(|| {
                outcomes.iter().try_for_each(|outcome| results.show(outcome))?;
                results.flush()
            })?;
            spinner.show(results.count());
            Ok(())
        },
    )?;
    spinner.finish();
    Ok(results.finish()?.max(warnings.status()))
}

/// The object of a document with `--format json`.
#[derive(Serialize)]
struct JsonResult<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    kind: Option<PacketKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    verdict: Verdict,
    errors: usize,
    warnings: usize,
    /// Of a capture of HTTP.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<capture::JsonMessage<'a>>,
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
    fn check(&self, found: Found) -> Outcome {
        match found.and_then(|source| {
            source.read(self.judge.limits()).map(|bytes| (source.clone(), bytes)).map_err(|why| (source, why))
        }) {
            Ok((source, document)) => self.judge(&source, &document),
            Err((source, why)) => self.unreadable(&source, &why),
        }
    }

    fn judge(&self, source: &Source, document: &[u8]) -> Outcome {
        let (basis, mut report) = match self.judge.judge(source, document) {
            Ok(judged) => judged,
            Err(why) => return self.unreadable(source, &why),
        };
        if let Some(why) = unreadable(&report) {
            return self.unreadable(source, &why);
        }
        if self.strict {
            make_strict(&mut report);
        }
        let verdict = if report.is_valid() { Verdict::Valid } else { Verdict::Invalid };
        let shown = match self.format {
            Format::Text => describe(&source.name(), document, &basis, &report, self.colored).into_bytes(),
            Format::Json => json_line(&JsonResult {
                path: &source.path(),
                path_bytes: source.path_bytes(),
                kind: if let Basis::Kind(kind, _) = basis { Some(kind) } else { None },
                schema: if let Basis::Schema(path) = &basis { Some(path) } else { None },
                verdict,
                errors: report.errors,
                warnings: report.warnings,
                messages: if let Basis::Capture(messages) = &basis { capture::objects(messages) } else { Vec::new() },
                diagnostics: json::diagnostics(document, &report.diagnostics),
                error: None,
            }),
        };
        let is_set_off = self.format == Format::Text && !report.diagnostics.is_empty();
        Outcome { verdict, warnings: report.warnings, shown, is_set_off, complaints: Vec::new() }
    }

    fn unreadable(&self, source: &Source, why: &str) -> Outcome {
        let shown = match self.format {
            Format::Text => Vec::new(),
            Format::Json => json_line(&JsonResult {
                path: &source.path(),
                path_bytes: source.path_bytes(),
                kind: None,
                schema: None,
                verdict: Verdict::Unreadable,
                errors: 0,
                warnings: 0,
                messages: Vec::new(),
                diagnostics: Vec::new(),
                error: Some(why),
            }),
        };
        let complaints = vec![format!("{}: {why}", visible(&source.name()))];
        Outcome { verdict: Verdict::Unreadable, warnings: 0, shown, is_set_off: false, complaints }
    }
}

/// All diagnostics of a document, and the line that sums it up.
pub(crate) fn describe(name: &str, document: &[u8], basis: &Basis, report: &Report, colored: bool) -> String {
    let mut out = text::diagnostics(name, document, &report.diagnostics, colored);
    let hidden = (report.errors + report.warnings).saturating_sub(report.diagnostics.len());
    if hidden > 0 {
        out.push_str(&format!("… and {hidden} more\n\n"));
    }
    let word = verdict_word(report.is_valid(), report.warnings, colored);
    let basis = match basis {
        Basis::Kind(kind, Some(found)) if !report.is_valid() || found.alternative.is_some() => {
            format!("{kind}, as {}", found.reason)
        }
        Basis::Kind(kind, _) => kind.to_string(),
        Basis::Capture(messages) => capture::describe(messages, report.is_valid()),
        Basis::NoKind => "of no known kind".to_owned(),
        Basis::Schema(path) => path.clone(),
        Basis::Xml if report.is_valid() => "well-formed".to_owned(),
        Basis::Xml => "not well-formed".to_owned(),
    };
    let counts = counted(report.errors, report.warnings);
    out.push_str(&format!("{word} {} ({}){counts}\n", visible(name), visible(&basis)));
    out
}

/// The line that tells somebody at a terminal that work goes on.
struct Spinner {
    begun: Instant,
    bar: Option<ProgressBar>,
}

impl Spinner {
    fn new() -> Spinner {
        Spinner { begun: Instant::now(), bar: None }
    }

    /// Lets something be written above the line.
    fn above<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// How many files there are so far. It is there only once the work takes long.
    fn show(&mut self, count: usize) {
        if self.bar.is_none() && self.begun.elapsed() >= PATIENCE && stderr().is_terminal() {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} files in {elapsed}") {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(count as u64);
            bar.tick();
        }
    }

    fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
