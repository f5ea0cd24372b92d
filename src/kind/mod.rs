//! The kinds of packets that have a schema of their own here, and how a packet shows its kind.

mod detect;
mod xml;

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::Report;
use crate::{Schema, plesk};

pub use detect::Detected;

/// A kind of packet: which schema decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// What a client sends to a Plesk server.
    PleskRequest,
    /// What a Plesk server answers.
    PleskResponse,
}

/// How packets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// XML.
    Xml,
}

/// No kind has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of `plesk-request`, `plesk-response`, found `{}`", .0.escape_debug())]
pub struct UnknownKind(String);

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 2] = [Kind::PleskRequest, Kind::PleskResponse];

    /// The name by which the command knows it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::PleskRequest => "plesk-request",
            Kind::PleskResponse => "plesk-response",
        }
    }

    /// What packets of this kind are, in a line.
    pub fn description(self) -> &'static str {
        match self {
            Kind::PleskRequest => "what a client sends to a Plesk server",
            Kind::PleskResponse => "what a Plesk server answers",
        }
    }

    /// How packets of this kind are written.
    pub fn form(self) -> Form {
        match self {
            Kind::PleskRequest | Kind::PleskResponse => Form::Xml,
        }
    }

    /// The XML Schema that decides about packets of this kind, compiled at the first call.
    fn schema(self) -> &'static Schema {
        match self {
            Kind::PleskRequest => plesk::request_schema(),
            Kind::PleskResponse => plesk::response_schema(),
        }
    }

    /// Whether a packet is valid. The quick way: stops at the first doubt.
    pub fn is_valid(self, packet: &[u8]) -> bool {
        self.schema().is_valid(packet)
    }

    /// Every error and warning in a packet, with place and cause.
    pub fn explain(self, packet: &[u8]) -> Report {
        self.schema().explain(packet)
    }

    /// The documents of its schemas with their names: the one to begin with, then those that it includes.
    pub fn schema_documents(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Kind::PleskRequest => plesk::REQUEST_DOCUMENTS,
            Kind::PleskResponse => plesk::RESPONSE_DOCUMENTS,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Kind, UnknownKind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert!("plesk".parse::<Kind>().is_err());
    }
}
