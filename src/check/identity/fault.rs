//! What the tracker finds: constraints that are not satisfied (cvc-identity-constraint, section 3.11.4).

use super::nodes::{NodeId, Nodes};
use super::span::Span;
use super::values::ValueId;
use crate::compiled::ConstraintId;

/// What breaks a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    /// Another one has the same key (4.1, 4.2.2).
    Duplicate(NodeId, NodeId),
    /// It lacks a field of the key (4.2.1).
    Missing,
    /// A field of a key may be nil (4.2.3).
    Nillable,
    /// A field is several nodes (3).
    Several(Span),
    /// A field does not have a simple value (3).
    NotSimple,
    /// It refers to a key that is not there (4.3): the element, and what its fields hold.
    Dangling(NodeId, ValueId),
}

/// A constraint that is not satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) constraint: ConstraintId,
    /// Which field it is about, where it is about one.
    pub(crate) field: usize,
    pub(crate) breach: Breach,
    /// The kind of error.
    pub(crate) place: Span,
    /// The start tag of the selected element.
    pub(crate) element: Span,
}

/// Faults until they are reported, with the end of an element: a document may be nothing else.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    kept: Vec<Fault>,
    /// Those beyond the ones that are kept.
    others: usize,
}

/// So many are kept at a time.
const KEPT: usize = 1 << 14;

impl Faults {
    pub(super) fn push(&mut self, fault: Fault) {
        if self.kept.len() < KEPT {
            self.kept.push(fault);
        } else {
            self.others += 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Those from one on.
    pub(super) fn from(&mut self, first: usize) -> &mut [Fault] {
        self.kept.get_mut(first..).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Those that are kept, and the number of others.
    pub(super) fn take(&mut self) -> (Vec<Fault>, usize) {
        (std::mem::take(&mut self.kept), std::mem::take(&mut self.others))
    }

    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.others = 0;
    }

    /// Bytes that they hold, whether there are any or not.
    pub(super) fn size(&self) -> usize {
        self.kept.capacity() * size_of::<Fault>()
    }
}

impl Fault {
    /// `node` has the key that `first` has.
    pub(super) fn duplicate(constraint: ConstraintId, node: NodeId, first: NodeId, nodes: &Nodes) -> Fault {
        Fault::of_node(constraint, Breach::Duplicate(node, first), node, nodes)
    }

    /// `node` refers to a key that is not there.
    pub(super) fn dangling(constraint: ConstraintId, node: NodeId, sequence: ValueId, nodes: &Nodes) -> Fault {
        Fault::of_node(constraint, Breach::Dangling(node, sequence), node, nodes)
    }

    fn of_node(constraint: ConstraintId, breach: Breach, node: NodeId, nodes: &Nodes) -> Fault {
        Fault { constraint, field: 0, breach, place: nodes.place(node), element: nodes.tag(node) }
    }
}
