//! Writes typed values as packets, including the checks.

mod inputs;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use inputs::Layout;
use packetcheck::plesk::{Request, Response};

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode");
    for (name, packets) in [
        ("mix", inputs::responses(inputs::MIX_PACKETS, Layout::Pretty)),
        ("large", vec![inputs::large_response(inputs::LARGE_NODES, Layout::Pretty)]),
    ] {
        let values: Vec<Response<'_>> =
            packets.iter().map(|packet| Response::decode(packet).expect("a response")).collect();
        group.throughput(Throughput::Elements(values.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for value in &values {
                    black_box(black_box(value).encode().expect("a decoded value is valid"));
                }
            });
        });
    }
    group.bench_function("request", |bencher| {
        bencher.iter(|| Request::get_status(black_box(["24175", "24176"])).encode().expect("a request is valid"));
    });
    group.finish();
}

criterion_group!(benches, encode);
criterion_main!(benches);
