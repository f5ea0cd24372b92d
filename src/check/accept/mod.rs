//! The quick path: a walk over bytes and tables that gives events, and stops at the first doubt.
//!
//! The plain version is the careful one (`careful`): lex the next tag, resolve its name, look for the declaration,
//! check what it says. It does everything and is slow. In front of it stands a shorter way for what nearly all of
//! nearly every packet is made of: in element content under a plain model, compare the bytes that come with the tags
//! that may come. One comparison tells name, well-formedness and place in the model at once; an end tag needs no
//! search, since only one is possible; an element with text is one step (tag, text, end tag) and one event. Whatever
//! is not as predicted, however slightly, goes the careful way from the same byte on, so the shorter way never has
//! to be complete, only right.
//!
//! Whether events are noted is a parameter of the machine's type: who decodes has it walk a number of events, and reads
//! the notes of them; with `DECODE` off there are none, so that validating alone compiles to the checks alone.

mod attributes;
mod careful;
mod identity;
mod ids;
mod scratch;

use std::borrow::Cow;

use crate::Limits;
use crate::check::table::{Check, Edge, Form, Judgement, NONE, Table};
use crate::compiled::{Compiled, ElementId, NameId, NamespaceId, TypeId};
use crate::xml::scan::{digits, skip_blanks, skip_white_space, text_end};
use crate::xml::{Scopes, lex};
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

/// What the walk met. Those who decode find the rest in its [`Note`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// An element begins; its attributes are `Machine::attributes_of`.
    Start,
    /// A whole element without attributes and children.
    Leaf,
    /// Text inside an element.
    Text,
    /// The innermost open element ends.
    End,
    /// The document is over.
    Eof,
}

/// An event and what it was about, by places in the document. Only kept where the walk decodes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note {
    /// The declaration of the element that begins, or whose text it is; `ElementId(NONE)` for an undeclared one where
    /// a wildcard lets it pass.
    pub(crate) element: ElementId,
    /// Its type, `xsi:type` considered.
    pub(crate) type_id: TypeId,
    /// Offset of its qualified name, and the length of that.
    pub(crate) at: u32,
    pub(crate) length: u32,
    /// How much of that is the prefix and its colon.
    pub(crate) prefix: u32,
    /// Of a leaf or a text: its character data. Of a start: its attributes, see `Machine::attributes_of`.
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) event: Event,
    /// `xsi:nil="true"`.
    pub(crate) nil: bool,
    /// Nothing in the text has to be resolved.
    pub(crate) plain: bool,
    /// White space in it is as the type wants it already.
    pub(crate) normal: bool,
}

impl Note {
    /// An event about nothing.
    pub(crate) const fn of(event: Event) -> Note {
        Note {
            element: ElementId(NONE),
            type_id: TypeId(0),
            at: 0,
            length: 0,
            prefix: 0,
            first: 0,
            last: 0,
            event,
            nil: false,
            plain: true,
            normal: true,
        }
    }
}

/// Character data as it stands in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    pub(crate) raw: &'a str,
    /// Nothing in it has to be resolved.
    pub(crate) plain: bool,
}

impl<'a> Text<'a> {
    const EMPTY: Text<'static> = Text { raw: "", plain: true };

    /// What it stands for. Borrows where nothing has to be resolved.
    #[inline]
    pub(crate) fn resolve(self) -> Cow<'a, str> {
        if self.plain { self.raw.into() } else { crate::xml::resolve_text(self.raw) }
    }
}

/// An attribute that was met, for those who decode.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute {
    /// Its declaration's name; `None` for one that only a wildcard lets pass and that no schema names.
    pub(crate) name: Option<NameId>,
    /// Where its qualified name stands in the document.
    pub(crate) at: u32,
    pub(crate) length: u32,
    /// Where its value stands.
    pub(crate) value: (u32, u32),
    /// The value has nothing to resolve.
    pub(crate) plain: bool,
}

/// How the content of an open element is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Child elements by a plain model laid out in the table: the only quick one.
    Elements,
    /// Children by a model in its readable form; text only where mixed.
    Model { mixed: bool },
    /// Text of a simple type: `simple` of the frame's type.
    Simple,
    /// That text has been read.
    SimpleRead,
    /// Nothing at all.
    Empty,
    /// An undeclared element that a wildcard lets pass: its children are looked up where `lax`.
    Any { lax: bool },
}

/// An open element. Small, since each one is put on the stack and taken from it again.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// What its rules know so far.
    facts: u64,
    /// The edge whose end tag it waits for; `NONE` where it took none.
    edge: u32,
    /// Where the walk of its content stands: a state of the table, or of the model's automaton.
    state: u32,
    /// Its rules (`NONE`: none).
    rules: u32,
    /// Its `Details` in the scratch; `NONE` where the edge says all there is to say.
    details: u32,
    mode: Mode,
    /// It was written `<a/>`: its end follows at once.
    empty: bool,
}

/// The rest of what there is to know of an open element that was begun the careful way.
#[derive(Debug, Clone, Copy)]
struct Details {
    element: Option<ElementId>,
    type_id: TypeId,
    /// Where its qualified name stands in the document.
    name: (u32, u32),
    /// Where its words in `Scratch::memory` and its entries in `Scratch::seen` begin.
    memory: u32,
    seen: u32,
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

/// The declaration as the vendor's server writes it.
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// A document in front of its root element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    text: &'a str,
    root: usize,
}

impl<'a> Document<'a> {
    /// Settles the encoding, checks all of UTF-8, reads what stands in front of the root element.
    #[inline(always)]
    pub(crate) fn new(bytes: &'a [u8], limits: &Limits) -> Result<Document<'a>, Stop> {
        let (text, start) =
            if bytes.starts_with(DECLARATION) && bytes.len() <= limits.document_bytes.min(u32::MAX as usize) {
                (simdutf8::basic::from_utf8(bytes).map_err(|_| Stop::Refused)?, DECLARATION.len())
            } else {
                let prolog = lex::prolog(bytes, limits)?;
                (prolog.text, prolog.start)
            };
        // White space, comments and instructions.
        let at = skip_blanks(text.as_bytes(), start);
        let root = match (text.as_bytes().get(at), text.as_bytes().get(at + 1)) {
            (Some(b'<'), Some(next)) if next.is_ascii_alphabetic() => at,
            _ => lex::misc(text, start)?,
        };
        Ok(Document { text, root })
    }
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

    /// The next event.
    #[inline(always)]
    fn step(&mut self) -> Result<Event, Stop> {
        if self.frame.mode != Mode::Elements {
            return self.careful();
        }
        let bytes = self.bytes;
        let table = self.table;
        let mut at = skip_blanks(bytes, self.at);
        if bytes.get(at) != Some(&b'<') {
            at = skip_white_space(bytes, at);
        }
        let Some(&[b'<', next]) = bytes.get(at..at + 2) else { return self.finish(at) };
        let state = &table.states[self.frame.state as usize];
        if next == b'/' {
            if !state.accepting || self.frame.edge == NONE {
                return self.careful();
            }
            let Some(end) = self.end_of_close(&table.edges[self.frame.edge as usize], at) else {
                return self.careful();
            };
            if !self.judge_quickly() {
                return self.careful();
            }
            self.at = end;
            return Ok(self.close());
        }
        let name = at + 1;
        let mut index = state.first;
        while index < state.last {
            let edge = &table.edges[index as usize];
            if edge.open.is_at(bytes, name) && edge.namespace == self.namespace {
                // The same bytes may only begin a longer name: the byte behind decides. Behind what is but the beginning
                // of a name there is none.
                let behind = name + edge.open.length as usize;
                let next = bytes.get(behind).copied().unwrap_or_default();
                if next == b'>' {
                    return self.open_bare(index, edge, name, behind);
                }
                if next == b' ' {
                    return self.open_with_attributes(index, edge, name, behind);
                }
                if next == b'/' && bytes.get(behind + 1) == Some(&b'>') {
                    return self.open_empty(edge, name, behind);
                }
                if edge.open.is_beginning()
                    && let Some(event) = self.open_long(index, edge, name)
                {
                    return event;
                }
            }
            index += 1;
        }
        self.careful()
    }

    /// An edge whose name is longer than what was compared of it; `None`: the document has another one.
    #[cold]
    #[inline(never)]
    fn open_long(&mut self, index: u32, edge: &'s Edge, name: usize) -> Option<Result<Event, Stop>> {
        let local = self.schema.names.local(edge.name).as_bytes();
        let rest = self.bytes.get(name..)?.strip_prefix(local)?;
        let behind = name + local.len();
        match rest {
            [b'>', ..] => Some(self.open_bare(index, edge, name, behind)),
            [b' ', ..] => Some(self.open_with_attributes(index, edge, name, behind)),
            [b'/', b'>', ..] => Some(self.open_empty(edge, name, behind)),
            _ => None,
        }
    }

    /// The offset behind the end tag of an edge at `at`, if it is there.
    #[inline(always)]
    fn end_of_close(&self, edge: &Edge, at: usize) -> Option<usize> {
        if edge.close.is_at(self.bytes, at) {
            return Some(at + edge.close.length as usize);
        }
        if edge.open.is_beginning() { self.end_of_long_close(edge, at) } else { None }
    }

    #[cold]
    #[inline(never)]
    fn end_of_long_close(&self, edge: &Edge, at: usize) -> Option<usize> {
        let local = self.schema.names.local(edge.name).as_bytes();
        let rest = self.bytes.get(at..)?.strip_prefix(b"</")?.strip_prefix(local)?.strip_prefix(b">")?;
        Some(self.bytes.len() - rest.len())
    }

    /// No tag at `at`: most often the end of the document.
    #[inline(never)]
    fn finish(&mut self, at: usize) -> Result<Event, Stop> {
        let is_over = at == self.bytes.len() && self.frame.state == self.table.finished;
        if is_over && self.scratch.ids.is_empty() { Ok(Event::Eof) } else { self.careful() }
    }

    /// `<name>` of an edge, the name at `name`, `>` at `behind`.
    #[inline(always)]
    fn open_bare(&mut self, index: u32, edge: &'s Edge, name: usize, behind: usize) -> Result<Event, Stop> {
        let start = behind + 1;
        // Where the text ends, if it surely is a value; the facts that it sets; whether its white space is settled.
        let (end, sets, normal) = match edge.form {
            Form::Elements { start: state, rules } => {
                if self.depth >= self.limits.depth {
                    return self.careful();
                }
                self.at = start;
                let attributes = self.scratch.attributes.len();
                return Ok(self.push_elements(index, edge, state, rules, name, attributes));
            }
            Form::Text(Check::Anything) => (text_end(self.bytes, start), 0, true),
            Form::Text(Check::Collapsed) => (text_end(self.bytes, start), 0, false),
            Form::Text(Check::OneOf { first, last }) => {
                let choices = &self.table.choices[first as usize..last as usize];
                match choices.iter().find(|choice| choice.text.is_at(self.bytes, start)) {
                    Some(choice) => (start + choice.text.length as usize - 1, choice.sets, true),
                    None => return self.careful(),
                }
            }
            Form::Text(Check::Digits(most)) => {
                let count = digits(self.bytes, start);
                if count == 0 || count > usize::from(most) {
                    return self.careful();
                }
                (start + count, 0, true)
            }
            Form::Text(Check::Integer) => match self.integer_end(start) {
                Some(end) => (end, 0, true),
                None => return self.careful(),
            },
            Form::Text(Check::General(simple)) => match self.general_end(simple, start) {
                Some(end) => (end, 0, false),
                None => return self.careful(),
            },
            Form::Anything { empty, text } => {
                let end = text_end(self.bytes, start);
                match if end == start { empty } else { text } {
                    Judgement::Clean => {}
                    Judgement::Warned => self.warned = true,
                    Judgement::Unknown => return self.careful(),
                }
                (end, 0, true)
            }
            Form::Careful => return self.careful(),
        };
        let Some(behind) = self.end_of_close(edge, end) else {
            return match edge.form {
                Form::Text(Check::Anything | Check::Collapsed) => self.open_written(edge, name, start),
                _ => self.careful(),
            };
        };
        self.frame.facts = edge.sets.on(self.frame.facts) | sets;
        self.frame.state = edge.target;
        self.at = behind;
        self.leaf(edge, name, start, end, normal)
    }

    /// Where a sign and digits end.
    #[inline(always)]
    fn integer_end(&self, start: usize) -> Option<usize> {
        let signed = matches!(self.bytes.get(start), Some(b'-' | b'+'));
        let first = start + usize::from(signed);
        let mut end = first;
        loop {
            let count = digits(self.bytes, end);
            end += count;
            if count < 8 {
                return (end > first).then_some(end);
            }
        }
    }

    /// Where a text ends that its type takes.
    fn general_end(&self, simple: u32, start: usize) -> Option<usize> {
        let end = text_end(self.bytes, start);
        let simple = self.table.simples.get(simple as usize)?;
        let valid = self.text.get(start..end).is_some_and(|text| simple.check(text).is_ok());
        valid.then_some(end)
    }

    /// The same for an element that takes any text, where that has to be resolved before it is read.
    #[inline(never)]
    fn open_written(&mut self, edge: &'s Edge, name: usize, start: usize) -> Result<Event, Stop> {
        let run = lex::text_run(self.text, start)?;
        let end = start + run.raw.len();
        let Some(behind) = self.end_of_close(edge, end) else { return self.careful() };
        self.frame.facts = edge.sets.on(self.frame.facts);
        self.frame.state = edge.target;
        self.at = behind;
        let event = self.leaf(edge, name, start, end, false);
        if let Some(note) = self.scratch.notes.last_mut().filter(|_| DECODE) {
            note.plain = run.plain;
        }
        event
    }

    /// `<name/>`, `/` at `behind`.
    #[inline(always)]
    fn open_empty(&mut self, edge: &'s Edge, name: usize, behind: usize) -> Result<Event, Stop> {
        let judgement = match edge.form {
            Form::Anything { empty, .. } => empty,
            Form::Text(Check::Anything | Check::Collapsed) => Judgement::Clean,
            _ => Judgement::Unknown,
        };
        if judgement == Judgement::Unknown {
            return self.careful();
        }
        self.warned |= judgement == Judgement::Warned;
        self.frame.facts = edge.sets.on(self.frame.facts);
        self.frame.state = edge.target;
        self.at = behind + 2;
        self.leaf(edge, name, behind, behind, true)
    }

    #[inline(always)]
    fn push_elements(
        &mut self,
        index: u32,
        edge: &Edge,
        state: u32,
        rules: u32,
        name: usize,
        attributes: usize,
    ) -> Event {
        // The frame goes straight to its slot: written to its own place first and copied from there at once, it would
        // be waited for (bench `validate`).
        let Frame { facts, edge: own, rules: judged, details, mode, empty, .. } = self.frame;
        let around =
            Frame { facts: edge.sets.on(facts), edge: own, state: edge.target, rules: judged, details, mode, empty };
        self.put_around(around);
        self.frame = Frame { facts: 0, edge: index, state, rules, details: NONE, mode: Mode::Elements, empty: false };
        if DECODE {
            let last = self.scratch.attributes.len();
            self.note(Event::Start, edge, name, (attributes, last), true);
        }
        Event::Start
    }

    /// Puts a frame on the stack.
    #[inline(always)]
    fn put_around(&mut self, around: Frame) {
        match self.scratch.stack.get_mut(self.depth) {
            Some(slot) => *slot = around,
            None => self.scratch.stack.push(around),
        }
        self.depth += 1;
    }

    /// Notes a whole element for those who decode.
    #[inline(always)]
    fn leaf(&mut self, edge: &Edge, name: usize, start: usize, end: usize, normal: bool) -> Result<Event, Stop> {
        if DECODE {
            self.note(Event::Leaf, edge, name, (start, end), normal);
        }
        Ok(Event::Leaf)
    }

    #[inline(always)]
    fn note(&mut self, event: Event, edge: &Edge, name: usize, (first, last): (usize, usize), normal: bool) {
        self.scratch.notes.push(Note {
            element: edge.element,
            type_id: edge.type_id,
            at: name as u32,
            length: edge.length,
            prefix: 0,
            first: first as u32,
            last: last as u32,
            event,
            nil: false,
            plain: true,
            normal,
        });
    }

    /// What the rules say at the end of the open element, where facts alone decide; `false`: ask the careful way.
    #[inline(always)]
    fn judge_quickly(&mut self) -> bool {
        let Some(rules) = self.table.rules_at(self.frame.rules) else { return true };
        if !rules.late.is_empty() {
            return false;
        }
        let facts = self.frame.facts;
        if rules.error_terms.iter().any(|(mask, value)| facts & mask == *value) {
            return false;
        }
        for fire in &rules.warnings {
            if fire.fires(facts) {
                if !fire.is_everywhere() {
                    return false;
                }
                self.warned = true;
            }
        }
        true
    }

    /// Leaves the open element.
    #[inline(always)]
    fn close(&mut self) -> Event {
        if !self.scopes.is_empty() {
            self.leave_scope();
        }
        if self.frame.details != NONE {
            self.scratch.details.pop();
        }
        self.depth = self.depth.saturating_sub(1);
        if let Some(frame) = self.scratch.stack.get(self.depth) {
            self.frame = *frame;
        }
        if DECODE {
            self.scratch.notes.push(Note::of(Event::End));
        }
        Event::End
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
