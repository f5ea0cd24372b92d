//! Our results for a schema and for an instance.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use packetcheck::Schema;
use packetcheck::diagnostic::{LineIndex, Report, Severity};
use serde::de::IgnoredAny;

use crate::lossless;
use crate::suite::{Expected, Test};

/// How long a test may take; ten times as long without optimisation.
const SLOW: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });

/// The outcome of a test.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) ours: Ours,
    /// The error of the schema, or the first of the document.
    pub(crate) said: String,
    /// What a valid document contains, which was converted to JSON and back.
    pub(crate) both_ways: lossless::Count,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ours {
    Valid,
    Invalid,
    /// The schema of an instance was rejected, so there is no result for the instance.
    Refused,
    /// Verdict, report and decoding differ, or prediction and the walk do.
    Disagreement,
    /// A valid document differs after the conversion to JSON and back.
    Lossy,
    Panic,
    /// Right, but too slow.
    Slow,
}

impl Outcome {
    pub(crate) fn new(ours: Ours, said: String) -> Outcome {
        Outcome { ours, said, both_ways: lossless::Count::default() }
    }

    pub(crate) fn is_right(&self, test: &Test) -> bool {
        match (test.expected, self.ours) {
            (Expected::Valid, ours) => ours == Ours::Valid,
            (Expected::Invalid, ours) => ours == Ours::Invalid,
            (Expected::Indeterminate, ours) => matches!(ours, Ours::Valid | Ours::Invalid | Ours::Refused),
        }
    }
}

/// A schema, if it is one, and the outcome of compiling it.
pub(crate) fn compile(folder: &Path, roots: &[String]) -> (Option<Schema>, Outcome) {
    let paths: Vec<PathBuf> = roots.iter().map(|root| folder.join(root)).collect();
    timed(|| match Schema::from_files(&paths) {
        Ok(schema) => (Some(schema), Outcome::new(Ours::Valid, String::new())),
        Err(error) => (None, Outcome::new(Ours::Invalid, error.to_string())),
    })
}

/// The results of verdict, report and decoding for an instance.
pub(crate) fn validate(schema: &Schema, path: &Path) -> Outcome {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Outcome::new(Ours::Invalid, format!("{}: {error}", path.display())),
    };
    let ((), outcome) = timed(|| ((), check(schema, &bytes)));
    outcome
}

fn check(schema: &Schema, bytes: &[u8]) -> Outcome {
    let report = schema.explain(bytes);
    let alone = schema.explain_without_prediction(bytes);
    let decodes = schema.decode::<IgnoredAny>(bytes).is_ok();
    let is_same = report.diagnostics == alone.diagnostics && report.errors == alone.errors;
    let ours = match (is_same, schema.is_valid(bytes), report.is_valid(), decodes) {
        (true, true, true, true) => Ours::Valid,
        (true, false, false, false) => Ours::Invalid,
        _ => Ours::Disagreement,
    };
    let both_ways = if ours == Ours::Valid { lossless::both_ways(schema, bytes) } else { Ok(Default::default()) };
    match both_ways {
        Ok(both_ways) => Outcome { ours, said: first_error(&report, bytes), both_ways },
        Err(loss) => Outcome::new(Ours::Lossy, loss),
    }
}

fn first_error(report: &Report, bytes: &[u8]) -> String {
    let Some(first) = report.diagnostics.iter().find(|found| found.severity == Severity::Error) else {
        return String::new();
    };
    let place = LineIndex::new(bytes).line_column(first.span.start);
    format!("{} {}:{} {}: {}", first.code, place.line, place.column, first.path, first.message)
}

/// Turns panics and slowness into outcomes. A test that seems slow is repeated, because the machine may be busy.
fn timed<T: Default>(work: impl Fn() -> (T, Outcome)) -> (T, Outcome) {
    let attempt = || {
        let start = Instant::now();
        (catch_unwind(AssertUnwindSafe(&work)), start.elapsed())
    };
    let (mut result, mut took) = attempt();
    if took > SLOW {
        (result, took) = attempt();
    }
    match result {
        Ok((made, outcome)) if took > SLOW => {
            (made, Outcome::new(Ours::Slow, format!("took {} ms; {}", took.as_millis(), outcome.said)))
        }
        Ok(made) => made,
        Err(cause) => (T::default(), Outcome::new(Ours::Panic, words(&*cause))),
    }
}

/// The message of a panic.
fn words(cause: &(dyn Any + Send)) -> String {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("a panic without words").to_owned()
}

impl fmt::Display for Ours {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Ours::Valid => "valid",
            Ours::Invalid => "invalid",
            Ours::Refused => "schema refused",
            Ours::Disagreement => "verdict, report and decoding differ",
            Ours::Lossy => "lossy as JSON",
            Ours::Panic => "panic",
            Ours::Slow => "slow",
        })
    }
}
