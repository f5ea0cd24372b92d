//! All tests on all cores: each set of root documents is compiled once, for all tests that share it.

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::hints;
use crate::outcome::{self, Ours, Outcome};
use crate::suite::{Kind, Suite, Test};

/// A set of root documents that takes this long ends the run: it would never end on its own.
const HANGS: Duration = Duration::from_secs(300);

/// What set each thread is working on, and since when.
type Work<'a> = Mutex<Option<(Instant, &'a str)>>;

/// The outcome of each test, in the order of the tests.
pub(crate) fn all(suite: &Suite) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let sets = sets(&suite.tests);
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism()?.get();
    let work: Vec<Work<'_>> = (0..cores).map(|_| Mutex::new(None)).collect();
    // A panic is an outcome, and reported with it.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcomes = thread::scope(|scope| {
        let threads: Vec<_> =
            work.iter().map(|current| scope.spawn(|| run_sets(suite, &sets, &next, current))).collect();
        while !threads.iter().all(|thread| thread.is_finished()) {
            thread::sleep(Duration::from_millis(20));
            end_if_one_hangs(&work);
        }
        threads.into_iter().map(|thread| thread.join().map_err(|_| "a thread of the runner broke down")).collect()
    });
    std::panic::set_hook(hook);
    let outcomes: Result<Vec<Vec<(usize, Outcome)>>, _> = outcomes;
    let mut outcomes: Vec<(usize, Outcome)> = outcomes?.into_iter().flatten().collect();
    outcomes.sort_by_key(|(test, _)| *test);
    assert!(outcomes.iter().enumerate().all(|(index, (test, _))| index == *test), "one outcome for each test");
    assert_eq!(outcomes.len(), suite.tests.len());
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

/// Groups the tests by what they load.
fn sets(tests: &[Test]) -> Vec<Vec<usize>> {
    let mut known: HashMap<&[String], usize> = HashMap::new();
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for (index, test) in tests.iter().enumerate() {
        let set = *known.entry(&test.roots).or_insert(sets.len());
        if set == sets.len() {
            sets.push(Vec::new());
        }
        sets[set].push(index);
    }
    sets
}

/// The work of one thread until no set is left.
fn run_sets<'a>(
    suite: &'a Suite,
    sets: &[Vec<usize>],
    next: &AtomicUsize,
    current: &Work<'a>,
) -> Vec<(usize, Outcome)> {
    let mut outcomes = Vec::new();
    while let Some(set) = sets.get(next.fetch_add(1, Ordering::Relaxed)) {
        let name = set.first().map_or("", |test| &suite.tests[*test].name);
        *current.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), name));
        outcomes.extend(run_set(suite, set));
    }
    *current.lock().unwrap_or_else(PoisonError::into_inner) = None;
    outcomes
}

fn run_set<'a>(suite: &'a Suite, set: &'a [usize]) -> impl Iterator<Item = (usize, Outcome)> + 'a {
    let roots = set.first().map_or(&[][..], |test| &suite.tests[*test].roots);
    let (schema, compiled) = outcome::compile(&suite.folder, roots);
    set.iter().map(move |index| {
        let test = &suite.tests[*index];
        let outcome = match (test.kind, &schema, &test.instance) {
            (Kind::Schema, ..) => compiled.clone(),
            (Kind::Instance, Some(schema), Some(instance)) => {
                let hinted = hints::schema(suite, roots, schema, instance);
                outcome::validate(hinted.as_ref().unwrap_or(schema), &suite.folder.join(instance))
            }
            (Kind::Instance, ..) => Outcome::new(Ours::Refused, compiled.said.clone()),
        };
        (*index, outcome)
    })
}

/// A thread cannot be stopped, so the process is.
fn end_if_one_hangs(work: &[Work<'_>]) {
    for current in work {
        let current = *current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, name)) = current
            && since.elapsed() > HANGS
        {
            let _ = writeln!(std::io::stderr(), "{name}, or a test with the same schema, hangs: the run is broken off");
            std::process::exit(1);
        }
    }
}
