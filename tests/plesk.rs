//! Every sample of `tests/data/plesk`: its verdict both ways, its diagnostics' codes, and the way through typed values.

#![allow(clippy::panic, reason = "a test says what it misses by it")]

use packetcheck::Schema;
use packetcheck::plesk::{Request, Response, request_schema, response_schema};

#[path = "support/samples.rs"]
mod samples;
use samples::{Sample, codes, verdict};

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
    samples::samples("plesk")
}

#[test]
fn every_sample_gets_its_verdict_both_ways() {
    for sample in samples() {
        let report = sample.schema().explain(&sample.bytes);
        let complete = sample.schema().explain_without_prediction(&sample.bytes);
        assert_eq!(verdict(&report), sample.verdict, "{}: {report:#?}", sample.file);
        assert_eq!(report.diagnostics, complete.diagnostics, "{}", sample.file);
        assert_eq!(sample.schema().is_valid(&sample.bytes), sample.verdict != "invalid", "{}", sample.file);
        assert_eq!(codes(&report), sample.codes, "{}: {report:#?}", sample.file);
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

#[test]
fn a_sample_that_is_cut_is_refused() {
    for sample in samples().iter().filter(|sample| sample.verdict != "invalid" && sample.bytes.len() < 4096) {
        let text = String::from_utf8_lossy(&sample.bytes);
        // What may follow the root element may be missing.
        let end = text.trim_end().rfind('>').filter(|_| !text.trim_end().ends_with("-->")).unwrap_or_default();
        for length in 0..end {
            assert!(!sample.schema().is_valid(&sample.bytes[..length]), "{} cut at {length}", sample.file);
        }
    }
}
