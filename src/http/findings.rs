//! Diagnostics about the HTTP itself.

use std::ops::Range;

use crate::Limits;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::secret::{SecretNames, conceal_too};
use crate::diagnostic::words::Words;
use crate::diagnostic::{Diagnostic, Report, Severity};

/// The most places that are concealed one by one.
const SECRETS: usize = 4096;

/// Errors and warnings, as they are found.
pub(super) struct Findings {
    kept: KeptDiagnostics,
    /// Credentials in lines that are not written as fields.
    secrets: Vec<Range<usize>>,
}

impl Findings {
    pub(super) fn new(limits: &Limits) -> Findings {
        Findings { kept: KeptDiagnostics::new(limits), secrets: Vec::new() }
    }

    pub(super) fn error(&mut self, span: Range<usize>, words: impl FnOnce() -> Words) {
        self.add(Severity::Error, span, words);
    }

    pub(super) fn warn(&mut self, span: Range<usize>, words: impl FnOnce() -> Words) {
        self.add(Severity::Warning, span, words);
    }

    fn add(&mut self, severity: Severity, span: Range<usize>, words: impl FnOnce() -> Words) {
        self.kept.add(severity, || Diagnostic::new(words(), span, String::new()));
    }

    /// Adds a diagnostic with a second place and its label.
    pub(super) fn add_related(
        &mut self,
        severity: Severity,
        span: Range<usize>,
        related: (Range<usize>, &str),
        words: impl FnOnce() -> Words,
    ) {
        self.kept.add(severity, || {
            let mut diagnostic = Diagnostic::new(words(), span, String::new());
            diagnostic.related = Some((related.0, related.1.to_owned()));
            diagnostic
        });
    }

    /// Adds an error that was found in JSON.
    pub(super) fn add_diagnostic(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        self.kept.add(Severity::Error, diagnostic);
    }

    /// Marks a span that must not be shown. Spans come in order. Once there are [`SECRETS`] of them, the last one is
    /// extended instead, which also hides what is between.
    pub(super) fn conceal(&mut self, span: Range<usize>) {
        let is_full = self.secrets.len() >= SECRETS;
        match self.secrets.last_mut().filter(|_| is_full) {
            _ if span.is_empty() => {}
            Some(last) => last.end = last.end.max(span.end),
            None => self.secrets.push(span),
        }
    }

    /// Returns the report, with the secrets of the capture masked, and the places of the secrets that only its reader
    /// knows.
    pub(super) fn finish(mut self, capture: &[u8]) -> (Report, Vec<Range<usize>>) {
        let mut report = self.kept.finish();
        conceal_too(&mut report, capture, &SecretNames::of_credentials(), &self.secrets);
        (report, self.secrets)
    }
}
