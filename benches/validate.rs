//! Verdicts: a yes or no by the embedded schemas.

mod inputs;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use inputs::Layout;
use packetcheck::plesk::{request_schema, response_schema};

fn validate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("validate");
    for (name, packets) in [
        ("mix.pretty", inputs::responses(inputs::MIX_PACKETS, Layout::Pretty)),
        ("mix.min", inputs::responses(inputs::MIX_PACKETS, Layout::Minified)),
        ("requests", inputs::requests(inputs::REQUEST_PACKETS)),
        ("large.pretty", vec![inputs::large_response(inputs::LARGE_NODES, Layout::Pretty)]),
        ("large.min", vec![inputs::large_response(inputs::LARGE_NODES, Layout::Minified)]),
    ] {
        let schema = if name == "requests" { request_schema() } else { response_schema() };
        let valid = || packets.iter().filter(|packet| schema.is_valid(black_box(packet))).count();
        assert_eq!(valid(), packets.len(), "every packet of {name} is valid");
        group.throughput(Throughput::Bytes(packets.iter().map(|packet| packet.len() as u64).sum()));
        group.bench_function(name, |bencher| bencher.iter(valid));
    }
    group.finish();
}

criterion_group!(benches, validate);
criterion_main!(benches);
