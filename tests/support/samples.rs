//! The samples of a system, in the list that drives its tests: `tests/data/<system>/expected.tsv`.

// Each user takes what it needs.
#![allow(dead_code, clippy::panic, reason = "a test says what it misses by it")]

use std::fs;
use std::path::Path;

use packetcheck::diagnostic::Report;

/// A message with the expected result.
pub(crate) struct Sample {
    /// Path below the folder of the system.
    pub(crate) file: String,
    pub(crate) kind: String,
    /// `valid`, `warning` or `invalid`.
    pub(crate) verdict: String,
    /// The codes of its diagnostics, in order, each run of one code once.
    pub(crate) codes: String,
    pub(crate) bytes: Vec<u8>,
}

/// All samples of a system.
pub(crate) fn samples(system: &str) -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(system);
    let table = fs::read_to_string(folder.join("expected.tsv")).expect("the table of samples is there");
    let samples: Vec<Sample> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut columns = line.split('\t').map(str::to_owned);
            let mut column = || columns.next().unwrap_or_default();
            let (file, kind, verdict, codes) = (column(), column(), column(), column());
            let bytes = fs::read(folder.join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            Sample { file, kind, verdict, codes, bytes }
        })
        .collect();
    assert!(samples.len() > 80, "{} samples of {system}", samples.len());
    samples
}

/// The verdict of a report, as in the table.
pub(crate) fn verdict(report: &Report) -> &'static str {
    match (report.errors, report.warnings) {
        (0, 0) => "valid",
        (0, _) => "warning",
        _ => "invalid",
    }
}

/// The codes of a report, as in the table.
pub(crate) fn codes(report: &Report) -> String {
    let mut codes: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    codes.dedup();
    codes.join(",")
}
