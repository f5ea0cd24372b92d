//! Messages of Alibaba Cloud DataWorks: `GetMigrationProcess` (version 2020-05-18), requests and answers.
//!
//! ```
//! use packetcheck::dataworks::{Request, Response, TaskStatus};
//!
//! let query = Request::new(123456, 123456).with("Version", "2020-05-18").encode()?;
//! assert_eq!(query, "Action=GetMigrationProcess&ProjectId=123456&MigrationId=123456&Version=2020-05-18");
//!
//! let answer = b"<GetMigrationProcessResponse><HttpStatusCode>200</HttpStatusCode><Data>\
//!     <TaskStatus>SUCCESS</TaskStatus><TaskName>IMPORE_PREPARE</TaskName></Data></GetMigrationProcessResponse>";
//! match Response::decode_xml(answer)? {
//!     Response::Progress(progress) => assert_eq!(progress.items()[0].status(), Some(TaskStatus::Success)),
//!     Response::Error(error) => panic!("{:?}: {:?}", error.code, error.message),
//!     _ => {}
//! }
//!
//! let same = br#"{"HttpStatusCode":200,"Data":[{"TaskStatus":"SUCCESS","TaskName":"IMPORE_PREPARE"}]}"#;
//! assert_eq!(Response::decode_json(same)?, Response::decode_xml(answer)?);
//! # Ok::<(), packetcheck::Error>(())
//! ```
//!
//! Whole messages need the feature `http`: `Request::to_http`, `Request::from_http`, `Request::answer`.

mod gateway;
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
mod generated;
#[cfg(feature = "http")]
mod message;
mod parameters;
mod query;
mod request;
mod response;
#[cfg(feature = "http")]
mod templates;

use std::sync::OnceLock;

use crate::Schema;

pub use request::{Format, Parameter, Request};
pub(crate) use response::ROOT as RESPONSE;
pub use response::{AnyText, ErrorCode, GatewayError, GetMigrationProcess, ProgressTaskItem, Response, TaskStatus};
#[cfg(feature = "http")]
pub(crate) use templates::TEMPLATES;

/// The schemas of answers, by name: one for XML, and one for JSON.
pub(crate) const RESPONSE_DOCUMENTS: &[(&str, &str)] = &[
    ("get_migration_process.xsd", include_str!("../../schemas/dataworks/get_migration_process.xsd")),
    ("get_migration_process.schema.json", include_str!("../../schemas/dataworks/get_migration_process.schema.json")),
];

/// The schema of answers in XML (`schemas/dataworks/get_migration_process.xsd`), compiled once per process.
///
/// ```
/// assert!(packetcheck::dataworks::response_schema().is_valid(b"<GetMigrationProcessResponse/>"));
/// ```
pub fn response_schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        // The first is the root and includes nothing.
        Schema::from_documents(RESPONSE_DOCUMENTS)
            .expect("the embedded schema compiles: the tests of this module see to it")
            .with_own_prediction(&generated::PREDICTION)
    })
}
