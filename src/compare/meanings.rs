//! Numbers for meanings: two values, or two nodes with everything in them, mean the same if and only if they have the
//! same number. Both documents share the numbers.

use std::collections::HashMap;

use crate::compiled::{NameId, NamespaceId};

/// The name and kind of a node.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) kind: LabelKind,
    pub(super) namespace: Box<str>,
    pub(super) local: Box<str>,
    /// The name as the schema knows it.
    pub(super) name: Option<NameId>,
    pub(super) namespace_id: Option<NamespaceId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LabelKind {
    Element,
    Attribute,
    /// Text between elements.
    Text,
    /// A member of an object.
    Member,
    /// An item of an array, or the whole of a JSON document.
    Item,
}

#[derive(Debug, Default)]
pub(super) struct Meanings {
    values: HashMap<Box<str>, u32>,
    nodes: HashMap<Box<[u32]>, u32>,
    by_name: HashMap<Box<str>, u32>,
    labels: Vec<Label>,
    /// Where the name of a label is built.
    name: String,
}

impl Meanings {
    /// The number of a value, from 1; 0 means that there is no value.
    pub(super) fn of_value(&mut self, spelling: &str) -> u32 {
        if let Some(known) = self.values.get(spelling) {
            return *known;
        }
        // Each value takes a byte of a document shorter than 4 GiB, or comes from the schema.
        let number = self.values.len() as u32 + 1;
        self.values.insert(spelling.into(), number);
        number
    }

    /// The number of a node with these parts.
    pub(super) fn of_node(&mut self, parts: &[u32]) -> u32 {
        if let Some(known) = self.nodes.get(parts) {
            return *known;
        }
        let number = self.nodes.len() as u32 + 1;
        self.nodes.insert(parts.into(), number);
        number
    }

    pub(super) fn label(&self, label: u32) -> Option<&Label> {
        self.labels.get(label as usize)
    }

    /// The number of a label; `known` is its name in the schema.
    pub(super) fn of_label(
        &mut self,
        kind: LabelKind,
        namespace: &str,
        local: &str,
        known: impl FnOnce() -> (Option<NameId>, Option<NamespaceId>),
    ) -> u32 {
        self.name.clear();
        self.name.push(match kind {
            LabelKind::Element => 'e',
            LabelKind::Attribute => 'a',
            LabelKind::Text => 't',
            LabelKind::Member => 'm',
            LabelKind::Item => 'i',
        });
        // No name contains a blank.
        self.name.extend([namespace, " ", local]);
        if let Some(number) = self.by_name.get(self.name.as_str()) {
            return *number;
        }
        let (name, namespace_id) = known();
        let number = self.labels.len() as u32;
        self.labels.push(Label { kind, namespace: namespace.into(), local: local.into(), name, namespace_id });
        self.by_name.insert(self.name.as_str().into(), number);
        number
    }
}
