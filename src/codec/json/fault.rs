//! What is wrong with JSON that is to be a document: all of it, each with its place.
//!
//! The encoder stops at what it cannot write. So the text is read again without the member or item in question, until
//! nothing is wrong with the rest. Then the schema says what is missing from the rest and which of its values are wrong. An
//! empty element stands in for whatever was left out, so that it is not reported as missing; the element itself is not judged.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::place::{Marks, pointer};
use crate::Limits;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::words::Words;
use crate::diagnostic::words::json as say;
use crate::diagnostic::{Code, Diagnostic, Report, Severity};

/// So often a text is read, and so many bytes in all.
const MOST_READINGS: usize = 256;
const MOST_BYTES: usize = 1 << 26;

/// Something that cannot be written.
#[derive(Debug)]
pub(super) struct Fault(Box<(Words, Range<usize>, Option<String>)>);

impl Fault {
    #[cold]
    pub(super) fn new(words: Words, span: Range<usize>) -> Fault {
        Fault(Box::new((words, span, None)))
    }

    /// The same of a name that was probably meant as another.
    #[cold]
    pub(super) fn misnamed(words: Words, span: Range<usize>, meant: Option<&str>) -> Fault {
        Fault(Box::new((words, span, meant.map(str::to_owned))))
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
    /// The members and items that are passed over, by their places, each with the name that was probably meant.
    left_out: HashMap<usize, Option<String>>,
    /// Empty elements stand in for them.
    pub(super) stand_in: bool,
    found: BTreeMap<(usize, usize), Diagnostic>,
    most: usize,
}

impl Faults {
    pub(super) fn new(text: &str) -> Faults {
        let most = (MOST_BYTES / text.len().max(1)).clamp(1, MOST_READINGS);
        Faults { left_out: HashMap::new(), stand_in: false, found: BTreeMap::new(), most }
    }

    /// Whether the member or item at a place is passed over.
    #[inline]
    pub(super) fn leave_out(&self, at: usize) -> bool {
        !self.left_out.is_empty() && self.left_out.contains_key(&at)
    }

    /// The name that was probably meant by what is left out at a place.
    pub(super) fn meant(&self, at: usize) -> Option<&str> {
        self.left_out.get(&at)?.as_deref()
    }

    pub(super) fn are_none(&self) -> bool {
        self.found.is_empty()
    }

    /// Adds what is wrong in a member or item; whether the text is to be read again without it.
    pub(super) fn add(&mut self, text: &str, fault: Fault, unit: Option<usize>) -> bool {
        let (words, span, meant) = *fault.0;
        let path = pointer(text, span.start);
        self.found.entry((span.start, span.end)).or_insert_with(|| Diagnostic::new(words, span, path));
        unit.is_some_and(|unit| self.left_out.insert(unit, meant).is_none()) && self.left_out.len() < self.most
    }

    /// All that is wrong, with what the schema says of the rest of the text.
    pub(super) fn into_report(self, limits: &Limits, rest: Option<(Report, &Marks)>) -> Report {
        let mut all: Vec<Diagnostic> = Vec::new();
        if let Some((report, marks)) = rest {
            all.extend(report.diagnostics.into_iter().filter(|diagnostic| self.is_certain(diagnostic, marks)));
        }
        all.extend(self.found.into_values());
        all.sort_by_key(|diagnostic| diagnostic.span.start);
        let mut kept = KeptDiagnostics::new(limits);
        for diagnostic in all {
            kept.add(Severity::Error, || diagnostic);
        }
        kept.finish()
    }

    /// Whether an error in the rest of the text is one whatever should have been where something was left out.
    fn is_certain(&self, diagnostic: &Diagnostic, marks: &Marks) -> bool {
        let is_of_its_kind = match diagnostic.code {
            Code::MissingElement | Code::MissingAttribute | Code::TooManyElements | Code::FixedAttribute => true,
            Code::RuleBroken => !self.found.values().any(|fault| fault.path.starts_with(&diagnostic.path)),
            code => ("PC0401"..="PC0408").contains(&code.as_str()),
        };
        let at = diagnostic.span.start;
        is_of_its_kind && !self.left_out.contains_key(&at) && !marks.is_in_doubt(at, &diagnostic.expected)
    }
}
