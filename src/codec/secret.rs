//! Text that is never shown by accident.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A text such as a password. [`fmt::Debug`] masks it, and only [`Secret::expose`] returns it.
///
/// It is serialized as the text, since a packet must contain it. Borrows from the document where possible.
///
/// ```
/// use packetcheck::codec::Secret;
///
/// let password = Secret::from("hunter2");
/// assert_eq!(format!("{password:?}"), "Secret(***)");
/// assert_eq!(password.expose(), "hunter2");
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret<'a>(Cow<'a, str>);

impl<'a> Secret<'a> {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The same secret, owning its text.
    pub fn into_owned(self) -> Secret<'static> {
        Secret(self.0.into_owned().into())
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

impl<'a> From<Cow<'a, str>> for Secret<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Secret(text)
    }
}

impl<'a> From<&'a str> for Secret<'a> {
    fn from(text: &'a str) -> Self {
        Secret(text.into())
    }
}

impl From<String> for Secret<'_> {
    fn from(text: String) -> Self {
        Secret(text.into())
    }
}

impl Serialize for Secret<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Secret<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The error message of the format would show a value of the wrong type, such as a number.
        let read = deserializer.deserialize_str(SecretVisitor);
        read.map_err(|error: D::Error| match error.to_string().starts_with("missing field") {
            // The wording of serde without the value.
            true => error,
            false => de::Error::custom("expected a string; what was found is not shown"),
        })
    }
}

struct SecretVisitor;

impl<'de> Visitor<'de> for SecretVisitor {
    type Value = Secret<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Secret<'de>, E> {
        Ok(Secret(text.into()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret<'de>, E> {
        Ok(Secret(text.to_owned().into()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Secret<'de>, E> {
        Ok(Secret(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_shown_only_on_request() {
        let secret = Secret::from("hunter2");
        assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(***) Secret(***)");
        assert_eq!(secret.expose(), "hunter2");
        assert_eq!(serde_json::to_string(&secret).ok().as_deref(), Some("\"hunter2\""));
    }

    #[test]
    fn one_that_is_missing_is_called_missing() {
        #[derive(Debug, serde::Deserialize)]
        struct Login<'a> {
            #[serde(borrow)]
            #[allow(dead_code)]
            password: Secret<'a>,
        }
        let error = serde_json::from_str::<Login<'_>>("{}").expect_err("it is not there").to_string();
        assert!(error.starts_with("missing field `password`"), "{error}");
    }

    #[test]
    fn a_value_of_another_type_is_not_shown_either() {
        for wrong in ["4711", "-4711", "47.11", "[4711]", "{\"4711\": 1}"] {
            let error = serde_json::from_str::<Secret<'_>>(wrong).expect_err("it is no string").to_string();
            assert!(!error.contains("47"), "{error}");
        }
    }
}
