//! The code that reads types by prediction: content models as code.
//!
//! A type is read in this way if its children are described by a plain automaton. Each state becomes a match arm that
//! compares the bytes with the tags of its edges. The rules of the element are facts about its children, as in the
//! walk: bits that are set on the way and compared at the end. Everything else (mixed content, counters, `xs:all`, IDs,
//! keys, names with prefixes, `xsi:type`, rules that read all texts) is left to the walk. There can be one namespace,
//! which the root declares as the default.
//!
//! Each function is generic over the layout of the document and over the purpose of reading. For the usual layouts, the
//! white space at a certain depth is a constant, so there is a function for each type and depth. If there would be too
//! many, one function handles a type at any depth.

mod child;
mod rules;

use child::Tag;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::emit::Emitter;
use super::names::{camel, ident, local, snake};
use super::plan::{Children, Content, Element, ItemContent, ItemId, Occurs, Plan, Root, Scalar, Struct, Value};
use super::types;
use crate::check::{RuleTable, Table};
use crate::compiled::{AttributeUse, Compiled, Content as Contents, ElementId, Leaf, NameId, TypeDefinition, TypeId};
use crate::datatype::SimpleType;
use crate::typed::{MOST_ATTRIBUTES, MOST_NAME};

/// The most edges of a content model that become code; further ones are left to the walk.
const MOST_EDGES: usize = 256;

/// The most functions for a single depth.
const MOST_KNOWN_DEPTHS: usize = 64;

/// The greatest depth for which there are such functions.
const DEEPEST_KNOWN: usize = 12;

/// The parts of a schema that prediction reads.
pub(super) struct Scans<'p> {
    schema: &'p Compiled,
    table: &'p Table,
    plan: &'p Plan,
    /// Whether a type has its own function at a depth: only the first requested ones do.
    known: RefCell<BTreeMap<Job, bool>>,
}

/// A type as the content of any element, or of an element whose rules depend on its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Job {
    item: usize,
    element: Option<u32>,
    /// The depth of its children and the name of the element, if the function is for a single depth; it then also reads
    /// the end tag.
    depth: Option<(usize, NameId)>,
}

/// A function that is being generated.
struct Function<'p> {
    job: Job,
    /// The rules that depend on the content.
    rules: Option<&'p RuleTable>,
    /// The functions that it calls.
    needed: RefCell<Vec<Job>>,
}

impl Job {
    /// Code for the depth of its children.
    fn depth(self) -> TokenStream {
        match self.depth {
            Some((depth, _)) => {
                let depth = Literal::usize_unsuffixed(depth);
                quote! { #depth }
            }
            None => quote! { depth },
        }
    }
}

impl<'p> Scans<'p> {
    /// `None` if nothing can be read by prediction: there are identity constraints, or several namespaces.
    pub(super) fn new(schema: &'p Compiled, table: &'p Table, plan: &'p Plan) -> Option<Scans<'p>> {
        let known = RefCell::default();
        (plan.prefixes.len() <= 1 && schema.constraints.is_empty()).then_some(Scans { schema, table, plan, known })
    }

    /// The namespace that a document must declare as its default; empty for none. All its elements are in it.
    fn namespace(&self) -> &str {
        self.plan.prefixes.first().map_or("", |(namespace, _)| namespace)
    }

    /// The code that reads each root that can be predicted, and that recognises any of them.
    pub(super) fn roots(&self, emitter: &Emitter<'_>) -> TokenStream {
        let (library, any, read) = (&emitter.library, self.any_root(), self.read_signature(emitter));
        let mut arms = Vec::new();
        let mut roots = Vec::new();
        for root in &self.plan.roots {
            let Some((call, job)) = self.call(emitter, &root.element, None) else { continue };
            let (open, tag) = (bytes(&format!("<{}", root.element.name.local)), self.root_tag(root, job));
            arms.push(quote! { if scan.open(#open) { #tag #call; } else });
            if emitter.has_types {
                let (name, value) = (self.root_name(root), emitter.element_type(&root.element, &quote! { 'a }));
                roots.push(quote! {
                    struct #name;
                    impl<'a> #library::typed::Root<'a> for #name {
                        type Value = #value;
                        #read {
                            if !scan.open(#open) {
                                return None;
                            }
                            #tag
                            let value = #call;
                            Some(value)
                        }
                    }
                });
            }
        }
        if arms.is_empty() {
            return TokenStream::new();
        }
        quote! {
            #(#roots)*
            struct #any;
            impl<'a> #library::typed::Root<'a> for #any {
                type Value = ();
                #read {
                    #(#arms)* { return None }
                    M::make(|| Some(()))
                }
            }
        }
    }

    /// The code for the part of a root's tag before its attributes.
    fn root_tag(&self, root: &Root, job: Job) -> TokenStream {
        let declaration = match self.namespace() {
            "" => TokenStream::new(),
            namespace => {
                let declaration = bytes(&format!(" xmlns=\"{namespace}\""));
                quote! { scan.expect(#declaration)?; }
            }
        };
        // Rules can count the attributes that give the location of a schema.
        let rules = self.table.rules_of(root.element.id);
        let hints = rules.is_none_or(|rules| rules.facts.any_attribute == 0).then(|| quote! { scan.hints(); });
        let end = (!self.reads_tag(job)).then(|| quote! { scan.expect(b">")?; });
        quote! { #declaration #hints #end }
    }

    fn read_signature(&self, emitter: &Emitter<'_>) -> TokenStream {
        let library = &emitter.library;
        quote! {
            fn read<L: #library::typed::Layout, M: #library::typed::Mode>(
                scan: &mut #library::typed::Scan<'_, 'a, L, M>,
            ) -> Option<M::Of<Self::Value>>
        }
    }

    /// A name for the code that reads a root, different from the names of types.
    fn root_name(&self, root: &Root) -> Ident {
        self.free_name(format!("{}Root", camel(&root.function)))
    }

    /// The name of the code that reads any root.
    fn any_root(&self) -> Ident {
        self.free_name("AnyRoot".into())
    }

    /// The code that tells whether a document is certainly valid, if any root can be predicted.
    pub(super) fn prediction(&self, emitter: &Emitter<'_>, fingerprint: u64) -> Option<TokenStream> {
        self.plan.roots.iter().find_map(|root| self.call(emitter, &root.element, None))?;
        let (library, any, version) = (&emitter.library, self.any_root(), env!("CARGO_PKG_VERSION"));
        Some(quote! {
            #[doc = " Recognises valid documents of the schema."]
            pub static PREDICTION: #library::typed::Prediction =
                #library::typed::Prediction::new(#version, #fingerprint, is_predicted);

            fn is_predicted(
                schema: &#library::Schema,
                limits: &#library::Limits,
                bytes: &[u8],
                warnings: bool,
            ) -> bool {
                use #library::typed::{Verdict, scan};
                if warnings {
                    scan::<#any, Verdict<true>>(schema, limits, #version, bytes).is_some()
                } else {
                    scan::<#any, Verdict<false>>(schema, limits, #version, bytes).is_some()
                }
            }
        })
    }

    fn free_name(&self, mut name: String) -> Ident {
        while self.plan.items.iter().any(|item| item.name == name) {
            name.push_str("Root");
        }
        ident(&name)
    }

    /// The code that reads a root, if it can be predicted.
    pub(super) fn root_of(&self, emitter: &Emitter<'_>, root: &Root) -> Option<Ident> {
        self.call(emitter, &root.element, None).map(|_| self.root_name(root))
    }

    /// The functions that the roots need.
    pub(super) fn functions(&self, emitter: &Emitter<'_>) -> BTreeMap<usize, TokenStream> {
        let roots = self.plan.roots.iter().filter_map(|root| self.call(emitter, &root.element, None));
        let mut done: BTreeSet<Job> = roots.map(|(_, job)| job).collect();
        let mut waiting: VecDeque<Job> = done.iter().copied().collect();
        let mut functions: BTreeMap<usize, TokenStream> = BTreeMap::new();
        while let Some(job) = waiting.pop_front() {
            let rules = job.element.and_then(|element| self.table.rules_of(ElementId(element)));
            let function = Function { job, rules, needed: RefCell::default() };
            if let Some(code) = self.function(emitter, &function) {
                functions.entry(job.item).or_default().extend(code);
            }
            waiting.extend(function.needed.into_inner().into_iter().filter(|needed| done.insert(*needed)));
        }
        functions
    }

    /// The call that reads an element with attributes or children, if it can be predicted. For a hierarchy, only
    /// elements of the declared type are read, because `xsi:type` is left to the walk. `around` is the function that
    /// makes the call, if this is not the root.
    fn call(&self, emitter: &Emitter<'_>, element: &Element, around: Option<Job>) -> Option<(TokenStream, Job)> {
        let Value::Item(item) = element.value else { return None };
        if !self.may_be_read(element) {
            return None;
        }
        let ItemContent::Hierarchy(derived) = &self.plan.item(item)?.content else {
            let job = self.job(item, element, around)?;
            return Some((self.call_of(emitter, job, element, around), job));
        };
        let declared = derived.iter().find(|derived| derived.is_declared)?;
        let Value::Item(inner) = declared.value else { return None };
        let job = self.job(inner, element, around)?;
        let read = self.call_of(emitter, job, element, around);
        if !emitter.has_types {
            return Some((read, job));
        }
        let (path, variant) = (emitter.path(item), ident(&declared.name));
        let value = boxed(declared.is_boxed, quote! { M::get(value)? });
        Some((quote! { { let value = #read; M::make(|| Some(#path::#variant(#value)))? } }, job))
    }

    /// Whether the tags of an element can be predicted.
    fn may_be_read(&self, element: &Element) -> bool {
        element.name.namespace == self.namespace() && element.name.local.len() <= MOST_NAME
    }

    /// The function that reads the content of an element, if it can be predicted.
    fn job(&self, item: ItemId, element: &Element, around: Option<Job>) -> Option<Job> {
        let ItemContent::Struct(content) = &self.plan.item(item)?.content else { return None };
        let rules = self.table.rules_of(element.id);
        if rules.is_some_and(|rules| !rules.are_facts_of_content(false)) || !self.can_read(content, element.id) {
            return None;
        }
        let (id, name) = (element.id, self.schema.elements[element.id.index()].name);
        let depth = match around {
            None => Some(1),
            Some(around) => around.depth.map(|(depth, _)| depth + 1).filter(|depth| *depth <= DEEPEST_KNOWN),
        };
        let job = Job { item: item.0, element: rules.map(|_| id.0), depth: depth.map(|depth| (depth, name)) };
        let mut known = self.known.borrow_mut();
        let is_free = known.values().filter(|is_known| **is_known).count() < MOST_KNOWN_DEPTHS;
        let is_known = depth.is_some() && *known.entry(job).or_insert(is_free);
        Some(if is_known { job } else { Job { depth: None, ..job } })
    }

    /// Whether the type of an element can be predicted.
    fn can_read(&self, content: &Struct, id: ElementId) -> bool {
        let Some(type_id) = content.type_id else { return false };
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return false };
        let is_odd = |used: &AttributeUse| {
            used.simple.needs_context()
                || used.value.as_ref().is_some_and(|value| value.fixed)
                || !self.schema.names.namespace(used.name).is_empty()
                || self.schema.names.local(used.name).len() > MOST_NAME
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

    /// The call of a function, including the end tag.
    fn call_of(&self, emitter: &Emitter<'_>, job: Job, element: &Element, around: Option<Job>) -> TokenStream {
        let name = self.function_name(emitter, job);
        let name = match emitter.has_types {
            true => {
                let path = emitter.path(ItemId(job.item));
                quote! { #path::#name }
            }
            false => quote! { #name },
        };
        let close = bytes(&format!("</{}>", element.name.local));
        match (job.depth, around) {
            (Some(_), _) => quote! { #name(scan)? },
            (None, Some(around)) => {
                let depth = around.depth();
                let call = match around.depth {
                    Some(_) => quote! { scan.learned(|scan| #name(scan, #depth + 1))? },
                    None => quote! { #name(scan, #depth + 1)? },
                };
                quote! { { let value = #call; scan.expect(#close)?; value } }
            }
            (None, None) => quote! {
                { let value = scan.learned(|scan| #name(scan, 1))?; scan.expect(#close)?; value }
            },
        }
    }

    /// Whether a function reads the attributes and the end of a tag: then its caller only reads the name.
    fn reads_tag(&self, job: Job) -> bool {
        let item = self.plan.item(ItemId(job.item)).map(|item| &item.content);
        matches!(item, Some(ItemContent::Struct(content)) if !content.attributes.is_empty())
    }

    fn function_name(&self, emitter: &Emitter<'_>, job: Job) -> Ident {
        let mut name = String::from("scan");
        if !emitter.has_types {
            let _ = write!(name, "_{}", job.item); // writing to a String cannot fail
        }
        if let Some(element) = job.element {
            let _ = write!(name, "_{element}");
        }
        if let Some((depth, element)) = job.depth {
            let _ = write!(name, "_{}_at_{depth}", snake(self.schema.names.local(element)));
        }
        ident(&name)
    }

    /// The end tag of an element, without and with the white space before it; `None` if the caller reads it.
    fn close(&self, job: Job) -> Option<(TokenStream, TokenStream)> {
        let (depth, name) = job.depth?;
        let close = format!("</{}>", self.schema.names.local(name));
        Some((bytes(&close), line(depth - 1, &close)))
    }

    /// The function of a type; `None` if it turns out that the type cannot be predicted.
    fn function(&self, emitter: &Emitter<'_>, function: &Function<'p>) -> Option<TokenStream> {
        let job = function.job;
        let item = self.plan.item(ItemId(job.item))?;
        let ItemContent::Struct(content) = &item.content else { return None };
        let type_id = content.type_id?;
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return None };
        let (mut declared, mut made) = (Vec::new(), Vec::new());
        let attributes = self.attributes(emitter, function, content, type_id, &mut declared, &mut made);
        let body = match (&content.content, &complex.content) {
            (Content::Value(field, scalar), Contents::Simple(simple)) => {
                self.value(emitter, job, (field, scalar, simple, type_id), &mut made)
            }
            (Content::Children(children), Contents::Elements { model, .. }) => {
                self.states(emitter, function, children, &self.schema.models[model.index()], &mut declared, &mut made)
            }
            _ => return None,
        };
        let (before, after) = function.rules.map(rules::around).unwrap_or_default();
        let (library, name, type_name) = (&emitter.library, self.function_name(emitter, job), ident(&item.name));
        let lifetime = if item.borrows {
            quote! {}
        } else {
            quote! { 'a, }
        };
        let (layout, scan, depth) = match job.depth {
            Some(_) => (quote! { L: #library::typed::Layout, }, quote! { L }, quote! {}),
            None => (quote! {}, quote! { #library::typed::Learned }, quote! { depth: usize }),
        };
        let enter = job.depth.is_none().then(|| quote! { if !scan.may_enter(depth) { return None; } });
        let (result, done) = match emitter.has_types {
            true => (quote! { M::Of<Self> }, quote! { M::make(|| Some(#type_name { #(#made,)* })) }),
            false => {
                declared.clear();
                (quote! { () }, quote! { Some(()) })
            }
        };
        let lifetime = if emitter.has_types {
            lifetime
        } else {
            quote! { 'a, }
        };
        Some(quote! {
            #[allow(dead_code, unreachable_code, unused_assignments, unused_variables, unused_mut, clippy::all, reason = "what is left to the walk has no code here")]
            fn #name<#lifetime #layout M: #library::typed::Mode>(
                scan: &mut #library::typed::Scan<'_, 'a, #scan, M>,
                #depth
            ) -> Option<#result> {
                #enter
                #before
                #(#declared)*
                #attributes
                #body
                #after
                #done
            }
        })
    }

    /// The code for the children of an element, state by state.
    fn states(
        &self,
        emitter: &Emitter<'_>,
        function: &Function<'p>,
        children: &[Children],
        model: &crate::compiled::Model,
        declared: &mut Vec<TokenStream>,
        made: &mut Vec<TokenStream>,
    ) -> TokenStream {
        for child in children {
            let (field, local) = (ident(&child.field), local(&child.field));
            declared.push(match child.occurs {
                Occurs::Repeatedly => {
                    let of = types::list_type(emitter, child, &quote! { 'a });
                    quote! { let mut #local: M::Of<#of> = M::list::<#of>(); }
                }
                _ if child.is_flag() => quote! { let mut #local = false; },
                _ => quote! { let mut #local = None; },
            });
            made.push(match child.occurs {
                Occurs::Once => quote! { #field: M::get(#local?)? },
                Occurs::Repeatedly => quote! { #field: M::get(#local)? },
                Occurs::Optionally if !child.is_flag() => quote! { #field: #local.and_then(M::get) },
                Occurs::Optionally if field == local => quote! { #field },
                Occurs::Optionally => quote! { #field: #local },
            });
        }
        let depth = function.job.depth();
        let mut states = Vec::new();
        for (number, state) in (0_u32..).zip(&model.automaton.states) {
            let mut arms = Vec::new();
            for edge in &state.edges {
                let Some(Leaf::Element(asked)) = model.leaf(edge.leaf) else { continue };
                for element in self.schema.usable(*asked) {
                    let target = edge.target.0;
                    let taken = self.child(emitter, function, children, element);
                    arms.extend(taken.into_iter().map(|tag| (tag, target)));
                }
            }
            // If nothing else can come, the first tag is expected together with the white space before it.
            let first = arms.first().filter(|_| !state.accepting).and_then(|(tag, _)| tag.bytes.as_deref());
            let first = first.and_then(|tag| Some(line(function.job.depth?.0, tag)));
            let arms = arms.into_iter().enumerate().map(|(index, (Tag { is_here, take, .. }, target))| match &first {
                Some(line) if index == 0 => quote! {
                    if scan.take_line(#line) || { scan.before_child(#depth); #is_here } { #take #target } else
                },
                _ => quote! { if #is_here { #take #target } else },
            });
            let arms: Vec<TokenStream> = arms.collect();
            let before_child = first.is_none().then(|| quote! { scan.before_child(#depth); });
            let number = Literal::u32_unsuffixed(number);
            let (end, whole_end) = match self.close(function.job) {
                Some((close, line)) => (
                    quote! { scan.take(#close) },
                    quote! { if scan.take_line(#line) { break } scan.before_end(#depth); scan.expect(#close)?; break },
                ),
                None => (quote! { scan.is_end() }, quote! { scan.before_end(#depth); break }),
            };
            states.push(match (state.accepting, &arms[..]) {
                (true, []) => quote! { #number => { #whole_end } },
                (false, []) => quote! { #number => return None, },
                (true, _) => quote! {
                    #number => { scan.before_tag(#depth); #(#arms)* if #end { break } else { return None } }
                },
                (false, _) => quote! { #number => { #before_child #(#arms)* { return None } } },
            });
        }
        quote! {
            let mut state = 0_u32;
            loop {
                state = match state {
                    #(#states)*
                    _ => return None,
                };
            }
        }
    }

    /// The value of a type with a simple value and attributes.
    fn value(
        &self,
        emitter: &Emitter<'_>,
        job: Job,
        (field, scalar, simple, type_id): (&str, &Scalar, &SimpleType, TypeId),
        made: &mut Vec<TokenStream>,
    ) -> TokenStream {
        let number = Literal::u32_unsuffixed(type_id.0);
        let read = self.scalar(emitter, scalar, simple, &quote! { scan.checked(#number, text)? });
        let read = read.unwrap_or_else(|| quote! { return None });
        let field = ident(field);
        made.push(if field == "value" {
            quote! { value }
        } else {
            quote! { #field: value }
        });
        let end = self.close(job).map(|(close, _)| quote! { scan.expect(#close)?; });
        quote! { let text = scan.content()?; #read #end }
    }

    /// The code for the attributes of a tag, in the order of the schema, and the end of the tag.
    fn attributes(
        &self,
        emitter: &Emitter<'_>,
        function: &Function<'p>,
        content: &Struct,
        type_id: TypeId,
        declared: &mut Vec<TokenStream>,
        made: &mut Vec<TokenStream>,
    ) -> TokenStream {
        let number = Literal::u32_unsuffixed(type_id.0);
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return TokenStream::new() };
        let mut reads = Vec::new();
        for ((index, attribute), used) in content.attributes.iter().enumerate().zip(&complex.attributes) {
            let (field, local) = (ident(&attribute.field), local(&attribute.field));
            let open = bytes(&format!(" {}=\"", attribute.name.local));
            let index = Literal::usize_unsuffixed(index);
            declared.push(quote! { let mut #local = None; });
            let checked = quote! { scan.checked_attribute(#number, #index, text)? };
            let facts = rules::attribute(function, used.name);
            let value_type = match emitter.has_types {
                true => emitter.scalar_type(&attribute.scalar, &quote! { 'a }),
                false => quote! { std::borrow::Cow<'a, str> },
            };
            let value = self.scalar(emitter, &attribute.scalar, &used.simple, &checked);
            let value = value.unwrap_or_else(|| quote! { let value: #value_type = #checked; });
            let keep = emitter.has_types.then(|| quote! { #local = Some(value); });
            let missing = attribute.is_required.then(|| quote! { else { return None; } });
            reads.push(quote! { if scan.take(#open) { let text = scan.attribute()?; #facts #value #keep } #missing });
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
        match self.reads_tag(function.job) {
            true => quote! { #(#reads)* scan.expect(b">")?; },
            false => TokenStream::new(),
        }
    }
}

fn boxed(is_boxed: bool, value: TokenStream) -> TokenStream {
    if is_boxed {
        quote! { Box::new(#value) }
    } else {
        value
    }
}

/// The bytes of a tag on a line of its own, indented by two spaces per level.
fn line(depth: usize, tag: &str) -> TokenStream {
    bytes(&format!("\n{}{tag}", "  ".repeat(depth)))
}

/// A byte string literal.
fn bytes(text: &str) -> TokenStream {
    let literal = Literal::byte_string(text.as_bytes());
    quote! { #literal }
}
