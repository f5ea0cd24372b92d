//! What a value can need from its document (XML Schema part 2, sections 3.2.18, 3.2.19, 3.3.8 to 3.3.12).
//!
//! For most types, the text alone determines the value. A qualified name is different: the namespace of its prefix
//! depends on the declarations in force at that place. Only the schema and the document know whether a notation or an
//! unparsed entity is declared. Whether an ID is unique, and a reference leads to one, is known only when the whole
//! document has been read. The first three are looked up in a [`Context`] while a value is checked; the last is checked
//! by the code that reads the document, to which a value reports a [`Link`].

use std::sync::Arc;

use crate::text::white_space::items;
use crate::xml::XML_NAMESPACE;

/// The surroundings of a value.
pub trait Context {
    /// The namespace that a prefix is bound to; `""` asks for the default namespace, and is the answer if names without
    /// a prefix are in no namespace. `None` if the prefix is not declared.
    fn namespace<'c>(&'c self, prefix: &'c str) -> Option<&'c str>;

    /// Whether the value is written in the schema: it is checked only once, which does not justify a pattern table.
    fn is_of_schema(&self) -> bool {
        false
    }

    /// Whether the schema declares a notation of this name.
    fn has_notation(&self, _namespace: &str, _local: &str) -> bool {
        true
    }

    /// Whether the document declares an unparsed entity of this name.
    fn has_entity(&self, _name: &str) -> bool {
        true
    }
}

/// No document at all: each prefix stands for itself, and every notation and entity counts as declared, so that only
/// the spelling matters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Context for Alone {
    fn namespace<'c>(&'c self, prefix: &'c str) -> Option<&'c str> {
        Some(prefix)
    }
}

/// The prefix bindings at a place in a schema document. Clones share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bindings(Arc<[(Box<str>, Arc<str>)]>);

impl Bindings {
    /// Creates bindings from pairs of a prefix (`""`: the default namespace) and a namespace, each prefix once.
    pub fn new<'b, N: Into<Arc<str>>>(bindings: impl IntoIterator<Item = (&'b str, N)>) -> Bindings {
        let mut bindings: Vec<(Box<str>, Arc<str>)> =
            bindings.into_iter().map(|(prefix, namespace)| (prefix.into(), namespace.into())).collect();
        bindings.sort_unstable();
        Bindings(bindings.into())
    }
}

impl Context for Bindings {
    fn is_of_schema(&self) -> bool {
        true
    }

    fn namespace<'c>(&'c self, prefix: &'c str) -> Option<&'c str> {
        match self.0.binary_search_by(|(known, _)| (**known).cmp(prefix)) {
            Ok(index) => self.0.get(index).map(|(_, namespace)| &**namespace),
            Err(_) if prefix.is_empty() => Some(""),
            Err(_) if prefix == "xml" => Some(XML_NAMESPACE),
            Err(_) => None,
        }
    }
}

/// How a value relates to other places in its document (part 1, section 3.15.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// It is an ID.
    Id,
    /// It refers to an ID.
    Reference,
}

/// A spelling of a qualified name that is the same for equal names and different for others: the namespace is preceded
/// by its length, since it may contain any character.
pub(crate) fn canonical_name(namespace: &str, local: &str) -> String {
    format!("{}{{{namespace}}}{local}", namespace.len())
}

/// The namespaces of the qualified names that a value consists of, in order; empty for other values. `""` means no
/// namespace.
pub type Namespaces = Arc<[Box<str>]>;

/// The namespace and the local part of a name in this spelling.
pub(crate) fn parts_of_canonical(name: &str) -> Option<(&str, &str)> {
    let (length, rest) = name.split_once('{')?;
    let (namespace, local) = rest.split_at_checked(length.parse().ok()?)?;
    Some((namespace, local.strip_prefix('}')?))
}

/// Whether two texts are the same qualified names, or lists of them, except for prefixes.
pub(crate) fn has_local_parts_of(one: &str, other: &str) -> bool {
    let local_parts = |text| items(text).map(|name| name.split_once(':').map_or(name, |(_, local)| local));
    local_parts(one).eq(local_parts(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bindings_answer_for_what_is_always_bound() {
        let bindings = Bindings::new([("p", "urn:p")]);
        assert_eq!(bindings.namespace("p"), Some("urn:p"));
        assert_eq!(bindings.namespace(""), Some(""));
        assert_eq!(bindings.namespace("xml"), Some(XML_NAMESPACE));
        assert_eq!(bindings.namespace("q"), None);
        assert_eq!(Bindings::new([("", "urn:d")]).namespace(""), Some("urn:d"));
    }

    #[test]
    fn names_differ_where_namespace_or_name_does() {
        assert_ne!(canonical_name("urn:{x}a", "b"), canonical_name("urn:", "x"));
        assert_ne!(canonical_name("", "a"), canonical_name("a", "a"));
        assert_eq!(canonical_name("urn:a", "b"), canonical_name("urn:a", "b"));
        for namespace in ["", "urn:a", "urn:{x}a", "7{x}é"] {
            assert_eq!(parts_of_canonical(&canonical_name(namespace, "b")), Some((namespace, "b")));
        }
    }
}
