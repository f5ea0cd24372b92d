//! Check, decode and write API packets, decided by a schema.
#![forbid(unsafe_code)]

pub mod automaton;
pub mod datatype;
pub mod xml;
pub mod xsd;

pub mod rules;

pub mod check;
pub mod diagnostic;

pub mod codec;

pub mod plesk;

mod kind;
mod limits;
mod api;
mod schema;

pub use codec::Error;
pub use diagnostic::Diagnostic;
pub use kind::{Detected, Kind, UnknownKind};
pub use limits::Limits;
pub use api::Schema;
pub use xsd::SchemaError;

/// Every breach of XML in a document, without regard to any schema, as diagnostics.
///
/// ```
/// let report = packetcheck::explain_well_formed(b"<a>1</b>", &packetcheck::Limits::default());
/// assert_eq!(report.diagnostics[0].code.as_str(), "PC0122");
/// ```
pub fn explain_well_formed(document: &[u8], limits: &Limits) -> diagnostic::Report {
    check::explain::well_formed(document, limits)
}
