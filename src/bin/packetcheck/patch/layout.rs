//! The lines that differ between a document and the same document in a new layout.
//!
//! Both differ only in white space, so lines are not searched for: two lines begin at the same place if the same number
//! of other bytes precedes both. One pass over each text finds all differences.

use super::Change;

pub(super) fn changes(old: &[&[u8]], new: &[&[u8]]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let (mut one, mut other) = (0, 0);
    while one < old.len() || other < new.len() {
        if one < old.len() && old.get(one) == new.get(other) {
            (one, other) = (one + 1, other + 1);
            continue;
        }
        let begin = (one, other);
        let (mut of_old, mut of_new) = (0, 0);
        loop {
            match (old.get(one), new.get(other)) {
                (Some(line), next) if of_old <= of_new || next.is_none() => {
                    of_old += weight(line);
                    one += 1;
                }
                (_, Some(line)) => {
                    of_new += weight(line);
                    other += 1;
                }
                (_, None) => break,
            }
            if of_old == of_new {
                break;
            }
        }
        match changes.last_mut().filter(|last| (last.old.end, last.new.end) == begin) {
            Some(last) => (last.old.end, last.new.end) = (one, other),
            None => changes.push(Change { old: begin.0..one, new: begin.1..other }),
        }
    }
    changes
}

/// The number of bytes of a line that formatting keeps.
fn weight(line: &[u8]) -> usize {
    line.iter().filter(|byte| !byte.is_ascii_whitespace()).count()
}
