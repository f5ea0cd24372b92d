//! Documents as JSON and back, by a mapping that the schema decides: `docs/json.md` has it.
//!
//! ```text
//!  document ──walk──▶ events ──decode──▶ JSON
//!  JSON ──token──▶ tokens ──encode──▶ document ──walk──▶ the same, checked
//! ```
//!
//! `form` determines the form of an element in JSON, `name` the name of a member, `scalar` the form of a value; both
//! directions use them. `root` is for JSON whose root the caller names. Neither direction builds a tree. `table` makes
//! rows of the JSON.

mod children;
mod decode;
mod element;
mod encode;
mod fault;
mod form;
mod output;
mod place;
mod root;
mod run;
mod scalar;
mod stand_in;
pub mod table;
mod tag;
mod token;

use std::io;

use super::{Error, Layout};
use crate::Limits;
use crate::codec::name::Name;
use crate::diagnostic::Report;
use crate::schema::Schema;
use crate::xml::Decoded;
pub(crate) use children::Children;
use decode::{Failure, Wanted};
pub(crate) use decode::{attribute_type_of, default_of, name_of};
use fault::Faults;
pub(crate) use form::{Form, Forms, Member};
use place::Marks;
pub(super) use scalar::{expanded, has_names};

/// Writes a document as JSON. See `Schema::decode_to_json`.
pub(crate) fn to_json<W: io::Write>(schema: &Schema, bytes: &[u8], writer: W, layout: Layout) -> Result<W, Error> {
    write_json(schema, bytes, writer, Wanted::All(layout))
}

fn write_json<W: io::Write>(schema: &Schema, bytes: &[u8], writer: W, wanted: Wanted<'_>) -> Result<W, Error> {
    let decoded = Decoded::new(bytes, schema.limits());
    let result = match &decoded {
        Ok(Some(decoded)) if decoded.is_sound() => decode::decode(schema, decoded.text().as_bytes(), writer, wanted),
        Ok(None) => decode::decode(schema, bytes, writer, wanted),
        Ok(Some(_)) | Err(_) => Err(Failure::Invalid),
    };
    result.map_err(|failure| match failure {
        Failure::Invalid => Error::invalid(schema.explain(bytes), bytes),
        Failure::Error(error) => error,
    })
}

/// Writes JSON as a document. The caller or the JSON names the root. See `Schema::encode_from_json` and
/// `Schema::encode_root_from_json`.
pub(crate) fn from_json(schema: &Schema, root: Option<&str>, bytes: &[u8], layout: Layout) -> Result<Vec<u8>, Error> {
    let limits = schema.limits();
    let mut root = root.map(|root| root::find(schema.compiled(), root)).transpose().map_err(Error::mismatch)?;
    let text = simdutf8::compat::from_utf8(bytes).ok().filter(|text| text.len() <= limits.document_bytes);
    let Some((text, late)) = text.and_then(|text| Some((text, encode::late_attributes(text, limits).ok()?))) else {
        let depth = encode::most_open(limits);
        return Err(invalid(schema, bytes, crate::json::well_formed(bytes, &Limits { depth, ..*limits })));
    };
    let mut faults = Faults::new(text);
    let document = loop {
        match encode::encode(schema, &root, text, &late, layout, &faults, &mut Marks::default()) {
            Ok(document) if faults.is_empty() => break document,
            Ok(_) => return Err(invalid(schema, bytes, with_the_rest(schema, &root, text, &late, faults))),
            Err((fault, unit)) => {
                if !faults.add(text, fault, unit, &mut root) {
                    return Err(invalid(schema, bytes, faults.into_report(limits, None)));
                }
            }
        }
    };
    if schema.is_valid(&document) {
        return Ok(document);
    }
    let mut report = schema.explain(&document);
    let mut marks = Marks::wanted();
    // The same text was already written without errors.
    let _ = encode::encode(schema, &root, text, &late, layout, &faults, &mut marks);
    marks.translate(&mut report, text);
    Err(invalid(schema, bytes, report))
}

/// The errors in the JSON, and those that the schema finds in the rest of it.
#[cold]
fn with_the_rest(
    schema: &Schema,
    root: &Option<Name<'_>>,
    text: &str,
    late: &[(usize, usize)],
    mut faults: Faults,
) -> Report {
    faults.stand_in = true;
    let mut marks = Marks::wanted();
    let document = encode::encode(schema, root, text, late, Layout::Compact, &faults, &mut marks);
    let rest = document.ok().map(|document| {
        let mut report = schema.explain(&document);
        marks.translate(&mut report, text);
        report
    });
    faults.into_report(schema.limits(), rest.map(|report| (report, &marks)))
}

/// The errors in JSON, with secrets masked.
#[cold]
fn invalid(schema: &Schema, json: &[u8], mut report: Report) -> Error {
    schema.conceal(json, &mut report);
    Error::invalid(report, json)
}
