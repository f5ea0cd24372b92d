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

/// The examples in `README.md` compile and run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
