//! Checks a document in pieces, from any reader. In memory are only the piece that is being read, the start tags of the
//! open elements, and the parts of earlier pieces that a diagnostic may still point to.
//!
//! The walk is the same as for a whole document. It stops before a token that may continue in the next piece
//! (`Machine::needs_more`). Its state and the text that it still needs move to the next text (`carry`), where it
//! continues. Text that is not well-formed is read by the recovering reader, which needs the rest of the document, so
//! from there on the whole rest is kept.

mod carry;
mod extract;
mod records;
mod remember;
mod settle;

use std::io::{self, Read};

use super::document::Document;
use super::explanation::Explanation;
use super::machine::{Machine, Suspended};
use super::scratch::{Scratch, with_scratch};
use super::sink::{Everything, Sink, verdict};
use super::table::Table;
use crate::Limits;
use crate::compiled::Compiled;
use crate::diagnostic::secret::Part;
use crate::diagnostic::{Lines, Report};
use crate::xml::Reader;
use carry::carry;
pub(super) use extract::Pieces;
use extract::{Extract, Readable};
pub(crate) use records::{FoundRecord, RecordReader};
pub(super) use remember::Remembered;
use settle::settle;

/// The number of bytes read at a time.
pub(crate) const PIECE: usize = 1 << 17;

/// What a document is checked against.
#[derive(Clone, Copy)]
pub(crate) struct Against<'s> {
    pub(crate) schema: &'s Compiled,
    pub(crate) table: &'s Table,
    pub(crate) limits: &'s Limits,
}

/// A document whose first piece was read.
pub(crate) enum Begun<'r> {
    InPieces(Box<InPieces<'r>>),
    /// A document that has to be in memory as a whole, and is: it is small or transcoded, or has errors or a document
    /// type declaration before its root element.
    Whole(Vec<u8>),
}

/// A document that is read in pieces.
pub(crate) struct InPieces<'r> {
    reader: Box<dyn Read + 'r>,
    /// The number of bytes read at a time.
    piece: usize,
    extract: Extract,
    /// The offset of the root element.
    root: usize,
    /// The state of the walk after the last piece.
    suspended: Option<Suspended>,
    /// The start tag of an element that is kept as a whole.
    kept_from: Option<usize>,
}

/// What was found so far in a document that is read in pieces.
pub(crate) struct Findings {
    explanation: Explanation<'static>,
    lines: Lines,
}

/// Masks the secrets of a part of a document in the diagnostics about it.
pub(crate) type Conceal<'c> = &'c mut dyn FnMut(&Part<'_>, &mut Report);

/// Reads the beginning of a document, at least `piece` bytes.
pub(crate) fn begin<'r>(mut reader: Box<dyn Read + 'r>, limits: &Limits, piece: usize) -> io::Result<Begun<'r>> {
    let mut extract = Extract::new();
    extract.read(&mut *reader, piece)?;
    let Readable { text, is_whole, .. } = extract.readable(limits);
    if !is_whole
        && let Ok(Document { root, .. }) = Document::new(text.as_bytes(), limits)
        && contains_prolog(text, root)
    {
        let document = InPieces { reader, piece, extract, root, suspended: None, kept_from: None };
        return Ok(Begun::InPieces(Box::new(document)));
    }
    // One byte more than is allowed shows that the document is too large.
    let most = limits.document_bytes.min(u32::MAX as usize).saturating_add(1);
    let missing = most.saturating_sub(extract.bytes().len());
    extract.read(&mut *reader, missing)?;
    Ok(Begun::Whole(extract.into_bytes()))
}

/// Whether the text read so far contains everything before the root element, and no document type declaration.
fn contains_prolog(text: &str, root: usize) -> bool {
    let before = text.get(..root).unwrap_or_default();
    let begins_name = |byte: &u8| !matches!(byte, b'!' | b'?' | b'/');
    text.as_bytes().get(root + 1).is_some_and(begins_name)
        && memchr::memmem::find(before.as_bytes(), b"<!DOCTYPE").is_none()
}

impl InPieces<'static> {
    /// A UTF-8 document that is in memory as a whole; `None` if it has errors before its root element.
    pub(crate) fn of_whole(bytes: Vec<u8>, limits: &Limits) -> Option<Box<InPieces<'static>>> {
        let Document { root, .. } = Document::new(&bytes, limits).ok()?;
        let (reader, extract) = (Box::new(io::empty()), Extract::of_whole(bytes));
        Some(Box::new(InPieces { reader, piece: PIECE, extract, root, suspended: None, kept_from: None }))
    }
}

impl InPieces<'_> {
    /// Whether the document is valid.
    pub(crate) fn validate(mut self, against: Against<'_>) -> io::Result<bool> {
        with_scratch(|scratch| {
            loop {
                let readable = self.extract.readable(against.limits);
                let is_cut = readable.cut.is_some();
                let (result, needs_more, suspended) = {
                    let mut machine = self.machine(against, &readable, scratch, verdict());
                    let result = machine.finish();
                    machine.release();
                    (result, machine.needs_more, machine.suspended())
                };
                if !needs_more {
                    return Ok(result.is_ok() && !is_cut);
                }
                self.read_more(suspended, against, scratch, None)?;
            }
        })
    }

    /// Every error and warning in the document, and the lines that they point to.
    pub(crate) fn explain(mut self, against: Against<'_>, conceal: Conceal<'_>) -> io::Result<(Report, Lines)> {
        with_scratch(|scratch| {
            let mut findings = Findings::new(against.limits, scratch);
            while self.explain_piece(against, scratch, &mut findings, conceal, |machine| {
                let _ = machine.finish();
                None
            })? {}
            scratch.remembered = None;
            Ok(findings.finish())
        })
    }

    /// Walks over one more piece with `run`, which returns the start of an element that is to be kept. Returns whether
    /// there is more to read.
    fn explain_piece(
        &mut self,
        against: Against<'_>,
        scratch: &mut Scratch,
        findings: &mut Findings,
        conceal: Conceal<'_>,
        run: impl for<'s, 'e, 'a> FnOnce(&mut Machine<'s, 'a, Everything<'e, 'a, true>>) -> Option<usize>,
    ) -> io::Result<bool> {
        let Findings { explanation, lines } = findings;
        let mut readable = self.extract.readable(against.limits);
        let mut here = std::mem::replace(explanation, Explanation::new(against.limits)).moved();
        if let Some(cut) = readable.cut.take() {
            // This error is reported last, after those that the reader finds before it.
            here.reader = Some(Box::new(Reader::until(readable.text, against.limits, cut)));
        }
        let mut machine = self.machine(against, &readable, scratch, Everything::<'_, '_, true>(&mut here));
        let kept_from = run(&mut machine);
        machine.settle_paths();
        machine.release();
        let (needs_more, suspended) = (machine.needs_more, machine.suspended());
        if let Some(remembered) = &mut scratch.remembered {
            remembered.set_places(self.extract.cursor(), |offset| self.extract.pieces().to_text(offset));
            settle(&mut here, &self.extract, remembered, lines, conceal);
        }
        *explanation = here.moved();
        self.kept_from = kept_from;
        if needs_more {
            self.read_more(suspended, against, scratch, Some(explanation))?;
        }
        Ok(needs_more)
    }

    /// A machine that continues where the last one stopped, or begins.
    fn machine<'s, 'a, S: Sink<'a>>(
        &self,
        against: Against<'s>,
        readable: &Readable<'a>,
        scratch: &'s mut Scratch,
        sink: S,
    ) -> Machine<'s, 'a, S> {
        let Against { schema, table, limits } = against;
        let document = Document { text: readable.text, root: self.root };
        let mut machine = Machine::new(schema, table, limits, document, scratch, sink);
        machine.is_whole = readable.is_whole;
        machine.pieces = readable.pieces;
        if let Some(suspended) = self.suspended {
            machine.resume_from(suspended);
        }
        machine
    }

    /// Reads more: as much again as is still unread, so that the work stays linear if a token is long.
    fn read_more(
        &mut self,
        mut suspended: Suspended,
        against: Against<'_>,
        scratch: &mut Scratch,
        explanation: Option<&mut Explanation<'_>>,
    ) -> io::Result<()> {
        carry(&mut suspended, &mut self.kept_from, scratch, explanation, &mut self.extract, against.limits);
        let unread = self.extract.bytes().len() - suspended.at;
        self.suspended = Some(suspended);
        self.extract.read(&mut *self.reader, self.piece.max(unread))
    }
}

impl Findings {
    fn new(limits: &Limits, scratch: &mut Scratch) -> Findings {
        scratch.remembered = Some(Box::default());
        Findings { explanation: Explanation::on_trail(limits), lines: Lines::default() }
    }

    fn finish(mut self) -> (Report, Lines) {
        self.lines.finish();
        (self.explanation.finish(), self.lines)
    }
}
