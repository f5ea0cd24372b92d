//! The children of an element as variants of an enum, or as maps with one key, their name.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::element::{Element, Variant};
use super::reader::Reader;
use super::scalar::{Scalar, key, plain_text};
use crate::check::Event;
use crate::codec::{Error, TEXT, any};
use crate::compiled::ModelId;

/// All children of an element, each a variant of an enum, and the texts between them if its content is mixed.
pub(super) struct Children<'r, 's, 'de> {
    pub(super) reader: &'r mut Reader<'s, 'de>,
    pub(super) mixed: bool,
    /// The content model that contains them.
    pub(super) model: Option<ModelId>,
}

impl<'de> SeqAccess<'de> for Children<'_, '_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        loop {
            match self.reader.peek()? {
                Event::Start | Event::Leaf => {
                    return seed.deserialize(Child { reader: &mut *self.reader, model: self.model }).map(Some);
                }
                Event::Text if self.mixed => {
                    return seed.deserialize(Child { reader: &mut *self.reader, model: self.model }).map(Some);
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

/// The next child: a variant if the caller requests an enum, otherwise an element.
pub(super) struct Child<'r, 's, 'de> {
    pub(super) reader: &'r mut Reader<'s, 'de>,
    /// The content model that contains it.
    pub(super) model: Option<ModelId>,
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
        if self.reader.peek()? == Event::Text {
            self.reader.next()?;
            let text = self.reader.text_here().resolve();
            return visitor.visit_enum(TextVariant(Scalar { text, simple: None }));
        }
        let variant = self.reader.peek_key(self.model)?.unwrap_or_default();
        let node = self.reader.next_element()?;
        visitor.visit_enum(Variant { reader: self.reader, node, variant })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name != any::TOKEN {
            let node = self.reader.next_element()?;
            return Element { reader: self.reader, node }.deserialize_newtype_struct(name, visitor);
        }
        if self.reader.peek()? == Event::Text {
            self.reader.next()?;
            let text = self.reader.text_here().resolve();
            return plain_text(text, visitor);
        }
        // Only markup includes the name.
        let node = self.reader.next_element()?;
        Element { reader: self.reader, node }.anything(true, visitor)
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

    /// A map from the child's name to the child, or from `$text` to a text.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Single { child: Some(self) })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

/// A text between children as the variant `$text`.
struct TextVariant<'s, 'de>(Scalar<'s, 'de>);

impl<'s, 'de> EnumAccess<'de> for TextVariant<'s, 'de> {
    type Error = Error;
    type Variant = Scalar<'s, 'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Scalar<'s, 'de>), Error> {
        Ok((key(seed, TEXT)?, self.0))
    }
}

impl<'de> VariantAccess<'de> for Scalar<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Err(Error::mismatch("expected a variant `$text` that holds a text"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }
}

/// One child as a map from its name to the child, or a text as a map from `$text` to the text.
struct Single<'r, 's, 'de> {
    child: Option<Child<'r, 's, 'de>>,
}

impl<'de> MapAccess<'de> for Single<'_, '_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(child) = &mut self.child else { return Ok(None) };
        let name = child.reader.peek_key(child.model)?.unwrap_or(Cow::Borrowed(TEXT));
        key(seed, &name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(Child { reader, .. }) = self.child.take() else {
            return Err(Error::mismatch("a value was requested twice"));
        };
        if reader.peek()? == Event::Text {
            reader.next()?;
            return seed.deserialize(Scalar { text: reader.text_here().resolve(), simple: None });
        }
        let node = reader.next_element()?;
        seed.deserialize(Element { reader, node })
    }
}
