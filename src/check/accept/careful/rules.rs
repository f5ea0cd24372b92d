//! Schematron rules the careful way: what they want to know of an element, and what they say at its end.

use super::place::Placed;
use crate::check::accept::scratch::Child;
use crate::check::accept::{Machine, Stop, Text};
use crate::check::table::RuleTable;
use crate::compiled::{ElementId, NameId, TypeDefinition, TypeId};
use crate::rules::{Role, Seen};
use crate::xml::{RawAttribute, attribute_value};

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    fn rules(&self) -> Option<&'s RuleTable> {
        self.table.rules_at(self.frame.rules)
    }

    /// What the rules of the open element want to know of a child that begins.
    pub(super) fn observe(&mut self, name: Option<NameId>, placed: &Placed) -> Result<(), Stop> {
        let Some(rules) = self.rules() else { return Ok(()) };
        self.frame.facts = match name {
            Some(name) => rules.observe(name, self.frame.facts),
            None => self.frame.facts | rules.facts.any_child,
        };
        let child = name.and_then(|name| rules.child(name));
        let asks = child.is_some_and(|child| child.keep_text || !child.literals.is_empty());
        // The text of a child with simple content will be known when that has been read.
        if asks && !placed.element.is_some_and(|element| self.has_simple_content(element)) {
            return Err(Stop::Unsure);
        }
        if !rules.late.is_empty() {
            let name = name.ok_or(Stop::Unsure)?;
            self.scratch.seen.push(Child { name, text: (0, 0), plain: true });
        }
        Ok(())
    }

    fn has_simple_content(&self, element: ElementId) -> bool {
        self.schema.has_simple_content(self.schema.elements[element.index()].type_id)
    }

    /// The open element has text.
    pub(super) fn note_any_text(&mut self) {
        self.frame.facts |= self.rules().map_or(0, |rules| rules.facts.any_text);
    }

    /// What the rules of an element know of an attribute of its own.
    pub(super) fn note_facts(&mut self, name: Option<NameId>, attribute: &RawAttribute<'a>) {
        if let Some(rules) = self.rules() {
            let mut facts = self.frame.facts | rules.facts.any_attribute;
            if let Some(known) = rules.facts.attributes.iter().find(|known| name.is_some() && known.name == name) {
                let value = attribute_value(attribute.value);
                let literals = known.literals.iter().filter(|(literal, _)| **literal == *value);
                facts |= literals.fold(known.seen, |facts, (_, set)| facts | set);
            }
            self.frame.facts = facts;
        }
    }

    /// Facts and texts that the rules of the element around want of a child's text.
    pub(super) fn tell_parent(&mut self, name: NameId, resolved: &str, text: Text<'a>) {
        // The walk stands behind the text (a text without bytes has no place to be wrong about).
        let end = self.at as u32;
        let Some(parent) = self.scratch.stack.get_mut(self.depth.wrapping_sub(1)) else { return };
        let Some(rules) = self.table.rules_at(parent.rules) else { return };
        if let Some(child) = rules.child(name) {
            for (literal, set) in &child.literals {
                if **literal == *resolved {
                    parent.facts |= set;
                }
            }
        }
        if !rules.late.is_empty()
            && let Some(seen) = self.scratch.seen.last_mut()
        {
            seen.text = (end - text.raw.len() as u32, text.raw.len() as u32);
            seen.plain = text.plain;
        }
    }

    /// What the rules say at the end of an element.
    pub(super) fn judge(&mut self) -> Result<(), Stop> {
        let Some(rules) = self.rules() else { return Ok(()) };
        let facts = self.frame.facts;
        for fire in &rules.errors {
            if fire.fires(facts) && self.is_at(&fire.ancestors, &fire.unless)? {
                return Err(Stop::Refused);
            }
        }
        for fire in &rules.warnings {
            self.warned |= fire.fires(facts) && self.is_at(&fire.ancestors, &fire.unless)?;
        }
        if rules.late.is_empty() {
            return Ok(());
        }
        let children = self.scratch.seen.get(self.details().seen as usize..).unwrap_or_default();
        let seen = Seen {
            children: children.iter().map(|child| (child.name, self.seen_text(child).resolve())).collect(),
            ..Seen::default()
        };
        for rule in &rules.late {
            if rule.fires(&seen) && self.is_at(&rule.ancestors, &rule.unless)? {
                match rule.role {
                    Role::Error => return Err(Stop::Refused),
                    Role::Warning => self.warned = true,
                }
            }
        }
        Ok(())
    }

    fn seen_text(&self, child: &Child) -> Text<'a> {
        let (at, length) = (child.text.0 as usize, child.text.1 as usize);
        Text { raw: self.text.get(at..at + length).unwrap_or_default(), plain: child.plain }
    }

    /// Whether a rule with these paths is about the open element.
    fn is_at(&self, ancestors: &[NameId], unless: &[Vec<NameId>]) -> Result<bool, Stop> {
        for path in unless {
            if self.is_inside(path)? {
                return Ok(false);
            }
        }
        self.is_inside(ancestors)
    }

    /// Whether the elements around the open one have these names, nearest first.
    fn is_inside(&self, ancestors: &[NameId]) -> Result<bool, Stop> {
        let mut around = self.scratch.stack.iter().take(self.depth).skip(1).rev();
        for name in ancestors {
            let Some(frame) = around.next() else { return Ok(false) };
            let element = self.details_of(frame).element.ok_or(Stop::Unsure)?;
            let declaration = &self.schema.elements[element.index()];
            if declaration.name != *name {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Rules that look at texts which are not kept while walking.
    pub(super) fn needs_more(&self, type_id: TypeId) -> bool {
        let simple = matches!(self.schema.types[type_id.index()], TypeDefinition::Simple(_));
        self.rules().is_some_and(|rules| {
            let facts = &rules.facts;
            let texts = facts.keep_own_text || facts.keep_all_texts;
            let others = facts.late_looks_at_attributes || facts.late_looks_at_text;
            !rules.late.is_empty() && (simple || texts || others)
        })
    }
}
