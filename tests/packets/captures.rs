//! HTTP is an envelope around any packet: an error of a packet is reported in every envelope, at its place in the
//! capture or, if the packet was sent coded, at its place in the decoded text.
#![cfg(feature = "http")]

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use packetcheck::diagnostic::{Code, Diagnostic, Report, render};
use packetcheck::http::looks_like_http;
use packetcheck::{Direction, Explained, Limits, MessageProgress, PacketKind};

use crate::support::samples::{self, Sample};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The envelope of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Envelope {
    Plain,
    Chunked,
    Gzip,
    Har,
}

/// The head before the body of a packet of a kind.
fn head(kind: PacketKind, body: &[u8]) -> String {
    let is_json = body.trim_ascii_start().first().is_some_and(|byte| b"{[\"".contains(byte));
    match kind {
        PacketKind::PleskRequest => "POST /enterprise/control/agent.php HTTP/1.1\r\nHost: h:8443\r\nKEY: Zq9key\r\n\
                               Content-Type: text/xml\r\n"
            .to_owned(),
        PacketKind::SmsProgress => "PUT /v3/tasks/1/progress HTTP/1.1\r\nHost: h\r\nX-Auth-Token: Zq9token\r\n\
                              Content-Type: application/json\r\n"
            .to_owned(),
        PacketKind::DataWorksResponse if !is_json => "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n".to_owned(),
        PacketKind::PleskResponse => "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n".to_owned(),
        _ => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n".to_owned(),
    }
}

/// The message.
fn sent(envelope: Envelope, kind: PacketKind, body: &[u8]) -> Result<Vec<u8>> {
    let head = head(kind, body);
    let with = |fields: &str, body: &[u8]| [format!("{head}{fields}\r\n").as_bytes(), body].concat();
    Ok(match envelope {
        Envelope::Plain => with(&format!("Content-Length: {}\r\n", body.len()), body),
        Envelope::Chunked => {
            let chunk = |part: &[u8]| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat();
            let chunks: Vec<u8> = body.chunks(37).flat_map(chunk).chain(*b"0\r\n\r\n").collect();
            with("Transfer-Encoding: chunked\r\n", &chunks)
        }
        Envelope::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(body)?;
            let coded = encoder.finish()?;
            with(&format!("Content-Encoding: gzip\r\nContent-Length: {}\r\n", coded.len()), &coded)
        }
        Envelope::Har => har(&head, kind, body),
    })
}

/// An archive with only this message.
fn har(head: &str, kind: PacketKind, body: &[u8]) -> Vec<u8> {
    let mut lines = head.lines();
    let first: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let fields: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| serde_json::json!({"name": name, "value": value}))
        .collect();
    let text = STANDARD.encode(body);
    // The request that the response answers. Other errors in it would be in its head.
    let target = match kind {
        PacketKind::DataWorksResponse => "/?Action=GetMigrationProcess&ProjectId=1&MigrationId=2",
        PacketKind::SmsTask => "/v3/tasks/1",
        _ => "/enterprise/control/agent.php",
    };
    let (request, response) = match kind.direction() {
        Direction::Request => (
            serde_json::json!({
                "method": first[0], "url": format!("https://h{}", first[1]), "httpVersion": "HTTP/1.1", "headers": fields,
                "postData": {"mimeType": "", "text": text, "encoding": "base64"}
            }),
            serde_json::json!({"status": 0, "statusText": "", "headers": [], "content": {"size": 0}}),
        ),
        Direction::Response => (
            serde_json::json!({"method": "GET", "url": format!("https://h{target}"), "headers": []}),
            serde_json::json!({
                "status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": fields,
                "content": {"size": body.len(), "mimeType": "", "text": text, "encoding": "base64"}
            }),
        ),
    };
    let entry =
        serde_json::json!({"startedDateTime": "2026-03-01T10:00:00Z", "request": request, "response": response});
    serde_json::json!({"log": {"version": "1.2", "entries": [entry]}}).to_string().into_bytes()
}

/// The diagnostics of the packet without those of its head: codes, messages and places in the packet.
fn said(report: &Report, start: usize) -> Vec<(String, String, usize)> {
    let is_of_packet =
        |diagnostic: &&Diagnostic| !["PC13", "PC14"].iter().any(|block| diagnostic.code.as_str().starts_with(block));
    let place = |diagnostic: &Diagnostic| match &diagnostic.decoded {
        Some(decoded) => decoded.span.start,
        None => diagnostic.span.start - start,
    };
    let all = report.diagnostics.iter().filter(is_of_packet);
    all.map(|found| (found.code.to_string(), found.message.clone(), place(found))).collect()
}

#[test]
fn a_packet_is_the_same_in_every_envelope() -> Result {
    let mut counts = [0; 4];
    for system in ["plesk", "dataworks", "sms"] {
        for Sample { file, kind, bytes, .. } in &samples::samples(system) {
            let kind: PacketKind = kind.parse()?;
            // A capture itself, or a body that the head identifies, gets messages about HTTP.
            let is_bodiless = bytes.trim_ascii().is_empty();
            if kind == PacketKind::DataWorksRequest || is_bodiless || looks_like_http(bytes).is_some() {
                continue;
            }
            let alone = kind.explain(bytes);
            for (envelope, count) in
                [Envelope::Plain, Envelope::Chunked, Envelope::Gzip, Envelope::Har].into_iter().zip(&mut counts)
            {
                let capture = sent(envelope, kind, bytes)?;
                // A single chunk is in the capture unchanged.
                let start = memchr::memmem::find(&capture, bytes).unwrap_or(0);
                let report = Explained::of(&capture, Some(kind), &Limits::default()).report;
                let is_refused = |found: &Diagnostic| {
                    // A page, and what has another form.
                    matches!(found.code, Code::NotAPacket | Code::UnexpectedContentType) && found.path.is_empty()
                };
                if report.diagnostics.iter().any(is_refused) {
                    assert!(!alone.is_valid(), "{system}/{file} {envelope:?}: {report:#?}");
                    continue;
                }
                assert_eq!(said(&report, start), said(&alone, 0), "{system}/{file} {envelope:?}");
                for diagnostic in &report.diagnostics {
                    assert!(diagnostic.span.end <= capture.len(), "{system}/{file} {envelope:?}");
                }
                *count += 1;
            }
        }
    }
    assert!(counts.iter().all(|count| *count > 300), "{counts:?}");
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures")
}

fn read(file: &str) -> Result<Vec<u8>> {
    Ok(std::fs::read(folder().join(file))?)
}

/// Each message: exchange, direction, kind and reason.
fn messages(explained: &Explained) -> Vec<(usize, Direction, Option<PacketKind>, &str)> {
    let message = |message: &'_ packetcheck::CapturedMessage| (message.exchange, message.direction);
    explained
        .messages
        .iter()
        .map(|found| {
            let (exchange, direction) = message(found);
            let detected = found.detected.as_ref();
            (exchange, direction, detected.map(|it| it.kind), detected.map_or("", |it| it.reason.as_str()))
        })
        .collect()
}

#[test]
fn each_message_is_what_its_exchange_shows() -> Result {
    use Direction::{Request, Response};
    let polls = Explained::of(&read("polls.har")?, None, &Limits::default());
    let path = "its path is `/enterprise/control/agent.php`";
    let task = "its path is `/v3/tasks/{task_id}`";
    let expected = [
        (1, Request, Some(PacketKind::PleskRequest), path),
        (1, Response, Some(PacketKind::PleskResponse), "it answers a `plesk-request`"),
        (2, Request, Some(PacketKind::SmsTaskRequest), task),
        (2, Response, Some(PacketKind::SmsTask), "it answers a `sms-task-request`"),
        (3, Request, Some(PacketKind::PleskRequest), path),
        (3, Response, Some(PacketKind::PleskResponse), "it answers a `plesk-request`"),
        (4, Request, Some(PacketKind::SmsTaskRequest), task),
        (4, Response, Some(PacketKind::SmsTask), "it answers a `sms-task-request`"),
        (5, Request, None, ""),
        (5, Response, None, ""),
    ];
    assert_eq!(messages(&polls), expected);
    assert_eq!(polls.detected.map(|detected| detected.kind), Some(PacketKind::PleskRequest));
    assert!(polls.report.is_valid());
    Ok(())
}

/// A request shows its kind by its head, whatever its body contains.
#[test]
fn heads_show_kinds() {
    let shown = |head: &str| PacketKind::detect(head.as_bytes()).map(|found| (found.kind, found.reason));
    let cases = [
        ("GET /v3/tasks/1 HTTP/1.1\n\n", Some((PacketKind::SmsTaskRequest, "its path is `/v3/tasks/{task_id}`"))),
        (
            "GET https://sms.example.com/v3/tasks/1?a=b HTTP/1.1\n\n",
            Some((PacketKind::SmsTaskRequest, "its path is `/v3/tasks/{task_id}`")),
        ),
        ("GET /v3/tasks/ HTTP/1.1\n\n", Some((PacketKind::SmsTaskRequest, "its path is `/v3/tasks/{task_id}`"))),
        (
            "PUT /v3/tasks/1/progress HTTP/1.1\n\n",
            Some((PacketKind::SmsProgress, "its path is `/v3/tasks/{task_id}/progress`")),
        ),
        // Other operations of the same API.
        ("DELETE /v3/tasks/1 HTTP/1.1\n\n", None),
        ("PUT /v3/tasks/1 HTTP/1.1\n\n", None),
        ("GET /v3/tasks HTTP/1.1\n\n", None),
        ("POST /v3/tasks/1/action HTTP/1.1\n\n", None),
        (
            "POST /enterprise/control/agent.php HTTP/1.1\n\n",
            Some((PacketKind::PleskRequest, "its path is `/enterprise/control/agent.php`")),
        ),
        (
            "POST /proxy HTTP/1.1\nHTTP_AUTH_LOGIN: a\n\n",
            Some((PacketKind::PleskRequest, "its head has `HTTP_AUTH_LOGIN`")),
        ),
        (
            "GET /?Action=GetMigrationProcess HTTP/1.1\n\n",
            Some((PacketKind::DataWorksRequest, "it has the parameter `Action`")),
        ),
        (
            "POST / HTTP/1.1\nx-acs-action: GetMigrationProcess\n\n",
            Some((PacketKind::DataWorksRequest, "its head has `x-acs-action: GetMigrationProcess`")),
        ),
        ("GET /?Action=DescribeInstances HTTP/1.1\n\n", None),
        (
            "POST / HTTP/1.1\nContent-Length: 11\n\nProjectId=1",
            Some((PacketKind::DataWorksRequest, "it has the parameter `ProjectId`")),
        ),
        ("GET /index.html HTTP/1.1\n\n", None),
    ];
    for (head, expected) in cases {
        let found = shown(head);
        assert_eq!(found.as_ref().map(|(kind, reason)| (*kind, reason.as_str())), expected, "{head}");
    }
}

/// A given kind is that of the packets: the other messages of an exchange have the kinds that belong to it.
#[test]
fn a_given_kind_applies_to_the_packets() -> Result {
    let refused = read("refused.http")?;
    for kind in PacketKind::ALL {
        let belongs = matches!(kind, PacketKind::SmsTask | PacketKind::SmsTaskRequest);
        let codes: Vec<Code> = kind.explain(&refused).diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(codes, if belongs { vec![] } else { vec![Code::AnotherKind] }, "{kind}");
        assert_eq!(kind.is_valid(&refused), belongs, "{kind}");
    }
    // A message that shows no kind is taken for the given one.
    let unknown = read("unknown.http")?;
    let kinds = |kind| {
        messages(&Explained::of(&unknown, Some(kind), &Limits::default())).iter().map(|it| it.2).collect::<Vec<_>>()
    };
    assert_eq!(kinds(PacketKind::PleskResponse), [Some(PacketKind::PleskRequest), Some(PacketKind::PleskResponse)]);
    assert_eq!(kinds(PacketKind::SmsProgress), [Some(PacketKind::SmsProgress), Some(PacketKind::SmsProgress)]);
    Ok(())
}

#[test]
fn the_request_names_the_task_and_the_head_the_time() -> Result {
    let progress = |file: &str| -> Result<Vec<_>> {
        let messages = MessageProgress::of(&read(file)?, None, &Limits::default());
        let mut all = Vec::new();
        for message in messages {
            let place = message.place.ok_or("no capture")?;
            for progress in message.progress? {
                let server = progress.server.unwrap_or_default().into_owned();
                all.push((place.0, server, progress.task.unwrap_or_default().into_owned(), progress.not_before));
            }
        }
        Ok(all)
    };
    let at = |minutes: i64| Some(1_772_359_200_000 + minutes * 60_000);
    let plesk = || "source.example.com:8443".to_owned();
    let task = "7a9a9540-ff28-4869-b9e4-855fbe120001";
    for file in ["polls.har", "minified.har"] {
        let expected = [
            (1, plesk(), "24175".to_owned(), at(0)),
            (1, plesk(), "24176".to_owned(), at(0)),
            (2, "sms.example.com".to_owned(), task.to_owned(), at(0).map(|it| it + 30_000)),
            (3, plesk(), "24175".to_owned(), at(10)),
            (3, plesk(), "24176".to_owned(), at(10)),
            (4, "sms.example.com".to_owned(), task.to_owned(), at(10).map(|it| it + 30_000)),
        ];
        assert_eq!(progress(file)?, expected, "{file}");
    }
    let sms = || "sms.example.com".to_owned();
    let expected = [(1, sms(), "7a9a9540".to_owned(), at(0)), (2, sms(), "7a9a9540".to_owned(), at(30))];
    assert_eq!(progress("reports.http")?, expected);
    // An error body names no task, but its request does.
    assert_eq!(progress("refused.http")?, [(1, sms(), "7a9a9540".to_owned(), None)]);
    Ok(())
}

/// The decoded form of a request that is only a head can be encoded again, without its token.
#[test]
fn heads_are_decoded_and_encoded() -> Result {
    let request = b"GET /v3/tasks/a%2Fb HTTP/1.1\r\nHost: sms.example.com\r\nX-Auth-Token: Zq9\r\n\r\n";
    let values = PacketKind::SmsTaskRequest.decode(request)?;
    let text = String::from_utf8(values.clone())?;
    assert_eq!(text, "{\n  \"endpoint\": \"https://sms.example.com\",\n  \"task_id\": \"a/b\"\n}");
    let written = String::from_utf8(PacketKind::SmsTaskRequest.encode(&values, &Default::default())?)?;
    assert_eq!(written, "GET /v3/tasks/a%2Fb HTTP/1.1\r\nHost: sms.example.com\r\n\r\n");
    assert_eq!(PacketKind::SmsTaskRequest.decode(written.as_bytes())?, values);
    let with_token = br#"{"endpoint": "sms.example.com", "task_id": "1", "auth_token": "Zq9"}"#;
    let written = String::from_utf8(PacketKind::SmsTaskRequest.encode(with_token, &Default::default())?)?;
    assert!(written.contains("\r\nX-Auth-Token: Zq9\r\n"), "{written}");
    for wrong in
        [r#"{"endpoint": "ftp://h", "task_id": "1"}"#, r#"{"endpoint": "h"}"#, r#"{"endpoint": "h", "task_id": "."}"#]
    {
        assert!(PacketKind::SmsTaskRequest.encode(wrong.as_bytes(), &Default::default()).is_err(), "{wrong}");
    }
    Ok(())
}

/// No credential is shown, whatever is broken in a capture and whatever it is taken for.
#[test]
fn no_credential_of_a_capture_is_shown() -> Result {
    const SECRET: &str = "Zq9";
    let mut count = 0;
    for entry in std::fs::read_dir(folder())? {
        let path = entry?.path();
        let whole = std::fs::read(&path)?;
        let secrets: Vec<usize> = memchr::memmem::find_iter(&whole, SECRET).collect();
        let step = whole.len() / 15 + 1;
        for at in (0..whole.len()).step_by(step) {
            // A name that is broken beyond recognition no longer marks a secret, and a changed secret is a different
            // one.
            if secrets.iter().any(|secret| (secret.saturating_sub(80)..secret + 16).contains(&at)) {
                continue;
            }
            let broken = [&whole[..at], b"<", &whole[at..]].concat();
            for kind in
                [None, Some(PacketKind::PleskResponse), Some(PacketKind::SmsTask), Some(PacketKind::DataWorksRequest)]
            {
                let report = Explained::of(&broken, kind, &Limits::default()).report;
                let drawn = render::text::diagnostics("-", &broken, &report.diagnostics, false);
                let json = serde_json::to_string(&render::json::diagnostics(&broken, &report.diagnostics))?;
                let progress = format!("{:?}", MessageProgress::of(&broken, kind, &Limits::default()));
                let all = format!("{drawn}{json}{report:?}{progress}");
                assert!(!all.contains(SECRET), "{} at {at} as {kind:?}: {all}", path.display());
                count += usize::from(!report.diagnostics.is_empty() && !secrets.is_empty());
            }
        }
    }
    assert!(count > 200, "{count}");
    Ok(())
}
