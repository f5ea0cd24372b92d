//! Diagnostics as data: code, severity, place and message.

use std::fmt;
use std::ops::Range;

mod code;
pub(crate) mod correction;
pub(crate) mod decoded;
mod expected;
pub(crate) mod kept;
pub(crate) mod lines;
mod place;
pub(crate) mod places;
pub mod render;
pub(crate) mod secret;
pub(crate) mod words;
pub use code::{Code, UnknownCode};
pub use decoded::{Decoded, DecodedText};
pub use expected::Expected;
pub use lines::{Lines, Source};
pub use place::{LineColumn, LineIndex};
#[doc(hidden)]
pub use places::line_columns;
#[doc(hidden)]
pub use secret::repeats_secret;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Sources disagree, or the packet is unusual, but it stays valid.
    Warning,
    /// The document is invalid.
    Error,
}

/// One error or oddity in a document.
///
/// ```
/// let report = packetcheck::plesk::request_schema().explain(b"<packet><migration><chek/></migration></packet>");
/// let diagnostic = &report.diagnostics[0];
/// assert_eq!(diagnostic.code.as_str(), "PC0204");
/// assert_eq!(diagnostic.path, "/packet/migration/chek");
/// assert_eq!(diagnostic.span, 19..26);
/// assert_eq!(diagnostic.help.as_deref(), Some("did you mean `check`?"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// The bytes of the document that the diagnostic is about.
    pub span: Range<usize>,
    /// A second place that explains the first, with its label.
    pub related: Option<(Range<usize>, String)>,
    /// Path with positions: `/packet/migration/get_status[2]/result/errcode`; empty outside the root.
    pub path: String,
    /// One line: what was expected, then what was found.
    pub message: String,
    /// What was expected here.
    pub expected: Expected,
    /// What was found here.
    pub found: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The schema's documentation of the place.
    pub documentation: Option<String>,
    /// The place in a text that the document contains only in coded form; `span` is then the place of that whole text.
    pub decoded: Option<Box<Decoded>>,
    /// How to fix it, if that is known.
    pub(crate) correction: Option<Box<correction::Correction>>,
    /// See [`Diagnostic::concealed`].
    pub(crate) concealed: secret::Concealed,
}

impl Diagnostic {
    /// An error with these words at this place.
    pub(crate) fn new(words: words::Words, span: Range<usize>, path: String) -> Diagnostic {
        Diagnostic {
            code: words.code,
            severity: Severity::Error,
            span,
            related: None,
            path,
            message: words.message,
            expected: words.expected,
            found: words.found,
            help: words.help,
            documentation: None,
            decoded: None,
            correction: words.correction,
            concealed: secret::Concealed::default(),
        }
    }

    /// The bytes of the document that must not be shown with the diagnostic, in order: passwords. Its message contains
    /// none of them.
    pub fn concealed(&self) -> &[Range<usize>] {
        self.concealed.ranges()
    }
}

/// The result of `explain`: the kept diagnostics, in document order, and the total number of errors and warnings.
///
/// `Display` gives a line for each diagnostic and one with the counts; [`render::text`] draws the source with them.
///
/// ```
/// use packetcheck::plesk;
///
/// fn accept(packet: &[u8]) -> Result<(), packetcheck::diagnostic::Report> {
///     let warnings = plesk::request_schema().explain(packet).into_result()?;
///     for warning in &warnings {
///         eprintln!("{warning}");
///     }
///     Ok(())
/// }
///
/// let error = accept(b"<packet><migration><get_status><id>7</id></get_status></migration></packet>").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "error[PC0202]: expected `migration_id`, found `id` (at /packet/migration/get_status/id)\n1 error"
/// );
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// In document order; at most `Limits::diagnostics`.
    pub diagnostics: Vec<Diagnostic>,
    /// The number of all errors, kept or not.
    pub errors: usize,
    /// The number of all warnings, kept or not.
    pub warnings: usize,
}

impl Report {
    /// A report with one diagnostic.
    pub(crate) fn of_one(severity: Severity, mut diagnostic: Diagnostic) -> Report {
        diagnostic.severity = severity;
        let is_error = usize::from(severity == Severity::Error);
        Report { diagnostics: vec![diagnostic], errors: is_error, warnings: 1 - is_error }
    }

    /// Adds another report on the same document. At most `limit` diagnostics are kept.
    #[cfg(feature = "http")]
    pub(crate) fn merge(&mut self, other: Report, limit: usize) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        let room = limit.saturating_sub(self.diagnostics.len());
        self.diagnostics.extend(other.diagnostics.into_iter().take(room));
    }

    /// Whether there is no error (warnings are allowed).
    pub fn is_valid(&self) -> bool {
        self.errors == 0
    }

    /// The report, if it has at most warnings.
    ///
    /// ```
    /// let schema = packetcheck::plesk::request_schema();
    /// assert!(schema.explain(b"<packet><migration><check/></migration></packet>").into_result().is_ok());
    /// let report = schema.explain(b"<packet/>").into_result().unwrap_err();
    /// assert_eq!(report.errors, 1);
    /// ```
    ///
    /// # Errors
    ///
    /// The report, if it has errors.
    pub fn into_result(self) -> Result<Report, Report> {
        if self.is_valid() { Ok(self) } else { Err(self) }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// One line, without the place, which needs the document.
impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}[{}]: {}", self.severity, self.code, self.message)?;
        if self.path.is_empty() { Ok(()) } else { write!(formatter, " (at {})", self.path) }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.diagnostics {
            writeln!(formatter, "{diagnostic}")?;
        }
        let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        match (self.errors, self.warnings) {
            (0, 0) => formatter.write_str("valid"),
            (0, warnings) => write!(formatter, "valid with {}", counted(warnings, "warning")),
            (errors, 0) => formatter.write_str(&counted(errors, "error")),
            (errors, warnings) => {
                write!(formatter, "{}, {}", counted(errors, "error"), counted(warnings, "warning"))
            }
        }
    }
}

/// Usually for a report with errors: see [`Report::into_result`].
impl std::error::Error for Report {}

impl IntoIterator for Report {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.diagnostics.into_iter()
    }
}

impl<'r> IntoIterator for &'r Report {
    type Item = &'r Diagnostic;
    type IntoIter = std::slice::Iter<'r, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.diagnostics.iter()
    }
}
