//! What a diagnostic knows about its remedy, as data: `fix` turns it into edits of the document.

use std::ops::Range;

use crate::text::invisible::trim_invisible;
use crate::text::nearest::Meant;

/// A remedy. It applies to the place of the diagnostic unless it gives another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Correction {
    /// Another local part for the name of the element or the attribute.
    Local { name: String, is_safe: bool },
    /// Another name, with its prefix. Alternatively, `default` can be declared as the default namespace on the root element
    /// if it has none; the flag tells whether that is safe if the name is.
    Name { name: String, default: Option<(String, bool)>, is_safe: bool },
    /// A declaration of this namespace: for a prefix on the root element, for the default namespace (`""`) on this
    /// element.
    Declaration { prefix: String, namespace: String, is_safe: bool },
    /// The elements with these names, from the second place of the diagnostic on, must come before that place, in this
    /// order.
    Order { first: Vec<String> },
    /// Another name for the encoding.
    Encoding { label: &'static str },
    /// The value without the white space or invisible characters around it.
    Trimmed,
    /// Another value.
    Value { value: String },
    /// Another name for a JSON member, which is at this place.
    Member { name: String, at: Option<Range<usize>>, is_safe: bool },
    /// The JSON string without its quotes.
    Unquoted,
}

impl Correction {
    /// A correction to the name that an element or an attribute was meant to have, unless another name is equally near.
    pub(crate) fn local(name: &str, meant: Meant) -> Option<Correction> {
        (!meant.is_tied).then(|| Correction::Local { name: name.to_owned(), is_safe: meant.is_certain })
    }

    /// A correction of a value. Invisible characters around it are certainly not meant.
    pub(crate) fn value(text: &str, meant: &str) -> Correction {
        match trim_invisible(text) == meant {
            true => Correction::Trimmed,
            false => Correction::Value { value: meant.to_owned() },
        }
    }

    /// The place that the correction gives, if any.
    pub(super) fn place(&mut self) -> Option<&mut Range<usize>> {
        match self {
            Correction::Member { at, .. } => at.as_mut(),
            _ => None,
        }
    }
}
