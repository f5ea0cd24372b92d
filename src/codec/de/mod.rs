//! From events to values.
//!
//! A value is read while the document is checked: each call for the next field or item moves the walk on. Only where
//! children of one name stand between others is anything put aside (see `Reader::set_aside`).

mod content;
mod element;
mod reader;
mod scalar;

use serde::de::Deserialize;

use super::Error;
use crate::api::Schema;
use crate::check::accept::{Event, Stop};
use element::Element;
pub(crate) use reader::Reader;

/// Reads a document into a value. See `Schema::from_slice`.
pub(crate) fn from_slice<'de, T: Deserialize<'de>>(schema: &Schema, bytes: &'de [u8]) -> Result<T, Error> {
    read(schema, bytes, |reader| {
        let node = reader.next_element()?;
        T::deserialize(Element { reader, node })
    })
}

/// Reads a document with a function that begins in front of its root.
pub(crate) fn read<'de, T>(
    schema: &Schema,
    bytes: &'de [u8],
    read: impl FnOnce(&mut Reader<'_, 'de>) -> Result<T, Error>,
) -> Result<T, Error> {
    let Ok(mut reader) = Reader::new(schema, bytes) else { return Err(refused(schema, bytes)) };
    let value = read_all(&mut reader, read);
    match (value, reader.stop()) {
        (Ok(value), None) => Ok(value),
        (Err(error), None) => Err(error.at(reader.place(), bytes)),
        (_, Some(_)) => Err(refused(schema, bytes)),
    }
}

#[inline(always)]
fn read_all<'s, 'de, T>(
    reader: &mut Reader<'s, 'de>,
    read: impl FnOnce(&mut Reader<'s, 'de>) -> Result<T, Error>,
) -> Result<T, Error> {
    let value = read(reader)?;
    // Whatever was left unread is checked all the same.
    while reader.next()? != Event::Eof {}
    Ok(value)
}

#[cold]
fn refused(schema: &Schema, bytes: &[u8]) -> Error {
    Error::invalid(schema.explain(bytes), bytes)
}

/// The walk stopped: `from_slice` says why.
#[cold]
fn stopped(_: Stop) -> Error {
    Error::mismatch("the document is invalid")
}
