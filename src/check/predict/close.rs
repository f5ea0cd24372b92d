//! End tags, and the end of the document.

use crate::check::events::Event;
use crate::check::frame::Marks;
use crate::check::machine::Machine;
use crate::check::sink::Sink;
use crate::check::table::{Edge, NONE, RuleTable, State};

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Predicts the end tag whose `</` is at `at`.
    #[inline(always)]
    pub(super) fn predict_end_tag<const PLAIN: bool>(&mut self, state: &State, at: usize) -> Option<Event> {
        if !state.accepting || self.frame.edge == NONE || self.frame.marks != Marks::default() {
            return None;
        }
        if !PLAIN && self.is_tracking && self.scratch.identity.ends_at(self.depth as u32) {
            return None; // it inherited something from elements in it
        }
        let after = self.after_end_tag::<PLAIN>(&self.table.edges[self.frame.edge as usize], at, self.frame.prefix)?;
        if let Some(rules) = self.rules()
            && self.may_fire(rules)
        {
            return None;
        }
        self.at = after;
        Some(self.close::<PLAIN>())
    }

    /// Whether a rule about the open element can fire.
    #[inline(always)]
    fn may_fire(&self, rules: &RuleTable) -> bool {
        rules.may_fire(self.frame.facts, self.sink.warns())
            || rules.needs(self.sink.warns()).late && self.late_may_fire(rules)
    }

    #[inline(never)]
    fn late_may_fire(&self, rules: &RuleTable) -> bool {
        let mut late = rules.late(self.frame.facts, self.sink.warns()).peekable();
        if late.peek().is_none() {
            return false;
        }
        let seen = self.scratch.seen.since(self.details().seen, "", false);
        late.any(|rule| rule.fires(&seen))
    }

    /// The offset after the end tag of an edge, if it is at `at`.
    #[inline(always)]
    pub(super) fn after_end_tag<const PLAIN: bool>(&self, edge: &Edge, at: usize, prefix: u8) -> Option<usize> {
        if !PLAIN && prefix != 0 {
            return self.after_prefixed_end_tag(edge, at, prefix);
        }
        if edge.close.is_at(self.bytes, at) {
            return Some(at + edge.close.length as usize);
        }
        let is_long = edge.close.length == 0 && self.bytes.get(at..at + 2) == Some(b"</");
        if is_long { self.after_long_tail(edge, at + 2) } else { None }
    }

    /// The offset after a local name too long for a pattern and the `>` after it, if both are at `local`.
    #[inline(never)]
    fn after_long_tail(&self, edge: &Edge, local: usize) -> Option<usize> {
        let name = self.schema.names.local(edge.name).as_bytes();
        let rest = self.bytes.get(local..)?.strip_prefix(name)?.strip_prefix(b">")?;
        Some(self.bytes.len() - rest.len())
    }

    #[inline(always)]
    fn after_prefixed_end_tag(&self, edge: &Edge, at: usize, prefix: u8) -> Option<usize> {
        let bound = self.scratch.bound.get(usize::from(prefix) - 1)?;
        if self.bytes.get(at..at + 2) != Some(b"</") || !bound.pattern.is_at(self.bytes, at + 2) {
            return None;
        }
        let local = at + 2 + bound.length as usize;
        if edge.tail.is_at(self.bytes, local) {
            return Some(local + edge.tail.length as usize);
        }
        if edge.tail.length == 0 { self.after_long_tail(edge, local) } else { None }
    }

    /// Handles bytes that are not a tag at `at`: usually the end of the document.
    #[inline(never)]
    pub(super) fn predict_end_of_document(&mut self, at: usize) -> Option<Event> {
        let is_over =
            self.is_whole && at == self.bytes.len() && self.frame.state == self.table.finished && self.depth == 0;
        let is_read_strictly = self.explanation().is_none_or(|explanation| explanation.reader.is_none());
        (is_over && is_read_strictly && self.scratch.ids.is_empty()).then_some(Event::Eof)
    }
}
