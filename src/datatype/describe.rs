//! Describes in words what a type expects.

use super::SimpleType;
use super::binary::Encoding;
use super::facet::{Bound, Facets};
use super::primitive::Primitive;
use super::simple_type::Variety;

/// The most alternatives for a text that are listed; the rest are only counted.
const OPTIONS_SHOWN: usize = 8;

/// What a union's fault calls a member: its name, or its description if it has none.
pub(super) fn label(simple: &SimpleType) -> String {
    simple.name().map_or_else(|| describe(simple), str::to_owned)
}

/// See `SimpleType::describe`.
pub(super) fn describe(simple: &SimpleType) -> String {
    alternatives(options(simple))
}

/// Each alternative for a text: the listed values, or those of every member, or a single one.
fn options(simple: &SimpleType) -> Vec<String> {
    if let Some(values) = simple.enumeration() {
        return values.iter().map(|value| format!("`{value}`")).collect();
    }
    let patterns = patterns(&simple.facets);
    let what = match &simple.variety {
        Variety::Atomic(primitive) => atomic(*primitive, &simple.facets),
        Variety::List(item) => format!("{}, each {}", items(&simple.facets), describe(item)),
        Variety::Union(union) => {
            let members = union.members.iter().flat_map(|member| options(member)).collect();
            if patterns.is_empty() {
                return members;
            }
            alternatives(members)
        }
    };
    vec![what + &patterns]
}

fn atomic(primitive: Primitive, facets: &Facets) -> String {
    match primitive {
        Primitive::AnySimpleType | Primitive::String => "text".to_owned() + &length(facets, "character", "characters"),
        Primitive::Language => named("a language tag", facets),
        Primitive::Name => named("a name", facets),
        Primitive::NcName => named("a name without a colon", facets),
        Primitive::NmToken => named("a name token", facets),
        Primitive::Id => named("an ID (a name without a colon)", facets),
        Primitive::IdRef => named("an ID of this document", facets),
        Primitive::Entity => named("the name of an unparsed entity", facets),
        // Length facets of names have no effect.
        Primitive::QName => "a qualified name".to_owned(),
        Primitive::Notation => "the name of a notation".to_owned(),
        Primitive::AnyUri => named("a URI", facets),
        Primitive::Boolean => "`true`, `false`, `1` or `0`".to_owned(),
        Primitive::Decimal => "a decimal number".to_owned() + &digits(facets) + &range(facets),
        Primitive::Integer => "an integer".to_owned() + &digits(facets) + &range(facets),
        Primitive::Float(_) => "a number".to_owned() + &range(facets),
        Primitive::Moment(fields) => fields.description().to_owned() + &range(facets),
        Primitive::Duration => "a duration (`P1DT12H`)".to_owned() + &range(facets),
        Primitive::Binary(Encoding::Hexadecimal) => "hexadecimal data".to_owned() + &length(facets, "octet", "octets"),
        Primitive::Binary(Encoding::Base64) => "Base64 data".to_owned() + &length(facets, "octet", "octets"),
    }
}

fn named(what: &str, facets: &Facets) -> String {
    what.to_owned() + &length(facets, "character", "characters")
}

/// " of at most 255 characters".
fn length(facets: &Facets, singular: &str, plural: &str) -> String {
    match count(facets, singular, plural) {
        Some(count) => format!(" of {count}"),
        None => String::new(),
    }
}

/// "at most 3 items separated by spaces".
fn items(facets: &Facets) -> String {
    format!("{} separated by spaces", count(facets, "item", "items").unwrap_or_else(|| "items".to_owned()))
}

/// "at most 255 characters", "1 to 4 octets", "2 items".
fn count(facets: &Facets, singular: &str, plural: &str) -> Option<String> {
    let noun = |number: u64| if number == 1 { singular } else { plural };
    let exactly = |number: u64| format!("{number} {}", noun(number));
    if let Some(number) = facets.length {
        return Some(exactly(number));
    }
    // That a length is not negative goes without saying.
    match (facets.min_length.filter(|least| *least > 0), facets.max_length) {
        (Some(least), Some(most)) if least == most => Some(exactly(least)),
        (Some(least), Some(most)) => Some(format!("{least} to {}", exactly(most))),
        (Some(least), None) => Some(format!("at least {}", exactly(least))),
        (None, Some(most)) => Some(format!("at most {}", exactly(most))),
        (None, None) => None,
    }
}

/// " from 0 to 255", " greater than 0 and at most 1".
fn range(facets: &Facets) -> String {
    match (&facets.lower, &facets.upper) {
        (None, None) => String::new(),
        (Some(lower), Some(upper)) if lower.inclusive && upper.inclusive => {
            format!(" from {} to {}", lower.text, upper.text)
        }
        (Some(lower), Some(upper)) => format!(" {} and {}", at_least(lower), at_most(upper)),
        (Some(lower), None) if lower.inclusive => format!(" of {}", at_least(lower)),
        (Some(lower), None) => format!(" {}", at_least(lower)),
        (None, Some(upper)) if upper.inclusive => format!(" of {}", at_most(upper)),
        (None, Some(upper)) => format!(" {}", at_most(upper)),
    }
}

fn at_least(lower: &Bound) -> String {
    let relation = if lower.inclusive { "at least" } else { "greater than" };
    format!("{relation} {}", lower.text)
}

fn at_most(upper: &Bound) -> String {
    let relation = if upper.inclusive { "at most" } else { "less than" };
    format!("{relation} {}", upper.text)
}

/// " with at most 10 digits, at most 2 of them after the point".
fn digits(facets: &Facets) -> String {
    let noun = |number: u64| if number == 1 { "digit" } else { "digits" };
    match (facets.total_digits, facets.fraction_digits) {
        (None, None) => String::new(),
        (None, Some(fraction)) => format!(" with at most {fraction} {} after the point", noun(fraction)),
        (Some(total), None) => format!(" with at most {total} {}", noun(total)),
        (Some(total), Some(fraction)) => {
            format!(" with at most {total} {}, at most {fraction} of them after the point", noun(total))
        }
    }
}

/// " that matches the pattern `[a-z]+` and the pattern `.{3}`".
fn patterns(facets: &Facets) -> String {
    let mut words = String::new();
    for pattern in facets.patterns.steps() {
        words.push_str(if words.is_empty() { " that matches" } else { " and" });
        words.push_str(&format!(" the pattern `{}`", pattern.source()));
    }
    words
}

/// "a, b or c"; if there are very many, the rest are only counted.
fn alternatives(mut options: Vec<String>) -> String {
    if options.len() > OPTIONS_SHOWN + 1 {
        let rest = options.len() - OPTIONS_SHOWN;
        options.truncate(OPTIONS_SHOWN);
        options.push(format!("one of {rest} more"));
    }
    match options.pop() {
        Some(last) if options.is_empty() => last,
        Some(last) => format!("{} or {last}", options.join(", ")),
        None => "no value at all".to_owned(),
    }
}
