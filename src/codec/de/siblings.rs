//! The children that one field takes, as one value or as a sequence.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::children::Child;
use super::element::{Element, Variant};
use super::forward::{alike, forwarded};
use super::reader::{Kept, Reader};
use crate::check::Event;
use crate::codec::{Error, any, content};
use crate::compiled::ModelId;
use crate::datatype::Kind;

/// Which children a field takes.
#[derive(Clone, Copy)]
pub(super) enum Which {
    /// Those that have the name of the first.
    Named,
    /// Those that no field names: they are variants of an enum.
    Others { named: &'static [&'static str], field: &'static str },
}

/// The children that one field takes: the next one, or all of them for a sequence.
pub(super) struct Siblings<'r, 's, 'de> {
    pub(super) reader: &'r mut Reader<'s, 'de>,
    pub(super) which: Which,
    /// They may be interleaved with other children.
    pub(super) interleaved: bool,
    /// Text between them is an item too, if the items are variants of an enum.
    pub(super) mixed: bool,
    /// The content model that contains them.
    pub(super) model: Option<ModelId>,
}

impl<'r, 's, 'de> Siblings<'r, 's, 'de> {
    /// Whether there can be several elements with the name of the next one.
    fn repeats(&mut self) -> Result<bool, Error> {
        let asked = self.reader.peek_asked()?;
        Ok(self.model.is_some_and(|model| content::may_repeat(self.reader.schema, model, asked)))
    }

    /// Whether the text of the next one is a list.
    #[inline]
    fn is_list(&mut self) -> Result<bool, Error> {
        self.reader.peek()?;
        let simple = self.reader.simple_type(self.reader.note().type_id);
        Ok(simple.is_some_and(|simple| simple.kind() == Kind::List))
    }

    fn element(self) -> Result<Element<'r, 's, 'de>, Error> {
        if let Which::Others { field, .. } = self.which {
            let name = self.reader.peek_key(self.model)?.unwrap_or_default();
            self.reader.next_element()?; // for the place
            return Err(Error::mismatch(format_args!(
                "field `{field}` names neither an attribute nor a child here, and is not an enum that could hold `{name}`"
            )));
        }
        let node = self.reader.next_element()?;
        Ok(Element { reader: self.reader, node })
    }
}

impl<'de> Deserializer<'de> for Siblings<'_, '_, 'de> {
    type Error = Error;

    forwarded! { self to self.element()?;
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_identifier deserialize_unit deserialize_unit_struct
        deserialize_map deserialize_struct
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
            Event::Start if self.reader.note().nil => {
                let asked = self.reader.peek_asked()?;
                // If it could also be absent, `None` alone would not say which of the two it is.
                let may_lack = self.model.is_some_and(|model| content::may_lack(self.reader.schema, model, asked));
                let element = self.element()?;
                if may_lack { visitor.visit_some(Nil(element)) } else { element.deserialize_option(visitor) }
            }
            _ => visitor.visit_some(self),
        }
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

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.which {
            Which::Named => self.element()?.deserialize_enum(name, variants, visitor),
            Which::Others { .. } => {
                let variant = self.reader.peek_key(self.model)?.unwrap_or_default();
                let node = self.reader.next_element()?;
                visitor.visit_enum(Variant { reader: self.reader, node, variant })
            }
        }
    }

    /// Ignores all of them, however many there are.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SiblingSeq { siblings: self, name: None, kept: Kept::default() })
    }

    alike! { deserialize_seq for deserialize_tuple deserialize_tuple_struct }
}

/// An element that is nil and could also be absent: the inner `None` of an `Option<Option<T>>`.
struct Nil<'r, 's, 'de>(Element<'r, 's, 'de>);

impl<'de> Deserializer<'de> for Nil<'_, '_, 'de> {
    type Error = Error;

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_option(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match name {
            any::TOKEN => self.0.deserialize_newtype_struct(name, visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        let name = self.0.reader.name_of(&self.0.node.note);
        Err(Error::mismatch(format_args!(
            "`<{name}>` is nil and could be absent as well: `Option<Option<T>>` holds both"
        )))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier
    }
}

/// Siblings as a sequence.
struct SiblingSeq<'r, 's, 'de> {
    siblings: Siblings<'r, 's, 'de>,
    /// The name that they have in common, once the first is known.
    name: Option<Cow<'de, str>>,
    kept: Kept,
}

impl<'de> SiblingSeq<'_, '_, 'de> {
    /// Whether another one follows.
    #[inline]
    fn is_next(&mut self) -> Result<bool, Error> {
        let model = self.siblings.model;
        let reader = &mut *self.siblings.reader;
        let Some(name) = reader.peek_key(model)? else {
            let is_item = self.siblings.mixed && matches!(self.siblings.which, Which::Others { .. });
            return Ok(is_item && reader.peek()? == Event::Text);
        };
        Ok(match self.siblings.which {
            Which::Named => match &self.name {
                Some(first) => *first == name,
                None => {
                    self.name = Some(name);
                    true
                }
            },
            Which::Others { named, .. } => !named.contains(&&*name),
        })
    }

    /// Looks for more siblings after other children.
    #[cold]
    fn look_further(&mut self) -> Result<bool, Error> {
        let (which, first, model) = (self.siblings.which, self.name.as_deref(), self.siblings.model);
        self.siblings.reader.set_aside(&mut self.kept, model, |name| match which {
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
            Which::Others { .. } => seed.deserialize(Child { reader, model: self.siblings.model }).map(Some),
        }
    }
}
