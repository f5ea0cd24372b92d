//! Elements with text: tag, text and end tag in one step.

use super::Tag;
use crate::check::events::Event;
use crate::check::machine::Machine;
use crate::check::sink::Sink;
use crate::check::table::{Check, Edge};
use crate::text::scan::text_end;
use crate::text::word::digits;
use crate::xml::lex;

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// `<name>` of an element with text.
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

    /// Where the text at `start` ends, if it surely is a value; the facts that it sets; whether its white space is as
    /// the type wants it.
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

    /// The end of the one of some choices that is at `start`, and the facts that it sets.
    #[inline(always)]
    fn choice_at(&self, start: usize, first: u32, last: u32) -> Option<(usize, u64)> {
        for choice in self.table.choices.get(first as usize..last as usize)? {
            if choice.text.is_at(self.bytes, start) {
                return Some((start + choice.text.length as usize - 1, choice.sets));
            }
        }
        None
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

    /// An element that takes any text, where that has to be resolved before it is read.
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

    /// Takes a whole element without attributes and children: its text, what is after its end tag, and the facts that
    /// the text sets.
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

    /// Moves the walk of the open element over a leaf with a text.
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

    /// What the rules of the open element want of the text of a leaf.
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
