//! Edit distance.

/// Names longer than this are not compared: they are rarely misspelled, and comparing costs the product of the lengths.
pub(crate) const LONGEST: usize = 64;

/// The fewest insertions, deletions, replacements and swaps of neighbours that turn one text into the other (optimal
/// string alignment), counted in bytes or in characters.
pub(crate) fn edits<T: PartialEq>(one: &[T], other: &[T]) -> usize {
    let mut before = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut row = vec![0; other.len() + 1];
    for (i, letter) in one.iter().enumerate() {
        row[0] = i + 1;
        for (j, against) in other.iter().enumerate() {
            let mut least = last[j] + usize::from(letter != against);
            least = least.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == other[j - 1] && one[i - 1] == *against {
                least = least.min(before[j - 1] + 1);
            }
            row[j + 1] = least;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[other.len()]
}

/// Measures the distances from one name to many others: one column of the table is two words of bits, so that each
/// letter of the other name costs a few operations (Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and
/// Damerau Edit Distances", 2003).
pub(crate) struct Measure {
    /// For each byte, its positions in the name.
    places: [u64; 256],
    length: usize,
}

impl Measure {
    /// For a name no longer than [`LONGEST`].
    pub(crate) fn new(name: &[u8]) -> Measure {
        let mut places = [0; 256];
        for (index, byte) in name.iter().take(LONGEST).enumerate() {
            places[usize::from(*byte)] |= 1 << index;
        }
        Measure { places, length: name.len().min(LONGEST) }
    }

    /// Like [`edits`], if the distance is at most `most`.
    pub(crate) fn edits_within(&self, most: usize, other: &[u8]) -> Option<usize> {
        let Some(last) = self.length.checked_sub(1) else { return Some(other.len()).filter(|edits| *edits <= most) };
        // Where a cell of the column is one more than the cell above it, and one less.
        let (mut more, mut less) = (u64::MAX, 0_u64);
        let (mut diagonal, mut places_before) = (0_u64, 0_u64);
        let mut edits = self.length;
        for (index, byte) in other.iter().enumerate() {
            // Each remaining letter can reduce the number by at most one.
            if edits > most + (other.len() - index) {
                return None;
            }
            let places = self.places[usize::from(*byte)];
            let swapped = ((!diagonal & places) << 1) & places_before;
            diagonal = ((places & more).wrapping_add(more) ^ more) | places | less | swapped;
            let (grown, shrunk) = (less | !(diagonal | more), diagonal & more);
            edits += (grown >> last & 1) as usize;
            edits -= (shrunk >> last & 1) as usize;
            let (grown, shrunk) = (grown << 1 | 1, shrunk << 1);
            more = shrunk | !(diagonal | grown);
            less = grown & diagonal;
            places_before = places;
        }
        Some(edits).filter(|edits| *edits <= most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, as a recursion.
    fn plain_edits(one: &[u8], other: &[u8]) -> usize {
        let ([before @ .., letter], [other_before @ .., against]) = (one, other) else {
            return one.len().max(other.len());
        };
        let replaced = plain_edits(before, other_before) + usize::from(letter != against);
        let least = replaced.min(plain_edits(before, other) + 1).min(plain_edits(one, other_before) + 1);
        match (before, other_before) {
            ([rest @ .., first], [other_rest @ .., second]) if first == against && second == letter => {
                least.min(plain_edits(rest, other_rest) + 1)
            }
            _ => least,
        }
    }

    #[test]
    fn edits_are_counted() {
        for (one, other, expected) in [
            ("", "", 0),
            ("a", "", 1),
            ("", "ab", 2),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("status", "statsu", 1),
            ("kitten", "sitting", 3),
            ("errcode", "errtext", 4),
        ] {
            assert_eq!(edits(one.as_bytes(), other.as_bytes()), expected, "{one} {other}");
            assert_eq!(edits(other.as_bytes(), one.as_bytes()), expected, "{other} {one}");
        }
    }

    proptest! {
        #[test]
        fn edits_are_those_of_the_definition(
            one in prop::collection::vec(b'a'..=b'c', 0..6),
            other in prop::collection::vec(b'a'..=b'c', 0..6),
        ) {
            prop_assert_eq!(edits(&one, &other), plain_edits(&one, &other));
        }

        #[test]
        fn bits_measure_what_the_table_does(
            one in prop::collection::vec(b'a'..=b'd', 0..=LONGEST),
            other in prop::collection::vec(b'a'..=b'd', 0..=LONGEST + 8),
            most in 0..=LONGEST,
        ) {
            let measure = Measure::new(&one).edits_within(most, &other);
            prop_assert_eq!(measure, Some(edits(&one, &other)).filter(|edits| *edits <= most));
        }
    }
}
