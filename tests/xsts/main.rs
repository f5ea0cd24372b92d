//! The W3C XML Schema Test Suite, its part for XSD 1.0: every schema is compiled, every instance validated on both
//! paths.
//!
//! The suite is found where `XSTS_DIR` points, or in `../shared/xsts` next to the project: as published there
//! (`xsts10.tar.zst` and `expected.tsv.zst`, unpacked once below the target directory), or unpacked (`expected.tsv` and
//! the folders that it names). If it is in neither, the test is skipped, with a message.
//!
//! Differences from the suite are in `tests/data/xsts/divergences.tsv` with their reasons. A test that newly fails, one
//! that newly passes, and a line about a test that does not exist or has another expectation each fail the run. Set
//! `UPDATE_GOLDEN=1` to rewrite the file (reasons are kept, new lines have none that counts), and check the difference.
//!
//! Set `XSTS_ONLY` to a part of a test's name to run only those and see every failure with its documents and the
//! messages about them.

mod divergences;
mod hints;
#[path = "../support/lossless.rs"]
mod lossless;
mod outcome;
mod run;
mod suite;
mod table;

use std::error::Error;
use std::io::Write;

use outcome::Outcome;
use suite::{Suite, Test};

/// The number of failures that are shown in full; of further ones only the name is shown.
const SHOWN: usize = 50;

/// Printed past the test harness, which would capture it.
fn say(text: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(std::io::stderr(), "{text}")?)
}

#[test]
fn tests_get_the_verdict_of_the_suite() -> Result<(), Box<dyn Error>> {
    let Some(mut suite) = Suite::find()? else {
        return say("tests/xsts passed over: no XML Schema test suite at `XSTS_DIR` or ../shared/xsts");
    };
    let only = std::env::var("XSTS_ONLY").ok();
    if let Some(part) = &only {
        suite.tests.retain(|test| test.name.contains(part.as_str()));
    }
    let outcomes = run::all(&suite)?;
    say(&table::table(&suite.tests, &outcomes))?;
    say(&format!("left out, without a schema document or without the documents: {} tests", suite.left_out))?;
    let mut both_ways = lossless::Count::default();
    outcomes.iter().for_each(|outcome| both_ways.add(outcome.both_ways));
    say(&format!("valid documents as JSON and back: {both_ways:?}"))?;
    assert_eq!(both_ways.unbound, 0, "prefixes in texts mean nothing any more");
    match only {
        Some(_) => show_failures(&suite, &outcomes),
        None => divergences::compare(&suite, &outcomes),
    }
}

/// Every failure, whether it is a known divergence or not.
fn show_failures(suite: &Suite, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let mut failures = 0;
    for (test, outcome) in suite.tests.iter().zip(outcomes).filter(|(test, outcome)| !outcome.is_right(test)) {
        failures += 1;
        say(&described(suite, test, outcome))?;
    }
    say(&format!("{failures} of {} tests come out otherwise than expected", suite.tests.len()))
}

/// A failure with everything needed to investigate it.
fn described(suite: &Suite, test: &Test, outcome: &Outcome) -> String {
    let mut text = format!("{} {}\n  expected {}, ours {}", test.kind, test.name, test.expected, outcome.ours);
    for path in test.schemas.iter().chain(&test.instance) {
        text.push_str(&format!("\n  {}", suite.folder.join(path).display()));
    }
    if !outcome.said.is_empty() {
        text.push_str(&format!("\n  said: {}", outcome.said));
    }
    text
}
