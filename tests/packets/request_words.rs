//! The rendered diagnostics of requests and answers: `tests/golden/requests.txt`.
//!
//! `UPDATE_GOLDEN=1` rewrites it.
#![cfg(feature = "http")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use packetcheck::diagnostic::render::text;
use packetcheck::{Limits, dataworks};

use crate::support::captured::{Operation, only, read};

/// Each causes one of the messages of `PC14xx`.
const CASES: &[(Operation, &str)] = &[
    (Operation::ShowTask, "DELETE /v3/tasks/1 HTTP/1.1\nHost: h\nX-Auth-Token: Zq9\n\n"),
    (Operation::DataWorks, "PUT /?Action=GetMigrationProcess&ProjectId=1&MigrationId=2 HTTP/1.1\nHost: h\n\n"),
    (Operation::ReportProgress, "PUT /v3/tasks/1 HTTP/1.1\nHost: h\nAuthorization: Zq9\nContent-Length: 0\n\n"),
    (Operation::ShowTask, "GET ftp://u:Zq9@h:99999/v3/tasks/1 HTTP/1.1\nX-Auth-Token: Zq9\n\n"),
    (Operation::ShowTask, "GET https:///v3/tasks/1 HTTP/1.1\nHost: a b\nX-Auth-Token: Zq9\n\n"),
    (Operation::ShowTask, "GET /v3/tasks/ HTTP/1.1\nX-Auth-Token: \n\n"),
    (Operation::ShowTask, "GET /v3/tasks/00000000-0000-0000-0000-0000000000001?a=b HTTP/1.1\nHost: h\n\n"),
    (
        Operation::ShowTask,
        "GET /v3/tasks/%zz HTTP/1.1\nHost: h\nX-Auth-Token: Zq9\nX-Auth-Token: Zq9\nContent-Length: 2\n\n{}",
    ),
    (Operation::ShowTask, "GET /v3/tasks/%ff HTTP/1.1\nHost: h\nX-Auth-Token: a\n\n"),
    (Operation::ShowTask, "GET /v3/tasks/.. HTTP/1.1\nHost: h\nX-Auth-Token: a\n\n"),
    (Operation::ReportProgress, "PUT /v3/tasks/1/progress\n\n{}"),
    (Operation::Plesk, "POST /enterprise/control/agent.php\n\n<packet><migration><check/></migration></packet>"),
    (
        Operation::Plesk,
        "POST /enterprise/control/agent.php HTTP/1.1\nHost: h\nHTTP_AUTH_LOGIN: admin\nContent-Length: 0\n\n",
    ),
    (
        Operation::Plesk,
        "POST /x HTTP/1.1\nHost: h\nHTTP_AUTH_LOGIN: Zq9\nHTTP_AUTH_PASSWD: Zq9\nKEY: Zq9\nContent-Type: text/plain\nContent-Length: 48\n\n<packet><migration><check/></migration></packet>",
    ),
    (
        Operation::Plesk,
        "POST /enterprise/control/agent.php HTTP/1.1\nHost: h\nContent-Type: text/xml\nContent-Length: 0\n\n",
    ),
    (
        Operation::DataWorks,
        "GET /p?Action=GetMigrationProcess&ProjectId=1&MigrationId=2 HTTP/1.1\nHost: h\nx-acs-action: X\nContent-Length: 3\n\na=b",
    ),
    (Operation::ShowTask, "HTTP/1.1 202 Accepted\nContent-Type: text/plain; charset=GBK\n\n{\"id\": \"1\"}"),
    (Operation::ShowTask, "HTTP/1.1 404 Not Found\n\n{\"id\": \"1\"}"),
    (Operation::ShowTask, "HTTP/1.1 200 OK\n\n{\"error_code\": \"SMS.0202\"}"),
    (Operation::ShowTask, "HTTP/1.1 302 Found\nLocation: https://u:Zq9@h/?Signature=Zq9\nContent-Length: 0\n\n"),
    (Operation::ShowTask, "HTTP/1.1 502 Bad Gateway\nContent-Type: text/html\n\n<html><body>502</body></html>"),
    (Operation::ShowTask, "HTTP/1.1 502 Bad Gateway\nContent-Type: text/plain\n\nupstream failed"),
    (Operation::ShowTask, "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
    (Operation::ReportProgress, "HTTP/1.1 200 OK\nContent-Length: 4\n\n\"ok\""),
    (Operation::Plesk, "HTTP/1.1 500 X\nContent-Type: text/xml; charset=klingon\n\n<packet/>"),
    (Operation::Plesk, "HTTP/1.1 200 OK\nContent-Type: text/xml; charset=UTF-16\n\n<packet/>!"),
];

const URLS: &[&str] = &[
    "ftp://x/?Action=GetMigrationProcess&ProjectId=1&MigrationId=2",
    "https://u:Zq9@h/some/path?Action=GetMigrationProcess&ProjectId=1&MigrationId=2",
    "https://[Endpoint]:x/?Action=GetMigrationProcess&ProjectId=1&MigrationId=2",
];

#[test]
fn messages_are_as_recorded() -> std::io::Result<()> {
    let mut actual = String::new();
    for (operation, capture) in CASES {
        let read = read(capture.as_bytes());
        let message = only(&read);
        let explanation = operation.explain(message);
        let _ = writeln!(actual, "== {operation:?} {}", capture.lines().next().unwrap_or_default());
        let shown = text::diagnostics("message", capture.as_bytes(), &explanation.head.diagnostics, false);
        assert!(!shown.contains("Zq9"), "{shown}");
        actual += &shown;
        if !explanation.body.diagnostics.is_empty() {
            let body = explanation.text.as_deref().unwrap_or(&message.body.bytes);
            actual += &text::diagnostics("body", body, &explanation.body.diagnostics, false);
        }
    }
    for url in URLS {
        let report = dataworks::Request::explain(url.as_bytes(), &Limits::default());
        let _ = writeln!(actual, "== {url}");
        actual += &text::diagnostics("url", url.as_bytes(), &report.diagnostics, false);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/requests.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return fs::write(path, actual);
    }
    for (expected, actual) in fs::read_to_string(&path)?.split("\n== ").zip(actual.split("\n== ")) {
        assert_eq!(expected, actual, "{}", path.display());
    }
    assert_eq!(fs::read_to_string(&path)?, actual);
    Ok(())
}
