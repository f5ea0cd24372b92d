//! `pattern` (XML Schema part 2, section 4.3.4 and appendix F): the regular expressions of the standard.
//!
//! They differ from those of programming languages: they are anchored at both ends, have classes that subtract from one
//! another, `\i` and `\c` for names, and blocks such as `\p{IsGreek}`; they have no anchors, lazy quantifiers, flags or
//! references. [`parse`] reads them by the grammar of the appendix and builds the expression tree of `regex-syntax`
//! directly, without translating to the text of a second dialect. [`automaton`] runs that tree as a lazily determinised
//! automaton: linear time, whatever the pattern and the text. The most common patterns, one repeated class, need none:
//! [`run`] counts. So does [`counted`], with the automata of content models, where there are too many repetitions to
//! unroll. The intersection of all steps of a type is decided by one [`table`] if that is small, which it nearly always
//! is.
//!
//! A pattern is parsed when the schema is compiled, and all its faults are reported then, its size included: that is
//! bounded from the tree alone. Automata and tables are built when a text first needs them. Without a table, a text
//! costs at worst its length times the size of the automaton, which is why that size is limited.

mod automaton;
mod block;
mod category;
mod class;
mod counted;
mod parse;
mod run;
mod table;

use std::fmt;
use std::sync::{Arc, OnceLock};

use regex_automata::nfa::thompson::NFA;
use regex_syntax::hir::Hir;

use super::TypeError;
use automaton::Automaton;
use counted::Counted;
use parse::Parsed;
use run::Run;
use table::Table;

/// The patterns of one derivation step, one of which has to match.
pub(super) struct Pattern {
    /// As written, alternatives joined with `|`.
    source: Box<str>,
    /// The alternatives that consist of one class, repeated or not.
    runs: Vec<Run>,
    /// The alternatives that are counted.
    counted: Vec<Counted>,
    /// The other alternatives.
    expression: Option<Hir>,
    /// An upper bound of the states of the automaton of `expression`.
    states: u64,
    nondeterministic: OnceLock<NFA>,
    automaton: OnceLock<Automaton>,
}

/// The patterns in force after all derivation steps: every step has to match. Clones share.
#[derive(Clone, Default)]
pub(super) struct Patterns {
    steps: Vec<Arc<Pattern>>,
    /// All steps together, once a text has needed them; `None` if they are not worth a table.
    table: Arc<OnceLock<Option<Table>>>,
}

impl Patterns {
    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps, from the first derivation to the last.
    pub(super) fn steps(&self) -> &[Arc<Pattern>] {
        &self.steps
    }

    /// Adds a step.
    pub(super) fn push(&mut self, pattern: Pattern) {
        self.steps.push(Arc::new(pattern));
        self.table = Arc::default();
    }

    /// Whether the whole text matches every step.
    pub(super) fn matches(&self, text: &str) -> bool {
        if let [pattern] = &*self.steps
            && let Some(run) = pattern.only_run()
        {
            return run.matches(text);
        }
        let table = self.table.get_or_init(|| self.build_table());
        let decided = table.as_ref().and_then(|table| table.matches(text));
        decided.unwrap_or_else(|| self.first_broken(text).is_none())
    }

    /// The first step that does not match.
    pub(super) fn first_broken(&self, text: &str) -> Option<&Pattern> {
        self.steps.iter().find(|pattern| !pattern.matches(text)).map(|pattern| &**pattern)
    }

    fn build_table(&self) -> Option<Table> {
        self.build_whole_table().or_else(|| {
            let automata: Option<Vec<NFA>> = self.steps.iter().map(|pattern| pattern.in_ascii()).collect();
            Table::build_ascii(&automata?)
        })
    }

    fn build_whole_table(&self) -> Option<Table> {
        let mut states_left = table::SOURCES;
        let mut automata = Vec::with_capacity(self.steps.len());
        for pattern in &self.steps {
            automata.push(pattern.whole(&mut states_left)?);
        }
        Table::build(&automata)
    }
}

impl Pattern {
    /// Parses the alternatives.
    pub(super) fn compile(alternatives: &[String]) -> Result<Pattern, TypeError> {
        let mut runs = Vec::new();
        let mut counted = Vec::new();
        let mut expressions = Vec::new();
        let mut states_left = parse::STATES_LIMIT;
        let mut states_in_all: u64 = 0;
        for (index, alternative) in alternatives.iter().enumerate() {
            match parse::parse(alternative, states_left)
                .map_err(|error| TypeError::new(error.constraint(), error.in_pattern(alternative)).of_value(index))?
            {
                Parsed::Run(run) => runs.push(run),
                Parsed::Counted(alternative) => counted.push(alternative),
                Parsed::Expression(expression, states) => {
                    states_left = states_left.saturating_sub(states);
                    states_in_all = states_in_all.saturating_add(states);
                    expressions.push(expression);
                }
            }
        }
        Ok(Pattern {
            source: alternatives.join("|").into_boxed_str(),
            runs,
            counted,
            expression: (!expressions.is_empty()).then(|| Hir::alternation(expressions)),
            states: states_in_all,
            nondeterministic: OnceLock::new(),
            automaton: OnceLock::new(),
        })
    }

    /// The texts that match any of several patterns; `None` if some are counted, or if they are too large together.
    pub(super) fn any_of(patterns: &[&Pattern]) -> Option<Pattern> {
        let states = patterns.iter().map(|pattern| {
            let runs = pattern.runs.iter().fold(0_u64, |sum, run| sum.saturating_add(run.states()));
            pattern.states.saturating_add(runs)
        });
        let states = states.fold(0_u64, u64::saturating_add);
        if states > parse::STATES_LIMIT {
            return None;
        }
        let expressions: Option<Vec<Hir>> = patterns.iter().map(|pattern| pattern.alternatives()).collect();
        Some(Pattern {
            source: Box::default(),
            runs: Vec::new(),
            counted: Vec::new(),
            expression: Some(Hir::alternation(expressions?)),
            states,
            nondeterministic: OnceLock::new(),
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
            || self.expression.as_ref().is_some_and(|expression| {
                self.automaton.get_or_init(|| Automaton::build(self.nondeterministic(expression))).matches(text)
            })
    }

    fn nondeterministic(&self, expression: &Hir) -> &NFA {
        self.nondeterministic.get_or_init(|| automaton::nondeterministic(expression))
    }

    /// The run, if the pattern is nothing else.
    fn only_run(&self) -> Option<&Run> {
        match &*self.runs {
            [run] if self.counted.is_empty() && self.expression.is_none() => Some(run),
            _ => None,
        }
    }

    /// The automaton of all alternatives, if it takes no more than `states_left`, from which its states are deducted.
    fn whole(&self, states_left: &mut u64) -> Option<NFA> {
        let runs = self.runs.iter().fold(0_u64, |sum, run| sum.saturating_add(run.states()));
        *states_left = states_left.checked_sub(self.states.saturating_add(runs))?;
        match &self.expression {
            Some(expression) if self.runs.is_empty() && self.counted.is_empty() => {
                Some(self.nondeterministic(expression).clone())
            }
            _ => Some(automaton::nondeterministic(&self.alternatives()?)),
        }
    }

    /// The automaton of the matching ASCII texts, if it is small.
    fn in_ascii(&self) -> Option<NFA> {
        automaton::nondeterministic_ascii(&self.alternatives()?)
    }

    /// All alternatives as one expression, unless some are counted.
    fn alternatives(&self) -> Option<Hir> {
        let alternatives = self.runs.iter().map(Run::expression).chain(self.expression.clone());
        self.counted.is_empty().then(|| Hir::alternation(alternatives.collect()))
    }
}

impl fmt::Debug for Patterns {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.steps).finish()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Pattern").field(&self.source).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Alone and together: branches, repetitions, classes within and beyond ASCII, subtraction, patterns that match
    /// nothing.
    const PATTERNS: [&str; 20] = [
        "",
        "a|ab|abc",
        "[a-c]*",
        "(a|b)*a(a|b){2}",
        ".+\\.b=.+",
        "[^=]+=[a-z]+(\\.[a-z]+)*",
        "\\i\\c*",
        "\\w{1,3}|\\d+",
        "\\p{Lu}?\\p{Ll}*",
        "[\\w-[a]]*.?",
        "(a?b?){3}c{0,2}",
        "\u{e9}*a?",
        "[a\u{e9}\u{1f600}]{2,}",
        "\\S(.|\\n)*",
        "[a-[a]]",
        "(a{2,3}|b){2}c?",
        "[A-Z]{3}",
        "[^a]*",
        "(\\s|a)*",
        "a{0,40}b{0,40}",
    ];

    fn patterns(sources: &[&str]) -> Patterns {
        let mut patterns = Patterns::default();
        for source in sources {
            patterns.push(Pattern::compile(&[(*source).to_owned()]).expect("a pattern"));
        }
        patterns
    }

    proptest! {
        // Each builds automata for all of Unicode.
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn one_table_decides_what_the_steps_decide(
            sources in prop::collection::vec(prop::sample::select(PATTERNS.to_vec()), 1..4),
            texts in prop::collection::vec("[ab]{0,5}|[abc.=\u{e9} \n]{0,8}|[A-Zab]{3}|\\PC{0,6}", 1..16),
        ) {
            let patterns = patterns(&sources);
            let table = patterns.build_table().expect("small patterns have a table");
            let is_decided = |text: &str| table.matches(text).is_some();
            prop_assert!(texts.iter().all(|text| !text.is_ascii() || is_decided(text)));
            for text in texts {
                let by_steps = patterns.first_broken(&text).is_none();
                prop_assert_eq!(table.matches(&text).unwrap_or(by_steps), by_steps, "{:?} against {:?}", text, sources);
                prop_assert_eq!(patterns.matches(&text), by_steps, "{:?} against {:?}", text, sources);
            }
        }
    }

    /// Exponential in the pattern, long, or counted: without a table, the steps match as before.
    #[test]
    fn patterns_without_a_table_are_matched_too() {
        for (source, right, wrong) in [
            ("(a|b)*a(a|b){20}", format!("a{}", "b".repeat(20)), format!("b{}", "b".repeat(20))),
            ("[a-z]{1,9000}x|b", "b".to_owned(), "bb".to_owned()),
            ("(ab){100000}", "ab".repeat(100_000), "ab".repeat(99_999)),
        ] {
            let patterns = patterns(&[source]);
            assert!(patterns.build_table().is_none(), "{source}");
            assert!(patterns.matches(&right) && !patterns.matches(&wrong), "{source}");
        }
    }

    #[test]
    fn types_with_the_same_steps_share_a_table() {
        let base = patterns(&["a+", "[ab]*"]);
        let derived = base.clone();
        assert!(derived.matches("aa") && Arc::ptr_eq(&base.table, &derived.table) && base.table.get().is_some());
    }
}
