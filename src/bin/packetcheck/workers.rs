//! Work on several threads, whose results are handed over as they come.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::status::Trouble;

/// How many jobs are in work or have results that wait, for each thread: it bounds the memory, however many jobs there are.
const AHEAD_PER_THREAD: usize = 64;

/// Results are handed over in the order of the jobs, unless one takes so much longer than those after it.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the caller hears that work goes on.
const TICK: Duration = Duration::from_millis(200);

/// Does all jobs and hands over their results as they come: in each call all that are ready, possibly none.
///
/// `threads`: how many, if that is said. Where no thread can be started, or there is only one job, the work is done on this thread. An error ends it at once,
/// also while a job waits for its input.
pub(crate) fn work<J: Send + 'static, R: Send + 'static>(
    jobs: impl Iterator<Item = J>,
    threads: Option<usize>,
    job: impl Fn(J) -> R + Send + Sync + 'static,
    mut show: impl FnMut(Vec<R>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut jobs = jobs.peekable();
    let Some(first) = jobs.next() else { return Ok(()) };
    let job = Arc::new(job);
    // To start threads takes longer than most jobs.
    let pool = if jobs.peek().is_some() { Pool::start(&job, threads) } else { None };
    let mut jobs = std::iter::once(first).chain(jobs);
    match pool {
        Some(pool) => pool.work(jobs, show),
        None => jobs.try_for_each(|next| show(vec![job(next)])),
    }
}

struct Pool<J, R> {
    jobs: Sender<(usize, J)>,
    results: Receiver<(usize, R)>,
    threads: usize,
}

impl<J: Send + 'static, R: Send + 'static> Pool<J, R> {
    /// One thread for each processor and at least two, since one may be waiting for its input; fewer where the system allows
    /// no more. `None` if not one can be started.
    fn start(job: &Arc<impl Fn(J) -> R + Send + Sync + 'static>, threads: Option<usize>) -> Option<Pool<J, R>> {
        let (jobs, queue) = channel::<(usize, J)>();
        let (outlet, results) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let wanted = threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get).max(2));
        let start = |_: &usize| {
            let (job, queue, outlet) = (Arc::clone(job), Arc::clone(&queue), outlet.clone());
            let run = move || {
                let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                while let Ok((index, next)) = next() {
                    if outlet.send((index, job(next))).is_err() {
                        break;
                    }
                }
            };
            thread::Builder::new().spawn(run).is_ok()
        };
        let threads = (0..wanted).take_while(start).count();
        (threads > 0).then_some(Pool { jobs, results, threads })
    }

    /// The threads are not waited for: one may be reading what nobody writes.
    fn work(
        self,
        mut jobs: impl Iterator<Item = J>,
        mut show: impl FnMut(Vec<R>) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let (mut queue, results) = (Some(self.jobs), self.results);
        let (mut sent, mut shown) = (0, 0);
        let mut order = Order::new();
        loop {
            while let Some(open) = &queue
                && sent - shown < AHEAD_PER_THREAD * self.threads
            {
                let taken = jobs.next().is_some_and(|job| open.send((sent, job)).is_ok());
                sent += usize::from(taken);
                if !taken {
                    queue = None;
                }
            }
            if queue.is_none() && shown == sent {
                return Ok(());
            }
            match results.recv_timeout(TICK) {
                Ok((index, result)) => order.add(index, result),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Trouble::Message("a thread ended before its work was done".to_owned()));
                }
            }
            results.try_iter().for_each(|(index, result)| order.add(index, result));
            let ready = order.take();
            shown += ready.len();
            show(ready)?;
        }
    }
}

/// Results that came, until it is their turn.
struct Order<R> {
    waiting: BTreeMap<usize, R>,
    /// The first that did not come yet.
    next: usize,
    /// Those after it that were handed over.
    early: BTreeSet<usize>,
    /// Since when something has been waiting.
    since: Instant,
}

impl<R> Order<R> {
    fn new() -> Order<R> {
        Order { waiting: BTreeMap::new(), next: 0, early: BTreeSet::new(), since: Instant::now() }
    }

    fn add(&mut self, index: usize, result: R) {
        self.waiting.insert(index, result);
    }

    /// Those whose turn it is; all where one has been waiting too long.
    fn take(&mut self) -> Vec<R> {
        let mut ready = Vec::new();
        loop {
            if let Some(result) = self.waiting.remove(&self.next) {
                ready.push(result);
            } else if !self.early.remove(&self.next) {
                break;
            }
            self.next += 1;
        }
        if self.waiting.is_empty() || !ready.is_empty() {
            self.since = Instant::now();
        } else if self.since.elapsed() >= PATIENCE {
            self.early.extend(self.waiting.keys());
            ready.extend(std::mem::take(&mut self.waiting).into_values());
        }
        ready
    }
}
