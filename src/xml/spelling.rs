//! Whether one name is most likely another one, misspelled.

/// Longer names are compared for equality of case only: what a comparison costs stays bounded.
const COMPARED: usize = 64;

/// Another case, another prefix, or a few letters wrong: one in three at most.
pub(super) fn is_misspelling(expected: &str, found: &str) -> bool {
    if expected.eq_ignore_ascii_case(found) {
        return true;
    }
    if expected.len() > COMPARED || found.len() > COMPARED {
        return false;
    }
    if local_name(expected) == local_name(found) {
        return true;
    }
    let expected: Vec<char> = expected.chars().collect();
    let found: Vec<char> = found.chars().collect();
    edits(&expected, &found) <= (expected.len().min(found.len()) / 3).max(1)
}

fn local_name(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Letters to insert, remove, replace, or exchange with their neighbour (optimal string alignment).
fn edits(from: &[char], to: &[char]) -> usize {
    let mut before_last: Vec<usize> = vec![0; to.len() + 1];
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (row, &letter) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_other = None;
        for (column, &other) in to.iter().enumerate() {
            let cell = |cells: &[usize], column: usize| cells.get(column).copied().unwrap_or(usize::MAX - 1);
            let mut least = cell(&last, column) + usize::from(letter != other);
            least = least.min(cell(&last, column + 1) + 1).min(cell(&current, column) + 1);
            if previous == Some(other) && previous_other == Some(letter) {
                least = least.min(cell(&before_last, column - 1) + 1);
            }
            current.push(least);
            previous_other = Some(other);
        }
        before_last = std::mem::replace(&mut last, current);
        previous = Some(letter);
    }
    last.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (from, to, count) in
            [("", "", 0), ("", "ab", 2), ("ab", "", 2), ("abc", "abc", 0), ("abc", "acb", 1), ("status", "statsu", 1)]
        {
            let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
            assert_eq!(edits(&from, &to), count);
        }
    }

    #[test]
    fn misspellings_are_told_from_other_names() {
        for (expected, found) in
            [("status", "Status"), ("status", "statuss"), ("a", "A"), ("p:a", "a"), ("migration-id", "migration_id")]
        {
            assert!(is_misspelling(expected, found), "{expected} {found}");
        }
        for (expected, found) in [("status", "result"), ("errcode", "errtext"), ("abc", "xyz")] {
            assert!(!is_misspelling(expected, found), "{expected} {found}");
        }
    }
}
