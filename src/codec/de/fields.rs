//! An element as the fields of a struct or the entries of a map: its attributes, its text and its children.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, MapAccess};

use super::reader::{Node, Reader, attribute_type, normalize, value_of};
use super::scalar::{Scalar, key};
use super::siblings::{Siblings, Which};
use crate::check::{Attribute, Event, Text};
use crate::codec::{Error, TEXT, VALUE, content};
use crate::compiled::TypeDefinition;
use crate::datatype::SimpleType;

/// An element as a struct or a map.
pub(super) struct Fields<'r, 's, 'de> {
    reader: &'r mut Reader<'s, 'de>,
    node: Node,
    /// Empty for a map.
    fields: &'static [&'static str],
    /// The field that the last child went to: the next one is most often the same or the one behind.
    last: usize,
    part: Part,
    next: Next<'s, 'de>,
}

/// What is given next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The attribute of this number.
    Attribute(usize),
    /// The default of this number, of attributes that are not there.
    Default(usize),
    /// Text and children.
    Content,
    /// Nothing: the text of a leaf has been given.
    Over,
}

/// What the value of the key just given is.
enum Next<'s, 'de> {
    Nothing,
    Attribute(Cow<'de, str>, Option<&'s SimpleType>),
    Text(Text<'de>),
    /// A child, by the name of its field.
    Child,
    /// Children that no other field names, for this field.
    Choice(&'static str),
}

impl<'r, 's, 'de> Fields<'r, 's, 'de> {
    #[inline]
    pub(super) fn new(reader: &'r mut Reader<'s, 'de>, node: Node, fields: &'static [&'static str]) -> Self {
        Fields { reader, node, fields, last: 0, part: Part::Attribute(0), next: Next::Nothing }
    }

    #[inline]
    fn field(&mut self, name: &str) -> Option<&'static str> {
        let (before, behind) = self.fields.split_at(self.last.min(self.fields.len()));
        if let Some(found) = behind.iter().position(|field| *field == name) {
            self.last += found;
            return behind.get(found).copied();
        }
        before.iter().copied().find(|field| *field == name)
    }

    /// The attributes that are there; only before anything else is read.
    fn attributes(&self) -> &[Attribute] {
        if self.node.open { self.reader.attributes() } else { &[] }
    }

    /// An attribute's key, or `None` where there are no more of them.
    fn attribute_key<K: DeserializeSeed<'de>>(&mut self, seed: K, number: usize) -> Result<Result<K::Value, K>, Error> {
        let Some(attribute) = self.attributes().get(number).copied() else {
            self.part = Part::Default(0);
            return Ok(Err(seed));
        };
        self.part = Part::Attribute(number + 1);
        let (at, length) = (attribute.at as usize, attribute.length as usize);
        let name = self.reader.text().get(at..at + length).unwrap_or_default();
        self.reader.set_place(attribute.at, attribute.length);
        let simple = attribute_type(self.reader.schema, self.node.note.type_id, &attribute);
        self.next = Next::Attribute(value_of(self.reader.text(), &attribute, simple), simple);
        let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
        self.key_of_attribute(seed, local).map(Ok)
    }

    /// The key of an attribute that is not there and has a default, or `None` where there are no more of them.
    fn default_key<K: DeserializeSeed<'de>>(&mut self, seed: K, number: usize) -> Result<Result<K::Value, K>, Error> {
        let TypeDefinition::Complex(complex) = &self.reader.schema.types[self.node.note.type_id.index()] else {
            self.part = Part::Content;
            return Ok(Err(seed));
        };
        let here = self.attributes();
        let absent = |name| !here.iter().any(|attribute| attribute.name == Some(name));
        let rest = complex.attributes.iter().enumerate().skip(number);
        let mut defaults = rest.filter_map(|(number, declared)| Some((number, declared, declared.value.as_ref()?)));
        let Some((number, declared, constraint)) = defaults.find(|(_, declared, _)| absent(declared.name)) else {
            self.part = Part::Content;
            return Ok(Err(seed));
        };
        self.part = Part::Default(number + 1);
        self.next = Next::Attribute(Cow::Owned(constraint.value.to_string()), Some(&declared.simple));
        let name = &self.reader.schema.names.names[declared.name.index()].local;
        self.key_of_attribute(seed, name).map(Ok)
    }

    fn key_of_attribute<K: DeserializeSeed<'de>>(&mut self, seed: K, name: &str) -> Result<K::Value, Error> {
        let marked = |field: &&'static str| field.strip_prefix('@') == Some(name);
        match self.fields.iter().copied().find(marked) {
            Some(field) => key(seed, field),
            None if self.fields.contains(&name) => key(seed, name),
            None => key(seed, &format!("@{name}")),
        }
    }

    /// The field for a child that no other field names: `$value`, or the first field that is neither an attribute nor
    /// a child of this type. That one is not for what a wildcard took.
    fn choice_field(&self, child: &str) -> Option<&'static str> {
        let explicit = self.fields.iter().copied().find(|field| *field == VALUE);
        explicit.or_else(|| self.fields.iter().copied().find(|field| !self.is_name(field) && self.is_name(child)))
    }

    fn is_name(&self, field: &str) -> bool {
        let schema = self.reader.schema;
        let TypeDefinition::Complex(complex) = &schema.types[self.node.note.type_id.index()] else { return true };
        if field.starts_with(['@', '$']) {
            return true;
        }
        let mut children = content::leaves(schema, self.node.note.type_id).iter();
        complex.attributes.iter().any(|attribute| schema.names.local(attribute.name) == field)
            || children.any(|leaf| content::named(schema, leaf, field).is_some())
    }

    #[inline]
    fn siblings(&mut self, which: Which) -> Siblings<'_, 's, 'de> {
        let model = content::model(self.reader.schema, self.node.note.type_id);
        let interleaved = model.is_some_and(|model| self.reader.table.is_interleaved(self.reader.schema, model));
        Siblings { reader: &mut *self.reader, which, interleaved, model }
    }

    /// Makes the text that was just passed the next value, where it is wanted.
    #[inline]
    fn take_text(&mut self) -> bool {
        let text = self.reader.text_here();
        let is_wanted = self.fields.is_empty() && !text.raw.is_empty() || self.fields.contains(&TEXT);
        if is_wanted {
            self.next = Next::Text(text);
        }
        is_wanted
    }

    /// The key of the next text or child.
    #[inline]
    fn content_key<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if !self.node.open {
            self.part = Part::Over;
            if !self.take_text() {
                return Ok(None);
            }
            return key(seed, TEXT).map(Some);
        }
        loop {
            match self.reader.peek()? {
                Event::Start | Event::Leaf => break,
                Event::Text => {
                    self.reader.next()?;
                    if self.take_text() {
                        return key(seed, TEXT).map(Some);
                    }
                }
                Event::End | Event::Eof => {
                    self.reader.next()?;
                    self.part = Part::Over;
                    return Ok(None);
                }
            }
        }
        let Some(name) = self.reader.peek_name()? else { return Ok(None) };
        if let Some(field) = self.field(name) {
            self.next = Next::Child;
            return key(seed, field).map(Some);
        }
        match self.choice_field(name) {
            Some(field) => {
                self.next = Next::Choice(field);
                key(seed, field).map(Some)
            }
            None => {
                self.next = Next::Child;
                key(seed, name).map(Some)
            }
        }
    }
}

impl<'de> MapAccess<'de> for Fields<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let mut seed = seed;
        loop {
            let key = match self.part {
                Part::Attribute(number) => self.attribute_key(seed, number)?,
                Part::Default(number) => self.default_key(seed, number)?,
                Part::Content => return self.content_key(seed),
                Part::Over => return Ok(None),
            };
            match key {
                Ok(key) => return Ok(Some(key)),
                Err(unused) => seed = unused,
            }
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Attribute(text, simple) => seed.deserialize(Scalar { text, simple }),
            Next::Text(text) => {
                let simple = self.reader.simple_type(self.node.note.type_id);
                let text = match simple {
                    Some(simple) => normalize(simple, text.resolve()),
                    None => text.resolve(),
                };
                seed.deserialize(Scalar { text, simple })
            }
            Next::Child => seed.deserialize(self.siblings(Which::Named)),
            Next::Choice(field) => seed.deserialize(self.siblings(Which::Others { named: self.fields, field })),
            Next::Nothing => Err(Error::mismatch("a value was asked for twice")),
        }
    }
}
