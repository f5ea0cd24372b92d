//! The rules of an element that facts decide: bits that are set while its content is walked.

use crate::compiled::NameId;
use crate::rules::{ChildFacts, Facts, Numbers, Role, Rule, RuleSet};
use crate::text::pattern::Pattern;

/// The facts that a child sets by occurring.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sets {
    /// The facts that are set in any case.
    pub(crate) seen: u64,
    /// The bits of `seen` whose next higher bit means "more than one".
    pub(crate) counted: u64,
}

impl Sets {
    /// `facts` with these facts set.
    #[inline(always)]
    pub(crate) fn on(self, facts: u64) -> u64 {
        facts | self.seen | (facts & self.counted) << 1
    }
}

/// The outcome of an element's rules that is known before any document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RuleOutcome {
    /// No rule fires.
    Clean,
    /// Only warnings fire.
    Warned,
    /// Left to the walk.
    Unknown,
}

/// A rule decided by facts: it fires if `facts & mask == value` for one of the terms (mask, value). A rule that reads
/// texts can fire in that case, and in no other.
#[derive(Debug, Clone)]
struct Decided {
    rule: usize,
    terms: Box<[(u64, u64)]>,
}

impl Decided {
    #[inline(always)]
    fn fires(&self, facts: u64) -> bool {
        self.terms.iter().any(|(mask, value)| facts & mask == *value)
    }
}

/// What the rules of an element need from a walk beyond the facts about children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Needs {
    /// The facts that terms test.
    pub(crate) facts: u64,
    /// The texts of children, or attributes, are kept until the element ends.
    pub(crate) late: bool,
    /// Text between the children matters, including white space.
    pub(crate) watched: bool,
    /// The element's own string-value is read.
    pub(crate) own_text: bool,
    /// Attributes set facts or are read.
    pub(crate) attributes: bool,
}

/// The rules of an element declaration.
#[derive(Debug, Clone)]
pub(crate) struct RuleTable {
    pub(crate) facts: Facts,
    rules: Vec<Rule>,
    errors: Vec<Decided>,
    warnings: Vec<Decided>,
    /// The terms of the error rules, and of all rules: if a rule fires, one of its terms holds.
    error_terms: Vec<(u64, u64)>,
    all_terms: Vec<(u64, u64)>,
    /// The rules that read texts.
    late_errors: Vec<Decided>,
    late_warnings: Vec<Decided>,
    /// For a walk that evaluates only errors, and for one that also evaluates warnings.
    needs: [Needs; 2],
    /// The literals of each attribute with the closing quote, and those of each child with the `<` after them, unless
    /// one of them is too long for a pattern.
    quoted: Vec<Option<Box<[Ended]>>>,
    tagged: Vec<Option<Box<[Ended]>>>,
}

#[cfg(feature = "generate")]
impl RuleTable {
    /// Whether there are rules that can make a document invalid.
    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty() || !self.late_errors.is_empty()
    }

    /// Whether rules read more than the facts contain.
    pub(crate) fn is_late(&self, warnings: bool) -> bool {
        self.needs(warnings).late
    }

    /// Whether the rules are decided by facts that each attribute and child sets when it occurs.
    pub(crate) fn are_facts_of_content(&self, warnings: bool) -> bool {
        let needs = self.needs(warnings);
        !needs.late && !needs.watched && !needs.own_text
    }

    /// If a rule fires, one of these terms (mask, value) holds: `facts & mask == value`.
    pub(crate) fn terms(&self, warnings: bool) -> &[(u64, u64)] {
        if warnings { &self.all_terms } else { &self.error_terms }
    }
}

/// A literal with the byte that ends it in a document, and the facts that it sets.
type Ended = (Pattern<2>, u64);

impl RuleTable {
    /// The rules of an element.
    pub(super) fn new(set: RuleSet) -> RuleTable {
        let RuleSet { rules, facts } = set;
        let is_error = |number: usize| rules.get(number).is_some_and(|rule| rule.role == Role::Error);
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        for (rule, terms) in &facts.decided {
            let decided = Decided { rule: *rule, terms: terms.as_slice().into() };
            if is_error(*rule) { errors.push(decided) } else { warnings.push(decided) }
        }
        let late = facts.late.iter().map(|(rule, terms)| Decided { rule: *rule, terms: terms.as_slice().into() });
        let (late_errors, late_warnings): (Vec<Decided>, Vec<Decided>) = late.partition(|late| is_error(late.rule));
        let terms_of = |decided: &[Decided]| decided.iter().flat_map(|rule| rule.terms.to_vec()).collect::<Vec<_>>();
        let error_terms = terms_of(&errors);
        let all_terms = [error_terms.clone(), terms_of(&warnings)].concat();
        let asked_of_errors = [error_terms.clone(), terms_of(&late_errors)].concat();
        let asked = [&all_terms[..], &asked_of_errors, &terms_of(&late_warnings)].concat();
        let needs =
            [needs(&facts, &asked_of_errors, !late_errors.is_empty()), needs(&facts, &asked, !facts.late.is_empty())];
        let quoted = facts.attributes.iter().map(|known| ended(known, b'"')).collect();
        let tagged = facts.children.iter().map(|known| ended(known, b'<')).collect();
        RuleTable {
            quoted,
            tagged,
            facts,
            rules,
            errors,
            warnings,
            error_terms,
            all_terms,
            late_errors,
            late_warnings,
            needs,
        }
    }

    /// What a walk has to keep.
    #[inline(always)]
    pub(crate) fn needs(&self, warnings: bool) -> Needs {
        self.needs[usize::from(warnings)]
    }

    /// The facts that children with a name set.
    pub(crate) fn child(&self, name: NameId) -> Option<&ChildFacts> {
        self.facts.children.iter().find(|child| child.name == Some(name))
    }

    /// The index in `facts.children` of the children with a name.
    pub(super) fn number_of(&self, name: NameId) -> Option<u32> {
        let place = self.facts.children.iter().position(|child| child.name == Some(name));
        place.and_then(|place| u32::try_from(place).ok())
    }

    /// The facts after the text of a child, which is at `start` and followed by a tag; `known`: the number of that
    /// child.
    #[inline]
    pub(crate) fn read_tagged(
        &self,
        known: u32,
        text: &str,
        (start, end): (usize, usize),
        facts: u64,
        numbers: &mut Numbers,
    ) -> u64 {
        let known = known as usize;
        let Some((child, tagged)) = self.facts.children.get(known).zip(self.tagged.get(known)) else { return facts };
        match tagged {
            Some(tagged) if end > start => {
                let facts = facts | literal_at(tagged, text.as_bytes(), start);
                if !child.asks() {
                    return facts;
                }
                child.ask(text.get(start..end).unwrap_or_default(), facts, numbers)
            }
            _ => child.read(text.get(start..end).unwrap_or_default(), facts, numbers),
        }
    }

    /// Whether the string-value of children with a name is read: facts depend on it, or a rule that facts do not decide
    /// reads it.
    pub(crate) fn reads_text(&self, name: NameId, warnings: bool) -> bool {
        let child = self.child(name);
        let keeps_text = self.facts.keep_all_texts || child.is_some_and(|child| child.keep_text);
        self.needs(warnings).late && keeps_text || child.is_some_and(|child| self.needs_text(child, warnings))
    }

    /// Whether facts that rules test depend on the string-value of a child.
    pub(super) fn needs_text(&self, child: &ChildFacts, warnings: bool) -> bool {
        child.set_by_text() & self.needs(warnings).facts != 0
    }

    /// The facts after a child with this name, before its text is known.
    pub(crate) fn observe(&self, name: NameId, facts: u64) -> u64 {
        let mut facts = facts;
        if let Some(child) = self.child(name) {
            for (before, set) in &child.after {
                if facts & before != 0 {
                    facts |= set;
                }
            }
        }
        self.sets(name).on(facts)
    }

    /// The facts after an attribute with a value.
    pub(crate) fn observe_attribute(&self, name: Option<NameId>, value: &str, facts: u64) -> u64 {
        let facts = facts | self.facts.any_attribute;
        let Some(known) = self.facts.attributes.iter().find(|known| name.is_some() && known.name == name) else {
            return facts;
        };
        known.read(value, facts | known.seen, &mut Numbers::default())
    }

    /// The facts after an attribute whose value is at `start` between double quotes.
    #[inline]
    pub(crate) fn observe_quoted(&self, name: NameId, text: &str, (start, end): (usize, usize), facts: u64) -> u64 {
        let facts = facts | self.facts.any_attribute;
        let Some((known, quoted)) =
            self.facts.attributes.iter().zip(&self.quoted).find(|(known, _)| known.name == Some(name))
        else {
            return facts;
        };
        let Some(quoted) = quoted else {
            return known.read(text.get(start..end).unwrap_or_default(), facts | known.seen, &mut Numbers::default());
        };
        let facts = facts | known.seen | literal_at(quoted, text.as_bytes(), start);
        if !known.asks() {
            return facts;
        }
        known.ask(text.get(start..end).unwrap_or_default(), facts, &mut Numbers::default())
    }

    pub(super) fn sets(&self, name: NameId) -> Sets {
        let mut sets = Sets { seen: self.facts.any_child, ..Sets::default() };
        if let Some(child) = self.child(name) {
            sets.seen |= child.seen;
            sets.counted = if child.twice { child.seen } else { 0 };
        }
        sets
    }

    /// Whether some rule can fire, given these facts. `false` is certain; `true` can be a false alarm.
    #[inline(always)]
    pub(crate) fn may_fire(&self, facts: u64, warnings: bool) -> bool {
        let terms = if warnings { &self.all_terms } else { &self.error_terms };
        terms.iter().any(|(mask, value)| facts & mask == *value)
    }

    /// The rules that fire according to the facts, unless the element's ancestors exempt it.
    pub(crate) fn firing(&self, facts: u64, warnings: bool) -> impl Iterator<Item = &Rule> {
        let warnings: &[Decided] = if warnings { &self.warnings } else { &[] };
        let firing = self.errors.iter().chain(warnings).filter(move |rule| rule.fires(facts));
        firing.filter_map(|decided| self.rules.get(decided.rule))
    }

    /// The rules that read texts, except those that cannot fire whatever the texts are.
    pub(crate) fn late(&self, facts: u64, warnings: bool) -> impl Iterator<Item = &Rule> {
        let warnings: &[Decided] = if warnings { &self.late_warnings } else { &[] };
        let late = self.late_errors.iter().chain(warnings).filter(move |late| late.fires(facts));
        late.filter_map(|late| self.rules.get(late.rule))
    }

    /// The result of the rules for an element without attributes and children.
    pub(super) fn outcome_of_leaf(&self, facts: u64) -> RuleOutcome {
        if self.needs(true).late || self.errors.iter().any(|rule| rule.fires(facts)) {
            RuleOutcome::Unknown
        } else if self.warnings.iter().any(|rule| rule.fires(facts)) {
            RuleOutcome::Warned
        } else {
            RuleOutcome::Clean
        }
    }
}

fn ended(known: &ChildFacts, end: u8) -> Option<Box<[Ended]>> {
    let literals = known.literals.iter().map(|(literal, set)| {
        let pattern = Pattern::joined(&[literal.as_bytes(), &[end]]);
        (pattern != Pattern::NOWHERE).then_some((pattern, *set))
    });
    literals.collect()
}

/// The facts that a literal sets, if one of these is at `at` in a document.
#[inline(always)]
fn literal_at(literals: &[Ended], bytes: &[u8], at: usize) -> u64 {
    let literal = match Pattern::words_at(bytes, at) {
        Some(words) => literals.iter().find(|(pattern, _)| pattern.is(&words)),
        None => literals.iter().find(|(pattern, _)| pattern.is_at(bytes, at)),
    };
    literal.map_or(0, |(_, set)| *set)
}

fn needs(facts: &Facts, terms: &[(u64, u64)], late: bool) -> Needs {
    let asked = terms.iter().fold(0, |asked, (mask, _)| asked | mask);
    let of_attributes = |facts: &Facts| {
        let named = facts.attributes.iter().map(|known| known.seen | known.set_by_text());
        named.fold(facts.any_attribute, |all, bits| all | bits)
    };
    Needs {
        facts: asked,
        late,
        watched: facts.any_text & asked != 0 || late && (facts.late_looks_at_text || facts.keep_own_text),
        own_text: late && facts.keep_own_text,
        attributes: of_attributes(facts) & asked != 0 || late && facts.late_looks_at_attributes,
    }
}
