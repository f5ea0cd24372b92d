//! Numbers within a range.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::decode::{Decode, Refused, Rest, Room};
use super::rule::Fact;
use super::shape::ValueShape;
use super::spelling::{self, whole};
use super::value::{Defaulted, IntoOwned, OutsideLimits, Value};

macro_rules! integers {
    ($($(#[$doc:meta])* $name:ident($type:ident) $deserialize:ident $serialize:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name<const MIN: $type, const MAX: $type>($type);

        impl<const MIN: $type, const MAX: $type> $name<MIN, MAX> {
            /// The number, if it is in the range.
            ///
            /// # Errors
            ///
            /// A number outside the range.
            pub fn new(number: $type) -> Result<Self, OutsideLimits> {
                match (MIN..=MAX).contains(&number) {
                    true => Ok($name(number)),
                    false => Err(OutsideLimits::new(Self::SHAPE.to_string(), number)),
                }
            }

            /// The number.
            pub const fn get(self) -> $type {
                self.0
            }
        }

        impl<const MIN: $type, const MAX: $type> TryFrom<$type> for $name<MIN, MAX> {
            type Error = OutsideLimits;

            fn try_from(number: $type) -> Result<Self, OutsideLimits> {
                $name::new(number)
            }
        }

        impl<const MIN: $type, const MAX: $type> From<$name<MIN, MAX>> for $type {
            fn from(number: $name<MIN, MAX>) -> $type {
                number.0
            }
        }

        impl<const MIN: $type, const MAX: $type> PartialEq<$type> for $name<MIN, MAX> {
            fn eq(&self, other: &$type) -> bool {
                self.0 == *other
            }
        }

        impl<const MIN: $type, const MAX: $type> fmt::Display for $name<MIN, MAX> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl<const MIN: $type, const MAX: $type> Defaulted<$type> for $name<MIN, MAX> {
            fn plain(&self) -> Option<$type> {
                Some(self.0)
            }
        }

        impl<const MIN: $type, const MAX: $type> Value for $name<MIN, MAX> {
            const SHAPE: ValueShape = ValueShape::Integer { least: MIN as i64, most: MAX as i64 };

            #[inline]
            fn fact(&self) -> Option<Fact<'_>> {
                Some(Fact::Number(Some(self.0.into())))
            }
        }

        impl<const MIN: $type, const MAX: $type> IntoOwned for $name<MIN, MAX> {
            type Owned = Self;

            fn into_owned(self) -> Self {
                self
            }
        }

        impl<const MIN: $type, const MAX: $type> Serialize for $name<MIN, MAX> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.$serialize(self.0)
            }
        }

        impl<'a, const MIN: $type, const MAX: $type> Decode<'a> for $name<MIN, MAX> {
            fn blank() -> Self {
                $name(MIN)
            }

            #[inline(always)]
            fn try_plain(rest: Rest<'a>) -> Option<(Self, Rest<'a>)> {
                let (number, after) = spelling::plain_integer(rest)?;
                let number = $type::try_from(number).ok().filter(|number| (MIN..=MAX).contains(number))?;
                Some(($name(number), after))
            }

            fn decode(rest: Rest<'a>, _: Room, to: &mut Self) -> Result<Rest<'a>, Refused> {
                let (number, after) = spelling::any_integer(rest)?;
                let number = $type::try_from(number).ok().filter(|number| (MIN..=MAX).contains(number));
                *to = $name(number.ok_or(Refused)?);
                Ok(after)
            }
        }

        impl<'de, const MIN: $type, const MAX: $type> Deserialize<'de> for $name<MIN, MAX> {
            #[inline]
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct NumberVisitor<const MIN: $type, const MAX: $type>;

                impl<const MIN: $type, const MAX: $type> Visitor<'_> for NumberVisitor<MIN, MAX> {
                    type Value = $name<MIN, MAX>;

                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(formatter, "{}", $name::<MIN, MAX>::SHAPE)
                    }

                    #[inline]
                    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
                        match $type::try_from(number) {
                            Ok(number) if (MIN..=MAX).contains(&number) => Ok($name(number)),
                            _ => Err(E::invalid_value(de::Unexpected::Signed(number), &self)),
                        }
                    }

                    #[inline]
                    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                        match $type::try_from(number) {
                            Ok(number) if (MIN..=MAX).contains(&number) => Ok($name(number)),
                            _ => Err(E::invalid_value(de::Unexpected::Unsigned(number), &self)),
                        }
                    }

                    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
                        match whole(number) {
                            Some(number) => self.visit_i64(number),
                            None => Err(E::invalid_type(de::Unexpected::Float(number), &self)),
                        }
                    }
                }

                deserializer.$deserialize(NumberVisitor)
            }
        }
    )*};
}

integers! {
    /// A 32-bit integer from `MIN` to `MAX`.
    Int(i32) deserialize_i32 serialize_i32
    /// A 64-bit integer from `MIN` to `MAX`, exact.
    Long(i64) deserialize_i64 serialize_i64
}

/// A double from `MIN` to `MAX`; never NaN or infinite.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Double<const MIN: i64, const MAX: i64>(f64);

impl<const MIN: i64, const MAX: i64> Double<MIN, MAX> {
    /// The number, if it is in the range.
    ///
    /// # Errors
    ///
    /// A number outside the range, or NaN.
    pub fn new(number: f64) -> Result<Self, OutsideLimits> {
        match is_between(number, MIN, MAX) {
            true => Ok(Double(number)),
            false => Err(OutsideLimits::new(Self::SHAPE.to_string(), number)),
        }
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// Bounds are whole and small, so they are exact as doubles.
#[expect(clippy::cast_precision_loss)]
#[inline]
fn is_between(number: f64, least: i64, most: i64) -> bool {
    (least as f64..=most as f64).contains(&number)
}

impl<const MIN: i64, const MAX: i64> TryFrom<f64> for Double<MIN, MAX> {
    type Error = OutsideLimits;

    fn try_from(number: f64) -> Result<Self, OutsideLimits> {
        Double::new(number)
    }
}

impl<const MIN: i64, const MAX: i64> From<Double<MIN, MAX>> for f64 {
    fn from(number: Double<MIN, MAX>) -> f64 {
        number.0
    }
}

impl<const MIN: i64, const MAX: i64> PartialEq<f64> for Double<MIN, MAX> {
    fn eq(&self, other: &f64) -> bool {
        self.0 == *other
    }
}

impl<const MIN: i64, const MAX: i64> fmt::Display for Double<MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<const MIN: i64, const MAX: i64> Value for Double<MIN, MAX> {
    const SHAPE: ValueShape = ValueShape::Double { least: MIN, most: MAX };

    #[inline]
    fn fact(&self) -> Option<Fact<'_>> {
        Some(Fact::Rounded)
    }
}

impl<const MIN: i64, const MAX: i64> IntoOwned for Double<MIN, MAX> {
    type Owned = Self;

    fn into_owned(self) -> Self {
        self
    }
}

impl<const MIN: i64, const MAX: i64> Serialize for Double<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl<'a, const MIN: i64, const MAX: i64> Decode<'a> for Double<MIN, MAX> {
    fn blank() -> Self {
        Double(0.0)
    }

    #[inline(always)]
    fn try_plain(rest: Rest<'a>) -> Option<(Self, Rest<'a>)> {
        let (number, after) = spelling::plain_double(rest)?;
        is_between(number, MIN, MAX).then_some((Double(number), after))
    }

    fn decode(rest: Rest<'a>, _: Room, to: &mut Self) -> Result<Rest<'a>, Refused> {
        let (number, after) = spelling::any_double(rest, MIN, MAX)?;
        *to = Double(number);
        Ok(after)
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Double<MIN, MAX> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(DoubleVisitor)
    }
}

struct DoubleVisitor<const MIN: i64, const MAX: i64>;

impl<const MIN: i64, const MAX: i64> Visitor<'_> for DoubleVisitor<MIN, MAX> {
    type Value = Double<MIN, MAX>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", <Double<MIN, MAX>>::SHAPE)
    }

    #[inline]
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        match is_between(number, MIN, MAX) {
            true => Ok(Double(number)),
            false => Err(E::invalid_value(de::Unexpected::Float(number), &self)),
        }
    }

    // A number beyond 2^53 is rounded as JSON readers round it; the bounds apply to the double.
    #[expect(clippy::cast_precision_loss)]
    #[inline]
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_f64(number as f64)
    }

    #[expect(clippy::cast_precision_loss)]
    #[inline]
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_f64(number as f64)
    }
}
