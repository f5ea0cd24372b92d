//! Why a document could not be read into a value, or a value could not be written.

use std::fmt;
use std::ops::Range;

use crate::SchemaError;
use crate::diagnostic::secret::NOT_SHOWN;
use crate::diagnostic::{LineColumn, LineIndex, Lines, Report};

/// A document that is not valid or does not fit the type, or a value that the schema refuses.
///
/// `Display` gives one line with the place; [`Error::report`] gives every diagnostic of an invalid document.
#[derive(Debug, Clone)]
pub struct Error {
    kind: Box<Kind>,
}

#[derive(Debug, Clone)]
enum Kind {
    /// The schema refuses the document that was read or would have been written.
    Invalid { report: Report, place: Option<LineColumn> },
    /// The document is valid, but the type requires something else.
    Type { message: String, place: Option<Place> },
    /// The writer that was given failed.
    Io { message: String },
    /// There is no schema to use.
    Schema(SchemaError),
}

#[derive(Debug, Clone)]
struct Place {
    span: Range<usize>,
    line: usize,
    column: usize,
}

impl Place {
    fn new(span: Range<usize>, bytes: &[u8]) -> Place {
        let LineColumn { line, column } = LineIndex::new(bytes).line_column(span.start);
        Place { span, line, column }
    }
}

/// Characters of the path of an element that are shown.
const MOST_OF_PATH: usize = 120;

impl Error {
    /// The document is invalid: its report, and the place of the first error.
    pub(crate) fn invalid(report: Report, bytes: &[u8]) -> Error {
        let first = first_error(&report).map_or(0, |diagnostic| diagnostic.span.start);
        let place = Some(LineIndex::new(bytes).line_column(first));
        Error { kind: Box::new(Kind::Invalid { report, place }) }
    }

    /// Something without lines and columns is invalid, such as a message.
    #[cfg(feature = "http")]
    pub(crate) fn invalid_message(report: Report) -> Error {
        Error { kind: Box::new(Kind::Invalid { report, place: None }) }
    }

    /// A document of which only some lines are in memory is invalid.
    pub(crate) fn invalid_lines(report: Report, lines: &Lines) -> Error {
        let place = first_error(&report).and_then(|diagnostic| lines.line_column(diagnostic.span.start));
        Error { kind: Box::new(Kind::Invalid { report, place }) }
    }

    /// A mismatch whose place is not known yet, see `at`.
    pub(crate) fn mismatch(message: impl fmt::Display) -> Error {
        Error { kind: Box::new(Kind::Type { message: message.to_string(), place: None }) }
    }

    /// The output could not be written.
    pub(crate) fn io(error: &std::io::Error) -> Error {
        Error { kind: Box::new(Kind::Io { message: error.to_string() }) }
    }

    /// Adds the place to a mismatch, unless it has one.
    pub(crate) fn at(mut self, span: Range<usize>, bytes: &[u8]) -> Error {
        if let Kind::Type { place: place @ None, .. } = &mut *self.kind {
            *place = Some(Place::new(span, bytes));
        }
        self
    }

    /// Omits the message of a mismatch if it may repeat a secret of the document, as `is_secret` decides.
    pub(crate) fn concealed(mut self, is_secret: impl FnOnce(&str, Option<&Range<usize>>) -> bool) -> Error {
        if let Kind::Type { message, place } = &mut *self.kind
            && is_secret(message, place.as_ref().map(|place| &place.span))
        {
            *message = format!("the value does not fit the type; {NOT_SHOWN}");
        }
        self
    }

    /// Adds the place to a mismatch in writing: the path of the element that was being written.
    pub(crate) fn in_element(mut self, path: &str) -> Error {
        if let Kind::Type { message, place: None } = &mut *self.kind
            && !path.is_empty()
        {
            // If the path is very long, its end is enough.
            let shown = match path.char_indices().rev().nth(MOST_OF_PATH) {
                Some((cut, _)) => {
                    let end = path.get(cut..).unwrap_or_default();
                    format!("…{}", end.get(end.find('/').unwrap_or(0)..).unwrap_or_default())
                }
                None => path.to_owned(),
            };
            message.insert_str(0, &format!("at {shown}: "));
        }
        self
    }

    /// The diagnostics, if the document is invalid.
    ///
    /// ```
    /// let error = packetcheck::plesk::Request::decode(b"<packet><migration><chek/></migration></packet>").unwrap_err();
    /// let report = error.report().expect("the packet is invalid");
    /// assert_eq!(report.diagnostics[0].path, "/packet/migration/chek");
    /// assert_eq!(error.line_column(), Some((1, 20)));
    /// ```
    pub fn report(&self) -> Option<&Report> {
        match &*self.kind {
            Kind::Invalid { report, .. } => Some(report),
            Kind::Type { .. } | Kind::Io { .. } | Kind::Schema(_) => None,
        }
    }

    /// The errors of the schema, if it could not be compiled.
    pub fn schema_error(&self) -> Option<&SchemaError> {
        match &*self.kind {
            Kind::Schema(error) => Some(error),
            _ => None,
        }
    }

    /// The bytes of the document that it is about, if there is such a place.
    pub fn span(&self) -> Option<Range<usize>> {
        match &*self.kind {
            Kind::Invalid { report, .. } => first_error(report).map(|diagnostic| diagnostic.span.clone()),
            Kind::Type { place, .. } => place.as_ref().map(|place| place.span.clone()),
            Kind::Io { .. } | Kind::Schema(_) => None,
        }
    }

    /// Line and column (in characters), both from 1, of that place.
    pub fn line_column(&self) -> Option<(usize, usize)> {
        match &*self.kind {
            Kind::Invalid { place, .. } => place.map(|LineColumn { line, column }| (line, column)),
            Kind::Type { place, .. } => place.as_ref().map(|place| (place.line, place.column)),
            Kind::Io { .. } | Kind::Schema(_) => None,
        }
    }
}

fn first_error(report: &Report) -> Option<&crate::Diagnostic> {
    report.diagnostics.iter().find(|diagnostic| diagnostic.severity == crate::diagnostic::Severity::Error)
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            Kind::Invalid { report, place } => match first_error(report) {
                Some(first) => {
                    if let Some(LineColumn { line, column }) = place {
                        write!(formatter, "{line}:{column}: ")?;
                    }
                    write!(formatter, "{}: {}", first.code, first.message)?;
                    match report.errors {
                        0 | 1 => Ok(()),
                        2 => write!(formatter, " (and 1 more error)"),
                        errors => write!(formatter, " (and {} more errors)", errors - 1),
                    }
                }
                // `Limits::diagnostics` may be 0.
                None => write!(formatter, "the document is invalid"),
            },
            Kind::Type { message, place: Some(place) } => {
                write!(formatter, "{}:{}: {message}", place.line, place.column)
            }
            Kind::Type { message, place: None } => formatter.write_str(message),
            Kind::Io { message } => write!(formatter, "cannot write: {message}"),
            Kind::Schema(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Error {}

/// So that a function that compiles a schema and reads or writes with it needs only one error type.
///
/// ```
/// use packetcheck::{Error, Schema};
///
/// fn count(schema: &str, document: &[u8]) -> Result<u32, Error> {
///     Schema::from_documents(&[("count.xsd", schema)])?.decode(document)
/// }
///
/// let schema = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
/// assert_eq!(count(schema, b"<n>7</n>")?, 7);
/// assert!(count(schema, b"<n>x</n>").unwrap_err().report().is_some());
/// assert!(count("<schema/>", b"<n>7</n>").unwrap_err().schema_error().is_some());
/// # Ok::<(), Error>(())
/// ```
impl From<SchemaError> for Error {
    fn from(error: SchemaError) -> Error {
        Error { kind: Box::new(Kind::Schema(error)) }
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Error {
        Error::mismatch(message)
    }
}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Error {
        Error::mismatch(message)
    }
}
