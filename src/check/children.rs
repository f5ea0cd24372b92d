//! The children of the open elements so far: what the search for the place of a misplaced child needs.
//!
//! Every child is noted, even in documents with millions of them, and the note is nearly always unused. So noting a
//! child is a push. When the list is full, the children of one element that are the same leaf of its content model
//! become two entries, for the first and the last of them. The list therefore grows with the content models, not with
//! the document.

/// The number of entries whose memory is kept from one document to the next.
const KEPT: usize = 1 << 14;

/// Children of one element that are the same leaf of its content model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Child {
    pub(super) leaf: u32,
    /// The number of elements around it, counting the document.
    depth: u32,
    /// The number of children.
    pub(super) count: u32,
    /// Its position among the siblings with the same name, if the walk keeps a trail; otherwise 0.
    pub(super) position: u32,
    /// The offset of the first one's start tag.
    pub(super) tag: usize,
}

/// The children of all open elements, those of the root first.
#[derive(Debug)]
pub(super) struct Children(Vec<Child>);

impl Children {
    pub(super) fn with_capacity(capacity: usize) -> Children {
        Children(Vec::with_capacity(capacity))
    }

    /// Notes a child of the open element, which has this many ancestors.
    #[inline(always)]
    pub(super) fn note(&mut self, depth: u32, leaf: u32, tag: usize, position: u32) {
        if self.0.len() == self.0.capacity() {
            self.make_room();
        }
        self.0.push(Child { leaf, depth, count: 1, position, tag });
    }

    /// Forgets the children of an element that ends.
    #[inline(always)]
    pub(super) fn forget(&mut self, depth: u32) {
        let kept = self.0.iter().rposition(|child| child.depth < depth);
        self.0.truncate(kept.map_or(0, |last| last + 1));
    }

    /// The children of the open element, ordered by first occurrence; a leaf can occur several times.
    pub(super) fn of(&self, depth: usize) -> &[Child] {
        let first = self.0.partition_point(|child| (child.depth as usize) < depth);
        self.0.get(first..).unwrap_or_default()
    }

    /// Whether the element has had a child.
    pub(super) fn has_some(&self, depth: usize) -> bool {
        self.0.last().is_some_and(|child| child.depth as usize == depth)
    }

    /// Takes the children of the innermost open element, ordered by first occurrence; a leaf can occur several times.
    pub(super) fn take(&mut self, depth: usize) -> impl Iterator<Item = Child> + '_ {
        let first = self.0.partition_point(|child| (child.depth as usize) < depth);
        self.0.drain(first..)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
        if self.0.capacity() > KEPT {
            self.0.shrink_to(KEPT);
        }
    }

    /// Merges entries, and doubles the capacity if that frees less than half of it.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        self.merge();
        if self.0.len() > self.0.capacity() / 2 {
            self.0.reserve(self.0.capacity());
        }
    }

    /// Merges the entries of each leaf into two: the first, which counts all but the last, and the last.
    pub(super) fn merge(&mut self) {
        self.0.sort_unstable_by_key(|child| (child.depth, child.leaf, child.tag));
        let (mut kept, mut first) = (0, 0);
        for index in 0..self.0.len() {
            let child = self.0[index];
            let is_same = |other: &Child| (child.depth, child.leaf) == (other.depth, other.leaf);
            if kept == 0 || !is_same(&self.0[first]) {
                first = kept;
            } else if kept > first + 1 {
                // The entry that was the last until now is merged into the first.
                kept -= 1;
                self.0[first].count = self.0[first].count.saturating_add(self.0[kept].count);
            }
            self.0[kept] = child;
            kept += 1;
        }
        self.0.truncate(kept);
        self.0.sort_unstable_by_key(|child| (child.depth, child.tag));
    }

    /// All entries, so that their offsets can be shifted.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Child> {
        self.0.iter_mut()
    }

    /// The child whose start tag begins at `tag`, and the number of elements around it.
    pub(super) fn at(&self, tag: usize) -> Option<(&Child, usize)> {
        self.0.iter().find(|child| child.tag == tag).map(|child| (child, child.depth as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Each leaf keeps its count, its first place and its last place, whatever was merged before.
        #[test]
        fn merging_loses_nothing(
            outer in prop::collection::vec(0..3u32, 0..20),
            inner in prop::collection::vec(0..9u32, 0..200),
        ) {
            let mut children = Children::with_capacity(4);
            for (tag, leaf) in outer.iter().enumerate() {
                children.note(1, *leaf, tag, 0);
            }
            for (tag, leaf) in inner.iter().enumerate() {
                children.note(2, *leaf, 100 + tag, 0);
            }
            prop_assert!(children.0.capacity() <= 96);
            for (depth, leaves, first) in [(2, &inner, 100), (1, &outer, 0)] {
                let entries: Vec<Child> = children.take(depth).collect();
                prop_assert!(entries.is_sorted_by_key(|child| child.tag));
                for leaf in 0..9 {
                    let of_leaf = || entries.iter().filter(|child| child.leaf == leaf);
                    let count: u32 = of_leaf().map(|child| child.count).sum();
                    prop_assert_eq!(count as usize, leaves.iter().filter(|other| **other == leaf).count());
                    let place = leaves.iter().position(|other| *other == leaf).map(|place| first + place);
                    prop_assert_eq!(of_leaf().map(|child| child.tag).min(), place);
                    let place = leaves.iter().rposition(|other| *other == leaf).map(|place| first + place);
                    prop_assert_eq!(of_leaf().map(|child| child.tag).max(), place);
                }
            }
        }
    }
}
