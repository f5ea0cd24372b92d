//! Collects errors as they are found, so that the work can continue.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::error::{FAULTS, SchemaError, SchemaFile, span_at};
use super::missing::{Absence, Missing};
use super::xsd_1_1;
use crate::compiled::{Document, NamespaceId, Place};
use crate::diagnostic::words::Words;
use crate::diagnostic::{Code, Diagnostic, LineIndex, Report, Severity};

/// An error before it is put into words for the user: places are still offsets.
#[derive(Debug)]
pub(super) struct Fault {
    code: Code,
    place: Place,
    message: String,
    /// What was expected, and what was found, if the two can be separated.
    expected: Option<String>,
    found: Option<String>,
    /// A second place, with its label.
    other: Option<(&'static str, Place)>,
    /// The remedy, if there is more to say than for every error of the code.
    help: Option<String>,
    /// The document, if the error is that it could be read but not decoded; the place is where it is named.
    undecoded: Option<String>,
}

impl Fault {
    pub(super) fn new(code: Code, place: Place, message: impl Into<String>) -> Fault {
        let (expected, found, other, help, undecoded) = (None, None, None, None, None);
        Fault { code, place, message: message.into(), expected, found, other, help, undecoded }
    }

    /// Turns the error into one about a document in an unknown encoding.
    pub(super) fn about_undecoded(self, path: String) -> Fault {
        Fault { undecoded: Some(path), ..self }
    }

    /// An error about a document that was not read at all.
    pub(super) fn of_unread(self, path: String) -> SchemaError {
        SchemaError::unread(path, self.code, self.message, self.help)
    }

    pub(super) fn with_help(self, help: Option<String>) -> Fault {
        Fault { help, ..self }
    }

    /// Adds a second place with its label.
    pub(super) fn with_place(self, label: &'static str, other: Place) -> Fault {
        Fault { other: Some((label, other)), ..self }
    }
}

/// Why something could not be made.
#[derive(Debug)]
pub(super) enum Failure {
    /// An error that has not been reported yet.
    New(Box<Fault>),
    /// It needs something whose error is already reported, so nothing more is reported.
    Reported,
}

impl Failure {
    pub(super) fn of(fault: Fault) -> Failure {
        Failure::New(Box::new(fault))
    }
}

/// The result of the parts of this module. Code that can continue after a failure passes it to [`Faults::note`].
pub(super) type Result<T> = std::result::Result<T, Failure>;

/// An error at one place: the violated constraint, and the message.
pub(super) fn fault<T>(code: Code, place: Place, message: impl Into<String>) -> Result<T> {
    Err(Failure::of(Fault::new(code, place, message)))
}

/// An error that concerns two places; `label` describes the other one.
pub(super) fn conflict<T>(
    code: Code,
    place: Place,
    message: impl Into<String>,
    label: &'static str,
    other: Place,
) -> Result<T> {
    Err(Failure::of(Fault::new(code, place, message).with_place(label, other)))
}

/// An error with an expected and a found part; `of` tells what they are about (`for ...`), or is empty.
pub(super) fn mismatch<T>(code: Code, place: Place, expected: &str, of: &str, found: &str) -> Result<T> {
    let message = format!("expected {expected}{of}, found `{found}`");
    let (expected, found) = (Some(expected.to_owned()), Some(found.to_owned()));
    Err(Failure::New(Box::new(Fault { expected, found, ..Fault::new(code, place, message) })))
}

/// All errors of a schema, as they are found. An error that is found again (in a component that is checked twice) is
/// kept once.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: RefCell<Found>,
}

#[derive(Debug, Default)]
struct Found {
    kept: Vec<Fault>,
    /// The number of errors that are not kept, by document.
    more: BTreeMap<u32, usize>,
    known: HashSet<(u32, u32, Code)>,
    met_limit: bool,
    /// Whether something could not be made because of another error.
    is_broken: bool,
    /// Missing documents: an error only if something from them is needed.
    missing: Missing,
    warnings: Vec<Fault>,
}

impl Faults {
    /// Keeps an error, so that the caller can continue.
    pub(super) fn note(&self, failure: Failure) {
        let mut found = self.found.borrow_mut();
        let Failure::New(fault) = failure else {
            found.is_broken = true;
            return;
        };
        found.met_limit |= fault.code == Code::SchemaLimit;
        if !found.known.insert((fault.place.document, fault.place.offset, fault.code)) {
            return;
        }
        if found.kept.len() < FAULTS {
            found.kept.push(*fault);
        } else {
            *found.more.entry(fault.place.document).or_default() += 1;
        }
    }

    /// Keeps a missing document, until something from it is needed.
    pub(super) fn hold(&self, absence: Absence) {
        self.found.borrow_mut().missing.add(absence);
    }

    /// Notes that something of a namespace is needed but missing: the missing documents of the namespace become an
    /// error.
    pub(super) fn miss(&self, namespace: NamespaceId) {
        self.found.borrow_mut().missing.miss(namespace);
    }

    /// Whether something from a missing document is needed.
    pub(super) fn is_missed(&self) -> bool {
        self.found.borrow().missing.is_missed()
    }

    /// Keeps a warning: something legal that is surely not intended.
    pub(super) fn warn(&self, warning: Fault) {
        let mut found = self.found.borrow_mut();
        if found.warnings.len() < FAULTS {
            found.warnings.push(warning);
        }
    }

    /// Whether a limit was exceeded, which ends the work.
    pub(super) fn met_limit(&self) -> bool {
        self.found.borrow().met_limit
    }

    /// The warnings for a usable schema, including missing documents that nothing needed.
    pub(super) fn into_warnings(self, documents: &[Document]) -> Vec<SchemaFile> {
        let Found { missing, mut warnings, .. } = self.found.into_inner();
        warnings.extend(missing.into_fault());
        let mut files = files(warnings, BTreeMap::new(), documents);
        for report in files.iter_mut().map(|file| &mut file.report) {
            (report.errors, report.warnings) = (0, report.diagnostics.len());
            report.diagnostics.iter_mut().for_each(|diagnostic| diagnostic.severity = Severity::Warning);
        }
        files
    }

    /// The result; if it is a failure, the failure is kept and `None` is returned.
    pub(super) fn or_note<T>(&self, result: Result<T>) -> Option<T> {
        result.map_err(|failure| self.note(failure)).ok()
    }

    /// Whether an error with this code was reported at a place.
    pub(super) fn is_reported(&self, code: Code, place: Place) -> bool {
        self.found.borrow().known.contains(&(place.document, place.offset, code))
    }

    /// As `or_note`, except that an exceeded limit is returned, to end the work.
    pub(super) fn or_note_unless_limit<T>(&self, result: Result<T>) -> Result<()> {
        self.or_note(result);
        if self.met_limit() { Err(Failure::Reported) } else { Ok(()) }
    }

    pub(super) fn is_empty(&self) -> bool {
        let found = self.found.borrow();
        // Anything broken is always reported; even if it were not, the schema would still be rejected.
        found.known.is_empty() && !found.is_broken && !found.missing.is_missed()
    }

    /// The messages for the user, with lines, document by document.
    pub(super) fn into_error(self, documents: &[Document]) -> SchemaError {
        let Found { mut kept, more, missing, .. } = self.found.into_inner();
        if missing.is_missed() {
            kept.extend(missing.into_fault());
        }
        let files = files(kept, more, documents);
        if files.is_empty() {
            let path = documents.first().map_or("schema", |document| &document.path);
            return SchemaError::unreadable(path.to_owned(), "this schema cannot be used");
        }
        SchemaError { files }
    }
}

/// Groups faults by document, with the number (`more`) of those not kept.
fn files(kept: Vec<Fault>, more: BTreeMap<u32, usize>, documents: &[Document]) -> Vec<SchemaFile> {
    let mut files: Vec<SchemaFile> = Vec::new();
    // A document may be read for several namespaces but is one file.
    let file_of = |document: u32| {
        let (path, text, original) = match documents.get(document as usize) {
            Some(document) => {
                (document.path.as_str(), Some(Arc::clone(&document.text)), document.original.as_ref().map(Arc::clone))
            }
            None => ("schema", None, None),
        };
        let first = documents.iter().position(|document| document.path == path).unwrap_or_default();
        (first, SchemaFile { path: path.to_owned(), text, original, report: Report::default() })
    };
    let mut by_document: BTreeMap<usize, SchemaFile> = BTreeMap::new();
    for mut fault in kept {
        if let Some(path) = fault.undecoded.take() {
            if !files.iter().any(|known| known.path == path) {
                files.extend(fault.of_unread(path).into_files());
            }
            continue;
        }
        let (index, file) = file_of(fault.place.document);
        let report = &mut by_document.entry(index).or_insert(file).report;
        let diagnostic = fault.into_diagnostic(documents);
        let is_known = |known: &Diagnostic| known.span == diagnostic.span && known.message == diagnostic.message;
        if !report.diagnostics.iter().any(is_known) {
            report.diagnostics.push(diagnostic);
            report.errors += 1;
        }
    }
    for (document, count) in more {
        let (index, file) = file_of(document);
        by_document.entry(index).or_insert(file).report.errors += count;
    }
    for mut file in by_document.into_values() {
        file.report.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        file.find_in_original();
        files.push(file);
    }
    files
}

/// Whether an error is about two conflicting declarations.
fn is_of_two_declarations(code: Code) -> bool {
    use Code::{AgPropsCorrect, CosElementConsistent, CosNonambig, CtPropsCorrect, SchPropsCorrect};
    matches!(code, AgPropsCorrect | CosElementConsistent | CosNonambig | CtPropsCorrect | SchPropsCorrect)
}

impl Fault {
    fn into_diagnostic(self, documents: &[Document]) -> Diagnostic {
        let text = |place: Place| documents.get(place.document as usize).map_or("", |document| &document.text);
        let span = |place: Place| span_at(text(place), place.offset as usize);
        let mut message = self.message;
        let mut help = self.help;
        let mut related = None;
        if let Some((_, other)) = self.other.filter(|_| is_of_two_declarations(self.code)) {
            let mut variants = [self.place, other].into_iter();
            if let Some(chooser) = variants.find_map(|place| xsd_1_1::chooser(text(place), span(place))) {
                message.push_str(&format!(
                    ": `{chooser}` chooses one of the two in XSD 1.1, and schemas are read as XSD 1.0"
                ));
                help = Some("use the XSD 1.0 variant of the schema, or remove the declaration for XSD 1.1".to_owned());
            }
        }
        match self.other {
            Some((label, other)) if other.document == self.place.document => {
                related = Some((span(other), label.to_owned()));
            }
            Some((label, other)) => {
                let path = documents.get(other.document as usize).map_or("", |document| &document.path);
                let at = LineIndex::new(text(other).as_bytes()).line_column(other.offset as usize);
                message.push_str(&format!("; {label} is at {path}:{}:{}", at.line, at.column));
            }
            None => {}
        }
        let words = Words::of_schema(self.code, message);
        let help = help.or(words.help);
        let words = Words { expected: self.expected.into_iter().collect(), found: self.found, help, ..words };
        Diagnostic { related, ..Diagnostic::new(words, span(self.place), String::new()) }
    }
}
