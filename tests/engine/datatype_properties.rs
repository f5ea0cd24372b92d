//! What holds for every text: the datatypes against independent computations.

use std::cmp::Ordering;
use std::sync::Arc;

use packetcheck::datatype::{Facet, Integer, Shortcut, SimpleType, WhiteSpace};
use proptest::prelude::*;
use serde::Deserialize;

/// Texts that look like numbers often enough.
fn numeral() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[+-]?0{0,3}[0-9]{1,25}",
        2 => "[+-]?[0-9]{0,12}[.]?[0-9]{0,12}",
        1 => "[-+0-9. ]{0,6}",
    ]
}

fn built_in(name: &str) -> Arc<SimpleType> {
    SimpleType::built_in(name).expect("a built-in type")
}

fn restrict(base: &str, facets: &[Facet]) -> Option<Arc<SimpleType>> {
    SimpleType::restrict(&built_in(base), None, facets).ok()
}

const BUILT_INS: [&str; 34] = [
    "anySimpleType",
    "string",
    "normalizedString",
    "token",
    "language",
    "Name",
    "NCName",
    "NMTOKEN",
    "NMTOKENS",
    "ID",
    "IDREF",
    "IDREFS",
    "anyURI",
    "boolean",
    "decimal",
    "integer",
    "nonPositiveInteger",
    "negativeInteger",
    "long",
    "int",
    "short",
    "byte",
    "nonNegativeInteger",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
    "positiveInteger",
    "float",
    "double",
    "hexBinary",
    "base64Binary",
    "string",
    "integer",
];

/// The ranges of the integer tower, as the standard's table has them.
const RANGES: [(&str, i128, i128); 12] = [
    ("nonPositiveInteger", i128::MIN, 0),
    ("negativeInteger", i128::MIN, -1),
    ("long", i64::MIN as i128, i64::MAX as i128),
    ("int", i32::MIN as i128, i32::MAX as i128),
    ("short", i16::MIN as i128, i16::MAX as i128),
    ("byte", i8::MIN as i128, i8::MAX as i128),
    ("nonNegativeInteger", 0, i128::MAX),
    ("unsignedLong", 0, u64::MAX as i128),
    ("unsignedInt", 0, u32::MAX as i128),
    ("unsignedShort", 0, u16::MAX as i128),
    ("unsignedByte", 0, u8::MAX as i128),
    ("positiveInteger", 1, i128::MAX),
];

/// A number near an end of some range as often as not.
fn interesting_number() -> impl Strategy<Value = i128> {
    let near = prop::sample::select(vec![0_i32, 7, 8, 15, 16, 31, 32, 63, 64, 100])
        .prop_flat_map(|bits| (Just(bits), -2_i128..=2, any::<bool>()))
        .prop_map(|(bits, offset, negative)| {
            let power = 1_i128 << bits;
            if negative { offset - power } else { offset + power }
        });
    prop_oneof![near, any::<i64>().prop_map(i128::from), any::<i128>().prop_map(|number| number >> 2)]
}

/// A decimal as its parts; compared here by hand, digit by digit, both padded to the same width.
fn decimal_order(one: &str, other: &str) -> Ordering {
    fn aligned(text: &str) -> (bool, Vec<u8>) {
        let unsigned = text.trim_start_matches(['+', '-']);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        (text.starts_with('-'), format!("{whole:0>40}{fraction:0<40}").into_bytes())
    }
    let ((one_negative, one), (other_negative, other)) = (aligned(one), aligned(other));
    let is_zero = |digits: &[u8]| digits.iter().all(|digit| *digit == b'0');
    match (one_negative && !is_zero(&one), other_negative && !is_zero(&other)) {
        (false, false) => one.cmp(&other),
        (true, true) => other.cmp(&one),
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
    }
}

fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let points = unsigned.matches('.').count();
    let digits = unsigned.bytes().filter(u8::is_ascii_digit).count();
    points <= 1 && digits > 0 && points + digits == unsigned.len()
}

/// Patterns and what they mean, written out by hand.
type Matcher = fn(&str) -> bool;
const PATTERNS: [(&str, Matcher); 12] = [
    ("[a-c]*", |text| text.chars().all(|c| ('a'..='c').contains(&c))),
    ("a{2,3}", |text| text == "aa" || text == "aaa"),
    ("(ab|c)+", |text| !text.is_empty() && text.replace("ab", "c").chars().all(|c| c == 'c')),
    (".*", |text| !text.contains(['\n', '\r'])),
    ("[^a]", |text| text.chars().count() == 1 && text != "a"),
    ("[a-z-[b]]*", |text| text.chars().all(|c| c.is_ascii_lowercase() && c != 'b')),
    (".*b.*", |text| text.contains('b') && !text.contains(['\n', '\r'])),
    ("\\d+(-\\d+)?", |text| {
        let mut parts = text.split('-');
        let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == '٣');
        parts.clone().count() <= 2 && parts.all(is_number)
    }),
    ("\\s*\\S\\s*", |text| text.trim_matches([' ', '\n', '\r', '\t']).chars().count() == 1),
    ("[\\-a]{0,4}|1{3}", |text| {
        text == "111" || text.len() <= 4 && text.bytes().all(|byte| byte == b'-' || byte == b'a')
    }),
    ("(a?){3}", |text| text.len() <= 3 && text.bytes().all(|byte| byte == b'a')),
    ("(a|b)*a(a|b){2}", |text| {
        let bytes = text.as_bytes();
        bytes.iter().all(|byte| matches!(byte, b'a' | b'b')) && bytes.iter().rev().nth(2) == Some(&b'a')
    }),
];

/// A restriction that is legal more often than not.
fn facets() -> impl Strategy<Value = Vec<Facet>> {
    let facet = prop_oneof![
        (0_u64..6).prop_map(Facet::Length),
        (0_u64..6).prop_map(Facet::MinLength),
        (0_u64..6).prop_map(Facet::MaxLength),
        prop::collection::vec("[a-b]{0,2}| ?[0-9]{1,2}|true", 1..4).prop_map(Facet::Enumeration),
        prop::sample::select(vec!["[ab]*", "[0-9]+", ".{0,3}", "true|1"])
            .prop_map(|pattern| Facet::Pattern(vec![pattern.to_owned()])),
        prop::sample::select(vec![WhiteSpace::Preserve, WhiteSpace::Replace, WhiteSpace::Collapse])
            .prop_map(Facet::WhiteSpace),
        "-?[0-9]{1,3}".prop_map(Facet::MinInclusive),
        "-?[0-9]{1,3}".prop_map(Facet::MinExclusive),
        "[0-9]{1,3}([.]5)?|9{1,3}".prop_map(Facet::MaxInclusive),
        "[0-9]{1,3}([.]5)?|9{1,3}".prop_map(Facet::MaxExclusive),
        (1_u64..4).prop_map(Facet::TotalDigits),
        (0_u64..2).prop_map(Facet::FractionDigits),
    ];
    prop::collection::vec(facet, 0..3)
}

proptest! {
    #[test]
    fn integer_ranges_agree_with_machine_arithmetic(number in interesting_number(), zeros in 0_usize..4) {
        let sign = if number < 0 { "-" } else { "" };
        let text = format!("{sign}{}{}", "0".repeat(zeros), number.unsigned_abs());
        for (name, least, most) in RANGES {
            let is_in_range = (least..=most).contains(&number);
            prop_assert_eq!(built_in(name).check(&text).is_ok(), is_in_range, "{} as {}", text, name);
        }
    }

    #[test]
    fn decimals_compare_as_their_padded_digits(one in numeral(), other in numeral()) {
        let decimal = built_in("decimal");
        for text in [&one, &other] {
            prop_assert_eq!(decimal.check(text).is_ok(), is_decimal(text.trim_matches(' ')), "{:?}", text);
        }
        prop_assume!(is_decimal(&one) && is_decimal(&other));
        let order = decimal_order(&one, &other);
        prop_assert_eq!(decimal.same_value(&one, &other), order.is_eq());
        let takes = |facet: Facet| restrict("decimal", &[facet]).map(|simple| simple.check(&one).is_ok());
        prop_assert_eq!(takes(Facet::MinInclusive(other.clone())), Some(order.is_ge()));
        prop_assert_eq!(takes(Facet::MinExclusive(other.clone())), Some(order.is_gt()));
        prop_assert_eq!(takes(Facet::MaxInclusive(other.clone())), Some(order.is_le()));
        prop_assert_eq!(takes(Facet::MaxExclusive(other.clone())), Some(order.is_lt()));
        prop_assert_eq!(takes(Facet::Enumeration(vec![other.clone()])), Some(order.is_eq()));
    }

    #[test]
    fn patterns_mean_what_their_twins_do(text in "([ab]|[abc1٣é\n -]){0,6}") {
        for (pattern, matches) in PATTERNS {
            let simple = restrict("string", &[Facet::Pattern(vec![pattern.to_owned()])]);
            let is_match = simple.map(|simple| simple.check(&text).is_ok());
            prop_assert_eq!(is_match, Some(matches(&text)), "{:?} against {}", text, pattern);
        }
    }

    #[test]
    fn any_text_as_a_pattern_is_read_or_refused(
        pattern in "[a-c\\[\\](){}^$.|?*+\\\\,0-9dpwIsL-]{0,16}|\\PC{0,8}",
        text in "[a-c0-9]{0,6}",
    ) {
        if let Some(simple) = restrict("string", &[Facet::Pattern(vec![pattern])]) {
            let _ = simple.check(&text);
        }
    }

    #[test]
    fn normalizing_twice_changes_nothing(
        name in prop::sample::select(BUILT_INS.to_vec()),
        text in "[ \t\r\na-b1é\u{a0}]{0,12}",
    ) {
        let simple = built_in(name);
        let once = simple.normalize(&text);
        let twice = simple.normalize(&once);
        prop_assert_eq!(&once, &twice);
        prop_assert_eq!(simple.check(&text).is_ok(), simple.check(&once).is_ok());
    }

    #[test]
    fn the_shortcut_never_contradicts(
        name in prop::sample::select(BUILT_INS.to_vec()),
        facets in facets(),
        more in facets(),
        text in "[+-]?[0-9]{0,4}|[ab]{0,4}|a  ?b|true|false|[ab+-]{0,3}",
    ) {
        let Some(simple) = restrict(name, &facets) else { return Ok(()) };
        let simple = SimpleType::restrict(&simple, None, &more).unwrap_or(simple);
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let verdict = match simple.shortcut() {
            Shortcut::Anything | Shortcut::Collapsed => Some(true),
            Shortcut::OneOf(values) => Some(values.iter().any(|value| **value == *text)),
            Shortcut::Integer => Some(is_digits(text.strip_prefix(['+', '-']).unwrap_or(&text))),
            Shortcut::Digits(most) => (is_digits(&text) && text.len() <= usize::from(most)).then_some(true),
            Shortcut::General => None,
        };
        if let Some(verdict) = verdict {
            prop_assert_eq!(simple.check(&text).is_ok(), verdict, "{:?} as {}", text, simple.describe());
        }
    }

    #[test]
    fn a_value_is_the_same_as_itself(name in prop::sample::select(BUILT_INS.to_vec()), text in "\\PC{0,8}|[0-9a-f. ]{0,8}") {
        let simple = built_in(name);
        if simple.check(&text).is_ok() {
            prop_assert!(simple.same_value(&text, &text));
            prop_assert!(simple.same_value(&text, &simple.normalize(&text)));
            let only = SimpleType::restrict(&simple, None, &[Facet::Enumeration(vec![text.clone()])]);
            if let Ok(only) = only {
                prop_assert!(only.check(&text).is_ok());
            }
        }
    }

    #[test]
    fn integers_agree_with_machine_arithmetic(one in interesting_number(), other in interesting_number(), zeros in 0_usize..3) {
        let text = format!("{}{}{}", if one < 0 { "-" } else { "+" }, "0".repeat(zeros), one.unsigned_abs());
        let parsed = Integer::parse(&text).expect("a sign and digits");
        prop_assert_eq!(&parsed, &Integer::from(one));
        prop_assert_eq!(parsed.to_string(), one.to_string());
        prop_assert_eq!(parsed.cmp(&Integer::from(other)), one.cmp(&other));
        prop_assert_eq!(parsed.is_negative(), one < 0);
        prop_assert_eq!(i64::try_from(&parsed).ok(), i64::try_from(one).ok());
        prop_assert_eq!(u64::try_from(&parsed).ok(), u64::try_from(one).ok());
        prop_assert_eq!(u8::try_from(&parsed).ok(), u8::try_from(one).ok());
        prop_assert_eq!(i128::try_from(&parsed).ok(), Some(one));
        prop_assert_eq!(u128::try_from(&parsed).ok(), u128::try_from(one).ok());
    }

    #[test]
    fn integers_of_any_size_survive_json(text in "[+-]?[0-9]{1,60}") {
        let integer = Integer::parse(&text).expect("a sign and digits");
        let json = serde_json::to_string(&integer).expect("JSON");
        let back: Integer<'_> = serde_json::from_str(&json).expect("an integer");
        prop_assert_eq!(&back, &integer);
        let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let owned: Integer<'static> = Integer::deserialize(value).expect("an integer");
        prop_assert_eq!(owned, integer.into_owned());
    }
}

#[test]
fn the_extremes_of_machine_integers_convert() {
    for number in [i128::MIN, i128::MAX] {
        assert_eq!(i128::try_from(&Integer::from(number)), Ok(number));
    }
    assert_eq!(u128::try_from(&Integer::from(u128::MAX)), Ok(u128::MAX));
    assert!(i128::try_from(&Integer::from(u128::MAX)).is_err());
    let below = format!("{}0", i128::MIN);
    assert!(i128::try_from(&Integer::parse(&below).expect("an integer")).is_err());
}

#[test]
fn json_numbers_that_lost_digits_are_refused() {
    assert!(serde_json::from_str::<Integer<'_>>("123456789012345678901234567890").is_err());
    assert!(serde_json::from_str::<Integer<'_>>("1.5").is_err());
    assert!(serde_json::from_str::<Integer<'_>>("\" 1\"").is_err());
    assert_eq!(serde_json::to_string(&Integer::from(u64::MAX)).ok().as_deref(), Some("18446744073709551615"));
}

/// A million digits, items, characters: done in a moment, or not linear.
#[test]
fn long_texts_are_no_trouble() {
    let digits = "9".repeat(1_000_000);
    let zeros = "0".repeat(1_000_000) + "5";
    for (name, text, is_valid) in [
        ("integer", &digits, true),
        ("unsignedInt", &digits, false),
        ("unsignedInt", &zeros, true),
        ("decimal", &digits, true),
        ("double", &digits, true),
        ("hexBinary", &digits, true),
        ("NMTOKENS", &"9 ".repeat(500_000), true),
    ] {
        assert_eq!(built_in(name).check(text).is_ok(), is_valid, "{name}");
    }
    let bounded = restrict("integer", &[Facet::MaxExclusive(digits.clone())]).expect("a legal bound");
    assert!(bounded.check(&digits).is_err());
    let pattern = restrict("string", &[Facet::Pattern(vec!["(9*)*9{3}".to_owned()])]).expect("a legal pattern");
    assert!(pattern.check(&digits).is_ok());
}

/// Nothing in a schema may exhaust the call stack.
#[test]
fn deep_patterns_and_types_are_refused() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + "a" + &close.repeat(100_000);
    for pattern in [deep("(", ")"), deep("[a-", "]"), deep("(a|", ")"), "(".repeat(100_000)] {
        assert!(restrict("string", &[Facet::Pattern(vec![pattern])]).is_none());
    }
    let deepest = "(".repeat(100) + "a" + &")?".repeat(100);
    let deepest = restrict("string", &[Facet::Pattern(vec![deepest])]).expect("groups within the limit");
    assert!(deepest.check("a").is_ok() && deepest.check("").is_ok() && deepest.check("aa").is_err());
    let mut simple = built_in("string");
    let refusal = (0..10_000).find_map(|_| match SimpleType::union(&[Arc::clone(&simple)], None) {
        Ok(union) => {
            simple = union;
            None
        }
        Err(error) => Some(error.to_string()),
    });
    assert_eq!(refusal.as_deref(), Some("expected lists and unions nested at most 32 deep, found more"));
}
