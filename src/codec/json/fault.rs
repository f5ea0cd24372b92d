//! The errors in JSON that is converted to a document: all of them, each with its place.
//!
//! The encoder stops at anything that it cannot write. The text is then read again without the member or item in
//! question, until the rest has no errors. A member in the wrong place, or a value without the array around it, is
//! still written, for its content. Then the schema finds what is missing from the rest, and which values in it are
//! invalid. An empty element replaces each omitted one, so that it is not reported as missing; its content is not
//! checked.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::place::{Marks, pointer};
use crate::Limits;
use crate::codec::name::Name;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::words::Words;
use crate::diagnostic::words::json as say;
use crate::diagnostic::{Code, Diagnostic, Report, Severity};

/// A text is read at most this often, and at most this many bytes in total.
const MOST_READINGS: usize = 256;
const MOST_BYTES: usize = 1 << 26;

/// A part that cannot be written.
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

    /// A name that was probably meant as another one.
    #[cold]
    pub(super) fn misnamed(words: Words, span: Range<usize>, meant: Option<&str>) -> Fault {
        let mut fault = Fault::new(words, span);
        fault.0.meant = meant.map(str::to_owned);
        fault
    }

    /// A member that would be right in an array. Its content can be read.
    #[cold]
    pub(super) fn misplaced(words: Words, span: Range<usize>) -> Fault {
        let mut fault = Fault::new(words, span);
        fault.0.is_misplaced = true;
        fault
    }

    /// The object of a root that does not name the root. Its content can be read.
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

    /// An error without a message of its own.
    #[cold]
    pub(super) fn other(message: String, span: Range<usize>) -> Fault {
        Fault::new(say::other(message), span)
    }
}

/// The errors found so far.
#[derive(Debug)]
pub(super) struct Faults {
    /// The places of the members and items that are skipped, each with the name that was probably meant.
    left_out: HashMap<usize, Option<String>>,
    /// The places of members that are read although they are not in their array.
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

    /// Whether the member or item at a place is skipped.
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

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Adds an error in a member or item. Returns whether the text should be read again without it. A `root` that the
    /// text does not name is known from then on.
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

    /// All errors, including those that the schema finds in the rest of the text.
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

    /// Whether an error in the rest of the text is an error regardless of what was left out.
    fn is_certain(&self, diagnostic: &Diagnostic, marks: &Marks) -> bool {
        let at = diagnostic.span.start;
        let is_of_its_kind = match diagnostic.code {
            // In a choice, the part that was left out is also present, unless its name is wrong.
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
