//! Strings from closed and open lists.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::decode::{self, Decode, Refused, Rest, Room};
use super::rule::Fact;
use super::shape::ValueShape;
use super::text::Text;
use super::value::{Defaulted, IntoOwned, OutsideLimits, Value};

/// The values that the documentation lists for a member.
pub trait Names: Copy + 'static {
    /// The values as written, in the order of the documentation.
    const NAMES: &'static [&'static str];

    /// The value written like this, or for which this spelling is tolerated.
    fn from_name(name: &str) -> Option<Self>;

    /// The value as written.
    fn as_str(self) -> &'static str;
}

/// A string for which the documentation lists values, but not all that exist or will exist: any other is kept too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Open<'a, N, const MIN: usize, const MAX: usize> {
    text: Text<'a, MIN, MAX>,
    names: PhantomData<N>,
}

impl<'a, N: Names, const MIN: usize, const MAX: usize> Open<'a, N, MIN, MAX> {
    /// The text, if it is neither too short nor too long.
    ///
    /// # Errors
    ///
    /// A number of characters outside the limits.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Result<Self, OutsideLimits> {
        Ok(Text::new(text)?.into())
    }

    /// The value from the list; `None` if it is another.
    pub fn known(&self) -> Option<N> {
        N::from_name(&self.text)
    }

    /// The value as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<'a, N, const MIN: usize, const MAX: usize> From<Text<'a, MIN, MAX>> for Open<'a, N, MIN, MAX> {
    fn from(text: Text<'a, MIN, MAX>) -> Self {
        Open { text, names: PhantomData }
    }
}

impl<N, const MIN: usize, const MAX: usize> fmt::Display for Open<'_, N, MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(formatter)
    }
}

impl<N: Names, const MIN: usize, const MAX: usize> Value for Open<'_, N, MIN, MAX> {
    const SHAPE: ValueShape = ValueShape::Text { least: MIN, most: MAX, values: N::NAMES };

    fn is_odd(&self) -> bool {
        !self.text.is_empty() && !N::NAMES.contains(&self.as_str())
    }

    #[inline]
    fn fact(&self) -> Option<Fact<'_>> {
        self.text.fact()
    }
}

impl<N: 'static, const MIN: usize, const MAX: usize> IntoOwned for Open<'_, N, MIN, MAX> {
    type Owned = Open<'static, N, MIN, MAX>;

    fn into_owned(self) -> Self::Owned {
        self.text.into_owned().into()
    }
}

impl<N, const MIN: usize, const MAX: usize> Serialize for Open<'_, N, MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'a, N: Names, const MIN: usize, const MAX: usize> Decode<'a> for Open<'a, N, MIN, MAX> {
    fn blank() -> Self {
        Text::blank().into()
    }

    #[inline(always)]
    fn try_plain(rest: Rest<'a>) -> Option<(Self, Rest<'a>)> {
        let (text, after) = Text::try_plain(rest)?;
        Some((text.into(), after))
    }

    fn decode(rest: Rest<'a>, room: Room, to: &mut Self) -> Result<Rest<'a>, Refused> {
        Text::decode(rest, room, &mut to.text)
    }
}

impl<'de: 'a, 'a, N, const MIN: usize, const MAX: usize> Deserialize<'de> for Open<'a, N, MIN, MAX> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Text::deserialize(deserializer)?.into())
    }
}

/// A value from a closed list, or an empty text: for members whose values are listed, but whose documented length
/// starts at 0, or whose list comes from elsewhere than the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrEmpty<N> {
    /// The empty text.
    Empty,
    /// A value from the list.
    Value(N),
}

impl<N: Names> OrEmpty<N> {
    /// The value, unless the text is empty.
    pub fn value(self) -> Option<N> {
        match self {
            OrEmpty::Value(value) => Some(value),
            OrEmpty::Empty => None,
        }
    }

    /// The value as written.
    pub fn as_str(self) -> &'static str {
        self.value().map_or("", N::as_str)
    }

    fn from_text(text: &str) -> Option<OrEmpty<N>> {
        match text {
            "" => Some(OrEmpty::Empty),
            name => N::from_name(name).map(OrEmpty::Value),
        }
    }
}

impl<N: Names> Defaulted<N> for OrEmpty<N> {
    fn plain(&self) -> Option<N> {
        self.value()
    }
}

impl<N> From<N> for OrEmpty<N> {
    fn from(value: N) -> OrEmpty<N> {
        OrEmpty::Value(value)
    }
}

impl<N: Names> Value for OrEmpty<N> {
    const SHAPE: ValueShape = ValueShape::Closed { values: N::NAMES, or_empty: true };

    #[inline]
    fn fact(&self) -> Option<Fact<'_>> {
        Some(Fact::Text(Cow::Borrowed(self.as_str())))
    }
}

impl<N: Names> IntoOwned for OrEmpty<N> {
    type Owned = OrEmpty<N>;

    fn into_owned(self) -> OrEmpty<N> {
        self
    }
}

impl<'a, N: Names> Decode<'a> for OrEmpty<N> {
    fn blank() -> Self {
        OrEmpty::Empty
    }

    #[inline(always)]
    fn try_plain(rest: Rest<'a>) -> Option<(Self, Rest<'a>)> {
        let (text, after) = decode::plain_string(rest)?;
        Some((OrEmpty::from_text(text)?, after))
    }

    fn decode(rest: Rest<'a>, _: Room, to: &mut Self) -> Result<Rest<'a>, Refused> {
        let (text, after) = decode::string(rest)?;
        *to = OrEmpty::from_text(&text).ok_or(Refused)?;
        Ok(after)
    }
}

impl<N: Names> Serialize for OrEmpty<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, N: Names> Deserialize<'de> for OrEmpty<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor<N>(PhantomData<N>);

        impl<N: Names> serde::de::Visitor<'_> for TextVisitor<N> {
            type Value = OrEmpty<N>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}", <OrEmpty<N> as Value>::SHAPE)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OrEmpty<N>, E> {
                OrEmpty::from_text(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

/// Declares an enum of the values that the documentation lists. As the type of a member it is a closed list; in an
/// `Open`, an open one. There a value may have another spelling that is accepted too, with a warning: `Init = "INIT" |
/// "INT"`.
macro_rules! names {
    ($(
        $(#[doc = $doc:literal])+
        pub enum $name:ident {
            $($(#[doc = $value_doc:literal])* $value:ident = $text:literal $(| $tolerated:literal)?,)+
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $(#[doc = ""] #[doc = $value_doc])* $value,)+
        }

        impl $name {
            /// The value as written.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$value => $text,)+ }
            }
        }

        impl $crate::json::Names for $name {
            const NAMES: &'static [&'static str] = &[$($text),+];

            #[inline]
            fn from_name(name: &str) -> Option<$name> {
                match name { $($text $(| $tolerated)? => Some($name::$value),)+ _ => None }
            }

            fn as_str(self) -> &'static str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl $crate::json::Value for $name {
            const SHAPE: $crate::json::ValueShape =
                $crate::json::ValueShape::Closed { values: <$name as $crate::json::Names>::NAMES, or_empty: false };

            #[inline]
            fn fact(&self) -> Option<$crate::json::Fact<'_>> {
                Some($crate::json::Fact::Text(::std::borrow::Cow::Borrowed(self.as_str())))
            }
        }

        impl $crate::json::IntoOwned for $name {
            type Owned = $name;

            fn into_owned(self) -> $name {
                self
            }
        }

        impl<'a> $crate::json::Decode<'a> for $name {
            fn blank() -> Self {
                [$($name::$value),+][0]
            }

            #[inline(always)]
            fn try_plain(rest: $crate::json::Rest<'a>) -> Option<(Self, $crate::json::Rest<'a>)> {
                let (name, after) = $crate::json::decode::plain_string(rest)?;
                Some((<$name as $crate::json::Names>::from_name(name)?, after))
            }

            fn decode(
                rest: $crate::json::Rest<'a>,
                _: $crate::json::Room,
                to: &mut Self,
            ) -> Result<$crate::json::Rest<'a>, $crate::json::Refused> {
                let (name, after) = $crate::json::decode::string(rest)?;
                *to = <$name as $crate::json::Names>::from_name(&name).ok_or($crate::json::Refused)?;
                Ok(after)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::json::NameVisitor::<$name>::new())
            }
        }
    )+};
}

pub(crate) use names;

/// Reads a value of a closed list.
pub(crate) struct NameVisitor<N>(PhantomData<N>);

impl<N> NameVisitor<N> {
    pub(crate) fn new() -> NameVisitor<N> {
        NameVisitor(PhantomData)
    }
}

impl<N: Names> serde::de::Visitor<'_> for NameVisitor<N> {
    type Value = N;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", ValueShape::Closed { values: N::NAMES, or_empty: false })
    }

    #[inline]
    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<N, E> {
        N::from_name(name).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(name), &self))
    }
}
