//! Times and durations as people write them.

use jiff::{SignedDuration, Timestamp};

/// Parses a duration such as `30s`, `5 min` or `PT1H`.
pub(crate) fn span(text: &str) -> Result<SignedDuration, String> {
    match text.parse::<SignedDuration>() {
        Ok(span) if span.is_positive() && span.as_millis() > 0 => Ok(span),
        _ => Err("expected a span of time, such as `30s`, `5 min` or `PT1H`".to_owned()),
    }
}

/// Parses a date and time with a zone, in the form of RFC 3339.
pub(crate) fn timestamp(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "expected a time, such as `2024-05-01T12:00:00Z`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

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
