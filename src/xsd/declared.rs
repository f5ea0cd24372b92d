//! Global components of one kind. Each kind has its own symbol space (part 1, section 2.5), so there is one such list
//! per kind.

use std::collections::HashMap;

use crate::compiled::{NameId, Place};

/// What can be declared at the top level of a schema document.
pub(super) trait Component {
    fn place(&self) -> Place;
}

/// Components in document order, and each by its name.
#[derive(Debug)]
pub(super) struct Declared<T> {
    components: Vec<(NameId, T)>,
    /// The index of each name in the list.
    indexes: HashMap<NameId, usize>,
    /// Components left out because their name was already declared.
    duplicates: Vec<Duplicate>,
}

/// A second declaration of a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Duplicate {
    pub(super) name: NameId,
    pub(super) first: Place,
    pub(super) second: Place,
}

impl<T> Default for Declared<T> {
    fn default() -> Declared<T> {
        Declared { components: Vec::new(), indexes: HashMap::new(), duplicates: Vec::new() }
    }
}

impl<T> Declared<T> {
    pub(super) fn len(&self) -> usize {
        self.components.len()
    }

    pub(super) fn get(&self, name: NameId) -> Option<&T> {
        self.at(*self.indexes.get(&name)?)
    }

    pub(super) fn get_mut(&mut self, name: NameId) -> Option<&mut T> {
        let (_, component) = self.components.get_mut(*self.indexes.get(&name)?)?;
        Some(component)
    }

    pub(super) fn take_duplicates(&mut self) -> Vec<Duplicate> {
        std::mem::take(&mut self.duplicates)
    }

    /// The component at an index of the list.
    pub(super) fn at(&self, index: usize) -> Option<&T> {
        self.components.get(index).map(|(_, component)| component)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (NameId, &T)> {
        self.components.iter().map(|(name, component)| (*name, component))
    }

    /// Gives a name to another component (section 4.2.2). The previous one stays at its place in the list, as `old`.
    pub(super) fn supersede(&mut self, name: NameId, old: NameId, component: T) {
        let Some(before) = self.indexes.insert(name, self.components.len()) else { return };
        self.indexes.insert(old, before);
        if let Some((name, _)) = self.components.get_mut(before) {
            *name = old;
        }
        self.components.push((name, component));
    }
}

impl<T: Component> Declared<T> {
    /// Adds a component. If its name is already declared, it is left out; whether that is an error is decided when all
    /// documents have been read.
    pub(super) fn declare(&mut self, name: NameId, component: T) {
        if let Some(first) = self.get(name).map(T::place) {
            self.duplicates.push(Duplicate { name, first, second: component.place() });
            return;
        }
        self.indexes.insert(name, self.components.len());
        self.components.push((name, component));
    }
}
