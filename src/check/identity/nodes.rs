//! The elements that have a key-sequence, for messages: where they and their fields are.

use super::span::Span;

/// A selected element with all its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(pub(super) u32);

#[derive(Debug, Clone, Copy)]
struct Node {
    tag: Span,
    /// Its first field in `Nodes::fields`, and how many there are.
    first: u32,
    count: u32,
}

#[derive(Debug, Default)]
pub(super) struct Nodes {
    nodes: Vec<Node>,
    /// Where their fields are.
    fields: Vec<Span>,
}

impl Nodes {
    /// Forgets all of them, but not the memory.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.fields.clear();
    }

    /// Bytes that they hold, whether there are any or not.
    pub(super) fn size(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>() + self.fields.capacity() * size_of::<Span>()
    }

    pub(super) fn add(&mut self, tag: Span, fields: impl Iterator<Item = Span>) -> NodeId {
        let first = self.fields.len() as u32;
        self.fields.extend(fields);
        self.nodes.push(Node { tag, first, count: self.fields.len() as u32 - first });
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// The start tag.
    pub(super) fn tag(&self, NodeId(node): NodeId) -> Span {
        self.nodes.get(node as usize).map_or(Span::default(), |node| node.tag)
    }

    /// Where each field is; a default value is nowhere.
    pub(super) fn fields(&self, NodeId(node): NodeId) -> &[Span] {
        let Some(node) = self.nodes.get(node as usize) else { return &[] };
        self.fields.get(node.first as usize..(node.first + node.count) as usize).unwrap_or_default()
    }

    /// All its fields; the start tag where none is in the document.
    pub(super) fn place(&self, node: NodeId) -> Span {
        let hull = self.fields(node).iter().fold(Span::default(), |hull, field| hull.hull(*field));
        if hull.is_empty() { self.tag(node) } else { hull }
    }
}
