//! The open elements, and one that begins.

use std::borrow::Cow;
use std::ops::Range;

use super::recover::Walk;
use crate::compiled::{ElementId, Model, NameId, NamespaceId, ValueConstraint};
use crate::datatype::SimpleType;
use crate::rules::Seen;

/// An open element.
pub(super) struct Frame<'s, 'a> {
    /// The name as written.
    pub(super) name: &'a str,
    pub(super) element: Option<ElementId>,
    pub(super) known: Option<NameId>,
    /// The start tag.
    pub(super) tag: Range<usize>,
    pub(super) content: Expectation<'s>,
    pub(super) walk: Option<Walk>,
    /// The text, if the content is text, and where it stands.
    pub(super) text: Option<(Cow<'a, str>, &'a str, usize)>,
    pub(super) seen: Option<Seen<'a>>,
    /// Its string-value is `collected` from here on.
    pub(super) collected_from: Option<usize>,
    /// The bytes in it are not well-formed: nothing is said about what is missing.
    pub(super) malformed: bool,
    /// Something in it was reported: rules keep silent.
    pub(super) faulty: bool,
    /// That it has content it must not have was reported.
    pub(super) told: bool,
    /// It says that it is nil, and must not: that it is empty is the same fault.
    pub(super) excused: bool,
    /// The tracker of identity constraints was told that it begins.
    pub(super) is_tracked: bool,
    /// Its type is simple, or has simple content.
    pub(super) is_simple: bool,
}

/// What the content of an element may be.
#[derive(Clone, Copy)]
pub(super) enum Expectation<'s> {
    /// Nothing is checked, since something was wrong.
    Silence,
    /// Nothing is checked: a wildcard says so, and IDs in there are none.
    Skipped,
    /// Anything; what is declared is checked.
    Lax,
    /// Nothing may be there, by the type.
    Empty,
    /// Nothing may be there, because of `xsi:nil`.
    Nil,
    Simple {
        simple: &'s SimpleType,
        constraint: Option<&'s ValueConstraint>,
    },
    Elements {
        model: &'s Model,
        mixed: bool,
        fixed: Option<&'s str>,
    },
}

/// An element that begins: its name, resolved.
pub(super) struct Child<'a, 'r> {
    /// As written.
    pub(super) name: &'a str,
    pub(super) local: &'a str,
    /// `None` where the prefix is not declared.
    pub(super) namespace: Option<&'r str>,
    pub(super) namespace_id: Option<NamespaceId>,
    pub(super) id: Option<NameId>,
    pub(super) tag: Range<usize>,
}

impl<'a> Frame<'_, 'a> {
    /// An element of which nothing is known yet.
    pub(super) fn new(child: &Child<'a, '_>) -> Self {
        Frame {
            name: child.name,
            element: None,
            known: child.id,
            tag: child.tag.clone(),
            content: Expectation::Silence,
            walk: None,
            text: None,
            seen: None,
            collected_from: None,
            malformed: false,
            faulty: false,
            told: false,
            excused: false,
            is_tracked: false,
            is_simple: false,
        }
    }
}
