//! What numbers are by their spelling (RFC 8259, section 6): for both ways through, the short one included.

use super::decode::{self, Refused, Rest};
use super::reader::{Reader, Token};
use crate::text::word::{first_word, number};

/// From this on a double no longer tells neighbouring integers apart: 2^53.
const DOUBTFUL: f64 = 9_007_199_254_740_992.0;

/// The integer that a number spelt as a double (`1.0`, `1e3`, `-0`) is, where there is no doubt which.
///
/// JSON has one kind of number, and JSON Schema calls each an integer whose value is whole, however it is spelt.
pub(super) fn whole(number: f64) -> Option<i64> {
    // Exact: a whole number of less than 53 bits.
    #[expect(clippy::cast_possible_truncation)]
    (number.trunc() == number && number.abs() < DOUBTFUL).then_some(number as i64)
}

/// The double that a number is; none beyond the greatest one.
pub(super) fn double(number: &str) -> Option<f64> {
    serde_json::from_str(number).ok()
}

/// The integer of 64 bits that a number is, if it is one.
pub(super) fn integer(number: &str) -> Option<i64> {
    match is_plain(number) {
        true => number.parse().ok(),
        false => double(number).and_then(whole),
    }
}

/// Digits alone, perhaps with a sign.
pub(super) fn is_plain(number: &str) -> bool {
    number.strip_prefix('-').unwrap_or(number).bytes().all(|byte| byte.is_ascii_digit())
}

/// Any integer of 64 bits.
#[cold]
#[inline(never)]
pub(super) fn any_integer(rest: Rest<'_>) -> Result<(i64, Rest<'_>), Refused> {
    let (text, behind) = spelt(rest)?;
    Ok((integer(text).ok_or(Refused)?, behind))
}

/// Any number.
#[cold]
#[inline(never)]
pub(super) fn any_double(rest: Rest<'_>) -> Result<(f64, Rest<'_>), Refused> {
    let (text, behind) = spelt(rest)?;
    Ok((double(text).ok_or(Refused)?, behind))
}

/// A number as it is spelt.
fn spelt(rest: Rest<'_>) -> Result<(&str, Rest<'_>), Refused> {
    match decode::token(rest, Reader::new(rest.as_bytes(), 0))? {
        (Token::Number(number), rest) => Ok((number, rest)),
        _ => Err(Refused),
    }
}

/// Up to fifteen digits and nothing else that could be of a number, unless the document ends near.
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
    Some((value.cast_signed(), behind_number(rest, count)?))
}

/// Up to seven digits, and up to seven behind a point: as doubles the digits and the power of ten are exact, so that
/// their quotient is the double nearest to the number.
#[inline(always)]
pub(super) fn plain_double(rest: Rest<'_>) -> Option<(f64, Rest<'_>)> {
    let bytes = rest.as_bytes();
    let word = first_word(bytes)?;
    let (whole, count) = number(word);
    if count == 0 || count == 8 || begins_with_zero(word) && count > 1 {
        return None;
    }
    let Some(digits) = rest.get(count..)?.strip_prefix(".") else {
        return Some((exact(whole), behind_number(rest, count)?));
    };
    let (fraction, count) = number(first_word(digits.as_bytes())?);
    if count == 0 || count == 8 {
        return None;
    }
    let power = POWERS[count & 15];
    Some((exact(whole * power + fraction) / exact(power), behind_number(digits, count)?))
}

/// A number of less than 53 bits as a double. (Processors turn signed ones in one step.)
#[expect(clippy::cast_precision_loss)]
#[inline(always)]
fn exact(number: u64) -> f64 {
    number.cast_signed() as f64
}

/// What is left behind so many digits, unless it could be of a number still.
#[inline(always)]
fn behind_number(rest: Rest<'_>, count: usize) -> Option<Rest<'_>> {
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

    /// A number and what may follow it, mostly right.
    fn spelling() -> impl Strategy<Value = String> {
        let whole = prop_oneof![8 => "[1-9][0-9]{0,17}", 2 => "0", 1 => "0[0-9]{1,3}", 1 => "-[0-9]{1,9}", 1 => "-?"];
        let fraction = prop_oneof![3 => Just(String::new()), 3 => "[.][0-9]{1,9}", 1 => "[.]"];
        let exponent = prop_oneof![4 => Just(String::new()), 1 => "[eE][-+]?[0-9]{0,3}"];
        let behind = prop_oneof![Just(","), Just("}"), Just("]"), Just("\n  "), Just(","), Just("x"), Just("\"")];
        (whole, fraction, exponent, behind, "[ -~]{0,20}").prop_map(|(whole, fraction, exponent, behind, rest)| {
            [whole, fraction, exponent, behind.into(), rest].concat()
        })
    }

    /// The beginning of a text that may be a number's.
    fn token(text: &str) -> &str {
        let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "+-._$".contains(letter)));
        &text[..end.unwrap_or(text.len())]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

        /// serde_json reads the same numbers, bit by bit, wherever the short way does not give up.
        #[test]
        fn what_is_plain_is_what_serde_json_reads(text in spelling()) {
            let number = token(&text);
            if let Some((value, behind)) = plain_integer(&text) {
                prop_assert_eq!((value, text.len() - behind.len()), (serde_json::from_str(number)?, number.len()));
            }
            if let Some((value, behind)) = plain_double(&text) {
                let theirs: f64 = serde_json::from_str(number)?;
                prop_assert_eq!((value.to_bits(), text.len() - behind.len()), (theirs.to_bits(), number.len()));
            }
        }
    }

    #[test]
    fn what_is_mostly_written_is_plain() {
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
