//! The fields of a struct or the entries of a map as what an element holds.

use std::borrow::Cow;

use serde::ser::{self, Serialize};

use super::choice::Choice;
use super::element::Element;
use super::forward::unsupported;
use super::instance::{self, Instance};
use super::output::{Output, Started, prefix_of};
use super::scalar::{Found, Scalar};
use super::{Error, Layout};
use crate::check::INSTANCE;
use crate::codec::{TEXT, VALUE, content, qname};
use crate::compiled::{ElementId, NamespaceId, TypeId};
use crate::datatype::SimpleType;
use crate::xml::XML_NAMESPACE;

/// The attributes, text and children of an element.
pub(super) struct Fields<'o, 's> {
    output: &'o mut Output<'s>,
    type_id: TypeId,
    started: Started,
    /// How the elements around it are laid out.
    layout: Layout,
    /// The element that holds nothing but this one.
    around: Option<Started>,
    /// Where the next attribute goes: behind those that are there.
    tag_end: usize,
    /// Namespaces of attributes that have a prefix here.
    prefixes: Vec<(String, String)>,
    /// The prefix `xsi` is declared here.
    has_instance: bool,
    /// Of each field that holds children: its rank among the children of the type, and where it was written.
    ranges: Vec<(usize, usize)>,
    key: Option<String>,
    has_text: bool,
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
        let tag_end = output.writer.position();
        let prefixed = |id: &NamespaceId| (prefix_of(*id), output.namespace(*id).to_owned());
        let prefixes = started.prefixes.iter().map(prefixed).collect();
        let layout = output.begin_content(content::is_mixed(output.schema, type_id));
        Ok(Fields {
            layout,
            output,
            type_id,
            has_instance: started.has_instance,
            prefixes,
            started,
            around: None,
            tag_end,
            ranges: Vec::new(),
            key: None,
            has_text: false,
        })
    }

    /// The same, inside an element that was begun and that holds nothing else.
    pub(super) fn inside(self, around: Started) -> Fields<'o, 's> {
        Fields { around: Some(around), ..self }
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        self.try_field(name, value).inspect_err(|_| self.output.refuse_field(name))
    }

    fn try_field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        if name == TEXT {
            self.output.scalar.clear();
            let mut text = std::mem::take(&mut self.output.scalar);
            if Scalar::write(&mut text, value)? == Found::Markup {
                return unsupported("a map");
            }
            let simple = self.output.schema.simple_content(self.type_id).map(|simple| &**simple);
            let written = self.with_prefixes(simple, &text)?;
            self.output.writer.text(&written)?;
            self.has_text = true;
            self.output.scalar = text;
            return Ok(());
        }
        if let Some(name) = name.strip_prefix('@') {
            return self.attribute(name, value);
        }
        if let Some(element) = self.output.keys.child(self.type_id, name) {
            let last = self.last_rank();
            let rank = self.output.rank_of_key(self.type_id, name, last);
            self.ranges.push((rank, self.output.writer.position()));
            let parent = Some(self.type_id);
            return Element { parent, is_present: false, ..Element::new(self.output, element) }.write(value);
        }
        if name != VALUE && (name.starts_with("xsi:") || self.output.keys.attribute(self.type_id, name).is_some()) {
            return self.attribute(name, value);
        }
        if name.starts_with("Q{")
            && let Some(element) = self.output.admitted(self.type_id, name)
        {
            let last = self.last_rank();
            let rank = self.output.rank_of(self.type_id, element, last);
            self.ranges.push((rank, self.output.writer.position()));
            let parent = Some(self.type_id);
            return Element { parent, is_present: false, ..Element::new(self.output, element) }.write(value);
        }
        let instance = Instance::of(self.output.keys, value)?;
        self.choice(|output, type_id| value.serialize(Choice { output, type_id, field: name, instance }))
    }

    fn attribute<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Error> {
        if instance::holds(key) {
            return Ok(()); // it was written with the name
        }
        let mut text = String::new();
        match Scalar::write(&mut text, value)? {
            Found::Text => {}
            Found::Nothing => return Ok(()),
            Found::Markup => return unsupported("a map"),
        }
        let declared = self.output.keys.attribute(self.type_id, key);
        let text = self.with_prefixes(declared.map(|declared| &*declared.simple), &text)?;
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

    /// A prefix for a namespace, which the element declares.
    fn prefix(&mut self, namespace: &str) -> Result<String, Error> {
        let count = self.prefixes.len();
        let prefix = self.output.prefix_for(namespace, &mut self.prefixes);
        if self.prefixes.len() > count {
            self.written_attribute(&format!("xmlns:{prefix}"), namespace)?;
        }
        Ok(prefix)
    }

    /// A value as its text: names in it get prefixes.
    fn with_prefixes<'t>(&mut self, simple: Option<&SimpleType>, value: &'t str) -> Result<Cow<'t, str>, Error> {
        qname::write(simple, value, &mut |namespace| match namespace {
            "" if self.output.takes_bare_names() => Ok(String::new()),
            "" => Err(Error::mismatch("a name in no namespace cannot be written in an element that is in one")),
            XML_NAMESPACE => Ok("xml".to_owned()),
            _ => self.prefix(namespace),
        })
    }

    /// An attribute by its name in the tag, which may have been closed already.
    fn written_attribute(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let writer = &mut self.output.writer;
        if writer.position() == self.tag_end {
            writer.attribute(name, text)?;
            self.tag_end = writer.position();
            return Ok(());
        }
        let moved = writer.insert_attribute(self.tag_end, name, text)?;
        self.tag_end += moved;
        self.ranges.iter_mut().for_each(|(_, begin)| *begin += moved);
        Ok(())
    }

    fn last_rank(&self) -> usize {
        self.ranges.last().map_or(0, |(rank, _)| *rank)
    }

    /// Children that the value names itself.
    pub(super) fn choice(
        &mut self,
        write: impl FnOnce(&mut Output<'s>, TypeId) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let before = self.output.writer.position();
        let type_id = self.type_id;
        let first = self.output.first_child_of(|output| write(output, type_id))?;
        let last = self.last_rank();
        let rank = match first {
            Some(first) => self.output.rank_of(type_id, first, last),
            None => last,
        };
        self.ranges.push((rank, before));
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), Error> {
        let end = self.output.writer.position();
        let has_children = self.ranges.first().is_some_and(|(_, begin)| *begin < end);
        if !self.ranges.is_sorted_by_key(|(rank, _)| *rank) {
            self.output.writer.reorder(&self.ranges);
        }
        self.output.end(self.started, has_children && !self.has_text)?;
        self.output.end_content(self.layout);
        match self.around {
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
        self.key = Some(name);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        match self.key.take() {
            Some(key) => self.field(&key, value),
            None => Err(Error::mismatch("a value came without its key")),
        }
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}
