//! Times in UTC, as RFC 3339 writes them, and spans.

use jiff::{SignedDuration, Timestamp};

/// The first second of the year 0.
const EARLIEST: i64 = -62_167_219_200;

/// A time in milliseconds since 1970, to the second. Nothing for years that are not written with four digits.
pub(super) fn rfc3339(milliseconds: i64) -> Option<String> {
    let seconds = milliseconds.div_euclid(1000);
    let time = Timestamp::from_second(seconds).ok().filter(|_| seconds >= EARLIEST)?;
    Some(time.to_string())
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

/// A span that people write: `30s`, `5 min`, `PT1H`.
pub(crate) fn span(text: &str) -> Result<SignedDuration, String> {
    match text.parse::<SignedDuration>() {
        Ok(span) if span.is_positive() && span.as_millis() > 0 => Ok(span),
        _ => Err("expected a span of time, such as `30s`, `5 min` or `PT1H`".to_owned()),
    }
}

/// A date and time with a zone, as RFC 3339 writes it.
pub(crate) fn timestamp(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "expected a time, such as `2024-05-01T12:00:00Z`".to_owned())
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

    #[test]
    fn spans_are_as_people_write_them() {
        for (text, seconds) in [("30s", 30), ("5 min", 300), ("1h30m", 5400), ("PT1H", 3600)] {
            assert_eq!(span(text).map(|span| span.as_secs()), Ok(seconds), "{text}");
        }
        for text in ["", "30", "-1s", "0s", "soon"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
