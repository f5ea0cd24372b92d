//! Whether one name is most likely a misspelling of another.

use crate::text::distance::{LONGEST, edits};
use crate::text::name::local_part;

/// Another case, another prefix, or a few letters wrong: one in three at most.
pub(super) fn is_misspelling(expected: &str, found: &str) -> bool {
    if expected.eq_ignore_ascii_case(found) {
        return true;
    }
    if expected.len() > LONGEST || found.len() > LONGEST {
        return false;
    }
    if local_part(expected) == local_part(found) {
        return true;
    }
    let expected: Vec<char> = expected.chars().collect();
    let found: Vec<char> = found.chars().collect();
    edits(&expected, &found) <= (expected.len().min(found.len()) / 3).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_are_distinguished_from_other_names() {
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
