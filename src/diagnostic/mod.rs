//! A fault as data: code, severity, place, words.

use std::ops::Range;

mod code;
pub(crate) mod decoded;
pub(crate) mod kept;
mod place;
pub(crate) mod places;
pub mod render;
pub(crate) mod secret;
pub(crate) mod words;
pub use code::{Code, UnknownCode};
pub use decoded::{Decoded, DecodedText};
pub use place::{LineColumn, LineIndex};
pub use secret::repeats_secret;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Sources differ, or the packet is odd: it stays valid.
    Warning,
    /// The document is invalid.
    Error,
}

/// One thing that is wrong (or odd) in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// Bytes of the document that it is about.
    pub span: Range<usize>,
    /// A second place that explains the first, with its label.
    pub related: Option<(Range<usize>, String)>,
    /// Path with positions: `/packet/migration/get_status[2]/result/errcode`; empty outside the root.
    pub path: String,
    /// One line: what was required, then what was found.
    pub message: String,
    /// What would have been right here.
    pub expected: Vec<String>,
    /// What stood there.
    pub found: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The schema's own documentation of the place.
    pub documentation: Option<String>,
    /// Where it is in a text that the document holds in a coded form only; then `span` is the place of the whole of that.
    pub decoded: Option<Box<Decoded>>,
    /// See [`Diagnostic::concealed`].
    pub(crate) concealed: secret::Concealed,
}

impl Diagnostic {
    /// An error that says `words` at a place.
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
            concealed: secret::Concealed::default(),
        }
    }

    /// Bytes of the document that must not be shown with it, in order: passwords. Its words hold nothing of them.
    pub fn concealed(&self) -> &[Range<usize>] {
        self.concealed.ranges()
    }
}

/// What `explain` gives: the diagnostics kept, in document order, and how many there were in all.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Report {
    /// In document order; at most `Limits::diagnostics`.
    pub diagnostics: Vec<Diagnostic>,
    /// All errors, kept or not.
    pub errors: usize,
    /// All warnings, kept or not.
    pub warnings: usize,
}

impl Report {
    /// Of one diagnostic.
    pub(crate) fn of_one(severity: Severity, mut diagnostic: Diagnostic) -> Report {
        diagnostic.severity = severity;
        let is_error = usize::from(severity == Severity::Error);
        Report { diagnostics: vec![diagnostic], errors: is_error, warnings: 1 - is_error }
    }

    /// Adds what another report on the same document says. At most `limit` diagnostics are kept.
    #[cfg(feature = "http")]
    pub(crate) fn merge(&mut self, other: Report, limit: usize) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        let room = limit.saturating_sub(self.diagnostics.len());
        self.diagnostics.extend(other.diagnostics.into_iter().take(room));
    }

    /// No error (warnings allowed).
    pub fn is_valid(&self) -> bool {
        self.errors == 0
    }
}
