//! The diagnostics of captures that are not as they were sent: each has one cause, and its message names it.
#![cfg(feature = "http")]

use std::io::Write;

use packetcheck::diagnostic::render;
use packetcheck::{Explained, Limits, PacketKind, http};

const GET: &str = "GET /v3/tasks/1 HTTP/1.1\r\nHost: h\r\nX-Auth-Token: t\r\n\r\n";
const PUT: &str =
    "PUT /v3/tasks/1/progress HTTP/1.1\r\nHost: h\r\nX-Auth-Token: t\r\nContent-Type: application/json\r\n";
const REPORT: &str = include_str!("../data/sms/documentation/report_progress.json");
const JSON: &str = "Content-Type: application/json\r\n";

/// The code and the message of each diagnostic.
fn said(document: &[u8]) -> Vec<(String, String)> {
    let report = Explained::of(document, None, &Limits::default()).report;
    assert_eq!(PacketKind::SmsTask.is_valid(document), PacketKind::SmsTask.explain(document).is_valid());
    report.diagnostics.into_iter().map(|found| (found.code.to_string(), found.message)).collect()
}

#[track_caller]
fn says(document: impl AsRef<[u8]>, expected: &[(&str, &str)]) {
    let found = said(document.as_ref());
    let text = String::from_utf8_lossy(document.as_ref()).into_owned();
    assert_eq!(found.len(), expected.len(), "{text}\n{found:#?}");
    for ((code, message), (expected_code, words)) in found.iter().zip(expected) {
        assert!(code == expected_code && message.contains(words), "{text}\n{found:#?}");
    }
}

#[test]
fn a_body_that_is_not_allowed_is_one_error() {
    for status in ["204 No Content", "199 A"] {
        let answer = format!("{GET}HTTP/1.1 {status}\r\n{JSON}Content-Length: 2\r\n\r\n{{}}");
        says(&answer, &[("PC1313", &format!("expected no body in a response with the status {}", &status[..3]))]);
    }
    let head = GET.replace("GET", "HEAD");
    let found = said(format!("{head}HTTP/1.1 200 OK\r\n\r\n{{}}").as_bytes());
    assert!(
        found.iter().any(|(_, message)| message == "expected no body in the response to HEAD, found one"),
        "{found:?}"
    );
    // Without a body, but with another message after it, the body is missing.
    says(format!("{GET}HTTP/1.1 204 No Content\r\n\r\n"), &[("PC1413", "missing body")]);
    says(format!("{GET}HTTP/1.1 204 No Content\r\n\r\n{GET}"), &[("PC1413", "missing body")]);
}

#[test]
fn a_size_that_no_chunk_has_is_named() {
    for (size, words) in [
        ("fffffffffffffffffff", "in hexadecimal digits"),
        ("-5", "in hexadecimal digits"),
        ("0x2", "in hexadecimal digits"),
        ("ffffffffffffffff", "larger than any document"),
        ("7fffffffffffffff;a=b", "larger than any document"),
    ] {
        let answer =
            format!("{GET}HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n0\r\n\r\n");
        says(answer, &[("PC1314", words)]);
    }
    // What a tool has decoded is not chunked.
    let answer = format!("{GET}HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n{{}}");
    says(answer, &[("PC1317", "already decoded")]);
}

#[test]
fn a_body_that_curl_did_not_show_is_reported() {
    let log = "> PUT /v3/tasks/1/progress HTTP/1.1\n> Host: h\n> X-Auth-Token: t\n> Content-Type: application/json\n\
               > Content-Length: 50\n>\n< HTTP/1.1 200 OK\n< Content-Length: 0\n<\n";
    says(log, &[("PC1318", "`curl -v` does not show it")]);
    says(
        log.replace("PUT", "GET").replace("/progress", "").replace("> Content-Length: 50\n", ""),
        &[("PC1413", "missing body")],
    );
}

#[test]
fn an_interim_response_before_the_body_is_a_message() {
    let length = REPORT.len();
    let capture = format!(
        "{PUT}Expect: 100-continue\r\nContent-Length: {length}\r\n\r\nHTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n{REPORT}HTTP/1.1 200 OK\r\n\r\n"
    );
    let read = http::read(capture.as_bytes(), &Limits::default());
    assert_eq!(read.exchanges.len(), 1);
    let exchange = &read.exchanges[0];
    let statuses: Vec<u16> =
        exchange.interim.iter().filter_map(|message| Some(message.status_line()?.status)).collect();
    assert_eq!((statuses, &*exchange.interim[0].fields[0].name), (vec![100, 103], "A"));
    assert_eq!(&*exchange.request.as_ref().expect("it is there").body.bytes, REPORT.as_bytes());
    assert_eq!(exchange.response.as_ref().and_then(|message| Some(message.status_line()?.status)), Some(200));
    says(&capture, &[]);
}

#[test]
fn captures_in_utf_16_are_read() {
    let capture = format!("{GET}HTTP/1.1 200 OK\r\n{JSON}\r\n{{\"name\": \"ä\", \"stat\": 1}}");
    let curl = "> GET /v3/tasks/1 HTTP/1.1\n> Host: h\n> X-Auth-Token: t\n>\n< HTTP/1.1 200 OK\n< Content-Type: application/json\n< Content-Length: 2\n<\n{}";
    for text in [curl.to_owned(), format!("\u{feff}{curl}")] {
        let wide: Vec<u8> = format!("\u{feff}{}", text.trim_start_matches('\u{feff}'))
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        says(&text, &[]);
        says(&wide, &[]);
    }
    let plain = Explained::of(capture.as_bytes(), None, &Limits::default());
    for (mark, bytes) in [("\u{feff}", u16::to_le_bytes as fn(u16) -> [u8; 2]), ("\u{feff}", u16::to_be_bytes)] {
        let wide: Vec<u8> = format!("{mark}{capture}").encode_utf16().flat_map(bytes).collect();
        let explained = Explained::of(&wide, None, &Limits::default());
        assert_eq!(explained.messages, plain.messages);
        assert!(!plain.report.diagnostics.is_empty());
        let drawn = |document: &[u8], explained: &Explained| {
            render::text::diagnostics("-", document, &explained.report.diagnostics, false)
        };
        assert_eq!(drawn(&wide, &explained), drawn(capture.as_bytes(), &plain));
        assert_eq!(PacketKind::detect(&wide), PacketKind::detect(capture.as_bytes()));
        assert_eq!(PacketKind::SmsTask.is_valid(&wide), PacketKind::SmsTask.is_valid(capture.as_bytes()));
        assert_eq!(
            PacketKind::decode_detected_limited(&wide, &Limits::default()).ok(),
            PacketKind::decode_detected_limited(capture.as_bytes(), &Limits::default()).ok()
        );
    }
}

#[test]
fn a_trace_of_curl_is_reported_as_such() {
    let trace = "== Info:   Trying 127.0.0.1:80...\n=> Send header, 26 bytes (0x1a)\n0000: GET /v3/tasks/1 HTTP/1.1\n";
    says(trace, &[("PC0903", "`--trace`")]);
    says(format!("Warning: x\n12:00:01.000002 {trace}"), &[("PC0903", "`--trace`")]);
    assert!(PacketKind::SmsTask.explain(trace.as_bytes()).diagnostics[0].message.contains("`--trace`"));
}

#[test]
fn headings_of_documentation_are_skipped() {
    let answer = format!("HTTP/1.1 200 OK\r\n{JSON}\r\n{{}}");
    for (before, between) in [
        ("Request:\n\n", "\n\nResponse:\n\n"),
        ("Example request\n", "\nExample response\n"),
        ("### Example Request\n\n```http\n", "\n```\n\n## Sample response (success)\n\n```\n"),
        ("**Request**\n", "**Response 200:**\n"),
    ] {
        says(format!("{before}{GET}{between}{answer}"), &[]);
    }
    let printed = "Example request\n\nGET /v3/tasks/1\n\nExample response\n\nStatus code: 200\n\n{}\n";
    let found = said(printed.as_bytes());
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["PC1302", "PC1408", "PC1302"], "{found:#?}");
    assert!(found[2].1.contains("`HTTP/1.1 200`"), "{found:#?}");
    says("Status code: 999\n\n{\"os_type\": \"LINUX\"}", &[("PC1301", "a status from 100 to 599")]);
    // Text that only looks similar is a body, or not a capture.
    let report = format!("{PUT}Content-Length: 9\r\n\r\nresponses");
    assert!(said(report.as_bytes()).iter().any(|(code, _)| code != "PC1312"), "{:?}", said(report.as_bytes()));
    says("Request: the first\n", &[("PC0901", "known kind")]);
}

#[test]
fn script_output_before_a_packet_is_reported_as_such() {
    let packet = include_str!("../data/plesk/operations/documented_check_request.xml");
    for before in [
        "<br />\n<b>Warning</b>:  mysql_connect() in <b>/usr/x.php</b> on line <b>3</b><br />\n",
        "<!-- 1 --><br><b>Notice</b>: x\nin y on line <b>3</b><br />\n",
        "PHP Deprecated:  x in /usr/x.php on line 3\n",
        "<div>busy</div>\n",
    ] {
        says(format!("{before}{packet}"), &[("PC0903", "that a script on the server printed")]);
    }
    let mut file = Vec::new();
    write!(file, "<!-- a comment -->{}", packet.trim_start_matches("<?xml version=\"1.0\"?>")).expect("it is memory");
    assert!(said(&file).iter().all(|(code, _)| code != "PC0903"));
}

const TASK: &str = include_str!("../data/sms/documentation/show_task.json");

/// The body of a response without a length ends where another message begins, with or without a line break.
#[test]
fn messages_follow_bodies_without_a_line_break() {
    let task = TASK.trim_end();
    for head in
        [format!("HTTP/1.1 200 OK\r\n{JSON}\r\n"), "HTTP/2 200 \r\ncontent-type: application/json\r\n\r\n".to_owned()]
    {
        let answer = format!("{head}{task}");
        for capture in [answer.repeat(3), format!("{GET}{answer}{GET}{answer}"), format!("{GET}{GET}{answer}{answer}")]
        {
            says(&capture, &[]);
            assert!(http::read(capture.as_bytes(), &Limits::default()).exchanges.len() >= 2, "{capture}");
        }
    }
    // `curl -i` removes the coding, but not the field.
    let decoded = format!("{GET}HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n{task}");
    says(decoded.repeat(2), &[("PC1317", "already decoded"), ("PC1317", "already decoded")]);
    // A length that is too small is one error, and hides nothing of what follows.
    let short = format!("{GET}HTTP/1.1 200 OK\r\n{JSON}Content-Length: 9\r\n\r\n{task}");
    says(short.repeat(2), &[("PC1313", "expected a body of 9 bytes"), ("PC1313", "expected a body of 9 bytes")]);
    // A text that only mentions HTTP does not begin a message.
    let body = task.replacen("\"id\"", "\"new\": \"<b>HTTP/1.1 is spoken}HTTP/1.1 here\", \"id\"", 1);
    says(format!("{GET}HTTP/1.1 200 OK\r\n{JSON}\r\n{body}"), &[]);
}

/// What curl prints before its next request is on the same line as a body without a final line break.
#[test]
fn notes_of_curl_follow_bodies_without_a_line_break() {
    let task = TASK.trim_end();
    let verbose = |text: &str, prefix: &str| -> String {
        text.split_inclusive('\n').map(|line| format!("{prefix}{line}")).collect()
    };
    let exchange = format!("{}{}", verbose(GET, "> "), verbose(&format!("HTTP/1.1 200 OK\r\n{JSON}\r\n"), "< "));
    for notes in [
        "* Found bundle for host: 0x55b8b3612c90 [serially]\n* Can not multiplex, even if we wanted to\n",
        "* Re-using existing connection #0 with host 127.0.0.1\n",
        "* Hostname 127.0.0.1 was found in DNS cache\n*   Trying 127.0.0.1:80...\n",
        "* Host localhost:80 was resolved.\n",
        "*   Trying 127.0.0.1:80...\n",
        "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n\
         \x20                                Dload  Upload   Total   Spent    Left  Speed\n",
    ] {
        let log = format!("{exchange}* Connection #0 to host h left intact\n{task}{notes}").repeat(2);
        says(&log, &[]);
        assert_eq!(http::read(log.as_bytes(), &Limits::default()).exchanges.len(), 2, "{log}");
    }
    // With `-i` the head is printed with the body.
    let head = format!("HTTP/1.1 200 OK\r\n{JSON}Content-Length: {}\r\n\r\n", task.len());
    let twice =
        format!("{}{}* Connection #0 to host h left intact\n{head}{task}", verbose(GET, "> "), verbose(&head, "< "));
    says(twice, &[]);
}

/// An unreadable body in an archive is not reported as missing too; base64 may be in lines.
#[test]
fn bodies_of_archives_have_one_error() -> std::io::Result<()> {
    use base64::Engine;
    let archive = |content: &str| {
        format!(
            r#"{{"log":{{"version":"1.2","entries":[{{"request":{{"method":"GET","url":"https://h/v3/tasks/1",
                "headers":[{{"name":"X-Auth-Token","value":"t"}}]}},"response":{{"status":200,"headers":[
                {{"name":"Content-Type","value":"application/json"}}],"content":{{"size":9,{content}}}}}}}]}}}}"#
        )
    };
    says(archive(r#""text":"{\"id\":\"\ud800\"}""#), &[("PC0708", "surrogates")]);
    says(archive(r#""text":5"#), &[("PC1320", "a string in `text`")]);
    let coded = base64::engine::general_purpose::STANDARD.encode(TASK);
    let lines: Vec<_> = coded.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
    for between in [r"\n", r"\r\n"] {
        says(archive(&format!(r#""encoding":"base64","text":"{}""#, lines.join(between))), &[]);
    }
    says(archive(r#""encoding":"base64","text":"!!!!""#), &[("PC1316", "base64")]);
    // As it was sent, although archives hold bodies without their codings.
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    zipped.write_all(TASK.as_bytes())?;
    let zipped = zipped.finish()?;
    let content = |zipped: &[u8]| {
        let coded = base64::engine::general_purpose::STANDARD.encode(zipped);
        archive(&format!(r#""encoding":"base64","text":"{coded}""#))
    };
    says(content(&zipped), &[]);
    says(content(&zipped[..zipped.len() - 9]), &[("PC1316", "gzip")]);
    Ok(())
}

/// A client sends no fragment, so a `#` in a target is part of an unescaped parameter.
#[test]
fn a_fragment_of_a_target_is_not_dropped_in_silence() {
    for target in ["/v3/tasks/1#a", "https://h/v3/tasks/1#a", "/v3/tasks/1#"] {
        says(GET.replace("/v3/tasks/1", target), &[("PC1302", "expected a target without a fragment")]);
    }
}

/// A missing field may be present under a similar name; that its value is secret does not hide a limit.
#[test]
fn a_misspelt_field_is_named_and_a_limit_is_shown() {
    for name in ["X-Auht-Token", "x_auth_token", "XAuthToken"] {
        let request = GET.replace("X-Auth-Token: t", &format!("{name}: Zq9"));
        let report = Explained::of(request.as_bytes(), None, &Limits::default()).report;
        assert_eq!(report.diagnostics.len(), 1, "{report:#?}");
        let found = &report.diagnostics[0];
        assert_eq!(found.help.as_deref(), Some("did you mean `X-Auth-Token`?"), "{request}");
        assert_eq!(request.get(found.span.clone()), Some(name), "{request}");
        assert!(!format!("{report:?}").contains("Zq9"));
    }
    says(GET.replace("X-Auth-Token", "X-Sdk-Date"), &[("PC1408", "missing field `X-Auth-Token`")]);
    for (length, limit) in [(16385, "at most 16384 characters"), (0, "at least 1 character")] {
        let request = GET.replace("Token: t", &format!("Token: {}", "t".repeat(length)));
        let report = Explained::of(request.as_bytes(), None, &Limits::default()).report;
        let expected: Vec<&str> = report.diagnostics[0].expected.iter().collect();
        assert_eq!((report.diagnostics.len(), expected), (1, vec![limit]));
    }
}
