//! The contenders: what each does with a packet, and the answer by which all are held to the same work.

use std::hint::black_box;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::plain;

/// One way to read (or write) packets.
pub struct Contender {
    /// As it is called in the table.
    pub name: &'static str,
    /// Makes the timed pass over a corpus ready: whatever it does not have to do for every packet is done here.
    pub prepare: for<'c> fn(&'c Corpus) -> Box<dyn FnMut() -> usize + 'c>,
}

/// The packets of one corpus.
pub struct Corpus {
    /// As it is called in the table.
    pub name: &'static str,
    /// The bytes.
    pub packets: Vec<Vec<u8>>,
    /// Requests and responses are different types.
    pub is_request: bool,
}

impl Corpus {
    /// Mean size of a packet.
    pub fn bytes(&self) -> usize {
        let total: usize = self.packets.iter().map(Vec::len).sum();
        (total + self.packets.len() / 2) / self.packets.len().max(1)
    }

    /// `get_status` nodes by a search for the bytes: what every contender's answer must come to.
    pub fn operations(&self) -> usize {
        const TAG: &[u8] = b"<get_status>";
        self.packets.iter().map(|packet| packet.windows(TAG.len()).filter(|window| *window == TAG).count()).sum()
    }
}

/// Every contender, in the order of the table. A pass returns how many `get_status` nodes it met, where it can know.
pub const ALL: &[Contender] = &[
    Contender { name: "packetcheck validate", prepare: crate::ours::validate },
    Contender { name: "packetcheck decode", prepare: crate::ours::decode },
    Contender { name: "packetcheck encode", prepare: crate::ours::encode },
    Contender { name: BASELINE, prepare: raw },
    Contender { name: "quick-xml serde", prepare: serde },
    Contender { name: "roxmltree", prepare: tree },
];

/// The one that ratios refer to.
pub const BASELINE: &str = "quick-xml raw";

/// Events only. The `get_status` count comes from the number of start tags: taking names out would be more than raw.
fn raw(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let events: usize = corpus.packets.iter().map(|packet| count_events(packet)).sum();
    let operations = corpus.packets.iter().map(|packet| count_operations(packet)).sum();
    Box::new(move || {
        let met: usize = corpus.packets.iter().map(|packet| count_events(black_box(packet))).sum();
        assert_eq!(met, events, "quick-xml reads the same events every time");
        operations
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

fn count_operations(packet: &[u8]) -> usize {
    let mut reader = Reader::from_reader(packet);
    let mut operations = 0;
    loop {
        match reader.read_event().expect("a corpus is well-formed") {
            Event::Eof => return operations,
            Event::Start(tag) if tag.name().as_ref() == "get_status" => operations += 1,
            _ => {}
        }
    }
}

fn serde(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let is_request = corpus.is_request;
    Box::new(move || {
        let mut operations = 0;
        for packet in &corpus.packets {
            let text = std::str::from_utf8(black_box(packet)).expect("a corpus is UTF-8");
            operations += if is_request {
                let request: plain::Request<'_> = quick_xml::de::from_str(text).expect("a request");
                black_box(&request).operations()
            } else {
                let response: plain::Response<'_> = quick_xml::de::from_str(text).expect("a response");
                black_box(&response).operations()
            };
        }
        operations
    })
}

fn tree(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
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
