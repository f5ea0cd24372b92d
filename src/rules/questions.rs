//! What rules need to know about a text, beyond whether it equals a certain word: facts that are decided when the text
//! is read.
//!
//! A part of a rule that reads one attribute, or the first child with one name, is a question about one text, however
//! the part is composed. It is answered when that text is read, and the answer is a fact like any other. If a rule
//! compares the numbers of two children, the number of the first child is kept until the other arrives. The slots for
//! numbers are indexed by the depth of their element, and the facts of that element say which of them are its own, so
//! nothing has to be cleared or kept in a frame.

use super::ChildFacts;
use super::evaluate::{number, number_of_one, short_number, truth_of_one};
use super::expression::{Expression, Kind, NameTest, Nodes, Operator};
use crate::compiled::NameId;

/// The numbers of one open element that rules compare.
pub(crate) type Numbers = [f64; 4];

/// A question about one string-value.
#[derive(Debug, Clone)]
pub(super) struct TextTest {
    pub(super) question: Question,
    /// Whether it is about the first child with the name, as for XPath functions of a node set, rather than about any
    /// child.
    pub(super) of_first: bool,
    /// It is only answered if `facts & mask == value`; otherwise the answer makes no difference.
    pub(super) given: (u64, u64),
    /// Set if the answer is yes.
    pub(super) set: u64,
}

/// The question about a string-value: the part of an expression that depends on the value.
#[derive(Debug, Clone)]
pub(super) enum Question {
    Not(Box<Question>),
    All(Box<[Question]>),
    Any(Box<[Question]>),
    /// How the number in a piece of it compares with another.
    Number(Piece, Operator, f64),
    /// Whether a piece of it is this word.
    Word(Piece, Box<str>),
    /// Whether this is true for an element that has no other attribute, or no other child.
    Attribute(Expression),
    Child(Expression),
}

/// A piece of a text. Each cut in turn cuts at an ASCII character, and leaves nothing if the character does not occur.
#[derive(Debug, Clone, Default)]
pub(super) struct Piece(Vec<Cut>);

#[derive(Debug, Clone, Copy)]
enum Cut {
    Before(u8),
    After(u8),
}

/// A number in the first child with one name, compared with one in the first child with another name, when the second
/// of them is read.
#[derive(Debug, Clone)]
pub(super) struct ComparedNumber {
    pub(super) number: Expression,
    /// Whether a run of digits is the number as written.
    pub(super) takes_digits: bool,
    /// The slot where it is kept, and the slot of the other number.
    pub(super) slot: usize,
    pub(super) other_slot: usize,
    /// The fact that the other child was read.
    pub(super) other_seen: u64,
    /// How it compares with the other.
    pub(super) operator: Operator,
    /// Set if the comparison holds.
    pub(super) set: u64,
}

impl ChildFacts {
    /// The facts after the string-value of a child with this name, or of the attribute; `numbers` are those of its
    /// element.
    pub(crate) fn read(&self, text: &str, facts: u64, numbers: &mut Numbers) -> u64 {
        // Each literal occurs once.
        let literal = self.literals.iter().find(|(literal, _)| **literal == *text);
        self.ask(text, facts | literal.map_or(0, |(_, set)| *set), numbers)
    }

    /// As `read`, if it is known which literal the text equals, if any.
    pub(crate) fn ask(&self, text: &str, facts: u64, numbers: &mut Numbers) -> u64 {
        let Some(name) = self.name else { return facts };
        let mut facts = facts;
        let is_first = facts & self.seen << 1 == 0;
        for test in &self.tests {
            let (mask, value) = test.given;
            if (is_first || !test.of_first) && facts & mask == value && test.question.holds(name, text) {
                facts |= test.set;
            }
        }
        if is_first {
            for compared in &self.compared {
                facts |= compared.keep(name, text, facts, numbers);
            }
        }
        facts
    }

    /// Whether its string-value matters, not just its presence.
    pub(crate) fn is_read(&self) -> bool {
        !self.literals.is_empty() || self.asks()
    }

    /// Whether more of its string-value matters than which literal it equals.
    pub(crate) fn asks(&self) -> bool {
        !self.tests.is_empty() || !self.compared.is_empty()
    }

    /// When questions about its string-value are answered: if `facts & mask == value` for one of these.
    #[cfg(feature = "generate")]
    pub(crate) fn asked_given(&self) -> Vec<(u64, u64)> {
        let compared = self.compared.iter().map(|_| (0, 0));
        let mut given: Vec<(u64, u64)> = self.tests.iter().map(|test| test.given).chain(compared).collect();
        given.sort_unstable();
        given.dedup();
        given
    }

    /// All facts that its string-value may set.
    pub(crate) fn set_by_text(&self) -> u64 {
        let literals = self.literals.iter().map(|(_, set)| *set);
        let tests = self.tests.iter().map(|test| test.set);
        let compared = self.compared.iter().map(|compared| compared.set);
        literals.chain(tests).chain(compared).fold(0, |all, set| all | set)
    }
}

impl Question {
    /// The question of an expression about the only text that it reads.
    pub(super) fn of(expression: &Expression, is_attribute: bool) -> Question {
        let all = |list: &[Expression]| list.iter().map(|item| Question::of(item, is_attribute)).collect();
        match expression {
            Expression::Not(inner) => Question::Not(Box::new(Question::of(inner, is_attribute))),
            Expression::All(list) => Question::All(all(list)),
            Expression::Any(list) => Question::Any(all(list)),
            Expression::Compare { operator, left, right } => {
                let compared = Question::compared(*operator, left, right);
                let mirrored = || Question::compared(operator.mirrored(), right, left);
                compared.or_else(mirrored).unwrap_or_else(|| Question::evaluated(expression, is_attribute))
            }
            _ => Question::evaluated(expression, is_attribute),
        }
    }

    /// A piece of the text compared with a constant.
    fn compared(operator: Operator, left: &Expression, right: &Expression) -> Option<Question> {
        let piece = Piece::of(left)?;
        match (right, operator) {
            (Expression::Literal(word), Operator::Equal) => Some(Question::Word(piece, word.clone())),
            (Expression::Literal(word), Operator::Unequal) => {
                Some(Question::Not(Box::new(Question::Word(piece, word.clone()))))
            }
            _ => Some(Question::Number(piece, operator, constant_number(right)?)),
        }
    }

    fn evaluated(expression: &Expression, is_attribute: bool) -> Question {
        let expression = expression.clone();
        if is_attribute { Question::Attribute(expression) } else { Question::Child(expression) }
    }

    fn holds(&self, name: NameId, text: &str) -> bool {
        match self {
            Question::Not(inner) => !inner.holds(name, text),
            Question::All(list) => list.iter().all(|item| item.holds(name, text)),
            Question::Any(list) => list.iter().any(|item| item.holds(name, text)),
            Question::Number(piece, operator, limit) => operator.holds(number(piece.cut(text)), *limit),
            Question::Word(piece, word) => piece.cut(text) == &**word,
            Question::Attribute(expression) => truth_of_one(expression, name, text, true),
            Question::Child(expression) => truth_of_one(expression, name, text, false),
        }
    }
}

impl Piece {
    /// The piece that an expression uses of the text it reads.
    fn of(expression: &Expression) -> Option<Piece> {
        let (text, cut) = match expression {
            Expression::Nodes(Nodes::Attributes(_) | Nodes::Children(_)) => return Some(Piece::default()),
            Expression::SubstringBefore { text, sign } => (text, Cut::Before(one_byte(sign)?)),
            Expression::SubstringAfter { text, sign } => (text, Cut::After(one_byte(sign)?)),
            _ => return None,
        };
        let mut piece = Piece::of(text)?;
        piece.0.push(cut);
        Some(piece)
    }

    fn cut<'t>(&self, text: &'t str) -> &'t str {
        self.0.iter().fold(text, |text, cut| {
            let (Cut::Before(sign) | Cut::After(sign)) = *cut;
            let Some(at) = text.bytes().position(|byte| byte == sign) else { return "" };
            let side = if matches!(cut, Cut::Before(_)) { text.get(..at) } else { text.get(at + 1..) };
            side.unwrap_or_default()
        })
    }
}

fn one_byte(sign: &str) -> Option<u8> {
    match sign.as_bytes() {
        [byte] => Some(*byte),
        _ => None,
    }
}

/// The value of an expression that is the same number for every document.
pub(super) fn constant_number(expression: &Expression) -> Option<f64> {
    match expression {
        Expression::Number(value) => Some(*value),
        Expression::Negative(inner) => constant_number(inner).map(|value| -value),
        Expression::Literal(text) => Some(number(text)),
        _ => None,
    }
}

impl ComparedNumber {
    /// Keeps the number. Returns the fact if the other number is known and the comparison holds.
    fn keep(&self, name: NameId, text: &str, facts: u64, numbers: &mut Numbers) -> u64 {
        let plain = if self.takes_digits { short_number(text) } else { None };
        let number = plain.unwrap_or_else(|| number_of_one(&self.number, name, text));
        if let Some(slot) = numbers.get_mut(self.slot) {
            *slot = number;
        }
        let other = numbers.get(self.other_slot).filter(|_| facts & self.other_seen != 0);
        if other.is_some_and(|other| self.operator.holds(number, *other)) { self.set } else { 0 }
    }
}

/// The one text that an expression reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    Nothing,
    Attribute(NameId),
    /// The first child with a name.
    First(NameId),
}

impl Reads {
    /// What an expression reads; `None` for more than one text, or anything other than texts.
    pub(super) fn of(expression: &Expression) -> Option<Reads> {
        Reads::of_part(expression, false)
    }

    /// `as_text`: a function takes the string-value of the expression.
    fn of_part(expression: &Expression, as_text: bool) -> Option<Reads> {
        match expression {
            Expression::Nodes(Nodes::Attributes(NameTest::Name(name)))
            | Expression::Count(Nodes::Attributes(NameTest::Name(name))) => Some(Reads::Attribute(*name)),
            Expression::Nodes(Nodes::Children(NameTest::Name(name))) if as_text => Some(Reads::First(*name)),
            Expression::Nodes(_) | Expression::Count(_) => None,
            Expression::Number(_) | Expression::Literal(_) | Expression::Boolean(_) => Some(Reads::Nothing),
            Expression::Not(inner) | Expression::ToBoolean(inner) => Reads::of_part(inner, false),
            Expression::All(list) | Expression::Any(list) => {
                list.iter().try_fold(Reads::Nothing, |reads, item| reads.and(Reads::of_part(item, false)?))
            }
            Expression::Compare { left, right, .. } => Reads::of_part(left, false)?.and(Reads::of_part(right, false)?),
            Expression::Negative(inner)
            | Expression::ToNumber(inner)
            | Expression::StringLength(inner)
            | Expression::NormalizeSpace(inner)
            | Expression::Translate { text: inner, .. }
            | Expression::SubstringBefore { text: inner, .. }
            | Expression::SubstringAfter { text: inner, .. } => Reads::of_part(inner, true),
        }
    }

    fn and(self, other: Reads) -> Option<Reads> {
        match (self, other) {
            (Reads::Nothing, one) | (one, Reads::Nothing) => Some(one),
            (one, same) if one == same => Some(one),
            _ => None,
        }
    }
}

/// Whether facts about presence, number and literals decide an expression, so that it needs no question.
pub(super) fn needs_no_question(expression: &Expression) -> bool {
    match expression {
        Expression::Nodes(_)
        | Expression::Count(_)
        | Expression::Boolean(_)
        | Expression::Number(_)
        | Expression::Literal(_) => true,
        Expression::Not(inner) | Expression::ToBoolean(inner) => needs_no_question(inner),
        Expression::All(list) | Expression::Any(list) => list.iter().all(needs_no_question),
        Expression::Compare { operator, left, right } => match (&**left, &**right) {
            (Expression::Nodes(_), Expression::Literal(_)) | (Expression::Literal(_), Expression::Nodes(_)) => {
                *operator == Operator::Equal
            }
            (Expression::Count(_), other) | (other, Expression::Count(_)) => {
                matches!(other, Expression::Number(_) | Expression::Negative(_) | Expression::Literal(_))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether an expression reads a run of digits as that number, even if it translates other characters.
pub(super) fn takes_digits(expression: &Expression) -> bool {
    match expression {
        Expression::Nodes(_) => true,
        Expression::ToNumber(inner) => takes_digits(inner),
        Expression::Translate { text, from, .. } => {
            !from.bytes().any(|byte| byte.is_ascii_digit()) && takes_digits(text)
        }
        _ => false,
    }
}

/// The name of the children in a comparison with a constant: one that satisfies it is enough (section 3.4).
pub(super) fn compares_children(left: &Expression, right: &Expression) -> Option<NameId> {
    let (name, other) = match (left, right) {
        (Expression::Nodes(Nodes::Children(NameTest::Name(name))), other)
        | (other, Expression::Nodes(Nodes::Children(NameTest::Name(name)))) => (name, other),
        _ => return None,
    };
    (other.kind() != Kind::Boolean && Reads::of(other) == Some(Reads::Nothing)).then_some(*name)
}
