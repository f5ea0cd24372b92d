//! A document in pieces, from any reader: in memory are the piece that is being read, the start tags of the open elements,
//! and what else of earlier pieces a diagnostic may still point to.
//!
//! The walk is the same as for a whole document. Before a token of which more may be to come it stops (`Machine::is_starved`);
//! what it stands on moves to the next text (`carry`), and it goes on there. What is not well-formed is read by a reader that
//! recovers, which needs the rest of the document: from there on the rest is kept.

mod carry;
mod extract;
mod remember;
mod settle;

use std::io::{self, Read};

use super::document::Document;
use super::explanation::Explanation;
use super::machine::{Machine, Standing};
use super::scratch::{Scratch, with_scratch};
use super::sink::{EverythingInPieces, Sink, verdict};
use super::table::Table;
use crate::Limits;
use crate::compiled::Compiled;
use crate::diagnostic::secret::Part;
use crate::diagnostic::{Lines, Report};
use crate::xml::Reader;
use carry::carry;
pub(super) use extract::Pieces;
use extract::{Extract, Readable};
pub(super) use remember::Remembered;
use settle::settle;

/// Bytes that are read at a time.
pub(crate) const PIECE: usize = 1 << 17;

/// What a document is checked against.
#[derive(Clone, Copy)]
pub(crate) struct Against<'s> {
    pub(crate) schema: &'s Compiled,
    pub(crate) table: &'s Table,
    pub(crate) limits: &'s Limits,
}

/// A document whose beginning was read.
pub(crate) enum Begun<'r> {
    InPieces(InPieces<'r>),
    /// It has to be in memory as a whole, and is: it is small or transcoded, or has errors or a document type declaration before
    /// its root element.
    Whole(Vec<u8>),
}

/// A document that is read in pieces.
pub(crate) struct InPieces<'r> {
    reader: &'r mut dyn Read,
    /// Bytes that are read at a time.
    piece: usize,
    extract: Extract,
    /// Where the root element begins.
    root: usize,
}

/// Reads the beginning of a document, `piece` bytes or more.
pub(crate) fn begin<'r>(reader: &'r mut dyn Read, limits: &Limits, piece: usize) -> io::Result<Begun<'r>> {
    let mut extract = Extract::new();
    extract.read(reader, piece)?;
    let Readable { text, is_whole, .. } = extract.readable(limits);
    if !is_whole
        && let Ok(Document { root, .. }) = Document::new(text.as_bytes(), limits)
        && is_sure(text, root)
    {
        return Ok(Begun::InPieces(InPieces { reader, piece, extract, root }));
    }
    // One byte more than is allowed shows that it is too large.
    let most = limits.document_bytes.min(u32::MAX as usize).saturating_add(1);
    let missing = most.saturating_sub(extract.bytes().len());
    extract.read(reader, missing)?;
    Ok(Begun::Whole(extract.into_bytes()))
}

/// Whether what was read of a document shows all of what comes before its root element, and no document type declaration.
fn is_sure(text: &str, root: usize) -> bool {
    let before = text.get(..root).unwrap_or_default();
    let begins_name = |byte: &u8| !matches!(byte, b'!' | b'?' | b'/');
    text.as_bytes().get(root + 1).is_some_and(begins_name)
        && memchr::memmem::find(before.as_bytes(), b"<!DOCTYPE").is_none()
}

impl InPieces<'_> {
    /// Whether the document is valid.
    pub(crate) fn is_valid(mut self, against: Against<'_>) -> io::Result<bool> {
        with_scratch(|scratch| {
            let mut standing = None;
            loop {
                let readable = self.extract.readable(against.limits);
                let is_cut = readable.cut.is_some();
                let (result, is_starved, next) = {
                    let mut machine = self.machine(against, &readable, scratch, verdict(), standing);
                    let result = machine.finish();
                    machine.release();
                    (result, machine.is_starved, machine.standing())
                };
                if !is_starved {
                    return Ok(result.is_ok() && !is_cut);
                }
                standing = Some(self.next_piece(next, against, scratch, None)?);
            }
        })
    }

    /// Every error and warning in the document, and the lines that they are about. `conceal` masks what must not be shown of a
    /// part of the document in the diagnostics that are about it.
    pub(crate) fn explain(
        mut self,
        against: Against<'_>,
        conceal: &mut dyn FnMut(&Part<'_>, &mut Report),
    ) -> io::Result<(Report, Lines)> {
        with_scratch(|scratch| {
            let mut standing = None;
            let mut lines = Lines::default();
            let mut explanation = Explanation::on_trail(against.limits);
            scratch.remembered = Some(Box::default());
            loop {
                let mut readable = self.extract.readable(against.limits);
                let mut here = explanation.moved();
                if let Some(cut) = readable.cut.take() {
                    // It is reported last, after what the reader finds before it.
                    here.reader = Some(Box::new(Reader::until(readable.text, against.limits, cut)));
                }
                let mut machine = self.machine(against, &readable, scratch, EverythingInPieces(&mut here), standing);
                let _ = machine.finish();
                machine.settle_paths();
                machine.release();
                let (is_starved, next) = (machine.is_starved, machine.standing());
                if let Some(remembered) = &mut scratch.remembered {
                    remembered.set_places(self.extract.cursor(), |offset| self.extract.pieces().to_text(offset));
                    settle(&mut here, &self.extract, remembered, &mut lines, conceal);
                }
                if !is_starved {
                    scratch.remembered = None;
                    lines.finish();
                    return Ok((here.finish(), lines));
                }
                explanation = here.moved();
                standing = Some(self.next_piece(next, against, scratch, Some(&mut explanation))?);
            }
        })
    }

    /// A walk that goes on where the last one stood, or begins.
    fn machine<'s, 'a, S: Sink<'a>>(
        &self,
        against: Against<'s>,
        readable: &Readable<'a>,
        scratch: &'s mut Scratch,
        sink: S,
        standing: Option<Standing>,
    ) -> Machine<'s, 'a, S> {
        let Against { schema, table, limits } = against;
        let document = Document { text: readable.text, root: self.root };
        let mut machine = Machine::new(schema, table, limits, document, scratch, sink);
        machine.is_whole = readable.is_whole;
        machine.pieces = readable.pieces;
        if let Some(standing) = standing {
            machine.stand_on(standing);
        }
        machine
    }

    /// Reads more: as much again as is not read yet, so that the work stays linear where a token is long.
    fn next_piece(
        &mut self,
        mut standing: Standing,
        against: Against<'_>,
        scratch: &mut Scratch,
        explanation: Option<&mut Explanation<'_>>,
    ) -> io::Result<Standing> {
        carry(&mut standing, scratch, explanation, &mut self.extract, against.limits);
        let unread = self.extract.bytes().len() - standing.at;
        self.extract.read(self.reader, self.piece.max(unread))?;
        Ok(standing)
    }
}
