//! Compares two trees node by node: finds which nodes belong together, and how they differ.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::Change;
use super::align::{common, increasing};
use super::tree::{ROOT, Tree};

/// A difference: nodes of the old and of the new tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) change: Change,
    pub(super) old: Option<u32>,
    pub(super) new: Option<u32>,
}

impl Found {
    /// The same difference with the old and the new document exchanged.
    pub(super) fn swapped(self) -> Found {
        let change = match self.change {
            Change::Appeared => Change::Vanished,
            Change::Vanished => Change::Appeared,
            change => change,
        };
        Found { change, old: self.new, new: self.old }
    }

    fn both(change: Change, old: u32, new: u32) -> Found {
        Found { change, old: Some(old), new: Some(new) }
    }
}

/// Finds the differences, in document order.
pub(super) fn compare(old: &Tree, new: &Tree) -> Vec<Found> {
    let mut comparer = Comparer { old, new, tasks: Vec::new(), found: Vec::new(), next: Vec::new() };
    comparer.tasks.push(Task::Pair(ROOT, ROOT));
    while let Some(task) = comparer.tasks.pop() {
        match task {
            Task::Pair(old, new) => comparer.pair(old, new),
            Task::Found(found) => comparer.found.push(found),
        }
        // The stack is last in, first out.
        comparer.tasks.extend(comparer.next.drain(..).rev());
    }
    comparer.found
}

enum Task {
    Pair(u32, u32),
    Found(Found),
}

struct Comparer<'t> {
    old: &'t Tree,
    new: &'t Tree,
    /// The remaining tasks, the next one last. A stack is used because documents can be deep.
    tasks: Vec<Task>,
    /// The tasks that result from the current one, in order.
    next: Vec<Task>,
    found: Vec<Found>,
}

/// Items of one list or member, of the old and of the new tree.
type Items = Vec<u32>;

impl Comparer<'_> {
    /// Compares two nodes that belong together.
    fn pair(&mut self, old: u32, new: u32) {
        let (Some(one), Some(other)) = (self.old.node(old), self.new.node(new)) else {
            return;
        };
        if one.meaning == other.meaning {
            return;
        }
        if one.shape != other.shape || one.label != other.label {
            return self.found.push(Found::both(Change::Changed, old, new));
        }
        if one.value != other.value {
            self.found.push(Found::both(Change::Changed, old, new));
        }
        for (olds, news) in groups(self.old, old, self.new, new) {
            self.group(&olds, &news);
        }
    }

    fn group(&mut self, olds: &[u32], news: &[u32]) {
        let is_list = |tree: &Tree, items: &[u32]| {
            items.len() > 1 || items.iter().any(|item| tree.node(*item).is_some_and(|node| node.is_list))
        };
        if is_list(self.old, olds) || is_list(self.new, news) {
            return self.list(olds, news);
        }
        let label = |tree: &Tree, items: &[u32]| tree.node(*items.first()?).map(|node| node.label);
        match (olds, news) {
            ([old], [new]) if label(self.old, olds) == label(self.new, news) => self.next.push(Task::Pair(*old, *new)),
            _ => {
                olds.iter().for_each(|old| self.vanished(*old));
                news.iter().for_each(|new| self.appeared(*new));
            }
        }
    }

    /// Compares items whose order is significant.
    fn list(&mut self, olds: &[u32], news: &[u32]) {
        if let Some((one, other)) = keys(self.old, olds).zip(keys(self.new, news)) {
            return self.by_key(olds, news, &one, &other);
        }
        let meanings = |tree: &Tree, items: &[u32]| -> Vec<u32> {
            items.iter().filter_map(|item| tree.node(*item)).map(|node| node.meaning).collect()
        };
        let common = common(&meanings(self.old, olds), &meanings(self.new, news));
        let (mut old, mut new) = (0, 0);
        for (next_old, next_new) in common.into_iter().chain([(olds.len(), news.len())]) {
            let gap = |items: &[u32], begin: usize, end: usize| items.get(begin..end).unwrap_or_default().to_vec();
            self.gap(&gap(olds, old, next_old), &gap(news, new, next_new));
            (old, new) = (next_old + 1, next_new + 1);
        }
    }

    /// Compares items of which no two mean the same: the most similar ones are paired, in order.
    fn gap(&mut self, olds: &[u32], news: &[u32]) {
        let mut next_new = news.iter().copied().peekable();
        let pairs = self.alike(olds, news);
        let mut pairs = pairs.into_iter().peekable();
        for old in olds {
            match pairs.next_if(|(paired, _)| paired == old) {
                Some((_, new)) => {
                    while let Some(before) = next_new.next_if(|before| *before != new) {
                        self.appeared(before);
                    }
                    next_new.next();
                    self.next.push(Task::Pair(*old, new));
                }
                None => self.vanished(*old),
            }
        }
        next_new.for_each(|new| self.appeared(new));
    }

    /// Pairs of items with the same label, in order: in short lists the pairs that share most, in long lists each item
    /// with the next one that is left.
    fn alike(&self, olds: &[u32], news: &[u32]) -> Vec<(u32, u32)> {
        if olds.len().saturating_mul(news.len()) <= MOST_CELLS && olds.len() + news.len() > 2 {
            return self.most_alike(olds, news);
        }
        let label = |tree: &Tree, item: u32| tree.node(item).map(|node| node.label);
        let mut pairs = Vec::with_capacity(olds.len().min(news.len()));
        let (mut old, mut new) = (olds.iter(), news.iter());
        let (mut one, mut other) = (old.next(), new.next());
        while let (Some(item), Some(with)) = (one, other) {
            match label(self.old, *item) == label(self.new, *with) {
                true => {
                    pairs.push((*item, *with));
                    (one, other) = (old.next(), new.next());
                }
                // Skip an item of the longer list, which has more to spare.
                false if old.len() > new.len() => one = old.next(),
                false => other = new.next(),
            }
        }
        pairs
    }

    /// The pairs, in order, that share most in total.
    fn most_alike(&self, olds: &[u32], news: &[u32]) -> Vec<(u32, u32)> {
        let width = news.len() + 1;
        let mut best = vec![0u32; (olds.len() + 1) * width];
        let cell = |i: usize, j: usize| i * width + j;
        let mut shared = vec![0u32; olds.len() * news.len()];
        for (i, old) in olds.iter().enumerate().rev() {
            for (j, new) in news.iter().enumerate().rev() {
                let alike = self.likeness(*old, *new);
                shared[i * news.len() + j] = alike;
                let paired = if alike == 0 { 0 } else { best[cell(i + 1, j + 1)] + alike };
                best[cell(i, j)] = paired.max(best[cell(i + 1, j)]).max(best[cell(i, j + 1)]);
            }
        }
        let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
        while let (Some(old), Some(new)) = (olds.get(i), news.get(j)) {
            let alike = shared[i * news.len() + j];
            if alike > 0 && best[cell(i, j)] == best[cell(i + 1, j + 1)] + alike {
                pairs.push((*old, *new));
                (i, j) = (i + 1, j + 1);
            } else if best[cell(i, j)] == best[cell(i + 1, j)] {
                i += 1;
            } else {
                j += 1;
            }
        }
        pairs
    }

    /// How much two items share; 0 if they have different labels.
    fn likeness(&self, old: u32, new: u32) -> u32 {
        let (Some(one), Some(other)) = (self.old.node(old), self.new.node(new)) else { return 0 };
        if one.label != other.label || one.shape != other.shape {
            return 0;
        }
        let parts = |tree: &Tree, index| -> Vec<u32> {
            tree.children(index).take(MOST_PARTS).map(|(_, child)| child.meaning).collect()
        };
        let (mine, theirs) = (parts(self.old, old), parts(self.new, new));
        let shared = mine.iter().filter(|part| theirs.contains(part)).count() as u32;
        let is_same_value = one.value == other.value && one.value != 0;
        // More than two pairs that share nothing.
        2 + 8 * (shared + u32::from(is_same_value))
    }

    /// Compares items that all have keys, of which no two in a list are the same.
    fn by_key(&mut self, olds: &[u32], news: &[u32], one: &HashMap<u32, usize>, other: &HashMap<u32, usize>) {
        let partner = |new: usize| {
            let node = self.new.node(*news.get(new)?)?;
            one.get(&self.new.key_of(node)?.meaning).copied()
        };
        let partners: Vec<Option<usize>> = (0..news.len()).map(partner).collect();
        let matched: Vec<(usize, usize)> =
            partners.iter().enumerate().filter_map(|(new, old)| Some((new, (*old)?))).collect();
        let order: Vec<usize> = matched.iter().map(|(_, old)| *old).collect();
        let mut in_order = increasing(&order).into_iter().filter_map(|index| matched.get(index)).peekable();
        let is_kept = |old: u32| {
            let key = self.old.node(old).and_then(|node| self.old.key_of(node));
            key.is_some_and(|key| other.contains_key(&key.meaning))
        };
        let gone: Vec<usize> =
            olds.iter().enumerate().filter(|(_, old)| !is_kept(**old)).map(|(index, _)| index).collect();
        let mut gone = gone.into_iter().peekable();
        for (index, new) in news.iter().enumerate() {
            let Some(old) = partners.get(index).copied().flatten() else {
                self.appeared(*new);
                continue;
            };
            let is_in_order = in_order.next_if(|(new, _)| *new == index).is_some();
            if is_in_order {
                while let Some(before) = gone.next_if(|before| *before < old) {
                    olds.get(before).into_iter().for_each(|old| self.vanished(*old));
                }
            }
            let Some(old) = olds.get(old) else { continue };
            if !is_in_order {
                self.next.push(Task::Found(Found::both(Change::Moved, *old, *new)));
            }
            self.next.push(Task::Pair(*old, *new));
        }
        for old in gone.filter_map(|index| olds.get(index)) {
            self.vanished(*old);
        }
    }

    fn vanished(&mut self, old: u32) {
        self.next.push(Task::Found(Found { change: Change::Vanished, old: Some(old), new: None }));
    }

    fn appeared(&mut self, new: u32) {
        self.next.push(Task::Found(Found { change: Change::Appeared, old: None, new: Some(new) }));
    }
}

/// The most pairs of items that are compared to find the most similar ones.
const MOST_CELLS: usize = 1 << 12;

/// How many parts of an item are compared to find out how similar it is to another.
const MOST_PARTS: usize = 16;

/// The items of both nodes, group by group.
fn groups(old_tree: &Tree, old: u32, new_tree: &Tree, new: u32) -> Vec<(Items, Items)> {
    let grouped = |tree: &Tree, index: u32| {
        let mut children: Vec<(u32, u32)> = tree.children(index).map(|(child, node)| (node.group, child)).collect();
        children.sort_by_key(|(group, _)| *group);
        children.into_iter().peekable()
    };
    let (mut olds, mut news) = (grouped(old_tree, old), grouped(new_tree, new));
    let mut found = Vec::new();
    loop {
        let group = match (olds.peek(), news.peek()) {
            (Some((one, _)), Some((other, _))) => match one.cmp(other) {
                Ordering::Greater => *other,
                Ordering::Less | Ordering::Equal => *one,
            },
            (Some((group, _)), None) | (None, Some((group, _))) => *group,
            (None, None) => return found,
        };
        let mut taken = (Items::new(), Items::new());
        while let Some((_, item)) = olds.next_if(|(of, _)| *of == group) {
            taken.0.push(item);
        }
        while let Some((_, item)) = news.next_if(|(of, _)| *of == group) {
            taken.1.push(item);
        }
        found.push(taken);
    }
}

/// The indexes of items by their keys, if each has a key and no two are the same.
fn keys(tree: &Tree, items: &[u32]) -> Option<HashMap<u32, usize>> {
    let mut places = HashMap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if places.insert(tree.key_of(tree.node(*item)?)?.meaning, index).is_some() {
            return None;
        }
    }
    Some(places)
}
