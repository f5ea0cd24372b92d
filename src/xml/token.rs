//! The pieces of a document. All of them borrow from it, and nothing in them is resolved yet.

/// A document whose encoding and declaration are settled: the text is the bytes themselves, so offsets agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// What stands between the quotes; see [`attribute_value`](super::attribute_value).
    pub value: &'a str,
    /// Offset of the name.
    pub name_at: usize,
    /// Offset of the value (after the opening quote).
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

    /// Where the name stands.
    pub fn name_span(&self) -> std::ops::Range<usize> {
        self.name_at..self.name_at + self.name.len()
    }
}

/// A start tag or empty-element tag; its attributes are in the caller's vector.
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
    /// The bytes as they stand; see [`resolve_text`](super::resolve_text).
    pub raw: &'a str,
    /// The run holds only characters that stand for themselves: `raw` is the text.
    pub plain: bool,
    /// No character data in it but white space (comments and instructions do not count; a reference or CDATA does).
    pub blank: bool,
}

/// What [`Reader`](super::Reader) gives, one after the other. Starts and ends always balance, whatever the document: an end that
/// the document lacks is given with `implied`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// An element begins; its attributes are [`Reader::attributes`](super::Reader::attributes), its namespaces are in [`Reader::scopes`](super::Reader::scopes).
    Start {
        /// The qualified name as written.
        name: &'a str,
        /// Bytes of the prefix; 0 without one.
        prefix_length: usize,
        /// The tag.
        span: (usize, usize),
    },
    /// It ends.
    End {
        /// The tag; for `<a/>` that one, for an implied end the empty place where it would stand.
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
        /// Faults were found in it: what it stands for can only be guessed.
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
