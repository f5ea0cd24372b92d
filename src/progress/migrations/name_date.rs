//! Dates in file names: `2024-05-01T12:00:00`, `20240501-1200`, seconds or milliseconds since 1970.

use crate::text::calendar::{day_number, is_date};

/// The range of ten-digit numbers that are taken for seconds since 1970: from 2001 to 2033. Larger numbers may be a
/// date and an hour.
const SECONDS: std::ops::Range<i64> = 1_000_000_000..2_000_000_000;

/// The last date in the name of a file, in milliseconds since 1970; UTC if it has no zone. If the name has none, that
/// of its folder together with the name: `2024-05-01/12-00.xml`.
pub(super) fn find(path: &str) -> Option<i64> {
    let is_separator = |character| matches!(character, '/' | '\\' | '!');
    let mut starts = path.rmatch_indices(is_separator).map(|(at, separator)| at + separator.len()).chain([0]);
    let name = path.get(starts.next()?..)?;
    find_in(name).or_else(|| find_in(path.get(starts.next()?..)?))
}

fn find_in(name: &str) -> Option<i64> {
    let is_digit = |at: usize| name.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let starts = (0..name.len()).filter(|at| is_digit(*at) && !at.checked_sub(1).is_some_and(is_digit));
    starts.filter_map(|at| name.get(at..)).filter_map(|text| date(text).or_else(|| since_1970(text))).next_back()
}

fn since_1970(text: &str) -> Option<i64> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let number: i64 = text.get(..end)?.parse().ok()?;
    match end {
        10 => SECONDS.contains(&number).then(|| number * 1000),
        13 => SECONDS.contains(&(number / 1000)).then_some(number),
        _ => None,
    }
}

/// The date at the beginning of a text, with the time of day after it if there is one.
fn date(text: &str) -> Option<i64> {
    let mut rest = text;
    let year = digits(&mut rest, 4).filter(|year| (1970..2200).contains(year))?;
    let is_separated = skip(&mut rest, "-._");
    let month = digits(&mut rest, 2)?;
    if skip(&mut rest, "-._") != is_separated {
        return None;
    }
    let day = digits(&mut rest, 2)?;
    let time = time_of_day(rest);
    // A longer number is not a date.
    if time.is_none() && rest.starts_with(|character: char| character.is_ascii_digit()) {
        return None;
    }
    let Time { hour, minute, second, offset } = time.unwrap_or_default();
    let is_time = hour < 24 && minute < 60 && second < 60;
    let seconds = ((day_number(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset;
    (is_date(year, month, day) && is_time).then_some(seconds * 1000)
}

#[derive(Default)]
struct Time {
    hour: i64,
    minute: i64,
    second: i64,
    /// How many seconds the clock is ahead of UTC.
    offset: i64,
}

fn time_of_day(text: &str) -> Option<Time> {
    let mut rest = text;
    skip(&mut rest, "Tt_-. /\\!");
    let hour = digits(&mut rest, 2)?;
    skip(&mut rest, ":.-_h");
    let minute = digits(&mut rest, 2)?;
    let mut after = rest;
    skip(&mut after, ":.-_m");
    let second = digits(&mut after, 2).filter(|second| *second < 60 && !starts_with_digit(after));
    if second.is_some() {
        rest = after;
        // A fraction of a second.
        if let Some(fraction) = rest.strip_prefix('.').filter(|fraction| starts_with_digit(fraction)) {
            rest = fraction.trim_start_matches(|character: char| character.is_ascii_digit());
        }
    }
    if starts_with_digit(rest) {
        return None;
    }
    Some(Time { hour, minute, second: second.unwrap_or(0), offset: offset(rest).unwrap_or(0) })
}

/// `+0200` and `+02:00`; after `-` it could also be a separate number.
fn offset(text: &str) -> Option<i64> {
    let mut rest = text.strip_prefix('+')?;
    let hours = digits(&mut rest, 2).filter(|hours| *hours < 24)?;
    skip(&mut rest, ":");
    let minutes = digits(&mut rest, 2).filter(|minutes| *minutes < 60)?;
    Some(hours * 3600 + minutes * 60)
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_digit())
}

/// A number with `count` digits.
fn digits(text: &mut &str, count: usize) -> Option<i64> {
    let taken = text.get(..count).filter(|taken| taken.bytes().all(|byte| byte.is_ascii_digit()))?;
    *text = text.get(count..)?;
    taken.parse().ok()
}

/// Drops one of these characters.
fn skip(text: &mut &str, any: &str) -> bool {
    let rest = text.strip_prefix(|character| any.contains(character));
    *text = rest.unwrap_or(text);
    rest.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found() {
        let noon = Some(1_714_564_800_000);
        for name in [
            "2024-05-01T12:00:00.xml",
            "polls/2024-05-01T12:00:00Z.xml",
            "2024-05-01T14:00:00+02:00.xml",
            "answer 2024-05-01 12.00.00.xml",
            "20240501-1200.xml",
            "srv7_20240501120000.xml",
            "20240501T120000Z.xml",
            "2024_05_01_12_00.xml",
            "1714564800.xml",
            "answer-1714564800000.json",
            "2024-05-01/12-00.xml",
            "polls.tar!2024-05-01/12-00-00.123.xml",
            "24175-2024-05-01T12h00m00.xml",
        ] {
            assert_eq!(find(name), noon, "{name}");
        }
        assert_eq!(find("2024-05-01.xml"), Some(1_714_521_600_000));
    }

    #[test]
    fn other_numbers_are_not_dates() {
        for name in [
            "",
            "17.xml",
            "24175.xml",
            "2024.xml",
            "2024-13-01.xml",
            "20241301.xml",
            "123456789012.xml",
            "99999999999999999999.xml",
            "7a9a9540-2024.json",
            "2024-0501.xml",
            "é2024",
        ] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}
