//! Finds which items of two lists belong together.
//!
//! Items that mean the same are matched first: at both ends, then those of a longest common subsequence (E. W. Myers,
//! *An O(ND) Difference Algorithm and Its Variations*, 1986). Items that occur in only one list are excluded from the
//! search, so lists that have nothing in common cost nothing. The search is bounded: if the lists differ in more than
//! [`MOST_DIFFERENCES`] places, or it takes more than [`STEPS`] steps for each item, the items that occur once in each
//! list are used instead, as many of them as are in the same order.

use std::collections::HashMap;

/// The most insertions and deletions that are searched for.
pub(super) const MOST_DIFFERENCES: usize = 1024;

/// The most steps for each item.
pub(super) const STEPS: usize = 64;

/// The items that mean the same, by their indexes in both lists, in order. Items are given as numbers.
pub(super) fn common(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    let same = |(one, other): &(&u32, &u32)| one == other;
    let prefix = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (old.get(prefix..).unwrap_or_default(), new.get(prefix..).unwrap_or_default());
    let suffix = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
    let middle = |rest: &[u32]| {
        let items = rest.iter().take(rest.len() - suffix).copied().enumerate();
        items.map(|(index, item)| (index + prefix, item)).collect::<Vec<_>>()
    };
    let (mut old_middle, mut new_middle) = (middle(old_rest), middle(new_rest));
    keep_shared(&mut old_middle, &mut new_middle);
    let mut found: Vec<(usize, usize)> = (0..prefix).map(|index| (index, index)).collect();
    let of_middle = |(one, other): (usize, usize)| Some((old_middle.get(one)?.0, new_middle.get(other)?.0));
    let items = |list: &[(usize, u32)]| list.iter().map(|(_, item)| *item).collect::<Vec<_>>();
    let (one, other) = (items(&old_middle), items(&new_middle));
    let in_middle = subsequence(&one, &other).unwrap_or_else(|| unique(&one, &other));
    found.extend(in_middle.into_iter().filter_map(of_middle));
    found.extend((0..suffix).rev().map(|back| (old.len() - 1 - back, new.len() - 1 - back)));
    found
}

/// Removes items that occur in only one list.
fn keep_shared(old: &mut Vec<(usize, u32)>, new: &mut Vec<(usize, u32)>) {
    let mut sides: HashMap<u32, u8> = HashMap::with_capacity(old.len());
    old.iter().for_each(|(_, item)| *sides.entry(*item).or_default() |= 1);
    new.iter().for_each(|(_, item)| *sides.entry(*item).or_default() |= 2);
    for list in [old, new] {
        list.retain(|(_, item)| sides.get(item) == Some(&3));
    }
}

/// A longest common subsequence; `None` if it would take too long.
fn subsequence(old: &[u32], new: &[u32]) -> Option<Vec<(usize, usize)>> {
    let (mut steps, most) = (0, STEPS * (old.len() + new.len()));
    // For each number of differences, how far each diagonal reaches in the old list. Diagonals are counted from `-d` on
    // in steps of two.
    let mut reached: Vec<Vec<usize>> = Vec::new();
    for d in 0..=MOST_DIFFERENCES.min(old.len() + new.len()) {
        let mut now = Vec::with_capacity(d + 1);
        for index in 0..=d {
            let diagonal = 2 * index as isize - d as isize;
            let mut x = match d {
                0 => 0,
                _ => begin(&reached, d, index)?.0,
            };
            let mut y = x.checked_add_signed(-diagonal)?;
            while old.get(x).is_some_and(|item| new.get(y) == Some(item)) {
                (x, y) = (x + 1, y + 1);
                steps += 1;
            }
            steps += 1;
            now.push(x);
            if x >= old.len() && y >= new.len() {
                reached.push(now);
                return traced(&reached, old.len(), new.len());
            }
        }
        reached.push(now);
        if steps > most.max(1 << 16) {
            return None;
        }
    }
    None
}

/// Where a diagonal begins at a number of differences, and the index of the diagonal that it comes from.
fn begin(reached: &[Vec<usize>], d: usize, index: usize) -> Option<(usize, usize)> {
    let before = reached.get(d - 1)?;
    // From the diagonal above by an insertion, or from the one below by a deletion.
    let inserted = before.get(index).copied();
    let deleted = index.checked_sub(1).and_then(|below| before.get(below)).map(|x| x + 1);
    match (inserted, deleted) {
        (Some(inserted), Some(deleted)) if deleted > inserted => Some((deleted, index - 1)),
        (Some(inserted), _) => Some((inserted, index)),
        (None, deleted) => Some((deleted?, index - 1)),
    }
}

/// Traces the path back from the ends of both lists.
fn traced(reached: &[Vec<usize>], old: usize, new: usize) -> Option<Vec<(usize, usize)>> {
    let mut found = Vec::new();
    let (mut x, mut y) = (old, new);
    let mut index = reached.last()?.len() - 1;
    for d in (0..reached.len()).rev() {
        let (start, before) = if d == 0 { (0, 0) } else { begin(reached, d, index)? };
        while x > start && y > 0 {
            (x, y) = (x - 1, y - 1);
            found.push((x, y));
        }
        if d == 0 {
            break;
        }
        // The previous step is an insertion if the path came from the diagonal above.
        if before == index {
            y -= 1
        } else {
            x -= 1
        }
        index = before;
    }
    found.reverse();
    Some(found)
}

/// The items that occur once in each list, as many as are in the same order.
fn unique(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    let mut places: HashMap<u32, (u32, usize, u32, usize)> = HashMap::with_capacity(old.len());
    for (index, item) in old.iter().enumerate() {
        let place = places.entry(*item).or_default();
        (place.0, place.1) = (place.0.saturating_add(1), index);
    }
    for (index, item) in new.iter().enumerate() {
        let place = places.entry(*item).or_default();
        (place.2, place.3) = (place.2.saturating_add(1), index);
    }
    let mut anchors: Vec<(usize, usize)> =
        places.into_values().filter(|place| (place.0, place.2) == (1, 1)).map(|place| (place.1, place.3)).collect();
    anchors.sort_unstable();
    let order: Vec<usize> = anchors.iter().map(|(_, new)| *new).collect();
    increasing(&order).into_iter().filter_map(|index| anchors.get(index).copied()).collect()
}

/// The indexes of a longest increasing subsequence of distinct numbers.
pub(super) fn increasing(numbers: &[usize]) -> Vec<usize> {
    // For each length, the index of the smallest number that ends such a subsequence.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (index, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers.get(*end).is_some_and(|end| end < number));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut found = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(index) = next {
        found.push(index);
        next = before.get(index).copied().flatten();
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{common, increasing};

    /// The length of the longest common subsequence, by the table of all prefixes.
    fn longest(old: &[u32], new: &[u32]) -> usize {
        let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
        for (i, one) in old.iter().enumerate() {
            for (j, other) in new.iter().enumerate() {
                let longer = table[i][j + 1].max(table[i + 1][j]);
                table[i + 1][j + 1] = if one == other { table[i][j] + 1 } else { longer };
            }
        }
        table[old.len()][new.len()]
    }

    proptest! {
        #[test]
        fn as_many_as_can_be_are_found(
            old in prop::collection::vec(0u32..6, 0..24),
            new in prop::collection::vec(0u32..6, 0..24),
        ) {
            let found = common(&old, &new);
            prop_assert!(found.iter().all(|(i, j)| old[*i] == new[*j]));
            prop_assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
            prop_assert_eq!(found.len(), longest(&old, &new));
        }

        #[test]
        fn increasing_ones_are_as_many_as_can_be(numbers in Just((0..20usize).collect::<Vec<_>>()).prop_shuffle()) {
            let found = increasing(&numbers);
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1] && numbers[pair[0]] < numbers[pair[1]]));
            let (sorted, as_u32) = ((0..20u32).collect::<Vec<_>>(), numbers.iter().map(|n| *n as u32).collect::<Vec<_>>());
            prop_assert_eq!(found.len(), longest(&as_u32, &sorted));
        }
    }

    #[test]
    fn very_different_lists_are_matched_by_their_unique_items() {
        let old: Vec<u32> = (0..50_000).collect();
        let new: Vec<u32> = (0..50_000).map(|number| if number % 10 == 0 { 49_999 - number } else { number }).collect();
        let found = common(&old, &new);
        assert!(found.len() > 40_000, "{}", found.len());
        assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
    }
}
