//! What `xsi:type` and `xsi:nil` say of an element (section 3.3.4, cvc-elt.3 and 4).

use std::ops::Range;

use super::Tag;
use super::attributes::{value_span, whole};
use crate::check::frame::Marks;
use crate::check::instance::{self, INSTANCE};
use crate::check::machine::{Machine, Stop};
use crate::check::sink::Sink;
use crate::compiled::{ElementDeclaration, Methods, TypeDefinition, TypeId, Types};
use crate::datatype::Fault;
use crate::diagnostic::words::{self, Holder};
use crate::text::white_space::trim;
use crate::xml::{RawAttribute, attribute_value};

/// What the attributes of an element say of itself.
#[derive(Debug, Default)]
pub(super) struct Instance {
    /// A type that can stand for the declared one.
    pub(super) type_id: Option<TypeId>,
    pub(super) nil: Option<bool>,
    /// Where `xsi:type` names a type that the schema does not have, on an element without a declaration.
    pub(super) unknown_type: Option<Range<usize>>,
}

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Reads `xsi:type` and `xsi:nil`. `xsi:schemaLocation` and `xsi:noNamespaceSchemaLocation` are hints, and never
    /// followed.
    pub(super) fn instance(
        &mut self,
        tag: &Tag<'a>,
        raw: &[RawAttribute<'a>],
        declaration: Option<&'s ElementDeclaration>,
    ) -> Result<Instance, Stop> {
        let mut instance = Instance::default();
        if tag.damaged {
            return Ok(instance);
        }
        for attribute in raw.iter().filter(|attribute| attribute.prefix_length > 0) {
            if self.scopes.namespace_of(attribute) != Some(INSTANCE) {
                continue;
            }
            match attribute.local_name() {
                "nil" => instance.nil = self.read_nil(attribute, declaration)?,
                "type" => {
                    instance.type_id = self.read_type(attribute, declaration)?;
                    let is_unknown = declaration.is_none() && instance.type_id.is_none();
                    instance.unknown_type = is_unknown.then(|| value_span(attribute));
                }
                _ => {}
            }
        }
        Ok(instance)
    }

    /// Clause 3.1: only a nillable element may have it.
    fn read_nil(
        &mut self,
        attribute: &RawAttribute<'a>,
        declaration: Option<&'s ElementDeclaration>,
    ) -> Result<Option<bool>, Stop> {
        let value = attribute_value(attribute.value);
        let nil = instance::nil(&value);
        if let Some(declaration) = declaration.filter(|declaration| !declaration.nillable) {
            if nil == Some(true) {
                self.frame.marks.set(Marks::EXCUSED);
            }
            let element = self.schema.names.local(declaration.name);
            self.report_instance(whole(attribute), || words::not_nillable(element))?;
            return Ok(None);
        }
        if nil.is_none() {
            let fault = Fault::Lexical { expected: "boolean" };
            self.report_instance(value_span(attribute), || {
                words::value(&fault, "`true` or `false`", &value, Holder::Attribute(attribute.name), false)
            })?;
        }
        Ok(nil)
    }

    /// Clause 4: the type that is named, if it may stand for the declared one. Of an undeclared element only what can be
    /// assessed is.
    fn read_type(
        &mut self,
        attribute: &RawAttribute<'a>,
        declaration: Option<&'s ElementDeclaration>,
    ) -> Result<Option<TypeId>, Stop> {
        let schema = self.schema;
        let value = attribute_value(attribute.value);
        let written = trim(&value);
        let named = instance::named_type(schema, &self.scopes, written);
        let Some(declaration) = declaration else { return Ok(named) };
        let Some(named) = named else {
            self.report_instance(value_span(attribute), || words::unknown_type(written, None))?;
            return Ok(None);
        };
        if schema.is_type_allowed(named, declaration) {
            return Ok(Some(named));
        }
        self.report_instance(value_span(attribute), || match schema.derivation(named, declaration.type_id) {
            Some(path) => {
                let blocked = declaration.block.and(schema.prohibited_by(declaration.type_id));
                let is_extension = path.methods.common(blocked).contains(Methods::EXTENSION);
                words::type_blocked(written, schema.names.local(declaration.name), is_extension)
            }
            None => {
                let declared = match &schema.types[declaration.type_id.index()] {
                    TypeDefinition::Simple(definition) => definition.name,
                    TypeDefinition::Complex(complex) => complex.name,
                };
                words::type_not_derived(written, declared.map(|name| schema.names.local(name)))
            }
        })?;
        Ok(None)
    }

    /// What an element holds is not known where its type is not: it may be an ID.
    fn report_instance(&mut self, span: Range<usize>, words: impl FnOnce() -> words::Words) -> Result<(), Stop> {
        self.scratch.ids.is_partial |= S::REPORTS;
        self.report(&span, words)
    }
}
