//! The errors of a schema as users see them: documents, places in them, and messages.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::Limits;
use crate::compiled::Document;
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::words::Words;
use crate::diagnostic::{Code, Diagnostic, LineColumn, LineIndex, Report, Severity, places};
use crate::xml::Decoded;

/// The most errors of one schema that are kept; the rest are counted.
pub(super) const FAULTS: usize = 100;

/// Why a schema cannot be used: every error in it, as diagnostics of its documents.
///
/// Its summary (place, message, `Display`) is that of the first error, in document order.
///
/// # Examples
///
/// ```
/// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
///   <xs:element name="note" type="xs:strin"/>
///   <xs:element name="page" nillable="maybe"/>
/// </xs:schema>"#;
/// let error = packetcheck::Schema::from_documents(&[("note.xsd", text)]).unwrap_err();
/// assert_eq!(error.to_string(), "note.xsd:2:27: type `strin` is not declared (and 1 more error)");
/// assert_eq!(error.constraint(), "src-resolve");
/// assert_eq!(error.files()[0].report().diagnostics[1].code.constraint(), Some("schema-syntax"));
/// ```
#[derive(Debug, Clone)]
pub struct SchemaError {
    /// Never empty, and the first has a diagnostic.
    pub(super) files: Vec<SchemaFile>,
}

/// A schema document and its diagnostics.
#[derive(Clone)]
pub struct SchemaFile {
    pub(super) path: String,
    pub(super) text: Option<Arc<str>>,
    /// The original bytes, if they differ from those of the text.
    pub(super) original: Option<Arc<[u8]>>,
    pub(super) report: Report,
}

impl SchemaFile {
    /// The path as named by the caller, or by the document that includes it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its text, in UTF-8; `None` if it could not be read at all.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Its bytes, which the spans of the diagnostics refer to: those of the text, unless it is in another encoding.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.original.as_deref().or_else(|| self.text.as_deref().map(str::as_bytes))
    }

    /// The diagnostics, in document order. They are all errors, or, from [`Schema::warnings`](crate::Schema::warnings),
    /// all warnings.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Maps places in the text to places in the bytes.
    pub(super) fn find_in_original(&mut self) {
        let decoded = self.original.as_deref().map(|original| Decoded::new(original, &Limits::default()));
        if decoded.is_some() {
            // The text ends before a byte that is not part of a character.
            let end = self.text.as_ref().map_or(0, |text| text.len());
            let at_end = |diagnostic: &&mut Diagnostic| diagnostic.span == (end..end);
            self.report.diagnostics.iter_mut().filter(at_end).for_each(|diagnostic| diagnostic.span.end += 1);
        }
        if let Some(Ok(Some(decoded))) = decoded {
            places::to_original(&mut self.report, &decoded);
        }
    }

    /// A document with one warning at a byte.
    pub(crate) fn warning(code: Code, document: &Document, offset: usize, message: String, help: &str) -> SchemaFile {
        let diagnostic = Diagnostic::of_schema(code, span_at(&document.text, offset), message);
        let diagnostic = Diagnostic { severity: Severity::Warning, help: Some(help.to_owned()), ..diagnostic };
        let report = Report { diagnostics: vec![diagnostic], errors: 0, warnings: 1 };
        let (text, original) = (Some(Arc::clone(&document.text)), document.original.clone());
        let mut file = SchemaFile { path: document.path.clone(), text, original, report };
        file.find_in_original();
        file
    }

    /// Adds the diagnostics of one more document.
    pub(crate) fn add_to(self, files: &mut Vec<SchemaFile>) {
        match files.iter_mut().find(|known| known.path == self.path) {
            Some(SchemaFile { report, .. }) => {
                let room = FAULTS.saturating_sub(report.diagnostics.len());
                report.errors += self.report.errors;
                report.warnings += self.report.warnings;
                report.diagnostics.extend(self.report.diagnostics.into_iter().take(room));
                report.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
            }
            None => files.push(self),
        }
    }

    fn line_column(&self, offset: usize) -> Option<LineColumn> {
        self.bytes().map(|bytes| LineIndex::new(bytes).line_column(offset))
    }
}

impl SchemaError {
    /// An error at a byte of a schema document.
    pub(crate) fn at(code: Code, document: &Document, offset: usize, message: impl Into<String>) -> SchemaError {
        let diagnostic = Diagnostic::of_schema(code, span_at(&document.text, offset), message.into());
        let mut error = SchemaError::of_one(document.path.clone(), Some(Arc::clone(&document.text)), diagnostic);
        for file in &mut error.files {
            file.original.clone_from(&document.original);
            file.find_in_original();
        }
        error
    }

    /// An error about a document that could not be read at all.
    pub(crate) fn unreadable(path: String, message: impl Into<String>) -> SchemaError {
        SchemaError::unread(path, Code::Unreadable, message.into(), None)
    }

    /// An error about a document that could not be read at all, for a reason with its own code and possibly its own
    /// remedy.
    pub(super) fn unread(path: String, code: Code, message: String, help: Option<String>) -> SchemaError {
        let mut diagnostic = Diagnostic::of_schema(code, 0..0, message);
        diagnostic.help = help.or(diagnostic.help);
        SchemaError::of_one(path, None, diagnostic)
    }

    pub(super) fn into_files(self) -> Vec<SchemaFile> {
        self.files
    }

    fn of_one(path: String, text: Option<Arc<str>>, diagnostic: Diagnostic) -> SchemaError {
        let report = Report { diagnostics: vec![diagnostic], errors: 1, warnings: 0 };
        SchemaError { files: vec![SchemaFile { path, text, original: None, report }] }
    }

    /// Several errors as one; `None` if there are none.
    pub(crate) fn joined(errors: Vec<SchemaError>) -> Option<SchemaError> {
        errors.into_iter().reduce(SchemaError::and)
    }

    /// Joins two errors.
    pub(crate) fn and(mut self, other: SchemaError) -> SchemaError {
        other.files.into_iter().for_each(|file| file.add_to(&mut self.files));
        self
    }

    /// The error without secrets of the documents: a packet may have been passed as a schema by mistake.
    pub(crate) fn concealed(mut self) -> SchemaError {
        for SchemaFile { text, original, report, .. } in &mut self.files {
            if let Some(text) = text {
                let bytes = original.as_deref().unwrap_or(text.as_bytes());
                secret::conceal(report, bytes, &SecretNames::of_schema_document(text));
            }
        }
        self
    }

    /// The documents with errors, in the order in which they were read.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="missing"/></xs:schema>"#;
    /// let error = packetcheck::Schema::from_documents(&[("n.xsd", text)]).unwrap_err();
    /// assert_eq!((error.errors(), error.path(), error.line()), (1, "n.xsd", 1));
    /// assert_eq!(error.files()[0].report().errors, 1);
    /// ```
    pub fn files(&self) -> &[SchemaFile] {
        &self.files
    }

    /// The number of errors; at most 100 are kept as diagnostics.
    pub fn errors(&self) -> usize {
        self.files.iter().map(|file| file.report.errors).sum()
    }

    /// The code of the first error.
    pub fn code(&self) -> Code {
        self.first().map_or(Code::Unreadable, |(_, diagnostic)| diagnostic.code)
    }

    /// The constraint of the Recommendation that the first error violates, by its name there (`cos-nonambig`), or a
    /// name of our own.
    pub fn constraint(&self) -> &'static str {
        self.code().constraint().unwrap_or_default()
    }

    /// The document of the first error, as named by the caller or by the document that includes it.
    pub fn path(&self) -> &str {
        self.first().map_or("", |(file, _)| &file.path)
    }

    /// The line of the first error, counted from 1; 0 if the document could not be read at all.
    pub fn line(&self) -> usize {
        self.line_column().map_or(0, |place| place.line)
    }

    /// The column in characters, counted from 1; 0 if the document could not be read at all.
    pub fn column(&self) -> usize {
        self.line_column().map_or(0, |place| place.column)
    }

    /// The message, without the place.
    pub fn message(&self) -> &str {
        self.first().map_or("", |(_, diagnostic)| &diagnostic.message)
    }

    /// The remedy for the first error, if there is more to say than for every error of its code. For the command.
    #[doc(hidden)]
    pub fn help(&self) -> Option<&str> {
        let help = self.first().and_then(|(_, diagnostic)| diagnostic.help.as_deref());
        help.filter(|help| *help != self.code().remedy())
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
            1 => formatter.write_str(" (and 1 more error)"),
            more => write!(formatter, " (and {more} more errors)"),
        }
    }
}

impl std::error::Error for SchemaError {}

impl fmt::Debug for SchemaFile {
    /// Omits the text, which may be long, or a packet that holds secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &mut formatter.debug_struct("SchemaFile");
        file.field("path", &self.path).field("report", &self.report).finish_non_exhaustive()
    }
}

impl Diagnostic {
    fn of_schema(code: Code, span: Range<usize>, message: String) -> Diagnostic {
        Diagnostic::new(Words::of_schema(code, message), span, String::new())
    }
}

/// The span of an error at a byte: the tag or the attribute that begins there.
pub(super) fn span_at(text: &str, offset: usize) -> Range<usize> {
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
