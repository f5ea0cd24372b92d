//! The automaton of a pattern.

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::pool::Pool;
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};

/// The most memory, in bytes, that the automaton of an ASCII expression may take: a larger one is not worth a table.
const ASCII_SIZE: usize = 1 << 19;

/// Determinised on demand, in a cache of bounded size; every thread has its own cache.
pub(super) struct Automaton {
    dfa: DFA,
    caches: Pool<Cache, Box<dyn Fn() -> Cache + Send + Sync>>,
}

impl Automaton {
    /// Builds the automaton from the nondeterministic one of a pattern.
    pub(super) fn build(nfa: &NFA) -> Automaton {
        let dfa = determinize(nfa).expect("an expression within the size limit of patterns has an automaton");
        let for_caches = dfa.clone();
        Automaton { dfa, caches: Pool::new(Box::new(move || for_caches.create_cache())) }
    }

    /// Whether the whole text matches: the longest match from its start ends at its end.
    pub(super) fn matches(&self, text: &str) -> bool {
        let input = Input::new(text).anchored(Anchored::Yes);
        let mut cache = self.caches.get();
        let longest = self.dfa.try_search_fwd(&mut cache, &input);
        longest
            .expect("an automaton without quit bytes, that may always clear its cache, never gives up")
            .is_some_and(|found| found.offset() == text.len())
    }
}

/// The nondeterministic automaton of an expression of bounded size.
pub(super) fn nondeterministic(expression: &Hir) -> NFA {
    thompson::Compiler::new()
        .configure(thompson::Config::new().utf8(false).which_captures(WhichCaptures::None))
        .build_from_hir(expression)
        .expect("an expression within the size limit of patterns has an automaton")
}

/// The nondeterministic automaton of the ASCII texts that an expression matches, unless it would be large.
pub(super) fn nondeterministic_ascii(expression: &Hir) -> Option<NFA> {
    let limit = Some(ASCII_SIZE);
    thompson::Compiler::new()
        .configure(thompson::Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(limit))
        .build_from_hir(&in_ascii(expression))
        .ok()
}

/// The expression restricted to ASCII characters. Recurses as deep as groups are nested, which is bounded.
fn in_ascii(expression: &Hir) -> Hir {
    match expression.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.intersect(&ClassUnicode::new([ClassUnicodeRange::new('\0', '\x7F')]));
            Hir::class(Class::Unicode(class))
        }
        HirKind::Literal(literal) if !literal.0.is_ascii() => Hir::fail(),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(in_ascii(&repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition.clone() })
        }
        HirKind::Concat(members) => Hir::concat(members.iter().map(in_ascii).collect()),
        HirKind::Alternation(members) => Hir::alternation(members.iter().map(in_ascii).collect()),
        // Patterns have no captures; the other kinds have no characters beyond ASCII, or are refused as a table.
        _ => expression.clone(),
    }
}

fn determinize(nfa: &NFA) -> Option<DFA> {
    DFA::builder()
        .configure(DFA::config().match_kind(MatchKind::All).skip_cache_capacity_check(true))
        .build_from_nfa(nfa.clone())
        .ok()
}

#[cfg(test)]
mod tests {
    use super::super::parse::{Parsed, STATES_LIMIT, parse};
    use super::*;

    /// What every automaton has besides the states of its pattern: an entry, an exit, and a loop for unanchored
    /// searches.
    const FRAME: u64 = 8;

    #[test]
    fn no_automaton_is_larger_than_its_estimate() {
        for pattern in [
            "",
            "abc|def|",
            "\\w+\\d",
            "(\\w{3}|\\p{L}){2,7}x",
            "\\i\\c*:\\i\\c*",
            "([a-z]{1,10}){1,100}",
            "(a?){50}b*(c+|d{4,}){3,}",
            "[^\\w-[a-z]]{2}\\P{IsBasicLatin}",
            "((x|yz)*)*()()(){7}",
            "(.*,){20}x",
            "\u{e9}\u{1f600}?\u{4e00}{3}",
        ] {
            let Ok(Parsed::Expression(expression, estimate)) = parse(pattern, STATES_LIMIT) else {
                unreachable!("`{pattern}` is an expression")
            };
            let states = nondeterministic(&expression).states().len() as u64;
            assert!(states <= estimate + FRAME, "`{pattern}` has {states} states, estimated {estimate}");
        }
    }
}
