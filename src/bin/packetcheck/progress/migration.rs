//! Messages of one task in order of time: how fast it goes, and when it will end.

use std::collections::HashMap;

use packetcheck::codec::Integer;
use packetcheck::progress::{Failure, State, System, Unit};
use packetcheck::{PacketKind, Progress};
use serde::Serialize;

use super::time::rfc3339;

/// The least time between two messages that says how fast it goes: files that are copied get nearly the same time.
const LEAST_SPAN: i64 = 1000;

/// What one message says of one migration.
#[derive(Debug)]
pub(super) struct Record {
    /// Of the file, for people.
    pub(super) name: String,
    /// Of the file, for programs.
    pub(super) path: String,
    /// Its bytes, where they are not Unicode.
    pub(super) path_bytes: Option<String>,
    /// Which of several answers in a packet it is, from 1.
    pub(super) answer: Option<usize>,
    /// It was in a capture of HTTP, with others.
    pub(super) is_captured: bool,
    pub(super) kind: PacketKind,
    /// When the file was last changed, in milliseconds since 1970; of standard input: now. Not of messages in a
    /// capture that have dates.
    pub(super) file_time: Option<i64>,
    pub(super) progress: Progress<'static>,
}

/// All that is known of one migration.
#[derive(Debug)]
pub(super) struct Line {
    /// The newest message.
    pub(super) latest: Record,
    /// Those before it, oldest first.
    pub(super) earlier: Vec<Record>,
}

/// Where a time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Clock {
    /// A date in the messages.
    Message,
    /// When the files were last changed.
    File,
}

/// How fast a migration goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rate {
    /// In percent of the whole.
    pub(super) percent_per_hour: f64,
    /// Between the messages that it is taken from, in milliseconds.
    pub(super) span: i64,
    pub(super) clock: Clock,
}

/// Puts the messages of the same task together, in order of time. With `one_task` those that name no task are taken
/// to be about the same one (the same answer of their packets, if there are several), for each system.
pub(super) fn join(records: Vec<Record>, one_task: bool) -> Vec<Line> {
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut tasks: Vec<Vec<Record>> = Vec::new();
    for record in records {
        let place = match Key::of(&record, one_task) {
            Some(key) => *places.entry(key).or_insert(tasks.len()),
            None => tasks.len(),
        };
        match tasks.get_mut(place) {
            Some(task) => task.push(record),
            None => tasks.push(vec![record]),
        }
    }
    tasks.into_iter().filter_map(Line::new).collect()
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// A task of a server; without captures the server is not known.
    Named(System, Option<String>, String),
    Answer(System, Option<usize>),
}

impl Key {
    fn of(record: &Record, one_task: bool) -> Option<Key> {
        match &record.progress.task {
            Some(task) => {
                let server = record.progress.server.as_ref().map(ToString::to_string);
                Some(Key::Named(record.progress.system, server, task.to_string()))
            }
            None => one_task.then_some(Key::Answer(record.progress.system, record.answer)),
        }
    }
}

impl Line {
    /// In the order of the newest date in each message, if all have one, then of the times of their files.
    fn new(mut records: Vec<Record>) -> Option<Line> {
        let dated = records.iter().all(|record| record.progress.not_before.is_some());
        records.sort_by_key(|record| (record.progress.not_before.filter(|_| dated), record.file_time));
        let latest = records.pop()?;
        Some(Line { latest, earlier: records })
    }

    /// How it is called: the task, where several messages are about it or are in one file, otherwise the file.
    pub(super) fn name(&self) -> String {
        match (&self.latest.progress.task, self.latest.answer) {
            (Some(task), _) if !self.earlier.is_empty() || self.latest.is_captured => task.to_string(),
            (_, Some(answer)) => format!("{}[{answer}]", self.latest.name),
            (_, None) => self.latest.name.clone(),
        }
    }

    /// From the first to the last message that has a share; nothing if hardly any time passed between them.
    pub(super) fn rate(&self) -> Option<Rate> {
        let to = &self.latest;
        let percent = to.progress.percent?;
        let (from, before) = self.earlier.iter().find_map(|record| Some((record, record.progress.percent?)))?;
        let (span, clock) = span(from, to)?;
        let percent_per_hour = (percent - before) / span as f64 * 3_600_000.0;
        Some(Rate { percent_per_hour, span, clock })
    }

    /// When it will end, in milliseconds since 1970: as the newest message says, otherwise by the rate. Nothing for
    /// what is over, or does not move.
    pub(super) fn estimated_end(&self) -> Option<i64> {
        let progress = &self.latest.progress;
        if !matches!(progress.state, State::Running | State::Pending) {
            return None;
        }
        self.remaining_milliseconds()
            .and_then(|remaining| self.time()?.checked_add(remaining))
            .or(progress.estimated_end)
    }

    /// How long it will take yet, in milliseconds.
    pub(super) fn remaining_milliseconds(&self) -> Option<i64> {
        let progress = &self.latest.progress;
        if !matches!(progress.state, State::Running | State::Pending) {
            return None;
        }
        let said = progress.remaining.map(|remaining| i64::try_from(remaining.as_millis()).unwrap_or(i64::MAX));
        let dated = || progress.estimated_end?.checked_sub(self.time()?).filter(|left| *left >= 0);
        let by_rate = || {
            let rate = self.rate().filter(|rate| rate.percent_per_hour > 0.0)?;
            // What does not fit an integer is as far away as one can say.
            Some(((100.0 - progress.percent?) / rate.percent_per_hour * 3_600_000.0) as i64)
        };
        said.or_else(dated).or_else(by_rate)
    }

    /// When the newest message was made, as far as is known: when its file was changed, and not before its dates.
    fn time(&self) -> Option<i64> {
        self.latest.file_time.max(self.latest.progress.not_before)
    }

    /// The line for programs.
    pub(super) fn to_json(&self) -> JsonLine<'_> {
        let Record { path, path_bytes, answer, kind, progress, .. } = &self.latest;
        let rate = self.rate();
        JsonLine {
            path,
            path_bytes: path_bytes.as_deref(),
            answer: *answer,
            kind: *kind,
            system: progress.system,
            server: progress.server.as_deref(),
            task: progress.task.as_deref(),
            state: progress.state,
            original: progress.original.as_deref(),
            step: progress.step.as_deref(),
            completed: progress.completed.as_ref(),
            total: progress.total.as_ref(),
            unit: progress.unit,
            percent: progress.percent.map(hundredths),
            remaining_seconds: self.remaining_milliseconds().map(|left| left / 1000),
            failure: progress.failure.as_ref(),
            time: self.time().and_then(rfc3339),
            estimated_end: self.estimated_end().and_then(rfc3339),
            percent_per_hour: rate.map(|rate| hundredths(rate.percent_per_hour)),
            clock: rate.map(|rate| rate.clock),
            earlier: self.earlier.iter().map(|record| record.path.as_str()).collect(),
        }
    }
}

/// The time from one message to another. The times of their files tell it best, unless the dates in the messages prove
/// that the files were changed later, as copies are.
fn span(from: &Record, to: &Record) -> Option<(i64, Clock)> {
    let between = |from: Option<i64>, to: Option<i64>| to?.checked_sub(from?).filter(|span| *span >= LEAST_SPAN);
    let files = between(from.file_time, to.file_time).map(|span| (span, Clock::File));
    let messages = between(from.progress.not_before, to.progress.not_before).map(|span| (span, Clock::Message));
    match (files, messages) {
        (Some((files, _)), Some((messages, _))) if files < messages / 2 => Some((messages, Clock::Message)),
        (files, messages) => files.or(messages),
    }
}

/// Rounded, as more digits say nothing.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A line with `--format json`.
#[derive(Debug, Serialize)]
pub(super) struct JsonLine<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<usize>,
    kind: PacketKind,
    system: System,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<&'a str>,
    task: Option<&'a str>,
    state: State,
    original: Option<&'a str>,
    step: Option<&'a str>,
    completed: Option<&'a Integer<'static>>,
    total: Option<&'a Integer<'static>>,
    unit: Unit,
    percent: Option<f64>,
    remaining_seconds: Option<i64>,
    failure: Option<&'a Failure<'static>>,
    time: Option<String>,
    estimated_end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent_per_hour: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<Clock>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<&'a str>,
}
