//! Elements with text: start tag, text and end tag in one step.

use super::Tag;
use crate::check::events::Event;
use crate::check::machine::Machine;
use crate::check::sink::Sink;
use crate::check::table::{Check, Edge};
use crate::text::scan::text_end;
use crate::text::word::digits;
use crate::xml::lex;

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Predicts an element with text, after `<name>`.
    #[inline(always)]
    pub(super) fn predict_leaf<const PLAIN: bool>(&mut self, tag: Tag, edge: &'s Edge, check: Check) -> Option<Event> {
        let start = tag.after + 1;
        let (end, sets, normal) = self.text_of_check(check, start)?;
        match self.after_end_tag::<PLAIN>(edge, end, self.prefix) {
            Some(after) => self.take_leaf(tag, edge, (start, end), after, sets, normal),
            None if matches!(check, Check::Anything | Check::Collapsed) => {
                self.predict_written::<PLAIN>(tag, edge, start)
            }
            None => None,
        }
    }

    /// If the text at `start` is certainly a valid value, returns where it ends, the facts that it sets, and whether
    /// its white space is already as the type requires.
    #[inline(always)]
    pub(super) fn text_of_check(&self, check: Check, start: usize) -> Option<(usize, u64, bool)> {
        Some(match check {
            Check::Anything => (text_end(self.bytes, start), 0, true),
            Check::Collapsed => (text_end(self.bytes, start), 0, false),
            Check::OneOf { first, last } => {
                let (end, sets) = self.choice_at(start, first, last)?;
                (end, sets, true)
            }
            Check::Digits(most) => {
                let count = digits(self.bytes, start);
                if count == 0 || count > usize::from(most) {
                    return None;
                }
                (start + count, 0, true)
            }
            Check::Integer => (self.integer_end(start)?, 0, true),
            Check::General(simple) => (self.general_end(simple, start)?, 0, false),
        })
    }

    /// If one of some choices is at `start`, returns its end and the facts that it sets.
    #[inline(always)]
    fn choice_at(&self, start: usize, first: u32, last: u32) -> Option<(usize, u64)> {
        for choice in self.table.choices.get(first as usize..last as usize)? {
            if choice.text.is_at(self.bytes, start) {
                return Some((start + choice.text.length as usize - 1, choice.sets));
            }
        }
        None
    }

    /// The offset after a sign and digits.
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

    /// The offset after a text that is valid for its type.
    fn general_end(&self, simple: u32, start: usize) -> Option<usize> {
        let end = text_end(self.bytes, start);
        let simple = self.table.simples.get(simple as usize)?;
        let valid = self.text.get(start..end).is_some_and(|text| simple.check(text).is_ok());
        valid.then_some(end)
    }

    /// Predicts an element that accepts any text, if the text has to be resolved before it is read.
    #[inline(never)]
    fn predict_written<const PLAIN: bool>(&mut self, tag: Tag, edge: &'s Edge, start: usize) -> Option<Event> {
        if edge.rare.has(self.rare_when_late().with(self.rare_when_read())) {
            return None;
        }
        let run = lex::text_run(self.text, start).ok()?;
        let end = start + run.raw.len();
        let after = self.after_end_tag::<PLAIN>(edge, end, self.prefix)?;
        let event = self.take_leaf(tag, edge, (start, end), after, 0, false)?;
        if let Some(note) = self.scratch.notes.last_mut().filter(|_| self.sink.events()) {
            note.plain = run.plain;
        }
        Some(event)
    }

    /// Takes a whole element without attributes and children: its text, the offset after its end tag, and the facts
    /// that the text sets.
    #[inline(always)]
    pub(super) fn take_leaf(
        &mut self,
        tag: Tag,
        edge: &'s Edge,
        text: (usize, usize),
        after: usize,
        sets: u64,
        normal: bool,
    ) -> Option<Event> {
        if self.depth >= self.limits.depth {
            return None;
        }
        self.settle_leaf(tag, edge, text, sets)?;
        self.at = after;
        if self.sink.events() {
            self.note(Event::Leaf, edge, tag, text, normal);
        }
        Some(Event::Leaf)
    }

    /// Advances the content of the open element past a leaf with a text.
    #[inline(always)]
    pub(super) fn settle_leaf(&mut self, tag: Tag, edge: &'s Edge, text: (usize, usize), sets: u64) -> Option<()> {
        let (state, facts) = self.after(edge)?;
        self.frame.state = state;
        self.frame.facts = facts | sets;
        if edge.rare.has(self.rare_when_late().with(self.rare_when_read())) {
            self.note_leaf_text(edge, text);
        }
        let position = if self.sink.trails() { self.count_in_trail(self.written(tag)) } else { 0 };
        self.note_child(edge, tag, position);
        Some(())
    }

    /// Passes the text of a leaf to the rules of the open element.
    #[inline(never)]
    fn note_leaf_text(&mut self, edge: &Edge, (start, end): (usize, usize)) {
        if edge.rare.has(self.rare_when_read())
            && let Some(rules) = self.rules()
        {
            let (facts, document) = (self.frame.facts, self.text);
            self.frame.facts = rules.read_tagged(edge.known, document, (start, end), facts, self.numbers());
        }
        if edge.rare.has(self.rare_when_late()) {
            self.scratch.seen.add_child(edge.name);
            self.scratch.seen.set_child_text(self.text.get(start..end).unwrap_or_default());
        }
    }
}
