//! Decides whether a text is a value, without saying why not.
//!
//! The rules are those of `SimpleType::check_completely`, which builds a value and checks every facet against it. Here
//! each kind of type has its own straight loop over bytes that makes no value, no copy and no fault. Rare cases are
//! left to the rules: a text whose white space has to be rewritten, a number with more digits than a machine word
//! holds, a range of dates. Property tests check that both give the same verdict.

use super::context::Context;
use super::decimal::Shape;
use super::facet::{Bound, Facets};
use super::primitive::{Primitive, Value};
use super::simple_type::{SimpleType, Variety};
use super::union::Union;
use super::{Alone, WhiteSpace};
use crate::text::white_space::{has_white_space, is_single, items, trim};

impl SimpleType {
    /// Whether a text is a value of this type, if that can be decided immediately. If `None`,
    /// [`check_in`](SimpleType::check_in) has to decide.
    ///
    /// For a text whose references are resolved and line endings normalised. Never differs from `check`, allocates
    /// nothing, and takes time linear in the text. A type that [needs its context](SimpleType::needs_context) is not
    /// decided here.
    #[inline]
    pub fn is_plain_value(&self, text: &str) -> Option<bool> {
        if self.needs_context() { None } else { self.decide(text, &Alone) }
    }

    /// Whether a text is a value of this type.
    pub(crate) fn is_value_in(&self, text: &str, context: &dyn Context) -> bool {
        self.decide(text, context).unwrap_or_else(|| self.check_completely(text, context).is_ok())
    }

    /// As `is_value_in`, if it can be decided immediately.
    pub(super) fn decide(&self, text: &str, context: &dyn Context) -> Option<bool> {
        match &self.variety {
            Variety::Atomic(primitive) if self.is_plain => self.decide_lexically(*primitive, text, context),
            Variety::Atomic(primitive) => self.decide_atomic(*primitive, text, context),
            Variety::List(item) => self.decide_list(item, text, context),
            Variety::Union(union) => self.decide_union(union, text, context),
        }
    }

    /// A type without facets: no lexical space depends on the amount of white space in a text, only on whether there is
    /// any.
    fn decide_lexically(&self, primitive: Primitive, text: &str, context: &dyn Context) -> Option<bool> {
        if primitive.takes_any_text() {
            return Some(true);
        }
        let text = if self.white_space == WhiteSpace::Collapse { trim(text) } else { text };
        Some(primitive.takes(text, context))
    }

    fn decide_atomic(&self, primitive: Primitive, text: &str, context: &dyn Context) -> Option<bool> {
        let facets = &self.facets;
        if let Primitive::Binary(encoding) = primitive
            && facets.patterns.is_empty()
            && facets.enumeration.is_none()
        {
            return Some(encoding.octets(trim(text)).is_some_and(|octets| facets.admits_length(octets)));
        }
        let text = self.plain(primitive, text)?;
        let by_value = match primitive {
            Primitive::Decimal | Primitive::Integer => self.decide_number(primitive, text)?,
            _ if facets.lower.is_some() || facets.upper.is_some() => return None,
            _ => match &facets.enumeration {
                // Enumerated values are in the lexical space.
                Some(enumeration) if primitive.is_text() => enumeration.contains(text),
                Some(_) => return None,
                None => primitive.takes(text, context),
            },
        };
        if !by_value || !self.matches_patterns(text, context) {
            return Some(false);
        }
        match primitive {
            _ if !facets.has_length() => Some(true),
            Primitive::Binary(_) => None,
            _ => Some(!primitive.has_characters() || facets.admits_characters(text)),
        }
    }

    #[inline]
    fn matches_patterns(&self, text: &str, context: &dyn Context) -> bool {
        let patterns = &self.facets.patterns;
        patterns.is_empty()
            || match context.is_of_schema() {
                false => patterns.matches(text),
                true => patterns.first_broken(text).is_none(),
            }
    }

    /// The text with its white space normalised, if that needs no copy.
    fn plain<'t>(&self, primitive: Primitive, text: &'t str) -> Option<&'t str> {
        match self.white_space {
            WhiteSpace::Preserve => Some(text),
            WhiteSpace::Replace => (!text.bytes().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r'))).then_some(text),
            WhiteSpace::Collapse => {
                let trimmed = trim(text);
                (!primitive.takes_blanks() || is_single(trimmed)).then_some(trimmed)
            }
        }
    }

    /// Checks the lexical space, digits and range of a number; patterns are left to the caller.
    fn decide_number(&self, primitive: Primitive, text: &str) -> Option<bool> {
        let Some(shape) = Shape::of(text) else { return Some(false) };
        if shape.has_point && primitive == Primitive::Integer {
            return Some(false);
        }
        let facets = &self.facets;
        // Insignificant zeros are counted here, so too many digits decide nothing.
        let has_few = |digits: u64, limit: Option<u64>| limit.is_none_or(|limit| digits <= limit);
        if facets.enumeration.is_some()
            || !has_few(shape.whole + shape.fraction, facets.total_digits)
            || !has_few(shape.fraction, facets.fraction_digits)
        {
            return None;
        }
        self.range.map_or(Some(true), |range| range.decide(&shape))
    }

    fn decide_list(&self, item: &SimpleType, text: &str, context: &dyn Context) -> Option<bool> {
        let facets = &self.facets;
        if facets.enumeration.is_some() {
            return None;
        }
        if !facets.patterns.is_empty() {
            let trimmed = trim(text);
            if !is_single(trimmed) {
                return None;
            }
            if !self.matches_patterns(trimmed, context) {
                return Some(false);
            }
        }
        let mut length = 0;
        for part in items(text) {
            if !item.is_value_in(part, context) {
                return Some(false);
            }
            length += 1;
        }
        Some(facets.admits_length(length))
    }

    fn decide_union(&self, union: &Union, text: &str, context: &dyn Context) -> Option<bool> {
        let facets = &self.facets;
        // A pattern applies to the text after the member's white space normalisation.
        if facets.enumeration.is_some() || !facets.patterns.is_empty() && has_white_space(text) {
            return None;
        }
        Some(self.matches_patterns(text, context) && union.takes(text, context))
    }
}

/// The whole numbers of up to 18 digits in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WholeRange {
    first: i64,
    last: i64,
}

impl WholeRange {
    /// The whole numbers between the bounds of a numeric type; `None` if it has none.
    pub(super) fn of(facets: &Facets) -> Option<WholeRange> {
        let whole = |bound: &Option<Bound>, is_lower| match bound {
            Some(Bound { value: Value::Decimal(limit), inclusive, .. }) => {
                Some(limit.nearest_whole(*inclusive, is_lower))
            }
            _ => None,
        };
        let (first, last) = (whole(&facets.lower, true), whole(&facets.upper, false));
        let is_bounded = first.is_some() || last.is_some();
        is_bounded.then_some(WholeRange { first: first.unwrap_or(i64::MIN), last: last.unwrap_or(i64::MAX) })
    }

    /// The least and the greatest number.
    pub(super) fn bounds(&self) -> (i64, i64) {
        (self.first, self.last)
    }

    /// Whether a number is in the range. So is everything between two whole numbers that are.
    fn decide(self, shape: &Shape) -> Option<bool> {
        let number = shape.number?;
        let admits = |number: i64| self.first <= number && number <= self.last;
        if shape.fraction == 0 {
            return Some(admits(number));
        }
        let beyond = if shape.negative { number - 1 } else { number + 1 };
        (admits(number) && admits(beyond)).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::Facet;
    use super::*;

    const BUILT_INS: [&str; 27] = [
        "string",
        "normalizedString",
        "token",
        "language",
        "Name",
        "NCName",
        "NMTOKEN",
        "NMTOKENS",
        "ID",
        "IDREFS",
        "QName",
        "anyURI",
        "boolean",
        "decimal",
        "integer",
        "long",
        "unsignedLong",
        "negativeInteger",
        "byte",
        "float",
        "dateTime",
        "date",
        "time",
        "duration",
        "hexBinary",
        "base64Binary",
        "gYearMonth",
    ];

    /// Texts of every kind, often nearly valid.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ \t\n]{0,2}[a-c:_.é-]{0,6}[ \n]{0,2}[a-c0-9]{0,3}[ ]?",
            "[ ]?[+-]?[0-9]{0,3}([.][0-9]{0,3})?([eE][+-]?[0-9]{0,2})?[ \n]?",
            "[+-]?0{0,3}[0-9]{16,22}([.][0-9]{0,2})?",
            "-?[0-9]{4,5}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]([.][0-9]{0,3})?)?(Z|[+-]1[0-9]:[0-5]0)?",
            "[0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|[+-]0[0-9]:00)?",
            "P([0-9]Y)?([0-9]M)?(T[0-9]{0,2}S)?",
            "([A-Za-z0-9+/]{4}[ \n]?){0,20}[A-Za-z0-9+/]{0,4}[= ]{0,3}",
            "[0-9a-fA-F]{0,80}g?",
            "[a-z]{0,4}:?[/]{0,2}[a-z%\\[\\]#?0-9 ]{0,8}",
            "true|false|1|0|INF|-INF|NaN|en-GB|x-klingon",
            "\\PC{0,12}",
        ]
    }

    fn facet() -> impl Strategy<Value = Facet> {
        prop_oneof![
            (0_u64..6).prop_map(Facet::Length),
            (0_u64..6).prop_map(Facet::MinLength),
            (0_u64..9).prop_map(Facet::MaxLength),
            prop::collection::vec("[a-b]{0,2}| ?[0-9]{1,2}|a b", 1..4).prop_map(Facet::Enumeration),
            prop::sample::select(vec!["[a-c]*", "[0-9]+", ".{0,3}", "a.*", "(a|b)*b.{1,2}", "\\i\\c*", "[^é]*"])
                .prop_map(|pattern| Facet::Pattern(vec![pattern.to_owned()])),
            prop::sample::select(vec![WhiteSpace::Preserve, WhiteSpace::Replace, WhiteSpace::Collapse])
                .prop_map(Facet::WhiteSpace),
            "-?[0-9]{1,3}([.]5)?|-?1[0-9]{17,20}".prop_map(Facet::MinInclusive),
            "-?[0-9]{1,3}([.]5)?|-?1[0-9]{17,20}".prop_map(Facet::MinExclusive),
            "-?[0-9]{1,3}([.]5)?|-?1[0-9]{17,20}".prop_map(Facet::MaxInclusive),
            "-?[0-9]{1,3}([.]5)?|-?1[0-9]{17,20}".prop_map(Facet::MaxExclusive),
            (1_u64..4).prop_map(Facet::TotalDigits),
            (0_u64..3).prop_map(Facet::FractionDigits),
        ]
    }

    fn restricted(base: Arc<SimpleType>, facets: &[Facet]) -> Arc<SimpleType> {
        facets
            .iter()
            .fold(base, |base, facet| SimpleType::restrict(&base, None, std::slice::from_ref(facet)).unwrap_or(base))
    }

    fn simple_type() -> impl Strategy<Value = Arc<SimpleType>> {
        let atomic = || {
            (prop::sample::select(BUILT_INS.to_vec()), prop::collection::vec(facet(), 0..4))
                .prop_map(|(name, facets)| restricted(SimpleType::built_in(name).expect("a built-in type"), &facets))
        };
        let union = (prop::collection::vec(atomic(), 1..4), prop::collection::vec(facet(), 0..2))
            .prop_map(|(members, facets)| restricted(SimpleType::union(&members, None).expect("a union"), &facets));
        let list = (atomic(), prop::collection::vec(facet(), 0..2))
            .prop_map(|(item, facets)| SimpleType::list(&item, None).map_or(item, |list| restricted(list, &facets)));
        prop_oneof![4 => atomic(), 1 => union, 1 => list]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        #[test]
        fn quick_decisions_agree_with_the_rules(simple in simple_type(), texts in prop::collection::vec(text(), 1..8)) {
            for text in texts {
                let by_rules = simple.check_completely(&text, &Alone).is_ok();
                if let Some(decided) = simple.decide(&text, &Alone) {
                    prop_assert_eq!(decided, by_rules, "{:?} as {}", text, simple.describe());
                }
                prop_assert_eq!(simple.check(&text).is_ok(), by_rules, "{:?} as {}", text, simple.describe());
            }
        }

        #[test]
        fn values_are_the_same_where_their_canonical_spellings_are(
            simple in simple_type(),
            one in text(),
            other in text(),
            blank in "[ \t\n]{0,2}",
        ) {
            let canonical = |text: &str| simple.canonical_in(text, &Alone).map(|canonical| canonical.into_owned());
            for other in [&other, &one, &format!("{blank}{one}{blank}"), &one.replace(' ', "\n")] {
                let is_same = canonical(&one).is_some() && canonical(&one) == canonical(other);
                prop_assert_eq!(simple.same_value(&one, other), is_same, "{:?} and {:?} as {}", one, other, simple.describe());
            }
        }
    }
}
