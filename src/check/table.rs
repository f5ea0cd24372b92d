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

use std::collections::HashMap;
use std::sync::Arc;

use crate::automaton::{LeafId, StateId};
use crate::compiled::{
    AttributeUse, Compiled, Content, ElementId, Leaf, Model, ModelId, NameId, NamespaceId, Nested, TypeDefinition,
    TypeId,
};
use crate::datatype::{Quick, SimpleType};
use crate::rules::{ChildFacts, Facts, Role, Rule, RuleSet, Rules};
use crate::xml::scan::{Pattern, text_end};

/// No edge, no element, no rules: an index that none has.
pub(crate) const NONE: u32 = u32::MAX;

/// Elements that may stand for another one in a model that is laid out: each has an edge.
const MEMBERS: usize = 8;

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

/// The facts that a child sets just by being there.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sets {
    /// Set always.
    pub(crate) seen: u64,
    /// Those of `seen` whose upper neighbour tells "more than one".
    pub(crate) counted: u64,
}

impl Sets {
    /// `facts` with these set.
    #[inline(always)]
    pub(crate) fn on(self, facts: u64) -> u64 {
        facts | self.seen | (facts & self.counted) << 1
    }
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

/// What the rules of an element say of it, known before any packet is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// No rule fires.
    Clean,
    /// Only warnings fire.
    Warned,
    /// Ask the careful way.
    Unknown,
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
    pub(crate) declaration: AttributeUse,
}

impl Attribute {
    /// Whether it is the one of a name; `None`: a name that the schema does not know.
    pub(crate) fn is_named(&self, name: Option<NameId>) -> bool {
        Some(self.declaration.name) == name
    }
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
}

/// The leaves of a model by name, for models that are walked over the readable form.
#[derive(Debug, Clone, Default)]
pub(crate) struct ModelTable {
    /// Sorted by name.
    pub(crate) elements: Vec<(NameId, LeafId)>,
    pub(crate) wildcards: Vec<LeafId>,
    /// The leaves for which other elements can stand, by the numbers of those.
    pub(crate) heads: Nested<LeafId>,
    /// The start state in `Table::states`, where the model is plain and has no wildcard.
    pub(crate) start: Option<u32>,
    /// Children of one name may stand between others.
    pub(crate) interleaved: bool,
}

impl ModelTable {
    /// The element leaves of a name.
    pub(crate) fn named(&self, name: NameId) -> impl Iterator<Item = LeafId> + '_ {
        let first = self.elements.partition_point(|(other, _)| *other < name);
        self.elements[first..].iter().take_while(move |(other, _)| *other == name).map(|(_, leaf)| *leaf)
    }
}

/// A rule that facts decide.
#[derive(Debug, Clone)]
pub(crate) struct Fire {
    /// It fires where `facts & mask == value` for one of these (mask, value).
    pub(crate) terms: Box<[(u64, u64)]>,
    /// Names that the ancestors must have, nearest first.
    pub(crate) ancestors: Box<[NameId]>,
    /// Paths of ancestors that must not be there, as in `Rule::unless`.
    pub(crate) unless: Box<[Vec<NameId>]>,
}

impl Fire {
    #[inline(always)]
    pub(crate) fn fires(&self, facts: u64) -> bool {
        self.terms.iter().any(|(mask, value)| facts & mask == *value)
    }

    /// The declaration alone decides that the rule is about the element.
    pub(crate) fn is_everywhere(&self) -> bool {
        self.ancestors.is_empty() && self.unless.is_empty()
    }
}

/// The rules of an element declaration.
#[derive(Debug, Clone)]
pub(crate) struct RuleTable {
    pub(crate) facts: Facts,
    pub(crate) errors: Vec<Fire>,
    /// The terms of all of them, one of which must hold where an error is to be.
    pub(crate) error_terms: Vec<(u64, u64)>,
    pub(crate) warnings: Vec<Fire>,
    /// Rules that need the texts of children.
    pub(crate) late: Vec<Rule>,
}

impl RuleTable {
    /// What children of a name set.
    pub(crate) fn child(&self, name: NameId) -> Option<&ChildFacts> {
        self.facts.children.iter().find(|child| child.name == Some(name))
    }

    /// The facts after a child (of any name), before its text is known.
    pub(crate) fn observe(&self, name: NameId, facts: u64) -> u64 {
        let mut facts = facts;
        if let Some(child) = self.child(name) {
            for (before, set) in &child.after {
                if facts & before != 0 {
                    facts |= set;
                }
            }
        }
        self.sets(name).on(facts)
    }

    fn sets(&self, name: NameId) -> Sets {
        let mut sets = Sets { seen: self.facts.any_child, ..Sets::default() };
        if let Some(child) = self.child(name) {
            sets.seen |= child.seen;
            sets.counted = if child.twice { child.seen } else { 0 };
        }
        sets
    }

    /// What the rules say of an element without attributes and children, once and for all.
    fn judge_leaf(&self, facts: u64) -> Judgement {
        let elsewhere = |fire: &Fire| fire.fires(facts) && !fire.is_everywhere();
        if !self.late.is_empty()
            || self.errors.iter().any(|fire| fire.fires(facts))
            || self.warnings.iter().any(elsewhere)
        {
            Judgement::Unknown
        } else if self.warnings.iter().any(|fire| fire.fires(facts)) {
            Judgement::Warned
        } else {
            Judgement::Clean
        }
    }
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
    /// By `ElementId`.
    pub(crate) rules: Vec<Option<RuleTable>>,
    /// By `ElementId`: the start state of its declared type's content under its rules, where that is laid out.
    pub(crate) starts: Vec<Option<u32>>,
    /// The state in front of the root, and the one behind it.
    pub(crate) document: u32,
    pub(crate) finished: u32,
}

impl Table {
    /// Lays out a schema with its rules, or only with those that make a document invalid: who does not ask for
    /// warnings does not pay for them.
    pub(crate) fn new(schema: &Compiled, rules: &Rules, warnings: bool) -> Table {
        let mut layout = Layout { schema, table: Table::default(), starts: HashMap::new(), pending: Vec::new() };
        layout.rules(rules, warnings);
        layout.types();
        layout.models();
        layout.starts();
        layout.document();
        layout.fill();
        layout.table
    }

    /// The rules of an element, by the index that forms and frames keep.
    #[inline(always)]
    pub(crate) fn rules_at(&self, index: u32) -> Option<&RuleTable> {
        self.rules.get(index as usize)?.as_ref()
    }
}

/// The work of laying out. Edges need the start states of the models of their elements, which may be recursive:
/// a start is numbered when it is first asked for and filled later.
struct Layout<'s> {
    schema: &'s Compiled,
    table: Table,
    /// The start state of a model under the rules of an element (`NONE`: without rules).
    starts: HashMap<(ModelId, u32), u32>,
    pending: Vec<(ModelId, u32, u32)>,
}

impl<'s> Layout<'s> {
    fn rules(&mut self, rules: &Rules, warnings: bool) {
        for index in 0..self.schema.elements.len() {
            let set = rules.of(ElementId(index as u32));
            self.table.rules.push(set.and_then(|set| rule_table(set, warnings)));
        }
    }

    fn types(&mut self) {
        for definition in &self.schema.types {
            let table = match definition {
                TypeDefinition::Simple(_) => None,
                TypeDefinition::Complex(complex) => Some(TypeTable {
                    required: complex.attributes.iter().filter(|attribute| attribute.required).count(),
                    has_id: complex.attributes.iter().any(|attribute| attribute.simple.is_id()),
                    linked_defaults: (0..complex.attributes.len())
                        .filter(|index| complex.attributes[*index].has_linked_default())
                        .collect(),
                    attributes: complex.attributes.iter().map(|attribute| self.attribute(attribute)).collect(),
                }),
            };
            self.table.types.push(table);
        }
    }

    fn attribute(&self, declaration: &AttributeUse) -> Attribute {
        let name = &self.schema.names.names[declaration.name.index()];
        let plain = name.namespace == NamespaceId(0)
            && declaration.value.as_ref().is_none_or(|value| !value.fixed)
            && !declaration.simple.needs_context();
        let written = if plain { format!("{}=\"", name.local) } else { String::new() };
        let any_text = matches!(declaration.simple.quick(), Quick::Anything | Quick::Collapsed);
        Attribute { open: Pattern::new(written.as_bytes()), any_text, declaration: declaration.clone() }
    }

    fn models(&mut self) {
        for (index, model) in self.schema.models.iter().enumerate() {
            let mut table = ModelTable::default();
            let mut heads = Vec::new();
            for (leaf, what) in model.leaves.iter().enumerate() {
                let leaf = LeafId(leaf as u32);
                match what {
                    Leaf::Element(element) => {
                        table.elements.push((self.schema.elements[element.index()].name, leaf));
                        let groups = &self.schema.substitutions;
                        heads.extend(groups.span(*element).filter(|span| span.len() > 1).map(|span| (span, leaf)));
                    }
                    Leaf::Wildcard(_) => table.wildcards.push(leaf),
                }
            }
            table.elements.sort_unstable();
            // Those that stand for one element may alternate.
            table.interleaved = !heads.is_empty() || model.automaton.may_interleave(&|leaf| self.name_of(model, leaf));
            table.heads = Nested::new(heads);
            table.start = self.is_laid_out(model).then(|| self.start(ModelId(index as u32), NONE));
            self.table.models.push(table);
        }
    }

    /// The name of a leaf as a number; wildcards share one.
    fn name_of(&self, model: &Model, leaf: LeafId) -> u32 {
        match model.leaves.get(leaf.0 as usize) {
            Some(Leaf::Element(element)) => self.schema.elements[element.index()].name.0,
            Some(Leaf::Wildcard(_)) | None => NONE,
        }
    }

    fn starts(&mut self) {
        for index in 0..self.schema.elements.len() {
            let start = self.elements(ElementId(index as u32)).map(|(start, _)| start);
            self.table.starts.push(start);
        }
    }

    /// Whether all that may come in a model can be an edge.
    fn is_laid_out(&self, model: &Model) -> bool {
        let is_edge = |leaf: &Leaf| match leaf {
            Leaf::Element(element) => self.schema.substitutions.potential(*element).len() <= MEMBERS,
            Leaf::Wildcard(_) => false,
        };
        model.automaton.is_plain() && model.leaves.iter().all(is_edge)
    }

    /// The start state of an element's declared content and its rules, where the content is plain.
    fn elements(&mut self, element: ElementId) -> Option<(u32, u32)> {
        let TypeDefinition::Complex(complex) = self.schema.type_of(element) else { return None };
        let Content::Elements { model, mixed: false } = complex.content else { return None };
        let compiled = &self.schema.models[model.index()];
        if !self.is_laid_out(compiled) {
            return None;
        }
        let rules = match &self.table.rules[element.index()] {
            // White space between elements is text to a rule: only the careful way sees it.
            Some(rules) if rules.facts.any_text != 0 => return None,
            Some(rules) if !rules.late.is_empty() => return None, // the texts of children have to be kept
            Some(_) => element.0,
            None => NONE,
        };
        Some((self.start(model, rules), rules))
    }

    /// The start state of a plain model under the rules of `element`, to be filled later.
    fn start(&mut self, model: ModelId, rules: u32) -> u32 {
        if let Some(start) = self.starts.get(&(model, rules)) {
            return *start;
        }
        let start = self.table.states.len() as u32;
        let count = self.schema.models[model.index()].automaton.states.len();
        self.table.states.extend((0..count).map(|_| State { first: 0, last: 0, accepting: false }));
        self.starts.insert((model, rules), start);
        self.pending.push((model, rules, start));
        start
    }

    /// Two states around the root element: any global element may be one.
    fn document(&mut self) {
        self.table.document = self.table.states.len() as u32;
        self.table.finished = self.table.document + 1;
        let first = self.table.edges.len() as u32;
        let mut roots: Vec<ElementId> = self.schema.roots.values().copied().collect();
        roots.sort_unstable();
        for root in roots {
            let edge = self.edge(root, self.table.finished, NONE);
            self.table.edges.push(edge);
        }
        let last = self.table.edges.len() as u32;
        self.table.states.push(State { first, last, accepting: false });
        self.table.states.push(State { first: last, last, accepting: true });
    }

    fn fill(&mut self) {
        while let Some((model, rules, start)) = self.pending.pop() {
            let model = &self.schema.models[model.index()];
            for (index, state) in model.automaton.states.iter().enumerate() {
                let mut edges = Vec::with_capacity(state.edges.len());
                for edge in &state.edges {
                    let Some(Leaf::Element(element)) = model.leaves.get(edge.leaf.0 as usize) else { continue };
                    let StateId(target) = edge.target;
                    for element in self.schema.usable(*element) {
                        edges.push(self.edge(element, start + target, rules));
                    }
                }
                let first = self.table.edges.len() as u32;
                self.table.edges.append(&mut edges);
                let last = self.table.edges.len() as u32;
                self.table.states[start as usize + index] = State { first, last, accepting: state.accepting };
            }
        }
    }

    fn edge(&mut self, element: ElementId, target: u32, parent: u32) -> Edge {
        let declaration = &self.schema.elements[element.index()];
        let name = &self.schema.names.names[declaration.name.index()];
        let sets = self.table.rules_at(parent).map(|rules| rules.sets(declaration.name)).unwrap_or_default();
        Edge {
            open: Pattern::beginning(name.local.as_bytes()),
            length: name.local.len() as u32,
            close: Pattern::new(format!("</{}>", name.local).as_bytes()),
            namespace: name.namespace,
            target,
            form: self.form(element, parent),
            sets,
            name: declaration.name,
            element,
            type_id: declaration.type_id,
        }
    }

    fn form(&mut self, element: ElementId, parent: u32) -> Form {
        let declaration = &self.schema.elements[element.index()];
        if declaration.is_abstract || declaration.value.is_some() || !declaration.constraints.is_empty() {
            return Form::Careful;
        }
        let rules = self.table.rules_at(parent);
        if rules.is_some_and(|rules| !rules.late.is_empty()) {
            return Form::Careful;
        }
        let facts = rules.and_then(|rules| rules.child(declaration.name));
        if facts.is_some_and(|facts| !facts.after.is_empty()) {
            return Form::Careful; // the order of siblings has to be asked for: `RuleTable::observe`
        }
        let literals = facts.map(|facts| facts.literals.clone()).unwrap_or_default();
        let ruled = self.table.rules[element.index()].is_some();
        match self.schema.type_of(element) {
            TypeDefinition::Simple(definition) if !ruled => self.text(&definition.simple, &literals),
            TypeDefinition::Simple(_) => Form::Careful,
            TypeDefinition::Complex(complex) => {
                let has_linked_default = complex.attributes.iter().any(AttributeUse::has_linked_default);
                let bare = !complex.is_abstract
                    && complex.attributes.iter().all(|attribute| !attribute.required)
                    && !has_linked_default;
                match &complex.content {
                    _ if !bare => Form::Careful,
                    Content::Simple(simple) if !ruled => self.text(simple, &literals),
                    _ if !literals.is_empty() => Form::Careful,
                    _ if declaration.type_id == self.schema.any_type => self.anything(element),
                    _ => match self.elements(element) {
                        Some((start, rules)) => Form::Elements { start, rules },
                        None => Form::Careful,
                    },
                }
            }
        }
    }

    fn anything(&self, element: ElementId) -> Form {
        match &self.table.rules[element.index()] {
            None => Form::Anything { empty: Judgement::Clean, text: Judgement::Clean },
            Some(rules) => Form::Anything { empty: rules.judge_leaf(0), text: rules.judge_leaf(rules.facts.any_text) },
        }
    }

    fn text(&mut self, simple: &Arc<SimpleType>, literals: &[(Box<str>, u64)]) -> Form {
        if simple.needs_context() {
            return Form::Careful;
        }
        let check = match simple.quick() {
            Quick::OneOf(values) => self.choices(&values, literals),
            // The texts that rules ask for; any other is a value too, and goes the careful way.
            Quick::Anything if !literals.is_empty() => {
                let values: Vec<_> = literals.iter().map(|(literal, _)| literal.clone()).collect();
                self.choices(&values, literals)
            }
            _ if !literals.is_empty() => None,
            Quick::Anything => Some(Check::Anything),
            Quick::Collapsed => Some(Check::Collapsed),
            Quick::Integer => Some(Check::Integer),
            Quick::Digits(most) => Some(Check::Digits(most)),
            Quick::General => None,
        };
        match check {
            Some(check) => Form::Text(check),
            None if literals.is_empty() => Form::Text(Check::General(self.simple(simple))),
            None => Form::Careful,
        }
    }

    fn simple(&mut self, simple: &Arc<SimpleType>) -> u32 {
        let known = self.table.simples.iter().position(|other| Arc::ptr_eq(other, simple));
        known.unwrap_or_else(|| {
            self.table.simples.push(Arc::clone(simple));
            self.table.simples.len() - 1
        }) as u32
    }

    fn choices(&mut self, values: &[Box<str>], literals: &[(Box<str>, u64)]) -> Option<Check> {
        let mut choices = Vec::with_capacity(values.len());
        for value in values {
            if text_end(value.as_bytes(), 0) < value.len() {
                return None; // as written in a document it looks different
            }
            let sets = literals.iter().filter(|(literal, _)| literal == value).fold(0, |sets, (_, set)| sets | set);
            let text = Pattern::new(format!("{value}<").as_bytes());
            choices.push(Choice { text, sets });
        }
        let first = self.table.choices.len() as u32;
        self.table.choices.append(&mut choices);
        Some(Check::OneOf { first, last: self.table.choices.len() as u32 })
    }
}

/// The rules of an element that are asked for, or `None` where none is left.
fn rule_table(set: &RuleSet, warnings: bool) -> Option<RuleTable> {
    let asked = |rule: &Rule| warnings || rule.role == Role::Error;
    let mut table = RuleTable {
        facts: set.facts.clone(),
        errors: Vec::new(),
        error_terms: Vec::new(),
        warnings: Vec::new(),
        late: Vec::new(),
    };
    for (number, terms) in &set.facts.decided {
        let Some(rule) = set.rules.get(*number).filter(|rule| asked(rule)) else { continue };
        let fire = Fire {
            terms: terms.as_slice().into(),
            ancestors: rule.ancestors.as_slice().into(),
            unless: rule.unless.as_slice().into(),
        };
        match rule.role {
            Role::Error => {
                table.error_terms.extend_from_slice(&fire.terms);
                table.errors.push(fire);
            }
            Role::Warning => table.warnings.push(fire),
        }
    }
    let late = set.facts.late.iter().filter_map(|number| set.rules.get(*number));
    table.late = late.filter(|rule| asked(rule)).cloned().collect();
    let idle = table.errors.is_empty() && table.warnings.is_empty() && table.late.is_empty();
    (!idle).then_some(table)
}
