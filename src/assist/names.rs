//! Names as they are written at a place, with the prefixes in scope there.

use crate::check::{Here, INSTANCE};
use crate::compiled::{Compiled, NameId};
use crate::xml::{XML_NAMESPACE, escape_value};

/// A name as it is written, and the namespace declaration that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) name: String,
    /// Preceded by a space.
    pub(super) declaration: Option<String>,
}

impl Here {
    /// The namespace of a prefix.
    pub(super) fn namespace_of(&self, prefix: &str) -> Option<&str> {
        self.namespaces.iter().rev().find(|(bound, _)| bound == prefix).map(|(_, namespace)| namespace.as_str())
    }

    /// The shortest prefix of a namespace.
    fn prefix_of(&self, namespace: &str) -> Option<&str> {
        let bound = self.namespaces.iter().filter(|(prefix, bound)| bound == namespace && !prefix.is_empty());
        bound.map(|(prefix, _)| prefix.as_str()).min_by_key(|prefix| prefix.len())
    }

    /// The name of an element.
    pub(super) fn element_name(&self, schema: &Compiled, name: NameId) -> Written {
        let (namespace, local) = (schema.names.namespace(name), schema.names.local(name));
        let default = self.namespace_of("").unwrap_or_default();
        if namespace == default {
            return Written { name: local.to_owned(), declaration: None };
        }
        if namespace.is_empty() {
            return Written { name: local.to_owned(), declaration: Some(" xmlns=\"\"".to_owned()) };
        }
        match self.prefix_of(namespace) {
            Some(prefix) => Written { name: format!("{prefix}:{local}"), declaration: None },
            None if self.open.is_empty() => {
                Written { name: local.to_owned(), declaration: Some(binding("", namespace)) }
            }
            None => {
                let prefix = self.free_prefix;
                Written { name: format!("{prefix}:{local}"), declaration: Some(binding(prefix, namespace)) }
            }
        }
    }

    /// The name of an attribute.
    pub(super) fn attribute_name(&self, schema: &Compiled, name: NameId) -> Written {
        self.prefixed(schema.names.namespace(name), schema.names.local(name), None)
    }

    /// The name of one of the attributes of the instance namespace.
    pub(super) fn instance_name(&self, local: &str) -> Written {
        self.prefixed(INSTANCE, local, Some("xsi"))
    }

    /// A name in the value of an attribute, where the default namespace applies.
    pub(super) fn value_name(&self, schema: &Compiled, name: NameId) -> Option<String> {
        let (namespace, local) = (schema.names.namespace(name), schema.names.local(name));
        if namespace == self.namespace_of("").unwrap_or_default() {
            return Some(local.to_owned());
        }
        self.prefix_of(namespace).map(|prefix| format!("{prefix}:{local}"))
    }

    fn prefixed(&self, namespace: &str, local: &str, wish: Option<&str>) -> Written {
        if namespace.is_empty() {
            return Written { name: local.to_owned(), declaration: None };
        }
        if namespace == XML_NAMESPACE {
            return Written { name: format!("xml:{local}"), declaration: None };
        }
        if let Some(prefix) = self.prefix_of(namespace) {
            return Written { name: format!("{prefix}:{local}"), declaration: None };
        }
        let prefix = wish.filter(|wish| self.namespace_of(wish).is_none()).unwrap_or(self.free_prefix);
        Written { name: format!("{prefix}:{local}"), declaration: Some(binding(prefix, namespace)) }
    }
}

/// The declaration of a prefix, preceded by a space.
fn binding(prefix: &str, namespace: &str) -> String {
    let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
    format!(" {name}=\"{}\"", escaped(namespace))
}

/// A value as it is written between quotes.
pub(super) fn escaped(value: &str) -> String {
    let mut written = Vec::new();
    escape_value(&mut written, value);
    String::from_utf8(written).unwrap_or_default()
}
