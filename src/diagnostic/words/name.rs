//! Names and wildcards, with their namespaces if the local part alone would be ambiguous.

use std::borrow::Cow;
use std::fmt::{Display, Formatter};

use super::fragments::{Pieces, any_of, shown, ticked};
use crate::xml::XML_NAMESPACE;

/// An expanded name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Name<'s> {
    /// `""` for none.
    pub(crate) namespace: &'s str,
    pub(crate) local: &'s str,
}

impl<'s> Name<'s> {
    /// A name in no namespace.
    pub(crate) fn without_namespace(local: &'s str) -> Name<'s> {
        Name { namespace: "", local }
    }

    /// The name as written, as far as the schema decides that: `lang`, `xml:lang`.
    pub(super) fn plain(self) -> Cow<'s, str> {
        match self.namespace {
            XML_NAMESPACE => Cow::Owned(format!("xml:{}", self.local)),
            _ => Cow::Borrowed(self.local),
        }
    }

    /// The name in backticks.
    pub(super) fn shown(self) -> ShownName<'s> {
        ShownName { name: self, in_namespace: false }
    }

    /// The name with its namespace, whatever that is.
    pub(super) fn in_namespace(self) -> ShownName<'s> {
        ShownName { name: self, in_namespace: self.namespace != XML_NAMESPACE }
    }

    /// The name with its namespace, if it has one.
    pub(super) fn in_full(self) -> ShownName<'s> {
        if self.namespace.is_empty() { self.shown() } else { self.in_namespace() }
    }

    /// Whether both have the same local part in different namespaces.
    pub(super) fn is_like(self, other: Name<'_>) -> bool {
        self.local == other.local && self.namespace != other.namespace
    }

    /// The name with its namespace if another one of the names has the same local part.
    pub(super) fn among<'n>(self, mut names: impl Iterator<Item = Name<'n>>) -> ShownName<'s> {
        if names.any(|name| self.is_like(name)) { self.in_namespace() } else { self.shown() }
    }
}

/// A name as it is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShownName<'s> {
    name: Name<'s>,
    in_namespace: bool,
}

impl ShownName<'_> {
    pub(super) fn append_to(self, pieces: Pieces) -> Pieces {
        let pieces = pieces.ticked(&self.name.plain());
        match self.in_namespace {
            true => pieces.text(" ").text(&within(self.name.namespace)),
            false => pieces,
        }
    }
}

impl Display for ShownName<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        ticked(&self.name.plain()).fmt(formatter)?;
        match self.in_namespace {
            true => write!(formatter, " {}", within(self.name.namespace)),
            false => Ok(()),
        }
    }
}

/// Whether names are in more than one namespace: only then can two share a local part.
pub(super) fn are_mixed<'n>(mut names: impl Iterator<Item = Name<'n>>) -> bool {
    let Some(first) = names.next() else { return false };
    names.any(|name| !std::ptr::eq(name.namespace, first.namespace) && name.namespace != first.namespace)
}

/// ``in namespace `urn:a` ``, `in no namespace`.
pub(super) fn within(namespace: &str) -> String {
    match namespace {
        "" => String::from("in no namespace"),
        named => format!("in namespace {}", ticked(named)),
    }
}

/// The namespaces that a wildcard allows (section 3.10.1, {namespace constraint}); `""` for none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Allowed<'s> {
    Any,
    /// `##other`: any namespace except this one; not absent.
    Other(&'s str),
    OneOf(Vec<&'s str>),
}

impl Allowed<'_> {
    /// ``any element in a namespace other than `urn:a` ``: `what` is `element` or `attribute`.
    pub(super) fn shown(&self, what: &str) -> String {
        match self {
            Allowed::Any => format!("any {what}"),
            Allowed::Other("") => format!("any {what} in a namespace"),
            Allowed::Other(namespace) => format!("any {what} in a namespace other than {}", ticked(namespace)),
            Allowed::OneOf(namespaces) if namespaces.is_empty() => format!("no {what}"),
            Allowed::OneOf(namespaces) => {
                format!("any {what} {}", any_of(namespaces.iter().map(|namespace| within(namespace))))
            }
        }
    }

    /// Whether it requires particular namespaces.
    pub(super) fn is_limited(&self) -> bool {
        *self != Allowed::Any
    }
}

/// A name in the wrong namespace, as it was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Misnamed<'a> {
    /// Its prefix; `""` for none.
    pub(crate) prefix: &'a str,
    /// The namespace that this is bound to; `""` for none.
    pub(crate) namespace: &'a str,
    /// A prefix for the right namespace; `""` if it is the default namespace.
    pub(crate) right: Option<&'a str>,
    /// An unbound prefix.
    pub(crate) free: &'a str,
    /// Whether another default namespace would be a solution: not for attributes, which are in no namespace without a
    /// prefix, nor for names in values, since it would change the elements around them.
    pub(crate) is_element: bool,
    /// Whether the default namespace has to stay: the enclosing element is in it, or children are in none.
    pub(crate) keeps_default: bool,
}

impl<'a> Misnamed<'a> {
    /// For an attribute or a name in a value: its prefix, one for the right namespace, and an unbound one.
    pub(crate) fn new((prefix, right, free): (&'a str, Option<&'a str>, &'a str), namespace: &'a str) -> Misnamed<'a> {
        Misnamed { prefix, namespace, right, free, is_element: false, keeps_default: false }
    }

    /// What to write for the right name.
    pub(super) fn help(self, right: Name<'_>) -> String {
        let (local, namespace, prefix) = (shown(right.local), shown(right.namespace), shown(self.prefix));
        match self.right {
            _ if right.namespace == XML_NAMESPACE => format!("did you mean `xml:{local}`?"),
            _ if right.namespace.is_empty() && !self.is_element => format!("did you mean `{local}`?"),
            Some("") => format!("did you mean `{local}`?"),
            Some(right) => format!("did you mean `{}:{local}`?", shown(right)),
            None if right.namespace.is_empty() && prefix.is_empty() && self.keeps_default => {
                format!("write `xmlns=\"\"` here, or give `{}` a prefix", shown(self.namespace))
            }
            None if right.namespace.is_empty() && prefix.is_empty() => {
                format!("remove `xmlns=\"{}\"`, or write `xmlns=\"\"` here", shown(self.namespace))
            }
            None if right.namespace.is_empty() => String::from("remove the prefix"),
            None if !prefix.is_empty() => format!("declare it: `xmlns:{prefix}=\"{namespace}\"`"),
            None if !self.is_element || self.keeps_default => {
                format!("write `{0}:{local}`, and declare `xmlns:{0}=\"{namespace}\"`", self.free)
            }
            None => format!("declare it: `xmlns=\"{namespace}\"`"),
        }
    }
}
