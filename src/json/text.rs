//! Strings with bounded length.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::decode::{self, Decode, Refused, Rest, Room};
use super::rule::Fact;
use super::shape::ValueShape;
use super::value::{IntoOwned, OutsideLimits, Value};

/// A string of at least `MIN` and at most `MAX` characters (Unicode scalar values, not bytes).
///
/// Borrows from the document unless an escape in it had to be resolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<'a, const MIN: usize, const MAX: usize>(Cow<'a, str>);

impl<'a, const MIN: usize, const MAX: usize> Text<'a, MIN, MAX> {
    /// The text, if it is neither too short nor too long. Does not copy it.
    ///
    /// ```
    /// use packetcheck::json::Text;
    ///
    /// assert_eq!(Text::<0, 3>::new("abc")?.as_str(), "abc");
    /// assert!(Text::<0, 3>::new("abcd").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A number of characters outside the limits.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Result<Self, OutsideLimits> {
        let text = text.into();
        if fits(&text, MIN, MAX) {
            return Ok(Text(text));
        }
        Err(OutsideLimits::new(Self::SHAPE.to_string(), format_args!("{} characters", text.chars().count())))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, borrowed or owned.
    pub fn into_inner(self) -> Cow<'a, str> {
        self.0
    }

    /// The value without borrowing.
    pub fn into_owned(self) -> Text<'static, MIN, MAX> {
        Text(Cow::Owned(self.0.into_owned()))
    }
}

/// Whether a text has at least `least` and at most `most` characters.
///
/// A character takes one to four bytes, so the number of bytes usually decides, without counting.
#[inline]
pub(super) fn fits(text: &str, least: usize, most: usize) -> bool {
    let bytes = text.len();
    if bytes <= most && bytes / 4 >= least {
        return true;
    }
    fits_by_count(text, least, most)
}

fn fits_by_count(text: &str, least: usize, most: usize) -> bool {
    // One character beyond the limit is enough to know.
    let count = text.chars().take(most.saturating_add(1)).count();
    (least..=most).contains(&count)
}

impl<const MIN: usize, const MAX: usize> Deref for Text<'_, MIN, MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> AsRef<str> for Text<'_, MIN, MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Display for Text<'_, MIN, MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl<const MIN: usize, const MAX: usize> PartialEq<&str> for Text<'_, MIN, MAX> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl<'a, const MIN: usize, const MAX: usize> TryFrom<&'a str> for Text<'a, MIN, MAX> {
    type Error = OutsideLimits;

    fn try_from(text: &'a str) -> Result<Self, OutsideLimits> {
        Text::new(text)
    }
}

impl<const MIN: usize, const MAX: usize> TryFrom<String> for Text<'_, MIN, MAX> {
    type Error = OutsideLimits;

    fn try_from(text: String) -> Result<Self, OutsideLimits> {
        Text::new(text)
    }
}

impl<const MIN: usize, const MAX: usize> Value for Text<'_, MIN, MAX> {
    const SHAPE: ValueShape = ValueShape::Text { least: MIN, most: MAX, values: &[] };

    #[inline]
    fn fact(&self) -> Option<Fact<'_>> {
        Some(Fact::Text(Cow::Borrowed(&self.0)))
    }
}

impl<const MIN: usize, const MAX: usize> IntoOwned for Text<'_, MIN, MAX> {
    type Owned = Text<'static, MIN, MAX>;

    fn into_owned(self) -> Self::Owned {
        self.into_owned()
    }
}

impl<const MIN: usize, const MAX: usize> Serialize for Text<'_, MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'a, const MIN: usize, const MAX: usize> Decode<'a> for Text<'a, MIN, MAX> {
    fn blank() -> Self {
        Text(Cow::Borrowed(""))
    }

    #[inline(always)]
    fn try_plain(rest: Rest<'a>) -> Option<(Self, Rest<'a>)> {
        let (text, after) = decode::plain_string(rest)?;
        fits(text, MIN, MAX).then_some((Text(Cow::Borrowed(text)), after))
    }

    fn decode(rest: Rest<'a>, _: Room, to: &mut Self) -> Result<Rest<'a>, Refused> {
        let (text, after) = decode::string(rest)?;
        to.0 = text;
        if fits(to, MIN, MAX) { Ok(after) } else { Err(Refused) }
    }
}

impl<'de: 'a, 'a, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<'a, MIN, MAX> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor<const MIN: usize, const MAX: usize>;

impl<'de, const MIN: usize, const MAX: usize> Visitor<'de> for TextVisitor<MIN, MAX> {
    type Value = Text<'de, MIN, MAX>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", <Text<'_, MIN, MAX>>::SHAPE)
    }

    #[inline]
    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        if fits(text, MIN, MAX) {
            return Ok(Text(Cow::Borrowed(text)));
        }
        Text::new(text).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        Text::new(text).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_characters() {
        for (text, least, most, expected) in [
            ("", 0, 0, true),
            ("", 1, 3, false),
            ("é", 1, 1, true),
            ("éé", 1, 1, false),
            ("\u{10000}\u{10000}", 2, 2, true),
            ("\u{10000}", 2, 4, false),
            ("abcd", 0, 3, false),
            ("abc", 3, 3, true),
        ] {
            assert_eq!(fits(text, least, most), expected, "{text} {least} {most}");
        }
        let error = Text::<0, 2>::new("äöü").expect_err("is too long");
        assert_eq!(error.to_string(), "expected a string of at most 2 characters, found 3 characters");
    }
}
