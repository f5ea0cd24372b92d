//! Other readers of XML.

use std::hint::black_box;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::contender::{Corpus, Form};
use crate::plain::plesk;

/// Events only. The items are counted beforehand: extracting names would be more than raw.
pub fn raw(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let item = corpus.form.item();
    let events: usize = corpus.packets.iter().map(|packet| count_events(packet)).sum();
    let items = corpus.packets.iter().map(|packet| count_starts(packet, item)).sum();
    Box::new(move || {
        let met: usize = corpus.packets.iter().map(|packet| count_events(black_box(packet))).sum();
        assert_eq!(met, events, "quick-xml reads the same events every time");
        items
    })
}

fn count_events(packet: &[u8]) -> usize {
    let mut reader = Reader::from_reader(packet);
    let mut events = 0;
    loop {
        match reader.read_event().expect("a corpus is well-formed") {
            Event::Eof => return events,
            event => {
                black_box(&event);
                events += 1;
            }
        }
    }
}

fn count_starts(packet: &[u8], name: &str) -> usize {
    let mut reader = Reader::from_reader(packet);
    let mut count = 0;
    loop {
        match reader.read_event().expect("a corpus is well-formed") {
            Event::Eof => return count,
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == name => count += 1,
            _ => {}
        }
    }
}

pub fn serde(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let is_request = corpus.form == Form::PleskRequest;
    Box::new(move || {
        let mut operations = 0;
        for packet in &corpus.packets {
            let text = std::str::from_utf8(black_box(packet)).expect("a corpus is UTF-8");
            operations += if is_request {
                let request: plesk::Request<'_> = quick_xml::de::from_str(text).expect("a request");
                black_box(&request).operations()
            } else {
                let response: plesk::Response<'_> = quick_xml::de::from_str(text).expect("a response");
                black_box(&response).operations()
            };
        }
        operations
    })
}

pub fn tree(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let parse = |packet: &[u8]| {
        let text = std::str::from_utf8(packet).expect("a corpus is UTF-8");
        // `nodes_limit` and the rest stay at their defaults.
        let count = |document: &roxmltree::Document<'_>| {
            document.descendants().filter(|node| node.has_tag_name("get_status")).count()
        };
        roxmltree::Document::parse(text).map(|document| count(&document)).expect("a corpus is well-formed")
    };
    let operations = corpus.packets.iter().map(|packet| parse(packet)).sum();
    Box::new(move || {
        for packet in &corpus.packets {
            let text = std::str::from_utf8(black_box(packet)).expect("a corpus is UTF-8");
            black_box(&roxmltree::Document::parse(text).expect("a corpus is well-formed"));
        }
        operations
    })
}
