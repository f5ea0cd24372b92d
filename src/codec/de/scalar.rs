//! Values from text: of elements, attributes, and items of lists.

use std::borrow::Cow;
use std::str::FromStr;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer, StringDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::forward::alike;
use crate::codec::Error;
use crate::datatype::{Kind, SimpleType};
use crate::text::white_space::{is_white_space_char, trim_start};

/// A text, and the simple type whose value it is, if that is known.
pub(super) struct Scalar<'s, 'de> {
    pub(super) text: Cow<'de, str>,
    pub(super) simple: Option<&'s SimpleType>,
}

impl<'s, 'de> Scalar<'s, 'de> {
    fn parse<T: FromStr>(&self, expected: &'static str) -> Result<T, Error> {
        let text = self.text.trim();
        // `-0` is a value of the unsigned types; Rust does not read it as one.
        let text = match text.strip_prefix('-') {
            Some(zeros) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => "0",
            _ => text,
        };
        text.parse().map_err(|_| mismatch(expected, text))
    }

    fn boolean(&self) -> Result<bool, Error> {
        match self.text.trim() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => Err(mismatch("a boolean", other)),
        }
    }

    fn float<T: FromStr>(&self) -> Result<T, Error> {
        // Rust reads `INF`, `-INF` and `NaN` as XML Schema writes them.
        self.parse("a number")
    }

    fn items(self) -> Items<'s, 'de> {
        Items { item: self.simple.and_then(|simple| simple.item()).map(|item| &**item), text: self.text, at: 0 }
    }

    /// The member type of a union that determines what the text is; otherwise the type itself.
    fn deciding_type(&self) -> Option<&'s SimpleType> {
        let mut simple = self.simple?;
        while simple.kind() == Kind::Union {
            simple = simple.members().iter().find(|member| member.check(&self.text).is_ok())?;
        }
        Some(simple)
    }
}

#[cold]
fn mismatch(expected: &str, found: &str) -> Error {
    let short: String = found.chars().take(40).flat_map(char::escape_debug).collect();
    Error::mismatch(format_args!("expected {expected}, found `{short}`"))
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ident $expected:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.parse::<$type>($expected)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Scalar<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Some(simple) = self.deciding_type() else { return self.deserialize_str(visitor) };
        match simple.kind() {
            Kind::Boolean => self.deserialize_bool(visitor),
            Kind::List => visitor.visit_seq(Scalar { simple: Some(simple), ..self }.items()),
            Kind::Integer => match self.parse::<i64>("an integer") {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => match self.parse::<u64>("an integer") {
                    Ok(number) => visitor.visit_u64(number),
                    // Too large for Rust's integers: the digits themselves lose nothing.
                    Err(_) => self.deserialize_str(visitor),
                },
            },
            // Values without a form in JSON are strings.
            Kind::Float => match self.float::<f64>()? {
                number if number.is_finite() => visitor.visit_f64(number),
                _ => self.deserialize_str(visitor),
            },
            Kind::String | Kind::Decimal | Kind::Union => self.deserialize_str(visitor),
        }
    }

    numbers! {
        deserialize_i8 visit_i8 i8 "an integer from -128 to 127"
        deserialize_i16 visit_i16 i16 "an integer from -32768 to 32767"
        deserialize_i32 visit_i32 i32 "an integer of 32 bits"
        deserialize_i64 visit_i64 i64 "an integer of 64 bits"
        deserialize_i128 visit_i128 i128 "an integer of 128 bits"
        deserialize_u8 visit_u8 u8 "an integer from 0 to 255"
        deserialize_u16 visit_u16 u16 "an integer from 0 to 65535"
        deserialize_u32 visit_u32 u32 "an integer from 0 to 4294967295"
        deserialize_u64 visit_u64 u64 "an unsigned integer of 64 bits"
        deserialize_u128 visit_u128 u128 "an unsigned integer of 128 bits"
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f32(self.float()?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.float()?)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text {
            Cow::Borrowed(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
            Cow::Owned(text) => visitor.visit_byte_buf(text.into_bytes()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.text.is_empty() { visitor.visit_unit() } else { Err(mismatch("nothing", &self.text)) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self.items())
    }

    fn deserialize_map<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(mismatch("attributes or children", &self.text))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(de::IntoDeserializer::<Error>::into_deserializer(&*self.text))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    alike! { deserialize_str for deserialize_char deserialize_string deserialize_identifier }
    alike! { deserialize_bytes for deserialize_byte_buf }
    alike! { deserialize_unit for deserialize_unit_struct }
    alike! { deserialize_seq for deserialize_tuple deserialize_tuple_struct }
    alike! { deserialize_map for deserialize_struct }
}

/// The items of a list, separated by spaces.
struct Items<'s, 'de> {
    item: Option<&'s SimpleType>,
    text: Cow<'de, str>,
    at: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let start = self.at + (rest.len() - trim_start(rest).len());
        let rest = self.text.get(start..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let end = start + rest.find(is_white_space_char).unwrap_or(rest.len());
        self.at = end;
        let text = match &self.text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(start..end).unwrap_or_default()),
            Cow::Owned(text) => Cow::Owned(text.get(start..end).unwrap_or_default().to_owned()),
        };
        seed.deserialize(Scalar { text, simple: self.item }).map(Some)
    }
}

/// The name of a field or variant.
pub(super) fn key<'de, V: DeserializeSeed<'de>>(seed: V, name: &str) -> Result<V::Value, Error> {
    seed.deserialize(StrDeserializer::new(name))
}

/// A deserializer of a text without a type.
pub(super) fn plain_text<'de, V: Visitor<'de>>(text: Cow<'de, str>, visitor: V) -> Result<V::Value, Error> {
    match text {
        Cow::Borrowed(text) => visitor.visit_newtype_struct(BorrowedStrDeserializer::new(text)),
        Cow::Owned(text) => visitor.visit_newtype_struct(StringDeserializer::new(text)),
    }
}
