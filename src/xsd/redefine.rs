//! `xs:redefine` (part 1, section 4.2.2): a definition takes over the name of the one it redefines, in all documents.
//!
//! The original continues under a name that no document can write: the same local name in a separate namespace for each
//! redefinition. Where the new definition refers to itself, it is made to refer to that name.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::mem::take;

use super::declared::{Component, Declared};
use super::fault::{Faults, Result, conflict, fault};
use super::model::{
    AttributeGroup, Components, Group, Particle, Redefinition, Reference, Term, Type, TypeUse, Variety,
};
use crate::compiled::{NameId, Names, Place};
use crate::diagnostic::Code;

/// Which documents are connected, by what identifies them (`D`).
pub(super) struct Parts<D> {
    /// The number of each document that was read.
    numbers: HashMap<D, u32>,
    /// The documents that a document includes or redefines.
    below: HashMap<u32, Vec<D>>,
    /// What each `xs:redefine` redefines, by its place.
    redefines: HashMap<Place, D>,
}

impl<D> Default for Parts<D> {
    fn default() -> Parts<D> {
        Parts { numbers: HashMap::new(), below: HashMap::new(), redefines: HashMap::new() }
    }
}

impl<D: Clone + Eq + Hash> Parts<D> {
    pub(super) fn read(&mut self, what: D, number: u32) {
        self.numbers.insert(what, number);
    }

    pub(super) fn include(&mut self, number: u32, what: D) {
        self.below.entry(number).or_default().push(what);
    }

    pub(super) fn redefine(&mut self, place: Place, what: D) {
        self.include(place.document, what.clone());
        self.redefines.insert(place, what);
    }

    /// Groups documents connected by include or redefine: for each document, the first of its group.
    pub(super) fn compositions(&self, documents: usize) -> Vec<u32> {
        let mut first: Vec<u32> = (0..).take(documents).collect();
        fn root(first: &mut [u32], mut number: u32) -> u32 {
            while let Some(above) = first.get(number as usize).copied().filter(|above| *above != number) {
                let next = first.get(above as usize).copied().unwrap_or(above);
                if let Some(slot) = first.get_mut(number as usize) {
                    *slot = next;
                }
                number = above;
            }
            number
        }
        for (number, below) in &self.below {
            for below in below.iter().filter_map(|what| self.numbers.get(what)) {
                let (one, other) = (root(&mut first, *number), root(&mut first, *below));
                if let Some(slot) = first.get_mut(one.max(other) as usize) {
                    *slot = one.min(other);
                }
            }
        }
        (0..).take(documents).map(|number| root(&mut first, number)).collect()
    }

    /// The documents that make up what an `xs:redefine` names.
    fn redefined_by(&self, of: Place) -> Vec<bool> {
        let mut reached = vec![false; self.numbers.len().max(1)];
        let start = self.redefines.get(&of).and_then(|what| self.numbers.get(what));
        let mut open: Vec<u32> = start.copied().into_iter().collect();
        while let Some(number) = open.pop() {
            let index = number as usize;
            if index >= reached.len() {
                reached.resize(index + 1, false);
            }
            if let Some(seen) = reached.get_mut(index)
                && !std::mem::replace(seen, true)
            {
                let below = self.below.get(&number).into_iter().flatten();
                open.extend(below.filter_map(|what| self.numbers.get(what)));
            }
        }
        reached
    }
}

/// Applies all redefinitions.
pub(super) fn apply<D: Clone + Eq + Hash>(
    components: &mut Components,
    names: &mut Names,
    parts: &Parts<D>,
    faults: &Faults,
) {
    let mut redefiner = Redefiner { names, parts, faults, reached: HashMap::new(), hidden: 0 };
    // Every type is derived from its original; that it restricts it is checked when it is made.
    redefiner.apply(&mut components.types, take(&mut components.redefined_types));
    let groups = take(&mut components.redefined_groups);
    components.restricted_groups = redefiner.apply(&mut components.groups, groups);
    let groups = take(&mut components.redefined_attribute_groups);
    components.restricted_attribute_groups = redefiner.apply(&mut components.attribute_groups, groups);
}

/// What `xs:redefine` may contain.
trait Redefinable: Component {
    /// Lets the original continue under another name.
    fn rename(&mut self, _name: NameId) {}

    /// Makes the definition refer to the original, `old`, where it refers to itself, `own`; returns whether it does.
    fn build_on(&mut self, old: NameId, own: Reference, names: &Names) -> Result<bool>;
}

struct Redefiner<'l, D> {
    names: &'l mut Names,
    parts: &'l Parts<D>,
    faults: &'l Faults,
    /// For each `xs:redefine`, by its place: the documents that make up what it redefines.
    reached: HashMap<Place, Vec<bool>>,
    /// The number of definitions that continue under names that no document can write.
    hidden: usize,
}

impl<D: Clone + Eq + Hash> Redefiner<'_, D> {
    /// Applies the redefinitions of one kind. Returns those that do not refer to their original: the name, and the name
    /// of the original.
    fn apply<T: Redefinable>(
        &mut self,
        declared: &mut Declared<T>,
        redefinitions: Vec<Redefinition<T>>,
    ) -> Vec<(Reference, NameId)> {
        let mut restricted = Vec::new();
        for mut same in self.by_name(redefinitions).into_values() {
            while !same.is_empty() {
                let ready = self.ready(&same);
                let next = same.remove(ready.unwrap_or(0));
                let done = match ready {
                    Some(_) => self.redefine(declared, next),
                    None => {
                        same.clear();
                        let local = self.names.local(next.name.name);
                        let message = format!("the redefinitions of `{local}` lead back to each other");
                        fault(Code::SrcRedefine, next.name.place, message)
                    }
                };
                restricted.extend(self.faults.or_note(done).flatten());
            }
        }
        restricted
    }

    /// The redefinitions by what they redefine, in document order. Clause 1 of Redefinition Constraints and Semantics
    /// requires the redefined document to exist; where it does not, its absence becomes an error.
    fn by_name<T>(&mut self, redefinitions: Vec<Redefinition<T>>) -> BTreeMap<NameId, Vec<Redefinition<T>>> {
        let mut by_name: BTreeMap<NameId, Vec<Redefinition<T>>> = BTreeMap::new();
        for one in redefinitions {
            if self.parts.redefines.contains_key(&one.of) {
                self.reached.entry(one.of).or_insert_with(|| self.parts.redefined_by(one.of));
                by_name.entry(one.name.name).or_default().push(one);
            } else {
                self.faults.miss(self.names.namespace_id(one.name.name));
            }
        }
        by_name
    }

    /// Whether a place is in the documents that an `xs:redefine` redefines.
    fn includes(&self, of: Place, place: Place) -> bool {
        self.reached.get(&of).and_then(|reached| reached.get(place.document as usize)) == Some(&true)
    }

    /// The next redefinition to apply: one whose original is not defined by any of the others. `None` if they are
    /// circular.
    fn ready<T>(&self, same: &[Redefinition<T>]) -> Option<usize> {
        let gives = |one: &Redefinition<T>, other: &Redefinition<T>| {
            let is_other = other.name.place.document != one.name.place.document;
            is_other && self.includes(one.of, other.name.place)
        };
        same.iter().position(|one| !same.iter().any(|other| gives(one, other)))
    }

    /// Individual Component Redefinition (src-expredef), for one definition. Returns what it restricts without
    /// referring to it.
    fn redefine<T: Redefinable>(
        &mut self,
        declared: &mut Declared<T>,
        redefinition: Redefinition<T>,
    ) -> Result<Option<(Reference, NameId)>> {
        let Redefinition { name: own, mut definition, of } = redefinition;
        let missing = || format!("`{}` is not declared in the redefined document", self.names.local(own.name));
        let Some(before) = declared.get_mut(own.name) else {
            return fault(Code::SrcExpredef, own.place, missing());
        };
        if !self.includes(of, before.place()) {
            return conflict(Code::SrcExpredef, own.place, missing(), "its declaration", before.place());
        }
        let old = self.hidden_name(own.name);
        before.rename(old);
        let builds_on_it = definition.build_on(old, own, self.names);
        declared.supersede(own.name, old, definition);
        Ok((!builds_on_it?).then_some((own, old)))
    }

    /// The name under which the original continues.
    fn hidden_name(&mut self, name: NameId) -> NameId {
        self.hidden += 1;
        // No document can have a namespace of this name: XML does not allow the character.
        let namespace = self.names.intern_namespace(&format!("\u{0}{}", self.hidden));
        let local = self.names.local(name).to_owned();
        self.names.intern(namespace, &local)
    }
}

/// Clause 5: a type is derived from itself.
impl Redefinable for Type {
    fn rename(&mut self, name: NameId) {
        match self {
            Type::Simple(simple) => simple.name = Some(name),
            Type::Complex(complex) => complex.name = Some(name),
            Type::Broken(_) => {}
        }
    }

    fn build_on(&mut self, old: NameId, own: Reference, names: &Names) -> Result<bool> {
        let base = match self {
            // Its fault was reported.
            Type::Complex(complex) if complex.is_broken && complex.base.is_none() => return Ok(true),
            Type::Complex(complex) => complex.base.as_mut(),
            Type::Simple(simple) => match &mut simple.variety {
                Variety::Restriction { base: TypeUse::Named(base), .. } => Some(base),
                Variety::Restriction { base: TypeUse::Broken, .. } => return Ok(true),
                _ => None,
            },
            Type::Broken(_) => return Ok(true),
        };
        match base {
            Some(base) if base.name == own.name => {
                base.name = old;
                Ok(true)
            }
            _ => {
                let local = names.local(own.name);
                let message = format!("expected `{local}` to be derived from itself, since it is in `xs:redefine`");
                fault(Code::SrcRedefine, own.place, message)
            }
        }
    }
}

/// Clause 6: a group contains itself once, or is a restriction of the original.
impl Redefinable for Group {
    fn build_on(&mut self, old: NameId, own: Reference, names: &Names) -> Result<bool> {
        let mut places = Vec::new();
        refer_group(&mut self.particle, own.name, old, &mut places)?;
        at_most_once(&places, || format!("group `{}`", names.local(own.name)))
    }
}

/// Clause 7: an attribute group contains itself once, or is a restriction of the original.
impl Redefinable for AttributeGroup {
    fn build_on(&mut self, old: NameId, own: Reference, names: &Names) -> Result<bool> {
        let mut places = Vec::new();
        self.attributes.groups.retain_mut(|group| {
            let is_own = group.name == own.name;
            if is_own {
                group.name = old;
                places.push(group.place);
            }
            !is_own || places.len() == 1
        });
        at_most_once(&places, || format!("attribute group `{}`", names.local(own.name)))
    }
}

/// Clauses 6.1.1 and 7.1: whether a group refers to itself, which it may do only once.
fn at_most_once(places: &[Place], what: impl Fn() -> String) -> Result<bool> {
    match places {
        [] => Ok(false),
        [_] => Ok(true),
        [first, second, ..] => {
            let message = format!("expected {} to contain itself only once", what());
            conflict(Code::SrcRedefine, *second, message, "the first time", *first)
        }
    }
}

/// Clause 6.1.2: where a group refers to itself, it contains the original, once. Recurses as deep as the document is
/// nested.
fn refer_group(particle: &mut Particle, name: NameId, old: NameId, places: &mut Vec<Place>) -> Result<()> {
    match &mut particle.term {
        Term::GroupReference(group) if *group == name => {
            *group = old;
            places.push(particle.place);
            if particle.min != 1 || particle.max != Some(1) {
                let message = "expected a group that contains itself in `xs:redefine` to do so exactly once";
                return fault(Code::SrcRedefine, particle.place, message);
            }
            Ok(())
        }
        Term::Sequence(members) | Term::Choice(members) | Term::All(members) => {
            members.iter_mut().try_for_each(|member| refer_group(member, name, old, places))
        }
        Term::Broken(Some(inside)) => refer_group(inside, name, old, places),
        _ => Ok(()),
    }
}
