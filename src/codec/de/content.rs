//! What an element holds, as the fields of a struct or the items of a sequence.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::element::{Element, Variant};
use super::reader::{Kept, Node, Reader, attribute_type, normalize, value_of};
use super::scalar::{Scalar, key};
use crate::automaton::LeafId;
use crate::check::accept::{Attribute, Event, Text};
use crate::codec::Error;
use crate::compiled::{Compiled, Content, Leaf, ModelId, TypeDefinition};
use crate::datatype::{Kind, SimpleType};

/// The field of text beside attributes, and the explicit name of the field that holds a choice.
const TEXT: &str = "$text";
const VALUE: &str = "$value";

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
        let local = |name: crate::compiled::NameId| &*schema.names.names[name.index()].local;
        let children = match &complex.content {
            Content::Elements { model, .. } => schema.models[model.index()].leaves.as_slice(),
            _ => &[],
        };
        complex.attributes.iter().any(|attribute| local(attribute.name) == field)
            || children.iter().any(|leaf| match leaf {
                Leaf::Element(element) => schema.usable_named(*element, field).is_some(),
                Leaf::Wildcard(_) => false,
            })
    }

    /// Whether children of one name may stand between others here.
    fn is_interleaved(&self) -> bool {
        self.model().is_some_and(|model| self.reader.table.models[model.index()].interleaved)
    }

    fn model(&self) -> Option<ModelId> {
        match &self.reader.schema.types[self.node.note.type_id.index()] {
            TypeDefinition::Complex(complex) => match complex.content {
                Content::Elements { model, .. } => Some(model),
                _ => None,
            },
            TypeDefinition::Simple(_) => None,
        }
    }
}

/// Whether a content may hold several children of a local name: by wildcards, by counters, or because the walk can
/// come back to such a child.
pub(in crate::codec) fn may_repeat(schema: &Compiled, model: ModelId, name: &str) -> bool {
    let model = &schema.models[model.index()];
    let named = |leaf: LeafId| match model.leaves.get(leaf.0 as usize) {
        Some(Leaf::Element(element)) => schema.usable_named(*element, name).is_some(),
        Some(Leaf::Wildcard(_)) | None => true,
    };
    model.automaton.may_repeat(&named)
}

impl<'de> Fields<'_, '_, 'de> {
    /// The key of the next text or child.
    #[inline]
    fn content_key<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if !self.node.open {
            self.part = Part::Over;
            let text = self.reader.text_here();
            let wanted = self.fields.is_empty() && !text.raw.is_empty() || self.fields.contains(&TEXT);
            if !wanted {
                return Ok(None);
            }
            self.next = Next::Text(text);
            return key(seed, TEXT).map(Some);
        }
        loop {
            match self.reader.peek()? {
                Event::Start | Event::Leaf => break,
                Event::Text => {
                    self.reader.next()?;
                    let text = self.reader.text_here();
                    if self.fields.is_empty() && !text.raw.is_empty() || self.fields.contains(&TEXT) {
                        self.next = Next::Text(text);
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
            Next::Child => {
                let interleaved = self.is_interleaved();
                let model = self.model();
                seed.deserialize(Siblings { reader: &mut *self.reader, which: Which::Named, interleaved, model })
            }
            Next::Choice(field) => {
                let interleaved = self.is_interleaved();
                let which = Which::Others { named: self.fields, field };
                let model = self.model();
                seed.deserialize(Siblings { reader: &mut *self.reader, which, interleaved, model })
            }
            Next::Nothing => Err(Error::mismatch("a value was asked for twice")),
        }
    }
}

/// Which children a field takes.
#[derive(Clone, Copy)]
enum Which {
    /// Those that have the name of the first.
    Named,
    /// Those that no field names; they are variants of an enum.
    Others { named: &'static [&'static str], field: &'static str },
}

/// The children that one field takes: the next one, or all of them where a sequence is asked for.
struct Siblings<'r, 's, 'de> {
    reader: &'r mut Reader<'s, 'de>,
    which: Which,
    /// More of them may stand behind others.
    interleaved: bool,
    /// The content model that they are children by.
    model: Option<ModelId>,
}

impl<'r, 's, 'de> Siblings<'r, 's, 'de> {
    /// Whether there may be several of the name of the next one.
    fn repeats(&mut self) -> Result<bool, Error> {
        let name = self.reader.peek_name()?.unwrap_or_default();
        Ok(self.model.is_some_and(|model| may_repeat(self.reader.schema, model, name)))
    }

    /// Whether the next one has a text of several items.
    #[inline]
    fn is_list(&mut self) -> Result<bool, Error> {
        self.reader.peek()?;
        let simple = self.reader.simple_type(self.reader.note().type_id);
        Ok(simple.is_some_and(|simple| simple.kind() == Kind::List))
    }

    fn element(self) -> Result<Element<'r, 's, 'de>, Error> {
        if let Which::Others { field, .. } = self.which {
            let name = self.reader.peek_name()?.unwrap_or_default().to_owned();
            self.reader.next_element()?; // for the place
            return Err(Error::mismatch(format_args!(
                "field `{field}` names neither an attribute nor a child here, and is no enum that could hold `{name}`"
            )));
        }
        let node = self.reader.next_element()?;
        Ok(Element { reader: self.reader, node })
    }
}

macro_rules! of_the_next_element {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.element()?.$method(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Siblings<'_, '_, 'de> {
    type Error = Error;

    of_the_next_element! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_identifier deserialize_unit deserialize_map
    }

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.which {
            Which::Others { .. } => self.deserialize_seq(visitor),
            Which::Named => {
                if self.repeats()? {
                    self.deserialize_seq(visitor)
                } else {
                    self.element()?.deserialize_any(visitor)
                }
            }
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.reader.peek()? {
            Event::Start if self.reader.note().nil => self.element()?.deserialize_option(visitor),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.element()?.deserialize_unit_struct(name, visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match self.which {
            Which::Named => self.element()?.deserialize_newtype_struct(name, visitor),
            Which::Others { .. } => visitor.visit_newtype_struct(self),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        if matches!(self.which, Which::Named) && self.is_list()? && !self.repeats()? {
            return self.element()?.deserialize_seq(visitor);
        }
        visitor.visit_seq(SiblingSeq { siblings: self, name: None, kept: Kept::default() })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.element()?.deserialize_struct(name, fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.which {
            Which::Named => self.element()?.deserialize_enum(name, variants, visitor),
            Which::Others { .. } => {
                let node = self.reader.next_element()?;
                visitor.visit_enum(Variant { reader: self.reader, node })
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let node = self.reader.next_element()?;
        self.reader.skip(&node)?;
        visitor.visit_unit()
    }
}

/// Siblings as a sequence.
struct SiblingSeq<'r, 's, 'de> {
    siblings: Siblings<'r, 's, 'de>,
    /// The name that all of them have, once the first is known.
    name: Option<&'r str>,
    kept: Kept,
}

impl<'de> SiblingSeq<'_, '_, 'de> {
    /// Whether another one comes.
    #[inline]
    fn is_next(&mut self) -> Result<bool, Error> {
        let reader = &mut *self.siblings.reader;
        let Some(name) = reader.peek_name()? else { return Ok(false) };
        Ok(match self.siblings.which {
            Which::Named => name == *self.name.get_or_insert(name),
            Which::Others { named, .. } => !named.contains(&name),
        })
    }

    /// Looks behind other siblings.
    #[cold]
    fn look_further(&mut self) -> Result<bool, Error> {
        let (which, first) = (self.siblings.which, self.name);
        self.siblings.reader.set_aside(&mut self.kept, |name| match which {
            Which::Named => Some(name) == first,
            Which::Others { named, .. } => !named.contains(&name),
        })
    }
}

impl<'de> SeqAccess<'de> for SiblingSeq<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let another = self.is_next()? || self.siblings.interleaved && self.look_further()?;
        if !another {
            self.siblings.reader.give_back(std::mem::take(&mut self.kept));
            return Ok(None);
        }
        let reader = &mut *self.siblings.reader;
        match self.siblings.which {
            Which::Named => {
                let node = reader.next_element()?;
                seed.deserialize(Element { reader, node }).map(Some)
            }
            Which::Others { .. } => seed.deserialize(Child { reader }).map(Some),
        }
    }
}

/// All children of an element, each a variant of an enum.
pub(super) struct Children<'r, 's, 'de> {
    pub(super) reader: &'r mut Reader<'s, 'de>,
}

impl<'de> SeqAccess<'de> for Children<'_, '_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        loop {
            match self.reader.peek()? {
                Event::Start | Event::Leaf => {
                    return seed.deserialize(Child { reader: &mut *self.reader }).map(Some);
                }
                Event::Text => {
                    self.reader.next()?;
                }
                Event::End | Event::Eof => {
                    self.reader.next()?;
                    return Ok(None);
                }
            }
        }
    }
}

/// The next child: a variant where an enum is asked for, an element otherwise.
struct Child<'r, 's, 'de> {
    reader: &'r mut Reader<'s, 'de>,
}

impl<'de> Deserializer<'de> for Child<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let node = self.reader.next_element()?;
        visitor.visit_enum(Variant { reader: self.reader, node })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        let node = self.reader.next_element()?;
        Element { reader: self.reader, node }.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let node = self.reader.next_element()?;
        Element { reader: self.reader, node }.deserialize_struct(name, fields, visitor)
    }

    /// A map of the child's name to the child.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Single { child: Some(self) })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

/// One child as a map of its name to itself.
struct Single<'r, 's, 'de> {
    child: Option<Child<'r, 's, 'de>>,
}

impl<'de> MapAccess<'de> for Single<'_, '_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(child) = &mut self.child else { return Ok(None) };
        let Some(name) = child.reader.peek_name()? else { return Ok(None) };
        key(seed, name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(Child { reader }) = self.child.take() else {
            return Err(Error::mismatch("a value was asked for twice"));
        };
        let node = reader.next_element()?;
        seed.deserialize(Element { reader, node })
    }
}
