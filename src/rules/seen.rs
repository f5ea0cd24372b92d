//! What rules see of the open elements: their attributes and children, with the texts that are read.
//!
//! One stack for all open elements with rules that need texts: what an element adds is dropped when it ends, so that
//! the stack is as deep as the document and nothing is allocated twice.

use super::{Node, Seen};
use crate::compiled::NameId;

/// What is kept of the open elements whose rules need it.
#[derive(Debug, Default)]
pub(crate) struct SeenStack {
    attributes: Vec<Node>,
    children: Vec<Node>,
    texts: String,
}

/// Where what belongs to an element begins.
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

    /// Forgets everything, but keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.attributes.clear();
        self.children.clear();
        self.texts.clear();
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

    /// What belongs to the innermost element, which has this string-value.
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
