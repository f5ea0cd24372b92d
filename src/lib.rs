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
//! assert_eq!(response_schema().explain(packet).warnings, 0); // every fault, with place and cause
//! let response = Response::decode(packet)?; // typed values, borrowing from the packet
//! assert!(matches!(response.get_status().next(), Some(Outcome::InProgress(_))));
//! # Ok::<(), packetcheck::Error>(())
//! ```
//!
//! The phases, each a module that knows only those before it: `text` holds what all of them need of white space and
//! names; [`xml`] makes tokens of bytes, `automaton` tables of content models, `datatype` values of text, `xsd` a
//! compiled schema of schema documents, `rules` checks of the Schematron in them; `check` walks a document by a schema,
//! quickly (yes or no, and events) or completely (every fault); [`diagnostic`] holds what is said of a fault; [`codec`]
//! makes values of events and documents of values; [`json`] does all of this for JSON, by limits in types; `http` (a
//! feature) reads the messages around packets; [`plesk`], [`dataworks`] and [`sms`] hold the packets themselves; [`progress`] is one view of what they say;
//! [`format()`] lays documents out anew, [`fix`] fixes them, and [`compare`] says what differs between two.
//!
//! What is hidden in this documentation and nevertheless public is for the tests, benches and fuzz targets of the
//! repository, and changes without notice.
//!
//! No input makes it panic, and what a document can spend is bounded by [`Limits`]. A document type declaration is
//! refused, or read and not applied; documents in other encodings than UTF-8 are transcoded first ([`xml::decode`]).
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
pub use schema::Schema;
#[doc(hidden)]
pub use xsd::SchemaOutline;
pub use xsd::{SchemaError, SchemaFile, Sources};

// The examples of these pages compile and run as tests.
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
