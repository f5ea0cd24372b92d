//! Whole requests: the documented method, URL, path and header parameters and content types, with each bound tested
//! from both sides, as captured messages and as values that are written.
#![cfg(feature = "http")]
#![allow(clippy::panic, reason = "a test says what it misses by it")]

use std::fs;
use std::path::Path;

use packetcheck::diagnostic::Report;
use packetcheck::plesk::Credentials;
use packetcheck::sms::{AuthToken, ReportProgress, ShowTask, SubTaskName};
use packetcheck::{Error, Limits, dataworks, plesk, sms};

use crate::support::captured::{Operation, codes, only, read, said};

#[test]
fn the_samples_get_their_verdicts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/requests");
    let table = fs::read_to_string(folder.join("expected.tsv")).expect("the table is there");
    let mut files = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [file, name, verdict, about_http, about_message] = columns[..] else { panic!("{line}") };
        let bytes = fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let capture = read(&bytes);
        let message = only(&capture);
        let explanation = Operation::of(name).explain(message);
        let reports = [&capture.findings, &explanation.head, &explanation.body];
        let (errors, warnings) =
            reports.iter().fold((0, 0), |sum, report| (sum.0 + report.errors, sum.1 + report.warnings));
        let found = match (errors, warnings) {
            (0, 0) => "valid",
            (0, _) => "warning",
            _ => "invalid",
        };
        assert_eq!(found, verdict, "{file}: {reports:#?}");
        assert_eq!(codes([reports[0]]), about_http, "{file}: {reports:#?}");
        assert_eq!(codes(reports[1..].iter().copied()), about_message, "{file}: {reports:#?}");
        files += 1;
    }
    assert_eq!(files, 18);
    let url = fs::read(folder.join("documentation/get_migration_process_url.txt")).expect("the query is there");
    assert_eq!(packetcheck::PacketKind::DataWorksRequest.explain(&url).diagnostics, []);
}

const HOST: &str = "Host: service.example.com\r\n";
const TOKEN: &str = "X-Auth-Token: t\r\n";
const REPORT: &str = r#"{"subtask_name":"SSL_CONFIG","progress":1,"replicatesize":1,"totalsize":2,"process_trace":""}"#;

fn show_task(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{HOST}{TOKEN}\r\n")
}

fn report_progress(target: &str, fields: &str) -> String {
    let length = REPORT.len();
    format!(
        "PUT {target} HTTP/1.1\r\n{HOST}{fields}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{REPORT}"
    )
}

fn to_dataworks(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{HOST}\r\n")
}

const PACKET: &str = "<packet><migration><check/></migration></packet>";

fn to_plesk(method: &str, target: &str, fields: &str) -> String {
    let length = PACKET.len();
    format!("{method} {target} HTTP/1.1\r\n{HOST}{fields}Content-Length: {length}\r\n\r\n{PACKET}")
}

const AGENT: &str = "/enterprise/control/agent.php";
const LOGIN: &str = "HTTP_AUTH_LOGIN: admin\r\nHTTP_AUTH_PASSWD: Zq9\r\n";
const XML: &str = "Content-Type: text/xml\r\n";
const QUERY: &str = "Action=GetMigrationProcess&ProjectId=1&MigrationId=2";

#[test]
fn the_method_is_that_of_the_operation() {
    let post = |request: String, method| {
        request.replacen(["GET", "PUT"].into_iter().find(|m| request.starts_with(m)).unwrap_or("POST"), method, 1)
    };
    assert_eq!(said(Operation::ShowTask, &show_task("/v3/tasks/1")), [""; 0]);
    assert_eq!(said(Operation::ShowTask, &post(show_task("/v3/tasks/1"), "DELETE")), [r#"error PC1401 "DELETE""#]);
    // RFC 9110, section 9.1: methods are case-sensitive.
    assert_eq!(said(Operation::ShowTask, &post(show_task("/v3/tasks/1"), "get")), [r#"error PC1401 "get""#]);
    let report = report_progress("/v3/tasks/1/progress", TOKEN);
    assert_eq!(said(Operation::ReportProgress, &report), [""; 0]);
    assert_eq!(said(Operation::ReportProgress, &post(report, "POST")), [r#"error PC1401 "POST""#]);
    let query = to_dataworks(&format!("/?{QUERY}"));
    assert_eq!(said(Operation::DataWorks, &query), [""; 0]);
    assert_eq!(said(Operation::DataWorks, &post(query.clone(), "POST")), [""; 0]);
    assert_eq!(said(Operation::DataWorks, &post(query, "PUT")), [r#"error PC1401 "PUT""#]);
    let fields = format!("{LOGIN}{XML}");
    assert_eq!(said(Operation::Plesk, &to_plesk("POST", AGENT, &fields)), [""; 0]);
    assert_eq!(said(Operation::Plesk, &to_plesk("PUT", AGENT, &fields)), [r#"error PC1401 "PUT""#]);
}

#[test]
fn the_path_is_that_of_the_operation() {
    for path in ["/v3/tasks", "/v3/tasks/1/progress", "/v3/task/1", "/v1/sms/tasks/1", "/v3/tasks/1/", "//v3/tasks/1"] {
        assert_eq!(said(Operation::ShowTask, &show_task(path)), [format!("error PC1402 {path:?}")]);
    }
    for path in ["/v3/tasks/1", "/v3/tasks/1/speed", "/v3/tasks/1/progress/"] {
        assert_eq!(said(Operation::ReportProgress, &report_progress(path, TOKEN)), [format!("error PC1402 {path:?}")]);
    }
    let fields = format!("{LOGIN}{XML}");
    for path in ["/", "/enterprise/control/Agent.php", "/enterprise/control/agent.php/"] {
        assert_eq!(said(Operation::Plesk, &to_plesk("POST", path, &fields)), [format!("error PC1402 {path:?}")]);
    }
    // For DataWorks, whose operation is a parameter, it is a warning.
    assert_eq!(
        said(Operation::DataWorks, &to_dataworks(&format!("/some/path?{QUERY}"))),
        [r#"warning PC1402 "/some/path""#]
    );
    assert_eq!(said(Operation::DataWorks, &to_dataworks(&format!("https://h?{QUERY}"))), [""; 0]);
    // If the target is a whole URL, so is its path.
    assert_eq!(said(Operation::ShowTask, &show_task("https://sms.example.com/v3/tasks/1")), [""; 0]);
    assert_eq!(said(Operation::ShowTask, &show_task("https://sms.example.com/v3/x/1")), [r#"error PC1402 "/v3/x/1""#]);
}

#[test]
fn a_task_id_has_0_to_255_characters_and_1_to_36_in_later_editions() {
    let said_of = |id: &str| said(Operation::ShowTask, &show_task(&format!("/v3/tasks/{id}")));
    let (at_36, at_37, at_255, at_256) = ("x".repeat(36), "x".repeat(37), "x".repeat(255), "x".repeat(256));
    assert_eq!(said_of(""), [r#"warning PC1406 """#]);
    for id in ["x", &at_36] {
        assert_eq!(said_of(id), [""; 0], "{id}");
    }
    for id in [&at_37, &at_255] {
        assert_eq!(said_of(id), [format!("warning PC1406 {id:?}")]);
    }
    assert_eq!(said_of(&at_256), [format!("error PC1406 {at_256:?}")]);
    // Characters count, not bytes and not escapes.
    assert_eq!(said_of(&"%C3%A9".repeat(36)), [""; 0]);
    let escaped = "%C3%A9".repeat(256);
    assert_eq!(said_of(&escaped), [format!("error PC1406 {escaped:?}")]);
    let report =
        |id: &str| said(Operation::ReportProgress, &report_progress(&format!("/v3/tasks/{id}/progress"), TOKEN));
    assert_eq!(report(&at_36), [""; 0]);
    assert_eq!(report(""), [r#"warning PC1406 """#]);
    assert_eq!(report(&at_37), [format!("warning PC1406 {at_37:?}")]);
    assert_eq!(report(&at_255), [format!("warning PC1406 {at_255:?}")]);
    assert_eq!(report(&at_256), [format!("error PC1406 {at_256:?}")]);

    for id in ["", "x", &at_36, &at_37, &at_255] {
        let request = ShowTask::new(id)
            .and_then(|request| request.to_http("https://h"))
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(request.uri().path(), format!("/v3/tasks/{id}"));
        assert_eq!(
            ShowTask::from_http(&request).map(|request| request.task_id.into_inner().into_owned()).ok().as_deref(),
            Some(id)
        );
    }
    let refused = ShowTask::new(at_256.as_str()).expect_err("it is too long");
    let message = "path parameter `task_id`: expected a string of at most 255 characters, found 256 characters";
    assert_eq!(refused.to_string(), message);
    let refused = ReportProgress::new(at_256.as_str(), "t", report_of()).expect_err("it is too long");
    assert_eq!(refused.to_string(), message);
}

#[test]
fn a_task_id_is_percent_encoded() {
    for (id, escaped) in [("a b/c?d#e", "a%20b%2Fc%3Fd%23e"), ("é%", "%C3%A9%25"), ("-._~", "-._~"), ("...", "...")] {
        let request = ShowTask::new(id).and_then(|request| request.to_http("https://h")).expect("is written");
        assert_eq!(request.uri().path(), format!("/v3/tasks/{escaped}"));
        assert_eq!(ShowTask::from_http(&request).expect("is read").task_id.as_str(), id);
    }
    for (escaped, place) in [("a%2", "a%2"), ("a%zz", "a%zz"), ("%", "%"), ("a%ff", "a%ff")] {
        let request = show_task(&format!("/v3/tasks/{escaped}"));
        assert_eq!(said(Operation::ShowTask, &request), [format!("error PC1406 {place:?}")]);
    }
    // They are removed from a path, however they are written.
    for id in [".", ".."] {
        assert!(ShowTask::new(id).expect("is a text").to_http("https://h").is_err(), "{id}");
        for written in [id.to_owned(), id.replace('.', "%2E")] {
            let request = show_task(&format!("/v3/tasks/{written}"));
            assert_eq!(said(Operation::ShowTask, &request), [format!("error PC1406 {written:?}")]);
        }
    }
}

#[test]
fn a_token_has_1_to_16384_characters() {
    let with = |token: &str| format!("GET /v3/tasks/1 HTTP/1.1\r\n{HOST}X-Auth-Token: {token}\r\n\r\n");
    let (most, more) = ("t".repeat(16384), "t".repeat(16385));
    for token in ["t", &most] {
        assert_eq!(said(Operation::ShowTask, &with(token)), [""; 0]);
        assert_eq!(
            said(
                Operation::ReportProgress,
                &report_progress("/v3/tasks/1/progress", &format!("X-Auth-Token: {token}\r\n"))
            ),
            [""; 0]
        );
        assert_eq!(AuthToken::new(token).expect("is a token").expose(), token);
    }
    assert_eq!(said(Operation::ShowTask, &with("")), [r#"error PC1409 """#]);
    assert_eq!(said(Operation::ShowTask, &with(&more)), [format!("error PC1409 {more:?}")]);
    assert_eq!(
        said(Operation::ReportProgress, &report_progress("/v3/tasks/1/progress", "X-Auth-Token:\r\n")),
        [r#"error PC1409 """#]
    );
    let long = format!("X-Auth-Token: {more}\r\n");
    assert_eq!(
        said(Operation::ReportProgress, &report_progress("/v3/tasks/1/progress", &long)),
        [format!("error PC1409 {more:?}")]
    );
    for (token, found) in [("", 0), (more.as_str(), 16385)] {
        let refused = AuthToken::new(token).expect_err("it is outside").to_string();
        let message = "field `X-Auth-Token`: expected a string of 1 to 16384 characters, found";
        assert_eq!(refused, format!("{message} {found} characters"));
    }
    // What no field can hold, or what would come back changed.
    for token in ["a\nb", "a\0", " a", "a\t"] {
        assert!(AuthToken::new(token).is_err(), "{token:?}");
    }
    let twice = format!("GET /v3/tasks/1 HTTP/1.1\r\n{HOST}{TOKEN}x-auth-token: u\r\n\r\n");
    assert_eq!(said(Operation::ShowTask, &twice), [r#"error PC1307 "x-auth-token""#]);
}

#[test]
fn a_token_is_mandatory_with_a_report_and_disputed_with_a_question() {
    let without = format!("GET /v3/tasks/1 HTTP/1.1\r\n{HOST}\r\n");
    assert_eq!(said(Operation::ShowTask, &without), [r#"warning PC1408 "GET /v3/tasks/1 HTTP/1.1""#]);
    let capture = read(without.as_bytes());
    let report = ShowTask::explain(only(&capture), &Limits::default()).head;
    assert!(
        ["ShowTask", "UpdateTaskSpeed"].iter().all(|page| report.diagnostics[0].message.contains(page)),
        "{report:#?}"
    );
    assert_eq!(ShowTask::from_message(only(&capture)).expect("is a question").auth_token, None);
    let without = report_progress("/v3/tasks/1/progress", "");
    assert_eq!(said(Operation::ReportProgress, &without), [r#"error PC1408 "PUT /v3/tasks/1/progress HTTP/1.1""#]);
    let signed = report_progress("/v3/tasks/1/progress", "Authorization: SDK-HMAC-SHA256 Access=a, Signature=b\r\n");
    assert_eq!(said(Operation::ReportProgress, &signed), [r#"warning PC1408 "PUT /v3/tasks/1/progress HTTP/1.1""#]);
    let capture = read(without.as_bytes());
    let error = ReportProgress::from_message(only(&capture)).expect_err("it has no token");
    assert_eq!(error.to_string(), "PC1408: missing required field `X-Auth-Token` of the head");
    assert_eq!(error.line_column(), None);
    let mut request =
        ReportProgress::new("1", "t", report_of()).and_then(|report| report.to_http("h")).expect("is written");
    request.headers_mut().remove("x-auth-token");
    assert!(ReportProgress::from_http(&request).is_err());
    request.headers_mut().clear();
    assert!(ReportProgress::from_http(&request).is_err());
}

#[test]
fn the_body_of_a_request_is_where_the_page_shows_one() {
    let body = format!("GET /v3/tasks/1 HTTP/1.1\r\n{HOST}{TOKEN}Content-Length: 2\r\n\r\n{{}}");
    assert_eq!(said(Operation::ShowTask, &body), [r#"warning PC1412 "{""#]);
    let empty = format!("PUT /v3/tasks/1/progress HTTP/1.1\r\n{HOST}{TOKEN}Content-Length: 0\r\n\r\n");
    assert_eq!(said(Operation::ReportProgress, &empty), [r#"error PC1413 """#]);
    let empty = format!("POST {AGENT} HTTP/1.1\r\n{HOST}{LOGIN}{XML}Content-Length: 0\r\n\r\n");
    assert_eq!(said(Operation::Plesk, &empty), [r#"error PC1413 """#]);
    let wrong = report_progress("/v3/tasks/1/progress", TOKEN).replace("\"progress\":1,", "\"progress\":101,");
    let wrong = wrong.replace(&format!("Length: {}", REPORT.len()), &format!("Length: {}", REPORT.len() + 2));
    assert_eq!(said(Operation::ReportProgress, &wrong), [r#"body: error PC0713 "101""#]);
    // Parts that are not in the capture may have been sent.
    let curl = format!(
        "* Connected to 192.0.2.1\n> POST {AGENT} HTTP/1.1\n> Host: h\n> KEY: Zq9\n> Content-Type: text/xml\n> Content-Length: 48\n>\n< HTTP/1.1 200 OK\n<\n"
    );
    let capture = read(curl.as_bytes());
    let request = capture.exchanges[0].request.as_ref().expect("there is one");
    let explanation = plesk::Request::explain_message(request, &Limits::default());
    assert_eq!(codes([&explanation.head, &explanation.body]), "");
}

#[test]
fn content_types_are_those_that_are_documented() {
    // Plesk: required.
    for fields in [XML, "Content-Type: text/xml; charset=UTF-8\r\n", "content-type: TEXT/XML\r\n"] {
        assert_eq!(said(Operation::Plesk, &to_plesk("POST", AGENT, &format!("{LOGIN}{fields}"))), [""; 0]);
    }
    let other = format!("{LOGIN}Content-Type: application/xml\r\n");
    assert_eq!(said(Operation::Plesk, &to_plesk("POST", AGENT, &other)), [r#"error PC1411 "application/xml""#]);
    assert_eq!(
        said(Operation::Plesk, &to_plesk("POST", AGENT, LOGIN)),
        [format!("error PC1411 \"POST {AGENT} HTTP/1.1\"")]
    );
    // SMS: what clients send.
    let report = report_progress("/v3/tasks/1/progress", TOKEN);
    assert_eq!(
        said(Operation::ReportProgress, &report.replace("application/json", "text/plain")),
        [r#"warning PC1411 "text/plain""#]
    );
    let form = |content_type: &str| {
        format!("POST / HTTP/1.1\r\n{HOST}{content_type}Content-Length: {}\r\n\r\n{QUERY}", QUERY.len())
    };
    assert_eq!(said(Operation::DataWorks, &form("Content-Type: application/x-www-form-urlencoded\r\n")), [""; 0]);
    assert_eq!(said(Operation::DataWorks, &form("Content-Type: text/plain\r\n")), [r#"warning PC1411 "text/plain""#]);
}

#[test]
fn the_scheme_is_http_and_there_is_a_host() {
    for scheme in ["http", "https", "HTTPS"] {
        assert_eq!(said(Operation::DataWorks, &to_dataworks(&format!("{scheme}://h/?{QUERY}"))), [""; 0], "{scheme}");
    }
    assert_eq!(said(Operation::DataWorks, &to_dataworks(&format!("ftp://h/?{QUERY}"))), [r#"error PC1403 "ftp""#]);
    for host in ["h", "h.example.com:443", "192.0.2.1", "[::1]:8443", "h:65535"] {
        assert_eq!(said(Operation::DataWorks, &to_dataworks(&format!("https://{host}/?{QUERY}"))), [""; 0], "{host}");
    }
    assert_eq!(said(Operation::DataWorks, &to_dataworks(&format!("https:///?{QUERY}"))), [r#"error PC1404 """#]);
    for host in ["h:65536", "h:x", "a..b", "[::1", "a%20b"] {
        let found = said(Operation::DataWorks, &to_dataworks(&format!("https://{host}/?{QUERY}")));
        assert_eq!(found, [format!("error PC1404 {host:?}")]);
    }
    let user = format!("https://user:Zq9@h/?{QUERY}");
    assert_eq!(said(Operation::DataWorks, &to_dataworks(&user)), [r#"warning PC1405 "user:Zq9""#]);
    let capture = to_dataworks(&user);
    let capture = read(capture.as_bytes());
    assert!(!format!("{:?}", dataworks::Request::explain_message(only(&capture), &Limits::default())).contains("Zq9"));
    // The same in the other operations, and in the field `Host`.
    assert_eq!(said(Operation::ShowTask, &show_task("ftp://h/v3/tasks/1")), [r#"error PC1403 "ftp""#]);
    let without = format!("GET /v3/tasks/1 HTTP/1.1\r\n{TOKEN}\r\n");
    assert_eq!(said(Operation::ShowTask, &without), [r#"error PC1404 "GET /v3/tasks/1 HTTP/1.1""#]);
    let malformed = format!("GET /v3/tasks/1 HTTP/1.1\r\nHost: a b\r\n{TOKEN}\r\n");
    assert_eq!(said(Operation::ShowTask, &malformed), [r#"error PC1404 "a b""#]);

    for endpoint in [
        "ftp://h",
        "https://",
        "",
        "https://a b",
        "https://u@h",
        "https://h/path",
        "https://h?a",
        "https://{endpoint}",
        "https://h:99999",
    ] {
        let refused =
            ShowTask::new("1").expect("is a task").to_http(endpoint).expect_err("it is no endpoint").to_string();
        assert!(refused.starts_with("endpoint: "), "{endpoint}: {refused}");
    }
    for (endpoint, uri) in [
        ("h", "https://h/v3/tasks/1"),
        ("http://h:80/", "http://h:80/v3/tasks/1"),
        ("HTTPS://[::1]", "https://[::1]/v3/tasks/1"),
    ] {
        assert_eq!(ShowTask::new("1").and_then(|request| request.to_http(endpoint)).expect("is written").uri(), uri);
    }
}

/// A URL on its own is checked like the URL of a request.
#[test]
fn a_url_alone_is_checked_too() {
    let said_of = |url: &str| codes([&dataworks::Request::explain(url.as_bytes(), &Limits::default())]);
    for url in ["https://h/", "http://h", "h.example.com/", "h:8080/", "/", "", "//h/"] {
        assert_eq!(said_of(&format!("{url}?{QUERY}")), "", "{url}");
    }
    for (url, code) in [
        ("ftp://x/", "PC1403"),
        ("file:///", "PC1403,PC1404"),
        ("https:///", "PC1404"),
        ("https://h:x/", "PC1404"),
        ("https://user@h/", "PC1405"),
        ("https://h/some/path", "PC1402"),
        ("/some/path", "PC1402"),
        ("https://[Endpoint]/", "PC1304"),
        ("https://{endpoint}/", "PC1304"),
        ("http(s)://[Endpoint]/", "PC1304"),
        ("https://{product}.{region}.example.com:8443/", "PC1304"),
        ("https://{endpoint}:x/", "PC1304,PC1404"),
    ] {
        assert_eq!(said_of(&format!("{url}?{QUERY}")), code, "{url}");
    }
    assert!(dataworks::Request::decode(format!("ftp://x/?{QUERY}").as_bytes()).is_err());
    assert!(dataworks::Request::decode(format!("https://h/p?{QUERY}").as_bytes()).is_ok());
}

#[test]
fn a_query_is_where_parameters_are_documented() {
    assert_eq!(said(Operation::ShowTask, &show_task("/v3/tasks/1?a=b")), [r#"warning PC1407 "a=b""#]);
    let report = report_progress("/v3/tasks/1/progress?a=b", TOKEN);
    assert_eq!(said(Operation::ReportProgress, &report), [r#"warning PC1407 "a=b""#]);
    assert_eq!(
        said(Operation::Plesk, &to_plesk("POST", &format!("{AGENT}?a=b"), &format!("{LOGIN}{XML}"))),
        [r#"warning PC1407 "a=b""#]
    );
}

#[test]
fn dataworks_names_its_action_in_a_parameter_or_in_the_head() {
    let without = "ProjectId=1&MigrationId=2";
    assert_eq!(said(Operation::DataWorks, &to_dataworks(&format!("/?{without}"))), [r#"error PC0804 """#]);
    let with = |fields: &str, method: &str, target: &str, body: &str| {
        format!(
            "{method} {target} HTTP/1.1\r\n{HOST}{fields}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let fields = "x-acs-action: GetMigrationProcess\r\nx-acs-version: 2020-05-18\r\n";
    let request = with(fields, "POST", "/", without);
    assert_eq!(said(Operation::DataWorks, &request), [""; 0]);
    let capture = read(request.as_bytes());
    let request = dataworks::Request::from_message(only(&capture)).expect("is a request");
    assert_eq!((request.get("Action"), request.get("Version")), (Some("GetMigrationProcess"), Some("2020-05-18")));
    assert_eq!((request.project_id(), request.migration_id()), (Some(1), Some(2)));
    let other = with("x-acs-action: ListProjects\r\n", "POST", "/", without);
    assert_eq!(said(Operation::DataWorks, &other), [r#"error PC0806 "ListProjects""#]);
    let other = with("x-acs-version: 2024-05-18\r\n", "POST", &format!("/?{QUERY}"), "");
    assert_eq!(said(Operation::DataWorks, &other), [r#"error PC0806 "2024-05-18""#]);
    // With some parameters in the query and some in the body, there is one request.
    let both = with("", "POST", "/?Action=GetMigrationProcess&Version=2020-05-18", without);
    assert_eq!(said(Operation::DataWorks, &both), [""; 0]);
    let twice = with("", "POST", &format!("/?{QUERY}"), "ProjectId=3");
    assert_eq!(said(Operation::DataWorks, &twice), [r#"body: error PC0805 "ProjectId""#]);
    let missing = with("", "POST", "/?Action=GetMigrationProcess", "ProjectId=3");
    assert_eq!(said(Operation::DataWorks, &missing), [r#"body: error PC0804 """#]);
    let wrong = with("", "POST", "/", &QUERY.replace("MigrationId=2", "MigrationId=x"));
    assert_eq!(said(Operation::DataWorks, &wrong), [r#"body: error PC0807 "x""#]);
    let get = with("", "GET", &format!("/?{QUERY}"), "ProjectId=3");
    assert_eq!(said(Operation::DataWorks, &get), [r#"warning PC1412 "P""#]);
}

#[test]
fn plesk_has_a_login_or_a_key() {
    let with = |fields: &str| said(Operation::Plesk, &to_plesk("POST", AGENT, &format!("{fields}{XML}")));
    assert_eq!(with(LOGIN), [""; 0]);
    assert_eq!(with("KEY: Zq9\r\n"), [""; 0]);
    assert_eq!(with(""), [format!("error PC1408 \"POST {AGENT} HTTP/1.1\"")]);
    assert_eq!(with("HTTP_AUTH_LOGIN: admin\r\n"), [r#"error PC1410 "HTTP_AUTH_LOGIN""#]);
    assert_eq!(with("HTTP_AUTH_PASSWD: Zq9\r\n"), [r#"error PC1410 "HTTP_AUTH_PASSWD""#]);
    assert_eq!(with(&format!("{LOGIN}KEY: Zq9\r\n")), [r#"error PC1410 "KEY""#]);
    assert_eq!(with("HTTP_AUTH_LOGIN: admin\r\nKEY: Zq9\r\n"), [r#"error PC1410 "KEY""#]);
    assert_eq!(with("KEY: Zq9\r\nKey: Zq9\r\n"), [r#"error PC1307 "Key""#]);
    // Printed without its head.
    let capture = read(b"POST /enterprise/control/agent.php\n\n<packet><migration><check/></migration></packet>");
    let explanation = plesk::Request::explain_message(only(&capture), &Limits::default());
    assert_eq!((explanation.head.errors, codes([&explanation.head])), (0, "PC1408".to_owned()));

    let check = plesk::Request::check();
    for (credentials, fields) in [
        (Credentials::login("admin", "Zq9"), &[("http_auth_login", "admin"), ("http_auth_passwd", "Zq9")][..]),
        (Credentials::key("Zq9"), &[("key", "Zq9")]),
    ] {
        assert!(!format!("{credentials:?}").contains("Zq9") && !format!("{credentials:?}").contains("admin"));
        let request = check.to_http("plesk.example.com", &credentials).expect("is written");
        for (name, value) in fields {
            assert_eq!(request.headers().get(*name).map(|value| value.as_bytes()), Some(value.as_bytes()));
        }
        assert_eq!(request.headers().get("content-type").map(|value| value.as_bytes()), Some(&b"text/xml"[..]));
        assert_eq!(plesk::Request::from_http(&request).expect("is read"), (check.clone(), credentials));
    }
    assert!(check.to_http("h", &Credentials::login("a\nb", "")).is_err());
}

#[test]
fn plesk_has_ports_of_its_own() {
    let key = Credentials::key("k");
    for (endpoint, uri) in [
        ("h", "https://h:8443"),
        ("https://h", "https://h:8443"),
        ("http://h/", "http://h:8880"),
        ("https://h:443", "https://h:443"),
        ("https://[::1]", "https://[::1]:8443"),
        ("https://[::1]:1", "https://[::1]:1"),
    ] {
        let request = plesk::Request::check().to_http(endpoint, &key).expect("is written");
        assert_eq!(request.uri().to_string(), format!("{uri}{AGENT}"), "{endpoint}");
    }
}

fn report_of() -> sms::ProgressReport<'static> {
    let text = "".to_owned();
    let new = || -> Result<_, packetcheck::json::OutsideLimits> {
        Ok(sms::ProgressReport::new(
            SubTaskName::SslConfig,
            1.try_into()?,
            1.try_into()?,
            2.try_into()?,
            packetcheck::json::Text::new(text)?,
        ))
    };
    new().expect("within the limits")
}

/// No error shows a credential, including its `Debug` output.
#[test]
fn no_error_shows_a_credential() {
    let long = format!("Zq9{}", "x".repeat(16384));
    let shown = |error: Option<Error>| {
        format!("{error:?} {error:#?} {}", error.as_ref().map(Error::to_string).unwrap_or_default())
    };
    let report = |report: &Report| format!("{report:?}");
    let mut all = vec![
        shown(AuthToken::new(long.as_str()).err()),
        shown(AuthToken::new("Zq9\n").err()),
        shown(plesk::Request::check().to_http("h", &Credentials::login("Zq9\n", "Zq9")).err()),
        shown(plesk::Request::check().to_http("https://Zq9@h", &Credentials::key("Zq9")).err()),
        format!("{:?}", ShowTask::new("1").and_then(|request| request.with_token("Zq9"))),
        format!("{:?}", ReportProgress::new("1", "Zq9", report_of())),
        format!("{:?}", ShowTask::new("1").and_then(|request| request.with_token("Zq9")?.to_http("h"))),
    ];
    for (operation, capture) in [
        (Operation::ShowTask, format!("GET /v3/tasks/1 HTTP/1.1\r\nX-Auth-Token: {long}\r\n\r\n")),
        (Operation::Plesk, to_plesk("POST", "/x", "HTTP_AUTH_LOGIN: Zq9\r\nKEY: Zq9\r\n")),
        (
            Operation::DataWorks,
            to_dataworks("ftp://Zq9@h/?Action=x&Signature=Zq9&AccessKeyId=Zq9 &Signature=%Zq9&SecurityToken=Zq9%"),
        ),
    ] {
        let capture = read(capture.as_bytes());
        let explanation = operation.request(only(&capture));
        assert!(!explanation.is_valid());
        all.extend([report(&explanation.head), report(&explanation.body)]);
    }
    for shown in all {
        assert!(!shown.contains("Zq9"), "{shown}");
    }
}
