//! Attributes: those of the type, and the four of the schema instance namespace.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::check::context::Around;
use crate::check::identity::Content;
use crate::check::instance::{self, INSTANCE, is_instance};
use crate::compiled::{
    AttributeUse, ElementDeclaration, Methods, NameId, Process, TypeDefinition, TypeId, Types, Wildcard,
};
use crate::diagnostic::words::{self, Holder};
use crate::rules::Rules;
use crate::text::white_space::trim;
use crate::xml::{RawAttribute, Reader, attribute_value};

use super::identity::place_of;
use super::ids::{Name, Site};
use super::{Frame, Walker};

/// What `xsi:type` and `xsi:nil` say of an element.
#[derive(Debug, Default)]
pub(super) struct Instance {
    /// A type that can stand for the declared one.
    pub(super) type_id: Option<TypeId>,
    pub(super) nil: Option<bool>,
    /// `xsi:nil="true"` where the element is not nillable.
    pub(super) refused_nil: bool,
    /// Something about them was reported.
    pub(super) faulty: bool,
}

impl<'s, 'a> Walker<'s, 'a> {
    /// Reads `xsi:type` and `xsi:nil` (XSD part 1, section 3.3.4, cvc-elt.3 and 4). `xsi:schemaLocation` and
    /// `xsi:noNamespaceSchemaLocation` are hints, and never followed.
    pub(super) fn instance(&mut self, reader: &Reader<'a>, declaration: Option<&ElementDeclaration>) -> Instance {
        let mut instance = Instance::default();
        if reader.is_tag_damaged() {
            return instance;
        }
        for attribute in reader.attributes() {
            if reader.scopes().namespace_of(attribute) != Some(INSTANCE) {
                continue;
            }
            match attribute.local_name() {
                "nil" => self.read_nil(attribute, declaration, &mut instance),
                "type" => self.read_type(reader, attribute, declaration, &mut instance),
                _ => {}
            }
        }
        instance
    }

    fn read_nil(
        &mut self,
        attribute: &RawAttribute<'a>,
        declaration: Option<&ElementDeclaration>,
        instance: &mut Instance,
    ) {
        let value = attribute_value(attribute.value);
        let nil = instance::nil(&value);
        if declaration.is_some_and(|declaration| !declaration.nillable) {
            instance.faulty = true;
            instance.refused_nil = nil == Some(true);
            let element = self.local_name_of(declaration);
            self.report(&whole(attribute), || words::not_nillable(element));
            return;
        }
        instance.nil = nil;
        if nil.is_none() {
            instance.faulty = true;
            let fault = crate::datatype::Fault::Lexical { expected: "boolean" };
            self.report(&value_span(attribute), || {
                words::value(&fault, "`true` or `false`", &value, Holder::Attribute(attribute.name), false)
            });
        }
    }

    fn read_type(
        &mut self,
        reader: &Reader<'a>,
        attribute: &RawAttribute<'a>,
        declaration: Option<&ElementDeclaration>,
        instance: &mut Instance,
    ) {
        let schema = self.schema;
        let value = attribute_value(attribute.value);
        let written = trim(&value);
        let named = instance::named_type(schema, reader.scopes(), written);
        let Some(declaration) = declaration else {
            instance.type_id = named; // an undeclared element of a wildcard: only what can be assessed is
            return;
        };
        match named {
            None => {
                instance.faulty = true;
                self.report(&value_span(attribute), || words::unknown_type(written, None));
            }
            Some(named) if !schema.is_type_allowed(named, declaration) => {
                instance.faulty = true;
                if let Some(path) = schema.derivation(named, declaration.type_id) {
                    let blocked = declaration.block.and(schema.prohibited_by(declaration.type_id));
                    let is_extension = path.methods.common(blocked).contains(Methods::EXTENSION);
                    let element = self.local_name_of(Some(declaration));
                    self.report(&value_span(attribute), || words::type_blocked(written, element, is_extension));
                    return;
                }
                let declared = match &schema.types[declaration.type_id.index()] {
                    TypeDefinition::Simple(definition) => definition.name,
                    TypeDefinition::Complex(complex) => complex.name,
                };
                let declared = declared.and_then(|name| schema.names.names.get(name.index())).map(|name| &*name.local);
                self.report(&value_span(attribute), || words::type_not_derived(written, declared));
            }
            Some(named) => instance.type_id = Some(named),
        }
    }

    fn local_name_of(&self, declaration: Option<&ElementDeclaration>) -> &'s str {
        let name = declaration.and_then(|declaration| self.schema.names.names.get(declaration.name.index()));
        name.map_or("", |name| &name.local)
    }

    /// XSD part 1, section 3.4.4 (cvc-complex-type.3 and 4); an element of a simple type has none (cvc-type.3.1.1).
    /// Of a tag with faults nothing more is said: what is missing may be in what could not be read.
    pub(super) fn check_attributes(&mut self, reader: &Reader<'a>, frame: &mut Frame<'s, 'a>, type_id: TypeId) {
        if reader.is_tag_damaged() {
            self.identity.spoil();
            return;
        }
        let schema = self.schema;
        let (uses, any): (&'s [Arc<AttributeUse>], _) = match &schema.types[type_id.index()] {
            TypeDefinition::Complex(complex) => (&complex.attributes, complex.any_attribute.as_ref()),
            TypeDefinition::Simple(_) => (&[], None),
        };
        let mut given = vec![false; uses.len()];
        let mut has_id = uses.iter().any(|declared| declared.simple.is_id());
        // Unknown ones come last: only then it is known which of the type's own were not given and may be meant.
        let mut unknown = Vec::new();
        for attribute in reader.attributes() {
            if attribute.declared_prefix().is_some() {
                continue;
            }
            // No namespace for the prefix: reported by the reader.
            let Some(namespace) = reader.scopes().namespace_of(attribute) else { continue };
            let name = schema.names.lookup(namespace, attribute.local_name());
            if let Some(seen) = &mut frame.seen {
                seen.attributes.push((name.unwrap_or(Rules::UNKNOWN_NAME), attribute_value(attribute.value)));
            }
            if is_instance(namespace, attribute.local_name()) {
                self.track_instance_attribute(reader, name, attribute);
                continue;
            }
            match name.and_then(|name| uses.iter().position(|declared| declared.name == name)) {
                Some(index) => {
                    given[index] = true;
                    self.check_attribute(reader, frame, &uses[index], attribute);
                }
                None => match any.filter(|any| any.namespaces.allows(schema.names.lookup_namespace(namespace))) {
                    Some(any) => has_id |= self.check_wild(reader, frame, any, name, attribute, has_id),
                    None => unknown.push(*attribute),
                },
            }
        }
        for attribute in unknown {
            self.report_unexpected_attribute(reader, frame, uses, &mut given, &attribute);
        }
        self.track_absent(type_id, &given);
        for (declared, _) in uses.iter().zip(&given).filter(|(_, given)| !**given) {
            self.enter_absent(frame, declared);
        }
    }

    /// An attribute that was not given: is missing where it is required (cvc-complex-type.4), else has its default.
    fn enter_absent(&mut self, frame: &mut Frame<'s, 'a>, declared: &'s AttributeUse) {
        let name = self.attribute_name(declared);
        if declared.required {
            frame.faulty = true;
            self.ids.is_partial |= declared.simple.has_links();
            let element = frame.name;
            self.report_with(&frame.tag, documentation(declared), || words::missing_attribute(name, element));
        }
        if let Some(default) = declared.value.as_ref().filter(|_| declared.simple.needs_context()) {
            let attribute = Some(Name::Declared(name));
            self.link_default(&declared.simple, default, frame.tag.clone(), attribute_site(frame, attribute));
        }
    }

    fn report_unexpected_attribute(
        &mut self,
        reader: &Reader<'a>,
        frame: &mut Frame<'s, 'a>,
        uses: &'s [Arc<AttributeUse>],
        given: &mut [bool],
        attribute: &RawAttribute<'a>,
    ) {
        frame.faulty = true;
        self.ids.is_partial = true;
        // Only one that was not given can be meant; one that was is not taken twice.
        let open: Vec<usize> = (0..uses.len()).filter(|&index| !given[index]).collect();
        let (element, schema) = (frame.name, self.schema);
        let names = open.iter().map(|&index| schema.names.local(uses[index].name));
        let meant = self.suggestions.nearest(attribute.local_name(), names).and_then(|index| open.get(index)).copied();
        self.report(&whole(attribute), || {
            let name = |declared: &'s Arc<AttributeUse>| {
                schema.names.names.get(declared.name.index()).map_or("", |name| &name.local)
            };
            let allowed: Vec<_> = uses.iter().map(name).collect();
            let meant = meant.and_then(|index| uses.get(index)).map(name);
            words::unexpected_attribute(attribute.name, element, &allowed, meant)
        });
        if let Some(index) = meant {
            given[index] = true;
            self.check_attribute(reader, frame, &uses[index], attribute);
        }
    }

    /// Tells whether the attribute is an ID. An element has one at most (cvc-complex-type.5).
    fn check_wild(
        &mut self,
        reader: &Reader<'a>,
        frame: &mut Frame<'s, 'a>,
        any: &Wildcard,
        name: Option<NameId>,
        attribute: &RawAttribute<'a>,
        has_id: bool,
    ) -> bool {
        let schema = self.schema;
        let global = name.and_then(|name| schema.global_attributes.get(&name));
        match (any.process, global) {
            (Process::Skip, _) | (Process::Lax, None) => false,
            (_, Some(declared)) if has_id && declared.simple.is_id() => {
                frame.faulty = true;
                let element = frame.name;
                self.report(&whole(attribute), || words::second_id(attribute.name, element));
                true
            }
            (_, Some(declared)) => {
                self.check_attribute(reader, frame, declared, attribute);
                declared.simple.is_id()
            }
            (Process::Strict, None) => {
                frame.faulty = true;
                self.ids.is_partial = true;
                self.report(&whole(attribute), || words::undeclared_attribute(attribute.name));
                false
            }
        }
    }

    /// The value of an attribute (cvc-attribute.3 and 4, cvc-au).
    fn check_attribute(
        &mut self,
        reader: &Reader<'a>,
        frame: &mut Frame<'s, 'a>,
        declared: &'s AttributeUse,
        attribute: &RawAttribute<'a>,
    ) {
        let value: Cow<'a, str> = attribute_value(attribute.value);
        let simple = &declared.simple;
        let around = Around { schema: self.schema, scopes: reader.scopes() };
        if let Err(fault) = simple.check_in(&value, &around) {
            frame.faulty = true;
            self.ids.is_partial |= simple.has_links();
            self.track_attribute(declared, Content::Unknown, place_of(attribute));
            let inner = trim(&value);
            let is_blank_at_fault =
                inner.len() < value.len() && !inner.is_empty() && simple.check_in(inner, &around).is_ok();
            self.report_with(&value_span(attribute), documentation(declared), || {
                let holder = Holder::Attribute(attribute.name);
                words::value(&fault, &simple.describe(), &value, holder, is_blank_at_fault)
            });
        } else if let Some(constraint) = declared.value.as_ref().filter(|constraint| constraint.fixed)
            && !constraint.is(simple, &value, &around)
        {
            frame.faulty = true;
            self.track_attribute(declared, Content::Unknown, place_of(attribute));
            self.report_with(&value_span(attribute), documentation(declared), || {
                words::fixed_value(&constraint.value, &value, Holder::Attribute(attribute.name))
            });
        } else {
            self.track_attribute(declared, Content::Value(simple, &value, &around), place_of(attribute));
        }
        if simple.needs_context() {
            let site = attribute_site(frame, Some(Name::Written(attribute.name)));
            self.link(simple, &value, &around, value_span(attribute), site);
        }
    }

    fn attribute_name(&self, declared: &AttributeUse) -> &'s str {
        self.schema.names.names.get(declared.name.index()).map_or("", |name| &name.local)
    }
}

/// The place of an attribute's value, for IDs.
fn attribute_site<'s, 'a>(frame: &Frame<'s, 'a>, attribute: Option<Name<'s, 'a>>) -> Site<'s, 'a> {
    Site { tag: frame.tag.start, attribute, element: frame.name }
}

fn documentation(declared: &AttributeUse) -> Option<String> {
    declared.documentation.as_deref().map(str::to_owned)
}

/// `name="value"`.
fn whole(attribute: &RawAttribute<'_>) -> Range<usize> {
    attribute.name_at..attribute.value_at + attribute.value.len() + 1
}

/// The value, or the whole attribute where it is empty.
fn value_span(attribute: &RawAttribute<'_>) -> Range<usize> {
    match attribute.value.len() {
        0 => whole(attribute),
        length => attribute.value_at..attribute.value_at + length,
    }
}
