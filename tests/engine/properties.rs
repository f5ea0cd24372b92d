//! Properties of any packet: random ones, broken ones, and bytes that are not packets.

use std::borrow::Cow;

use packetcheck::Schema;
use packetcheck::diagnostic::Severity;
use packetcheck::plesk::{Outcome, Response, request_schema, response_schema};
use proptest::prelude::*;

use crate::support::inputs::{self, Layout, SplitMix64};
use crate::support::packet::{Answer, Packet, packets};
use crate::support::{faults, readers};

/// The content of our typed value, in the form in which readers are compared.
fn parts_of(response: &Response<'_>) -> Packet {
    let text = |text: &Option<Cow<'_, str>>| text.as_deref().expect("it was written").to_owned();
    let answers = response.get_status().map(|outcome| match outcome {
        Outcome::InProgress(status) => Answer::InProgress {
            total: status.total.to_string(),
            completed: status.completed.to_string(),
            description: status.description.as_deref().map(str::to_owned),
        },
        Outcome::Finished(finished) if finished.is_success() => Answer::Succeeded,
        Outcome::Finished(finished) => {
            assert_eq!(finished.error.len(), 1);
            let error = &finished.error[0];
            Answer::FinishedWithError {
                object: error.object().map(|object| (text(&object.kind), text(&object.name))),
                message: error.messages().collect(),
            }
        }
        Outcome::Failed(failure) => Answer::Failed {
            code: failure.code.expect("a failure has a code"),
            text: failure.text.expect("a failure has a text").to_owned(),
        },
        other => unreachable!("no valid answer is so: {other:?}"),
    });
    Packet { version: response.version.as_deref().map(str::to_owned), answers: answers.collect() }
}

/// Checks that both paths agree, whatever the bytes are.
fn agree(schema: &Schema, bytes: &[u8]) -> Result<(), TestCaseError> {
    let report = schema.explain_without_prediction(bytes);
    prop_assert_eq!(schema.is_valid(bytes), report.is_valid(), "{:#?}", report);
    prop_assert_eq!(schema.explain(bytes).diagnostics, report.diagnostics);
    Ok(())
}

proptest! {
    #[test]
    fn a_packet_is_read_as_it_was_meant_however_it_is_spelled(packet in packets(), seed: u64) {
        let text = packet.spell(seed);
        let response = Response::decode(text.as_bytes()).expect("a valid packet decodes");
        prop_assert_eq!(&parts_of(&response), &packet);
        prop_assert_eq!(&readers::by_quick_xml(&text), &packet);
        prop_assert_eq!(&readers::by_roxmltree(&text), &packet);
    }

    #[test]
    fn a_valid_packet_gives_no_diagnostic(packet in packets(), seed: u64) {
        let text = packet.spell(seed);
        prop_assert!(response_schema().is_valid(text.as_bytes()));
        prop_assert_eq!(&response_schema().explain_without_prediction(text.as_bytes()).diagnostics, &[]);
    }

    #[test]
    fn decode_encode_decode_gives_the_same_value(packet in packets(), seed: u64) {
        let text = packet.spell(seed);
        let response = Response::decode(text.as_bytes()).expect("a valid packet decodes");
        let written = response.encode().expect("what was read can be written");
        prop_assert!(response_schema().is_valid(&written));
        let again = Response::decode(&written).expect("what we write decodes").into_owned();
        prop_assert_eq!(again, response.into_owned());
    }

    #[test]
    fn one_fault_gives_one_error_at_its_place(packet in packets(), seed: u64, way in 0..faults::ALL.len()) {
        let (name, apply) = faults::ALL[way];
        let Some((broken, place)) = apply(&packet.spell(seed), &mut SplitMix64::new(seed)) else {
            return Ok(());
        };
        prop_assert!(!response_schema().is_valid(broken.as_bytes()), "{name}");
        let report = response_schema().explain(broken.as_bytes());
        let errors: Vec<_> = report.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
        prop_assert_eq!(errors.len(), 1, "{}: {:#?}\n{}", name, errors, broken);
        prop_assert!(place.contains(&errors[0].span.start), "{name}: {:#?}, not in {place:?}\n{broken}", errors[0]);
    }

    #[test]
    fn prediction_and_walk_agree_on_any_bytes(bytes: Vec<u8>) {
        agree(response_schema(), &bytes)?;
    }

    #[test]
    fn prediction_and_walk_agree_on_a_packet_with_changed_bytes(
        packet in packets(),
        seed: u64,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let mut bytes = packet.spell(seed).into_bytes();
        for (index, byte, how) in changes {
            let index = index.index(bytes.len());
            match how {
                0 => bytes[index] = byte,
                1 => bytes.insert(index, byte),
                _ => drop(bytes.remove(index)),
            }
            if bytes.is_empty() {
                break;
            }
        }
        agree(response_schema(), &bytes)?;
        agree(request_schema(), &bytes)?;
    }

    #[test]
    fn prediction_and_walk_agree_on_a_packet_of_moved_pieces(packet in packets(), seed: u64) {
        // Pieces between tags are removed, doubled and exchanged, which gives nearly right packets more often than
        // changing bytes.
        let text = packet.spell(seed);
        let mut random = SplitMix64::new(seed);
        let mut pieces: Vec<&str> = text.split_inclusive('>').collect();
        for _ in 0..=random.below(2) {
            let index = random.below(pieces.len() as u64) as usize;
            let other = random.below(pieces.len() as u64) as usize;
            match random.below(3) {
                0 => drop(pieces.remove(index)),
                1 => pieces.insert(index, pieces[other]),
                _ => pieces.swap(index, other),
            }
        }
        agree(response_schema(), pieces.concat().as_bytes())?;
    }
}

#[test]
fn a_packet_cut_short_is_refused_wherever_it_is_cut() {
    for packet in inputs::responses(40, Layout::Pretty) {
        let end = packet.len() - 1;
        for length in 0..end {
            assert!(!response_schema().is_valid(&packet[..length]), "cut at {length}");
        }
        assert!(response_schema().is_valid(&packet[..end]), "the line feed at the end may be missing");
    }
}

#[test]
fn the_corpora_are_valid_without_a_warning() {
    for layout in [Layout::Pretty, Layout::Minified] {
        for packet in inputs::responses(inputs::MIX_PACKETS, layout) {
            assert!(response_schema().is_valid(&packet));
            assert_eq!(response_schema().explain(&packet).warnings, 0);
        }
    }
    for packet in inputs::requests(inputs::REQUEST_PACKETS) {
        assert!(request_schema().is_valid(&packet));
        assert_eq!(request_schema().explain(&packet).warnings, 0);
    }
}
