//! Schema documents to tables: done once per process.

#[path = "../tests/support/vendor_shape.rs"]
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
    group.finish();
}

criterion_group!(benches, compile);
criterion_main!(benches);
