//! The errors of the tracker: constraints that are not satisfied (cvc-identity-constraint, section 3.11.4).

use super::nodes::{NodeId, Nodes};
use super::span::Span;
use super::values::ValueId;
use crate::compiled::ConstraintId;

/// How a constraint is violated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    /// Another element has the same key (4.1, 4.2.2).
    Duplicate(NodeId, NodeId),
    /// The element lacks a field of the key (4.2.1).
    Missing,
    /// A field of a key is nillable (4.2.3).
    Nillable,
    /// A field matches several nodes (3).
    Several(Span),
    /// A field does not have a simple value (3).
    NotSimple,
    /// The element refers to a key that does not exist (4.3): the element, and the values of its fields.
    Dangling(NodeId, ValueId),
}

/// A constraint that is not satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) constraint: ConstraintId,
    /// The index of the field that the error is about, if any.
    pub(crate) field: usize,
    pub(crate) breach: Breach,
    /// The kind of error.
    pub(crate) place: Span,
    /// The start tag of the selected element.
    pub(crate) element: Span,
}

/// The errors not reported yet. They are reported at the end of an element, and a document may contain nothing else.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    kept: Vec<Fault>,
    /// The number of errors that were not kept.
    others: usize,
}

/// The most errors kept at a time.
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

    /// The errors from an index on.
    pub(super) fn from(&mut self, first: usize) -> &mut [Fault] {
        self.kept.get_mut(first..).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Takes the errors that were kept, and the number of the others.
    pub(super) fn take(&mut self) -> (Vec<Fault>, usize) {
        (std::mem::take(&mut self.kept), std::mem::take(&mut self.others))
    }

    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.others = 0;
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        self.kept.capacity() * size_of::<Fault>()
    }
}

impl Fault {
    /// `node` has the same key as `first`.
    pub(super) fn duplicate(constraint: ConstraintId, node: NodeId, first: NodeId, nodes: &Nodes) -> Fault {
        Fault::of_node(constraint, Breach::Duplicate(node, first), node, nodes)
    }

    /// `node` refers to a key that does not exist.
    pub(super) fn dangling(constraint: ConstraintId, node: NodeId, sequence: ValueId, nodes: &Nodes) -> Fault {
        Fault::of_node(constraint, Breach::Dangling(node, sequence), node, nodes)
    }

    fn of_node(constraint: ConstraintId, breach: Breach, node: NodeId, nodes: &Nodes) -> Fault {
        Fault { constraint, field: 0, breach, place: nodes.place(node), element: nodes.tag(node) }
    }
}
