//! One class, repeated or not: matched by counting.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Repetition};

use super::class;

/// The characters of a class, laid out for lookup.
pub(super) struct Members {
    /// The ASCII characters, by bit.
    ascii: [u64; 2],
    /// All characters.
    class: ClassUnicode,
}

/// A class and its allowed number of occurrences.
pub(super) struct Run {
    members: Members,
    min: u32,
    max: Option<u32>,
}

impl Run {
    /// The expression as a run, if it is one.
    pub(super) fn of(expression: &Hir) -> Option<Run> {
        match expression.kind() {
            HirKind::Class(Class::Unicode(class)) => Some(Run::new(class.clone(), 1, Some(1))),
            HirKind::Repetition(repetition) => match repetition.sub.kind() {
                HirKind::Class(Class::Unicode(class)) => Some(Run::new(class.clone(), repetition.min, repetition.max)),
                _ => None,
            },
            _ => None,
        }
    }

    fn new(class: ClassUnicode, min: u32, max: Option<u32>) -> Run {
        Run { members: Members::new(class), min, max }
    }

    /// Whether the text consists of members, in an allowed number.
    pub(super) fn matches(&self, text: &str) -> bool {
        let is_member = |byte: u8| byte.is_ascii() && self.members.has_ascii(byte);
        match text.bytes().all(is_member) {
            true => self.takes(text.len() as u64),
            false if text.is_ascii() => false,
            false => self.matches_characters(text),
        }
    }

    fn matches_characters(&self, text: &str) -> bool {
        let mut count: u64 = 0;
        let are_members = text.chars().all(|character| {
            count += 1;
            self.members.contains(character)
        });
        are_members && self.takes(count)
    }

    fn takes(&self, count: u64) -> bool {
        count >= u64::from(self.min) && self.max.is_none_or(|max| count <= u64::from(max))
    }

    /// The run as an expression.
    pub(super) fn expression(&self) -> Hir {
        let sub = Box::new(Hir::class(Class::Unicode(self.members.class.clone())));
        Hir::repetition(Repetition { min: self.min, max: self.max, greedy: true, sub })
    }

    /// An upper bound of the states of its automaton, repetitions unrolled.
    pub(super) fn states(&self) -> u64 {
        let copies = u64::from(self.max.unwrap_or(self.min).max(1));
        (class::states(&self.members.class) + 2).saturating_mul(copies)
    }
}

impl Members {
    pub(super) fn new(class: ClassUnicode) -> Members {
        let is_member = |byte: &u8| {
            class.iter().any(|range| range.start() <= char::from(*byte) && char::from(*byte) <= range.end())
        };
        let half =
            |bytes: std::ops::Range<u8>| bytes.filter(is_member).fold(0, |bits: u64, byte| bits | 1 << (byte % 64));
        Members { ascii: [half(0..64), half(64..128)], class }
    }

    /// Whether an ASCII character is a member.
    fn has_ascii(&self, byte: u8) -> bool {
        let [low, high] = self.ascii;
        (if byte < 64 { low } else { high }) >> (byte % 64) & 1 != 0
    }

    pub(super) fn contains(&self, character: char) -> bool {
        if character.is_ascii() {
            return self.has_ascii(character as u8);
        }
        let ranges = self.class.ranges();
        let at = ranges.partition_point(|range| range.end() < character);
        ranges.get(at).is_some_and(|range| range.start() <= character)
    }
}
