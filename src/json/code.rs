//! Strings that some senders write as numbers.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::decode::{Decode, Refused, Rest, Room};
use super::rule::Fact;
use super::shape::ValueShape;
use super::spelling;
use super::text::Text;
use super::value::{IntoOwned, OutsideLimits, Value};

/// A string of `MIN` to `MAX` characters, or a 64-bit integer: a number (usually an error code) that occurs in both
/// forms. It is written as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextOrInteger<'a, const MIN: usize, const MAX: usize> {
    /// In quotes.
    Text(Text<'a, MIN, MAX>),
    /// A bare number.
    Integer(i64),
}

impl<'a, const MIN: usize, const MAX: usize> TextOrInteger<'a, MIN, MAX> {
    /// A string, if it is neither too short nor too long.
    ///
    /// # Errors
    ///
    /// A number of characters outside the limits.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Result<Self, OutsideLimits> {
        Text::new(text).map(TextOrInteger::Text)
    }

    /// The value as text, in either form; a number is formatted again.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            TextOrInteger::Text(text) => Cow::Borrowed(text),
            TextOrInteger::Integer(number) => Cow::Owned(number.to_string()),
        }
    }
}

impl<const MIN: usize, const MAX: usize> Value for TextOrInteger<'_, MIN, MAX> {
    const SHAPE: ValueShape = ValueShape::TextOrInteger { least: MIN, most: MAX };

    fn fact(&self) -> Option<Fact<'_>> {
        Some(match self {
            TextOrInteger::Text(text) => Fact::Text(Cow::Borrowed(text)),
            TextOrInteger::Integer(number) => Fact::Number(Some(*number)),
        })
    }
}

impl<const MIN: usize, const MAX: usize> IntoOwned for TextOrInteger<'_, MIN, MAX> {
    type Owned = TextOrInteger<'static, MIN, MAX>;

    fn into_owned(self) -> Self::Owned {
        match self {
            TextOrInteger::Text(text) => TextOrInteger::Text(text.into_owned()),
            TextOrInteger::Integer(number) => TextOrInteger::Integer(number),
        }
    }
}

impl<const MIN: usize, const MAX: usize> Serialize for TextOrInteger<'_, MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            TextOrInteger::Text(text) => text.serialize(serializer),
            TextOrInteger::Integer(number) => serializer.serialize_i64(*number),
        }
    }
}

impl<'a, const MIN: usize, const MAX: usize> Decode<'a> for TextOrInteger<'a, MIN, MAX> {
    fn blank() -> Self {
        TextOrInteger::Integer(0)
    }

    #[inline(always)]
    fn try_plain(rest: Rest<'a>) -> Option<(Self, Rest<'a>)> {
        let (text, after) = Text::try_plain(rest)?;
        Some((TextOrInteger::Text(text), after))
    }

    fn decode(rest: Rest<'a>, room: Room, to: &mut Self) -> Result<Rest<'a>, Refused> {
        if !rest.starts_with('"') {
            let (number, after) = spelling::any_integer(rest)?;
            *to = TextOrInteger::Integer(number);
            return Ok(after);
        }
        let mut text = Text::blank();
        let after = Text::decode(rest, room, &mut text)?;
        *to = TextOrInteger::Text(text);
        Ok(after)
    }
}

impl<'de: 'a, 'a, const MIN: usize, const MAX: usize> Deserialize<'de> for TextOrInteger<'a, MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // In XML a newtype is one element, whereas "any" can be several elements with the same name.
        deserializer.deserialize_newtype_struct("TextOrInteger", TextOrIntegerVisitor)
    }
}

struct TextOrIntegerVisitor<const MIN: usize, const MAX: usize>;

impl<'de, const MIN: usize, const MAX: usize> Visitor<'de> for TextOrIntegerVisitor<MIN, MAX> {
    type Value = TextOrInteger<'de, MIN, MAX>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", <TextOrInteger<'_, MIN, MAX>>::SHAPE)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        TextOrInteger::new(text).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        TextOrInteger::new(text).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(TextOrInteger::Integer(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        match i64::try_from(number) {
            Ok(number) => Ok(TextOrInteger::Integer(number)),
            Err(_) => Err(E::invalid_value(de::Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        match spelling::whole(number) {
            Some(number) => Ok(TextOrInteger::Integer(number)),
            None => Err(E::invalid_type(de::Unexpected::Float(number), &self)),
        }
    }
}
