//! Every sample of `tests/data/plesk`: its verdict both ways, its diagnostics' codes, and the way through typed values.

#![allow(clippy::panic, reason = "a test says what it misses by it")]

use std::fs;
use std::path::Path;

use packetcheck::Schema;
use packetcheck::diagnostic::Report;
use packetcheck::plesk::{Request, Response, request_schema, response_schema};

struct Sample {
    file: String,
    kind: String,
    verdict: String,
    codes: String,
    bytes: Vec<u8>,
}

impl Sample {
    fn schema(&self) -> &'static Schema {
        match self.kind.as_str() {
            "plesk-request" => request_schema(),
            "plesk-response" => response_schema(),
            other => panic!("{}: no kind `{other}`", self.file),
        }
    }
}

fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/plesk");
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
    assert!(samples.len() > 80, "{} samples", samples.len());
    samples
}

fn verdict(report: &Report) -> &'static str {
    match (report.errors, report.warnings) {
        (0, 0) => "valid",
        (0, _) => "warning",
        _ => "invalid",
    }
}

#[test]
fn every_sample_gets_its_verdict_both_ways() {
    for sample in samples() {
        let report = sample.schema().explain(&sample.bytes);
        let complete = sample.schema().explain_completely(&sample.bytes);
        assert_eq!(verdict(&report), sample.verdict, "{}: {report:#?}", sample.file);
        assert_eq!(report.diagnostics, complete.diagnostics, "{}", sample.file);
        assert_eq!(sample.schema().is_valid(&sample.bytes), sample.verdict != "invalid", "{}", sample.file);
        let mut codes: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        codes.dedup();
        assert_eq!(codes.join(","), sample.codes, "{}: {report:#?}", sample.file);
    }
}

#[test]
fn an_invalid_sample_has_one_error() {
    for sample in samples().iter().filter(|sample| sample.verdict == "invalid") {
        let report = sample.schema().explain(&sample.bytes);
        assert_eq!(report.errors, 1, "{}: {report:#?}", sample.file);
    }
}

/// Reads a sample as a value, writes it in each form that a value has, and reads those again.
macro_rules! comes_back {
    ($type:ident, $sample:ident) => {{
        let value = match $type::from_xml(&$sample.bytes) {
            Ok(value) => value,
            Err(error) => {
                assert_eq!($sample.verdict, "invalid", "{}: {error}", $sample.file);
                continue;
            }
        };
        assert_ne!($sample.verdict, "invalid", "{}", $sample.file);
        let by_serde: $type<'_> = $sample.schema().from_slice(&$sample.bytes).expect("serde reads it too");
        assert_eq!(by_serde, value, "{}", $sample.file);
        let warnings = $sample.schema().explain(&$sample.bytes).warnings;
        for bytes in [value.to_xml(), value.to_xml_pretty()] {
            let bytes = bytes.unwrap_or_else(|error| panic!("{}: {error}", $sample.file));
            let again = $type::from_xml(&bytes).unwrap_or_else(|error| panic!("{}: {error}", $sample.file));
            assert_eq!(again, value, "{}", $sample.file);
            assert_eq!($sample.schema().explain(&bytes).warnings, warnings, "{}", $sample.file);
        }
        let json = serde_json::to_string(&value).expect("a value has a form in JSON");
        let again: $type<'_> = serde_json::from_str(&json).expect("its own JSON can be read");
        assert_eq!(again, value, "{}", $sample.file);
        let owned: $type<'_> = value.clone().into_owned();
        assert_eq!(owned, value, "{}", $sample.file);
    }};
}

#[test]
fn what_is_accepted_decodes_and_comes_back_the_same() {
    for sample in samples() {
        match sample.kind.as_str() {
            "plesk-request" => comes_back!(Request, sample),
            _ => comes_back!(Response, sample),
        }
    }
}
