//! `Name`, `NCName`, `NMTOKEN`, `QName` (XML Schema part 2, sections 3.2.18 and 3.3.4 to 3.3.7): the names of XML 1.0,
//! fifth edition.

use crate::xml::{is_name_char, is_name_start};

/// Production 5 of XML 1.0. A colon is a letter like another here.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|first| first == ':' || is_name_start(first)) && is_nmtoken(text)
}

/// Production 4 of Namespaces in XML 1.0: a name without a colon.
pub(crate) fn is_ncname(text: &str) -> bool {
    text.starts_with(is_name_start) && text.chars().all(is_name_char)
}

/// Production 7 of Namespaces in XML 1.0: a prefix (empty where there is none) and a local part.
pub(crate) fn split_qname(text: &str) -> Option<(&str, &str)> {
    match text.split_once(':') {
        Some((prefix, local)) => (is_ncname(prefix) && is_ncname(local)).then_some((prefix, local)),
        None => is_ncname(text).then_some(("", text)),
    }
}

/// Production 7 of XML 1.0.
pub(crate) fn is_nmtoken(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character == ':' || is_name_char(character))
}
