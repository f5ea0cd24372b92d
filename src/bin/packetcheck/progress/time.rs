//! Times in UTC, as RFC 3339 writes them.

const MILLISECONDS_A_DAY: i64 = 86_400_000;

/// A time in milliseconds since 1970, to the second. Nothing for years that are not written with four digits.
pub(super) fn rfc3339(milliseconds: i64) -> Option<String> {
    let (year, month, day) = date(milliseconds.div_euclid(MILLISECONDS_A_DAY))?;
    let seconds = milliseconds.rem_euclid(MILLISECONDS_A_DAY) / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// The day of the Gregorian calendar that is so many days behind 1970-01-01, for the years 0 to 9999.
fn date(days: i64) -> Option<(i64, i64, i64)> {
    // Counted from 0000-03-01, so that the day that a leap year has more comes last, in eras of 400 years.
    let days = days.checked_add(719_468)?;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (0..=9999).contains(&year).then_some((year, month, day))
}

/// A length of time in few characters: `45s`, `12m`, `3h05m`, `4d03h`.
pub(super) fn short(milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (1000.., _, _) => ">999d".to_owned(),
        (1.., _, _) => format!("{days}d{:02}h", hours % 24),
        (_, 1.., _) => format!("{hours}h{:02}m", minutes % 60),
        (_, _, 1..) => format!("{minutes}m"),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (951_868_800_000, "2000-03-01T00:00:00Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (253_402_300_799_000, "9999-12-31T23:59:59Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00Z"),
        ];
        for (milliseconds, text) in cases {
            assert_eq!(rfc3339(milliseconds).as_deref(), Some(text));
        }
        for milliseconds in [253_402_300_800_000, -62_167_219_200_001, i64::MAX, i64::MIN] {
            assert_eq!(rfc3339(milliseconds), None);
        }
    }

    #[test]
    fn lengths_are_short() {
        let day = MILLISECONDS_A_DAY;
        let cases =
            [(999, "0s"), (59_000, "59s"), (60_000, "1m"), (3_900_000, "1h05m"), (day * 4 + 11_000_000, "4d03h")];
        for (milliseconds, text) in cases {
            assert_eq!(short(milliseconds), text);
        }
        assert_eq!(short(i64::MAX), ">999d");
    }
}
