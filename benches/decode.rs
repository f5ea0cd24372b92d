//! Packets to typed values that borrow from them.

mod inputs;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use inputs::Layout;
use packetcheck::plesk::{Request, Response, response_schema};

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    for (name, packets) in [
        ("mix.pretty", inputs::responses(inputs::MIX_PACKETS, Layout::Pretty)),
        ("mix.min", inputs::responses(inputs::MIX_PACKETS, Layout::Minified)),
        ("large.pretty", vec![inputs::large_response(inputs::LARGE_NODES, Layout::Pretty)]),
    ] {
        group.throughput(Throughput::Bytes(packets.iter().map(|packet| packet.len() as u64).sum()));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for packet in &packets {
                    black_box(Response::decode(black_box(packet)).expect("a response"));
                }
            });
        });
        // The same values through serde, as any user-defined type is read.
        group.bench_function(format!("{name} by serde"), |bencher| {
            bencher.iter(|| {
                for packet in &packets {
                    let value: Response<'_> = response_schema().decode(black_box(packet)).expect("a response");
                    black_box(value);
                }
            });
        });
    }
    let packets = inputs::requests(inputs::REQUEST_PACKETS);
    group.throughput(Throughput::Bytes(packets.iter().map(|packet| packet.len() as u64).sum()));
    group.bench_function("requests", |bencher| {
        bencher.iter(|| {
            for packet in &packets {
                black_box(Request::decode(black_box(packet)).expect("a request"));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
