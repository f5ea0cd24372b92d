//! The schema's names and texts, as diagnostics want them.

use std::collections::HashSet;

use crate::automaton::LeafId;
use crate::compiled::{Compiled, ElementId, Leaf, Model, TypeDefinition};
use crate::diagnostic::words::Item;

/// So many of the elements that may stand for another one are named, that one included.
const NAMED: usize = 4;

impl Compiled {
    pub(crate) fn local_name(&self, element: ElementId) -> &str {
        let name = self.elements[element.index()].name;
        self.names.names.get(name.index()).map_or("", |name| &name.local)
    }

    /// What the schema says of an element, or of its type where it says nothing of the element.
    pub(crate) fn documentation(&self, element: ElementId) -> Option<&str> {
        let declaration = &self.elements[element.index()];
        let of_type = || match &self.types[declaration.type_id.index()] {
            TypeDefinition::Simple(definition) => definition.documentation.as_deref(),
            TypeDefinition::Complex(complex) => complex.documentation.as_deref(),
        };
        declaration.documentation.as_deref().or_else(of_type)
    }

    /// The local name of a leaf; a wildcard has none.
    pub(super) fn leaf_name<'s>(&'s self, model: &'s Model, leaf: LeafId) -> &'s str {
        match model.leaf(leaf) {
            Some(Leaf::Element(element)) => self.local_name(*element),
            _ => "",
        }
    }

    /// What the schema says of a place where one leaf is missing; nothing where several could be there.
    pub(super) fn leaves_documentation(&self, model: &Model, leaves: Option<&Vec<LeafId>>) -> Option<&str> {
        match leaves?[..] {
            [leaf] => match model.leaf(leaf)? {
                Leaf::Element(element) => self.documentation(*element),
                Leaf::Wildcard(_) => None,
            },
            _ => None,
        }
    }

    /// Leaves as they are named; two of one name once. Of those that may stand for an element a few are named.
    pub(super) fn items<'s>(&'s self, model: &'s Model, leaves: &[LeafId]) -> Vec<Item<'s>> {
        let (mut items, mut known) = (Vec::new(), HashSet::new());
        let mut add = |item| {
            if known.insert(item) {
                items.push(item);
            }
        };
        for leaf in leaves {
            match model.leaf(*leaf) {
                Some(Leaf::Element(asked)) => {
                    let mut usable = self.usable(*asked).peekable();
                    if usable.peek().is_none() {
                        add(Item::Element(self.local_name(*asked)));
                    }
                    for element in usable.by_ref().take(NAMED) {
                        add(Item::Element(self.local_name(element)));
                    }
                    if usable.next().is_some() {
                        add(Item::StandIn(self.local_name(*asked)));
                    }
                }
                _ => add(Item::AnyElement),
            }
        }
        items
    }
}
