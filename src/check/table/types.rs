//! The layout of the attributes of a complex type.

use std::sync::Arc;

use crate::compiled::{AttributeUse, Compiled, NameId, NamespaceId};
use crate::datatype::Shortcut;
use crate::text::pattern::Pattern;

/// An attribute of a type.
#[derive(Debug, Clone)]
pub(in crate::check) struct Attribute {
    /// `name="` without a prefix, as a pattern that matches nowhere if it is too long for one.
    pub(in crate::check) open: Pattern<4>,
    pub(in crate::check) namespace: NamespaceId,
    /// Whether any text is a valid value.
    pub(in crate::check) any_text: bool,
    /// Whether it is fixed, or its value depends on the context in the document.
    pub(in crate::check) special: bool,
    pub(in crate::check) declaration: Arc<AttributeUse>,
}

/// What a walk needs to know of a type to open an element of it.
#[derive(Debug, Clone)]
pub(in crate::check) struct TypeTable {
    pub(in crate::check) attributes: Vec<Attribute>,
    /// The required attributes, one bit each.
    pub(in crate::check) required: Box<[u64]>,
    /// `required` as one word, if there are at most 64 attributes and none has a default that can hold an ID: only then
    /// can a tag with attributes be predicted.
    pub(in crate::check) predicted: Option<u64>,
    /// Whether one of the attributes is an ID.
    pub(in crate::check) has_id: bool,
    /// Whether one of the attributes is special.
    pub(in crate::check) is_special: bool,
    /// The attributes whose default can hold an ID or a reference to one.
    pub(in crate::check) linked_defaults: Vec<usize>,
    /// The index of each attribute, sorted by name.
    by_name: Vec<(NameId, u32)>,
}

impl TypeTable {
    pub(super) fn new(schema: &Compiled, attributes: &[Arc<AttributeUse>]) -> TypeTable {
        let mut by_name: Vec<(NameId, u32)> = attributes.iter().map(|attribute| attribute.name).zip(0..).collect();
        by_name.sort_unstable();
        let mut required = vec![0_u64; attributes.len().div_ceil(64)];
        for (number, _) in attributes.iter().enumerate().filter(|(_, attribute)| attribute.required) {
            if let Some(word) = required.get_mut(number / 64) {
                *word |= 1 << (number % 64);
            }
        }
        let linked_defaults: Vec<usize> =
            (0..attributes.len()).filter(|index| attributes[*index].has_linked_default()).collect();
        let is_predicted = attributes.len() <= 64 && linked_defaults.is_empty();
        let laid_out: Vec<Attribute> = attributes.iter().map(|attribute| Attribute::new(schema, attribute)).collect();
        TypeTable {
            is_special: laid_out.iter().any(|attribute| attribute.special),
            predicted: is_predicted.then(|| required.first().copied().unwrap_or(0)),
            required: required.into(),
            has_id: attributes.iter().any(|attribute| attribute.simple.is_id()),
            linked_defaults,
            attributes: laid_out,
            by_name,
        }
    }

    /// The index of the attribute with a name.
    pub(in crate::check) fn number_of(&self, name: NameId) -> Option<usize> {
        let at = self.by_name.binary_search_by_key(&name, |(name, _)| *name).ok()?;
        self.by_name.get(at).map(|(_, index)| *index as usize)
    }
}

impl Attribute {
    fn new(schema: &Compiled, declaration: &Arc<AttributeUse>) -> Attribute {
        let name = &schema.names.names[declaration.name.index()];
        let special = declaration.value.as_ref().is_some_and(|value| value.fixed) || declaration.simple.needs_context();
        let any_text = matches!(declaration.simple.shortcut(), Shortcut::Anything | Shortcut::Collapsed);
        Attribute {
            open: Pattern::joined(&[name.local.as_bytes(), b"=\""]),
            namespace: name.namespace,
            any_text,
            special,
            declaration: Arc::clone(declaration),
        }
    }
}
