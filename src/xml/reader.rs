//! CONTRACT (skeleton): the reader and the writer.

use super::{Fault, RawAttribute, Scopes, TextRun};
use crate::Limits;

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
