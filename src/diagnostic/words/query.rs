//! `PC08xx`: parameters of a query.

use super::fragments::{any_of, counted, did_you_mean, found_text, ticked};
use super::{Code, Words};

/// `%` that is not followed by two digits.
pub(crate) fn malformed_escape(written: &str) -> Words {
    let message = format!("expected two hexadecimal digits after `%`, found {}", ticked(written));
    Words::new(Code::MalformedEscape, message).found(written).remedy()
}

/// Escapes (or bytes) that are not UTF-8.
pub(crate) fn escaped_bytes_not_utf8(name: &str, written: &str) -> Words {
    let message = format!("expected UTF-8 in the parameter {}, found {}", ticked(name), ticked(written));
    Words::new(Code::ParameterNotUtf8, message).found(written).remedy()
}

/// A character that should have been escaped.
pub(crate) fn unescaped_character(written: &str) -> Words {
    let message = format!("expected only characters that a URL can hold, found {} unescaped", ticked(written));
    Words::new(Code::UnescapedCharacter, message).found(written).remedy()
}

/// A parameter that every request has.
pub(crate) fn missing_parameter(name: &str) -> Words {
    Words::new(Code::MissingParameter, format!("missing required parameter {}", ticked(name))).expected([name]).remedy()
}

/// A parameter that every request with its signature among the parameters has.
pub(crate) fn missing_parameter_of_signature(name: &str) -> Words {
    let message = format!("missing parameter {}, which is required with `Signature`", ticked(name));
    Words::new(Code::MissingParameter, message).expected([name]).remedy()
}

/// The parameter that names the operation, in a form body whose client may name it elsewhere.
pub(crate) fn missing_action() -> Words {
    let message = "missing parameter `Action`: older pages of the documentation require it; newer ones do not list it, \
                   and clients may name the operation in the header `x-acs-action`";
    Words::new(Code::MissingParameter, message.to_owned()).expected(["Action"])
}

/// A parameter given twice.
pub(crate) fn duplicate_parameter(name: &str) -> Words {
    let message = format!("expected the parameter {} once, found it again", ticked(name));
    Words::new(Code::DuplicateParameter, message).found(name).remedy()
}

/// A value that is not among the documented ones.
pub(crate) fn parameter_value(name: &str, documented: &[&str], value: &str) -> Words {
    let named = any_of(documented.iter().map(|value| ticked(value)));
    let message = format!("expected {named} in the parameter {}, found {}", ticked(name), found_text(value));
    Words::new(Code::ParameterValue, message).expected(documented).found(value).remedy()
}

/// A value that should be a 64-bit integer.
pub(crate) fn parameter_not_an_integer(name: &str, value: &str) -> Words {
    let message = format!("expected a 64-bit integer in the parameter {}, found {}", ticked(name), found_text(value));
    Words::new(Code::ParameterNotAnInteger, message).found(value).remedy()
}

/// A value that should be a time.
pub(crate) fn parameter_not_a_time(name: &str, value: &str) -> Words {
    let shape = "yyyy-MM-ddTHH:mm:ssZ";
    let message =
        format!("expected a time as {} in the parameter {}, found {}", ticked(shape), ticked(name), found_text(value));
    Words::new(Code::ParameterValue, message).expected([shape]).found(value).remedy()
}

/// A name that is similar to that of a known parameter.
pub(crate) fn misspelt_parameter(found: &str, meant: &str) -> Words {
    let message = format!("expected the parameter {}, found {}", ticked(meant), ticked(found));
    Words::new(Code::MisspeltParameter, message).expected([meant]).found(found).help(did_you_mean(meant, found))
}

/// More parameters than `Limits::parameters`.
pub(crate) fn too_many_parameters(limit: usize) -> Words {
    let message = format!("expected at most {}, found more", counted(limit as u64, "parameters"));
    Words::new(Code::TooManyParameters, message).remedy()
}
