//! `PC03xx`: attributes.

use super::fragments::{all_of, did_you_mean, message, ticked};
use super::{Code, Words};

/// A required attribute is not there.
pub(crate) fn missing_attribute(attribute: &str, element: &str) -> Words {
    Words::new(
        Code::MissingAttribute,
        format!("missing required attribute {} of {}", ticked(attribute), ticked(element)),
    )
    .expected([attribute])
}

/// An attribute that the schema does not have here.
pub(crate) fn unexpected_attribute<'s>(
    found: &str,
    element: &str,
    allowed: impl ExactSizeIterator<Item = &'s str> + Clone,
    meant: Option<&str>,
) -> Words {
    let names = all_of(allowed.clone().map(ticked));
    let (element, shown) = (ticked(element), ticked(found));
    let message = match allowed.len() {
        0 => message(format_args!("expected no attribute of {element}, found {shown}")),
        1 => message(format_args!("expected only the attribute {names} of {element}, found {shown}")),
        _ => message(format_args!("expected only the attributes {names} of {element}, found {shown}")),
    };
    let words = Words::new(Code::UnexpectedAttribute, message).expected(allowed).found(found);
    match meant {
        Some(meant) => words.help(did_you_mean(meant)),
        None => words.help("remove the attribute"),
    }
}

/// An attribute under a strict wildcard without a declaration.
pub(crate) fn undeclared_attribute(attribute: &str) -> Words {
    Words::new(
        Code::UndeclaredAttribute,
        format!("expected an attribute that the schema declares, found {}", ticked(attribute)),
    )
    .found(attribute)
    .remedy()
}
