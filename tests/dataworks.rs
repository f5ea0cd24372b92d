//! Every sample of `tests/data/dataworks`: its verdict, its diagnostics' codes, and the way through typed values.

#![allow(clippy::panic, reason = "a test says what it misses by it")]

use std::fs;
use std::path::Path;

use packetcheck::Limits;
use packetcheck::dataworks::{Request, Response, response_schema};
use packetcheck::diagnostic::Report;
use proptest::prelude::*;

struct Sample {
    file: String,
    kind: String,
    verdict: String,
    codes: String,
    bytes: Vec<u8>,
}

impl Sample {
    fn is_xml(&self) -> bool {
        self.file.ends_with(".xml")
    }

    fn explain(&self) -> Report {
        match self.kind.as_str() {
            "dataworks-request" => Request::explain(&self.bytes, &Limits::default()),
            "dataworks-response" => response_schema().explain(&self.bytes),
            other => panic!("{}: no kind `{other}`", self.file),
        }
    }
}

fn samples(kind: &str) -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/dataworks");
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
        .filter(|sample| sample.kind == kind)
        .collect();
    assert!(samples.len() > 30, "{} samples", samples.len());
    samples
}

fn all_samples() -> impl Iterator<Item = Sample> {
    ["dataworks-request", "dataworks-response"].into_iter().flat_map(samples)
}

fn verdict(report: &Report) -> &'static str {
    match (report.errors, report.warnings) {
        (0, 0) => "valid",
        (0, _) => "warning",
        _ => "invalid",
    }
}

#[test]
fn every_sample_gets_its_verdict() {
    let mut wrong = String::new();
    for sample in all_samples() {
        let report = sample.explain();
        let mut codes: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        codes.dedup();
        if verdict(&report) != sample.verdict || codes.join(",") != sample.codes {
            wrong += &format!("{}: {report:#?}\n", sample.file);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn xml_samples() -> impl Iterator<Item = Sample> {
    samples("dataworks-response").into_iter().filter(Sample::is_xml)
}

#[test]
fn both_ways_through_xml_give_one_verdict() {
    for sample in xml_samples() {
        let complete = response_schema().explain_completely(&sample.bytes);
        assert_eq!(sample.explain().diagnostics, complete.diagnostics, "{}", sample.file);
        assert_eq!(response_schema().is_valid(&sample.bytes), sample.verdict != "invalid", "{}", sample.file);
    }
}

#[test]
fn what_is_accepted_decodes_and_comes_back_the_same() {
    for sample in xml_samples() {
        let value = match Response::from_xml(&sample.bytes) {
            Ok(value) => value,
            Err(error) => {
                assert_eq!(sample.verdict, "invalid", "{}: {error}", sample.file);
                continue;
            }
        };
        assert_ne!(sample.verdict, "invalid", "{}", sample.file);
        let warnings = sample.explain().warnings;
        for bytes in [value.to_xml(), value.to_xml_pretty()] {
            let bytes = bytes.unwrap_or_else(|error| panic!("{}: {error}", sample.file));
            let again = Response::from_xml(&bytes).unwrap_or_else(|error| panic!("{}: {error}", sample.file));
            assert_eq!(again, value, "{}", sample.file);
            assert_eq!(response_schema().explain(&bytes).warnings, warnings, "{}", sample.file);
        }
        assert_eq!(value.clone().into_owned(), value, "{}", sample.file);
    }
}

#[test]
fn an_answer_that_is_cut_is_refused() {
    for sample in xml_samples().filter(|sample| sample.verdict != "invalid") {
        // Behind the root stands at most a line break.
        let end = sample.bytes.trim_ascii_end().len();
        for cut in 0..end {
            assert!(Response::from_xml(&sample.bytes[..cut]).is_err(), "{} cut at {cut}", sample.file);
        }
    }
}

#[test]
fn requests_come_back_the_same() {
    for sample in samples("dataworks-request") {
        let request = match Request::parse(&sample.bytes) {
            Ok(request) => request,
            Err(error) => {
                assert_eq!(sample.verdict, "invalid", "{}: {error}", sample.file);
                continue;
            }
        };
        assert_ne!(sample.verdict, "invalid", "{}", sample.file);
        assert!(request.project_id().is_some() && request.migration_id().is_some(), "{}", sample.file);
        let query = request.to_query().unwrap_or_else(|error| panic!("{}: {error}", sample.file));
        assert_eq!(Request::parse(query.as_bytes()).expect("our own query is valid"), request, "{}", sample.file);
        assert_eq!(request.clone().into_owned(), request, "{}", sample.file);
        let json = serde_json::to_string(&request).expect("a request is a map of texts");
        assert_eq!(serde_json::from_str::<Request<'_>>(&json).expect("its own JSON"), request, "{}", sample.file);
    }
}

#[test]
fn a_request_says_what_it_asks_for() {
    let query = "?ProjectId=1&MigrationId=-2&Tag=a+b%2Bc&Tag2=%E4%BD%A0";
    let request = Request::parse(query.as_bytes()).expect("is valid");
    assert_eq!((request.project_id(), request.migration_id()), (Some(1), Some(-2)));
    assert_eq!(request.get("Tag"), Some("a b+c"));
    assert_eq!(request.get("tag"), None);
    assert_eq!(
        request.with("Tag", "~/").with("Action", "GetMigrationProcess").to_query().expect("is valid"),
        "ProjectId=1&MigrationId=-2&Tag=~%2F&Tag2=%E4%BD%A0&Action=GetMigrationProcess"
    );
    assert!(Request::new(1, 2).with("Version", "1").to_query().is_err());
    let debug = format!("{:?}", Request::new(1, 2));
    assert_eq!(debug, r#"Request {"Action": "GetMigrationProcess", "ProjectId": "1", "MigrationId": "2"}"#);
}

#[test]
fn diagnostics_of_a_request_have_their_places() {
    let query = "https://host/?Action=GetMigrationProcess&ProjectId=abc&Tag=%zz&Tag=1";
    let report = Request::explain(query.as_bytes(), &Limits::default());
    let places: Vec<_> = report
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.code.as_str(), &query[diagnostic.span.clone()], diagnostic.path.as_str()))
        .collect();
    let expected = [
        ("PC0807", "abc", "ProjectId"),
        ("PC0801", "%zz", "Tag"),
        ("PC0805", "Tag", "Tag"),
        ("PC0804", "", "MigrationId"),
    ];
    assert_eq!(places, expected);
}

/// Any text that XML can hold, with a liking for what has to be escaped.
fn texts() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        12 => proptest::char::range(' ', '~'),
        2 => proptest::sample::select(vec!['<', '>', '&', '\'', '"', ']', '\t', '\n', '\r', '%', '+', '=', '#', '?']),
        1 => proptest::char::range('\u{80}', '\u{d7ff}'),
        1 => proptest::char::range('\u{e000}', '\u{fffd}'),
        1 => proptest::char::range('\u{10000}', '\u{10ffff}'),
    ];
    proptest::collection::vec(character, 0..24).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    /// Another decoder of forms reads what we write, and what it writes we read.
    #[test]
    fn queries_are_what_others_read(
        ids in any::<(i64, i64)>(),
        others in proptest::collection::btree_map("[a-z]{9}|x.{1,9}", texts(), 0..6),
    ) {
        let mut request = Request::new(ids.0, ids.1);
        for (name, value) in &others {
            request = request.with(name, value);
        }
        let query = request.to_query().expect("is valid");
        let decoded: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let ours = Request::parse(query.as_bytes()).expect("our own query is valid");
        prop_assert_eq!((ours.project_id(), ours.migration_id()), (Some(ids.0), Some(ids.1)));
        prop_assert_eq!(&ours, &request);
        let pairs: Vec<_> = ours.parameters.iter().map(|pair| (pair.name.clone(), pair.value.clone())).collect();
        prop_assert_eq!(&pairs, &decoded);
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        prop_assert_eq!(&Request::parse(form.as_bytes()).expect("a form is valid"), &request);
    }

    /// Whatever the bytes: a verdict, and a value exactly where there is no error.
    #[test]
    fn no_query_makes_it_fail(query in "[AProjectIdMgnt=&?%+0-9 ]{0,60}", noise in proptest::collection::vec(any::<u8>(), 0..40)) {
        for bytes in [query.as_bytes(), &noise, &[query.as_bytes(), &noise].concat()] {
            let report = Request::explain(bytes, &Limits::default());
            prop_assert_eq!(Request::parse(bytes).is_ok(), report.is_valid());
            for diagnostic in &report.diagnostics {
                prop_assert!(diagnostic.span.start <= diagnostic.span.end && diagnostic.span.end <= bytes.len());
            }
        }
    }
}
