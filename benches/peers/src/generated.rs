//! What `packetcheck generate` writes for the answers of Plesk (`tests/command/generated.rs` keeps it up to date).

use std::hint::black_box;

use crate::contender::Corpus;

#[rustfmt::skip]
#[allow(dead_code)]
#[path = "../../../tests/data/generate/response/mod.rs"]
mod response;

use response::{MigrationOutputItem, ResponsePacket, ResponsePacketItem};

/// Typed values that borrow from the message.
pub fn decode(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    Box::new(move || corpus.packets.iter().map(|packet| operations(&read(black_box(packet)))).sum())
}

/// Bytes from these, checked, in a reused buffer.
pub fn encode(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    let values: Vec<ResponsePacket<'_>> = corpus.packets.iter().map(|packet| read(packet)).collect();
    let items = corpus.items();
    let mut buffer = Vec::new();
    Box::new(move || {
        for value in &values {
            buffer.clear();
            response::encode_packet_into(black_box(value), &mut buffer).expect("a decoded value is valid");
            black_box(&buffer);
        }
        items
    })
}

fn read(packet: &[u8]) -> ResponsePacket<'_> {
    response::decode_packet(packet).expect("a corpus decodes")
}

fn operations(packet: &ResponsePacket<'_>) -> usize {
    let of_item = |item: &ResponsePacketItem<'_>| match item {
        ResponsePacketItem::Migration(migration) => {
            migration.items.iter().filter(|item| matches!(item, MigrationOutputItem::GetStatus(_))).count()
        }
        _ => 0,
    };
    black_box(packet).items.iter().map(of_item).sum()
}
