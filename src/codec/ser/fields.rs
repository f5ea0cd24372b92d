//! Writes the fields of a struct or the entries of a map as the content of an element.

use std::borrow::Cow;

use serde::ser::{self, Serialize};

use super::choice::Choice;
use super::element::Element;
use super::forward::unsupported;
use super::instance::{self, Instance};
use super::output::{Lists, Output, Started, prefix_of};
use super::scalar::{Found, Scalar};
use super::{Error, Layout};
use crate::check::INSTANCE;
use crate::codec::{TEXT, VALUE, qname};
use crate::compiled::{AttributeUse, ElementId, NamespaceId, TypeId};
use crate::datatype::SimpleType;
use crate::xml::XML_NAMESPACE;

/// The attributes, text and children of an element.
pub(super) struct Fields<'o, 's> {
    output: &'o mut Output<'s>,
    type_id: TypeId,
    /// The namespace of names without a prefix outside of the element.
    namespace: NamespaceId,
    /// The layout outside of the element.
    layout: Layout,
    /// Where the next attribute is inserted: after the existing ones.
    tag_end: usize,
    /// Where its own ranges begin in the ranges of the output.
    ranges: usize,
    rare: Option<Box<Rare>>,
    /// Whether the prefix `xsi` is declared here.
    has_instance: bool,
    has_text: bool,
}

/// Data that few elements need.
#[derive(Default)]
struct Rare {
    /// Namespaces of attributes that have prefixes here.
    prefixes: Vec<(String, String)>,
    /// The namespace outside of the parent element, if the parent contains only this element.
    around: Option<NamespaceId>,
}

impl<'o, 's> Fields<'o, 's> {
    /// Begins the element.
    #[inline]
    pub(super) fn begin(
        output: &'o mut Output<'s>,
        element: ElementId,
        instance: Instance,
    ) -> Result<Fields<'o, 's>, Error> {
        let type_id = instance.type_id.unwrap_or_else(|| output.type_of(element));
        let started = output.start(element, instance)?;
        let rare = match started.prefixes.is_empty() {
            true => None,
            false => {
                let prefixed = |id: &NamespaceId| (prefix_of(*id), output.namespace(*id).to_owned());
                Some(Box::new(Rare { prefixes: started.prefixes.iter().map(prefixed).collect(), around: None }))
            }
        };
        Ok(Fields {
            type_id,
            namespace: started.around,
            layout: output.begin_content(type_id),
            tag_end: output.lists.writer.position(),
            ranges: output.lists.ranges.len(),
            rare,
            has_instance: started.has_instance,
            has_text: false,
            output,
        })
    }

    /// Continues inside an element that was begun and that contains nothing else.
    pub(super) fn inside(mut self, around: &Started) -> Fields<'o, 's> {
        self.rare.get_or_insert_default().around = Some(around.around);
        self
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        self.try_field(name, value).inspect_err(|_| self.output.refuse_field(name))
    }

    fn try_field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        if name == TEXT {
            self.output.lists.scalar.clear();
            let mut text = std::mem::take(&mut self.output.lists.scalar);
            if Scalar::write(&mut text, value)? == Found::Markup {
                return unsupported("a map");
            }
            let simple = self.output.schema.simple_content(self.type_id).map(|simple| &**simple);
            let written = self.with_prefixes(simple, &text)?;
            self.output.lists.writer.text(&written)?;
            self.has_text = true;
            self.output.lists.scalar = text;
            return Ok(());
        }
        if let Some(name) = name.strip_prefix('@') {
            let declared = self.output.keys.attribute(self.type_id, name);
            return self.attribute(name, declared, value);
        }
        if let Some(child) = self.output.keys.placed_child(self.type_id, name) {
            let rank = match child.is_repeated {
                false => child.rank,
                true => {
                    let last = self.last_rank();
                    self.output.rank_of_key(self.type_id, name, last)
                }
            };
            return self.child(child.element, rank, value);
        }
        if name != VALUE {
            let declared = self.output.keys.attribute(self.type_id, name);
            if declared.is_some() || name.starts_with("xsi:") {
                return self.attribute(name, declared, value);
            }
        }
        if name.starts_with("Q{")
            && let Some(element) = self.output.admitted(self.type_id, name)
        {
            let last = self.last_rank();
            let rank = self.output.rank_of(self.type_id, element, last);
            return self.child(element, rank, value);
        }
        let instance = Instance::of(self.output.keys, value)?;
        self.choice(|output, type_id| value.serialize(Choice { output, type_id, field: name, instance }))
    }

    /// Writes a field named like a child.
    fn child<T: Serialize + ?Sized>(&mut self, element: ElementId, rank: usize, value: &T) -> Result<(), Error> {
        self.output.lists.ranges.push((rank, self.output.lists.writer.position()));
        let parent = Some(self.type_id);
        Element { parent, is_present: false, ..Element::new(self.output, element) }.write(value)
    }

    /// Writes a field that is an attribute: the declared attribute for the key, or one that the value names.
    fn attribute<T: Serialize + ?Sized>(
        &mut self,
        key: &str,
        declared: Option<&'s AttributeUse>,
        value: &T,
    ) -> Result<(), Error> {
        let mut text = std::mem::take(&mut self.output.lists.scalar);
        text.clear();
        match Scalar::write(&mut text, value)? {
            Found::Text if instance::holds(key) => {} // it was written with the name
            Found::Text => self.attribute_text(key, declared, &text)?,
            Found::Nothing => {}
            Found::Markup => return unsupported("a map"),
        }
        self.output.lists.scalar = text;
        Ok(())
    }

    fn attribute_text(&mut self, key: &str, declared: Option<&'s AttributeUse>, text: &str) -> Result<(), Error> {
        let text = self.with_prefixes(declared.map(|declared| &*declared.simple), text)?;
        let names = &self.output.schema.names;
        if let Some(declared) = declared.filter(|declared| names.namespace_id(declared.name) == NamespaceId::NONE) {
            let name = names.local(declared.name);
            let writer = &mut self.output.lists.writer;
            if writer.position() != self.tag_end {
                return self.written_attribute(name, &text);
            }
            writer.attribute_declared(name, &text)?;
            self.tag_end = writer.position();
            return Ok(());
        }
        if !key.contains([':', '{']) && declared.is_none() {
            return self.written_attribute(key, &text);
        }
        let name = self.output.keys.attribute_name(self.type_id, key);
        match &*name.namespace {
            "" => self.written_attribute(&name.local, &text),
            XML_NAMESPACE => self.written_attribute(&format!("xml:{}", name.local), &text),
            INSTANCE => {
                if !std::mem::replace(&mut self.has_instance, true) {
                    self.written_attribute("xmlns:xsi", INSTANCE)?;
                }
                self.written_attribute(&format!("xsi:{}", name.local), &text)
            }
            namespace => {
                let prefix = self.prefix(namespace)?;
                self.written_attribute(&format!("{prefix}:{}", name.local), &text)
            }
        }
    }

    /// A prefix for a namespace. The element declares it.
    fn prefix(&mut self, namespace: &str) -> Result<String, Error> {
        let prefixes = &mut self.rare.get_or_insert_default().prefixes;
        let count = prefixes.len();
        let prefix = self.output.prefix_for(namespace, prefixes);
        if prefixes.len() > count {
            self.written_attribute(&format!("xmlns:{prefix}"), namespace)?;
        }
        Ok(prefix)
    }

    /// A value as text. Names in it get prefixes.
    fn with_prefixes<'t>(&mut self, simple: Option<&SimpleType>, value: &'t str) -> Result<Cow<'t, str>, Error> {
        qname::write(simple, value, &mut |namespace| match namespace {
            "" if self.output.takes_bare_names() => Ok(String::new()),
            "" => Err(Error::mismatch("a name in no namespace cannot be written in an element that is in one")),
            XML_NAMESPACE => Ok("xml".to_owned()),
            _ => self.prefix(namespace),
        })
    }

    /// Writes an attribute by its name in the tag, which may already have been closed.
    fn written_attribute(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let writer = &mut self.output.lists.writer;
        if writer.position() == self.tag_end {
            writer.attribute(name, text)?;
            self.tag_end = writer.position();
            return Ok(());
        }
        let moved = writer.insert_attribute(self.tag_end, name, text)?;
        self.tag_end += moved;
        self.ranges_mut().iter_mut().for_each(|(_, begin)| *begin += moved);
        Ok(())
    }

    /// For each field so far that holds children: its rank, and where it was written.
    fn ranges(&self) -> &[(usize, usize)] {
        self.output.lists.ranges.get(self.ranges..).unwrap_or_default()
    }

    fn ranges_mut(&mut self) -> &mut [(usize, usize)] {
        self.output.lists.ranges.get_mut(self.ranges..).unwrap_or_default()
    }

    fn last_rank(&self) -> usize {
        self.ranges().last().map_or(0, |(rank, _)| *rank)
    }

    /// Writes children that the value names itself.
    pub(super) fn choice(
        &mut self,
        write: impl FnOnce(&mut Output<'s>, TypeId) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let before = self.output.lists.writer.position();
        let type_id = self.type_id;
        let first = self.output.first_child_of(|output| write(output, type_id))?;
        let last = self.last_rank();
        let rank = match first {
            Some(first) => self.output.rank_of(type_id, first, last),
            None => last,
        };
        self.output.lists.ranges.push((rank, before));
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), Error> {
        let end = self.output.lists.writer.position();
        let has_children = self.ranges().first().is_some_and(|(_, begin)| *begin < end);
        if !self.ranges().is_sorted_by_key(|(rank, _)| *rank) {
            let Lists { writer, ranges, .. } = &mut *self.output.lists;
            writer.reorder(ranges.get(self.ranges..).unwrap_or_default());
        }
        self.output.lists.ranges.truncate(self.ranges);
        self.output.end(self.namespace, has_children && !self.has_text)?;
        self.output.end_content(self.layout);
        match self.rare.and_then(|rare| rare.around) {
            Some(around) => self.output.end(around, true),
            None => Ok(()),
        }
    }
}

macro_rules! structs {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Fields<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
                self.field(key, value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish()
            }
        }
    )*};
}

structs! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Fields<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let mut name = String::new();
        Scalar::write(&mut name, key)?;
        self.output.key = Some(name);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        match self.output.key.take() {
            Some(key) => self.field(&key, value),
            None => Err(Error::mismatch("a value came without its key")),
        }
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}
