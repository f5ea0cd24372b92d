//! What is wrong with a schema.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::compiled::{Document, NamespaceId, Place};
use crate::diagnostic::words::Words;
use crate::diagnostic::{Code, Diagnostic, LineColumn, LineIndex, Report, Severity};

/// Faults of one schema that are kept; the rest are counted.
const FAULTS: usize = 100;

/// Why a schema cannot be used: every fault in it, as diagnostics of its documents.
///
/// What it says of itself in short (its place, its words, as text) is the first fault, in the order of the documents.
///
/// # Examples
///
/// ```
/// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
///   <xs:element name="note" type="xs:strin"/>
///   <xs:element name="page" nillable="maybe"/>
/// </xs:schema>"#;
/// let error = packetcheck::Schema::from_documents(&[("note.xsd", text)]).unwrap_err();
/// assert_eq!(error.to_string(), "note.xsd:2:27: type `strin` is not declared (and 1 fault more)");
/// assert_eq!(error.constraint(), "src-resolve");
/// assert_eq!(error.files()[0].report().diagnostics[1].code.constraint(), Some("schema-syntax"));
/// ```
#[derive(Debug, Clone)]
pub struct SchemaError {
    /// Never empty, and the first has a diagnostic.
    files: Vec<SchemaFile>,
}

/// A schema document and what is wrong with it.
#[derive(Debug, Clone)]
pub struct SchemaFile {
    path: String,
    text: Option<Arc<str>>,
    report: Report,
}

impl SchemaFile {
    /// As it was named by the caller, or by the document that includes it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What stands in it, which the diagnostics' spans are about; `None` where it could not be read at all.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// What is wrong, in the order of the document. All are errors; of [`Schema::unread`](crate::Schema::unread) all are
    /// warnings.
    pub fn report(&self) -> &Report {
        &self.report
    }

    fn line_column(&self, offset: usize) -> Option<LineColumn> {
        self.text.as_ref().map(|text| LineIndex::new(text.as_bytes()).line_column(offset))
    }
}

impl SchemaError {
    /// An error at a byte of a schema document.
    pub(crate) fn at(code: Code, document: &Document, offset: usize, message: impl Into<String>) -> SchemaError {
        let diagnostic = Diagnostic::of_schema(code, span_at(&document.text, offset), message.into());
        SchemaError::of_one(document.path.clone(), Some(Arc::clone(&document.text)), diagnostic)
    }

    /// An error about a document that could not be read at all.
    pub(crate) fn unreadable(path: String, message: impl Into<String>) -> SchemaError {
        SchemaError::of_one(path, None, Diagnostic::of_schema(Code::Unreadable, 0..0, message.into()))
    }

    fn of_one(path: String, text: Option<Arc<str>>, diagnostic: Diagnostic) -> SchemaError {
        let report = Report { diagnostics: vec![diagnostic], errors: 1, warnings: 0 };
        SchemaError { files: vec![SchemaFile { path, text, report }] }
    }

    /// Several errors as one; `None` where there is none.
    pub(crate) fn joined(errors: Vec<SchemaError>) -> Option<SchemaError> {
        errors.into_iter().reduce(SchemaError::and)
    }

    /// Both as one.
    pub(crate) fn and(mut self, other: SchemaError) -> SchemaError {
        for file in other.files {
            match self.files.iter_mut().find(|known| known.path == file.path) {
                Some(SchemaFile { report, .. }) => {
                    let room = FAULTS.saturating_sub(report.diagnostics.len());
                    report.errors += file.report.errors;
                    report.diagnostics.extend(file.report.diagnostics.into_iter().take(room));
                    report.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
                }
                None => self.files.push(file),
            }
        }
        self
    }

    /// The documents with faults, in the order in which they were read.
    pub fn files(&self) -> &[SchemaFile] {
        &self.files
    }

    /// How many faults there are; at most 100 are kept as diagnostics.
    pub fn errors(&self) -> usize {
        self.files.iter().map(|file| file.report.errors).sum()
    }

    /// What kind of fault the first one is.
    pub fn code(&self) -> Code {
        self.first().map_or(Code::Unreadable, |(_, diagnostic)| diagnostic.code)
    }

    /// The constraint of the Recommendation that the first fault breaks, called as there (`cos-nonambig`), or a name of
    /// our own where none is.
    pub fn constraint(&self) -> &'static str {
        self.code().constraint().unwrap_or_default()
    }

    /// The document of the first fault, as it was named by the caller or by the document that includes it.
    pub fn path(&self) -> &str {
        self.first().map_or("", |(file, _)| &file.path)
    }

    /// The line of the first fault, counted from 1; 0 where the document could not be read at all.
    pub fn line(&self) -> usize {
        self.line_column().map_or(0, |place| place.line)
    }

    /// The column in characters, counted from 1; 0 where the document could not be read at all.
    pub fn column(&self) -> usize {
        self.line_column().map_or(0, |place| place.column)
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        self.first().map_or("", |(_, diagnostic)| &diagnostic.message)
    }

    fn first(&self) -> Option<(&SchemaFile, &Diagnostic)> {
        self.files.iter().find_map(|file| Some((file, file.report.diagnostics.first()?)))
    }

    fn line_column(&self) -> Option<LineColumn> {
        self.first().and_then(|(file, diagnostic)| file.line_column(diagnostic.span.start))
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line_column() {
            None => write!(formatter, "{}: {}", self.path(), self.message())?,
            Some(place) => write!(formatter, "{}:{}:{}: {}", self.path(), place.line, place.column, self.message())?,
        }
        match self.errors().saturating_sub(1) {
            0 => Ok(()),
            1 => formatter.write_str(" (and 1 fault more)"),
            more => write!(formatter, " (and {more} faults more)"),
        }
    }
}

impl std::error::Error for SchemaError {}

/// What a fault at a byte is about: the tag or the attribute that begins there.
fn span_at(text: &str, offset: usize) -> Range<usize> {
    let rest = text.as_bytes().get(offset..).unwrap_or_default();
    let quote_at = || rest.iter().position(|byte| matches!(byte, b'"' | b'\''));
    let length = if rest.first() == Some(&b'<') {
        tag_length(rest)
    } else if let Some(quote_at) = quote_at().filter(|at| !rest.iter().take(*at).any(|byte| b"<>".contains(byte))) {
        let quote = rest.get(quote_at).copied().unwrap_or_default();
        let value = rest.get(quote_at + 1..).unwrap_or_default();
        memchr::memchr(quote, value).map(|length| quote_at + length + 2)
    } else {
        None
    };
    let one_character = || text.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    offset..offset + length.unwrap_or_else(one_character)
}

/// The length of a tag; a `>` in quotes does not end it.
fn tag_length(rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', rest.get(at..)?)?;
        match rest.get(at)? {
            b'>' => return Some(at + 1),
            quote => at += memchr::memchr(*quote, rest.get(at + 1..)?)? + 2,
        }
    }
}

/// A fault found before it is put into words for the user: places are still offsets.
#[derive(Debug)]
pub(super) struct Fault {
    code: Code,
    place: Place,
    message: String,
    /// What would have been right, and what stands there, where the two can be told apart.
    expected: Option<String>,
    found: Option<String>,
    /// A second place, and what stands there.
    other: Option<(&'static str, Place)>,
}

/// Why something could not be made.
#[derive(Debug)]
pub(super) enum Failure {
    /// A fault that nobody knows of yet.
    New(Box<Fault>),
    /// It needs something whose fault is told already: nothing more is to be said.
    Told,
}

/// What the parts of this module give. One who can go on without the result hands the failure to [`Faults::note`].
pub(super) type Result<T> = std::result::Result<T, Failure>;

/// A fault at one place: what is broken, and the words.
pub(super) fn fault<T>(code: Code, place: Place, message: impl Into<String>) -> Result<T> {
    let message = message.into();
    Err(Failure::New(Box::new(Fault { code, place, message, expected: None, found: None, other: None })))
}

/// A fault that concerns two places; `label` says what stands at the other one.
pub(super) fn conflict<T>(
    code: Code,
    place: Place,
    message: impl Into<String>,
    label: &'static str,
    other: Place,
) -> Result<T> {
    let (message, other) = (message.into(), Some((label, other)));
    Err(Failure::New(Box::new(Fault { code, place, message, expected: None, found: None, other })))
}

/// A fault of which can be said what was expected and what was found; `of` says in what (`for ...`), or is empty.
pub(super) fn mismatch<T>(code: Code, place: Place, expected: &str, of: &str, found: &str) -> Result<T> {
    let message = format!("expected {expected}{of}, found `{found}`");
    let (expected, found) = (Some(expected.to_owned()), Some(found.to_owned()));
    Err(Failure::New(Box::new(Fault { code, place, message, expected, found, other: None })))
}

/// All faults of a schema, as they are found. One that is found again (a component that is looked at twice) is one.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: RefCell<Found>,
}

#[derive(Debug, Default)]
struct Found {
    kept: Vec<Fault>,
    /// Those that are not kept, by document.
    more: BTreeMap<u32, usize>,
    known: HashSet<(u32, u32, Code)>,
    met_limit: bool,
    /// Something could not be made since something else is told of.
    is_broken: bool,
    /// Documents that are not there, by the namespace that they were to be of: a fault where something of it is missed.
    held: Vec<(NamespaceId, Fault)>,
}

impl Faults {
    /// Keeps a fault, so that whoever met it can go on.
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

    /// Keeps that a document of a namespace is not there, until something of it is missed.
    pub(super) fn hold(&self, namespace: NamespaceId, failure: Failure) {
        if let Failure::New(fault) = failure {
            self.found.borrow_mut().held.push((namespace, *fault));
        }
    }

    /// Something of a namespace is missed: the documents of it that are not there are faults.
    pub(super) fn release(&self, namespace: NamespaceId) {
        let held = std::mem::take(&mut self.found.borrow_mut().held);
        let (missed, others): (Vec<_>, Vec<_>) = held.into_iter().partition(|(of, _)| *of == namespace);
        self.found.borrow_mut().held = others;
        missed.into_iter().for_each(|(_, fault)| self.note(Failure::New(Box::new(fault))));
    }

    /// The documents that are not there and that nobody missed, as warnings of those that name them.
    pub(super) fn into_warnings(self, documents: &[Document]) -> Vec<SchemaFile> {
        let held = self.found.into_inner().held.into_iter().map(|(_, fault)| fault);
        let mut files = files(held.collect(), BTreeMap::new(), documents);
        for report in files.iter_mut().map(|file| &mut file.report) {
            (report.errors, report.warnings) = (0, report.diagnostics.len());
            report.diagnostics.iter_mut().for_each(|diagnostic| diagnostic.severity = Severity::Warning);
        }
        files
    }

    /// The result, or `None` with its failure kept.
    pub(super) fn or_note<T>(&self, result: Result<T>) -> Option<T> {
        result.map_err(|failure| self.note(failure)).ok()
    }

    /// Whether such a fault was told at a place.
    pub(super) fn is_told(&self, code: Code, place: Place) -> bool {
        self.found.borrow().known.contains(&(place.document, place.offset, code))
    }

    /// The same, except that a limit that was met ends the work.
    pub(super) fn or_note_unless_limit<T>(&self, result: Result<T>) -> Result<()> {
        self.or_note(result);
        if self.found.borrow().met_limit { Err(Failure::Told) } else { Ok(()) }
    }

    pub(super) fn is_empty(&self) -> bool {
        let found = self.found.borrow();
        // What is broken and what is told come together; if ever they did not, the schema is refused all the same.
        found.known.is_empty() && !found.is_broken
    }

    /// Words and lines for the user, document by document.
    pub(super) fn into_error(self, documents: &[Document]) -> SchemaError {
        let Found { kept, more, .. } = self.found.into_inner();
        let files = files(kept, more, documents);
        if files.is_empty() {
            let path = documents.first().map_or("schema", |document| &document.path);
            return SchemaError::unreadable(path.to_owned(), "this schema cannot be used");
        }
        SchemaError { files }
    }
}

/// Faults by their documents, with how many `more` there are that are not kept.
fn files(kept: Vec<Fault>, more: BTreeMap<u32, usize>, documents: &[Document]) -> Vec<SchemaFile> {
    let mut files: Vec<SchemaFile> = Vec::new();
    // Documents are read for several namespaces: each is one file all the same.
    let file_of = |document: u32| {
        let (path, text) = match documents.get(document as usize) {
            Some(document) => (document.path.as_str(), Some(Arc::clone(&document.text))),
            None => ("schema", None),
        };
        let first = documents.iter().position(|document| document.path == path).unwrap_or_default();
        (first, SchemaFile { path: path.to_owned(), text, report: Report::default() })
    };
    let mut by_document: BTreeMap<usize, SchemaFile> = BTreeMap::new();
    for fault in kept {
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
        files.push(file);
    }
    files
}

impl Fault {
    fn into_diagnostic(self, documents: &[Document]) -> Diagnostic {
        let text = |place: Place| documents.get(place.document as usize).map_or("", |document| &document.text);
        let span = |place: Place| span_at(text(place), place.offset as usize);
        let mut message = self.message;
        let mut related = None;
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
        let words = Words {
            expected: self.expected.into_iter().collect(),
            found: self.found,
            ..Words::of_schema(self.code, message)
        };
        Diagnostic { related, ..Diagnostic::new(words, span(self.place), String::new()) }
    }
}

impl Diagnostic {
    fn of_schema(code: Code, span: Range<usize>, message: String) -> Diagnostic {
        Diagnostic::new(Words::of_schema(code, message), span, String::new())
    }
}
