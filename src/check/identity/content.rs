//! What the walk tells the tracker: elements that begin, and the content of elements and attributes.

use super::span::Span;
use super::values::{ValueId, Values};
use crate::compiled::{ConstraintId, NameId, NamespaceId, ValueConstraint};
use crate::datatype::{Context, SimpleType};

/// An element that begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Begin<'s> {
    /// The constraints of its declaration.
    pub(crate) constraints: &'s [ConstraintId],
    pub(crate) namespace: Option<NamespaceId>,
    pub(crate) name: Option<NameId>,
    /// Whether its declaration is nillable.
    pub(crate) is_nillable: bool,
    /// Its start tag.
    pub(crate) tag: Span,
}

/// The content of an element or attribute.
#[derive(Clone, Copy)]
pub(crate) enum Content<'v> {
    /// A valid value, with its context.
    Value(&'v SimpleType, &'v str, &'v dyn Context),
    /// A default value, which many elements can have.
    Default(&'v SimpleType, &'v ValueConstraint),
    /// No value, since its type is not simple.
    NotSimple,
    /// No value, since it is nil; its type is simple.
    Nil,
    /// An invalid value, which was reported.
    Unknown,
}

/// `Content`, with the value as a number.
#[derive(Debug, Clone, Copy)]
pub(super) enum Numbered {
    Value(ValueId),
    NotSimple,
    Nil,
    Unknown,
}

impl Content<'_> {
    pub(super) fn number(self, values: &mut Values) -> Numbered {
        match self {
            Content::Value(simple, text, context) => {
                values.value_of(simple, text, context).map_or(Numbered::Unknown, Numbered::Value)
            }
            Content::Default(simple, default) => {
                values.value_of_default(simple, default).map_or(Numbered::Unknown, Numbered::Value)
            }
            Content::NotSimple => Numbered::NotSimple,
            Content::Nil => Numbered::Nil,
            Content::Unknown => Numbered::Unknown,
        }
    }
}
