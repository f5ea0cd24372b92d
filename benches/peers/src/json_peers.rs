//! Other JSON readers, into the same fields as plain types.

use std::hint::black_box;

use serde::Deserialize;

use crate::contender::{Corpus, Form};
use crate::plain::{dataworks, sms};

pub fn serde_json(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    plain(corpus, |packet| serde_json::from_slice(packet).ok(), |packet| serde_json::from_slice(packet).ok())
}

pub fn sonic(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    plain(corpus, |packet| sonic_rs::from_slice(packet).ok(), |packet| sonic_rs::from_slice(packet).ok())
}

fn plain<'c>(
    corpus: &'c Corpus,
    answer: for<'a> fn(&'a [u8]) -> Option<dataworks::Answer<'a>>,
    task: for<'a> fn(&'a [u8]) -> Option<sms::Task<'a>>,
) -> Box<dyn FnMut() -> usize + 'c> {
    match corpus.form {
        Form::SmsTask => Box::new(move || {
            let items = |packet| black_box(&task(packet).expect("a task")).sub_tasks.as_ref().map_or(0, Vec::len);
            corpus.packets.iter().map(|packet| items(black_box(packet))).sum()
        }),
        _ => Box::new(move || {
            let items = |packet| black_box(&answer(packet).expect("an answer")).data.as_ref().map_or(0, Vec::len);
            corpus.packets.iter().map(|packet| items(black_box(packet))).sum()
        }),
    }
}

/// A parsed value, and whether it is valid. The items are counted beforehand, since the answer is yes or no.
pub fn jsonschema(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let schema = match corpus.form {
        Form::SmsTask => packetcheck::sms::Response::json_schema(),
        _ => packetcheck::dataworks::Response::json_schema(),
    };
    let schema = serde_json::Value::deserialize(&mut serde_json::Deserializer::from_str(&schema)).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
    let items = corpus.items();
    Box::new(move || {
        for packet in &corpus.packets {
            let value: serde_json::Value = serde_json::from_slice(black_box(packet)).expect("a corpus is JSON");
            assert!(validator.is_valid(black_box(&value)), "every message of {} is valid", corpus.name);
        }
        items
    })
}
