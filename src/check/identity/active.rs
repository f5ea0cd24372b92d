//! One constraint at work: where its paths have come to, what they select, and the fields of that.

use super::Level;
use super::content::Numbered;
use super::fault::{Breach, Fault};
use super::nodes::{NodeId, Nodes};
use super::progress::{Origins, Progress};
use super::scope::{Member, Scope};
use super::span::Span;
use super::values::{ValueId, Values};
use crate::compiled::{Category, Compiled, ConstraintId, IdentityConstraint, NameId, NamespaceId, Path};

/// A constraint that some open element has.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) constraint: ConstraintId,
    progress: Progress,
    /// The elements that have it, outermost first.
    pub(super) scopes: Vec<Scope>,
    /// The open elements that it selects, outermost first.
    targets: Vec<Target>,
    /// Their fields, so many each as the constraint has.
    fields: Vec<Slot>,
}

/// An open element that is selected.
#[derive(Debug, Clone, Copy)]
struct Target {
    depth: u32,
    /// What there is to say of it was said.
    is_settled: bool,
}

/// A field of one.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Empty,
    /// It is there, without a value.
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

/// What is given to a field.
pub(super) struct Offer<'s> {
    pub(super) constraint: &'s IdentityConstraint,
    pub(super) field: usize,
    pub(super) content: Numbered,
    pub(super) place: Span,
    pub(super) is_nillable: bool,
}

/// Where what is found goes.
pub(super) struct Found<'t> {
    pub(super) values: &'t mut Values,
    pub(super) nodes: &'t mut Nodes,
    pub(super) origins: &'t mut Origins,
    pub(super) faults: &'t mut Vec<Fault>,
}

impl Active {
    /// A constraint that no element has yet.
    pub(super) fn new(constraint: ConstraintId) -> Active {
        let (scopes, targets, fields) = (Vec::new(), Vec::new(), Vec::new());
        Active { constraint, progress: Progress::default(), scopes, targets, fields }
    }

    /// The same, with the memory of another one.
    pub(super) fn renew(&mut self, id: ConstraintId, constraint: &IdentityConstraint) {
        self.constraint = id;
        self.scopes.clear();
        self.targets.clear();
        self.fields.clear();
        self.progress.reset(paths(constraint).count());
    }

    pub(super) fn of<'s>(&self, schema: &'s Compiled) -> &'s IdentityConstraint {
        &schema.constraints[self.constraint.index()]
    }

    /// The element of a depth, if it has the constraint; none is further in.
    pub(super) fn scope_at(&self, depth: u32) -> Option<&Scope> {
        self.scopes.last().filter(|scope| scope.depth == depth)
    }

    /// A child begins.
    pub(super) fn enter(
        &mut self,
        constraint: &IdentityConstraint,
        namespace: Option<NamespaceId>,
        name: Option<NameId>,
    ) {
        self.progress.enter(paths(constraint), namespace, name);
    }

    /// The innermost element ends.
    pub(super) fn leave(&mut self) {
        self.progress.leave();
    }

    /// The innermost element has the constraint.
    pub(super) fn open_scope(&mut self, constraint: &IdentityConstraint, depth: u32) {
        (0..constraint.selector.len()).for_each(|number| self.progress.begin(number));
        self.scopes.push(Scope::new(depth));
    }

    /// Clause 1: the innermost element is a target where the selector leads to it.
    pub(super) fn select(&mut self, constraint: &IdentityConstraint, depth: u32) {
        let progress = &self.progress;
        let mut selectors = constraint.selector.iter().enumerate();
        if !selectors.any(|(number, path)| progress.is_there(number, path)) {
            return;
        }
        let count = constraint.selector.len()..paths(constraint).count();
        count.for_each(|number| self.progress.begin(number));
        self.targets.push(Target { depth, is_settled: false });
        self.fields.extend(constraint.fields.iter().map(|_| Slot::Empty));
    }

    /// Notes whether the innermost element may be a field, or an attribute of it.
    pub(super) fn note_wishes(&self, constraint: &IdentityConstraint, level: &mut Level) {
        if self.targets.is_empty() {
            return;
        }
        for (number, path) in paths(constraint).enumerate().skip(constraint.selector.len()) {
            if self.progress.is_there(number, path) {
                level.is_wanted |= path.attribute.is_none();
                level.wants_attributes |= path.attribute.is_some();
            }
        }
    }

    /// Where those of some paths began that lead to the innermost element, of a depth; each with its number.
    pub(super) fn find_origins<'p>(
        &self,
        paths: impl Iterator<Item = (usize, &'p Path)>,
        depth: u32,
        origins: &mut Origins,
    ) {
        origins.clear();
        for (number, path) in paths {
            if self.progress.is_there(number, path) {
                origins.add(path, depth);
            }
        }
    }

    /// Gives a value to a field of the targets where its paths began.
    pub(super) fn give(&mut self, origins: &Origins, offer: &Offer<'_>, levels: &[Level], faults: &mut Vec<Fault>) {
        for index in 0..self.targets.partition_point(|target| Some(target.depth) <= origins.up_to()) {
            self.give_to(index, offer, levels, faults);
        }
        for depth in origins.exact() {
            if let Ok(index) = self.targets.binary_search_by_key(&depth, |target| target.depth) {
                self.give_to(index, offer, levels, faults);
            }
        }
    }

    fn give_to(&mut self, index: usize, offer: &Offer<'_>, levels: &[Level], faults: &mut Vec<Fault>) {
        let slot = self.fields.get_mut(index * offer.constraint.fields.len() + offer.field);
        let (Some(target), Some(slot)) = (self.targets.get_mut(index), slot) else { return };
        if target.is_settled {
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
            let element = levels.get(target.depth as usize).map_or(offer.place, |level| level.tag);
            let place = if offer.place.is_nowhere() { element } else { offer.place };
            faults.push(Fault { constraint: self.constraint, field: offer.field, breach, place, element });
        }
    }

    /// The innermost element ends: if it is a target, its key-sequence is known now.
    pub(super) fn settle_target(
        &mut self,
        constraint: &IdentityConstraint,
        depth: u32,
        tag: Span,
        found: &mut Found<'_>,
    ) {
        let Some(target) = self.targets.pop_if(|target| target.depth == depth) else { return };
        let (id, category) = (self.constraint, constraint.category);
        let first = self.targets.len() * constraint.fields.len();
        let slots = self.fields.get(first..).unwrap_or_default();
        match slots.iter().position(|slot| slot.value().is_none()) {
            // What it refers to is not known: nothing follows from that.
            _ if target.is_settled && matches!(category, Category::Keyref(_)) => {}
            _ if target.is_settled => self.spoil_scopes(),
            None => {
                let values = slots.iter().filter_map(Slot::value);
                let sequence = found.values.sequence(values.clone().map(|(value, _)| value));
                let node = found.nodes.add(tag, values.map(|(_, place)| place));
                self.find_origins(constraint.selector.iter().enumerate(), depth, found.origins);
                self.qualify(category, sequence, node, found);
            }
            // Clause 4.2.1. Without a field it is not in the qualified node set, which of a key alone is wrong.
            Some(field) if category == Category::Key => {
                found.faults.push(Fault { constraint: id, field, breach: Breach::Missing, place: tag, element: tag });
                self.spoil_scopes();
            }
            Some(_) => {}
        }
        self.fields.truncate(first);
    }

    /// Puts an element into the qualified node sets of those that it is selected from.
    fn qualify(&mut self, category: Category, sequence: ValueId, node: NodeId, found: &mut Found<'_>) {
        let mut first = None;
        let everywhere = self.scopes.iter().rposition(|scope| Some(scope.depth) <= found.origins.up_to());
        if let Some(scope) = everywhere.and_then(|index| self.scopes.get_mut(index)) {
            first = scope.add(category, sequence, Member { node, is_everywhere: true });
        }
        for depth in found.origins.exact() {
            let index = self.scopes.binary_search_by_key(&depth, |scope| scope.depth).ok();
            if let Some(scope) = index.and_then(|index| self.scopes.get_mut(index)) {
                first = first.or(scope.add(category, sequence, Member { node, is_everywhere: false }));
            }
        }
        found.faults.extend(first.map(|first| Fault::duplicate(self.constraint, node, first, found.nodes)));
    }

    /// Keys may be missing that are there.
    pub(super) fn spoil_scopes(&mut self) {
        self.scopes.iter_mut().for_each(|scope| scope.is_incomplete = true);
    }

    /// Fields may be missing that are there.
    pub(super) fn spoil_targets(&mut self) {
        self.targets.iter_mut().for_each(|target| target.is_settled = true);
    }
}

/// The paths of a constraint: those of the selector, then those of the fields.
fn paths(constraint: &IdentityConstraint) -> impl Iterator<Item = &Path> {
    constraint.selector.iter().chain(constraint.fields.iter().flat_map(|field| &field.paths))
}
