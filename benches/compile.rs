//! Compiles schema documents to tables, which is done once per process. For comparison: quick-xml's raw read of the
//! same documents; the memory of the compiled form is printed on standard error.

#[path = "../tests/xsts/suite.rs"]
#[allow(dead_code)]
mod suite;
#[path = "../tests/support/vendor_shape.rs"]
#[allow(dead_code)]
mod vendor_shape;

use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;

use allocation_counter::measure;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packetcheck::{Schema, SchemaError};
use quick_xml::Reader;
use quick_xml::events::Event;

/// The schema of the W3C suite that takes the longest to compile, and the most memory: 9,000 lines of elements and
/// types.
const LARGEST_OF_SUITE: &str = "msData/annotations/annotZ002.xsd";

/// A schema and all documents that it consists of.
struct Input {
    name: &'static str,
    documents: Vec<(String, String)>,
}

impl Input {
    fn compile(&self) -> Result<Schema, SchemaError> {
        let named: Vec<(&str, &str)> =
            self.documents.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Schema::from_documents(&named)
    }

    fn bytes(&self) -> usize {
        self.documents.iter().map(|(_, text)| text.len()).sum()
    }

    /// The baseline: every event of every document, ignored.
    fn read_raw(&self) -> usize {
        let mut events = 0;
        for (name, text) in &self.documents {
            let mut reader = Reader::from_str(text);
            while reader.read_event().unwrap_or_else(|error| unreachable!("{name}: {error}")) != Event::Eof {
                events += 1;
            }
        }
        events
    }

    /// Prints the size of the compiled form: all that compiling allocates, its peak, and what the schema keeps.
    fn say_size(&self) {
        let mut schema = None;
        let used = measure(|| schema = Some(self.compile()));
        let _ = writeln!(
            std::io::stderr(),
            "{}: {} bytes in {} documents; compiling allocates {} bytes, {} at one time; the schema keeps {}",
            self.name,
            self.bytes(),
            self.documents.len(),
            used.bytes_total,
            used.bytes_max,
            used.bytes_current
        );
        drop(schema);
    }
}

fn inputs() -> Vec<Input> {
    let embedded = |names: [&'static str; 4]| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/plesk");
        let read = |name: &str| (name.to_owned(), fs::read_to_string(folder.join(name)).expect("a schema of ours"));
        Input { name: names[0], documents: names.map(read).to_vec() }
    };
    let mut inputs = vec![
        embedded(["request.xsd", "migration_input.xsd", "common.xsd", "operators.xsd"]),
        embedded(["response.xsd", "migration_output.xsd", "common.xsd", "operators.xsd"]),
        Input { name: "a set of the vendor's shape, 16,000 lines", documents: vendor_shape::output_set() },
    ];
    match suite::Suite::find() {
        Ok(Some(suite)) => {
            let text = fs::read_to_string(suite.folder.join(LARGEST_OF_SUITE)).expect("a schema of the suite");
            let documents = vec![(LARGEST_OF_SUITE.to_owned(), text)];
            inputs.push(Input { name: "the largest schema of the W3C suite", documents });
        }
        _ => {
            let _ = writeln!(std::io::stderr(), "passed over: the W3C suite is not there (tests/data/xsts)");
        }
    }
    inputs
}

fn compile(criterion: &mut Criterion) {
    let inputs = inputs();
    inputs.iter().for_each(Input::say_size);
    let mut group = criterion.benchmark_group("compile");
    group.sample_size(10);
    for input in &inputs {
        group.throughput(Throughput::Bytes(input.bytes() as u64));
        group.bench_function(input.name, |bencher| {
            bencher.iter(|| black_box(input).compile().expect("a schema that compiles"));
        });
        group.bench_function(format!("{}, quick-xml raw", input.name), |bencher| {
            bencher.iter(|| black_box(input).read_raw());
        });
    }
    group.finish();
}

criterion_group!(benches, compile);
criterion_main!(benches);
