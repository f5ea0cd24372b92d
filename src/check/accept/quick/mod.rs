//! The shorter way: the bytes that come, compared with the tags that may come.

mod attributes;

use super::{Event, Frame, Machine, Mode, Note, Stop};
use crate::check::table::{Check, Edge, Form, Judgement, NONE};
use crate::text::scan::text_end;
use crate::text::white_space::{skip_indent as skip_blanks, skip_rare_white_space as skip_white_space};
use crate::text::word::digits;
use crate::xml::lex;

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// The next event.
    #[inline(always)]
    pub(super) fn step(&mut self) -> Result<Event, Stop> {
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
                // The same bytes may only begin a longer name: the byte behind decides. Behind what is but the
                // beginning of a name there is none.
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
}
