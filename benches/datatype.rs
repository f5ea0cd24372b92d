//! Checks one text against one simple type.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packetcheck::datatype::{Facet, SimpleType};

fn built_in(name: &str) -> Arc<SimpleType> {
    SimpleType::built_in(name).expect("a built-in type")
}

fn restricted(base: &str, facets: &[Facet]) -> Arc<SimpleType> {
    facets.iter().fold(built_in(base), |base, facet| {
        SimpleType::restrict(&base, None, std::slice::from_ref(facet)).expect("facets of the type")
    })
}

fn pattern(source: &str) -> Facet {
    Facet::Pattern(vec![source.to_owned()])
}

fn enumeration(count: u32) -> Facet {
    Facet::Enumeration((0..count).map(|number| format!("VALUE-{number}")).collect())
}

/// A name, a type and a value of it.
fn cases() -> Vec<(&'static str, Arc<SimpleType>, String)> {
    let plain = [
        ("string", "Fetching configuration from the source server"),
        ("token", "  Fetching configuration   from the source server "),
        ("NCName", "someLocalName"),
        ("NMTOKEN", "some-token.name_12"),
        ("QName", "prefix:someLocalName"),
        ("language", "en-GB"),
        ("anyURI", "http://www.example.org/some/path?query=a#fragment"),
        ("boolean", "true"),
        ("unsignedInt", "15006"),
        ("integer", "-123456789012345678901234567890"),
        ("decimal", "1234567.125"),
        ("double", "51.4778926"),
        ("dateTime", "2024-05-17T09:30:00.125Z"),
        ("date", "2024-05-17"),
        ("duration", "P1Y2M3DT10H30M"),
        ("NMTOKENS", "one two three four five six seven"),
    ];
    let octet = r"([01]?\p{Nd}{1,2}|2([0-4]\p{Nd}|5[0-5]))";
    let address = pattern(&format!(r"{octet}(\.{octet}){{3}}"));
    let urn = [
        pattern(r"urn:sdmx:org\.sdmx\.infomodel\.[a-z]+\.[A-Za-z]+=.+"),
        pattern(r"[^=]+=[A-Za-z][A-Za-z\d_-]*(\.[A-Za-z][A-Za-z\d_-]*)*:[A-Za-z\d_@$\-]+\([0-9]+(\.[0-9]+)*\)"),
        pattern(r".+\.datastructure\.DataStructure=.+"),
    ];
    let members = [restricted("NMTOKEN", &[enumeration(5)]), restricted("string", &[pattern("other:[a-z]{1,20}")])];
    let union = SimpleType::union(&members, None).expect("a union");
    let money = [Facet::TotalDigits(18), Facet::FractionDigits(5), Facet::MinInclusive("0".to_owned())];
    let encoded = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODkr".repeat(2_000);
    let mut cases: Vec<_> = plain.into_iter().map(|(name, text)| (name, built_in(name), text.to_owned())).collect();
    cases.extend([
        ("token with a length", restricted("token", &[Facet::MaxLength(255)]), "Fetching from the source".to_owned()),
        ("decimal with facets", restricted("decimal", &money), "1234567.125".to_owned()),
        ("enumeration of 5", restricted("token", &[enumeration(5)]), "VALUE-3".to_owned()),
        ("enumeration of 500", restricted("token", &[enumeration(500)]), "VALUE-321".to_owned()),
        ("pattern of a class", restricted("string", &[pattern("[A-Z]{3,3}")]), "EUR".to_owned()),
        ("pattern", restricted("string", &[address]), "192.0.2.131".to_owned()),
        (
            "patterns of three steps",
            restricted("anyURI", &urn),
            "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=ECB:ECB_EXR1(1.0)".to_owned(),
        ),
        ("union, first member", Arc::clone(&union), "VALUE-3".to_owned()),
        ("union, second member", union, "other:feet".to_owned()),
        ("base64Binary of 88 kB", built_in("base64Binary"), encoded),
        ("hexBinary of 88 kB", built_in("hexBinary"), "0123456789abcdefABCDEF".repeat(4_000)),
    ]);
    cases
}

fn datatype(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("datatype");
    for (name, simple, text) in cases() {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| simple.check(black_box(&text)).expect("a value of the type"));
        });
    }
    group.finish();
}

criterion_group!(benches, datatype);
criterion_main!(benches);
