//! Times in UTC, in the format of RFC 3339, and durations.

use crate::text::calendar::date;

const DAY: i64 = 86_400;

/// A time in milliseconds since 1970, to the second. `None` for years that do not have four digits.
pub fn rfc3339(milliseconds: i64) -> Option<String> {
    let seconds = milliseconds.div_euclid(1000);
    let (year, month, day) = date(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let time = || format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    (0..=9999).contains(&year).then(time)
}

/// A duration in few characters: `45s`, `12m`, `3h05m`, `4d03h`.
pub fn short(milliseconds: i64) -> String {
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
        let day = 86_400_000;
        let cases =
            [(999, "0s"), (59_000, "59s"), (60_000, "1m"), (3_900_000, "1h05m"), (day * 4 + 11_000_000, "4d03h")];
        for (milliseconds, text) in cases {
            assert_eq!(short(milliseconds), text);
        }
        assert_eq!(short(i64::MAX), ">999d");
    }
}
