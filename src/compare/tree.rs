//! A document as a tree of meanings, flat in memory: each node is followed by all its descendants.

use std::collections::HashMap;

use super::meanings::Meanings;

/// A node: an element, an attribute, or text between elements; in JSON, a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) parent: u32,
    /// The index after its last descendant.
    pub(super) end: u32,
    pub(super) label: u32,
    /// The list of its parent that it is in. The order of nodes in different lists has no meaning.
    pub(super) group: u32,
    /// The number of its meaning, including its descendants.
    pub(super) meaning: u32,
    /// The number of its own value; 0 if it has none.
    pub(super) value: u32,
    /// What distinguishes it from its siblings: its index in `Tree::keys` plus 1; 0 if there is no key.
    pub(super) key: u32,
    /// The number of siblings with this label up to and including it.
    pub(super) position: u32,
    /// Where it begins: the range of its tag, its name, or the whole of it.
    pub(super) span: (u32, u32),
    /// The range of its value.
    pub(super) text: (u32, u32),
    pub(super) shape: Shape,
    /// Whether its group can have several nodes.
    pub(super) is_list: bool,
    /// Whether its value is an ID.
    pub(super) is_id: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Only a value.
    Value,
    /// An element that can have children or attributes, or an object.
    Structure,
    Array,
}

/// What distinguishes a node from its siblings.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// Its number: equal for equal values.
    pub(super) meaning: u32,
    /// The nodes that contain the values.
    pub(super) fields: Box<[u32]>,
}

#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) keys: Vec<Key>,
    /// Values that are not shown as they are written in the document: defaults, and names.
    pub(super) written: HashMap<u32, Box<str>>,
}

/// The node of the whole document.
pub(super) const ROOT: u32 = 0;

impl Tree {
    pub(super) fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(index as usize)
    }

    /// The children of a node.
    pub(super) fn children(&self, index: u32) -> impl Iterator<Item = (u32, &Node)> {
        let end = self.node(index).map_or(0, |node| node.end);
        let mut next = index + 1;
        std::iter::from_fn(move || {
            let node = self.node(next).filter(|_| next < end)?;
            let child = (next, node);
            next = node.end.max(next + 1);
            Some(child)
        })
    }

    /// The key of a node.
    pub(super) fn key_of(&self, node: &Node) -> Option<&Key> {
        self.keys.get((node.key as usize).checked_sub(1)?)
    }
}

/// Builds a tree from its first node to its last.
pub(super) struct Builder<'m> {
    pub(super) tree: Tree,
    pub(super) meanings: &'m mut Meanings,
    open: Vec<u32>,
    parts: Vec<u32>,
    groups: Vec<(u32, u32)>,
    counts: HashMap<u32, u32>,
}

/// A new node.
#[derive(Debug, Clone, Copy)]
pub(super) struct New {
    pub(super) label: u32,
    pub(super) group: u32,
    pub(super) is_list: bool,
    pub(super) shape: Shape,
    pub(super) span: (u32, u32),
}

impl<'m> Builder<'m> {
    pub(super) fn new(meanings: &'m mut Meanings) -> Builder<'m> {
        Builder {
            tree: Tree::default(),
            meanings,
            open: Vec::new(),
            parts: Vec::new(),
            groups: Vec::new(),
            counts: HashMap::new(),
        }
    }

    /// Begins a node.
    pub(super) fn begin(&mut self, new: New) -> u32 {
        let New { label, group, is_list, shape, span } = new;
        // Each node takes a byte of a document shorter than 4 GiB, or is a default of the schema.
        let index = self.tree.nodes.len() as u32;
        let parent = self.open.last().copied().unwrap_or(ROOT);
        let node = Node {
            parent,
            end: index + 1,
            label,
            group,
            meaning: 0,
            value: 0,
            key: 0,
            position: 1,
            span,
            text: (0, 0),
            shape,
            is_list,
            is_id: false,
        };
        self.tree.nodes.push(node);
        self.open.push(index);
        index
    }

    /// Sets the value of the node that began last.
    pub(super) fn set_value(&mut self, value: u32, text: (u32, u32)) {
        let open = self.open.last().copied().unwrap_or(ROOT);
        if let Some(node) = self.tree.nodes.get_mut(open as usize) {
            (node.value, node.text) = (value, text);
        }
    }

    pub(super) fn node_mut(&mut self, index: u32) -> Option<&mut Node> {
        self.tree.nodes.get_mut(index as usize)
    }

    /// Ends the node that began last.
    pub(super) fn end(&mut self) {
        let Some(index) = self.open.pop() else { return };
        let end = self.tree.nodes.len() as u32;
        let Some(node) = self.tree.nodes.get_mut(index as usize) else { return };
        node.end = end;
        let (label, value, shape) = (node.label, node.value, node.shape);
        self.groups.clear();
        self.counts.clear();
        let mut next = index + 1;
        while let Some(child) = self.tree.nodes.get_mut(next as usize).filter(|_| next < end) {
            let count = self.counts.entry(child.label).or_insert(0);
            *count += 1;
            child.position = *count;
            self.groups.push((child.group, child.meaning));
            next = child.end.max(next + 1);
        }
        // The sort is stable: within a group, order is significant.
        self.groups.sort_by_key(|(group, _)| *group);
        self.parts.clear();
        self.parts.extend([label, value, shape as u32]);
        self.parts.extend(self.groups.iter().map(|(_, meaning)| *meaning));
        let meaning = self.meanings.of_node(&self.parts);
        if let Some(node) = self.tree.nodes.get_mut(index as usize) {
            node.meaning = meaning;
        }
    }
}
