//! What a diagnostic knows of its remedy, as data: from this `fix` makes edits of the document.

use std::ops::Range;

use crate::text::invisible::trim_invisible;
use crate::text::nearest::Meant;

/// A remedy. Its place is that of the diagnostic where it does not say another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Correction {
    /// Another local part for the name of the element or the attribute.
    Local { name: String, is_safe: bool },
    /// Another name, with its prefix; or the default namespace, declared on the root element, where there is none, and whether
    /// that is safe where the name is.
    Name { name: String, default: Option<(String, bool)>, is_safe: bool },
    /// A declaration of this namespace; for a prefix (`""`: none) on the root element, for none on this one.
    Declaration { prefix: String, namespace: String, is_safe: bool },
    /// The elements of these names, from the second place of the diagnostic on, come before that, in this order.
    Order { first: Vec<String> },
    /// Another name for the encoding.
    Encoding { label: &'static str },
    /// The value without the white space around it, or without what cannot be seen there.
    Trimmed,
    /// Another value.
    Value { value: String },
    /// Another name for a member of JSON, which is at this place.
    Member { name: String, at: Option<Range<usize>>, is_safe: bool },
    /// The string of JSON without its quotes.
    Unquoted,
}

impl Correction {
    /// The name that an element or an attribute was meant to have, unless another one is as near.
    pub(crate) fn local(name: &str, meant: Meant) -> Option<Correction> {
        (!meant.is_tied).then(|| Correction::Local { name: name.to_owned(), is_safe: meant.is_certain })
    }

    /// What to write for a value: what cannot be seen around it is certainly not meant.
    pub(crate) fn value(text: &str, meant: &str) -> Correction {
        match trim_invisible(text) == meant {
            true => Correction::Trimmed,
            false => Correction::Value { value: meant.to_owned() },
        }
    }

    /// The place that it names.
    pub(super) fn place(&mut self) -> Option<&mut Range<usize>> {
        match self {
            Correction::Member { at, .. } => at.as_mut(),
            _ => None,
        }
    }
}
