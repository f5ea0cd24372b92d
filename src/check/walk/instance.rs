//! What `xsi:type` and `xsi:nil` say of an element (section 3.3.4, cvc-elt.3 and 4).

use std::ops::Range;

use super::Tag;
use super::attributes::{value_span, whole};
use crate::check::context::Around;
use crate::check::frame::Marks;
use crate::check::instance::{self, INSTANCE, INSTANCE_ATTRIBUTES, is_like_instance};
use crate::check::machine::{Machine, Stop};
use crate::check::sink::Sink;
use crate::compiled::{ElementDeclaration, Methods, NameId, TypeId, Types};
use crate::datatype::Fault;
use crate::diagnostic::words::{self, Holder, Misnamed, Name};
use crate::text::white_space::trim;
use crate::xml::{RawAttribute, attribute_value};

/// What the attributes of an element in the `xsi` namespace say about it.
#[derive(Debug, Default)]
pub(super) struct Instance {
    /// A type that can stand for the declared one.
    pub(super) type_id: Option<TypeId>,
    /// A type was named that cannot, which was reported.
    pub(super) is_refused: bool,
    pub(super) nil: Option<bool>,
    /// The value of `xsi:type`, if it names a type that cannot be used directly.
    pub(super) type_at: Option<Range<usize>>,
    /// The type named by `xsi:type` and where it is named, if the schema does not have it and the element has no
    /// declaration.
    pub(super) unknown_type: Option<(Range<usize>, String)>,
}

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Reads `xsi:type` and `xsi:nil`. `xsi:schemaLocation` and `xsi:noNamespaceSchemaLocation` are hints and never
    /// followed.
    pub(super) fn instance(
        &mut self,
        tag: &Tag<'a>,
        raw: &[RawAttribute<'a>],
        declaration: Option<&'s ElementDeclaration>,
    ) -> Result<Instance, Stop> {
        let mut instance = Instance::default();
        if tag.damaged {
            return Ok(self.instance_of_damaged(raw, declaration));
        }
        for attribute in raw {
            let is_one = attribute.prefix_length > 0 && self.scopes.namespace_of(attribute) == Some(INSTANCE);
            let is_meant = is_one || self.sink.reports() && self.is_meant_for_instance(tag, attribute, declaration)?;
            let local = match is_meant {
                true if self.sink.reports() => self.instance_attribute_meant(attribute, declaration),
                true => attribute.local_name(),
                false => continue,
            };
            match local {
                "nil" => {
                    let nil = self.read_nil(attribute, declaration)?;
                    // The mistake is the wrong name of the attribute: neither content nor its absence is reported as
                    // well.
                    match is_one && local == attribute.local_name() {
                        true => instance.nil = nil,
                        false if nil == Some(true) => self.frame.marks.set(Marks::EXCUSED),
                        false => {}
                    }
                }
                "type" => {
                    instance.type_at = Some(value_span(attribute));
                    instance.type_id = self.read_type(attribute, declaration)?;
                    let is_unknown = instance.type_id.is_none();
                    instance.is_refused = is_unknown && declaration.is_some();
                    if is_unknown && declaration.is_none() {
                        match self.is_name(attribute) {
                            true => instance.unknown_type = Some((value_span(attribute), written_type(attribute))),
                            // Clause 4.1: the value must be a QName, whatever the element is.
                            false => {
                                instance.is_refused = true;
                                self.report_no_name(attribute)?;
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(instance)
    }

    /// The `xsi` attribute that was meant: the name can be misspelt in the right namespace, which `attributes` reports.
    fn instance_attribute_meant(
        &mut self,
        attribute: &RawAttribute<'a>,
        declaration: Option<&'s ElementDeclaration>,
    ) -> &'a str {
        let local = attribute.local_name();
        let Some(declaration) = declaration.filter(|_| !INSTANCE_ATTRIBUTES.contains(&local)) else { return local };
        let is_admitted = self.has_room_for(declaration.type_id, attribute);
        let nearest = self.explanation().filter(|_| !is_admitted);
        let nearest = nearest.and_then(|explanation| explanation.suggestions.nearest(local, INSTANCE_ATTRIBUTES));
        let meant = nearest.and_then(|index| INSTANCE_ATTRIBUTES.get(index).copied());
        meant.filter(|meant| *meant != "nil" || declaration.nillable).unwrap_or(local)
    }

    /// Whether a value is a QName whose prefix is declared here.
    fn is_name(&self, attribute: &RawAttribute<'a>) -> bool {
        let around = Around { schema: self.schema, scopes: &self.scopes };
        let name = instance::type_of("type");
        name.is_none_or(|name| name.check_in(&attribute_value(attribute.value), &around).is_ok())
    }

    #[cold]
    fn report_no_name(&mut self, attribute: &RawAttribute<'a>) -> Result<(), Stop> {
        let written = written_type(attribute);
        let (prefix, _) = written.split_once(':').unwrap_or_default();
        let is_bound = self.scopes.resolve(prefix).is_some();
        self.report_instance(value_span(attribute), || words::no_type_name(&written, (prefix, is_bound)))
    }

    /// Reads what is usable in a tag with errors: they may be elsewhere in the tag, or be that the prefix is not
    /// declared.
    fn instance_of_damaged(
        &mut self,
        raw: &[RawAttribute<'a>],
        declaration: Option<&'s ElementDeclaration>,
    ) -> Instance {
        let mut instance = Instance::default();
        let Some(declaration) = declaration else { return instance };
        for attribute in raw.iter().filter(|attribute| attribute.prefix_length > 0) {
            if self.scopes.namespace_of(attribute).is_some_and(|namespace| namespace != INSTANCE) {
                continue;
            }
            let value = attribute_value(attribute.value);
            match attribute.local_name() {
                "nil" if declaration.nillable => instance.nil = instance::nil(&value),
                "type" => {
                    let named = instance::named_type(self.schema, &self.scopes, trim(&value));
                    instance.type_id = named.filter(|named| self.schema.is_type_allowed(*named, declaration));
                }
                _ => {}
            }
        }
        instance
    }

    /// Whether an attribute is meant for one of the four `xsi` attributes and is not in their namespace. Either its
    /// prefix is not declared, which was reported, or it is in another namespace, which is reported here. An attribute
    /// that the element may have is taken as it is.
    fn is_meant_for_instance(
        &mut self,
        tag: &Tag<'a>,
        attribute: &RawAttribute<'a>,
        declaration: Option<&'s ElementDeclaration>,
    ) -> Result<bool, Stop> {
        let local = attribute.local_name();
        if !INSTANCE_ATTRIBUTES.contains(&local) || attribute.declared_prefix().is_some() {
            return Ok(false);
        }
        let found = match attribute.prefix_length {
            0 => Some(""),
            _ => self.scopes.namespace_of(attribute),
        };
        let (Some(found), Some(declaration)) = (found, declaration) else { return Ok(found.is_none()) };
        if !self.is_misnamed_instance(attribute, found, declaration) {
            return Ok(false);
        }
        let found = found.to_owned();
        if let Some(explanation) = self.explanation().filter(|_| !found.is_empty()) {
            if explanation.forgiven_instance.as_ref() == Some(&found) {
                return Ok(true);
            }
            explanation.forgiven_instance = Some(found.clone());
        }
        let prefixes = (attribute.prefix(), self.scopes.prefixes_of(INSTANCE).next(), self.scopes.free_prefix());
        self.report_instance(whole(attribute), || {
            words::instance_in_wrong_namespace(local, Misnamed::new(prefixes, &found), tag.name)
        })?;
        Ok(true)
    }

    /// Whether an attribute with the local name of one of the four, but in another namespace, can only be meant for
    /// that one: it looks like it, and the element may not have the attribute, or needs `xsi:type`.
    pub(super) fn is_misnamed_instance(
        &self,
        attribute: &RawAttribute<'_>,
        found: &str,
        declaration: &ElementDeclaration,
    ) -> bool {
        if !INSTANCE_ATTRIBUTES.contains(&attribute.local_name()) {
            return false;
        }
        let type_id = declaration.type_id;
        let is_abstract = self.is_abstract(type_id);
        let looks_like_it = match attribute.prefix() {
            "" => match attribute.local_name() {
                "type" => is_abstract,
                "nil" => declaration.nillable && instance::nil(&attribute_value(attribute.value)).is_some(),
                _ => false,
            },
            prefix => prefix == "xsi" || is_like_instance(found),
        };
        looks_like_it && (is_abstract || !self.has_room_for(type_id, attribute))
    }

    /// Clause 3.1: reads `xsi:nil`, which only a nillable element may have.
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

    /// Clause 4: reads `xsi:type` and returns the named type, if it may stand for the declared one. For an undeclared
    /// element, only what can be assessed is checked.
    fn read_type(
        &mut self,
        attribute: &RawAttribute<'a>,
        declaration: Option<&'s ElementDeclaration>,
    ) -> Result<Option<TypeId>, Stop> {
        let schema = self.schema;
        let value = attribute_value(attribute.value);
        let written = trim(&value);
        let named = instance::named_type(schema, &self.scopes, written).or_else(|| self.forgiven_type(written));
        let Some(declaration) = declaration else { return Ok(named) };
        let Some(named) = named else { return self.report_unknown_type(attribute, written, declaration) };
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
                let name_of = |type_id: TypeId| schema.type_name(type_id).map(|name| schema.name(name));
                let found = name_of(named).unwrap_or(Name::without_namespace(written));
                words::type_not_derived(written, found, name_of(declaration.type_id))
            }
        })?;
        Ok(None)
    }

    /// The type that a name means when its namespace was reported as wrong and is read as another one.
    fn forgiven_type(&mut self, written: &str) -> Option<TypeId> {
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        let (wrong, right) = self.sink.explanation()?.forgiven.as_ref()?;
        let name =
            self.schema.names.lookup_local(*right, local).filter(|_| self.scopes.resolve(prefix) == Some(wrong))?;
        self.schema.named_types.get(&name).copied()
    }

    /// Reports an `xsi:type` that the schema does not have. If a type that can stand for the declared one has the same
    /// local part in another namespace, or nearly the same, the element is taken to have that type.
    #[cold]
    fn report_unknown_type(
        &mut self,
        attribute: &RawAttribute<'a>,
        written: &str,
        declaration: &'s ElementDeclaration,
    ) -> Result<Option<TypeId>, Stop> {
        let schema = self.schema;
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        let meant = self.type_meant(local, declaration);
        let resolved = self.scopes.resolve(prefix).map(str::to_owned);
        let namespace = resolved.as_deref().unwrap_or_default();
        let name = meant.map(|(name, _)| schema.name(name));
        let right = name.and_then(|name| self.scopes.prefixes_of(name.namespace).next());
        let prefixes = (prefix, right, self.scopes.free_prefix());
        self.report_instance(value_span(attribute), || {
            words::unknown_type(written, Misnamed::new(prefixes, namespace), resolved.is_some(), name)
        })?;
        Ok(meant.map(|(_, type_id)| type_id))
    }

    fn type_meant(&mut self, local: &str, declaration: &ElementDeclaration) -> Option<(NameId, TypeId)> {
        let schema = self.schema;
        let suggestions = &mut self.explanation()?.suggestions;
        if suggestions.are_exhausted() {
            return None;
        }
        let mut named: Vec<(NameId, TypeId)> = schema.named_types.iter().map(|(name, id)| (*name, *id)).collect();
        named.sort_unstable();
        let local_name = |(name, _): &(NameId, TypeId)| schema.names.local(*name);
        let nearest = suggestions.nearest(local, named.iter().map(local_name))?;
        let meant = named.get(nearest).map(local_name)?;
        let mut alike = named.iter().filter(|named| local_name(named) == meant);
        alike.find(|(_, type_id)| schema.is_type_allowed(*type_id, declaration)).copied()
    }

    /// Reports an error in an `xsi` attribute. When the type of an element is unknown, so is its content, which can
    /// hold IDs.
    fn report_instance(&mut self, span: Range<usize>, words: impl FnOnce() -> words::Words) -> Result<(), Stop> {
        self.scratch.ids.is_partial |= self.sink.reports();
        self.report(&span, words)
    }
}

fn written_type(attribute: &RawAttribute<'_>) -> String {
    trim(&attribute_value(attribute.value)).to_owned()
}
