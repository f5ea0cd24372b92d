//! The work of laying out.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::{
    Attribute, Check, Choice, Edge, Form, Judgement, ModelTable, NONE, Rare, RuleTable, State, Table, TypeTable,
};
use crate::automaton::{LeafId, StateId};
use crate::compiled::{AttributeUse, Compiled, Content, ElementId, Leaf, Model, ModelId, NameId, TypeDefinition};
use crate::datatype::{Shortcut, SimpleType};
use crate::rules::Rules;
use crate::text::pattern::Pattern;
use crate::text::scan::text_end;

/// Tags that are compared one after the other, at most: where more may come, looking the name up is quicker, which the
/// walk does.
const WIDEST: usize = 64;

/// Edges that are laid out for the content models of one schema: bounds the memory for those that share large groups,
/// about 50 MiB. The states after that have none.
const EDGES: usize = 1 << 18;

/// A table under way. Edges need the start states of the models of their elements, which may be recursive:
/// a start is numbered when it is first asked for and filled later.
pub(super) struct Layout<'s> {
    schema: &'s Compiled,
    table: Table,
    /// The start state of a model under the rules of an element (`NONE`: without rules).
    starts: HashMap<(ModelId, u32), u32>,
    pending: Vec<(ModelId, u32, u32)>,
    /// How many edges are laid out or promised.
    edges: usize,
    /// Where a type is in `Table::simples`.
    simples: HashMap<*const SimpleType, u32>,
    /// The choices of each enumeration, where no rule asks for one of its values: many elements share a type.
    enumerations: HashMap<*const SimpleType, Option<Check>>,
}

/// The name of a leaf as a number; wildcards share one.
pub(super) fn name_of(schema: &Compiled, model: &Model, leaf: LeafId) -> u32 {
    match model.leaf(leaf) {
        Some(Leaf::Element(element)) => schema.elements[element.index()].name.0,
        Some(Leaf::Wildcard(_)) | None => NONE,
    }
}

impl<'s> Layout<'s> {
    pub(super) fn new(schema: &'s Compiled) -> Layout<'s> {
        Layout {
            schema,
            table: Table::default(),
            starts: HashMap::new(),
            pending: Vec::new(),
            edges: 0,
            simples: HashMap::new(),
            enumerations: HashMap::new(),
        }
    }

    /// The table, with these rules.
    pub(super) fn lay_out(mut self, rules: Rules) -> Table {
        self.table.rules = rules.into_table();
        self.types();
        self.models();
        self.starts();
        self.document();
        self.fill();
        self.table.shrink();
        self.table
    }

    fn types(&mut self) {
        for definition in &self.schema.types {
            let table = match definition {
                TypeDefinition::Simple(_) => None,
                TypeDefinition::Complex(complex) => Some(self.type_table(&complex.attributes)),
            };
            self.table.types.push(table);
        }
    }

    fn type_table(&self, attributes: &[Arc<AttributeUse>]) -> TypeTable {
        let mut by_name: Vec<(NameId, u32)> = attributes.iter().map(|attribute| attribute.name).zip(0..).collect();
        by_name.sort_unstable();
        let mut required = vec![0_u64; attributes.len().div_ceil(64)];
        for (number, _) in attributes.iter().enumerate().filter(|(_, attribute)| attribute.required) {
            if let Some(word) = required.get_mut(number / 64) {
                *word |= 1 << (number % 64);
            }
        }
        let linked_defaults: Vec<usize> =
            (0..attributes.len()).filter(|index| attributes[*index].has_linked_default()).collect();
        let is_predicted = attributes.len() <= 64 && linked_defaults.is_empty();
        TypeTable {
            predicted: is_predicted.then(|| required.first().copied().unwrap_or(0)),
            required: required.into(),
            has_id: attributes.iter().any(|attribute| attribute.simple.is_id()),
            linked_defaults,
            attributes: attributes.iter().map(|attribute| self.attribute(attribute)).collect(),
            by_name,
        }
    }

    fn attribute(&self, declaration: &Arc<AttributeUse>) -> Attribute {
        let name = &self.schema.names.names[declaration.name.index()];
        let special = declaration.value.as_ref().is_some_and(|value| value.fixed) || declaration.simple.needs_context();
        let any_text = matches!(declaration.simple.shortcut(), Shortcut::Anything | Shortcut::Collapsed);
        Attribute {
            open: Pattern::new(format!("{}=\"", name.local).as_bytes()),
            namespace: name.namespace,
            any_text,
            special,
            declaration: Arc::clone(declaration),
        }
    }

    fn models(&mut self) {
        for index in 0..self.schema.models.len() {
            let start = self.start(ModelId(index as u32), NONE);
            self.table.models.push(ModelTable { start, interleaved: OnceLock::new() });
        }
    }

    fn starts(&mut self) {
        for index in 0..self.schema.elements.len() {
            let element = ElementId(index as u32);
            let start = match self.schema.type_of(element) {
                TypeDefinition::Complex(complex) => match complex.content {
                    Content::Elements { model, .. } if self.table.rules_at(element.0).is_some() => {
                        self.start(model, element.0)
                    }
                    _ => NONE,
                },
                TypeDefinition::Simple(_) => NONE,
            };
            self.table.starts.push(start);
        }
        let used = self.table.starts.iter().rposition(|start| *start != NONE).map_or(0, |last| last + 1);
        self.table.starts.truncate(used);
    }

    /// The start state of a model under the rules of `element`, to be filled later.
    fn start(&mut self, model: ModelId, rules: u32) -> u32 {
        if let Some(start) = self.starts.get(&(model, rules)) {
            return *start;
        }
        let start = self.table.states.len() as u32;
        let count = self.schema.models[model.index()].automaton.states.len();
        let state = State { first: 0, last: 0, base: start, model, accepting: false, complete: false };
        self.table.states.extend((0..count).map(|_| state));
        self.starts.insert((model, rules), start);
        self.pending.push((model, rules, start));
        start
    }

    /// Two states around the root element: any global element may be one.
    fn document(&mut self) {
        self.table.document = self.table.states.len() as u32;
        self.table.finished = self.table.document + 1;
        let first = self.table.edges.len() as u32;
        let names = &self.schema.root_names;
        let names = if names.len() > WIDEST { &[] } else { &names[..] };
        for root in names.iter().filter_map(|name| self.schema.roots.get(name)) {
            let edge = self.edge(*root, NONE, self.table.finished, NONE, false);
            self.place(edge);
        }
        let last = self.table.edges.len() as u32;
        let (base, model) = (self.table.document, ModelId(NONE));
        let state = State { first, last, base, model, accepting: false, complete: false };
        self.table.states.push(state);
        self.table.states.push(State { first: last, accepting: true, ..state });
    }

    fn fill(&mut self) {
        while let Some((model, rules, start)) = self.pending.pop() {
            let model = &self.schema.models[model.index()];
            for (index, state) in model.automaton.states.iter().enumerate() {
                let first = self.table.edges.len() as u32;
                let complete = self.fill_state(model, StateId(index as u32), rules, start);
                let last = self.table.edges.len() as u32;
                if let Some(slot) = self.table.states.get_mut(start as usize + index) {
                    (slot.first, slot.last, slot.complete) = (first, last, complete);
                    slot.accepting = state.accepting && model.automaton.is_plain();
                }
            }
        }
    }

    /// Lays out the edges of a state; whether they are all that may come in it.
    fn fill_state(&mut self, model: &'s Model, state: StateId, rules: u32, start: u32) -> bool {
        let Some(next) = model.automaton.states.get(state.0 as usize).map(|state| &state.edges) else { return false };
        let width: usize = next.iter().map(|edge| self.width(model, edge.leaf)).sum();
        if width > WIDEST || self.edges + width > EDGES {
            return false;
        }
        self.edges += width;
        let counted = !model.automaton.is_plain();
        let mut complete = true;
        let mut edges = Vec::with_capacity(width);
        let mut last = None;
        for edge in next {
            // Of several edges for one leaf counters choose.
            if last.replace(edge.leaf) == Some(edge.leaf) {
                continue;
            }
            match model.leaf(edge.leaf) {
                Some(Leaf::Element(asked)) => {
                    let before = edges.len();
                    for element in self.schema.usable(*asked) {
                        edges.push(self.edge(element, edge.leaf.0, start + edge.target.0, rules, counted));
                    }
                    // Those that are not usable may come all the same, which is an error of another kind.
                    complete &= edges.len() - before == self.width(model, edge.leaf);
                }
                Some(Leaf::Wildcard(_)) | None => complete = false,
            }
        }
        for edge in edges {
            self.place(edge);
        }
        complete
    }

    /// Gives an edge its place after all others.
    fn place(&mut self, edge: Edge) {
        let index = self.table.edges.len() as u32;
        self.table.edges.push(Edge { index, ..edge });
    }

    /// How many edges a leaf takes.
    fn width(&self, model: &Model, leaf: LeafId) -> usize {
        match model.leaf(leaf) {
            // Those that can stand for it; itself where it is in no group.
            Some(Leaf::Element(element)) => self.schema.substitutions.potential(*element).len().max(1),
            Some(Leaf::Wildcard(_)) | None => 0,
        }
    }

    fn edge(&mut self, element: ElementId, leaf: u32, target: u32, parent: u32, counted: bool) -> Edge {
        let declaration = &self.schema.elements[element.index()];
        let name = &self.schema.names.names[declaration.name.index()];
        let sets = self.table.rules_at(parent).map(|rules| rules.sets(declaration.name)).unwrap_or_default();
        let rules = self.table.rules_at(parent);
        let facts = rules.and_then(|rules| rules.child(declaration.name));
        let literals = facts.map(|facts| facts.literals.clone()).unwrap_or_default();
        let own_rules = self.table.rules_at(element.0);
        let reads_text = rules.is_some_and(|rules| rules.keeps_text(declaration.name, true));
        let rare = Rare::COUNTED
            .when(counted)
            .with(Rare::ORDERED.when(facts.is_some_and(|facts| !facts.after.is_empty())))
            .with(Rare::LATE_FOR_ERRORS.when(rules.is_some_and(|rules| rules.needs(false).late)))
            .with(Rare::LATE.when(rules.is_some_and(|rules| rules.needs(true).late)))
            .with(Rare::TOUCHED.when(self.schema.identity_index.touches(element)))
            .with(Rare::READER_FOR_ERRORS.when(own_rules.is_some_and(|rules| rules.needs(false).late)))
            .with(Rare::READER.when(own_rules.is_some_and(|rules| rules.needs(true).late)));
        let (form, texts) = self.form(element, &literals, reads_text);
        Edge {
            open: Pattern::beginning(name.local.as_bytes()),
            index: NONE, // until it has its place
            length: name.local.len() as u32,
            close: Pattern::new(format!("</{}>", name.local).as_bytes()),
            tail: Pattern::new(format!("{}>", name.local).as_bytes()),
            namespace: name.namespace,
            target,
            form,
            sets,
            name: declaration.name,
            element,
            type_id: declaration.type_id,
            leaf,
            bare: self.is_bare(element),
            rare: rare.with(Rare::COMPARED.when(texts.0 < texts.1)),
            texts,
        }
    }

    /// Whether an element may be written without attributes, as far as its declared type goes.
    fn is_bare(&self, element: ElementId) -> bool {
        match self.schema.type_of(element) {
            TypeDefinition::Simple(_) => true,
            TypeDefinition::Complex(complex) => {
                complex.attributes.iter().all(|attribute| !attribute.required && !attribute.has_linked_default())
            }
        }
    }

    /// What an element may hold, and which texts its text remains to be compared with, for rules of its parent.
    fn form(&mut self, element: ElementId, literals: &[(Box<str>, u64)], reads_text: bool) -> (Form, (u32, u32)) {
        const NO_TEXTS: (u32, u32) = (0, 0);
        let declaration = &self.schema.elements[element.index()];
        if declaration.is_abstract || declaration.value.is_some() || !declaration.constraints.is_empty() {
            return (Form::Undecided, NO_TEXTS);
        }
        let ruled = self.table.rules_at(element.0);
        let simple = match self.schema.type_of(element) {
            TypeDefinition::Simple(definition) => Some(&definition.simple),
            TypeDefinition::Complex(complex) if complex.is_abstract => return (Form::Undecided, NO_TEXTS),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => Some(simple),
                _ => None,
            },
        };
        match simple {
            Some(_) if ruled.is_some() => (Form::Undecided, NO_TEXTS),
            Some(simple) => self.text(simple, literals),
            // The string-value of an element with children is more than one text.
            None if !literals.is_empty() || reads_text => (Form::Undecided, NO_TEXTS),
            None if declaration.type_id == self.schema.any_type => (self.anything(element), NO_TEXTS),
            None => (self.children(element), NO_TEXTS),
        }
    }

    /// The form of an element with complex content.
    fn children(&mut self, element: ElementId) -> Form {
        let needs = self.table.rules_at(element.0).map(|rules| rules.needs(true)).unwrap_or_default();
        let TypeDefinition::Complex(complex) = self.schema.type_of(element) else { return Form::Undecided };
        match complex.content {
            Content::Empty if self.table.rules_at(element.0).is_none() => Form::Empty,
            Content::Elements { model, mixed }
                if !needs.watched && self.schema.models[model.index()].automaton.is_plain() =>
            {
                let rules = if self.table.rules_at(element.0).is_some() { element.0 } else { NONE };
                Form::Elements { start: self.start(model, rules), rules, mixed }
            }
            _ => Form::Undecided,
        }
    }

    fn anything(&self, element: ElementId) -> Form {
        match self.table.rules_at(element.0) {
            None => Form::Anything { empty: Judgement::Clean, text: Judgement::Clean },
            Some(rules) => Form::Anything { empty: rules.judge_leaf(0), text: rules.judge_leaf(rules.facts.any_text) },
        }
    }

    /// The form of an element with text of a type. Texts that rules compare with are part of an enumeration's choices;
    /// with those of other types they remain to be compared.
    fn text(&mut self, simple: &Arc<SimpleType>, literals: &[(Box<str>, u64)]) -> (Form, (u32, u32)) {
        if simple.needs_context() {
            return (Form::Undecided, (0, 0));
        }
        let (check, are_met) = match simple.shortcut() {
            Shortcut::OneOf(values) if !literals.is_empty() => (self.choices(&values, literals), true),
            Shortcut::OneOf(values) => match self.enumerations.get(&Arc::as_ptr(simple)) {
                Some(known) => (*known, true),
                None => {
                    let choices = self.choices(&values, &[]);
                    self.enumerations.insert(Arc::as_ptr(simple), choices);
                    (choices, true)
                }
            },
            Shortcut::Anything => (Some(Check::Anything), false),
            Shortcut::Collapsed => (Some(Check::Collapsed), false),
            Shortcut::Integer => (Some(Check::Integer), false),
            Shortcut::Digits(most) => (Some(Check::Digits(most)), false),
            Shortcut::General => (None, false),
        };
        let are_met = are_met && check.is_some();
        let check = check.unwrap_or_else(|| Check::General(self.simple(simple)));
        let texts = if are_met || literals.is_empty() { (0, 0) } else { self.texts(literals) };
        (Form::Text(check), texts)
    }

    fn texts(&mut self, literals: &[(Box<str>, u64)]) -> (u32, u32) {
        let first = self.table.texts.len() as u32;
        self.table.texts.extend_from_slice(literals);
        (first, self.table.texts.len() as u32)
    }

    fn simple(&mut self, simple: &Arc<SimpleType>) -> u32 {
        *self.simples.entry(Arc::as_ptr(simple)).or_insert_with(|| {
            self.table.simples.push(Arc::clone(simple));
            self.table.simples.len() as u32 - 1
        })
    }

    /// An enumeration as choices; `None` where there are many, or one is written otherwise in a document.
    fn choices(&mut self, values: &[Box<str>], literals: &[(Box<str>, u64)]) -> Option<Check> {
        if values.len() > WIDEST {
            return None;
        }
        let mut choices = Vec::with_capacity(values.len());
        for value in values {
            if text_end(value.as_bytes(), 0) < value.len() {
                return None;
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

impl Rules {
    /// The rules by declaration, as tables.
    fn into_table(self) -> Vec<Option<RuleTable>> {
        let mut rules: Vec<Option<RuleTable>> =
            self.by_element.into_iter().map(|set| set.map(|set| RuleTable::new(*set))).collect();
        let used = rules.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        rules.truncate(used);
        rules
    }
}
