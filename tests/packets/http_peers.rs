//! HTTP messages exchanged with other programs on the loopback interface: they read what we write, and we read what
//! they send.
#![cfg(feature = "http")]
#![expect(clippy::disallowed_types, reason = "two programs speak to each other on this machine")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use packetcheck::Limits;
use packetcheck::http::{self, BodyPlace, CurlCommand, Message};
use proptest::prelude::*;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A request as another implementation of a server has read it.
#[derive(Debug, PartialEq, Eq)]
struct Heard {
    method: String,
    target: String,
    /// Names in lower case.
    fields: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A server that answers each request with `answer`, and passes on what it has read.
struct Server {
    address: String,
    heard: mpsc::Receiver<Heard>,
}

fn serve(answer: &'static str) -> Result<Server> {
    let server = tiny_http::Server::http("127.0.0.1:0").map_err(|error| error.to_string())?;
    let address = server.server_addr().to_string();
    let (sender, heard) = mpsc::channel();
    thread::spawn(move || {
        for mut request in server.incoming_requests() {
            let mut body = Vec::new();
            let _ = request.as_reader().read_to_end(&mut body);
            let field = |header: &tiny_http::Header| {
                (header.field.as_str().as_str().to_ascii_lowercase(), header.value.as_str().to_owned())
            };
            let fields = request.headers().iter().map(field).collect();
            let (method, target) = (request.method().to_string(), request.url().to_owned());
            if sender.send(Heard { method, target, fields, body }).is_err() {
                return;
            }
            let _ = request.respond(tiny_http::Response::from_string(answer).with_chunked_threshold(64));
        }
    });
    Ok(Server { address, heard })
}

impl Server {
    fn heard(&self) -> Result<Heard> {
        Ok(self.heard.recv_timeout(Duration::from_secs(20))?)
    }

    /// Sends bytes; returns everything that is answered.
    fn exchange(&self, wire: &[u8]) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(wire)?;
        stream.shutdown(std::net::Shutdown::Write)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

fn only_message(capture: &[u8]) -> Result<Message<'_>> {
    let capture = http::read(capture, &Limits::default());
    assert!(capture.findings.diagnostics.is_empty(), "{:#?}", capture.findings);
    let messages: Vec<_> = capture.messages().cloned().collect();
    let [message] = <[Message<'_>; 1]>::try_from(messages).map_err(|all| format!("{} messages", all.len()))?;
    Ok(message)
}

/// Methods, paths, queries, fields and bodies that HTTP allows.
fn any_request() -> impl Strategy<Value = ::http::Request<Vec<u8>>> {
    let method = prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "PATCH"]);
    let uri = (
        "(/[a-zA-Z0-9._~%-]{0,8}){1,3}",
        prop::option::of("[a-zA-Z]{1,6}=[a-zA-Z0-9%+*_.-]{0,12}(&[a-z]{1,3}=[0-9]{0,3})?"),
    );
    let uri = uri.prop_filter_map("an escape is whole", |(path, query)| {
        let text = query.map_or(path.clone(), |query| format!("{path}?{query}"));
        ::http::Uri::try_from(text.replace('%', "%20")).ok()
    });
    let fields = prop::collection::vec(("x-[a-z][a-z0-9_-]{0,8}", "[!-~]([ -~]{0,20}[!-~])?"), 0..5);
    let body = prop::collection::vec(any::<u8>(), 0..200);
    (method, uri, fields, body).prop_map(|(method, uri, fields, body)| {
        let mut request = ::http::Request::builder().method(method).uri(uri).header("host", "sms.example.com");
        for (name, value) in fields {
            request = request.header(name, value);
        }
        request.body(body).expect("all of it is allowed")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn written_requests_are_read_back(request in any_request()) {
        let wire = http::write_request(&request).expect("it has a host");
        let message = only_message(&wire).expect("it is one message");
        let read = message.to_request().expect("it can be sent");
        prop_assert_eq!(read.method(), request.method());
        prop_assert_eq!(read.uri(), request.uri());
        prop_assert_eq!(read.headers(), request.headers());
        prop_assert_eq!(read.body(), request.body());
    }

    #[test]
    fn responses_are_read_back(status in 200_u16..600, body in prop::collection::vec(any::<u8>(), 0..200)) {
        let body = if matches!(status, 204 | 304) { Vec::new() } else { body };
        let response = ::http::Response::builder().status(status).header("x-a", "b").body(body).expect("is allowed");
        let wire = http::write_response(&response).expect("the body is allowed");
        let read = only_message(&wire).expect("it is one message").to_response().expect("it can be sent");
        prop_assert_eq!(read.status(), response.status());
        prop_assert_eq!(read.headers(), response.headers());
        prop_assert_eq!(read.body(), response.body());
    }
}

#[test]
fn a_server_reads_what_we_write() -> Result {
    let server = serve("")?;
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(32));
    runner.run(&any_request(), |request| {
        let wire = http::write_request(&request).expect("it has a host");
        server.exchange(&wire).expect("it answers");
        let heard = server.heard().expect("it was heard");
        prop_assert_eq!(&heard.method, request.method().as_str());
        prop_assert_eq!(&heard.target, &request.uri().to_string());
        prop_assert_eq!(&heard.body, request.body());
        for (name, value) in request.headers() {
            let field = (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned());
            prop_assert!(heard.fields.contains(&field), "{:?}: {:?}", field, heard);
        }
        Ok(())
    })?;
    Ok(())
}

#[test]
fn we_read_what_a_server_answers() -> Result {
    let long = "0123456789".repeat(20_000);
    for (answer, is_chunked) in [("short", false), (&*long.leak(), true)] {
        let server = serve(answer)?;
        let wire = server.exchange(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
        let message = only_message(&wire)?;
        assert_eq!(message.status_line().map(|line| (line.status, &*line.reason.text)), Some((200, "OK")));
        assert_eq!(&*message.body.bytes, answer.as_bytes());
        assert_eq!(matches!(&message.body.place, BodyPlace::Decoded { how, .. } if how == "chunked"), is_chunked);
    }
    Ok(())
}

#[test]
fn a_client_reads_what_we_write_and_we_read_what_it_sends() -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let body = "é\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";
    let server = thread::spawn(move || -> std::io::Result<Vec<u8>> {
        let (mut stream, _) = listener.accept()?;
        let mut heard = Vec::new();
        let mut piece = [0; 1024];
        while !heard.ends_with(b"{\"progress\": 1}") {
            let length = stream.read(&mut piece)?;
            heard.extend_from_slice(&piece[..length]);
            if length == 0 {
                break;
            }
        }
        let answer = ::http::Response::builder().status(418).header("X-Request-Id", "7").body(body).expect("allowed");
        stream.write_all(&http::write_response(&answer).expect("allowed"))?;
        Ok(heard)
    });
    let answer = minreq::put(format!("http://{address}/v3/tasks/1/progress?a=b"))
        .with_header("X-Auth-Token", "Zq9token")
        .with_body("{\"progress\": 1}")
        .with_timeout(20)
        .send()?;
    assert_eq!((answer.status_code, answer.as_str()?), (418, body));
    let is_id = |name: &str| name.eq_ignore_ascii_case("X-Request-Id");
    assert!(answer.headers.iter().any(|(name, value)| is_id(name) && value == "7"), "{:?}", answer.headers);

    let heard = server.join().map_err(|_| "the server failed")??;
    let message = only_message(&heard)?;
    let line = message.request_line().ok_or("it is not a request")?;
    assert_eq!((&*line.method.text, &*line.target.text), ("PUT", "/v3/tasks/1/progress?a=b"));
    assert_eq!(message.field("x-auth-token").map(|field| field.text().into_owned()).as_deref(), Some("Zq9token"));
    assert_eq!(&*message.body.bytes, b"{\"progress\": 1}");
    Ok(())
}

/// Runs a command in the shell; `None` if there is no `curl`.
fn run(command: &str, folder: &std::path::Path) -> Result<Option<std::process::Output>> {
    let has_curl = Command::new("curl").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_curl {
        writeln!(std::io::stderr(), "tests/packets/http_peers.rs passed over: there is no `curl` here")?;
        return Ok(None);
    }
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).current_dir(folder).env("HTTP_AUTH_LOGIN", "Zq9login").env("SIGNATURE", "Zq9%3D");
    Ok(Some(shell.output()?))
}

#[test]
fn curl_sends_what_the_command_says() -> Result {
    let folder = std::env::temp_dir().join(format!("packetcheck-curl-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("it's a token"), "Zq9token\n")?;
    std::fs::write(folder.join("body"), "{\"password\": \"Zq9password\"}\n")?;
    let server = serve("{}")?;
    let uri = |path: &str| format!("http://{}{path}", server.address);
    let command = CurlCommand::new().with_file("x-auth-token", "it's a token");
    let put = ::http::Request::put(uri("/v3/a%20b/progress?a=$b&Signature=Zq9%3D&c='$(d)!"))
        .header("X-Auth-Token", "Zq9token")
        .header("HTTP_AUTH_LOGIN", "Zq9login")
        .header("X-Text", "a 'b' \"c\" $d `e` \\f")
        .header("X-Empty", "");
    let put = put.body("@{'a': \"$b\"}\n\n")?;
    let written = command.write(&put)?;
    assert!(!written.contains("Zq9"), "{written}");
    let Some(output) = run(&written.replacen("curl ", "curl -v ", 1), &folder)? else { return Ok(()) };
    let heard = server.heard().map_err(|error| format!("{error}: {output:?}"))?;
    assert_eq!((&*heard.method, &*heard.target), ("PUT", put.uri().path_and_query().map_or("", |path| path.as_str())));
    assert_eq!(heard.body, put.body().as_bytes());
    for (name, value) in put.headers() {
        assert!(heard.fields.contains(&(name.as_str().to_owned(), value.to_str()?.to_owned())), "{name}: {heard:#?}");
    }
    assert!(!heard.fields.iter().any(|(name, _)| name == "content-type"), "{heard:#?}");

    // Its output is a capture.
    let shown = [output.stderr, output.stdout].concat();
    assert_eq!(http::looks_like_http(&shown), Some(http::Form::CurlVerbose));
    let capture = http::read(&shown, &Limits::default());
    // It does not show the body that it sends.
    let codes: Vec<_> = capture.findings.diagnostics.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["PC1318"], "{:#?}", capture.findings);
    let [exchange] = &*capture.exchanges else { return Err("expected one exchange".into()) };
    let request = exchange.request.as_ref().ok_or("no request")?;
    assert_eq!(request.request_line().map(|line| &*line.target.text), Some(&*heard.target));
    assert!(matches!(request.body.place, BodyPlace::NotCaptured { .. }));
    assert_eq!(exchange.response.as_ref().map(|response| &*response.body.bytes), Some(&b"{}"[..]));
    assert!(!format!("{capture:?}").contains("Zq9"));

    // A body that contains a secret must be in a file.
    let post = ::http::Request::post(uri("/")).header("Content-Type", "application/json");
    let post = post.body(std::fs::read(folder.join("body"))?)?;
    assert_eq!(CurlCommand::new().write(&post), Err(http::WriteError::SecretBody));
    run(&CurlCommand::new().with_body_file("body").write(&post)?, &folder)?;
    assert_eq!(server.heard()?.body, *post.body());

    // As `curl -i` shows it: codings are removed.
    let get = ::http::Request::get(uri("/")).body("")?;
    let command = CurlCommand::new().write(&get)?.replacen("curl ", "curl -s -i ", 1);
    if let Some(output) = run(&command, &folder)? {
        assert_eq!(&*only_message(&output.stdout)?.body.bytes, b"{}");
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
