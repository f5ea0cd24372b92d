//! The quick way through a start tag with attributes: each one blank, a known name, a plain value.

use crate::check::accept::{Attribute, Event, Machine, Stop};
use crate::check::table::{Edge, Form, NONE};
use crate::text::scan::value_end;

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// `<name ` of an edge; the name at `name`, the blank at `behind`. Only for elements that hold elements.
    #[inline(never)]
    pub(super) fn open_with_attributes(
        &mut self,
        index: u32,
        edge: &'s Edge,
        name: usize,
        behind: usize,
    ) -> Result<Event, Stop> {
        let Form::Elements { start, rules } = edge.form else { return self.careful() };
        if self.depth >= self.limits.depth || self.asks_for_attributes(rules) {
            return self.careful();
        }
        let first = self.scratch.attributes.len();
        let Some(end) = self.known_attributes(edge, behind) else {
            self.scratch.attributes.truncate(first);
            return self.careful();
        };
        self.at = end;
        Ok(self.push_elements(index, edge, start, rules, name, first))
    }

    fn asks_for_attributes(&self, rules: u32) -> bool {
        rules != NONE
            && self.table.rules_at(rules).is_some_and(|rules| {
                rules.facts.any_attribute != 0 || !rules.facts.attributes.is_empty() || !rules.late.is_empty()
            })
    }

    /// The offset behind `>`, where every attribute is declared, valid, there once, and none is missing.
    fn known_attributes(&mut self, edge: &Edge, mut at: usize) -> Option<usize> {
        let known = self.table.types.get(edge.type_id.index())?.as_ref()?;
        if known.attributes.len() > 64 {
            return None;
        }
        let mut met = 0_u64;
        let mut required = 0;
        while self.bytes.get(at) == Some(&b' ') {
            let number = known.attributes.iter().position(|known| known.open.is_at(self.bytes, at + 1))?;
            let attribute = known.attributes.get(number)?;
            let declaration = &attribute.declaration;
            let start = at + 1 + attribute.open.length as usize;
            let end = value_end(self.bytes, start);
            let valid = attribute.any_text
                || self.text.get(start..end).is_some_and(|value| declaration.simple.check(value).is_ok());
            if !valid || met & 1 << number != 0 || self.bytes.get(end) != Some(&b'"') {
                return None;
            }
            met |= 1 << number;
            required += usize::from(declaration.required);
            if DECODE {
                self.scratch.attributes.push(Attribute {
                    name: Some(declaration.name),
                    at: at as u32 + 1,
                    length: attribute.open.length - 2,
                    value: (start as u32, (end - start) as u32),
                    plain: true,
                });
            }
            at = end + 1;
        }
        let whole = self.bytes.get(at) == Some(&b'>') && required == known.required;
        whole.then_some(at + 1)
    }
}
