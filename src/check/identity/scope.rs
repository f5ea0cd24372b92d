//! The qualified node set of an element with a constraint (section 3.11.4, clause 4): the elements selected in it that
//! have all the fields, by their key-sequences.

use super::chains::{Chain, Chains};
use super::fault::{Fault, Faults};
use super::nodes::{NodeId, Nodes};
use super::sets::{Set, Sets};
use super::values::ValueId;
use crate::compiled::{Category, ConstraintId};

/// An open element in which a constraint has keys or references.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) depth: u32,
    /// The qualified node set of a key.
    pub(super) keys: Set,
    /// The qualified node set of a reference.
    pub(super) references: Chain,
    /// Whether some of the keys are selected from this element alone.
    pub(super) has_local_keys: bool,
    /// Whether keys may be missing because something could not be read. The same is then true of all outer elements
    /// that have the constraint, to which this is passed on when the element ends.
    pub(super) is_incomplete: bool,
}

/// The memory of all qualified node sets.
#[derive(Debug, Default)]
pub(super) struct Qualified {
    pub(super) keys: Sets<Member>,
    pub(super) references: Chains<(ValueId, Member)>,
}

/// An element with a key or a reference: twice its number, plus one if it is also selected from all outer elements that
/// have the constraint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member(u32);

/// Whether a key exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup {
    Found,
    Missing,
    /// The key may be in content that could not be read.
    Unknown,
}

impl Lookup {
    /// Combines the results of looking in two places.
    pub(super) fn or(self, other: Lookup) -> Lookup {
        match (self, other) {
            (Lookup::Found, _) | (_, Lookup::Found) => Lookup::Found,
            (Lookup::Unknown, _) | (_, Lookup::Unknown) => Lookup::Unknown,
            (Lookup::Missing, Lookup::Missing) => Lookup::Missing,
        }
    }
}

impl Qualified {
    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.references.clear();
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        self.keys.size() + self.references.size()
    }
}

impl Scope {
    pub(super) fn new(depth: u32, all: &mut Qualified) -> Scope {
        let (keys, references) = (all.keys.set(), Chain::default());
        Scope { depth, keys, references, has_local_keys: false, is_incomplete: false }
    }

    /// Whether a key exists.
    pub(super) fn look_up(&self, sequence: ValueId, all: &Sets<Member>) -> Lookup {
        match all.get(&self.keys, sequence) {
            Some(_) => Lookup::Found,
            None if self.is_incomplete => Lookup::Unknown,
            None => Lookup::Missing,
        }
    }

    /// Adds a key or a reference, and returns the element that has the same key, if there is one.
    pub(super) fn add(
        &mut self,
        category: Category,
        sequence: ValueId,
        member: Member,
        all: &mut Qualified,
    ) -> Option<NodeId> {
        match category {
            Category::Keyref(_) => {
                all.references.push(&mut self.references, (sequence, member));
                None
            }
            Category::Key | Category::Unique => {
                self.has_local_keys |= !member.is_everywhere();
                self.add_key(sequence, member, all)
            }
        }
    }

    /// Clauses 4.1 and 4.2.2: adds a key, and returns the element that has the same key, if there is one.
    fn add_key(&mut self, sequence: ValueId, member: Member, all: &mut Qualified) -> Option<NodeId> {
        match all.keys.get_mut(&self.keys, sequence) {
            Some(known) => known.with(member),
            None => {
                all.keys.insert(&mut self.keys, sequence, member);
                None
            }
        }
    }

    /// Merges the keys of a descendant that has the same constraint.
    pub(super) fn merge_inner(
        &mut self,
        id: ConstraintId,
        mut inner: Scope,
        all: &mut Qualified,
        nodes: &Nodes,
        faults: &mut Faults,
    ) {
        self.is_incomplete |= inner.is_incomplete;
        if inner.has_local_keys {
            all.keys.retain(&mut inner.keys, Member::is_everywhere);
        }
        all.keys.merge_into(&mut self.keys, inner.keys, |_, known, member| {
            if let Some(other) = known.with(member) {
                let is_later = nodes.tag(other).is_after(nodes.tag(member.node()));
                let (node, first) = if is_later { (other, member.node()) } else { (member.node(), other) };
                faults.push(Fault::duplicate(id, node, first, nodes));
            }
        });
    }
}

impl Member {
    pub(super) fn new(NodeId(node): NodeId, is_everywhere: bool) -> Member {
        Member((node << 1) | u32::from(is_everywhere))
    }

    pub(super) fn node(self) -> NodeId {
        NodeId(self.0 >> 1)
    }

    pub(super) fn is_everywhere(self) -> bool {
        self.0 & 1 == 1
    }

    /// Adds another member with the same key, and returns the element of this one, unless both are the same element.
    fn with(&mut self, other: Member) -> Option<NodeId> {
        let node = self.node();
        *self = Member::new(node, self.is_everywhere() || other.is_everywhere());
        (node != other.node()).then_some(node)
    }
}
