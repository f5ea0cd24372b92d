//! Lists of what could have been at a place, in words: kept from one error to the next, and from one document to the
//! next, since the same mistakes come again and again. They hold nothing of a document but the names of elements.

use super::search::Position;
use crate::diagnostic::words::{AllowedElements, DeclaredAttributes};

#[derive(Default)]
pub(super) struct Lists {
    /// The number of the table that they belong to: addresses in another schema mean something else.
    table: u64,
    attributes: Recent<AttributesKey, DeclaredAttributes>,
    elements: Recent<ElementsKey, AllowedElements>,
}

/// The address of the attributes of a type in the schema, how many they are, and the address of its wildcard for them.
pub(super) type AttributesKey = (usize, usize, usize);

/// The address of a content model in the schema, where in it the walk is, and the name of the element.
type ElementsKey = (usize, Position, String);

impl Lists {
    /// For a document that is walked by a table with this number.
    pub(super) fn of(mut self, table: u64) -> Lists {
        if self.table != table {
            self = Lists { table, ..Lists::default() };
        }
        self
    }

    pub(super) fn attributes(
        &mut self,
        key: AttributesKey,
        make: impl FnOnce() -> DeclaredAttributes,
    ) -> &DeclaredAttributes {
        self.attributes.get_or_make(|known| *known == key, || (key, make()))
    }

    pub(super) fn elements(
        &mut self,
        model: usize,
        position: &Position,
        parent: &str,
        make: impl FnOnce() -> AllowedElements,
    ) -> &AllowedElements {
        let is_it = |known: &ElementsKey| known.0 == model && known.1 == *position && known.2 == parent;
        self.elements.get_or_make(is_it, || ((model, position.clone(), parent.to_owned()), make()))
    }
}

/// What was made last.
pub(super) struct Recent<K, T> {
    made: Vec<(K, T)>,
    /// Which is replaced next.
    oldest: usize,
}

impl<K, T> Default for Recent<K, T> {
    fn default() -> Recent<K, T> {
        Recent { made: Vec::new(), oldest: 0 }
    }
}

impl<K, T> Recent<K, T> {
    /// So many are kept.
    const KEPT: usize = 64;

    pub(super) fn get_or_make(&mut self, is_it: impl Fn(&K) -> bool, make: impl FnOnce() -> (K, T)) -> &T {
        let index = match self.made.iter().position(|(key, _)| is_it(key)) {
            Some(index) => index,
            None if self.made.len() < Self::KEPT => {
                self.made.push(make());
                self.made.len() - 1
            }
            None => {
                let oldest = self.oldest;
                self.oldest = (oldest + 1) % Self::KEPT;
                self.made[oldest] = make();
                oldest
            }
        };
        &self.made[index].1
    }
}
