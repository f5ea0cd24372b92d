//! What is wrong with JSON that is to be a document: all of it, each with its place.
//!
//! The encoder stops at what it cannot write. So the text is read again without the member or item that this is in, until
//! nothing is wrong with the rest.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::place::pointer;
use crate::Limits;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::words::Words;
use crate::diagnostic::words::json as say;
use crate::diagnostic::{Diagnostic, Report, Severity};

/// So often a text is read, and so many bytes in all.
const MOST_READINGS: usize = 256;
const MOST_BYTES: usize = 1 << 26;

/// Something that cannot be written.
#[derive(Debug)]
pub(super) struct Fault(Box<(Words, Range<usize>)>);

impl Fault {
    #[cold]
    pub(super) fn new(words: Words, span: Range<usize>) -> Fault {
        Fault(Box::new((words, span)))
    }

    /// What no other words say.
    #[cold]
    pub(super) fn other(message: String, span: Range<usize>) -> Fault {
        Fault::new(say::other(message), span)
    }
}

/// What was wrong in the readings so far.
#[derive(Debug)]
pub(super) struct Faults {
    /// The members and items that are passed over, by their places.
    left_out: HashSet<usize>,
    found: BTreeMap<(usize, usize), Diagnostic>,
    most: usize,
}

impl Faults {
    pub(super) fn new(text: &str) -> Faults {
        let most = (MOST_BYTES / text.len().max(1)).clamp(1, MOST_READINGS);
        Faults { left_out: HashSet::new(), found: BTreeMap::new(), most }
    }

    /// Whether the member or item at a place is passed over.
    #[inline]
    pub(super) fn leave_out(&self, at: usize) -> bool {
        !self.left_out.is_empty() && self.left_out.contains(&at)
    }

    pub(super) fn are_none(&self) -> bool {
        self.found.is_empty()
    }

    /// Adds what is wrong in a member or item; whether the text is to be read again without it.
    pub(super) fn add(&mut self, text: &str, fault: Fault, unit: Option<usize>) -> bool {
        let (words, span) = *fault.0;
        let path = pointer(text, span.start);
        self.found.entry((span.start, span.end)).or_insert_with(|| Diagnostic::new(words, span, path));
        unit.is_some_and(|unit| self.left_out.insert(unit)) && self.left_out.len() < self.most
    }

    pub(super) fn into_report(self, limits: &Limits) -> Report {
        let mut kept = KeptDiagnostics::new(limits);
        for diagnostic in self.found.into_values() {
            kept.add(Severity::Error, || diagnostic);
        }
        kept.finish()
    }
}
