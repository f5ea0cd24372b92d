//! Elements that wildcards admit and no declaration knows: their identifiers follow those of the schema.

use crate::codec::name::Name;
use crate::compiled::{Compiled, ElementId, NamespaceId};

/// Those that were met so far.
#[derive(Debug, Default)]
pub(super) struct Undeclared {
    elements: Vec<(NamespaceId, String)>,
    namespaces: Vec<String>,
}

impl Undeclared {
    /// The element of a name.
    pub(super) fn element(&mut self, schema: &Compiled, name: &Name<'_>) -> ElementId {
        let namespace = self.namespace_id(schema, &name.namespace);
        let is_it = |(known, local): &(NamespaceId, String)| *known == namespace && *local == name.local;
        let index = self.elements.iter().position(is_it).unwrap_or_else(|| {
            self.elements.push((namespace, name.local.clone().into_owned()));
            self.elements.len() - 1
        });
        ElementId(id(schema.elements.len() + index))
    }

    fn namespace_id(&mut self, schema: &Compiled, namespace: &str) -> NamespaceId {
        if let Some(known) = schema.names.lookup_namespace(namespace) {
            return known;
        }
        let index = self.namespaces.iter().position(|known| known == namespace).unwrap_or_else(|| {
            self.namespaces.push(namespace.to_owned());
            self.namespaces.len() - 1
        });
        NamespaceId(id(schema.names.namespaces.len() + index))
    }

    /// The namespace of an element, and its local name.
    pub(super) fn name_of(&self, schema: &Compiled, element: ElementId) -> (NamespaceId, &str) {
        let index = element.index().checked_sub(schema.elements.len());
        let known = index.and_then(|index| self.elements.get(index));
        known.map_or((NamespaceId::NONE, ""), |(namespace, local)| (*namespace, local))
    }

    /// The name of a namespace that the schema does not know.
    pub(super) fn namespace(&self, schema: &Compiled, id: NamespaceId) -> &str {
        let index = id.index().checked_sub(schema.names.namespaces.len());
        index.and_then(|index| self.namespaces.get(index)).map_or("", String::as_str)
    }
}

/// Indices beyond `u32` share one number. That is harmless: what is written is checked.
fn id(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
