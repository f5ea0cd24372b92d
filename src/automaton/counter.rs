//! Counters: single values where counting is unambiguous, sets of boxes where it is not.

use super::Action;

/// The range of a counted repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counter {
    /// Must be reached before the repetition may be left.
    pub(super) min: u32,
    /// Must not be exceeded; `None` is unbounded.
    pub(super) max: Option<u32>,
}

impl Counter {
    /// The value after one more round, or `None` if no more are allowed. Without a maximum, all values from the minimum
    /// on are equivalent, so counting stops there.
    fn next(self, value: u32) -> Option<u32> {
        match self.max {
            Some(max) => (value < max).then(|| value.saturating_add(1)),
            None => Some(value.saturating_add(1).min(self.min)),
        }
    }

    /// The smallest part of an interval that allows all that the whole does.
    fn narrow(self, (low, high): (u32, u32)) -> (u32, u32) {
        if self.max.is_none() {
            (high, high)
        } else if self.min <= 1 {
            (low, low)
        } else {
            (low, high)
        }
    }

    /// Whether the first of two narrowed intervals allows all that the second does.
    fn covers(self, one: (u32, u32), other: (u32, u32)) -> bool {
        if self.max.is_none() {
            one.0 >= other.0
        } else if self.min <= 1 {
            one.0 <= other.0
        } else {
            one.0 <= other.0 && one.1 >= other.1
        }
    }
}

fn counter_at(counters: &[Counter], chain: &[u32], level: usize) -> Option<Counter> {
    counters.get(*chain.get(level)? as usize).copied()
}

/// Whether both edges of a state can be open at the same time. They cannot if one continues a repetition with a fixed
/// number of rounds and the other leaves it.
pub(super) fn can_meet(chain: &[u32], counters: &[Counter], one: Action, other: Action) -> bool {
    let (outer, inner) = if one.keep <= other.keep { (one, other) } else { (other, one) };
    if outer.keep == inner.keep || !inner.increment {
        return true;
    }
    let looped = chain.get((inner.keep as usize).wrapping_sub(1)).and_then(|counter| counters.get(*counter as usize));
    looped.is_none_or(|counter| counter.max != Some(counter.min))
}

/// Follows an edge if its conditions hold: `values` become those at the target, whose chain has `entered` counters.
pub(super) fn step_values(
    counters: &[Counter],
    chain: &[u32],
    entered: usize,
    action: Action,
    values: &mut [u32],
) -> bool {
    if !may_step(counters, chain, action, values) {
        return false;
    }
    let keep = action.keep as usize;
    if action.increment
        && let Some(level) = keep.checked_sub(1)
        && let Some(value) = values.get_mut(level)
        && let Some(next) = counter_at(counters, chain, level).and_then(|counter| counter.next(*value))
    {
        *value = next;
    }
    if let Some(new) = values.get_mut(keep..entered) {
        new.fill(1);
    }
    true
}

/// Whether the conditions of an edge hold.
pub(super) fn may_step(counters: &[Counter], chain: &[u32], action: Action, values: &[u32]) -> bool {
    let keep = action.keep as usize;
    let left = (keep..chain.len()).all(|level| {
        counter_at(counters, chain, level).zip(values.get(level)).is_some_and(|(counter, value)| *value >= counter.min)
    });
    let looped = || {
        let level = keep.wrapping_sub(1);
        counter_at(counters, chain, level)
            .zip(values.get(level))
            .is_some_and(|(counter, value)| counter.next(*value).is_some())
    };
    left && (!action.increment || looped())
}

/// Whether all counters in force have reached their minimum.
pub(super) fn values_complete(counters: &[Counter], chain: &[u32], values: &[u32]) -> bool {
    let all_left = Action { keep: 0, increment: false, turn: 0, needed: false };
    may_step(counters, chain, all_left, values)
}

/// The boxes of a walk: for each level, a low and a high word.
pub(super) fn boxes(levels: usize, words: &[u32]) -> impl Iterator<Item = &[u32]> {
    let count = words.first().copied().unwrap_or(0) as usize;
    words.get(1..).unwrap_or_default().chunks_exact(2 * levels.max(1)).take(count)
}

/// Whether any configuration of the box has all counters in force at their minimum or above.
pub(super) fn box_complete(counters: &[Counter], chain: &[u32], one: &[u32]) -> bool {
    let all_left = Action { keep: 0, increment: false, turn: 0, needed: false };
    box_may_step(counters, chain, all_left, one)
}

/// Whether the conditions of an edge hold for any configuration of the box.
pub(super) fn box_may_step(counters: &[Counter], chain: &[u32], action: Action, one: &[u32]) -> bool {
    let keep = action.keep as usize;
    let left = (keep..chain.len()).all(|level| {
        counter_at(counters, chain, level)
            .zip(one.get(2 * level + 1))
            .is_some_and(|(counter, high)| *high >= counter.min)
    });
    let looped = || {
        let level = keep.wrapping_sub(1);
        counter_at(counters, chain, level)
            .zip(one.get(level.wrapping_mul(2)))
            .is_some_and(|(counter, low)| counter.next(*low).is_some())
    };
    left && (!action.increment || looped())
}

/// Follows all edges to one leaf at once. The new boxes are built after the old ones and then replace them, so that
/// only `memory` grows. If no edge can be followed, nothing changes.
pub(super) fn step_boxes(
    counters: &[Counter],
    levels: usize,
    chain: &[u32],
    entered: &[u32],
    actions: impl Iterator<Item = Action>,
    memory: &mut Vec<u32>,
    base: usize,
) -> bool {
    let width = 2 * levels;
    let count = memory.get(base).copied().unwrap_or(0) as usize;
    let new_base = base + 1 + count * width;
    memory.truncate(new_base);
    for action in actions {
        for index in 0..count {
            let at = base + 1 + index * width;
            let Some(old) = memory.get(at..at + width) else { continue };
            if !box_may_step(counters, chain, action, old) {
                continue;
            }
            let start = memory.len();
            memory.extend_from_within(at..at + width);
            if let Some(new) = memory.get_mut(start..) {
                move_box(counters, chain, entered, action, new);
            }
            absorb(counters, entered, memory, new_base, width);
        }
    }
    let new_count = (memory.len() - new_base) / width.max(1);
    if new_count == 0 {
        return false;
    }
    memory.copy_within(new_base.., base + 1);
    memory.truncate(base + 1 + new_count * width);
    if let (Some(word), Ok(new_count)) = (memory.get_mut(base), u32::try_from(new_count)) {
        *word = new_count;
    }
    true
}

/// Turns a box at the source into the box at the target. The edge's conditions must hold for part of it.
fn move_box(counters: &[Counter], chain: &[u32], entered: &[u32], action: Action, words: &mut [u32]) {
    let keep = action.keep as usize;
    for (level, pair) in words.chunks_exact_mut(2).enumerate() {
        let [low, high] = pair else { continue };
        if level >= keep {
            let value = u32::from(level < entered.len());
            (*low, *high) = (value, value);
        } else if let Some(counter) = counter_at(counters, chain, level) {
            if action.increment && level + 1 == keep {
                // Only values below the maximum, incremented.
                let highest = counter.max.map_or(*high, |max| (*high).min(max.saturating_sub(1)));
                *low = counter.next(*low).unwrap_or(*low);
                *high = counter.next(highest).unwrap_or(highest);
            }
            (*low, *high) = counter.narrow((*low, *high));
        }
    }
}

/// Merges the last box with those before it, from `first` on, if the union is a box or one covers the other.
fn absorb(counters: &[Counter], chain: &[u32], memory: &mut Vec<u32>, first: usize, width: usize) {
    let mut at = first;
    while at + width < memory.len() {
        let last = memory.len() - width;
        let (before, new) = memory.split_at_mut(last);
        let Some(other) = before.get_mut(at..at + width) else { return };
        if !unite(counters, chain, other, new) {
            at += width;
            continue;
        }
        // `new` is the union; the other one is removed, and the last of the earlier boxes takes its place.
        let moved = last - width;
        memory.copy_within(moved..last, at);
        memory.copy_within(last.., moved);
        memory.truncate(last);
        at = first;
    }
}

/// Makes `new` the union of two boxes, if that is a box.
fn unite(counters: &[Counter], chain: &[u32], other: &[u32], new: &mut [u32]) -> bool {
    let pair = |words: &[u32], level: usize| {
        (words.get(2 * level).copied().unwrap_or(0), words.get(2 * level + 1).copied().unwrap_or(0))
    };
    let covers = |one: &[u32], two: &[u32]| {
        (0..chain.len()).all(|level| {
            counter_at(counters, chain, level).is_some_and(|counter| counter.covers(pair(one, level), pair(two, level)))
        })
    };
    if covers(new, other) {
        return true;
    }
    if covers(other, new) {
        new.copy_from_slice(other);
        return true;
    }
    let mut different = (0..chain.len()).filter(|level| pair(new, *level) != pair(other, *level));
    let (Some(level), None) = (different.next(), different.next()) else { return false };
    let ((low, high), (other_low, other_high)) = (pair(new, level), pair(other, level));
    let touch = low <= other_high.saturating_add(1) && other_low <= high.saturating_add(1);
    if touch && let Some([new_low, new_high]) = new.get_mut(2 * level..2 * level + 2) {
        (*new_low, *new_high) = (low.min(other_low), high.max(other_high));
    }
    touch
}
