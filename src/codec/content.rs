//! Looks up the children in the content of a type, for reading and writing values.

use crate::automaton::LeafId;
use crate::compiled::{Compiled, Content, ElementId, Leaf, Model, ModelId, NameId, NamespaceId, Process};
use crate::compiled::{StandIn, TypeDefinition, TypeId};

/// The content model, if the content is elements.
#[inline]
pub(super) fn model(schema: &Compiled, type_id: TypeId) -> Option<ModelId> {
    match &schema.types[type_id.index()] {
        TypeDefinition::Complex(complex) => match complex.content {
            Content::Elements { model, .. } => Some(model),
            _ => None,
        },
        TypeDefinition::Simple(_) => None,
    }
}

/// The particles of that content model.
#[inline]
pub(super) fn leaves(schema: &Compiled, type_id: TypeId) -> &[Leaf] {
    model(schema, type_id).map_or(&[], |model| &schema.models[model.index()].leaves)
}

/// The element with a local name that a particle takes.
#[inline]
pub(super) fn named(schema: &Compiled, leaf: &Leaf, name: &str) -> Option<ElementId> {
    match leaf {
        Leaf::Element(element) => schema.usable_named(*element, name),
        Leaf::Wildcard(_) => None,
    }
}

/// A name that is looked up among the children of a content model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// `None`: the schema does not have it.
    pub(super) name: Option<NameId>,
    /// `None`: the schema does not have it.
    pub(super) namespace: Option<NamespaceId>,
}

impl Asked {
    pub(super) fn of(schema: &Compiled, element: ElementId) -> Asked {
        let name = schema.elements[element.index()].name;
        Asked { name: Some(name), namespace: Some(schema.names.namespace_id(name)) }
    }
}

/// Whether content can have several children with a name: because of counters or wildcards, or because the walk can
/// return to such a child.
pub(super) fn may_repeat(schema: &Compiled, model: ModelId, asked: Asked) -> bool {
    let model = &schema.models[model.index()];
    model.automaton.may_repeat(&|leaf| takes(schema, model, leaf, asked))
}

/// Whether content can be without a child with a name.
pub(super) fn may_lack(schema: &Compiled, model: ModelId, asked: Asked) -> bool {
    let model = &schema.models[model.index()];
    model.automaton.may_lack(&|leaf| !is_wildcard(model, leaf) && takes(schema, model, leaf, asked))
}

/// The wildcards in the content of a type that admit elements of a namespace (`None`: the schema does not have it): the
/// rank of each, and how it processes them.
pub(super) fn admits(
    schema: &Compiled,
    type_id: TypeId,
    namespace: Option<NamespaceId>,
) -> impl Iterator<Item = (usize, Process)> {
    leaves(schema, type_id).iter().enumerate().filter_map(move |(rank, leaf)| match leaf {
        Leaf::Wildcard(wildcard) => wildcard.namespaces.allows(namespace).then_some((rank, wildcard.process)),
        Leaf::Element(_) => None,
    })
}

fn is_wildcard(model: &Model, leaf: LeafId) -> bool {
    matches!(model.leaf(leaf), Some(Leaf::Wildcard(_)))
}

/// Whether a leaf takes elements with a name.
fn takes(schema: &Compiled, model: &Model, leaf: LeafId, asked: Asked) -> bool {
    match model.leaf(leaf) {
        Some(Leaf::Element(element)) => {
            let stand_in = asked.name.and_then(|name| schema.stands_for(name, *element));
            matches!(stand_in, Some(StandIn::Valid(_)))
        }
        Some(Leaf::Wildcard(wildcard)) => wildcard.namespaces.allows(asked.namespace),
        None => false,
    }
}

/// Whether text is allowed between the children.
#[inline]
pub(super) fn is_mixed(schema: &Compiled, type_id: TypeId) -> bool {
    match &schema.types[type_id.index()] {
        TypeDefinition::Complex(complex) => matches!(complex.content, Content::Elements { mixed: true, .. }),
        TypeDefinition::Simple(_) => false,
    }
}

/// Whether the elements of a type can have attributes.
pub(super) fn has_attributes(schema: &Compiled, type_id: TypeId) -> bool {
    match &schema.types[type_id.index()] {
        TypeDefinition::Complex(complex) => !complex.attributes.is_empty() || complex.any_attribute.is_some(),
        TypeDefinition::Simple(_) => false,
    }
}
