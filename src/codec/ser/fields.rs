//! The fields of a struct or the entries of a map as what an element holds.

use serde::ser::{self, Serialize};

use super::choice::Choice;
use super::element::Element;
use super::forward::unsupported;
use super::output::{Output, Started};
use super::scalar::{Found, Scalar};
use super::{Error, Layout};
use crate::codec::{TEXT, VALUE, content};
use crate::compiled::{ElementId, NamespaceId, TypeId};

/// Namespaces in XML, section 3: the prefix `xml` is bound to it without a declaration.
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

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
    prefixes: Vec<NamespaceId>,
    /// Of each field that holds children: its rank among the children of the type, and where it was written.
    ranges: Vec<(usize, usize)>,
    key: Option<String>,
    has_text: bool,
}

impl<'o, 's> Fields<'o, 's> {
    /// Begins the element.
    #[inline]
    pub(super) fn begin(output: &'o mut Output<'s>, element: ElementId) -> Result<Fields<'o, 's>, Error> {
        let type_id = output.type_of(element);
        let started = output.start(element)?;
        let tag_end = output.writer.position();
        let layout = output.begin_content(content::is_mixed(output.schema, type_id));
        Ok(Fields {
            layout,
            output,
            type_id,
            started,
            around: None,
            tag_end,
            prefixes: Vec::new(),
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
            self.output.writer.text(&text)?;
            self.has_text = true;
            self.output.scalar = text;
            return Ok(());
        }
        if let Some(name) = name.strip_prefix('@') {
            return self.attribute(name, value);
        }
        if let Some(element) = self.output.child(self.type_id, name) {
            let last = self.last_rank();
            let rank = self.output.rank(self.type_id, name, last);
            self.ranges.push((rank, self.output.writer.position()));
            let parent = Some(self.type_id);
            return value.serialize(Element { output: self.output, element, parent, is_present: false });
        }
        if name != VALUE && self.output.attribute(self.type_id, name).is_some() {
            return self.attribute(name, value);
        }
        self.choice(|output, type_id| value.serialize(Choice { output, type_id, field: name }))
    }

    fn attribute<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        let mut text = String::new();
        match Scalar::write(&mut text, value)? {
            Found::Text => {}
            Found::Nothing => return Ok(()),
            Found::Markup => return unsupported("a map"),
        }
        let schema = self.output.schema;
        let declared = self.output.attribute(self.type_id, name);
        match declared.map_or(NamespaceId(0), |attribute| schema.names.namespace_id(attribute.name)) {
            NamespaceId(0) => self.written_attribute(name, &text),
            namespace => {
                let uri = &*schema.names.namespaces[namespace.index()];
                if uri == XML_NAMESPACE {
                    return self.written_attribute(&format!("xml:{name}"), &text);
                }
                let prefix = format!("ns{}", namespace.index());
                if !self.prefixes.contains(&namespace) {
                    self.prefixes.push(namespace);
                    self.written_attribute(&format!("xmlns:{prefix}"), uri)?;
                }
                self.written_attribute(&format!("{prefix}:{name}"), &text)
            }
        }
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
        write(self.output, self.type_id)?;
        let last = self.last_rank();
        let rank = match self.output.writer.first_name_from(before).map(str::to_owned) {
            Some(first) => self.output.rank(self.type_id, &first, last),
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
