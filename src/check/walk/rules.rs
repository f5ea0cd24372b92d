//! Schematron rules: collects the facts they need about an element, and reports the rules that fire at its end.

use super::place::{Child, Placed};
use crate::automaton::LeafId;
use crate::check::frame::{Details, Frame, Marks, Mode};
use crate::check::machine::{Machine, Stop};
use crate::check::sink::Sink;
use crate::compiled::{ElementId, Leaf, NameId};
use crate::diagnostic::words;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{Role, Rule, Rules};
use crate::xml::{RawAttribute, attribute_value, tag_end};

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// The name by which rules know an element: the name of its declaration, even if the document misspells it.
    pub(super) fn declared_name(&self, child: &Child<'a>, placed: &Placed) -> Option<NameId> {
        let declared = placed.element.and_then(|element| self.schema.elements.get(element.index()));
        declared.map(|declaration| declaration.name).or(child.name)
    }

    /// Records what the rules of the open element need to know about a child that begins.
    pub(super) fn observe(&mut self, child: &Child<'a>, placed: &Placed) {
        let Some(rules) = self.rules() else { return };
        let name = self.declared_name(child, placed);
        self.frame.facts = match name {
            Some(name) => rules.observe(name, self.frame.facts),
            None => self.frame.facts | rules.facts.any_child,
        };
        if rules.needs(self.sink.warns()).late {
            self.scratch.seen.add_child(name.unwrap_or(Rules::UNKNOWN_NAME));
        }
    }

    /// Records what the rules of the open element need to know about one of its own attributes.
    pub(super) fn observe_attribute(&mut self, name: Option<NameId>, attribute: &RawAttribute<'a>) {
        let Some(rules) = self.rules() else { return };
        if !rules.needs(self.sink.warns()).attributes {
            return;
        }
        let value = attribute_value(attribute.value);
        self.frame.facts = rules.observe_attribute(name, &value, self.frame.facts);
        if rules.needs(self.sink.warns()).late {
            self.scratch.seen.add_attribute(name.unwrap_or(Rules::UNKNOWN_NAME), &value);
        }
    }

    /// Records that the open element has text.
    pub(super) fn note_any_text(&mut self) {
        let Some(rules) = self.rules() else { return };
        self.frame.facts |= rules.facts.any_text;
        if let Some(details) = self.scratch.details.get_mut(self.frame.details as usize) {
            details.has_text = true;
        }
    }

    /// Collects the string-value of the element whose frame was just pushed, if a rule of that element or of its parent
    /// reads it.
    pub(super) fn collect(&mut self) {
        let Details { element, name, .. } = self.details();
        let own = element.and_then(|element| self.table.rules_at(element.0));
        let around = self.scratch.stack.get(self.depth.wrapping_sub(1)).map(|frame| frame.rules);
        let around = around.and_then(|rules| self.table.rules_at(rules));
        let is_read = own.is_some_and(|rules| rules.needs(self.sink.warns()).own_text)
            || around.zip(name).is_some_and(|(rules, name)| rules.reads_text(name, self.sink.warns()));
        if is_read {
            self.frame.marks.set(Marks::COLLECTED);
            self.collecting += 1;
        }
    }

    /// Evaluates the rules at the end of the open element, unless it has errors.
    pub(super) fn evaluate_rules(&mut self, implied: bool) -> Result<(), Stop> {
        let Some(rules) = self.rules() else { return Ok(()) };
        if implied || self.frame.marks.has(Marks::FAULTY) {
            return Ok(());
        }
        for rule in rules.firing(self.frame.facts, self.sink.warns()) {
            self.report_rule(rule)?;
        }
        for rule in rules.late(self.frame.facts, self.sink.warns()) {
            if self.fires(rule) {
                self.report_rule(rule)?;
            }
        }
        Ok(())
    }

    /// Whether a rule that reads text fires for the open element.
    fn fires(&self, rule: &Rule) -> bool {
        let Details { seen, collected, has_text, .. } = self.details();
        let text = self.scratch.collected.get(collected..).filter(|_| self.frame.marks.has(Marks::COLLECTED));
        rule.fires(&self.scratch.seen.since(seen, text.unwrap_or_default(), has_text))
    }

    /// Reports a rule that fires, if the element is in its context.
    fn report_rule(&mut self, rule: &Rule) -> Result<(), Stop> {
        let stack = self.scratch.stack.get(1..self.depth).unwrap_or_default();
        let ancestor = |up: usize| stack.iter().rev().nth(up).and_then(|frame| self.details_of(frame).name);
        if !rule.applies(&ancestor) {
            return Ok(());
        }
        let severity = match rule.role {
            Role::Error => Severity::Error,
            Role::Warning => Severity::Warning,
        };
        let (tag, element) = self.subject(rule).unwrap_or((self.frame.tag, self.details().element));
        let schema = self.schema;
        let (text, limits) = (self.text, self.limits);
        let Some(explanation) = self.explanation() else { return Err(Stop) };
        explanation.add(severity, Some(tag), || {
            let words = words::rule(&rule.message, severity == Severity::Warning, rule.see.as_deref());
            let mut diagnostic = Diagnostic::new(words, tag..tag_end(text, tag, limits), String::new());
            let documentation = element.and_then(|element| schema.documentation(element));
            diagnostic.documentation = documentation.map(str::to_owned);
            diagnostic
        });
        Ok(())
    }

    /// The first child that a rule is about: where its tag begins, and its declaration.
    fn subject(&self, rule: &Rule) -> Option<(usize, Option<ElementId>)> {
        if rule.subject.is_empty() {
            return None;
        }
        let model = self.model()?;
        self.scratch.children.of(self.depth).iter().find_map(|child| {
            let Leaf::Element(element) = model.leaf(LeafId(child.leaf))? else { return None };
            let declaration = self.schema.elements.get(element.index())?;
            rule.subject.contains(&declaration.name).then_some((child.tag, Some(*element)))
        })
    }

    /// Passes on what an element that has ended leaves to its parent, which is open again.
    pub(super) fn pass_to_parent(&mut self, ended: &Frame, details: &Details) {
        if ended.marks.has(Marks::FAULTY) && ended.mode == Mode::Simple {
            // A rule would otherwise read an invalid value.
            self.frame.marks.set(Marks::FAULTY);
        }
        if !ended.marks.has(Marks::COLLECTED) {
            return;
        }
        self.collecting = self.collecting.saturating_sub(1);
        let mut collected = std::mem::take(&mut self.scratch.collected);
        let text = collected.get(details.collected..).unwrap_or_default();
        if let Some(name) = details.name {
            self.read_text(name, text);
        }
        if self.rules().is_some_and(|rules| rules.needs(self.sink.warns()).late) {
            self.scratch.seen.set_child_text(text);
        }
        if self.collecting == 0 {
            collected.clear();
        }
        self.scratch.collected = collected;
    }
}
