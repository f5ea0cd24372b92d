//! Node tables (part 1, section 3.11.5): the keys that elements inherit from their descendants.

use super::scope::Lookup;
use super::sets::{Set, Sets};
use super::values::ValueId;
use crate::compiled::ConstraintId;

/// The tables of the open elements. An element's tables move to its parent, and of two tables the smaller is merged
/// into the larger, so that a key moves at most as often as the logarithm of the number of keys.
#[derive(Debug, Default)]
pub(super) struct Inherited {
    /// Sorted by depth, and those of one element by key.
    tables: Vec<Table>,
    rising: Vec<Table>,
    sets: Sets<Presence>,
}

/// The table of an open element for a key.
#[derive(Debug)]
struct Table {
    depth: u32,
    key: ConstraintId,
    keys: Set,
    /// Whether keys may be missing because something could not be read.
    is_incomplete: bool,
}

/// Whether the element of a table has a key. If two children of an element have it, the element itself does not; its
/// depth is stored here. For its ancestors such an entry means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Presence(u32);

impl Inherited {
    pub(super) fn clear(&mut self) {
        self.tables.clear();
        self.sets.clear();
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        (self.tables.capacity() + self.rising.capacity()) * size_of::<Table>() + self.sets.size()
    }

    /// The depth of the innermost element that has a table.
    #[inline]
    pub(super) fn depth(&self) -> Option<u32> {
        self.tables.last().map(|table| table.depth)
    }

    /// Whether the element at a depth inherited a key from its descendants.
    pub(super) fn look_up(&self, depth: u32, key: ConstraintId, sequence: ValueId) -> Lookup {
        match self.find(depth, key).ok().and_then(|index| self.tables.get(index)) {
            Some(table) if self.sets.get(&table.keys, sequence) == Some(Presence::HERE) => Lookup::Found,
            Some(table) if table.is_incomplete => Lookup::Unknown,
            _ => Lookup::Missing,
        }
    }

    /// Adds the own keys of the element at a depth, which take precedence over those of its descendants.
    pub(super) fn add_own(
        &mut self,
        depth: u32,
        key: ConstraintId,
        own: impl Iterator<Item = ValueId>,
        is_incomplete: bool,
    ) {
        let index = self.find(depth, key).unwrap_or_else(|index| {
            self.tables.insert(index, Table { depth, key, keys: self.sets.set(), is_incomplete: false });
            index
        });
        let Some(table) = self.tables.get_mut(index) else { return };
        for sequence in own {
            match self.sets.get_mut(&table.keys, sequence) {
                Some(presence) => *presence = Presence::HERE,
                None => self.sets.insert(&mut table.keys, sequence, Presence::HERE),
            }
        }
        table.is_incomplete |= is_incomplete;
    }

    /// Notes that keys may be missing in all tables.
    pub(super) fn mark_incomplete(&mut self) {
        self.tables.iter_mut().for_each(|table| table.is_incomplete = true);
    }

    /// Ends the element at a depth: its parent takes over its tables that are still needed.
    pub(super) fn pass_up(&mut self, depth: u32, is_wanted: impl Fn(ConstraintId) -> bool) {
        let mut rising = std::mem::take(&mut self.rising);
        while let Some(table) = self.tables.pop_if(|table| table.depth == depth) {
            match is_wanted(table.key) {
                true => rising.push(table),
                false => self.sets.release(table.keys),
            }
        }
        for mut table in rising.drain(..).rev() {
            table.depth = depth.saturating_sub(1);
            match self.find(table.depth, table.key) {
                Ok(around) => self.merge_child(around, table),
                Err(index) => self.tables.insert(index, table),
            }
        }
        self.rising = rising;
    }

    /// Merges the table of a child into that of the element. A key that two children have is not a key of the element.
    fn merge_child(&mut self, around: usize, child: Table) {
        let Some(table) = self.tables.get_mut(around) else { return };
        let depth = table.depth;
        table.is_incomplete |= child.is_incomplete;
        self.sets.merge_into(&mut table.keys, child.keys, |_, known, other| *known = known.with(other, depth));
    }

    /// The index of the table of an element for a key, or where it would be inserted.
    fn find(&self, depth: u32, key: ConstraintId) -> Result<usize, usize> {
        self.tables.binary_search_by_key(&(depth, key), |table| (table.depth, table.key))
    }
}

impl Presence {
    /// The element has the key. (No element is this deep: a document has fewer bytes.)
    const HERE: Presence = Presence(u32::MAX);

    /// What the element at `depth` has if two of its tables have these entries for a key.
    fn with(self, other: Presence, depth: u32) -> Presence {
        let twice = Presence(depth);
        match (self, other) {
            (Presence::HERE, Presence::HERE) => twice,
            (one, other) if one == twice || other == twice => twice,
            (Presence::HERE, _) | (_, Presence::HERE) => Presence::HERE,
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::Values;
    use super::*;

    const KEY: ConstraintId = ConstraintId(3);

    #[test]
    fn a_key_of_two_children_is_not_a_key_of_their_parent() {
        let mut values = Values::default();
        let [one, two, three] = ["1", "2", "3"].map(|value| values.value(value));
        let mut tables = Inherited::default();
        let has = |tables: &Inherited, depth: u32| {
            [one, two, three].map(|sequence| tables.look_up(depth, KEY, sequence) == Lookup::Found)
        };
        let child = |tables: &mut Inherited, keys: &[ValueId]| {
            tables.add_own(2, KEY, keys.iter().copied(), false);
            tables.pass_up(2, |_| true);
        };
        child(&mut tables, &[one, two]);
        assert_eq!(has(&tables, 1), [true, true, false]);
        child(&mut tables, &[one, three]);
        assert_eq!(has(&tables, 1), [false, true, true]);
        child(&mut tables, &[one]);
        assert_eq!(has(&tables, 1), [false, true, true]);
        // An own key takes precedence.
        tables.add_own(1, KEY, [one].into_iter(), false);
        assert_eq!(has(&tables, 1), [true, true, true]);
        tables.pass_up(1, |_| true);
        assert_eq!(has(&tables, 0), [true, true, true]);
        tables.pass_up(0, |_| false);
        assert!(tables.tables.is_empty());
    }

    #[test]
    fn a_conflict_counts_only_where_it_arises() {
        let mut values = Values::default();
        let one = values.value("1");
        let mut tables = Inherited::default();
        for _ in 0..2 {
            tables.add_own(2, KEY, [one].into_iter(), false);
            tables.pass_up(2, |_| true);
        }
        assert_eq!(tables.look_up(1, KEY, one), Lookup::Missing);
        tables.pass_up(1, |_| true);
        tables.add_own(1, KEY, [one].into_iter(), false);
        tables.pass_up(1, |_| true);
        assert_eq!(tables.look_up(0, KEY, one), Lookup::Found);
        tables.mark_incomplete();
        assert_eq!(tables.look_up(0, KEY, values.value("2")), Lookup::Unknown);
    }
}
