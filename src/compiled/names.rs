//! The names that a schema knows, each once, so that they can be compared as numbers.

use std::collections::HashMap;

use super::{NameId, NamespaceId};
use crate::text::hash::NameHashes;
use crate::text::nearest::{Candidate, Letters};

/// An expanded name: a namespace and a local part.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ExpandedName {
    pub(crate) namespace: NamespaceId,
    pub(crate) local: Box<str>,
    letters: Letters,
}

/// All names, each once.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// `[0]` is `""`.
    pub(crate) namespaces: Vec<Box<str>>,
    pub(crate) names: Vec<ExpandedName>,
    by_namespace: HashMap<Box<str>, NamespaceId>,
    /// By namespace, then by local part, so that a lookup need not build a name.
    by_local: Vec<HashMap<Box<str>, NameId, NameHashes>>,
}

impl Default for Names {
    fn default() -> Self {
        let none = Box::<str>::default();
        Names {
            namespaces: vec![none.clone()],
            names: Vec::new(),
            by_namespace: HashMap::from([(none, NamespaceId::NONE)]),
            by_local: vec![HashMap::default()],
        }
    }
}

impl Names {
    /// The name, if the schema knows it. Does not allocate.
    pub(crate) fn lookup(&self, namespace: &str, local: &str) -> Option<NameId> {
        self.lookup_local(self.lookup_namespace(namespace)?, local)
    }

    /// The namespace, if the schema knows it.
    pub(crate) fn lookup_namespace(&self, namespace: &str) -> Option<NamespaceId> {
        if namespace.is_empty() { Some(NamespaceId::NONE) } else { self.by_namespace.get(namespace).copied() }
    }

    /// The name in a known namespace.
    pub(crate) fn lookup_local(&self, namespace: NamespaceId, local: &str) -> Option<NameId> {
        self.by_local.get(namespace.index())?.get(local).copied()
    }

    /// Whether there is a name with this local part, in any namespace.
    pub(crate) fn has_local(&self, local: &str) -> bool {
        self.by_local.iter().any(|names| names.contains_key(local))
    }

    /// The local part of a name.
    pub(crate) fn local(&self, name: NameId) -> &str {
        self.names.get(name.index()).map_or("", |name| &name.local)
    }

    /// The local part of a name, as a candidate for what an unknown name was meant to be.
    pub(crate) fn candidate(&self, name: NameId) -> Candidate<'_> {
        match self.names.get(name.index()) {
            Some(name) => Candidate { name: &name.local, letters: name.letters },
            None => Candidate::from(""),
        }
    }

    /// The namespace of a name; `""` if it has none.
    pub(crate) fn namespace(&self, name: NameId) -> &str {
        self.names
            .get(name.index())
            .and_then(|name| self.namespaces.get(name.namespace.index()))
            .map_or("", |name| name)
    }

    /// The namespace of a name as a number.
    pub(crate) fn namespace_id(&self, name: NameId) -> NamespaceId {
        self.names.get(name.index()).map_or(NamespaceId::NONE, |name| name.namespace)
    }

    /// Adds a namespace, unless it is known.
    pub(crate) fn intern_namespace(&mut self, namespace: &str) -> NamespaceId {
        if let Some(known) = self.lookup_namespace(namespace) {
            return known;
        }
        // Names come from schema documents, which total less than 4 GiB.
        let id = NamespaceId(self.namespaces.len() as u32);
        self.namespaces.push(namespace.into());
        self.by_namespace.insert(namespace.into(), id);
        self.by_local.push(HashMap::default());
        id
    }

    /// Adds a name, unless it is known.
    pub(crate) fn intern(&mut self, namespace: NamespaceId, local: &str) -> NameId {
        if let Some(known) = self.lookup_local(namespace, local) {
            return known;
        }
        let id = NameId(self.names.len() as u32);
        self.names.push(ExpandedName { namespace, local: local.into(), letters: Letters::of(local) });
        if let Some(names) = self.by_local.get_mut(namespace.index()) {
            names.insert(local.into(), id);
        }
        id
    }
}
