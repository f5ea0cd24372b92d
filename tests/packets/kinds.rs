//! Every sample shows its kind by its content alone, and detection does not panic on any input.
#![cfg(feature = "http")]

use std::path::Path;

use packetcheck::diagnostic::Severity;
use packetcheck::http::looks_like_http;
use packetcheck::{EncodeError, Layout, PacketKind};
use proptest::prelude::*;

use crate::support::samples::{self, Sample};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Samples that do not show their intended kind, with the kind they are taken for.
const DISGUISED: &[(&str, &str)] = &[
    // Nothing in them distinguishes a request from an answer.
    ("agreed/one_result_missing.xml", "plesk-request"),
    ("envelope/response_empty.xml", "plesk-request"),
    ("envelope/response_operator_empty.xml", "plesk-request"),
    ("operations/check_without_result.xml", "plesk-request"),
    // No members at all, or no known ones.
    ("json/duplicate.json", "none"),
    ("json/empty.json", "none"),
    ("json/trailing.json", "none"),
    ("json/array.json", "none"),
    ("odd/empty.json", "none"),
    ("broken/empty.json", "none"),
    ("broken/blank.json", "none"),
    ("broken/array.json", "none"),
    ("broken/null.json", "none"),
    ("broken/text.json", "none"),
    ("broken/duplicate_unknown.json", "none"),
    ("broken/duplicate_in_unknown.json", "none"),
    ("broken/surrogate_in_unknown.json", "none"),
    ("broken/surrogate_in_name.json", "none"),
    ("broken/number_in_unknown.json", "none"),
    ("broken/deep.json", "none"),
    ("broken/deep_enough.json", "none"),
    // An empty query string.
    ("request/empty.txt", "none"),
    // A page of another service.
    ("wire/not_a_packet.html", "none"),
    ("broken/html.json", "none"),
];

/// Pieces of JSON messages, without a member that only messages of their kind have.
const FRAGMENTS: &[&str] = &[
    "json/item_empty.json",
    "json/unknown_members.json",
    "json/int_for_init.json",
    "json/status_unknown.json",
    "json/pretty.json",
    "json/answer_with_code.json",
    "json/success_text.json",
    "json/data_object.json",
    "json/data_of_texts.json",
    "json/item_null.json",
    "odd/later_members.json",
    "odd/task_state_unknown.json",
    "odd/long_maximum.json",
    "odd/long_above.json",
    "odd/long_negative.json",
    "odd/double_integer.json",
    "odd/double_above.json",
    "odd/double_infinite.json",
    "odd/number_in_quotes.json",
    "odd/type_lower_case.json",
    "odd/priority_three.json",
    "odd/name_255_characters.json",
    "odd/name_256_characters.json",
    "odd/escapes.json",
    "broken/byte_order_mark.json",
    "broken/latin_1.json",
    "broken/trailing_object.json",
    "broken/trailing_brace.json",
    "broken/trailing_comma.json",
    "broken/missing_comma.json",
    "broken/missing_colon.json",
    "broken/missing_value.json",
    "broken/second_comma.json",
    "broken/single_quotes.json",
    "broken/unquoted_name.json",
    "broken/unquoted_value.json",
    "broken/python_literal.json",
    "broken/comment.json",
    "broken/duplicate.json",
    "broken/duplicate_null.json",
    "broken/duplicate_escaped.json",
    "broken/surrogate.json",
    "broken/surrogates_swapped.json",
    "broken/control_character.json",
    "broken/quote_not_closed.json",
    "broken/escape.json",
    "broken/escape_digits.json",
    "broken/utf_16.json",
    "broken/leading_zero.json",
    "broken/plus.json",
    "broken/point.json",
    "broken/point_first.json",
    "broken/not_a_number.json",
    "broken/hexadecimal.json",
    "broken/cut_in_string.json",
    "odd/priority_not_integer.json",
    "odd/long_with_exponent_above.json",
    "odd/double_above_by_a_digit.json",
    "odd/double_below_by_a_digit.json",
];

#[test]
fn every_sample_is_detected_as_its_own_kind() {
    let mut wrong = String::new();
    let mut disguised = 0;
    for system in ["plesk", "dataworks", "sms"] {
        for Sample { file, kind, bytes, .. } in &samples::samples(system) {
            let detected = PacketKind::detect(bytes).map_or("none", |detected| detected.kind.name());
            disguised += DISGUISED.iter().filter(|(name, taken_for)| *name == file && *taken_for != kind).count();
            let disguise = DISGUISED.iter().find(|(name, _)| *name == file).map(|(_, kind)| *kind);
            let fragment = FRAGMENTS.contains(&file.as_str()).then_some("none");
            let expected = disguise.or(fragment).unwrap_or(kind);
            if detected != expected {
                wrong += &format!("{system}/{file}: expected {expected}, found {detected}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(disguised, DISGUISED.len(), "some names are those of no sample that is disguised");
}

/// A file, the kind it is checked as (the detected one if none is given), and the expected result: the kind, and the
/// codes with their places.
const BROUGHT: &[(&str, Option<PacketKind>, &str, &[&str])] = &[
    ("s21_foreign.json", None, "none", &["error PC0901 0"]),
    ("package.json", None, "none", &["error PC0901 0"]),
    (
        "t01_camel_case.json",
        None,
        "none",
        &["error PC0901 0", "warning PC0718 1", "warning PC0718 32", "warning PC0718 46", "warning PC0718 64"],
    ),
    (
        "t01_camel_case.json",
        Some(PacketKind::DataWorksResponse),
        "none",
        &["warning PC0718 1", "warning PC0718 32", "warning PC0718 46", "warning PC0718 64"],
    ),
    ("sms_progress.json", None, "sms-progress", &[]),
    ("sms_progress.json", Some(PacketKind::SmsTask), "sms-progress", &["warning PC0902 0"]),
    ("sms_progress.json", Some(PacketKind::PleskRequest), "sms-progress", &["error PC0902 0"]),
    ("package.json", Some(PacketKind::SmsProgress), "none", &["error PC0711 29"]),
    ("s21_foreign.json", Some(PacketKind::SmsTask), "none", &["warning PC0901 0"]),
    // Its head gives a length other than that of the body.
    ("a01_http_headers.xml", None, "plesk-response", &["error PC1313 71"]),
    ("a01_http_headers.xml", Some(PacketKind::PleskResponse), "plesk-response", &["error PC1313 71"]),
    ("a01_http_headers.xml", Some(PacketKind::SmsTask), "plesk-response", &["error PC1313 71", "error PC1411 78"]),
    ("sms_progress.json", Some(PacketKind::SmsTaskRequest), "sms-progress", &["error PC0902 0"]),
    ("package.json", Some(PacketKind::SmsTaskRequest), "none", &["error PC0903 0"]),
    ("a02_html_404.xml", None, "none", &["error PC0903 0"]),
    ("a02_html_404.xml", Some(PacketKind::PleskResponse), "none", &["error PC0903 0"]),
    ("a02_html_404.xml", Some(PacketKind::SmsTask), "none", &["error PC0903 0"]),
    ("html_head.xml", None, "none", &["error PC0903 0"]),
    ("html_head.xml", Some(PacketKind::SmsTask), "none", &["error PC0903 0"]),
    ("html_body.xml", Some(PacketKind::PleskResponse), "none", &["error PC0903 21"]),
    ("open_packet.xml", Some(PacketKind::SmsTask), "plesk-request", &["error PC0902 0"]),
    ("open_packet.xml", Some(PacketKind::PleskResponse), "plesk-request", &["error PC0203 0"]),
    ("open_packet.xml", Some(PacketKind::DataWorksRequest), "plesk-request", &["error PC0902 0"]),
    ("package.json", Some(PacketKind::PleskResponse), "none", &["error PC0903 0"]),
    ("package.json", Some(PacketKind::DataWorksRequest), "none", &["error PC0903 0"]),
    ("other.xml", Some(PacketKind::SmsTask), "none", &["error PC0903 0"]),
    ("../plesk/documentation/in_progress.xml", Some(PacketKind::SmsTask), "plesk-response", &["error PC0902 0"]),
    ("sms_progress.json", Some(PacketKind::PleskResponse), "sms-progress", &["error PC0902 0"]),
    ("a09b_two_packets.xml", None, "plesk-response", &["error PC0903 237"]),
    ("a13_gzip.xml", None, "none", &["error PC0903 0"]),
    ("a13_gzip.xml", Some(PacketKind::DataWorksRequest), "none", &["error PC0903 0"]),
    ("../plesk/documentation/in_progress.xml", Some(PacketKind::PleskRequest), "plesk-response", &["error PC0902 0"]),
    ("../plesk/documentation/request.xml", Some(PacketKind::PleskResponse), "plesk-request", &["error PC0902 0"]),
    (
        "../dataworks/documentation/response.json",
        Some(PacketKind::SmsTask),
        "dataworks-response",
        &["warning PC0902 0"],
    ),
];

#[test]
fn documents_given_in_place_of_packets_are_named() -> Result {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kinds");
    for (file, kind, detected, expected) in BROUGHT {
        let document = std::fs::read(data.join(file))?;
        let found = PacketKind::detect(&document).map_or("none", |found| found.kind.name());
        assert_eq!(found, *detected, "{file}");
        let report = match kind {
            Some(kind) => kind.explain(&document),
            None => PacketKind::explain_detected(&document).1,
        };
        let said = |diagnostic: &packetcheck::diagnostic::Diagnostic| {
            let severity = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
            format!("{severity} {} {}", diagnostic.code, diagnostic.span.start)
        };
        let said: Vec<String> = report.diagnostics.iter().map(said).collect();
        // A progress report lacks five members, at one place.
        let said: Vec<&str> = said
            .iter()
            .enumerate()
            .filter(|(index, text)| *index == 0 || said[index - 1] != **text)
            .map(|(_, text)| text.as_str())
            .collect();
        assert_eq!(said, *expected, "{file} as {kind:?}: {report:#?}");
        assert_eq!(report.is_valid(), !said.iter().any(|said| said.starts_with("error")));
    }
    Ok(())
}

/// The rest of a packet that was cut is never taken for another system's, and is usually recognized, however far from
/// the beginning the evidence is.
#[test]
fn a_packet_shows_its_kind_anywhere() {
    let answer = "<result><status>error</status><errcode>1</errcode><errtext>x</errtext></result>";
    let migration = format!("<migration><get_status>{answer}</get_status></migration>");
    let comment = format!("<!--{}-->", " ".repeat(70_000));
    let other = format!("<customer>{}</customer>", "<a>1</a>".repeat(20_000));
    let tasks = r#"{"TaskStatus": "INIT", "TaskName": "a"}, "#.repeat(2_000);
    let tasks = tasks.trim_end_matches(", ");
    for (document, kind) in [
        (format!("{comment}<packet>{migration}</packet>"), PacketKind::PleskResponse),
        (format!("<packet>{other}{migration}</packet>"), PacketKind::PleskResponse),
        (format!("{comment}<packet><migration/></packet>"), PacketKind::PleskRequest),
        (format!(r#"{{"Data": [{tasks}], "RequestId": "1", "Success": true}}"#), PacketKind::DataWorksResponse),
    ] {
        let end: String = document.chars().rev().take(60).collect();
        assert_eq!(PacketKind::detect(document.as_bytes()).map(|detected| detected.kind), Some(kind), "{end}");
    }
    // A member that every answer of that cloud has.
    assert_eq!(PacketKind::detect(br#"{"RequestId": "1", "Regions": []}"#), None);
}

#[test]
fn a_packet_that_was_cut_off_is_not_taken_for_another_system() -> Result {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let whole = [
        ("plesk/documentation/in_progress.xml", PacketKind::PleskResponse),
        ("dataworks/documentation/response.xml", PacketKind::DataWorksResponse),
        ("dataworks/documentation/response.json", PacketKind::DataWorksResponse),
        ("dataworks/request/query.txt", PacketKind::DataWorksRequest),
        ("sms/documentation/show_task_minified.json", PacketKind::SmsTask),
        ("sms/documentation/report_progress.json", PacketKind::SmsProgress),
    ];
    for (file, kind) in whole {
        let document = std::fs::read(data.join(file))?;
        for end in 0..document.len() {
            let detected = PacketKind::detect(&document[..end]).map(|detected| detected.kind);
            // A request of Plesk can begin like an answer.
            let expected = [None, Some(kind), (kind == PacketKind::PleskResponse).then_some(PacketKind::PleskRequest)];
            assert!(expected.contains(&detected), "{file}, {end} bytes: {detected:?}");
            assert!(detected.is_some() || end < 200, "{file}, {end} bytes");
        }
    }
    Ok(())
}

/// What a kind decodes, it can encode to a packet with the same values, in each layout. It decodes exactly the valid
/// packets.
#[test]
fn decoded_packets_can_be_encoded() -> Result {
    let mut count = 0;
    for system in ["plesk", "dataworks", "sms"] {
        for Sample { file, kind, bytes, .. } in &samples::samples(system) {
            let kind: PacketKind = kind.parse()?;
            let values = match kind.decode(bytes) {
                Ok(values) => values,
                Err(error) => {
                    assert!(!kind.is_valid(bytes) && error.report().is_some(), "{system}/{file}: {error}");
                    continue;
                }
            };
            assert!(kind.is_valid(bytes), "{system}/{file}");
            for (json, pretty) in [(false, false), (false, true), (true, false), (true, true)] {
                let layout = Layout::default().json(json).pretty(pretty);
                // An answer may have in one form what the other cannot hold: a member without a value, an empty error.
                let is_other_form =
                    kind == PacketKind::DataWorksResponse && json == bytes.trim_ascii_start().starts_with(b"<");
                let packet = match kind.encode(&values, &layout) {
                    Err(EncodeError::Packet(_)) if is_other_form => continue,
                    // A query may have a parameter twice, an object a member only once.
                    Err(EncodeError::Values(_)) if file == "request/unknown_twice.txt" => continue,
                    packet => packet.map_err(|error| format!("{system}/{file}: {error}"))?,
                };
                assert!(kind.is_valid(&packet), "{system}/{file}, {layout:?}");
                let again = kind.decode(&packet)?;
                // In the other form the JSON differs.
                if !is_other_form {
                    assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&values), "{system}/{file}");
                }
                count += 1;
            }
        }
    }
    assert!(count > 1000, "{count}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_bytes_can_be_examined(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        looked_at(&bytes)?;
    }

    /// Pieces of all forms, combined in any order.
    #[test]
    fn pieces_of_packets_can_be_examined(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..20)) {
        looked_at(pieces.concat().as_bytes())?;
    }
}

const PIECES: &[&str] = &[
    "<packet>",
    "<migration>",
    "<result/>",
    "</",
    ">",
    "<Error",
    "<Data>",
    "<?xml version='1.0'?>",
    "<!--",
    "-->",
    "\u{feff}",
    " ",
    "\n",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ":",
    ",",
    "\"progress\"",
    "\"sub_tasks\"",
    "\"Data\"",
    "null",
    "1e400",
    "Action=GetMigrationProcess",
    "&",
    "=",
    "?",
    "%",
    "%4",
    "%41",
    "https://",
    "GET /v3/tasks/1 HTTP/1.1\r\n",
    "PUT /v3/tasks/1/progress\n",
    "POST /enterprise/control/agent.php HTTP/1.1\n",
    "HTTP/1.1 200 OK\r\n",
    "Content-Length: 9\r\n",
    "Transfer-Encoding: chunked\n\n",
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\n",
    "\r\n\r\n",
    "> ",
    "< ",
    "{\"log\":{\"entries\":[",
    "é",
    "\0",
];

/// Checks that there is a result, and that it is the result of the detected kind.
fn looked_at(bytes: &[u8]) -> std::result::Result<(), TestCaseError> {
    let (detected, report) = PacketKind::explain_detected(bytes);
    prop_assert_eq!(&detected, &PacketKind::detect(bytes));
    match detected {
        Some(detected) => {
            prop_assert!(!detected.reason.is_empty());
            // The messages of a capture may be of several kinds.
            if looks_like_http(bytes).is_none() {
                prop_assert_eq!(report.is_valid(), detected.kind.is_valid(bytes));
            }
        }
        None => prop_assert!(!report.is_valid()),
    }
    for diagnostic in &report.diagnostics {
        prop_assert!(diagnostic.span.end <= bytes.len(), "{diagnostic:?}");
    }
    for kind in PacketKind::ALL {
        let read = packetcheck::Progress::of_packet(kind, bytes);
        prop_assert_eq!(read.is_ok(), kind.is_valid(bytes), "{}", kind);
        for progress in read.unwrap_or_default() {
            prop_assert!(progress.percent.is_none_or(|percent| (0.0..=100.0).contains(&percent)));
        }
    }
    Ok(())
}
