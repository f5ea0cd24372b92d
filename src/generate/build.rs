//! Builds the plan of a schema: each type that the roots reach becomes a Rust type.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::children::{self, Entry};
use super::names::{Scope, camel, snake};
use super::options::Options;
use super::plan::{
    Attribute, Children, Content, Derived, Element, Item, ItemContent, ItemId, Kind, Name, Occurs, Plan, Root, Scalar,
    Struct, Value, Variant, VariantKind, Whole, whole_number,
};
use super::prefixes;
use crate::automaton::LeafId;
use crate::codec::Forms;
use crate::compiled::{Compiled, Content as Contents, ElementId, Leaf, ModelId, NameId, TypeDefinition, TypeId, Types};
use crate::datatype::{Kind as DataKind, SimpleType};

/// The most values of an enumeration that become variants; with more it stays a text.
const MOST_VALUES: usize = 1000;

/// Builds the plan for the requested roots.
pub(super) fn plan(
    schema: &Compiled,
    forms: &Forms,
    secrets: &[Box<str>],
    options: &Options,
    roots: &[ElementId],
) -> Plan {
    let mut builder = Builder {
        schema,
        forms,
        secrets,
        options,
        derived: derived(schema),
        prefixes: prefixes::find(schema),
        plan: Plan::default(),
        names: Scope::of_types(),
        by_type: HashMap::new(),
        hierarchies: HashMap::new(),
        enumerations: HashMap::new(),
        choices: HashMap::new(),
        wholes: HashMap::new(),
        waiting: VecDeque::new(),
    };
    let mut functions = Scope::default();
    for root in roots {
        let declaration = &schema.elements[root.index()];
        let function = functions.unique_root(&snake(schema.names.local(declaration.name)));
        let element = builder.element(*root, "");
        let documentation = documentation(declaration.documentation.as_ref());
        builder.plan.roots.push(Root { function, documentation, element });
        builder.fill();
    }
    let mut plan = builder.plan;
    plan.prefixes = builder.prefixes.used();
    plan.find_traits();
    plan.box_parts();
    plan
}

/// For each complex type, the named complex types derived from it in any number of steps that elements can have.
fn derived(schema: &Compiled) -> HashMap<TypeId, Vec<TypeId>> {
    let mut derived: HashMap<TypeId, Vec<TypeId>> = HashMap::new();
    for (id, definition) in (0..).map(TypeId).zip(&schema.types) {
        let TypeDefinition::Complex(complex) = definition else { continue };
        if complex.is_abstract || complex.name.is_none() {
            continue;
        }
        let mut base = complex.base;
        while let Some(at) = base.filter(|at| *at != schema.any_type) {
            let TypeDefinition::Complex(above) = &schema.types[at.index()] else { break };
            if schema.is_validly_derived(id, at, schema.prohibited_by(at)) {
                derived.entry(at).or_default().push(id);
            }
            base = above.base;
        }
    }
    derived
}

struct Builder<'s> {
    schema: &'s Compiled,
    forms: &'s Forms,
    secrets: &'s [Box<str>],
    options: &'s Options,
    derived: HashMap<TypeId, Vec<TypeId>>,
    prefixes: prefixes::Prefixes,
    plan: Plan,
    names: Scope,
    /// The Rust form of each type, without the types derived from it.
    by_type: HashMap<TypeId, Value>,
    /// The enums of a type and all types derived from it.
    hierarchies: HashMap<TypeId, ItemId>,
    enumerations: HashMap<*const SimpleType, Option<ItemId>>,
    /// Choices by their elements, so that types with the same choice share one enum.
    choices: HashMap<Vec<(Option<ElementId>, bool)>, ItemId>,
    /// The types of elements that are kept whole, by those elements.
    wholes: HashMap<Vec<ElementId>, ItemId>,
    /// Types that have a number and a name but no content yet.
    waiting: VecDeque<(ItemId, TypeId)>,
}

impl<'s> Builder<'s> {
    /// Builds the types that other types refer to.
    fn fill(&mut self) {
        while let Some((item, type_id)) = self.waiting.pop_front() {
            let content = self.structure(item, type_id);
            if let Some(item) = self.plan.items.get_mut(item.0) {
                item.content = ItemContent::Struct(content);
            }
        }
    }

    fn add(&mut self, name: String, documentation: Option<String>, content: ItemContent) -> ItemId {
        let id = ItemId(self.plan.items.len());
        let is_open = self.options.is_open(&name);
        self.plan.items.push(Item { name, documentation, content, is_open, borrows: false, has_floats: false });
        id
    }

    /// The name of a type: the usual one, unless it is taken, or the options replace it.
    fn type_name(&mut self, wanted: String, inside: &str) -> String {
        let given = self.names.unique(wanted, inside);
        match self.options.renamed(&given) {
            Some(renamed) => self.names.unique(renamed.to_owned(), inside),
            None => given,
        }
    }

    /// The name of a field or a variant: the usual one, unless it is taken, or the options replace it.
    fn member(&self, owner: &str, scope: &mut Scope, wanted: String) -> String {
        let given = scope.unique(wanted, "");
        match self.options.renamed(&format!("{owner}.{given}")) {
            Some(renamed) => scope.unique(renamed.to_owned(), ""),
            None => given,
        }
    }

    /// Whether a type is among those that the options name.
    fn is_among(&self, type_id: TypeId, is_named: impl FnOnce(&str) -> bool) -> bool {
        let name = self.schema.type_name(type_id);
        name.is_some_and(|name| is_named(self.schema.names.local(name)))
    }

    /// Whether elements of the type are kept whole.
    fn is_whole(&self, type_id: TypeId) -> bool {
        self.is_among(type_id, |name| self.options.is_whole(name))
    }

    fn name_of(&self, id: ItemId) -> String {
        self.plan.item(id).map(|item| item.name.clone()).unwrap_or_default()
    }

    fn name(&mut self, name: NameId) -> Name {
        let (namespace, local) = (self.schema.names.namespace(name), self.schema.names.local(name));
        let qualified = match self.prefixes.of(namespace) {
            Some(prefix) => format!("{prefix}:{local}"),
            None => local.to_owned(),
        };
        Name { namespace: namespace.to_owned(), local: local.to_owned(), qualified }
    }

    /// The Rust form of the elements with a declaration, inside a type with this name.
    fn element(&mut self, id: ElementId, inside: &str) -> Element {
        let declaration = &self.schema.elements[id.index()];
        let local = self.schema.names.local(declaration.name);
        let name = self.name(declaration.name);
        let is_secret = self.secrets.iter().any(|secret| secret.eq_ignore_ascii_case(local)) || local == "password";
        let mut value = self.value(declaration.type_id, local, inside);
        if is_secret && let Value::Scalar(Scalar::Text) = value {
            value = Value::Scalar(Scalar::Secret);
        }
        // A nil element with attributes has no form of its own.
        if declaration.nillable && self.has_attributes(declaration.type_id) {
            value = Value::Any;
        }
        let is_nillable = declaration.nillable && !matches!(value, Value::Any);
        Element { id, name, is_nillable, value }
    }

    fn has_attributes(&self, type_id: TypeId) -> bool {
        match &self.schema.types[type_id.index()] {
            TypeDefinition::Simple(_) => false,
            TypeDefinition::Complex(complex) => !complex.attributes.is_empty() || complex.any_attribute.is_some(),
        }
    }

    /// The Rust form of elements with a declared type, which can have that type or one derived from it.
    fn value(&mut self, type_id: TypeId, local: &str, inside: &str) -> Value {
        if self.is_whole(type_id) {
            return Value::Any;
        }
        let derived = self.derived.get(&type_id).filter(|derived| !derived.is_empty()).cloned();
        let is_exact = self.is_among(type_id, |name| self.options.is_exact(name));
        let derived = derived.filter(|_| !is_exact);
        let Some(derived) = derived else { return self.exact(type_id, local, inside) };
        if let Some(known) = self.hierarchies.get(&type_id) {
            return Value::Item(*known);
        }
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return Value::Any };
        let Some(name) = complex.name else { return Value::Any };
        let base = camel(self.schema.names.local(name));
        let own = self.type_name(format!("Any{base}"), inside);
        let documentation = Some(format!(
            "An element of the type `{}`, or of one that is derived from it.",
            self.schema.names.local(name)
        ));
        let id = self.add(own.clone(), documentation, ItemContent::Hierarchy(Vec::new()));
        self.hierarchies.insert(type_id, id);
        let declared = (!complex.is_abstract).then_some(type_id);
        let mut variants = Vec::new();
        let mut names = Scope::default();
        for each in declared.into_iter().chain(derived) {
            let TypeDefinition::Complex(complex) = &self.schema.types[each.index()] else { continue };
            let Some(name) = complex.name else { continue };
            let local = self.schema.names.local(name);
            let value = self.exact(each, local, "");
            let type_name = self.name(name);
            let name = self.member(&own, &mut names, camel(local));
            variants.push(Derived { name, type_name, is_declared: each == type_id, value, is_boxed: false });
        }
        if let Some(item) = self.plan.items.get_mut(id.0) {
            item.content = ItemContent::Hierarchy(variants);
        }
        Value::Item(id)
    }

    /// The Rust form of elements that have exactly this type.
    fn exact(&mut self, type_id: TypeId, local: &str, inside: &str) -> Value {
        if let Some(known) = self.by_type.get(&type_id) {
            return known.clone();
        }
        let value = match &self.schema.types[type_id.index()] {
            TypeDefinition::Simple(definition) => {
                let simple = Arc::clone(&definition.simple);
                // It can have any text and, with `xsi:type`, any type.
                if definition.base.is_none() {
                    return Value::Any;
                }
                return self.scalar(&simple, local, inside).map_or(Value::Any, Value::Scalar);
            }
            TypeDefinition::Complex(complex) => {
                if type_id == self.schema.any_type || !self.is_typed(type_id) {
                    Value::Any
                } else if let (Contents::Simple(simple), false) = (&complex.content, self.has_attributes(type_id)) {
                    let simple = Arc::clone(simple);
                    return self.scalar(&simple, local, inside).map_or(Value::Any, Value::Scalar);
                } else if let (Contents::Empty, false) = (&complex.content, self.has_attributes(type_id)) {
                    Value::Unit
                } else {
                    let wanted = complex.name.map_or(camel(local), |name| camel(self.schema.names.local(name)));
                    let name = self.type_name(wanted, inside);
                    let documentation = documentation(complex.documentation.as_ref());
                    let id = self.add(name, documentation, ItemContent::Struct(Struct::default()));
                    self.waiting.push_back((id, type_id));
                    Value::Item(id)
                }
            }
        };
        self.by_type.insert(type_id, value.clone());
        value
    }

    /// Whether the elements of a type can have a Rust type of their own. They cannot if a value is of a union that
    /// includes names with a prefix, or if their children have more orders than fields can hold.
    fn is_typed(&self, type_id: TypeId) -> bool {
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return true };
        let is_name = |simple: &SimpleType| simple.is_name() || simple.item().is_some_and(|item| item.is_name());
        let is_plain = |simple: &SimpleType| is_name(simple) || !simple.has_qualified_names();
        complex.attributes.iter().all(|attribute| is_plain(&attribute.simple))
            && match &complex.content {
                Contents::Empty => true,
                Contents::Simple(simple) => is_plain(simple),
                Contents::Elements { mixed: true, .. } => true,
                Contents::Elements { model, mixed: false } => {
                    children::entries(self.schema, self.forms, *model).is_some()
                }
            }
    }

    fn structure(&mut self, item: ItemId, type_id: TypeId) -> Struct {
        let owner = self.name_of(item);
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return Struct::default() };
        let mut fields = Scope::default();
        let content = match &complex.content {
            Contents::Empty => Content::Nothing,
            Contents::Simple(simple) => {
                let scalar = self.scalar(simple, "Value", &owner).unwrap_or(Scalar::Text);
                Content::Value(self.member(&owner, &mut fields, "value".into()), scalar)
            }
            Contents::Elements { model, mixed: true } => {
                let choice = self.mixed(*model, &owner);
                Content::Mixed(self.member(&owner, &mut fields, "content".into()), choice)
            }
            Contents::Elements { model, mixed: false } => Content::Children(self.children(*model, &owner, &mut fields)),
        };
        let mut attributes = Vec::new();
        for used in &complex.attributes {
            let local = self.schema.names.local(used.name);
            let field = snake(local);
            let field = if fields.contains(&field) { format!("{field}_attribute") } else { field };
            attributes.push(Attribute {
                field: self.member(&owner, &mut fields, field),
                documentation: documentation(used.documentation.as_ref()),
                name: self.name(used.name),
                scalar: self.scalar(&used.simple, local, &owner).unwrap_or(Scalar::Text),
                is_required: used.required,
            });
        }
        let other_attributes =
            complex.any_attribute.as_ref().map(|_| self.member(&owner, &mut fields, "other_attributes".into()));
        let is_exact = self.is_among(type_id, |name| self.options.is_exact(name));
        let name = complex.name.filter(|_| is_exact && self.derived.contains_key(&type_id));
        let exact = name.map(|name| self.name(name));
        Struct { type_id: Some(type_id), exact, attributes, other_attributes, content }
    }

    fn children(&mut self, model: ModelId, owner: &str, fields: &mut Scope) -> Vec<Children> {
        let entries = children::entries(self.schema, self.forms, model).unwrap_or_default();
        let mut all = Vec::new();
        for Entry { leaves, lists, occurs, is_choice } in entries {
            let elements = |leaves: &[LeafId]| -> Vec<Leaf> {
                leaves.iter().filter_map(|leaf| self.schema.models[model.index()].leaf(*leaf)).cloned().collect()
            };
            let (leaves, lists) = (elements(&leaves), elements(&lists));
            let is_wildcard = matches!(leaves[..], [Leaf::Wildcard(_), ..]) && !is_choice;
            let usable: Vec<ElementId> = leaves
                .iter()
                .filter_map(|leaf| if let Leaf::Element(element) = leaf { Some(*element) } else { None })
                .flat_map(|element| self.schema.usable(element))
                .collect();
            let (field, documentation, kind) = match usable[..] {
                _ if is_wildcard => ("any".to_owned(), None, Kind::Wildcard),
                // An abstract element for which nothing can be written.
                [] => continue,
                [only] if !is_choice || leaves.len() == 1 => {
                    let declaration = &self.schema.elements[only.index()];
                    let local = self.schema.names.local(declaration.name);
                    let element = self.element(only, owner);
                    (snake(local), documentation(declaration.documentation.as_ref()), Kind::Element(element))
                }
                _ => {
                    let head = match leaves[..] {
                        [Leaf::Element(head)] => Some(self.schema.names.local(self.schema.elements[head.index()].name)),
                        _ => None,
                    };
                    let (field, name) = match (head, occurs) {
                        (Some(head), _) => (snake(head), format!("{owner}{}", camel(head))),
                        (None, Occurs::Repeatedly) => ("items".to_owned(), format!("{owner}Item")),
                        (None, _) => ("choice".to_owned(), format!("{owner}Choice")),
                    };
                    (field, None, Kind::Choice(self.choice(&leaves, &lists, false, name, owner)))
                }
            };
            let field = self.member(owner, fields, field);
            let is_few = self.options.is_few(&format!("{owner}.{field}")) && occurs == Occurs::Repeatedly;
            all.push(Children { field, documentation, kind, occurs, is_boxed: false, is_few });
        }
        all
    }

    /// The type for the text and children of mixed content.
    fn mixed(&mut self, model: ModelId, owner: &str) -> ItemId {
        let leaves = self.schema.models[model.index()].leaves.clone();
        self.choice(&leaves, &[], true, format!("{owner}Item"), owner)
    }

    /// The enum of several children; a child in `lists` can occur several times.
    fn choice(&mut self, leaves: &[Leaf], lists: &[Leaf], has_text: bool, name: String, owner: &str) -> ItemId {
        let mut elements: Vec<(Option<ElementId>, bool)> = Vec::new();
        let mut has_wildcard = false;
        for leaf in leaves {
            match leaf {
                Leaf::Element(element) => {
                    for usable in self.schema.usable(*element) {
                        let name = self.schema.elements[usable.index()].name;
                        let mut known = elements.iter().filter_map(|(known, _)| *known);
                        if !known.any(|known| self.schema.elements[known.index()].name == name) {
                            let is_list =
                                lists.iter().any(|list| matches!(list, Leaf::Element(list) if list == element));
                            elements.push((Some(usable), is_list));
                        }
                    }
                }
                Leaf::Wildcard(_) => has_wildcard = true,
            }
        }
        if has_wildcard {
            elements.push((None, false));
        }
        // A choice with text is shared only with others that have text; an ID that no element has marks it in the key.
        let mut key = elements.clone();
        if has_text {
            key.push((Some(ElementId(u32::MAX)), false));
        }
        if let Some(known) = self.choices.get(&key) {
            return *known;
        }
        let own = self.type_name(name, owner);
        let id = self.add(own.clone(), None, ItemContent::Choice(Vec::new()));
        self.choices.insert(key, id);
        let mut names = Scope::default();
        let mut variants = Vec::new();
        if has_text {
            let name = self.member(&own, &mut names, "Text".into());
            variants.push(Variant { name, documentation: None, kind: VariantKind::Text, is_boxed: false });
        }
        for (element, is_list) in elements.clone() {
            let Some(element) = element else {
                let name = self.member(&own, &mut names, "Any".into());
                variants.push(Variant { name, documentation: None, kind: VariantKind::Wildcard, is_boxed: false });
                continue;
            };
            let declaration = &self.schema.elements[element.index()];
            if self.is_whole(declaration.type_id) && !is_list {
                let alike: Vec<ElementId> = elements
                    .iter()
                    .filter_map(|(other, _)| *other)
                    .filter(|other| self.is_alike(*other, element))
                    .collect();
                // One variant, added for the first of these elements, is used for all of them.
                if alike.first() == Some(&element) {
                    let whole = self.whole(declaration.type_id, alike);
                    let name = self.member(&own, &mut names, self.name_of(whole));
                    variants.push(Variant {
                        name,
                        documentation: None,
                        kind: VariantKind::Whole(whole),
                        is_boxed: false,
                    });
                }
                continue;
            }
            let variant = self.member(&own, &mut names, camel(self.schema.names.local(declaration.name)));
            let documentation = documentation(declaration.documentation.as_ref());
            let value = self.element(element, owner);
            let kind = if is_list { VariantKind::List(value) } else { VariantKind::Element(value) };
            variants.push(Variant { name: variant, documentation, kind, is_boxed: false });
        }
        if let Some(item) = self.plan.items.get_mut(id.0) {
            item.content = ItemContent::Choice(variants);
        }
        id
    }

    /// Whether two elements have the same type, and names in the same namespace.
    fn is_alike(&self, one: ElementId, other: ElementId) -> bool {
        let of = |id: ElementId| &self.schema.elements[id.index()];
        let (one, other) = (of(one), of(other));
        one.type_id == other.type_id
            && self.schema.names.namespace_id(one.name) == self.schema.names.namespace_id(other.name)
    }

    /// The type for elements that are kept whole: one of their names, and the content.
    fn whole(&mut self, type_id: TypeId, elements: Vec<ElementId>) -> ItemId {
        if let Some(known) = self.wholes.get(&elements) {
            return *known;
        }
        let (name, documentation) = match &self.schema.types[type_id.index()] {
            TypeDefinition::Complex(complex) => (complex.name, documentation(complex.documentation.as_ref())),
            TypeDefinition::Simple(definition) => (definition.name, None),
        };
        let own = self.type_name(camel(name.map_or("Whole", |name| self.schema.names.local(name))), "");
        let id = self.add(own.clone(), documentation, ItemContent::Enumeration(Vec::new()));
        let names_of_elements = self.type_name(format!("{own}Name"), "");
        let mut names = Scope::default();
        let mut named = Vec::new();
        for element in &elements {
            let name = self.name(self.schema.elements[element.index()].name);
            let variant = self.member(&names_of_elements, &mut names, camel(&name.local));
            named.push((variant, name, *element));
        }
        let values = named.iter().map(|(variant, name, _)| (variant.clone(), name.local.clone())).collect();
        let documentation = Some(format!("The names that `{own}` can have."));
        let names = self.add(names_of_elements, documentation, ItemContent::Enumeration(values));
        if let Some(item) = self.plan.items.get_mut(id.0) {
            item.content = ItemContent::Whole(Whole { names, elements: named });
        }
        self.wholes.insert(elements, id);
        id
    }

    /// The Rust form of the values of a simple type; `None` for a union with names whose prefix has a meaning.
    fn scalar(&mut self, simple: &Arc<SimpleType>, local: &str, inside: &str) -> Option<Scalar> {
        if simple.is_name() {
            return Some(Scalar::Name);
        }
        let is_list_of_names = simple.item().is_some_and(|item| item.is_name());
        if simple.has_qualified_names() && !is_list_of_names {
            return None;
        }
        // Patterns apply to the text as written.
        if simple.has_patterns() && simple.kind() != DataKind::String {
            return Some(Scalar::Text);
        }
        Some(match simple.kind() {
            DataKind::Boolean => Scalar::Boolean,
            DataKind::Integer => whole_number(simple).map_or(Scalar::Integer, Scalar::Number),
            DataKind::Float => Scalar::Number(if simple.is_single_precision() { "f32" } else { "f64" }),
            DataKind::List => match simple.item().cloned().and_then(|item| self.scalar(&item, local, inside)) {
                Some(item) => Scalar::List(Box::new(item)),
                None => Scalar::Text,
            },
            DataKind::String => match self.enumeration(simple, local, inside) {
                Some(id) => Scalar::Enumeration(id),
                None => Scalar::Text,
            },
            DataKind::Decimal | DataKind::Union => Scalar::Text,
        })
    }

    /// The enumeration for a type of text.
    fn enumeration(&mut self, simple: &Arc<SimpleType>, local: &str, inside: &str) -> Option<ItemId> {
        if let Some(known) = self.enumerations.get(&Arc::as_ptr(simple)) {
            return *known;
        }
        let values = simple.enumeration().filter(|values| simple.is_text() && values.len() <= MOST_VALUES);
        let id = values.map(|values| {
            let wanted = simple.name().map_or_else(|| format!("{inside}{}", camel(local)), camel);
            let name = self.type_name(wanted, inside);
            let mut names = Scope::default();
            let mut seen = std::collections::HashSet::new();
            let distinct = values.iter().filter(|value| seen.insert((*value).clone()));
            let variants =
                distinct.map(|value| (self.member(&name, &mut names, camel(value)), value.to_string())).collect();
            self.add(name, None, ItemContent::Enumeration(variants))
        });
        self.enumerations.insert(Arc::as_ptr(simple), id);
        id
    }
}

fn documentation(text: Option<&Arc<str>>) -> Option<String> {
    let text = text?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
