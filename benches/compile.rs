//! Schema documents to tables: done once per process.

#[path = "../tests/support/vendor_shape.rs"]
#[allow(dead_code)]
mod vendor_shape;

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use packetcheck::Schema;

fn compile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    let embedded = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/plesk");
    for name in ["request.xsd", "response.xsd"] {
        let path = embedded.join(name);
        group.bench_function(name, |bencher| {
            bencher.iter(|| Schema::from_file(black_box(&path)).expect("a schema of ours"));
        });
    }
    let set = vendor_shape::output_set();
    let documents: Vec<(&str, &str)> = set.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    group.sample_size(10);
    group.bench_function("a set of the vendor's shape, 16,000 lines", |bencher| {
        bencher.iter(|| Schema::from_documents(black_box(&documents)).expect("a set that compiles"));
    });
    group.finish();
}

criterion_group!(benches, compile);
criterion_main!(benches);
