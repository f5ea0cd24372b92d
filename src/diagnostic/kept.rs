//! The diagnostics of one document: the first ones are kept, all are counted.

use std::ops::Range;

use super::correction::Correction;
use super::{Code, Diagnostic, Report, Severity};
use crate::Limits;

/// Collects diagnostics under `Limits::diagnostics`.
#[derive(Debug)]
pub(crate) struct KeptDiagnostics {
    report: Report,
    limit: usize,
    /// Diagnostics before this one are settled (see `settle`), except those that were replaced since.
    settled: usize,
    replaced: Vec<usize>,
}

/// The index of a kept diagnostic that may still be replaced by a better one for the same error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeptIndex(usize);

impl KeptDiagnostics {
    pub(crate) fn new(limits: &Limits) -> KeptDiagnostics {
        KeptDiagnostics { report: Report::default(), limit: limits.diagnostics, settled: 0, replaced: Vec::new() }
    }

    /// Whether there was neither an error nor a warning.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.errors() + self.report.warnings == 0
    }

    /// The number of all errors, kept or not.
    #[inline]
    pub(crate) fn errors(&self) -> usize {
        self.report.errors
    }

    /// Counts an error or a warning. Its message is made only if it is kept: a document with 200,000 errors costs no
    /// more than counting them.
    pub(crate) fn add(&mut self, severity: Severity, diagnostic: impl FnOnce() -> Diagnostic) -> Option<KeptIndex> {
        match severity {
            Severity::Error => self.report.errors += 1,
            Severity::Warning => self.report.warnings += 1,
        }
        if self.report.diagnostics.len() >= self.limit {
            return None;
        }
        let mut diagnostic = diagnostic();
        diagnostic.severity = severity;
        if self.report.diagnostics.is_empty() {
            // Diagnostics are large, so growing the vector often is expensive.
            self.report.diagnostics.reserve(self.limit.min(16));
        }
        self.report.diagnostics.push(diagnostic);
        Some(KeptIndex(self.report.diagnostics.len() - 1))
    }

    /// Counts errors that are not kept.
    pub(crate) fn count_errors(&mut self, count: usize) {
        self.report.errors += count;
    }

    /// Adds the diagnostics of another report.
    pub(crate) fn take(&mut self, report: Report) {
        let kept = |severity| report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        self.report.errors += report.errors.saturating_sub(kept(Severity::Error));
        self.report.warnings += report.warnings.saturating_sub(kept(Severity::Warning));
        for diagnostic in report.diagnostics {
            self.add(diagnostic.severity, || diagnostic);
        }
    }

    /// Replaces a diagnostic by a better one for the same error, without counting it again.
    pub(crate) fn replace(&mut self, kept: Option<KeptIndex>, diagnostic: impl FnOnce() -> Diagnostic) {
        if let Some(place) = kept.and_then(|KeptIndex(index)| self.report.diagnostics.get_mut(index)) {
            *place = diagnostic();
        }
        self.replaced.extend(kept.map(|KeptIndex(index)| index).filter(|index| *index < self.settled));
    }

    /// Applies a change once to the diagnostics that are new since the last call.
    pub(crate) fn settle(&mut self, change: impl FnOnce(&mut Report)) {
        let settled = std::mem::replace(&mut self.settled, self.report.diagnostics.len());
        let replaced = std::mem::take(&mut self.replaced);
        if settled == self.settled && replaced.is_empty() {
            return;
        }
        let all = std::mem::take(&mut self.report.diagnostics).into_iter().enumerate();
        let (new, old): (Vec<_>, Vec<_>) = all.partition(|(index, _)| *index >= settled || replaced.contains(index));
        let (indices, diagnostics): (Vec<_>, Vec<_>) = new.into_iter().unzip();
        let mut report = Report { diagnostics, ..Report::default() };
        change(&mut report);
        let mut all: Vec<_> = old.into_iter().chain(indices.into_iter().zip(report.diagnostics)).collect();
        all.sort_by_key(|(index, _)| *index);
        self.report.diagnostics = all.into_iter().map(|(_, diagnostic)| diagnostic).collect();
    }

    /// Adds the correction of one of the last few diagnostics, if it is only known later.
    pub(crate) fn correct(&mut self, code: Code, span: &Range<usize>, correction: impl FnOnce() -> Correction) {
        /// A tag rarely has more diagnostics than this.
        const LAST: usize = 16;
        let mut last = self.report.diagnostics.iter_mut().rev().take(LAST);
        if let Some(found) = last.find(|found| found.code == code && found.span == *span) {
            found.correction.get_or_insert_with(|| Box::new(correction()));
        }
    }

    /// Sets the path, if it is only known later.
    pub(crate) fn set_path(&mut self, kept: KeptIndex, path: String) {
        if let Some(diagnostic) = self.report.diagnostics.get_mut(kept.0) {
            diagnostic.path = path;
        }
    }

    /// The report, in document order.
    pub(crate) fn finish(&mut self) -> Report {
        // Diagnostics are large, so their places are sorted first and each diagnostic is moved once.
        self.report.diagnostics.sort_by_cached_key(|diagnostic| diagnostic.span.start);
        std::mem::take(&mut self.report)
    }
}
