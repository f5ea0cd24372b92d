//! The kinds of packets that have a schema of their own here, and how a packet shows its kind.

use std::fmt;
use std::str::FromStr;

use crate::xml::{Reader, Token};
use crate::{Limits, Schema, plesk};

/// A kind of packet: which schema decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// What a client sends to a Plesk server.
    PleskRequest,
    /// What a Plesk server answers.
    PleskResponse,
}

/// A kind that was found in a packet, and what gave it away.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detected {
    /// The kind.
    pub kind: Kind,
    /// Why it was taken, such as "it holds `result`".
    pub reason: String,
}

/// No kind has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of `plesk-request`, `plesk-response`, found `{}`", .0.escape_debug())]
pub struct UnknownKind(String);

/// Bytes of a document that are looked at to find its kind. What decides stands within the first few tags.
const LOOK_AHEAD: usize = 64 * 1024;

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

    /// The schema that decides about packets of this kind, compiled at the first call.
    pub fn schema(self) -> &'static Schema {
        match self {
            Kind::PleskRequest => plesk::request_schema(),
            Kind::PleskResponse => plesk::response_schema(),
        }
    }

    /// The documents of the schema with their names: the one to begin with, then those that it includes.
    pub fn schema_documents(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Kind::PleskRequest => plesk::REQUEST_DOCUMENTS,
            Kind::PleskResponse => plesk::RESPONSE_DOCUMENTS,
        }
    }

    /// Finds the kind of a packet from its content alone, also of one that is broken.
    ///
    /// The root element must be `packet`. Of what follows, the first element that only one kind has decides: `system`
    /// and `output` in the root, and `result` in an operation, are an answer's, and so is what a result begins with
    /// where `result` itself was forgotten; `request-settings`, or anything else in an operation, is a request's. A
    /// packet with none of these is taken as a request, as `<check/>` in `migration` is a whole operation.
    /// At most the first 64 KiB are read.
    pub fn detect(document: &[u8]) -> Option<Detected> {
        let head = document.get(..LOOK_AHEAD).unwrap_or(document);
        let mut reader = Reader::new(head, &Limits::default()).ok()?;
        let mut depth = 0_usize;
        let mut in_packet = false;
        loop {
            match reader.next(&mut |_| {}) {
                Token::Start { name, prefix_length, .. } => {
                    let local = name.get(prefix_length..).unwrap_or(name).trim_start_matches(':');
                    if depth == 0 && local != "packet" {
                        return None;
                    }
                    in_packet = true;
                    if let Some(kind) = kind_of_element(depth, local) {
                        return Some(Detected { kind, reason: format!("it holds `{local}`") });
                    }
                    depth += 1;
                }
                Token::End { .. } => depth = depth.saturating_sub(1),
                Token::Text { .. } => {}
                Token::Eof if in_packet => {
                    let reason = "nothing in it tells a request from an answer".to_owned();
                    return Some(Detected { kind: Kind::PleskRequest, reason });
                }
                Token::Eof => return None,
            }
        }
    }
}

/// The kind whose packets alone have such an element at such a depth: the root has 0, operators 1, operations 2.
fn kind_of_element(depth: usize, name: &str) -> Option<Kind> {
    match (depth, name) {
        (0, _) => None,
        (_, "result" | "status" | "errcode" | "errtext") => Some(Kind::PleskResponse),
        (1, "system" | "output") => Some(Kind::PleskResponse),
        (1, "request-settings") => Some(Kind::PleskRequest),
        (1 | 2, _) => None,
        (_, _) => Some(Kind::PleskRequest),
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

    fn kind(document: &str) -> Option<Kind> {
        Kind::detect(document.as_bytes()).map(|detected| detected.kind)
    }

    #[test]
    fn whole_packets_show_their_kind() {
        let request = "<packet><migration><get_status><migration_id>1</migration_id></get_status></migration></packet>";
        assert_eq!(kind(request), Some(Kind::PleskRequest));
        assert_eq!(kind("<packet><migration><check/></migration></packet>"), Some(Kind::PleskRequest));
        assert_eq!(kind("<packet><request-settings/></packet>"), Some(Kind::PleskRequest));
        let response = "<packet><migration><check><result><status>ok</status></result></check></migration></packet>";
        assert_eq!(kind(response), Some(Kind::PleskResponse));
        assert_eq!(kind("<?xml version='1.0'?>\n\t<packet><system/></packet>"), Some(Kind::PleskResponse));
    }

    #[test]
    fn broken_packets_show_it_too() {
        assert_eq!(kind("<packet><migration><get_status><result><sta"), Some(Kind::PleskResponse));
        assert_eq!(kind("<packet><migration><get_status><status>"), Some(Kind::PleskResponse));
        assert_eq!(kind("<packet><migration><get_status></migration>"), Some(Kind::PleskRequest));
        assert_eq!(kind("<packet a=1><operator><get><result>"), Some(Kind::PleskResponse));
        assert_eq!(kind("<packet"), None);
    }

    #[test]
    fn what_is_no_packet_has_none() {
        assert_eq!(kind(""), None);
        assert_eq!(kind("<html><packet/></html>"), None);
        assert_eq!(kind("{\"packet\": 1}"), None);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert!("plesk".parse::<Kind>().is_err());
    }
}
