//! The children of a content model as fields: which of them share a field, how often they occur, and in which order.
//!
//! Children share a field as they do in JSON (`docs/json.md`): each name has a member of its own, or they are items of
//! the array of children whose order is significant. In addition, children of which content never has two form one
//! field, a choice.

use std::collections::HashSet;

use super::plan::Occurs;
use crate::automaton::{Automaton, LeafId};
use crate::codec::{Forms, Member};
use crate::compiled::{Compiled, Leaf, ModelId, NameId};

/// The children of one field.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) leaves: Vec<LeafId>,
    /// For a choice: the leaves that can occur several times.
    pub(super) lists: Vec<LeafId>,
    pub(super) occurs: Occurs,
    /// Whether the children have several names.
    pub(super) is_choice: bool,
}

/// What children that share a field have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Named(NameId),
    Grouped,
    Wildcard,
}

/// The fields of a content model, in an order in which their children can be written; `None` if no order is valid for
/// all contents.
pub(super) fn entries(schema: &Compiled, forms: &Forms, model: ModelId) -> Option<Vec<Entry>> {
    let automaton = &schema.models[model.index()].automaton;
    let mut keyed: Vec<(Key, Entry)> = Vec::new();
    let form = forms.of_model(schema, model)?;
    for (leaf, what) in (0..).map(LeafId).zip(&schema.models[model.index()].leaves) {
        let (key, is_array) = match (form.member(leaf)?, what) {
            (Member::Grouped, _) => (Key::Grouped, true),
            (Member::Named { is_array }, Leaf::Element(element)) => {
                (Key::Named(schema.elements[element.index()].name), is_array)
            }
            (Member::Named { is_array } | Member::Any { is_array }, _) => (Key::Wildcard, is_array),
        };
        match keyed.iter_mut().find(|(known, _)| *known == key) {
            Some((_, entry)) => entry.leaves.push(leaf),
            None => {
                let occurs = if is_array { Occurs::Repeatedly } else { Occurs::Once };
                keyed.push((
                    key,
                    Entry { leaves: vec![leaf], lists: Vec::new(), occurs, is_choice: key == Key::Grouped },
                ));
            }
        }
    }
    // Children that can be a field of their own, or a variant of a choice.
    let is_named = |leaf: &LeafId| match schema.models[model.index()].leaf(*leaf) {
        Some(Leaf::Element(element)) => schema.usable(*element).eq([*element]),
        _ => false,
    };
    let mut entries: Vec<Entry> = keyed.into_iter().map(|(_, entry)| entry).collect();
    for entry in &mut entries {
        if entry.occurs == Occurs::Once && automaton.may_lack(&|leaf| entry.leaves.contains(&leaf)) {
            entry.occurs = Occurs::Optionally;
        }
    }
    let mut table = table(automaton, &entries);
    let order = match (automaton.is_unordered(), sorted(&table)) {
        (true, _) => (0..entries.len()).collect(),
        (false, Some(order)) => order,
        (false, None) => {
            entries = grouped(entries, &table)?;
            table = self::table(automaton, &entries);
            sorted(&table)?
        }
    };
    let choices = if automaton.is_unordered() { Vec::new() } else { choices(&entries, &table, &is_named) };
    let mut slots: Vec<Option<Entry>> = entries.into_iter().map(Some).collect();
    let mut out = Vec::new();
    for index in order {
        let Some(mut entry) = slots.get_mut(index).and_then(Option::take) else { continue };
        if let Some(choice) = choices.iter().find(|choice| choice.contains(&index)) {
            let lists =
                |entry: &Entry| if entry.occurs == Occurs::Repeatedly { entry.leaves.clone() } else { Vec::new() };
            entry.lists = lists(&entry);
            for other in choice.iter().copied().filter(|other| *other != index) {
                if let Some(other) = slots.get_mut(other).and_then(Option::take) {
                    entry.lists.extend(lists(&other));
                    entry.leaves.extend(other.leaves);
                }
            }
            entry.leaves.sort_unstable();
            entry.is_choice = true;
            let may_lack = automaton.may_lack(&|leaf| entry.leaves.contains(&leaf));
            entry.occurs = if may_lack { Occurs::Optionally } else { Occurs::Once };
        }
        out.push(entry);
    }
    Some(out)
}

/// For each field, a row that tells which other fields' children can come after its own.
fn table(automaton: &Automaton, entries: &[Entry]) -> Vec<Vec<bool>> {
    let row = |first: &Entry| {
        let after: HashSet<LeafId> = automaton.following(&|leaf| first.leaves.contains(&leaf));
        entries.iter().map(|then| then.leaves.iter().any(|leaf| after.contains(leaf))).collect()
    };
    entries.iter().map(row).collect()
}

/// The fields, with those whose children can come both before and after each other combined into one: a list that keeps
/// the order. `None` if there already is such a list of other children.
fn grouped(entries: Vec<Entry>, follows: &[Vec<bool>]) -> Option<Vec<Entry>> {
    let comes_after = |then: usize, first: usize| follows.get(first).and_then(|row| row.get(then)) == Some(&true);
    let count = entries.len();
    let is_free =
        |one: usize| (0..count).any(|other| one != other && comes_after(one, other) && comes_after(other, one));
    let mut list: Option<Entry> = None;
    let mut out = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        if !is_free(index) {
            out.push(entry);
            continue;
        }
        match &mut list {
            Some(list) => list.leaves.extend(entry.leaves),
            None => list = Some(Entry { occurs: Occurs::Repeatedly, is_choice: true, ..entry }),
        }
    }
    let mut list = list.filter(|_| out.iter().all(|entry| !entry.is_choice))?;
    list.leaves.sort_unstable();
    let place = out.iter().position(|entry| entry.leaves.first() > list.leaves.first()).unwrap_or(out.len());
    out.insert(place, list);
    Some(out)
}

/// The fields in an order that is valid for all contents: each before those that only come after it.
fn sorted(follows: &[Vec<bool>]) -> Option<Vec<usize>> {
    let count = follows.len();
    let comes_after = |then: usize, first: usize| follows.get(first).and_then(|row| row.get(then)) == Some(&true);
    let mut left: Vec<usize> = (0..count).collect();
    let mut order = Vec::with_capacity(count);
    while !left.is_empty() {
        // No remaining field has to come before it.
        let next = left.iter().position(|one| left.iter().all(|other| one == other || !comes_after(*one, *other)))?;
        order.push(left.remove(next));
    }
    Some(order)
}

/// Adjacent fields of which content never has two, and which relate to all other fields in the same way.
fn choices(entries: &[Entry], follows: &[Vec<bool>], is_named: &dyn Fn(&LeafId) -> bool) -> Vec<Vec<usize>> {
    let count = entries.len();
    let comes_after = |then: usize, first: usize| follows.get(first).and_then(|row| row.get(then)) == Some(&true);
    let are_exclusive = |one: usize, other: usize| !comes_after(one, other) && !comes_after(other, one);
    let is_single = |index: usize| {
        entries.get(index).is_some_and(|entry| {
            !entry.is_choice && (entry.occurs != Occurs::Repeatedly || entry.leaves.iter().all(is_named))
        })
    };
    let mut choices = Vec::new();
    let mut first = 0;
    while first < count {
        let mut end = first + 1;
        if is_single(first) {
            while end < count && is_single(end) && (first..end).all(|member| are_exclusive(member, end)) {
                end += 1;
            }
        }
        let is_alike = |end: usize| {
            (0..count).filter(|other| !(first..end).contains(other)).all(|other| {
                let relation = |member| (comes_after(member, other), comes_after(other, member));
                (first..end).all(|member| relation(member) == relation(first))
            })
        };
        while end > first + 1 && !is_alike(end) {
            end -= 1;
        }
        if end > first + 1 {
            choices.push((first..end).collect());
        }
        first = end;
    }
    choices
}
