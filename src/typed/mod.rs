//! The functions that generated code calls: the elements of a document as the schema checks them, and a writer of documents.
//!
//! `packetcheck generate` writes Rust types for a schema, and code that reads and writes them with the items here (`generate`).
//! A document is checked while it is read, and a written document is checked before it is returned.

mod by_serde;
mod layout;
mod mode;
mod reader;
mod scalar;
mod scan;
mod writer;

use std::borrow::Cow;

pub use by_serde::{flag, optional_text, present};
pub use layout::{Layout, Learned, Minified, TwoBlanks};
pub use mode::{List, Mode, Values, Verdict};
pub use reader::{Attribute, Element, Item, Reader};
pub use scalar::Scalar;
#[cfg(feature = "generate")]
pub(crate) use scan::{MOST_ATTRIBUTES, MOST_NAME};
pub use scan::{Root, Scan, scan};
pub use writer::Writer;

pub use crate::schema::Prediction;
/// serde, for generated code whose types are its values.
pub use ::serde;

use crate::codec::{Error, de};
use crate::compiled::{TypeDefinition, TypeId};
use crate::datatype::SimpleType;
use crate::schema::Schema;
use crate::text::white_space::is_collapsed;

/// An element that may be `xsi:nil="true"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nillable<T> {
    /// It is nil: present, and without content.
    Nil,
    /// It has content.
    Value(T),
}

impl<T> Nillable<T> {
    /// The content, if there is any.
    pub fn as_option(&self) -> Option<&T> {
        match self {
            Nillable::Nil => None,
            Nillable::Value(value) => Some(value),
        }
    }

    /// Applies a function to the content, if there is any.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Nillable<U> {
        match self {
            Nillable::Nil => Nillable::Nil,
            Nillable::Value(value) => Nillable::Value(change(value)),
        }
    }
}

/// An attribute that a wildcard of the schema admits, without naming it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherAttribute<'a> {
    /// Its namespace; empty for none.
    pub namespace: Cow<'a, str>,
    /// Its name without a prefix.
    pub local: Cow<'a, str>,
    /// Its value. A prefix in it is text: its namespace is not kept.
    pub value: Cow<'a, str>,
}

/// A value of `xs:QName` or `xs:NOTATION`: the name that a prefix and a local part represent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualifiedName<'a> {
    /// Its namespace; empty for none.
    pub namespace: Cow<'a, str>,
    /// Its name without a prefix.
    pub local: Cow<'a, str>,
}

impl QualifiedName<'_> {
    /// The same name with owned text.
    pub fn into_owned(self) -> QualifiedName<'static> {
        QualifiedName { namespace: own(self.namespace), local: own(self.local) }
    }
}

impl OtherAttribute<'_> {
    /// The same attribute with owned text.
    pub fn into_owned(self) -> OtherAttribute<'static> {
        OtherAttribute { namespace: own(self.namespace), local: own(self.local), value: own(self.value) }
    }
}

/// A text that borrows nothing.
pub fn own(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// Reads a document with a function that gets its root, and checks it at the same time.
///
/// # Errors
///
/// The document is invalid, or the function failed.
pub fn decode<'de, T>(
    schema: &Schema,
    bytes: &'de [u8],
    read: impl FnOnce(&mut Reader<'_, '_, 'de>, &Element) -> Result<T, Error>,
) -> Result<T, Error> {
    de::decode_with(schema, bytes, |reader, root| read(&mut Reader::new(reader), &Element::new(root)))
}

/// The simple type of the content of elements, by the number of their type in the schema.
fn simple_type(schema: &Schema, type_number: u32) -> Option<&SimpleType> {
    schema.compiled().simple_content(TypeId(type_number)).map(|simple| &**simple)
}

/// The type of an attribute, by its index among the attributes of a type.
fn type_of_attribute(schema: &Schema, type_number: u32, attribute: usize) -> Option<&SimpleType> {
    match schema.compiled().types.get(TypeId(type_number).index())? {
        TypeDefinition::Complex(complex) => complex.attributes.get(attribute).map(|used| &*used.simple),
        TypeDefinition::Simple(_) => None,
    }
}

/// Whether a text, with its white space unchanged, is a valid value of a type.
fn has_value(simple: &SimpleType, text: &str) -> bool {
    is_collapsed(text) && simple.check(text).is_ok()
}

/// Appends a document to `buffer`, with a function that writes its root. The document is checked, unless it is known to
/// be valid while it is written. After an error, the buffer is unchanged.
///
/// # Errors
///
/// The function failed, or what it wrote is invalid: the report says why.
pub fn encode(
    schema: &Schema,
    buffer: &mut Vec<u8>,
    is_pretty: bool,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let begin = buffer.len();
    if buffer.capacity() == 0 {
        // Enough for most messages, so that no memory has to be moved.
        buffer.reserve(1024);
    }
    let mut writer = Writer::new(schema, std::mem::take(buffer), is_pretty);
    let result = write(&mut writer);
    let is_certain = writer.is_certain();
    *buffer = writer.finish();
    let written = buffer.get(begin..).unwrap_or_default();
    let is_certain = is_certain && written.len() <= schema.limits().document_bytes;
    debug_assert!(!is_certain || result.is_err() || schema.is_valid(written), "{}", String::from_utf8_lossy(written));
    let result = match result {
        Ok(()) if is_certain || schema.is_valid(written) => return Ok(()),
        Ok(()) => Err(Error::invalid(schema.explain(written), written)),
        Err(error) => Err(error),
    };
    buffer.truncate(begin);
    result
}

/// The number of bytes that [`encode`] appends for a value. The value is not checked against the schema, and the
/// document is not kept.
///
/// # Errors
///
/// The function failed.
pub fn encoded_len(
    schema: &Schema,
    is_pretty: bool,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
) -> Result<usize, Error> {
    let mut writer = Writer::measuring(schema, is_pretty);
    write(&mut writer)?;
    Ok(writer.length())
}
