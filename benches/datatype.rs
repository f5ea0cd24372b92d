//! Checking one text against one simple type.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use packetcheck::datatype::{Facet, SimpleType};

fn datatype(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("datatype");
    for (name, text) in [
        ("string", "Fetching configuration from the source server"),
        ("token", "  Fetching configuration   from the source server "),
        ("boolean", "true"),
        ("unsignedInt", "15006"),
        ("integer", "-123456789012345678901234567890"),
        ("decimal", "1234567.125"),
    ] {
        let simple = SimpleType::built_in(name).expect("a built-in type");
        group.bench_function(name, |bencher| {
            bencher.iter(|| simple.check(black_box(text)).expect("a value of the type"));
        });
    }
    let string = SimpleType::built_in("string").expect("a built-in type");
    let octet = r"([01]?\p{Nd}{1,2}|2([0-4]\p{Nd}|5[0-5]))";
    for (name, facet, text) in [
        ("enumeration", Facet::Enumeration(vec!["ok".to_owned(), "error".to_owned()]), "error"),
        ("pattern", Facet::Pattern(vec![format!(r"{octet}(\.{octet}){{3}}")]), "192.0.2.131"),
    ] {
        let simple = SimpleType::restrict(&string, None, &[facet]).expect("facets of strings");
        group.bench_function(name, |bencher| {
            bencher.iter(|| simple.check(black_box(text)).expect("a value of the type"));
        });
    }
    group.finish();
}

criterion_group!(benches, datatype);
criterion_main!(benches);
