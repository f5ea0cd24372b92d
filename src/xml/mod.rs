//! Strict, namespace-aware XML 1.0 over a byte slice, without copies; and the writer, the other way.
//!
//! CONTRACT (skeleton): the lexers are shared by `Reader` (recovers, for `check::explain` and `--well-formed`)
//! and by the hot path of `check::accept` (its slow branches). All offsets are byte offsets of the document.

pub(crate) mod scan;

use std::borrow::Cow;
use std::ops::Range;

use crate::Limits;

/// A breach of XML 1.0 or Namespaces in XML 1.0, and where. Words and codes are given in `diagnostic`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which rule.
    pub kind: FaultKind,
    /// The bytes at fault (may be empty: a place between two bytes).
    pub span: Range<usize>,
    /// A second place that explains the first: the open tag that is not closed, the first of two equal attributes.
    pub related: Option<Range<usize>>,
}

/// The rules that can be broken. Extend as needed; each has a Display in the house wording: lower case, what was
/// required, then what was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// Section 2.1: no root element.
    #[error("expected a root element, found the end of the document")]
    NoRoot,
    // … InvalidUtf8, UnsupportedEncoding{name}, EncodingMismatch, MisplacedDeclaration, MalformedDeclaration,
    // Doctype, ForbiddenCharacter{char}, BareAmpersand, UnknownEntity{name}, InvalidCharacterReference,
    // CdataEndInText, MalformedName, MalformedStartTag, LessThanInAttribute, UnquotedAttribute, MissingBlank,
    // DuplicateAttribute{name}, UndeclaredPrefix{prefix}, ReservedPrefix, MalformedEndTag,
    // MismatchedEndTag{expected, found}, UnexpectedEndTag, UnclosedElement{name}, UnclosedComment,
    // DoubleHyphenInComment, UnclosedCdata, UnclosedInstruction, ReservedInstructionTarget, ContentAfterRoot,
    // ContentBeforeRoot, TooDeep, TooManyAttributes, NameTooLong, DocumentTooLarge …
}

/// A document whose encoding and declaration are settled: the text is the bytes themselves, so offsets agree.
#[derive(Debug, Clone, Copy)]
pub struct Prolog<'a> {
    /// The whole document, byte order mark included.
    pub text: &'a str,
    /// Where what follows the byte order mark and the XML declaration begins.
    pub start: usize,
}

/// An attribute as it stands: nothing is resolved yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawAttribute<'a> {
    /// The qualified name as written.
    pub name: &'a str,
    /// Bytes of the prefix; 0 without one.
    pub prefix_length: usize,
    /// What stands between the quotes; see `attribute_value`.
    pub value: &'a str,
    /// Offset of the name.
    pub name_at: usize,
    /// Offset of the value (after the opening quote).
    pub value_at: usize,
}

/// A start tag or empty-element tag; its attributes were pushed to the caller's vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartTag<'a> {
    /// The qualified name as written.
    pub name: &'a str,
    /// Bytes of the prefix; 0 without one.
    pub prefix_length: usize,
    /// `<a/>`.
    pub empty: bool,
    /// The offset behind `>`.
    pub end: usize,
}

/// A run of character data, references, CDATA sections, comments and processing instructions, up to the next tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextRun<'a> {
    /// The bytes as they stand; see `resolve_text`.
    pub raw: &'a str,
    /// The run holds only characters that stand for themselves: `raw` is the text.
    pub plain: bool,
    /// No character data in it but white space (comments and instructions do not count; a reference or CDATA does).
    pub blank: bool,
}

#[allow(clippy::todo, missing_docs, unused_variables)]
pub mod lex {
    //! One function a production; each takes the whole document and an offset, none recovers.
    use super::*;

    /// Byte order mark, encoding, UTF-8, the XML declaration (whole document checked for UTF-8 here, once).
    pub fn prolog<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Prolog<'a>, Fault> {
        todo!()
    }
    /// At `<` of a start tag. Names, `=`, quotes, characters of values and references in them are checked, `<` refused;
    /// duplicates (by qualified name) and limits too. Namespaces are the caller's (see `Scopes`).
    pub fn start_tag<'a>(
        text: &'a str,
        at: usize,
        limits: &Limits,
        attributes: &mut Vec<RawAttribute<'a>>,
    ) -> Result<StartTag<'a>, Fault> {
        todo!()
    }
    /// At `</`. Gives the qualified name and the offset behind `>`.
    pub fn end_tag<'a>(text: &'a str, at: usize, limits: &Limits) -> Result<(&'a str, usize), Fault> {
        todo!()
    }
    /// Everything up to the next start tag, end tag or the end of the document; all in it is checked.
    pub fn text_run<'a>(text: &'a str, at: usize) -> Result<TextRun<'a>, Fault> {
        todo!()
    }
    /// White space, comments and processing instructions (before and after the root); the offset behind them.
    /// A DOCTYPE is a fault of its own, unread.
    pub fn misc(text: &str, at: usize) -> Result<usize, Fault> {
        todo!()
    }
}

/// The text a run stands for: references resolved, CDATA unwrapped, comments and instructions dropped,
/// line endings normalised (sections 2.11, 4.1). Only for runs that `lex::text_run` accepted. Borrows when nothing changes.
#[allow(clippy::todo, unused_variables)]
pub fn resolve_text(raw: &str) -> Cow<'_, str> {
    todo!()
}

/// The normalised value of an attribute (section 3.3.3, type CDATA). Only for values that `lex::start_tag` accepted.
#[allow(clippy::todo, unused_variables)]
pub fn attribute_value(raw: &str) -> Cow<'_, str> {
    todo!()
}

/// The namespace declarations in force. Holds nothing (and allocates nothing) while a document declares none.
#[derive(Debug, Default)]
pub struct Scopes<'a> {
    bindings: Vec<(usize, &'a str, Cow<'a, str>)>,
}

#[allow(clippy::todo, missing_docs, unused_variables)]
impl<'a> Scopes<'a> {
    /// Takes the `xmlns` and `xmlns:p` among an element's attributes into force for that element at `depth`.
    /// Checks the reserved prefixes and names (Namespaces, sections 3 and 5).
    pub fn open(&mut self, depth: usize, attributes: &[RawAttribute<'a>]) -> Result<(), Fault> {
        todo!()
    }
    /// Ends what was declared at `depth`.
    pub fn close(&mut self, depth: usize) {
        todo!()
    }
    pub fn is_empty(&self) -> bool {
        self.bindings.is_empty()
    }
    /// The namespace of a prefix; `""` asks for the default namespace (which is `""` when none is declared);
    /// `None`: not declared. `xml` is always bound.
    pub fn resolve(&self, prefix: &str) -> Option<&str> {
        todo!()
    }
    /// Checks prefixes of attributes and uniqueness by expanded name (Namespaces, section 6.3).
    pub fn check_attributes(&self, attributes: &[RawAttribute<'a>]) -> Result<(), Fault> {
        todo!()
    }
    pub fn clear(&mut self) {
        self.bindings.clear();
    }
}

/// What `Reader` gives, one after the other. Starts and ends always balance, whatever the document: an end that
/// the document lacks is given with `implied`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// An element begins; its attributes are `Reader::attributes`, its namespaces are in `Reader::scopes`.
    Start { name: &'a str, prefix_length: usize, span: (usize, usize) },
    /// It ends. For `<a/>` the span is that of the tag.
    End { span: (usize, usize), implied: bool },
    /// A run of text that is not empty, with the offset of `raw`. Runs that had faults are given too (see `damaged`).
    Text { run: TextRun<'a>, at: usize, damaged: bool },
    /// The document is over.
    Eof,
}

/// Reads a whole document and goes on after faults: the complete path, not the quick one.
pub struct Reader<'a> {
    #[allow(dead_code)]
    text: &'a str,
}

#[allow(clippy::todo, missing_docs, unused_variables)]
impl<'a> Reader<'a> {
    /// Fails only where nothing can be read at all (an encoding that is not supported, a DOCTYPE comes later).
    /// Invalid UTF-8 in the middle: the reader reads up to it, then gives that fault last.
    pub fn new(bytes: &'a [u8], limits: &Limits) -> Result<Reader<'a>, Fault> {
        todo!()
    }
    /// The next token; the faults met on the way go to `faults`, in the order of the document. One fault gives one.
    /// After `Doctype` or a limit only implied ends and `Eof` follow.
    pub fn next(&mut self, faults: &mut dyn FnMut(Fault)) -> Token<'a> {
        todo!()
    }
    pub fn attributes(&self) -> &[RawAttribute<'a>] {
        todo!()
    }
    pub fn scopes(&self) -> &Scopes<'a> {
        todo!()
    }
    pub fn depth(&self) -> usize {
        todo!()
    }
}

/// Writes elements, attributes and text, escaped; refuses what XML cannot hold.
#[derive(Debug, Default)]
pub struct Writer {
    #[allow(dead_code)]
    out: Vec<u8>,
}

/// What XML cannot hold: a character outside the production Char (section 2.2), or a name that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[allow(missing_docs)]
    #[error("text cannot hold the character U+{:04X}", *.0 as u32)]
    Character(char),
    #[allow(missing_docs)]
    #[error("`{0}` is not an XML name")]
    Name(String),
}

#[allow(clippy::todo, missing_docs, unused_variables)]
impl Writer {
    pub fn new() -> Writer {
        todo!()
    }
    /// `<?xml version="1.0" encoding="UTF-8"?>` and a line feed.
    pub fn declaration(&mut self) {
        todo!()
    }
    pub fn start(&mut self, name: &str) -> Result<(), WriteError> {
        todo!()
    }
    /// Only directly after `start` or another attribute.
    pub fn attribute(&mut self, name: &str, value: &str) -> Result<(), WriteError> {
        todo!()
    }
    /// `\r` goes out as `&#13;`; in attributes tab, line feed and carriage return too. `]]>` as `]]&gt;`.
    pub fn text(&mut self, text: &str) -> Result<(), WriteError> {
        todo!()
    }
    /// Ends the open element; one without content becomes `<a/>`.
    pub fn end(&mut self) {
        todo!()
    }
    /// Bytes written so far (the open tag closed or not), for callers that reorder what they wrote.
    pub fn position(&self) -> usize {
        todo!()
    }
    pub fn into_bytes(self) -> Vec<u8> {
        todo!()
    }
}
