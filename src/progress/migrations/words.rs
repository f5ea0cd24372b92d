//! The notes below the row of a migration.

use crate::progress::Failure;

use super::amount::done;
use super::clock::Clock;
use super::migration::{Concern, Migration, Rate};
use super::time::{rfc3339, short};

/// The most characters that are shown of the description of a failure, or of a step; `--format json` has all of it.
const MOST_CHARACTERS: usize = 300;

/// What went wrong, causes for concern, and the speed.
pub fn notes(migration: &Migration) -> Vec<String> {
    let failure = migration.latest.progress.failure.as_ref().map(failure);
    let other_total = migration.total_before.as_ref().map(|before| {
        let total = migration.course.amount.total.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("the total changed from {before} to {total}: treated as another migration")
    });
    // The age already shows that a single message is old.
    let is_said = |concern: &&Concern| **concern != Concern::Stale || !migration.earlier.is_empty();
    let concerns = migration.course.concerns.iter().filter(is_said).map(|concern| words(concern, migration));
    failure.into_iter().chain(other_total).chain(concerns).chain(pace(migration)).collect()
}

/// A concern in words.
pub fn words(concern: &Concern, migration: &Migration) -> String {
    match concern {
        Concern::Backwards { from } => {
            format!("progress went back from {} to {}", done(from), done(&migration.course.amount))
        }
        Concern::Stalled { since: Some(since), span } => {
            format!("stalled since {} ({})", rfc3339(*since).unwrap_or_default(), short(*span))
        }
        Concern::Stalled { since: None, span } => format!("stalled for {}", short(*span)),
        Concern::Stale => {
            let time = migration.course.time.and_then(rfc3339).unwrap_or_default();
            format!("no message since {time} ({})", migration.course.age.map(short).unwrap_or_default())
        }
        Concern::EqualTimes => {
            "the file times are equal, so the rate is unknown: put dates into file names, or pass --interval".to_owned()
        }
    }
}

/// What went wrong.
pub fn failure(failure: &Failure<'_>) -> String {
    let text = cut(failure.text.as_deref().unwrap_or_default());
    match (&failure.code, text.is_empty()) {
        (Some(code), true) => code.to_string(),
        (Some(code), false) => format!("{code}: {text}"),
        (None, true) => "it does not say what went wrong".to_owned(),
        (None, false) => text,
    }
}

/// What is being done, on one line.
pub fn step(migration: &Migration) -> String {
    let step = migration.course.amount.step.as_deref().unwrap_or_default();
    cut(&step.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The beginning of a long text.
fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// `3 messages, 20m by the times of the files: 3.0 %/min, end about 2026-01-01T10:00:00Z`.
fn pace(migration: &Migration) -> Option<String> {
    let course = &migration.course;
    let end = course.estimated_end.and_then(rfc3339).map(|end| format!("end about {end}"));
    if migration.earlier.is_empty() {
        return end;
    }
    let messages = format!("{} messages", migration.earlier.len() + 1);
    let rate = course.rate.map(|rate| {
        let clock = migration.clock.map(Clock::words).unwrap_or_default();
        format!(", the last {} {clock}: {}", short(rate.span), per_time(rate))
    });
    let end = end.map(|end| format!(", {end}")).unwrap_or_default();
    Some(format!("{messages}{}{end}", rate.unwrap_or_default()))
}

/// The rate per unit of time that gives few digits.
fn per_time(rate: Rate) -> String {
    let hour = rate.percent_per_hour;
    let (value, unit) = match hour.abs() {
        rate if rate >= 600.0 => (hour / 60.0, "min"),
        rate if rate >= 1.0 => (hour, "h"),
        _ => (hour * 24.0, "day"),
    };
    format!("{value:.1} %/{unit}")
}

/// `3 migrations: 1 running, 2 succeeded`.
pub fn summary(migrations: &[Migration]) -> String {
    let all = ["pending", "running", "stalled", "succeeded", "failed", "stopped", "unknown"].into_iter();
    let count = |name| migrations.iter().filter(|migration| migration.state_name() == name).count();
    let parts: Vec<String> = all
        .map(|name| (count(name), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    format!("{}: {}", counted(migrations.len(), "migration"), parts.join(", "))
}

/// `1 error`, `2 errors`.
fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
