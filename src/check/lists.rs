//! Lists of what is allowed at a place, as text for messages. They are kept from one error to the next and from one
//! document to the next, since the same mistakes occur again and again. Of a document they hold nothing but the names
//! of elements.

use super::search::Position;
use crate::diagnostic::words::{AllowedElements, DeclaredAttributes};

#[derive(Default)]
pub(super) struct Lists {
    /// The number of the table that the lists belong to: in another schema the same addresses mean something else.
    table: u64,
    attributes: Recent<AttributesKey, DeclaredAttributes>,
    elements: Recent<ElementsKey, AllowedElements>,
}

/// The address of a type's attributes in the schema, their number, and the address of its attribute wildcard.
pub(super) type AttributesKey = (usize, usize, usize);

/// The address of a content model in the schema, the position in it, and the name of the element.
type ElementsKey = (usize, Position, String);

impl Lists {
    /// The lists for a document that is checked with the table of this number.
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

/// A cache of the most recently made values.
pub(super) struct Recent<K, T> {
    made: Vec<(K, T)>,
    /// The index of the entry that is replaced next.
    oldest: usize,
}

impl<K, T> Default for Recent<K, T> {
    fn default() -> Recent<K, T> {
        Recent { made: Vec::new(), oldest: 0 }
    }
}

impl<K, T> Recent<K, T> {
    /// The most entries that are kept.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Requests the value for a number. Returns whether it had to be made.
    fn is_made(recent: &mut Recent<usize, usize>, number: usize) -> bool {
        let mut made = false;
        let found = recent.get_or_make(
            |known| *known == number,
            || {
                made = true;
                (number, number + 1)
            },
        );
        assert_eq!(*found, number + 1);
        made
    }

    #[test]
    fn the_oldest_make_room_for_others() {
        const KEPT: usize = Recent::<usize, usize>::KEPT;
        let mut recent = Recent::default();
        // The second round goes beyond the place where the first began again.
        let last = 3 * KEPT - 1;
        for number in 0..=last {
            assert!(is_made(&mut recent, number), "{number}");
            let oldest = number.saturating_sub(KEPT - 1);
            assert!((oldest..=number).all(|known| !is_made(&mut recent, known)), "{number}");
        }
        assert!(is_made(&mut recent, last - KEPT));
    }
}
