//! What distinguishes a node from its siblings: the fields of an identity constraint that selects it, a value of the
//! type `xs:ID`, or a value called `id`.

use std::collections::HashSet;

use super::meanings::{LabelKind, Meanings};
use super::tree::{Key, Shape, Tree};
use super::xml::Read;
use crate::compiled::{Category, Compiled, ElementId, IdentityConstraint, NameTest, Path};

/// The most nodes visited, per node of the document, to find what constraints select.
const STEPS: usize = 32;

/// Finds the keys of an XML document.
pub(super) fn find(compiled: &Compiled, read: &mut Read, meanings: &mut Meanings) {
    let mut finder = Finder { compiled, meanings, budget: STEPS.saturating_mul(read.tree.nodes.len()) };
    for (host, element) in std::mem::take(&mut read.hosts) {
        finder.of_host(&mut read.tree, host, element);
    }
    find_ids(&mut read.tree, meanings);
}

/// Removes the keys of the items of lists in which two items have the same key, since these do not distinguish them.
fn drop_shared(tree: &mut Tree) {
    let mut known = HashSet::new();
    let mut shared = HashSet::new();
    for node in &tree.nodes {
        if let Some(key) = tree.key_of(node)
            && !known.insert((node.parent, node.group, key.meaning))
        {
            shared.insert((node.parent, node.group));
        }
    }
    for node in tree.nodes.iter_mut().filter(|node| shared.contains(&(node.parent, node.group))) {
        node.key = 0;
    }
}

/// Gives items without a key one if they have a value that is an ID or is called `id`. Only keys that distinguish items
/// are kept.
pub(super) fn find_ids(tree: &mut Tree, meanings: &mut Meanings) {
    for index in 0..tree.nodes.len() as u32 {
        let Some(node) = tree.node(index).filter(|node| node.key == 0 && node.is_list) else { continue };
        let label = node.label;
        if node.shape == Shape::Value {
            continue;
        }
        let values = || tree.children(index).filter(|(_, child)| child.shape == Shape::Value && child.value != 0);
        let is_called_id = |label: u32| meanings.label(label).is_some_and(|label| &*label.local == "id");
        let by_type = values().find(|(_, child)| child.is_id);
        let field = by_type.or_else(|| values().find(|(_, child)| !child.is_list && is_called_id(child.label)));
        if let Some((field, child)) = field {
            let meaning = meanings.of_node(&[KEY, label, child.label, child.value]);
            set_key(tree, index, Key { meaning, fields: [field].into() });
        }
    }
    drop_shared(tree);
}

/// A number that no other sequence begins with, as it is not the number of a label.
const KEY: u32 = u32::MAX;

fn set_key(tree: &mut Tree, index: u32, key: Key) {
    tree.keys.push(key);
    let number = tree.keys.len() as u32;
    if let Some(node) = tree.nodes.get_mut(index as usize) {
        node.key = number;
    }
}

struct Finder<'k> {
    compiled: &'k Compiled,
    meanings: &'k mut Meanings,
    /// How many more nodes may be visited: elements with constraints can be nested.
    budget: usize,
}

impl Finder<'_> {
    fn of_host(&mut self, tree: &mut Tree, host: u32, element: ElementId) {
        let compiled = self.compiled;
        let Some(declaration) = compiled.elements.get(element.index()) else { return };
        let constraints = declaration.constraints.iter();
        let mut known: Vec<(usize, &IdentityConstraint)> = constraints
            .filter_map(|id| Some((id.index(), compiled.constraints.get(id.index())?)))
            .filter(|(_, constraint)| !matches!(constraint.category, Category::Keyref(_)))
            .collect();
        // An element selected by a key has all its fields.
        known.sort_by_key(|(_, constraint)| constraint.category != Category::Key);
        for (number, constraint) in known {
            for path in &constraint.selector {
                for node in self.select(tree, host, path) {
                    if tree.node(node).is_some_and(|node| node.key == 0) {
                        self.set(tree, node, number, constraint);
                    }
                }
            }
        }
    }

    fn set(&mut self, tree: &mut Tree, node: u32, number: usize, constraint: &IdentityConstraint) {
        let (mut parts, mut fields) = (vec![KEY - 1, number as u32], Vec::new());
        for field in &constraint.fields {
            let mut found = field.paths.iter().flat_map(|path| self.field(tree, node, path));
            let (Some(at), None) = (found.next(), found.next()) else { return };
            let Some(value) = tree.node(at).map(|field| field.value).filter(|value| *value != 0) else { return };
            parts.push(value);
            fields.push(at);
        }
        let meaning = self.meanings.of_node(&parts);
        set_key(tree, node, Key { meaning, fields: fields.into() });
    }

    /// The attributes or elements that a path of a field leads to.
    fn field(&mut self, tree: &Tree, node: u32, path: &Path) -> Vec<u32> {
        let elements = self.select(tree, node, path);
        let Some(attribute) = path.attribute else { return elements };
        let mut found = Vec::new();
        for element in elements {
            found.extend(self.matching(tree, element, attribute, LabelKind::Attribute));
        }
        found
    }

    /// The elements that the steps of a path lead to.
    fn select(&mut self, tree: &Tree, from: u32, path: &Path) -> Vec<u32> {
        let mut reached = vec![from];
        if path.descends {
            let end = tree.node(from).map_or(from, |node| node.end);
            reached = (from..end).collect();
            self.budget = self.budget.saturating_sub(reached.len());
        }
        for step in &path.steps {
            let mut next = Vec::new();
            for node in reached {
                next.extend(self.matching(tree, node, *step, LabelKind::Element));
            }
            reached = next;
        }
        reached
    }

    fn matching(&mut self, tree: &Tree, node: u32, test: NameTest, kind: LabelKind) -> Vec<u32> {
        let mut found = Vec::new();
        for (index, child) in tree.children(node) {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            let label = self.meanings.label(child.label).filter(|label| label.kind == kind);
            if label.is_some_and(|label| test.takes(label.namespace_id, label.name)) {
                found.push(index);
            }
        }
        found
    }
}
