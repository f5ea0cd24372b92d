//! Patterns with too many repetitions to unroll, in which each character determines the part of the pattern it belongs
//! to: counted, as content models are.

use std::collections::HashSet;

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

use super::class;
use super::run::Members;
use crate::automaton::{Automaton, Labels, LeafId, Particle, Term};

/// The most characters and classes that one pattern may have.
const LEAVES: usize = 256;

/// The most edges of one automaton: bounds the cost of one character.
const EDGES: usize = 1 << 12;

/// A pattern as a content model whose leaves are classes.
pub(super) struct Counted {
    automaton: Automaton,
    /// What each leaf matches.
    leaves: Vec<Members>,
}

impl Counted {
    /// The counted form of an expression, if it has one: it has none if the same character could continue in two parts
    /// of the pattern, or if the repetitions multiply to more than 32 bits hold.
    pub(super) fn of(expression: &Hir) -> Option<Counted> {
        let mut classes = Vec::new();
        let particle = particle(expression, 1, &mut classes)?;
        let overlaps = overlaps(&classes);
        let overlap = |one: LeafId, other: LeafId| overlaps.contains(&(one.min(other), one.max(other)));
        let automaton = Automaton::build(&particle, &Labels { span: &|_| None, overlap: &overlap }).ok()?;
        let leaves = classes.into_iter().map(Members::new).collect();
        (automaton.size() <= EDGES).then_some(Counted { automaton, leaves })
    }

    /// Whether the whole text matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut memory = Vec::new();
        self.automaton.enter(&mut memory);
        let mut state = Automaton::START;
        for character in text.chars() {
            let edges = self.automaton.states.get(state.0 as usize).map_or(&[][..], |state| &state.edges);
            let fitting = edges
                .iter()
                .map(|edge| edge.leaf)
                .filter(|leaf| self.leaves.get(leaf.0 as usize).is_some_and(|members| members.contains(character)));
            // Of several leaves for one character, only one is open at a time.
            let next = fitting.filter_map(|leaf| self.automaton.advance(state, leaf, &mut memory, 0)).next();
            match next {
                Some(next) => state = next,
                None => return false,
            }
        }
        self.automaton.accepts(state, &memory)
    }
}

/// The expression as a particle. Recurses as deep as groups are nested, which is bounded.
fn particle(expression: &Hir, repeated: u32, classes: &mut Vec<ClassUnicode>) -> Option<Particle> {
    let once = |term| Some(Particle { min: 1, max: Some(1), term });
    let mut all = |members: &[Hir]| -> Option<Vec<Particle>> {
        members.iter().map(|member| particle(member, repeated, classes)).collect()
    };
    match expression.kind() {
        HirKind::Empty => once(Term::Sequence(Vec::new())),
        HirKind::Concat(members) => once(Term::Sequence(all(members)?)),
        HirKind::Alternation(members) => once(Term::Choice(all(members)?)),
        HirKind::Class(Class::Unicode(class)) => leaf(class.clone(), classes),
        HirKind::Class(Class::Bytes(class)) => leaf(class.to_unicode_class()?, classes),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let characters = text.chars().map(|character| leaf(class::of(character), classes));
            once(Term::Sequence(characters.collect::<Option<_>>()?))
        }
        HirKind::Repetition(repetition) => {
            let repeated = repeated.checked_mul(repetition.max.unwrap_or(repetition.min).max(1))?;
            let body = particle(&repetition.sub, repeated, classes)?;
            Some(Particle { min: repetition.min, max: repetition.max, term: Term::Sequence(vec![body]) })
        }
        // Patterns contain neither.
        HirKind::Look(_) | HirKind::Capture(_) => None,
    }
}

fn leaf(class: ClassUnicode, classes: &mut Vec<ClassUnicode>) -> Option<Particle> {
    let id = LeafId(u32::try_from(classes.len()).ok()?);
    classes.push(class);
    (classes.len() <= LEAVES).then_some(Particle { min: 1, max: Some(1), term: Term::Leaf(id) })
}

/// The pairs of leaves, in order, that have a character in common.
fn overlaps(classes: &[ClassUnicode]) -> HashSet<(LeafId, LeafId)> {
    let numbered = || (0..).map(LeafId).zip(classes);
    let mut overlaps = HashSet::new();
    for (one, class) in numbered() {
        for (other, other_class) in numbered().skip(one.0 as usize + 1) {
            let mut common = class.clone();
            common.intersect(other_class);
            if !common.ranges().is_empty() {
                overlaps.insert((one, other));
            }
        }
    }
    overlaps
}

#[cfg(test)]
mod tests {
    use regex_automata::meta::Regex;

    use super::super::parse::{Parsed, parse};
    use super::*;

    /// A counted form matches exactly what its unrolled form does.
    #[test]
    fn counting_and_unrolling_agree() {
        let texts = |alphabet: &str, length: u32| {
            let letters: Vec<char> = alphabet.chars().collect();
            let count = letters.len().pow(length);
            (0..count).map(move |number| -> String {
                (0..length).map(|place| letters[number / letters.len().pow(place) % letters.len()]).collect()
            })
        };
        for pattern in [
            "((a{0,2}){0,3}){0,2}b",
            "(a{2}b?){1,3}",
            "(ab){2,3}c",
            "([ab]{1,2}c){2}",
            "(a{2,3}|b){2}c?",
            "(a?b?){3}c{2}",
            "[^a]{2,4}a",
            "(\u{e4}{1,2}\u{df})*",
            "(a{2}){1,2}",
            "()|a{3}",
        ] {
            let Ok(Parsed::Expression(expression, _)) = parse(pattern, u64::MAX) else {
                unreachable!("`{pattern}` is an expression")
            };
            let counted = Counted::of(&expression).expect("a counted form");
            let unrolled = Regex::new(&format!("^(?:{pattern})$")).expect("a regular expression elsewhere too");
            for text in
                (0..8).flat_map(|length| texts("abc", length)).chain((0..6).flat_map(|l| texts("\u{e4}\u{df}", l)))
            {
                assert_eq!(counted.matches(&text), unrolled.is_match(&text), "`{pattern}` on `{text}`");
            }
        }
    }

    #[test]
    fn patterns_that_cannot_be_counted_have_no_counted_form() {
        for pattern in ["(a|ab){2}", "a*a{3}", "((((a{1000}){1000}){1000}){1000})b", "(\\w{3}|\\d)*"] {
            let Ok(Parsed::Expression(expression, _)) = parse(pattern, u64::MAX) else {
                unreachable!("`{pattern}` is an expression")
            };
            assert!(Counted::of(&expression).is_none(), "`{pattern}`");
        }
    }
}
