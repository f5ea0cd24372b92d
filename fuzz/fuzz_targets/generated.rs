//! Generated code and the walk agree on any bytes: in the verdict, the report and the values.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packetcheck::{Error, Limits, Schema, xml};
use serde_json::Value;

#[rustfmt::skip]
#[path = "../../tests/data/generate/odd/mod.rs"]
mod odd;
#[rustfmt::skip]
#[path = "../../tests/data/generate/parcel/mod.rs"]
mod parcel;
#[rustfmt::skip]
#[path = "../../tests/data/generate/response/mod.rs"]
mod response;
#[rustfmt::skip]
#[path = "../../tests/data/generate/shop/mod.rs"]
mod shop;

const MAX_BYTES: usize = 1 << 16;

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_BYTES {
        return;
    }
    // Values borrow from UTF-8.
    let Ok(text) = xml::decode(bytes, &Limits::default()) else { return };
    agree(response::schema(), &text, "packet", response::decode_packet, response::encode_packet);
    agree(parcel::schema(), &text, "parcel", parcel::decode_parcel, parcel::encode_parcel);
    agree(shop::schema(), &text, "order", shop::decode_order, shop::encode_order);
    agree(odd::schema(), &text, "self", odd::decode_self, odd::encode_self);
});

fn agree<'d, T>(
    schema: &Schema,
    document: &'d [u8],
    root: &str,
    decode: fn(&'d [u8]) -> Result<T, Error>,
    encode: fn(&T) -> Result<Vec<u8>, Error>,
) {
    let report = schema.explain_without_prediction(document);
    assert_eq!(schema.is_valid(document), report.is_valid());
    assert_eq!(schema.explain(document), report);
    let value = match decode(document) {
        Ok(value) => value,
        Err(error) => {
            match error.report() {
                Some(found) => assert_eq!(found.diagnostics, report.diagnostics, "refused for another reason"),
                None => assert!(
                    !report.is_valid() || root_of(schema, document) != Some(root.to_owned()) || is_deep(document),
                    "refused without a report: {error}"
                ),
            }
            return;
        }
    };
    assert!(report.is_valid(), "{report:#?}");
    let written = encode(&value).expect("what was read can be written");
    assert_eq!(meaning(schema, document), meaning(schema, &written), "{}", String::from_utf8_lossy(&written));
}

/// The local name of the root of a valid document.
fn root_of(schema: &Schema, document: &[u8]) -> Option<String> {
    let json: Value = serde_json::from_slice(&schema.decode_to_json(document).ok()?).ok()?;
    let name = json.as_object()?.keys().next()?;
    Some(name.rsplit('}').next()?.to_owned())
}

/// Values nest at most 128 elements deep.
fn is_deep(document: &[u8]) -> bool {
    document.iter().filter(|byte| **byte == b'<').count() > 128
}

/// A document by the mapping that needs no types, without what generated types do not keep: the location of a schema,
/// and the spelling of a number.
fn meaning(schema: &Schema, document: &[u8]) -> Value {
    let json = schema.decode_to_json(document).expect("a valid document is JSON");
    without_spelling(serde_json::from_slice(&json).expect("what is written is JSON"))
}

fn without_spelling(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_spelling).collect(),
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, _)| !name.ends_with("chemaLocation"));
            Value::Object(kept.map(|(name, value)| (name, without_spelling(value))).collect())
        }
        Value::Number(number) => number.as_f64().map_or(Value::Null, |number| Value::from(number + 0.0)),
        other => other,
    }
}
