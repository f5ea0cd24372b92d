//! What a walk has to remember besides its state, determined when the table is built.

use super::counter::{Counter, can_meet};
use super::{Action, BuildError, Memory, State};

/// The most boxes that a walk may have to keep at once, as far as that can be determined beforehand.
const BOXES: u64 = 256;

/// The memory for some states with counters.
pub(super) fn of(states: &[State], counters: Vec<Counter>) -> Result<Memory, BuildError> {
    let levels = states.iter().map(|state| state.chain.len()).max().unwrap_or(0);
    if levels == 0 {
        return Ok(Memory::Nothing);
    }
    let spread = spread_counters(states, &counters);
    if !spread.contains(&true) {
        return Ok(Memory::Values { counters, levels });
    }
    if states.iter().any(|state| most_boxes(&state.chain, &counters, &spread) > BOXES) {
        return Err(BuildError::TooComplex("its nested ranges can be counted in too many ways"));
    }
    Ok(Memory::Boxes { counters, levels })
}

/// Finds the counters that can have several values at once: those that two open edges to one leaf treat differently.
fn spread_counters(states: &[State], counters: &[Counter]) -> Vec<bool> {
    let mut spread = vec![false; counters.len()];
    for state in states {
        let mut start = 0;
        for same in state.edges.chunk_by(|one, other| one.leaf == other.leaf) {
            let actions = state.actions.get(start..start + same.len()).unwrap_or_default();
            start += same.len();
            let target = same.first().and_then(|edge| states.get(edge.target.index()));
            let chain = target.map(|state| state.chain.as_slice()).unwrap_or_default();
            for (position, one) in actions.iter().enumerate() {
                for other in actions.iter().skip(position + 1) {
                    if !can_meet(&state.chain, counters, *one, *other) {
                        continue;
                    }
                    let unchanged = |action: &Action| (action.keep - u32::from(action.increment)) as usize;
                    let from = unchanged(one).min(unchanged(other));
                    let to = one.keep.max(other.keep) as usize;
                    for counter in chain.get(from..to).unwrap_or_default() {
                        if let Some(mark) = spread.get_mut(*counter as usize) {
                            *mark = true;
                        }
                    }
                }
            }
        }
    }
    spread
}

/// A bound on the boxes in one state. Counters without a minimum or maximum keep only their best value; of the rest,
/// the one with the most values is an interval.
fn most_boxes(chain: &[u32], counters: &[Counter], spread: &[bool]) -> u64 {
    let ranges = chain.iter().filter(|counter| spread.get(**counter as usize) == Some(&true));
    let mut sizes: Vec<u64> = ranges
        .filter_map(|counter| counters.get(*counter as usize))
        .filter(|counter| counter.min > 1)
        .filter_map(|counter| counter.max)
        .map(u64::from)
        .collect();
    sizes.sort_unstable();
    sizes.pop();
    sizes.into_iter().fold(1, u64::saturating_mul)
}
