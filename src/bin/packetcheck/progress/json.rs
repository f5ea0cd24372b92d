//! Migrations for programs.

use packetcheck::PacketKind;
use packetcheck::codec::Integer;
use packetcheck::progress::migrations::{Clock, Concern, Migration, rfc3339};
use packetcheck::progress::{Failure, State, System, Unit};
use serde::Serialize;

/// A migration with `--format json`.
#[derive(Debug, Serialize)]
pub(super) struct JsonMigration<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<usize>,
    name: &'a str,
    kind: PacketKind,
    system: System,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<&'a str>,
    task: Option<&'a str>,
    state: State,
    original: Option<&'a str>,
    /// As with `completed`, `total` and `percent`, the last known value if the newest message is a failure.
    step: Option<&'a str>,
    completed: Option<&'a Integer<'static>>,
    total: Option<&'a Integer<'static>>,
    unit: Unit,
    percent: Option<f64>,
    remaining_seconds: Option<i64>,
    failure: Option<&'a Failure<'static>>,
    time: Option<String>,
    age_seconds: Option<i64>,
    estimated_end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent_per_hour: Option<f64>,
    /// The time span that the rate was calculated from.
    #[serde(skip_serializing_if = "Option::is_none")]
    window_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<Clock>,
    /// `stalled`, `backwards`, `stale`, `equal-times`
    concerns: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stalled_since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stalled_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    went_back_from: Option<WentBack<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_before: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct WentBack<'a> {
    completed: Option<&'a Integer<'static>>,
    percent: Option<f64>,
}

impl<'a> JsonMigration<'a> {
    pub(super) fn of(migration: &'a Migration) -> JsonMigration<'a> {
        let (latest, course) = (&migration.latest, &migration.course);
        let (progress, amount) = (&latest.progress, &course.amount);
        let stalled = migration.stalled();
        let went_back = course.concerns.iter().find_map(|concern| match concern {
            Concern::Backwards { from } => Some(from),
            _ => None,
        });
        JsonMigration {
            path: &latest.path,
            path_bytes: latest.path_bytes.as_deref(),
            answer: latest.answer,
            name: &migration.name,
            kind: latest.kind,
            system: progress.system,
            server: progress.server.as_deref(),
            task: progress.task.as_deref(),
            state: progress.state,
            original: progress.original.as_deref(),
            step: amount.step.as_deref(),
            completed: amount.completed.as_ref(),
            total: amount.total.as_ref(),
            unit: if amount.is_bytes { Unit::Bytes } else { progress.unit },
            percent: amount.percent.map(hundredths),
            remaining_seconds: course.remaining.map(|left| left / 1000),
            failure: progress.failure.as_ref(),
            time: course.time.and_then(rfc3339),
            age_seconds: course.age.map(|age| age / 1000),
            estimated_end: course.estimated_end.and_then(rfc3339),
            percent_per_hour: course.rate.map(|rate| hundredths(rate.percent_per_hour)),
            window_seconds: course.rate.map(|rate| rate.span / 1000),
            clock: migration.clock,
            concerns: course.concerns.iter().map(Concern::name).collect(),
            stalled_since: stalled.and_then(|(since, _)| since).and_then(rfc3339),
            stalled_seconds: stalled.map(|(_, span)| span / 1000),
            went_back_from: went_back
                .map(|from| WentBack { completed: from.completed.as_ref(), percent: from.percent.map(hundredths) }),
            total_before: migration.total_before.as_deref(),
            earlier: migration.earlier.iter().map(|record| record.path.as_str()).collect(),
        }
    }
}

/// Rounds to hundredths, since more digits have no meaning.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
