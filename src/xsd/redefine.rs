//! `xs:redefine` (part 1, section 4.2.2): a definition takes the name of the one that it redefines, for all documents.
//!
//! What was there before goes on under a name that no document can write: the same local name in a namespace of its
//! own for each redefinition. The new definition refers to that where it refers to itself.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::error::{Faults, Result, conflict, fault};
use super::model::{
    AttributeGroup, Components, Group, Particle, Redefined, Redefinition, Reference, Term, Type, TypeUse, Variety,
};
use crate::compiled::{NameId, Names, Place};
use crate::diagnostic::Code;

/// Which documents belong to which, by what identifies them (`D`).
pub(super) struct Parts<D> {
    /// The number of each document that was read.
    numbers: HashMap<D, u32>,
    /// What a document includes or redefines.
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

/// Puts all redefinitions in force.
pub(super) fn apply<D: Clone + Eq + Hash>(
    components: &mut Components,
    names: &mut Names,
    parts: &Parts<D>,
    faults: &Faults,
) {
    let mut redefined: HashMap<Place, Vec<bool>> = HashMap::new();
    // By what is redefined, in the order of the documents.
    let mut same: BTreeMap<(Redefined, NameId), Vec<Redefinition>> = BTreeMap::new();
    for one in std::mem::take(&mut components.redefinitions) {
        // Clause 1 of Redefinition Constraints: what is redefined is there.
        if !parts.redefines.contains_key(&one.of) {
            faults.release(names.namespace_id(one.name.name));
        } else {
            redefined.entry(one.of).or_insert_with(|| parts.redefined_by(one.of));
            same.entry((one.kind, one.name.name)).or_default().push(one);
        }
    }
    let includes = |one: &Redefinition, place: Place| {
        redefined.get(&one.of).and_then(|reached| reached.get(place.document as usize)) == Some(&true)
    };
    let mut hidden = 0;
    for mut same in same.into_values() {
        // One that redefines what another one of them gives comes behind that.
        while !same.is_empty() {
            let gives = |one: &Redefinition, other: &Redefinition| {
                let is_other = other.name.place.document != one.name.place.document;
                is_other && includes(one, other.name.place)
            };
            let ready = same.iter().position(|one| !same.iter().any(|other| gives(one, other)));
            let next = same.remove(ready.unwrap_or(0));
            let done = match ready {
                Some(_) => redefine(components, names, next, &mut hidden, |place| includes(&next, place)),
                None => {
                    let message =
                        format!("the redefinitions of `{}` lead back to each other", names.local(next.name.name));
                    same.clear();
                    fault(Code::SrcRedefine, next.name.place, message)
                }
            };
            faults.or_note(done);
        }
    }
}

/// Individual Component Redefinition (src-expredef), for one definition.
fn redefine(
    components: &mut Components,
    names: &mut Names,
    one: Redefinition,
    hidden: &mut usize,
    is_redefined: impl Fn(Place) -> bool,
) -> Result<()> {
    let Redefinition { kind, index, name: Reference { name, place }, .. } = one;
    let known = match kind {
        Redefined::Type => &mut components.type_names,
        Redefined::Group => &mut components.group_names,
        Redefined::AttributeGroup => &mut components.attribute_group_names,
    };
    let before = known.get(&name).copied();
    let before_place = before.and_then(|before| match kind {
        Redefined::Type => components.types.get(before).map(Type::place),
        Redefined::Group => components.groups.get(before).map(|group| group.place),
        Redefined::AttributeGroup => components.attribute_groups.get(before).map(|group| group.place),
    });
    let (before, before_place) = match before.zip(before_place) {
        Some(found) => found,
        None => {
            let message = format!("`{}` is not declared in the document that is redefined", names.local(name));
            return fault(Code::SrcExpredef, place, message);
        }
    };
    if !is_redefined(before_place) {
        let message = format!("`{}` is not declared in the document that is redefined", names.local(name));
        return conflict(Code::SrcExpredef, place, message, "its declaration", before_place);
    }
    *hidden += 1;
    // No namespace of a document has such a name: the character is none of XML.
    let namespace = names.intern_namespace(&format!("\u{0}{hidden}"));
    let local = names.local(name).to_owned();
    let old_name = names.intern(namespace, &local);
    known.insert(old_name, before);
    known.insert(name, index);
    match kind {
        Redefined::Type => {
            if let Some(old) = components.types.get_mut(before) {
                set_name(old, old_name);
            }
            let Some(new) = components.types.get_mut(index) else { return Ok(()) };
            if !derive_from(new, name, old_name) {
                let message = format!(
                    "expected `{}` to be derived from itself, as it stands in `xs:redefine`",
                    names.local(name)
                );
                return fault(Code::SrcRedefine, place, message);
            }
        }
        Redefined::Group => {
            let Some(Group { particle, .. }) = components.groups.get_mut(index) else { return Ok(()) };
            let mut places = Vec::new();
            refer_group(particle, name, old_name, &mut places)?;
            match places[..] {
                [] => components.restricted_groups.push((one.name, old_name)),
                [_] => {}
                [first, second, ..] => {
                    let message = format!("expected group `{}` to contain itself only once", names.local(name));
                    return conflict(Code::SrcRedefine, second, message, "the first time", first);
                }
            }
        }
        Redefined::AttributeGroup => {
            let Some(AttributeGroup { attributes, .. }) = components.attribute_groups.get_mut(index) else {
                return Ok(());
            };
            let mut places = Vec::new();
            attributes.groups.retain_mut(|group| {
                let is_own = group.name == name;
                if is_own {
                    group.name = old_name;
                    places.push(group.place);
                }
                !is_own || places.len() == 1
            });
            match places[..] {
                [] => components.restricted_attribute_groups.push((one.name, old_name)),
                [_] => {}
                [first, second, ..] => {
                    let message =
                        format!("expected attribute group `{}` to contain itself only once", names.local(name));
                    return conflict(Code::SrcRedefine, second, message, "the first time", first);
                }
            }
        }
    }
    Ok(())
}

fn set_name(definition: &mut Type, name: NameId) {
    match definition {
        Type::Simple(simple) => simple.name = Some(name),
        Type::Complex(complex) => complex.name = Some(name),
        Type::Broken(_) => {}
    }
}

/// Clause 5: a type is derived from itself. Its base becomes what it was; false where the base is another type.
fn derive_from(definition: &mut Type, name: NameId, old: NameId) -> bool {
    let base = match definition {
        Type::Complex(complex) => complex.base.as_mut(),
        Type::Simple(simple) => match &mut simple.variety {
            Variety::Restriction { base: TypeUse::Named(base), .. } => Some(base),
            _ => None,
        },
        // What is wrong with it was told.
        Type::Broken(_) => return true,
    };
    match base {
        Some(base) if base.name == name => {
            base.name = old;
            true
        }
        _ => false,
    }
}

/// Clause 6.1: where a group refers to itself it contains what it was, once. Recurses as deep as the document is nested.
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
        _ => Ok(()),
    }
}
