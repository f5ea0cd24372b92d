//! Particles in the form that restriction compares: without pointless groups, with substitution groups as the choices
//! that they represent, and with occurrences as a range.

use crate::compiled::{ElementId, Place, Wildcard};
use crate::xsd::compile::Compiler;
use crate::xsd::compile::particle::{Tree, TreeTerm};

/// The largest substitution group whose elements are written out where it is a choice inside a choice.
const WRITTEN_OUT: usize = 64;

/// A particle without pointless groups ("pointless occurrences").
pub(super) struct Particle<'t> {
    pub(super) occurs: Range,
    pub(super) term: Term<'t>,
    pub(super) place: Place,
}

pub(super) enum Term<'t> {
    Element(ElementId),
    /// An element that others can substitute for: a choice between the elements of its substitution group, which are
    /// not written out, as there may be many (Particle Valid (Restriction), clause 2.1).
    Head(ElementId),
    Wildcard(&'t Wildcard),
    Group(Kind, Vec<Particle<'t>>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sequence,
    Choice,
    All,
}

/// How often something occurs; `None` is unbounded.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub(super) min: u64,
    pub(super) max: Option<u64>,
}

impl Range {
    pub(super) const ONCE: Range = Range { min: 1, max: Some(1) };

    pub(super) fn is_once(self) -> bool {
        self.min == 1 && self.max == Some(1)
    }

    /// Occurrence Range OK.
    pub(super) fn is_within(self, base: Range) -> bool {
        self.min >= base.min && base.max.is_none_or(|most| self.max.is_some_and(|max| max <= most))
    }

    pub(super) fn times(self, other: Range) -> Range {
        let max = match (self.max, other.max) {
            (Some(0), _) | (_, Some(0)) => Some(0),
            (Some(one), Some(other)) => Some(one.saturating_mul(other)),
            _ => None,
        };
        Range { min: self.min.saturating_mul(other.min), max }
    }

    fn plus(self, other: Range) -> Range {
        let max = self.max.zip(other.max).map(|(one, other)| one.saturating_add(other));
        Range { min: self.min.saturating_add(other.min), max }
    }

    fn or(self, other: Range) -> Range {
        Range { min: self.min.min(other.min), max: self.max.zip(other.max).map(|(one, other)| one.max(other)) }
    }
}

impl<'t> Particle<'t> {
    /// Recurses to the depth of the tree, which is bounded. `None` if nothing is left.
    pub(super) fn new(compiler: &Compiler<'_>, tree: &'t Tree) -> Option<Particle<'t>> {
        let occurs = Range { min: tree.min.into(), max: tree.max.map(u64::from) };
        if !tree.has_leaves() && tree.is_emptiable() {
            return None;
        }
        let (kind, members) = match &*tree.term {
            TreeTerm::Element(element) => return Some(Particle::of_element(compiler, *element, occurs, tree.place)),
            TreeTerm::Wildcard(wildcard) => {
                return Some(Particle { occurs, term: Term::Wildcard(wildcard), place: tree.place });
            }
            TreeTerm::Sequence(members) => (Kind::Sequence, members),
            TreeTerm::Choice(members) => (Kind::Choice, members),
            TreeTerm::All(members) => (Kind::All, members),
        };
        let mut kept = Vec::with_capacity(members.len());
        for member in members.iter().filter_map(|member| Particle::new(compiler, member)) {
            match member {
                Particle { occurs, term: Term::Head(head), place } if kind == Kind::Choice && occurs.is_once() => {
                    let mut group = compiler.group_of(head);
                    let few: Vec<ElementId> = group.by_ref().take(WRITTEN_OUT).collect();
                    match group.next() {
                        None => kept.extend(few.into_iter().map(|member| Particle::once(member, place))),
                        Some(_) => kept.push(Particle { occurs, term: Term::Head(head), place }),
                    }
                }
                Particle { occurs, term: Term::Group(inner, parts), .. }
                    if inner == kind && kind != Kind::All && occurs.is_once() =>
                {
                    kept.extend(parts);
                }
                member => kept.push(member),
            }
        }
        if kept.is_empty() && (kind != Kind::Choice || occurs.min == 0) {
            return None;
        }
        if kept.len() == 1 && occurs.is_once() {
            return kept.pop();
        }
        Some(Particle { occurs, term: Term::Group(kind, kept), place: tree.place })
    }

    pub(super) fn once(element: ElementId, place: Place) -> Particle<'t> {
        Particle { occurs: Range::ONCE, term: Term::Element(element), place }
    }

    /// An element, or the choice that its substitution group represents.
    fn of_element(compiler: &Compiler<'_>, element: ElementId, occurs: Range, place: Place) -> Particle<'t> {
        let term = match compiler.group_of(element).take(2).collect::<Vec<_>>()[..] {
            [_, _, ..] => Term::Head(element),
            // A choice of one member is pointless if it occurs once.
            [only] if only != element && occurs.is_once() => Term::Element(only),
            [only] if only != element => Term::Group(Kind::Choice, vec![Particle::once(only, place)]),
            _ => Term::Element(element),
        };
        Particle { occurs, term, place }
    }

    /// Effective Total Range (sections 3.8.6); for a single particle, its own range.
    pub(super) fn total(&self) -> Range {
        match &self.term {
            Term::Element(_) | Term::Head(_) | Term::Wildcard(_) => self.occurs,
            Term::Group(Kind::Choice, members) => {
                let ranges = members.iter().map(Particle::total);
                ranges.reduce(Range::or).unwrap_or(Range { min: 0, max: Some(0) }).times(self.occurs)
            }
            Term::Group(_, members) => {
                let ranges = members.iter().map(Particle::total);
                ranges.fold(Range { min: 0, max: Some(0) }, Range::plus).times(self.occurs)
            }
        }
    }

    pub(super) fn is_emptiable(&self) -> bool {
        self.total().min == 0
    }
}
