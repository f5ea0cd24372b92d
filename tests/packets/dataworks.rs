//! Every sample of `tests/data/dataworks`: its verdict, its diagnostics' codes, and the way through typed values.

#![allow(clippy::panic, reason = "a test says what it misses by it")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use packetcheck::dataworks::{
    AnyText, ErrorCode, Format, GatewayError, GetMigrationProcess, ProgressTaskItem, Request, Response, TaskStatus,
    response_schema,
};
use packetcheck::diagnostic::Report;
use packetcheck::json::{Int, List, Member, Raw};
use packetcheck::{Error, Limits};
use proptest::prelude::*;

use crate::support::samples::{self, Sample, codes, verdict};

impl Sample {
    fn is_xml(&self) -> bool {
        self.file.ends_with(".xml")
    }

    fn response(&self) -> Result<Response<'_>, Error> {
        if self.is_xml() { Response::decode_xml(&self.bytes) } else { Response::decode_json(&self.bytes) }
    }

    fn explain(&self) -> Report {
        match self.kind.as_str() {
            "dataworks-request" => Request::explain(&self.bytes, &Limits::default()),
            "dataworks-response" => Response::explain(&self.bytes, &Limits::default()),
            other => panic!("{}: no kind `{other}`", self.file),
        }
    }
}

fn samples(kind: &str) -> impl Iterator<Item = Sample> {
    samples::samples("dataworks").into_iter().filter(move |sample| sample.kind == kind)
}

#[test]
fn every_sample_gets_its_verdict() {
    let mut wrong = String::new();
    for sample in samples::samples("dataworks") {
        let report = sample.explain();
        let is_valid = sample.kind != "dataworks-response" || Response::is_valid(&sample.bytes) == report.is_valid();
        if !is_valid || verdict(&report) != sample.verdict || codes(&report) != sample.codes {
            wrong += &format!("{}: {report:#?}\n", sample.file);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn xml_samples() -> impl Iterator<Item = Sample> {
    samples("dataworks-response").filter(Sample::is_xml)
}

#[test]
fn both_ways_through_xml_give_one_verdict() {
    for sample in xml_samples() {
        let complete = response_schema().explain_without_prediction(&sample.bytes);
        assert_eq!(sample.explain().diagnostics, complete.diagnostics, "{}", sample.file);
        assert_eq!(response_schema().is_valid(&sample.bytes), sample.verdict != "invalid", "{}", sample.file);
    }
}

/// An answer in each form that can hold it.
fn written(response: &Response<'_>) -> Vec<Vec<u8>> {
    let has_extra = match response {
        Response::Progress(progress) => {
            !progress.extra.is_empty() || progress.items().iter().any(|item| !item.extra.is_empty())
        }
        Response::Error(error) => !error.extra.is_empty(),
        other => panic!("no such answer: {other:?}"),
    };
    let xml = [response.encode_xml(), response.encode_xml_pretty()];
    if has_extra {
        // Of an error XML holds what came from XML.
        let is_error = matches!(response, Response::Error(_));
        assert!(is_error || xml.iter().all(Result::is_err), "{response:?}");
        let json = response.encode_json().expect("JSON holds every member");
        return xml.into_iter().flatten().chain([json]).collect();
    }
    let json = response.encode_json();
    if *response == Response::Error(GatewayError::default()) {
        assert!(json.is_err(), "nothing in `{{}}` tells that it is an error");
        return xml.into_iter().map(|bytes| bytes.expect("its root tells it")).collect();
    }
    xml.into_iter().chain([json]).map(|bytes| bytes.unwrap_or_else(|error| panic!("{response:?}: {error}"))).collect()
}

fn parse(bytes: &[u8]) -> Response<'_> {
    let parsed = if bytes.starts_with(b"<") { Response::decode_xml(bytes) } else { Response::decode_json(bytes) };
    parsed.unwrap_or_else(|error| panic!("{}: {error}", String::from_utf8_lossy(bytes)))
}

/// The answer as XML can express it: no `null`, no empty list, codes as texts.
fn as_xml_tells_it(response: Response<'_>) -> Response<'_> {
    fn present<T>(member: Member<T>) -> Member<T> {
        member.into_value().map_or(Member::Absent, Member::Value)
    }
    match response {
        Response::Progress(mut progress) => {
            progress.http_status_code = present(progress.http_status_code);
            progress.request_id = present(progress.request_id);
            progress.error_message = present(progress.error_message);
            progress.success = present(progress.success);
            progress.error_code = match progress.error_code.into_value() {
                Some(code) => Member::Value(ErrorCode::new(code.to_text().into_owned()).expect("has no bounds")),
                None => Member::Absent,
            };
            progress.data = match progress.data.into_value().map(|list| list.into_inner()) {
                Some(items) if !items.is_empty() => Member::Value(List::new(items).expect("has no bounds")),
                _ => Member::Absent,
            };
            Response::Progress(progress)
        }
        other => other,
    }
}

#[test]
fn accepted_samples_decode_and_come_back_the_same() {
    for sample in samples("dataworks-response") {
        let value = match sample.response() {
            Ok(value) => value,
            Err(error) => {
                assert_eq!(sample.verdict, "invalid", "{}: {error}", sample.file);
                assert!(error.report().is_some(), "{}: {error}", sample.file);
                continue;
            }
        };
        assert_ne!(sample.verdict, "invalid", "{}", sample.file);
        for bytes in written(&value) {
            let report = Response::explain(&bytes, &Limits::default());
            assert!(report.is_valid(), "{}: {report:#?}", sample.file);
            if bytes.starts_with(b"<") {
                assert_eq!(parse(&bytes), as_xml_tells_it(value.clone()), "{}", sample.file);
            } else {
                assert_eq!(parse(&bytes), value, "{}", sample.file);
            }
            if bytes.starts_with(b"<") == sample.is_xml() {
                assert_eq!(report.warnings, sample.explain().warnings, "{}", sample.file);
            }
        }
        assert_eq!(value.clone().into_owned(), value, "{}", sample.file);
    }
}

#[test]
fn xml_and_json_are_one_value() {
    for name in ["documentation/response", "documentation/error"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/dataworks");
        let read = |form: &str| fs::read(folder.join(format!("{name}.{form}"))).expect("the sample is there");
        let (xml, json) = (read("xml"), read("json"));
        if name.ends_with("response") {
            assert_eq!(parse(&json), parse(&xml));
            assert_eq!(parse(&xml).encode_json().expect("a value has a form in JSON"), json);
        }
        assert_eq!(parse(&parse(&json).encode_xml().expect("a value has a form in XML")), parse(&json));
    }
    let number = parse(br#"{"ErrorCode":110001123456}"#);
    let xml = number.encode_xml().expect("a number is text in XML");
    assert!(xml.ends_with(b"<ErrorCode>110001123456</ErrorCode></GetMigrationProcessResponse>"));
    assert_eq!(number.encode_json().expect("and a number in JSON"), br#"{"ErrorCode":110001123456}"#);
}

#[test]
fn what_was_null_or_absent_or_unknown_stays_so() {
    for text in [
        r#"{"RequestId":null,"Data":null}"#,
        r#"{"Data":[]}"#,
        "{}",
        r#"{"Data":[{"TaskStatus":null}],"Extra":{"b":1.50,"a":[]},"Code":1}"#,
        r#"{"HostId":null,"Code":"c","New":{}}"#,
    ] {
        let value = parse(text.as_bytes());
        assert_eq!(value.encode_json().map(String::from_utf8).expect("is written").as_deref(), Ok(text));
    }
    for text in [r#"{"RequestId":"1"}"#, r#"{"Success":true,"Code":"c"}"#] {
        let Response::Progress(progress) = parse(text.as_bytes()) else { panic!("{text} is no error") };
        let mut error = GatewayError::default();
        (error.request_id, error.extra) = (progress.request_id, progress.extra);
        error.extra.insert("Success", Raw::new("true").expect("is JSON"));
        assert!(Response::Error(error).encode_json().is_err(), "{text} would not be read as an error");
    }
    let other_order = br#"{"Data":[],"Success":true,"Extra":1,"RequestId":"1"}"#;
    assert_eq!(parse(other_order).encode_json_like(other_order).expect("is written"), other_order);
}

#[test]
fn statuses_are_known_by_their_names() {
    let json =
        br#"{"Data":[{"TaskStatus":"INIT"},{"TaskStatus":"INT"},{"TaskStatus":"FAILURE"},{"TaskStatus":"x"},{}]}"#;
    let Response::Progress(progress) = parse(json) else { panic!("is no error") };
    let statuses: Vec<_> = progress.items().iter().map(|item| item.status()).collect();
    let expected = [Some(TaskStatus::Init), Some(TaskStatus::Init), Some(TaskStatus::Failure), None, None];
    assert_eq!(statuses, expected);
    assert!(progress.items()[4].is_empty() && !progress.items()[3].is_empty());
}

#[test]
fn texts_borrow_from_the_answer() {
    let xml = b"<GetMigrationProcessResponse><RequestId>abc</RequestId></GetMigrationProcessResponse>";
    for bytes in [&xml[..], br#"{"RequestId":"abc"}"#] {
        let Response::Progress(progress) = parse(bytes) else { panic!("is no error") };
        let text = progress.request_id.get().expect("is there");
        assert!(bytes.as_ptr_range().contains(&text.as_ptr()), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn an_answer_that_is_cut_is_refused() {
    for sample in samples("dataworks-response").filter(|sample| sample.verdict != "invalid") {
        // Only a line break may follow the end.
        let end = sample.bytes.trim_ascii_end().len();
        for cut in 0..end {
            let bytes = &sample.bytes[..cut];
            assert!(!Response::explain(bytes, &Limits::default()).is_valid(), "{} cut at {cut}", sample.file);
            let read = if sample.is_xml() { Response::decode_xml(bytes) } else { Response::decode_json(bytes) };
            assert!(read.is_err(), "{} cut at {cut}", sample.file);
        }
    }
}

#[test]
fn the_json_schema_is_that_of_the_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/dataworks/get_migration_process.schema.json");
    let schema = Response::json_schema();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, &schema).expect("the schema can be written");
    }
    assert_eq!(fs::read_to_string(file).expect("the schema is there"), schema);
}

#[test]
fn requests_come_back_the_same() {
    for sample in samples("dataworks-request") {
        let request = match Request::decode(&sample.bytes) {
            Ok(request) => request,
            Err(error) => {
                assert_eq!(sample.verdict, "invalid", "{}: {error}", sample.file);
                continue;
            }
        };
        assert_ne!(sample.verdict, "invalid", "{}", sample.file);
        assert!(request.project_id().is_some() && request.migration_id().is_some(), "{}", sample.file);
        let query = request.encode().unwrap_or_else(|error| panic!("{}: {error}", sample.file));
        assert_eq!(Request::decode(query.as_bytes()).expect("our own query is valid"), request, "{}", sample.file);
        assert_eq!(request.clone().into_owned(), request, "{}", sample.file);
        let json = serde_json::to_string(&request).expect("a request is a map of texts");
        assert_eq!(serde_json::from_str::<Request<'_>>(&json).expect("its own JSON"), request, "{}", sample.file);
    }
}

#[test]
fn a_request_says_what_it_asks_for() {
    let query = "ProjectId=1&MigrationId=-2&Tag=a+b%2Bc&Tag2=%E4%BD%A0";
    let request = Request::decode(query.as_bytes()).expect("is valid");
    assert_eq!((request.project_id(), request.migration_id()), (Some(1), Some(-2)));
    assert_eq!(request.get("Tag"), Some("a b+c"));
    assert_eq!(request.get("tag"), None);
    assert_eq!(
        request.with("Tag", "~/").with("Action", "GetMigrationProcess").encode().expect("is valid"),
        "ProjectId=1&MigrationId=-2&Tag=~%2F&Tag2=%E4%BD%A0&Action=GetMigrationProcess"
    );
    assert!(Request::new(1, 2).with("Version", "1").encode().is_err());
    let debug = format!("{:?}", Request::new(1, 2));
    assert_eq!(debug, r#"Request {"Action": "GetMigrationProcess", "ProjectId": "1", "MigrationId": "2"}"#);
}

#[test]
fn the_documented_default_of_the_format_is_xml() {
    let request = Request::new(1, 2);
    assert_eq!(request.format(), Some(Format::Xml));
    assert_eq!(request.clone().with("Format", "json").format(), Some(Format::Json));
    assert_eq!(request.clone().with("Format", "XML").format(), Some(Format::Xml));
    assert_eq!(request.with("Format", "YAML").format(), None);
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

static VALIDATOR: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(&Response::json_schema()).expect("is JSON");
    jsonschema::draft202012::new(&schema).expect("is a JSON Schema")
});

fn members<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Member<T>> {
    prop_oneof![4 => value.prop_map(Member::Value), 1 => Just(Member::Absent), 1 => Just(Member::Null)]
}

fn any_text(text: String) -> AnyText<'static> {
    AnyText::new(text).expect("has no bounds")
}

fn items() -> impl Strategy<Value = ProgressTaskItem<'static>> {
    let status = prop_oneof![
        4 => proptest::sample::select(vec!["INIT", "RUNNING", "FAILURE", "SUCCESS", "INT"]).prop_map(str::to_owned),
        1 => texts(),
    ];
    let present = |text: Option<String>| text.map(any_text).map_or(Member::Absent, Member::Value);
    (proptest::option::of(status), proptest::option::of(texts())).prop_map(move |(status, name)| {
        let task_status = status.map(any_text).map_or(Member::Absent, |text| Member::Value(text.into()));
        ProgressTaskItem { task_status, task_name: present(name), extra: Default::default() }
    })
}

fn answers() -> impl Strategy<Value = Response<'static>> {
    let text = || texts().prop_map(any_text);
    let code = prop_oneof![text().prop_map(ErrorCode::Text), any::<i64>().prop_map(ErrorCode::Integer)];
    let status_code = any::<i32>().prop_map(|number| Int::new(number).expect("has no bounds"));
    let list = proptest::collection::vec(items(), 0..5).prop_map(|items| List::new(items).expect("has no bounds"));
    let progress =
        (members(status_code), members(text()), members(text()), members(any::<bool>()), members(code), members(list))
            .prop_map(|(http_status_code, request_id, error_message, success, error_code, data)| {
                let extra = Default::default();
                let answer = GetMigrationProcess {
                    http_status_code,
                    request_id,
                    error_message,
                    success,
                    error_code,
                    data,
                    extra,
                };
                Response::Progress(answer)
            });
    let error = (text(), text(), text(), text()).prop_map(|(request_id, host_id, code, recommend)| {
        let (request_id, host_id, code) = (request_id.into(), host_id.into(), code.into());
        let error = GatewayError { request_id, host_id, code, recommend: recommend.into(), ..GatewayError::default() };
        Response::Error(error)
    });
    prop_oneof![4 => progress, 1 => error]
}

/// An answer as roxmltree reads it.
fn by_another_reader(text: &str) -> Response<'static> {
    let document = roxmltree::Document::parse(text).expect("is well-formed");
    let root = document.root_element();
    let text_of = |node: roxmltree::Node<'_, '_>| any_text(node.text().unwrap_or_default().to_owned());
    if root.tag_name().name() == "Error" {
        let mut error = GatewayError::default();
        for node in root.children().filter(roxmltree::Node::is_element) {
            let member = match node.tag_name().name() {
                "RequestId" => &mut error.request_id,
                "HostId" => &mut error.host_id,
                "Code" => &mut error.code,
                "Message" => &mut error.message,
                "Recommend" => &mut error.recommend,
                other => panic!("unknown member `{other}`"),
            };
            *member = Member::Value(text_of(node));
        }
        return Response::Error(error);
    }
    let mut progress = GetMigrationProcess::default();
    let mut items = Vec::new();
    for node in root.children().filter(roxmltree::Node::is_element) {
        let text = text_of(node);
        match node.tag_name().name() {
            "HttpStatusCode" => {
                let number = text.parse().expect("is a number");
                progress.http_status_code = Member::Value(Int::new(number).expect("has no bounds"));
            }
            "RequestId" => progress.request_id = Member::Value(text),
            "ErrorMessage" => progress.error_message = Member::Value(text),
            "Success" => progress.success = Member::Value(text == "true"),
            "ErrorCode" => progress.error_code = Member::Value(ErrorCode::Text(text)),
            "Data" => {
                let mut item = ProgressTaskItem::default();
                for node in node.children().filter(roxmltree::Node::is_element) {
                    match node.tag_name().name() {
                        "TaskStatus" => item.task_status = Member::Value(text_of(node).into()),
                        "TaskName" => item.task_name = Member::Value(text_of(node)),
                        other => panic!("unknown member `{other}`"),
                    }
                }
                items.push(item);
            }
            other => panic!("unknown member `{other}`"),
        }
    }
    if !items.is_empty() {
        progress.data = Member::Value(List::new(items).expect("has no bounds"));
    }
    Response::Progress(progress)
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
        let query = request.encode().expect("is valid");
        let decoded: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let ours = Request::decode(query.as_bytes()).expect("our own query is valid");
        prop_assert_eq!((ours.project_id(), ours.migration_id()), (Some(ids.0), Some(ids.1)));
        prop_assert_eq!(&ours, &request);
        let pairs: Vec<_> = ours.parameters.iter().map(|pair| (pair.name.clone(), pair.value.clone())).collect();
        prop_assert_eq!(&pairs, &decoded);
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        prop_assert_eq!(&Request::decode(form.as_bytes()).expect("a form is valid"), &request);
    }

    /// Any answer comes back from each form, and another reader of XML finds the same in it.
    #[test]
    fn answers_come_back_from_each_form(answer in answers()) {
        for bytes in written(&answer) {
            prop_assert!(Response::explain(&bytes, &Limits::default()).is_valid());
            if bytes.starts_with(b"<") {
                prop_assert_eq!(parse(&bytes), as_xml_tells_it(answer.clone()));
                let text = std::str::from_utf8(&bytes).expect("is UTF-8");
                prop_assert_eq!(by_another_reader(text), as_xml_tells_it(answer.clone()));
            } else {
                prop_assert_eq!(parse(&bytes), answer.clone());
            }
        }
    }

    /// The JSON Schema says the same of any answer, broken ones too, in the words of another program.
    #[test]
    fn the_json_schema_agrees(
        answer in answers(),
        member in proptest::sample::select(vec!["HttpStatusCode", "Success", "ErrorCode", "Data", "Code", "New"]),
        other in proptest::sample::select(vec!["null", "true", "1", "2147483648", "0.5", "\"a\"", "[]", "[1]", "[{}]", "{}"]),
    ) {
        let mut value: serde_json::Value = serde_json::to_value(&answer).expect("a value has a form in JSON");
        value[member] = serde_json::from_str(other).expect("is JSON");
        let bytes = serde_json::to_vec(&value).expect("is JSON");
        let report = Response::explain(&bytes, &Limits::default());
        prop_assert_eq!(VALIDATOR.is_valid(&value), report.is_valid(), "{}", value);
        prop_assert_eq!(Response::decode_json(&bytes).is_ok(), report.is_valid(), "{}", value);
    }

    /// A byte changed: verdicts and reports still agree.
    #[test]
    fn one_verdict_on_broken_answers(
        answer in answers(),
        at in any::<proptest::sample::Index>(),
        byte in proptest::sample::select(b"<>&\"{}[]:,x1 /\\\xff\x00".to_vec()),
    ) {
        for mut bytes in written(&answer) {
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let report = Response::explain(&bytes, &Limits::default());
            if bytes.starts_with(b"<") {
                let complete = response_schema().explain_without_prediction(&bytes);
                prop_assert_eq!(&report.diagnostics, &complete.diagnostics);
                prop_assert_eq!(Response::decode_xml(&bytes).is_ok(), report.is_valid());
            } else if at > 0 {
                prop_assert_eq!(Response::decode_json(&bytes).is_ok(), report.is_valid());
            }
        }
    }

    /// Whatever the bytes: a verdict, and a value exactly where there is no error.
    #[test]
    fn no_query_makes_it_fail(query in "[AProjectIdMgnt=&?%+0-9 ]{0,60}", noise in proptest::collection::vec(any::<u8>(), 0..40)) {
        for bytes in [query.as_bytes(), &noise, &[query.as_bytes(), &noise].concat()] {
            let report = Request::explain(bytes, &Limits::default());
            prop_assert_eq!(Request::decode(bytes).is_ok(), report.is_valid());
            for diagnostic in &report.diagnostics {
                prop_assert!(diagnostic.span.start <= diagnostic.span.end && diagnostic.span.end <= bytes.len());
            }
        }
    }
}

/// A member that the documentation does not name is kept, in XML as in JSON.
#[test]
fn new_members_of_an_error_come_back_from_xml() {
    let xml = br#"<Error><Code>a</Code><Hint>x</Hint><Trace id="1">y<b/></Trace><Hint/></Error>"#;
    let Ok(Response::Error(error)) = Response::decode_xml(xml) else { panic!("is an error") };
    let extra: Vec<_> = error.extra.iter().map(|(name, value)| (name, value.as_str())).collect();
    assert_eq!(extra, [("Hint", r#"["x",""]"#), ("Trace", r#"{"xml":"<Trace id=\"1\">y<b/></Trace>"}"#)]);
    let response = Response::Error(error);
    let written = response.encode_xml().expect("can be written");
    let expected = r#"<Error><Code>a</Code><Hint>x</Hint><Hint/><Trace id="1">y<b/></Trace></Error>"#;
    assert!(String::from_utf8_lossy(&written).ends_with(expected), "{}", String::from_utf8_lossy(&written));
    assert_eq!(Response::decode_xml(&written).ok(), Some(response.clone()));
    let json = response.encode_json().expect("JSON can hold it too");
    assert_eq!(Response::decode_json(&json).ok(), Some(response));
    for only_json in [r#"{"Code": "a", "Retry": 5}"#, r#"{"Code": "a", "Retry": ["x"]}"#, r#"{"Code": "a", "1": "x"}"#]
    {
        assert!(
            Response::decode_json(only_json.as_bytes()).is_ok_and(|error| error.encode_xml().is_err()),
            "{only_json}"
        );
    }
}
