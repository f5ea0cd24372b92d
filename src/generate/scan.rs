//! What reads types by prediction: the content model as code.
//!
//! A type is read so where its children come by a plain automaton; each state becomes an arm that compares the bytes with the
//! tags of its edges. The rules of an element that make documents invalid are facts about its children, as in the walk: bits
//! that are set on the way and compared at the end. Whatever else there is (mixed content, counters, `xs:all`, IDs, keys,
//! names with prefixes, `xsi:type`, rules that read texts) is left to the walk. Of the namespaces there may be one, which the
//! root declares as the default.

use std::collections::{BTreeSet, HashMap, VecDeque};

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::emit::Emitter;
use super::names::{ident, local};
use super::plan::{
    Children, Content, Element, ItemContent, ItemId, Kind, Occurs, Plan, Root, Scalar, Struct, Value, VariantKind,
};
use crate::check::{RuleTable, Table};
use crate::compiled::{AttributeUse, Compiled, Content as Contents, ElementId, Leaf, TypeDefinition, TypeId};
use crate::datatype::{Shortcut, SimpleType, WhiteSpace};
use crate::typed::MOST_ATTRIBUTES;

/// Edges of a content model that become code; more are left to the walk.
const MOST_EDGES: usize = 256;

/// What is read by prediction of a schema.
pub(super) struct Scans<'p> {
    schema: &'p Compiled,
    table: &'p Table,
    plan: &'p Plan,
}

/// A type as the content of an element: of any, or of one whose rules look at its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Job {
    item: usize,
    element: Option<u32>,
}

impl<'p> Scans<'p> {
    /// `None` where nothing can be read so: keys reach over the document, or there are several namespaces.
    pub(super) fn new(schema: &'p Compiled, table: &'p Table, plan: &'p Plan) -> Option<Scans<'p>> {
        (plan.prefixes.len() <= 1 && schema.constraints.is_empty()).then_some(Scans { schema, table, plan })
    }

    /// The namespace that a document has to declare as its default, empty for none: all its elements are in it.
    fn namespace(&self) -> &str {
        self.plan.prefixes.first().map_or("", |(namespace, _)| namespace)
    }

    /// The call that reads a document with a root, and all functions that it needs, by their type.
    pub(super) fn root(&self, emitter: &Emitter<'_>, root: &Root) -> Option<TokenStream> {
        let (value, _) = self.item(emitter, &root.element)?;
        let library = &emitter.library;
        let version = env!("CARGO_PKG_VERSION");
        let (open, close) =
            (bytes(&format!("<{}", root.element.name.local)), bytes(&format!("</{}>", root.element.name.local)));
        let declaration = match self.namespace() {
            "" => TokenStream::new(),
            namespace => {
                let declaration = bytes(&format!(" xmlns=\"{namespace}\""));
                quote! { scan.expect(#declaration)?; }
            }
        };
        Some(quote! {
            let scanned = #library::typed::scan(schema(), #version, bytes, |scan| {
                let depth = 0_usize;
                if !scan.open(#open) {
                    return None;
                }
                #declaration
                scan.hints();
                let value = #value;
                scan.expect(#close)?;
                Some(value)
            });
            if let Some(value) = scanned {
                return Ok(value);
            }
        })
    }

    /// The functions that the roots need.
    pub(super) fn functions(&self, emitter: &Emitter<'_>) -> HashMap<usize, TokenStream> {
        let roots = self.plan.roots.iter().filter_map(|root| self.item(emitter, &root.element));
        let mut done: BTreeSet<Job> = roots.map(|(_, job)| job).collect();
        let mut waiting: VecDeque<Job> = done.iter().copied().collect();
        let mut functions: HashMap<usize, TokenStream> = HashMap::new();
        while let Some(job) = waiting.pop_front() {
            let mut needed = Vec::new();
            if let Some(function) = self.function(emitter, job, &mut needed) {
                functions.entry(job.item).or_default().extend(function);
            }
            waiting.extend(needed.into_iter().filter(|needed| done.insert(*needed)));
        }
        functions
    }

    /// How an element with attributes or children is read, where it can be: of a hierarchy those of the declared type, since
    /// `xsi:type` is left to the walk.
    fn item(&self, emitter: &Emitter<'_>, element: &Element) -> Option<(TokenStream, Job)> {
        let Value::Item(item) = element.value else { return None };
        if element.name.namespace != self.namespace() {
            return None;
        }
        let ItemContent::Hierarchy(derived) = &self.plan.item(item)?.content else {
            let job = self.job(item, element)?;
            return Some((self.call(emitter, item, job), job));
        };
        let declared = derived.iter().find(|derived| derived.is_declared)?;
        let Value::Item(inner) = declared.value else { return None };
        let job = self.job(inner, element)?;
        let (path, variant, read) = (emitter.path(item), ident(&declared.name), self.call(emitter, inner, job));
        let read = if declared.is_boxed {
            quote! { Box::new(#read) }
        } else {
            read
        };
        Some((quote! { #path::#variant(#read) }, job))
    }

    /// How the content of an element is read, where it can be.
    fn job(&self, item: ItemId, element: &Element) -> Option<Job> {
        let ItemContent::Struct(content) = &self.plan.item(item)?.content else { return None };
        let rules = self.table.rules_of(element.id);
        let has_errors = rules.is_some_and(|rules| rules.has_errors());
        if has_errors && !rules.is_some_and(|rules| rules.errors_are_about_children()) {
            return None;
        }
        self.can_read(content, element.id).then_some(Job { item: item.0, element: has_errors.then_some(element.id.0) })
    }

    /// Whether the type of an element can be read.
    fn can_read(&self, content: &Struct, id: ElementId) -> bool {
        let Some(type_id) = content.type_id else { return false };
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return false };
        let is_odd = |used: &AttributeUse| {
            used.simple.needs_context()
                || used.value.as_ref().is_some_and(|value| value.fixed)
                || !self.schema.names.namespace(used.name).is_empty()
        };
        if complex.attributes.iter().any(|used| is_odd(used)) || self.schema.elements[id.index()].value.is_some() {
            return false;
        }
        if complex.attributes.len() > MOST_ATTRIBUTES {
            return false;
        }
        match (&content.content, &complex.content) {
            (Content::Children(_), Contents::Elements { model, mixed: false }) => {
                let automaton = &self.schema.models[model.index()].automaton;
                let edges: usize = automaton.states.iter().map(|state| state.edges.len()).sum();
                automaton.is_plain() && edges <= MOST_EDGES
            }
            (Content::Value(..), Contents::Simple(simple)) => !simple.needs_context(),
            _ => false,
        }
    }

    fn call(&self, emitter: &Emitter<'_>, item: ItemId, job: Job) -> TokenStream {
        let (path, name) = (emitter.path(item), function_name(job));
        quote! { #path::#name(scan, depth + 1)? }
    }

    /// The function of a type; `None` where it turns out that it cannot be read.
    fn function(&self, emitter: &Emitter<'_>, job: Job, needed: &mut Vec<Job>) -> Option<TokenStream> {
        let item = self.plan.item(ItemId(job.item))?;
        let ItemContent::Struct(content) = &item.content else { return None };
        let type_id = content.type_id?;
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return None };
        if let (Content::Value(field, scalar), Contents::Simple(simple)) = (&content.content, &complex.content) {
            return self.text_function(emitter, job, (field, scalar, simple));
        }
        let (Content::Children(children), Contents::Elements { model, .. }) = (&content.content, &complex.content)
        else {
            return None;
        };
        let model = &self.schema.models[model.index()];
        let facts = job.element.and_then(|element| self.table.rules_of(ElementId(element)));
        let (name, type_name, library) = (function_name(job), ident(&item.name), &emitter.library);
        let lifetime = emitter.own_lifetime(item.borrows);
        let (mut declared, mut made) = (Vec::new(), Vec::new());
        let attributes = self.attributes(content, type_id, &mut declared, &mut made);
        for child in children {
            let (field, local) = (ident(&child.field), local(&child.field));
            declared.push(match child.occurs {
                Occurs::Repeatedly => quote! { let mut #local = Vec::new(); },
                _ if child.is_flag() => quote! { let mut #local = false; },
                _ => quote! { let mut #local = None; },
            });
            made.push(match child.occurs {
                Occurs::Once => quote! { #field: #local? },
                _ if field == local => quote! { #field },
                _ => quote! { #field: #local },
            });
        }
        let mut states = Vec::new();
        for (number, state) in (0_u32..).zip(&model.automaton.states) {
            let mut arms = Vec::new();
            for edge in &state.edges {
                let Some(Leaf::Element(asked)) = model.leaf(edge.leaf) else { continue };
                for element in self.schema.usable(*asked) {
                    let target = edge.target.0;
                    let taken = self.child(emitter, children, element, facts, needed);
                    arms.extend(taken.into_iter().map(|(condition, take)| {
                        quote! { if #condition { #take #target } else }
                    }));
                }
            }
            let end = state.accepting.then(|| quote! { if scan.is_end() { break } else });
            let number = Literal::u32_unsuffixed(number);
            states.push(quote! { #number => #(#arms)* #end { return None }, });
        }
        let errors = facts.map(|rules| {
            let terms = rules.error_terms().iter().map(|(mask, value)| quote! { facts & #mask == #value });
            quote! { if #(#terms)||* { return None; } }
        });
        let facts = facts.map(|_| quote! { let mut facts = 0_u64; });
        Some(quote! {
            #[allow(dead_code, unreachable_code, unused_mut, clippy::collapsible_match, clippy::never_loop, reason = "what is left to the walk has no code here")]
            fn #name #lifetime(scan: &mut #library::typed::Scan<'_, 'a>, depth: usize) -> Option<Self> {
                if !scan.may_enter(depth) {
                    return None;
                }
                #(#declared)*
                #attributes
                #facts
                let mut state = 0_u32;
                loop {
                    scan.gap(depth);
                    state = match state {
                        #(#states)*
                        _ => return None,
                    };
                }
                #errors
                Some(#type_name { #(#made,)* })
            }
        })
    }

    /// The function of a type with a value and attributes.
    fn text_function(
        &self,
        emitter: &Emitter<'_>,
        job: Job,
        (field, scalar, simple): (&str, &Scalar, &SimpleType),
    ) -> Option<TokenStream> {
        let item = self.plan.item(ItemId(job.item))?;
        let ItemContent::Struct(content) = &item.content else { return None };
        let type_id = content.type_id?;
        let (name, type_name, library) = (function_name(job), ident(&item.name), &emitter.library);
        let lifetime = emitter.own_lifetime(item.borrows);
        let (mut declared, mut made) = (Vec::new(), Vec::new());
        let attributes = self.attributes(content, type_id, &mut declared, &mut made);
        let read = self.scalar(scalar, simple, type_id, None);
        let (read, field) = (read.unwrap_or_else(|| quote! { return None }), ident(field));
        let init = if field == "value" {
            quote! { value }
        } else {
            quote! { #field: value }
        };
        Some(quote! {
            #[allow(dead_code, unreachable_code, unused_variables, reason = "what is left to the walk has no code here")]
            fn #name #lifetime(scan: &mut #library::typed::Scan<'_, 'a>, _: usize) -> Option<Self> {
                #(#declared)*
                #attributes
                let value = #read;
                Some(#type_name { #(#made,)* #init })
            }
        })
    }

    /// The attributes of a tag, in the order of the schema, and its end.
    fn attributes(
        &self,
        content: &Struct,
        type_id: TypeId,
        declared: &mut Vec<TokenStream>,
        made: &mut Vec<TokenStream>,
    ) -> TokenStream {
        let number = Literal::u32_unsuffixed(type_id.0);
        let mut reads = Vec::new();
        for (index, attribute) in content.attributes.iter().enumerate() {
            let (field, local) = (ident(&attribute.field), local(&attribute.field));
            let open = bytes(&format!(" {}=\"", attribute.name.local));
            let index = Literal::usize_unsuffixed(index);
            declared.push(quote! { let mut #local = None; });
            reads.push(quote! { if scan.take(#open) { #local = Some(scan.attribute(#number, #index)?); } });
            made.push(match attribute.is_required {
                true => quote! { #field: #local? },
                false if field == local => quote! { #field },
                false => quote! { #field: #local },
            });
        }
        if let Some(field) = &content.other_attributes {
            let field = ident(field);
            made.push(quote! { #field: Vec::new() });
        }
        quote! { #(#reads)* scan.expect(b">")?; }
    }

    /// How a child is recognised, and what is done with it: for each of the tags that it may have.
    fn child(
        &self,
        emitter: &Emitter<'_>,
        children: &[Children],
        id: ElementId,
        rules: Option<&RuleTable>,
        needed: &mut Vec<Job>,
    ) -> Vec<(TokenStream, TokenStream)> {
        // Declarations of one name in one model are of one type (cos-element-consistent).
        let name = |id: ElementId| self.schema.elements[id.index()].name;
        let is_named = |element: &Element| name(element.id) == name(id);
        let found = children.iter().find_map(|child| match &child.kind {
            Kind::Element(element) if is_named(element) => Some((child, element, None)),
            Kind::Choice(choice) => match &self.plan.item(*choice)?.content {
                ItemContent::Choice(variants) => variants.iter().find_map(|variant| match &variant.kind {
                    VariantKind::Element(element) if is_named(element) => {
                        Some((child, element, Some((*choice, variant))))
                    }
                    _ => None,
                }),
                _ => None,
            },
            _ => None,
        });
        let Some((child, element, variant)) = found else { return Vec::new() };
        let element = &Element { id, ..element.clone() };
        let declaration = &self.schema.elements[id.index()];
        let Some(facts) = self.facts(element, rules) else { return Vec::new() };
        // Its own rules, and a value that an empty one would have.
        let has_rules = self.table.rules_of(id).is_some_and(|rules| rules.has_errors());
        let is_elsewhere = element.name.namespace != self.namespace();
        if declaration.value.is_some() || declaration.is_abstract || is_elsewhere {
            return Vec::new();
        }
        let field = local(&child.field);
        let take = |value: TokenStream| {
            let value = match variant {
                Some((choice, variant)) => {
                    let (path, name) = (emitter.path(choice), ident(&variant.name));
                    match (element.is_unit(), variant.is_boxed) {
                        (true, _) => quote! { #path::#name },
                        (false, true) => quote! { #path::#name(Box::new(#value)) },
                        (false, false) => quote! { #path::#name(#value) },
                    }
                }
                None => value,
            };
            let value = if child.is_boxed {
                quote! { Box::new(#value) }
            } else {
                value
            };
            match child.occurs {
                Occurs::Repeatedly => quote! { #field.push(#value); },
                _ if child.is_flag() => quote! { #field = true; },
                _ => quote! { #field = Some(#value); },
            }
        };
        let library = &emitter.library;
        let nillable = |value: TokenStream| {
            if element.is_nillable {
                quote! { #library::typed::Nillable::Value(#value) }
            } else {
                value
            }
        };
        let name = &element.name.local;
        let (open, close, empty) = (format!("<{name}"), bytes(&format!("</{name}>")), bytes(&format!("<{name}/>")));
        let tag = bytes(&format!("{open}>"));
        match &element.value {
            Value::Unit if !has_rules => {
                let pair = bytes(&format!("{open}></{name}>"));
                let take = take(nillable(quote! { () }));
                vec![(quote! { scan.take(#empty) || scan.take(#pair) }, quote! { #take #facts })]
            }
            Value::Scalar(scalar) if !has_rules => {
                let Some(simple) = self.schema.simple_content(declaration.type_id) else { return Vec::new() };
                let Some(read) = self.scalar(scalar, simple, declaration.type_id, Some(&close)) else {
                    return Vec::new();
                };
                let take = take(nillable(quote! { value }));
                let mut ways = vec![(quote! { scan.take(#tag) }, quote! { let value = #read; #facts #take })];
                if let Scalar::Text | Scalar::Secret = scalar
                    && simple.check("").is_ok()
                {
                    let type_name = emitter.scalar_type(scalar, &quote! { 'a });
                    let value = quote! { let value = <#type_name>::from(""); };
                    ways.push((quote! { scan.take(#empty) }, quote! { #value #facts #take }));
                }
                ways
            }
            Value::Any if !has_rules && declaration.type_id == self.schema.any_type => {
                let take = take(quote! { #library::codec::Any::Text(value) });
                vec![
                    (quote! { scan.take(#tag) }, quote! { let value = scan.text(#close)?; #facts #take }),
                    (quote! { scan.take(#empty) }, quote! { let value = std::borrow::Cow::Borrowed(""); #facts #take }),
                ]
            }
            Value::Item(_) => {
                let Some((read, job)) = self.item(emitter, element) else { return Vec::new() };
                needed.push(job);
                let open = bytes(&open);
                let take = take(nillable(quote! { value }));
                vec![(quote! { scan.open(#open) }, quote! { let value = #read; scan.expect(#close)?; #facts #take })]
            }
            Value::Unit | Value::Scalar(_) | Value::Any => Vec::new(),
        }
    }

    /// The facts that a child sets for the rules of its parent; `None` where they need a text that is not kept.
    fn facts(&self, element: &Element, rules: Option<&RuleTable>) -> Option<TokenStream> {
        let Some(rules) = rules else { return Some(TokenStream::new()) };
        let name = self.schema.elements[element.id.index()].name;
        let any = rules.facts.any_child;
        let mut set = Vec::new();
        if let Some(facts) = rules.facts.children.iter().find(|facts| facts.name == Some(name)) {
            for (before, after) in &facts.after {
                set.push(quote! { if facts & #before != 0 { facts |= #after; } });
            }
            let seen = facts.seen;
            if facts.twice {
                set.push(quote! { facts |= (facts & #seen) << 1; });
            }
            if seen != 0 {
                set.push(quote! { facts |= #seen; });
            }
            for (text, bit) in &facts.literals {
                let text = &**text;
                set.push(match &element.value {
                    Value::Scalar(Scalar::Text) if text.is_empty() => {
                        quote! { if value.is_empty() { facts |= #bit; } }
                    }
                    Value::Scalar(Scalar::Text) => quote! { if value == #text { facts |= #bit; } },
                    Value::Scalar(Scalar::Enumeration(_)) => quote! { if value.as_str() == #text { facts |= #bit; } },
                    _ => return None,
                });
            }
        }
        if any != 0 {
            set.push(quote! { facts |= #any; });
        }
        Some(quote! { #(#set)* })
    }

    /// The value of an element with simple content, whose tag has just been taken, with its end tag; without one where that
    /// is taken later.
    fn scalar(
        &self,
        scalar: &Scalar,
        simple: &SimpleType,
        type_id: TypeId,
        close: Option<&TokenStream>,
    ) -> Option<TokenStream> {
        if simple.needs_context() {
            return None;
        }
        let number = Literal::u32_unsuffixed(type_id.0);
        let text = match close {
            Some(close) => quote! { scan.text(#close)? },
            None => quote! { scan.content()? },
        };
        let checked = quote! { { let text = #text; scan.checked(#number, text)? } };
        Some(match (scalar, simple.shortcut()) {
            (Scalar::Text, Shortcut::Anything) => text,
            (Scalar::Secret, Shortcut::Anything) => quote! { { let text = #text; scan.value(text)? } },
            (Scalar::Text, Shortcut::Collapsed) => quote! { { let text = #text; scan.collapsed(text)? } },
            (Scalar::Enumeration(id), Shortcut::OneOf(_)) => {
                let path = ident(&self.plan.item(*id)?.name);
                quote! { { let text = #text; scan.value::<#path>(text)? } }
            }
            (Scalar::Enumeration(id), _) => {
                let path = ident(&self.plan.item(*id)?.name);
                quote! { { let text = #text; scan.checked::<#path>(#number, text)? } }
            }
            (Scalar::Number(rust), Shortcut::Digits(most)) if most.min(18) > 0 && close.is_some() => {
                let (rust, most) = (format_ident!("{rust}"), Literal::usize_unsuffixed(usize::from(most.min(18))));
                quote! { #rust::try_from(scan.digits(#most, #close)?).ok()? }
            }
            (Scalar::Integer, Shortcut::Integer) if close.is_some() => {
                quote! { scan.digits(18, #close)?.into() }
            }
            // White space is as it is: of a type that keeps it, all of it is checked.
            _ if simple.white_space() != WhiteSpace::Collapse => return None,
            _ => checked,
        })
    }
}

fn function_name(job: Job) -> proc_macro2::Ident {
    match job.element {
        Some(element) => format_ident!("scan_{element}"),
        None => format_ident!("scan"),
    }
}

/// A literal of bytes.
fn bytes(text: &str) -> TokenStream {
    let literal = Literal::byte_string(text.as_bytes());
    quote! { #literal }
}
