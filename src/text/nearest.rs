//! Names that were probably meant: "did you mean".

use super::distance::{LONGEST, edits};

/// Names that are compared for one document, at most: bounds the work where many elements are unknown to a schema that
/// names many. After that, unknown names are reported without a suggestion.
const COMPARED: usize = 1 << 20;

/// Looks for the names that were meant in one document.
#[derive(Debug, Default)]
pub(crate) struct Suggestions {
    compared: usize,
}

impl Suggestions {
    /// No more are made.
    pub(crate) fn are_exhausted(&self) -> bool {
        self.compared >= COMPARED
    }

    /// As [`nearest`], until enough were made.
    pub(crate) fn nearest<'n>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<usize> {
        if self.are_exhausted() {
            return None;
        }
        nearest(name, candidates.into_iter().inspect(|_| self.compared += 1))
    }

    /// As [`nearest`](Self::nearest), but only one that differs in nothing but case, what separates words, or one letter.
    pub(crate) fn slip<'n>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<usize> {
        if self.are_exhausted() {
            return None;
        }
        nearest_within(1, name, candidates.into_iter().inspect(|_| self.compared += 1))
    }
}

/// The nearest of `candidates` to `name`, if one is near enough to be meant: the index, of equals the first.
pub(crate) fn nearest<'n>(name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<usize> {
    nearest_within(usize::MAX, name, candidates)
}

fn nearest_within<'n>(most: usize, name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<usize> {
    let mut best = None;
    for (index, candidate) in candidates.into_iter().enumerate() {
        if let Some(distance) = distance(name, candidate)
            && distance <= most
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, index));
        }
    }
    best.map(|(_, index)| index)
}

/// How far two names are apart, or `None` where too far for a slip of the hand.
fn distance(one: &str, other: &str) -> Option<usize> {
    if one.len() > LONGEST || other.len() > LONGEST {
        return None;
    }
    if same_letters(one, other) {
        return Some(0);
    }
    let most = match one.len().min(other.len()) {
        0..=2 => return None,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    // Each edit takes one letter, brings one, or both.
    let differing = (letters(one) ^ letters(other)).count_ones() as usize;
    if one.len().abs_diff(other.len()) > most || differing > 2 * most {
        return None;
    }
    Some(edits(one.as_bytes(), other.as_bytes())).filter(|&edits| edits <= most)
}

/// A bit for each letter that is in a name, some sharing one.
fn letters(name: &str) -> u64 {
    name.bytes().fold(0, |letters, byte| letters | 1 << (byte & 63))
}

/// Equal but for upper and lower case and for what separates words.
pub(crate) fn same_letters(one: &str, other: &str) -> bool {
    let is_letter = |byte: &u8| !matches!(byte, b'-' | b'_' | b'.');
    let mut one = one.bytes().filter(is_letter).map(|byte| byte.to_ascii_lowercase()).peekable();
    let other = other.bytes().filter(is_letter).map(|byte| byte.to_ascii_lowercase());
    one.peek().is_some() && one.eq(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["status", "errcode", "errtext", "ip", "migration_id"];
        let meant = |name| nearest(name, names).map(|index| names[index]);
        assert_eq!(meant("Status"), Some("status"));
        assert_eq!(meant("errcod"), Some("errcode"));
        assert_eq!(meant("migration-id"), Some("migration_id"));
        assert_eq!(meant("migrationid"), Some("migration_id"));
        assert_eq!(meant("id"), None);
        assert_eq!(meant("system"), None);
        assert_eq!(meant("site"), None);
        assert_eq!(meant("sttus_"), Some("status"));
        assert_eq!(meant(&"s".repeat(100_000)), None);
        let slip = |name| Suggestions::default().slip(name, names).map(|index| names[index]);
        assert_eq!((slip("Migration-ID"), slip("eror"), slip("statu")), (Some("migration_id"), None, Some("status")));
        assert_eq!(slip("errc0dd"), None);
    }
}
