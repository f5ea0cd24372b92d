//! `PC03xx`: attributes.

use super::fragments::{all_of, did_you_mean, ticked};
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
    let required = match allowed.len() {
        0 => String::from("no attribute"),
        1 => format!("only the attribute {names}"),
        _ => format!("only the attributes {names}"),
    };
    let words = Words::new(
        Code::UnexpectedAttribute,
        format!("expected {required} of {}, found {}", ticked(element), ticked(found)),
    )
    .expected(allowed)
    .found(found);
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
