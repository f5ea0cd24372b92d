//! The work of laying out.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Attribute, Check, Choice, Edge, Form, Judgement, ModelTable, NONE, RuleTable, State, Table, TypeTable};
use crate::automaton::{LeafId, StateId};
use crate::compiled::{
    AttributeUse, Compiled, Content, ElementId, Leaf, Model, ModelId, NameId, NamespaceId, TypeDefinition,
};
use crate::datatype::{Shortcut, SimpleType};
use crate::rules::Rules;
use crate::text::pattern::Pattern;
use crate::text::scan::text_end;

/// Tags that are compared one after the other, at most: where more may come, looking the name up is quicker, which the
/// careful way does.
const WIDEST: usize = 64;

/// Edges that are laid out for the content models of one schema: bounds the memory for those that share large groups,
/// about 40 MiB. What comes behind them goes the careful way.
const EDGES: usize = 1 << 18;

/// A table under way. Edges need the start states of the models of their elements, which may be recursive:
/// a start is numbered when it is first asked for and filled later.
pub(super) struct Layout<'s> {
    schema: &'s Compiled,
    table: Table,
    /// The start state of a model under the rules of an element (`NONE`: without rules).
    starts: HashMap<(ModelId, u32), u32>,
    pending: Vec<(ModelId, u32, u32)>,
    /// How many edges the models take that have a start.
    edges: usize,
    /// Where a type stands in `Table::simples`.
    simples: HashMap<*const SimpleType, u32>,
    /// The choices of each enumeration, where no rule asks for one of its values: many elements share a type.
    enumerations: HashMap<*const SimpleType, Option<Check>>,
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
    pub(super) fn lay_out(mut self, rules: &Rules, warnings: bool) -> Table {
        self.rules(rules, warnings);
        self.types();
        self.models();
        self.starts();
        self.document();
        self.fill();
        self.table.shrink();
        self.table
    }

    fn rules(&mut self, rules: &Rules, warnings: bool) {
        for index in 0..self.schema.elements.len() {
            let set = rules.of(ElementId(index as u32));
            self.table.rules.push(set.and_then(|set| RuleTable::new(set, warnings)));
        }
        let used = self.table.rules.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        self.table.rules.truncate(used);
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
        TypeTable {
            required: attributes.iter().filter(|attribute| attribute.required).count(),
            has_id: attributes.iter().any(|attribute| attribute.simple.is_id()),
            linked_defaults: (0..attributes.len()).filter(|index| attributes[*index].has_linked_default()).collect(),
            attributes: attributes.iter().map(|attribute| self.attribute(attribute)).collect(),
            by_name,
        }
    }

    fn attribute(&self, declaration: &Arc<AttributeUse>) -> Attribute {
        let name = &self.schema.names.names[declaration.name.index()];
        let plain = name.namespace == NamespaceId(0)
            && declaration.value.as_ref().is_none_or(|value| !value.fixed)
            && !declaration.simple.needs_context();
        let written = if plain { format!("{}=\"", name.local) } else { String::new() };
        let any_text = matches!(declaration.simple.shortcut(), Shortcut::Anything | Shortcut::Collapsed);
        Attribute { open: Pattern::new(written.as_bytes()), any_text, declaration: Arc::clone(declaration) }
    }

    fn models(&mut self) {
        for (index, model) in self.schema.models.iter().enumerate() {
            let table = ModelTable {
                start: self.start(ModelId(index as u32), NONE),
                // Those that stand for one element may alternate.
                interleaved: model.has_heads() || model.automaton.may_interleave(&|leaf| self.name_of(model, leaf)),
            };
            self.table.models.push(table);
        }
    }

    /// The name of a leaf as a number; wildcards share one.
    fn name_of(&self, model: &Model, leaf: LeafId) -> u32 {
        match model.leaf(leaf) {
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

    /// How many edges a model takes; `None` where it is not for the quick path: it counts, has wildcards, or is too wide.
    fn edge_count(&self, model: &Model) -> Option<usize> {
        if !model.automaton.is_plain() {
            return None;
        }
        let mut total = 0;
        for state in &model.automaton.states {
            let mut width = 0;
            for edge in &state.edges {
                match model.leaf(edge.leaf)? {
                    // Those that can stand for it; itself where it is in no group.
                    Leaf::Element(element) => width += self.schema.substitutions.potential(*element).len().max(1),
                    Leaf::Wildcard(_) => return None,
                }
            }
            if width > WIDEST {
                return None;
            }
            total += width;
        }
        Some(total)
    }

    /// The start state of an element's declared content and its rules, where the content is plain.
    fn elements(&mut self, element: ElementId) -> Option<(u32, u32)> {
        let TypeDefinition::Complex(complex) = self.schema.type_of(element) else { return None };
        let Content::Elements { model, mixed: false } = complex.content else { return None };
        let rules = match self.table.rules_at(element.0) {
            // White space between elements is text to a rule: only the careful way sees it.
            Some(rules) if rules.facts.any_text != 0 => return None,
            Some(rules) if !rules.late.is_empty() => return None, // the texts of children have to be kept
            Some(_) => element.0,
            None => NONE,
        };
        Some((self.start(model, rules)?, rules))
    }

    /// The start state of a model under the rules of `element`, to be filled later; none where it is not laid out.
    fn start(&mut self, model: ModelId, rules: u32) -> Option<u32> {
        if let Some(start) = self.starts.get(&(model, rules)) {
            return Some(*start);
        }
        let compiled = &self.schema.models[model.index()];
        self.edges = Some(self.edges + self.edge_count(compiled)?).filter(|edges| *edges <= EDGES)?;
        let start = self.table.states.len() as u32;
        let count = compiled.automaton.states.len();
        self.table.states.extend((0..count).map(|_| State { first: 0, last: 0, accepting: false }));
        self.starts.insert((model, rules), start);
        self.pending.push((model, rules, start));
        Some(start)
    }

    /// Two states around the root element: any global element may be one.
    fn document(&mut self) {
        self.table.document = self.table.states.len() as u32;
        self.table.finished = self.table.document + 1;
        let first = self.table.edges.len() as u32;
        let mut roots: Vec<ElementId> = self.schema.roots.values().copied().collect();
        self.table.has_root_edges = (1..=WIDEST).contains(&roots.len());
        if !self.table.has_root_edges {
            roots.clear();
        }
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
        let ruled = self.table.rules_at(element.0).is_some();
        match self.schema.type_of(element) {
            TypeDefinition::Simple(definition) if !ruled => self.text(&definition.simple, &literals),
            TypeDefinition::Simple(_) => Form::Careful,
            TypeDefinition::Complex(complex) => {
                let has_linked_default = complex.attributes.iter().any(|attribute| attribute.has_linked_default());
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
        match self.table.rules_at(element.0) {
            None => Form::Anything { empty: Judgement::Clean, text: Judgement::Clean },
            Some(rules) => Form::Anything { empty: rules.judge_leaf(0), text: rules.judge_leaf(rules.facts.any_text) },
        }
    }

    fn text(&mut self, simple: &Arc<SimpleType>, literals: &[(Box<str>, u64)]) -> Form {
        if simple.needs_context() {
            return Form::Careful;
        }
        let check = match simple.shortcut() {
            Shortcut::OneOf(values) if !literals.is_empty() => self.choices(&values, literals),
            Shortcut::OneOf(values) => match self.enumerations.get(&Arc::as_ptr(simple)) {
                Some(known) => *known,
                None => {
                    let choices = self.choices(&values, literals);
                    self.enumerations.insert(Arc::as_ptr(simple), choices);
                    choices
                }
            },
            // The texts that rules ask for; any other is a value too, and goes the careful way.
            Shortcut::Anything if !literals.is_empty() => {
                let values: Vec<_> = literals.iter().map(|(literal, _)| literal.clone()).collect();
                self.choices(&values, literals)
            }
            _ if !literals.is_empty() => None,
            Shortcut::Anything => Some(Check::Anything),
            Shortcut::Collapsed => Some(Check::Collapsed),
            Shortcut::Integer => Some(Check::Integer),
            Shortcut::Digits(most) => Some(Check::Digits(most)),
            Shortcut::General => None,
        };
        match check {
            Some(check) => Form::Text(check),
            None if literals.is_empty() => Form::Text(Check::General(self.simple(simple))),
            None => Form::Careful,
        }
    }

    fn simple(&mut self, simple: &Arc<SimpleType>) -> u32 {
        *self.simples.entry(Arc::as_ptr(simple)).or_insert_with(|| {
            self.table.simples.push(Arc::clone(simple));
            self.table.simples.len() as u32 - 1
        })
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
