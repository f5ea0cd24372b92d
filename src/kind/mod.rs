//! The kinds of packets, whatever they are written in: who decides about each, and how a packet shows its kind.

mod detect;
mod evidence;
mod foreign;
mod json;
mod query;
mod xml;

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::Report;
use crate::{Limits, dataworks, plesk, sms};

pub use detect::Detected;

/// A kind of packet: who decides whether one is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// What a client sends to a Plesk server.
    PleskRequest,
    /// What a Plesk server answers.
    PleskResponse,
    /// What a client asks Alibaba Cloud DataWorks: `GetMigrationProcess`.
    DataWorksRequest,
    /// What Alibaba Cloud DataWorks answers to it, or the gateway in front of it.
    DataWorksResponse,
    /// What Huawei Cloud SMS answers to a question about a task: its details, or an error body.
    SmsTask,
    /// What an agent reports to Huawei Cloud SMS: the progress of a step.
    SmsProgress,
}

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
    /// All kinds.
    pub const ALL: [Kind; 6] = [
        Kind::PleskRequest,
        Kind::PleskResponse,
        Kind::DataWorksRequest,
        Kind::DataWorksResponse,
        Kind::SmsTask,
        Kind::SmsProgress,
    ];

    /// The name by which the command knows it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::PleskRequest => "plesk-request",
            Kind::PleskResponse => "plesk-response",
            Kind::DataWorksRequest => "dataworks-request",
            Kind::DataWorksResponse => "dataworks-response",
            Kind::SmsTask => "sms-task",
            Kind::SmsProgress => "sms-progress",
        }
    }

    /// What packets of this kind are, in a line.
    pub fn description(self) -> &'static str {
        match self {
            Kind::PleskRequest => "what a client sends to a Plesk server",
            Kind::PleskResponse => "what a Plesk server answers",
            Kind::DataWorksRequest => "what a client asks DataWorks: GetMigrationProcess",
            Kind::DataWorksResponse => "what DataWorks answers to it, or its gateway",
            Kind::SmsTask => "what Huawei Cloud SMS answers about a task, or an error",
            Kind::SmsProgress => "what an agent reports to Huawei Cloud SMS of a step",
        }
    }

    /// How packets of this kind are written.
    pub fn form(self) -> Form {
        match self {
            Kind::PleskRequest | Kind::PleskResponse => Form::Xml,
            Kind::DataWorksResponse => Form::XmlOrJson,
            Kind::DataWorksRequest => Form::Query,
            Kind::SmsTask | Kind::SmsProgress => Form::Json,
        }
    }

    /// Whether a packet is valid. The quick way: stops at the first doubt.
    pub fn is_valid(self, packet: &[u8]) -> bool {
        match self {
            Kind::PleskRequest => plesk::request_schema().is_valid(packet),
            Kind::PleskResponse => plesk::response_schema().is_valid(packet),
            Kind::DataWorksRequest => self.explain(packet).is_valid(),
            Kind::DataWorksResponse => dataworks::Response::is_valid(packet),
            Kind::SmsTask => sms::Response::from_json(packet).is_ok(),
            Kind::SmsProgress => sms::ProgressReport::from_json(packet).is_ok(),
        }
    }

    /// Every error and warning in a packet, with place and cause. A document that is not a packet of this kind at all (one of
    /// another kind, an HTML page, a compressed file) is called what it is in one error, without its symptoms.
    pub fn explain(self, packet: &[u8]) -> Report {
        self.explain_limited(packet, &Limits::default())
    }

    /// The same within other limits.
    pub fn explain_limited(self, packet: &[u8], limits: &Limits) -> Report {
        let report = match self {
            Kind::PleskRequest => plesk::request_schema().with_limits(*limits).explain(packet),
            Kind::PleskResponse => plesk::response_schema().with_limits(*limits).explain(packet),
            Kind::DataWorksRequest => dataworks::Request::explain(packet, limits),
            Kind::DataWorksResponse => dataworks::Response::explain(packet, limits),
            Kind::SmsTask => sms::Response::explain(packet, limits),
            Kind::SmsProgress => sms::ProgressReport::explain(packet, limits),
        };
        self.name_the_cause(packet, report)
    }

    /// The documents of its schemas with their names: the one to begin with, then those that it includes, or that
    /// of another form. None for query strings, which no schema language describes.
    pub fn schema_documents(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Kind::PleskRequest => plesk::REQUEST_DOCUMENTS,
            Kind::PleskResponse => plesk::RESPONSE_DOCUMENTS,
            Kind::DataWorksRequest => &[],
            Kind::DataWorksResponse => dataworks::RESPONSE_DOCUMENTS,
            Kind::SmsTask => sms::TASK_DOCUMENTS,
            Kind::SmsProgress => sms::PROGRESS_DOCUMENTS,
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
