//! From events to values.
//!
//! A value is read while the document is checked: each call for the next field or item moves the walk on. Only where
//! children of one name stand between others is anything put aside (see `Reader::set_aside`).

mod children;
mod element;
mod fields;
mod forward;
mod reader;
mod scalar;
mod siblings;

use serde::de::Deserialize;

use super::Error;
use crate::check::{Event, Values, with_scratch};
use crate::schema::Schema;
use element::{Element, Root};
use reader::Reader;
pub(super) use reader::{attribute_type, normalize, value_of};

/// Reads a document into a value. See `Schema::from_slice`.
pub(crate) fn from_slice<'de, T: Deserialize<'de>>(schema: &Schema, bytes: &'de [u8]) -> Result<T, Error> {
    with_scratch(|scratch| {
        let mut reader = match Reader::new(schema, bytes, scratch) {
            Ok(reader) => reader,
            Err(sink) => return Err(refused(schema, bytes, sink)),
        };
        match read(&mut reader) {
            Ok(value) if !reader.is_refused() => {
                reader.finish();
                Ok(value)
            }
            // What is wrong with the document comes first, wherever the type found no use for it.
            result => {
                let place = reader.place();
                let sink = reader.finish();
                match result {
                    Err(error) if sink.is_valid() => Err(error.at(place, bytes)),
                    _ => Err(refused(schema, bytes, sink)),
                }
            }
        }
    })
}

fn read<'de, T: Deserialize<'de>>(reader: &mut Reader<'_, 'de>) -> Result<T, Error> {
    let node = reader.next_element()?;
    let value = T::deserialize(Root(Element { reader, node }))?;
    // Whatever was left unread is checked all the same.
    while reader.next()? != Event::Eof {}
    Ok(value)
}

#[cold]
fn refused(schema: &Schema, bytes: &[u8], sink: Values<'_>) -> Error {
    let mut report = sink.report(bytes, schema.limits());
    schema.conceal(bytes, &mut report);
    Error::invalid(report, bytes)
}

/// The walk stopped: `from_slice` says why.
#[cold]
fn stopped() -> Error {
    Error::mismatch("the document is invalid")
}
