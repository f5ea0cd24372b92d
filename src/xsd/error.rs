//! What is wrong with a schema.

use std::fmt;

use crate::compiled::{Document, Place};
use crate::diagnostic::Code;

/// Why a schema cannot be used: the first fault found, with its place, in the house wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    code: Code,
    path: String,
    line: u32,
    column: u32,
    message: String,
}

impl SchemaError {
    /// An error at a byte of a schema document.
    pub(crate) fn at(code: Code, document: &Document, offset: usize, message: impl Into<String>) -> SchemaError {
        let (line, column) = position(&document.text, offset);
        SchemaError { code, path: document.path.clone(), line, column, message: message.into() }
    }

    /// An error about a document that could not be read at all.
    pub(crate) fn unreadable(path: String, message: impl Into<String>) -> SchemaError {
        SchemaError { code: Code::Unreadable, path, line: 0, column: 0, message: message.into() }
    }

    /// What kind of fault it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The constraint of the Recommendation that is broken, called as there (`cos-nonambig`), or a name of our own where
    /// none is.
    pub fn constraint(&self) -> &'static str {
        self.code.constraint().unwrap_or_default()
    }

    /// The document at fault, as it was named by the caller or by the document that includes it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, counted from 1; 0 where the document could not be read at all.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column in characters, counted from 1; 0 where the document could not be read at all.
    pub fn column(&self) -> u32 {
        self.column
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(formatter, "{}: {}", self.path, self.message),
            line => write!(formatter, "{}:{}:{}: {}", self.path, line, self.column, self.message),
        }
    }
}

impl std::error::Error for SchemaError {}

/// Line and column of a byte, both from 1.
fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count());
    let counted = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    (counted(line), counted(column))
}

/// A fault found before it is put into words for the user: places are still offsets.
#[derive(Debug)]
pub(super) struct Failure {
    code: Code,
    place: Place,
    message: String,
    /// A second place, and what stands there.
    other: Option<(&'static str, Place)>,
}

/// What the parts of this module give: the failure is boxed, since it is rare and large.
pub(super) type Result<T> = std::result::Result<T, Box<Failure>>;

/// A fault at one place: what is broken, and the words.
pub(super) fn fault<T>(code: Code, place: Place, message: impl Into<String>) -> Result<T> {
    Err(Box::new(Failure { code, place, message: message.into(), other: None }))
}

/// A fault that concerns two places; `label` says what stands at the other one.
pub(super) fn conflict<T>(
    code: Code,
    place: Place,
    message: impl Into<String>,
    label: &'static str,
    other: Place,
) -> Result<T> {
    Err(Box::new(Failure { code, place, message: message.into(), other: Some((label, other)) }))
}

/// A construct that this version does not know.
pub(super) fn unsupported<T>(place: Place, construct: impl fmt::Display) -> Result<T> {
    fault(Code::Unsupported, place, format!("{construct} is not supported yet"))
}

impl Failure {
    /// Words and lines for the user.
    pub(super) fn into_error(self, documents: &[Document]) -> SchemaError {
        let document = |place: Place| documents.get(place.document as usize);
        let mut message = self.message;
        if let Some((label, other)) = self.other
            && let Some(second) = document(other)
        {
            let (line, column) = position(&second.text, other.offset as usize);
            message.push_str(&format!("; {label} is at {}:{line}:{column}", second.path));
        }
        match document(self.place) {
            Some(first) => SchemaError::at(self.code, first, self.place.offset as usize, message),
            None => SchemaError::unreadable(String::from("schema"), message),
        }
    }
}
