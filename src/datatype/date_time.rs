//! Dates and times (XML Schema part 2, sections 3.2.7 to 3.2.14, appendices D and E).
//!
//! Each of the eight types is a selection of the same seven fields. A value is kept as a moment on one time line:
//! seconds since the beginning of year 1, as if in UTC, with the digits of the fraction. Fields that a type does not
//! have are taken from a fixed day, so values of one type compare by their own fields.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write;

/// The fields that a type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fields {
    /// `dateTime`
    DateTime,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `gYearMonth`
    YearMonth,
    /// `gYear`
    Year,
    /// `gMonthDay`
    MonthDay,
    /// `gDay`
    Day,
    /// `gMonth`
    Month,
}

/// A moment, or a recurring one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment<'a> {
    /// Whole seconds; in UTC if the time zone is known, and as written if not.
    seconds: i128,
    /// Digits after the point, without trailing zeros.
    fraction: Cow<'a, str>,
    has_time_zone: bool,
}

/// Years with more digits are refused: 10^18 years are some 70 million times the age of the universe.
const YEAR_DIGITS: usize = 18;

const DAY: i128 = 24 * 60 * 60;

/// The largest offset of a time zone from UTC (section 3.2.7.3), in seconds.
const FARTHEST_ZONE: i128 = 14 * 60 * 60;

impl Fields {
    /// The name of the built-in type.
    pub(super) fn name(self) -> &'static str {
        match self {
            Fields::DateTime => "dateTime",
            Fields::Date => "date",
            Fields::Time => "time",
            Fields::YearMonth => "gYearMonth",
            Fields::Year => "gYear",
            Fields::MonthDay => "gMonthDay",
            Fields::Day => "gDay",
            Fields::Month => "gMonth",
        }
    }

    /// The fields of a built-in type.
    pub(super) fn named(name: &str) -> Option<Fields> {
        use Fields::{Date, DateTime, Day, Month, MonthDay, Time, Year, YearMonth};
        [DateTime, Date, Time, YearMonth, Year, MonthDay, Day, Month].into_iter().find(|fields| fields.name() == name)
    }

    /// A description of the values, in words.
    pub(super) fn description(self) -> &'static str {
        match self {
            Fields::DateTime => "a date and time (`2006-01-31T09:30:00Z`)",
            Fields::Date => "a date (`2006-01-31`)",
            Fields::Time => "a time (`09:30:00`)",
            Fields::YearMonth => "a year and month (`2006-01`)",
            Fields::Year => "a year (`2006`)",
            Fields::MonthDay => "a month and day (`--01-31`)",
            Fields::Day => "a day of a month (`---31`)",
            Fields::Month => "a month (`--01`)",
        }
    }
}

impl<'a> Moment<'a> {
    /// Whether [`Moment::parse`] returns a value.
    pub(super) fn is_one(text: &str, fields: Fields) -> bool {
        let is_common = match (fields, text.as_bytes()) {
            (Fields::Date, [date @ .., b'Z'] | date) => is_common_date(date),
            (Fields::Time, [time @ .., b'Z'] | time) => is_common_time(time),
            (Fields::DateTime, bytes) => is_common_date_time(bytes),
            _ => false,
        };
        is_common || Moment::parse(text, fields).is_some()
    }

    /// Parses a text whose white space is collapsed.
    pub(super) fn parse(text: &'a str, fields: Fields) -> Option<Moment<'a>> {
        let mut rest = Rest(text);
        // 1972 is a leap year and December has 31 days, so every month and day fits.
        let (mut year, mut month, mut day) = (1972, 12, 1);
        match fields {
            Fields::DateTime | Fields::Date => {
                year = rest.year()?;
                month = rest.after("-")?.two_digits(1..=12)?;
                day = rest.after("-")?.two_digits(1..=31)?;
            }
            Fields::YearMonth => {
                year = rest.year()?;
                month = rest.after("-")?.two_digits(1..=12)?;
            }
            Fields::Year => year = rest.year()?,
            Fields::MonthDay => {
                month = rest.after("--")?.two_digits(1..=12)?;
                day = rest.after("-")?.two_digits(1..=31)?;
            }
            Fields::Day => day = rest.after("---")?.two_digits(1..=31)?,
            // `--01--` is the spelling of the first edition, which an erratum withdrew.
            Fields::Month => month = rest.after("--")?.two_digits(1..=12)?,
            Fields::Time => {}
        }
        if day > days_of_month(year, month) {
            return None;
        }
        let (mut time, mut fraction) = (0, "");
        if fields == Fields::DateTime {
            rest.after("T")?;
        }
        if matches!(fields, Fields::DateTime | Fields::Time) {
            (time, fraction) = rest.time()?;
        }
        let zone = rest.time_zone()?;
        if fields == Fields::Time {
            // The end of every day is the beginning of another.
            time %= DAY;
        }
        let seconds = days_before(year, month, day) * DAY + time - zone.unwrap_or(0);
        Some(Moment { seconds, fraction: Cow::Borrowed(fraction), has_time_zone: zone.is_some() })
    }

    /// The same moment, owning its digits.
    pub(super) fn into_owned(self) -> Moment<'static> {
        Moment { fraction: Cow::Owned(self.fraction.into_owned()), ..self }
    }

    /// Appends a spelling that is the same for equal values of one type and different for others.
    pub(super) fn write_canonical(&self, spelling: &mut String) {
        let zone = if self.has_time_zone { "Z" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(spelling, "{}.{}{zone}", self.seconds, self.fraction);
    }

    pub(super) fn has_time_zone(&self) -> bool {
        self.has_time_zone
    }

    /// Section 3.2.7.4: a moment without a time zone is compared as if it were in each of them, and if the results
    /// differ there is no order.
    pub(super) fn compare(&self, other: &Moment<'_>) -> Option<Ordering> {
        match (self.has_time_zone, other.has_time_zone) {
            (true, true) | (false, false) => Some(self.at(0).cmp(&other.at(0))),
            (true, false) => compare_with_local(self, other),
            (false, true) => compare_with_local(other, self).map(Ordering::reverse),
        }
    }

    /// The moment moved by some seconds, in comparable form.
    fn at(&self, offset: i128) -> (i128, &str) {
        (self.seconds + offset, &self.fraction)
    }
}

/// Compares a moment in UTC with one without a time zone.
fn compare_with_local(moment: &Moment<'_>, local: &Moment<'_>) -> Option<Ordering> {
    if moment.at(0) < local.at(-FARTHEST_ZONE) {
        Some(Ordering::Less)
    } else if moment.at(0) > local.at(FARTHEST_ZONE) {
        Some(Ordering::Greater)
    } else {
        None
    }
}

/// `YYYY-MM-DD` with a day that every month has and a year without a leading zero.
fn is_common_date(date: &[u8]) -> bool {
    let [y @ b'1'..=b'9', e, a, r, b'-', m, o, b'-', d, day] = date else { return false };
    let are_digits = [y, e, a, r, m, o, d, day].into_iter().all(u8::is_ascii_digit);
    let number = |tens: &u8, ones: &u8| u32::from(*tens) * 10 + u32::from(*ones) - 11 * u32::from(b'0');
    are_digits && (1..=12).contains(&number(m, o)) && (1..=28).contains(&number(d, day))
}

/// `hh:mm:ss`, with or without a fraction.
fn is_common_time(time: &[u8]) -> bool {
    let [h, hour, b':', m, minute, b':', s, second, fraction @ ..] = time else { return false };
    let are_digits = [h, hour, m, minute, s, second].into_iter().all(u8::is_ascii_digit);
    let is_fraction = match fraction {
        [] => true,
        [b'.', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    are_digits && (*h < b'2' || *h == b'2' && *hour < b'4') && *m < b'6' && *s < b'6' && is_fraction
}

/// The two joined by `T`, in UTC, without a time zone, or a whole number of hours from UTC.
fn is_common_date_time(text: &[u8]) -> bool {
    let Some((date, [b'T', time @ ..])) = text.split_first_chunk::<10>() else {
        return false;
    };
    let time = match time {
        [time @ .., b'Z'] | [time @ .., b'+' | b'-', b'0', b'0'..=b'9', b':', b'0', b'0'] => time,
        time => time,
    };
    is_common_date(date) && is_common_time(time)
}

/// The part of a text that has not been read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn after(&mut self, prefix: &str) -> Option<&mut Rest<'a>> {
        self.0 = self.0.strip_prefix(prefix)?;
        Some(self)
    }

    /// Exactly two digits, in a range.
    fn two_digits(&mut self, range: std::ops::RangeInclusive<i128>) -> Option<i128> {
        let (digits, rest) = self.0.split_at_checked(2)?;
        let value = number_of(digits).filter(|value| range.contains(value))?;
        self.0 = rest;
        Some(value)
    }

    fn digits(&mut self) -> &'a str {
        let end = self.0.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at_checked(end).unwrap_or_default();
        self.0 = rest;
        digits
    }

    /// Four digits, or more without a leading zero; no year 0000 (section 3.2.7.1).
    fn year(&mut self) -> Option<i128> {
        let negative = self.after("-").is_some();
        let digits = self.digits();
        let is_short = digits.len() == 4;
        if !is_short && (digits.len() < 4 || digits.starts_with('0') || digits.len() > YEAR_DIGITS) {
            return None;
        }
        let year = number_of(digits).filter(|year| *year != 0)?;
        Some(if negative { -year } else { year })
    }

    /// `hh:mm:ss`, with or without a fraction; 24:00:00 is the end of the day (section 3.2.7.1).
    fn time(&mut self) -> Option<(i128, &'a str)> {
        let hour = self.two_digits(0..=24)?;
        let minute = self.after(":")?.two_digits(0..=59)?;
        let second = self.after(":")?.two_digits(0..=59)?;
        let mut fraction = "";
        if self.after(".").is_some() {
            let digits = self.digits();
            if digits.is_empty() {
                return None;
            }
            fraction = digits.trim_end_matches('0');
        }
        let is_right = hour < 24 || minute == 0 && second == 0 && fraction.is_empty();
        is_right.then_some(((hour * 60 + minute) * 60 + second, fraction))
    }

    /// `Z`, or `+hh:mm` or `-hh:mm` up to 14 hours, and then the end; `Some(None)` if there is no time zone.
    fn time_zone(&mut self) -> Option<Option<i128>> {
        match self.0 {
            "" => return Some(None),
            "Z" => return Some(Some(0)),
            _ => {}
        }
        let sign = if self.after("+").is_some() {
            1
        } else {
            self.after("-")?;
            -1
        };
        let hours = self.two_digits(0..=14)?;
        let minutes = self.after(":")?.two_digits(0..=59)?;
        let distance = (hours * 60 + minutes) * 60;
        (self.0.is_empty() && distance <= FARTHEST_ZONE).then_some(Some(sign * distance))
    }
}

/// The value of a text of at most [`YEAR_DIGITS`] digits.
fn number_of(digits: &str) -> Option<i128> {
    let number = digits.bytes().try_fold(0_i64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit <= 9).then(|| number * 10 + i64::from(digit))
    });
    number.map(i128::from)
}

/// Appendix E, "maximumDayInMonthFor".
fn days_of_month(year: i128, month: i128) -> i128 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn is_leap(year: i128) -> bool {
    if let Ok(year) = i64::try_from(year) {
        return year.rem_euclid(4) == 0 && year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0;
    }
    year.rem_euclid(4) == 0 && year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0
}

/// Days from the beginning of year 1 to a day of the Gregorian calendar, extended to years before its introduction.
fn days_before(year: i128, month: i128, day: i128) -> i128 {
    let years = year - 1;
    let leap_days = match i64::try_from(years) {
        // 128-bit division takes several times as long.
        Ok(years) => i128::from(years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400)),
        Err(_) => years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400),
    };
    let months = (1..month).map(|month| days_of_month(year, month)).sum::<i128>();
    years * 365 + leap_days + months + day - 1
}

/// Seconds to the beginning of a month that is `months` after January of year 1.
pub(super) fn seconds_to_month(months: i128) -> i128 {
    days_before(months.div_euclid(12) + 1, months.rem_euclid(12) + 1, 1) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment<'_> {
        let types = [Fields::DateTime, Fields::Date, Fields::Time];
        types.into_iter().find_map(|fields| Moment::parse(text, fields)).expect("a moment")
    }

    #[test]
    fn lexical_spaces() {
        for (fields, right, wrong) in [
            (
                Fields::DateTime,
                &[
                    "2006-01-31T09:30:00",
                    "-0044-03-15T00:00:00.50Z",
                    "2000-02-29T24:00:00+14:00",
                    "12006-01-31T23:59:59",
                ][..],
                &[
                    "2006-01-31",
                    "0000-01-01T00:00:00",
                    "2006-02-29T00:00:00",
                    "2006-01-31T24:00:01",
                    "02006-01-31T00:00:00",
                    "2006-01-31T09:30:00.",
                    "2006-01-31T09:30:00+14:01",
                    "2006-01-31T09:30:60",
                    "2006-01-31t09:30:00",
                    "2006-1-31T09:30:00",
                    "2006-01-31T09:30:00z",
                    "+2006-01-31T09:30:00",
                    "2006-01-31T09:30:00 ",
                ][..],
            ),
            (Fields::Date, &["2006-01-31Z", "1900-02-28"], &["1900-02-29", "2006-13-01", "2006-00-01", "06-01-31"]),
            (Fields::Time, &["24:00:00", "00:00:00.000-05:00"], &["24:00:00.1", "25:00:00", "9:30:00"]),
            (Fields::YearMonth, &["2006-01", "2006-01+01:00"], &["2006", "2006-01-01"]),
            (Fields::Year, &["2006", "-0001", "2006Z"], &["206", "0000"]),
            (Fields::MonthDay, &["--02-29", "--12-31Z"], &["--02-30", "-02-28", "02-28"]),
            (Fields::Day, &["---31", "---01-01:00"], &["---32", "--31"]),
            (Fields::Month, &["--12", "--01Z"], &["--13", "-12", "--1", "--01--"]),
        ] {
            for text in right {
                assert!(Moment::parse(text, fields).is_some(), "{text}");
            }
            for text in wrong {
                assert!(Moment::parse(text, fields).is_none(), "{text}");
            }
        }
    }

    #[test]
    fn order_is_partial() {
        use Ordering::{Equal, Greater, Less};
        for (one, other, order) in [
            ("2000-01-15T00:00:00", "2000-02-15T00:00:00", Some(Less)),
            ("2000-01-15T12:00:00", "2000-01-16T12:00:00Z", Some(Less)),
            ("2000-01-16T12:00:00", "2000-01-16T12:00:00Z", None),
            ("2000-01-16T00:00:00", "2000-01-16T12:00:00Z", None),
            ("2000-01-17T03:00:00Z", "2000-01-16T12:00:00", Some(Greater)),
            ("2000-01-01T24:00:00Z", "2000-01-02T01:00:00+01:00", Some(Equal)),
            ("2000-01-01T00:00:00.5Z", "2000-01-01T00:00:00.50Z", Some(Equal)),
            ("2000-01-01T00:00:00.5Z", "2000-01-01T00:00:00.45Z", Some(Greater)),
            ("24:00:00", "00:00:00", Some(Equal)),
            ("12:00:00-10:00", "12:00:00-14:00", Some(Less)),
        ] {
            assert_eq!(moment(one).compare(&moment(other)), order, "{one} {other}");
            assert_eq!(moment(other).compare(&moment(one)), order.map(Ordering::reverse), "{other} {one}");
        }
    }

    #[test]
    fn months_begin_where_days_before_says() {
        assert_eq!(seconds_to_month(0), 0);
        assert_eq!(seconds_to_month(1971 * 12 + 2), days_before(1972, 3, 1) * DAY);
        assert_eq!(days_before(1970, 1, 1), 719_162);
    }
}
