//! A document in pieces has the verdict and the diagnostics of the whole document, wherever it is cut.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use packetcheck::Schema;
use packetcheck::diagnostic::Diagnostic;
use packetcheck::diagnostic::render::text;
use packetcheck::plesk::response_schema;

/// The approximate number of bytes of a document: some thousand are read ahead.
const DOCUMENT: usize = 12_000;

static EVERYTHING: LazyLock<Schema> = LazyLock::new(|| {
    let text = include_str!("../schemas/everything.xsd");
    Schema::from_documents(&[("everything.xsd", text)]).expect("a schema that compiles")
});

/// The parts that must be the same. Masked words depend on how far a secret extends in the rest of the document.
fn same(one: &Diagnostic, other: &Diagnostic) -> bool {
    let masked = |diagnostic: &Diagnostic| diagnostic.message.ends_with("which is masked");
    let words = |diagnostic: &Diagnostic| (diagnostic.message.clone(), diagnostic.help.clone());
    (one.code, one.severity, &one.span) == (other.code, other.severity, &other.span)
        && (masked(one) || masked(other) || words(one) == words(other))
}

fuzz_target!(|input: (u16, &[u8], &[u8])| {
    let (piece, part, again) = input;
    if part.len() > DOCUMENT || again.is_empty() || again.len() > DOCUMENT {
        return;
    }
    let piece = usize::from(piece) % DOCUMENT + 1;
    let repeated = again.repeat(DOCUMENT / again.len());
    let packet = [b"<packet><migration>", &repeated[..], part, b"</migration></packet>"].concat();
    let everything = [b"<r xmlns='urn:t'>", &repeated[..], part, b"</r>"].concat();
    for (schema, document) in [(response_schema(), packet), (&*EVERYTHING, everything)] {
        let whole = schema.explain(&document);
        let checked = schema.check_in_pieces(&document[..], piece).expect("bytes can be read");
        let is_valid = schema.is_valid_in_pieces(&document[..], piece).expect("bytes can be read");
        assert_eq!(is_valid, whole.is_valid(), "{whole}");
        assert_eq!((checked.report.errors, checked.report.warnings), (whole.errors, whole.warnings), "{whole}");
        let is_well_formed = !whole.diagnostics.iter().any(|diagnostic| diagnostic.code.as_str().starts_with("PC01"));
        for (one, other) in whole.diagnostics.iter().zip(&checked.report.diagnostics) {
            assert!(same(one, other), "{one:#?}\n{other:#?}");
            // A whole document that is not well-formed is read again for the paths, and may then be read differently.
            assert!(!is_well_formed || one.path == other.path, "{one:#?}\n{other:#?}");
        }
        text::diagnostics("-", &checked.lines, &checked.report.diagnostics, false);
    }
});
