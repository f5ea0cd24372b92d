//! `float` and `double` (XML Schema part 2, sections 3.2.4 and 3.2.5).

use std::fmt::Write;

/// How many bits a value keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    /// `float`
    Single,
    /// `double`
    Double,
}

/// The value nearest to the text, or `None` if it is outside the lexical space.
///
/// A `float` is rounded once, to 32 bits, and then widened, which is exact. The two zeros are one value.
pub(super) fn parse(text: &str, precision: Precision) -> Option<f64> {
    let value = match text {
        "INF" => f64::INFINITY,
        "-INF" => f64::NEG_INFINITY,
        "NaN" => f64::NAN,
        _ if is_numeral(text) => match precision {
            Precision::Single => f64::from(text.parse::<f32>().ok()?),
            Precision::Double => text.parse::<f64>().ok()?,
        },
        _ => return None,
    };
    Some(if value == 0.0 { 0.0 } else { value })
}

/// Whether [`parse`] returns a value.
pub(super) fn is_float(text: &str) -> bool {
    is_numeral(text) || matches!(text, "INF" | "-INF" | "NaN")
}

/// Appends a spelling that is the same for equal values and different for others.
pub(super) fn write_canonical(value: f64, spelling: &mut String) {
    // Writing to a string cannot fail.
    let _ = if value.is_nan() { spelling.write_str("NaN") } else { write!(spelling, "{value:e}") };
}

/// A mantissa as in `decimal`, optionally followed by `E` or `e` and an integer.
fn is_numeral(text: &str) -> bool {
    let text = text.as_bytes();
    let whole_from = after_sign(text, 0);
    let mut at = after_digits(text, whole_from);
    let mut digits = at - whole_from;
    if text.get(at) == Some(&b'.') {
        let end = after_digits(text, at + 1);
        digits += end - at - 1;
        at = end;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let exponent = after_sign(text, at + 1);
        let end = after_digits(text, exponent);
        return digits > 0 && end > exponent && end == text.len();
    }
    digits > 0 && at == text.len()
}

fn after_sign(text: &[u8], at: usize) -> usize {
    at + usize::from(matches!(text.get(at), Some(b'+' | b'-')))
}

fn after_digits(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_is_rounded_once() {
        assert_eq!(parse("0.1", Precision::Single), Some(f64::from(0.1_f32)));
        assert_eq!(parse("0.1", Precision::Double), Some(0.1));
        assert_eq!(parse("1e400", Precision::Double), Some(f64::INFINITY));
        assert_eq!(parse("-0", Precision::Double).map(f64::to_bits), Some(0));
    }
}
