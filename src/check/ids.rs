//! IDs and references to them, collected during the walk and resolved at the end of the document (XML Schema part 1,
//! section 3.15.4, cvc-id).
//!
//! The names are copied into one text, which is never longer than the document, and each is stored with its offset
//! alone. For defaults, only the declaration is kept, and the elements that took it. At the end the IDs are sorted,
//! which makes equal ones adjacent, and each reference is looked up among them.

use std::collections::HashMap;

use crate::compiled::{Compiled, ElementId, TypeDefinition, TypeId, ValueConstraint};
use crate::datatype::{Link, SimpleType};

/// A default with IDs or references that an element took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Default {
    /// The default of an attribute, by its index among those of its type.
    Attribute(TypeId, usize),
    /// The default of an element, with the type that the element had.
    Element(ElementId, TypeId),
}

/// Where an ID or a reference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Site {
    /// The value that begins at this offset.
    Value(usize),
    /// A default of the element whose start tag begins at this offset.
    Default(usize, Default),
}

impl PartialOrd for Default {
    fn partial_cmp(&self, other: &Default) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Default {
    /// The order has no meaning; it only distinguishes the defaults of one element.
    fn cmp(&self, other: &Default) -> std::cmp::Ordering {
        let key = |default: &Default| match *default {
            Default::Attribute(TypeId(type_id), number) => (0, type_id as usize, number),
            Default::Element(ElementId(element), TypeId(type_id)) => (1, element as usize, type_id as usize),
        };
        key(self).cmp(&key(other))
    }
}

/// A violation of cvc-id.
pub(super) enum Broken<'i> {
    /// The name is an ID at both places.
    Duplicate { name: &'i str, first: Site, second: Site },
    /// No ID has the name of the reference.
    Unknown { name: &'i str, site: Site },
}

/// The number of bytes whose memory is kept from one document to the next.
const KEPT: usize = 1 << 20;

/// A name: where it ends in `Ids::text`, and where it is in the document.
#[derive(Debug, Clone, Copy)]
struct Entry {
    end: usize,
    place: usize,
}

/// The IDs and references of a document.
#[derive(Debug, std::default::Default)]
pub(super) struct Ids {
    text: String,
    ids: Vec<Entry>,
    /// IDs and references each have their own text, so that an entry needs only the end of its name.
    reference_text: String,
    references: Vec<Entry>,
    /// The defaults that were taken, without duplicates.
    defaults: HashMap<Default, u32>,
    /// The number of each default that was taken, with the start tag of the element that took it.
    taken: Vec<(u32, usize)>,
    /// The IDs sorted by name, used when they are resolved.
    sorted: Vec<u32>,
    /// Whether skipped content may have held an ID: then a reference without an ID may be right.
    pub(super) is_partial: bool,
}

impl Ids {
    /// Forgets the document, and frees the memory if it is large.
    #[cold]
    pub(super) fn clear(&mut self) {
        let names = self.text.capacity() + self.reference_text.capacity();
        if names + (self.ids.capacity() + self.references.capacity()) * size_of::<Entry>() > KEPT {
            *self = Ids::default();
            return;
        }
        self.text.clear();
        self.ids.clear();
        self.reference_text.clear();
        self.references.clear();
        self.defaults.clear();
        self.taken.clear();
        self.is_partial = false;
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.references.is_empty() && self.defaults.is_empty() && !self.is_partial
    }

    /// Adds a name in the value that begins at `place`.
    pub(super) fn add(&mut self, link: Link, name: &str, place: usize) {
        let (text, entries) = match link {
            Link::Id => (&mut self.text, &mut self.ids),
            Link::Reference => (&mut self.reference_text, &mut self.references),
        };
        text.push_str(name);
        entries.push(Entry { end: text.len(), place });
    }

    /// Adds a default taken by the element whose start tag begins at `tag`.
    pub(super) fn add_default(&mut self, default: Default, tag: usize) {
        let next = self.defaults.len() as u32;
        let number = *self.defaults.entry(default).or_insert(next);
        self.taken.push((number, tag));
    }

    /// cvc-id: checks that no ID occurs twice and that each reference is to an existing ID. To the letter of section
    /// 3.15.5, two children of one element may share an ID, which then belongs to that element; the test suite and all
    /// other processors reject that. If content was skipped, references are not reported, since the content may hold
    /// their IDs.
    ///
    /// # Errors
    ///
    /// What `report` returns for an error.
    pub(super) fn settle<E>(
        &mut self,
        schema: &Compiled,
        mut report: impl FnMut(Broken<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.defaults.is_empty() {
            return self.settle_with_defaults(schema, report);
        }
        let Ids { text, ids, reference_text, references, sorted, .. } = self;
        let name = |id: u32| name_of(text, ids, id as usize);
        sorted.clear();
        sorted.extend(0..ids.len() as u32);
        sorted.sort_unstable_by(|one, other| name(*one).cmp(name(*other)).then(one.cmp(other)));
        let mut first = 0;
        for (index, id) in sorted.iter().enumerate().skip(1) {
            let Some(known) = sorted.get(first).filter(|first| name(**first) == name(*id)) else {
                first = index;
                continue;
            };
            let site = |id: u32| Site::Value(ids.get(id as usize).map_or(0, |entry| entry.place));
            report(Broken::Duplicate { name: name(*id), first: site(*known), second: site(*id) })?;
        }
        if self.is_partial {
            return Ok(());
        }
        for (index, reference) in references.iter().enumerate() {
            let wanted = name_of(reference_text, references, index);
            if sorted.binary_search_by(|id| name(*id).cmp(wanted)).is_err() {
                report(Broken::Unknown { name: wanted, site: Site::Value(reference.place) })?;
            }
        }
        Ok(())
    }

    /// As `settle`, if defaults hold IDs or references, which is rare enough for a plain table. A default is examined
    /// once, however often it is used. For each later use only its first ID is added, which is enough to find the
    /// duplicate.
    #[cold]
    fn settle_with_defaults<E>(
        &mut self,
        schema: &Compiled,
        mut report: impl FnMut(Broken<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut defaults: Vec<Linked<'_>> = vec![<Linked<'_> as std::default::Default>::default(); self.defaults.len()];
        for (default, number) in &self.defaults {
            if let Some(slot) = defaults.get_mut(*number as usize) {
                *slot = Linked::of(*default, schema);
            }
        }
        let mut given: Vec<(&str, Site)> = Vec::new();
        for (index, entry) in self.ids.iter().enumerate() {
            given.push((name_of(&self.text, &self.ids, index), Site::Value(entry.place)));
        }
        let mut is_taken = vec![false; defaults.len()];
        for (number, tag) in &self.taken {
            let Some((linked, is_taken)) = defaults.get(*number as usize).zip(is_taken.get_mut(*number as usize))
            else {
                continue;
            };
            let most = if std::mem::replace(is_taken, true) { 1 } else { linked.ids.len() };
            let site = linked.default.map(|default| Site::Default(*tag, default));
            given.extend(linked.ids.iter().take(most).filter_map(|id| Some((*id, site?))));
        }
        given.sort_unstable();
        let mut first = 0;
        for index in 1..given.len() {
            match (given.get(first), given.get(index)) {
                (Some((name, first)), Some((other, second))) if name == other => {
                    report(Broken::Duplicate { name, first: *first, second: *second })?;
                }
                _ => first = index,
            }
        }
        if self.is_partial {
            return Ok(());
        }
        let is_unknown = |name: &str| given.binary_search_by(|(known, _)| (*known).cmp(name)).is_err();
        for (index, entry) in self.references.iter().enumerate() {
            let name = name_of(&self.reference_text, &self.references, index);
            if is_unknown(name) {
                report(Broken::Unknown { name, site: Site::Value(entry.place) })?;
            }
        }
        let unknown: Vec<_> = defaults
            .iter()
            .map(|linked| linked.default.zip(linked.references.iter().find(|name| is_unknown(name))))
            .collect();
        for (number, tag) in &self.taken {
            if let Some(Some((default, name))) = unknown.get(*number as usize) {
                report(Broken::Unknown { name, site: Site::Default(*tag, *default) })?;
            }
        }
        Ok(())
    }
}

/// The IDs and references in a default.
#[derive(Debug, Clone, std::default::Default)]
struct Linked<'s> {
    default: Option<Default>,
    ids: Vec<&'s str>,
    references: Vec<&'s str>,
}

impl<'s> Linked<'s> {
    fn of(default: Default, schema: &'s Compiled) -> Linked<'s> {
        let mut linked = Linked { default: Some(default), ids: Vec::new(), references: Vec::new() };
        if let Some((value, simple)) = default.value(schema) {
            simple.links(&value.value, &value.bindings, &mut |link, name| match link {
                Link::Id => linked.ids.push(name),
                Link::Reference => linked.references.push(name),
            });
        }
        linked
    }
}

fn name_of<'t>(text: &'t str, entries: &[Entry], index: usize) -> &'t str {
    let start = index.checked_sub(1).and_then(|before| entries.get(before)).map_or(0, |before| before.end);
    entries.get(index).and_then(|entry| text.get(start..entry.end)).unwrap_or_default()
}

impl Default {
    /// The default value and its type.
    fn value(self, schema: &Compiled) -> Option<(&ValueConstraint, &SimpleType)> {
        match self {
            Default::Attribute(type_id, index) => match schema.types.get(type_id.index())? {
                TypeDefinition::Complex(complex) => {
                    let attribute = complex.attributes.get(index)?;
                    Some((attribute.value.as_ref()?, &attribute.simple))
                }
                TypeDefinition::Simple(_) => None,
            },
            Default::Element(element, type_id) => {
                let value = schema.elements.get(element.index())?.value.as_ref()?;
                Some((value, schema.simple_content(type_id)?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_memory_is_kept() {
        let mut ids = Ids::default();
        ids.add(Link::Id, "a", 1);
        ids.clear();
        assert!(ids.is_empty() && ids.text.capacity() > 0);
        ids.add(Link::Reference, &"a".repeat(KEPT + 1), 1);
        ids.clear();
        assert!(ids.is_empty() && ids.reference_text.capacity() == 0);
    }
}
