//! A migration by its messages in order of time: its progress, its speed, its estimated end, and causes for concern.

use std::cmp::Ordering;

use crate::Progress;
use crate::codec::Integer;
use crate::progress::{State, Unit};

use super::clock::{Choice, Clock, LEAST_SPAN};
use super::record::Record;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// Within this time nothing is reported as stalled or stale.
const LEAST_WAIT: i64 = 10 * MINUTE;

/// Used if the usual length of a step or of a pause between two messages is unknown.
const UNKNOWN_WAIT: i64 = HOUR;

/// This many times the longest time so far is still normal.
const PATIENCE: i64 = 3;

/// The window of the rate contains this many changes, and is at least this part of the whole time.
const CHANGES_IN_WINDOW: usize = 5;
const PART_IN_WINDOW: i64 = 10;

/// Everything that is known about one migration.
#[derive(Debug)]
pub struct Migration {
    /// Its name.
    pub name: String,
    /// The newest message.
    pub latest: Record,
    /// The earlier messages, oldest first.
    pub earlier: Vec<Record>,
    /// The clock of their times, if it is the same for all.
    pub clock: Option<Clock>,
    /// The total of the previous migration: a different total is what separates the two.
    pub total_before: Option<String>,
    pub course: Course,
}

/// What messages in order of time show together.
#[derive(Debug, Default)]
pub struct Course {
    pub amount: Amount,
    pub rate: Option<Rate>,
    /// The remaining time, in milliseconds.
    pub remaining: Option<i64>,
    /// When it will end, in milliseconds since 1970.
    pub estimated_end: Option<i64>,
    /// When the newest message was made, if known.
    pub time: Option<i64>,
    /// How long ago that was, in milliseconds.
    pub age: Option<i64>,
    pub concerns: Vec<Concern>,
}

/// How much is done, by the newest message that says so.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Amount {
    pub completed: Option<Integer<'static>>,
    pub total: Option<Integer<'static>>,
    pub percent: Option<f64>,
    pub is_bytes: bool,
    pub step: Option<String>,
}

/// The speed of a migration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// In percent of the whole.
    pub percent_per_hour: f64,
    /// The length of the window it was measured in, in milliseconds.
    pub span: i64,
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq)]
pub enum Concern {
    /// More was done at an earlier time.
    Backwards { from: Amount },
    /// Nothing has changed since then, for this long up to the newest message.
    Stalled { since: Option<i64>, span: i64 },
    /// The newest message is old.
    Stale,
    /// The files have the same age, and nothing else shows the order of the messages.
    EqualTimes,
}

/// How good or bad a state is; pages have a colour for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Runs,
    Good,
    Bad,
    Doubt,
}

impl Concern {
    /// Its name in JSON and for `--fail-on`.
    pub fn name(&self) -> &'static str {
        match self {
            Concern::Backwards { .. } => "backwards",
            Concern::Stalled { .. } => "stalled",
            Concern::Stale => "stale",
            Concern::EqualTimes => "equal-times",
        }
    }
}

impl Migration {
    /// Oldest first.
    pub fn records(&self) -> impl Iterator<Item = &Record> + Clone {
        self.earlier.iter().chain([&self.latest])
    }

    /// A key that stays the same from one look to the next, as far as possible.
    pub fn key(&self) -> String {
        let server = self.latest.progress.server.as_deref().unwrap_or_default();
        let total = self.course.amount.total.as_ref().filter(|_| self.latest.progress.task.is_none());
        let total = total.map(ToString::to_string).unwrap_or_default();
        format!("{}\n{server}\n{}\n{total}", self.latest.progress.system.name(), self.name)
    }

    pub fn state(&self) -> State {
        self.latest.progress.state
    }

    /// How good or bad its state is.
    pub fn tone(&self) -> Tone {
        match self.state() {
            State::Running | State::Pending if !self.course.concerns.is_empty() => Tone::Doubt,
            State::Pending | State::Running => Tone::Runs,
            State::Succeeded => Tone::Good,
            State::Failed => Tone::Bad,
            State::Stopped | State::Unknown => Tone::Doubt,
        }
    }

    pub fn stalled(&self) -> Option<(Option<i64>, i64)> {
        self.course.concerns.iter().find_map(|concern| match concern {
            Concern::Stalled { since, span } => Some((*since, *span)),
            _ => None,
        })
    }

    /// Its state, or `stalled` if it is running but not progressing.
    pub fn state_name(&self) -> &'static str {
        if self.stalled().is_some() { "stalled" } else { self.state().name() }
    }
}

impl Tone {
    /// In lower case.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Runs => "runs",
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Doubt => "doubt",
        }
    }
}

impl Amount {
    pub fn of(progress: &Progress<'static>) -> Amount {
        Amount {
            completed: progress.completed.clone(),
            total: progress.total.clone(),
            percent: progress.percent,
            is_bytes: progress.unit == Unit::Bytes,
            step: progress.step.as_deref().map(str::to_owned),
        }
    }
}

impl Course {
    /// From messages in order of time.
    pub fn of(records: &[Record], choice: Choice, now: i64) -> Course {
        let Some(latest) = records.last() else { return Course::default() };
        let progress = &latest.progress;
        let clock = match choice {
            Choice::By(clock) => Some(clock),
            Choice::Equal | Choice::Each => None,
        };
        let history = History { points: records.iter().filter(|record| has_history(record)).collect(), clock };
        let is_open = matches!(progress.state, State::Running | State::Pending);
        let time = match choice {
            Choice::By(Clock::Interval) | Choice::Equal => None,
            Choice::By(Clock::File) => latest.time.max(progress.not_before),
            _ => latest.time,
        };
        let age = time.map(|time| now.saturating_sub(time).max(0));
        let mut concerns = Vec::new();
        if choice == Choice::Equal && !progress.state.is_over() {
            concerns.push(Concern::EqualTimes);
        }
        if is_open && choice != Choice::Equal && latest.has_amount() {
            concerns.extend(history.went_back());
            concerns.extend(history.stands_still());
        }
        if !progress.state.is_over() && age.is_some_and(|age| age > longest_pause(records, clock)) {
            concerns.push(Concern::Stale);
        }
        let is_steady = concerns.iter().all(|concern| *concern == Concern::Stale);
        let rate = history.rate().filter(|_| is_steady && latest.has_amount());
        let mut course = Course { amount: amount(records), rate, time, age, concerns, ..Course::default() };
        if is_open && course.concerns.is_empty() {
            course.estimate(progress);
        }
        course
    }

    /// The estimate of the newest message, otherwise one by the rate. None for a migration that does not progress.
    fn estimate(&mut self, progress: &Progress<'_>) {
        let said = progress.remaining.map(|remaining| i64::try_from(remaining.as_millis()).unwrap_or(i64::MAX));
        let dated = || progress.estimated_end?.checked_sub(self.time?).filter(|left| *left >= 0);
        let by_rate = || {
            let rate = self.rate.filter(|rate| rate.percent_per_hour > 0.0)?;
            // A value that does not fit an integer is as far away as can be expressed.
            Some(((100.0 - progress.percent?) / rate.percent_per_hour * HOUR as f64) as i64)
        };
        self.remaining = said.or_else(dated).or_else(by_rate);
        let end = self.remaining.and_then(|remaining| self.time?.checked_add(remaining));
        self.estimated_end = end.or(progress.estimated_end);
    }
}

/// Whether what a message says about the amount is part of a history; that all of it is done, without a number, is not.
fn has_history(record: &Record) -> bool {
    record.has_amount() && (record.progress.state != State::Succeeded || record.progress.completed.is_some())
}

/// The amount of the newest message; if that reports a failure, or no amount, the last known one.
fn amount(records: &[Record]) -> Amount {
    let Some(latest) = records.last() else { return Amount::default() };
    let newest = Amount::of(&latest.progress);
    let is_missing = !latest.has_amount() && latest.progress.total.is_none();
    match records.iter().rev().find(|record| record.has_amount()) {
        Some(known) if is_missing && known.progress.state != State::Succeeded => Amount::of(&known.progress),
        _ => newest,
    }
}

/// The longest time until the next message before the newest one counts as stale.
fn longest_pause(records: &[Record], clock: Option<Clock>) -> i64 {
    let recent = records.iter().rev().take(CHANGES_IN_WINDOW + 1);
    let times: Vec<i64> = recent.filter_map(|record| record.time).collect();
    let pauses = times.windows(2).map(|pair| pair[0].saturating_sub(pair[1]));
    match pauses.max().filter(|_| clock.is_some()) {
        Some(longest) => longest.saturating_mul(PATIENCE).max(LEAST_WAIT),
        None => UNKNOWN_WAIT,
    }
}

/// The messages that say how much is done, oldest first.
struct History<'r> {
    points: Vec<&'r Record>,
    clock: Option<Clock>,
}

impl History<'_> {
    /// More was done at an earlier time, out of the same total.
    fn went_back(&self) -> Option<Concern> {
        let (latest, earlier) = self.points.split_last()?;
        let more = |point: &&&Record| compare(point, latest) == Some(Ordering::Greater);
        let farther = |one: &&Record, other: &&Record| compare(one, other).unwrap_or(Ordering::Equal);
        let most = earlier.iter().filter(more).copied().max_by(farther)?;
        Some(Concern::Backwards { from: Amount::of(&most.progress) })
    }

    /// It has not changed for much longer than any change took before.
    fn stands_still(&self) -> Option<Concern> {
        let clock = self.clock?;
        let latest = self.points.last()?;
        let still = self.points.iter().rev().take_while(|point| is_same(point, latest)).count();
        let (moving, still) = self.points.split_at_checked(self.points.len().checked_sub(still)?)?;
        let since = still.first()?.time?;
        let span = latest.time?.checked_sub(since)?;
        // When it changed; it began with the first message or before.
        let changed = moving.iter().scan(None, |before: &mut Option<&Record>, point| {
            let is_change = before.is_none_or(|before| !is_same(before, point));
            *before = Some(point);
            Some(point.time.filter(|_| is_change))
        });
        let changes: Vec<i64> = changed.flatten().chain([since]).collect();
        let longest = changes.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).max();
        let usual = longest.map_or(UNKNOWN_WAIT, |longest| longest.saturating_mul(PATIENCE).max(LEAST_WAIT));
        let since = (clock != Clock::Interval).then_some(since);
        (still.len() > 2 && span >= usual).then_some(Concern::Stalled { since, span })
    }

    /// The rate of the newest messages: enough for several changes of the amount, and for a significant part of the
    /// whole time.
    fn rate(&self) -> Option<Rate> {
        self.clock?;
        let (latest, earlier) = self.points.split_last()?;
        let whole = latest.time?.checked_sub(earlier.first()?.time?)?;
        let (mut from, mut changes) = (*latest, 0);
        for point in earlier.iter().rev() {
            let is_enough = changes >= CHANGES_IN_WINDOW
                && from.time.is_some_and(|time| latest.time.is_some_and(|end| end - time >= whole / PART_IN_WINDOW));
            match compare(point, from) {
                Some(Ordering::Less) if !is_enough => changes += 1,
                Some(Ordering::Equal) => {}
                _ => break,
            }
            from = point;
        }
        let span = latest.time?.checked_sub(from.time?).filter(|span| *span >= LEAST_SPAN)?;
        let percent = latest.progress.percent? - from.progress.percent?;
        Some(Rate { percent_per_hour: percent / span as f64 * HOUR as f64, span })
    }
}

/// Which of two messages says that more is done; `None` if they count different things.
fn compare(one: &Record, other: &Record) -> Option<Ordering> {
    let (one, other) = (&one.progress, &other.progress);
    let completed = || one.completed.as_ref().zip(other.completed.as_ref()).map(|(one, other)| one.cmp(other));
    if one.total != other.total {
        return None;
    }
    match one.percent.zip(other.percent).and_then(|(one, other)| one.partial_cmp(&other)) {
        Some(Ordering::Equal) => Some(completed().unwrap_or(Ordering::Equal)),
        Some(order) => Some(order),
        None => completed(),
    }
}

/// Whether nothing happened between two messages.
fn is_same(one: &Record, other: &Record) -> bool {
    compare(one, other) == Some(Ordering::Equal) && one.progress.step == other.progress.step
}
