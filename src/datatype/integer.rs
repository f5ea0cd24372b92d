//! `Integer`: a value of `xs:integer` of any size.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use super::decimal::{is_digits, split_sign};

/// A whole number of any size, exact.
///
/// A number that fits an `i64` is kept as such; the digits of a larger one are borrowed from the text it was parsed
/// from. Neither allocates. Equality, order and hash are those of the number, not of its spelling.
///
/// Serde serializes it as a number if it fits an `i64` or a `u64`, and otherwise as a string of digits, since most
/// formats hold no larger number exactly. Deserializing accepts both.
///
/// ```
/// use packetcheck::datatype::Integer;
///
/// let total = Integer::parse("+0000123456789012345678901234567890")?;
/// assert_eq!(total.to_string(), "123456789012345678901234567890");
/// assert!(total > Integer::from(u64::MAX));
/// assert_eq!(u64::try_from(&Integer::parse("-0")?), Ok(0));
/// # Ok::<(), packetcheck::datatype::ParseIntegerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Integer<'a>(Repr<'a>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Repr<'a> {
    Small(i64),
    /// Never a number that fits an `i64`, so that equal parts mean equal numbers.
    Large {
        negative: bool,
        /// Without leading zeros.
        digits: Cow<'a, str>,
    },
}

/// The error for a text that is not an integer, or an integer that does not fit the requested type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseIntegerError {
    /// Not an optional sign and decimal digits.
    #[error("expected an optional sign and decimal digits, found something else")]
    Lexical,
    /// Too large or too small for the requested type.
    #[error("expected an integer that fits `{0}`, found one that does not")]
    Range(&'static str),
}

impl<'a> Integer<'a> {
    /// Parses an optional sign and decimal digits, leading zeros allowed (XML Schema part 2, section 3.3.13.1). White
    /// space is not allowed: normalise it first.
    ///
    /// # Errors
    ///
    /// Any other text.
    #[inline]
    pub fn parse(text: &'a str) -> Result<Integer<'a>, ParseIntegerError> {
        if let Some(small) = few_digits(text) {
            return Ok(Integer(Repr::Small(small)));
        }
        Integer::parse_any(text)
    }

    /// The number, if it fits.
    #[inline]
    pub(crate) fn small(&self) -> Option<i64> {
        match self.0 {
            Repr::Small(small) => Some(small),
            Repr::Large { .. } => None,
        }
    }

    fn parse_any(text: &'a str) -> Result<Integer<'a>, ParseIntegerError> {
        let (negative, unsigned) = split_sign(text);
        if unsigned.is_empty() || !is_digits(unsigned) {
            return Err(ParseIntegerError::Lexical);
        }
        let digits = unsigned.trim_start_matches('0');
        Ok(Integer(match small(negative, digits) {
            Some(small) => Repr::Small(small),
            None => Repr::Large { negative, digits: Cow::Borrowed(digits) },
        }))
    }

    /// The same number, owning its digits.
    pub fn into_owned(self) -> Integer<'static> {
        Integer(match self.0 {
            Repr::Small(small) => Repr::Small(small),
            Repr::Large { negative, digits } => Repr::Large { negative, digits: Cow::Owned(digits.into_owned()) },
        })
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(small) => *small < 0,
            Repr::Large { negative, .. } => *negative,
        }
    }
}

/// The number of 1 to 18 digits without a sign, which covers nearly all.
#[inline]
fn few_digits(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.bytes().try_fold(0_i64, |sum, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit <= 9).then(|| sum * 10 + i64::from(digit))
    })
}

/// The number with a sign and canonical digits (no digits mean zero), if it fits.
fn small(negative: bool, digits: &str) -> Option<i64> {
    // 20 digits never fit, and 19 never overflow the wider type.
    if digits.len() > 19 {
        return None;
    }
    let magnitude = digits.bytes().fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

impl Default for Integer<'_> {
    fn default() -> Self {
        Integer(Repr::Small(0))
    }
}

impl fmt::Display for Integer<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small(small) => fmt::Display::fmt(small, formatter),
            Repr::Large { negative, digits } => formatter.pad_integral(!negative, "", digits),
        }
    }
}

impl Ord for Integer<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(one), Repr::Small(other)) => one.cmp(other),
            (Repr::Small(_), Repr::Large { negative, .. }) => below_if(!negative),
            (Repr::Large { negative, .. }, Repr::Small(_)) => below_if(*negative),
            (Repr::Large { negative: true, .. }, Repr::Large { negative: false, .. }) => Ordering::Less,
            (Repr::Large { negative: false, .. }, Repr::Large { negative: true, .. }) => Ordering::Greater,
            (Repr::Large { negative: false, digits: one }, Repr::Large { digits: other, .. }) => {
                compare_digits(one, other)
            }
            (Repr::Large { negative: true, digits: one }, Repr::Large { digits: other, .. }) => {
                compare_digits(other, one)
            }
        }
    }
}

fn below_if(is_below: bool) -> Ordering {
    if is_below { Ordering::Less } else { Ordering::Greater }
}

/// Without leading zeros, the longer number is greater.
fn compare_digits(one: &str, other: &str) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.as_bytes().cmp(other.as_bytes()))
}

impl PartialOrd for Integer<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::str::FromStr for Integer<'static> {
    type Err = ParseIntegerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Integer::parse(text).map(Integer::into_owned)
    }
}

macro_rules! convert {
    ($($primitive:ident)*) => {$(
        impl From<$primitive> for Integer<'_> {
            fn from(number: $primitive) -> Self {
                Integer(match i64::try_from(number) {
                    Ok(small) => Repr::Small(small),
                    Err(_) => {
                        let text = number.to_string();
                        let (negative, digits) = split_sign(&text);
                        Repr::Large { negative, digits: Cow::Owned(digits.to_owned()) }
                    }
                })
            }
        }

        impl TryFrom<&Integer<'_>> for $primitive {
            type Error = ParseIntegerError;

            fn try_from(integer: &Integer<'_>) -> Result<Self, Self::Error> {
                let out_of_range = ParseIntegerError::Range(stringify!($primitive));
                match &integer.0 {
                    Repr::Small(small) => $primitive::try_from(*small).map_err(|_| out_of_range),
                    Repr::Large { negative: false, digits } => digits.parse().map_err(|_| out_of_range),
                    // The sign and 39 digits of the least i128.
                    Repr::Large { negative: true, digits } if digits.len() < 40 => {
                        format!("-{digits}").parse().map_err(|_| out_of_range)
                    }
                    Repr::Large { .. } => Err(out_of_range),
                }
            }
        }
    )*};
}

convert!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl Serialize for Integer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Small(small) => serializer.serialize_i64(*small),
            Repr::Large { .. } => match u64::try_from(self) {
                Ok(number) => serializer.serialize_u64(number),
                Err(_) => serializer.collect_str(self),
            },
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Integer<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntegerVisitor)
    }
}

struct IntegerVisitor;

impl<'de> Visitor<'de> for IntegerVisitor {
    type Value = Integer<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an integer, or its digits as a string")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Integer::from(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Integer::from(number))
    }

    fn visit_i128<E: de::Error>(self, number: i128) -> Result<Self::Value, E> {
        Ok(Integer::from(number))
    }

    fn visit_u128<E: de::Error>(self, number: u128) -> Result<Self::Value, E> {
        Ok(Integer::from(number))
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Integer::parse(text).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}
