//! Packets of the Plesk XML API: the `migration` operator with all its operations, requests and answers.
//!
//! Values are generated from the schemas (`packetcheck generate`) and have the shape of the packets, so everything that
//! the schema accepts (with or without a warning) is kept: an answer with both `success` and `error`, several messages,
//! a total of thirty digits. Operators other than `migration` are kept unchanged and unchecked ([`OtherOperator`],
//! [`OtherAnswer`]). Texts borrow from the packet unless a reference in them had to be resolved. With serde, values can
//! also be read and written as JSON: members have the names of the elements, and elements that may be repeated in any
//! order are in the array `$value`.
//!
//! ```
//! use packetcheck::plesk::{Outcome, Request, Response};
//!
//! let body = Request::get_status(["24175", "24176"]).encode()?;
//! assert!(body.ends_with(b"<get_status><migration_id>24176</migration_id></get_status></migration></packet>"));
//!
//! let answer = br#"<packet version="1.6.0.2"><migration><get_status><result><status>ok</status>
//!     <migration_status><total>10</total><completed>4</completed></migration_status>
//! </result></get_status></migration></packet>"#;
//! let response = Response::decode(answer)?;
//! for outcome in response.get_status() {
//!     match outcome {
//!         Outcome::InProgress(status) => assert!(status.completed < status.total),
//!         Outcome::Finished(finished) => assert!(finished.is_success()),
//!         Outcome::Failed(failure) => panic!("{failure}"),
//!         _ => {}
//!     }
//! }
//! # Ok::<(), packetcheck::Error>(())
//! ```
//!
//! Whole messages need the feature `http`: `Request::to_http`, `Request::from_http`, `Request::answer`.

mod generated;
#[cfg(feature = "http")]
mod message;
mod outcome;
mod request;
mod response;
mod start;
#[cfg(feature = "http")]
mod templates;

use std::sync::OnceLock;

use crate::Schema;

pub use generated::request::{
    ContentTransport, Customer, DbServer, DbServerType, Ip, IpType, MappedDbServer, MappedIp, MigrateCustomers,
    MigrateResellers, MigrateWebspaces, MigrationId, MigrationRequest, Objects, Only, Operation, OtherOperator,
    OtherOperatorName, Request, RequestOperator, RequestSettings, Reseller, SelectedObjects, Setting, Start,
    SystemType, Webspace,
};
pub use generated::response::{
    Answer, CheckAnswer, ErrorPart, FinishAnswer, Finished, FinishedError, Fs, FsMode, GetFsAnswer, GetFsResult,
    GetStatusAnswer, GetStatusResult, MigrationAnswer, MigrationState, MigrationStatus, Object, OperationAnswer,
    OtherAnswer, OtherAnswerName, Response, ResponseOperator, StartAnswer, StartResult, Status,
};
#[cfg(feature = "http")]
pub use message::Credentials;
pub use outcome::{Failure, Outcome};
pub use start::Source;
#[cfg(feature = "http")]
pub(crate) use templates::TEMPLATES;

const COMMON: (&str, &str) = ("common.xsd", include_str!("../../schemas/plesk/common.xsd"));

const OPERATORS: (&str, &str) = ("operators.xsd", include_str!("../../schemas/plesk/operators.xsd"));

/// The documents of the schema of requests, by name; the first includes the others.
pub(crate) const REQUEST_DOCUMENTS: &[(&str, &str)] = &[
    ("request.xsd", include_str!("../../schemas/plesk/request.xsd")),
    COMMON,
    ("migration_input.xsd", include_str!("../../schemas/plesk/migration_input.xsd")),
    OPERATORS,
];

/// The documents of the schema of answers, by name; the first includes the others.
pub(crate) const RESPONSE_DOCUMENTS: &[(&str, &str)] = &[
    ("response.xsd", include_str!("../../schemas/plesk/response.xsd")),
    COMMON,
    ("migration_output.xsd", include_str!("../../schemas/plesk/migration_output.xsd")),
    OPERATORS,
];

/// The schema of requests (`schemas/plesk/request.xsd`), compiled once per process.
///
/// ```
/// let schema = packetcheck::plesk::request_schema();
/// assert!(schema.is_valid(b"<packet><migration><check/></migration></packet>"));
/// ```
pub fn request_schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| compile(REQUEST_DOCUMENTS).with_own_prediction(&generated::request::PREDICTION))
}

/// The schema of answers (`schemas/plesk/response.xsd`), compiled once per process.
///
/// ```
/// let schema = packetcheck::plesk::response_schema();
/// assert!(!schema.is_valid(b"<packet><migration><check/></migration></packet>"));
/// ```
pub fn response_schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| compile(RESPONSE_DOCUMENTS).with_own_prediction(&generated::response::PREDICTION))
}

fn compile(documents: &[(&str, &str)]) -> Schema {
    Schema::from_documents(documents).expect("the embedded schemas compile: the tests of this module see to it")
}

#[cfg(test)]
mod tests {
    use super::{request_schema, response_schema};
    use crate::diagnostic::repeats_secret;

    /// Without it they are only slower. After a change in `schemas/` it has to be generated again: `UPDATE_GOLDEN=1
    /// cargo test --all-features --test command generated`.
    #[test]
    fn the_schemas_have_their_prediction() {
        assert!([request_schema(), response_schema()].iter().all(|schema| schema.prediction().is_some()));
    }

    #[test]
    fn usual_packets_are_predicted() {
        for (schema, name) in [
            (request_schema(), "start/documented_webspaces.xml"),
            (request_schema(), "start/documented_customers.xml"),
            (request_schema(), "operations/request_of_all.xml"),
            (response_schema(), "documentation/in_progress.xml"),
            (response_schema(), "operations/response_of_all.xml"),
        ] {
            let packet = std::fs::read(format!("tests/data/plesk/{name}")).expect("a sample");
            assert!(schema.is_predicted(&packet, schema.limits(), false), "{name}");
        }
        let packet = include_bytes!("../../tests/data/plesk/documentation/in_progress.xml");
        assert!(response_schema().is_predicted(packet, response_schema().limits(), true));
    }

    #[test]
    fn names_marked_by_the_schemas_are_secret_in_any_document() {
        let marked = [request_schema(), response_schema()].map(super::Schema::secrets).concat();
        assert_eq!(marked, ["password".into(), "password".into()]);
        for name in marked {
            let document = format!("<{name}>Zq9</{name}>");
            assert!(repeats_secret(document.as_bytes(), "found `Zq9`"), "{name}");
        }
    }
}
