//! The reader that continues after faults: it always ends, its starts and ends balance, and its places are in the
//! document and in order. If it finds a document well-formed, an independent reader accepts it, unless
//! it has a DOCTYPE. Runs with a DOCTYPE refused and allowed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packetcheck::Limits;
use packetcheck::xml::{Fault, FaultKind, Reader, Token};

const MAX_BYTES: usize = 1 << 16;

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_BYTES {
        return;
    }
    let mut allowing = Limits::default();
    allowing.allow_doctype = true;
    read(bytes, &Limits::default());
    read(bytes, &allowing);
});

fn read(bytes: &[u8], limits: &Limits) {
    let Ok(mut reader) = Reader::new(bytes, limits) else {
        return;
    };
    let mut faults = 0;
    let mut depth = 0_usize;
    let mut place = 0;
    loop {
        let mut count = |fault: Fault| {
            assert!(fault.span.start <= fault.span.end && fault.span.end <= bytes.len(), "a fault outside: {fault:?}");
            // A document declared as ASCII has no characters of several bytes.
            let is_ascii = matches!(fault.kind, FaultKind::EncodingMismatch { .. });
            if let Ok(text) = std::str::from_utf8(bytes)
                && !is_ascii
            {
                assert!(text.get(fault.span.clone()).is_some(), "a fault within a character: {fault:?}");
            }
            faults += 1;
        };
        let span = match reader.next(&mut count) {
            Token::Start { span, .. } => {
                depth += 1;
                span
            }
            Token::End { span, .. } => {
                depth = depth.checked_sub(1).expect("every end has its start");
                span
            }
            Token::Text { run, at, .. } => (at, at + run.raw.len()),
            Token::Eof => break,
        };
        // The end of `<a/>` is where its start is.
        assert!(span.0 <= span.1 && span.1 <= bytes.len() && span.1 >= place, "{span:?} after {place}");
        place = span.0;
    }
    assert_eq!(depth, 0, "every start has its end");
    // The other reader expands entities, and ignores some declarations.
    let has_doctype = bytes.windows("<!DOCTYPE".len()).any(|found| found == b"<!DOCTYPE");
    if faults == 0 && !has_doctype {
        let text = std::str::from_utf8(bytes).expect("what is well-formed is UTF-8");
        if let Err(error) = roxmltree::Document::parse(text) {
            panic!("well-formed here, refused elsewhere: {error}");
        }
    }
}
