//! The derivation of simple types (part 1, section 3.14); their values are in `datatype`.

use std::borrow::Cow;
use std::sync::Arc;

use super::Compiler;
use crate::compiled::{Derivation, Methods, Place, SimpleDefinition, TypeDefinition, TypeId};
use crate::datatype::{SimpleType, TypeError};
use crate::diagnostic::Code;
use crate::xsd::fault::{Failure, Result, fault};
use crate::xsd::model::{self, Facets, TypeUse, Variety};

impl<'m> Compiler<'m> {
    /// A type that must be simple, made if necessary.
    pub(super) fn simple_type(&mut self, id: TypeId, place: Place) -> Result<Arc<SimpleType>> {
        self.define(id)?;
        match self.definition(id).and_then(|definition| definition.done.as_ref()) {
            Some(TypeDefinition::Simple(simple)) => Ok(Arc::clone(&simple.simple)),
            _ => fault(
                Code::StPropsCorrect,
                place,
                format!("expected a simple type, found {}, which is complex", self.type_words(id)),
            ),
        }
    }

    pub(super) fn define_simple(&mut self, id: TypeId, model: &'m model::SimpleType) -> Result<()> {
        let name = model.name.map(|name| self.names.local(name).to_owned());
        let name = name.as_deref();
        let (base, built) = match &model.variety {
            Variety::Restriction { base, facets } => {
                let place = use_place(base, model.place);
                let (base, simple) = self.simple_use(base, model.place)?;
                self.check_simple_final(base, Methods::RESTRICTION, "restriction", place)?;
                if base == self.any_simple_type {
                    return fault(
                        Code::CosStRestricts,
                        model.place,
                        "expected a base type other than anySimpleType, which has no restrictions",
                    );
                }
                return self.store_simple(id, base, model, self.restrict(&simple, name, facets, model.place)?);
            }
            Variety::List(item) => {
                let place = use_place(item, model.place);
                let (id, item) = self.simple_use(item, model.place)?;
                self.check_simple_final(id, Methods::LIST, "list", place)?;
                (self.any_simple_type, SimpleType::list(&item, name))
            }
            Variety::Union(members) => {
                let mut simple = Vec::with_capacity(members.len());
                for member in members {
                    let place = use_place(member, model.place);
                    let member = self.simple_use(member, model.place);
                    let member = member.and_then(|(id, member)| {
                        self.check_simple_final(id, Methods::UNION, "union", place)?;
                        Ok(member)
                    });
                    simple.extend(self.faults.or_note(member));
                }
                if simple.len() < members.len() {
                    return Err(Failure::Reported);
                }
                (self.any_simple_type, SimpleType::union(&simple, name))
            }
        };
        let simple = match built {
            Ok(simple) => simple,
            Err(TypeError { constraint, message, .. }) => {
                return fault(Code::of_type(constraint), model.place, message);
            }
        };
        self.store_simple(id, base, model, simple)
    }

    fn store_simple(
        &mut self,
        id: TypeId,
        base: TypeId,
        model: &'m model::SimpleType,
        simple: Arc<SimpleType>,
    ) -> Result<()> {
        self.check_notations(&simple, model.place)?;
        let definition =
            SimpleDefinition { name: model.name, simple, base: Some(base), documentation: model.documentation.clone() };
        self.store(id, base, TypeDefinition::Simple(definition), model.place)
    }

    /// Section 3.14.6, Simple Type Definition Properties Correct, clause 3, and Derivation Valid (Restriction, Simple),
    /// clauses 2.3.1 and 3.3.1: {final} must not forbid it.
    fn check_simple_final(&self, of: TypeId, method: Methods, how: &str, place: Place) -> Result<()> {
        let code = if method == Methods::RESTRICTION { Code::StPropsCorrect } else { Code::CosStRestricts };
        if self.finals(of).intersects(method) {
            return fault(code, place, format!("{} is final: it allows no {how}", self.type_words(of)));
        }
        Ok(())
    }

    /// A restriction by facets. If a facet is invalid, the rest are checked without it.
    pub(super) fn restrict(
        &self,
        base: &Arc<SimpleType>,
        name: Option<&str>,
        facets: &Facets,
        place: Place,
    ) -> Result<Arc<SimpleType>> {
        let (mut left, mut places) = (Cow::Borrowed(&facets.facets), Cow::Borrowed(&facets.places));
        let mut is_broken = facets.is_broken;
        loop {
            let TypeError { constraint, message, facet, .. } =
                match SimpleType::restrict_in(base, name, &left, &facets.setting) {
                    Ok(_) if is_broken => return Err(Failure::Reported),
                    Ok(simple) => return Ok(simple),
                    Err(error) => error,
                };
            let at = facet.and_then(|(facet, value)| places.get(facet)?.get(value)).copied();
            self.faults.or_note::<()>(fault(Code::of_type(constraint), at.unwrap_or(place), message));
            is_broken = true;
            let Some((facet, _)) = facet.filter(|(facet, _)| *facet < left.len()) else {
                return Err(Failure::Reported);
            };
            left.to_mut().remove(facet);
            places.to_mut().remove(facet);
        }
    }

    /// Part 2, section 3.2.19 (enumeration-required-notation): NOTATION itself cannot be the type of an element or
    /// attribute. As a union member or list item type it is accepted, following the test suite: there too its values
    /// must be declared notations.
    pub(super) fn check_notation_use(&self, simple: &SimpleType, place: Place) -> Result<()> {
        match simple.lacks_notations() {
            true => fault(
                Code::EnumerationRequiredNotation,
                place,
                "expected a type that enumerates notations, found NOTATION without an enumeration",
            ),
            false => Ok(()),
        }
    }

    /// Part 2, section 3.2.19: the values of NOTATION are the notations that the schema declares.
    fn check_notations(&self, simple: &SimpleType, place: Place) -> Result<()> {
        match simple.enumerated_notations().find(|name| !self.notation_names.contains(*name)) {
            Some(name) => {
                let local = name.rsplit_once('}').map_or(name, |(_, local)| local);
                fault(Code::SrcResolve, place, format!("notation `{local}` is not declared"))
            }
            None => Ok(()),
        }
    }

    /// The type that another type is made from.
    fn simple_use(&mut self, type_use: &'m TypeUse, place: Place) -> Result<(TypeId, Arc<SimpleType>)> {
        let place = use_place(type_use, place);
        let id = self.type_id(type_use)?;
        Ok((id, self.simple_type(id, place)?))
    }

    /// Type Derivation OK (Simple) if the base is the simple type of a complex type's content: the same type, or one
    /// derived only by restriction, or (as a restriction) from a member of a union.
    pub(super) fn is_restricted_simple_type(&self, own: TypeId, base: &Arc<SimpleType>) -> bool {
        self.restricted_types(own).any(|(_, simple)| simple.is_some_and(|simple| is_or_is_member(simple, base)))
    }

    /// A type and the types that it restricts, up to the first step by extension.
    fn restricted_types(&self, own: TypeId) -> impl Iterator<Item = (TypeId, Option<&Arc<SimpleType>>)> {
        let mut current = Some(own);
        std::iter::from_fn(move || {
            let id = current?;
            let done = self.definition(id).and_then(|definition| definition.done.as_ref());
            let (simple, next) = match done {
                Some(TypeDefinition::Complex(complex)) if complex.derivation == Derivation::Extension => (None, None),
                Some(TypeDefinition::Complex(complex)) => (None, complex.base),
                // The base of anySimpleType is anyType.
                Some(TypeDefinition::Simple(simple)) => {
                    (Some(&simple.simple), Some(simple.base.unwrap_or(self.any_type)))
                }
                None => (None, None),
            };
            current = next.filter(|next| *next != id);
            Some((id, simple))
        })
    }
}

fn is_or_is_member(own: &Arc<SimpleType>, base: &Arc<SimpleType>) -> bool {
    Arc::ptr_eq(own, base) || base.members().iter().any(|member| Arc::ptr_eq(own, member))
}

/// Where a type is referred to; `place` for an anonymous type.
fn use_place(type_use: &TypeUse, place: Place) -> Place {
    match type_use {
        TypeUse::Named(reference) => reference.place,
        TypeUse::Anonymous(_) | TypeUse::Broken => place,
    }
}
