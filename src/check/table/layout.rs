//! Lays out a table.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{Check, Choice, Edge, Form, ModelTable, NONE, Rare, RuleOutcome, RuleTable, State, Table, TypeTable};
use crate::automaton::{self, LeafId};
use crate::compiled::{Compiled, Content, ElementId, Leaf, Model, ModelId, TypeDefinition};
use crate::datatype::{Shortcut, SimpleType};
use crate::rules::{ChildFacts, Rules};
use crate::text::pattern::Pattern;
use crate::text::scan::text_end;

/// The most tags that are compared one after another. If more are possible, it is faster to look the name up, which the
/// walk does.
const WIDEST: usize = 64;

/// The most edges laid out for the content models of one schema. It bounds the memory for models that share large
/// groups to about 50 MiB. Further states have no edges.
const EDGES: usize = 1 << 18;

/// A table under construction. Edges need the start states of their elements' models, which may be recursive, so all
/// states are numbered before any has edges.
pub(super) struct Layout<'s> {
    schema: &'s Compiled,
    table: Table,
    /// The models whose edges are still to be laid out, the element whose rules apply (`NONE`: without rules), and
    /// their start states.
    pending: Vec<(ModelId, u32, u32)>,
    /// For each leaf of the current model, where its edges were laid out last.
    runs: Vec<u32>,
    /// The number of edges laid out, including unusable ones.
    edges: usize,
    /// The index of a type in `Table::simples`.
    simples: HashMap<*const SimpleType, u32>,
    /// The choices of each enumeration that no rule uses a value of: many elements can share a type.
    enumerations: HashMap<*const SimpleType, Option<Check>>,
}

/// The edges of a state.
struct Filled {
    run: Range<usize>,
    /// Whether they are all that can come.
    is_complete: bool,
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
            pending: Vec::new(),
            runs: Vec::new(),
            edges: 0,
            simples: HashMap::new(),
            enumerations: HashMap::new(),
        }
    }

    /// The finished table, with these rules.
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
        let laid_out = |definition: &TypeDefinition| match definition {
            TypeDefinition::Simple(_) => None,
            TypeDefinition::Complex(complex) => Some(TypeTable::new(self.schema, &complex.attributes)),
        };
        self.table.types = self.schema.types.iter().map(laid_out).collect();
    }

    fn models(&mut self) {
        for index in 0..self.schema.models.len() {
            let start = self.number(ModelId(index as u32), NONE);
            self.table.models.push(ModelTable { start, interleaved: OnceLock::new() });
        }
    }

    fn starts(&mut self) {
        for index in 0..self.schema.elements.len() {
            let element = ElementId(index as u32);
            let start = match self.schema.type_of(element) {
                TypeDefinition::Complex(complex) => match complex.content {
                    Content::Elements { model, .. } if self.table.rules_at(element.0).is_some() => {
                        self.number(model, element.0)
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

    /// Numbers the states of a model under the rules of `rules`, to be filled later, and returns its start state.
    fn number(&mut self, model: ModelId, rules: u32) -> u32 {
        let start = self.table.states.len() as u32;
        let count = self.schema.models[model.index()].automaton.states.len();
        let state = State { first: 0, last: 0, base: start, model, accepting: false, complete: false };
        self.table.states.extend((0..count).map(|_| state));
        self.pending.push((model, rules, start));
        start
    }

    /// Adds the two states around the root element, which can be any global element.
    fn document(&mut self) {
        self.table.document = self.table.states.len() as u32;
        self.table.finished = self.table.document + 1;
        let first = self.table.edges.len() as u32;
        let names = &self.schema.root_names;
        let names = if names.len() > WIDEST { &[] } else { &names[..] };
        for root in names.iter().filter_map(|name| self.schema.roots.get(name)) {
            self.add_edge(*root, NONE, self.table.finished, NONE, false);
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
            self.runs.clear();
            self.runs.resize(model.leaves.len(), NONE);
            for (index, state) in model.automaton.states.iter().enumerate() {
                let Filled { run, is_complete } = self.fill_state(model, &state.edges, rules, start);
                if let Some(slot) = self.table.states.get_mut(start as usize + index) {
                    (slot.first, slot.last, slot.complete) = (run.start as u32, run.end as u32, is_complete);
                    slot.accepting = state.accepting && model.automaton.is_plain();
                }
            }
        }
    }

    /// Lays out the edges of a state after all others, unless the same run of edges already exists.
    fn fill_state(&mut self, model: &'s Model, edges: &[automaton::Edge], rules: u32, start: u32) -> Filled {
        // If there are several edges for one leaf, counters choose between them.
        let next = || edges.chunk_by(|one, other| one.leaf == other.leaf).filter_map(<[_]>::first);
        let width: usize = next().map(|edge| self.width(model, edge.leaf)).sum();
        let end = self.table.edges.len();
        if width > WIDEST {
            return Filled { run: end..end, is_complete: false };
        }
        let is_element = |edge: &&automaton::Edge| matches!(model.leaf(edge.leaf), Some(Leaf::Element(_)));
        let run = match self.shared_run(next().filter(is_element), start) {
            Some(run) => run,
            None if self.edges + width > EDGES => return Filled { run: end..end, is_complete: false },
            None => {
                self.edges += width;
                for edge in next() {
                    let Some(Leaf::Element(asked)) = model.leaf(edge.leaf) else { continue };
                    if let Some(run) = self.runs.get_mut(edge.leaf.0 as usize) {
                        *run = self.table.edges.len() as u32;
                    }
                    for element in self.schema.usable(*asked) {
                        self.add_edge(element, edge.leaf.0, start + edge.target.0, rules, !model.automaton.is_plain());
                    }
                }
                end..self.table.edges.len()
            }
        };
        // Unusable elements can still occur, which is a different error.
        let is_complete = run.len() == width && next().all(|edge| is_element(&edge));
        Filled { run, is_complete }
    }

    /// Finds the edges of another state of the model that are the same as those of this one. In a sequence of optional
    /// elements, the edges of each state are the last ones of the state before, and where a choice repeats, all states
    /// have the same edges: a run for each state would take memory quadratic in their number.
    fn shared_run<'e>(&self, next: impl Iterator<Item = &'e automaton::Edge>, start: u32) -> Option<Range<usize>> {
        let mut next = next.peekable();
        let first = *self.runs.get(next.peek()?.leaf.0 as usize)? as usize;
        let mut end = first;
        for edge in next {
            let rest = self.table.edges.get(end..)?;
            let is_of_it = |laid: &&Edge| laid.leaf == edge.leaf.0 && laid.target == start + edge.target.0;
            let count = rest.iter().take_while(is_of_it).count();
            if count == 0 {
                return None;
            }
            end += count;
        }
        Some(first..end)
    }

    /// The number of edges that a leaf takes.
    fn width(&self, model: &Model, leaf: LeafId) -> usize {
        match model.leaf(leaf) {
            // One for each element that can replace it; itself if it is in no group.
            Some(Leaf::Element(element)) => self.schema.substitutions.potential(*element).len().max(1),
            Some(Leaf::Wildcard(_)) | None => 0,
        }
    }

    /// Adds an edge after all others.
    fn add_edge(&mut self, element: ElementId, leaf: u32, target: u32, parent: u32, counted: bool) {
        let declaration = &self.schema.elements[element.index()];
        let name = &self.schema.names.names[declaration.name.index()];
        let sets = self.table.rules_at(parent).map(|rules| rules.sets(declaration.name)).unwrap_or_default();
        let rules = self.table.rules_at(parent);
        let known = rules.and_then(|rules| rules.number_of(declaration.name));
        let facts = rules.zip(known).and_then(|(rules, known)| rules.facts.children.get(known as usize));
        let own_rules = self.table.rules_at(element.0);
        let reads_text = rules.is_some_and(|rules| rules.reads_text(declaration.name, true));
        let needs_text = |warnings| rules.zip(facts).is_some_and(|(rules, facts)| rules.needs_text(facts, warnings));
        let (needed_for_errors, needed) = (needs_text(false), needs_text(true));
        let facts = facts.cloned().unwrap_or_default();
        let rare = Rare::COUNTED
            .when(counted)
            .with(Rare::ORDERED.when(!facts.after.is_empty()))
            .with(Rare::LATE_FOR_ERRORS.when(rules.is_some_and(|rules| rules.needs(false).late)))
            .with(Rare::LATE.when(rules.is_some_and(|rules| rules.needs(true).late)))
            .with(Rare::TOUCHED.when(self.schema.identity_index.touches(element)))
            .with(Rare::READER_FOR_ERRORS.when(own_rules.is_some_and(|rules| rules.needs(false).late)))
            .with(Rare::READER.when(own_rules.is_some_and(|rules| rules.needs(true).late)));
        let (form, is_read) = self.form(element, &facts, reads_text);
        let local = name.local.as_bytes();
        self.table.edges.push(Edge {
            open: Pattern::beginning(local),
            index: self.table.edges.len() as u32,
            length: name.local.len() as u32,
            close: Pattern::joined(&[b"</", local, b">"]),
            tail: Pattern::joined(&[local, b">"]),
            namespace: name.namespace,
            target,
            form,
            sets,
            name: declaration.name,
            element,
            type_id: declaration.type_id,
            leaf,
            bare: self.is_bare(element),
            known: known.unwrap_or(NONE),
            rare: rare
                .with(Rare::READ_FOR_ERRORS.when(is_read && needed_for_errors))
                .with(Rare::READ.when(is_read && needed)),
        });
    }

    /// Whether an element can be written without attributes, according to its declared type.
    fn is_bare(&self, element: ElementId) -> bool {
        match self.schema.type_of(element) {
            TypeDefinition::Simple(_) => true,
            TypeDefinition::Complex(complex) => {
                complex.attributes.iter().all(|attribute| !attribute.required && !attribute.has_linked_default())
            }
        }
    }

    /// What an element may contain, and whether its text still has to be read for facts about its parent.
    fn form(&mut self, element: ElementId, facts: &ChildFacts, reads_text: bool) -> (Form, bool) {
        let declaration = &self.schema.elements[element.index()];
        if declaration.is_abstract || declaration.value.is_some() || !declaration.constraints.is_empty() {
            return (Form::Undecided, false);
        }
        let ruled = self.table.rules_at(element.0);
        let simple = match self.schema.type_of(element) {
            TypeDefinition::Simple(definition) => Some(&definition.simple),
            TypeDefinition::Complex(complex) if complex.is_abstract => return (Form::Undecided, false),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => Some(simple),
                _ => None,
            },
        };
        match simple {
            Some(_) if ruled.is_some() => (Form::Undecided, false),
            Some(simple) => self.text(simple, facts),
            // The string-value of an element with children consists of several texts.
            None if facts.is_read() || reads_text => (Form::Undecided, false),
            None if declaration.type_id == self.schema.any_type => (self.anything(element), false),
            None => (self.children(element), false),
        }
    }

    /// The form of an element with complex content.
    fn children(&self, element: ElementId) -> Form {
        let needs = self.table.rules_at(element.0).map(|rules| rules.needs(true)).unwrap_or_default();
        let TypeDefinition::Complex(complex) = self.schema.type_of(element) else { return Form::Undecided };
        match complex.content {
            Content::Empty if self.table.rules_at(element.0).is_none() => Form::Empty,
            Content::Elements { model, mixed }
                if !needs.watched && self.schema.models[model.index()].automaton.is_plain() =>
            {
                let rules = if self.table.rules_at(element.0).is_some() { element.0 } else { NONE };
                Form::Elements { start: self.table.start_of(Some(element), true, model), rules, mixed }
            }
            _ => Form::Undecided,
        }
    }

    fn anything(&self, element: ElementId) -> Form {
        match self.table.rules_at(element.0) {
            None => Form::Anything { empty: RuleOutcome::Clean, text: RuleOutcome::Clean },
            Some(rules) => {
                Form::Anything { empty: rules.outcome_of_leaf(0), text: rules.outcome_of_leaf(rules.facts.any_text) }
            }
        }
    }

    /// The form of an element with text of a simple type. Each choice of an enumeration knows the literals of rules
    /// that it equals; other texts remain to be read.
    fn text(&mut self, simple: &Arc<SimpleType>, facts: &ChildFacts) -> (Form, bool) {
        if simple.needs_context() {
            return (Form::Undecided, false);
        }
        let literals = &facts.literals[..];
        let (check, knows_literals) = match simple.shortcut() {
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
        let knows_literals = knows_literals && check.is_some();
        let check = check.unwrap_or_else(|| Check::General(self.simple(simple)));
        (Form::Text(check), facts.asks() || !knows_literals && facts.is_read())
    }

    fn simple(&mut self, simple: &Arc<SimpleType>) -> u32 {
        *self.simples.entry(Arc::as_ptr(simple)).or_insert_with(|| {
            self.table.simples.push(Arc::clone(simple));
            self.table.simples.len() as u32 - 1
        })
    }

    /// An enumeration as choices; `None` if there are too many, or if one is not written literally in a document.
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
            choices.push(Choice { text: Pattern::joined(&[value.as_bytes(), b"<"]), sets });
        }
        let first = self.table.choices.len() as u32;
        self.table.choices.append(&mut choices);
        Some(Check::OneOf { first, last: self.table.choices.len() as u32 })
    }
}

impl Rules {
    /// The rules of each declaration, as tables.
    fn into_table(self) -> Vec<Option<RuleTable>> {
        let mut rules: Vec<Option<RuleTable>> =
            self.by_element.into_iter().map(|set| set.map(|set| RuleTable::new(*set))).collect();
        let used = rules.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        rules.truncate(used);
        rules
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::rules;
    use crate::xsd::{self, Source};

    /// The leaf and the target of each element edge of a state, according to the automaton.
    fn expected(model: &Model, state: usize, start: u32) -> Vec<(u32, u32)> {
        let edges = model.automaton.states[state].edges.iter();
        let elements = edges.filter(|edge| matches!(model.leaf(edge.leaf), Some(Leaf::Element(_))));
        elements.map(|edge| (edge.leaf.0, start + edge.target.0)).collect()
    }

    #[test]
    fn states_share_edges_and_have_those_of_the_automaton() {
        let (mut sequence, mut choice, mut unrolled) = (String::new(), String::new(), String::new());
        for number in 0..40 {
            let _ = write!(sequence, "<xs:element name='s{number}' minOccurs='0'/>");
            let _ = write!(choice, "<xs:element name='c{number}'/>");
            let _ = write!(unrolled, "<xs:element name='u{number}' minOccurs='{}' maxOccurs='2'/>", number % 2);
        }
        let text = format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>
            <xs:element name='a'><xs:complexType><xs:sequence>{sequence}</xs:sequence></xs:complexType></xs:element>
            <xs:element name='b'><xs:complexType><xs:choice maxOccurs='unbounded'>{choice}
              <xs:any namespace='##other'/></xs:choice></xs:complexType></xs:element>
            <xs:element name='c'><xs:complexType><xs:sequence>{unrolled}</xs:sequence></xs:complexType></xs:element>
            </xs:schema>"
        );
        let schema = xsd::compile(Source::Memory(&[("a.xsd", &text)])).expect("a valid schema");
        let table = Table::new(&schema, rules::compile(&schema).expect("no rules"));
        for (index, model) in schema.models.iter().enumerate().filter(|(_, model)| model.automaton.is_plain()) {
            let start = table.models[index].start;
            for state in 0..model.automaton.states.len() {
                let laid = &table.states[start as usize + state];
                let edges = &table.edges[laid.first as usize..laid.last as usize];
                let edges: Vec<(u32, u32)> = edges.iter().map(|edge| (edge.leaf, edge.target)).collect();
                assert_eq!(edges, expected(model, state, start), "model {index}, state {state}");
            }
        }
        assert!(table.edges.len() < 500, "{} edges for 123 elements", table.edges.len());
    }
}
