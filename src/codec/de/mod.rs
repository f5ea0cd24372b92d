//! From events to values.
//!
//! A value is read while the document is checked: each request for the next field or item advances the walk. Events are
//! only set aside if children with one name are interleaved with others (see `Reader::set_aside`).

mod children;
mod element;
mod fields;
mod forward;
mod reader;
mod scalar;
mod siblings;

use serde::de::Deserialize;

use super::Error;
use crate::check::{Event, Explanation, Stop, values, with_scratch};
use crate::compiled::ElementId;
use crate::diagnostic::{Report, secret};
use crate::schema::Schema;
use element::{Element, Root};
pub(crate) use reader::{Node, Reader, Role, attribute_type, value_of};

/// Reads a document into a value. See `Schema::decode`.
pub(crate) fn decode<'de, T: Deserialize<'de>>(schema: &Schema, bytes: &'de [u8]) -> Result<T, Error> {
    decode_with(schema, bytes, |reader, node| T::deserialize(Root(Element { reader, node })))
}

/// As `decode`, and returns the warnings in the document too.
pub(crate) fn decode_with_warnings<'de, T: Deserialize<'de>>(
    schema: &Schema,
    bytes: &'de [u8],
) -> Result<(T, Report), Error> {
    let mut explanation = Explanation::new(schema.limits());
    let read_root = |reader: &mut Reader<'_, 'de>, node| T::deserialize(Root(Element { reader, node }));
    let value = decode_explained(schema, bytes, None, &mut explanation, true, read_root)?;
    Ok((value, concealed_report(schema, bytes, &mut explanation)))
}

/// As `decode`, with a function that reads the value from the root.
pub(crate) fn decode_with<'de, T>(
    schema: &Schema,
    bytes: &'de [u8],
    read_root: impl FnOnce(&mut Reader<'_, 'de>, Node) -> Result<T, Error>,
) -> Result<T, Error> {
    decode_explained(schema, bytes, None, &mut Explanation::new(schema.limits()), false, read_root)
}

/// Reads an element that is part of another document.
pub(crate) fn decode_record<'de, T: Deserialize<'de>>(
    schema: &Schema,
    bytes: &'de [u8],
    element: Option<ElementId>,
) -> Result<T, Error> {
    let read_root = |reader: &mut Reader<'_, 'de>, node| T::deserialize(Root(Element { reader, node }));
    decode_explained(schema, bytes, element, &mut Explanation::new(schema.limits()), false, read_root)
}

/// As `decode_with`; the warnings of a valid document are left in `explanation`, if the caller wants them.
fn decode_explained<'de, T>(
    schema: &Schema,
    bytes: &'de [u8],
    record: Option<ElementId>,
    explanation: &mut Explanation<'de>,
    warns: bool,
    read_root: impl FnOnce(&mut Reader<'_, 'de>, Node) -> Result<T, Error>,
) -> Result<T, Error> {
    // Otherwise the report comes from a second walk, with all warnings, and this walk stops at the first error.
    let reports = warns || record.is_some() || !schema.table().has_rules();
    let sink = values(explanation, warns);
    let (value, place) = with_scratch(|scratch| match Reader::new(schema, bytes, scratch, sink) {
        Ok(mut reader) => {
            if let Some(element) = record {
                reader.begin_record(element);
            }
            let value = read(&mut reader, read_root);
            let place = reader.place();
            // The document's errors come first, even if the type has no place for the content.
            if reports || reader.is_right() {
                reader.finish();
            }
            reader.release();
            (value, place)
        }
        Err(Stop) => (Err(stopped()), 0..0),
    });
    match value {
        _ if !explanation.is_valid() => Err(Error::invalid(report_of(schema, bytes, explanation, reports), bytes)),
        Ok(value) => Ok(value),
        Err(error) => {
            let error = error.at(place, bytes);
            Err(schema.with_secret_names(|names| {
                error.concealed(|words, span| secret::may_repeat(words, span, bytes, names))
            }))
        }
    }
}

/// The report of an invalid document.
#[cold]
fn report_of(schema: &Schema, bytes: &[u8], explanation: &mut Explanation<'_>, is_complete: bool) -> Report {
    if !is_complete {
        let all = schema.explain(bytes);
        // Values borrow from UTF-8: a document in another encoding is refused, even if it is valid.
        if !all.is_valid() {
            return all;
        }
    }
    concealed_report(schema, bytes, explanation)
}

fn concealed_report(schema: &Schema, bytes: &[u8], explanation: &mut Explanation<'_>) -> Report {
    let mut report = explanation.report(bytes, schema.limits());
    if !report.diagnostics.is_empty() {
        schema.conceal(bytes, &mut report);
    }
    report
}

fn read<'s, 'de, T>(
    reader: &mut Reader<'s, 'de>,
    read_root: impl FnOnce(&mut Reader<'s, 'de>, Node) -> Result<T, Error>,
) -> Result<T, Error> {
    let node = reader.next_element()?;
    let value = read_root(reader, node)?;
    // The unread rest is checked too.
    while reader.next()? != Event::Eof {}
    Ok(value)
}

/// The walk stopped; `decode` reports the reason.
#[cold]
fn stopped() -> Error {
    Error::mismatch("the document is invalid")
}
