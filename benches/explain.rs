//! Reports: every error with its place, its cause and what was expected.

mod inputs;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use inputs::Layout;
use packetcheck::plesk::response_schema;

/// An answer in which each of `count` operations has one fault: a code that is not a number.
fn faults(count: usize) -> Vec<u8> {
    let node = "<get_status><result><status>error</status><errcode>x</errcode><errtext/></result></get_status>";
    format!("<packet><migration>{}</migration></packet>", node.repeat(count)).into_bytes()
}

fn explain(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    for count in [1, 1_000, 50_000, 200_000] {
        let packet = faults(count);
        assert_eq!(response_schema().explain(&packet).errors, count, "one error a fault");
        group.throughput(Throughput::Elements(count as u64));
        if count > 1_000 {
            group.sample_size(10);
        }
        group.bench_function(format!("{count} faults"), |bencher| {
            bencher.iter(|| response_schema().explain(black_box(&packet)));
        });
    }
    let packets = inputs::responses(inputs::MIX_PACKETS, Layout::Pretty);
    group.throughput(Throughput::Bytes(packets.iter().map(|packet| packet.len() as u64).sum()));
    group.bench_function("mix.pretty, no fault", |bencher| {
        bencher
            .iter(|| packets.iter().map(|packet| response_schema().explain(black_box(packet)).errors).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, explain);
criterion_main!(benches);
