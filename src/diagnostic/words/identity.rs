//! More of `PC04xx`: IDs and the references to them, and the values of identity constraints.

use super::fragments::{all_of, found_text, shown, ticked};
use super::name::within;
use super::value::{BLANKS_COUNT, Holder, invisible_in};
use super::{Code, Words};
use crate::text::white_space::{has_white_space, is_blank, trim};

/// An ID that another element already has.
pub(crate) fn duplicate_id(id: &str, holder: Holder<'_>) -> Words {
    let message = format!("expected a unique ID in {}, found {} again", holder.shown(), ticked(id));
    Words::new(Code::DuplicateId, message).found(id).remedy()
}

/// The label for the second place of a duplicate ID.
pub(crate) const FIRST_ID: &str = "first given here";

/// A reference to an ID that no element has.
pub(crate) fn unknown_id(id: &str, holder: Holder<'_>) -> Words {
    let message = format!("expected an ID of this document in {}, found {}", holder.shown(), ticked(id));
    Words::new(Code::UnknownId, message).found(id).remedy()
}

/// An attribute that is only allowed by a wildcard, and is a second ID of its element.
pub(crate) fn second_id(attribute: &str, element: &str) -> Words {
    let message = format!("expected one ID on {}, found {} as well", ticked(element), ticked(attribute));
    Words::new(Code::SecondId, message).found(attribute).remedy()
}

/// A key that another element has. Values without a place are defaults.
pub(crate) fn duplicate_key(constraint: &str, values: &[Option<String>]) -> Words {
    let found = sequence(values);
    let message = format!("expected each value of {} once, found {found} again", ticked(constraint));
    Words { found: single(values), ..Words::new(Code::DuplicateKey, message).remedy() }
}

/// An element without a field of its key.
pub(crate) fn missing_key_field(field: &str, constraint: &str, element: &str) -> Words {
    let message = format!("missing field {} of the key {} in {}", ticked(field), ticked(constraint), ticked(element));
    Words::new(Code::MissingKeyField, message).expected([field]).remedy()
}

/// A field of a key whose declaration is nillable.
pub(crate) fn nillable_key_field(field: &str, constraint: &str, element: &str) -> Words {
    let (field, constraint) = (ticked(field), ticked(constraint));
    let message = format!(
        "expected an element that is not nillable as field {field} of the key {constraint}, found {}",
        ticked(element)
    );
    Words::new(Code::NillableKeyField, message).found(element).remedy()
}

/// A field that selects several nodes.
pub(crate) fn several_fields(field: &str, constraint: &str) -> Words {
    let message = format!("expected the field {} of {} once, found it again", ticked(field), ticked(constraint));
    Words::new(Code::SeveralFields, message).remedy()
}

/// A field that is not a simple value.
pub(crate) fn field_without_value(field: &str, constraint: &str) -> Words {
    let (field, constraint) = (ticked(field), ticked(constraint));
    let message =
        format!("expected a simple value for the field {field} of {constraint}, found content of another kind");
    Words::new(Code::FieldWithoutValue, message).remedy()
}

/// A reference to a key that no element has: its values, each with its namespace if it is a qualified name. `None` for
/// a default value.
pub(crate) fn dangling_reference(constraint: &str, key: &str, values: &[Option<(String, Option<&str>)>]) -> Words {
    let shown_values = values.iter().map(|value| match value {
        Some((value, Some(namespace))) => format!("{} {}", found_text(value), within(namespace)),
        Some((value, None)) => shown_value(value),
        None => DEFAULT_VALUE.into(),
    });
    let found = all_of(shown_values);
    let message =
        format!("expected a value of {} for the reference {}, found {found}", ticked(key), ticked(constraint));
    let words = Words::new(Code::DanglingReference, message).remedy();
    let words = match values {
        [Some((value, _))] => words.found(value),
        _ => words,
    };
    let values = || values.iter().flatten().map(|(value, _)| &**value);
    match values().find_map(invisible_in) {
        _ if values().any(has_blanks_around) => words.help(BLANKS_COUNT),
        _ if values().any(has_runs_of_blanks) => {
            words.help("correct the white space inside the value, or add the key: white space counts here")
        }
        Some(invisible) => words.help(invisible),
        None => words,
    }
}

/// White space before or after the text.
fn has_blanks_around(value: &str) -> bool {
    trim(value).len() < value.len() && !is_blank(value)
}

/// White space inside the text other than single spaces.
fn has_runs_of_blanks(value: &str) -> bool {
    trim(value).split(' ').any(|part| part.is_empty() || has_white_space(part)) && !is_blank(value)
}

/// Replaces a value that the document does not have.
const DEFAULT_VALUE: &str = "the default value";

/// The values of a key.
fn sequence(values: &[Option<String>]) -> String {
    let values = values.iter().map(|value| value.as_deref().map_or(DEFAULT_VALUE.into(), shown_value));
    all_of(values).to_string()
}

fn shown_value(value: &str) -> String {
    match has_blanks_around(value) {
        true => format!("{} with white space around it", found_text(value)),
        false => found_text(value),
    }
}

/// The value, if there is only one.
fn single(values: &[Option<String>]) -> Option<String> {
    match values {
        [Some(value)] => Some(shown(value)),
        _ => None,
    }
}
