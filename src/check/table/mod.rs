//! The layout of a compiled schema that walks use.
//!
//! The readable form (`Compiled`) is a graph of declarations. This is the same graph in a flat form, made for one
//! question that is asked over and over: which of the few tags that can come is this one? Each state of a content model
//! is a run of edges. Each edge holds the bytes of its tag as words to compare, the bytes of its end tag, the state
//! after it, and what the element may contain (`Form`). States are laid out once for each element declaration that has
//! rules of its own, so that an edge can also hold the facts that those rules need.
//!
//! Every content model has its states here, so a walk is always in a state of the table. Edges are left out where there
//! are too many, and for wildcards; the walk then uses the readable form, which has them.

mod layout;
mod rules;
mod types;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crate::compiled::{Compiled, ElementId, ModelId, NameId, NamespaceId, TypeId};
use crate::datatype::SimpleType;
use crate::rules::Rules;
use crate::text::pattern::Pattern;

use layout::Layout;
#[cfg(feature = "generate")]
pub(crate) use rules::RuleTable;
#[cfg(not(feature = "generate"))]
pub(super) use rules::RuleTable;
pub(super) use rules::{RuleOutcome, Sets};
pub(super) use types::{Attribute, TypeTable};

/// Marks the absence of an edge, an element or rules.
pub(crate) const NONE: u32 = u32::MAX;

/// A state of a content model, for one parent's rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// Its edges are `edges[first..last]`; states of the same model can share them.
    pub(super) first: u32,
    pub(super) last: u32,
    /// The first state of the same model; the difference from it is the state of the automaton.
    pub(super) base: u32,
    pub(super) model: ModelId,
    /// The content can end here, whatever was counted.
    pub(super) accepting: bool,
    /// The edges are all that can come: there is no wildcard, and none was left out.
    pub(super) complete: bool,
}

/// A child element that can come in a state.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    /// The local name, or its beginning if it is too long for a pattern.
    pub(super) open: Pattern<2>,
    /// Its index in `Table::edges`.
    pub(super) index: u32,
    /// `</name>`, as a pattern that matches nowhere if it is too long for one.
    pub(super) close: Pattern<3>,
    /// `name>`, the end of the end tag after a prefix, as a pattern with the same limit.
    pub(super) tail: Pattern<3>,
    /// The length of the local name.
    pub(super) length: u32,
    pub(super) namespace: NamespaceId,
    /// The state after the element.
    pub(super) target: u32,
    /// What the element may contain.
    pub(super) form: Form,
    /// The facts that the element sets in its parent.
    pub(super) sets: Sets,
    pub(super) name: NameId,
    pub(super) element: ElementId,
    /// The element's declared type.
    pub(super) type_id: TypeId,
    /// The leaf of the content model.
    pub(super) leaf: u32,
    /// Whether the element can be written without attributes.
    pub(super) bare: bool,
    /// The unusual properties of the edge.
    pub(super) rare: Rare,
    /// The number of the child in the parent's rules (`NONE` if they do not mention its name).
    pub(super) known: u32,
}

/// The unusual properties of an edge: a set, so that one test shows that there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Rare(u16);

impl Rare {
    /// Counters decide whether the element can come, and the state after it.
    pub(super) const COUNTED: Rare = Rare(1);
    /// Rules of the parent depend on which other children came before it.
    pub(super) const ORDERED: Rare = Rare(2);
    /// Its text sets facts about the parent that errors depend on; `READ`: that errors or warnings depend on.
    pub(super) const READ_FOR_ERRORS: Rare = Rare(4);
    pub(super) const READ: Rare = Rare(256);
    /// Error rules of the parent read its name and text when the parent ends; `LATE`: any rules of the parent do.
    pub(super) const LATE_FOR_ERRORS: Rare = Rare(8);
    pub(super) const LATE: Rare = Rare(16);
    /// An identity constraint can select it, or can have it or an attribute of it as a field.
    pub(super) const TOUCHED: Rare = Rare(32);
    /// Its own error rules read texts when it ends; `READER`: any of its own rules do.
    pub(super) const READER_FOR_ERRORS: Rare = Rare(64);
    pub(super) const READER: Rare = Rare(128);

    #[inline(always)]
    pub(super) fn has(self, any_of: Rare) -> bool {
        self.0 & any_of.0 != 0
    }

    pub(super) const fn with(self, other: Rare) -> Rare {
        Rare(self.0 | other.0)
    }

    /// The set if `is_so` is true, otherwise the empty set.
    fn when(self, is_so: bool) -> Rare {
        if is_so { self } else { Rare(0) }
    }
}

/// What an element may contain, as far as prediction knows it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// Text of a simple type and nothing else: start tag, text and end tag are one step.
    Text(Check),
    /// Child elements that match a content model, with white space or with text between them.
    Elements { start: u32, rules: u32, mixed: bool },
    /// Nothing.
    Empty,
    /// Anything (`xs:anyType`): predicted if it is plain text or empty, and no rule can fire on that.
    Anything { empty: RuleOutcome, text: RuleOutcome },
    /// Left to the walk.
    Undecided,
}

/// The check of a text; see `datatype::Shortcut`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Check {
    /// Any text is a valid value, unchanged.
    Anything,
    /// Any text is a valid value, with its white space collapsed.
    Collapsed,
    /// A sign and digits.
    Integer,
    /// At most this many digits.
    Digits(u8),
    /// One of `choices[first..last]`.
    OneOf { first: u32, last: u32 },
    /// Checked by `simples[n]`.
    General(u32),
}

/// A value of an enumeration followed by `<`, and the facts that it sets in the parent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) text: Pattern<2>,
    pub(super) sets: u64,
}

/// What is known of a content model before it is walked.
#[derive(Debug, Clone)]
struct ModelTable {
    /// The start state in `Table::states`, without rules.
    start: u32,
    /// Whether other children can come between children of the same name; computed on first use.
    interleaved: OnceLock<bool>,
}

/// The layout of a schema.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// The number of this table, different from that of any other, even one that no longer exists.
    pub(super) number: u64,
    pub(super) states: Vec<State>,
    pub(super) edges: Vec<Edge>,
    pub(super) choices: Vec<Choice>,
    pub(super) simples: Vec<Arc<SimpleType>>,
    /// For each `TypeId`; `None` for simple types.
    pub(super) types: Vec<Option<TypeTable>>,
    /// For each `ModelId`.
    models: Vec<ModelTable>,
    /// For each `ElementId`, up to the last element that has rules.
    rules: Vec<Option<RuleTable>>,
    /// For each `ElementId`, the start state of its declared type's content under its rules.
    starts: Vec<u32>,
    /// The state before the root, and the state after it.
    pub(super) document: u32,
    pub(super) finished: u32,
}

impl Table {
    /// Lays out a schema with its rules.
    pub(crate) fn new(schema: &Compiled, rules: Rules) -> Table {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Table { number: NEXT.fetch_add(1, Ordering::Relaxed), ..Layout::new(schema).lay_out(rules) }
    }

    /// Frees the excess capacity of the lists: a table is made once and kept.
    fn shrink(&mut self) {
        self.states.shrink_to_fit();
        self.edges.shrink_to_fit();
        self.choices.shrink_to_fit();
        self.types.shrink_to_fit();
        self.models.shrink_to_fit();
        self.rules.shrink_to_fit();
    }

    /// Whether any element has rules.
    pub(crate) fn has_rules(&self) -> bool {
        self.rules.iter().any(Option::is_some)
    }

    /// The rules of an element declaration.
    pub(crate) fn rules_of(&self, element: ElementId) -> Option<&RuleTable> {
        self.rules_at(element.0)
    }

    /// The rules of an element, by the index that forms and frames store.
    #[inline(always)]
    pub(super) fn rules_at(&self, index: u32) -> Option<&RuleTable> {
        self.rules.get(index as usize)?.as_ref()
    }

    /// The state in which the content of an element begins; `declared`: its type is the declared one.
    pub(super) fn start_of(&self, element: Option<ElementId>, declared: bool, model: ModelId) -> u32 {
        let start = element.filter(|_| declared).and_then(|element| self.starts.get(element.index())).copied();
        let start = start.filter(|start| *start != NONE);
        start.or_else(|| self.models.get(model.index()).map(|model| model.start)).unwrap_or(self.finished)
    }

    /// Whether other children can come between children of the same name in a content model.
    pub(crate) fn is_interleaved(&self, schema: &Compiled, model: ModelId) -> bool {
        let Some((table, model)) = self.models.get(model.index()).zip(schema.models.get(model.index())) else {
            return false;
        };
        // The elements that can replace one can alternate with it.
        *table.interleaved.get_or_init(|| {
            model.has_heads() || model.automaton.may_interleave(&|leaf| layout::name_of(schema, model, leaf))
        })
    }
}
