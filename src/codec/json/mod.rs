//! Documents as JSON and back, by a mapping that the schema decides: `docs/json.md` has it.
//!
//! ```text
//!  document ──walk──▶ events ──decode──▶ JSON
//!  JSON ──token──▶ tokens ──encode──▶ document ──walk──▶ the same, checked
//! ```
//!
//! `form` asks the schema what an element is in JSON, `name` what a member is called, `scalar` what a value is; both ways
//! go by them. Neither way builds a tree.

mod decode;
mod element;
mod encode;
mod form;
mod output;
mod place;
mod run;
mod scalar;
mod tag;
mod token;

use std::io;

use super::{Error, Layout};
use crate::schema::Schema;
use crate::xml::Decoded;
use decode::Failure;
pub(crate) use form::Forms;
use place::Marks;

/// Writes a document as JSON. See `Schema::decode_to_json`.
pub(crate) fn to_json<W: io::Write>(schema: &Schema, bytes: &[u8], writer: W, layout: Layout) -> Result<W, Error> {
    let decoded = Decoded::new(bytes, schema.limits());
    let result = match &decoded {
        Ok(Some(decoded)) if decoded.is_sound() => decode::decode(schema, decoded.text().as_bytes(), writer, layout),
        Ok(None) => decode::decode(schema, bytes, writer, layout),
        Ok(Some(_)) | Err(_) => Err(Failure::Invalid),
    };
    result.map_err(|failure| match failure {
        Failure::Invalid => Error::invalid(schema.explain(bytes), bytes),
        Failure::Error(error) => error,
    })
}

/// Writes JSON as a document. See `Schema::encode_from_json`.
pub(crate) fn from_json(schema: &Schema, bytes: &[u8], layout: Layout) -> Result<Vec<u8>, Error> {
    let limit = schema.limits().document_bytes;
    if bytes.len() > limit {
        return Err(Error::mismatch(format_args!("expected at most {limit} bytes, found {}", bytes.len())));
    }
    let text = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            return Err(Error::mismatch("expected UTF-8, found other bytes").at(at..at + 1, bytes));
        }
    };
    let document = encode::encode(schema, text, layout, &mut Marks::default())?;
    if schema.is_valid(&document) {
        return Ok(document);
    }
    let mut report = schema.explain(&document);
    let mut marks = Marks::wanted();
    encode::encode(schema, text, layout, &mut marks)?;
    marks.translate(&mut report, text);
    schema.conceal(bytes, &mut report);
    Err(Error::invalid(report, bytes))
}
