//! Chooses the clock that tells when messages were made.

use serde::Serialize;

use super::natural;
use super::record::Record;

/// The shortest time between messages that distinguishes them: copied files get nearly the same time.
pub(super) const LEAST_SPAN: i64 = 1000;

/// Where times come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// Dates in the messages.
    Message,
    /// Dates in the names of the files.
    Name,
    /// When the files were last changed.
    File,
    /// One message after another, as far apart as `--interval` says.
    Interval,
}

impl Clock {
    pub fn words(self) -> &'static str {
        match self {
            Clock::Message => "by the dates in them",
            Clock::Name => "by the dates in file names",
            Clock::File => "by the times of the files",
            Clock::Interval => "by the given interval",
        }
    }
}

/// What determines when the messages of a migration were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// All of them have a time, and not all the same one.
    By(Clock),
    /// Their files have the same age, and there is no other evidence.
    Equal,
    /// There is only one message, or their times come from different clocks.
    Each,
}

/// Gives each message its time by one clock, the first that distinguishes all of them: the messages themselves, the
/// names of the files, the files, the interval. Sorts them by time, and those with the same time by name.
pub(super) fn set(records: &mut [Record], interval: Option<i64>) -> Choice {
    let choice = choose(records, interval);
    records.sort_by(|one, other| natural::compare(&one.path, &other.path).then(one.answer.cmp(&other.answer)));
    for (index, record) in records.iter_mut().enumerate() {
        record.time = match choice {
            Choice::By(Clock::Message) => record.sent.or(record.progress.not_before),
            Choice::By(Clock::Name) => record.named,
            Choice::By(Clock::File) => record.file_time,
            Choice::By(Clock::Interval) => {
                interval.and_then(|interval| interval.checked_mul(i64::try_from(index).ok()?))
            }
            Choice::Equal | Choice::Each => record.best_time(),
        };
    }
    records.sort_by_key(|record| record.time);
    choice
}

fn choose(records: &[Record], interval: Option<i64>) -> Choice {
    if records.len() < 2 {
        return Choice::Each;
    }
    // A date in a message may be that of a step which began long before; the date in its head is when it was sent.
    let (sent, named) = (spread(records, |record| record.sent), spread(records, |record| record.named));
    let files = spread(records, |record| record.file_time);
    let steps = spread(records, |record| record.progress.not_before).filter(|steps| *steps >= LEAST_SPAN);
    let tells = |spread: Option<i64>| spread.is_some_and(|spread| spread >= LEAST_SPAN);
    // Copies are made within a shorter time than the originals.
    let are_copies = steps.zip(files).is_some_and(|(steps, files)| files < steps / 2);
    match interval {
        _ if tells(sent) => Choice::By(Clock::Message),
        _ if tells(named) => Choice::By(Clock::Name),
        _ if tells(files) && !are_copies => Choice::By(Clock::File),
        _ if steps.is_some() => Choice::By(Clock::Message),
        Some(_) => Choice::By(Clock::Interval),
        None if files.is_some() => Choice::Equal,
        None => Choice::Each,
    }
}

/// The time from the earliest to the latest, if all have one.
fn spread(records: &[Record], time: impl Fn(&Record) -> Option<i64>) -> Option<i64> {
    let times: Option<Vec<i64>> = records.iter().map(time).collect();
    let times = times?;
    Some(times.iter().max()?.saturating_sub(*times.iter().min()?))
}
