//! Any text as a schema: it compiles or is refused without a panic or a hang; with a compiled schema, all paths give
//! the same verdict.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packetcheck::Schema;

const MAX_BYTES: usize = 1 << 14;

/// Documents for schemas that happen to compile.
const DOCUMENTS: &[&[u8]] = &[
    b"<a/>",
    b"<a> 1 </a>",
    b"<a c='1'><b>x</b><b/><c/></a>",
    b"<r a='1'><a/><c>x</c><n><low>1</low></n></r>",
    b"<r xmlns='urn:t'><n/><v>9</v><i>1 2</i></r>",
];

fuzz_target!(|text: &str| {
    if text.len() > MAX_BYTES {
        return;
    }
    let Ok(schema) = Schema::from_documents(&[("fuzz.xsd", text)]) else {
        return;
    };
    for document in DOCUMENTS {
        assert_eq!(schema.is_valid(document), schema.explain_without_prediction(document).is_valid());
    }
});
