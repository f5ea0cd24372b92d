//! Checks that a document survives the conversion to a serde value and back, by its JSON, whose mapping is tested to be
//! lossless elsewhere.

use packetcheck::codec::Any;
use packetcheck::{Error, Schema};
use serde::{Serialize, Serializer};
use serde_json::Value;

fn json(schema: &Schema, document: &[u8]) -> Result<Value, String> {
    let json = schema.decode_to_json(document).map_err(|error| format!("to JSON: {error}"))?;
    serde_json::from_slice(&json).map_err(|error| error.to_string())
}

/// Converts a valid document to an [`Any`] and back.
///
/// # Errors
///
/// What was lost.
pub(crate) fn any_comes_back(schema: &Schema, document: &[u8]) -> Result<(), String> {
    // A document that cannot be borrowed from is transcoded first.
    let any = match schema.decode::<Any<'_>>(document) {
        Ok(any) => any,
        Err(error) => return Err(format!("it is not read: {error}")),
    };
    let written = schema.encode(&any).map_err(|error| format!("{any:?} is not written: {error}"))?;
    let (one, other) = (json(schema, document)?, json(schema, &written)?);
    let again = schema.decode::<Any<'_>>(&written).map_err(|error| error.to_string())?;
    match one == other && matches!((&any, &again), (Any::Text(_), Any::Text(_)) | (Any::Markup(_), Any::Markup(_))) {
        true => Ok(()),
        false => Err(format!("{one}\nbecame\n{other}\n{any:?}\n{again:?}")),
    }
}

/// A value with the name of its root.
struct Named<'v>(&'static str, &'v Value);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(self.0, self.1)
    }
}

/// Converts a valid document to a [`Value`] and back. Returns whether a `Value` can hold all of it.
///
/// # Errors
///
/// What was lost.
pub(crate) fn map_comes_back(schema: &Schema, document: &[u8]) -> Result<bool, String> {
    let expected = json(schema, document)?;
    let value = match schema.decode::<Value>(document) {
        Ok(value) => value,
        Err(error) if is_mixed(&error) => return Ok(false),
        Err(error) => return Err(format!("it is not read: {error}")),
    };
    let (name, content) = expected.as_object().and_then(|root| root.iter().next()).ok_or("the root has no name")?;
    if !has_place(content) {
        return Ok(false);
    }
    let named = Named(name.clone().leak(), &value);
    let written = match schema.encode(&named) {
        Ok(written) => written,
        // The name in an attribute's value has no prefix, but names without a prefix are in a namespace there.
        Err(error) if error.to_string().ends_with("cannot be written in an element that is in one") => {
            return Ok(false);
        }
        Err(error) => return Err(format!("{value} is not written: {error}")),
    };
    let again = schema.decode::<Value>(&written).map_err(|error| format!("it is not read again: {error}"))?;
    if again != value {
        return Err(format!("{value}\nbecame\n{again}"));
    }
    let found = json(schema, &written)?;
    if !is_within(&expected, &found) {
        return Err(format!("{expected}\nbecame\n{found}"));
    }
    Ok(true)
}

fn is_mixed(error: &Error) -> bool {
    error.to_string().contains("has text between its children")
}

/// Whether a map can hold the JSON of a document: it cannot hold the order of children, nor the children that a
/// wildcard accepts.
fn has_place(json: &Value) -> bool {
    match json {
        Value::Array(items) => items.iter().all(has_place),
        Value::Object(members) => members.iter().all(|(name, value)| {
            !matches!(name.as_str(), "$value" | "$any") && !name.starts_with("@xmlns") && has_place(value)
        }),
        _ => true,
    }
}

/// Whether one JSON document contains everything in another. It may have more attributes: defaults, which are part of a
/// value.
fn is_within(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(members), Value::Object(others)) => {
            let all = members.iter().all(|(name, value)| others.get(name).is_some_and(|other| is_within(value, other)));
            all && others.keys().all(|name| members.contains_key(name) || name.starts_with('@'))
        }
        (Value::Array(items), Value::Array(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(one, other)| is_within(one, other))
        }
        _ => one == other,
    }
}
