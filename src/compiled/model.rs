//! Content models, and which of their leaves match an element.

use super::{Compiled, ElementDeclaration, ElementId, NameId, NamespaceId, Nested, Substitutions, Wildcard};
use crate::automaton::{Automaton, LeafId};

/// What a leaf of a content model is.
#[derive(Debug, Clone)]
pub(crate) enum Leaf {
    Element(ElementId),
    Wildcard(Wildcard),
}

/// A content model and its leaves (`LeafId` is an index into `leaves`, in document order).
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) automaton: Automaton,
    pub(crate) leaves: Vec<Leaf>,
    /// The leaves for elements, sorted by name.
    elements: Vec<(NameId, LeafId)>,
    wildcards: Vec<LeafId>,
    /// The leaves that other elements can substitute for, by the numbers of those.
    heads: Nested<LeafId>,
}

impl Model {
    pub(crate) fn new(
        mut automaton: Automaton,
        mut leaves: Vec<Leaf>,
        declarations: &[ElementDeclaration],
        substitutions: &Substitutions,
    ) -> Model {
        let (mut elements, mut wildcards, mut heads) = (Vec::new(), Vec::new(), Vec::new());
        for (leaf, id) in leaves.iter().zip((0..).map(LeafId)) {
            match leaf {
                Leaf::Element(element) => {
                    elements.extend(declarations.get(element.index()).map(|declaration| (declaration.name, id)));
                    heads.extend(substitutions.span(*element).filter(|span| span.len() > 1).map(|span| (span, id)));
                }
                Leaf::Wildcard(_) => wildcards.push(id),
            }
        }
        elements.sort_unstable();
        elements.shrink_to_fit();
        leaves.shrink_to_fit();
        automaton.states.shrink_to_fit();
        Model { automaton, leaves, elements, wildcards, heads: Nested::new(heads) }
    }

    /// What a leaf is.
    pub(crate) fn leaf(&self, leaf: LeafId) -> Option<&Leaf> {
        self.leaves.get(leaf.0 as usize)
    }

    /// Whether other elements can substitute for one that a leaf names.
    pub(crate) fn has_heads(&self) -> bool {
        !self.heads.is_empty()
    }

    /// The leaves for an element with a name.
    pub(crate) fn named(&self, name: NameId) -> impl Iterator<Item = LeafId> + '_ {
        let first = self.elements.partition_point(|(other, _)| *other < name);
        let after = self.elements.get(first..).unwrap_or_default();
        after.iter().take_while(move |(other, _)| *other == name).map(|(_, leaf)| *leaf)
    }

    /// The leaves for an element with a local name, whatever its namespace.
    pub(crate) fn named_locally<'s>(
        &'s self,
        schema: &'s Compiled,
        local: &'s str,
    ) -> impl Iterator<Item = LeafId> + 's {
        let namespaces = (0..schema.names.namespaces.len() as u32).map(NamespaceId);
        let names = namespaces.filter_map(move |namespace| schema.names.lookup_local(namespace, local));
        names.flat_map(|name| self.named(name))
    }

    /// The leaves that may match an element with a name (`None`: a name that is not in the schema): those for it, those
    /// for an element that it may substitute for, and all wildcards. A leaf may occur twice; whether it accepts the
    /// element remains to be checked.
    pub(crate) fn candidates<'s>(
        &'s self,
        schema: &'s Compiled,
        name: Option<NameId>,
    ) -> impl Iterator<Item = LeafId> + 's {
        let global = name.filter(|_| self.has_heads()).and_then(|name| schema.roots.get(&name));
        let span = global.and_then(|global| schema.substitutions.span(*global));
        let heads = span.into_iter().flat_map(|span| self.heads.around(span.start)).copied();
        name.into_iter().flat_map(|name| self.named(name)).chain(heads).chain(self.wildcards.iter().copied())
    }
}
