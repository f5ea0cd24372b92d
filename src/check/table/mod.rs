//! The layout of a `Schema` that the quick path runs on.
//!
//! The readable form (`Compiled`) is a graph of declarations; this is the same graph laid flat for one question asked
//! over and over: *here stands a tag: which of the few that may come is it?* Each state of a plain content model is a
//! run of edges; each edge holds the bytes of its tag as words to compare, the bytes of its end tag, where the walk
//! goes, and what the element may hold (`Form`). States are laid out once for each element declaration that has rules
//! of its own, so that an edge can also hold the facts that those rules want to know.
//!
//! Whatever does not fit the pattern (counters, wildcards, mixed content, long names, defaults, `xs:nil` …) is marked
//! `Form::Careful` or has no start state here, and is walked over the readable form instead.

mod layout;
mod rules;

use std::sync::Arc;

use crate::compiled::{AttributeUse, Compiled, ElementId, NameId, NamespaceId, TypeId};
use crate::datatype::SimpleType;
use crate::rules::Rules;
use crate::text::pattern::Pattern;

use layout::Layout;
pub(crate) use rules::{Judgement, RuleTable, Sets};

/// No edge, no element, no rules: an index that none has.
pub(crate) const NONE: u32 = u32::MAX;

/// A state of a plain content model, for one parent's rules.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    /// Its edges are `edges[first..last]`.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// The content may end here.
    pub(crate) accepting: bool,
}

/// A child element that may come in a state.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    /// The local name, or how it begins where it is longer than this holds.
    pub(crate) open: Pattern<2>,
    /// `</name>`; nowhere, where it is longer than this holds.
    pub(crate) close: Pattern<3>,
    /// Bytes of the local name.
    pub(crate) length: u32,
    pub(crate) namespace: NamespaceId,
    /// The state behind the element.
    pub(crate) target: u32,
    /// What the element may hold.
    pub(crate) form: Form,
    /// The facts that the element sets in its parent.
    pub(crate) sets: Sets,
    pub(crate) name: NameId,
    pub(crate) element: ElementId,
    /// The element's declared type.
    pub(crate) type_id: TypeId,
}

/// What an element without attributes may hold, as far as the quick path knows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    /// Text of a simple type and nothing else: tag, text and end tag are one step.
    Text(Check),
    /// Child elements by a plain model, with white space between them.
    Elements { start: u32, rules: u32 },
    /// Anything (`xs:anyType`): quick where it is plain text or empty, and the rules have nothing against that.
    Anything { empty: Judgement, text: Judgement },
    /// Ask the careful way.
    Careful,
}

/// The check of a text, see `datatype::Quick`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// Any text is a value, as it stands.
    Anything,
    /// Any text is a value, its white space collapsed.
    Collapsed,
    /// A sign and digits.
    Integer,
    /// At most so many digits.
    Digits(u8),
    /// One of `choices[first..last]`.
    OneOf { first: u32, last: u32 },
    /// `simples[n]` decides.
    General(u32),
}

/// A value of an enumeration, followed by `<`, and the facts that it sets in the element around.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) text: Pattern<2>,
    pub(crate) sets: u64,
}

/// An attribute of a type.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    /// `name="`, where the attribute is in no namespace and its name is short.
    pub(crate) open: Pattern<3>,
    /// Any text is a value.
    pub(crate) any_text: bool,
    pub(crate) declaration: Arc<AttributeUse>,
}

/// What a type is, for one who opens an element of it.
#[derive(Debug, Clone)]
pub(crate) struct TypeTable {
    pub(crate) attributes: Vec<Attribute>,
    /// How many of them are required.
    pub(crate) required: usize,
    /// One of them is an ID.
    pub(crate) has_id: bool,
    /// Those whose default may refer to an ID.
    pub(crate) linked_defaults: Vec<usize>,
    /// Where each of them stands, sorted by name.
    by_name: Vec<(NameId, u32)>,
}

impl TypeTable {
    /// The attribute of a name.
    pub(crate) fn named(&self, name: NameId) -> Option<&Attribute> {
        let at = self.by_name.binary_search_by_key(&name, |(name, _)| *name).ok()?;
        self.by_name.get(at).and_then(|(_, index)| self.attributes.get(*index as usize))
    }
}

/// What there is to know of a content model before it is walked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ModelTable {
    /// The start state in `Table::states`, where the model is laid out.
    pub(crate) start: Option<u32>,
    /// Children of one name may stand between others.
    pub(crate) interleaved: bool,
}

/// A schema laid out for the quick path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) states: Vec<State>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) choices: Vec<Choice>,
    pub(crate) simples: Vec<Arc<SimpleType>>,
    /// By `TypeId`; `None` for simple types.
    pub(crate) types: Vec<Option<TypeTable>>,
    /// By `ModelId`.
    pub(crate) models: Vec<ModelTable>,
    /// By `ElementId`; those behind the last element that has rules are left out.
    pub(crate) rules: Vec<Option<RuleTable>>,
    /// By `ElementId`: the start state of its declared type's content under its rules, where that is laid out.
    pub(crate) starts: Vec<Option<u32>>,
    /// The state in front of the root, and the one behind it.
    pub(crate) document: u32,
    pub(crate) finished: u32,
    /// The state in front of the root has an edge for each element that may be one.
    pub(crate) has_root_edges: bool,
}

impl Table {
    /// Lays out a schema with its rules, or only with those that make a document invalid: who does not ask for
    /// warnings does not pay for them.
    pub(crate) fn new(schema: &Compiled, rules: &Rules, warnings: bool) -> Table {
        Layout::new(schema).lay_out(rules, warnings)
    }

    /// Gives back the room that lists grew into: a schema is made once and kept.
    fn shrink(&mut self) {
        self.states.shrink_to_fit();
        self.edges.shrink_to_fit();
        self.choices.shrink_to_fit();
        self.types.shrink_to_fit();
        self.models.shrink_to_fit();
        self.rules.shrink_to_fit();
    }

    /// The rules of an element, by the index that forms and frames keep.
    #[inline(always)]
    pub(crate) fn rules_at(&self, index: u32) -> Option<&RuleTable> {
        self.rules.get(index as usize)?.as_ref()
    }
}
