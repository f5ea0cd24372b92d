//! Elements that wildcards admit and that have no declaration: their identifiers follow those of the schema.

use crate::codec::name::Name;
use crate::compiled::{Compiled, ElementId, NamespaceId};

/// The elements found so far.
#[derive(Debug, Default)]
pub(super) struct Undeclared {
    elements: Vec<(NamespaceId, String)>,
    namespaces: Vec<String>,
}

impl Undeclared {
    /// The element with a name.
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

    /// The namespace and local name of an element.
    pub(super) fn name_of(&self, schema: &Compiled, element: ElementId) -> (NamespaceId, &str) {
        let index = element.index().checked_sub(schema.elements.len());
        let known = index.and_then(|index| self.elements.get(index));
        known.map_or((NamespaceId::NONE, ""), |(namespace, local)| (*namespace, local))
    }

    /// A namespace name that is not in the schema.
    pub(super) fn namespace(&self, schema: &Compiled, id: NamespaceId) -> &str {
        let index = id.index().checked_sub(schema.names.namespaces.len());
        index.and_then(|index| self.namespaces.get(index)).map_or("", String::as_str)
    }
}

/// All indices beyond `u32` share one number. That is harmless: the output is checked.
fn id(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
