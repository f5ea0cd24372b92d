//! What is said about the HTTP itself.

use std::ops::Range;

use crate::Limits;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::words::Words;
use crate::diagnostic::{Diagnostic, Report, Severity};

/// Errors and warnings, as they are found.
pub(super) struct Findings(KeptDiagnostics);

impl Findings {
    pub(super) fn new(limits: &Limits) -> Findings {
        Findings(KeptDiagnostics::new(limits))
    }

    pub(super) fn error(&mut self, span: Range<usize>, words: impl FnOnce() -> Words) {
        self.add(Severity::Error, span, words);
    }

    pub(super) fn warn(&mut self, span: Range<usize>, words: impl FnOnce() -> Words) {
        self.add(Severity::Warning, span, words);
    }

    fn add(&mut self, severity: Severity, span: Range<usize>, words: impl FnOnce() -> Words) {
        self.0.add(severity, || Diagnostic::new(words(), span, String::new()));
    }

    /// With a second place, and what it is.
    pub(super) fn add_related(
        &mut self,
        severity: Severity,
        span: Range<usize>,
        related: (Range<usize>, &str),
        words: impl FnOnce() -> Words,
    ) {
        self.0.add(severity, || {
            let mut diagnostic = Diagnostic::new(words(), span, String::new());
            diagnostic.related = Some((related.0, related.1.to_owned()));
            diagnostic
        });
    }

    /// An error that was found in JSON.
    pub(super) fn add_diagnostic(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        self.0.add(Severity::Error, diagnostic);
    }

    pub(super) fn finish(mut self) -> Report {
        self.0.finish()
    }
}
