//! Attributes: what `xsi:type` and `xsi:nil` say, and the check of all by the type of their element (section 3.4.4,
//! cvc-complex-type.3 to 5; an element of a simple type has none, cvc-type.3.1.1).

use crate::check::accept::ids::Default;
use crate::check::accept::{Attribute, Machine, Stop};
use crate::check::context::Around;
use crate::check::instance::{self, INSTANCE, is_instance};
use crate::check::table::TypeTable;
use crate::compiled::{AttributeUse, ElementId, NameId, Process, TypeDefinition, TypeId, Wildcard};
use crate::xml::{RawAttribute, attribute_value};

/// What the attributes of an element say of itself.
#[derive(std::default::Default)]
pub(super) struct Instance {
    pub(super) type_id: Option<TypeId>,
    pub(super) nil: Option<bool>,
}

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// Reads `xsi:type` and `xsi:nil`.
    pub(super) fn instance(&self, element: Option<ElementId>, raw: &[RawAttribute<'a>]) -> Result<Instance, Stop> {
        let mut instance = Instance::default();
        for attribute in raw {
            if self.scopes.namespace_of(attribute) != Some(INSTANCE) {
                continue;
            }
            let value = attribute_value(attribute.value);
            match attribute.local_name() {
                "nil" => instance.nil = Some(instance::nil(&value).ok_or(Stop::Refused)?),
                "type" => {
                    instance.type_id = instance::named_type(self.schema, &self.scopes, &value);
                    // Of an undeclared element only what can be assessed is.
                    if instance.type_id.is_none() && element.is_some() {
                        return Err(Stop::Refused);
                    }
                }
                _ => {}
            }
        }
        Ok(instance)
    }

    pub(super) fn check_attributes(&mut self, type_id: TypeId, raw: &[RawAttribute<'a>]) -> Result<(), Stop> {
        let (known, any) = match (&self.table.types[type_id.index()], &self.schema.types[type_id.index()]) {
            (Some(known), TypeDefinition::Complex(complex)) => (Some(known), complex.any_attribute.as_ref()),
            _ => (None, None),
        };
        let mut required = 0;
        let mut has_id = known.is_some_and(|known| known.has_id);
        for attribute in raw {
            if attribute.declared_prefix().is_some() {
                continue;
            }
            let namespace = self.scopes.namespace_of(attribute).ok_or(Stop::Refused)?;
            let local = attribute.local_name();
            let name = self.schema.names.lookup(namespace, local);
            if is_instance(namespace, local) {
                self.note_facts(name, attribute);
                self.track_instance_attribute(name, local, attribute);
                continue;
            }
            let declared = known.zip(name).and_then(|(known, name)| known.named(name));
            let declaration = match (declared, any) {
                (Some(known), _) => {
                    required += usize::from(known.declaration.required);
                    Some(&*known.declaration)
                }
                (None, Some(any)) => {
                    let declaration = self.wild_attribute(any, namespace, name)?;
                    let is_id = declaration.is_some_and(|declaration| declaration.simple.is_id());
                    // Clause 5: an element has one ID at most.
                    if is_id && std::mem::replace(&mut has_id, true) {
                        return Err(Stop::Refused);
                    }
                    declaration
                }
                // Clause 3.2.1.
                (None, None) => return Err(Stop::Refused),
            };
            self.note_attribute(name, attribute);
            if let Some(declaration) = declaration {
                self.check_value(declaration, attribute)?;
                self.track_attribute(declaration, attribute);
            }
        }
        if let Some(known) = known {
            // Clause 4: none of those that are required is missing.
            if required != known.required {
                return Err(Stop::Refused);
            }
            self.add_defaults(type_id, known, raw);
        }
        self.track_defaults(type_id, raw);
        Ok(())
    }

    /// Clause 3.2.2 and section 3.10.1: the declaration that the wildcard of a type finds for an attribute, if it asks
    /// for one.
    fn wild_attribute(
        &self,
        any: &Wildcard,
        namespace: &str,
        name: Option<NameId>,
    ) -> Result<Option<&'s AttributeUse>, Stop> {
        if !any.namespaces.allows(self.schema.names.lookup_namespace(namespace)) {
            return Err(Stop::Refused);
        }
        match (any.process, name.and_then(|name| self.schema.global_attributes.get(&name))) {
            (Process::Skip, _) | (Process::Lax, None) => Ok(None),
            (Process::Strict, None) => Err(Stop::Refused),
            (Process::Strict | Process::Lax, Some(declaration)) => Ok(Some(declaration)),
        }
    }

    /// The value of an attribute (cvc-attribute.3 and 4, cvc-au).
    fn check_value(&mut self, declaration: &AttributeUse, attribute: &RawAttribute<'_>) -> Result<(), Stop> {
        let value = attribute_value(attribute.value);
        let simple = &declaration.simple;
        let around = Around { schema: self.schema, scopes: &self.scopes };
        simple.check_in(&value, &around).map_err(|_| Stop::Refused)?;
        let fixed = declaration.value.as_ref().filter(|constraint| constraint.fixed);
        if fixed.is_some_and(|fixed| !fixed.is(simple, &value, &around)) {
            return Err(Stop::Refused);
        }
        if simple.needs_context() {
            let ids = &mut self.scratch.ids;
            simple.links(&value, &around, &mut |link, name| ids.add(link, name));
        }
        Ok(())
    }

    /// References to IDs in defaults of attributes that are not there.
    fn add_defaults(&mut self, type_id: TypeId, known: &TypeTable, raw: &[RawAttribute<'a>]) {
        for index in &known.linked_defaults {
            let Some(declaration) = known.attributes.get(*index).map(|known| &known.declaration) else { continue };
            if !self.is_given(declaration.name, raw) {
                self.scratch.ids.add_default(Default::Attribute(type_id, *index));
            }
        }
    }

    /// Whether an attribute is among those of a tag.
    pub(super) fn is_given(&self, name: NameId, raw: &[RawAttribute<'a>]) -> bool {
        raw.iter().any(|attribute| {
            let namespace = self.scopes.namespace_of(attribute);
            namespace.and_then(|namespace| self.schema.names.lookup(namespace, attribute.local_name())) == Some(name)
        })
    }

    /// Keeps the attributes of an element that nothing is checked of.
    pub(super) fn note_attributes(&mut self, raw: &[RawAttribute<'a>]) {
        for attribute in raw.iter().filter(|attribute| attribute.declared_prefix().is_none()) {
            self.note_attribute(None, attribute);
        }
    }

    /// Keeps an attribute for those who decode, and notes the facts that it sets.
    fn note_attribute(&mut self, name: Option<NameId>, attribute: &RawAttribute<'a>) {
        self.note_facts(name, attribute);
        if DECODE {
            self.scratch.attributes.push(Attribute {
                name,
                at: attribute.name_at as u32,
                length: attribute.name.len() as u32,
                value: (attribute.value_at as u32, attribute.value.len() as u32),
                plain: false,
            });
        }
    }
}
