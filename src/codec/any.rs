//! Content of `xs:anyType`, kept completely.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::diagnostic::secret;

/// The content of an element that may hold anything (`xs:anyType`).
///
/// It is nearly always text, or empty. Attributes and children, if there are any, are kept as markup, so that nothing
/// is lost on the way back. In a sequence of children with any names, each element is markup including its tag, and
/// text between them is text. Borrows from the document where possible.
///
/// As JSON it is a string, or `{"xml": "<element …>…</element>"}`.
///
/// ```
/// use packetcheck::codec::Any;
///
/// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:anyType"/></xs:schema>"#;
/// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
/// let any: Any<'_> = schema.decode(b"<n>7 <b/></n>")?;
/// assert_eq!(any, Any::Markup("<n>7 <b/></n>".into()));
/// assert_eq!(schema.decode::<Any<'_>>(b"<n>7</n>")?.as_text(), Some("7"));
/// assert!(schema.encode(&any)?.ends_with(b"<n>7 <b/></n>"));
/// # Ok::<(), packetcheck::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Any<'a> {
    /// Text alone; empty for an empty element.
    Text(Cow<'a, str>),
    /// The whole element as self-contained well-formed XML: attributes, children, text, comments.
    Markup(Cow<'a, str>),
}

/// The name under which the codec knows an `Any` (as serde_json knows its raw value).
pub(super) const TOKEN: &str = "$packetcheck::Any";

/// The key of markup.
pub(super) const XML: &str = "xml";

impl<'a> Any<'a> {
    /// The text, if it is only text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Any::Text(text) => Some(text),
            Any::Markup(_) => None,
        }
    }

    /// The same value, owning its text.
    pub fn into_owned(self) -> Any<'static> {
        match self {
            Any::Text(text) => Any::Text(text.into_owned().into()),
            Any::Markup(markup) => Any::Markup(markup.into_owned().into()),
        }
    }
}

impl fmt::Debug for Any<'_> {
    /// Masks passwords in markup.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Any::Text(text) => formatter.debug_tuple("Text").field(text).finish(),
            Any::Markup(markup) => formatter.debug_tuple("Markup").field(&secret::masked(markup)).finish(),
        }
    }
}

impl Default for Any<'_> {
    /// An empty element.
    fn default() -> Self {
        Any::Text("".into())
    }
}

impl<'a> From<&'a str> for Any<'a> {
    fn from(text: &'a str) -> Self {
        Any::Text(text.into())
    }
}

impl From<String> for Any<'_> {
    fn from(text: String) -> Self {
        Any::Text(text.into())
    }
}

impl Serialize for Any<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(TOKEN, &Body(self))
    }
}

struct Body<'b, 'a>(&'b Any<'a>);

impl Serialize for Body<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Any::Text(text) => serializer.serialize_str(text),
            Any::Markup(markup) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(XML, markup)?;
                map.end()
            }
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Any<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TOKEN, AnyVisitor)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Any<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string, or an object with the member `xml`")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Any<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Any<'de>, E> {
        Ok(Any::Text(text.into()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Any<'de>, E> {
        Ok(Any::Text(text.to_owned().into()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Any<'de>, E> {
        Ok(Any::Text(text.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Any<'de>, A::Error> {
        let Some(key) = map.next_key::<Cow<'_, str>>()? else {
            return Err(de::Error::missing_field(XML));
        };
        if key != XML {
            return Err(de::Error::unknown_field(&key, &[XML]));
        }
        let Text(markup) = map.next_value()?;
        match map.next_key::<Cow<'_, str>>()? {
            None => Ok(Any::Markup(markup)),
            Some(key) => Err(de::Error::unknown_field(&key, &[XML])),
        }
    }
}

/// A text that borrows if the format supports it (serde's own `Cow` always copies).
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(text.into()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(text.to_owned().into()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Text<'de>, E> {
        Ok(Text(text.into()))
    }
}

/// `deserialize_with` for an optional text that borrows.
pub(crate) fn optional_text<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Cow<'a, str>>, D::Error> {
    Ok(Option::<Text<'a>>::deserialize(deserializer)?.map(|Text(text)| text))
}
