//! Values of generated types in serde: how to read fields that serde cannot describe itself.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, IntoDeserializer, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{Nillable, OtherAttribute, QualifiedName};
use crate::codec::{self, Text};

/// `deserialize_with` for an optional text that borrows.
///
/// # Errors
///
/// Those of the format.
pub fn optional_text<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    codec::optional_text(deserializer)
}

/// `deserialize_with` for an element that may be absent, and may be nil if it is present.
///
/// # Errors
///
/// Those of the value.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_option(Present(PhantomData)).map(Some)
}

struct Present<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Present<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value, or none")
    }

    fn visit_none<E: de::Error>(self) -> Result<T, E> {
        T::deserialize(().into_deserializer())
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

/// `with` for an empty element that is present or not.
pub mod flag {
    use super::{Deserialize, Deserializer, IgnoredAny, Serialize, Serializer};

    /// Writes an empty element.
    ///
    /// # Errors
    ///
    /// Those of the format.
    pub fn serialize<S: Serializer>(_: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        ().serialize(serializer)
    }

    /// An element that is present.
    ///
    /// # Errors
    ///
    /// Those of the format.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|IgnoredAny| true)
    }
}

impl<T: Serialize> Serialize for Nillable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_option().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nillable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Nillable::Nil, Nillable::Value))
    }
}

/// `Q{namespace}local`, or the local part for a name in no namespace.
impl Serialize for QualifiedName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &*self.namespace {
            "" => serializer.serialize_str(&self.local),
            namespace => serializer.collect_str(&format_args!("Q{{{namespace}}}{}", self.local)),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for QualifiedName<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        match text.strip_prefix("Q{").map(|rest| rest.split_once('}')) {
            None => Ok(QualifiedName { namespace: Cow::Borrowed(""), local: text }),
            Some(Some((namespace, local))) => {
                Ok(QualifiedName { namespace: Cow::Owned(namespace.to_owned()), local: Cow::Owned(local.to_owned()) })
            }
            Some(None) => Err(de::Error::custom("expected a name as `Q{namespace}local`, found no `}`")),
        }
    }
}

impl Serialize for OtherAttribute<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("OtherAttribute", 3)?;
        members.serialize_field("namespace", &self.namespace)?;
        members.serialize_field("local", &self.local)?;
        members.serialize_field("value", &self.value)?;
        members.end()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for OtherAttribute<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(rename = "OtherAttribute", deny_unknown_fields)]
        struct Members<'a> {
            #[serde(borrow)]
            namespace: Cow<'a, str>,
            #[serde(borrow)]
            local: Cow<'a, str>,
            #[serde(borrow)]
            value: Cow<'a, str>,
        }
        let Members { namespace, local, value } = Members::deserialize(deserializer)?;
        Ok(OtherAttribute { namespace, local, value })
    }
}
