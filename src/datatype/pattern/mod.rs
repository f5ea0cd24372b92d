//! `pattern` (XML Schema part 2, section 4.3.4 and appendix F): the standard's own regular expressions.
//!
//! They are not those of programming languages: anchored at both ends, with classes that subtract from one another,
//! `\i` and `\c` for names, blocks such as `\p{IsGreek}`; without anchors, lazy quantifiers, flags and references.
//! [`parse`] reads them as the appendix has them and builds the expression tree of `regex-syntax` directly, so that no
//! second dialect's text comes between. [`automaton`] runs that tree as a lazily determinised automaton: linear time,
//! whatever the pattern and the text. The commonest patterns, one class repeated so often, need none: [`run`] counts.
//! So does [`counted`], by the automata of content models, where repetitions are too many to be unrolled.
//!
//! A pattern is read when the schema is compiled, and everything that is wrong with it is said then, its size
//! included: that is bounded from the tree alone. The automaton itself is built when a text first asks for it. At worst
//! a text costs its length times the automaton's size, which is why that has a limit.

mod automaton;
mod block;
mod class;
mod counted;
mod parse;
mod run;

use std::fmt;
use std::sync::OnceLock;

use regex_syntax::hir::Hir;

use super::TypeError;
use automaton::Automaton;
use counted::Counted;
use parse::Parsed;
use run::Run;

/// The patterns of one derivation step: one of them has to match.
pub(super) struct Pattern {
    /// As written, alternatives joined with `|`.
    source: Box<str>,
    /// The alternatives that are one class, repeated or not.
    runs: Vec<Run>,
    /// Those that are counted.
    counted: Vec<Counted>,
    /// The other alternatives.
    expression: Option<Hir>,
    automaton: OnceLock<Automaton>,
}

impl Pattern {
    /// Reads the alternatives.
    pub(super) fn compile(alternatives: &[String]) -> Result<Pattern, TypeError> {
        let mut runs = Vec::new();
        let mut counted = Vec::new();
        let mut expressions = Vec::new();
        let mut states_left = parse::STATES_LIMIT;
        for (index, alternative) in alternatives.iter().enumerate() {
            match parse::parse(alternative, states_left)
                .map_err(|error| TypeError::new(error.constraint(), error.in_pattern(alternative)).of_value(index))?
            {
                Parsed::Run(run) => runs.push(run),
                Parsed::Counted(alternative) => counted.push(alternative),
                Parsed::Expression(expression, states) => {
                    states_left = states_left.saturating_sub(states);
                    expressions.push(expression);
                }
            }
        }
        Ok(Pattern {
            source: alternatives.join("|").into_boxed_str(),
            runs,
            counted,
            expression: (!expressions.is_empty()).then(|| Hir::alternation(expressions)),
            automaton: OnceLock::new(),
        })
    }

    /// As written in the schema.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Whether the whole text matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.runs.iter().any(|run| run.matches(text))
            || self.counted.iter().any(|counted| counted.matches(text))
            || self
                .expression
                .as_ref()
                .is_some_and(|expression| self.automaton.get_or_init(|| Automaton::build(expression)).matches(text))
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Pattern").field(&self.source).finish()
    }
}
