//! Reorders the members of a document like those of another.

use std::collections::HashMap;

use super::reader::{Reader, Token};
use super::shape::{Shape, ValueShape};

/// A document that was just written, with the members of each object in the order that `like` has at the same place.
/// Members that `like` does not have follow, in the order in which they were written. What no shape describes stays
/// unchanged, and so does everything if `like` is not JSON.
pub(super) fn reorder(shape: &'static Shape, written: &[u8], like: &[u8]) -> Vec<u8> {
    let (Some(tree), Some(like)) = (Tree::of(written), Tree::of(like)) else { return written.to_vec() };
    let mut output = Vec::with_capacity(written.len());
    // What is yet to be written, last first: a node with the corresponding node of `like`, or punctuation.
    let mut pending = vec![Step::Node { node: 0, like: Some(0), known: Known::Object(shape) }];
    while let Some(step) = pending.pop() {
        match step {
            Step::Bytes(bytes) => output.extend_from_slice(bytes),
            Step::Node { node, like: other, known } => {
                tree.unfold(written, node, known, (&like, other), &mut pending);
            }
        }
    }
    output
}

enum Step<'a> {
    Bytes(&'a [u8]),
    Node { node: usize, like: Option<usize>, known: Known },
}

/// What is known of a node from its shape.
#[derive(Clone, Copy)]
enum Known {
    Object(&'static Shape),
    Items(&'static ValueShape),
    Whole,
}

impl Known {
    fn of(value: &'static ValueShape) -> Known {
        match value {
            ValueShape::Object(shape) => Known::Object(shape),
            ValueShape::List { item, .. } => Known::Items(item),
            _ => Known::Whole,
        }
    }
}

/// A document as nodes, parents before children.
struct Tree {
    nodes: Vec<Node>,
}

struct Node {
    start: usize,
    end: usize,
    children: Children,
}

enum Children {
    None,
    Items(Vec<usize>),
    /// The name, the bytes of the name as written, the value.
    Members(Vec<(String, std::ops::Range<usize>, usize)>),
}

impl Tree {
    fn of(bytes: &[u8]) -> Option<Tree> {
        // Both documents were within their limits when they were read or written.
        let mut reader = Reader::new(bytes, usize::MAX);
        let mut faults = false;
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut name = None;
        loop {
            let token = reader.next(&mut |_| faults = true);
            let span = reader.span();
            let children = match token {
                Token::Eof => break,
                Token::Name(text) => {
                    name = Some((text.into_owned(), span));
                    continue;
                }
                Token::EndArray | Token::EndObject => {
                    nodes.get_mut(open.pop()?)?.end = span.end;
                    continue;
                }
                Token::BeginArray => Children::Items(Vec::new()),
                Token::BeginObject => Children::Members(Vec::new()),
                _ => Children::None,
            };
            let node = nodes.len();
            match open.last().and_then(|parent| nodes.get_mut(*parent)).map(|parent| &mut parent.children) {
                Some(Children::Items(items)) => items.push(node),
                Some(Children::Members(members)) => {
                    let (name, span) = name.take()?;
                    members.push((name, span, node));
                }
                Some(Children::None) | None => {}
            }
            if !matches!(children, Children::None) {
                open.push(node);
            }
            nodes.push(Node { start: span.start, end: span.end, children });
        }
        (!faults && !nodes.is_empty()).then_some(Tree { nodes })
    }

    /// Pushes the parts of a node onto what is pending.
    fn unfold<'a>(
        &self,
        bytes: &'a [u8],
        node: usize,
        known: Known,
        (like, other): (&Tree, Option<usize>),
        pending: &mut Vec<Step<'a>>,
    ) {
        let Some(node) = self.nodes.get(node) else { return };
        let other = other.and_then(|other| like.nodes.get(other));
        let first = pending.len();
        match (known, &node.children, other.map(|other| &other.children)) {
            (Known::Items(item), Children::Items(items), Some(Children::Items(others))) => {
                pending.push(Step::Bytes(b"["));
                for (index, item_node) in items.iter().enumerate() {
                    if index > 0 {
                        pending.push(Step::Bytes(b","));
                    }
                    let like = others.get(index).copied();
                    pending.push(Step::Node { node: *item_node, like, known: Known::of(item) });
                }
                pending.push(Step::Bytes(b"]"));
            }
            (Known::Object(shape), Children::Members(members), Some(Children::Members(others))) => {
                let places: HashMap<&str, (usize, usize)> = others
                    .iter()
                    .enumerate()
                    .map(|(place, (name, _, value))| (name.as_str(), (place, *value)))
                    .collect();
                let mut members: Vec<_> =
                    members.iter().map(|(name, span, value)| (places.get(name.as_str()), name, span, value)).collect();
                members.sort_by_key(|(place, ..)| place.map_or(usize::MAX, |(place, _)| *place));
                pending.push(Step::Bytes(b"{"));
                for (index, (place, name, span, value)) in members.into_iter().enumerate() {
                    if index > 0 {
                        pending.push(Step::Bytes(b","));
                    }
                    pending.push(Step::Bytes(bytes.get(span.clone()).unwrap_or_default()));
                    pending.push(Step::Bytes(b":"));
                    let member = shape.member(name).and_then(|index| shape.members.get(index));
                    let known = member.map_or(Known::Whole, |member| Known::of(member.value));
                    pending.push(Step::Node { node: *value, like: place.map(|(_, value)| *value), known });
                }
                pending.push(Step::Bytes(b"}"));
            }
            _ => pending.push(Step::Bytes(bytes.get(node.start..node.end).unwrap_or_default())),
        }
        if let Some(pushed) = pending.get_mut(first..) {
            pushed.reverse();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, ValueShape, reorder};
    use crate::json::MemberShape;

    const INNER: &Shape = &Shape {
        name: "Inner",
        documentation: "",
        rules: &[],
        members: &[member("x", &ValueShape::Boolean), member("y", &ValueShape::Boolean)],
    };
    const OUTER: &Shape = &Shape {
        name: "Outer",
        documentation: "",
        rules: &[],
        members: &[
            member("a", &ValueShape::Boolean),
            member("b", &ValueShape::List { item: &ValueShape::Object(INNER), least: 0, most: 9 }),
            member("c", &ValueShape::Object(INNER)),
        ],
    };

    const fn member(name: &'static str, value: &'static ValueShape) -> MemberShape {
        MemberShape { name, documentation: "", value, optional: true, default: None }
    }

    #[test]
    fn members_take_the_order_of_the_other() {
        let written = br#"{"a":1,"b":[{"x":1,"y":2},{"x":3,"y":4}],"c":{"x":5,"y":6},"f":{"d": 7, "e": 8}}"#;
        let like = br#" {"f":{"e":0,"d":0}, "c":{"y":0,"x":0}, "b":[{"y":0,"x":0}], "z":0} "#;
        let expected = br#"{"f":{"d": 7, "e": 8},"c":{"y":6,"x":5},"b":[{"y":2,"x":1},{"x":3,"y":4}],"a":1}"#;
        assert_eq!(reorder(OUTER, written, like), expected);
        assert_eq!(reorder(OUTER, written, b"no JSON"), written);
    }
}
