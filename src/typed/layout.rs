//! White space between tags, as prediction expects it.
//!
//! Most documents have one of two layouts: no white space at all, or each tag on its own line, two spaces deeper than
//! its parent. For these, the white space before a tag is a constant, since the depth of a type is known where its code
//! is generated. Any other indent is learned from the first child of the root. White space that still differs is
//! skipped one byte at a time, and prediction continues.

use crate::text::white_space::skip_white_space;

/// The greatest depth up to which an indent is learned.
const DEPTHS: usize = 16;

/// The longest white space that is learned.
const LONGEST: usize = 32;

/// A line feed, and the white space after it in each line.
const BLANKS: &[u8; LONGEST] = b"\n                               ";
const TABS: &[u8; LONGEST] = b"\n\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";

/// The white space expected between tags.
pub trait Layout {
    /// Whether this is [`TwoBlanks`].
    const IS_TWO_BLANKS: bool = false;

    /// The length of the white space before a tag at some depth, at the start of `rest`, or `None` if it is not as
    /// expected.
    fn line(rest: &[u8], depth: usize, learned: &Learned) -> Option<usize>;

    /// Learns how much white space came before a tag at some depth.
    fn learn(_count: usize, _depth: usize, _learned: &mut Learned) {}
}

/// No white space between tags.
pub struct Minified;

/// Each tag is on its own line, after two spaces per level.
pub struct TwoBlanks;

/// The length of the white space before a tag at each depth; 0 if it is unknown.
#[derive(Debug, Clone, Copy)]
pub struct Learned {
    line: &'static [u8; LONGEST],
    lengths: [u8; DEPTHS],
}

impl Layout for Minified {
    #[inline(always)]
    fn line(rest: &[u8], _: usize, _: &Learned) -> Option<usize> {
        (rest.first() == Some(&b'<')).then_some(0)
    }
}

impl Layout for TwoBlanks {
    const IS_TWO_BLANKS: bool = true;

    #[inline(always)]
    fn line(rest: &[u8], depth: usize, _: &Learned) -> Option<usize> {
        let length = 1 + 2 * depth;
        let is_line = BLANKS.get(..length) == rest.get(..length) && rest.get(length) == Some(&b'<');
        is_line.then_some(length)
    }
}

impl Layout for Learned {
    #[inline(always)]
    fn line(rest: &[u8], depth: usize, learned: &Learned) -> Option<usize> {
        if rest.first() == Some(&b'<') {
            return Some(0);
        }
        let length = usize::from(*learned.lengths.get(depth)?);
        let is_line = length > 0 && rest.get(length) == Some(&b'<') && is_line(rest, learned.line, length);
        is_line.then_some(length)
    }

    #[inline]
    fn learn(count: usize, depth: usize, learned: &mut Learned) {
        if let Some(length) = learned.lengths.get_mut(depth) {
            *length = if count <= LONGEST { count as u8 } else { 0 };
        }
    }
}

/// Whether the first `length` bytes, up to 32, are those of `line`.
#[inline(always)]
fn is_line(rest: &[u8], line: &[u8; LONGEST], length: usize) -> bool {
    let (Some(found), Some(predicted)) = (rest.first_chunk::<16>(), line.first_chunk::<16>()) else { return false };
    let other = u128::from_le_bytes(*found) ^ u128::from_le_bytes(*predicted);
    if length < 16 {
        return other & ((1 << (8 * length)) - 1) == 0;
    }
    // All bytes of a line except the first are the same.
    other == 0 && rest.get(length - 15..length) == line.get(1..16)
}

impl Default for Learned {
    /// Nothing is known.
    fn default() -> Learned {
        Learned { line: BLANKS, lengths: [0; DEPTHS] }
    }
}

impl Learned {
    /// Derives the white space at all depths from that before the first child of the root, at the start of `rest`.
    pub(super) fn from_first(rest: &[u8]) -> Learned {
        let line = if rest.get(1) == Some(&b'\t') { TABS } else { BLANKS };
        let mut lengths = [0; DEPTHS];
        let count = skip_white_space(rest, 0);
        if (1..=LONGEST).contains(&count) && rest.get(..count) == line.get(..count) {
            for (depth, length) in lengths.iter_mut().enumerate() {
                let predicted = 1 + depth * (count - 1);
                *length = if predicted <= LONGEST { predicted as u8 } else { 0 };
            }
        }
        Learned { line, lengths }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length<L: Layout>(rest: &str, depth: usize, first: &str) -> Option<usize> {
        L::line(rest.as_bytes(), depth, &Learned::from_first(first.as_bytes()))
    }

    #[test]
    fn lines_are_predicted_by_depth() {
        assert_eq!([length::<Minified>("<a", 3, ""), length::<Minified>("\n<a", 3, "")], [Some(0), None]);
        for (rest, depth, found) in [
            ("\n  <a", 1, Some(3)),
            ("\n    <a", 1, None),
            ("\n  <a", 2, None),
            ("\n<a", 0, Some(1)),
            ("\n\t\t<a", 1, None),
        ] {
            assert_eq!(length::<TwoBlanks>(rest, depth, ""), found, "{rest:?} at {depth}");
        }
    }

    #[test]
    fn lines_are_learned_from_the_first() {
        for unit in ["", " ", "\t", "   ", "    ", "\t\t"] {
            let first = format!("\n{unit}<a>");
            for depth in 0..12 {
                let indent = unit.repeat(depth);
                let rest = format!("\n{indent}<b>{}", "x".repeat(16));
                let found = length::<Learned>(&rest, depth, &first);
                // Longer white space is skipped elsewhere.
                let is_long = indent.len() >= LONGEST;
                let is_unknown = unit.is_empty() && depth > 0;
                assert!(
                    found == (!is_long).then_some(1 + indent.len()) || is_unknown,
                    "{unit:?} at {depth}: {found:?}"
                );
                let odd = format!("\n{indent} <b>{}", "x".repeat(16));
                assert_eq!(length::<Learned>(&odd, depth, &first), None, "{unit:?} at {depth}");
            }
        }
    }
}
