//! Operators other than `migration`: what is in them is not checked, and kept as it is.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::codec::{Any, Text};

/// The names of all operators: `migration`, the others as `schemas/plesk/operators.xsd` has them, and the one that only
/// answers have.
const ALL: [&str; 48] = [
    MIGRATION,
    "server",
    "customer",
    "webspace",
    "subdomain",
    "dns",
    "db_server",
    "mail",
    "certificate",
    "site-alias",
    "ip",
    "event_log",
    "spamfilter",
    "secret_key",
    "ui",
    "service-plan",
    "webuser",
    "maillist",
    "virtdir",
    "database",
    "ftp-user",
    "session",
    "updater",
    "locale",
    "log-rotation",
    "backup-manager",
    "sso",
    "protected-dir",
    "reseller",
    "reseller-plan",
    "aps",
    "smb",
    "service-plan-addon",
    "site",
    "user",
    "role",
    "business-logic-upgrade",
    "webmail",
    "plan-item",
    "sitebuilder",
    "service-node",
    "ip-ban",
    "wp-instance",
    "php-handler",
    "extension",
    "client",
    "domain",
    "upload",
];

/// The names of the others.
const NAMES: &[&str] = ALL.split_at(1).1;

/// An operator of a packet other than `migration`, whole: nothing is known of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherOperator<'a> {
    name: &'static str,
    /// What is in it: text, or the element itself as markup.
    pub content: Any<'a>,
}

impl<'a> OtherOperator<'a> {
    /// An operator of this name; `None` where the protocol has none, or it is `migration`.
    pub fn new(name: &str, content: impl Into<Any<'a>>) -> Option<OtherOperator<'a>> {
        let name = NAMES.iter().find(|known| **known == name)?;
        Some(OtherOperator { name, content: content.into() })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The same, owning its texts.
    pub fn into_owned(self) -> OtherOperator<'static> {
        OtherOperator { name: self.name, content: self.content.into_owned() }
    }
}

/// The operators of packets of one direction: `migration`, which has a type, and the others.
pub(super) trait Operator<'a>: Sized {
    /// What is in `migration`.
    type Migration: Deserialize<'a>;

    fn of_migration(migration: Self::Migration) -> Self;

    fn of_other(other: OtherOperator<'a>) -> Self;
}

/// Writes an operator as an element of its name.
pub(super) fn serialize<S: Serializer, M: Serialize>(
    operator: Result<&M, &OtherOperator<'_>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match operator {
        Ok(migration) => serializer.serialize_newtype_variant("Operator", 0, MIGRATION, migration),
        Err(other) => serializer.serialize_newtype_variant("Operator", 1, other.name, &other.content),
    }
}

/// Reads an operator by the name of its element.
pub(super) fn deserialize<'de: 'a, 'a, O: Operator<'a>, D: Deserializer<'de>>(deserializer: D) -> Result<O, D::Error>
where
    O::Migration: Deserialize<'de>,
{
    deserializer.deserialize_enum("Operator", &ALL, OperatorVisitor(PhantomData))
}

const MIGRATION: &str = "migration";

struct OperatorVisitor<'a, O>(PhantomData<(&'a (), O)>);

impl<'de: 'a, 'a, O: Operator<'a>> Visitor<'de> for OperatorVisitor<'a, O>
where
    O::Migration: Deserialize<'de>,
{
    type Value = O;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an operator")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<O, A::Error> {
        let (name, content) = access.variant_seed(Name)?;
        if name == MIGRATION {
            return content.newtype_variant().map(O::of_migration);
        }
        match NAMES.iter().find(|known| **known == name) {
            Some(name) => {
                let content = content.newtype_variant()?;
                Ok(O::of_other(OtherOperator { name, content }))
            }
            None => Err(de::Error::unknown_variant(&name, &ALL)),
        }
    }
}

/// The name of an element.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        Text::deserialize(deserializer).map(|Text(name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn the_names_are_those_of_the_schema() {
        let documents =
            [include_str!("../../schemas/plesk/operators.xsd"), include_str!("../../schemas/plesk/response.xsd")];
        let declared = documents.iter().flat_map(|text| text.split("<xs:element name=\"").skip(1)).filter_map(|rest| {
            let (name, rest) = rest.split_once('"')?;
            rest.starts_with(" type=\"OtherOperator\"").then_some(name)
        });
        assert!(declared.eq(NAMES.iter().copied()));
    }
}
