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
        let value = match $type::decode(&$sample.bytes) {
            Ok(value) => value,
            Err(error) => {
                assert_eq!($sample.verdict, "invalid", "{}: {error}", $sample.file);
                continue;
            }
        };
        assert_ne!($sample.verdict, "invalid", "{}", $sample.file);
        let by_serde: $type<'_> = $sample.schema().decode(&$sample.bytes).expect("serde reads it too");
        assert_eq!(by_serde, value, "{}", $sample.file);
        let warnings = $sample.schema().explain(&$sample.bytes).warnings;
        for bytes in [value.encode(), value.encode_pretty()] {
            let bytes = bytes.unwrap_or_else(|error| panic!("{}: {error}", $sample.file));
            let again = $type::decode(&bytes).unwrap_or_else(|error| panic!("{}: {error}", $sample.file));
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

/// Values that differ from those of a packet in one place: a value replaced, a member renamed or removed.
fn varied(value: &serde_json::Value) -> Vec<serde_json::Value> {
    use serde_json::{Value, json};

    let mut all: Vec<Value> =
        [json!(null), json!(7), json!(-1), json!(1.5), json!(true), json!("x"), json!([]), json!({})].into();
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                for other in varied(inner) {
                    let mut members = members.clone();
                    members.insert(name.clone(), other);
                    all.push(Value::Object(members));
                }
                let mut without = members.clone();
                let inner = without.remove(name).unwrap_or_default();
                all.push(Value::Object(without.clone()));
                without.insert(format!("{name}x"), inner);
                all.push(Value::Object(without));
            }
            let mut more = members.clone();
            more.insert("another".to_owned(), json!(1));
            all.push(Value::Object(more));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for other in varied(item) {
                    let mut items = items.clone();
                    items[index] = other;
                    all.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    all
}

/// Values from JSON are those that serde_json reads, and where it refuses a text, so do we, with places and words of ours.
#[test]
fn values_are_read_from_json_as_serde_json_reads_them() -> Result<(), Box<dyn std::error::Error>> {
    fn agree<'a, T: serde::Deserialize<'a> + PartialEq + std::fmt::Debug>(
        text: &'a str,
        ours: Result<T, packetcheck::Error>,
    ) -> bool {
        match (serde_json::from_str::<T>(text), ours) {
            (Ok(expected), Ok(found)) => {
                assert_eq!(expected, found, "{text}");
                true
            }
            (Err(_), Err(error)) => {
                let report = error.report().expect("every error has a place");
                // An object may miss several members.
                let others = report.diagnostics.iter().filter(|found| found.code.as_str() != "PC0711").count();
                assert!(report.errors > 0 && others <= 2, "{text}: {report:#?}");
                for diagnostic in &report.diagnostics {
                    assert!(
                        diagnostic.span.end <= text.len() && !diagnostic.span.is_empty(),
                        "{text}: {diagnostic:#?}"
                    );
                    for word in ["invalid type", "missing field", "unknown", "sequence", "map", "struct", "enum", "u32"]
                    {
                        assert!(!diagnostic.message.contains(word), "{text}: {}", diagnostic.message);
                    }
                }
                false
            }
            // serde_json takes the items of an array for the members of an object, in their order; nobody writes that.
            (Ok(_), Err(error)) if error.to_string().contains("expected an object") => false,
            (expected, found) => panic!("{text}: expected {expected:?}, found {found:?}"),
        }
    }
    let (mut read, mut refused) = (0, 0);
    let mut count = |is_read: bool| if is_read { read += 1 } else { refused += 1 };
    let request = br#"<packet version="1.6.0.2"><migration><start><host>h</host><login>l</login><password>p</password>
        <destination-host-directory/><selected-objects><migrate-customers><target-owner>o</target-owner><customer>
        <name>n</name></customer></migrate-customers></selected-objects></start></migration><migration><check/><get_fs/>
        <get_status><migration_id a="b">1</migration_id></get_status></migration></packet>"#;
    for text in varied(&serde_json::to_value(Request::decode(request)?)?).iter().map(ToString::to_string) {
        count(agree(&text, Request::from_json(text.as_bytes())));
    }
    for text in RESPONSES {
        for text in varied(&serde_json::to_value(Response::decode(text.as_bytes())?)?).iter().map(ToString::to_string) {
            count(agree(&text, Response::from_json(text.as_bytes())));
        }
    }
    assert!(read > 20 && refused > 200, "{read} and {refused}");
    Ok(())
}

const RESPONSES: [&str; 3] = [
    "<packet><migration><get_status><result><status>ok</status><migration_status><total>99</total><completed>5</completed>\
     </migration_status></result></get_status><get_fs><result><status>ok</status><fs><mountpoint>/</mountpoint>\
     <device>d</device><mode>rw</mode><size>1</size><free>2</free><type>t</type></fs></result></get_fs></migration></packet>",
    "<packet><migration><get_status><result><status>ok</status><finished><error><object><type>t</type></object>\
     <message>m</message></error></finished></result></get_status></migration></packet>",
    "<packet><system><status>error</status><errcode>1001</errcode><errtext>e</errtext></system></packet>",
];

/// All that is wrong is reported, each once: what is missing because it was left out is not.
#[test]
fn all_errors_of_values_are_reported() {
    let cases: [(&str, &[&str]); 5] = [
        (
            r#"{"operators": [{"migration": {"operations": [{"get_status": {"migration_ip": 1}}, 5, {"strat": {}}]}}], "vrsion": 1}"#,
            &[
                "/operators/0/migration/operations/0/get_status/migration_ip",
                "/operators/0/migration/operations/1",
                "/operators/0/migration/operations/2",
                "/vrsion",
            ],
        ),
        (r#"{"operators": 5}"#, &["/operators"]),
        (
            r#"{"operators": [], "version": null, "request-settings": {"setting": [{}, {"name": 5}]}}"#,
            &["/request-settings/setting/0", "/request-settings/setting/1/name"],
        ),
        ("[]", &[""]),
        (r#"{"operators": [], "operators": []}"#, &["/operators"]),
    ];
    for (text, expected) in cases {
        let error = Request::from_json(text.as_bytes()).expect_err("the values are wrong");
        let report = error.report().expect("every error has a place");
        let paths: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.path.as_str()).collect();
        assert_eq!(paths, expected, "{text}");
    }
}

/// What is wrong in very many places, or deep inside, takes its time and no more.
#[test]
fn many_errors_of_values_are_bounded() {
    let text = format!(r#"{{"operators": [{}]}}"#, vec![r#"{"migration": 5}"#; 50_000].join(","));
    let error = Request::from_json(text.as_bytes()).expect_err("the values are wrong");
    assert!(error.report().is_some_and(|report| report.errors > 1));
    let text = format!(r#"{{"operators": {}{}}}"#, "[".repeat(500), "]".repeat(500));
    assert!(Request::from_json(text.as_bytes()).is_err());
}
