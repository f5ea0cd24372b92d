//! One class, repeated or not: matched by counting.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// The characters of a class, laid out for looking up.
pub(super) struct Members {
    /// Those of ASCII, by bit.
    ascii: u128,
    /// All.
    class: ClassUnicode,
}

/// A class and how often it may occur.
pub(super) struct Run {
    members: Members,
    min: u32,
    max: Option<u32>,
}

impl Run {
    /// The run that an expression is, if it is one.
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

    /// Whether the text is nothing but members, as many as there may be.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut count: u64 = 0;
        let are_members = text.chars().all(|character| {
            count += 1;
            self.members.contains(character)
        });
        are_members && count >= u64::from(self.min) && self.max.is_none_or(|max| count <= u64::from(max))
    }
}

impl Members {
    pub(super) fn new(class: ClassUnicode) -> Members {
        let is_member = |byte: &u8| {
            class.iter().any(|range| range.start() <= char::from(*byte) && char::from(*byte) <= range.end())
        };
        let ascii = (0..128).filter(is_member).fold(0, |bits, byte| bits | 1_u128 << byte);
        Members { ascii, class }
    }

    pub(super) fn contains(&self, character: char) -> bool {
        if character.is_ascii() {
            return self.ascii & 1 << u32::from(character) != 0;
        }
        let ranges = self.class.ranges();
        let at = ranges.partition_point(|range| range.end() < character);
        ranges.get(at).is_some_and(|range| range.start() <= character)
    }
}
