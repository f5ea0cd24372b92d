//! The types that hold the limits of members in JSON, on their own: created in Rust, read from other formats, printed,
//! and refused with their messages.

use std::borrow::Cow;

use packetcheck::diagnostic::Report;
use packetcheck::json::{Double, Int, List, Long, Member, Open, OrEmpty, Raw, Text, TextOrInteger};
use packetcheck::plesk::SelectedObjects;
use packetcheck::sms::{OsType, ProgressReport, Task, TaskState};
use packetcheck::{Limits, dataworks};
use serde::de::value::{BorrowedStrDeserializer, Error, MapDeserializer};
use serde::de::{Deserialize, IntoDeserializer};

type Percent = Int<0, 100>;
type Bytes = Long<0, { i64::MAX }>;
type Rate = Double<0, 10>;
type Short<'a> = Text<'a, 1, 3>;
type Code<'a> = TextOrInteger<'a, 0, 3>;
type State<'a> = Open<'a, TaskState, 0, 10>;
type Few = List<Percent, 1, 2>;

/// A value from a format that passes on its input unchanged.
fn read<'d, T: Deserialize<'d>>(value: impl IntoDeserializer<'d, Error>) -> Result<T, String> {
    T::deserialize(value.into_deserializer()).map_err(|error| error.to_string())
}

fn refusal<T>(result: Result<T, impl ToString>) -> String {
    result.map(|_| String::from("accepted")).unwrap_or_else(|error| error.to_string())
}

#[test]
fn numbers_keep_their_range() {
    let percent = Percent::new(7).expect("is in 0 to 100");
    assert_eq!((percent.get(), i32::from(percent), percent.to_string()), (7, 7, "7".to_owned()));
    assert_eq!((Percent::try_from(7), percent), (Ok(percent), percent));
    assert!(percent == 7 && percent != 8);
    assert_eq!(refusal(Percent::try_from(101)), "expected an integer from 0 to 100, found 101");
    let bytes = Bytes::new(1 << 40).expect("is not negative");
    assert_eq!((i64::from(bytes), format!("{bytes:>15}")), (1 << 40, "  1099511627776".to_owned()));
    assert_eq!(refusal(Bytes::new(-1)), "expected an integer from 0 to 9223372036854775807, found -1");

    // Formats have signed, unsigned and floating numbers.
    assert_eq!((read(7_i64), read(7_u64), read(7.0)), (Ok(percent), Ok(percent), Ok(percent)));
    for (read, expected) in [
        (read::<Percent>(-1_i64), "invalid value: integer `-1`, expected an integer from 0 to 100"),
        (read::<Percent>(1_i64 << 40), "invalid value: integer `1099511627776`, expected an integer from 0 to 100"),
        (read::<Percent>(101_u64), "invalid value: integer `101`, expected an integer from 0 to 100"),
        (read::<Percent>(u64::MAX), "invalid value: integer `18446744073709551615`, expected an integer from 0 to 100"),
        (read::<Percent>(0.5), "invalid type: floating point `0.5`, expected an integer from 0 to 100"),
        (
            read::<Percent>(1e16),
            "invalid type: floating point `10000000000000000.0`, expected an integer from 0 to 100",
        ),
        (read::<Percent>("7"), "invalid type: string \"7\", expected an integer from 0 to 100"),
    ] {
        assert_eq!(refusal(read), expected);
    }
}

#[test]
fn doubles_keep_their_range() {
    let rate = Rate::new(2.5).expect("is in 0 to 10");
    assert_eq!((rate.get(), f64::from(rate), rate.to_string()), (2.5, 2.5, "2.5".to_owned()));
    assert_eq!(Rate::try_from(2.5), Ok(rate));
    assert!(rate == 2.5 && rate != 2.0 && rate > Rate::new(2.0).expect("likewise"));
    for (number, found) in [(10.5, "10.5"), (-0.1, "-0.1"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        assert_eq!(refusal(Rate::new(number)), format!("expected a number from 0 to 10, found {found}"));
    }
    assert_eq!(
        (read::<Rate>(2.5), read::<Rate>(3_i64), read::<Rate>(3_u64)),
        (Ok(rate), Rate::new(3.0).map_err(|_| String::new()), Rate::new(3.0).map_err(|_| String::new()))
    );
    assert_eq!(refusal(read::<Rate>(11_u64)), "invalid value: floating point `11.0`, expected a number from 0 to 10");
    assert_eq!(refusal(read::<Rate>(-1_i64)), "invalid value: floating point `-1.0`, expected a number from 0 to 10");
    assert_eq!(refusal(read::<Rate>(true)), "invalid type: boolean `true`, expected a number from 0 to 10");
}

#[test]
fn texts_keep_their_length() {
    let text = Short::new("äbc").expect("has three characters");
    assert_eq!(
        (text.as_str(), text.as_ref(), &text[..2], format!("{text:5}|")),
        ("äbc", "äbc", "ä", "äbc  |".to_owned())
    );
    assert!(text == "äbc" && matches!(text.clone().into_inner(), Cow::Borrowed("äbc")));
    assert_eq!(Short::try_from("äbc"), Ok(text.clone()));
    assert_eq!(Short::try_from(String::from("äbc")), Ok(text.clone()));
    assert!(matches!(text.clone().into_owned().into_inner(), Cow::Owned(_)));
    let long = "expected a string of 1 to 3 characters, found 4 characters";
    assert_eq!(refusal(Short::try_from("abcd")), long);
    assert_eq!(refusal(Short::try_from(String::from("abcd"))), long);
    assert_eq!(refusal(Short::new("")), "expected a string of 1 to 3 characters, found 0 characters");

    // Text borrows from a document that lives long enough.
    let lasting = read::<Short<'_>>(BorrowedStrDeserializer::new("abc")).map(Text::into_inner);
    assert!(matches!(lasting, Ok(Cow::Borrowed("abc"))));
    assert_eq!((read("äbc"), read(String::from("äbc"))), (Ok(text.clone()), Ok(text)));
    for read in [read::<Short<'_>>("abcd"), read(String::from("abcd")), read(BorrowedStrDeserializer::new("abcd"))] {
        assert_eq!(refusal(read), long);
    }
    assert_eq!(refusal(read::<Short<'_>>(1_u64)), "invalid type: integer `1`, expected a string of 1 to 3 characters");
}

#[test]
fn texts_or_integers_are_kept_as_they_were() {
    let (text, number) = (Code::new("7").expect("is short"), Code::Integer(7));
    assert_eq!((text.to_text(), number.to_text()), (Cow::Borrowed("7"), Cow::Borrowed("7")));
    assert_eq!(
        [&text, &number].map(|code| serde_json::to_string(code).ok()),
        [Some("\"7\"".to_owned()), Some("7".to_owned())]
    );
    assert_ne!(text, number);
    for read in [read("7"), read(String::from("7")), read(BorrowedStrDeserializer::new("7"))] {
        assert_eq!(read, Ok(text.clone()));
    }
    for read in [read(7_i64), read(7_u64), read(7.0)] {
        assert_eq!(read, Ok(number.clone()));
    }
    for (read, expected) in [
        (read::<Code<'_>>("abcd"), "expected a string of at most 3 characters, found 4 characters"),
        (read(BorrowedStrDeserializer::new("abcd")), "expected a string of at most 3 characters, found 4 characters"),
        (read(u64::MAX), "invalid value: integer `18446744073709551615`, expected a string or an integer"),
        (read(0.5), "invalid type: floating point `0.5`, expected a string or an integer"),
        (read(()), "invalid type: unit value, expected a string or an integer"),
    ] {
        assert_eq!(refusal(read), expected);
    }
}

#[test]
fn values_of_lists_are_found_by_their_names() {
    let running = State::new("RUNNING").expect("is short");
    assert_eq!(
        (running.known(), running.as_str(), running.to_string()),
        (Some(TaskState::Running), "RUNNING", "RUNNING".to_owned())
    );
    let other = State::new("LATER").expect("may be another");
    assert_eq!((other.known(), read("LATER")), (None, Ok(other)));
    assert_eq!(refusal(State::new("A".repeat(11))), "expected a string of at most 10 characters, found 11 characters");

    assert_eq!((OsType::Linux.as_str(), format!("{:>6}", OsType::Linux)), ("LINUX", " LINUX".to_owned()));
    assert_eq!(read("LINUX"), Ok(OsType::Linux));
    assert_eq!(refusal(read::<OsType>("linux")), "invalid value: string \"linux\", expected one of `WINDOWS`, `LINUX`");
    assert_eq!(refusal(read::<OsType>(1_u64)), "invalid type: integer `1`, expected one of `WINDOWS`, `LINUX`");

    let (linux, empty) = (OrEmpty::from(OsType::Linux), OrEmpty::<OsType>::Empty);
    assert_eq!(
        (linux.value(), linux.as_str(), empty.value(), empty.as_str()),
        (Some(OsType::Linux), "LINUX", None, "")
    );
    assert_eq!((read("LINUX"), read("")), (Ok(linux), Ok(empty)));
    assert_eq!(
        refusal(read::<OrEmpty<OsType>>(" ")),
        "invalid value: string \" \", expected one of `WINDOWS`, `LINUX`"
    );
    assert_eq!(refusal(read::<OrEmpty<OsType>>(())), "invalid type: unit value, expected one of `WINDOWS`, `LINUX`");
}

#[test]
fn lists_keep_their_number_of_items() {
    let items = |count: usize| vec![Percent::new(7).expect("is in 0 to 100"); count];
    let list = Few::new(items(2)).expect("has two items");
    assert_eq!((list.len(), list.iter().count(), (&list).into_iter().count()), (2, 2, 2));
    assert_eq!((Few::try_from(items(2)), list.clone().into_inner()), (Ok(list.clone()), items(2)));
    assert_eq!(refusal(Few::new(items(0))), "expected an array of 1 to 2 items, found 0 items");
    assert_eq!(refusal(Few::try_from(items(3))), "expected an array of 1 to 2 items, found 3 items");

    assert_eq!(read(vec![7_i64, 7]), Ok(list));
    for (read, expected) in [
        (read::<Few>(Vec::<i64>::new()), "invalid length 0, expected an array of 1 to 2 items"),
        (read(vec![7_i64, 7, 7]), "invalid length 3, expected an array of 1 to 2 items"),
        (read(vec![7_i64, 101]), "invalid value: integer `101`, expected an integer from 0 to 100"),
    ] {
        assert_eq!(refusal(read), expected);
    }
    assert_eq!(refusal(read::<Few>("7")), "invalid type: string \"7\", expected an array of 1 to 2 items");
}

#[test]
fn members_are_absent_null_or_have_a_value() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Inner {
        #[serde(default)]
        value: Member<Percent>,
    }
    /// Flattened fields are read from a copy.
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Outer {
        #[serde(flatten)]
        inner: Inner,
    }
    let mut seven = Member::from(Percent::new(7).expect("is in 0 to 100"));
    for (text, value) in [("{}", Member::Absent), (r#"{"value": null}"#, Member::Null), (r#"{"value": 7}"#, seven)] {
        assert_eq!(serde_json::from_str::<Inner>(text).ok(), Some(Inner { value }), "{text}");
        assert_eq!(serde_json::from_str::<Outer>(text).ok(), Some(Outer { inner: Inner { value } }), "{text}");
    }
    assert_eq!(read(()), Ok(Member::<Percent>::Null));
    assert_eq!(refusal(read::<Member<Percent>>(7_i64)), "invalid type: integer `7`, expected a value or `null`");
    assert!(seven.get().is_some() && !seven.is_absent() && !seven.is_null());
    *seven.get_mut().expect("is there") = Percent::new(8).expect("likewise");
    assert_eq!(seven.into_value().map(Int::get), Some(8));
    for mut none in [Member::<Percent>::Absent, Member::Null] {
        assert!(none.get().is_none() && none.get_mut().is_none() && none.into_value().is_none());
    }
    let texts = [seven, Member::Null].map(|member| serde_json::to_string(&member).ok());
    assert_eq!(texts, [Some("8".to_owned()), Some("null".to_owned())]);
}

/// Values that serde_json would skip unread follow the same rules as the rest of a document.
#[test]
fn members_that_no_type_names_follow_our_rules_for_json() {
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let most = Limits::default().depth;
    let document = |value: &str| format!(r#"{{"name": "a", "other": {value}}}"#);
    for value in ["1", r#"{"a": [1, {"a": 2}], "b": "\u00e9"}"#, " null ", &deep(most)] {
        let document = document(value);
        let task: Task<'_> = serde_json::from_str(&document).expect("is a task");
        let kept = task.extra.get("other").map(|kept| kept.as_str());
        assert_eq!(kept, Some(value.trim()));
        assert_eq!(Raw::new(value).expect("is JSON").as_str(), value.trim());
    }
    for value in [r#"{"a": 1, "a": 2}"#, r#"["\ud800"]"#, &deep(most + 1)] {
        let document = document(value);
        let error = serde_json::from_str::<Task<'_>>(&document).expect_err(value).to_string();
        assert!(error.starts_with("expected a JSON value, found `"), "{error}");
        let error = Raw::new(value).expect_err(value).to_string();
        assert!(error.starts_with("expected a JSON value, found `"), "{error}");
    }
}

#[test]
fn objects_are_read_by_their_names() {
    for (json, expected) in [
        ("[]", "invalid type: sequence, expected an object (ShowTaskResponse)"),
        (r#"{"name": "a", "name": "b"}"#, "duplicate field `name`"),
        (r#"{"x": 1, "x": 2}"#, "expected members with different names, found two with the same name"),
        (
            r#"{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 1, "i": 1, "a": 2}"#,
            "expected members with different names, found two with the same name",
        ),
    ] {
        let error = serde_json::from_str::<Task<'_>>(json).expect_err(json).to_string();
        assert!(error.starts_with(expected), "{json}: {error}");
        assert!(Task::decode(json.as_bytes()).is_err(), "{json}");
    }
    let missing = serde_json::from_str::<ProgressReport<'_>>("{}").expect_err("all are missing").to_string();
    assert!(missing.starts_with("missing field `subtask_name`"), "{missing}");
    let numbered = MapDeserializer::<_, Error>::new([(1_u64, 2_u64)].into_iter());
    let refused = Task::deserialize(numbered).map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(refused, Err("invalid type: integer `1`, expected the name of a member".to_owned()));

    // Names can be escaped. Members that no type names are kept, but not under the name of another member.
    let mut task: Task<'_> = serde_json::from_str(r#"{"n\u0061me": "a", "\u0061ther": 1}"#).expect("is a task");
    assert_eq!((task.name.get().map(Text::as_str), task.extra.get("ather").map(Raw::as_str)), (Some("a"), Some("1")));
    task.extra.insert("state", Raw::new("1").expect("is JSON"));
    assert_eq!(refusal(serde_json::to_string(&task)), "the member `state` is in `extra`");
}

#[test]
fn unknown_members_are_shown_without_secrets() {
    let task: Task<'_> =
        serde_json::from_str(r#"{"password": "hunter2", "more": {"password": "hunter2"}, "other": 1}"#)
            .expect("is a task");
    let shown = format!("{:?}", task.extra);
    assert!(shown.contains("\"***\"") && shown.contains("other") && !shown.contains("hunter2"), "{shown}");
    let raw = task.extra.get("other").expect("is there").clone();
    assert_eq!((format!("{raw:?}"), raw == raw.clone().into_owned()), ("Raw(\"1\")".to_owned(), true));
}

/// The messages of a refusal, each with the path of its place.
fn told(report: Option<&Report>) -> Vec<String> {
    let told = report.map(|report| report.diagnostics.iter().map(|found| format!("{} {}", found.path, found.message)));
    told.into_iter().flatten().collect()
}

#[test]
fn parameters_are_strings_or_integers() {
    let read = |value: &str| {
        let json = format!(r#"{{"A": {value}}}"#);
        dataworks::Request::decode_json(json.as_bytes())
            .map(|request| request.get("A").unwrap_or_default().to_owned())
            .map_err(|error| told(error.report()).join("; "))
    };
    for (value, expected) in [
        (r#""a\u00e9""#, "a\u{e9}"),
        ("7", "7"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("18446744073709551615", "18446744073709551615"),
        ("7.0", "7"),
    ] {
        assert_eq!(read(value), Ok(expected.to_owned()), "{value}");
    }
    for (value, found) in [
        ("true", "`true`"),
        ("false", "`false`"),
        ("null", "`null`"),
        ("1.5", "the number `1.5`"),
        ("1e400", "the number `1e400`"),
        ("[]", "an array"),
        (r#"{"b": 1}"#, "an object"),
    ] {
        assert_eq!(read(value), Err(format!("/A expected a string or an integer in `A`, found {found}")), "{value}");
    }
    for (json, expected) in [
        ("[1]", vec![" expected an object, found an array"]),
        ("7", vec![" expected an object, found the number `7`"]),
        (
            r#"{"A": "1", "B": [2], "A": "2"}"#,
            vec![
                "/B expected a string or an integer in `B`, found an array",
                "/A expected each name once in an object, found `A` again",
            ],
        ),
    ] {
        let error = dataworks::Request::decode_json(json.as_bytes()).expect_err(json);
        assert_eq!(told(error.report()), expected, "{json}");
    }
}

#[test]
fn objects_to_migrate_are_read_with_every_error() {
    let of_ip = |old: &str| {
        let new = r#"{"ip-type": "shared", "ip-address": "2"}"#;
        format!(
            r#"{{"migrate-customers": {{"target-owner": "a", "customer": [{{"name": "n", "ip": [{{"old": {old}, "new": {new}}}]}}]}}}}"#
        )
    };
    let of_type = |kind: &str| of_ip(&format!(r#"{{"ip-type": {kind}, "ip-address": "1"}}"#));
    // In the form in which serde writes and reads a variant without content.
    for kind in [r#""shared""#, r#"{"shared": null}"#] {
        assert!(SelectedObjects::decode_json(of_type(kind).as_bytes()).is_ok(), "{kind}");
    }
    let old = "/migrate-customers/customer/0/ip/0/old";
    let one = " expected one of `migrate-resellers`, `migrate-customers`, `migrate-webspaces`, `migrate-reseller`, `migrate-customer`, found";
    for (json, expected) in [
        (
            of_type(r#""sharde""#),
            vec![
                format!("{old}/ip-type expected `shared` or `exclusive` in `ip-type`, found `sharde`"),
            ],
        ),
        (
            of_type("7"),
            vec![
                format!("{old}/ip-type expected `shared` or `exclusive` in `ip-type`, found the number `7`"),
            ],
        ),
        (
            of_type(r#"{"shared": 1}"#),
            vec![
                format!("{old}/ip-type/shared expected `null` in `shared`, found the number `1`"),
            ],
        ),
        (
            of_type(r#"{"sharde": null}"#),
            vec![
                format!("{old}/ip-type expected the member `shared` or `exclusive`, found `sharde`"),
            ],
        ),
        (
            of_type("{}"),
            vec![
                format!("{old}/ip-type expected an object with one member in `ip-type`, found 0 members"),
            ],
        ),
        (
            of_type(r#"{"shared": null, "exclusive": null}"#),
            vec![
                format!("{old}/ip-type expected an object with one member in `ip-type`, found 2 members"),
            ],
        ),
        (
            of_ip("{}"),
            vec![
                format!("{old} missing required member `ip-type` of `old`"),
                format!("{old} missing required member `ip-address` of `old`"),
            ],
        ),
        (
            of_ip("7"),
            vec![
                format!("{old} expected an object in `old`, found the number `7`"),
            ],
        ),
        (
            of_ip(r#"{"ip-type": "shared", "ip-addres": "1"}"#),
            vec![
                format!("{old}/ip-addres expected the member `ip-type` or `ip-address`, found `ip-addres`"),
            ],
        ),
        (
            r#"{"migrate-customers": {"customer": [{"ip": [{}]}, {"name": 1}]}}"#.to_owned(),
            vec![
                "/migrate-customers/customer/0/ip/0 missing required member `old` of `ip`".to_owned(),
                "/migrate-customers/customer/0/ip/0 missing required member `new` of `ip`".to_owned(),
                "/migrate-customers/customer/0 missing required member `name` of `customer`".to_owned(),
                "/migrate-customers/customer/1/name expected a string in `name`, found the number `1`".to_owned(),
                "/migrate-customers missing required member `target-owner` of `migrate-customers`".to_owned(),
            ],
        ),
        (
            r#"{"migrate-webspaces": [{"target-owner": "a", "webspace": [{"name": "n", "ip": null, "db-server": [{}]}]}]}"#.to_owned(),
            vec![
                "/migrate-webspaces/0/webspace/0/db-server/0 missing required member `old` of `db-server`".to_owned(),
                "/migrate-webspaces/0/webspace/0/db-server/0 missing required member `new` of `db-server`".to_owned(),
            ],
        ),
        (
            r#"{"migrate-customers": null, "migrate-resellers": null}"#.to_owned(),
            vec![
                format!("{one} none"),
            ],
        ),
        (
            r#"{"migrate-customers": {"target-owner": "a"}, "migrate-resellers": {"x": 1}}"#.to_owned(),
            vec![
                format!("{one} several"),
                "/migrate-resellers/x expected the member `reseller`, found `x`".to_owned(),
            ],
        ),
        (
            "{}".to_owned(),
            vec![
                format!("{one} none"),
            ],
        ),
    ] {
        let error = SelectedObjects::decode_json(json.as_bytes()).expect_err(&json);
        assert_eq!(told(error.report()), expected, "{json}");
    }
}
