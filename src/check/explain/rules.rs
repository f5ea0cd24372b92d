//! What the rules want to know of an element, and what they say at its end.

use std::borrow::Cow;

use crate::compiled::NameId;
use crate::diagnostic::words;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{Role, RuleSet, Rules};

use super::place::Placed;
use super::{Child, Expectation, Frame, Walker};

impl<'s, 'a> Walker<'s, 'a> {
    /// What the rules of the element around want to know of a child.
    pub(super) fn observe(&mut self, child: &Child<'a, '_>, placed: Placed) {
        if let Some(seen) = self.frames.last_mut().and_then(|frame| frame.seen.as_mut()) {
            let known = match placed {
                Placed::Element(element) | Placed::Misplaced(element) => {
                    Some(self.schema.elements[element.index()].name)
                }
                _ => child.id,
            };
            seen.children.push((known.unwrap_or(Rules::UNKNOWN_NAME), Cow::Borrowed("")));
        }
    }

    /// Whether a rule of the element or of its parent reads its string-value.
    pub(super) fn wants_text(&self, frame: &Frame<'s, 'a>) -> bool {
        let own = frame.element.and_then(|element| self.rules.of(element));
        let around = self.frames.last().and_then(|parent| parent.element).and_then(|element| self.rules.of(element));
        own.is_some_and(|set| set.facts.keep_own_text)
            || frame.known.zip(around).is_some_and(|(name, set)| reads_text(set, name))
    }

    /// The string-value of an element that ends, if somebody wants it.
    pub(super) fn string_value(&mut self, frame: &Frame<'s, 'a>) -> Option<String> {
        let from = frame.collected_from?;
        let value = self.collected.get(from..).unwrap_or_default().to_owned();
        self.collecting = self.collecting.saturating_sub(1);
        if self.collecting == 0 {
            self.collected.clear();
        }
        Some(value)
    }

    pub(super) fn ask_rules(&mut self, frame: &mut Frame<'s, 'a>, value: &Option<String>) {
        let Some(set) = frame.element.and_then(|element| self.rules.of(element)) else { return };
        let Some(mut seen) = frame.seen.take() else { return };
        if let Some(value) = value {
            seen.text = Cow::Owned(value.clone());
        }
        let frames = &self.frames;
        let ancestor = |up: usize| frames.iter().rev().nth(up).and_then(|frame| frame.known);
        for rule in &set.rules {
            if rule.fires(&seen) && rule.applies(&ancestor) {
                let (severity, trail) = (severity(rule.role), &self.trail);
                self.findings.add(severity, || {
                    let words = words::rule(&rule.message, severity == Severity::Warning, rule.see.as_deref());
                    let mut diagnostic = Diagnostic::new(words, frame.tag.clone(), trail.path());
                    diagnostic.documentation = frame.element.and_then(|element| self.schema.documentation(element));
                    diagnostic
                });
            }
        }
    }

    /// What an element that ends leaves to the one around it.
    pub(super) fn tell_parent(&mut self, frame: &Frame<'s, 'a>, value: Option<String>) {
        let Some(parent) = self.frames.last_mut() else { return };
        if let Some(value) = value
            && let Some(child) = parent.seen.as_mut().and_then(|seen| seen.children.last_mut())
        {
            child.1 = Cow::Owned(value);
        }
        // A rule around would be asked about a value that is not one.
        parent.faulty |= frame.faulty && matches!(frame.content, Expectation::Simple { .. });
    }
}

/// Whether any rule of the set reads the string-value of the children of a name, whoever decides it on the quick path.
fn reads_text(set: &RuleSet, name: NameId) -> bool {
    let is_compared =
        |name| set.facts.children.iter().any(|facts| facts.name == Some(name) && !facts.literals.is_empty());
    set.keeps_text(name) || is_compared(name)
}

/// What a rule means when it fires.
fn severity(role: Role) -> Severity {
    match role {
        Role::Error => Severity::Error,
        Role::Warning => Severity::Warning,
    }
}
