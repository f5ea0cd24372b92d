//! Proves that output is valid while it is written, so that it does not have to be read again.
//!
//! The types rule out most of what a schema rejects: a required child cannot be absent, and a number cannot be anything
//! else. The rest is checked while values are written: whether a list may be empty, whether text satisfies the facets
//! of its type, and whether a rule makes the document invalid. Some things cannot be decided in this way (IDs and keys,
//! mixed content, wildcards, `xsi:type`). The code that writes them calls `doubt`, and the document is then checked as
//! a whole.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;

use super::emit::Emitter;
use super::names::ident;
use super::plan::{Children, Content, Element, ItemContent, Kind, Occurs, Plan, Scalar, Struct, Value, VariantKind};
use crate::automaton::{Automaton, Edge};
use crate::check::{RuleTable, Table};
use crate::compiled::{Compiled, ComplexType, Content as Contents, Leaf, Model, NameId, TypeDefinition};
use crate::datatype::{Shortcut, SimpleType};
use crate::rules::ChildFacts;
use crate::typed::{MOST_ATTRIBUTES, MOST_NAME};

/// What is known about the values of a schema.
pub(super) struct Proof<'p> {
    schema: &'p Compiled,
    table: &'p Table,
    plan: &'p Plan,
}

/// A set of states of a content model.
type States = BTreeSet<u32>;

impl<'p> Proof<'p> {
    /// `None` if the schema has identity constraints, which concern the whole document.
    pub(super) fn new(schema: &'p Compiled, table: &'p Table, plan: &'p Plan) -> Option<Proof<'p>> {
        schema.constraints.is_empty().then_some(Proof { schema, table, plan })
    }

    /// The checks of a written element with the value `value`.
    pub(super) fn element(&self, emitter: &Emitter<'_>, element: &Element) -> TokenStream {
        self.of_element(emitter, element).unwrap_or_else(doubt)
    }

    fn of_element(&self, emitter: &Emitter<'_>, element: &Element) -> Option<TokenStream> {
        let declaration = &self.schema.elements[element.id.index()];
        // The element has a fixed value, or a default for when it is empty.
        if declaration.value.is_some() || declaration.is_abstract || element.name.qualified.len() > MOST_NAME {
            return None;
        }
        let rules = self.table.rules_of(element.id).filter(|rules| rules.has_errors());
        match &element.value {
            Value::Item(_) => match rules {
                Some(rules) => self.rules(emitter, &element.value, rules),
                None => Some(TokenStream::new()),
            },
            _ if rules.is_some() => None,
            Value::Unit => Some(TokenStream::new()),
            Value::Any => (declaration.type_id == self.schema.any_type).then(TokenStream::new),
            Value::Scalar(scalar) => {
                let number = Literal::u32_unsuffixed(declaration.type_id.0);
                let simple = self.schema.simple_content(declaration.type_id)?;
                self.simple(scalar, simple, &quote! { writer.ask(#number, value); })
            }
        }
    }

    /// The checks of `value`, which has a simple type: none, or everything that the type requires (`ask`). `None` if
    /// they depend on the rest of the document.
    fn simple(&self, scalar: &Scalar, simple: &SimpleType, ask: &TokenStream) -> Option<TokenStream> {
        if simple.needs_context() {
            return None;
        }
        let is_known = match (scalar, simple.shortcut()) {
            (Scalar::Text | Scalar::Secret, Shortcut::Anything | Shortcut::Collapsed)
            | (Scalar::Boolean, Shortcut::OneOf(_))
            | (Scalar::Integer, Shortcut::Integer) => true,
            (Scalar::Enumeration(id), Shortcut::OneOf(valid)) => {
                let ItemContent::Enumeration(values) = &self.plan.item(*id)?.content else { return None };
                values.iter().all(|(_, text)| valid.iter().any(|valid| **valid == **text))
            }
            (Scalar::Number(_), Shortcut::Digits(most)) => {
                let limit = Literal::i128_suffixed(10_i128.pow(u32::from(most.min(18))));
                return Some(quote! { if !(0..#limit).contains(&i128::from(*value)) { #ask } });
            }
            _ => false,
        };
        Some(if is_known { TokenStream::new() } else { ask.clone() })
    }

    /// The checks of the written attributes, each a `value`, in the order of the schema.
    pub(super) fn attributes(&self, content: &Struct) -> Vec<TokenStream> {
        let Some(complex) = self.complex(content).filter(|complex| complex.attributes.len() <= MOST_ATTRIBUTES) else {
            return content.attributes.iter().map(|_| doubt()).collect();
        };
        let number = Literal::u32_unsuffixed(content.type_id.map_or(u32::MAX, |id| id.0));
        let pairs = content.attributes.iter().zip(&complex.attributes);
        let each = pairs.enumerate().map(|(index, (attribute, used))| {
            let index = Literal::usize_unsuffixed(index);
            let ask = quote! { writer.ask_attribute(#number, #index, value); };
            let is_free = used.value.as_ref().is_none_or(|value| !value.fixed);
            let is_short = attribute.name.qualified.len() <= MOST_NAME;
            let asked = (is_free && is_short).then(|| self.simple(&attribute.scalar, &used.simple, &ask)).flatten();
            asked.unwrap_or_else(doubt)
        });
        each.collect()
    }

    /// The checks of an element's content, when its attributes have been written.
    pub(super) fn content(&self, emitter: &Emitter<'_>, content: &Struct) -> TokenStream {
        self.of_content(emitter, content).unwrap_or_else(doubt)
    }

    fn of_content(&self, emitter: &Emitter<'_>, content: &Struct) -> Option<TokenStream> {
        let complex = self.complex(content).filter(|complex| !complex.is_abstract)?;
        match (&content.content, &complex.content) {
            (Content::Nothing, Contents::Empty) => Some(TokenStream::new()),
            (Content::Value(field, scalar), Contents::Simple(simple)) => {
                let (field, number) = (ident(field), Literal::u32_unsuffixed(content.type_id?.0));
                let asked = self.simple(scalar, simple, &quote! { writer.ask(#number, value); });
                asked.map(|asked| {
                    if asked.is_empty() {
                        asked
                    } else {
                        quote! { { let value = &self.#field; #asked } }
                    }
                })
            }
            (Content::Children(children), Contents::Elements { model, mixed: false }) => {
                self.children(emitter, children, &self.schema.models[model.index()])
            }
            _ => None,
        }
    }

    fn complex(&self, content: &Struct) -> Option<&'p ComplexType> {
        match &self.schema.types[content.type_id?.index()] {
            TypeDefinition::Complex(complex) => Some(complex),
            TypeDefinition::Simple(_) => None,
        }
    }

    /// The fields, written one after another, follow a path through the content model whatever their values. `None` if
    /// they do not, even if no list is empty.
    fn children(&self, emitter: &Emitter<'_>, children: &[Children], model: &Model) -> Option<TokenStream> {
        if !model.automaton.is_plain() {
            return None;
        }
        let is_list = |child: &&Children| child.occurs == Occurs::Repeatedly;
        let lists = children.iter().enumerate().filter(|(_, child)| is_list(child)).map(|(index, _)| index);
        // Lists that must not be empty.
        let mut filled: BTreeSet<usize> = lists.collect();
        if !self.is_path(children, model, &filled) {
            return self.walked(emitter, children, model);
        }
        for list in filled.clone() {
            filled.remove(&list);
            if !self.is_path(children, model, &filled) {
                filled.insert(list);
            }
        }
        let asked = filled.iter().filter_map(|list| children.get(*list)).map(|child| {
            let field = ident(&child.field);
            quote! { if self.#field.is_empty() { writer.doubt(); } }
        });
        let of_choices = children.iter().map(|child| self.filled_variants(emitter, child));
        Some(asked.chain(of_choices).collect())
    }

    /// Checks that lists in a choice are not empty.
    fn filled_variants(&self, emitter: &Emitter<'_>, child: &Children) -> TokenStream {
        let Kind::Choice(choice) = child.kind else { return TokenStream::new() };
        let Some(ItemContent::Choice(variants)) = self.plan.item(choice).map(|item| &item.content) else {
            return TokenStream::new();
        };
        let (field, path) = (ident(&child.field), emitter.path(choice));
        let lists = variants.iter().filter(|variant| matches!(variant.kind, VariantKind::List(_)));
        let asked = lists.map(|variant| {
            let name = ident(&variant.name);
            let here = match (child.occurs, child.is_boxed) {
                (Occurs::Optionally, false) => quote! { &self.#field, Some(#path::#name(list)) },
                (Occurs::Optionally, true) => quote! { self.#field.as_deref(), Some(#path::#name(list)) },
                (_, false) => quote! { &self.#field, #path::#name(list) },
                (_, true) => quote! { &*self.#field, #path::#name(list) },
            };
            quote! { if matches!(#here if list.is_empty()) { writer.doubt(); } }
        });
        asked.collect()
    }

    fn is_path(&self, children: &[Children], model: &Model, filled: &BTreeSet<usize>) -> bool {
        let mut states = States::from([Automaton::START.0]);
        for (index, child) in children.iter().enumerate() {
            let names = self.names(child);
            let step = |from: &States| -> Option<States> {
                let mut after = States::new();
                for (name, is_list) in &names {
                    let once = |from: &States| -> Option<States> {
                        from.iter().map(|state| self.target(model, *state, *name)).collect()
                    };
                    let targets = once(from)?;
                    after.extend(if *is_list { closed(targets, &once)? } else { targets });
                }
                Some(after)
            };
            let Some(after) = step(&states) else { return false };
            match child.occurs {
                Occurs::Once => states = after,
                Occurs::Optionally => states.extend(after),
                Occurs::Repeatedly => {
                    let Some(mut all) = closed(after, &step) else { return false };
                    if !filled.contains(&index) {
                        all.extend(states);
                    }
                    states = all;
                }
            }
        }
        states.iter().all(|state| model.automaton.states.get(*state as usize).is_some_and(|state| state.accepting))
    }

    /// The checks of children if they depend on which fields are present: the states of the content model, as code.
    fn walked(&self, emitter: &Emitter<'_>, children: &[Children], model: &Model) -> Option<TokenStream> {
        let step = |name: NameId| {
            let mut leads: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for (state, _) in (0_u32..).zip(&model.automaton.states) {
                if let Some(target) = self.target(model, state, name) {
                    leads.entry(target).or_default().push(state);
                }
            }
            let arms = leads.iter().map(|(target, from)| {
                let (from, target) = (any_of(from), Literal::u32_unsuffixed(*target));
                quote! { #from => #target, }
            });
            quote! { state = match state { #(#arms)* _ => u32::MAX }; }
        };
        let mut steps = Vec::new();
        for child in children {
            let names = self.names(child);
            if names.iter().any(|(_, is_list)| *is_list) {
                return None;
            }
            let named: Vec<TokenStream> = names.into_iter().map(|(name, _)| step(name)).collect();
            let [first, rest @ ..] = &named[..] else { return None };
            let is_one = rest.iter().all(|step| step.to_string() == first.to_string());
            let step = match &child.kind {
                _ if is_one => first.clone(),
                Kind::Choice(choice) => {
                    let ItemContent::Choice(variants) = &self.plan.item(*choice)?.content else { return None };
                    let path = emitter.path(*choice);
                    let arms = variants.iter().map(|variant| {
                        let name = ident(&variant.name);
                        // Content of a wildcard is always in doubt.
                        let step = match &variant.kind {
                            VariantKind::Element(element) => step(self.name(element)),
                            VariantKind::Text | VariantKind::Wildcard => TokenStream::new(),
                            VariantKind::Whole(_) | VariantKind::List(_) => TokenStream::new(),
                        };
                        quote! { #path::#name { .. } => { #step } }
                    });
                    quote! { match value { #(#arms)* } }
                }
                Kind::Element(_) | Kind::Wildcard => return None,
            };
            let (field, value) = (ident(&child.field), pattern(&step));
            steps.push(match child.occurs {
                Occurs::Once if is_one => step,
                Occurs::Once => quote! { { let value = &self.#field; #step } },
                Occurs::Optionally if child.is_flag() => quote! { if self.#field { #step } },
                Occurs::Optionally if is_one => quote! { if self.#field.is_some() { #step } },
                Occurs::Optionally => quote! { if let Some(#value) = &self.#field { #step } },
                Occurs::Repeatedly => quote! { for #value in &self.#field { #step } },
            });
        }
        let states = (0_u32..).zip(&model.automaton.states);
        let accepting: Vec<u32> = states.filter(|(_, state)| state.accepting).map(|(state, _)| state).collect();
        let accepting = any_of(&accepting);
        Some(quote! {
            let mut state = 0_u32;
            #(#steps)*
            if !matches!(state, #accepting) { writer.doubt(); }
        })
    }

    /// The names that a child can have, each with whether it can repeat where one child is expected. A wildcard has no
    /// known names, and its elements are written as whole markup.
    fn names(&self, child: &Children) -> Vec<(NameId, bool)> {
        match &child.kind {
            Kind::Element(element) => vec![(self.name(element), false)],
            Kind::Choice(choice) => {
                let Some(ItemContent::Choice(variants)) = self.plan.item(*choice).map(|item| &item.content) else {
                    return Vec::new();
                };
                let named = variants.iter().flat_map(|variant| match &variant.kind {
                    VariantKind::Element(element) => vec![(self.name(element), false)],
                    VariantKind::List(element) => vec![(self.name(element), true)],
                    VariantKind::Whole(id) => match self.plan.item(*id).map(|item| &item.content) {
                        Some(ItemContent::Whole(whole)) => whole
                            .elements
                            .iter()
                            .map(|(_, _, id)| (self.schema.elements[id.index()].name, false))
                            .collect(),
                        _ => Vec::new(),
                    },
                    VariantKind::Text | VariantKind::Wildcard => Vec::new(),
                });
                named.collect()
            }
            Kind::Wildcard => Vec::new(),
        }
    }

    fn name(&self, element: &Element) -> NameId {
        self.schema.elements[element.id.index()].name
    }

    /// The state after a child with a name, if it can come in a state.
    fn target(&self, model: &Model, state: u32, name: NameId) -> Option<u32> {
        let edges = &model.automaton.states.get(state as usize)?.edges;
        let leads = |edge: &&Edge| match model.leaf(edge.leaf) {
            Some(Leaf::Element(asked)) => {
                self.schema.usable(*asked).into_iter().any(|id| self.schema.elements[id.index()].name == name)
            }
            _ => false,
        };
        edges.iter().find(leads).map(|edge| edge.target.0)
    }

    /// The checks of rules that can make documents invalid, for an element with the value `value`. `None` if they need
    /// more than facts about its content.
    fn rules(&self, emitter: &Emitter<'_>, value: &Value, rules: &RuleTable) -> Option<TokenStream> {
        let Value::Item(item) = value else { return None };
        if !rules.are_facts_of_content(false) {
            return None;
        }
        let content = match &self.plan.item(*item)?.content {
            ItemContent::Struct(content) => content,
            // The writer knows nothing about a type named by `xsi:type`.
            ItemContent::Hierarchy(derived) => {
                let declared = derived.iter().find(|derived| derived.is_declared)?;
                let asked = self.rules(emitter, &declared.value, rules)?;
                let (path, variant) = (emitter.path(*item), ident(&declared.name));
                return Some(quote! { if let #path::#variant(value) = value { #asked } });
            }
            _ => return None,
        };
        let Content::Children(children) = &content.content else { return None };
        let complex = self.complex(content)?;
        let facts = Facts { rules, needed: rules.needs(false).facts };
        let mut steps = Vec::new();
        for (attribute, used) in content.attributes.iter().zip(&complex.attributes) {
            let known = rules.facts.attributes.iter().find(|known| known.name == Some(used.name));
            let set = facts.of(rules.facts.any_attribute, known, &attribute.scalar)?;
            steps.push(occurring(&attribute.field, Some(attribute.occurs()), &set));
        }
        for child in children {
            let set = match &child.kind {
                Kind::Element(element) => self.facts_of(&facts, element)?,
                Kind::Choice(choice) => {
                    let ItemContent::Choice(variants) = &self.plan.item(*choice)?.content else { return None };
                    let path = emitter.path(*choice);
                    let arms = variants.iter().map(|variant| {
                        if let VariantKind::List(element) = &variant.kind {
                            let (name, set) = (ident(&variant.name), self.facts_of(&facts, element)?);
                            let value = pattern(&set);
                            return Some(quote! { #path::#name(list) => for #value in list { #set } });
                        }
                        let VariantKind::Element(element) = &variant.kind else { return None };
                        let (name, set) = (ident(&variant.name), self.facts_of(&facts, element)?);
                        Some(match element.is_unit() {
                            true => quote! { #path::#name => { #set } },
                            false if reads_value(&set) => quote! { #path::#name(value) => { #set } },
                            false => quote! { #path::#name(_) => { #set } },
                        })
                    });
                    let arms: Vec<TokenStream> = arms.collect::<Option<_>>()?;
                    quote! { match value { #(#arms)* } }
                }
                Kind::Wildcard => return None,
            };
            steps.push(occurring(&child.field, if child.is_flag() { None } else { Some(child.occurs) }, &set));
        }
        let terms = rules.terms(false).iter().map(|(mask, value)| {
            let (mask, value) = (Literal::u64_suffixed(*mask), Literal::u64_suffixed(*value));
            quote! { facts & #mask == #value }
        });
        Some(quote! { let mut facts = 0_u64; #(#steps)* if #(#terms)||* { writer.doubt(); } })
    }

    /// The facts that a child with the value `value` sets.
    fn facts_of(&self, facts: &Facts<'_>, element: &Element) -> Option<TokenStream> {
        let known = facts.rules.child(self.schema.elements[element.id.index()].name);
        let any = facts.rules.facts.any_child;
        match &element.value {
            Value::Scalar(scalar) if !element.is_nillable => facts.of(any, known, scalar),
            _ => facts.of(any, known, &Scalar::Name),
        }
    }
}

/// The states, and all those reachable from them in any number of steps.
fn closed(mut states: States, step: &dyn Fn(&States) -> Option<States>) -> Option<States> {
    loop {
        let before = states.len();
        states.extend(step(&states)?);
        if states.len() == before {
            return Some(states);
        }
    }
}

/// The facts that rules need.
struct Facts<'r> {
    rules: &'r RuleTable,
    needed: u64,
}

impl Facts<'_> {
    /// The facts that a child or an attribute sets. `None` if a rule needs more of its text than text or an enumeration
    /// provides.
    fn of(&self, any: u64, known: Option<&ChildFacts>, scalar: &Scalar) -> Option<TokenStream> {
        let set = |bits: u64| {
            let literal = Literal::u64_suffixed(bits & self.needed);
            (bits & self.needed != 0).then(|| quote! { facts |= #literal; })
        };
        let any = set(any);
        let Some(known) = known else { return Some(quote! { #any }) };
        let after = known.after.iter().filter(|(_, then)| then & self.needed != 0).map(|(before, then)| {
            let (before, then) = (Literal::u64_suffixed(*before), Literal::u64_suffixed(*then));
            quote! { if facts & #before != 0 { facts |= #then; } }
        });
        let bit = Literal::u64_suffixed(known.seen);
        let twice =
            (known.twice && known.seen << 1 & self.needed != 0).then(|| quote! { facts |= (facts & #bit) << 1; });
        // The first occurrence is needed if the second counts, or what follows it.
        let seen = (known.seen != 0).then(|| quote! { facts |= #bit; });
        let literals: Vec<_> = known.literals.iter().filter(|(_, bit)| bit & self.needed != 0).collect();
        let set_by_literals = known.literals.iter().fold(0, |all, (_, bit)| all | bit);
        if known.set_by_text() & !set_by_literals & self.needed != 0 {
            return None;
        }
        let text = match scalar {
            _ if literals.is_empty() => None,
            Scalar::Text => Some(quote! { &**value }),
            Scalar::Enumeration(_) => Some(quote! { value.as_str() }),
            _ => return None,
        };
        let read = text.map(|text| {
            let arms = literals.iter().map(|(literal, bit)| {
                let (literal, bit) = (&**literal, Literal::u64_suffixed(*bit));
                quote! { #literal => #bit, }
            });
            quote! { facts |= match #text { #(#arms)* _ => 0 }; }
        });
        Some(quote! { #(#after)* #twice #any #seen #read })
    }
}

/// Code that runs `then` for each `value` in a field. With `None`, the field tells whether the child is present.
fn occurring(field: &str, occurs: Option<Occurs>, then: &TokenStream) -> TokenStream {
    let field = ident(field);
    if then.is_empty() {
        return TokenStream::new();
    }
    let is_read = reads_value(then);
    let value = if is_read {
        quote! { value }
    } else {
        quote! { _ }
    };
    match occurs {
        None => quote! { if value.#field { #then } },
        Some(Occurs::Once) if is_read => quote! { { let value = &value.#field; #then } },
        Some(Occurs::Once) => quote! { #then },
        Some(Occurs::Optionally) if is_read => quote! { if let Some(value) = &value.#field { #then } },
        Some(Occurs::Optionally) => quote! { if value.#field.is_some() { #then } },
        Some(Occurs::Repeatedly) => quote! { for #value in &value.#field { #then } },
    }
}

/// The pattern for some states in ascending order.
fn any_of(states: &[u32]) -> TokenStream {
    let runs = states.chunk_by(|one, next| one + 1 == *next).map(|run| match run {
        [first, _, .., last] => {
            let (first, last) = (Literal::u32_unsuffixed(*first), Literal::u32_unsuffixed(*last));
            quote! { #first..=#last }
        }
        few => {
            let few = few.iter().map(|state| Literal::u32_unsuffixed(*state));
            quote! { #(#few)|* }
        }
    });
    quote! { #(#runs)|* }
}

/// The pattern for a `value`, depending on whether code uses it.
fn pattern(code: &TokenStream) -> TokenStream {
    if reads_value(code) {
        quote! { value }
    } else {
        quote! { _ }
    }
}

/// Whether code uses the `value`.
fn reads_value(code: &TokenStream) -> bool {
    code.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "value",
        TokenTree::Group(group) => reads_value(&group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Code that requires the document to be read again.
fn doubt() -> TokenStream {
    quote! { writer.doubt(); }
}
