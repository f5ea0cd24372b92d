//! The processor time of contenders that run alternately.
//!
//! Processor time of the thread excludes other processes of a busy machine, and the least of many rounds is the least
//! disturbed one. In each round every contender runs once; the next round begins with another one, so that none always
//! follows the same neighbor.

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ThreadTime;

/// A reading takes at least this long, unless a single pass does anyway: the clock itself costs a few hundred nanoseconds.
const SHORTEST: Duration = Duration::from_millis(1);

/// Work to be timed: repeats it the given number of times and returns how long that took.
pub type Pass<'a> = Box<dyn FnMut(u32) -> Duration + 'a>;

/// A pass over documents.
pub fn over<'a>(documents: Vec<&'a [u8]>, mut act: impl FnMut(&'a [u8]) + 'a) -> Pass<'a> {
    Box::new(move |repeats| {
        let start = ThreadTime::now();
        for _ in 0..repeats {
            documents.iter().for_each(|document| act(black_box(document)));
        }
        start.elapsed()
    })
}

/// A pass that makes one value; the time to drop it is not counted.
pub fn making<'a, T: 'a>(mut make: impl FnMut() -> T + 'a) -> Pass<'a> {
    Box::new(move |repeats| {
        let once = |_| {
            let start = ThreadTime::now();
            let value = black_box(make());
            let elapsed = start.elapsed();
            drop(value);
            elapsed
        };
        (0..repeats).map(once).sum()
    })
}

/// How often each pass is timed.
#[derive(Debug, Clone, Copy)]
pub struct Rounds {
    pub at_most: usize,
    /// A pass that has taken this much processor time in all is not timed again.
    pub budget: Duration,
}

/// The least time of each pass.
pub fn take_turns(passes: &mut [Pass<'_>], rounds: Rounds) -> Vec<Duration> {
    let mut readings: Vec<Reading> = passes.iter_mut().map(Reading::first).collect();
    for round in 1..rounds.at_most {
        for turn in 0..passes.len() {
            let index = (round + turn) % passes.len();
            if readings[index].spent < rounds.budget {
                readings[index].take(&mut passes[index]);
            }
        }
    }
    readings.into_iter().map(|reading| reading.least).collect()
}

struct Reading {
    repeats: u32,
    least: Duration,
    spent: Duration,
}

impl Reading {
    /// Finds out how often the work must be repeated to be timed well.
    fn first(pass: &mut Pass<'_>) -> Reading {
        let once = pass(1).max(Duration::from_nanos(1));
        let repeats = u32::try_from(SHORTEST.as_nanos().div_ceil(once.as_nanos())).unwrap_or(u32::MAX);
        Reading { repeats, least: once, spent: once }
    }

    fn take(&mut self, pass: &mut Pass<'_>) {
        let time = pass(self.repeats);
        self.spent += time;
        self.least = self.least.min(time / self.repeats);
    }
}
