//! The quick path: a walk over bytes and tables that gives events, and stops at the first doubt.
//!
//! The plain version is the careful one (`careful`): lex the next tag, resolve its name, look for the declaration,
//! check what it says. It does everything and is slow. In front of it stands a shorter way (`quick`) for what nearly
//! all of nearly every packet is made of: in element content under a plain model, compare the bytes that come with the
//! tags that may come. One comparison tells name, well-formedness and place in the model at once; an end tag needs no
//! search, since only one is possible; an element with text is one step (tag, text, end tag) and one event. Whatever
//! is not as predicted, however slightly, goes the careful way from the same byte on, so the shorter way never has
//! to be complete, only right.
//!
//! Whether events are noted is a parameter of the machine's type: who decodes has it walk a number of events, and reads
//! the notes of them; with `DECODE` off there are none, so that validating alone compiles to the checks alone.

mod careful;
mod document;
mod frame;
mod ids;
mod note;
mod quick;
mod scratch;

use crate::Limits;
use crate::check::table::{NONE, Table};
use crate::compiled::{Compiled, NamespaceId};
use crate::xml::Scopes;

pub(crate) use document::Document;
use frame::{Details, Frame, Mode};
pub(crate) use note::{Attribute, Event, Note, Text};
pub(crate) use scratch::{NOTES, Scratch, with_scratch};

/// The quick path declines: the document is invalid, ill-formed, over a limit, or beyond what is decided here.
/// `check::explain` tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Stop {
    /// Something is wrong.
    Refused,
    /// Not decided here.
    Unsure,
}

impl From<crate::xml::Fault> for Stop {
    #[cold]
    fn from(_: crate::xml::Fault) -> Stop {
        Stop::Refused
    }
}

/// One walk over one document.
pub(crate) struct Machine<'s, 'a, const DECODE: bool> {
    schema: &'s Compiled,
    table: &'s Table,
    limits: &'s Limits,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The open element, and how many there are around it, the document included.
    frame: Frame,
    depth: usize,
    /// The namespace of names without a prefix (`u32::MAX`: one that no schema names).
    namespace: NamespaceId,
    /// A rule that is only a warning has fired.
    pub(crate) warned: bool,
    scopes: Scopes<'a>,
    scratch: &'s mut Scratch,
}

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// A walk that has not begun. (Nothing here can fail, so that a machine is made where it stays.)
    #[inline(always)]
    pub(crate) fn new(
        schema: &'s Compiled,
        table: &'s Table,
        limits: &'s Limits,
        document: Document<'a>,
        scratch: &'s mut Scratch,
    ) -> Machine<'s, 'a, DECODE> {
        Machine {
            schema,
            table,
            limits,
            text: document.text,
            bytes: document.text.as_bytes(),
            at: document.root,
            frame: Frame {
                facts: 0,
                edge: NONE,
                state: table.document,
                rules: NONE,
                details: NONE,
                mode: Mode::Elements,
                empty: false,
            },
            depth: 0,
            namespace: NamespaceId(0),
            warned: false,
            scopes: Scopes::default(),
            scratch,
        }
    }

    /// The schema.
    pub(crate) fn schema(&self) -> &'s Compiled {
        self.schema
    }

    /// The document.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The character data of a leaf or a text.
    #[inline]
    pub(crate) fn text_of(&self, note: &Note) -> Text<'a> {
        let raw = self.text.get(note.first as usize..note.last as usize).unwrap_or_default();
        Text { raw, plain: note.plain }
    }

    /// The offset that the walk has come to.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The local name of an element that began.
    #[inline(always)]
    pub(crate) fn local_name(&self, note: &Note) -> &'a [u8] {
        let (at, length) = (note.at as usize, note.length as usize);
        self.bytes.get(at + note.prefix as usize..at + length).unwrap_or_default()
    }

    /// The attributes of an element that began (of a `Start`: nothing else has any).
    #[inline]
    pub(crate) fn attributes_of(&self, note: &Note) -> &[Attribute] {
        match note.event {
            Event::Start => self.scratch.attributes.get(note.first as usize..note.last as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// What was met since the notes were last started over.
    #[inline(always)]
    pub(crate) fn notes(&self) -> &[Note] {
        &self.scratch.notes
    }

    /// Starts the notes over and walks until there are some, or the document is over.
    #[inline(never)]
    pub(crate) fn walk(&mut self, count: usize) -> Result<(), Stop> {
        self.scratch.notes.clear();
        self.scratch.attributes.clear();
        while self.scratch.notes.len() < count {
            if self.step()? == Event::Eof {
                self.scratch.notes.push(Note::of(Event::Eof));
                break;
            }
        }
        Ok(())
    }
}

/// Whether a document is valid, as far as the quick path decides it.
pub(crate) fn accept(schema: &Compiled, table: &Table, limits: &Limits, bytes: &[u8]) -> Result<Accepted, Stop> {
    with_scratch(|scratch| {
        let document = Document::new(bytes, limits)?;
        let mut machine = Machine::<false>::new(schema, table, limits, document, scratch);
        while machine.step()? != Event::Eof {}
        Ok(Accepted { warned: machine.warned })
    })
}

/// A valid document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accepted {
    /// Warnings are due.
    pub(crate) warned: bool,
}
