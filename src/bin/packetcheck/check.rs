//! `check`: a verdict on every document, in the order of the command line.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use packetcheck::diagnostic::render::json::JsonDiagnostic;
use packetcheck::diagnostic::render::text::{self, Style};
use packetcheck::diagnostic::render::visible;
use packetcheck::diagnostic::{self, Code, Report, Severity};
use packetcheck::{Explained, Limits, PacketKind, Syntax};
use serde::Serialize;

use crate::args::CheckArguments;
use crate::baseline::Baseline;
use crate::capture;
use crate::config::{Configuration, Level};
use crate::fixer::{Applied, FixedFile, Fixer};
use crate::input::pieces::{Division, Next, Piece, each_piece};
use crate::input::walk::{Claim, Found, Item, NotChecked};
use crate::input::{Content, Source, folder_of};
use crate::output::json_line;
use crate::plan::{Basis, Checker, make_strict, unreadable};
use crate::results::{
    Checked, Document, Documents, Extra, Origin, Outcome, Outcomes, Renderer, Results, Verdict, counted, verdict_word,
};
use crate::status::{INTERRUPTED, Status, Trouble, reason};
use crate::waiting::Waiting;
use crate::watch;
use crate::workers::{Give, work};

pub(crate) fn run(arguments: &CheckArguments) -> Result<Status, Trouble> {
    let interrupted = interruption();
    match arguments.watch {
        true => watch::run(arguments, &interrupted, || check(arguments, &interrupted)),
        false => check(arguments, &interrupted),
    }
}

fn check(arguments: &CheckArguments, interrupted: &Arc<AtomicBool>) -> Result<Status, Trouble> {
    let configuration = Configuration::find(&arguments.configuration)?;
    let paths = arguments.input.paths()?;
    let baseline = match (&arguments.baseline, &arguments.write_baseline) {
        (Some(baseline), _) => Some(baseline.clone()),
        (None, Some(_)) => None,
        (None, None) => {
            configuration.examine_baseline()?;
            configuration.baseline()
        }
    };
    let formats = configuration.formats();
    let documents = match (arguments.fix, arguments.diff) {
        (true, true) => Documents::Patched,
        (true, false) if paths.iter().any(|path| Source::named(path).is_stdin()) => Documents::Written,
        _ => Documents::Nothing,
    };
    let formats = if documents == Documents::Patched { &[][..] } else { formats.as_slice() };
    let extra = Extra { formats, baseline: arguments.write_baseline.as_deref(), documents };
    let mut results =
        Results::new(&arguments.results, extra, if arguments.division().is_some() { "packet" } else { "file" })?;
    let checker = Checker::new(&arguments.checker, &configuration)?;
    let look = Look {
        fixer: Fixer::new(arguments, checker.limits(), interrupted),
        checker,
        strict: arguments.checker.strict || configuration.strict,
        division: arguments.division(),
        interrupted: Arc::clone(interrupted),
        base: base(baseline.as_deref().or(arguments.write_baseline.as_deref()), &configuration),
        levels: configuration.levels(),
        baseline: baseline.map_or_else(|| Ok(Baseline::default()), |path| Baseline::read(&path))?,
        renderer: results.renderer(),
    };
    let warnings = look.checker.warnings();
    let walked = arguments.input.walked(look.checker.endings(), configuration.excluded()?)?;
    let what = if arguments.division().is_some() { "packets" } else { "files" };
    let mut waiting = Waiting::new(what, arguments.input.counting(paths.clone(), walked.clone()));
    let mut files = 0;
    let found = arguments.input.found(paths, &walked);
    let worked = work(
        Batches { found: found.peekable() },
        arguments.jobs.map(usize::from),
        |batch| batch.iter().flatten().any(|item| item.claim == Claim::Named && item.source.may_wait()),
        move |batch, give| {
            let (mut outcomes, files) = (Outcomes::default(), batch.len());
            batch.into_iter().for_each(|found| look.check(found, &mut outcomes, give));
            give((files, outcomes.take()));
        },
        |done| {
            files += done.iter().map(|(files, _)| files).sum::<usize>();
            waiting.above(|| {
                done.into_iter().flat_map(|(_, outcomes)| outcomes).try_for_each(|outcome| results.show(outcome))?;
                results.flush()
            })?;
            waiting.show(files, results.count());
            if interrupted.load(Ordering::Relaxed) { Err(Trouble::Interrupted) } else { Ok(()) }
        },
    );
    waiting.finish();
    match worked {
        Ok(()) => Ok(results.finish()?.max(warnings.status())),
        Err(Trouble::Interrupted) => results.interrupt().and(Err(Trouble::Interrupted)),
        Err(trouble) => Err(trouble),
    }
}

/// The folder of the baseline, or else that of the configuration, or else the current folder.
fn base(baseline: Option<&Path>, configuration: &Configuration) -> PathBuf {
    let folder = match baseline {
        Some(path) => folder_of(path).to_owned(),
        None if configuration.folder.as_os_str().is_empty() => PathBuf::from("."),
        None => configuration.folder.clone(),
    };
    folder.canonicalize().unwrap_or(folder)
}

/// Groups files found in folders, which takes less time than passing each on separately. A file named on the command
/// line stays alone, since it can take any time.
struct Batches<I: Iterator<Item = Found>> {
    found: Peekable<I>,
}

/// The most files passed on together.
const BATCH: usize = 32;

impl<I: Iterator<Item = Found>> Iterator for Batches<I> {
    type Item = Vec<Found>;

    fn next(&mut self) -> Option<Vec<Found>> {
        let is_small = |found: &Found| !matches!(found, Ok(Item { claim: Claim::Named, .. }));
        let mut batch = vec![self.found.next()?];
        while batch.iter().all(is_small)
            && batch.len() < BATCH
            && let Some(found) = self.found.next_if(is_small)
        {
            batch.push(found);
        }
        Some(batch)
    }
}

/// Becomes true when the user interrupts the command (SIGINT). A second interruption ends the process at once.
pub(crate) fn interruption() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&interrupted);
    // If no handler can be set, the signal ends the process as usual.
    let _ = ctrlc::set_handler(move || {
        if handler.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    });
    interrupted
}

/// The JSON object of a document.
#[derive(Serialize)]
struct JsonResult<'a> {
    path: &'a str,
    /// The line of the file that the document is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    kind: Option<PacketKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    verdict: Verdict,
    errors: usize,
    warnings: usize,
    /// For an HTTP capture.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<capture::JsonMessage<'a>>,
    diagnostics: Vec<JsonDiagnostic<'a>>,
    /// With `--fix`: the fixes that were applied. Their places are in the original document.
    #[serde(skip_serializing_if = "<[Applied]>::is_empty")]
    fixes: &'a [Applied],
    /// Why the document could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// A document that was checked.
struct CheckedDocument<'a> {
    basis: Basis,
    report: Report,
    text: diagnostic::Source<'a>,
    /// The number of bytes of the document.
    length: usize,
}

/// Counts the bytes that are read.
struct Counted<R> {
    inner: R,
    count: usize,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count;
        Ok(count)
    }
}

/// How documents are checked. Shared by all threads.
struct Look {
    checker: Checker,
    fixer: Option<Fixer>,
    strict: bool,
    /// How the documents of a file are divided, if it has several.
    division: Option<Division>,
    /// Severities that replace the default ones of codes.
    levels: BTreeMap<Code, Level>,
    baseline: Baseline,
    /// The folder that paths are relative to when known diagnostics are compared.
    base: PathBuf,
    /// Set when nothing more is to be checked.
    interrupted: Arc<AtomicBool>,
    renderer: Renderer,
}

impl Look {
    /// Checks a file and adds an outcome for each document in it. If the documents may arrive slowly, the outcomes so
    /// far are passed on early, counted as no finished file.
    fn check(&self, found: Found, outcomes: &mut Outcomes, give: &mut Give<'_, (usize, Vec<Outcome>)>) {
        let item = match found {
            Ok(item) => item,
            Err((source, NotChecked::Unreadable(why))) => return outcomes.push(self.unreadable(&source, &why)),
            Err((source, NotChecked::Skipped(why))) => return outcomes.push(Outcome::skipped(&source.name(), why)),
        };
        let limits = self.checker.limits();
        let Some(division) = self.division else {
            let may_stream = |source: &Source| self.fixer.is_none() && self.checker.schema_for_all(source).is_some();
            return item.read_each(limits, &may_stream, &mut |source, content| match content {
                Ok(content) => {
                    let claim = source.claim(&item, self.checker.endings());
                    match content {
                        Content::Whole(document) => self.look(source, claim, Origin::default(), document, outcomes),
                        Content::Large(beginning, rest) => self.look_through(source, claim, beginning, rest, outcomes),
                    }
                }
                Err(why) => outcomes.push(self.unreadable(source, &why)),
            });
        };
        item.source.open_each(limits, &mut |source, stream| {
            let read = stream.and_then(|stream| {
                each_piece(stream, division, limits.document_bytes, &mut |next| match next {
                    Next::Piece(Piece { origin, text }) => {
                        self.look(source, Claim::Called, origin, text, outcomes);
                    }
                    Next::Pause => give((0, outcomes.take())),
                })
            });
            if let Err(why) = read {
                outcomes.push(self.unreadable(source, &why));
            }
        });
    }

    fn look(&self, source: &Source, claim: Claim, origin: Origin, document: &[u8], outcomes: &mut Outcomes) {
        if self.interrupted.load(Ordering::Relaxed) {
            return;
        }
        if claim != Claim::Named && self.renderer.leaves_out_spotless() && self.checker.is_spotless(source, document) {
            return outcomes.add_spotless(document.len());
        }
        outcomes.push(self.check_document(source, claim, origin, document));
    }

    /// As `look`, for a large document of which only a part is in memory.
    fn look_through(
        &self,
        source: &Source,
        claim: Claim,
        beginning: &[u8],
        rest: &mut dyn Read,
        outcomes: &mut Outcomes,
    ) {
        let Some((schema, path)) = self.checker.schema_for_all(source) else { return };
        if self.interrupted.load(Ordering::Relaxed) {
            return;
        }
        let mut bytes = Counted { inner: beginning.chain(rest), count: 0 };
        let (mut report, lines) = match schema.check_reader(&mut bytes) {
            Ok(checked) => (checked.report, checked.lines),
            Err(error) => return outcomes.push(self.unreadable(source, &reason(&error))),
        };
        if let Some(document) = lines.document() {
            report = Explained::name_the_cause(document, None, report);
        }
        let basis = Basis::Schema(path.to_owned());
        if let Some(outcome) = self.declined(source, claim, &basis, &report, beginning) {
            return outcomes.push(outcome);
        }
        set_levels(&mut report, &self.levels);
        let checked = CheckedDocument { basis, report, text: (&lines).into(), length: bytes.count };
        outcomes.push(self.outcome(source, Origin::default(), checked, &FixedFile::default()));
    }

    fn check_document(&self, source: &Source, claim: Claim, origin: Origin, document: &[u8]) -> Outcome {
        let (mut basis, mut report) = match self.checker.check(source, document) {
            Ok(checked) => checked,
            Err(why) => return self.unreadable(source, &why),
        };
        if let Some(outcome) = self.declined(source, claim, &basis, &report, document) {
            return outcome;
        }
        set_levels(&mut report, &self.levels);
        let fixed = match self.fix(source, document, &mut basis, &mut report) {
            Ok(fixed) => fixed,
            Err(why) => return self.unreadable(source, &why),
        };
        let document = fixed.document.as_deref().unwrap_or(document);
        let checked = CheckedDocument { basis, report, text: document.into(), length: document.len() };
        self.outcome(source, origin, checked, &fixed)
    }

    /// The outcome if the document was not meant to be checked or could not be read. `beginning`: the start of the
    /// document.
    fn declined(
        &self,
        source: &Source,
        claim: Claim,
        basis: &Basis,
        report: &Report,
        beginning: &[u8],
    ) -> Option<Outcome> {
        if claim == Claim::Content && !self.checker.is_configured(source) && !is_meant(basis, report, beginning) {
            return Some(Outcome::skipped(&source.name(), "not a packet"));
        }
        unreadable(report).map(|why| self.unreadable(source, &why))
    }

    fn outcome(&self, source: &Source, origin: Origin, checked: CheckedDocument<'_>, fixed: &FixedFile) -> Outcome {
        let CheckedDocument { basis, mut report, text, length } = checked;
        let key = if report.diagnostics.is_empty() { String::new() } else { source.path_from(&self.base) };
        if self.strict {
            make_strict(&mut report);
        }
        let known = self.baseline.take_known(&key, text, &mut report);
        let verdict = if report.is_valid() { Verdict::Valid } else { Verdict::Invalid };
        let (name, path) = (source.name(), source.path());
        let (place, whole) = match self.division.is_some() {
            true => (format!("{name}:{}", origin.lines_before + 1), format!("{path}:{}", origin.lines_before + 1)),
            false => (name.clone(), path.clone()),
        };
        let shown = Document { name: &name, path: &path, key: &key, source: text, report: &report, origin };
        let object = || {
            json_line(&JsonResult {
                path: &path,
                line: self.division.is_some().then_some(origin.lines_before + 1),
                path_bytes: source.path_bytes(),
                kind: if let Basis::Kind(kind, _) = basis { Some(kind) } else { None },
                schema: if let Basis::Schema(path) = &basis { Some(path) } else { None },
                verdict,
                errors: report.errors,
                warnings: report.warnings,
                messages: if let Basis::Capture(messages) = &basis { capture::objects(messages) } else { Vec::new() },
                diagnostics: shown.diagnostics(),
                fixes: &fixed.applied,
                error: None,
            })
        };
        self.renderer.outcome(Checked {
            path: &whole,
            title: title(&place, &basis, &report),
            verdict,
            errors: report.errors,
            warnings: report.warnings,
            bytes: length,
            known,
            documents: vec![shown],
            fixed: FixedFile { document: None, ..fixed.clone() },
            complaints: fixed.complaint.clone().into_iter().collect(),
            object: &object,
        })
    }

    /// Fixes a document, if that was requested; basis and report then describe the result.
    fn fix(
        &self,
        source: &Source,
        document: &[u8],
        basis: &mut Basis,
        report: &mut Report,
    ) -> Result<FixedFile, String> {
        /// The most errors of a document that are fixed at once.
        const ONCE: usize = 1 << 16;
        let Some(fixer) = &self.fixer else { return Ok(FixedFile::default()) };
        let check = |document: &[u8], limits: &Limits| {
            let (basis, mut report) = self.checker.check_within(source, document, limits)?;
            set_levels(&mut report, &self.levels);
            Ok::<_, String>((basis, report))
        };
        let limits = self.checker.limits();
        let all = limits.diagnostics(limits.diagnostics.max(ONCE));
        // A document that can no longer be checked is worse than any other.
        let mut hopeless = Report::default();
        hopeless.errors = usize::MAX;
        let explain = |document: &[u8]| check(document, &all).map_or_else(|_| hopeless.clone(), |(_, report)| report);
        let fixed = fixer.fix(source, document, (basis, report), explain)?;
        if let Some(document) = &fixed.document {
            (*basis, *report) = check(document, limits)?;
        }
        Ok(fixed)
    }

    fn unreadable(&self, source: &Source, why: &str) -> Outcome {
        let path = source.path();
        let object = || {
            json_line(&JsonResult {
                path: &path,
                line: None,
                path_bytes: source.path_bytes(),
                kind: None,
                schema: None,
                verdict: Verdict::Unreadable,
                errors: 0,
                warnings: 0,
                messages: Vec::new(),
                diagnostics: Vec::new(),
                fixes: &[],
                error: Some(why),
            })
        };
        self.renderer.outcome(Checked::unreadable(&path, &source.name(), why, &object))
    }
}

/// Gives diagnostics the severities configured for their codes, and removes those that are turned off.
pub(crate) fn set_levels(report: &mut Report, levels: &BTreeMap<Code, Level>) {
    if levels.is_empty() {
        return;
    }
    let Report { diagnostics, errors, warnings, .. } = report;
    diagnostics.retain_mut(|diagnostic| {
        let Some(level) = levels.get(&diagnostic.code) else { return true };
        let mut count = |severity, more: bool| {
            let count = if severity == Severity::Error { &mut *errors } else { &mut *warnings };
            *count = if more { *count + 1 } else { count.saturating_sub(1) };
        };
        count(diagnostic.severity, false);
        let severity = level.severity();
        if let Some(severity) = severity {
            count(severity, true);
            diagnostic.severity = severity;
        }
        severity.is_some()
    });
}

/// Whether the content of a document shows that it is meant to be checked, when nothing else does.
pub(crate) fn is_meant(basis: &Basis, report: &Report, document: &[u8]) -> bool {
    let begins = |mark: &[u8]| document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document).starts_with(mark);
    match basis {
        Basis::Kind(_, Some(_)) => true,
        // The kind was given for all files.
        Basis::Kind(kind, None) => {
            let first = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document).trim_ascii_start().first();
            match kind.syntax() {
                // The other bytes begin other encodings.
                Syntax::Xml => matches!(first, Some(b'<' | b'\0' | 0xfe | 0xff)),
                Syntax::Json => matches!(first, Some(b'{' | b'[')),
                _ => report.is_valid(),
            }
        }
        Basis::Capture(messages) => messages.iter().any(|message| message.detected.is_some()),
        Basis::NoKind => false,
        // If the schema does not declare the root, it is not the document's schema.
        Basis::Schema(_) => {
            let root = report.diagnostics.first().filter(|first| first.path.matches('/').count() == 1);
            begins(b"<") && root.is_none_or(|first| first.code.as_str() != "PC0201")
        }
        Basis::Xml => begins(b"<?xml"),
    }
}

/// All diagnostics of a document, and a summary line.
pub(crate) fn describe(name: &str, document: &[u8], basis: &Basis, report: &Report, style: Style) -> String {
    let mut out = text::each(name, document, &report.diagnostics, style).concat();
    let hidden = (report.errors + report.warnings).saturating_sub(report.diagnostics.len());
    if hidden > 0 {
        out.push_str(&format!("… and {hidden} more\n\n"));
    }
    let word = verdict_word(report.is_valid(), report.warnings, style.colored);
    let counts = counted(report.errors, report.warnings);
    out.push_str(&format!("{word} {}{counts}\n", visible(&title(name, basis, report))));
    out
}

/// The name of a document, and what it was checked as.
fn title(name: &str, basis: &Basis, report: &Report) -> String {
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
    format!("{name} ({basis})")
}
