//! A constraint in operation: the elements that it selects, and their fields.

use super::content::Numbered;
use super::fault::{Breach, Fault, Faults};
use super::hosts::{Hosts, Open};
use super::nodes::{NodeId, Nodes};
use super::paths::Origins;
use super::scope::{Member, Qualified, Scope};
use super::span::Span;
use super::values::{ValueId, Values};
use super::{Horizon, KEPT_EACH};
use crate::compiled::{Category, ConstraintId, HostId, IdentityConstraint};

/// A constraint that has selected something.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) constraint: ConstraintId,
    /// The elements in which the constraint has keys or references, outermost first.
    pub(super) scopes: Vec<Scope>,
    /// The open elements that it selects, outermost first.
    targets: Vec<Target>,
    /// The fields of the targets; each has as many as the constraint.
    fields: Vec<Slot>,
}

/// An open element that is selected.
#[derive(Debug, Clone, Copy)]
struct Target {
    depth: u32,
    tag: Span,
    /// Whether it has been reported.
    is_settled: bool,
}

/// A field of a target.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Empty,
    /// Present, but without a value.
    Nil(Span),
    Value(ValueId, Span),
}

impl Slot {
    fn value(&self) -> Option<(ValueId, Span)> {
        match self {
            Slot::Value(value, place) => Some((*value, *place)),
            Slot::Empty | Slot::Nil(_) => None,
        }
    }
}

/// The value given to a field.
pub(super) struct Offer<'s> {
    pub(super) constraint: &'s IdentityConstraint,
    pub(super) field: usize,
    pub(super) content: Numbered,
    pub(super) place: Span,
    pub(super) is_nillable: bool,
    /// The elements that need no further report.
    pub(super) settled: Horizon,
}

/// The collections that results are added to.
pub(super) struct Found<'t> {
    pub(super) values: &'t mut Values,
    pub(super) nodes: &'t mut Nodes,
    pub(super) qualified: &'t mut Qualified,
    pub(super) hosts: &'t mut Hosts,
    pub(super) faults: &'t mut Faults,
}

impl Active {
    /// A constraint that has selected nothing yet.
    pub(super) fn new(constraint: ConstraintId) -> Active {
        Active { constraint, scopes: Vec::new(), targets: Vec::new(), fields: Vec::new() }
    }

    /// Reuses this memory for another constraint, unless there is a lot of it.
    pub(super) fn renew(&mut self, constraint: ConstraintId) {
        if self.size() > KEPT_EACH {
            *self = Active::new(constraint);
        }
        self.constraint = constraint;
        self.scopes.clear();
        self.targets.clear();
        self.fields.clear();
    }

    fn size(&self) -> usize {
        let targets = self.targets.capacity() * size_of::<Target>() + self.fields.capacity() * size_of::<Slot>();
        targets + self.scopes.capacity() * size_of::<Scope>()
    }

    /// The scope of the open element at a depth, if it has one. No scope is deeper.
    pub(super) fn scope_at(&self, depth: u32) -> Option<&Scope> {
        self.scopes.last().filter(|scope| scope.depth == depth)
    }

    /// The scope of an element that has the constraint, added if it is not there.
    pub(super) fn scope(&mut self, open: Open, hosts: &mut Hosts, all: &mut Qualified) -> Option<&mut Scope> {
        let depth = hosts.depth(open);
        let before = self.scopes.iter().rposition(|scope| scope.depth <= depth);
        let is_there = before.and_then(|index| self.scopes.get(index)).is_some_and(|scope| scope.depth == depth);
        let index = match before {
            Some(index) if is_there => index,
            before => {
                let index = before.map_or(0, |index| index + 1);
                self.scopes.insert(index, Scope::new(depth, all));
                hosts.note(open, self.constraint);
                index
            }
        };
        self.scopes.get_mut(index)
    }

    /// Clause 1: makes the innermost element a target, and returns whether it is the outermost one; `None` if it is a
    /// target already.
    pub(super) fn select(&mut self, constraint: &IdentityConstraint, depth: u32, tag: Span) -> Option<bool> {
        if self.targets.last().is_some_and(|target| target.depth == depth) {
            return None;
        }
        self.targets.push(Target { depth, tag, is_settled: false });
        self.fields.extend(constraint.fields.iter().map(|_| Slot::Empty));
        Some(self.targets.len() == 1)
    }

    /// Whether the constraint selects the innermost element, which has this depth.
    pub(super) fn selects(&self, depth: u32) -> bool {
        self.targets.last().is_some_and(|target| target.depth == depth)
    }

    /// Gives a value to a field of the targets at which its paths began.
    pub(super) fn give(&mut self, origins: &Origins, offer: &Offer<'_>, faults: &mut Faults) {
        for index in 0..self.targets.partition_point(|target| Some(target.depth) <= origins.up_to()) {
            self.give_to(index, offer, faults);
        }
        for depth in origins.exact() {
            if let Ok(index) = self.targets.binary_search_by_key(&depth, |target| target.depth) {
                self.give_to(index, offer, faults);
            }
        }
    }

    fn give_to(&mut self, index: usize, offer: &Offer<'_>, faults: &mut Faults) {
        let slot = self.fields.get_mut(index * offer.constraint.fields.len() + offer.field);
        let (Some(target), Some(slot)) = (self.targets.get_mut(index), slot) else { return };
        if target.is_settled || offer.settled.contains(target.depth) {
            return;
        }
        let is_key = offer.constraint.category == Category::Key;
        let breach = match (*slot, offer.content) {
            // Clause 3: at most one node, of a simple type.
            (Slot::Value(_, first) | Slot::Nil(first), _) => Some(Breach::Several(first)),
            (Slot::Empty, Numbered::NotSimple) => Some(Breach::NotSimple),
            // Clause 4.2.3.
            (Slot::Empty, Numbered::Value(_) | Numbered::Nil) if is_key && offer.is_nillable => Some(Breach::Nillable),
            (Slot::Empty, Numbered::Nil) => {
                *slot = Slot::Nil(offer.place);
                None
            }
            (Slot::Empty, Numbered::Value(value)) => {
                *slot = Slot::Value(value, offer.place);
                None
            }
            (Slot::Empty, Numbered::Unknown) => {
                target.is_settled = true;
                None
            }
        };
        if let Some(breach) = breach {
            target.is_settled = true;
            let element = target.tag;
            let place = if offer.place.is_nowhere() { element } else { offer.place };
            faults.push(Fault { constraint: self.constraint, field: offer.field, breach, place, element });
        }
    }

    /// Handles the end of the innermost element: if it is a target, its key-sequence is now complete. `origins`: of the
    /// selector.
    pub(super) fn settle_target(
        &mut self,
        constraint: &IdentityConstraint,
        host: HostId,
        depth: u32,
        settled: Horizon,
        origins: &Origins,
        found: &mut Found<'_>,
    ) {
        let Some(target) = self.targets.pop_if(|target| target.depth == depth) else { return };
        let (id, category, tag) = (self.constraint, constraint.category, target.tag);
        let is_settled = target.is_settled || settled.contains(depth);
        let first = self.targets.len() * constraint.fields.len();
        let slots = self.fields.get(first..).unwrap_or_default();
        match slots.iter().position(|slot| slot.value().is_none()) {
            // It is not known what the element refers to, so nothing follows from it.
            _ if is_settled && matches!(category, Category::Keyref(_)) => {}
            _ if is_settled => self.mark_incomplete(host, found.hosts, found.qualified),
            None => {
                let values = slots.iter().filter_map(Slot::value);
                let sequence = found.values.sequence(values.clone().map(|(value, _)| value));
                let node = found.nodes.add(tag, values.map(|(_, place)| place));
                self.qualify((category, host), sequence, node, origins, found);
            }
            // Clause 4.2.1. An element that lacks a field is not in the qualified node set; only for a key that is an
            // error.
            Some(field) if category == Category::Key => {
                found.faults.push(Fault { constraint: id, field, breach: Breach::Missing, place: tag, element: tag });
                self.mark_incomplete(host, found.hosts, found.qualified);
            }
            Some(_) => {}
        }
        self.fields.truncate(first);
    }

    /// Adds an element to the qualified node sets of the elements that it is selected from.
    fn qualify(
        &mut self,
        (category, host): (Category, HostId),
        sequence: ValueId,
        node: NodeId,
        origins: &Origins,
        found: &mut Found<'_>,
    ) {
        let Found { hosts, qualified, .. } = found;
        let mut first = None;
        let everywhere = origins.up_to().and_then(|depth| hosts.up_to(host, depth));
        if let Some(scope) = everywhere.and_then(|open| self.scope(open, hosts, qualified)) {
            first = scope.add(category, sequence, Member::new(node, true), qualified);
        }
        for depth in origins.exact() {
            let exactly = hosts.up_to(host, depth).filter(|open| hosts.depth(*open) == depth);
            if let Some(scope) = exactly.and_then(|open| self.scope(open, hosts, qualified)) {
                first = first.or(scope.add(category, sequence, Member::new(node, false), qualified));
            }
        }
        if let Some(first) = first {
            found.faults.push(Fault::duplicate(self.constraint, node, first, found.nodes));
        }
    }

    /// Notes that existing keys may be missing in every element that has the constraint: see `Scope::is_incomplete`.
    pub(super) fn mark_incomplete(&mut self, host: HostId, hosts: &mut Hosts, all: &mut Qualified) {
        if let Some(scope) = hosts.innermost(host).and_then(|open| self.scope(open, hosts, all)) {
            scope.is_incomplete = true;
        }
    }
}
