//! Fixing never makes a document worse, and fixing it again changes nothing.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use packetcheck::diagnostic::Report;
use packetcheck::fix::{FixOptions, apply, fix, fixes};
use packetcheck::plesk::response_schema;
use packetcheck::{Limits, PacketKind, Schema, check};

/// Each document is checked many times.
const MAX_BYTES: usize = 1 << 12;

static EVERYTHING: LazyLock<Schema> = LazyLock::new(|| {
    let text = include_str!("../schemas/everything.xsd");
    Schema::from_documents(&[("everything.xsd", text)]).expect("a schema that compiles")
});

fn holds(document: &[u8], explain: &dyn Fn(&[u8]) -> Report) {
    let before = explain(document);
    for allow_unsafe in [false, true] {
        let options = FixOptions::new().allow_unsafe(allow_unsafe);
        let fixed = fix(document, &options, explain);
        assert_eq!(explain(&fixed.document), fixed.remaining);
        assert_eq!(fixed.document == document, fixed.applied.is_empty(), "{:#?}", fixed.applied);
        let counts = |report: &Report| (report.errors, report.warnings);
        assert!(
            fixed.applied.is_empty() || counts(&fixed.remaining) < counts(&before),
            "{before}\n{}",
            fixed.remaining
        );
        assert!(fixed.applied.iter().all(|fix| fix.span.end <= document.len() && (fix.is_safe || allow_unsafe)));
        let again = fix(&fixed.document, &options, explain);
        assert!(again.applied.is_empty(), "{:#?}", again.applied);
    }
    for fix in fixes(document, &before, explain) {
        let inside =
            |edit: &packetcheck::fix::Edit| edit.span.start <= edit.span.end && edit.span.end <= document.len();
        assert!(fix.edits.iter().all(inside), "{fix:#?}");
        assert!(fix.edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{fix:#?}");
        let alone = explain(&apply(document, std::slice::from_ref(&fix)));
        assert!(alone.errors <= before.errors, "{fix:#?}");
    }
}

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_BYTES {
        return;
    }
    holds(bytes, &|document| response_schema().explain(document));
    holds(bytes, &|document| EVERYTHING.explain(document));
    holds(bytes, &|document| check::well_formed(document, &Limits::default()));
    holds(bytes, &|document| PacketKind::SmsTask.explain(document));
});
