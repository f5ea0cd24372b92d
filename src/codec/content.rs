//! What the schema says of the children in the content of a type, for values that are read and that are written.

use crate::automaton::LeafId;
use crate::compiled::{Compiled, Content, ElementId, Leaf, Model, ModelId, TypeDefinition, TypeId};

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
    model.automaton.may_repeat(&|leaf| is_named(schema, model, leaf, name).unwrap_or(true))
}

/// Whether a content may do without a child of a local name.
pub(super) fn may_lack(schema: &Compiled, model: ModelId, name: &str) -> bool {
    let model = &schema.models[model.index()];
    model.automaton.may_lack(&|leaf| is_named(schema, model, leaf, name).unwrap_or(false))
}

/// Whether a leaf takes elements of a local name; `None` for a wildcard.
fn is_named(schema: &Compiled, model: &Model, leaf: LeafId, name: &str) -> Option<bool> {
    match model.leaf(leaf)? {
        Leaf::Element(element) => Some(schema.usable_named(*element, name).is_some()),
        Leaf::Wildcard(_) => None,
    }
}

/// Whether text may be between the children.
#[inline]
pub(super) fn is_mixed(schema: &Compiled, type_id: TypeId) -> bool {
    match &schema.types[type_id.index()] {
        TypeDefinition::Complex(complex) => matches!(complex.content, Content::Elements { mixed: true, .. }),
        TypeDefinition::Simple(_) => false,
    }
}
