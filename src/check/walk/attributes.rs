//! Attributes, checked against the type of their element (section 3.4.4, cvc-complex-type.3 to 5; an element of a
//! simple type has none, cvc-type.3.1.1).

use std::ops::Range;
use std::sync::Arc;

use super::Tag;
use super::text::is_blank_at_fault;
use crate::check::context::Around;
use crate::check::events::Attribute;
use crate::check::identity::Content;
use crate::check::ids::Default;
use crate::check::instance::{INSTANCE, INSTANCE_ATTRIBUTES, is_instance};
use crate::check::machine::{FOREIGN, Machine, Stop};
use crate::check::sink::Sink;
use crate::check::table::TypeTable;
use crate::compiled::{AttributeUse, NameId, NamespaceId, Process, TypeDefinition, TypeId, Wildcard};
use crate::diagnostic::words::{self, Holder, Misnamed, Name};
use crate::text::nearest::{Meant, nearest as nearest_name};
use crate::xml::{RawAttribute, attribute_value};

/// The attributes that the type of an element declares.
struct Declared<'s> {
    uses: &'s [Arc<AttributeUse>],
    any: Option<&'s Wildcard>,
    table: Option<&'s TypeTable>,
}

impl Declared<'_> {
    /// The numbers of the attributes that were not given, required ones first: of several equally near names, the one
    /// meant is the one that would otherwise be missing.
    fn not_given(&self, given: &[u64]) -> Vec<usize> {
        let mut open = Vec::with_capacity(self.uses.len());
        for required in [true, false] {
            let uses = self.uses.iter().enumerate();
            let uses = uses.filter(|(number, declared)| declared.required == required && !is_set(given, *number));
            open.extend(uses.map(|(number, _)| number));
        }
        open
    }
}

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Checks the attributes of the open element. If the tag has errors of its own, reports nothing more: an attribute
    /// that seems to be missing may be in the part that could not be read.
    pub(super) fn check_attributes(
        &mut self,
        tag: &Tag<'a>,
        type_id: TypeId,
        raw: &[RawAttribute<'a>],
    ) -> Result<(), Stop> {
        let declared = self.declared(type_id);
        if tag.damaged {
            self.scratch.identity.mark_incomplete();
            self.imply_namespaces(&declared, raw);
            return Ok(());
        }
        if raw.is_empty() && declared.uses.is_empty() {
            return Ok(());
        }
        let mut given = std::mem::take(&mut self.scratch.given);
        given.clear();
        given.resize(declared.uses.len().div_ceil(64), 0);
        let checked = self.check_given(tag, &declared, raw, &mut given);
        let checked = checked.and_then(|()| self.check_absent(tag, type_id, &declared, &given));
        self.scratch.given = given;
        checked
    }

    /// Handles attributes whose prefix is not declared (already reported): if exactly one attribute of the type has the
    /// same local part, its namespace is the one that was meant.
    fn imply_namespaces(&mut self, declared: &Declared<'s>, raw: &[RawAttribute<'a>]) {
        let schema = self.schema;
        for attribute in raw.iter().filter(|attribute| attribute.prefix_length > 0) {
            let prefix = attribute.prefix();
            if attribute.declared_prefix().is_some() || self.scopes.resolve(prefix).is_some() {
                continue;
            }
            let Some(explanation) = self.explanation() else { return };
            let Some(steps) = explanation.steps.checked_sub(declared.uses.len()) else { return };
            explanation.steps = steps;
            let names = declared.uses.iter().map(|declaration| schema.name(declaration.name));
            let mut names = names.filter(|name| name.local == attribute.local_name() && !name.namespace.is_empty());
            if let (Some(name), None) = (names.next(), names.next()) {
                self.imply(attribute.name_at..attribute.name_at + prefix.len(), prefix, name.namespace);
            }
        }
    }

    fn declared(&self, type_id: TypeId) -> Declared<'s> {
        match &self.schema.types[type_id.index()] {
            TypeDefinition::Complex(complex) => Declared {
                uses: &complex.attributes,
                any: complex.any_attribute.as_ref(),
                table: self.table.types.get(type_id.index()).and_then(Option::as_ref),
            },
            TypeDefinition::Simple(_) => Declared { uses: &[], any: None, table: None },
        }
    }

    /// Whether a type or its wildcard has room for an attribute.
    pub(super) fn has_room_for(&self, type_id: TypeId, attribute: &RawAttribute<'_>) -> bool {
        let declared = self.declared(type_id);
        let namespace = match attribute.prefix_length {
            0 => Some(NamespaceId::NONE),
            _ => self.schema.names.lookup_namespace(self.scopes.namespace_of(attribute).unwrap_or_default()),
        };
        let name = namespace.and_then(|namespace| self.schema.names.lookup_local(namespace, attribute.local_name()));
        let is_declared = name.is_some_and(|name| declared.uses.iter().any(|declaration| declaration.name == name));
        is_declared || declared.any.is_some_and(|any| any.namespaces.allows(namespace))
    }

    fn check_given(
        &mut self,
        tag: &Tag<'a>,
        declared: &Declared<'s>,
        raw: &[RawAttribute<'a>],
        given: &mut [u64],
    ) -> Result<(), Stop> {
        let mut has_id = declared.table.is_some_and(|table| table.has_id);
        let mut unknown = Vec::new();
        for attribute in raw {
            if attribute.declared_prefix().is_some() {
                continue;
            }
            let local = attribute.local_name();
            let namespace = match attribute.prefix_length {
                0 => NamespaceId::NONE,
                // One that is not declared was reported by the reader.
                _ => match self.namespace_of_prefix(attribute.prefix()) {
                    Some(namespace) => namespace,
                    None => continue,
                },
            };
            let name = self.schema.names.lookup_local(namespace, local);
            if attribute.prefix_length > 0
                && self.scopes.namespace_of(attribute).is_some_and(|namespace| is_instance(namespace, local))
            {
                self.observe_attribute(name, attribute);
                self.track_instance_attribute(name, attribute);
                if self.sink.events() {
                    self.push_attribute(name, attribute);
                }
                continue;
            }
            self.note_attribute(name, attribute);
            let number_of = |name| declared.table.zip(name).and_then(|(table, name)| table.number_of(name));
            let mut number = number_of(name);
            if self.sink.reports() && number.is_none() && attribute.prefix_length > 0 {
                let written = self.namespace_as_written(attribute.prefix()).flatten();
                number = written.and_then(|namespace| number_of(self.schema.names.lookup_local(namespace, local)));
            }
            match (number.and_then(|number| Some((number, declared.uses.get(number)?))), declared.any) {
                (Some((number, declaration)), _) => {
                    set(given, number);
                    self.check_attribute(declaration, attribute)?;
                }
                (None, Some(any)) if any.namespaces.allows(Some(namespace).filter(|known| *known != FOREIGN)) => {
                    has_id |= self.check_wild(tag, any, name, attribute, has_id)?;
                }
                // Clause 3.2.1. Which of the type's attributes were not given, and so may be meant, is known only at
                // the end.
                (None, _) if self.sink.reports() => unknown.push(attribute),
                (None, _) => return Err(Stop),
            }
        }
        unknown.retain(|attribute| !self.is_reported_instance(attribute));
        if unknown.is_empty() { Ok(()) } else { self.report_unknown(tag, declared, &unknown, given) }
    }

    /// Whether the attribute was meant for `xsi:type` or a similar one, and its namespace was reported.
    fn is_reported_instance(&self, attribute: &RawAttribute<'_>) -> bool {
        let Some(declaration) = self.declaration() else { return false };
        let found = self.scopes.namespace_of(attribute).unwrap_or_default();
        self.is_misnamed_instance(attribute, found, declaration)
    }

    /// Clause 3.2.2 and section 3.10.1: checks an attribute that the wildcard of a type admits, and returns whether it
    /// is an ID. An element can have at most one ID (clause 5).
    fn check_wild(
        &mut self,
        tag: &Tag<'a>,
        any: &Wildcard,
        name: Option<NameId>,
        attribute: &RawAttribute<'a>,
        has_id: bool,
    ) -> Result<bool, Stop> {
        let schema = self.schema;
        let global = name.and_then(|name| schema.global_attributes.get(&name));
        match (any.process, global) {
            (Process::Skip, _) | (Process::Lax, None) => Ok(false),
            (_, Some(declared)) if has_id && declared.simple.is_id() => {
                self.report(&whole(attribute), || words::second_id(attribute.name, tag.name))?;
                Ok(true)
            }
            (_, Some(declared)) => {
                self.check_attribute(declared, attribute)?;
                Ok(declared.simple.is_id())
            }
            (Process::Strict, None) => {
                self.scratch.ids.is_partial |= self.sink.reports();
                let namespace = self.scopes.namespace_of(attribute).unwrap_or_default().to_owned();
                self.report(&whole(attribute), || {
                    let found = Name { namespace: &namespace, local: attribute.local_name() };
                    let declared = schema.global_attributes.keys().map(|name| schema.name(*name));
                    words::undeclared_attribute(attribute.name, found, declared)
                })?;
                Ok(false)
            }
        }
    }

    /// Reports attributes that neither the type nor its wildcard admits. Each may be meant for one of the type's
    /// attributes that was not given; no two are matched to the same one.
    #[cold]
    fn report_unknown(
        &mut self,
        tag: &Tag<'a>,
        declared: &Declared<'s>,
        unknown: &[&RawAttribute<'a>],
        given: &mut [u64],
    ) -> Result<(), Stop> {
        self.scratch.ids.is_partial = true;
        let mut open = declared.not_given(given);
        for attribute in unknown {
            let (schema, namespace) = (self.schema, self.scopes.namespace_of(attribute).unwrap_or_default().to_owned());
            let name_of = |declaration: &Arc<AttributeUse>| schema.name(declaration.name);
            let names = open.iter().filter_map(|number| declared.uses.get(*number));
            let names = names.map(|declaration| schema.names.candidate(declaration.name));
            let nearest =
                self.explanation().and_then(|explanation| explanation.suggestions.meant(attribute.local_name(), names));
            let meant = nearest.and_then(|nearest| open.get(nearest.index)).copied();
            let meant = meant.and_then(|number| Some((number, declared.uses.get(number)?)));
            // If two attributes may have been meant for the same one, the match is certain for neither.
            let is_near = |other: &&RawAttribute<'_>| {
                let name = meant.map_or("", |(_, declaration)| schema.names.local(declaration.name));
                other.name != attribute.name && nearest_name(other.local_name(), [name]).is_some()
            };
            let has_rival = meant.is_some() && unknown.iter().copied().any(|other| is_near(&other));
            let nearest = nearest.map(|nearest| Meant { is_certain: nearest.is_certain && !has_rival, ..nearest });
            let right = meant.and_then(|(_, declaration)| {
                let mut prefixes = self.scopes.prefixes_of(name_of(declaration).namespace);
                prefixes.find(|prefix| !prefix.is_empty())
            });
            let nearest_instance = (meant.is_none() && namespace == INSTANCE)
                .then(|| self.explanation()?.suggestions.meant(attribute.local_name(), INSTANCE_ATTRIBUTES))
                .flatten()
                .and_then(|nearest| Some((INSTANCE_ATTRIBUTES.get(nearest.index)?, nearest)));
            let mut lists = std::mem::take(&mut self.scratch.lists).of(self.table.number);
            let free = self.scopes.free_prefix();
            let reported = self.report(&whole(attribute), || {
                let found = Name { namespace: &namespace, local: attribute.local_name() };
                let meant = meant.map(|(_, declaration)| name_of(declaration));
                if let Some(meant) = meant.filter(|meant| meant.local == found.local) {
                    let prefix = attribute.prefix();
                    let misnamed = Misnamed::new((prefix, right, free), &namespace);
                    return words::attribute_in_wrong_namespace(attribute.name, meant, misnamed);
                }
                let in_words = |found| {
                    let names: Vec<_> = declared.uses.iter().map(name_of).collect();
                    let any = declared.any.map(|any| schema.allowed(&any.namespaces));
                    words::DeclaredAttributes::new(&names, any.as_ref(), found)
                };
                let unexpected = |list: &words::DeclaredAttributes| {
                    let words = list.unexpected(attribute.name, found, tag.name, meant.zip(nearest));
                    match nearest_instance {
                        Some((local, meant)) => words.meant(&format!("{}:{local}", attribute.prefix()), local, meant),
                        None => words,
                    }
                };
                if declared.uses.iter().any(|declaration| schema.names.local(declaration.name) == found.local) {
                    return unexpected(&in_words(Some(found)));
                }
                let wildcard = declared.any.map_or(0, |any| std::ptr::from_ref(any).addr());
                let key = (declared.uses.as_ptr().addr(), declared.uses.len(), wildcard);
                unexpected(lists.attributes(key, || in_words(None)))
            });
            self.scratch.lists = lists;
            reported?;
            if let Some((number, declaration)) = meant {
                set(given, number);
                open.retain(|open| *open != number);
                self.check_attribute(declaration, attribute)?;
            }
        }
        Ok(())
    }

    /// Checks the value of an attribute (cvc-attribute.3 and 4, cvc-au).
    fn check_attribute(&mut self, declared: &'s AttributeUse, attribute: &RawAttribute<'a>) -> Result<(), Stop> {
        let value = attribute_value(attribute.value);
        let simple = &declared.simple;
        let around = Around { schema: self.schema, scopes: &self.scopes };
        let documentation = declared.documentation.as_deref();
        if let Err(fault) = simple.check_in(&value, &around) {
            let is_blank_at_fault = is_blank_at_fault(simple, &value, &around);
            self.scratch.ids.is_partial |= self.sink.reports() && simple.has_links();
            self.track_attribute(declared, Content::Unknown, value_range(attribute));
            let (span, holder) = (value_span(attribute), Holder::Attribute(attribute.name));
            self.report_value(&span, documentation, simple, &fault, &value, holder, is_blank_at_fault)?;
        } else if let Some(constraint) = declared.value.as_ref().filter(|constraint| constraint.fixed)
            && !constraint.matches(simple, &value, &around)
        {
            self.track_attribute(declared, Content::Unknown, value_range(attribute));
            let found = self.namespaces_for_words(simple, &value);
            self.report_with(&value_span(attribute), documentation, || {
                let right = simple.namespaces_in(&constraint.value, &constraint.bindings);
                words::fixed_value(&constraint.value, &value, Holder::Attribute(attribute.name), [&right, &found])
            })?;
        } else {
            self.track_attribute_value(declared, &value, attribute);
        }
        if simple.needs_context() {
            self.link(simple, &value, value_range(attribute), Some(attribute.name));
        }
        Ok(())
    }

    /// Clause 4: reports required attributes that are missing. Attributes that are not required take their default.
    fn check_absent(
        &mut self,
        tag: &Tag<'a>,
        type_id: TypeId,
        declared: &Declared<'s>,
        given: &[u64],
    ) -> Result<(), Stop> {
        let Some(table) = declared.table else { return Ok(()) };
        self.track_absent(declared.uses, |number| is_set(given, number));
        if !table.required.iter().zip(given).all(|(required, given)| required & !given == 0) {
            self.report_missing(tag, declared, given)?;
        }
        for number in table.linked_defaults.iter().filter(|number| !is_set(given, **number)) {
            self.link_default(Default::Attribute(type_id, *number));
        }
        Ok(())
    }

    #[cold]
    fn report_missing(&mut self, tag: &Tag<'a>, declared: &Declared<'s>, given: &[u64]) -> Result<(), Stop> {
        for (number, declaration) in declared.uses.iter().enumerate() {
            if declaration.required && !is_set(given, number) {
                self.scratch.ids.is_partial |= self.sink.reports() && declaration.simple.has_links();
                let name = self.schema.name(declaration.name);
                self.report_with(&tag.span(), declaration.documentation.as_deref(), || {
                    words::missing_attribute(name, tag.name)
                })?;
            }
        }
        Ok(())
    }

    /// Keeps the attributes of an element whose attributes are not checked.
    pub(super) fn note_attributes(&mut self, raw: &[RawAttribute<'a>]) {
        for attribute in raw.iter().filter(|attribute| attribute.declared_prefix().is_none()) {
            self.note_attribute(None, attribute);
        }
    }

    /// Keeps an attribute for callers that read values, and for rules.
    fn note_attribute(&mut self, name: Option<NameId>, attribute: &RawAttribute<'a>) {
        self.observe_attribute(name, attribute);
        if self.sink.events() {
            self.push_attribute(name, attribute);
        }
    }

    fn push_attribute(&mut self, name: Option<NameId>, attribute: &RawAttribute<'a>) {
        self.scratch.attributes.push(Attribute {
            name,
            at: attribute.name_at as u32,
            length: attribute.name.len() as u32,
            value: (attribute.value_at as u32, attribute.value.len() as u32),
            plain: false,
        });
    }

    /// Keeps the namespace declarations of a tag, for callers that want them.
    pub(super) fn note_declarations(&mut self, raw: &[RawAttribute<'a>]) {
        for attribute in raw.iter().filter(|attribute| attribute.declared_prefix().is_some()) {
            self.push_attribute(None, attribute);
        }
    }
}

fn set(bits: &mut [u64], number: usize) {
    if let Some(word) = bits.get_mut(number / 64) {
        *word |= 1 << (number % 64);
    }
}

fn is_set(bits: &[u64], number: usize) -> bool {
    bits.get(number / 64).is_some_and(|word| word & 1 << (number % 64) != 0)
}

/// `name="value"`.
pub(super) fn whole(attribute: &RawAttribute<'_>) -> Range<usize> {
    attribute.name_at..attribute.value_at + attribute.value.len() + 1
}

/// The value.
pub(super) fn value_range(attribute: &RawAttribute<'_>) -> Range<usize> {
    attribute.value_at..attribute.value_at + attribute.value.len()
}

/// The value, or the whole attribute where it is empty.
pub(super) fn value_span(attribute: &RawAttribute<'_>) -> Range<usize> {
    if attribute.value.is_empty() { whole(attribute) } else { value_range(attribute) }
}
