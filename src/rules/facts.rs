//! The fast form of rules: facts that children set one after another, and terms over them.
//!
//! The plain version keeps every child of an element and calls `Rule::fires` at its end. But nearly every rule only
//! checks which children there were, how often, in which order, and whether one of them had a certain text. Each such
//! question is a fact, and a fact is a bit that a child can set when it is read. At the end of the element a rule is a
//! formula over bits, kept as a disjunction of terms: it fires if `facts & mask == value` for one of them. An ordinary
//! element costs a few `or`s, and nothing of it is kept.
//!
//! A question about a text ("is it more than 7?") is a fact too, decided when the text is read (`questions`).
//!
//! Rules that do not fit (because of the text of the element itself, or too many bits or terms) are left to the plain
//! version: they are `late`.

use std::collections::{HashMap, HashSet};

use super::evaluate::{number_of_none, truth_of_none};
use super::expression::{Expression, Kind, NameTest, Nodes, Operator};
use super::questions::{
    ComparedNumber, Numbers, Question, Reads, TextTest, compares_children, constant_number, needs_no_question,
    takes_digits,
};
use super::{ChildFacts, Facts, Rule};
use crate::compiled::NameId;

/// The most terms of one rule; formulas that need more are late.
const MAX_TERMS: usize = 64;

/// A conjunction: of the facts in `mask`, exactly those in `value` are set.
type Term = (u64, u64);

/// Lays out the facts for the rules of one element.
pub(super) fn build(rules: &[Rule]) -> Facts {
    let mut layout = Layout { asks: true, ..Layout::default() };
    for (name, count) in mentions(rules) {
        if count == 1 {
            layout.asked_once.insert(name);
        }
    }
    for (number, rule) in rules.iter().enumerate() {
        let before = (!needs_no_question(&rule.test)).then(|| layout.clone());
        match layout.terms(&rule.test, rule.fires_on) {
            Some(terms) => layout.facts.decided.push((number, terms)),
            None => {
                // Facts that only this rule requested are dropped.
                layout = before.unwrap_or(layout);
                layout.asks = false;
                let necessary = layout.necessary(&rule.test, rule.fires_on);
                layout.facts.late.push((number, necessary));
                layout.note_late(&rule.test);
                layout.asks = true;
            }
        }
    }
    layout.facts
}

#[derive(Default, Clone)]
struct Layout {
    facts: Facts,
    used: u32,
    /// The number of slots for compared numbers.
    slots: usize,
    /// Whether questions about texts may become facts.
    asks: bool,
    /// Terms, one of which holds wherever the part under consideration makes a difference.
    around: Vec<Term>,
    /// Children that only one expression of one rule refers to.
    asked_once: HashSet<NameId>,
}

impl Layout {
    /// The terms under which the expression is `wanted`; `None` if facts cannot decide it.
    fn terms(&mut self, expression: &Expression, wanted: bool) -> Option<Vec<Term>> {
        if !needs_no_question(expression)
            && let Some(reads @ (Reads::Attribute(_) | Reads::First(_))) = Reads::of(expression)
        {
            return self.asked(expression, reads, wanted);
        }
        match expression {
            Expression::Boolean(value) => Some(constant(*value == wanted)),
            Expression::Literal(text) => Some(constant(text.is_empty() != wanted)),
            Expression::Number(value) => Some(constant((*value != 0.0 && !value.is_nan()) == wanted)),
            Expression::Not(inner) => self.terms(inner, !wanted),
            Expression::ToBoolean(inner) => self.terms(inner, wanted),
            Expression::All(list) if wanted => self.all(list, wanted),
            Expression::Any(list) if !wanted => self.all(list, wanted),
            Expression::All(list) | Expression::Any(list) => self.any(list, wanted),
            Expression::Nodes(nodes) => self.present(nodes).map(|bit| of_bit(bit, wanted)),
            Expression::Count(nodes) => self.counted(nodes, Operator::Unequal, 0.0, wanted),
            Expression::Compare { operator, left, right } => match (&**left, &**right) {
                (Expression::Nodes(nodes), Expression::Literal(text))
                | (Expression::Literal(text), Expression::Nodes(nodes))
                    if *operator == Operator::Equal =>
                {
                    self.literal(nodes, text).map(|bit| of_bit(bit, wanted))
                }
                (Expression::Count(nodes), other) => self.counted(nodes, *operator, constant_number(other)?, wanted),
                (other, Expression::Count(nodes)) => {
                    self.counted(nodes, operator.mirrored(), constant_number(other)?, wanted)
                }
                (left, right) => match compares_children(left, right) {
                    Some(name) => self.compared_with_constant(expression, name, wanted),
                    None => self.compared_numbers(*operator, left, right, wanted),
                },
            },
            Expression::Negative(_)
            | Expression::ToNumber(_)
            | Expression::StringLength(_)
            | Expression::NormalizeSpace(_)
            | Expression::Translate { .. }
            | Expression::SubstringBefore { .. }
            | Expression::SubstringAfter { .. } => None,
        }
    }

    /// Terms, one of which holds if the expression is `wanted`, as far as facts can decide: for a conjunction, the
    /// parts that they decide.
    fn necessary(&mut self, expression: &Expression, wanted: bool) -> Vec<Term> {
        let parts = match expression {
            Expression::All(list) if wanted => list,
            Expression::Any(list) if !wanted => list,
            Expression::Not(inner) => return self.necessary(inner, !wanted),
            Expression::ToBoolean(inner) => return self.necessary(inner, wanted),
            _ => return self.terms(expression, wanted).unwrap_or_else(|| constant(true)),
        };
        let mut all = constant(true);
        for part in parts {
            let terms = self.necessary(part, wanted);
            all = both(&all, &terms).unwrap_or(all);
        }
        all
    }

    fn all(&mut self, list: &[Expression], wanted: bool) -> Option<Vec<Term>> {
        // For a negated `or`.
        if !wanted {
            self.share_a_bit(list)?;
        }
        let mut all = constant(true);
        for item in list {
            let around = std::mem::replace(&mut self.around, all.clone());
            let terms = self.terms(item, wanted);
            self.around = around;
            all = both(&all, &terms?)?;
        }
        Some(all)
    }

    fn any(&mut self, list: &[Expression], wanted: bool) -> Option<Vec<Term>> {
        // Not for a negated `and`, where every part matters.
        if wanted {
            self.share_a_bit(list)?;
        }
        let mut any = Vec::new();
        for item in list {
            for term in self.terms(item, wanted)? {
                add_term(&mut any, term)?;
            }
        }
        Some(any)
    }

    /// If an `or` only tests whether any of some children exists, and no other expression refers to these children, it
    /// does not matter which one exists: they share one fact. (Otherwise a list of all operators would not fit into 64
    /// bits.)
    fn share_a_bit(&mut self, list: &[Expression]) -> Option<()> {
        let name_of = |item: &Expression| match item {
            Expression::Nodes(Nodes::Children(NameTest::Name(name))) => Some(*name),
            _ => None,
        };
        let names = list.iter().filter_map(name_of).filter(|name| self.asked_once.contains(name));
        let names: Vec<NameId> = names.collect();
        if names.len() > 1 {
            let bit = self.new_bits(1)?;
            for name in names {
                self.child(name)?.seen = bit;
            }
        }
        Some(())
    }

    /// `count(nodes)` compared with a number: the results for none, one, and more must not depend on how many more.
    fn counted(&mut self, nodes: &Nodes, operator: Operator, limit: f64, wanted: bool) -> Option<Vec<Term>> {
        let says = |count: f64| operator.holds(count, limit) == wanted;
        let alike_from = |count: f64| match operator {
            Operator::Equal | Operator::Unequal => limit < count || limit.fract() != 0.0 || limit.is_infinite(),
            _ => says(count) == says(f64::INFINITY),
        };
        let (none, one, more) = (says(0.0), says(1.0), says(2.0));
        match *nodes {
            Nodes::Itself => Some(constant(one)),
            // An attribute with a given name occurs at most once.
            Nodes::Attributes(NameTest::Name(_)) => self.present(nodes).map(|bit| none_or_some(bit, none, one)),
            Nodes::Attributes(NameTest::Any) | Nodes::Children(NameTest::Any) if alike_from(1.0) => {
                self.present(nodes).map(|bit| none_or_some(bit, none, one))
            }
            Nodes::Children(NameTest::Name(name)) if alike_from(1.0) => {
                self.child_bit(name).map(|bit| none_or_some(bit, none, one))
            }
            Nodes::Children(NameTest::Name(name)) if alike_from(2.0) => {
                let seen = self.child_bit(name)?;
                self.child(name)?.twice = true;
                let twice = seen << 1;
                // `twice` is never set without `seen`.
                let cases = [(none, (seen, 0)), (one, (seen | twice, seen)), (more, (twice, twice))];
                Some(cases.into_iter().filter(|(says, _)| *says).map(|(_, term)| term).collect())
            }
            _ => None,
        }
    }

    /// The bit for the existence of such a node.
    fn present(&mut self, nodes: &Nodes) -> Option<u64> {
        match *nodes {
            // Always there: no bit at all, which `of_bit` always finds "set".
            Nodes::Itself => Some(0),
            Nodes::Text => {
                let bit = self.shared_bit(self.facts.any_text)?;
                self.facts.any_text = bit;
                Some(bit)
            }
            Nodes::Children(NameTest::Any) => self.any_child_bit(),
            Nodes::Attributes(NameTest::Any) => {
                let bit = self.shared_bit(self.facts.any_attribute)?;
                self.facts.any_attribute = bit;
                Some(bit)
            }
            Nodes::Children(NameTest::Name(name)) => self.child_bit(name),
            Nodes::Attributes(NameTest::Name(name)) => {
                let seen = entry(&mut self.facts.attributes, name)?.seen;
                let bit = self.shared_bit(seen)?;
                entry(&mut self.facts.attributes, name)?.seen = bit;
                Some(bit)
            }
            Nodes::InOrder { first, then: NameTest::Name(then) } => {
                let before = match first {
                    NameTest::Any => self.any_child_bit()?,
                    NameTest::Name(first) => self.child_bit(first)?,
                };
                if let Some(&(_, set)) = self.child(then)?.after.iter().find(|(known, _)| *known == before) {
                    return Some(set);
                }
                let set = self.new_bits(1)?;
                self.child(then)?.after.push((before, set));
                Some(set)
            }
            Nodes::InOrder { then: NameTest::Any, .. } => None,
        }
    }

    /// The bit for whether one of the nodes has this text.
    fn literal(&mut self, nodes: &Nodes, text: &str) -> Option<u64> {
        let (children, name) = match *nodes {
            Nodes::Children(NameTest::Name(name)) => (true, name),
            Nodes::Attributes(NameTest::Name(name)) => (false, name),
            _ => return None,
        };
        let find = |facts: &mut Facts| {
            let list = if children { &mut facts.children } else { &mut facts.attributes };
            let literals = &entry(list, name)?.literals;
            Some(literals.iter().find(|(known, _)| **known == *text).map(|(_, bit)| *bit))
        };
        if let Some(bit) = find(&mut self.facts)? {
            return Some(bit);
        }
        let bit = self.new_bits(1)?;
        let list = if children { &mut self.facts.children } else { &mut self.facts.attributes };
        entry(list, name)?.literals.push((text.into(), bit));
        Some(bit)
    }

    /// A question about one text.
    fn asked(&mut self, expression: &Expression, reads: Reads, wanted: bool) -> Option<Vec<Term>> {
        if !self.asks {
            return None;
        }
        let (name, seen, of_first, question) = match reads {
            Reads::Nothing => return None,
            Reads::Attribute(name) => {
                let seen = self.present(&Nodes::Attributes(NameTest::Name(name)))?;
                (name, seen, false, Question::of(expression, true))
            }
            Reads::First(name) => {
                let seen = self.first(name)?;
                (name, seen, true, Question::of(expression, false))
            }
        };
        let given = if of_first { (0, 0) } else { self.known_around(name) };
        let set = self.new_bits(1)?;
        let list = if of_first { &mut self.facts.children } else { &mut self.facts.attributes };
        entry(list, name)?.tests.push(TextTest { question, of_first, given, set });
        // The question has an answer without the text too.
        Some(match (truth_of_none(expression), wanted) {
            (false, wanted) => of_bit(set, wanted),
            (true, true) => vec![(set, set), (seen, 0)],
            (true, false) => vec![(seen | set, seen)],
        })
    }

    /// What must be known about an attribute before a question about it makes a difference: which literals it equals,
    /// and the answers to earlier questions.
    fn known_around(&self, name: NameId) -> Term {
        let known = self.facts.attributes.iter().find(|known| known.name == Some(name));
        let known = known.map_or(0, ChildFacts::set_by_text);
        let Some((&(mask, value), rest)) = self.around.split_first() else { return (0, 0) };
        let same = |same: u64, term: &Term| same & term.0 & !(term.1 ^ value);
        let mask = rest.iter().fold(mask & known, same);
        (mask, value & mask)
    }

    /// A comparison of the children with one name and a constant.
    fn compared_with_constant(&mut self, expression: &Expression, name: NameId, wanted: bool) -> Option<Vec<Term>> {
        if !self.asks || truth_of_none(expression) {
            return None;
        }
        let question = Question::of(expression, false);
        let set = self.new_bits(1)?;
        self.child(name)?.tests.push(TextTest { question, of_first: false, given: (0, 0), set });
        Some(of_bit(set, wanted))
    }

    /// A comparison of two numbers, each in the first child with a name.
    fn compared_numbers(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        wanted: bool,
    ) -> Option<Vec<Term>> {
        let (Some(Reads::First(left_name)), Some(Reads::First(right_name))) = (Reads::of(left), Reads::of(right))
        else {
            return None;
        };
        let kinds = [left.kind(), right.kind()];
        let is_of_texts = kinds == [Kind::Text; 2] && matches!(operator, Operator::Equal | Operator::Unequal);
        let is_of_truths = kinds.contains(&Kind::Boolean);
        // Without one of them it must be false.
        let needs_both =
            number_of_none(left).is_nan() && number_of_none(right).is_nan() && operator != Operator::Unequal;
        if !self.asks || left_name == right_name || is_of_texts || is_of_truths || !needs_both {
            return None;
        }
        let (left_seen, right_seen) = (self.first(left_name)?, self.first(right_name)?);
        let (left_slot, right_slot) = (self.slots, self.slots + 1);
        if right_slot >= Numbers::default().len() {
            return None;
        }
        self.slots += 2;
        let set = self.new_bits(1)?;
        for (name, number, slot, other_slot, other_seen, operator) in [
            (left_name, left, left_slot, right_slot, right_seen, operator),
            (right_name, right, right_slot, left_slot, left_seen, operator.mirrored()),
        ] {
            let (number, takes_digits) = (number.clone(), takes_digits(number));
            let compared = ComparedNumber { number, takes_digits, slot, other_slot, other_seen, operator, set };
            self.child(name)?.compared.push(compared);
        }
        Some(of_bit(set, wanted))
    }

    /// The bit of a child whose first occurrence is distinguished from the rest.
    fn first(&mut self, name: NameId) -> Option<u64> {
        let seen = self.child_bit(name)?;
        self.child(name)?.twice = true;
        Some(seen)
    }

    fn any_child_bit(&mut self) -> Option<u64> {
        let bit = self.shared_bit(self.facts.any_child)?;
        self.facts.any_child = bit;
        Some(bit)
    }

    /// The bit of a child; the one above it is always kept free for `twice`.
    fn child_bit(&mut self, name: NameId) -> Option<u64> {
        let seen = self.child(name)?.seen;
        if seen != 0 {
            return Some(seen);
        }
        let bit = self.new_bits(2)?;
        self.child(name)?.seen = bit;
        Some(bit)
    }

    fn child(&mut self, name: NameId) -> Option<&mut ChildFacts> {
        entry(&mut self.facts.children, name)
    }

    fn shared_bit(&mut self, bit: u64) -> Option<u64> {
        if bit != 0 { Some(bit) } else { self.new_bits(1) }
    }

    /// The lowest of `bits` free bits; `None` when the 64 are used up.
    fn new_bits(&mut self, bits: u32) -> Option<u64> {
        let first = self.used;
        if first + bits > u64::BITS {
            return None;
        }
        self.used = first + bits;
        Some(1 << first)
    }

    /// Requests the facts that a late rule needs.
    fn note_late(&mut self, test: &Expression) {
        let facts = &mut self.facts;
        test.for_each_nodes(&mut |nodes, is_read| match *nodes {
            Nodes::Itself => facts.keep_own_text |= is_read,
            Nodes::Text => facts.late_looks_at_text = true,
            Nodes::Attributes(_) => facts.late_looks_at_attributes = true,
            Nodes::Children(NameTest::Any) => facts.keep_all_texts |= is_read,
            Nodes::Children(NameTest::Name(name)) => {
                if let Some(child) = entry(&mut facts.children, name).filter(|_| is_read) {
                    child.keep_text = true;
                }
            }
            Nodes::InOrder { .. } => {}
        });
    }
}

/// How often rules mention each child.
fn mentions(rules: &[Rule]) -> HashMap<NameId, usize> {
    let mut mentions = HashMap::new();
    for rule in rules {
        rule.test.for_each_nodes(&mut |nodes, _| {
            let names = match nodes {
                Nodes::Children(test) => [Some(*test), None],
                Nodes::InOrder { first, then } => [Some(*first), Some(*then)],
                Nodes::Itself | Nodes::Text | Nodes::Attributes(_) => [None, None],
            };
            for name in names.into_iter().flatten() {
                if let NameTest::Name(name) = name {
                    *mentions.entry(name).or_default() += 1;
                }
            }
        });
    }
    mentions
}

/// The entry of a name, made if missing. Always `Some`: an `Option` so that it fits into a chain of `?`.
fn entry(list: &mut Vec<ChildFacts>, name: NameId) -> Option<&mut ChildFacts> {
    let at = list.iter().position(|child| child.name == Some(name)).unwrap_or_else(|| {
        list.push(ChildFacts { name: Some(name), ..ChildFacts::default() });
        list.len() - 1
    });
    list.get_mut(at)
}

/// The conjunction of two formulas, unless it takes too many terms.
fn both(one: &[Term], other: &[Term]) -> Option<Vec<Term>> {
    let mut both = Vec::new();
    for &(mask, value) in one {
        for &(other_mask, other_value) in other {
            let shared = mask & other_mask;
            if value & shared == other_value & shared {
                add_term(&mut both, (mask | other_mask, value | other_value))?;
            }
        }
    }
    Some(both)
}

fn constant(value: bool) -> Vec<Term> {
    if value { vec![(0, 0)] } else { Vec::new() }
}

/// No bit means a fact that is always true.
fn of_bit(bit: u64, wanted: bool) -> Vec<Term> {
    match bit {
        0 => constant(wanted),
        bit => vec![(bit, if wanted { bit } else { 0 })],
    }
}

fn none_or_some(bit: u64, none: bool, some: bool) -> Vec<Term> {
    if none == some { constant(none) } else { of_bit(bit, some) }
}

/// Adds a term, unless an existing one covers it; removes those that it covers.
fn add_term(terms: &mut Vec<Term>, new: Term) -> Option<()> {
    let covers = |wide: Term, narrow: Term| narrow.0 & wide.0 == wide.0 && narrow.1 & wide.0 == wide.1;
    if terms.iter().any(|&known| covers(known, new)) {
        return Some(());
    }
    terms.retain(|&known| !covers(new, known));
    terms.push(new);
    (terms.len() <= MAX_TERMS).then_some(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::rules::{Mark, Role, Seen, SeenStack};

    fn rule(test: Expression, fires_on: bool) -> Rule {
        Rule {
            role: Role::Error,
            message: "".into(),
            see: None,
            subject: Box::default(),
            ancestors: Vec::new(),
            unless: Vec::new(),
            test: Arc::new(test),
            fires_on,
        }
    }

    /// Collects the facts of an element, as a walk over a document does.
    fn collect(facts: &Facts, seen: &Seen<'_>) -> u64 {
        let mut set = if seen.has_text { facts.any_text } else { 0 };
        // Values left over from another element make no difference.
        let mut numbers = [1.0; 4];
        for (list, nodes, any) in [
            (&facts.attributes, seen.attributes, facts.any_attribute),
            (&facts.children, seen.children, facts.any_child),
        ] {
            for node in nodes {
                for known in list.iter().filter(|known| known.name == Some(node.name)) {
                    let after = known.after.iter().filter(|(before, _)| set & before != 0);
                    set |= after.fold(0, |bits, (_, set)| bits | set);
                    if known.twice && set & known.seen != 0 {
                        set |= known.seen << 1;
                    }
                    set |= known.seen;
                    set = known.read(seen.text_of(node), set, &mut numbers);
                }
                set |= any;
            }
        }
        set
    }

    fn name_test() -> impl Strategy<Value = NameTest> {
        prop_oneof![4 => (0..3u32).prop_map(|name| NameTest::Name(NameId(name))), 1 => Just(NameTest::Any)]
    }

    fn value() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["", "ok", "error", "1", " 2 ", "-3"])
    }

    fn countable() -> impl Strategy<Value = Nodes> {
        prop_oneof![
            4 => name_test().prop_map(Nodes::Children),
            2 => name_test().prop_map(Nodes::Attributes),
            1 => Just(Nodes::Itself),
        ]
    }

    fn nodes() -> impl Strategy<Value = Nodes> {
        prop_oneof![
            6 => countable(),
            1 => Just(Nodes::Text),
            3 => (name_test(), name_test()).prop_map(|(first, then)| Nodes::InOrder { first, then }),
        ]
    }

    fn operator() -> impl Strategy<Value = Operator> {
        prop::sample::select(vec![
            Operator::Equal,
            Operator::Unequal,
            Operator::Less,
            Operator::LessOrEqual,
            Operator::Greater,
            Operator::GreaterOrEqual,
        ])
    }

    /// A function of the first of some nodes.
    fn function() -> impl Strategy<Value = Expression> {
        let plain = prop_oneof![4 => countable().prop_map(Expression::Nodes), 1 => value().prop_map(|text| Expression::Literal(text.into()))];
        plain.prop_recursive(2, 4, 1, |inner| {
            let inner = inner.prop_map(Box::new);
            prop_oneof![
                inner.clone().prop_map(Expression::NormalizeSpace),
                inner.clone().prop_map(|text| Expression::Translate { text, from: "-1".into(), to: "".into() }),
                inner.clone().prop_map(|text| Expression::Translate { text, from: " ".into(), to: "0".into() }),
                inner.clone().prop_map(|text| Expression::SubstringBefore { text, sign: "r".into() }),
                inner.clone().prop_map(|text| Expression::SubstringAfter { text, sign: "-".into() }),
            ]
        })
    }

    fn number_function() -> impl Strategy<Value = Expression> {
        let inner = || function().prop_map(Box::new);
        prop_oneof![
            inner().prop_map(Expression::Negative),
            inner().prop_map(Expression::ToNumber),
            inner().prop_map(Expression::StringLength),
        ]
    }

    fn operand() -> impl Strategy<Value = Expression> {
        prop_oneof![
            3 => function(),
            3 => number_function(),
            3 => countable().prop_map(Expression::Nodes),
            3 => countable().prop_map(Expression::Count),
            3 => value().prop_map(|text| Expression::Literal(text.into())),
            3 => prop::sample::select(vec![-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, f64::NAN, f64::INFINITY])
                .prop_map(Expression::Number),
            1 => any::<bool>().prop_map(Expression::Boolean),
        ]
    }

    fn expression() -> impl Strategy<Value = Expression> {
        let compared = (operator(), operand(), operand()).prop_map(|(operator, left, right)| Expression::Compare {
            operator,
            left: Box::new(left),
            right: Box::new(right),
        });
        let leaf = prop_oneof![4 => nodes().prop_map(Expression::Nodes), 4 => compared, 1 => operand()];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                inner.clone().prop_map(|inner| Expression::Not(Box::new(inner))),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::All),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::Any),
                inner.prop_map(|inner| Expression::ToBoolean(Box::new(inner))),
            ]
        })
    }

    /// The attributes and children of an element, its text, and whether it has any.
    type Drawn = (SeenStack, &'static str, bool);

    fn seen() -> impl Strategy<Value = Drawn> {
        let attributes = prop::collection::btree_map(0..4u32, value(), 0..3);
        let children = prop::collection::vec((0..4u32, value()), 0..6);
        (attributes, children, value(), any::<bool>()).prop_map(|(attributes, children, text, has_text)| {
            let mut seen = SeenStack::default();
            for (name, value) in attributes {
                seen.add_attribute(NameId(name), value);
            }
            for (name, value) in children {
                seen.add_child(NameId(name));
                seen.set_child_text(value);
            }
            (seen, text, has_text)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// The fast form and the plain version agree.
        #[test]
        fn facts_agree_with_the_walk(
            rules in prop::collection::vec((expression(), any::<bool>()), 1..6),
            seen in prop::collection::vec(seen(), 1..4),
        ) {
            let rules: Vec<Rule> = rules.into_iter().map(|(test, fires_on)| rule(test, fires_on)).collect();
            let facts = build(&rules);
            prop_assert_eq!(facts.decided.len() + facts.late.len(), rules.len());
            for (stack, text, has_text) in &seen {
                let seen = &stack.since(Mark::default(), text, *has_text);
                let set = collect(&facts, seen);
                for (number, terms) in &facts.decided {
                    let fires = terms.iter().any(|(mask, value)| set & mask == *value);
                    prop_assert_eq!(fires, rules[*number].fires(seen), "{:?} on {:?}", rules[*number], seen);
                }
            }
        }
    }

    fn child(name: u32) -> Expression {
        Expression::Nodes(Nodes::Children(NameTest::Name(NameId(name))))
    }

    #[test]
    fn the_usual_rules_need_no_texts() {
        let says = |name, text: &str| Expression::Compare {
            operator: Operator::Equal,
            left: Box::new(child(name)),
            right: Box::new(Expression::Literal(text.into())),
        };
        let order = Nodes::InOrder { first: NameTest::Name(NameId(0)), then: NameTest::Name(NameId(1)) };
        let more_than_one = Expression::Compare {
            operator: Operator::Greater,
            left: Box::new(Expression::Count(Nodes::Children(NameTest::Name(NameId(1))))),
            right: Box::new(Expression::Number(1.0)),
        };
        let rules = [
            rule(Expression::Any(vec![Expression::Not(Box::new(says(0, "ok"))), child(1), child(2)]), false),
            rule(Expression::All(vec![more_than_one, Expression::Not(Box::new(Expression::Nodes(order)))]), true),
        ];
        let facts = build(&rules);
        assert!(facts.late.is_empty(), "{facts:?}");
        assert!(facts.decided.iter().all(|(_, terms)| terms.len() == 1), "{facts:?}");
    }

    /// Questions about one text, and comparisons of two numbers, are decided as they pass by; those about a text of the
    /// element itself, a comparison of texts, or more numbers than are kept are not.
    #[test]
    fn questions_about_one_text_are_facts() {
        let resolve = |_: &str, local: &str| match local.as_bytes() {
            [name] => Ok(NameId(u32::from(*name))),
            _ => Err(String::from("one letter")),
        };
        let late_of = |tests: &[&str]| {
            let parsed = tests.iter().map(|test| crate::rules::expression::parse_test(test, &resolve).expect(test));
            build(&parsed.map(|test| rule(test, true)).collect::<Vec<_>>()).late.len()
        };
        for test in [
            "a < 0",
            "a != 'x'",
            "normalize-space(a) = 'x'",
            "string-length(a) > 2 and not(b)",
            "@a >= 2 or substring-before(@a, '.') = '1' and @a != '1.5'",
            "number(a) < number(b)",
            "translate(a, '+', '') > translate(b, '+', '') and not(b < 0)",
        ] {
            assert_eq!(late_of(&[test]), 0, "{test}");
        }
        for test in [
            "string-length(.) > 2",
            "a < b",
            "normalize-space(a) = normalize-space(b)",
            "a = @b",
            "number(a) != number(b)",
        ] {
            assert_eq!(late_of(&[test]), 1, "{test}");
        }
        assert_eq!(late_of(&["number(a) < number(b)", "number(c) < number(d)", "number(e) < number(f)"]), 1);
    }

    #[test]
    fn facts_that_do_not_fit_are_late() {
        // One bit for `*`, two for each of 31 names: the next name finds one bit left, and needs two.
        let mut rules = vec![rule(Expression::Nodes(Nodes::Children(NameTest::Any)), true)];
        rules.extend((0..40).map(|name| rule(child(name), true)));
        let facts = build(&rules);
        assert!(facts.late.iter().map(|(rule, _)| *rule).eq(32..41));

        // (a or b) and (c or d) and ... doubles its terms with each pair.
        let pairs =
            |count: u32| (0..count).map(|pair| Expression::Any(vec![child(2 * pair), child(2 * pair + 1)])).collect();
        let twice = || rule(Expression::All((0..14).map(child).collect()), true);
        assert!(build(&[rule(Expression::All(pairs(6)), true), twice()]).late.is_empty());
        assert!(build(&[rule(Expression::All(pairs(7)), true), twice()]).late.iter().map(|(rule, _)| *rule).eq([0]));
    }

    /// Whether any of many children exists is one question, if nothing else is asked about them.
    #[test]
    fn alternatives_share_a_bit() {
        let any = Expression::Any((0..100).map(child).collect());
        let facts = build(&[rule(any, true), rule(child(100), true)]);
        assert_eq!(facts.decided, [(0, vec![(1, 1)]), (1, vec![(2, 2)])]);
    }
}
