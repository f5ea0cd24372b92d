//! A start tag with attributes: known names and plain values in double quotes, in any order.

use super::Tag;
use crate::check::context::Around;
use crate::check::events::{Attribute, Event, Note};
use crate::check::machine::Machine;
use crate::check::sink::Sink;
use crate::check::table::{self, Check, Edge, Form, NONE, RuleTable, TypeTable};
use crate::compiled::NamespaceId;
use crate::text::scan::value_end;
use crate::text::white_space::skip_rare_white_space;
use crate::xml::XML_NAMESPACE;

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Predicts a tag with attributes, or with white space after its name.
    #[inline(never)]
    pub(super) fn predict_with_attributes<const PLAIN: bool>(&mut self, tag: Tag, edge: &'s Edge) -> Option<Event> {
        let first = self.scratch.attributes.len();
        let event = self.open_with_attributes::<PLAIN>(tag, edge, first);
        if event.is_none() {
            self.scratch.attributes.truncate(first);
        }
        event
    }

    #[inline(always)]
    fn open_with_attributes<const PLAIN: bool>(&mut self, tag: Tag, edge: &'s Edge, first: usize) -> Option<Event> {
        if let Form::Undecided | Form::Anything { .. } = edge.form {
            return None;
        }
        let known = self.table.types.get(edge.type_id.index())?.as_ref()?;
        let asking = match edge.form {
            Form::Elements { rules, .. } => self.rules_about_attributes(rules),
            _ => None,
        };
        let end = self.known_attributes(known, tag.after, asking.is_some())?;
        let is_empty = match self.bytes.get(end..end + 2)? {
            b"/>" => true,
            [b'>', _] => false,
            _ => return None,
        };
        match edge.form {
            Form::Elements { start, rules, mixed } if !is_empty => {
                let event = self.push_elements(tag, edge, (start, rules, mixed), first, end + 1)?;
                if let Some(rules) = asking {
                    self.observe_values(known, rules);
                }
                self.link_values(known);
                Some(event)
            }
            Form::Elements { start, rules, .. } => {
                if rules != NONE || !self.table.states[start as usize].accepting {
                    return None;
                }
                self.take_with_attributes(tag, edge, known, first, (end, end), end + 2, 0)
            }
            Form::Empty if is_empty => self.take_with_attributes(tag, edge, known, first, (end, end), end + 2, 0),
            Form::Text(Check::Anything | Check::Collapsed) if is_empty => {
                self.take_with_attributes(tag, edge, known, first, (end, end), end + 2, 0)
            }
            Form::Empty => {
                let after = self.after_end_tag::<PLAIN>(edge, end + 1, self.prefix)?;
                self.take_with_attributes(tag, edge, known, first, (end + 1, end + 1), after, 0)
            }
            Form::Text(check) if !is_empty => {
                let (stop, sets, _) = self.text_of_check(check, end + 1)?;
                let after = self.after_end_tag::<PLAIN>(edge, stop, self.prefix)?;
                self.take_with_attributes(tag, edge, known, first, (end + 1, stop), after, sets)
            }
            Form::Text(_) | Form::Undecided | Form::Anything { .. } => None,
        }
    }

    /// Takes a whole element with attributes but without children.
    #[inline(always)]
    #[allow(clippy::too_many_arguments, reason = "inlined into each of its callers")]
    fn take_with_attributes(
        &mut self,
        tag: Tag,
        edge: &'s Edge,
        known: &'s TypeTable,
        first: usize,
        text: (usize, usize),
        after: usize,
        sets: u64,
    ) -> Option<Event> {
        if self.depth >= self.limits.depth {
            return None;
        }
        self.settle_leaf(tag, edge, text, sets)?;
        self.link_values(known);
        self.at = after;
        if self.sink.events() {
            self.note(Event::Start, edge, tag, (first, self.scratch.attributes.len()), true);
            if let Form::Text(_) = edge.form {
                self.note(Event::Text, edge, tag, text, false);
            }
            self.scratch.notes.push(Note::of(Event::End));
        }
        Some(Event::Start)
    }

    fn rules_about_attributes(&self, rules: u32) -> Option<&'s RuleTable> {
        self.table.rules_at(rules).filter(|rules| rules.needs(self.sink.warns()).attributes)
    }

    /// The offset after the attributes, if each is declared, valid and given once, and none is missing. Attributes
    /// whose values are still to be read are kept; if rules read attributes, all of them are.
    #[inline(always)]
    fn known_attributes(&mut self, known: &'s TypeTable, mut at: usize, keep_all: bool) -> Option<usize> {
        let required = known.predicted?;
        if !self.scratch.values.is_empty() {
            self.scratch.values.clear();
        }
        let (mut met, mut next) = (0_u64, 0);
        loop {
            match self.bytes.get(at)? {
                b' ' if self.bytes.get(at + 1).is_some_and(|byte| *byte > b'>') => at += 1,
                b' ' | b'\n' | b'\t' | b'\r' => {
                    at = skip_rare_white_space(self.bytes, at);
                    if let Some(b'>' | b'/') = self.bytes.get(at) {
                        break;
                    }
                }
                _ => break,
            }
            let (number, start) = self.known_name(known, next, at)?;
            next = number + 1;
            let attribute = known.attributes.get(number)?;
            let end = value_end(self.bytes, start);
            if met & 1 << number != 0 || self.bytes.get(end) != Some(&b'"') {
                return None;
            }
            met |= 1 << number;
            let is_linked = attribute.special && attribute.declaration.simple.needs_context();
            if self.sink.trails() && is_linked {
                return None; // the walk remembers its place
            }
            if keep_all || is_linked {
                self.scratch.values.push((number, start, end));
            }
            if attribute.special {
                self.check_special(attribute, start, end)?;
            } else if !attribute.any_text {
                let value = self.text.get(start..end)?;
                attribute.declaration.simple.check(value).ok()?;
            }
            if self.sink.events() {
                self.scratch.attributes.push(Attribute {
                    name: Some(attribute.declaration.name),
                    at: at as u32,
                    length: (start - at) as u32 - 2,
                    value: (start as u32, (end - start) as u32),
                    plain: true,
                });
            }
            at = end + 1;
        }
        (met & required == required).then_some(at)
    }

    /// Checks a value that is fixed, or of a type that depends on the context in the document.
    #[inline(never)]
    fn check_special(&self, attribute: &table::Attribute, start: usize, end: usize) -> Option<()> {
        let value = self.text.get(start..end)?;
        let simple = &attribute.declaration.simple;
        let fixed = attribute.declaration.value.as_ref().filter(|constraint| constraint.fixed);
        if !simple.needs_context() && fixed.is_some_and(|fixed| *fixed.value == *value) {
            return Some(());
        }
        let around = Around { schema: self.schema, scopes: &self.scopes };
        simple.check_in(value, &around).ok()?;
        if fixed.is_some_and(|fixed| !fixed.matches(simple, value, &around)) {
            return None;
        }
        Some(())
    }

    /// Which attribute of the type is named at `at`, and where its value begins. `next` is the most likely one.
    #[inline(always)]
    fn known_name(&self, known: &TypeTable, next: usize, at: usize) -> Option<(usize, usize)> {
        match self.named(known, next, at, NamespaceId::NONE) {
            Some(found) => Some(found),
            None => self.prefixed(known, next, at),
        }
    }

    #[inline(always)]
    fn named(&self, known: &TypeTable, next: usize, at: usize, namespace: NamespaceId) -> Option<(usize, usize)> {
        let is_it =
            |attribute: &&table::Attribute| attribute.open.is_at(self.bytes, at) && attribute.namespace == namespace;
        let (before, from) = known.attributes.split_at_checked(next)?;
        if let Some((number, found)) = from.iter().enumerate().find(|(_, attribute)| is_it(attribute)) {
            return Some((next + number, at + found.open.length as usize));
        }
        let (number, found) = before.iter().enumerate().find(|(_, attribute)| is_it(attribute))?;
        Some((number, at + found.open.length as usize))
    }

    #[inline(never)]
    fn prefixed(&self, known: &TypeTable, next: usize, at: usize) -> Option<(usize, usize)> {
        if self.bytes.get(at..at + 4) == Some(b"xml:") {
            let namespace = self.schema.names.lookup_namespace(XML_NAMESPACE)?;
            return self.named(known, next, at + 4, namespace);
        }
        let prefix = self.bound_at(at);
        let bound = self.scratch.bound.get(usize::from(prefix).wrapping_sub(1))?;
        self.named(known, next, at + bound.length as usize, bound.namespace)
    }

    /// Passes the attributes of the element that just began to its rules.
    #[inline(never)]
    fn observe_values(&mut self, known: &TypeTable, rules: &RuleTable) {
        for &(number, start, end) in &self.scratch.values {
            let Some(attribute) = known.attributes.get(number) else { continue };
            let name = attribute.declaration.name;
            self.frame.facts = rules.observe_quoted(name, self.text, (start, end), self.frame.facts);
            if rules.needs(self.sink.warns()).late {
                self.scratch.seen.add_attribute(name, self.text.get(start..end).unwrap_or_default());
            }
        }
    }

    /// Records the IDs and references in the attributes of a complete tag.
    #[inline(always)]
    fn link_values(&mut self, known: &TypeTable) {
        if known.is_special && !self.scratch.values.is_empty() {
            self.link_attributes(known);
        }
    }

    #[inline(never)]
    fn link_attributes(&mut self, known: &TypeTable) {
        for (number, start, end) in self.scratch.values.drain(..) {
            let attribute = known.attributes.get(number).filter(|attribute| attribute.special);
            let Some(attribute) = attribute else { continue };
            let value = self.text.get(start..end).unwrap_or_default();
            let around = Around { schema: self.schema, scopes: &self.scopes };
            let ids = &mut self.scratch.ids;
            attribute.declaration.simple.links(value, &around, &mut |link, name| ids.add(link, name, start));
        }
    }
}
