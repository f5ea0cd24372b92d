//! Whole answers: status, content type and body together, each outcome with its own message. Whole messages are read
//! back as they were written.
#![cfg(feature = "http")]
#![allow(clippy::panic, reason = "a test says what it misses by it")]

use std::borrow::Cow;

use http::{Response, StatusCode};
use packetcheck::operation::Answer;
use packetcheck::plesk::{self, Credentials, Failure, Outcome};
use packetcheck::sms::{ProgressReport, ReportProgress, ShowTask, SubTaskName};
use packetcheck::{Limits, dataworks};
use proptest::prelude::*;

use crate::support::captured::{self, Operation, only, read, said};

const TASK: &str = r#"{"id": "t", "state": "RUNNING", "sub_tasks": []}"#;
const ERROR: &str = r#"{"error_code": "SMS.0202", "error_msg": "failed"}"#;
const HTML: &str = "<html><head><title>502</title></head></html>";
const PROGRESS: &str = r#"{"HttpStatusCode": 200, "Data": []}"#;
const GATEWAY: &str = r#"{"RequestId": "r", "HostId": "h", "Code": "InvalidAction.NotFound", "Message": "m"}"#;
const GATEWAY_XML: &str = "<Error><RequestId>r</RequestId><HostId>h</HostId><Code>c</Code><Message>m</Message></Error>";
const PACKET: &str = "<packet><migration><check><result><status>ok</status></result></check></migration></packet>";

fn response<'b>(status: u16, content_type: &str, body: &'b (impl AsRef<[u8]> + ?Sized)) -> Response<&'b [u8]> {
    let mut response = Response::builder().status(status);
    if !content_type.is_empty() {
        response = response.header("Content-Type", content_type);
    }
    response.body(body.as_ref()).expect("a response")
}

/// An answer as a capture.
fn captured(status: u16, content_type: &str, body: &str) -> String {
    let content_type =
        if content_type.is_empty() { String::new() } else { format!("Content-Type: {content_type}\r\n") };
    format!("HTTP/1.1 {status} X\r\n{content_type}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The result of each of the four operations for a response, by name.
fn outcome(operation: Operation, response: &Response<&[u8]>) -> String {
    fn name<T, E>(answer: Result<Answer<T, E>, packetcheck::Error>) -> String {
        match answer {
            Ok(Answer::Done(_)) => "done".to_owned(),
            Ok(Answer::Refused { status, .. }) => format!("refused {}", status.as_u16()),
            Ok(Answer::Redirected { status, location }) => format!("redirected {} {location:?}", status.as_u16()),
            Ok(Answer::Page { status }) => format!("page {}", status.as_u16()),
            Ok(Answer::Empty { status }) => format!("empty {}", status.as_u16()),
            Ok(Answer::Other { content_type, .. }) => format!("other {content_type:?}"),
            Ok(_) => "another".to_owned(),
            Err(error) => format!("error: {error}"),
        }
    }
    match operation {
        Operation::ShowTask => name(ShowTask::answer(response)),
        Operation::ReportProgress => name(ReportProgress::answer(response)),
        Operation::DataWorks => name(dataworks::Request::answer(response)),
        Operation::Plesk => name(plesk::Request::answer(response)),
    }
}

/// Operation, status, content type and body; the expected result, and the expected diagnostics.
type Case<'c> = (Operation, u16, &'c str, &'c str, &'c str, &'c [&'c str]);

/// One verdict: an answer is valid exactly if the outcome is documented.
#[test]
fn each_outcome_has_its_words() {
    const JSON: &str = "application/json";
    const XML: &str = "text/xml;charset=UTF-8";
    let cases: &[Case<'_>] = &[
        (Operation::ShowTask, 200, JSON, TASK, "done", &[]),
        (Operation::ShowTask, 200, "", TASK, "done", &[]),
        (Operation::ShowTask, 200, "application/vnd.a+json; charset=utf-8", TASK, "done", &[]),
        (Operation::ShowTask, 200, "text/plain", TASK, "done", &[r#"warning PC1411 "text/plain""#]),
        (
            Operation::ShowTask,
            200,
            "application/json; charset=GBK",
            TASK,
            "done",
            &[r#"warning PC1417 "application/json; charset=GBK""#],
        ),
        (
            Operation::ShowTask,
            201,
            JSON,
            TASK,
            "error: expected the status 200, found `201`",
            &[r#"error PC1414 "201""#],
        ),
        (
            Operation::ShowTask,
            299,
            JSON,
            TASK,
            "error: expected the status 200, found `299`",
            &[r#"error PC1414 "299""#],
        ),
        (
            Operation::ShowTask,
            404,
            JSON,
            TASK,
            "error: expected an error with the status `404`, found an answer of the operation",
            &[r#"error PC1415 "404""#],
        ),
        (Operation::ShowTask, 400, JSON, ERROR, "refused 400", &[]),
        (Operation::ShowTask, 599, JSON, ERROR, "refused 599", &[]),
        (Operation::ShowTask, 200, JSON, ERROR, "refused 200", &[r#"warning PC1415 "200""#]),
        (Operation::ShowTask, 503, JSON, r#"{"reason": "overloaded"}"#, "refused 503", &[]),
        (Operation::ShowTask, 200, JSON, "", "empty 200", &[r#"error PC1413 """#]),
        (Operation::ShowTask, 204, "", "", "empty 204", &[r#"error PC1413 """#]),
        (Operation::ShowTask, 502, "text/html", HTML, "page 502", &[r#"error PC0903 "<html""#]),
        (Operation::ShowTask, 200, JSON, HTML, "page 200", &[r#"error PC0903 "<html""#]),
        (
            Operation::ShowTask,
            502,
            "text/plain",
            "Bad Gateway",
            r#"other Some("text/plain")"#,
            &[r#"error PC1411 "B""#],
        ),
        (Operation::ShowTask, 301, "text/html", HTML, "redirected 301 None", &[r#"error PC1416 "301""#]),
        (Operation::ShowTask, 399, "", "", "redirected 399 None", &[r#"error PC1416 "399""#]),
        (
            Operation::ShowTask,
            200,
            JSON,
            r#"{"id": 7}"#,
            "error: 1:8: PC0712: expected a string in `id`, found the number `7`",
            &[r#"body: error PC0712 "7""#],
        ),
        (Operation::ReportProgress, 200, "", "", "done", &[]),
        (Operation::ReportProgress, 200, JSON, "\"succeeded\"", "done", &[r#"warning PC1412 "\"""#]),
        (Operation::ReportProgress, 200, JSON, "{}", "done", &[r#"warning PC1412 "{""#]),
        (Operation::ReportProgress, 200, JSON, ERROR, "refused 200", &[r#"warning PC1415 "200""#]),
        (Operation::ReportProgress, 403, JSON, ERROR, "refused 403", &[]),
        (Operation::ReportProgress, 204, "", "", "empty 204", &[r#"error PC1413 """#]),
        (Operation::ReportProgress, 500, "", "", "empty 500", &[r#"error PC1413 """#]),
        (Operation::ReportProgress, 200, "text/html", HTML, "page 200", &[r#"error PC0903 "<html""#]),
        (Operation::DataWorks, 200, JSON, PROGRESS, "done", &[]),
        (Operation::DataWorks, 200, "application/xml", "<GetMigrationProcessResponse/>", "done", &[]),
        (
            Operation::DataWorks,
            200,
            JSON,
            "<GetMigrationProcessResponse/>",
            "done",
            &[r#"warning PC1411 "application/json""#],
        ),
        (Operation::DataWorks, 200, "text/xml", PROGRESS, "done", &[r#"warning PC1411 "text/xml""#]),
        (
            Operation::DataWorks,
            201,
            JSON,
            PROGRESS,
            "error: expected the status 200, found `201`",
            &[r#"error PC1414 "201""#],
        ),
        (Operation::DataWorks, 404, JSON, GATEWAY, "refused 404", &[]),
        (Operation::DataWorks, 404, "text/xml", GATEWAY_XML, "refused 404", &[]),
        (Operation::DataWorks, 200, "text/xml", GATEWAY_XML, "refused 200", &[r#"warning PC1415 "200""#]),
        (Operation::DataWorks, 500, JSON, PROGRESS, "done", &[r#"warning PC1415 "500""#]),
        (Operation::DataWorks, 302, "", "", "redirected 302 None", &[r#"error PC1416 "302""#]),
        (Operation::DataWorks, 200, "text/xml", HTML, "page 200", &[r#"error PC0903 "<html""#]),
        (Operation::DataWorks, 200, "", "-", "other None", &[r#"error PC1411 "-""#]),
        (Operation::Plesk, 200, XML, PACKET, "done", &[]),
        (Operation::Plesk, 200, "application/xml", PACKET, "done", &[]),
        (Operation::Plesk, 200, "text/html", PACKET, "done", &[r#"warning PC1411 "text/html""#]),
        (Operation::Plesk, 500, XML, PACKET, "error: expected the status 200, found `500`", &[r#"error PC1414 "500""#]),
        (Operation::Plesk, 404, "text/html", HTML, "page 404", &[r#"error PC0903 "<html""#]),
        (Operation::Plesk, 200, XML, "", "empty 200", &[r#"error PC1413 """#]),
        (Operation::Plesk, 200, XML, "{}", r#"other Some("text/xml")"#, &[r#"error PC1411 "{""#]),
        (
            Operation::Plesk,
            200,
            "text/xml; charset=klingon",
            PACKET,
            "error: expected a known charset, found `klingon`",
            &[r#"error PC1417 "text/xml; charset=klingon""#],
        ),
    ];
    for (operation, status, content_type, body, expected, words) in cases {
        let of = format!("{status} {content_type} {body}");
        assert_eq!(outcome(*operation, &response(*status, content_type, body)), *expected, "{of}");
        let said = said(*operation, &captured(*status, content_type, body));
        assert_eq!(said, *words, "{of}");
        let is_valid = !said.iter().any(|words| words.contains("error "));
        let is_documented = ["done", "refused"].iter().any(|outcome| expected.starts_with(outcome));
        assert_eq!(is_valid, is_documented, "{of}");
    }
}

#[test]
fn a_redirect_has_its_target_and_masks_it() {
    let mut response = response(302, "", "");
    let location = "https://login.example.com/?AccessKeyId=Zq9";
    response.headers_mut().insert("Location", location.parse().expect("a value"));
    let answer = ShowTask::answer(&response).expect("an outcome");
    assert!(!format!("{answer:?}").contains("Zq9"), "{answer:?}");
    assert_eq!(answer, Answer::Redirected { status: StatusCode::FOUND, location: Some(location.to_owned()) });
}

/// What the vendor's client accepts as code and message of an error.
#[test]
fn an_error_is_understood_in_each_spelling() {
    for body in [
        r#"{"error_code": "c", "error_msg": "m"}"#,
        r#"{"errorCode": "c", "errorMsg": "m"}"#,
        r#"{"code": "c", "message": "m", "request_id": "r"}"#,
    ] {
        let response = response(403, "application/json", body);
        let Ok(Answer::Refused { status, error }) = ShowTask::answer(&response) else { panic!("{body}") };
        assert_eq!((status.as_u16(), error.code().as_deref(), error.message().as_deref()), (403, Some("c"), Some("m")));
    }
}

/// Limits apply to every call that reads.
#[test]
fn bodies_go_over_limits() {
    let (few, enough) = (Limits::new().document_bytes(8), Limits::new());
    let json = |status| response(status, "application/json", r#"{"error_code": "c", "error_msg": "message"}"#);
    let task = response(200, "application/json", TASK);
    let items = response(200, "application/json", r#"{"Data": [], "RequestId": "1"}"#);
    let packet = response(
        200,
        "text/xml",
        "<packet><migration><check><result><status>ok</status></result></check></migration></packet>",
    );
    for (limits, is_read) in [(&few, false), (&enough, true)] {
        assert_eq!(ShowTask::answer_limited(&task, limits).is_ok(), is_read);
        assert_eq!(ReportProgress::answer_limited(&json(403), limits).is_ok(), is_read);
        assert_eq!(dataworks::Request::answer_limited(&items, limits).is_ok(), is_read);
        assert_eq!(plesk::Request::answer_limited(&packet, limits).is_ok(), is_read);
    }
}

#[test]
fn values_borrow_from_the_body() {
    let response = response(200, "application/json", TASK);
    let Ok(Answer::Done(task)) = ShowTask::answer(&response) else { panic!("no task") };
    assert!(matches!(task.id.into_value().map(|id| id.into_inner()), Some(Cow::Borrowed("t"))));
}

/// RFC 7303, section 3: the charset outranks the declaration, but not a byte order mark.
#[test]
fn a_body_is_read_in_its_charset() {
    let packet = |declaration: &str| {
        format!(
            "{declaration}<packet><migration><check><result><status>error</status><errcode>1</errcode>\
             <errtext>é</errtext></result></check></migration></packet>"
        )
    };
    let latin =
        |text: &str| text.chars().map(|character| u8::try_from(u32::from(character)).expect("of Latin 1")).collect();
    let declared = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
    let cases: [(&str, Vec<u8>); 7] = [
        ("text/xml; charset=ISO-8859-1", latin(&packet(""))),
        ("text/xml; charset=\"iso-8859-1\"", latin(&packet(declared))),
        ("text/xml", latin(&packet(declared))),
        ("", latin(&packet(declared))),
        ("text/xml; charset=windows-1252", latin(&packet("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"))),
        ("text/xml; charset=utf-8", packet(declared).into_bytes()),
        ("text/xml; charset=ISO-8859-1", packet("\u{feff}").into_bytes()),
    ];
    for (content_type, body) in cases {
        let response = response(200, content_type, &body);
        match plesk::Request::answer(&response) {
            Ok(Answer::Done(answer)) => {
                let failure = answer.check().next().expect("there is one").expect_err("it failed");
                assert_eq!(failure.text, Some("é"), "{content_type}");
            }
            other => panic!("{content_type}: {other:?}"),
        }
    }
    let mut capture =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=ISO-8859-1\r\nContent-Length: 107\r\n\r\n".to_vec();
    capture.extend::<Vec<u8>>(latin(
        "<packet><migration><check><result><status>é</status></result></check></migration></packet>",
    ));
    let capture = read(&capture);
    let explanation = Operation::Plesk.answer(only(&capture));
    let text = explanation.text.as_deref().expect("it was transcoded");
    assert_eq!(explanation.body.errors, 1, "{explanation:#?}");
    let span = explanation.body.diagnostics[0].span.clone();
    assert_eq!(std::str::from_utf8(&text[span]), Ok("é"));
    let wrong =
        response(200, "text/xml; charset=UTF-8", b"<?xml version='1.0' encoding='ISO-8859-1'?><packet>\xE9</packet>");
    let error = plesk::Request::answer(&wrong).expect_err("is not UTF-8").to_string();
    assert!(error.contains("charset `UTF-8`"), "{error}");
}

#[test]
fn a_refused_login_ends_the_loop() {
    let body = "<packet version=\"1.6.9.1\"><system><status>error</status><errcode>1001</errcode><errtext>You have entered \
                incorrect username or password.</errtext></system></packet>";
    let response = response(200, "text/xml", body);
    let Ok(Answer::Done(answer)) = plesk::Request::answer(&response) else { panic!("no packet") };
    assert!(matches!(answer.get_status().next(), Some(Outcome::Failed(Failure { code: Some(1001), .. }))));
}

fn id() -> impl Strategy<Value = String> {
    let any = proptest::collection::vec(any::<char>(), 0..=255).prop_map(String::from_iter);
    prop_oneof![any, "[a-zA-Z0-9/?#%. ~-]{0,60}"].prop_filter("is removed from a path", |id| id != "." && id != "..")
}

/// What a field can contain: no control characters except tabs, and no surrounding white space.
fn value(least: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<char>(), least..=60)
        .prop_map(|text| text.into_iter().map(|character| if character.is_ascii_control() { 'x' } else { character }))
        .prop_map(String::from_iter)
        .prop_filter("has white space around it", |text: &String| text.trim_matches([' ', '\t']) == text)
}

fn endpoint() -> impl Strategy<Value = String> {
    "(https?://)?[a-z][a-z0-9.-]{0,20}[a-z](:[1-9][0-9]{0,3})?/?"
        .prop_filter("has an empty label", |text| !text.contains(".."))
}

fn report() -> impl Strategy<Value = ProgressReport<'static>> {
    let text = proptest::collection::vec(any::<char>(), 0..=40).prop_map(String::from_iter);
    (0..=100_i32, 0..=i64::MAX, 0..=i64::MAX, text).prop_map(|(progress, done, total, trace)| {
        let within = "within the limits";
        ProgressReport::new(
            SubTaskName::SslConfig,
            progress.try_into().expect(within),
            done.try_into().expect(within),
            total.try_into().expect(within),
            packetcheck::json::Text::new(trace).expect(within),
        )
    })
}

proptest! {
    #[test]
    fn a_question_comes_back(id in id(), token in proptest::option::of(value(1)), endpoint in endpoint()) {
        let mut request = ShowTask::new(id).expect("within the limits");
        if let Some(token) = &token {
            request = request.with_token(token.as_str()).expect("within the limits");
        }
        let http = request.to_http(&endpoint).expect("is written");
        prop_assert_eq!(&ShowTask::from_http(&http).expect("is read"), &request);
        let wire = packetcheck::http::write_request(&http).expect("is written");
        let capture = read(&wire);
        prop_assert_eq!(&ShowTask::from_message(only(&capture)).expect("is read"), &request);
        let explanation = Operation::ShowTask.request(only(&capture));
        prop_assert!(explanation.is_valid() && capture.findings.diagnostics.is_empty(), "{:#?}", explanation);
    }

    #[test]
    fn a_report_comes_back(id in id(), token in value(1), progress in report(), endpoint in endpoint()) {
        let request = ReportProgress::new(id, token, progress).expect("within the limits");
        let http = request.to_http(&endpoint).expect("is written");
        prop_assert_eq!(&ReportProgress::from_http(&http).expect("is read"), &request);
        let wire = packetcheck::http::write_request(&http).expect("is written");
        let capture = read(&wire);
        prop_assert_eq!(&ReportProgress::from_message(only(&capture)).expect("is read"), &request);
        let explanation = Operation::ReportProgress.request(only(&capture));
        prop_assert!(explanation.is_valid() && capture.findings.diagnostics.is_empty(), "{:#?}", explanation);
    }

    #[test]
    fn parameters_come_back(
        project: i64,
        migration: i64,
        others in proptest::collection::btree_map("[A-Z][a-z]{12}", any::<String>(), 0..4),
        endpoint in endpoint(),
    ) {
        let request = others.iter().fold(dataworks::Request::new(project, migration), |request, (name, value)| {
            request.with(name.as_str(), value.as_str())
        });
        for http in [request.to_http(&endpoint), request.to_http_form(&endpoint)] {
            let http = http.expect("is written");
            prop_assert_eq!(&dataworks::Request::from_http(&http).expect("is read"), &request);
            let wire = packetcheck::http::write_request(&http).expect("is written");
            let capture = read(&wire);
            prop_assert_eq!(&dataworks::Request::from_message(only(&capture)).expect("is read"), &request);
            let explanation = Operation::DataWorks.request(only(&capture));
            prop_assert!(explanation.is_valid() && capture.findings.diagnostics.is_empty(), "{:#?}", explanation);
        }
    }

    #[test]
    fn a_packet_comes_back_with_its_credentials(
        ids in proptest::collection::vec("[0-9]{1,9}", 1..4),
        login in proptest::option::of(value(0)),
        secret in value(0),
        endpoint in endpoint(),
    ) {
        let request = plesk::Request::get_status(ids.iter().map(String::as_str));
        let credentials = match &login {
            Some(login) => Credentials::login(login.as_str(), secret.as_str()),
            None => Credentials::key(secret.as_str()),
        };
        let http = request.to_http(&endpoint, &credentials).expect("is written");
        let read_back = plesk::Request::from_http(&http).expect("is read");
        prop_assert_eq!((&read_back.0, &read_back.1), (&request, &credentials));
        let wire = packetcheck::http::write_request(&http).expect("is written");
        let capture = read(&wire);
        let captured = plesk::Request::from_message(only(&capture)).expect("is read");
        prop_assert_eq!((&captured.0, &captured.1), (&request, &credentials));
        let explanation = Operation::Plesk.request(only(&capture));
        prop_assert!(explanation.is_valid() && capture.findings.diagnostics.is_empty(), "{:#?}", explanation);
    }

    /// Every place is in the message's text, and a message is read as a value exactly if it has no errors, whatever it
    /// is.
    #[test]
    fn places_are_in_the_message(pieces in proptest::collection::vec(0..PIECES.len(), 0..14), bytes: Vec<u8>) {
        let mut capture: Vec<u8> = pieces.iter().flat_map(|piece| PIECES[*piece].bytes()).collect();
        capture.extend(bytes);
        captured::holds(&capture, &packetcheck::Limits::default());
    }
}

const PIECES: &[&str] = &[
    "GET /v3/tasks/",
    "PUT /v3/tasks/",
    "1/progress",
    "%2",
    "%e9",
    "a",
    " HTTP/1.1\r\n",
    "POST ",
    "https://",
    "h@",
    ":99999",
    "/enterprise/control/agent.php",
    "/?Action=GetMigrationProcess&ProjectId=1&MigrationId=2",
    "Host: h\r\n",
    "KEY: k\r\n",
    "X-Auth-Token: t\r\n",
    "Content-Type: text/xml; charset=utf-16\r\n",
    "Content-Type: application/json\r\n",
    "\r\n",
    "\r\n\r\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 302 Found\r\n",
    "HTTP/1.1 404 Not Found\r\n",
    "{\"error_code\":\"a\"}",
    "<packet/>",
    "<html>",
    "x-acs-action: GetMigrationProcess\r\n",
    "ProjectId=1&",
    "MigrationId=2",
    "Transfer-Encoding: chunked\r\n",
    "2\r\n{}\r\n0\r\n\r\n",
];
