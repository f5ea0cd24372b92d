//! Many cases on all processors: without optimization each takes its time.

use std::sync::Mutex;
use std::thread;

/// Calls a function for each item, on all processors. The results are in the order of the items.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], examine: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (left, results) = (Mutex::new(items.iter().enumerate()), Mutex::new(Vec::with_capacity(items.len())));
    let next = || left.lock().expect("taking an item does not panic").next();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((index, item)) = next() {
                    let result = examine(item);
                    results.lock().expect("adding a result does not panic").push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no thread panicked");
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
