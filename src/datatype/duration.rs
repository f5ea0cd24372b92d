//! `duration` (XML Schema part 2, section 3.2.6).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write;

use super::date_time::seconds_to_month;

/// A span of time: months, which have no fixed length, and seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Duration<'a> {
    /// Both negative, or neither.
    months: i128,
    seconds: i128,
    /// Digits after the point, without trailing zeros; they have the sign given by `negative`.
    fraction: Cow<'a, str>,
    negative: bool,
}

/// Numbers with more digits are refused.
const DIGITS: usize = 18;

/// The beginnings of the four months that determine the order (section 3.2.6.2): September 1696, February 1697, March
/// and July 1903, as months since January of year 1.
const REFERENCES: [i128; 4] = [1695 * 12 + 8, 1696 * 12 + 1, 1902 * 12 + 2, 1902 * 12 + 6];

impl<'a> Duration<'a> {
    /// `-`, `P`, then numbers with their designators in order, those of the time after `T`; at least one number, and at
    /// least one after a `T`. Only seconds have a fraction (section 3.2.6.1).
    pub(super) fn parse(text: &'a str) -> Option<Duration<'a>> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, text),
        };
        let mut rest = unsigned.strip_prefix('P')?;
        let (mut months, mut seconds, mut fraction) = (0_i128, 0_i128, "");
        let mut designators = "YMDTHMS";
        let mut is_complete = false;
        while !rest.is_empty() {
            if let Some(time) = rest.strip_prefix('T') {
                let (_, after) = designators.split_once('T')?;
                (rest, designators, is_complete) = (time, after, false);
                continue;
            }
            let (number, after) = rest.split_at_checked(digits(rest))?;
            let mut decimals = "";
            rest = after;
            if let Some(after) = rest.strip_prefix('.') {
                (decimals, rest) = after.split_at_checked(digits(after))?;
                if decimals.is_empty() || !rest.starts_with('S') {
                    return None;
                }
            }
            let designator = rest.chars().next()?;
            let before_time = designators.contains('T');
            let (_, later) = designators.split_once(designator).filter(|_| designator != 'T')?;
            // `M` after the `T`, or `H` and `S` before it, belong to the other half.
            if before_time && !later.contains('T') || number.is_empty() || number.len() > DIGITS {
                return None;
            }
            rest = rest.get(1..)?;
            let number: i128 = number.parse().ok()?;
            match (designator, before_time) {
                ('Y', _) => months += number * 12,
                ('M', true) => months += number,
                ('D', _) => seconds += number * 24 * 60 * 60,
                ('H', _) => seconds += number * 60 * 60,
                ('M', false) => seconds += number * 60,
                _ => {
                    seconds += number;
                    fraction = decimals.trim_end_matches('0');
                }
            }
            (designators, is_complete) = (later, true);
        }
        if !is_complete {
            return None;
        }
        let sign = if negative { -1 } else { 1 };
        let (months, seconds) = (sign * months, sign * seconds);
        Some(Duration { months, seconds, fraction: Cow::Borrowed(fraction), negative })
    }

    /// The same span, owning its digits.
    pub(super) fn into_owned(self) -> Duration<'static> {
        Duration { fraction: Cow::Owned(self.fraction.into_owned()), ..self }
    }

    /// Appends a spelling that is the same for equal values and different for others.
    pub(super) fn write_canonical(&self, spelling: &mut String) {
        let sign = if self.negative && !self.fraction.is_empty() { "-" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(spelling, "{} {} {sign}.{}", self.months, self.seconds, self.fraction);
    }

    /// The order that holds from each of the four moments; `None` if they disagree (section 3.2.6.2).
    pub(super) fn compare(&self, other: &Duration<'_>) -> Option<Ordering> {
        let mut orders = REFERENCES.iter().map(|from| self.compare_from(other, *from));
        let first = orders.next()?;
        orders.all(|order| order == first).then_some(first)
    }

    fn compare_from(&self, other: &Duration<'_>, month: i128) -> Ordering {
        let end = |duration: &Duration<'_>| seconds_to_month(month + duration.months) + duration.seconds;
        end(self).cmp(&end(other)).then_with(|| match (self.negative, other.negative) {
            (false, false) => self.fraction.cmp(&other.fraction),
            (true, true) => other.fraction.cmp(&self.fraction),
            (negative, _) => match (self.fraction.is_empty() && other.fraction.is_empty(), negative) {
                (true, _) => Ordering::Equal,
                (false, true) => Ordering::Less,
                (false, false) => Ordering::Greater,
            },
        })
    }
}

/// The number of digits that a text begins with.
fn digits(text: &str) -> usize {
    text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duration(text: &str) -> Duration<'_> {
        Duration::parse(text).expect("a duration")
    }

    #[test]
    fn lexical_space() {
        for text in
            ["P1Y2M3DT10H30M", "-P120D", "P0Y", "PT1S", "PT1.50S", "P1M", "PT1M", "P1DT1M", "P2Y10M14DT5H13M36S"]
        {
            assert!(Duration::parse(text).is_some(), "{text}");
        }
        for text in [
            "", "P", "PT", "P1", "P1YT", "1Y", "P-1Y", "P1.5Y", "PT1.S", "PT.5S", "P1H", "PT1D", "P1M1Y", "P1Y1Y",
            "PT1S1M", "P1YTT1S", "+P1Y", "p1y", "P1Y ", "P1S", "PT1M1M",
        ] {
            assert!(Duration::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn order_is_partial() {
        use Ordering::{Equal, Greater, Less};
        for (one, other, order) in [
            ("P1Y", "P12M", Some(Equal)),
            ("P1D", "PT24H", Some(Equal)),
            ("P1Y", "P364D", Some(Greater)),
            ("P1Y", "P365D", None),
            ("P1Y", "P366D", None),
            ("P1Y", "P367D", Some(Less)),
            ("P1M", "P27D", Some(Greater)),
            ("P1M", "P28D", None),
            ("P1M", "P31D", None),
            ("P1M", "P32D", Some(Less)),
            ("P5M", "P149D", Some(Greater)),
            ("P5M", "P150D", None),
            ("P5M", "P153D", None),
            ("P5M", "P154D", Some(Less)),
            ("PT0.5S", "PT0.45S", Some(Greater)),
            ("-PT0.5S", "-PT0.45S", Some(Less)),
            ("-PT0.5S", "PT0S", Some(Less)),
            ("-PT0S", "PT0S", Some(Equal)),
        ] {
            assert_eq!(duration(one).compare(&duration(other)), order, "{one} {other}");
            assert_eq!(duration(other).compare(&duration(one)), order.map(Ordering::reverse), "{other} {one}");
        }
    }
}
