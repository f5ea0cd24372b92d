//! Whether fixes work: each is tried before it is returned.

use std::collections::{HashMap, HashSet};

use super::apply::Taken;
use super::candidates::Candidate;
use super::{Fix, apply};
use crate::diagnostic::{Code, Diagnostic, Report, Severity};

/// A document on which fixes are tried.
pub(super) struct Trial<'t, E> {
    document: &'t [u8],
    report: &'t Report,
    explain: &'t E,
    /// So many looks at the document are left.
    looks: usize,
}

/// So many looks are taken at most: enough to find a few wrong fixes among hundreds.
const LOOKS: usize = 32;

impl<'t, E: Fn(&[u8]) -> Report> Trial<'t, E> {
    /// `report` is what `explain` says of the document.
    pub(super) fn new(document: &'t [u8], report: &'t Report, explain: &'t E) -> Trial<'t, E> {
        Trial { document, report, explain, looks: LOOKS }
    }

    /// Those that work. They are tried together, and in halves if that fails.
    pub(super) fn keep_good(mut self, candidates: Vec<Candidate>) -> Vec<Fix> {
        let mut good = Vec::with_capacity(candidates.len());
        let mut open = vec![candidates];
        while let Some(mut some) = open.pop() {
            if some.is_empty() || self.looks == 0 {
                continue;
            }
            // What overlaps is tried by itself.
            let mut taken = Taken::default();
            let (together, apart): (Vec<_>, Vec<_>) =
                some.into_iter().partition(|candidate| taken.take(&candidate.fix));
            some = together;
            open.push(apart);
            let fixes: Vec<Fix> = some.iter().map(|candidate| candidate.fix.clone()).collect();
            if self.is_good(&fixes) {
                good.extend(fixes);
            } else if some.len() > 1 {
                let second = some.split_off(some.len() / 2);
                open.extend([second, some]);
            } else {
                let other = some.into_iter().filter_map(|candidate| candidate.or);
                open.push(other.map(|fix| Candidate { fix, or: None }).collect());
            }
        }
        good.sort_by_key(|fix| fix.span.start);
        good
    }

    /// Whether the document is better with these.
    fn is_good(&mut self, fixes: &[Fix]) -> bool {
        if fixes.is_empty() {
            return true;
        }
        self.looks -= 1;
        is_better(&(self.explain)(&apply(self.document, fixes)), self.report, fixes)
    }
}

/// Whether a document has fewer errors (or warnings, and no more errors) with some fixes than before, all that they are about are
/// gone, and none is there that was not.
pub(super) fn is_better(after: &Report, before: &Report, fixes: &[Fix]) -> bool {
    let about: HashSet<(Code, usize, usize, &str)> =
        fixes.iter().map(|fix| (fix.code, fix.span.start, fix.span.end, fix.path.as_str())).collect();
    let is_fixed =
        |found: &Diagnostic| about.contains(&(found.code, found.span.start, found.span.end, found.path.as_str()));
    let (result, kept): (Vec<_>, Vec<_>) = before.diagnostics.iter().partition(|found| is_fixed(found));
    let errors = result.iter().filter(|found| found.severity == Severity::Error).count();
    let warnings = result.len() - errors;
    let is_fewer = after.errors < before.errors || after.errors == before.errors && after.warnings < before.warnings;
    is_fewer
        && after.errors <= before.errors.saturating_sub(errors)
        && (warnings == 0 || after.warnings <= before.warnings.saturating_sub(warnings))
        && (!is_whole(before) || has_none_but(after, &kept))
}

/// All errors and warnings were kept.
fn is_whole(report: &Report) -> bool {
    report.diagnostics.len() == report.errors + report.warnings
}

/// Whether each error of a report is one of these. Places move with every fix, so errors are identified by their messages.
fn has_none_but(report: &Report, known: &[&Diagnostic]) -> bool {
    let mut open: HashMap<(Code, &str), usize> = HashMap::new();
    for diagnostic in known {
        *open.entry((diagnostic.code, &diagnostic.message)).or_default() += 1;
    }
    let mut errors = report.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    errors.all(|error| {
        let left = open.get_mut(&(error.code, error.message.as_str()));
        left.is_some_and(|left| std::mem::replace(left, left.saturating_sub(1)) > 0)
    })
}
