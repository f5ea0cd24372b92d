//! What rules see of the open elements: their attributes and children, with the texts that rules read.
//!
//! One stack for all open elements with rules that need texts: what an element adds is dropped when it ends, so that
//! the stack is as deep as the document and nothing is allocated twice.

use super::{Node, Seen};
use crate::compiled::NameId;

/// The numbers of attributes and children, and of bytes of text, for which memory is kept from one document to the
/// next.
const KEPT_NODES: usize = 1 << 12;
const KEPT_BYTES: usize = 1 << 18;

/// What is kept of the open elements whose rules need it.
#[derive(Debug, Default)]
pub(crate) struct SeenStack {
    attributes: Vec<Node>,
    children: Vec<Node>,
    texts: String,
}

/// Where the part of an element begins.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mark {
    attributes: u32,
    children: u32,
    texts: u32,
}

impl SeenStack {
    /// Where the next element's part begins.
    pub(crate) fn mark(&self) -> Mark {
        // Each is at most as long as the document.
        Mark {
            attributes: self.attributes.len() as u32,
            children: self.children.len() as u32,
            texts: self.texts.len() as u32,
        }
    }

    /// Drops what was added since a mark.
    pub(crate) fn forget(&mut self, mark: Mark) {
        self.attributes.truncate(mark.attributes as usize);
        self.children.truncate(mark.children as usize);
        self.texts.truncate(mark.texts as usize);
    }

    /// Clears everything, and keeps no more memory than most documents need.
    pub(crate) fn clear(&mut self) {
        self.attributes.clear();
        self.children.clear();
        self.texts.clear();
        let nodes = self.attributes.capacity().max(self.children.capacity());
        if nodes > KEPT_NODES || self.texts.capacity() > KEPT_BYTES {
            self.give_back();
        }
    }

    #[cold]
    fn give_back(&mut self) {
        self.attributes.shrink_to(KEPT_NODES);
        self.children.shrink_to(KEPT_NODES);
        self.texts.shrink_to(KEPT_BYTES);
    }

    /// An attribute of the innermost element.
    pub(crate) fn add_attribute(&mut self, name: NameId, value: &str) {
        let node = self.node(name, value);
        self.attributes.push(node);
    }

    /// A child of the innermost element, whose text is not known yet.
    pub(crate) fn add_child(&mut self, name: NameId) {
        let node = self.node(name, "");
        self.children.push(node);
    }

    /// The text of the child that was added last.
    pub(crate) fn set_child_text(&mut self, text: &str) {
        if let Some(name) = self.children.pop().map(|child| child.name) {
            let node = self.node(name, text);
            self.children.push(node);
        }
    }

    fn node(&mut self, name: NameId, text: &str) -> Node {
        let start = self.texts.len() as u32;
        self.texts.push_str(text);
        Node { name, start, end: self.texts.len() as u32 }
    }

    /// The part of the innermost element, which has this string-value.
    pub(crate) fn since<'s>(&'s self, mark: Mark, text: &'s str, has_text: bool) -> Seen<'s> {
        Seen {
            attributes: self.attributes.get(mark.attributes as usize..).unwrap_or_default(),
            children: self.children.get(mark.children as usize..).unwrap_or_default(),
            texts: &self.texts,
            text,
            has_text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_beyond_what_most_documents_need_is_given_back() {
        let mut seen = SeenStack::default();
        let (few, many) = ("x".repeat(9), "x".repeat(2 * KEPT_BYTES));
        for (count, text) in [(10, &few), (2 * KEPT_NODES, &few), (1, &many)] {
            for _ in 0..count {
                seen.add_attribute(NameId(0), text);
                seen.add_child(NameId(1));
                seen.set_child_text(text);
            }
            let was = (seen.attributes.capacity(), seen.children.capacity(), seen.texts.capacity());
            seen.clear();
            let is = (seen.attributes.capacity(), seen.children.capacity(), seen.texts.capacity());
            assert_eq!(is, (was.0.min(KEPT_NODES), was.1.min(KEPT_NODES), was.2.min(KEPT_BYTES)));
        }
    }
}
