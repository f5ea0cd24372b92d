//! Check, decode and write API packets, decided by a schema.
//!
//! ```
//! use packetcheck::plesk::{Outcome, Response, response_schema};
//!
//! let packet = br#"<packet><migration><get_status><result><status>ok</status>
//!     <migration_status><total>10</total><completed>4</completed></migration_status>
//! </result></get_status></migration></packet>"#;
//!
//! assert!(response_schema().is_valid(packet)); // yes or no
//! assert_eq!(response_schema().explain(packet).warnings, 0); // every diagnostic, with place and cause
//! let response = Response::decode(packet)?; // typed values, borrowing from the packet
//! assert!(matches!(response.get_status().next(), Some(Outcome::InProgress(_))));
//! # Ok::<(), packetcheck::Error>(())
//! ```
//!
//! The phases, each a module that depends only on those before it: `text` has what they all need to process white space
//! and names; [`xml`] turns bytes into tokens, `automaton` turns content models into tables, `datatype` turns text into
//! values, `xsd` turns schema documents into a compiled schema, and `rules` turns the Schematron in them into checks;
//! `check` walks a document according to a schema, quickly (yes or no, and events) or completely (every error);
//! [`diagnostic`] describes errors and warnings; [`codec`] converts events to values and values to documents; [`json`]
//! does all of this for JSON, with limits in types; `http` (a feature) reads the messages around packets; [`plesk`],
//! [`dataworks`] and [`sms`] have the packets themselves; [`progress`] is one view of their statuses; [`format()`]
//! reformats documents, [`fix`] fixes them, and [`compare`] finds the differences between two documents.
//!
//! Public items that this documentation hides are for the tests, benches and fuzz targets of the
//! repository, and change without notice.
//!
//! No input makes it panic, and [`Limits`] bounds the resources that a document can use. A document type declaration is
//! refused, or read but not applied; documents in encodings other than UTF-8 are transcoded first ([`xml::decode`]).
#![forbid(unsafe_code)]

mod automaton;
mod compiled;
#[doc(hidden)]
pub mod datatype;
mod limits;
mod text;
pub mod xml;
mod xsd;

mod rules;

pub mod check;
pub mod diagnostic;
mod records;
mod schema;

pub mod codec;
#[cfg(feature = "http")]
pub mod http;
pub mod json;
#[cfg(not(feature = "http"))]
mod operation;
#[cfg(feature = "http")]
pub mod operation;

pub mod dataworks;
mod kind;
pub mod plesk;
pub mod progress;
#[cfg(feature = "quick-xml")]
pub mod quick_xml;
pub mod sms;
pub mod typed;

pub mod compare;
pub mod fix;
mod format;

#[doc(hidden)]
pub mod assist;

#[cfg(feature = "generate")]
pub mod generate;

pub use codec::Error;
pub use diagnostic::Diagnostic;
pub use format::{FormatError, FormatOptions, Indent, format};
#[cfg(feature = "http")]
pub use kind::CapturedMessage;
pub use kind::{
    Detected, Direction, EncodeError, Explained, Layout, MessageProgress, PacketKind, RedactError, Syntax, System,
    UnknownPacketKind, redact,
};
pub use limits::{LimitError, Limits};
pub use progress::Progress;
pub use records::Records;
pub use schema::{Checked, Schema};
#[doc(hidden)]
pub use xsd::SchemaOutline;
pub use xsd::{SchemaError, SchemaFile, Sources};

// The examples in these pages are compiled and run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../docs/json.md")]
struct JsonMapping;

#[cfg(doctest)]
#[doc = include_str!("../docs/library.md")]
struct Library;

#[cfg(doctest)]
#[doc = include_str!("../docs/diff.md")]
struct Comparisons;
