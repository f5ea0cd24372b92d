//! How much is done out of how much, in few characters.

use crate::codec::Integer;

use super::migration::Amount;

/// `10/33`, `1.2/97.7 GiB`; `?` for an unknown part, empty if both are unknown.
pub fn amount(amount: &Amount) -> String {
    let Amount { completed, total, .. } = amount;
    if completed.is_none() && total.is_none() {
        return String::new();
    }
    let scale = scale(amount);
    let shown = |number: &Option<Integer<'_>>| number.as_ref().map_or("?".to_owned(), |number| scale.show(number));
    format!("{}/{}{}", shown(completed), shown(total), scale.suffix)
}

/// `10`, `1.2 GiB`, or the percentage if nothing is counted.
pub(super) fn done(amount: &Amount) -> String {
    let scale = scale(amount);
    match (&amount.completed, amount.percent) {
        (Some(completed), _) => format!("{}{}", scale.show(completed), scale.suffix),
        (None, Some(percent)) => format!("{percent:.0} %"),
        (None, None) => "?".to_owned(),
    }
}

/// Whole percent, rounded down: `100%` means all.
pub fn percents(amount: &Amount) -> String {
    amount.percent.map_or_else(|| "?".to_owned(), |percent| format!("{}%", percent as u64))
}

fn scale(amount: &Amount) -> Scale {
    match amount.is_bytes {
        true => Scale::of(amount.total.as_ref().or(amount.completed.as_ref())),
        false => Scale::ONE,
    }
}

/// Up to this many digits of a whole number are shown in full.
const MOST_DIGITS: usize = 7;

struct Scale {
    divisor: u64,
    suffix: &'static str,
}

impl Scale {
    const ONE: Scale = Scale { divisor: 1, suffix: "" };

    /// The unit in which a number of bytes has few digits.
    fn of(number: Option<&Integer<'_>>) -> Scale {
        let bytes = number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
        let units = [" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"];
        let power = bytes.checked_ilog2().unwrap_or(0) / 10;
        let suffix = units.get(power as usize).copied().unwrap_or(" B");
        Scale { divisor: 1 << (10 * power), suffix }
    }

    fn show(&self, number: &Integer<'_>) -> String {
        match i64::try_from(number) {
            Ok(number) if self.divisor > 1 => format!("{:.1}", number as f64 / self.divisor as f64),
            _ => whole(&number.to_string()),
        }
    }
}

/// A long number as its first two digits and the power of ten.
fn whole(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    match (digits.get(..1), digits.get(1..2)) {
        (Some(first), Some(second)) if digits.len() > MOST_DIGITS => {
            format!("{sign}{first}.{second}e{}", digits.len() - 1)
        }
        _ => format!("{sign}{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_shortened() {
        assert_eq!(whole("1234567"), "1234567");
        assert_eq!(whole("-12345678"), "-1.2e7");
        assert_eq!(whole("123456789012345678901234567890"), "1.2e29");
    }

    #[test]
    fn bytes_have_a_unit() {
        let cases = [(0, " B", "0"), (1023, " B", "1023"), (100_000, " KiB", "97.7"), (i64::MAX, " EiB", "8.0")];
        for (bytes, suffix, text) in cases {
            let number = Integer::from(bytes);
            let scale = Scale::of(Some(&number));
            assert_eq!((scale.suffix, scale.show(&number).as_str()), (suffix, text));
        }
    }
}
