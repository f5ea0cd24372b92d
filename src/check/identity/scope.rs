//! The qualified node set of an element with a constraint (section 3.11.4, clause 4): the selected elements in it that
//! have all the fields, by their key-sequences.

use std::collections::hash_map::Entry;

use super::fault::Fault;
use super::nodes::{NodeId, Nodes};
use super::tables::Lookup;
use super::values::{ByNumber, ValueId};
use crate::compiled::{Category, ConstraintId};

/// An open element with a constraint.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) depth: u32,
    /// Of a key: the qualified node set.
    pub(super) keys: ByNumber<ValueId, Member>,
    /// Of a reference: the same.
    pub(super) references: Vec<(ValueId, Member)>,
    /// Some of the keys are selected from this element alone.
    pub(super) has_local_keys: bool,
    /// Some are missing that could not be read.
    pub(super) is_incomplete: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) node: NodeId,
    /// It is selected from all elements further out that have the constraint as well.
    pub(super) is_everywhere: bool,
}

impl Scope {
    pub(super) fn new(depth: u32) -> Scope {
        let (keys, references) = (ByNumber::default(), Vec::new());
        Scope { depth, keys, references, has_local_keys: false, is_incomplete: false }
    }

    /// Whether a key is there.
    pub(super) fn look_up(&self, sequence: ValueId) -> Lookup {
        match self.keys.contains_key(&sequence) {
            true => Lookup::Found,
            false if self.is_incomplete => Lookup::Unknown,
            false => Lookup::Missing,
        }
    }

    /// Adds a key or a reference; gives the element that has the same key.
    pub(super) fn add(&mut self, category: Category, sequence: ValueId, member: Member) -> Option<NodeId> {
        match category {
            Category::Keyref(_) => {
                self.references.push((sequence, member));
                None
            }
            Category::Key | Category::Unique => {
                self.has_local_keys |= !member.is_everywhere;
                self.add_key(sequence, member)
            }
        }
    }

    /// Clauses 4.1 and 4.2.2; gives the element that has the same key.
    fn add_key(&mut self, sequence: ValueId, member: Member) -> Option<NodeId> {
        match self.keys.entry(sequence) {
            Entry::Vacant(slot) => {
                slot.insert(member);
                None
            }
            Entry::Occupied(mut slot) => {
                slot.get_mut().is_everywhere |= member.is_everywhere;
                (slot.get().node != member.node).then_some(slot.get().node)
            }
        }
    }

    /// Takes in the keys of an element in this one that has the same constraint.
    pub(super) fn pour(&mut self, id: ConstraintId, mut inner: Scope, nodes: &Nodes, faults: &mut Vec<Fault>) {
        self.is_incomplete |= inner.is_incomplete;
        if inner.has_local_keys {
            inner.keys.retain(|_, member| member.is_everywhere);
        }
        if inner.keys.len() > self.keys.len() {
            std::mem::swap(&mut self.keys, &mut inner.keys);
        }
        for (sequence, member) in inner.keys {
            if let Some(other) = self.add_key(sequence, member) {
                let is_later = nodes.tag(other).is_behind(nodes.tag(member.node));
                let (node, first) = if is_later { (other, member.node) } else { (member.node, other) };
                faults.push(Fault::duplicate(id, node, first, nodes));
            }
        }
    }
}
