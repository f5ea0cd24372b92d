//! An element as a value.

use std::borrow::Cow;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, MapDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, VariantAccess, Visitor};

use super::children::Children;
use super::fields::Fields;
use super::forward::{alike, forwarded};
use super::reader::{Node, Reader, Role};
use super::scalar::{Scalar, key, plain_text};
use crate::check::{Attribute, Event};
use crate::codec::{Any, Error, any, content, qname};
use crate::compiled::TypeId;
use crate::text::white_space::is_blank;

/// One element, read as the type that the caller requests.
pub(super) struct Element<'r, 's, 'de> {
    pub(super) reader: &'r mut Reader<'s, 'de>,
    pub(super) node: Node,
}

impl<'r, 's, 'de> Element<'r, 's, 'de> {
    fn type_id(&self) -> TypeId {
        self.node.note.type_id
    }

    /// The element's text as a value.
    #[inline]
    fn scalar(self) -> Result<Scalar<'s, 'de>, Error> {
        self.reader.refuse_attributes(&self.node, false)?;
        let simple = self.reader.simple_type(self.type_id());
        let text = self.reader.text_of(&self.node)?;
        let text = qname::read(simple, text, &self.reader.around());
        Ok(Scalar { text, simple })
    }

    /// All of its content, if the type is unknown: text, or self-contained markup.
    pub(super) fn anything<V: Visitor<'de>>(self, has_name: bool, visitor: V) -> Result<V::Value, Error> {
        match self.reader.anything(&self.node, has_name)? {
            Any::Text(text) => plain_text(text, visitor),
            Any::Markup(Cow::Borrowed(markup)) => as_markup(BorrowedStrDeserializer::new(markup), visitor),
            Any::Markup(Cow::Owned(markup)) => as_markup(StringDeserializer::new(markup), visitor),
        }
    }
}

/// Self-contained markup: a map with one key, which only `Any` expects.
fn as_markup<'de, T, V>(markup: T, visitor: V) -> Result<V::Value, Error>
where
    T: IntoDeserializer<'de, Error>,
    V: Visitor<'de>,
{
    let entry = std::iter::once((any::XML, markup));
    visitor.visit_newtype_struct(MapAccessDeserializer::new(MapDeserializer::new(entry)))
}

impl<'de> Deserializer<'de> for Element<'_, '_, 'de> {
    type Error = Error;

    /// The schema decides the form: a map if the type has attributes or children.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let type_id = self.type_id();
        let is_kept = |attribute: &Attribute| {
            let role = self.reader.role_of(&self.node, attribute);
            matches!(role, Role::Type | Role::KnownType | Role::Hint | Role::NotNil)
        };
        let is_object = content::has_attributes(self.reader.schema, type_id)
            || self.node.open && self.reader.attributes().iter().any(is_kept);
        if self.node.note.nil && !is_object {
            self.reader.skip(&self.node)?;
            return visitor.visit_unit();
        }
        match self.reader.simple_type(type_id) {
            Some(_) if !is_object => self.scalar()?.deserialize_any(visitor),
            _ => self.deserialize_map(visitor),
        }
    }

    forwarded! { self to self.scalar()?;
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_identifier
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.reader.is_bare_nil(&self.node) {
            self.reader.skip(&self.node)?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.expect_nothing(&self.node)?;
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name == any::TOKEN { self.anything(false, visitor) } else { visitor.visit_newtype_struct(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.node.open && self.reader.simple_type(self.type_id()).is_none() {
            self.reader.refuse_attributes(&self.node, false)?;
            let mixed = content::is_mixed(self.reader.schema, self.type_id());
            let model = content::model(self.reader.schema, self.type_id());
            return self.reader.nested(|reader| visitor.visit_seq(Children { reader, mixed, model }));
        }
        self.scalar()?.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let node = self.node;
        self.reader.nested(|reader| visitor.visit_map(Fields::of_map(reader, node)))
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let node = self.node;
        self.reader.nested(|reader| visitor.visit_map(Fields::new(reader, node, name, fields)))
    }

    /// The variant is named by the type if variants are types, otherwise by the text or the only child.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let declared = self.reader.declared_type(&self.node.note);
        if !self.node.is_typed && self.reader.keys.are_types(declared, variants) {
            let Some(variant) = self.reader.keys.of_type(self.type_id()) else {
                return Err(Error::mismatch("expected a type with a name, since the variants are types"));
            };
            let node = Node { is_typed: true, ..self.node };
            return visitor.visit_enum(Variant { reader: self.reader, node, variant });
        }
        let textual = !self.node.open || self.reader.simple_type(self.type_id()).is_some();
        if textual {
            return self.scalar()?.deserialize_enum(name, variants, visitor);
        }
        self.reader.refuse_attributes(&self.node, false)?;
        let model = content::model(self.reader.schema, self.type_id());
        let variant = self.reader.peek_key(model)?.unwrap_or_default();
        let node = self.reader.next_element()?;
        let value = self.reader.nested(|reader| visitor.visit_enum(Variant { reader, node, variant }))?;
        loop {
            match self.reader.next()? {
                Event::End => return Ok(value),
                Event::Text if is_blank(&self.reader.text_here().resolve()) => {}
                Event::Text => return Err(Error::mismatch("expected one child, found text after it")),
                _ => return Err(Error::mismatch("expected one child, found several")),
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.skip(&self.node)?;
        visitor.visit_unit()
    }

    alike! { deserialize_unit for deserialize_unit_struct }
    alike! { deserialize_seq for deserialize_tuple deserialize_tuple_struct }
}

/// An element as a variant, named after the element or its type.
pub(super) struct Variant<'r, 's, 'de> {
    pub(super) reader: &'r mut Reader<'s, 'de>,
    pub(super) node: Node,
    pub(super) variant: Cow<'s, str>,
}

impl<'r, 's, 'de> EnumAccess<'de> for Variant<'r, 's, 'de> {
    type Error = Error;
    type Variant = Element<'r, 's, 'de>;

    #[inline]
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Element<'r, 's, 'de>), Error> {
        let variant = key(seed, &self.variant)?;
        Ok((variant, Element { reader: self.reader, node: self.node }))
    }
}

impl<'de> VariantAccess<'de> for Element<'_, '_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.reader.expect_nothing(&self.node)
    }

    #[inline]
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.deserialize_struct("", fields, visitor)
    }
}

/// The root: read like an element, except that an enum can have variants with the names of roots.
pub(super) struct Root<'r, 's, 'de>(pub(super) Element<'r, 's, 'de>);

impl<'de> Deserializer<'de> for Root<'_, '_, 'de> {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let Element { reader, node } = self.0;
        let variant = reader.key_of_root(&node.note);
        if variants.contains(&&*variant) {
            return visitor.visit_enum(Variant { reader, node, variant });
        }
        Element { reader, node }.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        // If there are several roots, the markup says which one it is.
        let is_one_of_many = self.0.reader.schema.roots.len() > 1;
        if name == any::TOKEN { self.0.anything(is_one_of_many, visitor) } else { visitor.visit_newtype_struct(self) }
    }

    forwarded! { self to self.0;
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_identifier deserialize_option deserialize_unit deserialize_unit_struct
        deserialize_seq deserialize_tuple deserialize_tuple_struct deserialize_map deserialize_struct
        deserialize_ignored_any
    }
}
