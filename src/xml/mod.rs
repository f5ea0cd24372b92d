//! Strict, namespace-aware XML 1.0 over a byte slice, without copies; and a writer.
//!
//! A non-validating reader of XML 1.0 (fifth edition) and Namespaces in XML 1.0 (third edition). A DOCTYPE is refused
//! before anything in it is read, or, where [`Limits`](crate::Limits) allow it, read and not applied. The reader takes
//! UTF-8; [`decode`] converts all other encodings.
//!
//! The productions are in `lex`, one function each: they stop at the first fault, and keep no state between calls.
//! `Reader` reads a whole document with the same functions and continues after faults; it reports none exactly where
//! they find none. All offsets are byte offsets in the document.

mod chars;
mod charset;
mod cursor;
mod decode;
mod doctype;
mod encoding;
mod fault;
#[doc(hidden)]
pub mod lex;
mod open_elements;
mod reader;
mod recover;
mod references;
mod scopes;
mod spelling;
mod subset;
mod tags;
mod token;
mod well_formed;
mod writer;

pub(crate) use chars::{has_forbidden, is_plain};
pub use decode::decode;
#[cfg(feature = "http")]
pub(crate) use decode::decode_in;
pub(crate) use decode::{Decoded, Encoder, Legible, is_transcoded, text_of};
#[doc(hidden)]
pub use decode::{is_begun, without_label};
pub(crate) use doctype::{blank_doctype, changes, doctype_end, skip_doctype};
pub(crate) use encoding::{check_declaration, encoding_label, utf8_prefix};
pub use fault::{Fault, FaultKind, Found};
#[doc(hidden)]
pub use reader::Reader;
pub(crate) use reader::{Opened, tag_end};
pub(crate) use recover::closing_quote;
#[doc(hidden)]
pub use references::{attribute_value, resolve_text};
pub(crate) use scopes::INSTANCE_NAMESPACE;
#[doc(hidden)]
pub use scopes::{Scopes, XML_NAMESPACE, XMLNS_NAMESPACE};
pub(crate) use tags::{Tag, Tags};
#[doc(hidden)]
pub use token::{Prolog, RawAttribute, StartTag, TextRun, Token, split};
#[doc(hidden)]
pub use well_formed::{WellFormedness, check_well_formed};
#[doc(hidden)]
pub use writer::{WriteError, Writer};
pub(crate) use writer::{check_name, escape_text, escape_value};
