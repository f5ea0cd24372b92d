//! One of the two documents, as it is shown: its paths, its values without its secrets, and its places.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::Place;
use super::meanings::{Label, LabelKind, Meanings};
use super::tree::{Node, ROOT, Shape, Tree};
use crate::check::INSTANCE;
use crate::diagnostic::secret::Concealed;
use crate::diagnostic::words::push_shown;
use crate::diagnostic::{LineColumn, LineIndex};
use crate::xml::{Decoded, XML_NAMESPACE, attribute_value, resolve_text};

/// A document and its tree.
#[derive(Debug)]
pub(super) struct Side<'d> {
    /// The text in UTF-8.
    pub(super) text: Cow<'d, str>,
    pub(super) tree: Tree,
    pub(super) concealed: Concealed,
    pub(super) syntax: Syntax,
    /// For a document in another encoding: offsets in the text, and the corresponding ones in the document.
    pub(super) original: Option<(Vec<usize>, Vec<usize>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Xml,
    Json,
}

/// What is shown instead of a secret.
const SECRET: &str = "***";

/// The most characters of markup that are shown.
const MOST_SHOWN: usize = 100;

/// How a step of a path distinguishes an item from its siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    Positions,
    /// By its key, if it has one.
    Keys,
}

impl Side<'_> {
    /// Finds the places of nodes in a document that was decoded.
    pub(super) fn locate(&mut self, decoded: &Decoded<'_>, nodes: impl Iterator<Item = u32>) {
        let mut offsets: Vec<usize> = nodes.filter_map(|index| self.tree.node(index)).flat_map(offsets_of).collect();
        offsets.sort_unstable();
        offsets.dedup();
        let mut original = offsets.clone();
        decoded.to_original(&mut original);
        self.original = Some((offsets, original));
    }

    pub(super) fn place(&self, meanings: &Meanings, lines: &LineIndex<'_>, index: u32) -> Option<Place> {
        let node = self.tree.node(index)?;
        let LineColumn { line, column } = lines.line_column(offsets_of(node)[0]);
        let [start, end] = offsets_of(node).map(|offset| self.in_original(offset));
        Some(Place {
            path: self.path(meanings, index, Steps::Positions),
            value: self.shown(meanings, index),
            span: start..end,
            line,
            column,
            is_default: self.is_default(node, index),
            is_secret: self.is_secret(node),
        })
    }

    fn in_original(&self, offset: usize) -> usize {
        let Some((offsets, original)) = &self.original else { return offset };
        offsets.binary_search(&offset).ok().and_then(|index| original.get(index)).copied().unwrap_or(offset)
    }

    /// Whether a node is a default that is not in the document.
    fn is_default(&self, node: &Node, index: u32) -> bool {
        node.text == (0, 0) && self.tree.written.get(&index).is_some_and(|written| &**written != "nil")
    }

    fn is_secret(&self, node: &Node) -> bool {
        node.text != (0, 0) && self.concealed.meets(&(node.text.0 as usize..node.text.1 as usize))
    }

    /// `/packet/migration/get_status[2]/@id`; in JSON a pointer (RFC 6901).
    pub(super) fn path(&self, meanings: &Meanings, index: u32, steps: Steps) -> String {
        let mut trail = Vec::new();
        let mut next = index;
        while let Some(node) = self.tree.node(next) {
            trail.push((next, node));
            if next == ROOT {
                break;
            }
            next = node.parent;
        }
        let mut path = String::new();
        for (index, node) in trail.into_iter().rev() {
            let Some(label) = meanings.label(node.label) else { continue };
            if label.kind == LabelKind::Item && index == ROOT {
                continue;
            }
            let key = self.tree.key_of(node).filter(|_| steps == Steps::Keys);
            if label.kind != LabelKind::Item || key.is_none() {
                path.push('/');
            }
            match (label.kind, key) {
                (LabelKind::Item, Some(key)) => self.push_key(meanings, &key.fields, index, &mut path),
                (LabelKind::Item, None) => {
                    let _ = write!(path, "{}", node.position - 1);
                }
                (_, Some(key)) => {
                    push_name(label, &mut path);
                    self.push_key(meanings, &key.fields, index, &mut path);
                }
                (_, None) => {
                    push_name(label, &mut path);
                    if node.position > 1 {
                        let _ = write!(path, "[{}]", node.position);
                    }
                }
            }
        }
        path
    }

    /// `[@id="7"]`
    fn push_key(&self, meanings: &Meanings, fields: &[u32], of: u32, path: &mut String) {
        path.push('[');
        for (number, field) in fields.iter().enumerate() {
            path.push_str(if number == 0 { "" } else { " and " });
            let mut name = Vec::new();
            let mut next = *field;
            while let Some(node) = self.tree.node(next).filter(|_| next > of) {
                name.push(node);
                next = node.parent;
            }
            if name.is_empty() {
                path.push('.');
            }
            for (step, node) in name.into_iter().rev().enumerate() {
                path.push_str(if step == 0 { "" } else { "/" });
                if let Some(label) = meanings.label(node.label) {
                    push_name(label, path);
                }
            }
            let mut value = String::new();
            push_shown(&mut value, self.value(meanings, *field).trim());
            // Quotes are doubled as in a literal of XPath.
            let _ = write!(path, "=\"{}\"", value.replace('"', "\"\""));
        }
        path.push(']');
    }

    /// The value of a node, or some markup of it.
    fn shown(&self, meanings: &Meanings, index: u32) -> String {
        let Some(node) = self.tree.node(index) else { return String::new() };
        let is_structure = self.tree.children(index).next().is_some() || node.value == 0;
        match (self.syntax, is_structure) {
            (_, false) => self.value(meanings, index).into_owned(),
            (Syntax::Xml, true) if node.value != 0 => self.value(meanings, index).into_owned(),
            (Syntax::Xml, true) => self.outline(meanings, index),
            (Syntax::Json, true) => self.outline_of_json(meanings, index),
        }
    }

    /// The own value of an element or attribute.
    fn value(&self, meanings: &Meanings, index: u32) -> Cow<'_, str> {
        let Some(node) = self.tree.node(index) else { return Cow::Borrowed("") };
        if self.is_secret(node) {
            return Cow::Borrowed(SECRET);
        }
        if let Some(written) = self.tree.written.get(&index) {
            return Cow::Borrowed(written);
        }
        let raw = self.text.get(node.text.0 as usize..node.text.1 as usize).unwrap_or_default();
        let is_attribute = || meanings.label(node.label).is_some_and(|label| label.kind == LabelKind::Attribute);
        match self.syntax {
            Syntax::Json => Cow::Borrowed(raw),
            Syntax::Xml if is_attribute() => attribute_value(raw),
            Syntax::Xml => resolve_text(raw),
        }
    }

    /// An element with its content, cut off if it is long.
    fn outline(&self, meanings: &Meanings, index: u32) -> String {
        let mut out = Outline::default();
        let end = self.tree.node(index).map_or(index, |node| node.end);
        let mut open: Vec<(u32, &Label)> = Vec::new();
        let mut next = index;
        while next < end && !out.is_full() {
            let Some(node) = self.tree.node(next) else { break };
            let Some(label) = meanings.label(node.label) else { break };
            while let Some((_, label)) = open.pop_if(|(end, _)| *end <= next) {
                out.push_end(label);
            }
            if label.kind == LabelKind::Text {
                out.push(&self.value(meanings, next));
                next += 1;
                continue;
            }
            out.push("<");
            out.push(&label.local);
            let value = self.value(meanings, next);
            next = self.push_attributes(meanings, next, &mut out);
            if next == node.end && value.is_empty() {
                out.push("/>");
                continue;
            }
            out.push(">");
            out.push(&value);
            open.push((node.end, label));
        }
        while let Some((_, label)) = open.pop() {
            out.push_end(label);
        }
        out.text
    }

    /// Writes the attributes of an element, and returns the next node. Defaults that are not in the document are left
    /// out.
    fn push_attributes(&self, meanings: &Meanings, element: u32, out: &mut Outline) -> u32 {
        let mut next = element + 1;
        for (index, node) in self.tree.children(element) {
            let Some(label) = meanings.label(node.label).filter(|label| label.kind == LabelKind::Attribute) else {
                break;
            };
            if !self.is_default(node, index) {
                out.push(&format!(" {}=\"{}\"", label.local, self.value(meanings, index)));
            }
            next = node.end;
        }
        next
    }

    fn outline_of_json(&self, meanings: &Meanings, index: u32) -> String {
        let mut out = Outline::default();
        let end = self.tree.node(index).map_or(index, |node| node.end);
        let mut open: Vec<(u32, &str)> = Vec::new();
        let mut next = index;
        while next < end && !out.is_full() {
            let Some(node) = self.tree.node(next) else { break };
            while let Some((_, bracket)) = open.pop_if(|(end, _)| *end <= next) {
                out.push(bracket);
            }
            if next > index && !out.text.ends_with(['{', '[']) {
                out.push(",");
            }
            let label = meanings.label(node.label).filter(|label| label.kind == LabelKind::Member && next > index);
            if let Some(label) = label {
                out.push(&format!("\"{}\":", label.local));
            }
            match node.shape {
                Shape::Value => out.push(&self.value(meanings, next)),
                Shape::Structure => {
                    out.push("{");
                    open.push((node.end, "}"));
                }
                Shape::Array => {
                    out.push("[");
                    open.push((node.end, "]"));
                }
            }
            next += 1;
        }
        while let Some((_, bracket)) = open.pop() {
            out.push(bracket);
        }
        out.text
    }
}

/// The places of a node: its value, or its tag.
fn offsets_of(node: &Node) -> [usize; 2] {
    let (start, end) = if node.text == (0, 0) { node.span } else { node.text };
    [start as usize, end as usize]
}

/// Text that is cut off if it is long.
#[derive(Default)]
struct Outline {
    text: String,
    count: usize,
}

impl Outline {
    fn is_full(&self) -> bool {
        self.count > MOST_SHOWN
    }

    fn push(&mut self, text: &str) {
        for character in text.chars() {
            if self.is_full() {
                return;
            }
            self.count += 1;
            self.text.push(if self.is_full() { '…' } else { character });
        }
    }

    fn push_end(&mut self, label: &Label) {
        self.push("</");
        self.push(&label.local);
        self.push(">");
    }
}

/// A name in a path.
fn push_name(label: &Label, path: &mut String) {
    match (label.kind, &*label.namespace) {
        (LabelKind::Attribute, XML_NAMESPACE) => path.push_str("@xml:"),
        (LabelKind::Attribute, INSTANCE) => path.push_str("@xsi:"),
        (LabelKind::Attribute, _) => path.push('@'),
        (LabelKind::Member, _) => {
            let mut name = String::new();
            push_shown(&mut name, &label.local);
            return path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        }
        _ => {}
    }
    push_shown(path, &label.local);
}
