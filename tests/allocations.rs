//! How often memory is asked for: never while validating, at most once for a packet with one operation.

#[path = "../benches/inputs/mod.rs"]
mod inputs;

use std::hint::black_box;

use allocation_counter::measure;
use inputs::Layout;
use packetcheck::plesk::{Request, Response, request_schema, response_schema};

#[test]
fn validating_allocates_nothing_after_the_first_packet() {
    for layout in [Layout::Pretty, Layout::Minified] {
        let packets = inputs::responses(inputs::MIX_PACKETS, layout);
        assert!(response_schema().is_valid(&inputs::large_response(3, layout)));
        for packet in &packets {
            let used = measure(|| assert!(response_schema().is_valid(black_box(packet))));
            assert_eq!(used.count_total, 0, "{}", String::from_utf8_lossy(packet));
        }
        let large = inputs::large_response(1_000, layout);
        let used = measure(|| assert!(response_schema().is_valid(black_box(&large))));
        assert_eq!(used.count_total, 0, "a large document");
    }
}

#[test]
fn validating_a_request_allocates_nothing_after_the_first_packet() {
    let packets = inputs::requests(inputs::REQUEST_PACKETS);
    assert!(request_schema().is_valid(&packets[0]));
    for packet in &packets {
        let used = measure(|| assert!(request_schema().is_valid(black_box(packet))));
        assert_eq!(used.count_total, 0, "{}", String::from_utf8_lossy(packet));
    }
}

#[test]
fn refusing_allocates_nothing_after_the_first_packet() {
    let packets = inputs::responses(50, Layout::Pretty);
    assert!(response_schema().is_valid(&packets[0]));
    for packet in &packets {
        let cut = &packet[..packet.len() - 12];
        let used = measure(|| assert!(!response_schema().is_valid(black_box(cut))));
        assert_eq!(used.count_total, 0, "{}", String::from_utf8_lossy(cut));
    }
}

#[test]
fn decoding_one_operation_allocates_at_most_once() {
    for layout in [Layout::Pretty, Layout::Minified] {
        let packets = inputs::responses(inputs::MIX_PACKETS, layout);
        black_box(Response::from_xml(&packets[0]).expect("a response"));
        for packet in &packets {
            // A text in which a reference is resolved is a copy, and a copy must live somewhere.
            let copies = packet.iter().filter(|byte| **byte == b'&').count().min(2) as u64;
            let used = measure(|| drop(black_box(Response::from_xml(black_box(packet)).expect("a response"))));
            assert!(used.count_total <= 1 + copies, "{used:?}\n{}", String::from_utf8_lossy(packet));
        }
    }
}

#[test]
fn decoding_a_request_of_one_operation_allocates_at_most_once() {
    let packets = inputs::requests(inputs::REQUEST_PACKETS);
    black_box(Request::from_xml(&packets[0]).expect("a request"));
    let one = |packet: &&Vec<u8>| packet.windows(12).filter(|window| *window == b"<get_status>").count() == 1;
    for packet in packets.iter().filter(one) {
        let used = measure(|| drop(black_box(Request::from_xml(black_box(packet)).expect("a request"))));
        assert!(used.count_total <= 1, "{used:?}\n{}", String::from_utf8_lossy(packet));
    }
}
