//! What a value can need of the document around it (XML Schema part 2, sections 3.2.18, 3.2.19, 3.3.8 to 3.3.12).
//!
//! Most texts say by themselves what they are worth. A qualified name does not: which namespace its prefix means is
//! said by the declarations in force where it stands. That a notation or an unparsed entity is declared is known to
//! the schema and the document alone; and that an ID is unique, and a reference leads to one, is known when all of a
//! document has been read. The first three are asked of a [`Context`] while a value is checked; the last is settled by
//! who reads the document, and [`Link`] is what a value tells for it.

use std::sync::Arc;

use crate::text::white_space::items;
use crate::xml::XML_NAMESPACE;

/// The surroundings of a value.
pub trait Context {
    /// The namespace that a prefix is bound to; `""` asks for the default namespace, and is the answer where names
    /// without a prefix are in no namespace. `None`: the prefix is not declared.
    fn namespace<'c>(&'c self, prefix: &'c str) -> Option<&'c str>;

    /// The value is written in the schema: it is looked at once, which is not worth a table of patterns.
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

/// No document at all: each prefix stands for itself, and every notation and entity is taken for declared, so that
/// spelling alone decides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Context for Alone {
    fn namespace<'c>(&'c self, prefix: &'c str) -> Option<&'c str> {
        Some(prefix)
    }
}

/// What prefixes mean at a place of a schema document. Clones share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bindings(Arc<[(Box<str>, Arc<str>)]>);

impl Bindings {
    /// From pairs of a prefix (`""`: the default namespace) and a namespace, each prefix once.
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

/// What a value has to do with other places of its document (part 1, section 3.15.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// It is an ID.
    Id,
    /// It refers to one.
    Reference,
}

/// A qualified name as a spelling that is the same for equal names and differs for others: the namespace behind its
/// length, since there is no character that it could not contain.
pub(crate) fn canonical_name(namespace: &str, local: &str) -> String {
    format!("{}{{{namespace}}}{local}", namespace.len())
}

/// The namespaces of the qualified names that a value consists of, in their order; none for other values. `""`: none.
pub type Namespaces = Arc<[Box<str>]>;

/// The namespace and the local part of a name that is spelled so.
pub(crate) fn parts_of_canonical(name: &str) -> Option<(&str, &str)> {
    let (length, rest) = name.split_once('{')?;
    let (namespace, local) = rest.split_at_checked(length.parse().ok()?)?;
    Some((namespace, local.strip_prefix('}')?))
}

/// Whether two texts are the same qualified names, or lists of them, but for their prefixes.
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
