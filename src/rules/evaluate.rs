//! Evaluates an expression for one element, following XPath 1.0, sections 3.4 and 4.

use std::borrow::Cow;
use std::collections::HashSet;

use super::expression::{Expression, Kind, NameTest, Nodes, Operator};
use super::{Node, Seen};
use crate::compiled::NameId;
use crate::text::white_space::{items, trim};

/// The truth of an expression (`boolean()`, section 4.3). Recurses as deep as the expression, whose depth is bounded.
pub(super) fn truth(expression: &Expression, seen: &Seen<'_>) -> bool {
    match expression {
        Expression::Nodes(nodes) => exists(nodes, seen),
        Expression::Boolean(value) => *value,
        Expression::Not(inner) => !truth(inner, seen),
        Expression::ToBoolean(inner) => truth(inner, seen),
        Expression::All(list) => list.iter().all(|item| truth(item, seen)),
        Expression::Any(list) => list.iter().any(|item| truth(item, seen)),
        Expression::Compare { operator, left, right } => compare(*operator, left, right, seen),
        _ if expression.kind() == Kind::Number => {
            let number = number_of(expression, seen);
            number != 0.0 && !number.is_nan()
        }
        _ => !text_of(expression, seen).is_empty(),
    }
}

/// The truth of an expression for an element with a single attribute, or else a single child.
pub(super) fn truth_of_one(expression: &Expression, name: NameId, text: &str, is_attribute: bool) -> bool {
    with_one(name, text, is_attribute, |seen| truth(expression, seen))
}

/// The number value of an expression for an element with a single child.
pub(super) fn number_of_one(expression: &Expression, name: NameId, text: &str) -> f64 {
    with_one(name, text, false, |seen| number_of(expression, seen))
}

/// The truth of an expression for an element with neither attributes nor children.
pub(super) fn truth_of_none(expression: &Expression) -> bool {
    truth(expression, &Seen { attributes: &[], children: &[], texts: "", text: "", has_text: false })
}

pub(super) fn number_of_none(expression: &Expression) -> f64 {
    number_of(expression, &Seen { attributes: &[], children: &[], texts: "", text: "", has_text: false })
}

fn with_one<T>(name: NameId, text: &str, is_attribute: bool, read: impl FnOnce(&Seen<'_>) -> T) -> T {
    let node = [Node { name, start: 0, end: text.len() as u32 }];
    let (attributes, children) = if is_attribute { (&node[..], &[][..]) } else { (&[][..], &node[..]) };
    read(&Seen { attributes, children, texts: text, text: "", has_text: false })
}

/// `number()` (section 4.4).
fn number_of(expression: &Expression, seen: &Seen<'_>) -> f64 {
    match expression {
        Expression::Number(value) => *value,
        Expression::Negative(inner) => -number_of(inner, seen),
        Expression::ToNumber(inner) => number_of(inner, seen),
        Expression::Count(nodes) => count(nodes, seen) as f64,
        Expression::StringLength(inner) => text_of(inner, seen).chars().count() as f64,
        _ if expression.kind() == Kind::Boolean => f64::from(u8::from(truth(expression, seen))),
        _ => plain_number(expression, seen).unwrap_or_else(|| number(&text_of(expression, seen))),
    }
}

/// The number in a child's text that is a short run of digits, which most numbers are: nothing is copied. `translate()`
/// of other characters does not change such a text.
fn plain_number(expression: &Expression, seen: &Seen<'_>) -> Option<f64> {
    match expression {
        Expression::Nodes(Nodes::Children(test)) => {
            let child = seen.children.iter().find(|child| test.takes(child.name))?;
            short_number(seen.text_of(child))
        }
        Expression::Translate { text, from, .. } if !from.bytes().any(|byte| byte.is_ascii_digit()) => {
            plain_number(text, seen)
        }
        _ => None,
    }
}

/// `string()` (section 4.2) of a node set or a text; the parser allows nothing else here.
fn text_of<'a>(expression: &'a Expression, seen: &'a Seen<'_>) -> Cow<'a, str> {
    match expression {
        Expression::Literal(text) => Cow::Borrowed(text),
        Expression::Nodes(nodes) => Cow::Borrowed(values(nodes, seen).next().unwrap_or_default()),
        Expression::NormalizeSpace(inner) => Cow::Owned(normalize_space(&text_of(inner, seen))),
        Expression::Translate { text, from, to } => match text_of(text, seen) {
            text if holds_any(&text, from) => Cow::Owned(translate(&text, from, to)),
            unchanged => unchanged,
        },
        Expression::SubstringBefore { text, sign } => around(text_of(text, seen), sign, |(before, _)| before),
        Expression::SubstringAfter { text, sign } => around(text_of(text, seen), sign, |(_, after)| after),
        _ => Cow::Borrowed(""),
    }
}

/// A comparison (section 3.4). Node sets are compared by their members: one that satisfies it is enough.
fn compare(operator: Operator, left: &Expression, right: &Expression, seen: &Seen<'_>) -> bool {
    match (left, right) {
        _ if left.kind() == Kind::Boolean || right.kind() == Kind::Boolean => match operator {
            Operator::Equal => truth(left, seen) == truth(right, seen),
            Operator::Unequal => truth(left, seen) != truth(right, seen),
            _ => operator.holds(truth_number(left, seen), truth_number(right, seen)),
        },
        (Expression::Nodes(left), Expression::Nodes(right)) => compare_sets(operator, left, right, seen),
        (Expression::Nodes(nodes), other) => compare_with_set(operator, nodes, other, seen),
        (other, Expression::Nodes(nodes)) => compare_with_set(operator.mirrored(), nodes, other, seen),
        _ => match operator {
            Operator::Equal | Operator::Unequal if left.kind() == Kind::Text && right.kind() == Kind::Text => {
                (text_of(left, seen) == text_of(right, seen)) == (operator == Operator::Equal)
            }
            _ => operator.holds(number_of(left, seen), number_of(right, seen)),
        },
    }
}

/// When compared with a boolean, a node set counts as its own truth; anything else becomes a number.
fn truth_number(expression: &Expression, seen: &Seen<'_>) -> f64 {
    match expression.kind() {
        Kind::Nodes => f64::from(u8::from(truth(expression, seen))),
        _ => number_of(expression, seen),
    }
}

fn compare_with_set(operator: Operator, nodes: &Nodes, other: &Expression, seen: &Seen<'_>) -> bool {
    match operator {
        Operator::Equal | Operator::Unequal if other.kind() == Kind::Text => {
            let text = text_of(other, seen);
            values(nodes, seen).any(|value| (value == text) == (operator == Operator::Equal))
        }
        _ => {
            let limit = number_of(other, seen);
            let holds = |value: &str| operator.holds(number(value), limit);
            match nodes {
                Nodes::Children(test) => {
                    let mut children = seen.children.iter().filter(|child| test.takes(child.name));
                    children.any(|child| holds(seen.text_of(child)))
                }
                _ => values(nodes, seen).any(holds),
            }
        }
    }
}

/// Whether any members of the two sets satisfy the comparison: in linear time, without trying all pairs.
fn compare_sets(operator: Operator, left: &Nodes, right: &Nodes, seen: &Seen<'_>) -> bool {
    let numbers = |nodes| values(nodes, seen).map(number).filter(|number| !number.is_nan());
    match operator {
        Operator::Equal => {
            let members: HashSet<&str> = values(left, seen).collect();
            values(right, seen).any(|value| members.contains(value))
        }
        // Either all members of both are equal, or two differ; then one of these two differs from the first of the
        // other side.
        Operator::Unequal => match (values(left, seen).next(), values(right, seen).next()) {
            (Some(first_left), Some(first_right)) => {
                values(right, seen).any(|value| value != first_left)
                    || values(left, seen).any(|value| value != first_right)
            }
            _ => false,
        },
        // Comparing the smallest with the greatest decides.
        Operator::Less | Operator::LessOrEqual => {
            match (numbers(left).reduce(f64::min), numbers(right).reduce(f64::max)) {
                (Some(left), Some(right)) => operator.holds(left, right),
                _ => false,
            }
        }
        Operator::Greater | Operator::GreaterOrEqual => compare_sets(operator.mirrored(), right, left, seen),
    }
}

fn exists(nodes: &Nodes, seen: &Seen<'_>) -> bool {
    match *nodes {
        Nodes::Itself => true,
        Nodes::Text => seen.has_text,
        Nodes::Children(test) => seen.children.iter().any(|child| test.takes(child.name)),
        Nodes::Attributes(test) => seen.attributes.iter().any(|attribute| test.takes(attribute.name)),
        Nodes::InOrder { first, then } => {
            let mut after_first = seen.children.iter().skip_while(|child| !first.takes(child.name)).skip(1);
            after_first.any(|child| then.takes(child.name))
        }
    }
}

fn count(nodes: &Nodes, seen: &Seen<'_>) -> usize {
    values(nodes, seen).count()
}

/// The string-values of a node set, in document order.
fn values<'a>(nodes: &Nodes, seen: &Seen<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let seen = *seen;
    let (list, test, itself) = match *nodes {
        Nodes::Children(test) => (seen.children, test, None),
        Nodes::Attributes(test) => (seen.attributes, test, None),
        Nodes::Itself => (Default::default(), NameTest::Any, Some(seen.text)),
        // The parser prevents reading these values.
        Nodes::Text | Nodes::InOrder { .. } => (Default::default(), NameTest::Any, None),
    };
    let listed = list.iter().filter(move |node| test.takes(node.name)).map(move |node| seen.text_of(node));
    itself.into_iter().chain(listed)
}

impl NameTest {
    pub(super) fn takes(self, name: NameId) -> bool {
        match self {
            NameTest::Any => true,
            NameTest::Name(own) => own == name,
        }
    }
}

/// A text as a number (section 4.4): white space, a minus, digits with a point, white space; anything else is NaN. No
/// plus sign, no exponent.
pub(super) fn number(text: &str) -> f64 {
    short_number(text).unwrap_or_else(|| long_number(trim(text)))
}

/// A short run of digits, which is exact as an integer: nearly every number is one.
#[inline]
pub(super) fn short_number(text: &str) -> Option<f64> {
    let (1..=15) = text.len() else { return None };
    let mut number = 0_u64;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + u64::from(digit);
    }
    Some(number as f64)
}

#[inline(never)]
fn long_number(text: &str) -> f64 {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut points = 0;
    let plain = digits.bytes().all(|byte| {
        points += u32::from(byte == b'.');
        points <= 1 && (byte == b'.' || byte.is_ascii_digit())
    });
    // What `parse` accepts of such a text is `Digits ('.' Digits?)? | '.' Digits`; "." and "" are errors.
    if plain { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// `normalize-space()` (section 4.2).
fn normalize_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in items(text) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// `substring-before()` and `substring-after()` (section 4.2): one side of the first `sign`; empty without one.
fn around<'a>(
    text: Cow<'a, str>,
    sign: &str,
    side: impl for<'t> FnOnce((&'t str, &'t str)) -> &'t str,
) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(split_at_sign(text, sign).map_or("", side)),
        Cow::Owned(text) => Cow::Owned(split_at_sign(&text, sign).map_or("", side).to_owned()),
    }
}

/// The texts before and after the first `sign`, which is usually one character.
fn split_at_sign<'t>(text: &'t str, sign: &str) -> Option<(&'t str, &'t str)> {
    match sign.as_bytes() {
        [byte] => {
            let at = text.bytes().position(|candidate| candidate == *byte)?;
            Some((text.get(..at)?, text.get(at + 1..)?))
        }
        _ => text.split_once(sign),
    }
}

/// Whether a text contains any of some characters.
fn holds_any(text: &str, characters: &str) -> bool {
    match characters.as_bytes() {
        [byte] if byte.is_ascii() => text.as_bytes().contains(byte),
        _ => text.contains(|c| characters.contains(c)),
    }
}

/// `translate()` (section 4.2): the first place of a character in `from` counts; one without a partner is dropped.
fn translate(text: &str, from: &str, to: &str) -> String {
    let replace = |c: char| match from.chars().position(|candidate| candidate == c) {
        Some(index) => to.chars().nth(index),
        None => Some(c),
    };
    text.chars().filter_map(replace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::expression::parse_test;
    use crate::rules::{Mark, SeenStack};

    fn resolve(_: &str, local: &str) -> Result<NameId, String> {
        Ok(NameId(local.bytes().next().map_or(0, u32::from)))
    }

    fn element(children: &[(&str, &str)], attributes: &[(&str, &str)]) -> SeenStack {
        let mut seen = SeenStack::default();
        let id = |name: &str| NameId(u32::from(name.as_bytes()[0]));
        for (name, value) in attributes {
            seen.add_attribute(id(name), value);
        }
        for (name, value) in children {
            seen.add_child(id(name));
            seen.set_child_text(value);
        }
        seen
    }

    #[test]
    fn says_what_the_recommendation_says() {
        let stack = element(&[("a", "1"), ("b", " -2.5 "), ("a", "ok"), ("c", "+5")], &[("x", "")]);
        let seen = stack.since(Mark::default(), "12 ", true);
        for (test, expected) in [
            ("a", true),
            ("z", false),
            ("@x", true),
            ("@*", true),
            ("@a", false),
            ("*", true),
            ("text()", true),
            (".", true),
            (". = 12", true),
            (". = '12'", false),
            ("number() = 12", true),
            ("string-length() = 3", true),
            ("normalize-space() = '12'", true),
            ("count(a) = 2", true),
            ("count(*) = 4", true),
            ("count(@*) = 1", true),
            ("count(.) = 1", true),
            ("count(z)", false),
            ("a = 'ok'", true),
            ("a != 'ok'", true),
            ("not(a = 'ok')", false),
            ("a = 1", true),
            ("b = -2.5", true),
            ("b < -2", true),
            ("-2 > b", true),
            ("c = 5", false),
            ("c != 5", true),
            ("translate(c, '+', '') = 5", true),
            ("substring-before('10.2.3', '.') = '10'", true),
            ("substring-after('10.2.3', '.') = '2.3'", true),
            ("substring-before('10', '.') = '' and substring-after('10', '.') = ''", true),
            ("substring-after(translate(c, '5', '7'), '+') = 7", true),
            ("z = z", false),
            ("z != 'x'", false),
            ("z < 5", false),
            ("a = a", true),
            ("a != a", true),
            ("b != b", false),
            ("a > b", true),
            ("b > a", false),
            ("a <= a", true),
            ("c < c", false),
            ("a/following-sibling::b", true),
            ("a/following-sibling::a", true),
            ("c/following-sibling::a", false),
            ("b/preceding-sibling::b", false),
            ("*/following-sibling::c", true),
            ("a = true()", true),
            ("z = true()", false),
            ("z = false()", true),
            ("a < true()", false),
            ("z < true()", true),
            ("'x'", true),
            ("''", false),
            ("0", false),
            ("-0", false),
            ("0.1", true),
            ("number('x')", false),
            ("'a' = 'a'", true),
            ("'a' < 'b'", false),
            ("'1.0' = 1", true),
            ("'1.0' = '1'", false),
            ("@x = ''", true),
            ("@x = 0", false),
            ("1 < 2 < 3", true),
            ("3 > 2 > 1", false),
            ("true() = 5", true),
            ("true() < 5", true),
            ("boolean('false') and not(false())", true),
            ("-a = -1", true),
        ] {
            let expression = parse_test(test, &resolve).expect(test);
            assert_eq!(truth(&expression, &seen), expected, "{test}");
        }
    }

    #[test]
    fn numbers_as_xpath_reads_them() {
        for (text, value) in
            [("5", 5.0), (" 5\n", 5.0), ("-5", -5.0), ("5.", 5.0), (".5", 0.5), ("-.5", -0.5), ("00", 0.0)]
        {
            assert_eq!(number(text), value, "{text}");
        }
        for text in
            ["", " ", "+5", "- 5", "--5", "1e3", ".", "-", "-.", "1.2.3", "inf", "NaN", "0x1", "٣", "5 5", "\u{A0}5"]
        {
            assert!(number(text).is_nan(), "{text}");
        }
        assert_eq!(number(&"9".repeat(400)), f64::INFINITY);
    }
}
