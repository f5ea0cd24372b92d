//! The progress of migrations between two status messages.

use packetcheck::Progress;
use packetcheck::progress::migrations::short;
use packetcheck::progress::{State, Unit};
use serde::Serialize;

/// A migration in both messages.
#[derive(Debug, Serialize)]
pub(super) struct Move {
    task: Option<String>,
    /// Its number if there are several, from 1.
    #[serde(skip)]
    number: Option<usize>,
    old: Snapshot,
    new: Snapshot,
}

/// What a message says about a migration.
#[derive(Debug, PartialEq, Serialize)]
struct Snapshot {
    state: State,
    percent: Option<f64>,
    completed: Option<String>,
    total: Option<String>,
    unit: Unit,
    step: Option<String>,
    remaining_seconds: Option<u64>,
}

impl Snapshot {
    fn of(progress: &Progress<'_>) -> Snapshot {
        Snapshot {
            state: progress.state,
            percent: progress.percent.map(|percent| (percent * 100.0).round() / 100.0),
            completed: progress.completed.as_ref().map(ToString::to_string),
            total: progress.total.as_ref().map(ToString::to_string),
            unit: progress.unit,
            step: progress.step.as_deref().map(str::to_owned),
            remaining_seconds: progress.remaining.map(|left| left.as_secs()),
        }
    }

    fn words(&self) -> [(&'static str, Option<String>); 5] {
        let unit = if self.unit == Unit::Bytes { " bytes" } else { "" };
        let amount = match (&self.completed, &self.total) {
            (Some(completed), Some(total)) => Some(format!("{completed} of {total}{unit}")),
            (Some(completed), None) => Some(format!("{completed}{unit}")),
            (None, _) => None,
        };
        let remaining = self.remaining_seconds.map(|left| i64::try_from(left).unwrap_or(i64::MAX).saturating_mul(1000));
        [
            ("state", Some(self.state.name().to_owned())),
            ("percent", self.percent.map(|percent| format!("{percent}%"))),
            ("done", amount),
            ("step", self.step.clone()),
            ("remaining", remaining.map(short)),
        ]
    }
}

/// The migrations in both messages, in order. Those with the same task belong together, or those at the same position
/// if no task is named.
pub(super) fn between(old: &[Progress<'_>], new: &[Progress<'_>]) -> Vec<Move> {
    let has_several = old.len() > 1 || new.len() > 1;
    let partner = |index: usize, progress: &Progress<'_>| match &progress.task {
        Some(task) => old.iter().find(|old| old.task.as_ref() == Some(task)),
        None => old.get(index).filter(|old| old.task.is_none()),
    };
    let moves = new.iter().enumerate().filter_map(|(index, progress)| {
        Some(Move {
            task: progress.task.as_deref().map(str::to_owned),
            number: has_several.then_some(index + 1),
            old: Snapshot::of(partner(index, progress)?),
            new: Snapshot::of(progress),
        })
    });
    moves.collect()
}

impl Move {
    /// Its name, and what has changed: `  percent: 40% -> 60%`.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let title = match (&self.task, self.number) {
            (Some(task), _) => format!("migration {task}"),
            (None, Some(number)) => format!("migration {number}"),
            (None, None) => "migration".to_owned(),
        };
        let pairs = self.old.words().into_iter().zip(self.new.words());
        let changed = pairs.filter(|((_, old), (_, new))| old != new).map(|((name, old), (_, new))| {
            let shown = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
            format!("  {name}: {} -> {}", shown(old), shown(new))
        });
        let changed: Vec<String> = changed.collect();
        let title = (!changed.is_empty()).then_some(title);
        title.into_iter().chain(changed)
    }
}
