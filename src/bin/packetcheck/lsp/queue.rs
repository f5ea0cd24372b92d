//! Jobs for a thread: of jobs with the same key only the newest is done.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

pub(crate) struct Queue<K, J> {
    jobs: Mutex<VecDeque<(K, J)>>,
    ready: Condvar,
}

impl<K: PartialEq, J> Queue<K, J> {
    pub(crate) fn new() -> Queue<K, J> {
        Queue { jobs: Mutex::default(), ready: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(K, J)>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job. It replaces a waiting one with the same key.
    pub(crate) fn put(&self, key: K, job: J) {
        let mut jobs = self.lock();
        match jobs.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = job,
            None => jobs.push_back((key, job)),
        }
        self.ready.notify_one();
    }

    /// Removes a waiting job; `None`: it has begun, or does not exist.
    pub(crate) fn remove(&self, key: &K) -> Option<J> {
        let mut jobs = self.lock();
        let index = jobs.iter().position(|(known, _)| known == key)?;
        jobs.remove(index).map(|(_, job)| job)
    }

    /// Waits for the next job.
    pub(crate) fn take(&self) -> (K, J) {
        let mut jobs = self.lock();
        loop {
            match jobs.pop_front() {
                Some(job) => return job,
                None => jobs = self.ready.wait(jobs).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_job_wins_in_the_place_of_the_oldest() {
        let queue = Queue::new();
        [("a", 1), ("b", 2), ("c", 3), ("a", 4)].into_iter().for_each(|(key, job)| queue.put(key, job));
        assert_eq!(queue.remove(&"b"), Some(2));
        assert_eq!(queue.remove(&"b"), None);
        assert_eq!((queue.take(), queue.take()), (("a", 4), ("c", 3)));
    }
}
