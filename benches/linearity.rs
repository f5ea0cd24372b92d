//! Time per node, in a document of 100 nodes and in one of 10,000: they must not differ.

mod inputs;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use inputs::Layout;
use packetcheck::plesk::{Response, response_schema};

fn linearity(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("linearity");
    for nodes in [100, 10_000] {
        let packet = inputs::large_response(nodes, Layout::Pretty);
        group.throughput(Throughput::Elements(nodes as u64));
        group.bench_function(format!("validate, {nodes} nodes"), |bencher| {
            bencher.iter(|| response_schema().is_valid(black_box(&packet)));
        });
        group.bench_function(format!("explain, {nodes} nodes"), |bencher| {
            bencher.iter(|| response_schema().explain(black_box(&packet)));
        });
        group.bench_function(format!("decode, {nodes} nodes"), |bencher| {
            bencher.iter(|| black_box(Response::from_xml(black_box(&packet)).expect("a response")));
        });
    }
    group.finish();
}

criterion_group!(benches, linearity);
criterion_main!(benches);
