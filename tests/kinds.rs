//! Every sample shows its kind by its content alone, and nothing that is read for it can do harm.

use std::path::Path;

use packetcheck::Kind;
use proptest::prelude::*;

#[path = "support/samples.rs"]
mod samples;
use samples::Sample;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Samples in which nothing tells what they were meant to be, with what they are taken for.
const DISGUISED: &[(&str, &str)] = &[
    // Nothing in them tells a request from an answer.
    ("agreed/one_result_missing.xml", "plesk-request"),
    ("envelope/response_empty.xml", "plesk-request"),
    ("envelope/response_operator_empty.xml", "plesk-request"),
    ("operations/check_without_result.xml", "plesk-request"),
    // No member at all, or none that is known.
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

#[test]
fn every_sample_is_detected_as_its_own_kind() {
    let mut wrong = String::new();
    let mut disguised = 0;
    for system in ["plesk", "dataworks", "sms"] {
        for Sample { file, kind, bytes, .. } in &samples::samples(system) {
            let detected = Kind::detect(bytes).map_or("none", |detected| detected.kind.name());
            disguised += DISGUISED.iter().filter(|(name, taken_for)| *name == file && *taken_for != kind).count();
            let expected = DISGUISED.iter().find(|(name, _)| *name == file).map_or(kind.as_str(), |(_, kind)| kind);
            if detected != expected {
                wrong += &format!("{system}/{file}: expected {expected}, found {detected}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(disguised, DISGUISED.len(), "some names are those of no sample that is disguised");
}

/// What is left of a packet that was cut off is never taken for another system's, and mostly for what it was.
#[test]
fn a_packet_that_was_cut_off_is_not_taken_for_another_system() -> Result {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let whole = [
        ("plesk/documentation/in_progress.xml", Kind::PleskResponse),
        ("dataworks/documentation/response.xml", Kind::DataWorksResponse),
        ("dataworks/documentation/response.json", Kind::DataWorksResponse),
        ("dataworks/request/query.txt", Kind::DataWorksRequest),
        ("sms/documentation/show_task_minified.json", Kind::SmsTask),
        ("sms/documentation/report_progress.json", Kind::SmsProgress),
    ];
    for (file, kind) in whole {
        let document = std::fs::read(data.join(file))?;
        for end in 0..document.len() {
            let detected = Kind::detect(&document[..end]).map(|detected| detected.kind);
            // A request of Plesk may begin as an answer does.
            let expected = [None, Some(kind), (kind == Kind::PleskResponse).then_some(Kind::PleskRequest)];
            assert!(expected.contains(&detected), "{file}, {end} bytes: {detected:?}");
            assert!(detected.is_some() || end < 200, "{file}, {end} bytes");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn anything_can_be_looked_at(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        looked_at(&bytes)?;
    }

    /// Pieces of all forms, put together in any order.
    #[test]
    fn pieces_of_packets_can_be_looked_at(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..20)) {
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
    "é",
    "\0",
];

/// There is an answer, and what is detected is what decides.
fn looked_at(bytes: &[u8]) -> std::result::Result<(), TestCaseError> {
    let (detected, report) = Kind::explain_detected(bytes);
    prop_assert_eq!(&detected, &Kind::detect(bytes));
    match detected {
        Some(detected) => {
            prop_assert!(!detected.reason.is_empty());
            prop_assert_eq!(report.is_valid(), detected.kind.is_valid(bytes));
        }
        None => prop_assert!(!report.is_valid()),
    }
    for kind in Kind::ALL {
        let read = packetcheck::Progress::of_packet(kind, bytes);
        prop_assert_eq!(read.is_ok(), kind.is_valid(bytes), "{}", kind);
        for progress in read.unwrap_or_default() {
            prop_assert!(progress.percent.is_none_or(|percent| (0.0..=100.0).contains(&percent)));
        }
    }
    Ok(())
}
