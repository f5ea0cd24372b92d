//! The lines that differ between two texts with mostly the same lines.
//!
//! The lines that are the same at the beginning and at the end are skipped. In the rest, the lines that occur once in
//! both texts are matched: the longest sequence of them that is in the same order in both. The lines between two
//! matches are compared in the same way again, and are a difference if no line occurs once. (This is the patience diff
//! algorithm.)

use std::collections::HashMap;
use std::ops::Range;

use super::Change;

/// The differences, in order.
pub(super) fn changes(old: &[&[u8]], new: &[&[u8]]) -> Vec<Change> {
    /// How often each line is examined, on average.
    const LOOKS: usize = 64;
    let mut changes = Vec::new();
    let mut open = vec![(0..old.len(), 0..new.len())];
    let mut looks = LOOKS * (old.len() + new.len());
    while let Some((old_part, new_part)) = open.pop() {
        let (old_part, new_part) = trimmed(old, new, old_part, new_part);
        if old_part.is_empty() && new_part.is_empty() {
            continue;
        }
        let left = looks.checked_sub(old_part.len() + new_part.len());
        let matched = left.map_or_else(Vec::new, |_| matched(old, new, &old_part, &new_part));
        looks = left.unwrap_or_default();
        if matched.is_empty() {
            changes.push(Change { old: old_part, new: new_part });
            continue;
        }
        // The parts between two matches, the last one first, since they are taken from the stack in reverse order.
        let (mut old_end, mut new_end) = (old_part.end, new_part.end);
        for (one, other) in matched.into_iter().rev() {
            open.push((one + 1..old_end, other + 1..new_end));
            (old_end, new_end) = (one, other);
        }
        open.push((old_part.start..old_end, new_part.start..new_end));
    }
    changes
}

/// The parts without the lines that are the same at both ends.
fn trimmed(
    old: &[&[u8]],
    new: &[&[u8]],
    mut old_part: Range<usize>,
    mut new_part: Range<usize>,
) -> (Range<usize>, Range<usize>) {
    while !old_part.is_empty() && !new_part.is_empty() && old.get(old_part.start) == new.get(new_part.start) {
        old_part.start += 1;
        new_part.start += 1;
    }
    while !old_part.is_empty() && !new_part.is_empty() && old.get(old_part.end - 1) == new.get(new_part.end - 1) {
        old_part.end -= 1;
        new_part.end -= 1;
    }
    (old_part, new_part)
}

/// The longest sequence of lines that occur once in both parts and in the same order, by their numbers.
fn matched(old: &[&[u8]], new: &[&[u8]], old_part: &Range<usize>, new_part: &Range<usize>) -> Vec<(usize, usize)> {
    // How often each line occurs in both parts, and where last.
    let mut known: HashMap<&[u8], ([usize; 2], [usize; 2])> = HashMap::new();
    for (which, (lines, part)) in [(old, old_part), (new, new_part)].into_iter().enumerate() {
        for (number, line) in part.clone().zip(lines.get(part.clone()).unwrap_or_default()) {
            let (counts, places) = known.entry(line).or_default();
            counts[which] += 1;
            places[which] = number;
        }
    }
    let once = known.into_values().filter(|(counts, _)| *counts == [1, 1]);
    let mut once: Vec<(usize, usize)> = once.map(|(_, [one, other])| (one, other)).collect();
    once.sort_unstable();
    longest_rise(&once)
}

/// The longest sequence of pairs in which both numbers increase.
fn longest_rise(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the last pair of the sequence that ends lowest; and for each pair, the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |index: usize| pairs.get(index).map(|(_, second)| *second);
    for (index, (_, own)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| second(*end) < Some(*own));
        before.push(length.checked_sub(1).and_then(|length| ends.get(length)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut row = Vec::with_capacity(ends.len());
    let mut last = ends.last().copied();
    while let Some(index) = last {
        row.extend(pairs.get(index).copied());
        last = before.get(index).copied().flatten();
    }
    row.reverse();
    row
}
