//! Names in a document as serde's keys: names of fields, of entries in maps, and of variants.
//!
//! The rule is the same as for JSON (see `name`). If a schema never has the same local name in two namespaces, and a
//! content model has no wildcard, the local part is the key, which costs nothing.

use std::borrow::Cow;
use std::collections::HashMap;

use super::content;
use super::key_table::KeyTable;
use super::name::{self, Name, Place};
use crate::compiled::{AttributeUse, Compiled, ElementId, Leaf, ModelId, NameId, NamespaceId, StandIn};
use crate::compiled::{TypeDefinition, TypeId, Types};

/// Data that is computed once per schema.
#[derive(Debug)]
pub(crate) struct KeyFacts {
    /// By content model: whether the local name of a child is its key.
    are_children_local: Box<[bool]>,
    /// By type: whether the local name of an attribute without a prefix is its key.
    are_attributes_local: Box<[bool]>,
    /// By content model: the children by local name. `None` if keys can also be other names, or other elements can
    /// replace the declared ones.
    children: Box<[Option<KeyTable<Child>>]>,
    /// Roots whose keys are their local names.
    roots: KeyTable<(NameId, ElementId)>,
    /// Types whose keys are their local names.
    types: KeyTable<(NameId, TypeId)>,
}

/// The child of a type that a key names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child {
    name: NameId,
    pub(super) element: ElementId,
    /// The number of the particle that takes it: of the first one, if there are several.
    pub(super) rank: usize,
    /// Whether other particles take it too.
    pub(super) is_repeated: bool,
}

impl KeyFacts {
    pub(crate) fn new(schema: &Compiled) -> KeyFacts {
        let are_unique = are_unique(schema, schema.elements.iter().map(|element| element.name));
        let has_wildcard = |leaves: &[Leaf]| leaves.iter().any(|leaf| matches!(leaf, Leaf::Wildcard(_)));
        let are_children_local: Box<[bool]> =
            schema.models.iter().map(|model| are_unique && !has_wildcard(&model.leaves)).collect();
        let children = schema.models.iter().zip(&are_children_local);
        KeyFacts {
            children: children.map(|(model, is_local)| table_of(schema, &model.leaves).filter(|_| *is_local)).collect(),
            are_children_local,
            are_attributes_local: schema
                .types
                .iter()
                .map(|definition| are_attributes_local(schema, definition))
                .collect(),
            roots: local_keys(schema, Place::Root, &schema.roots),
            types: local_keys(schema, Place::Type, &schema.named_types),
        }
    }
}

/// The children that the particles of a content model take, by their local names.
fn table_of(schema: &Compiled, leaves: &[Leaf]) -> Option<KeyTable<Child>> {
    let mut children: Vec<Child> = Vec::with_capacity(leaves.len());
    let mut known: HashMap<NameId, usize> = HashMap::new();
    for (rank, leaf) in leaves.iter().enumerate() {
        let Leaf::Element(element) = *leaf else { return None };
        if schema.substitutions.is_head(element) {
            return None;
        }
        let name = schema.elements[element.index()].name;
        let index = *known.entry(name).or_insert(children.len());
        match children.get_mut(index) {
            Some(child) => child.is_repeated = true,
            None => children.push(Child { name, element, rank, is_repeated: false }),
        }
    }
    Some(KeyTable::new(&children, |child| schema.names.local(child.name)))
}

/// Those named items whose key at a place is the local name.
fn local_keys<T: Copy>(schema: &Compiled, place: Place, named: &HashMap<NameId, T>) -> KeyTable<(NameId, T)> {
    let names = &schema.names;
    let is_local = |name: NameId| {
        let mut key = String::new();
        name::write(schema, place, names.namespace(name), names.local(name), &mut key);
        key == names.local(name)
    };
    let entries: Vec<(NameId, T)> =
        named.iter().filter(|(name, _)| is_local(**name)).map(|(name, named)| (*name, *named)).collect();
    KeyTable::new(&entries, |(name, _)| names.local(name))
}

/// Whether the local name of every attribute without a prefix can be its key.
fn are_attributes_local(schema: &Compiled, definition: &TypeDefinition) -> bool {
    let TypeDefinition::Complex(complex) = definition else { return true };
    let mut names = complex.attributes.iter().map(|attribute| attribute.name);
    names.clone().all(|name| schema.names.namespace_id(name) == NamespaceId::NONE)
        || complex.any_attribute.is_none() && are_unique(schema, &mut names)
}

/// Whether no two names differ only in their namespaces.
fn are_unique(schema: &Compiled, mut names: impl Iterator<Item = NameId>) -> bool {
    let mut known: HashMap<&str, NamespaceId> = HashMap::new();
    names.all(|name| {
        let namespace = schema.names.namespace_id(name);
        *known.entry(schema.names.local(name)).or_insert(namespace) == namespace
    })
}

/// Converts between the names of a schema and their keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys<'s> {
    pub(super) schema: &'s Compiled,
    pub(super) facts: &'s KeyFacts,
}

impl<'s> Keys<'s> {
    /// Whether the local name of each child in a content model is its key.
    #[inline]
    pub(super) fn are_local(self, model: Option<ModelId>) -> bool {
        let is_local = |model: ModelId| self.facts.are_children_local.get(model.index()).copied();
        model.and_then(is_local).unwrap_or(true)
    }

    #[inline]
    fn are_attributes_local(self, type_id: TypeId) -> bool {
        self.facts.are_attributes_local.get(type_id.index()).copied().unwrap_or_default()
    }

    /// The key of a name at a place.
    #[cold]
    pub(super) fn written<'a>(self, place: Place, namespace: &str, local: &'a str) -> Cow<'a, str> {
        let mut key = String::new();
        name::write(self.schema, place, namespace, local, &mut key);
        if key == local { Cow::Borrowed(local) } else { Cow::Owned(key) }
    }

    /// The key of an attribute, whose namespace is only needed if its local name is ambiguous.
    #[inline]
    pub(super) fn of_attribute<'a>(
        self,
        type_id: TypeId,
        is_prefixed: bool,
        local: &'a str,
        namespace: impl FnOnce() -> Cow<'s, str>,
    ) -> Cow<'a, str> {
        match !is_prefixed && self.are_attributes_local(type_id) {
            true => Cow::Borrowed(local),
            false => self.written(Place::Attribute(type_id), &namespace(), local),
        }
    }

    /// The child of a type that a key names.
    #[inline]
    pub(super) fn child(self, type_id: TypeId, key: &str) -> Option<ElementId> {
        match self.children(type_id, key) {
            Some(children) => children.get(key, self.local()).map(|child| child.element),
            None => self.found(type_id, key),
        }
    }

    /// As `child`, with its place.
    #[inline]
    pub(super) fn placed_child(self, type_id: TypeId, key: &str) -> Option<Child> {
        match self.children(type_id, key) {
            Some(children) => children.get(key, self.local()),
            None => {
                let element = self.found(type_id, key)?;
                let mut ranks = self.ranks(type_id, key);
                let name = self.schema.elements.get(element.index())?.name;
                Some(Child { name, element, rank: ranks.next()?, is_repeated: ranks.next().is_some() })
            }
        }
    }

    /// The child with a name, with its place, if exactly one particle takes it and that particle takes nothing else.
    pub(super) fn only_child(self, type_id: TypeId, name: NameId) -> Option<Child> {
        let local = self.schema.names.local(name);
        let child = self.children(type_id, local)?.get(local, self.local())?;
        (child.name == name && !child.is_repeated).then_some(child)
    }

    /// The children of a type by local name, if there is such a table and the key is a local name.
    #[inline]
    fn children(self, type_id: TypeId, key: &str) -> Option<&'s KeyTable<Child>> {
        let children = self.facts.children.get(content::model(self.schema, type_id)?.index())?.as_ref();
        children.filter(|_| !key.starts_with("Q{"))
    }

    /// The local name of a child.
    #[inline]
    fn local(self) -> impl Fn(Child) -> &'s str {
        let names = &self.schema.names;
        move |child| names.local(child.name)
    }

    /// The child for a key, searched for among the particles.
    fn found(self, type_id: TypeId, key: &str) -> Option<ElementId> {
        let leaves = content::leaves(self.schema, type_id);
        match self.asked(type_id, key)? {
            Asked::Local => leaves.iter().find_map(|leaf| content::named(self.schema, leaf, key)),
            Asked::Name(name) => leaves.iter().find_map(|leaf| element_named(self.schema, leaf, name)),
        }
    }

    /// The numbers of the particles in the content of a type that take the child that a key names.
    pub(super) fn ranks(self, type_id: TypeId, key: &str) -> impl Iterator<Item = usize> {
        let asked = self.asked(type_id, key);
        let takes = move |leaf: &Leaf| match asked {
            Some(Asked::Local) => content::named(self.schema, leaf, key).is_some(),
            Some(Asked::Name(name)) => element_named(self.schema, leaf, name).is_some(),
            None => false,
        };
        let leaves = content::leaves(self.schema, type_id).iter().enumerate();
        leaves.filter_map(move |(rank, leaf)| takes(leaf).then_some(rank))
    }

    /// The numbers of the particles that take the child with a name.
    pub(super) fn ranks_of(self, type_id: TypeId, name: NameId) -> impl Iterator<Item = usize> {
        let leaves = content::leaves(self.schema, type_id).iter().enumerate();
        leaves.filter_map(move |(rank, leaf)| element_named(self.schema, leaf, name).map(|_| rank))
    }

    /// The child that a key refers to in a type; `None` if the schema does not have the name.
    #[inline]
    fn asked(self, type_id: TypeId, key: &str) -> Option<Asked> {
        let model = content::model(self.schema, type_id)?;
        match self.are_local(Some(model)) && !key.starts_with("Q{") {
            true => Some(Asked::Local),
            false => name::read(self.schema, Place::Child(model), key).id(self.schema).map(Asked::Name),
        }
    }

    /// The attribute that a type declares for a key.
    #[inline]
    pub(super) fn attribute(self, type_id: TypeId, key: &str) -> Option<&'s AttributeUse> {
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return None };
        let mut uses = complex.attributes.iter().map(|attribute| &**attribute);
        if self.are_attributes_local(type_id) {
            let names = &self.schema.names;
            let is_named = |attribute: &&AttributeUse| {
                names.local(attribute.name) == key && names.namespace(attribute.name) != XML
            };
            let named = uses.clone().find(is_named);
            if named.is_some() || !["Q{", "xml:", "xsi:"].into_iter().any(|prefix| key.starts_with(prefix)) {
                return named;
            }
        }
        let name = name::read(self.schema, Place::Attribute(type_id), key).id(self.schema)?;
        uses.find(|attribute| attribute.name == name)
    }

    /// The attribute name that a key denotes in a type.
    pub(super) fn attribute_name<'a>(self, type_id: TypeId, key: &'a str) -> Name<'a>
    where
        's: 'a,
    {
        name::read(self.schema, Place::Attribute(type_id), key)
    }

    /// The global element that a key names.
    pub(super) fn root(self, key: &str) -> Option<ElementId> {
        if let Some((_, root)) = self.facts.roots.get(key, |(name, _)| self.schema.names.local(name)) {
            return Some(root);
        }
        let name = name::read(self.schema, Place::Root, key).id(self.schema)?;
        self.schema.roots.get(&name).copied()
    }

    /// The key of a named type.
    pub(super) fn of_type(self, type_id: TypeId) -> Option<Cow<'s, str>> {
        let name = self.schema.type_name(type_id)?;
        Some(self.written(Place::Type, self.schema.names.namespace(name), self.schema.names.local(name)))
    }

    /// The type that a key names.
    pub(super) fn type_named(self, key: &str) -> Option<TypeId> {
        let named =
            || self.schema.named_types.get(&name::read(self.schema, Place::Type, key).id(self.schema)?).copied();
        match self.facts.types.get(key, |(name, _)| self.schema.names.local(name)) {
            Some((_, named)) => Some(named),
            None => key.starts_with("Q{").then(named)?,
        }
    }

    /// The type that a variant names, if it is the declared type of the element or derived from it. If a child has the
    /// name of the variant, the variant is that child.
    pub(super) fn variant_type(self, declared: TypeId, variant: &str) -> Option<TypeId> {
        let named = self.type_named(variant)?;
        self.schema.derivation(named, declared)?;
        if self.child(declared, variant).is_some() { None } else { Some(named) }
    }

    /// Whether the variants of an enum are the types that an element can have. For complex types, one such variant is
    /// enough, since other variants are mistakes. For simple types, all must be types, since texts can equal the names
    /// of types.
    pub(super) fn are_types(self, declared: TypeId, variants: &[&str]) -> bool {
        let mut are_types = variants.iter().map(|variant| self.variant_type(declared, variant).is_some());
        match self.schema.has_simple_content(declared) {
            true => !variants.is_empty() && are_types.all(|is_type| is_type),
            false => are_types.any(|is_type| is_type),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Asked {
    /// The child with this local name, in any namespace.
    Local,
    Name(NameId),
}

/// Names in this namespace are written with `xml:`.
const XML: &str = crate::xml::XML_NAMESPACE;

/// The element with a name that a particle takes.
fn element_named(schema: &Compiled, leaf: &Leaf, name: NameId) -> Option<ElementId> {
    match leaf {
        Leaf::Element(asked) => match schema.stands_for(name, *asked)? {
            StandIn::Valid(element) => Some(element),
            StandIn::Blocked(_) => None,
        },
        Leaf::Wildcard(_) => None,
    }
}
