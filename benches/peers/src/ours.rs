//! What packetcheck does with a message.

use std::hint::black_box;

use ::quick_xml::events::Event;
use packetcheck::plesk::{Request, RequestOperator, Response, request_schema, response_schema};
use packetcheck::{Error, PacketKind, Schema, dataworks, quick_xml, sms};
use serde::de::IgnoredAny;

use crate::contender::{Corpus, Form};
use crate::inputs::shapes::Shape;

/// A yes or no by the schema.
pub fn validate(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    match judge(corpus.form) {
        Judge::Kind(kind) => every(corpus, move |packet| kind.is_valid(packet)),
        Judge::Schema(schema) => every(corpus, move |packet| schema.is_valid(packet)),
    }
}

/// Every error and warning by the schema. The corpora are valid, so there are no errors.
pub fn explain(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    match judge(corpus.form) {
        Judge::Kind(kind) => every(corpus, move |packet| kind.explain(packet).is_valid()),
        Judge::Schema(schema) => every(corpus, move |packet| schema.explain(packet).is_valid()),
    }
}

/// What judges the messages of a corpus.
enum Judge {
    Kind(PacketKind),
    Schema(Schema),
}

fn judge(form: Form) -> Judge {
    Judge::Kind(match form {
        Form::PleskRequest => PacketKind::PleskRequest,
        Form::PleskResponse => PacketKind::PleskResponse,
        Form::DataworksXml | Form::DataworksJson => PacketKind::DataWorksResponse,
        Form::SmsTask => PacketKind::SmsTask,
        Form::Shape(shape) => return Judge::Schema(compiled(shape)),
    })
}

fn compiled(shape: &Shape) -> Schema {
    Schema::from_documents(shape.schema).expect("a schema of ours")
}

/// A pass that finds every message valid.
fn every<'c>(corpus: &'c Corpus, is_valid: impl Fn(&[u8]) -> bool + 'c) -> Box<dyn FnMut() -> usize + 'c> {
    let items = corpus.items();
    Box::new(move || {
        let valid = corpus.packets.iter().filter(|packet| is_valid(black_box(packet))).count();
        assert_eq!(valid, corpus.packets.len(), "every message of {} is valid", corpus.name);
        items
    })
}

/// The events of quick-xml, for a message that the schema accepts.
pub fn quick_xml_events(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let schema = match corpus.form {
        Form::PleskRequest => request_schema(),
        _ => response_schema(),
    };
    every(corpus, move |packet| {
        let mut reader = quick_xml::Reader::new(schema, packet);
        loop {
            match reader.read_event() {
                Ok(Event::Eof) => return true,
                Ok(event) => drop(black_box(event)),
                Err(_) => return false,
            }
        }
    })
}

/// Typed values that borrow from the message; for a shape, which has no type, just the calls of serde.
pub fn decode(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    if let Form::Shape(shape) = corpus.form {
        let schema = compiled(shape);
        return every(corpus, move |packet| schema.decode::<IgnoredAny>(packet).is_ok());
    }
    let items: fn(&[u8]) -> usize = match corpus.form {
        Form::PleskRequest => |packet| request_operations(black_box(&request(packet))),
        Form::PleskResponse => |packet| black_box(&response(packet)).get_status().count(),
        Form::DataworksXml => |packet| items_of(&dataworks::Response::decode_xml(packet).expect("a corpus decodes")),
        Form::DataworksJson => |packet| items_of(&dataworks::Response::decode_json(packet).expect("a corpus decodes")),
        Form::SmsTask => |packet| {
            let task = sms::Task::decode(packet).expect("a corpus decodes");
            black_box(&task).sub_tasks.get().map_or(0, |steps| steps.len())
        },
        Form::Shape(_) => unreachable!("a shape has no type"),
    };
    Box::new(move || corpus.packets.iter().map(|packet| items(black_box(packet))).sum())
}

/// Bytes from the values that `decode` returned, into a reused buffer.
pub fn encode(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    if corpus.form == Form::PleskRequest {
        every_value(corpus, request, |value, buffer| value.encode_into(buffer))
    } else {
        every_value(corpus, response, |value, buffer| value.encode_into(buffer))
    }
}

/// The same through serde, as values of any type are written.
pub fn encode_by_serde(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    if corpus.form == Form::PleskRequest {
        every_value(corpus, request, |value, _| request_schema().encode(value).map(drop))
    } else {
        every_value(corpus, response, |value, _| response_schema().encode(value).map(drop))
    }
}

fn every_value<'c, T: 'c>(
    corpus: &'c Corpus,
    decode: fn(&'c [u8]) -> T,
    encode: fn(&T, &mut Vec<u8>) -> Result<(), Error>,
) -> Box<dyn FnMut() -> usize + 'c> {
    let items = corpus.items();
    let values: Vec<T> = corpus.packets.iter().map(|packet| decode(packet)).collect();
    let mut buffer = Vec::new();
    Box::new(move || {
        for value in &values {
            buffer.clear();
            encode(black_box(value), &mut buffer).expect("a decoded value is valid");
            black_box(&buffer);
        }
        items
    })
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
    Request::decode(packet).expect("a corpus decodes")
}

fn response(packet: &[u8]) -> Response<'_> {
    Response::decode(packet).expect("a corpus decodes")
}
