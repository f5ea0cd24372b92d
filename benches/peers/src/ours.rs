//! packetcheck's own three ways through a message.

use std::hint::black_box;

use packetcheck::plesk::{Request, RequestOperator, Response};
use packetcheck::{Kind, dataworks, sms};

use crate::contender::{Corpus, Form};

/// A yes or no by the embedded schema.
pub fn validate(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let kind = match corpus.form {
        Form::PleskRequest => Kind::PleskRequest,
        Form::PleskResponse => Kind::PleskResponse,
        Form::DataworksXml | Form::DataworksJson => Kind::DataWorksResponse,
        Form::SmsTask => Kind::SmsTask,
    };
    let items = corpus.items();
    Box::new(move || {
        let valid = corpus.packets.iter().filter(|packet| kind.is_valid(black_box(packet))).count();
        assert_eq!(valid, corpus.packets.len(), "every message of {} is valid", corpus.name);
        items
    })
}

/// Typed values that borrow from the message.
pub fn decode(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let items: fn(&[u8]) -> usize = match corpus.form {
        Form::PleskRequest => |packet| request_operations(black_box(&request(packet))),
        Form::PleskResponse => |packet| black_box(&response(packet)).get_status().count(),
        Form::DataworksXml => |packet| items_of(&dataworks::Response::from_xml(packet).expect("a corpus decodes")),
        Form::DataworksJson => |packet| items_of(&dataworks::Response::from_json(packet).expect("a corpus decodes")),
        Form::SmsTask => |packet| {
            let task = sms::Task::from_json(packet).expect("a corpus decodes");
            black_box(&task).sub_tasks.get().map_or(0, |steps| steps.len())
        },
    };
    Box::new(move || corpus.packets.iter().map(|packet| items(black_box(packet))).sum())
}

/// Bytes from the values that `decode` gave.
pub fn encode(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let operations = corpus.items();
    if corpus.form == Form::PleskRequest {
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

fn items_of(response: &dataworks::Response<'_>) -> usize {
    match black_box(response) {
        dataworks::Response::Progress(progress) => progress.items().len(),
        _ => 0,
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
