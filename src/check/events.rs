//! Events of a walk, and notes with their details for callers that read values.

use std::borrow::Cow;

use super::table::NONE;
use crate::compiled::{ElementId, NameId, TypeId};
use crate::xml::{RawAttribute, resolve_text};

/// An event of the walk. Callers that read values find the details in its [`Note`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// An element begins; its attributes are `Machine::attributes_of`.
    Start,
    /// A whole element without attributes and children.
    Leaf,
    /// Text inside an element.
    Text,
    /// The innermost open element ends.
    End,
    /// The document ends.
    Eof,
}

/// An event and its text, as offsets in the document. Kept only if the sink wants events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note {
    /// The declaration of the element that begins or that contains the text; `ElementId(NONE)` for an undeclared
    /// element that a wildcard admits.
    pub(crate) element: ElementId,
    /// Its type, taking `xsi:type` into account.
    pub(crate) type_id: TypeId,
    /// The offset of its qualified name, and the length of that name.
    pub(crate) at: u32,
    pub(crate) length: u32,
    /// The length of the prefix with its colon.
    pub(crate) prefix: u32,
    /// For a leaf or a text, its character data; for a start, its attributes: see `Machine::attributes_of`.
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) event: Event,
    /// Whether it has `xsi:nil="true"`.
    pub(crate) nil: bool,
    /// Whether there is nothing in the text to resolve.
    pub(crate) plain: bool,
    /// Whether its white space is already as the type requires.
    pub(crate) normal: bool,
}

impl Note {
    /// An event without an element.
    pub(crate) const fn of(event: Event) -> Note {
        Note {
            element: ElementId(NONE),
            type_id: TypeId(0),
            at: 0,
            length: 0,
            prefix: 0,
            first: 0,
            last: 0,
            event,
            nil: false,
            plain: true,
            normal: true,
        }
    }
}

/// Character data as written in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    pub(crate) raw: &'a str,
    /// Whether there is nothing in it to resolve.
    pub(crate) plain: bool,
}

impl<'a> Text<'a> {
    /// The resolved text, borrowed if there is nothing to resolve.
    #[inline]
    pub(crate) fn resolve(self) -> Cow<'a, str> {
        if self.plain { self.raw.into() } else { resolve_text(self.raw) }
    }
}

/// An attribute that was read, for callers that read values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute {
    /// The name of its declaration; `None` if only a wildcard admits it and no schema names it.
    pub(crate) name: Option<NameId>,
    /// The offset of its qualified name in the document.
    pub(crate) at: u32,
    pub(crate) length: u32,
    /// The offset and the length of its value.
    pub(crate) value: (u32, u32),
    /// Whether its value contains nothing to resolve.
    pub(crate) plain: bool,
}

impl Attribute {
    /// The attribute as written in its tag in `document`.
    pub(crate) fn raw<'a>(&self, document: &'a str) -> RawAttribute<'a> {
        let (at, length) = (self.at as usize, self.length as usize);
        let (value_at, value_length) = (self.value.0 as usize, self.value.1 as usize);
        let name = document.get(at..at + length).unwrap_or_default();
        RawAttribute {
            name,
            prefix_length: name.find(':').unwrap_or(0),
            value: document.get(value_at..value_at + value_length).unwrap_or_default(),
            name_at: at,
            value_at,
        }
    }
}
