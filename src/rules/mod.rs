//! ISO Schematron `assert`/`report` inside `xs:appinfo`: checks over one element and what was seen in it.
//!
//! CONTRACT (skeleton).

use std::borrow::Cow;

use crate::schema::{Compiled, ElementId, NameId};
use crate::xsd::SchemaError;

/// `role="warning"` makes a rule a warning; without a role it is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Error,
    Warning,
}

/// One assert or report, bound to the element declarations it is about.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) role: Role,
    /// The text of the assert, white space collapsed.
    pub(crate) message: Box<str>,
    /// `sch:assert/@diagnostics` or similar are not supported; `see` (a URL or a page's name), if given.
    pub(crate) see: Option<Box<str>>,
    /// Names that the ancestors must have, nearest first, where that is not already decided by the declaration.
    pub(crate) ancestors: Vec<NameId>,
    // private: the expression
}

/// What was seen in an element, collected by `check::explain` (complete, any size).
#[derive(Debug, Default)]
pub(crate) struct Seen<'a> {
    pub(crate) attributes: Vec<(NameId, Cow<'a, str>)>,
    /// Children in document order with their string-value (only where `RuleSet::keeps_text` asks for it, else empty).
    pub(crate) children: Vec<(NameId, Cow<'a, str>)>,
    /// The string-value of the element itself: all text in it, at any depth.
    pub(crate) text: Cow<'a, str>,
    /// It has text nodes of its own.
    pub(crate) has_text: bool,
}

/// The rules of one element declaration.
#[derive(Debug, Clone)]
pub(crate) struct RuleSet {
    pub(crate) rules: Vec<Rule>,
    pub(crate) facts: Facts,
}

/// The quick form of a rule set: what each child sets among 64 facts, and which facts make a rule fire.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// By child name; a child of a name that is not here sets only `other_child`.
    pub(crate) children: Vec<ChildFacts>,
    /// By attribute name (xmlns and xsi: never count); one that is not here sets only `any_attribute`.
    pub(crate) attributes: Vec<ChildFacts>,
    /// Set by any child (0: nobody asks).
    pub(crate) any_child: u64,
    /// Set by any attribute (0: nobody asks).
    pub(crate) any_attribute: u64,
    /// Set when the element has text nodes of its own (0: nobody asks).
    pub(crate) any_text: u64,
    /// Rules that facts decide: rule number, and the terms (mask, value): it fires when `facts & mask == value` for one.
    pub(crate) decided: Vec<(usize, Vec<(u64, u64)>)>,
    /// Rules that need the texts themselves (`Rule::fires` on a `Seen`), by number.
    pub(crate) late: Vec<usize>,
}

/// What a child (or attribute) of one name sets.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChildFacts {
    pub(crate) name: Option<NameId>,
    /// Set when one is met; the bit above it (`seen << 1`) when it was set already, if `twice`.
    pub(crate) seen: u64,
    pub(crate) twice: bool,
    /// Set when its string-value is this.
    pub(crate) literals: Vec<(Box<str>, u64)>,
    /// `(before, set)`: set when a fact of `before` is set already (sibling order).
    pub(crate) after: Vec<(u64, u64)>,
    /// A late rule reads its text.
    pub(crate) keep_text: bool,
}

/// All rules of a schema, by element declaration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) by_element: Vec<Option<Box<RuleSet>>>,
}

#[allow(dead_code, clippy::todo, unused_variables)]
impl Rules {
    pub(crate) fn of(&self, element: ElementId) -> Option<&RuleSet> {
        self.by_element.get(element.index())?.as_deref()
    }
}

/// Finds the Schematron in the schema's documents, reads it, binds it to element declarations.
#[allow(dead_code, clippy::todo, unused_variables)]
pub(crate) fn compile(schema: &Compiled) -> Result<Rules, SchemaError> {
    todo!()
}

#[allow(dead_code, clippy::todo, unused_variables)]
impl Rule {
    /// Whether the assert fails or the report succeeds, by XPath 1.0 (numbers are IEEE doubles).
    pub(crate) fn fires(&self, seen: &Seen<'_>) -> bool {
        todo!()
    }
}
