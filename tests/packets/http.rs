//! HTTP captures are recognized by their form: messages as sent, as documentation prints them, `curl -v`, HAR.
//!
//! `tests/golden/http.txt` has the content and the diagnostics of each file in `tests/data/http`; set `UPDATE_GOLDEN=1`
//! to rewrite it, and check the difference.
#![cfg(all(feature = "http", feature = "cli"))]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use packetcheck::Limits;
use packetcheck::diagnostic::{LineIndex, Severity, render};
use packetcheck::http::{
    self, BodyPlace, Capture, CurlCommand, Form, Message, NotConvertible, Start, Target, WriteError,
};
use proptest::prelude::*;

use crate::support::capture;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/http")
}

/// All files of a folder and its subfolders, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => files.extend(self::files(&path)?),
            false => files.push(path),
        }
    }
    files.sort();
    Ok(files)
}

fn read(capture: &[u8]) -> Capture<'_> {
    http::read(capture, &Limits::default())
}

/// The content of a capture, with places, and its diagnostics.
fn outline(bytes: &[u8]) -> String {
    let index = LineIndex::new(bytes);
    let at = |offset: usize| {
        let place = index.line_column(offset);
        format!("{}:{}", place.line, place.column)
    };
    let capture = read(bytes);
    let mut outline = format!("{:?}\n", http::looks_like_http(bytes));
    for (number, exchange) in capture.exchanges.iter().enumerate() {
        for message in exchange.messages() {
            let first = match &message.start {
                Start::Request(line) => format!("{} {}", line.method.text, line.target.text.escape_debug()),
                Start::Response(line) => format!("{} {}", line.status, line.reason.text),
                _ => "(no first line)".to_owned(),
            };
            let _ = writeln!(outline, "{} {} {first}", number + 1, at(message.span.start));
            for (mark, fields) in [("  ", &message.fields), ("  trailer ", &message.trailers)] {
                for field in fields {
                    let _ = writeln!(
                        outline,
                        "{mark}{} {}: {}",
                        at(field.name_span.start),
                        field.name,
                        field.text().escape_debug()
                    );
                }
            }
            let body = String::from_utf8_lossy(&message.body.bytes);
            let cut = if message.body.is_whole { "" } else { ", cut off" };
            let _ = match &message.body.place {
                BodyPlace::InCapture(span) if span.is_empty() => Ok(()),
                BodyPlace::InCapture(span) => writeln!(outline, "  {} body{cut} {body:?}", at(span.start)),
                BodyPlace::Decoded { how, span } => writeln!(outline, "  {} {how}{cut} {body:?}", at(span.start)),
                BodyPlace::Undecoded { span } => writeln!(outline, "  {} not decoded{cut}", at(span.start)),
                BodyPlace::NotCaptured { at: place } => writeln!(outline, "  {} not captured{cut}", at(*place)),
                _ => Ok(()),
            };
        }
    }
    for diagnostic in &capture.findings.diagnostics {
        let severity = match diagnostic.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let text = bytes.get(diagnostic.span.clone()).map(String::from_utf8_lossy).unwrap_or_default();
        let place = at(diagnostic.span.start);
        let _ = writeln!(outline, "{severity} {} {place} {text:?}\n  {}", diagnostic.code, diagnostic.message);
        if let Some((span, label)) = &diagnostic.related {
            let _ = writeln!(outline, "  {}: {label}", at(span.start));
        }
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(outline, "  help: {help}");
        }
    }
    outline
}

#[test]
fn captures_are_read_as_what_they_are() -> Result {
    let mut actual = String::new();
    for path in files(&folder())? {
        let name = path.strip_prefix(folder())?.display().to_string();
        let _ = write!(actual, "== {name}\n{}", outline(&std::fs::read(&path)?));
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/http.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return Ok(std::fs::write(golden, actual)?);
    }
    let expected = std::fs::read_to_string(&golden)?;
    for (expected, actual) in expected.split("\n== ").zip(actual.split("\n== ")) {
        assert_eq!(expected, actual);
    }
    assert_eq!(expected, actual);
    Ok(())
}

#[test]
fn captures_agree_with_their_bytes() -> Result {
    let narrow = [
        Limits::default(),
        limits(|limits| limits.fields = 1),
        limits(|limits| limits.decoded_bytes = 40),
        limits(|limits| limits.diagnostics = 1),
    ];
    for path in files(&folder())? {
        let bytes = std::fs::read(&path)?;
        narrow.iter().for_each(|limits| capture::holds(&bytes, limits));
        // Cut anywhere; long ones at some places.
        let places = (0..bytes.len()).step_by(1 + bytes.len() / 48);
        places.for_each(|length| capture::holds(&bytes[..length], &narrow[0]));
    }
    Ok(())
}

fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Pieces of messages in any order, as no program writes them.
    #[test]
    fn any_capture_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        capture::holds(pieces.concat().as_bytes(), &Limits::default());
    }
}

const PIECES: &[&str] = &[
    "GET / HTTP/1.1",
    "POST https://a:b@{c}/d?e=f#g",
    "HTTP/1.1 200 OK",
    "HTTP/1.1 100 Continue",
    "HTTP/2 204",
    "HEAD /a",
    "\r\n",
    "\n",
    "\n\n",
    "\r\n\r\n",
    " ",
    "\t",
    "> ",
    "< ",
    "* ",
    "{ [",
    "###",
    ":",
    "a: b",
    "Host: a",
    "\nContent-Length: 5",
    "\nContent-Length: 0",
    "\nTransfer-Encoding: chunked",
    "\nContent-Encoding: gzip",
    "\nContent-Encoding: br",
    "5",
    "0",
    "f;a",
    "<a/>",
    "{}",
    "a=b&c=d",
    "&c=d",
    "é",
    "\u{0}",
    "* Connection #0",
    "100 --:--:-- ",
    "Set-Cookie: a",
    "\u{feff}",
    "{\"log\":{\"entries\":[",
    "{\"request\":{\"method\":\"A\",\"url\":\"/\",\"headers\":[",
    "{\"name\":\"a\",\"value\":\"b\\n\"}",
    "]}",
    "}",
    ",",
    "\"postData\":{\"text\":\"e30=\",\"encoding\":\"base64\"}",
    "\"response\":{\"status\":200}",
];

#[test]
fn captures_take_linear_time() {
    for piece in [
        "GET / HTTP/1.1\n\n",
        "GET / HTTP/1.1\n",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nx\n",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nx\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nx\n0\n\nmore\n",
        "> GET / HTTP/1.1\n",
        "< HTTP/1.1 200 OK\n",
        "< HTTP/1.1 200 OK\n< Content-Length: 5\n<\n",
        "a: b\n",
        " \n",
        " a\n",
        "text\n",
        "### text\n",
        "* Connection #",
        "1\nx\n",
        "&a=b\n",
        "{",
    ] {
        for before in ["", "GET /\n", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", "> GET / HTTP/1.1\n>\n"] {
            // Eight times the size takes some eight times as long; a quadratic cost takes 64 times.
            let time = |length: usize| {
                let capture = format!("{before}{}", piece.repeat(length / piece.len()));
                let begin = thread_time();
                let _ = read(capture.as_bytes());
                thread_time() - begin
            };
            let (few, many) = (time(1 << 14).max(Duration::from_millis(2)), time(1 << 17));
            assert!(many < few * 24, "{before:?}, {piece:?}: {few:?}, {many:?}");
        }
    }
}

/// How long this thread has been running; if that is unknown, the time of day.
fn thread_time() -> Duration {
    let running = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = running.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default(), Duration::from_nanos)
}

#[test]
fn bombs_are_stopped_at_the_limit() -> Result {
    let limits = limits(|limits| limits.decoded_bytes = 1 << 16);
    let zeros = vec![0; 1 << 24];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut gzip, &zeros)?;
    let bomb = gzip.finish()?;
    let message =
        [format!("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {}\n\n", bomb.len()).as_bytes(), &bomb]
            .concat();
    let memory = allocation_counter::measure(|| {
        let capture = http::read(&message, &limits);
        assert_eq!(codes(&capture), ["PC1321"]);
        assert!(matches!(
            capture.exchanges[0].response.as_ref().map(|it| &it.body.place),
            Some(BodyPlace::Undecoded { .. })
        ));
    });
    assert!(memory.bytes_max < 1 << 19, "{memory:?}");

    // Many small ones share the limit.
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut gzip, &zeros[..1 << 15])?;
    let small = gzip.finish()?;
    let small =
        [format!("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {}\n\n", small.len()).as_bytes(), &small]
            .concat();
    assert_eq!(codes(&http::read(&small.repeat(3), &limits)), ["PC1321"]);
    Ok(())
}

fn codes(capture: &Capture<'_>) -> Vec<&'static str> {
    capture.findings.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

#[test]
fn limits_have_their_codes() {
    let two = b"GET / HTTP/1.1\nA: b\nC: d\n\nGET / HTTP/1.1\n\n";
    let of = |limits: Limits| {
        let capture = http::read(two, &limits);
        (codes(&capture), capture.messages().count())
    };
    assert_eq!(of(limits(|limits| limits.messages = 2)), (vec![], 2));
    assert_eq!(of(limits(|limits| limits.messages = 1)), (vec!["PC1323"], 1));
    assert_eq!(of(limits(|limits| limits.fields = 2)), (vec![], 2));
    assert_eq!(of(limits(|limits| limits.fields = 1)), (vec!["PC1322"], 2));
    assert_eq!(of(limits(|limits| limits.document_bytes = two.len())), (vec![], 2));
    assert_eq!(of(limits(|limits| limits.document_bytes = two.len() - 1)), (vec!["PC0601"], 0));
}

#[test]
fn other_documents_are_not_taken_for_captures() -> Result {
    for document in [
        "",
        "\n",
        "hello",
        "<packet/>",
        "{}",
        "{\"log\": 1}",
        "{\"log\": {\"a\": 1}}",
        "{\"logs\": {\"entries\": []}}",
        "Action=GetMigrationProcess&ProjectId=1&MigrationId=2",
        "https://dataworks.aliyuncs.com/?Action=GetMigrationProcess",
        "?Action=GetMigrationProcess\n&ProjectId=1",
        "GET ready",
        "GET",
        "POST office",
        "HTTP",
        "HTTP/",
        "HTTP is a protocol",
        "a: b",
        "a: b\n\ntext",
        "> quoted\n> text",
        "* item\n* item",
        "<html>\n<body>",
        "get /a",
        "Trace: 1/2",
        "PUT it away",
        "see RFC HTTP/1.1",
        "# title\ntext",
        "https://a/\n\n{}",
    ] {
        assert_eq!(http::looks_like_http(document.as_bytes()), None, "{document:?}");
    }
    // Samples of every other kind.
    let data = folder().join("..");
    for folder in ["plesk", "dataworks", "sms", "kinds", "words"] {
        for path in files(&data.join(folder))? {
            let head = std::fs::read(&path)?;
            let head = &head[..head.len().min(4096)];
            // One of the kinds is that of a document that is not a packet.
            let is_http = head.starts_with(b"HTTP/");
            assert_eq!(http::looks_like_http(head).is_some(), is_http, "{}", path.display());
        }
    }
    Ok(())
}

#[test]
fn a_capture_shows_itself_by_its_first_bytes() -> Result {
    for path in files(&folder())? {
        let bytes = std::fs::read(&path)?;
        let name = path.display().to_string();
        let expected = match &*name {
            name if name.contains("/har/") => Some(Form::Har),
            name if name.contains("/curl/") => Some(Form::CurlVerbose),
            name if name.ends_with("no_message.http") || name.ends_with("nothing.http") => None,
            _ => Some(Form::Raw),
        };
        assert_eq!(http::looks_like_http(&bytes[..bytes.len().min(4096)]), expected, "{name}");
    }
    let noted = "* a note\n".repeat(1000) + "> GET / HTTP/1.1\n> Host: a\n> \n";
    assert_eq!(http::looks_like_http(noted.as_bytes()), Some(Form::CurlVerbose));
    Ok(())
}

#[test]
fn a_target_has_parts_with_places() {
    let line = |target: &str| format!("GET {target} HTTP/1.1\n\n");
    for (target, expected) in [
        ("/a?b=c", [None, None, None, Some("/a"), Some("b=c")]),
        ("/", [None, None, None, Some("/"), None]),
        ("*", [None, None, None, Some("*"), None]),
        ("/a?", [None, None, None, Some("/a"), Some("")]),
        ("/a?u=http://x/", [None, None, None, Some("/a"), Some("u=http://x/")]),
        ("https://a.b:1/c/d?e#f", [Some("https"), None, Some("a.b:1"), Some("/c/d"), Some("e")]),
        ("ftp://u:p@a?b", [Some("ftp"), Some("u:p"), Some("a"), Some(""), Some("b")]),
        ("https://{endpoint}/v3/tasks/{id}", [Some("https"), None, Some("{endpoint}"), Some("/v3/tasks/{id}"), None]),
    ] {
        let text = line(target);
        let capture = read(text.as_bytes());
        let request = capture.messages().next().and_then(Message::request_line).expect("it is a request");
        let Target { scheme, user, host, path, query, .. } = request.parts();
        let parts = [scheme, user, host, Some(path), query];
        assert_eq!(parts.each_ref().map(|part| part.as_ref().map(|part| &*part.text)), expected, "{target}");
        for part in parts.iter().flatten() {
            assert_eq!(text.get(part.span.clone()), Some(&*part.text), "{target}");
        }
    }
}

#[test]
fn fields_are_found_in_any_case() {
    let capture = read(b"HTTP/1.1 200 OK\ncontent-TYPE: Text/XML ;a=b; Charset=\"gbk\"\nA: 1\na: 2\n\n");
    let message = capture.messages().next().expect("one message");
    assert_eq!((message.content_type(), message.charset()), (Some("Text/XML"), Some("gbk")));
    assert_eq!(message.fields_named("A").map(|field| field.text().into_owned()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!((message.field("B"), message.request_line()), (None, None));
}

#[test]
fn credentials_are_not_shown() -> Result {
    let credentials = "POST https://u:Zq9@h/?AccessKeyId=Zq9&Signature=Zq9%3D&SecurityToken=Zq9 HTTP/1.1\n\
        X-Auth-Token: Zq9\nAuthorization: Basic Zq9\nProxy-Authorization: Zq9\nHTTP_AUTH_LOGIN: Zq9\n\
        HTTP_AUTH_PASSWD: Zq9\nKEY: Zq9\nCookie: a=Zq9\nSet-Cookie: a=Zq9\nx-acs-security-token: Zq9\n\
        X-Auth-Token : Zq9\nX-Auth-Token: Zq9\n Zq9\nX-Auth-Token(: Zq9\nX-Auth-Token Zq9\n Zq9\nKEY Zq9\n\n";
    let verbose = format!("* x\n> {}", credentials.replace('\n', "\n> "));
    let har = "{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"https://u:Zq9@h/ ?Signature=Zq9\",\"headers\":\
        [{\"name\":\"KEY\",\"value\":\"Zq9\\u0001\"},{\"value\":\"Zq9\",\"name\":\"Cookie\"}]}}]}}";
    for capture in [credentials, &verbose, har] {
        let read = read(capture.as_bytes());
        assert!(read.findings.errors > 0);
        assert!(!format!("{read:?}").contains("Zq9"), "{read:#?}");
        let findings = &read.findings.diagnostics;
        let shown = render::text::diagnostics("capture", capture.as_bytes(), findings, false);
        assert!(!shown.contains("Zq9"), "{shown}");
        let json = render::json::to_line(&render::json::diagnostics(capture.as_bytes(), findings))?;
        assert!(!String::from_utf8_lossy(&json).contains("Zq9"));
    }
    Ok(())
}

#[test]
fn messages_become_values_of_the_crate_http() -> Result {
    let capture = std::fs::read(folder().join("sent/exchange.http"))?;
    let capture = read(&capture);
    let (request, response) = (capture.exchanges[0].request.as_ref(), capture.exchanges[0].response.as_ref());
    let (request, response) = (request.ok_or("no request")?, response.ok_or("no response")?);
    let sent = request.to_request()?;
    assert_eq!((sent.method().as_str(), sent.uri().path()), ("POST", "/enterprise/control/agent.php"));
    assert!(sent.headers()["http_auth_passwd"].is_sensitive() && !sent.headers()["host"].is_sensitive());
    assert!(!sent.headers().contains_key("content-length"));
    assert_eq!(response.to_response()?.status(), 200);
    assert_eq!(request.to_response().map(drop), Err(NotConvertible::Direction("response")));
    assert_eq!(response.to_request().map(drop), Err(NotConvertible::Direction("request")));
    for (capture, part) in [
        (&b"GET https://{endpoint}/ HTTP/1.1\n\n"[..], NotConvertible::Part("target")),
        (b"GET / HTTP/1.1\nA: \x01\n\n", NotConvertible::Field("A".to_owned())),
    ] {
        let capture = read(capture);
        assert_eq!(capture.messages().next().map(|it| it.to_request().map(drop)), Some(Err(part)));
    }
    Ok(())
}

#[test]
fn requests_are_written_or_refused() -> Result {
    let request = ::http::Request::post("https://h/");
    assert_eq!(http::write_request(&::http::Request::get("/a").body("")?), Err(WriteError::NoHost));
    let connect = ::http::Request::builder().method("CONNECT");
    let written = http::write_request(&connect.uri("h:443").header("Host", "other").body("")?)?;
    assert_eq!(written, b"CONNECT h:443 HTTP/1.1\r\nHost: other\r\n\r\n");
    let written = http::write_request(&::http::Request::get("https://u:p@h?a=b").body("")?)?;
    assert_eq!(written, b"GET /?a=b HTTP/1.1\r\nHost: h\r\n\r\n");
    let chunked = ::http::Request::post("https://h/").header("Transfer-Encoding", "chunked").body("a")?;
    assert_eq!(http::write_request(&chunked), Err(WriteError::Framing("Transfer-Encoding")));
    let length = request.header("Content-Length", "2").body("a")?;
    assert_eq!(http::write_request(&length), Err(WriteError::Framing("Content-Length")));
    assert_eq!(CurlCommand::new().write(&length), Err(WriteError::Framing("Content-Length")));
    let response = ::http::Response::builder().status(204).body("a")?;
    assert_eq!(http::write_response(&response), Err(WriteError::BodyNotAllowed(204)));
    Ok(())
}

#[test]
fn commands_of_curl_refer_to_credentials() -> Result {
    let get = ::http::Request::get("https://u:Zq9@h/?Action=a&AccessKeyId=Zq9").header("KEY", "Zq9").body("")?;
    assert_eq!(
        CurlCommand::new().with_variable("key", "PLESK_KEY").write(&get)?,
        "curl \"https://h/?Action=a&AccessKeyId=$ACCESS_KEY_ID\" \\\n  --user \"$URL_USER\" \\\n  -H \"Key: $PLESK_KEY\"\n"
    );
    let head = ::http::Request::head("https://h/[a]").header("X-A", "").body("")?;
    assert_eq!(CurlCommand::new().write(&head)?, "curl --globoff 'https://h/[a]' \\\n  --head \\\n  -H 'X-A;'\n");
    let post = ::http::Request::post("https://h").header("content-type", "text/xml").body("<a b='c'/>")?;
    assert_eq!(
        CurlCommand::new().write(&post)?,
        "curl 'https://h/' \\\n  -H 'Content-Type: text/xml' \\\n  --data-raw '<a b='\\''c'\\''/>'\n"
    );
    assert_eq!(
        CurlCommand::new().with_body_file("-a b").write(&post)?,
        "curl 'https://h/' \\\n  -H 'Content-Type: text/xml' \\\n  --data-binary '@-a b'\n"
    );
    let of = |command: CurlCommand, body: &[u8]| {
        let put = ::http::Request::put("https://h/").header("X-Auth-Token", "Zq9secret").body(body.to_vec())?;
        Ok::<_, Box<dyn std::error::Error>>(command.write(&put))
    };
    assert_eq!(of(CurlCommand::new(), b"{\"a\": \"Zq9secret\"}")?, Err(WriteError::SecretBody));
    assert_eq!(of(CurlCommand::new(), b"\xff")?, Err(WriteError::BinaryBody));
    let named = CurlCommand::new().with_variable("X-Auth-Token", "a b");
    assert_eq!(of(named, b"")?, Err(WriteError::NotAVariable("a b".to_owned())));
    let file = of(CurlCommand::new().with_file("X-Auth-Token", "-t"), b"")??;
    assert!(file.contains("$(cat './-t')"), "{file}");
    Ok(())
}
