//! Members unknown to their type, kept as they were written.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de;
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::explain;
use super::value::IntoOwned;
use crate::diagnostic::secret::{self, SecretNames};

/// The members of an object that its documentation does not name, in order. There are rarely any.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Extra<'a>(Vec<(Cow<'a, str>, Raw<'a>)>);

/// A value as the text it was written as.
#[derive(Clone)]
pub struct Raw<'a>(Cow<'a, RawValue>);

/// The text is not one JSON value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a JSON value, found `{}`", crate::diagnostic::words::shown(.0))]
pub struct NotJson(String);

/// Up to this many names are compared with each other; more are looked up in a table.
const FEW: usize = 8;

impl<'a> Extra<'a> {
    /// Whether there are no such members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of such members.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The value of the member with this name.
    pub fn get(&self, name: &str) -> Option<&Raw<'a>> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// Names and values, in the order of the document.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Raw<'a>)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Sets a member: replaces the one with this name, or adds one at the end. The name of a member that the type has
    /// is refused when the object is written.
    pub fn insert(&mut self, name: impl Into<Cow<'a, str>>, value: Raw<'a>) {
        let name = name.into();
        match self.0.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Removes the member with this name.
    pub fn remove(&mut self, name: &str) -> Option<Raw<'a>> {
        let index = self.0.iter().position(|(other, _)| other == name)?;
        Some(self.0.remove(index).1)
    }

    /// Adds a member as it was read. Duplicates are found at the end, see `finish`.
    #[cold]
    pub(crate) fn take<E: de::Error>(&mut self, name: Cow<'a, str>, value: &'a RawValue) -> Result<(), E> {
        if !explain::is_well_formed(value.get()) {
            return Err(E::custom(NotJson(value.get().to_owned())));
        }
        self.0.push((name, Raw(Cow::Borrowed(value))));
        Ok(())
    }

    /// Adds a member with a new name.
    pub(crate) fn append(&mut self, name: Cow<'a, str>, value: Raw<'a>) {
        self.0.push((name, value));
    }

    /// Adds a member as it was read, whose value is known to be well-formed.
    pub(crate) fn push(&mut self, name: Cow<'a, str>, value: &'a RawValue) {
        self.0.push((name, Raw(Cow::Borrowed(value))));
    }

    /// Called when all members were read: no two may have the same name.
    #[inline]
    pub(crate) fn finish<E: de::Error>(self) -> Result<Extra<'a>, E> {
        match self.has_duplicates() {
            true => Err(E::custom("expected members with different names, found two with the same name")),
            false => Ok(self),
        }
    }

    /// Whether two have the same name.
    #[inline]
    pub(crate) fn has_duplicates(&self) -> bool {
        self.0.len() > 1 && self.has_equals()
    }

    #[cold]
    fn has_equals(&self) -> bool {
        if self.0.len() <= FEW {
            let mut rest = &*self.0;
            while let Some(((name, _), others)) = rest.split_first() {
                if others.iter().any(|(other, _)| other == name) {
                    return true;
                }
                rest = others;
            }
            return false;
        }
        let mut seen = HashSet::with_capacity(self.0.len());
        !self.0.iter().all(|(name, _)| seen.insert(&**name))
    }

    /// The name of a member that the type itself has, if there is one.
    pub(crate) fn known_name(&self, names: &[&str]) -> Option<&str> {
        self.0.iter().map(|(name, _)| &**name).find(|name| names.contains(name))
    }
}

impl IntoOwned for Extra<'_> {
    type Owned = Extra<'static>;

    fn into_owned(self) -> Extra<'static> {
        Extra(self.0.into_iter().map(|(name, value)| (name.into_owned().into(), value.into_owned())).collect())
    }
}

impl Raw<'_> {
    /// A value from its text.
    ///
    /// # Errors
    ///
    /// The text is not exactly one value, or contains two members with the same name or an unpaired surrogate.
    pub fn new(text: impl Into<String>) -> Result<Raw<'static>, NotJson> {
        let text = text.into();
        if !explain::is_well_formed(&text) {
            return Err(NotJson(text));
        }
        RawValue::from_string(text).map(|value| Raw(Cow::Owned(value))).map_err(|error| NotJson(error.to_string()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The same value, owning its text.
    pub fn into_owned(self) -> Raw<'static> {
        Raw(Cow::Owned(self.0.into_owned()))
    }
}

impl PartialEq for Raw<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Raw<'_> {}

impl fmt::Debug for Extra<'_> {
    /// As a map, with the values of credentials masked.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = SecretNames::of_credentials();
        let mut map = formatter.debug_map();
        for (name, value) in &self.0 {
            match names.are_of_pair(name.as_bytes()) {
                true => map.entry(name, &"***"),
                false => map.entry(name, value),
            };
        }
        map.finish()
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Raw").field(&secret::masked(self.as_str())).finish()
    }
}

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
