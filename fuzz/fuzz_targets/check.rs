//! The quick path and the complete path give one verdict on any bytes, and what the complete path tells is sound.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use packetcheck::Schema;
use packetcheck::plesk::{request_schema, response_schema};

const MAX_BYTES: usize = 1 << 16;

static EVERYTHING: LazyLock<Schema> = LazyLock::new(|| {
    let text = include_str!("../schemas/everything.xsd");
    Schema::from_documents(&[("everything.xsd", text)]).expect("a schema that compiles")
});

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_BYTES {
        return;
    }
    for schema in [request_schema(), response_schema(), &*EVERYTHING] {
        let report = schema.explain_without_prediction(bytes);
        assert_eq!(schema.is_valid(bytes), report.is_valid(), "{report:#?}");
        assert_eq!(schema.explain(bytes).diagnostics, report.diagnostics, "warnings are seen on the quick path too");
        for diagnostic in &report.diagnostics {
            let span = &diagnostic.span;
            assert!(span.start <= span.end && span.end <= bytes.len(), "outside: {diagnostic:#?}");
        }
    }
});
