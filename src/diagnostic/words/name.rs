//! Names and wildcards, with their namespaces if the local part alone would be ambiguous.

use std::borrow::Cow;
use std::fmt::{Display, Formatter};

use super::fragments::{Pieces, any_of, shown, ticked};
use crate::diagnostic::correction::Correction;
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

/// How a name gets into its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer<'a> {
    /// Write it with this prefix, which is bound to the namespace; `""`: without a prefix.
    Prefix(&'a str),
    /// The name has no namespace, so no default namespace may be in scope.
    NoDefault,
    /// The name has no namespace, so it must have no prefix.
    NoPrefix,
    /// Declare the prefix that it has, or the default namespace.
    Declare(&'a str),
    /// Write it with this prefix, and declare the prefix.
    DeclareAndPrefix(&'a str),
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
    /// Whether values without a prefix may be names, which another default namespace would change.
    pub(crate) has_name_values: bool,
}

impl<'a> Misnamed<'a> {
    /// For an attribute or a name in a value: its prefix, one for the right namespace, and an unbound one.
    pub(crate) fn new((prefix, right, free): (&'a str, Option<&'a str>, &'a str), namespace: &'a str) -> Misnamed<'a> {
        Misnamed { prefix, namespace, right, free, is_element: false, keeps_default: false, has_name_values: false }
    }

    /// What to do to get the right name.
    fn answer(self, right: Name<'_>) -> Answer<'a> {
        match self.right {
            _ if right.namespace == XML_NAMESPACE => Answer::Prefix("xml"),
            _ if right.namespace.is_empty() && !self.is_element => Answer::Prefix(""),
            Some(prefix) => Answer::Prefix(prefix),
            None if right.namespace.is_empty() && self.prefix.is_empty() => Answer::NoDefault,
            None if right.namespace.is_empty() => Answer::NoPrefix,
            None if !self.prefix.is_empty() => Answer::Declare(self.prefix),
            None if !self.is_element || self.keeps_default => Answer::DeclareAndPrefix(self.free),
            None => Answer::Declare(""),
        }
    }

    /// The help text for getting the right name.
    pub(super) fn help(self, right: Name<'_>) -> String {
        let (local, namespace) = (shown(right.local), shown(right.namespace));
        match self.answer(right) {
            Answer::Prefix("") => format!("did you mean `{local}`?"),
            Answer::Prefix(prefix) => format!("did you mean `{}:{local}`?", shown(prefix)),
            Answer::NoDefault if self.keeps_default => {
                format!("write `xmlns=\"\"` here, or give `{}` a prefix", shown(self.namespace))
            }
            Answer::NoDefault => {
                format!("remove `xmlns=\"{}\"`, or write `xmlns=\"\"` here", shown(self.namespace))
            }
            Answer::NoPrefix => String::from("remove the prefix"),
            Answer::Declare("") => format!("declare it: `xmlns=\"{namespace}\"`"),
            Answer::Declare(prefix) => format!("declare it: `xmlns:{}=\"{namespace}\"`", shown(prefix)),
            Answer::DeclareAndPrefix(free) => {
                format!("write `{free}:{local}`, and declare `xmlns:{free}=\"{namespace}\"`")
            }
        }
    }

    /// The help as data, if a single change is enough. It is certain only for a name in no namespace: a namespace that is
    /// declared may be meant, such as that of another version.
    pub(super) fn correction(self, right: Name<'_>) -> Option<Correction> {
        let declaration = |prefix: &str| Correction::Declaration {
            prefix: prefix.to_owned(),
            namespace: right.namespace.to_owned(),
            is_safe: self.namespace.is_empty()
                && !right.namespace.is_empty()
                && !(prefix.is_empty() && self.has_name_values),
        };
        let name = |prefix: &str| match prefix {
            "" => right.local.to_owned(),
            prefix => format!("{prefix}:{}", right.local),
        };
        match self.answer(right) {
            Answer::Prefix(prefix) => {
                let is_default = self.is_element && self.namespace.is_empty();
                let default = is_default.then(|| (right.namespace.to_owned(), !self.has_name_values));
                let is_safe = self.namespace.is_empty() || prefix == "xml";
                Some(Correction::Name { name: name(prefix), default, is_safe })
            }
            Answer::NoPrefix => Some(Correction::Name { name: name(""), default: None, is_safe: false }),
            Answer::NoDefault => Some(declaration("")),
            Answer::Declare(prefix) => Some(declaration(prefix)),
            Answer::DeclareAndPrefix(_) => None,
        }
    }
}
