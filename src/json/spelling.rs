//! The values of numbers, from their digits (RFC 8259, section 6), for both paths.

use std::cmp::Ordering;

use super::decode::{self, Refused, Rest};
use super::reader::{Reader, Token};
use crate::text::word::{first_word, number};

/// From here on, a double no longer distinguishes neighbouring integers: 2^53.
const DOUBTFUL: f64 = 9_007_199_254_740_992.0;

/// The integer value of a double, if it is unambiguous: other formats do not pass on the digits.
pub(super) fn whole(number: f64) -> Option<i64> {
    // Exact: a whole number with less than 53 bits.
    #[expect(clippy::cast_possible_truncation)]
    (number.trunc() == number && number.abs() < DOUBTFUL).then_some(number as i64)
}

/// Whether a text is a number in JSON syntax.
pub(super) fn is_number(text: &str) -> bool {
    text.bytes().next_back().is_some_and(|byte| byte.is_ascii_digit())
        && matches!(decode::token(text, Reader::new(text.as_bytes(), 0)), Ok((Token::Number(number), _)) if number == text)
}

/// The value of a number as a double; `None` beyond the largest one.
pub(super) fn double(number: &str) -> Option<f64> {
    serde_json::from_str(number).ok()
}

/// The value of a number as a 64-bit integer, if it is one.
pub(super) fn integer(number: &str) -> Option<i64> {
    Decimal::of(number).to_integer()
}

/// Whether a number is an integer, with any number of digits.
pub(super) fn is_integer(number: &str) -> bool {
    Decimal::of(number).is_integer()
}

/// Whether a number is in a range.
pub(super) fn is_between(number: &str, least: i64, most: i64) -> bool {
    let number = Decimal::of(number);
    number.compare(least).is_ge() && number.compare(most).is_le()
}

/// A number by its digits, exactly: JSON has one kind of number, and JSON Schema calls every number with a whole value
/// an integer, however it is written (`1.0`, `1e3`, `-0`).
struct Decimal<'n> {
    is_negative: bool,
    /// The digits before the point and those after it.
    whole: &'n str,
    fraction: &'n str,
    exponent: i64,
    /// The first and the last of these digits that is not 0; `None` for zero.
    significant: Option<(usize, usize)>,
}

impl<'n> Decimal<'n> {
    /// For a number in JSON syntax.
    fn of(number: &'n str) -> Decimal<'n> {
        let unsigned = number.strip_prefix('-').unwrap_or(number);
        let (digits, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        // An exponent that does not fit an i64 is far beyond the number of digits of any document.
        let beyond = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        let exponent = exponent.parse().unwrap_or(beyond).clamp(i64::MIN / 2, i64::MAX / 2);
        let is_significant = |digit: u8| digit != b'0';
        let first = whole.bytes().chain(fraction.bytes()).position(is_significant);
        let zeros = whole.bytes().chain(fraction.bytes()).rev().position(is_significant);
        let last = zeros.map(|zeros| whole.len() + fraction.len() - 1 - zeros);
        Decimal { is_negative: number.starts_with('-'), whole, fraction, exponent, significant: first.zip(last) }
    }

    /// The significant digits: neither the first nor the last is 0.
    fn digits(&self) -> impl Iterator<Item = u8> {
        let (first, count) = self.significant.map_or((0, 0), |(first, last)| (first, last + 1 - first));
        self.whole.bytes().chain(self.fraction.bytes()).skip(first).take(count)
    }

    /// The power of ten of the digit at an index.
    #[expect(clippy::cast_possible_wrap, reason = "no document has so many bytes")]
    fn power(&self, index: usize) -> i64 {
        self.whole.len() as i64 - 1 - index as i64 + self.exponent
    }

    fn is_integer(&self) -> bool {
        self.significant.is_none_or(|(_, last)| self.power(last) >= 0)
    }

    fn to_integer(&self) -> Option<i64> {
        let Some((first, last)) = self.significant else { return Some(0) };
        // 2^63 has nineteen digits.
        if !self.is_integer() || self.power(first) >= 19 {
            return None;
        }
        let digits = self.digits().fold(0, |number, digit| number * 10 + i128::from(digit - b'0'));
        let magnitude = digits * 10_i128.pow(u32::try_from(self.power(last)).ok()?);
        i64::try_from(if self.is_negative { -magnitude } else { magnitude }).ok()
    }

    fn compare(&self, other: i64) -> Ordering {
        let Some((first, _)) = self.significant else { return 0.cmp(&other) };
        let other_is_negative = other < 0;
        if other == 0 || self.is_negative != other_is_negative {
            return if self.is_negative { Ordering::Less } else { Ordering::Greater };
        }
        let digits = other.unsigned_abs().to_string();
        // Neither ends with a zero, so if one is the beginning of the other, it is the smaller.
        let magnitude = (self.power(first) + 1)
            .cmp(&(digits.len() as i64))
            .then_with(|| self.digits().cmp(digits.trim_end_matches('0').bytes()));
        if self.is_negative { magnitude.reverse() } else { magnitude }
    }
}

/// Any 64-bit integer.
#[cold]
#[inline(never)]
pub(super) fn any_integer(rest: Rest<'_>) -> Result<(i64, Rest<'_>), Refused> {
    let (text, after) = written_number(rest)?;
    Ok((integer(text).ok_or(Refused)?, after))
}

/// Any number in a range.
#[cold]
#[inline(never)]
pub(super) fn any_double(rest: Rest<'_>, least: i64, most: i64) -> Result<(f64, Rest<'_>), Refused> {
    let (text, after) = written_number(rest)?;
    match is_between(text, least, most) {
        true => Ok((double(text).ok_or(Refused)?, after)),
        false => Err(Refused),
    }
}

/// A number as written.
fn written_number(rest: Rest<'_>) -> Result<(&str, Rest<'_>), Refused> {
    match decode::token(rest, Reader::new(rest.as_bytes(), 0))? {
        (Token::Number(number), rest) => Ok((number, rest)),
        _ => Err(Refused),
    }
}

/// Up to fifteen digits, followed by nothing that could belong to a number, unless the document ends soon.
#[inline(always)]
pub(super) fn plain_integer(rest: Rest<'_>) -> Option<(i64, Rest<'_>)> {
    let bytes = rest.as_bytes();
    let word = first_word(bytes)?;
    let (mut value, mut count) = number(word);
    if count == 8 {
        let (more, others) = number(first_word(bytes.get(8..)?)?);
        value = value * POWERS[others & 15] + more;
        count += others;
    }
    if count == 0 || count == 16 || begins_with_zero(word) && count > 1 {
        return None;
    }
    Some((value.cast_signed(), after_number(rest, count)?))
}

/// Up to seven digits, and up to seven after a point: the digits and the power of ten are exact as doubles, so their
/// quotient is the double nearest to the number.
#[inline(always)]
pub(super) fn plain_double(rest: Rest<'_>) -> Option<(f64, Rest<'_>)> {
    let bytes = rest.as_bytes();
    let word = first_word(bytes)?;
    let (whole, count) = number(word);
    if count == 0 || count == 8 || begins_with_zero(word) && count > 1 {
        return None;
    }
    let Some(digits) = rest.get(count..)?.strip_prefix(".") else {
        return Some((exact(whole), after_number(rest, count)?));
    };
    let (fraction, count) = number(first_word(digits.as_bytes())?);
    if count == 0 || count == 8 {
        return None;
    }
    let power = POWERS[count & 15];
    Some((exact(whole * power + fraction) / exact(power), after_number(digits, count)?))
}

/// A number with less than 53 bits as a double. (Processors convert signed ones in one step.)
#[expect(clippy::cast_precision_loss)]
#[inline(always)]
fn exact(number: u64) -> f64 {
    number.cast_signed() as f64
}

/// What remains after this many digits, unless it could still belong to a number.
#[inline(always)]
fn after_number(rest: Rest<'_>, count: usize) -> Option<Rest<'_>> {
    match rest.as_bytes().get(count) {
        Some(0..=b'-' | b']' | b'}') => rest.get(count..),
        _ => None,
    }
}

#[inline(always)]
fn begins_with_zero(word: u64) -> bool {
    word & 0xFF == u64::from(b'0')
}

/// Powers of ten, as many as eight digits need; then zeros.
const POWERS: [u64; 16] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 0, 0, 0, 0, 0, 0, 0];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A number and what may follow it, usually valid.
    fn spelling() -> impl Strategy<Value = String> {
        let whole = prop_oneof![8 => "[1-9][0-9]{0,17}", 2 => "0", 1 => "0[0-9]{1,3}", 1 => "-[0-9]{1,9}", 1 => "-?"];
        let fraction = prop_oneof![3 => Just(String::new()), 3 => "[.][0-9]{1,9}", 1 => "[.]"];
        let exponent = prop_oneof![4 => Just(String::new()), 1 => "[eE][-+]?[0-9]{0,3}"];
        let after = prop_oneof![Just(","), Just("}"), Just("]"), Just("\n  "), Just(","), Just("x"), Just("\"")];
        (whole, fraction, exponent, after, "[ -~]{0,20}").prop_map(|(whole, fraction, exponent, after, rest)| {
            [whole, fraction, exponent, after.into(), rest].concat()
        })
    }

    /// The beginning of a text, as far as it may be a number.
    fn token(text: &str) -> &str {
        let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "+-._$".contains(letter)));
        &text[..end.unwrap_or(text.len())]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

        /// The value of a number with few digits is computed from its digits and its power of ten.
        #[test]
        fn decimals_are_exact(digits in -99_999_i64..100_000, point in 0..6_u32, exponent in -6..7_i32, other in -200_i64..200) {
            let unsigned = format!("{:06}", digits.abs());
            let (whole, fraction) = unsigned.split_at(6 - point as usize);
            let whole = if whole.is_empty() { "0" } else { whole };
            let sign = if digits < 0 { "-" } else { "" };
            let number = format!("{sign}{whole}.{fraction}0e{exponent}");
            // In units of 10^-12.
            let scaled = |number: i64, power: i32| i128::from(number) * 10_i128.pow(u32::try_from(power + 12).unwrap_or(0));
            let value = scaled(digits, exponent - i32::try_from(point).unwrap_or(0));
            let unit = scaled(1, 0);
            prop_assert_eq!(Decimal::of(&number).compare(other), value.cmp(&scaled(other, 0)), "{}", &number);
            prop_assert_eq!(is_integer(&number), value % unit == 0, "{}", &number);
            let expected = (value % unit == 0).then(|| i64::try_from(value / unit).expect("is small"));
            prop_assert_eq!(integer(&number), expected, "{}", &number);
        }

        /// serde_json reads the same numbers, bit for bit, wherever the fast path does not fall back.
        #[test]
        fn plain_numbers_are_read_as_serde_json_reads_them(text in spelling()) {
            let number = token(&text);
            if let Some((value, after)) = plain_integer(&text) {
                prop_assert_eq!((value, text.len() - after.len()), (serde_json::from_str(number)?, number.len()));
            }
            if let Some((value, after)) = plain_double(&text) {
                let theirs: f64 = serde_json::from_str(number)?;
                prop_assert_eq!((value.to_bits(), text.len() - after.len()), (theirs.to_bits(), number.len()));
            }
        }
    }

    #[test]
    fn digits_decide() {
        for (number, expected) in [
            ("0", Some(0)),
            ("-0.0e5", Some(0)),
            ("0e99999999999999999999", Some(0)),
            ("1.0", Some(1)),
            ("1e2", Some(100)),
            ("120E-1", Some(12)),
            ("0.0012e+4", Some(12)),
            ("1.0000000000000001", None),
            ("9.007199254740993e15", Some(9_007_199_254_740_993)),
            ("9223372036854775807.000", Some(i64::MAX)),
            ("9.223372036854775808e18", None),
            ("-9.223372036854775808e18", Some(i64::MIN)),
            ("1e-99999999999999999999", None),
            ("1e99999999999999999999", None),
        ] {
            assert_eq!(integer(number), expected, "{number}");
        }
        assert!(is_integer("1e400") && is_integer("123e-0") && !is_integer("12.5e0"));
        for (number, least, most, expected) in [
            ("100", 0, 100, true),
            ("1.00e2", 0, 100, true),
            ("100.00000000000000001", 0, 100, false),
            ("99.99999999999999999", 0, 100, true),
            ("-0.0", 0, 100, true),
            ("-1e-400", 0, 100, false),
            ("1e400", 0, 100, false),
            ("-5.5", -6, -5, true),
            ("-6.0000000000000000001", -6, -5, false),
            ("12", 0, 120, true),
            ("1200", 0, 120, false),
        ] {
            assert_eq!(is_between(number, least, most), expected, "{number} {least} {most}");
        }
    }

    #[test]
    fn usual_numbers_are_plain() {
        let long = "                ";
        for (text, expected) in [
            ("0,", 0),
            ("100}", 100),
            ("1589535049000\n", 1_589_535_049_000),
            ("999999999999999]", 999_999_999_999_999),
        ] {
            let text = format!("{text}{long}");
            assert_eq!(plain_integer(&text).map(|(number, _)| number), Some(expected), "{text}");
        }
        for (text, expected) in [("0,", 0.0), ("21.5,", 21.5), ("9999.1234567\n", 9_999.123_456_7)] {
            let text = format!("{text}{long}");
            assert_eq!(plain_double(&text).map(|(number, _)| number), Some(expected), "{text}");
        }
        for text in ["1000000000000000,", "01,", "-1,", "1.0,", "1e3,", ",", "1x"] {
            assert_eq!(plain_integer(&format!("{text}{long}")), None, "{text}");
        }
    }
}
