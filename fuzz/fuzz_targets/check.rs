//! Verdict, report and decoding agree on any bytes, prediction with the walk alone, and reports are sound.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use packetcheck::plesk::{request_schema, response_schema};
use packetcheck::{Limits, Schema, xml};
use serde::de::IgnoredAny;

const MAX_BYTES: usize = 1 << 16;

static EVERYTHING: LazyLock<Schema> = LazyLock::new(|| {
    let text = include_str!("../schemas/everything.xsd");
    Schema::from_documents(&[("everything.xsd", text)]).expect("a schema that compiles")
});

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_BYTES {
        return;
    }
    // Values borrow from UTF-8.
    let decoded = xml::decode(bytes, &Limits::default());
    for schema in [request_schema(), response_schema(), &*EVERYTHING] {
        let report = schema.explain(bytes);
        let alone = schema.explain_without_prediction(bytes);
        assert_eq!(report.diagnostics, alone.diagnostics, "prediction differs from the walk");
        assert_eq!(schema.is_valid(bytes), report.is_valid(), "{report:#?}");
        let reads = |text: &[u8]| schema.decode::<IgnoredAny>(text).is_ok();
        assert_eq!(decoded.as_deref().is_ok_and(reads), report.is_valid(), "{report:#?}");
        for diagnostic in &report.diagnostics {
            let span = &diagnostic.span;
            assert!(span.start <= span.end && span.end <= bytes.len(), "outside: {diagnostic:#?}");
        }
    }
});
