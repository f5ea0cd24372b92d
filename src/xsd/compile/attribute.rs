//! Attributes of complex types and attribute groups (part 1, sections 3.2, 3.4, 3.5 and 3.6).

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Compiler;
use super::wildcard::{intersection, is_restriction, union};
use crate::compiled::{AttributeUse, NameId, Place, TypeId, Types, ValueConstraint, Wildcard};
use crate::diagnostic::Code;
use crate::xsd::fault::{Failure, Result, conflict, fault};
use crate::xsd::model::{self, Presence, Reference};

/// The most attributes that all types together may have, those of their bases included, and references to groups.
const ALL_ATTRIBUTES: usize = 1 << 18;

/// The attributes of a type or group, with groups resolved.
#[derive(Debug, Clone, Default)]
pub(super) struct Resolved {
    pub(super) uses: Vec<ResolvedUse>,
    pub(super) prohibited: Vec<NameId>,
    pub(super) wildcard: Option<Wildcard>,
}

/// An attribute use with the number of its type.
#[derive(Debug, Clone)]
pub(super) struct ResolvedUse {
    pub(super) attribute: Arc<AttributeUse>,
    pub(super) type_id: TypeId,
    /// Where the attribute is declared, which distinguishes two declarations of one name.
    declaration: Place,
}

impl ResolvedUse {
    /// Whether both are the same declaration, used in the same way.
    fn is_same(&self, other: &ResolvedUse) -> bool {
        let value =
            |found: &ResolvedUse| found.attribute.value.as_ref().map(|value| (value.fixed, value.value.clone()));
        self.declaration == other.declaration
            && self.attribute.required == other.attribute.required
            && value(self) == value(other)
    }
}

/// The names so far, each with its index in the list of uses. Most types have few attributes, whose names are compared
/// linearly.
#[derive(Default)]
struct Known {
    few: Vec<(NameId, usize)>,
    many: HashMap<NameId, usize>,
}

impl Known {
    const FEW: usize = 16;

    /// Records the use at `index`, unless the name already has one, which is returned.
    fn insert(&mut self, name: NameId, index: usize) -> Option<usize> {
        if !self.many.is_empty() {
            let known = *self.many.entry(name).or_insert(index);
            return (known != index).then_some(known);
        }
        if let Some((_, known)) = self.few.iter().find(|(known, _)| *known == name) {
            return Some(*known);
        }
        self.few.push((name, index));
        if self.few.len() > Known::FEW {
            self.many.extend(self.few.drain(..));
        }
        None
    }
}

impl<'m> Compiler<'m> {
    /// The attributes that are written in one place, with the attribute groups that it refers to. `owner` is the
    /// constraint that is violated by two attributes with the same name.
    pub(super) fn resolve_attributes(&mut self, model: &'m model::Attributes, owner: Code) -> Result<Resolved> {
        let mut resolved = Resolved { wildcard: model.wildcard.clone(), ..Resolved::default() };
        let mut known = Known::default();
        let mut is_broken = model.is_broken;
        for member in &model.attributes {
            let found = self.attribute_use(member).and_then(|found| match member.presence {
                Presence::Prohibited => {
                    resolved.prohibited.push(found.attribute.name);
                    Ok(())
                }
                _ => self.add_use(&mut resolved.uses, &mut known, found, owner),
            });
            is_broken |= self.faults.or_note(found).is_none();
        }
        for reference in &model.groups {
            let added = self.add_group(&mut resolved, &mut known, *reference, owner);
            is_broken |= self.faults.or_note(added).is_none();
        }
        if is_broken {
            return Err(Failure::Reported);
        }
        self.check_one_id(&resolved.uses, owner)?;
        Ok(resolved)
    }

    /// Adds the attributes of a referenced group. An attribute that is prohibited there is simply not in the group; it
    /// does not remove anything from a base type (section 3.4.2).
    fn add_group(
        &mut self,
        resolved: &mut Resolved,
        known: &mut Known,
        reference: Reference,
        owner: Code,
    ) -> Result<()> {
        let group = self.attribute_group(reference)?;
        self.count_attributes(group.uses.len(), reference.place)?;
        for found in group.uses.iter().cloned() {
            self.add_use(&mut resolved.uses, known, found, owner)?;
        }
        resolved.wildcard = match (resolved.wildcard.take(), &group.wildcard) {
            (None, other) => other.clone(),
            (own, None) => own,
            (Some(own), Some(other)) => Some(intersection(own, other, reference.place)?),
        };
        Ok(())
    }

    /// Counts attributes. Types repeat the attributes of their bases and groups, so a short schema can require many.
    pub(super) fn count_attributes(&mut self, count: usize, place: Place) -> Result<()> {
        self.attribute_uses += count;
        if self.attribute_uses > ALL_ATTRIBUTES {
            let message = format!("expected at most {ALL_ATTRIBUTES} attributes in all types and references to groups");
            return fault(Code::SchemaLimit, place, message);
        }
        Ok(())
    }

    /// At most one attribute is an ID (ag-props-correct.3, ct-props-correct.5).
    fn check_one_id(&self, uses: &[ResolvedUse], code: Code) -> Result<()> {
        let mut ids = uses.iter().map(|found| &found.attribute).filter(|attribute| attribute.simple.is_id());
        match (ids.next(), ids.next()) {
            (Some(first), Some(second)) => {
                let message = format!("attribute `{}` is a second ID", self.names.local(second.name));
                conflict(code, second.place, message, "the first ID", first.place)
            }
            _ => Ok(()),
        }
    }

    /// The attribute uses of a type or group are a set (sections 3.4.2 and 3.6.2): an attribute that is reached twice
    /// is one use. Two different declarations with the same name violate `owner` (ct-props-correct.4,
    /// ag-props-correct.2).
    fn add_use(&self, uses: &mut Vec<ResolvedUse>, known: &mut Known, found: ResolvedUse, owner: Code) -> Result<()> {
        let first = known.insert(found.attribute.name, uses.len()).and_then(|index| uses.get(index));
        match first {
            None => uses.push(found),
            Some(first) if first.is_same(&found) => {}
            Some(first) => {
                let message = format!("attribute `{}` is declared twice", self.names.local(found.attribute.name));
                let (place, first) = (found.attribute.place, first.attribute.place);
                return conflict(owner, place, message, "the first declaration", first);
            }
        }
        Ok(())
    }

    /// A named attribute group, made once (section 3.6.3, Attribute Group Definition Representation OK, clause 3: no
    /// group contains itself).
    pub(super) fn attribute_group(&mut self, reference: Reference) -> Result<Rc<Resolved>> {
        const KIND: (&str, Code) = ("attribute group", Code::SrcAttributeGroup);
        match self.components.attribute_groups.get(reference.name) {
            None => self.unresolved(KIND.0, reference, ""),
            Some(group) => self.made_once(
                |compiler| &mut compiler.attribute_groups,
                KIND,
                reference,
                |compiler| compiler.resolve_attributes(&group.attributes, Code::AgPropsCorrect).map(Rc::new),
            ),
        }
    }

    /// A global attribute, made once, so that its type is one type however often it is referred to.
    pub(super) fn global_attribute(&mut self, reference: Reference) -> Result<ResolvedUse> {
        const KIND: (&str, Code) = ("attribute", Code::APropsCorrect);
        match self.components.attributes.get(reference.name) {
            None => self.unresolved(KIND.0, reference, ""),
            Some(global) => self.made_once(
                |compiler| &mut compiler.attributes,
                KIND,
                reference,
                |compiler| compiler.attribute(global),
            ),
        }
    }

    fn attribute(&mut self, model: &'m model::Attribute) -> Result<ResolvedUse> {
        let type_id = match &model.type_use {
            Some(type_use) => self.type_id(type_use)?,
            None => self.any_simple_type,
        };
        let simple = self.simple_type(type_id, model.place)?;
        self.check_notation_use(&simple, model.place)?;
        if let Some(value) = &model.value {
            self.check_value(&simple, value, Code::APropsCorrect, model.place)?;
        }
        let attribute = AttributeUse {
            name: model.name,
            simple,
            required: false,
            value: model.value.clone(),
            documentation: model.documentation.clone(),
            place: model.place,
        };
        Ok(ResolvedUse { attribute: Arc::new(attribute), type_id, declaration: model.place })
    }

    fn attribute_use(&mut self, member: &'m model::AttributeMember) -> Result<ResolvedUse> {
        let mut found = match &member.attribute {
            model::AttributeUse::Local(attribute) => self.attribute(attribute)?,
            model::AttributeUse::Reference { to, value } => {
                let mut found = self.global_attribute(*to)?;
                let attribute = Arc::make_mut(&mut found.attribute);
                attribute.place = to.place;
                if let Some(value) = value {
                    self.check_value(&attribute.simple, value, Code::AuPropsCorrect, to.place)?;
                    let fixed = attribute.value.as_ref().filter(|global| global.fixed);
                    let simple = &attribute.simple;
                    let keeps =
                        |fixed: &ValueConstraint| value.fixed && fixed.is(simple, &value.value, &value.bindings);
                    if fixed.is_some_and(|fixed| !keeps(fixed)) {
                        return fault(
                            Code::AuPropsCorrect,
                            to.place,
                            "expected the fixed value of the attribute that is referred to",
                        );
                    }
                    attribute.value = Some(value.clone());
                }
                found
            }
        };
        Arc::make_mut(&mut found.attribute).required = member.presence == Presence::Required;
        Ok(found)
    }

    /// Section 3.4.2: the attributes of the base, then the new ones.
    pub(super) fn extend_attributes(&self, base: &Rc<Resolved>, own: Resolved) -> Result<Rc<Resolved>> {
        if own.uses.is_empty() && own.wildcard.is_none() {
            return Ok(Rc::clone(base));
        }
        let mut known = Known::default();
        let mut uses = Vec::with_capacity(base.uses.len() + own.uses.len());
        for found in base.uses.iter().cloned().chain(own.uses) {
            self.add_use(&mut uses, &mut known, found, Code::CtPropsCorrect)?;
        }
        let wildcard = match (&base.wildcard, own.wildcard) {
            (None, other) => other,
            (Some(base), None) => Some(base.clone()),
            (Some(base), Some(own)) => Some(union(base, own)?),
        };
        self.check_one_id(&uses, Code::CtPropsCorrect)?;
        Ok(Rc::new(Resolved { uses, prohibited: Vec::new(), wildcard }))
    }

    /// Section 3.4.6, Derivation Valid (Restriction, Complex), clauses 2 to 4: the attributes of the base, some of them
    /// stricter.
    pub(super) fn restrict_attributes(&self, base: &Resolved, own: Resolved, place: Place) -> Result<Rc<Resolved>> {
        let names = own.uses.iter().map(|found| found.attribute.name);
        // For most types the base is anyType, which has no attribute uses.
        let indexes: HashMap<NameId, usize> =
            if base.uses.is_empty() { HashMap::new() } else { names.zip(0..).collect() };
        let mut own_uses: Vec<Option<ResolvedUse>> = own.uses.into_iter().map(Some).collect();
        let mut uses = Vec::with_capacity(base.uses.len());
        for found in &base.uses {
            let name = found.attribute.name;
            let restricted = indexes.get(&name).and_then(|index| own_uses.get_mut(*index)?.take());
            if let Some(restricted) = restricted {
                self.check_restricted(found, &restricted)?;
                uses.push(restricted);
            } else if !own.prohibited.contains(&name) {
                uses.push(found.clone());
            } else if found.attribute.required {
                let message = format!("attribute `{}` is required by the base type", self.names.local(name));
                return fault(Code::DerivationOkRestriction, place, message);
            }
        }
        for found in own_uses.into_iter().flatten() {
            let namespace = self.names.namespace_id(found.attribute.name);
            if !base.wildcard.as_ref().is_some_and(|wildcard| wildcard.namespaces.allows(Some(namespace))) {
                let local = self.names.local(found.attribute.name);
                return fault(
                    Code::DerivationOkRestriction,
                    found.attribute.place,
                    format!("attribute `{local}` is not allowed by the base type"),
                );
            }
            uses.push(found);
        }
        if let Some(wildcard) = &own.wildcard
            && !base.wildcard.as_ref().is_some_and(|base| is_restriction(wildcard, base))
        {
            return fault(
                Code::DerivationOkRestriction,
                wildcard.place,
                "expected `xs:anyAttribute` to allow no more than that of the base type",
            );
        }
        self.check_one_id(&uses, Code::CtPropsCorrect)?;
        Ok(Rc::new(Resolved { uses, prohibited: Vec::new(), wildcard: own.wildcard }))
    }

    fn check_restricted(&self, base: &ResolvedUse, own: &ResolvedUse) -> Result<()> {
        let local = self.names.local(own.attribute.name);
        let place = own.attribute.place;
        if base.attribute.required && !own.attribute.required {
            return fault(
                Code::DerivationOkRestriction,
                place,
                format!("attribute `{local}` is required by the base type"),
            );
        }
        // Type Derivation OK (Simple), with nothing blocked.
        if self.derivation(own.type_id, base.type_id).is_none() {
            let (own, base) = (self.type_words(own.type_id), self.type_words(base.type_id));
            return fault(
                Code::DerivationOkRestriction,
                place,
                format!("expected a type derived from {base} for attribute `{local}`, found {own}"),
            );
        }
        let fixed = base.attribute.value.as_ref().filter(|value| value.fixed);
        let keeps = |fixed: &ValueConstraint| {
            let value = own.attribute.value.as_ref().filter(|value| value.fixed);
            value.is_some_and(|value| fixed.is(&own.attribute.simple, &value.value, &value.bindings))
        };
        if fixed.is_some_and(|fixed| !keeps(fixed)) {
            return fault(
                Code::DerivationOkRestriction,
                place,
                format!("expected the fixed value that the base type has for attribute `{local}`"),
            );
        }
        Ok(())
    }
}
