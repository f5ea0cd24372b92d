//! `decimal` (XML Schema part 2, section 3.2.3): exact at any size, by its digits.
//!
//! No value is ever converted to a machine number: sign, whole part and fraction remain slices of the text, without
//! insignificant zeros, so equal values have equal parts, and lengths and bytes give the order. All this takes one pass
//! over the digits.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A decimal number: canonical sign and digits, borrowed from the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal<'a> {
    /// Never set for zero.
    negative: bool,
    /// Digits before the point, without leading zeros; empty for a value below one.
    whole: Cow<'a, str>,
    /// Digits after the point, without trailing zeros; empty for a whole number.
    fraction: Cow<'a, str>,
}

/// What one pass over the digits of a number finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) negative: bool,
    pub(super) has_point: bool,
    /// Digits before the point, insignificant zeros included.
    pub(super) whole: u64,
    /// Digits after the point.
    pub(super) fraction: u64,
    /// The whole part with its sign, if it has at most [`WORD_DIGITS`] digits.
    pub(super) number: Option<i64>,
}

/// Numbers with this many digits fit a machine word, whatever the digits, with room for one more number on either side.
const WORD_DIGITS: usize = 18;

impl Shape {
    /// The shape of a text in the lexical space of `decimal` (section 3.2.3.1).
    #[inline]
    pub(super) fn of(text: &str) -> Option<Shape> {
        let (negative, unsigned) = split_sign(text);
        let digits = unsigned.as_bytes();
        let (whole, number) = leading_digits(digits);
        let mut shape = Shape { negative, has_point: false, whole: whole as u64, fraction: 0, number: None };
        if whole <= WORD_DIGITS {
            shape.number = Some(if negative { -number } else { number });
        }
        if whole < digits.len() {
            let fraction = digits.get(whole..)?.strip_prefix(b".")?;
            if !fraction.iter().all(u8::is_ascii_digit) {
                return None;
            }
            (shape.has_point, shape.fraction) = (true, fraction.len() as u64);
        }
        (shape.whole + shape.fraction > 0).then_some(shape)
    }
}

/// The number of digits that a text begins with, and their value if they are few.
#[inline]
fn leading_digits(text: &[u8]) -> (usize, i64) {
    let mut number = 0_i64;
    for (count, byte) in text.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return (count, number);
        }
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    (text.len(), number)
}

impl<'a> Decimal<'a> {
    /// Section 3.2.3.1: an optional sign, digits, and at most one point with at least one digit on either side.
    pub(super) fn parse(text: &'a str) -> Option<Decimal<'a>> {
        let (negative, unsigned) = split_sign(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        if whole.is_empty() && fraction.is_empty() || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        Some(Decimal::new(negative, whole, fraction))
    }

    /// Section 3.3.13.1: an optional sign and digits.
    pub(super) fn parse_integer(text: &'a str) -> Option<Decimal<'a>> {
        let (negative, whole) = split_sign(text);
        if whole.is_empty() || !is_digits(whole) {
            return None;
        }
        Some(Decimal::new(negative, whole, ""))
    }

    fn new(negative: bool, whole: &'a str, fraction: &'a str) -> Decimal<'a> {
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let is_zero = whole.is_empty() && fraction.is_empty();
        Decimal { negative: negative && !is_zero, whole: Cow::Borrowed(whole), fraction: Cow::Borrowed(fraction) }
    }

    /// The same number, owning its digits.
    pub(super) fn into_owned(self) -> Decimal<'static> {
        Decimal {
            negative: self.negative,
            whole: Cow::Owned(self.whole.into_owned()),
            fraction: Cow::Owned(self.fraction.into_owned()),
        }
    }

    /// The smallest `totalDigits` that admits the value (section 4.3.11): leading and trailing zeros do not count, but
    /// those between the point and the first digit do. Zero has one digit.
    pub(super) fn total_digits(&self) -> u64 {
        (self.whole.len() + self.fraction.len()).max(1) as u64
    }

    /// The smallest `fractionDigits` that admits the value (section 4.3.12).
    pub(super) fn fraction_digits(&self) -> u64 {
        self.fraction.len() as u64
    }

    /// The most digits that a text of digits alone can have and still be certain to stay below this upper bound.
    ///
    /// An inclusive `9999` gives 4, `4294967295` gives 9, a negative number 0.
    pub(super) fn digits_surely_below(&self, inclusive: bool) -> usize {
        let admits_its_whole = inclusive || !self.fraction.is_empty();
        if self.negative {
            0
        } else if admits_its_whole && self.whole.bytes().all(|digit| digit == b'9') {
            self.whole.len()
        } else {
            self.whole.len().saturating_sub(1)
        }
    }

    /// As a bound: the nearest whole number that it admits. A value beyond the range of [`WORD_DIGITS`] digits becomes
    /// the end of the machine word on that side.
    pub(super) fn nearest_whole(&self, inclusive: bool, is_lower: bool) -> i64 {
        if self.whole.len() > WORD_DIGITS {
            return if self.negative { i64::MIN } else { i64::MAX };
        }
        let (_, magnitude) = leading_digits(self.whole.as_bytes());
        let towards_zero = if self.negative { -magnitude } else { magnitude };
        let is_whole = self.fraction.is_empty();
        // Dropping the fraction lowers a positive number and raises a negative one.
        match is_lower {
            _ if is_whole && inclusive => towards_zero,
            true if is_whole || !self.negative => towards_zero + 1,
            false if is_whole || self.negative => towards_zero - 1,
            _ => towards_zero,
        }
    }

    /// The one spelling of this value that equality compares: no plus sign, no insignificant zeros, no point in a whole
    /// number. Borrows if the text is in that form.
    pub(super) fn canonical(&self) -> Cow<'a, str> {
        match (self.negative, self.fraction.is_empty()) {
            (false, true) if self.whole.is_empty() => Cow::Borrowed("0"),
            (false, true) => self.whole.clone(),
            _ => {
                let mut spelling = String::new();
                self.write_canonical(&mut spelling);
                Cow::Owned(spelling)
            }
        }
    }

    pub(super) fn write_canonical(&self, spelling: &mut String) {
        let sign = if self.negative { "-" } else { "" };
        let whole = if self.whole.is_empty() { "0" } else { &*self.whole };
        let point = if self.fraction.is_empty() { "" } else { "." };
        spelling.extend([sign, whole, point, &*self.fraction]);
    }

    fn compare_magnitude(&self, other: &Decimal<'_>) -> Ordering {
        // Without leading zeros the longer whole part is greater; without trailing zeros fractions sort as text.
        (self.whole.len().cmp(&other.whole.len()))
            .then_with(|| self.whole.as_bytes().cmp(other.whole.as_bytes()))
            .then_with(|| self.fraction.as_bytes().cmp(other.fraction.as_bytes()))
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.compare_magnitude(other),
            (true, true) => other.compare_magnitude(self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Strips the optional sign: whether it was a minus, and what follows.
pub(super) fn split_sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, text.strip_prefix('-').unwrap_or(text)),
        Some(b'+') => (false, text.strip_prefix('+').unwrap_or(text)),
        _ => (false, text),
    }
}

/// Whether there are only decimal digits (ASCII, as the lexical spaces of numbers require).
pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal<'_> {
        Decimal::parse(text).expect("a decimal")
    }

    #[test]
    fn counts_the_digits_that_say_something() {
        for (text, total, fraction) in
            [("0", 1, 0), ("-00", 1, 0), ("0.05", 2, 2), ("100", 3, 0), ("1.50", 2, 1), (".5", 1, 1), ("012.340", 4, 2)]
        {
            assert_eq!(decimal(text).total_digits(), total, "{text}");
            assert_eq!(decimal(text).fraction_digits(), fraction, "{text}");
        }
    }

    #[test]
    fn canonical_spelling() {
        for (text, canonical) in [("+5", "5"), ("-0.0", "0"), ("-007.10", "-7.1"), ("5.", "5"), ("-.5", "-0.5")] {
            assert_eq!(decimal(text).canonical(), canonical);
        }
    }

    #[test]
    fn digits_surely_below() {
        for (text, inclusive, digits) in [
            ("4294967295", true, 9),
            ("9999", true, 4),
            ("9999", false, 3),
            ("9999.5", false, 4),
            ("10000", false, 4),
            ("0", true, 0),
            ("8", true, 0),
            ("9", true, 1),
            ("-9", true, 0),
        ] {
            assert_eq!(decimal(text).digits_surely_below(inclusive), digits, "{text}");
        }
    }
}
