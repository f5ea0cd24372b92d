//! packetcheck's own three ways through a packet.

use std::hint::black_box;

use packetcheck::plesk::{Request, RequestOperator, Response, request_schema, response_schema};

use crate::contender::Corpus;

/// A yes or no by the embedded schema.
pub fn validate(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let schema = if corpus.is_request { request_schema() } else { response_schema() };
    let operations = corpus.operations();
    Box::new(move || {
        let valid = corpus.packets.iter().filter(|packet| schema.is_valid(black_box(packet))).count();
        assert_eq!(valid, corpus.packets.len(), "every packet of {} is valid", corpus.name);
        operations
    })
}

/// Typed values that borrow from the packet.
pub fn decode(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let is_request = corpus.is_request;
    Box::new(move || {
        let mut operations = 0;
        for packet in &corpus.packets {
            operations += if is_request {
                request_operations(black_box(&request(black_box(packet))))
            } else {
                black_box(&response(black_box(packet))).get_status().count()
            };
        }
        operations
    })
}

/// Bytes from the values that `decode` gave.
pub fn encode(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let operations = corpus.operations();
    if corpus.is_request {
        let values: Vec<Request<'_>> = corpus.packets.iter().map(|packet| request(packet)).collect();
        Box::new(move || {
            for value in &values {
                black_box(black_box(value).to_xml().expect("a decoded value is valid"));
            }
            operations
        })
    } else {
        let values: Vec<Response<'_>> = corpus.packets.iter().map(|packet| response(packet)).collect();
        Box::new(move || {
            for value in &values {
                black_box(black_box(value).to_xml().expect("a decoded value is valid"));
            }
            operations
        })
    }
}

fn request_operations(request: &Request<'_>) -> usize {
    let operations = |operator: &RequestOperator<'_>| match operator {
        RequestOperator::Migration(migration) => migration.operations.len(),
        _ => 0,
    };
    request.operators.iter().map(operations).sum()
}

fn request(packet: &[u8]) -> Request<'_> {
    Request::from_xml(packet).expect("a corpus decodes")
}

fn response(packet: &[u8]) -> Response<'_> {
    Response::from_xml(packet).expect("a corpus decodes")
}
