//! Runs jobs on several threads, and passes on their results as they come.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::status::Trouble;

/// How many jobs per thread can be in progress or have results waiting: it bounds the memory, however many jobs there
/// are.
const AHEAD_PER_THREAD: usize = 64;

/// Results are passed on in the order of the jobs, unless one takes this much longer than those after it.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the caller is notified that work is in progress.
const TICK: Duration = Duration::from_millis(200);

/// A job returns its results here, one after another.
pub(crate) type Give<'g, R> = dyn FnMut(R) + 'g;

/// Runs all jobs and passes on their results as they come: each call gets all that are ready, possibly none.
///
/// `threads`: their number, if it is given. If no thread can be started, or there is only one job and it does not wait
/// for its input, the work is done on this thread. An error ends the work at once, even while a job waits for its
/// input.
pub(crate) fn work<J: Send + 'static, R: Send + 'static>(
    jobs: impl Iterator<Item = J>,
    threads: Option<usize>,
    may_wait: impl Fn(&J) -> bool,
    job: impl Fn(J, &mut Give<'_, R>) + Send + Sync + 'static,
    mut show: impl FnMut(Vec<R>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut jobs = jobs.peekable();
    let Some(first) = jobs.next() else { return Ok(()) };
    let job = Arc::new(job);
    // Starting threads takes longer than most jobs.
    let pool = if jobs.peek().is_some() || may_wait(&first) { Pool::start(&job, threads) } else { None };
    let mut jobs = std::iter::once(first).chain(jobs);
    if let Some(pool) = pool {
        return pool.work(jobs, show);
    }
    jobs.try_for_each(|next| {
        let mut shown = Ok(());
        job(next, &mut |result| {
            if shown.is_ok() {
                shown = show(vec![result]);
            }
        });
        shown
    })
}

struct Pool<J, R> {
    jobs: Sender<(usize, J)>,
    results: Receiver<(usize, Part<R>)>,
    threads: usize,
}

/// The result of a job.
enum Part<R> {
    Result(R),
    /// The job is finished.
    End,
}

impl<J: Send + 'static, R: Send + 'static> Pool<J, R> {
    /// One thread for each processor and at least two, since one may be waiting for its input; fewer if the system does
    /// not allow more. `None` if none can be started.
    fn start(
        job: &Arc<impl Fn(J, &mut Give<'_, R>) + Send + Sync + 'static>,
        threads: Option<usize>,
    ) -> Option<Pool<J, R>> {
        let wanted = threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get).max(2));
        let (jobs, queue) = channel::<(usize, J)>();
        // The workers wait for the thread that shows results.
        let (outlet, results) = sync_channel(AHEAD_PER_THREAD * wanted);
        let queue = Arc::new(Mutex::new(queue));
        let start = |_: &usize| {
            let (job, queue, outlet) = (Arc::clone(job), Arc::clone(&queue), SyncSender::clone(&outlet));
            let run = move || {
                let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                while let Ok((index, next)) = next() {
                    let mut is_wanted = true;
                    job(next, &mut |result| {
                        is_wanted = is_wanted && outlet.send((index, Part::Result(result))).is_ok();
                    });
                    if outlet.send((index, Part::End)).is_err() {
                        break;
                    }
                }
            };
            thread::Builder::new().spawn(run).is_ok()
        };
        let threads = (0..wanted).take_while(start).count();
        (threads > 0).then_some(Pool { jobs, results, threads })
    }

    /// Threads are not joined: one can be blocked on input that never comes.
    fn work(
        self,
        mut jobs: impl Iterator<Item = J>,
        mut show: impl FnMut(Vec<R>) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let (mut queue, results) = (Some(self.jobs), self.results);
        let mut sent = 0;
        let mut order = Order::new();
        loop {
            while let Some(open) = &queue
                && sent - order.shown < AHEAD_PER_THREAD * self.threads
            {
                let taken = jobs.next().is_some_and(|job| open.send((sent, job)).is_ok());
                sent += usize::from(taken);
                if !taken {
                    queue = None;
                }
            }
            if queue.is_none() && order.shown == sent {
                return Ok(());
            }
            match results.recv_timeout(TICK) {
                Ok((index, part)) => order.add(index, part),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Trouble::Message("a thread ended before its work was done".to_owned()));
                }
            }
            results.try_iter().for_each(|(index, part)| order.add(index, part));
            show(order.take())?;
        }
    }
}

/// Results that wait for their turn.
struct Order<R> {
    jobs: BTreeMap<usize, Job<R>>,
    /// The first job that has not finished.
    next: usize,
    /// Since when a result has been waiting.
    since: Instant,
    /// The number of jobs that were passed on completely.
    shown: usize,
}

/// The results of a job that have not been passed on.
struct Job<R> {
    results: Vec<R>,
    has_ended: bool,
    /// Whether its end was passed on too.
    is_shown: bool,
}

impl<R> Order<R> {
    fn new() -> Order<R> {
        Order { jobs: BTreeMap::new(), next: 0, since: Instant::now(), shown: 0 }
    }

    fn add(&mut self, index: usize, part: Part<R>) {
        let new = || Job { results: Vec::new(), has_ended: false, is_shown: false };
        let job = self.jobs.entry(index).or_insert_with(new);
        match part {
            Part::Result(result) => job.results.push(result),
            Part::End => job.has_ended = true,
        }
    }

    /// Takes the results whose turn it is, or all if one has been waiting too long.
    fn take(&mut self) -> Vec<R> {
        let (mut ready, before) = (Vec::new(), self.next);
        while let Some(job) = self.jobs.get_mut(&self.next) {
            self.shown += usize::from(job.hand_over(&mut ready));
            if !job.has_ended {
                break;
            }
            self.jobs.remove(&self.next);
            self.next += 1;
        }
        let is_waiting = self.jobs.values().any(|job| !job.is_shown && (job.has_ended || !job.results.is_empty()));
        if !is_waiting || self.next != before {
            self.since = Instant::now();
        } else if self.since.elapsed() >= PATIENCE {
            self.shown += self.jobs.values_mut().map(|job| usize::from(job.hand_over(&mut ready))).sum::<usize>();
        }
        ready
    }
}

impl<R> Job<R> {
    /// Passes on the results so far, and returns whether the end is among them.
    fn hand_over(&mut self, ready: &mut Vec<R>) -> bool {
        ready.append(&mut self.results);
        let ends = self.has_ended && !self.is_shown;
        self.is_shown |= ends;
        ends
    }
}
