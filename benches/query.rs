//! The query form: requests to Alibaba Cloud DataWorks, as URLs, queries and form bodies.

mod inputs;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use inputs::query as messages;
use packetcheck::PacketKind;
use packetcheck::dataworks::Request;

const KIND: PacketKind = PacketKind::DataWorksRequest;

fn query(criterion: &mut Criterion) {
    let packets = messages::requests(messages::REQUESTS);
    let values: Vec<Request<'_>> =
        packets.iter().map(|packet| Request::decode(packet).expect("a corpus decodes")).collect();
    let valid = || packets.iter().filter(|packet| KIND.is_valid(black_box(packet))).count();
    let diagnostics = || packets.iter().map(|packet| KIND.explain(black_box(packet)).diagnostics.len()).sum::<usize>();
    assert_eq!(valid(), packets.len(), "every request is valid");
    assert_eq!(diagnostics(), 0, "no request has a warning");

    let mut group = criterion.benchmark_group("query");
    group.throughput(Throughput::Bytes(packets.iter().map(|packet| packet.len() as u64).sum()));
    group.bench_function("validate", |bencher| bencher.iter(valid));
    group.bench_function("explain", |bencher| bencher.iter(diagnostics));
    group.bench_function("decode", |bencher| {
        bencher.iter(|| {
            for packet in &packets {
                black_box(Request::decode(black_box(packet)).expect("a corpus decodes"));
            }
        });
    });
    group.throughput(Throughput::Elements(values.len() as u64));
    group.bench_function("encode", |bencher| {
        bencher.iter(|| {
            for value in &values {
                black_box(black_box(value).encode().expect("a decoded value is valid"));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, query);
criterion_main!(benches);
