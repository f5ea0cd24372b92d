//! Converts values of simple types to JSON and back.

use std::borrow::Cow;
use std::io;

use super::output::Output;
use crate::codec::name::split_qualified;
use crate::datatype::{Context, Kind, SimpleType};
use crate::text::name::{is_ncname, split_qname};
use crate::text::white_space::{items, trim};

/// Writes a text as a value of its type.
///
/// If the type has patterns, the value is the text: patterns restrict how a number is written, so another spelling
/// might not be valid.
pub(super) fn write<W: io::Write>(out: &mut Output<W>, simple: &SimpleType, text: &str, context: &dyn Context) {
    write_part(out, simple, text, context, has_names(simple));
}

/// Writes a text as a value of a member or item type. `has_names`: whether strings of the whole type can be names.
fn write_part<W: io::Write>(
    out: &mut Output<W>,
    simple: &SimpleType,
    text: &str,
    context: &dyn Context,
    has_names: bool,
) {
    let string = |out: &mut Output<W>, text: &str| match has_names && is_like_name(text) {
        true => out.string(&format!("{ESCAPE}{text}")),
        false => out.string(text),
    };
    if simple.has_patterns() {
        return string(out, &simple.normalize(text));
    }
    match simple.kind() {
        Kind::Union => match simple.member_in(text, context) {
            Some(member) => write_part(out, member, text, context, has_names),
            None => string(out, text),
        },
        Kind::List => {
            out.begin_array();
            for part in items(text) {
                match simple.item() {
                    Some(item) => write_part(out, item, part, context, has_names),
                    None => string(out, part),
                }
            }
            out.end_array();
        }
        Kind::Boolean => match trim(text) {
            "true" | "1" => out.literal("true"),
            _ => out.literal("false"),
        },
        Kind::Integer | Kind::Decimal | Kind::Float => match number(trim(text)) {
            Some(number) => out.literal(&number),
            None => out.string(trim(text)), // INF, -INF, NaN
        },
        Kind::String if simple.is_name() => out.string(&expanded(trim(text), context)),
        Kind::String => string(out, &simple.normalize(text)),
    }
}

/// Written before a string that only looks like a name, if values of the type can be names.
const ESCAPE: char = '\\';

/// Whether a string would be read as a name, or as an escaped one.
fn is_like_name(text: &str) -> bool {
    split_qualified(text.trim_start_matches(ESCAPE)).is_some_and(|(_, local)| is_ncname(local))
}

/// The spelling of a number according to RFC 8259 (section 6): no plus sign, no leading zeros, and a digit on either
/// side of the point. Everything else stays, so that nothing is lost, whatever the size.
fn number(text: &str) -> Option<Cow<'_, str>> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) || mantissa.is_empty() {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let pieces = [sign, whole, point, fraction, exponent];
    let is_same = pieces.iter().try_fold(text, |rest, piece| rest.strip_prefix(piece)) == Some("");
    Some(if is_same { Cow::Borrowed(text) } else { Cow::Owned(pieces.concat()) })
}

/// A qualified name, with its namespace instead of a prefix.
pub(in crate::codec) fn expanded<'t>(text: &'t str, context: &dyn Context) -> Cow<'t, str> {
    match split_qname(text).and_then(|(prefix, local)| Some((context.namespace(prefix)?, local))) {
        Some(("", local)) => Cow::Owned(local.to_owned()),
        Some((namespace, local)) => Cow::Owned(format!("Q{{{namespace}}}{local}")),
        None => Cow::Borrowed(text),
    }
}

/// Whether strings of a type can be names, which are written with their namespace.
pub(in crate::codec) fn has_names(simple: &SimpleType) -> bool {
    !simple.has_patterns()
        && (simple.is_name()
            || simple.item().is_some_and(|item| has_names(item))
            || simple.members().iter().any(|member| has_names(member)))
}

/// The prefixes that are part of a value: those of names whose type has patterns.
pub(super) fn kept_prefixes<'t>(simple: &SimpleType, text: &'t str, is_within_pattern: bool) -> Vec<&'t str> {
    let is_written = is_within_pattern || simple.has_patterns();
    let each = |simple: &SimpleType| kept_prefixes(simple, text, is_written);
    if simple.is_name() {
        let names = items(text).filter(|_| is_written).filter_map(split_qname);
        return names.map(|(prefix, _)| prefix).collect();
    }
    let parts = simple.item().into_iter().chain(simple.members());
    parts.flat_map(|part| each(part)).collect()
}

/// A JSON value that is not an object.
#[derive(Debug, Clone)]
pub(super) enum Scalar<'j> {
    String(Cow<'j, str>),
    Number(&'j str),
    Boolean(bool),
}

/// The most digits that a number with an exponent is expanded to.
const MOST_DIGITS: usize = 1 << 12;

/// Appends a value as text of a type. `prefix` returns a prefix for a namespace, so that names can be written.
///
/// # Errors
///
/// What the type requires instead.
pub(super) fn read(
    simple: Option<&SimpleType>,
    value: &Scalar<'_>,
    text: &mut String,
    prefix: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<(), String> {
    let takes = |kinds: &[Kind]| simple.is_some_and(|simple| takes(simple, kinds));
    match value {
        Scalar::String(string) => {
            let name = split_qualified(string).filter(|(_, local)| is_ncname(local));
            let is_name = simple.is_some_and(has_names);
            if let Some(escaped) = string.strip_prefix(ESCAPE).filter(|_| is_name && is_like_name(string)) {
                text.push_str(escaped);
                return Ok(());
            }
            match name.filter(|_| is_name) {
                Some((namespace, local)) => {
                    let prefix = prefix(namespace)?;
                    text.extend([&*prefix, if prefix.is_empty() { "" } else { ":" }, local]);
                }
                None => {
                    // Without a prefix, it would be a name in the default namespace.
                    if is_name && simple.is_some_and(SimpleType::is_name) && is_ncname(string) {
                        prefix("")?;
                    }
                    text.push_str(string);
                }
            }
        }
        Scalar::Number(number) if takes(&[Kind::Float]) => text.push_str(number),
        Scalar::Number(number) if takes(&[Kind::Decimal]) => text.push_str(&plain(number)),
        Scalar::Number(number) if takes(&[Kind::Integer]) => text.push_str(whole(&plain(number))),
        Scalar::Boolean(value) if takes(&[Kind::Boolean]) => text.push_str(if *value { "true" } else { "false" }),
        Scalar::Number(_) | Scalar::Boolean(_) => {
            let item = simple.and_then(SimpleType::item).map(|item| &**item);
            return Err(expected(item.or(simple)).to_owned());
        }
    }
    Ok(())
}

/// Whether values of a type, or its items or members, can be of certain kinds.
fn takes(simple: &SimpleType, kinds: &[Kind]) -> bool {
    kinds.contains(&simple.kind())
        || simple.item().is_some_and(|item| takes(item, kinds))
        || simple.members().iter().any(|member| takes(member, kinds))
}

/// Whether a value of a type can be an array.
pub(super) fn takes_array(simple: Option<&SimpleType>) -> bool {
    simple.is_some_and(|simple| takes(simple, &[Kind::List]))
}

/// What a type requires.
pub(super) fn expected(simple: Option<&SimpleType>) -> &'static str {
    match simple.map(SimpleType::kind) {
        Some(Kind::Boolean) => "`true` or `false`",
        Some(Kind::Integer | Kind::Decimal | Kind::Float) => "a number",
        _ => "a string",
    }
}

/// A number without a fraction of zeros, which other writers add to integers.
fn whole(number: &str) -> &str {
    match number.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => whole,
        _ => number,
    }
}

/// A number without its exponent, which `integer` and `decimal` do not have. Exact. A number that would become very
/// long stays as it is, and is refused.
fn plain(number: &str) -> Cow<'_, str> {
    let Some(at) = number.find(['e', 'E']) else { return Cow::Borrowed(number) };
    let (mantissa, exponent) = number.split_at(at);
    let Ok(exponent) = exponent.get(1..).unwrap_or_default().parse::<i32>() else { return Cow::Borrowed(number) };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let zeros = exponent.unsigned_abs() as usize;
    if zeros + whole.len() + fraction.len() > MOST_DIGITS {
        return Cow::Borrowed(number);
    }
    let digits = [whole, fraction].concat();
    let padding = "0".repeat(zeros);
    let (digits, point) = match exponent >= 0 {
        true => ([&*digits, &*padding].concat(), whole.len() + zeros),
        false => ([&*padding, &*digits].concat(), whole.len()),
    };
    let (whole, fraction) = digits.split_at(point.min(digits.len()));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Cow::Owned([sign, whole, point, fraction].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{number, plain, whole};

    proptest! {
        #[test]
        fn every_number_is_a_number_in_json(text in r"[+-]?([0-9]{1,4}(\.[0-9]{0,3})?|\.[0-9]{1,3})([eE][+-]?[0-9]{1,2})?") {
            let written = number(&text).ok_or_else(|| TestCaseError::fail(text.clone()))?;
            prop_assert_eq!(serde_json::from_str::<f64>(&written).ok(), text.parse().ok(), "{} from {}", written, text);
        }
    }

    #[test]
    fn numbers_are_written_as_json_has_them() {
        let cases = [
            ("7", "7"),
            ("007", "7"),
            ("+5", "5"),
            ("-0", "-0"),
            ("000", "0"),
            ("1.50", "1.50"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("5.", "5"),
            ("1.5E3", "1.5E3"),
            ("+01e-07", "1e-07"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text).as_deref(), Some(expected), "{text}");
            assert!(serde_json::from_str::<&serde_json::value::RawValue>(expected).is_ok(), "{expected}");
        }
        for text in ["INF", "-INF", "NaN"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn exponents_are_written_out() {
        let cases = [
            ("1", "1"),
            ("1.0", "1.0"),
            ("1.50", "1.50"),
            ("1e3", "1000"),
            ("-1.25E+1", "-12.5"),
            ("1.2500e1", "12.5"),
            ("25e-2", "0.25"),
            ("12e-5", "0.00012"),
            ("0e0", "0"),
            ("1e999999999", "1e999999999"),
            ("1e99999999999", "1e99999999999"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), expected, "{text}");
        }
        assert_eq!((whole("1.0"), whole("1.05"), whole("-7")), ("1", "1.05", "-7"));
    }
}
