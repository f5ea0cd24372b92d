//! What a walk meets: an event, and for callers that read values a note of what it is about.

use std::borrow::Cow;

use super::table::NONE;
use crate::compiled::{ElementId, NameId, TypeId};
use crate::xml::{RawAttribute, resolve_text};

/// What the walk met. Callers that read values find the rest in its [`Note`].
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
    /// The document is over.
    Eof,
}

/// An event and its text, by places in the document. Only kept if the sink wants events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note {
    /// The declaration of the element that begins, or whose text it is; `ElementId(NONE)` for an undeclared one that
    /// a wildcard admits.
    pub(crate) element: ElementId,
    /// Its type, `xsi:type` considered.
    pub(crate) type_id: TypeId,
    /// Offset of its qualified name, and the length of that.
    pub(crate) at: u32,
    pub(crate) length: u32,
    /// How much of that is the prefix and its colon.
    pub(crate) prefix: u32,
    /// Of a leaf or a text: its character data. Of a start: its attributes, see `Machine::attributes_of`.
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) event: Event,
    /// `xsi:nil="true"`.
    pub(crate) nil: bool,
    /// Nothing in the text has to be resolved.
    pub(crate) plain: bool,
    /// White space in it is already as the type requires.
    pub(crate) normal: bool,
}

impl Note {
    /// An event about nothing.
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

/// Character data as it is in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    pub(crate) raw: &'a str,
    /// Nothing in it has to be resolved.
    pub(crate) plain: bool,
}

impl<'a> Text<'a> {
    /// What it means. Borrows where nothing has to be resolved.
    #[inline]
    pub(crate) fn resolve(self) -> Cow<'a, str> {
        if self.plain { self.raw.into() } else { resolve_text(self.raw) }
    }
}

/// An attribute that was met, for callers that read values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute {
    /// Its declaration's name; `None` for one that only a wildcard admits and that no schema names.
    pub(crate) name: Option<NameId>,
    /// Where its qualified name is in the document.
    pub(crate) at: u32,
    pub(crate) length: u32,
    /// Where its value is: offset and length.
    pub(crate) value: (u32, u32),
    /// The value has nothing to resolve.
    pub(crate) plain: bool,
}

impl Attribute {
    /// It as it is in its tag, of a document.
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
