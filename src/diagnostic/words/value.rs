//! `PC04xx`: values of simple types, and fixed values.

use super::fragments::{all_of, any_of, counted, did_you_mean, found_text, shown, ticked};
use super::name::within;
use super::{Code, EXPECTED, Words};
use crate::datatype::{self, Unordered, has_local_parts_of};
use crate::diagnostic::correction::Correction;
use crate::text::invisible::is_hidden;
use crate::text::lookalike::{hidden_as, is_other_blank, look_alike, look_alike_in_any_case};
use crate::text::white_space::{has_white_space, items, trim};

/// The place of a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holder<'a> {
    Element(&'a str),
    Attribute(&'a str),
}

impl Holder<'_> {
    pub(super) fn shown(self) -> String {
        match self {
            Holder::Element(name) => ticked(name).to_string(),
            Holder::Attribute(name) => format!("the attribute {}", ticked(name)),
        }
    }
}

/// A value that is invalid for its type. `described` is the type in words, or that of the items if one is wrong;
/// `trimmed` means that the value would be valid without the white space around it.
pub(crate) fn value(fault: &datatype::Fault, described: &str, text: &str, holder: Holder<'_>, trimmed: bool) -> Words {
    let is_of_list = matches!(fault, datatype::Fault::Item { .. });
    let (fault, item) = innermost(fault);
    let (place, text) = match item {
        Some(index) => {
            let item = text.split_ascii_whitespace().nth(index).unwrap_or(text);
            (format!("item {} of {}", index + 1, holder.shown()), item)
        }
        None => (holder.shown(), text),
    };
    let (code, required, expected) = asked_for(fault, described, text, item.is_some() && !is_of_list);
    let found = match fault {
        datatype::Fault::Length { actual, unit, .. } => counted(*actual, unit),
        datatype::Fault::Digits { actual, .. } => actual.to_string(),
        datatype::Fault::NameNotEnumerated { values, found, .. }
            if values.iter().any(|value| has_local_parts_of(value, text)) =>
        {
            with_namespaces(text, found)
        }
        _ => found_text(text),
    };
    let words =
        Words::new(code, format!("expected {required} in {place}, found {found}")).expected(expected).found(text);
    match respelled(fault, text) {
        Some(meant) => {
            let value = || Correction::value(text, meant);
            words.help(did_you_mean(meant, text)).corrected(item.is_none().then(value))
        }
        None if trimmed => words.help(BLANKS_COUNT).corrected(Correction::Trimmed),
        None => match cause(fault, text) {
            Some(cause) => {
                let correction = (item.is_none() && has_hidden_ends(text)).then_some(Correction::Trimmed);
                words.help(cause).corrected(correction)
            }
            None => words,
        },
    }
}

/// Whether a text begins or ends with characters that cannot be seen.
fn has_hidden_ends(text: &str) -> bool {
    let text = trim(text);
    text.starts_with(is_hidden) || text.ends_with(is_hidden)
}

/// The help text if the white space around a value is the error.
pub(super) const BLANKS_COUNT: &str = "remove the white space around the value: in this type it is part of the value";

/// What a reader may overlook in a text, or in what was expected of it.
fn cause(fault: &datatype::Fault, text: &str) -> Option<String> {
    match fault {
        datatype::Fault::Range { unordered: Some(Unordered::WithoutTimeZone), .. } => {
            Some(String::from("add a time zone, such as `Z`: without one the value cannot be compared with the bound"))
        }
        datatype::Fault::Range { unordered: Some(Unordered::WithTimeZone), .. } => {
            Some(String::from("remove the time zone: the bound has none, and so cannot be compared with the value"))
        }
        datatype::Fault::Range { unordered: Some(Unordered::MonthsAndDays), .. } => {
            Some(String::from("months and days cannot be compared: give the value in the unit of the bound"))
        }
        datatype::Fault::NameNotEnumerated { values, namespaces, found } => {
            let namesakes = values.iter().zip(namespaces.iter()).filter(|(value, _)| has_local_parts_of(value, text));
            namesakes.map(|(_, right)| declare_prefix(text, found, right)).find_map(|help| help)
        }
        datatype::Fault::NotEnumerated { values } => {
            values.iter().find_map(|value| white_space_counts(value, text)).or_else(|| invisible_in(text))
        }
        _ => invisible_in(text),
    }
}

/// Names the first invisible character, except XML white space.
pub(super) fn invisible_in(text: &str) -> Option<String> {
    let hidden = text.chars().find(|character| is_hidden(*character))?;
    let number = u32::from(hidden);
    Some(match is_other_blank(hidden) && trim(text).trim_matches(is_other_blank).contains(hidden) {
        true => format!("write an ordinary space in place of U+{number:04X}, or remove it"),
        false => format!("remove the invisible character U+{number:04X}"),
    })
}

/// Returns a hint if the texts differ only in the white space inside them, which is not visible.
fn white_space_counts(right: &str, text: &str) -> Option<String> {
    let differs_in_white_space = right != text && items(right).eq(items(text)) && has_white_space(trim(text));
    differs_in_white_space.then(|| format!("write exactly {}: the white space inside the value counts", ticked(right)))
}

/// Qualified names with the namespaces of their prefixes.
fn with_namespaces(text: &str, namespaces: &[Box<str>]) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for namespace in namespaces {
        if !distinct.contains(&&**namespace) {
            distinct.push(namespace);
        }
    }
    match distinct[..] {
        [] => found_text(text),
        [namespace] => format!("{} {}", found_text(text), within(namespace)),
        _ => {
            let each = distinct.iter().map(|namespace| match *namespace {
                "" => String::from("none"),
                named => ticked(named).to_string(),
            });
            format!("{} in namespaces {}", found_text(text), all_of(each.collect::<Vec<_>>()))
        }
    }
}

/// The first of some qualified names whose prefix is bound to the wrong namespace, and what to do.
fn declare_prefix(text: &str, found: &[Box<str>], right: &[Box<str>]) -> Option<String> {
    let mut names = items(text).zip(found.iter().zip(right));
    let (name, (found, right)) = names.find(|(_, (found, right))| found != right)?;
    let name = match name.split_once(':') {
        Some((prefix, _)) => ticked(prefix).to_string(),
        None => String::from("a name without a prefix"),
    };
    Some(match &**right {
        "" => format!(
            "{name} is {} here: write the name without a prefix, where no default namespace is declared",
            within(found)
        ),
        right => format!("{name} is {} here: declare a prefix for {}", within(found), ticked(right)),
    })
}

/// The fault of an item of a list, and the number of that item; for a union, that of the member that was meant.
fn innermost(fault: &datatype::Fault) -> (&datatype::Fault, Option<usize>) {
    /// How deep unions of lists are followed; going deeper would not help.
    const MOST: usize = 8;
    let (mut innermost, mut item) = (fault, None);
    for _ in 0..MOST {
        innermost = match innermost {
            // A list has no lists as items, but a union of lists may be one: the number of the outermost is the helpful
            // one.
            datatype::Fault::Item { index, fault } => {
                item.get_or_insert(*index);
                fault
            }
            datatype::Fault::NoMember { meant: Some(fault), .. } => fault,
            _ => break,
        };
    }
    (innermost, item)
}

/// What a type requires and a value does not meet: in words, and one by one. For an item in a member of a union, only
/// the name of its type is known.
fn asked_for(fault: &datatype::Fault, described: &str, text: &str, is_of_member: bool) -> (Code, String, Vec<String>) {
    let (code, required) = match fault {
        datatype::Fault::Lexical { expected } if is_of_member => (Code::NotInLexicalSpace, expected.to_string()),
        datatype::Fault::Lexical { .. } | datatype::Fault::Item { .. } => {
            (Code::NotInLexicalSpace, described.to_owned())
        }
        datatype::Fault::NotEnumerated { values } => {
            let listed = values.iter().take(EXPECTED).map(|value| value.to_string()).collect();
            return (Code::NotEnumerated, any_of(values.iter().map(|value| ticked(value))).to_string(), listed);
        }
        datatype::Fault::NameNotEnumerated { values, namespaces, .. } => {
            let names =
                values.iter().zip(namespaces.iter()).map(|(value, namespaces)| match has_local_parts_of(value, text) {
                    true => with_namespaces(value, namespaces),
                    false => ticked(value).to_string(),
                });
            let names: Vec<String> = names.collect();
            let listed = values.iter().take(EXPECTED).map(|value| value.to_string()).collect();
            return (Code::NotEnumerated, any_of(&names).to_string(), listed);
        }
        datatype::Fault::Pattern { pattern } => {
            let required = format!("a value that matches the pattern {}", ticked(pattern));
            return (Code::PatternMismatch, required, vec![pattern.to_string()]);
        }
        datatype::Fault::Length { facet, limit, unit, .. } => {
            (Code::LengthOutside, format!("a length {}{}", bound(facet), counted(*limit, unit)))
        }
        datatype::Fault::Range { facet, limit, .. } => {
            (Code::RangeOutside, format!("a value {}{}", bound(facet), shown(limit)))
        }
        datatype::Fault::Digits { facet, limit, .. } => {
            let which = if *facet == "fractionDigits" { " after the point" } else { "" };
            (Code::DigitsOutside, format!("at most {}{which}", counted(*limit, "digits")))
        }
        datatype::Fault::NoMember { members, .. } => {
            let names: Vec<_> = members.iter().map(|member| shown(member)).collect();
            return (Code::NoMemberType, any_of(&names).to_string(), names);
        }
        datatype::Fault::UndeclaredPrefix { prefix } => {
            let required = match &**prefix {
                "" => String::from("a name in a namespace"),
                prefix => format!("a name whose prefix {} is declared", ticked(prefix)),
            };
            (Code::UndeclaredPrefixInValue, required)
        }
        datatype::Fault::UndeclaredNotation => {
            (Code::UndeclaredNotation, String::from("the name of a notation that the schema declares"))
        }
        datatype::Fault::UndeclaredEntity => {
            let required = "the name of an unparsed entity, which no document can declare here,";
            (Code::UndeclaredEntity, String::from(required))
        }
    };
    (code, required.clone(), vec![required])
}

/// The value of an enumeration that a text equals except for case and invisible characters.
fn respelled<'f>(fault: &'f datatype::Fault, text: &str) -> Option<&'f str> {
    let datatype::Fault::NotEnumerated { values } = fault else { return None };
    let text = text.trim_ascii();
    let mut values = values.iter().map(|value| &**value).filter(|value| *value != text);
    values.find(|value| look_alike_in_any_case(text, value) || hidden_as(text, value).is_some())
}

/// `at most `, `more than `: what a facet requires.
fn bound(facet: &str) -> &'static str {
    match facet {
        "length" => "of exactly ",
        "minLength" | "minInclusive" => "of at least ",
        "maxLength" | "maxInclusive" => "of at most ",
        "minExclusive" => "above ",
        "maxExclusive" => "below ",
        _ => "of ",
    }
}

/// A value other than the fixed one. For qualified names the namespaces are given, those of the fixed value first.
pub(crate) fn fixed_value(fixed: &str, text: &str, holder: Holder<'_>, namespaces: [&[Box<str>]; 2]) -> Words {
    let code = match holder {
        Holder::Element(_) => Code::FixedElement,
        Holder::Attribute(_) => Code::FixedAttribute,
    };
    let [right, found] = namespaces;
    let is_namesake = right != found && has_local_parts_of(fixed, text);
    let (required, found_in_words) = match is_namesake {
        true => (with_namespaces(fixed, right), with_namespaces(text, found)),
        false => (ticked(fixed).to_string(), found_text(text)),
    };
    let message = format!("expected the fixed value {required} in {}, found {found_in_words}", holder.shown());
    let correction = match text {
        _ if is_namesake => None,
        _ if trim(text) == fixed => Some(Correction::Trimmed),
        _ if look_alike(fixed, text) || hidden_as(text, fixed).is_some() => Some(Correction::value(text, fixed)),
        _ => None,
    };
    let help = match text {
        _ if is_namesake => declare_prefix(text, found, right),
        _ if trim(text) == fixed => Some(String::from(BLANKS_COUNT)),
        _ if look_alike(fixed, text) || hidden_as(text, fixed).is_some() => Some(did_you_mean(fixed, text)),
        _ => white_space_counts(fixed, text).or_else(|| invisible_in(text)),
    };
    let words = Words::new(code, message).expected([fixed]).found(text).corrected(correction);
    words.help(help.unwrap_or_else(|| code.remedy().to_owned()))
}

/// An element with a fixed value that has children.
pub(crate) fn fixed_value_with_child(fixed: &str, element: &str, child: &str) -> Words {
    Words::new(
        Code::FixedElement,
        format!(
            "expected the fixed value {} in {}, found the element {}",
            ticked(fixed),
            ticked(element),
            ticked(child)
        ),
    )
    .expected([fixed])
    .found(child)
    .remedy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_singular_and_plural() {
        let fault = datatype::Fault::Length { facet: "maxLength", limit: 1, actual: 2, unit: "characters" };
        assert_eq!(
            value(&fault, "text", "ab", Holder::Attribute("kind"), false).message,
            "expected a length of at most 1 character in the attribute `kind`, found 2 characters"
        );
    }
}
