//! Compares the time per node in a document of 100 nodes and in one of 10,000: they must not differ. Then, for
//! documents that demand much work, a quarter of the size and the whole: the time per piece must not differ either.

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
            bencher.iter(|| black_box(Response::decode(black_box(&packet)).expect("a response")));
        });
    }
    group.finish();
}

/// A document that demands much work, of variable size.
struct Hostile {
    name: &'static str,
    whole: usize,
    document: fn(usize) -> String,
}

const HOSTILE: [Hostile; 5] = [
    Hostile {
        name: "attributes",
        whole: 100_000,
        document: |count| {
            let attributes: String = (0..count).map(|number| format!(" a{number}=\"\"")).collect();
            format!("<packet{attributes}><system><status>ok</status></system></packet>")
        },
    },
    Hostile {
        name: "levels",
        whole: 1_000_000,
        document: |count| format!("{}{}", "<packet>".repeat(count), "</packet>".repeat(count)),
    },
    Hostile { name: "levels left open", whole: 1_000_000, document: |count| "<packet>".repeat(count) },
    Hostile {
        name: "bytes of an element's name",
        whole: 20_000_000,
        document: |count| {
            let name = "n".repeat(count);
            format!("<packet><{name}></{name}></packet>")
        },
    },
    Hostile {
        name: "bytes of an attribute's name",
        whole: 20_000_000,
        document: |count| format!("<packet {}=''/>", "n".repeat(count)),
    },
];

fn hostile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10);
    for Hostile { name, whole, document } in HOSTILE {
        for count in [whole / 4, whole] {
            let packet = document(count).into_bytes();
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(format!("validate, {count} {name}"), |bencher| {
                bencher.iter(|| response_schema().is_valid(black_box(&packet)));
            });
            group.bench_function(format!("explain, {count} {name}"), |bencher| {
                bencher.iter(|| response_schema().explain(black_box(&packet)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, linearity, hostile);
criterion_main!(benches);
