//! The kinds of packets, in any syntax: a table of what each kind consists of, and the evidence for it in a packet.

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

/// The syntax of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Syntax {
    /// XML.
    Xml,
    /// JSON.
    Json,
    /// XML or JSON, depending on the content.
    XmlOrJson,
    /// A query string, as a part of a URL or alone, or a form body.
    Query,
    /// The head of an HTTP request, which has no body.
    Head,
}

/// The direction of a message.
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

/// The error for a name that no kind has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of `{}`, found `{}`", PacketKind::ALL.map(PacketKind::name).join("`, `"), .0.escape_debug())]
pub struct UnknownPacketKind(String);

impl PacketKind {
    /// Its name in the command.
    pub fn name(self) -> &'static str {
        self.column(|entry| entry.name)
    }

    /// A one-line description of packets of this kind.
    pub fn description(self) -> &'static str {
        self.column(|entry| entry.description)
    }

    /// The system whose packets they are.
    pub fn system(self) -> &'static System {
        self.column(|entry| entry.system)
    }

    /// The packets of this kind that can be made from named values: those that a client sends.
    #[cfg(feature = "http")]
    pub fn templates(self) -> &'static [Template] {
        self.column(|entry| entry.new)
    }

    /// The template with this name.
    #[cfg(feature = "http")]
    pub fn template(self, name: &str) -> Option<&'static Template> {
        self.templates().iter().find(|template| template.name == name)
    }

    /// The syntax of packets of this kind.
    pub fn syntax(self) -> Syntax {
        self.column(|entry| entry.syntax)
    }

    /// Whether packets of this kind are sent in requests or in responses.
    pub fn direction(self) -> Direction {
        self.column(|entry| entry.direction)
    }

    /// The kind of the answers to requests of this kind, if they have a documented body.
    pub fn answered_by(self) -> Option<PacketKind> {
        self.column(|entry| entry.answered_by)
    }

    /// The kind of the requests that packets of this kind answer.
    #[cfg(feature = "http")]
    fn asked_by(self) -> Option<PacketKind> {
        PacketKind::ALL.into_iter().find(|kind| kind.answered_by() == Some(self))
    }

    /// Whether the two kinds are the same, or one answers the other.
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

    /// As [`PacketKind::is_valid`], with your own limits.
    pub fn is_valid_limited(self, packet: &[u8], limits: &Limits) -> bool {
        #[cfg(feature = "http")]
        if capture::is_capture(packet) || capture::transcoded(packet, limits).is_some() {
            return self.explain_limited(packet, limits).is_valid();
        }
        (self.column(|entry| entry.is_valid))(packet, limits)
    }

    /// Every error and warning in a packet, with place and cause, or in each message of an HTTP capture. For a document
    /// that is not a packet of this kind at all (one of another kind, an HTML page, a compressed file), one error says
    /// what it is, without its symptoms.
    ///
    /// ```
    /// let report = packetcheck::PacketKind::SmsTask.explain(br#"{"state": 5}"#);
    /// assert_eq!(report.diagnostics[0].path, "/state");
    /// ```
    pub fn explain(self, packet: &[u8]) -> Report {
        self.explain_limited(packet, &Limits::default())
    }

    /// As [`PacketKind::explain`], with your own limits.
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

    /// As `explain_limited`, for a packet without a head.
    fn explain_packet(self, packet: &[u8], limits: &Limits) -> Report {
        self.name_the_cause(packet, (self.column(|entry| entry.explain))(packet, limits))
    }

    /// A packet as indented JSON: XML by the mapping of `docs/json.md`, JSON as it is, a query as an object. Every
    /// valid packet can be decoded. For an HTTP capture, all packets of this kind, one after another.
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
    /// The packet is invalid: [`Error::report`] has the diagnostics.
    pub fn decode(self, packet: &[u8]) -> Result<Vec<u8>, Error> {
        self.decode_limited(packet, &Limits::default())
    }

    /// As [`PacketKind::decode`], with your own limits.
    ///
    /// # Errors
    ///
    /// See [`PacketKind::decode`].
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

    /// The values of a packet by the kind it shows, or of all packets of a capture, one after another.
    ///
    /// # Errors
    ///
    /// It shows no kind, or is invalid: [`Error::report`] has the diagnostics.
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

    /// As `decode_limited`, for a packet without a head.
    fn decode_packet(self, packet: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
        (self.column(|entry| entry.decode))(&in_utf8(packet, limits), limits)
    }

    /// The packet for JSON in the form that [`PacketKind::decode`] gives. Nothing invalid is ever written.
    ///
    /// The values are held as a tree: about 100 bytes for each value in the JSON, so up to some 45 times its size if it
    /// consists of one-digit numbers. Bound the size of the input with [`Limits::document_bytes`].
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

    /// As [`PacketKind::encode`], with your own limits for the input.
    ///
    /// # Errors
    ///
    /// See [`PacketKind::encode`].
    pub fn encode_limited(self, values: &[u8], layout: &Layout, limits: &Limits) -> Result<Vec<u8>, EncodeError> {
        (self.column(|entry| entry.encode))(values, layout, limits)
            .map_err(|error| self.name_what_was_given(values, error))
    }

    /// Values of another kind are reported as one error, without its symptoms.
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

    /// Everything that a packet without a head says about migrations.
    fn progress_of_packet(self, packet: &[u8], limits: &Limits) -> Result<Vec<Progress<'static>>, Error> {
        (self.column(|entry| entry.progress))(&in_utf8(packet, limits), limits)
    }

    /// The tasks that a packet asks about, if it is a request.
    fn tasks_of_packet(self, packet: &[u8], limits: &Limits) -> Vec<String> {
        self.column(|entry| entry.tasks).map(|tasks| tasks(&in_utf8(packet, limits), limits)).unwrap_or_default()
    }

    /// The documents of its schemas with their names: the main one first, then those that it includes, or the schema
    /// for another syntax. Empty for query strings and heads of requests, which no schema language describes.
    ///
    /// ```
    /// let [(name, text), ..] = packetcheck::PacketKind::PleskRequest.schema_documents() else { panic!("it has a schema") };
    /// assert!(*name == "request.xsd" && text.contains("<xs:schema"));
    /// ```
    pub fn schema_documents(self) -> &'static [(&'static str, &'static str)] {
        self.column(|entry| entry.documents)
    }

    /// The schema of packets in XML. `None` for kinds that have only other forms.
    ///
    /// ```
    /// use packetcheck::PacketKind;
    ///
    /// let packet = b"<packet><migration><check/></migration></packet>";
    /// assert!(PacketKind::PleskRequest.schema().is_some_and(|schema| schema.is_valid(packet)));
    /// assert!(PacketKind::SmsTask.schema().is_none());
    /// ```
    pub fn schema(self) -> Option<&'static Schema> {
        self.column(|entry| entry.schema).map(|schema| schema())
    }
}

/// Whether the report may have ended with its only error: a member that these values do not have.
fn shows_other_members(report: &Report) -> bool {
    report.diagnostics.first().is_some_and(|first| first.code == Code::UnknownMember)
}

/// A packet in UTF-8. If it cannot be decoded it stays unchanged, so that its error is reported.
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
