//! Global components of one kind. Kinds have name spaces of their own (part 1, section 2.5), so there is one of these
//! for each.

use std::collections::HashMap;

use super::fault::{Result, conflict};
use crate::compiled::{NameId, Names, Place};
use crate::diagnostic::Code;

/// What can be declared at the top of a schema document.
pub(super) trait Component {
    fn place(&self) -> Place;
}

/// Components in the order of the documents, and each by its name.
#[derive(Debug)]
pub(super) struct Declared<T> {
    components: Vec<(NameId, T)>,
    /// Where each name is in the list.
    indexes: HashMap<NameId, usize>,
}

impl<T> Default for Declared<T> {
    fn default() -> Declared<T> {
        Declared { components: Vec::new(), indexes: HashMap::new() }
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

    /// By its place in the list.
    pub(super) fn at(&self, index: usize) -> Option<&T> {
        self.components.get(index).map(|(_, component)| component)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (NameId, &T)> {
        self.components.iter().map(|(name, component)| (*name, component))
    }

    /// Another component takes a name (section 4.2.2). What had it before stays where it is in the list, as `old`.
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
    /// Schema Properties Correct (section 3.15.6): a name is declared once in the whole schema, and so the second of two
    /// is left out.
    pub(super) fn declare(&mut self, name: NameId, component: T, names: &Names) -> Result<()> {
        if let Some(first) = self.get(name) {
            let message = format!("`{}` is declared twice", names.local(name));
            let place = component.place();
            return conflict(Code::SchPropsCorrect, place, message, "the first declaration", first.place());
        }
        self.indexes.insert(name, self.components.len());
        self.components.push((name, component));
        Ok(())
    }
}
