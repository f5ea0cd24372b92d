//! The context that a value can depend on, for both prediction and the walk.

use crate::compiled::Compiled;
use crate::datatype::Context;
use crate::xml::Scopes;

/// The namespaces in scope at a value, and the declarations of its schema.
pub(crate) struct Around<'c, 'a> {
    pub(crate) schema: &'c Compiled,
    pub(crate) scopes: &'c Scopes<'a>,
}

impl Context for Around<'_, '_> {
    fn namespace<'c>(&'c self, prefix: &'c str) -> Option<&'c str> {
        self.scopes.resolve(prefix)
    }

    fn has_notation(&self, namespace: &str, local: &str) -> bool {
        self.schema.names.lookup(namespace, local).is_some_and(|name| self.schema.notations.contains_key(&name))
    }

    /// Always false: unparsed entities are declared in document type declarations, which are refused.
    fn has_entity(&self, _name: &str) -> bool {
        false
    }
}
