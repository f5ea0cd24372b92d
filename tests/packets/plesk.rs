//! Every sample of `tests/data/plesk`: its verdict on both paths, its diagnostics' codes, and the conversion to typed
//! values and back.

#![allow(clippy::panic, reason = "a test says what it misses by it")]

use packetcheck::plesk::{
    Operation, Request, RequestOperator, Response, SelectedObjects, request_schema, response_schema,
};
use packetcheck::{PacketKind, Schema};

use crate::support::samples::{self, Sample, codes, verdict};

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
fn samples_get_their_verdict_with_and_without_prediction() {
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

/// Reads a sample as a value, writes it in each form of the value, and reads those again.
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
fn accepted_samples_decode_and_come_back_the_same() {
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

/// Values are read from JSON as serde_json reads them; what it refuses is refused with our own places and messages.
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
                // An object may lack several members.
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
            // serde_json accepts the items of an array as the members of an object, in order, which does not occur in
            // practice.
            (Ok(_), Err(error)) if error.to_string().contains("expected an object") => false,
            (expected, found) => panic!("{text}: expected {expected:?}, found {found:?}"),
        }
    }
    let (mut read, mut refused) = (0, 0);
    let mut count = |is_read: bool| if is_read { read += 1 } else { refused += 1 };
    for text in OBJECTS {
        for text in varied(&serde_json::from_str(text)?).iter().map(ToString::to_string) {
            count(agree(&text, SelectedObjects::decode_json(text.as_bytes())));
        }
    }
    assert!(read > 20 && refused > 200, "{read} and {refused}");
    Ok(())
}

const OBJECTS: [&str; 3] = [
    r#"{"migrate-customers": {"target-owner": "o", "customer": [{"name": "n", "ip": [{"old": {"ip-type": "shared",
       "ip-address": "192.0.2.1"}, "new": {"ip-type": "exclusive", "ip-address": "192.0.2.2"}}]}]}}"#,
    r#"{"migrate-webspaces": [{"target-owner": "o", "webspace": [{"name": "n", "db-server": [{"old": {"host": "h", "port": "1",
       "type": "mysql"}, "new": {"host": "h", "port": "2", "type": "mysql"}}]}]}]}"#,
    r#"{"migrate-resellers": {"reseller": [{"name": "n", "customer": [{"name": "m", "webspace": [{"name": "o"}]}]}]}}"#,
];

/// `new plesk start` reads the member `selected-objects` of what `decode` writes.
#[test]
fn selected_objects_are_the_member_that_decode_writes() -> Result<(), Box<dyn std::error::Error>> {
    let mut count = 0;
    for sample in samples().iter().filter(|sample| sample.kind == "plesk-request" && sample.verdict != "invalid") {
        let json: serde_json::Value = serde_json::from_slice(&PacketKind::PleskRequest.decode(&sample.bytes)?)?;
        for operator in json["packet"]["$value"].as_array().into_iter().flatten() {
            for operation in operator["migration"]["$value"].as_array().into_iter().flatten() {
                let Some(objects) = operation["start"].get("selected-objects") else { continue };
                let expected = Request::decode(&sample.bytes)?;
                let text = objects.to_string();
                let read = SelectedObjects::decode_json(text.as_bytes())
                    .map_err(|error| format!("{}: {error}: {text}", sample.file))?;
                let is_same = |operation: &Operation<'_>| matches!(operation, Operation::Start(start) if start.selected_objects == read);
                let operations = expected.operators.iter().flat_map(|operator| match operator {
                    RequestOperator::Migration(migration) => migration.operations.as_slice(),
                    _ => &[],
                });
                assert!(operations.into_iter().any(is_same), "{}: {text}", sample.file);
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
    Ok(())
}

/// All errors are reported, each once, but not members that are missing because they were left out.
#[test]
fn all_errors_of_values_are_reported() {
    let cases: [(&str, &[&str]); 6] = [
        (
            r#"{"packet": {"$value": [{"migration": {"$value": [{"get_status": {"migration_ip": 1}}, 5, {"strat": {}}]}}], "@vrsion": 1}}"#,
            &[
                "/packet/$value/0/migration/$value/0/get_status/migration_ip",
                "/packet/$value/0/migration/$value/1",
                "/packet/$value/0/migration/$value/2/strat",
                "/packet/@vrsion",
            ],
        ),
        (r#"{"packet": {"$value": 5}}"#, &["/packet/$value"]),
        (
            r#"{"packet": {"request-settings": {"setting": [{"name": 5}, {"nam": "x"}, {"name": "x", "name": "y"}]}, "$value": []}}"#,
            &[
                // There is no operator in it.
                "/packet",
                "/packet/request-settings/setting/0/name",
                "/packet/request-settings/setting/1/nam",
                "/packet/request-settings/setting/2/name",
                "/packet/request-settings/setting/2/name",
            ],
        ),
        ("[]", &[""]),
        (r#"{"pocket": {}}"#, &["/pocket"]),
        (r#"{"packet": {"$value": [], "$value": []}}"#, &["/packet/$value"]),
    ];
    for (text, expected) in cases {
        let error = request_schema().encode_from_json(text.as_bytes()).expect_err("the values are wrong");
        let report = error.report().expect("every error has a place");
        let paths: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.path.as_str()).collect();
        assert_eq!(paths, expected, "{text}");
    }
    let cases: [(&str, &[&str]); 3] = [
        (
            r#"{"migrate-resellers": {"reseller": [{"name": 5, "customers": []}, 7, {"name": "n", "ip": {}}]}}"#,
            &[
                "/migrate-resellers/reseller/0/name",
                "/migrate-resellers/reseller/0/customers",
                "/migrate-resellers/reseller/1",
                "/migrate-resellers/reseller/2/ip",
            ],
        ),
        (r#"{"migrate-reseller": 5}"#, &["/migrate-reseller"]),
        ("[]", &[""]),
    ];
    for (text, expected) in cases {
        let error = SelectedObjects::decode_json(text.as_bytes()).expect_err("the values are wrong");
        let report = error.report().expect("every error has a place");
        let paths: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.path.as_str()).collect();
        assert_eq!(paths, expected, "{text}");
    }
}

/// Errors in very many places, or deep inside, take linear time.
#[test]
fn many_errors_of_values_are_bounded() {
    let text = format!(r#"{{"migrate-resellers": {{"reseller": [{}]}}}}"#, vec![r#"{"name": 5}"#; 50_000].join(","));
    let error = SelectedObjects::decode_json(text.as_bytes()).expect_err("the values are wrong");
    assert!(error.report().is_some_and(|report| report.errors > 1));
    let text = format!(r#"{{"migrate-resellers": {}{}}}"#, "[".repeat(500), "]".repeat(500));
    assert!(SelectedObjects::decode_json(text.as_bytes()).is_err());

    let text = format!(r#"{{"packet": {{"$value": [{}]}}}}"#, vec![r#"{"migration": 5}"#; 50_000].join(","));
    let error = request_schema().encode_from_json(text.as_bytes()).expect_err("the values are wrong");
    assert!(error.report().is_some_and(|report| report.errors > 1));
}

/// One pass gives the same values and warnings as two.
#[test]
fn values_and_warnings_of_one_pass_are_those_of_two() {
    let mut warned = 0;
    for sample in samples::samples("plesk").iter().filter(|sample| sample.kind == "plesk-response") {
        let schema = response_schema();
        let report = schema.explain(&sample.bytes);
        let one = schema.decode_with_warnings::<Response<'_>>(&sample.bytes);
        match (one, schema.decode::<Response<'_>>(&sample.bytes)) {
            (Ok((value, found)), Ok(alone)) => assert_eq!((value, found), (alone, report.clone()), "{}", sample.file),
            (Err(one), Err(other)) => assert_eq!(one.report(), other.report(), "{}", sample.file),
            (one, other) => panic!("{}: {one:?}, {other:?}", sample.file),
        }
        warned += usize::from(report.is_valid() && report.warnings > 0);
    }
    assert!(warned > 5, "{warned} samples with warnings");
}

/// Values are moved to their place, which takes time if they are large.
#[test]
#[cfg(target_pointer_width = "64")]
fn values_are_small() {
    use std::mem::size_of;

    use packetcheck::plesk::OperationAnswer;

    assert!(size_of::<OperationAnswer<'_>>() <= 128, "{}", size_of::<OperationAnswer<'_>>());
    assert!(size_of::<Operation<'_>>() <= 40, "{}", size_of::<Operation<'_>>());
    assert!(size_of::<Response<'_>>() <= 168, "{}", size_of::<Response<'_>>());
    assert!(size_of::<Request<'_>>() <= 128, "{}", size_of::<Request<'_>>());
}

/// Valid by the schema, but surely not intended.
#[test]
fn members_without_a_place_in_the_types_are_named() {
    let answer = br#"<packet xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><migration><finish>
        <result xsi:type="MigrationOutputGetFsResultType"><status>ok</status></result></finish></migration></packet>"#;
    assert!(packetcheck::plesk::response_schema().is_valid(answer));
    let error = packetcheck::plesk::Response::decode(answer).expect_err("it would be lost");
    assert!(error.report().is_none());
    let words = "the Rust type of `result` has no place for `MigrationOutputGetFsResultType`";
    assert!(error.to_string().contains(words), "{error}");
    assert!(packetcheck::plesk::response_schema().decode_to_json(answer).is_ok());
}
