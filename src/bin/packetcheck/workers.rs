//! Work on several threads, whose results are passed on as they come.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::status::Trouble;

/// How many jobs are in work or have results that wait, for each thread: it bounds the memory, however many jobs there are.
const AHEAD_PER_THREAD: usize = 64;

/// Results are passed on in the order of the jobs, unless one takes this much longer than those after it.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the caller is notified that work is in progress.
const TICK: Duration = Duration::from_millis(200);

/// A job returns its results here, one after another.
pub(crate) type Give<'g, R> = dyn FnMut(R) + 'g;

/// Does all jobs and passes on their results as they come: in each call all that are ready, possibly none.
///
/// `threads`: how many, if that is said. Where no thread can be started, or there is only one job and it does not wait for its
/// input, the work is done on this thread. An error ends it at once, also while a job waits for its input.
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
    // To start threads takes longer than most jobs.
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
    /// There is no more.
    End,
}

impl<J: Send + 'static, R: Send + 'static> Pool<J, R> {
    /// One thread for each processor and at least two, since one may be waiting for its input; fewer where the system allows
    /// no more. `None` if not one can be started.
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

    /// The threads are not joined: one may be blocked on input that never comes.
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

/// Results that came, until it is their turn.
struct Order<R> {
    jobs: BTreeMap<usize, Job<R>>,
    /// The first job that has more to come, or nothing yet.
    next: usize,
    /// Since when something has been waiting.
    since: Instant,
    /// How many jobs were passed on completely.
    shown: usize,
}

/// The results of a job that are not passed on yet.
struct Job<R> {
    results: Vec<R>,
    has_ended: bool,
    /// Its end was passed on too.
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

    /// Those whose turn it is; all where one has been waiting too long.
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
    /// Hands over what came of it; whether its end is among that.
    fn hand_over(&mut self, ready: &mut Vec<R>) -> bool {
        ready.append(&mut self.results);
        let ends = self.has_ended && !self.is_shown;
        self.is_shown |= ends;
        ends
    }
}
