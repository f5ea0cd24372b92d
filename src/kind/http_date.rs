//! Dates in the heads of HTTP messages.

use crate::text::calendar::day_number;

/// A date in the current format, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7), in milliseconds since 1970.
/// The day of the week is ignored.
pub(super) fn http_date(text: &[u8]) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, date) = std::str::from_utf8(text).ok()?.trim_ascii().split_once(", ")?;
    let mut words = date.split(' ');
    let day = number(words.next()?, 1..=31)?;
    let month = words.next()?;
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1;
    let year = number(words.next()?, 0..=9999)?;
    let mut clock = words.next()?.split(':');
    let (hour, minute) = (number(clock.next()?, 0..=23)?, number(clock.next()?, 0..=59)?);
    // 60 is a leap second.
    let second = number(clock.next()?, 0..=60)?;
    let is_whole = words.next() == Some("GMT") && words.next().is_none() && clock.next().is_none();
    is_whole.then(|| (((day_number(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

fn number(digits: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
    let is_number = matches!(digits.len(), 1..=4) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| is_number && range.contains(number))
}

#[cfg(test)]
mod tests {
    use super::http_date;

    #[test]
    fn dates_are_read() {
        for (text, milliseconds) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400_000),
            ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400_000),
        ] {
            assert_eq!(http_date(text.as_bytes()), Some(milliseconds), "{text}");
        }
        for text in [
            "",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
        ] {
            assert_eq!(http_date(text.as_bytes()), None, "{text}");
        }
    }
}
