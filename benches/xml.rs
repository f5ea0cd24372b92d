//! Reading tokens without a schema: what `--well-formed` and recovery after errors are built on.

mod inputs;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use inputs::Layout;
use packetcheck::Limits;
use packetcheck::xml::{Reader, Token};

fn tokens(bytes: &[u8]) -> usize {
    let mut reader = Reader::new(bytes, &Limits::default()).expect("an encoding that is supported");
    let mut tokens = 0;
    loop {
        let token = reader.next(&mut |fault| unreachable!("a corpus is well-formed: {fault:?}"));
        if matches!(black_box(token), Token::Eof) {
            return tokens;
        }
        tokens += 1;
    }
}

fn xml(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("xml");
    for (name, packets) in [
        ("mix.pretty", inputs::responses(inputs::MIX_PACKETS, Layout::Pretty)),
        ("mix.min", inputs::responses(inputs::MIX_PACKETS, Layout::Minified)),
        ("requests", inputs::requests(inputs::REQUEST_PACKETS)),
        ("large.pretty", vec![inputs::large_response(inputs::LARGE_NODES, Layout::Pretty)]),
    ] {
        group.throughput(Throughput::Bytes(packets.iter().map(|packet| packet.len() as u64).sum()));
        group.bench_function(name, |bencher| {
            bencher.iter(|| packets.iter().map(|packet| tokens(black_box(packet))).sum::<usize>());
        });
    }
    group.finish();
}

criterion_group!(benches, xml);
criterion_main!(benches);
