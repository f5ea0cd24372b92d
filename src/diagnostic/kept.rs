//! What `explain` found: the first diagnostics are kept, all are counted.

use crate::Limits;
use crate::diagnostic::{Diagnostic, Report, Severity};

/// Collects diagnostics under `Limits::diagnostics`.
#[derive(Debug)]
pub(crate) struct Findings {
    report: Report,
    limit: usize,
}

/// A diagnostic that may still be replaced by a better one for the same fault.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept(usize);

impl Findings {
    pub(crate) fn new(limits: &Limits) -> Findings {
        Findings { report: Report::default(), limit: limits.diagnostics }
    }

    /// Counts a fault. Its words are only made where it is kept: a document with 200,000 faults costs no more than
    /// counting them.
    pub(crate) fn add(&mut self, severity: Severity, diagnostic: impl FnOnce() -> Diagnostic) -> Option<Kept> {
        match severity {
            Severity::Error => self.report.errors += 1,
            Severity::Warning => self.report.warnings += 1,
        }
        if self.report.diagnostics.len() >= self.limit {
            return None;
        }
        let mut diagnostic = diagnostic();
        diagnostic.severity = severity;
        self.report.diagnostics.push(diagnostic);
        Some(Kept(self.report.diagnostics.len() - 1))
    }

    /// Says the same fault in other words: nothing more is counted.
    pub(crate) fn replace(&mut self, kept: Option<Kept>, diagnostic: impl FnOnce() -> Diagnostic) {
        if let Some(place) = kept.and_then(|Kept(index)| self.report.diagnostics.get_mut(index)) {
            *place = diagnostic();
        }
    }

    /// Tells where it is, when that is known later.
    pub(crate) fn set_path(&mut self, kept: Kept, path: String) {
        if let Some(diagnostic) = self.report.diagnostics.get_mut(kept.0) {
            diagnostic.path = path;
        }
    }

    /// The report, in document order.
    pub(crate) fn finish(mut self) -> Report {
        self.report.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        self.report
    }
}
