//! The pieces of a document. All of them borrow from it and are unresolved.

/// A document whose encoding and declaration are settled: the text is the bytes themselves, so the offsets are the
/// same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prolog<'a> {
    /// The whole document, byte order mark included.
    pub text: &'a str,
    /// The offset after the byte order mark and the XML declaration.
    pub start: usize,
}

/// An attribute as written, unresolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawAttribute<'a> {
    /// The qualified name as written.
    pub name: &'a str,
    /// The length of the prefix in bytes; 0 without one.
    pub prefix_length: usize,
    /// What is between the quotes; see [`attribute_value`](super::attribute_value).
    pub value: &'a str,
    /// The offset of the name.
    pub name_at: usize,
    /// The offset of the value (after the opening quote).
    pub value_at: usize,
}

impl<'a> RawAttribute<'a> {
    /// The prefix, `""` without one.
    pub fn prefix(&self) -> &'a str {
        split(self.name, self.prefix_length).0
    }

    /// The name without its prefix.
    pub fn local_name(&self) -> &'a str {
        split(self.name, self.prefix_length).1
    }

    /// The prefix that this attribute declares: `xmlns:p` gives `p`, `xmlns` gives `""`, any other attribute `None`.
    pub fn declared_prefix(&self) -> Option<&'a str> {
        match self.name.strip_prefix("xmlns")? {
            "" => Some(""),
            rest => rest.strip_prefix(':'),
        }
    }

    /// The place of the name.
    pub fn name_span(&self) -> std::ops::Range<usize> {
        self.name_at..self.name_at + self.name.len()
    }
}

/// A start tag or empty-element tag; its attributes are in the caller's vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartTag<'a> {
    /// The qualified name as written.
    pub name: &'a str,
    /// The length of the prefix in bytes; 0 without one.
    pub prefix_length: usize,
    /// `<a/>`.
    pub empty: bool,
    /// The offset after `>`.
    pub end: usize,
}

/// A run of character data, references, CDATA sections, comments and processing instructions, up to the next tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextRun<'a> {
    /// The bytes as written; see [`resolve_text`](super::resolve_text).
    pub raw: &'a str,
    /// Nothing in the run has to be resolved: `raw` is the text.
    pub plain: bool,
    /// No character data in it but white space (comments and instructions do not count; a reference or CDATA does).
    pub blank: bool,
}

/// What [`Reader`](super::Reader) returns, one after another. Starts and ends always balance, whatever the document: an
/// end that the document lacks is returned with `implied`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// An element begins; its attributes are [`Reader::attributes`](super::Reader::attributes), its namespaces are in [`Reader::scopes`](super::Reader::scopes).
    Start {
        /// The qualified name as written.
        name: &'a str,
        /// The length of the prefix in bytes; 0 without one.
        prefix_length: usize,
        /// The tag.
        span: (usize, usize),
    },
    /// An element ends.
    End {
        /// The end tag; for `<a/>`, the whole tag; for an implied end, the empty place where it should be.
        span: (usize, usize),
        /// The document has no end tag for it.
        implied: bool,
    },
    /// A run of text that is not empty, within an element.
    Text {
        /// The run.
        run: TextRun<'a>,
        /// The offset of `run.raw`.
        at: usize,
        /// Faults were found in it, so its text can only be guessed.
        damaged: bool,
    },
    /// The document is over.
    Eof,
}

/// Prefix and local part of a qualified name whose prefix has `prefix_length` bytes.
pub fn split(name: &str, prefix_length: usize) -> (&str, &str) {
    if prefix_length == 0 {
        return ("", name);
    }
    (name.get(..prefix_length).unwrap_or_default(), name.get(prefix_length + 1..).unwrap_or_default())
}
