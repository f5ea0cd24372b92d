//! What the schema says of the children in the content of a type, for values that are read and that are written.

use crate::automaton::LeafId;
use crate::compiled::{Compiled, Content, ElementId, Leaf, ModelId, TypeDefinition, TypeId};

/// The content model, where the content is elements.
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

/// The element of a local name that a particle takes.
#[inline]
pub(super) fn named(schema: &Compiled, leaf: &Leaf, name: &str) -> Option<ElementId> {
    match leaf {
        Leaf::Element(element) => schema.usable_named(*element, name),
        Leaf::Wildcard(_) => None,
    }
}

/// Whether a content may hold several children of a local name: by wildcards, by counters, or because the walk can
/// come back to such a child.
pub(super) fn may_repeat(schema: &Compiled, model: ModelId, name: &str) -> bool {
    let model = &schema.models[model.index()];
    let named = |leaf: LeafId| match model.leaf(leaf) {
        Some(Leaf::Element(element)) => schema.usable_named(*element, name).is_some(),
        Some(Leaf::Wildcard(_)) | None => true,
    };
    model.automaton.may_repeat(&named)
}
