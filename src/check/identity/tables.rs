//! Node tables (part 1, section 3.11.5): the keys that elements have from those in them.

use std::collections::hash_map::Entry;

use super::nodes::NodeId;
use super::values::{ByNumber, ValueId};
use crate::compiled::ConstraintId;

/// The tables of the open elements. What an element hands to the one around it is moved, and of two tables the smaller
/// is poured into the larger, so that a key is not moved more often than the logarithm of their number.
#[derive(Debug, Default)]
pub(super) struct Inherited {
    /// The innermost elements' last.
    tables: Vec<Table>,
    rising: Vec<Table>,
}

/// The table of an open element for a key.
#[derive(Debug)]
struct Table {
    depth: u32,
    key: ConstraintId,
    /// `None`: two elements in this one have it, and so this one has it not.
    nodes: ByNumber<ValueId, Option<NodeId>>,
    /// Those that are so.
    conflicts: Vec<ValueId>,
    /// Keys are missing that could not be read.
    is_incomplete: bool,
}

/// Whether a key is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup {
    Found,
    Missing,
    /// It may be among those that could not be read.
    Unknown,
}

impl Lookup {
    /// What was looked for in two places.
    pub(super) fn or(self, other: Lookup) -> Lookup {
        match (self, other) {
            (Lookup::Found, _) | (_, Lookup::Found) => Lookup::Found,
            (Lookup::Unknown, _) | (_, Lookup::Unknown) => Lookup::Unknown,
            (Lookup::Missing, Lookup::Missing) => Lookup::Missing,
        }
    }
}

impl Inherited {
    pub(super) fn clear(&mut self) {
        self.tables.clear();
    }

    /// Whether the element of a depth has a key from those in it.
    pub(super) fn look_up(&self, depth: u32, key: ConstraintId, sequence: ValueId) -> Lookup {
        match self.find(depth, key).and_then(|index| self.tables.get(index)) {
            Some(table) if matches!(table.nodes.get(&sequence), Some(Some(_))) => Lookup::Found,
            Some(table) if table.is_incomplete => Lookup::Unknown,
            _ => Lookup::Missing,
        }
    }

    /// The element of a depth has keys of its own, which go before those in it.
    pub(super) fn add_own(
        &mut self,
        depth: u32,
        key: ConstraintId,
        own: impl Iterator<Item = (ValueId, NodeId)>,
        is_incomplete: bool,
    ) {
        let table = self.table(depth, key);
        table.nodes.extend(own.map(|(sequence, node)| (sequence, Some(node))));
        table.is_incomplete |= is_incomplete;
    }

    /// All tables miss keys.
    pub(super) fn spoil(&mut self) {
        self.tables.iter_mut().for_each(|table| table.is_incomplete = true);
    }

    /// The element of a depth ends: the one around it has its tables, as far as they are wanted.
    pub(super) fn rise(&mut self, depth: u32, is_wanted: impl Fn(ConstraintId) -> bool) {
        let mut rising = std::mem::take(&mut self.rising);
        while let Some(table) = self.tables.pop_if(|table| table.depth == depth) {
            if is_wanted(table.key) {
                rising.push(table);
            }
        }
        for mut table in rising.drain(..) {
            for sequence in table.conflicts.drain(..) {
                if table.nodes.get(&sequence) == Some(&None) {
                    table.nodes.remove(&sequence);
                }
            }
            table.depth = depth.saturating_sub(1);
            match self.find(table.depth, table.key).and_then(|index| self.tables.get_mut(index)) {
                Some(around) => around.pour(table),
                None => self.tables.push(table),
            }
        }
        self.rising = rising;
    }

    fn find(&self, depth: u32, key: ConstraintId) -> Option<usize> {
        let innermost = self.tables.iter().enumerate().rev().take_while(|(_, table)| table.depth == depth);
        innermost.filter(|(_, table)| table.key == key).map(|(index, _)| index).next()
    }

    fn table(&mut self, depth: u32, key: ConstraintId) -> &mut Table {
        let index = self.find(depth, key).unwrap_or_else(|| {
            let (nodes, conflicts) = (ByNumber::default(), Vec::new());
            self.tables.push(Table { depth, key, nodes, conflicts, is_incomplete: false });
            self.tables.len() - 1
        });
        &mut self.tables[index]
    }
}

impl Table {
    /// Takes in the table of a child, which has no conflicts. What two children have, the element has not.
    fn pour(&mut self, mut other: Table) {
        self.is_incomplete |= other.is_incomplete;
        if other.nodes.len() > self.nodes.len() {
            std::mem::swap(&mut self.nodes, &mut other.nodes);
        }
        for (sequence, node) in other.nodes {
            match self.nodes.entry(sequence) {
                Entry::Vacant(slot) => {
                    slot.insert(node);
                }
                Entry::Occupied(mut slot) => {
                    if slot.get().is_some() && node.is_some() {
                        self.conflicts.push(sequence);
                    }
                    slot.insert(None);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::Values;
    use super::*;

    const KEY: ConstraintId = ConstraintId(3);

    #[test]
    fn what_two_children_have_their_parent_has_not() {
        let mut values = Values::default();
        let [one, two, three] = ["1", "2", "3"].map(|value| values.value(value));
        let mut tables = Inherited::default();
        let has = |tables: &Inherited, depth: u32| {
            [one, two, three].map(|sequence| tables.look_up(depth, KEY, sequence) == Lookup::Found)
        };
        let child = |tables: &mut Inherited, keys: &[(ValueId, u32)]| {
            tables.add_own(2, KEY, keys.iter().map(|(sequence, node)| (*sequence, NodeId(*node))), false);
            tables.rise(2, |_| true);
        };
        child(&mut tables, &[(one, 0), (two, 1)]);
        assert_eq!(has(&tables, 1), [true, true, false]);
        child(&mut tables, &[(one, 2), (three, 3)]);
        assert_eq!(has(&tables, 1), [false, true, true]);
        child(&mut tables, &[(one, 4)]);
        assert_eq!(has(&tables, 1), [false, true, true]);
        // An own one goes before.
        tables.add_own(1, KEY, [(one, NodeId(5))].into_iter(), false);
        assert_eq!(has(&tables, 1), [true, true, true]);
        tables.rise(1, |_| true);
        assert_eq!(has(&tables, 0), [true, true, true]);
        tables.rise(0, |_| false);
        assert!(tables.tables.is_empty());
    }

    #[test]
    fn a_conflict_is_one_only_where_it_arises() {
        let mut values = Values::default();
        let one = values.value("1");
        let mut tables = Inherited::default();
        for node in 0..2 {
            tables.add_own(2, KEY, [(one, NodeId(node))].into_iter(), false);
            tables.rise(2, |_| true);
        }
        assert_eq!(tables.look_up(1, KEY, one), Lookup::Missing);
        tables.rise(1, |_| true);
        tables.add_own(1, KEY, [(one, NodeId(2))].into_iter(), false);
        tables.rise(1, |_| true);
        assert_eq!(tables.look_up(0, KEY, one), Lookup::Found);
        tables.spoil();
        assert_eq!(tables.look_up(0, KEY, values.value("2")), Lookup::Unknown);
    }
}
