//! The schema's names and documentation, in the form that diagnostics need.

use std::collections::HashSet;

use super::search::Lack;
use crate::automaton::{LeafId, Shortage};
use crate::compiled::{
    Compiled, Content, ElementId, Leaf, Model, NameId, NamespaceConstraint, NamespaceId, TypeDefinition, TypeId,
};
use crate::diagnostic::words::{Allowed, Item, Missing, Name};

/// How many of the elements that can replace an element are named, counting that element itself.
const NAMED: usize = 4;

impl Compiled {
    /// A name, for messages.
    pub(super) fn name(&self, name: NameId) -> Name<'_> {
        Name { namespace: self.names.namespace(name), local: self.names.local(name) }
    }

    /// The name of an element, for messages.
    pub(super) fn element_name(&self, element: ElementId) -> Name<'_> {
        self.name(self.elements[element.index()].name)
    }

    /// Whether a global element has the same local name in another namespace.
    pub(super) fn has_root_like(&self, name: Name<'_>) -> bool {
        let namespaces = (0..self.names.namespaces.len() as u32).map(NamespaceId);
        let named = namespaces.filter_map(|namespace| self.names.lookup_local(namespace, name.local));
        named.filter(|other| self.roots.contains_key(other)).any(|other| self.names.namespace(other) != name.namespace)
    }

    /// What a wildcard allows, for messages.
    pub(super) fn allowed(&self, constraint: &NamespaceConstraint) -> Allowed<'_> {
        let named = |id: &NamespaceId| self.names.namespaces.get(id.index()).map_or("", |namespace| namespace);
        match constraint {
            NamespaceConstraint::Any => Allowed::Any,
            NamespaceConstraint::Not(other) => Allowed::Other(named(other)),
            NamespaceConstraint::OneOf(list) => Allowed::OneOf(list.iter().map(named).collect()),
        }
    }

    /// The name of a type, if it has one.
    pub(crate) fn type_name(&self, type_id: TypeId) -> Option<NameId> {
        match &self.types[type_id.index()] {
            TypeDefinition::Simple(definition) => definition.name,
            TypeDefinition::Complex(complex) => complex.name,
        }
    }

    pub(crate) fn local_name(&self, element: ElementId) -> &str {
        let name = self.elements[element.index()].name;
        self.names.names.get(name.index()).map_or("", |name| &name.local)
    }

    /// The documentation of an element in the schema, or of its type if the element has none.
    pub(crate) fn documentation(&self, element: ElementId) -> Option<&str> {
        let declaration = &self.elements[element.index()];
        let of_type = || match &self.types[declaration.type_id.index()] {
            TypeDefinition::Simple(definition) => definition.documentation.as_deref(),
            TypeDefinition::Complex(complex) => complex.documentation.as_deref(),
        };
        declaration.documentation.as_deref().or_else(of_type)
    }

    /// Whether an element can have children in no namespace, which a default namespace declaration would change.
    pub(super) fn has_children_without_namespace(&self, element: ElementId) -> bool {
        let TypeDefinition::Complex(complex) = &self.types[self.elements[element.index()].type_id.index()] else {
            return false;
        };
        let Content::Elements { model, .. } = complex.content else { return false };
        self.models[model.index()].leaves.iter().any(|leaf| match leaf {
            Leaf::Element(element) => self.element_name(*element).namespace.is_empty(),
            Leaf::Wildcard(_) => false,
        })
    }

    /// The name of a leaf; a wildcard has none.
    pub(super) fn leaf_name<'s>(&'s self, model: &'s Model, leaf: LeafId) -> Name<'s> {
        match model.leaf(leaf) {
            Some(Leaf::Element(element)) => self.element_name(*element),
            _ => Name::without_namespace(""),
        }
    }

    /// The documentation of the missing element, if only one leaf is missing; `None` if several are possible.
    pub(super) fn documentation_of_missing(&self, model: &Model, missing: &[Lack]) -> Option<&str> {
        match missing.first()?.leaves[..] {
            [leaf] => match model.leaf(leaf)? {
                Leaf::Element(element) => self.documentation(*element),
                Leaf::Wildcard(_) => None,
            },
            _ => None,
        }
    }

    /// The missing items, for messages.
    pub(super) fn missing<'s>(&'s self, model: &'s Model, missing: &[Lack]) -> Vec<Missing<'s>> {
        let mut all: Vec<_> = missing
            .iter()
            .map(|Lack { leaves, shortage }| {
                let counts = shortage.map(|Shortage { found, least }| (found, least));
                Missing { items: self.items(model, leaves), counts }
            })
            .collect();
        all.dedup();
        all
    }

    /// The names of leaves, without duplicates. Of the elements that can replace another one, only a few are named.
    pub(super) fn items<'s>(&'s self, model: &'s Model, leaves: &[LeafId]) -> Vec<Item<'s>> {
        let (mut items, mut known) = (Vec::with_capacity(leaves.len()), Given::default());
        let mut wildcards = HashSet::new();
        for leaf in leaves {
            match model.leaf(*leaf) {
                Some(Leaf::Element(asked)) => {
                    let mut usable = self.usable(*asked).peekable();
                    let itself = usable.peek().is_none().then_some(*asked);
                    for element in itself.into_iter().chain(usable.by_ref().take(NAMED)) {
                        if known.insert((self.elements[element.index()].name, false)) {
                            items.push(Item::Element(self.element_name(element)));
                        }
                    }
                    if usable.next().is_some() && known.insert((self.elements[asked.index()].name, true)) {
                        items.push(Item::StandIn(self.element_name(*asked)));
                    }
                }
                Some(Leaf::Wildcard(wildcard)) => {
                    let item = Item::Any(self.allowed(&wildcard.namespaces));
                    if wildcards.insert(item.clone()) {
                        items.push(item);
                    }
                }
                None => {}
            }
        }
        items
    }
}

/// The names given so far, each with whether it includes the elements that can replace it. Only a few are searched.
#[derive(Default)]
struct Given {
    few: Vec<(NameId, bool)>,
    many: HashSet<(NameId, bool)>,
}

impl Given {
    /// Inserts a name, and returns whether it is new.
    fn insert(&mut self, name: (NameId, bool)) -> bool {
        const FEW: usize = 24;
        if self.few.contains(&name) {
            return false;
        }
        if self.few.len() == FEW {
            return self.many.insert(name);
        }
        self.few.push(name);
        true
    }
}
