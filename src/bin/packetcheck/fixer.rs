//! `check --fix`: fixes each document, and writes it or a patch.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use packetcheck::Limits;
use packetcheck::diagnostic::render::visible;
use packetcheck::diagnostic::{Code, LineColumn, Report, line_columns};
use packetcheck::fix::{Fix, FixOptions, Fixed, fix};
use serde::Serialize;

use crate::args::CheckArguments;
use crate::input::Source;
use crate::output::stdout_style;
use crate::patch::{Differ, patch};
use crate::plan::Basis;
use crate::results::replace_file;

/// Fixes documents, on any thread.
pub(crate) struct Fixer {
    options: FixOptions,
    /// Whether files stay as they are, and patches are written instead.
    is_diff: bool,
    is_colored: bool,
    limits: Limits,
    interrupted: Arc<AtomicBool>,
}

/// The result of fixing a file.
#[derive(Clone, Default)]
pub(crate) struct FixedFile {
    /// The new document, if it has changed.
    pub(crate) document: Option<Vec<u8>>,
    pub(crate) applied: Vec<Applied>,
    /// Output for standard output.
    pub(crate) output: Vec<u8>,
    /// Why less was fixed than could have been.
    pub(crate) complaint: Option<String>,
}

/// A fix that was applied, or with `--diff` would be.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Applied {
    code: Code,
    title: String,
    safe: bool,
    path: String,
    span: Span,
    #[serde(flatten)]
    place: LineColumn,
    #[serde(skip)]
    word: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Span {
    start: usize,
    end: usize,
}

impl Applied {
    /// A line such as `fixed a.xml:3:5: PC0204 write `title``.
    pub(crate) fn line(&self, name: &str) -> String {
        let Applied { code, title, safe, place, word, .. } = self;
        let doubt = if *safe { "" } else { " (unsafe)" };
        format!("{word} {}:{}:{}: {code} {}{doubt}\n", visible(name), place.line, place.column, visible(title))
    }
}

impl Fixer {
    /// A fixer, if the command line requests one.
    pub(crate) fn new(arguments: &CheckArguments, limits: &Limits, interrupted: &Arc<AtomicBool>) -> Option<Fixer> {
        let is_diff = arguments.diff;
        arguments.fix.then(|| Fixer {
            options: FixOptions::new().allow_unsafe(arguments.unsafe_fixes),
            is_diff,
            is_colored: is_diff && stdout_style().colored,
            limits: *limits,
            interrupted: Arc::clone(interrupted),
        })
    }

    /// Writes the fixed document to where it came from: to its file, or to standard output if it came from standard input.
    ///
    /// # Errors
    ///
    /// Its file cannot be written. The message has the reason.
    pub(crate) fn fix(
        &self,
        source: &Source,
        document: &[u8],
        (basis, report): (&Basis, &Report),
        explain: impl Fn(&[u8]) -> Report,
    ) -> Result<FixedFile, String> {
        let as_it_is = || match source.is_stdin() && !self.is_diff {
            true => FixedFile { output: document.to_vec(), ..FixedFile::default() },
            false => FixedFile::default(),
        };
        if matches!(basis, Basis::Capture(_)) {
            let why = || format!("{}: nothing is fixed in an HTTP capture", visible(&source.name()));
            return Ok(FixedFile { complaint: (!report.is_valid()).then(why), ..as_it_is() });
        }
        if report.diagnostics.is_empty() {
            return Ok(as_it_is());
        }
        // After an interruption nothing more is checked, and nothing is written.
        let stopped = || self.interrupted.load(Ordering::Relaxed);
        let explain = |document: &[u8]| if stopped() { report.clone() } else { explain(document) };
        let Fixed { document: result, applied, is_complete, .. } = fix(document, &self.options, explain);
        if applied.is_empty() || stopped() {
            return Ok(as_it_is());
        }
        if let Some(why) = cannot_be_written(source) {
            let fixes = counted(applied.len());
            let complaint = format!("{}: {fixes} not applied: {why}", visible(&source.name()));
            return Ok(FixedFile { complaint: Some(complaint), ..as_it_is() });
        }
        let applied = self.described(document, applied);
        let complaint = (!is_complete).then(|| format!("{}: another run can fix more", visible(&source.name())));
        let fixed = FixedFile { applied, complaint, ..FixedFile::default() };
        match (self.is_diff, source.is_stdin()) {
            (true, _) => {
                let patch = patch(&source.path(), document, &result, Differ::InLines, self.is_colored, &self.limits);
                Ok(FixedFile { output: patch, ..fixed })
            }
            (false, true) => Ok(FixedFile { document: Some(result.clone()), output: result, ..fixed }),
            (false, false) => {
                if std::fs::read(source.as_path()).is_ok_and(|now| now != document) {
                    return Err("changed while it was being fixed; nothing was written".to_owned());
                }
                replace_file(source.as_path(), &result)?;
                Ok(FixedFile { document: Some(result), ..fixed })
            }
        }
    }

    fn described(&self, document: &[u8], fixes: Vec<Fix>) -> Vec<Applied> {
        let word = if self.is_diff { "would fix" } else { "fixed" };
        let places = line_columns(document, &fixes.iter().map(|fix| fix.span.start).collect::<Vec<_>>());
        let described = fixes.into_iter().zip(places).map(|(fix, place)| {
            let Fix { code, title, is_safe: safe, path, span, .. } = fix;
            let span = Span { start: span.start, end: span.end };
            Applied { code, title, safe, path, span, place, word }
        });
        described.collect()
    }
}

/// `1 fix`, `2 fixes`
pub(crate) fn counted(count: usize) -> String {
    if count == 1 { "1 fix".to_owned() } else { format!("{count} fixes") }
}

/// Why the document of a source stays as it is.
fn cannot_be_written(source: &Source) -> Option<&'static str> {
    match source {
        Source::Stdin(_) => None,
        Source::Member(..) => Some("it is in an archive"),
        Source::File(_) if source.is_packed() => Some("it is compressed"),
        Source::File(_) if source.may_wait() => Some("it is a pipe, a socket or a device"),
        Source::File(_) => None,
    }
}
