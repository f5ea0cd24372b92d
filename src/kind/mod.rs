//! The kinds of packets, whatever they are written in: a table of who decides about each, and how a packet shows its kind.

#[cfg(feature = "http")]
mod capture;
mod detect;
#[cfg(feature = "http")]
mod envelope;
mod evidence;
mod foreign;
#[cfg(feature = "http")]
mod head;
#[cfg(feature = "http")]
mod http_date;
mod json;
mod progress;
mod query;
mod redact;
#[cfg(feature = "http")]
mod show_task;
mod table;
mod tasks;
mod xml;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::diagnostic::{Code, Report};
#[cfg(feature = "http")]
use crate::operation::Template;
use crate::{Error, Limits, Progress, Schema};

#[cfg(feature = "http")]
pub use capture::CapturedMessage;
pub use detect::{Detected, Explained};
pub use progress::MessageProgress;
pub use redact::{RedactError, redact};
pub use table::{EncodeError, Layout, PacketKind, System};

/// How packets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Syntax {
    /// XML.
    Xml,
    /// JSON.
    Json,
    /// XML or JSON, as the content shows.
    XmlOrJson,
    /// A query string, as a part of a URL or alone, or a form body.
    Query,
    /// The head of an HTTP request, which has no body.
    Head,
}

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
}

impl Direction {
    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Request => "request",
            Direction::Response => "response",
        }
    }
}

/// No kind has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of `{}`, found `{}`", PacketKind::ALL.map(PacketKind::name).join("`, `"), .0.escape_debug())]
pub struct UnknownPacketKind(String);

impl PacketKind {
    /// The name by which the command knows it.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// What packets of this kind are, in a line.
    pub fn description(self) -> &'static str {
        self.entry().description
    }

    /// The system whose packets they are.
    pub fn system(self) -> &'static System {
        self.entry().system
    }

    /// The packets of this kind that are made from named values: those that a client sends.
    #[cfg(feature = "http")]
    pub fn templates(self) -> &'static [Template] {
        self.entry().new
    }

    /// The template of this name.
    #[cfg(feature = "http")]
    pub fn template(self, name: &str) -> Option<&'static Template> {
        self.templates().iter().find(|template| template.name == name)
    }

    /// How packets of this kind are written.
    pub fn syntax(self) -> Syntax {
        self.entry().syntax
    }

    /// Whether packets of this kind are sent in requests or in responses.
    pub fn direction(self) -> Direction {
        self.entry().direction
    }

    /// The kind of the answers to requests of this kind, if they have a documented body.
    pub fn answered_by(self) -> Option<PacketKind> {
        self.entry().answered_by
    }

    /// The kind of the requests that packets of this kind answer.
    #[cfg(feature = "http")]
    fn asked_by(self) -> Option<PacketKind> {
        PacketKind::ALL.into_iter().find(|kind| kind.answered_by() == Some(self))
    }

    /// Whether one kind is the other, or answers it.
    #[cfg(feature = "http")]
    fn belongs_with(self, other: PacketKind) -> bool {
        self == other || self.answered_by() == Some(other) || other.answered_by() == Some(self)
    }

    /// Whether a packet is valid. Stops at the first error.
    ///
    /// ```
    /// use packetcheck::PacketKind;
    ///
    /// assert!(PacketKind::PleskRequest.is_valid(b"<packet><migration><check/></migration></packet>"));
    /// assert!(!PacketKind::PleskRequest.is_valid(b"<packet><migration/></packet>"));
    /// ```
    pub fn is_valid(self, packet: &[u8]) -> bool {
        self.is_valid_limited(packet, &Limits::default())
    }

    /// The same within other limits.
    pub fn is_valid_limited(self, packet: &[u8], limits: &Limits) -> bool {
        #[cfg(feature = "http")]
        if capture::is_capture(packet) || capture::transcoded(packet, limits).is_some() {
            return self.explain_limited(packet, limits).is_valid();
        }
        (self.entry().is_valid)(packet, limits)
    }

    /// Every error and warning in a packet, with place and cause, or in each message of a capture of HTTP. A document that is not a packet of this kind at all (one of
    /// another kind, an HTML page, a compressed file) is called what it is in one error, without its symptoms.
    ///
    /// ```
    /// let report = packetcheck::PacketKind::SmsTask.explain(br#"{"state": 5}"#);
    /// assert_eq!(report.diagnostics[0].path, "/state");
    /// ```
    pub fn explain(self, packet: &[u8]) -> Report {
        self.explain_limited(packet, &Limits::default())
    }

    /// The same within other limits.
    pub fn explain_limited(self, packet: &[u8], limits: &Limits) -> Report {
        #[cfg(feature = "http")]
        if capture::is_capture(packet) {
            return capture::explain(packet, Some(self), limits).1;
        }
        #[cfg(feature = "http")]
        if capture::transcoded(packet, limits).is_some() {
            return Explained::of(packet, Some(self), limits).report;
        }
        self.explain_packet(packet, limits)
    }

    /// The same of a packet without a head.
    fn explain_packet(self, packet: &[u8], limits: &Limits) -> Report {
        self.name_the_cause(packet, (self.entry().explain)(packet, limits))
    }

    /// A packet as JSON, indented: one in XML by the mapping of `docs/json.md`, one in JSON as it is, a query as an object.
    /// Nothing valid fails to be decoded. Of a capture of HTTP all packets of this kind, one after the other.
    ///
    /// ```
    /// use packetcheck::{Layout, PacketKind};
    ///
    /// let json = PacketKind::PleskRequest.decode(b"<packet><migration><check/></migration></packet>")?;
    /// let packet = PacketKind::PleskRequest.encode(&json, &Layout::default())?;
    /// assert!(packet.ends_with(b"<packet><migration><check/></migration></packet>"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
    /// As [`PacketKind::decode`].
    pub fn decode_limited(self, packet: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
        #[cfg(feature = "http")]
        if capture::is_capture(packet) {
            return capture::decode(packet, Some(self), limits);
        }
        #[cfg(feature = "http")]
        if let Some(decoded) = capture::transcoded(packet, limits) {
            return self.decode_limited(decoded.text().as_bytes(), limits);
        }
        self.decode_packet(packet, limits)
    }

    /// The values of a packet of the kind that it shows, or of all packets of a capture, one after the other.
    ///
    /// # Errors
    ///
    /// It shows no kind, or is invalid: [`Error::report`] says all there is to say.
    pub fn decode_detected_limited(document: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
        #[cfg(feature = "http")]
        if capture::is_capture(document) {
            return capture::decode(document, None, limits);
        }
        #[cfg(feature = "http")]
        if let Some(decoded) = capture::transcoded(document, limits) {
            return PacketKind::decode_detected_limited(decoded.text().as_bytes(), limits);
        }
        match PacketKind::explain_detected_limited(document, limits) {
            (Some(detected), _) => detected.kind.decode_packet(document, limits),
            (None, report) => Err(Error::invalid(report, document)),
        }
    }

    /// The same of a packet without a head.
    fn decode_packet(self, packet: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
        (self.entry().decode)(&in_utf8(packet, limits), limits)
    }

    /// The packet that JSON describes, in the form that [`PacketKind::decode`] gives. Nothing invalid is ever written.
    ///
    /// The values are held as a tree: about 100 bytes for each value in the JSON, so up to some 45 times its size where it is
    /// nothing but numbers of one digit. Bound the size of what is read with [`Limits::document_bytes`].
    ///
    /// ```
    /// use packetcheck::{Layout, PacketKind};
    ///
    /// let json = br#"{"packet": {"$value": [{"migration": {"$value": [{"check": {}}]}}]}}"#;
    /// let packet = PacketKind::PleskRequest.encode(json, &Layout::default().pretty(true))?;
    /// assert!(packet.ends_with(b"    <check/>\n  </migration>\n</packet>\n"));
    /// assert!(PacketKind::PleskRequest.encode(br#"{"packet": 1}"#, &Layout::default()).is_err());
    /// # Ok::<(), packetcheck::EncodeError>(())
    /// ```
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
    /// As [`PacketKind::encode`].
    pub fn encode_limited(self, values: &[u8], layout: &Layout, limits: &Limits) -> Result<Vec<u8>, EncodeError> {
        (self.entry().encode)(values, layout, limits).map_err(|error| self.name_what_was_given(values, error))
    }

    /// Values of another kind are one error, without its symptoms.
    fn name_what_was_given(self, values: &[u8], error: EncodeError) -> EncodeError {
        match &error {
            EncodeError::Values(found) => match found.report() {
                Some(report) if report.errors > 1 || shows_other_members(report) => {
                    EncodeError::Values(Error::invalid(self.name_the_cause_in_values(values, report.clone()), values))
                }
                _ => error,
            },
            EncodeError::Packet(_) => error,
        }
    }

    /// All that a packet without a head says of migrations.
    fn progress_of_packet(self, packet: &[u8], limits: &Limits) -> Result<Vec<Progress<'static>>, Error> {
        (self.entry().progress)(&in_utf8(packet, limits), limits)
    }

    /// The tasks that a packet asks about, if it is a request.
    fn tasks_of_packet(self, packet: &[u8], limits: &Limits) -> Vec<String> {
        self.entry().tasks.map(|tasks| tasks(&in_utf8(packet, limits), limits)).unwrap_or_default()
    }

    /// The documents of its schemas with their names: the one to begin with, then those that it includes, or that
    /// of another form. None for query strings and heads of requests, which no schema language describes.
    ///
    /// ```
    /// let [(name, text), ..] = packetcheck::PacketKind::PleskRequest.schema_documents() else { panic!("it has a schema") };
    /// assert!(*name == "request.xsd" && text.contains("<xs:schema"));
    /// ```
    pub fn schema_documents(self) -> &'static [(&'static str, &'static str)] {
        self.entry().documents
    }

    /// The schema of packets in XML. None for kinds that are written in other forms alone.
    ///
    /// ```
    /// use packetcheck::PacketKind;
    ///
    /// let packet = b"<packet><migration><check/></migration></packet>";
    /// assert!(PacketKind::PleskRequest.schema().is_some_and(|schema| schema.is_valid(packet)));
    /// assert!(PacketKind::SmsTask.schema().is_none());
    /// ```
    pub fn schema(self) -> Option<&'static Schema> {
        self.entry().schema.map(|schema| schema())
    }
}

/// Whether the only error may have ended what is reported: at a member that these values do not have.
fn shows_other_members(report: &Report) -> bool {
    report.diagnostics.first().is_some_and(|first| first.code == Code::UnknownMember)
}

/// A packet in UTF-8. What cannot be decoded is read as it is, for what is wrong with it.
fn in_utf8<'a>(packet: &'a [u8], limits: &Limits) -> Cow<'a, [u8]> {
    crate::xml::decode(packet, limits).unwrap_or(Cow::Borrowed(packet))
}

impl fmt::Display for PacketKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for PacketKind {
    type Err = UnknownPacketKind;

    fn from_str(name: &str) -> Result<PacketKind, UnknownPacketKind> {
        PacketKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownPacketKind(name.to_owned()))
    }
}

impl serde::Serialize for PacketKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::PacketKind;

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in PacketKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert!("plesk".parse::<PacketKind>().is_err());
    }
}
