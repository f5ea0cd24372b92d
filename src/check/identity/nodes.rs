//! The elements that have a key-sequence, for messages: their places and those of their fields.
//!
//! Most are never looked up, so each is stored in few bytes: eight if it has one field near its start, in a document of
//! less than 256 MB.

use super::pieces::Pieces;
use super::span::Span;

/// A selected element with all its fields. There are fewer than 2^31 of them, because each takes at least `UNIT` bytes,
/// and as many again for its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(pub(super) u32);

/// Each node begins at a multiple of this many bytes, and its number is that multiple.
const UNIT: usize = 8;

/// Special values of the distance from the start tag to a field: `END`, there are no more fields; `NOWHERE`, the value
/// is a default. Any other distance is stored with `SOMEWHERE` added.
const END: u64 = 0;
const NOWHERE: u64 = 1;
const SOMEWHERE: u64 = 2;

#[derive(Debug, Default)]
pub(super) struct Nodes {
    /// For each node, the offset and length of its tag, then the distance and length of each field, then `END`. Each
    /// number is in groups of seven bits, the least significant first; all but the last have the eighth bit set.
    bytes: Pieces<u8>,
    /// The bytes of the node being added.
    written: Vec<u8>,
}

impl Nodes {
    /// Forgets all nodes, but keeps the memory.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        self.bytes.size() + self.written.capacity()
    }

    pub(super) fn add(&mut self, tag: Span, fields: impl Iterator<Item = Span>) -> NodeId {
        let Nodes { bytes, written, .. } = self;
        written.clear();
        let start = tag.range().start;
        write(written, start as u64);
        write(written, tag.range().len() as u64);
        for field in fields {
            match field.range().start.checked_sub(start).filter(|_| !field.is_nowhere()) {
                Some(distance) => {
                    write(written, distance as u64 + SOMEWHERE);
                    write(written, field.range().len() as u64);
                }
                None => write(written, NOWHERE),
            }
        }
        write(written, END);
        written.resize(written.len().next_multiple_of(UNIT), 0);
        let node = NodeId((bytes.len() / UNIT) as u32);
        bytes.extend_from_slice(written);
        node
    }

    /// The numbers of a node.
    fn read(&self, NodeId(node): NodeId) -> impl Iterator<Item = u64> {
        let mut at = node as usize * UNIT;
        std::iter::from_fn(move || {
            let (mut number, mut shift) = (0, 0);
            loop {
                let byte = *self.bytes.get(at)?;
                at += 1;
                number |= u64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    return Some(number);
                }
            }
        })
    }

    /// The start tag of a node.
    pub(super) fn tag(&self, node: NodeId) -> Span {
        let mut numbers = self.read(node);
        match (numbers.next(), numbers.next()) {
            (Some(start), Some(length)) => span(start, length),
            _ => Span::default(),
        }
    }

    /// The places of its fields; a default value is nowhere.
    pub(super) fn fields(&self, node: NodeId) -> Vec<Span> {
        let mut numbers = self.read(node);
        let (start, _) = (numbers.next().unwrap_or_default(), numbers.next());
        let mut fields = Vec::new();
        loop {
            match numbers.next() {
                None | Some(END) => return fields,
                Some(NOWHERE) => fields.push(Span::default()),
                Some(distance) => fields.push(span(start + distance - SOMEWHERE, numbers.next().unwrap_or_default())),
            }
        }
    }

    /// The range over all its fields; the start tag if none is in the document.
    pub(super) fn place(&self, node: NodeId) -> Span {
        let hull = self.fields(node).into_iter().fold(Span::default(), Span::hull);
        if hull.is_empty() { self.tag(node) } else { hull }
    }
}

fn span(start: u64, length: u64) -> Span {
    Span::new(start as usize..(start + length) as usize)
}

fn write(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_kept() {
        let all = [
            (Span::new(0..3), vec![]),
            (Span::new(200..203), vec![Span::new(203..206)]),
            (Span::new((1 << 28) - 1..(1 << 28) + 2), vec![Span::new((1 << 28) + 2..(1 << 28) + 100)]),
            (Span::new(1 << 31..(1 << 31) + 9), vec![Span::default(), Span::new((1 << 31) + 9..u32::MAX as usize)]),
            (Span::new(7..9), vec![Span::default(); 20]),
        ];
        let mut nodes = Nodes::default();
        let numbers: Vec<_> = all.iter().map(|(tag, fields)| nodes.add(*tag, fields.iter().copied())).collect();
        for ((tag, fields), number) in all.iter().zip(&numbers) {
            assert_eq!((nodes.tag(*number), &nodes.fields(*number)), (*tag, fields));
        }
        assert_eq!(numbers, [0, 1, 2, 3, 5].map(NodeId), "each node takes at least eight bytes");
    }
}
