//! The table of kinds: one entry per kind, with everything the library and the command know about it.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;
use serde::de::IgnoredAny;

use super::json::Members;
use super::{Direction, Syntax, tasks};
#[cfg(feature = "http")]
use super::{head, show_task};
use crate::diagnostic::render::json;
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::{Diagnostic, Report, Severity, words};
#[cfg(feature = "http")]
use crate::http::Message;
#[cfg(feature = "http")]
use crate::operation::{Explanation, Template};
use crate::{Error, Limits, Progress, Schema, dataworks, plesk, sms, xml};

/// What is known about a kind.
pub(super) struct Entry {
    /// Its name in the command.
    pub(super) name: &'static str,
    /// A one-line description of packets of this kind.
    pub(super) description: &'static str,
    /// The system whose packets they are.
    pub(super) system: &'static System,
    pub(super) syntax: Syntax,
    /// Whether its packets are sent in requests or in responses.
    pub(super) direction: Direction,
    /// For requests: the kind of the documented body of their answers.
    pub(super) answered_by: Option<PacketKind>,
    /// The HTTP around its packets.
    #[cfg(feature = "http")]
    pub(super) http: Http,
    /// Only the verdict.
    pub(super) is_valid: fn(&[u8], &Limits) -> bool,
    /// Every error and warning.
    pub(super) explain: fn(&[u8], &Limits) -> Report,
    /// The documents of its schemas with their names, the main one first.
    pub(super) documents: &'static [(&'static str, &'static str)],
    /// The schema of packets in XML.
    pub(super) schema: Option<fn() -> &'static Schema>,
    /// The evidence for the kind in JSON, if it has that syntax.
    pub(super) members: Option<&'static Members>,
    /// What a packet in UTF-8 says about migrations.
    pub(super) progress: Read<Vec<Progress<'static>>>,
    /// The tasks that a packet in UTF-8 asks about, in the order of the answers about them, if it can name any.
    pub(super) tasks: Option<Tasks>,
    /// The values of a packet in UTF-8, as JSON.
    pub(super) decode: Read<Vec<u8>>,
    /// Makes a packet from values as JSON.
    pub(super) encode: Encode,
    /// The packets that can be made from named values.
    #[cfg(feature = "http")]
    pub(super) new: &'static [Template],
}

/// A system that packets are sent to and received from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct System {
    /// Its name in the command.
    pub name: &'static str,
    /// A description: `a Plesk server`.
    pub description: &'static str,
}

const PLESK: &System = &System { name: "plesk", description: "a Plesk server" };
const DATAWORKS: &System = &System { name: "dataworks", description: "Alibaba Cloud DataWorks" };
const SMS: &System = &System { name: "sms", description: "Huawei Cloud SMS" };

type Tasks = fn(&[u8], &Limits) -> Vec<String>;
type Read<T> = fn(&[u8], &Limits) -> Result<T, Error>;
type Encode = fn(&[u8], &Layout, &Limits) -> Result<Vec<u8>, EncodeError>;

/// What is known about the HTTP messages around packets of a kind.
#[cfg(feature = "http")]
pub(super) struct Http {
    /// The evidence in the head of a request.
    pub(super) head: fn(&Message<'_>) -> Option<String>,
    /// Every error and warning in a message, head and body.
    pub(super) explain: fn(&Message<'_>, &Limits) -> Explanation,
    /// Every error and warning in the answer to a request of this kind.
    pub(super) explain_answer: fn(&Message<'_>, &Limits) -> Explanation,
    /// The tasks that a request names, in the order of the answers about them.
    pub(super) tasks: fn(&Message<'_>, &Limits) -> Vec<String>,
    /// The values of a message as JSON, if they are not those of its body.
    pub(super) decode: Option<Decode>,
}

#[cfg(feature = "http")]
type Decode = fn(&Message<'_>, &Limits) -> Result<Vec<u8>, Error>;

#[cfg(feature = "http")]
impl Http {
    /// The HTTP messages around responses.
    const fn of_response(explain: fn(&Message<'_>, &Limits) -> Explanation) -> Http {
        Http {
            head: |_| None,
            explain,
            explain_answer: |_, _| Explanation::default(),
            tasks: |_, _| Vec::new(),
            decode: None,
        }
    }
}

/// How a packet is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layout {
    /// Write JSON if the kind has two forms; the default is XML.
    pub json: bool,
    /// Write each element or member on its own line, indented.
    pub pretty: bool,
}

impl Layout {
    /// The same layout with JSON output, if `json` is true and the kind has two forms.
    pub fn json(self, json: bool) -> Layout {
        Layout { json, ..self }
    }

    /// The same layout with each element or member on its own line, if `pretty` is true.
    pub fn pretty(self, pretty: bool) -> Layout {
        Layout { pretty, ..self }
    }
}

/// Why no packet was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EncodeError {
    /// The input is not JSON, or its values are not those of a packet. Places are in the JSON.
    #[error("{0}")]
    Values(Error),
    /// The packet would be invalid. Places are in what would have been written.
    #[error("{0}")]
    Packet(Error),
}

/// Makes the enum of the kinds and the table of their entries.
macro_rules! kinds {
    ($(#[doc = $doc:literal] $kind:ident = $entry:expr;)+) => {
        /// A kind of packet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum PacketKind {
            $(#[doc = $doc] $kind,)+
        }

        impl PacketKind {
            /// All kinds.
            pub const ALL: [PacketKind; [$(PacketKind::$kind),+].len()] = [$(PacketKind::$kind),+];

            /// The value of one column of the table. Nothing else of an entry is read, so columns that a program never
            /// uses are not linked into it: a program that only checks has none of the code that encodes.
            #[inline(always)]
            pub(super) fn column<T>(self, of: impl Fn(&'static Entry) -> T) -> T {
                match self {
                    $(PacketKind::$kind => {
                        const ENTRY: &Entry = &$entry;
                        of(ENTRY)
                    })+
                }
            }
        }
    };
}

kinds! {
    /// A client's request to a Plesk server.
    PleskRequest = Entry {
        name: "plesk-request",
        description: "a client's request to a Plesk server",
        system: PLESK,
        syntax: Syntax::Xml,
        direction: Direction::Request,
        answered_by: Some(PacketKind::PleskResponse),
        #[cfg(feature = "http")]
        http: Http {
            head: head::plesk,
            explain: plesk::Request::explain_message,
            explain_answer: plesk::Request::explain_answer,
            tasks: |request, limits| tasks::plesk(&request.body.bytes, limits),
            decode: None,
        },
        is_valid: |packet, limits| plesk::request_schema().is_valid_within(packet, limits),
        explain: |packet, limits| explain_by(plesk::request_schema(), packet, limits),
        documents: plesk::REQUEST_DOCUMENTS,
        schema: Some(plesk::request_schema),
        members: None,
        progress: |packet, limits| plesk::Request::decode_limited(packet, limits).map(|_| Vec::new()),
        tasks: Some(tasks::plesk),
        decode: |packet, limits| decode_by(plesk::request_schema(), packet, limits),
        encode: |values, layout, limits| encode_by(plesk::request_schema(), values, layout, limits),
        #[cfg(feature = "http")]
        new: plesk::TEMPLATES,
    };

    /// The answer of a Plesk server.
    PleskResponse = Entry {
        name: "plesk-response",
        description: "the answer of a Plesk server",
        system: PLESK,
        syntax: Syntax::Xml,
        direction: Direction::Response,
        answered_by: None,
        #[cfg(feature = "http")]
        http: Http::of_response(plesk::Request::explain_answer),
        is_valid: |packet, limits| plesk::response_schema().is_valid_within(packet, limits),
        explain: |packet, limits| explain_by(plesk::response_schema(), packet, limits),
        documents: plesk::RESPONSE_DOCUMENTS,
        schema: Some(plesk::response_schema),
        members: None,
        progress: |packet, limits| {
            let response = plesk::Response::decode_limited(packet, limits)?;
            Ok(Progress::of_plesk(&response).map(Progress::into_owned).collect())
        },
        tasks: None,
        decode: |packet, limits| decode_by(plesk::response_schema(), packet, limits),
        encode: |values, layout, limits| encode_by(plesk::response_schema(), values, layout, limits),
        #[cfg(feature = "http")]
        new: &[],
    };

    /// A client's request to Alibaba Cloud DataWorks: `GetMigrationProcess`.
    DataWorksRequest = Entry {
        name: "dataworks-request",
        description: "a client's request to DataWorks: GetMigrationProcess",
        system: DATAWORKS,
        syntax: Syntax::Query,
        direction: Direction::Request,
        answered_by: Some(PacketKind::DataWorksResponse),
        #[cfg(feature = "http")]
        http: Http {
            head: head::dataworks,
            explain: dataworks::Request::explain_message,
            explain_answer: dataworks::Request::explain_answer,
            tasks: tasks::dataworks,
            // Parameters may be in its query, in its body or in both.
            decode: Some(|message, limits| to_json(&dataworks::Request::from_message_limited(message, limits)?)),
        },
        is_valid: |packet, limits| dataworks::Request::explain(packet, limits).is_valid(),
        explain: dataworks::Request::explain,
        // No schema language describes query strings.
        documents: &[],
        schema: None,
        members: None,
        progress: |packet, limits| dataworks::Request::decode_limited(packet, limits).map(|_| Vec::new()),
        tasks: Some(tasks::dataworks_query),
        decode: |packet, limits| to_json(&dataworks::Request::decode_limited(packet, limits)?),
        encode: |values, _, limits| {
            let report = dataworks::Request::explain_json(values, limits);
            if !report.is_valid() {
                return Err(EncodeError::Values(Error::invalid(report, values)));
            }
            let request = dataworks::Request::decode_json_limited(values, limits).map_err(EncodeError::Values)?;
            request.encode().map(String::into_bytes).map_err(EncodeError::Packet)
        },
        #[cfg(feature = "http")]
        new: dataworks::TEMPLATES,
    };

    /// The answer of Alibaba Cloud DataWorks, or of the gateway in front of it.
    DataWorksResponse = Entry {
        name: "dataworks-response",
        description: "the answer of DataWorks or its gateway",
        system: DATAWORKS,
        syntax: Syntax::XmlOrJson,
        direction: Direction::Response,
        answered_by: None,
        #[cfg(feature = "http")]
        http: Http::of_response(dataworks::Request::explain_answer),
        is_valid: dataworks::Response::is_valid_limited,
        explain: dataworks::Response::explain,
        documents: dataworks::RESPONSE_DOCUMENTS,
        schema: Some(dataworks::response_schema),
        members: Some(&Members {
            root: dataworks::RESPONSE,
            evidence: &[
                &["HttpStatusCode"],
                // Every answer of that cloud has a `RequestId`.
                &["RequestId", "Data"],
                &["RequestId", "Success"],
                &["HostId"],
                &["ErrorCode"],
                &["ErrorMessage"],
                &["Data", "Success"],
                &["Code", "Message"],
            ],
        }),
        progress: |packet, limits| {
            let response = dataworks::Response::decode_limited(packet, limits)?;
            Ok(vec![Progress::from(&response).into_owned()])
        },
        tasks: None,
        decode: |packet, limits| match xml::is_begun(packet) {
            true => decode_by(dataworks::response_schema(), packet, limits),
            false => to_json(&dataworks::Response::decode_json_limited(packet, limits)?),
        },
        encode: |values, layout, limits| {
            let schema = dataworks::response_schema();
            // An answer in XML has its root as the only member in JSON, which no answer in JSON has.
            if !has_root(schema, values) {
                let response = dataworks::Response::decode_json_limited(values, limits).map_err(EncodeError::Values)?;
                return write_answer(&response, layout).map_err(EncodeError::Packet);
            }
            let packet = encode_by(schema, values, layout, limits)?;
            if !layout.json {
                return Ok(packet);
            }
            let response = dataworks::Response::decode_xml_limited(&packet, limits);
            response.and_then(|response| write_answer(&response, layout)).map_err(EncodeError::Packet)
        },
        #[cfg(feature = "http")]
        new: &[],
    };

    /// A client's request to Huawei Cloud SMS for the details of a task: a request without a body.
    SmsTaskRequest = Entry {
        name: "sms-task-request",
        description: "a client's request to Huawei Cloud SMS for the details of a task",
        system: SMS,
        syntax: Syntax::Head,
        direction: Direction::Request,
        answered_by: Some(PacketKind::SmsTask),
        #[cfg(feature = "http")]
        http: Http {
            head: head::sms_task,
            explain: sms::ShowTask::explain,
            explain_answer: sms::ShowTask::explain_answer,
            tasks: tasks::sms,
            decode: Some(show_task::decode),
        },
        // All of it is in the head of an HTTP request.
        is_valid: |_, _| false,
        explain: |packet, _| no_head(packet),
        documents: &[],
        schema: None,
        members: None,
        progress: |packet, _| Err(Error::invalid(no_head(packet), packet)),
        tasks: None,
        decode: |packet, _| Err(Error::invalid(no_head(packet), packet)),
        #[cfg(feature = "http")]
        encode: |values, _, limits| show_task::encode(values, limits),
        #[cfg(not(feature = "http"))]
        encode: |_, _, _| Err(EncodeError::Packet(Error::mismatch("only the feature `http` writes requests"))),
        #[cfg(feature = "http")]
        new: sms::SHOW_TASK,
    };

    /// The answer of Huawei Cloud SMS to a request for the details of a task, or an error body.
    SmsTask = Entry {
        name: "sms-task",
        description: "the details of a task from Huawei Cloud SMS, or an error",
        system: SMS,
        syntax: Syntax::Json,
        direction: Direction::Response,
        answered_by: None,
        #[cfg(feature = "http")]
        http: Http::of_response(sms::ShowTask::explain_answer),
        is_valid: |packet, limits| sms::Response::decode_limited(packet, limits).is_ok(),
        explain: sms::Response::explain,
        documents: sms::TASK_DOCUMENTS,
        schema: None,
        members: Some(&Members {
            root: sms::TASK,
            evidence: &[
                &["sub_tasks"],
                &["source_server"],
                &["target_server"],
                &["os_type"],
                &["speed_limit"],
                &["start_target_server"],
                &["enterprise_project_id"],
                &["migration_ip"],
                &["vm_template_id"],
                &["estimate_complete_time"],
                &["error_json"],
                &["float_ip"],
                &["remain_seconds"],
                &["target_snapshot_id"],
                &["clone_server"],
                &["network_check_info"],
                &["subtask_info"],
                // From an error body.
                &["error_code"],
                &["error_msg"],
                &["errorCode", "errorMsg"],
            ],
        }),
        progress: |packet, limits| {
            let response = sms::Response::decode_limited(packet, limits)?;
            Ok(vec![Progress::from(&response).into_owned()])
        },
        tasks: None,
        decode: |packet, limits| to_json(&sms::Response::decode_limited(packet, limits)?),
        encode: |values, layout, limits| {
            let response = sms::Response::decode_limited(values, limits).map_err(EncodeError::Values)?;
            response.encode().and_then(|json| laid_out(json, &response, layout)).map_err(EncodeError::Packet)
        },
        #[cfg(feature = "http")]
        new: &[],
    };

    /// An agent's report to Huawei Cloud SMS on the progress of a step.
    SmsProgress = Entry {
        name: "sms-progress",
        description: "an agent's progress report to Huawei Cloud SMS",
        system: SMS,
        syntax: Syntax::Json,
        direction: Direction::Request,
        answered_by: None,
        #[cfg(feature = "http")]
        http: Http {
            head: head::sms_progress,
            explain: sms::ReportProgress::explain,
            explain_answer: sms::ReportProgress::explain_answer,
            tasks: tasks::sms,
            decode: None,
        },
        is_valid: |packet, limits| sms::ProgressReport::decode_limited(packet, limits).is_ok(),
        explain: sms::ProgressReport::explain,
        documents: sms::PROGRESS_DOCUMENTS,
        schema: None,
        members: Some(&Members {
            root: sms::PROGRESS,
            evidence: &[
                &["subtask_name"],
                &["replicatesize"],
                &["totalsize"],
                &["process_trace"],
                &["remain_time"],
                &["agent_time"],
            ],
        }),
        progress: |packet, limits| {
            let report = sms::ProgressReport::decode_limited(packet, limits)?;
            Ok(vec![Progress::from(&report).into_owned()])
        },
        tasks: None,
        decode: |packet, limits| to_json(&sms::ProgressReport::decode_limited(packet, limits)?),
        encode: |values, layout, limits| {
            let report = sms::ProgressReport::decode_limited(values, limits).map_err(EncodeError::Values)?;
            report.encode().and_then(|json| laid_out(json, &report, layout)).map_err(EncodeError::Packet)
        },
        #[cfg(feature = "http")]
        new: sms::REPORT_PROGRESS,
    };
}

fn explain_by(schema: &Schema, packet: &[u8], limits: &Limits) -> Report {
    schema.explain_within(packet, limits)
}

/// The JSON of a packet in XML: `docs/json.md`.
fn decode_by(schema: &Schema, packet: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
    let mut json = schema.with_limits(*limits).decode_to_json_pretty(packet)?;
    json.truncate(json.trim_ascii_end().len());
    Ok(json)
}

/// Whether JSON is an object with a root of a schema as its one member.
fn has_root(schema: &Schema, json: &[u8]) -> bool {
    let members = serde_json::from_slice::<HashMap<Cow<'_, str>, IgnoredAny>>(json).unwrap_or_default();
    members.len() == 1 && members.keys().all(|name| schema.has_root(name))
}

/// An answer of DataWorks in the requested form.
fn write_answer(response: &dataworks::Response<'_>, layout: &Layout) -> Result<Vec<u8>, Error> {
    match (layout.json, layout.pretty) {
        (false, false) => response.encode_xml(),
        (false, true) => response.encode_xml_pretty(),
        (true, _) => response.encode_json().and_then(|json| laid_out(json, response, layout)),
    }
}

/// The XML packet that JSON describes.
fn encode_by(schema: &Schema, json: &[u8], layout: &Layout, limits: &Limits) -> Result<Vec<u8>, EncodeError> {
    let schema = schema.with_limits(*limits);
    let packet = match layout.pretty {
        true => schema.encode_from_json_pretty(json),
        false => schema.encode_from_json(json),
    };
    packet.map_err(EncodeError::Values)
}

pub(super) fn to_json(values: &impl Serialize) -> Result<Vec<u8>, Error> {
    json::to_pretty(values).map_err(Error::mismatch)
}

/// JSON with each member on its own line, if requested.
fn laid_out(json: Vec<u8>, value: &impl Serialize, layout: &Layout) -> Result<Vec<u8>, Error> {
    if layout.pretty { serde_json::to_vec_pretty(value).map_err(Error::mismatch) } else { Ok(json) }
}

/// The report on a document in place of a whole HTTP request.
fn no_head(document: &[u8]) -> Report {
    let length = document.iter().position(|byte| *byte == b'\n').unwrap_or(document.len());
    let mut report = Report::of_one(Severity::Error, Diagnostic::new(words::no_head(), 0..length, String::new()));
    secret::conceal(&mut report, document, &SecretNames::of_credentials());
    report
}
