//! Verifies fixes: each one is tried before it is returned.

use std::collections::{HashMap, HashSet};

use super::apply::{Places, Taken};
use super::candidates::Candidate;
use super::{Fix, apply};
use crate::diagnostic::{Code, Diagnostic, Report, Severity};

/// A document on which fixes are tried.
pub(super) struct Trial<'t, E> {
    document: &'t [u8],
    report: &'t Report,
    explain: &'t E,
    /// How many more times the document may be explained.
    looks: usize,
}

/// The most times that the document is explained: enough to find a few wrong fixes among hundreds.
const LOOKS: usize = 32;

/// Fixes that work.
pub(super) struct Good {
    /// In document order.
    pub(super) fixes: Vec<Fix>,
    /// The report on the document with all of them, if it is known.
    pub(super) together: Option<Report>,
}

impl<'t, E: Fn(&[u8]) -> Report> Trial<'t, E> {
    /// `report` is what `explain` returns for the document.
    pub(super) fn new(document: &'t [u8], report: &'t Report, explain: &'t E) -> Trial<'t, E> {
        Trial { document, report, explain, looks: LOOKS }
    }

    /// Keeps the fixes that work. They are tried together; if that fails, without those that seem to be at fault, or in
    /// halves.
    pub(super) fn keep_good(mut self, candidates: Vec<Candidate>) -> Good {
        let mut good = Good { fixes: Vec::with_capacity(candidates.len()), together: None };
        let mut open = vec![candidates];
        while let Some(mut some) = open.pop() {
            if some.is_empty() || self.looks == 0 {
                continue;
            }
            // Fixes that overlap are tried separately.
            let mut taken = Taken::default();
            let (together, apart): (Vec<_>, Vec<_>) =
                some.into_iter().partition(|candidate| taken.take(&candidate.fix));
            some = together;
            open.push(apart);
            let fixes: Vec<Fix> = some.iter().map(|candidate| candidate.fix.clone()).collect();
            self.looks -= 1;
            let after = (self.explain)(&apply(self.document, &fixes));
            if self.is_better(&after, &fixes) {
                good.together = good.fixes.is_empty().then_some(after);
                good.fixes.extend(fixes);
            } else if some.len() > 1 {
                let suspects = self.suspects(&after, &fixes);
                let parts = match suspects.is_empty() || suspects.len() == some.len() {
                    true => {
                        let second = some.split_off(some.len() / 2);
                        [second, some]
                    }
                    false => {
                        let numbered = some.into_iter().enumerate();
                        let (suspected, others): (Vec<_>, Vec<_>) =
                            numbered.partition(|(index, _)| suspects.contains(index));
                        [suspected, others].map(|part| part.into_iter().map(|(_, candidate)| candidate).collect())
                    }
                };
                open.extend(parts);
            } else {
                let other = some.into_iter().filter_map(|candidate| candidate.or);
                open.push(other.map(|fix| Candidate { fix, or: None }).collect());
            }
        }
        good.fixes.sort_by_key(|fix| fix.span.start);
        good
    }

    /// The fixes that seem to be wrong: for each new diagnostic, the nearest one before it.
    fn suspects(&self, after: &Report, fixes: &[Fix]) -> HashSet<usize> {
        if !is_whole(self.report) {
            return HashSet::new();
        }
        let (_, kept) = divided(self.report, fixes);
        let mut places = Places::default();
        places.push(Places::of(self.document, fixes));
        let edits = fixes.iter().enumerate().flat_map(|(index, fix)| fix.edits.iter().map(move |edit| (edit, index)));
        let mut edits: Vec<(usize, usize)> = edits.map(|(edit, index)| (edit.span.start, index)).collect();
        edits.sort_unstable();
        let nearest = |diagnostic: &Diagnostic| {
            let place = places.first(&diagnostic.span).start;
            let after = edits.partition_point(|(start, _)| *start <= place);
            edits.get(after.saturating_sub(1)).map(|(_, index)| *index)
        };
        unknown(after, &kept).filter(|found| found.severity == Severity::Error).filter_map(nearest).collect()
    }

    /// Whether the document has fewer errors (or fewer warnings and no more errors) with some fixes than before, all
    /// diagnostics that they fix are gone, and there is no new error and no new warning about a value that they write.
    /// (An element with the right name may get a warning of its own.)
    fn is_better(&self, after: &Report, fixes: &[Fix]) -> bool {
        let before = self.report;
        let (fixed, kept) = divided(before, fixes);
        let errors = fixed.iter().filter(|found| found.severity == Severity::Error).count();
        let warnings = fixed.len() - errors;
        has_fewer(after, before)
            && after.errors <= before.errors.saturating_sub(errors)
            && (warnings == 0 || after.warnings <= before.warnings.saturating_sub(warnings))
            && (!is_whole(before) || !has_news(unknown(after, &kept), fixes))
    }
}

/// Whether one of the diagnostics is an error, or points to a value that was written.
fn has_news<'r>(mut found: impl Iterator<Item = &'r Diagnostic>, fixes: &[Fix]) -> bool {
    let written: HashSet<&str> =
        fixes.iter().filter(|fix| writes_value(fix.code)).map(|fix| fix.path.as_str()).collect();
    found.any(|found| found.severity == Severity::Error || written.contains(found.path.as_str()))
}

/// Whether the fix of an error with this code writes another value.
fn writes_value(code: Code) -> bool {
    matches!(code.as_str(), "PC0303" | "PC0401" | "PC0402" | "PC0408" | "PC0712" | "PC0715" | "PC0717")
}

/// Whether there are fewer errors, or as many errors and fewer warnings.
pub(super) fn has_fewer(after: &Report, before: &Report) -> bool {
    (after.errors, after.warnings) < (before.errors, before.warnings)
}

/// The diagnostics that fixes are about, and all others.
fn divided<'r>(report: &'r Report, fixes: &[Fix]) -> (Vec<&'r Diagnostic>, Vec<&'r Diagnostic>) {
    let about: HashSet<(Code, usize, usize, &str)> =
        fixes.iter().map(|fix| (fix.code, fix.span.start, fix.span.end, fix.path.as_str())).collect();
    let is_fixed =
        |found: &&Diagnostic| about.contains(&(found.code, found.span.start, found.span.end, found.path.as_str()));
    report.diagnostics.iter().partition(is_fixed)
}

/// Whether all errors and warnings were kept.
fn is_whole(report: &Report) -> bool {
    report.diagnostics.len() == report.errors + report.warnings
}

/// The diagnostics of a report that are not among the known ones. Places move with every fix, so diagnostics are
/// identified by their messages.
fn unknown<'r>(report: &'r Report, known: &[&Diagnostic]) -> impl Iterator<Item = &'r Diagnostic> {
    let mut open: HashMap<(Code, String), usize> = HashMap::new();
    for diagnostic in known {
        *open.entry((diagnostic.code, diagnostic.message.clone())).or_default() += 1;
    }
    report.diagnostics.iter().filter(move |found| {
        let left = open.get_mut(&(found.code, found.message.clone()));
        left.is_none_or(|left| std::mem::replace(left, left.saturating_sub(1)) == 0)
    })
}
