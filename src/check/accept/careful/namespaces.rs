//! The namespace declarations in force.

use crate::check::accept::Machine;
use crate::compiled::NamespaceId;

/// A namespace that no schema names.
const FOREIGN: NamespaceId = NamespaceId(u32::MAX);

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// All of them, as attributes that can be written.
    pub(crate) fn declarations(&self) -> String {
        self.scopes.as_attributes()
    }

    /// What names without a prefix mean from here on.
    pub(super) fn settle_namespace(&mut self) {
        if self.scopes.is_empty() {
            self.namespace = NamespaceId(0);
            return;
        }
        let default = self.scopes.resolve("").unwrap_or_default();
        self.namespace = self.schema.names.lookup_namespace(default).unwrap_or(FOREIGN);
    }

    /// Ends the declarations of the element that is left.
    #[cold]
    pub(in crate::check::accept) fn leave_scope(&mut self) {
        self.scopes.close(self.depth);
        self.settle_namespace();
    }
}
