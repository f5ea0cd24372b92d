//! Times the schemas and documents that are made to take long (`tests/support/hostile.rs`): compiling each schema,
//! validating each document and, by the walk alone, explaining it.

#[path = "../tests/support/hostile.rs"]
mod hostile;

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use hostile::{CASES, Document, Outcome};
use packetcheck::{Schema, SchemaError};

fn compile(text: &str) -> Result<Schema, SchemaError> {
    Schema::from_documents(&[("hostile.xsd", black_box(text))])
}

fn measure(group: &mut BenchmarkGroup<'_, WallTime>, schema: &Schema, documents: &[Document]) {
    for document in documents {
        let text = document.text.as_bytes();
        assert_eq!(schema.is_valid(text), document.is_valid, "{}", document.name);
        group.bench_function(format!("validate, {}", document.name), |bencher| {
            bencher.iter(|| schema.is_valid(black_box(text)));
        });
        group.bench_function(format!("explain, {}", document.name), |bencher| {
            bencher.iter(|| schema.explain_without_prediction(black_box(text)).is_valid());
        });
    }
}

fn hostile(criterion: &mut Criterion) {
    for case in CASES.iter().map(|case| case()) {
        let mut group = criterion.benchmark_group(case.name);
        group.sample_size(10);
        group.bench_function("compile", |bencher| bencher.iter(|| compile(&case.schema).is_ok()));
        match (&case.outcome, compile(&case.schema)) {
            (Outcome::Checks(documents), Ok(schema)) => measure(&mut group, &schema, documents),
            (Outcome::Refused(words), Err(error)) if error.message().contains(words) => {}
            _ => unreachable!("{}: not what the tests say", case.name),
        }
        group.finish();
    }
}

criterion_group!(benches, hostile);
criterion_main!(benches);
