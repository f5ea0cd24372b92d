//! The namespace declarations in scope.

use crate::check::machine::{FOREIGN, MOST_BOUND, Machine};
use crate::check::scratch::Bound;
use crate::check::sink::Sink;
use crate::compiled::NamespaceId;
use crate::text::pattern::Pattern;
use crate::xml::{RawAttribute, StartTag, XML_NAMESPACE, split};

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Brings the declarations of a start tag into scope, and returns whether they and the prefixes in the tag are
    /// right. If not, nothing has changed.
    pub(super) fn declare(&mut self, tag: &StartTag<'a>, raw: &[RawAttribute<'a>]) -> bool {
        let depth = self.depth + 1;
        let declares = raw.iter().any(|attribute| attribute.declared_prefix().is_some());
        if declares && !self.scopes.has_memory() {
            self.scopes = self.scratch.take_scopes();
        }
        let (prefix, _) = split(tag.name, tag.prefix_length);
        let is_right = (!declares || self.scopes.open(depth, raw).is_ok())
            && (prefix.is_empty() || self.scopes.resolve(prefix).is_some())
            && self.scopes.check_attributes(raw).is_ok();
        match (is_right, declares) {
            (true, true) => self.bind(raw),
            (true, false) => {}
            (false, _) => self.scopes.close(depth),
        }
        is_right
    }

    /// Copies declarations that are in scope into the walk's own form.
    pub(super) fn bind(&mut self, raw: &[RawAttribute<'a>]) {
        self.scope_depth = self.depth + 1;
        self.prefix = 0;
        for attribute in raw {
            let Some(prefix) = attribute.declared_prefix().filter(|prefix| !prefix.is_empty()) else { continue };
            let namespace = self.scopes.resolve(prefix).unwrap_or_default();
            let namespace = self.schema.names.lookup_namespace(namespace).unwrap_or(FOREIGN);
            let at = attribute.name_at + attribute.name.len() - prefix.len();
            let length = prefix.len() as u32 + 1;
            let mut written = [b':'; 16];
            let pattern = match written.get_mut(..prefix.len()).filter(|_| prefix.len() < 16) {
                Some(room) => {
                    room.copy_from_slice(prefix.as_bytes());
                    Pattern::new(written.get(..prefix.len() + 1).unwrap_or_default())
                }
                None => Pattern::NOWHERE,
            };
            self.scratch.bound.push(Bound { depth: self.depth + 1, pattern, at, length, namespace });
        }
        self.settle_namespace();
        self.settle_plainness();
    }

    /// The namespace of a prefix (`FOREIGN`: one that no schema names); `None`: it is not declared.
    pub(super) fn namespace_of_prefix(&mut self, prefix: &str) -> Option<NamespaceId> {
        if prefix.is_empty() {
            return Some(self.namespace);
        }
        if self.scratch.bound.len() > MOST_BOUND {
            return self.namespace_in_scope(prefix);
        }
        let mut bound = self.scratch.bound.iter().rev();
        match bound.find(|bound| bound.prefix(self.text) == prefix) {
            Some(bound) => Some(bound.namespace),
            None if prefix == "xml" => Some(self.schema.names.lookup_namespace(XML_NAMESPACE).unwrap_or(FOREIGN)),
            None => None,
        }
    }

    /// Looks the prefix up in the table of scopes, which takes the same time however many declarations are in scope.
    #[cold]
    fn namespace_in_scope(&mut self, prefix: &str) -> Option<NamespaceId> {
        let namespace = self.scopes.resolve(prefix)?;
        let forgiven = self.sink.explanation().and_then(|explanation| explanation.forgiven.as_ref());
        match forgiven {
            Some((wrong, right)) if wrong == namespace => Some(*right),
            _ => Some(self.schema.names.lookup_namespace(namespace).unwrap_or(FOREIGN)),
        }
    }
}
