//! The kinds of packets, whatever they are written in: a table of who decides about each, and how a packet shows its kind.

mod detect;
mod evidence;
mod foreign;
mod json;
mod query;
mod table;
mod xml;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::diagnostic::Report;
use crate::{Error, Limits, Progress};

pub use detect::Detected;
pub use table::{EncodeError, Kind, Layout};

/// How packets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// XML.
    Xml,
    /// JSON.
    Json,
    /// XML or JSON, as the content shows.
    XmlOrJson,
    /// A query string, as a part of a URL or alone, or a form body.
    Query,
}

/// No kind has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of `{}`, found `{}`", Kind::ALL.map(Kind::name).join("`, `"), .0.escape_debug())]
pub struct UnknownKind(String);

impl Kind {
    /// The name by which the command knows it.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// What packets of this kind are, in a line.
    pub fn description(self) -> &'static str {
        self.entry().description
    }

    /// How packets of this kind are written.
    pub fn form(self) -> Form {
        self.entry().form
    }

    /// Whether a packet is valid. The quick way: stops at the first doubt.
    pub fn is_valid(self, packet: &[u8]) -> bool {
        (self.entry().is_valid)(packet)
    }

    /// Every error and warning in a packet, with place and cause. A document that is not a packet of this kind at all (one of
    /// another kind, an HTML page, a compressed file) is called what it is in one error, without its symptoms.
    pub fn explain(self, packet: &[u8]) -> Report {
        self.explain_limited(packet, &Limits::default())
    }

    /// The same within other limits.
    pub fn explain_limited(self, packet: &[u8], limits: &Limits) -> Report {
        self.name_the_cause(packet, (self.entry().explain)(packet, limits))
    }

    /// The values of a packet as JSON, indented, as `serde` writes those of its type. Nothing valid fails to be decoded.
    ///
    /// # Errors
    ///
    /// The packet is invalid: [`Error::report`] says all there is to say.
    pub fn decode(self, packet: &[u8]) -> Result<Vec<u8>, Error> {
        self.decode_limited(packet, &Limits::default())
    }

    /// The same within other limits.
    ///
    /// # Errors
    ///
    /// As [`Kind::decode`].
    pub fn decode_limited(self, packet: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
        (self.entry().decode)(&in_utf8(packet, limits), limits)
    }

    /// The packet of values as JSON, in the form that [`Kind::decode`] gives. Nothing invalid is ever written.
    ///
    /// # Errors
    ///
    /// The values are not those of a packet, or the packet would be invalid.
    pub fn encode(self, values: &[u8], layout: &Layout) -> Result<Vec<u8>, EncodeError> {
        self.encode_limited(values, layout, &Limits::default())
    }

    /// The same with other limits of what is read.
    ///
    /// # Errors
    ///
    /// As [`Kind::encode`].
    pub fn encode_limited(self, values: &[u8], layout: &Layout, limits: &Limits) -> Result<Vec<u8>, EncodeError> {
        (self.entry().encode)(values, layout, limits)
    }

    /// All that a packet says of migrations; see [`Progress::of_packet_limited`].
    pub(crate) fn progress(self, packet: &[u8], limits: &Limits) -> Result<Vec<Progress<'static>>, Error> {
        (self.entry().progress)(&in_utf8(packet, limits), limits)
    }

    /// The documents of its schemas with their names: the one to begin with, then those that it includes, or that
    /// of another form. None for query strings, which no schema language describes.
    pub fn schema_documents(self) -> &'static [(&'static str, &'static str)] {
        self.entry().documents
    }
}

/// A packet in UTF-8. What cannot be decoded is read as it is, for what is wrong with it.
fn in_utf8<'a>(packet: &'a [u8], limits: &Limits) -> Cow<'a, [u8]> {
    crate::xml::decode(packet, limits).unwrap_or(Cow::Borrowed(packet))
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
