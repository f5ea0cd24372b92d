//! The rules of an element, as far as facts decide them: bits that are set while its content is walked.

use crate::compiled::NameId;
use crate::rules::{ChildFacts, Facts, Role, Rule, RuleSet};

/// The facts that a child sets just by being there.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sets {
    /// Set always.
    pub(crate) seen: u64,
    /// Those of `seen` whose upper neighbour tells "more than one".
    pub(crate) counted: u64,
}

impl Sets {
    /// `facts` with these set.
    #[inline(always)]
    pub(crate) fn on(self, facts: u64) -> u64 {
        facts | self.seen | (facts & self.counted) << 1
    }
}

/// What the rules of an element say of it, known before any packet is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// No rule fires.
    Clean,
    /// Only warnings fire.
    Warned,
    /// Ask the careful way.
    Unknown,
}

/// A rule that facts decide.
#[derive(Debug, Clone)]
pub(crate) struct Fire {
    /// It fires where `facts & mask == value` for one of these (mask, value).
    pub(crate) terms: Box<[(u64, u64)]>,
    /// Names that the ancestors must have, nearest first.
    pub(crate) ancestors: Box<[NameId]>,
    /// Paths of ancestors that must not be there, as in `Rule::unless`.
    pub(crate) unless: Box<[Vec<NameId>]>,
}

impl Fire {
    #[inline(always)]
    pub(crate) fn fires(&self, facts: u64) -> bool {
        self.terms.iter().any(|(mask, value)| facts & mask == *value)
    }

    /// The declaration alone decides that the rule is about the element.
    pub(crate) fn is_everywhere(&self) -> bool {
        self.ancestors.is_empty() && self.unless.is_empty()
    }
}

/// The rules of an element declaration.
#[derive(Debug, Clone)]
pub(crate) struct RuleTable {
    pub(crate) facts: Facts,
    pub(crate) errors: Vec<Fire>,
    /// The terms of all of them, one of which must hold where an error is to be.
    pub(crate) error_terms: Vec<(u64, u64)>,
    pub(crate) warnings: Vec<Fire>,
    /// Rules that need the texts of children.
    pub(crate) late: Vec<Rule>,
}

impl RuleTable {
    /// The rules of an element that are asked for, or `None` where none is left.
    pub(super) fn new(set: &RuleSet, warnings: bool) -> Option<RuleTable> {
        let asked = |rule: &Rule| warnings || rule.role == Role::Error;
        let mut table = RuleTable {
            facts: set.facts.clone(),
            errors: Vec::new(),
            error_terms: Vec::new(),
            warnings: Vec::new(),
            late: Vec::new(),
        };
        for (number, terms) in &set.facts.decided {
            let Some(rule) = set.rules.get(*number).filter(|rule| asked(rule)) else { continue };
            let fire = Fire {
                terms: terms.as_slice().into(),
                ancestors: rule.ancestors.as_slice().into(),
                unless: rule.unless.as_slice().into(),
            };
            match rule.role {
                Role::Error => {
                    table.error_terms.extend_from_slice(&fire.terms);
                    table.errors.push(fire);
                }
                Role::Warning => table.warnings.push(fire),
            }
        }
        let late = set.facts.late.iter().filter_map(|number| set.rules.get(*number));
        table.late = late.filter(|rule| asked(rule)).cloned().collect();
        let idle = table.errors.is_empty() && table.warnings.is_empty() && table.late.is_empty();
        (!idle).then_some(table)
    }

    /// What children of a name set.
    pub(crate) fn child(&self, name: NameId) -> Option<&ChildFacts> {
        self.facts.children.iter().find(|child| child.name == Some(name))
    }

    /// The facts after a child (of any name), before its text is known.
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

    pub(super) fn sets(&self, name: NameId) -> Sets {
        let mut sets = Sets { seen: self.facts.any_child, ..Sets::default() };
        if let Some(child) = self.child(name) {
            sets.seen |= child.seen;
            sets.counted = if child.twice { child.seen } else { 0 };
        }
        sets
    }

    /// What the rules say of an element without attributes and children, once and for all.
    pub(super) fn judge_leaf(&self, facts: u64) -> Judgement {
        let elsewhere = |fire: &Fire| fire.fires(facts) && !fire.is_everywhere();
        if !self.late.is_empty()
            || self.errors.iter().any(|fire| fire.fires(facts))
            || self.warnings.iter().any(elsewhere)
        {
            Judgement::Unknown
        } else if self.warnings.iter().any(|fire| fire.fires(facts)) {
            Judgement::Warned
        } else {
            Judgement::Clean
        }
    }
}
