//! The functions for editors, at any place of any text: nothing panics, every place is inside the text and between
//! characters, and replaced text is within one line.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use packetcheck::Schema;
use packetcheck::assist::{complete, declaration, describe, outline};
use packetcheck::plesk::request_schema;

const MAX_BYTES: usize = 1 << 13;

static EVERYTHING: LazyLock<Schema> = LazyLock::new(|| {
    let text = include_str!("../schemas/everything.xsd");
    Schema::from_documents(&[("everything.xsd", text)]).expect("a schema that compiles")
});

// The first two bytes are the place.
fuzz_target!(|bytes: &[u8]| {
    let Some((place, bytes)) = bytes.split_first_chunk() else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if text.len() > MAX_BYTES {
        return;
    }
    let offset = usize::from(u16::from_le_bytes(*place));
    let is_between = |at: &usize| text.is_char_boundary(*at);
    let floor = (0..=offset.min(text.len())).rev().find(is_between).unwrap_or_default();
    for schema in [None, Some(request_schema()), Some(&*EVERYTHING)] {
        let found = complete(schema, text, offset);
        let replaced = text.get(found.span.clone()).expect("what is replaced is between characters");
        assert!(found.span.start <= floor && floor <= found.span.end, "{:?} is not around {floor}", found.span);
        assert!(!replaced.contains(['\n', '\r']), "more than a line: {replaced:?}");
    }
    for schema in [request_schema(), &*EVERYTHING] {
        if let Some(found) = describe(schema, text, offset) {
            assert!(text.get(found.span).is_some(), "what is described is between characters");
        }
        if let Some(found) = declaration(schema, text, offset) {
            assert!(found.text[found.offset..].starts_with('<'), "a declaration is an element");
        }
    }
    let mut last = 0;
    for symbol in outline(text) {
        assert!(text.get(symbol.span.clone()).is_some() && text.get(symbol.name_span.clone()).is_some(), "{symbol:?}");
        assert!(symbol.span.start >= last, "{symbol:?} after {last}");
        assert!(symbol.span.start <= symbol.name_span.start && symbol.name_span.end <= symbol.span.end, "{symbol:?}");
        last = symbol.span.start;
    }
});
