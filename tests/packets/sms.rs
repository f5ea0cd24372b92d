//! Messages of Huawei Cloud SMS: every sample gets its verdict, and accepted ones are written back unchanged.
#![allow(clippy::panic, reason = "a test says what it misses by it")]

use packetcheck::diagnostic::Report;
use packetcheck::sms::{DeviceUse, ProgressReport, Response, SubTaskName, Task, TaskState};
use packetcheck::{Limits, json};

use crate::support::parallel;
use crate::support::samples::{self, Sample, codes, verdict};

fn explain(kind: &str, bytes: &[u8]) -> Report {
    match kind {
        "sms-task" => Response::explain(bytes, &Limits::default()),
        "sms-progress" => ProgressReport::explain(bytes, &Limits::default()),
        other => panic!("no kind `{other}`"),
    }
}

fn is_read(kind: &str, bytes: &[u8]) -> bool {
    match kind {
        "sms-task" => Response::decode(bytes).is_ok(),
        _ => ProgressReport::decode(bytes).is_ok(),
    }
}

fn samples() -> Vec<Sample> {
    samples::samples("sms")
}

#[test]
fn samples_get_their_verdict_with_and_without_prediction() {
    for sample in samples() {
        let report = explain(&sample.kind, &sample.bytes);
        assert_eq!(verdict(&report), sample.verdict, "{}: {report:#?}", sample.file);
        assert_eq!(is_read(&sample.kind, &sample.bytes), report.is_valid(), "{}", sample.file);
        assert_eq!(codes(&report), sample.codes, "{}: {report:#?}", sample.file);
    }
}

#[test]
fn an_invalid_sample_has_one_error() {
    for sample in samples().iter().filter(|sample| sample.verdict == "invalid") {
        // The members that API v1 did not have yet are missing.
        let expected = if sample.file == "progress/v1.json" { 3 } else { 1 };
        let report = explain(&sample.kind, &sample.bytes);
        assert_eq!(report.errors, expected, "{}: {report:#?}", sample.file);
    }
}

/// Reads a sample as a value, writes it, and reads that again.
macro_rules! comes_back {
    ($type:ident, $sample:ident) => {{
        let Ok(value) = $type::decode(&$sample.bytes) else { continue };
        let written = value.encode().unwrap_or_else(|error| panic!("{}: {error}", $sample.file));
        let again = $type::decode(&written).unwrap_or_else(|error| panic!("{}: {error}", $sample.file));
        assert_eq!(again, value, "{}", $sample.file);
        let (before, after) = (explain(&$sample.kind, &$sample.bytes), explain(&$sample.kind, &written));
        assert_eq!((after.errors, after.warnings), (0, before.warnings), "{}", $sample.file);
        let owned: $type<'static> = value.clone().into_owned();
        assert_eq!(owned, value, "{}", $sample.file);
        let like = value.encode_like(&$sample.bytes).unwrap_or_else(|error| panic!("{}: {error}", $sample.file));
        assert_eq!(names(&like), names(&$sample.bytes), "{}", $sample.file);
        assert_eq!($type::decode(&like).ok(), Some(value), "{}", $sample.file);
    }};
}

#[test]
fn accepted_samples_decode_and_come_back_the_same() {
    for sample in samples() {
        match sample.kind.as_str() {
            "sms-task" => comes_back!(Response, sample),
            _ => comes_back!(ProgressReport, sample),
        }
    }
}

/// The names in a document in order, and its `null`s. `None` if it is too deep for serde_json.
fn names(bytes: &[u8]) -> Option<Vec<String>> {
    struct Names<'n>(&'n mut Vec<String>);
    impl<'de> serde::de::DeserializeSeed<'de> for Names<'_> {
        type Value = ();
        fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
            deserializer.deserialize_any(self)
        }
    }
    impl<'de> serde::de::Visitor<'de> for Names<'_> {
        type Value = ();
        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("a value")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(name) = map.next_key::<String>()? {
                self.0.push(name);
                map.next_value_seed(Names(self.0))?;
            }
            Ok(())
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
            while items.next_element_seed(Names(self.0))?.is_some() {}
            Ok(())
        }
        fn visit_unit<E>(self) -> Result<(), E> {
            self.0.push("null".into());
            Ok(())
        }
        fn visit_bool<E>(self, _: bool) -> Result<(), E> {
            Ok(())
        }
        fn visit_i64<E>(self, _: i64) -> Result<(), E> {
            Ok(())
        }
        fn visit_u64<E>(self, _: u64) -> Result<(), E> {
            Ok(())
        }
        fn visit_f64<E>(self, _: f64) -> Result<(), E> {
            Ok(())
        }
        fn visit_str<E>(self, _: &str) -> Result<(), E> {
            Ok(())
        }
    }
    let mut names = Vec::new();
    let read =
        serde::de::DeserializeSeed::deserialize(Names(&mut names), &mut serde_json::Deserializer::from_slice(bytes));
    read.is_ok().then_some(names)
}

#[test]
fn a_document_that_is_cut_is_refused() {
    let mut samples = samples();
    samples.retain(|sample| sample.verdict != "invalid" && sample.bytes.len() < 4096);
    parallel::each(&samples, |sample| {
        let whole = sample.bytes.trim_ascii_end().len();
        for end in 0..whole {
            let cut = &sample.bytes[..end];
            assert!(!is_read(&sample.kind, cut), "{} cut at {end}", sample.file);
            let report = explain(&sample.kind, cut);
            // A number that is cut is a different number.
            let is_in_number = cut.ends_with(b".") || cut.last().is_some_and(u8::is_ascii_digit);
            let most = 1 + usize::from(is_in_number);
            assert!((1..=most).contains(&report.errors), "{} cut at {end}: {report:#?}", sample.file);
        }
    });
}

#[test]
fn the_printed_example_is_as_stated() {
    let sample = samples().into_iter().find(|sample| sample.file == "documentation/show_task.json").expect("is there");
    let names = names(&sample.bytes).expect("is not deep");
    assert_eq!(names.iter().filter(|name| *name == "null").count(), 27);
    let task = Task::decode(&sample.bytes).expect("is valid");
    assert_eq!(task.state.get().and_then(|state| state.known()), Some(TaskState::Running));
    assert!(task.float_ip.is_null() && task.remain_seconds.is_absent());
    let disk = &task.target_server.get().and_then(|server| server.disks.get()).expect("has disks")[0];
    let volumes = disk.physical_volumes.get().expect("has volumes");
    assert_eq!(volumes[0].uuid.get().map(|uuid| uuid.contains(r"\\?\Volume{")), Some(true));
}

/// Checks the message and the help for values of each type that a member does not accept.
#[test]
fn a_value_of_another_type_is_described() {
    let reported = |document: &str| -> Vec<(String, Option<String>)> {
        let report = explain("sms-progress", document.as_bytes());
        report.diagnostics.into_iter().map(|diagnostic| (diagnostic.message, diagnostic.help)).collect()
    };
    let quotes = Some("remove the quotes");
    let expected = [
        ("expected a string in `subtask_name`, found `null`", None),
        ("expected an integer in `progress`, found the string `5`", quotes),
        ("expected an integer in `replicatesize`, found `true`", None),
        ("expected an integer in `totalsize`, found the string `5.5`", None),
        ("expected a string in `process_trace`, found an array", None),
        ("expected a number in `migrate_speed`, found the string `2.5`", quotes),
        ("expected a number in `compress_rate`, found an object", None),
        ("expected `true` or `false` in `need_migration_test`, found the string `true`", quotes),
        ("expected a string in `agent_time`, found the number `7`", None),
    ];
    let found = reported(
        r#"{"subtask_name":null,"progress":"5","replicatesize":true,"totalsize":"5.5","process_trace":[],
            "migrate_speed":"2.5","compress_rate":{},"need_migration_test":"true","agent_time":7}"#,
    );
    let found: Vec<_> = found.iter().map(|(message, help)| (message.as_str(), help.as_deref())).collect();
    assert_eq!(found, expected);
    for (document, message) in [
        ("[]", "expected an object, found an array"),
        ("null", "expected an object, found `null`"),
        ("false", "expected an object, found `false`"),
    ] {
        assert_eq!(reported(document), [(message.to_owned(), None)]);
    }
    // A string is not reported as its contents: no quotes have to be removed.
    let booleans = r#"{"subtask_name":"MIGRATE_LINUX_FILE","progress":1,"replicatesize":1,"totalsize":1,"process_trace":"",
        "migrate_speed":1,"compress_rate":1,"need_migration_test":"yes"}"#;
    let message = "expected `true` or `false` in `need_migration_test`, found the string `yes`";
    assert_eq!(reported(booleans), [(message.to_owned(), None)]);
}

#[test]
fn members_that_no_type_names_are_kept_replaced_and_removed() {
    let document = r#"{"subtask_name":"MIGRATE_LINUX_FILE","progress":1,"replicatesize":1,"totalsize":1,"process_trace":"",
        "migrate_speed":1,"compress_rate":1,"first":[1, 2],"second":"a"}"#;
    let mut report = ProgressReport::decode(document.as_bytes()).expect("a report");
    let extra = &mut report.extra;
    assert_eq!((extra.len(), extra.is_empty()), (2, false));
    assert_eq!(extra.get("first").map(|value| value.as_str()), Some("[1, 2]"));
    assert_eq!(extra.remove("first").map(|value| value.as_str().to_owned()).as_deref(), Some("[1, 2]"));
    assert!(extra.remove("first").is_none() && extra.get("first").is_none());
    extra.insert("second", json::Raw::new("{}").expect("JSON"));
    assert_eq!(extra.iter().map(|(name, value)| (name, value.as_str())).collect::<Vec<_>>(), [("second", "{}")]);
    let written = report.encode().expect("it can be written");
    assert!(String::from_utf8_lossy(&written).ends_with(r#""second":{}}"#), "{}", String::from_utf8_lossy(&written));
}

#[test]
fn an_error_body_is_not_a_task() {
    let body = br#"{"error_msg": "The boot partition does not exist.", "error_code": "SMS.6531"}"#;
    let Ok(Response::Error(error)) = Response::decode(body) else { panic!("is an error body") };
    assert_eq!(error.error_code.get().map(|code| code.as_str()), Some("SMS.6531"));
    let refused = Task::decode(body).expect_err("is no task");
    assert_eq!(refused.to_string(), "expected a task, found an error: SMS.6531: The boot partition does not exist.");
}

#[test]
fn ambiguous_responses_are_not_written() {
    let mut task = Task::default();
    task.extra.insert("error_code", json::Raw::new("1").expect("is JSON"));
    assert!(task.encode().is_err() && Response::Task(Box::new(task.clone())).encode().is_err());
    task.name = json::Text::new("a").expect("is short").into();
    assert!(task.encode().is_ok());
    assert!(Response::Error(Default::default()).encode().is_err());
}

/// The value of a member, and its documented default if there is no value.
#[test]
fn documented_defaults_apply_where_there_is_no_value() {
    let with = |value: &str| {
        let json = format!(
            r#"{{"id": "t", "priority": {value}, "start_target_server": {value}, "target_server": {{
                "disks": [{{"device_use": {value}, "physical_volumes": [{{"device_use": {value}}}]}}],
                "volume_groups": [{{"logical_volumes": [{{"block_count": {value}, "block_size": {value}}}]}}]}}}}"#
        );
        json.replace(r#""priority": absent, "#, "")
            .replace(r#""start_target_server": absent, "#, "")
            .replace(r#""device_use": absent, "#, "")
            .replace(r#""device_use": absent"#, "")
            .replace(r#""block_count": absent, "#, "")
            .replace(r#""block_size": absent"#, "")
    };
    for json in [with("null"), with("absent")] {
        let task = Task::decode(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!((task.priority(), task.start_target_server()), (1, true), "{json}");
        let server = task.target_server.get().expect("there is a server");
        let disk = &server.disks.get().expect("there are disks")[0];
        assert_eq!(disk.device_use(), DeviceUse::Normal, "{json}");
        let volume = &disk.physical_volumes.get().expect("there are volumes")[0];
        assert_eq!(volume.device_use(), DeviceUse::Normal, "{json}");
        let logical = &server.volume_groups.get().expect("there are groups")[0].logical_volumes;
        let logical = &logical.get().expect("there are volumes")[0];
        assert_eq!((logical.block_count(), logical.block_size()), (0, 0), "{json}");
    }
    let task = Task::decode(br#"{"id": "t", "priority": 2, "start_target_server": false}"#).expect("a valid task");
    assert_eq!((task.priority(), task.start_target_server()), (2, false));
    let disks = br#"{"id": "t", "target_server": {"disks": [{"device_use": "BOOT"}, {"device_use": ""}]}}"#;
    let task = Task::decode(disks).expect("a valid task");
    let disks = task.target_server.get().and_then(|server| server.disks.get()).expect("there are disks");
    assert_eq!([disks[0].device_use(), disks[1].device_use()], [DeviceUse::Boot, DeviceUse::Normal]);
}

#[test]
fn a_report_is_built_from_what_is_mandatory() {
    let number = |number| json::Long::new(number).expect("is not negative");
    let mut report = ProgressReport::new(
        SubTaskName::SslConfig,
        json::Int::new(50).expect("is in 0 to 100"),
        number(i64::MAX),
        number(0),
        json::Text::new("").expect("may be empty"),
    );
    report.remain_time = json::Long::new(60).expect("is in range").into();
    report.extra.insert("later", json::Raw::new("[1, 2]").expect("is JSON"));
    let written = report.encode().expect("can be written");
    let expected = r#"{"subtask_name":"SSL_CONFIG","progress":50,"replicatesize":9223372036854775807,"totalsize":0,"process_trace":"","remain_time":60,"later":[1, 2]}"#;
    assert_eq!(std::str::from_utf8(&written), Ok(expected));
    assert_eq!(ProgressReport::decode(&written).expect("is valid"), report);
    assert!(json::Int::<0, 100>::new(101).is_err());
    report.extra.insert("progress", json::Raw::new("1").expect("is JSON"));
    assert!(report.encode().is_err(), "a member of the page is in `extra`");
}

/// As in XML, there is a limit on the depth, counted from the root.
#[test]
fn reading_takes_limits() {
    let deep = br#"{"sub_tasks": [{"unknown": [[1]]}]}"#;
    for (depth, is_valid) in [(5, true), (4, false), (2, false)] {
        let mut limits = Limits::default();
        limits.depth = depth;
        assert_eq!(Response::decode_limited(deep, &limits).is_ok(), is_valid, "{depth}");
        let report = Response::explain(deep, &limits);
        assert_eq!(report.is_valid(), is_valid, "{depth}");
        let expected = if is_valid { "" } else { "PC0602" };
        assert_eq!(codes(&report), expected, "{depth}");
    }
}

/// `extra` can be written to the depth to which it can be read: one level more is rejected.
#[test]
fn nothing_too_deep_is_written() {
    let nested = |depth: usize| json::Raw::new("[".repeat(depth) + &"]".repeat(depth)).expect("is JSON");
    let mut task = Task::default();
    task.extra.insert("x", nested(1023));
    let written = task.encode().expect("is as deep as may be");
    assert_eq!(Task::decode(&written).ok(), Some(task.clone()));
    task.extra.insert("x", nested(1024));
    assert!(task.encode().is_err_and(|error| error.report().is_some_and(|report| codes(report) == "PC0602")));
}
