//! The errors in JSON that is to become a document: all of them, each with its place.
//!
//! The encoder stops at what it cannot write. So the text is read again without the member or item in question, until
//! nothing is wrong with the rest; a member that is only in the wrong place, or a value without the array around it, is
//! written nevertheless, for its content. Then the schema finds what is missing from the rest and which of its values are wrong. An
//! empty element replaces whatever was omitted, so that it is not reported as missing; the element itself is not checked.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::place::{Marks, pointer};
use crate::Limits;
use crate::codec::name::Name;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::words::Words;
use crate::diagnostic::words::json as say;
use crate::diagnostic::{Code, Diagnostic, Report, Severity};

/// A text is read at most this often, and this many bytes in all.
const MOST_READINGS: usize = 256;
const MOST_BYTES: usize = 1 << 26;

/// Something that cannot be written.
#[derive(Debug)]
pub(super) struct Fault(Box<Cause>);

#[derive(Debug)]
struct Cause {
    words: Words,
    span: Range<usize>,
    meant: Option<String>,
    is_misplaced: bool,
    inside: Option<Name<'static>>,
}

impl Fault {
    #[cold]
    pub(super) fn new(words: Words, span: Range<usize>) -> Fault {
        Fault(Box::new(Cause { words, span, meant: None, is_misplaced: false, inside: None }))
    }

    /// The same of a name that was probably meant as another.
    #[cold]
    pub(super) fn misnamed(words: Words, span: Range<usize>, meant: Option<&str>) -> Fault {
        let mut fault = Fault::new(words, span);
        fault.0.meant = meant.map(str::to_owned);
        fault
    }

    /// The same of a member that would be right in an array: what it holds can be read.
    #[cold]
    pub(super) fn misplaced(words: Words, span: Range<usize>) -> Fault {
        let mut fault = Fault::new(words, span);
        fault.0.is_misplaced = true;
        fault
    }

    /// The same of the object of a root that does not name it: what it holds can be read.
    #[cold]
    pub(super) fn unnamed_root(words: Words, span: Range<usize>, root: Name<'static>) -> Fault {
        let mut fault = Fault::new(words, span);
        fault.0.inside = Some(root);
        fault
    }

    /// Whether another name was probably meant.
    pub(super) fn is_misnamed(&self) -> bool {
        self.0.meant.is_some()
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
    /// The members that are read although they are not in their array, by their places.
    misplaced: HashSet<usize>,
    /// Empty elements replace those that are skipped.
    pub(super) stand_in: bool,
    found: BTreeMap<(usize, usize), Diagnostic>,
    most: usize,
}

impl Faults {
    pub(super) fn new(text: &str) -> Faults {
        let most = (MOST_BYTES / text.len().max(1)).clamp(1, MOST_READINGS);
        Faults { left_out: HashMap::new(), misplaced: HashSet::new(), stand_in: false, found: BTreeMap::new(), most }
    }

    /// Whether the member or item at a place is passed over.
    #[inline]
    pub(super) fn leave_out(&self, at: usize) -> bool {
        !self.left_out.is_empty() && self.left_out.contains_key(&at)
    }

    /// Whether the member at a place is read although it is not in its array.
    pub(super) fn is_misplaced(&self, at: usize) -> bool {
        self.misplaced.contains(&at)
    }

    /// The name that was probably meant by the omitted item at a place.
    pub(super) fn meant(&self, at: usize) -> Option<&str> {
        self.left_out.get(&at)?.as_deref()
    }

    pub(super) fn are_none(&self) -> bool {
        self.found.is_empty()
    }

    /// Adds what is wrong in a member or item; whether the text is to be read again without it. A `root` that the text does
    /// not name is known from then on.
    pub(super) fn add(&mut self, text: &str, fault: Fault, unit: Option<usize>, root: &mut Option<Name<'_>>) -> bool {
        let Cause { words, span, meant, is_misplaced, inside } = *fault.0;
        let path = pointer(text, span.start);
        self.found.entry((span.start, span.end)).or_insert_with(|| Diagnostic::new(words, span, path));
        if root.is_none() && inside.is_some() {
            *root = inside;
            return true;
        }
        let is_new = unit.is_some_and(|unit| {
            is_misplaced && self.misplaced.insert(unit) || self.left_out.insert(unit, meant).is_none()
        });
        is_new && self.left_out.len() + self.misplaced.len() < self.most
    }

    /// All errors, with those that the schema finds in the rest of the text.
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
        let at = diagnostic.span.start;
        let is_of_its_kind = match diagnostic.code {
            // Of a choice: what is left out is there, too, unless its name is another one.
            Code::UnexpectedElement => return self.meant(at).is_none() && !marks.is_guessed_beside(at),
            Code::MissingElement
            | Code::MissingAttribute
            | Code::TooManyElements
            | Code::FixedAttribute
            | Code::NotNillable => true,
            Code::RuleBroken => !self.found.values().any(|fault| fault.path.starts_with(&diagnostic.path)),
            code => ("PC0401"..="PC0408").contains(&code.as_str()),
        };
        is_of_its_kind && !self.left_out.contains_key(&at) && !marks.is_in_doubt(at, &diagnostic.expected)
    }
}
