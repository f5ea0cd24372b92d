//! Rules give the same report with prediction and with the walk alone.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use packetcheck::Schema;
use packetcheck::plesk::response_schema;

const MAX_BYTES: usize = 1 << 14;

static RULES: LazyLock<Schema> = LazyLock::new(|| {
    let text = include_str!("../schemas/rules.xsd");
    Schema::from_documents(&[("rules.xsd", text)]).expect("a schema that compiles")
});

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_BYTES {
        return;
    }
    for schema in [&*RULES, response_schema()] {
        let report = schema.explain_without_prediction(bytes);
        assert_eq!(schema.is_valid(bytes), report.is_valid(), "{report:#?}");
        assert_eq!(schema.explain(bytes).diagnostics, report.diagnostics, "prediction differs from the walk");
    }
});
