//! Requests as query strings: exactly those without errors decode, and a written request has the same content.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packetcheck::dataworks::Request;
use packetcheck::{Limits, PacketKind};

const MAX_BYTES: usize = 1 << 16;

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_BYTES {
        return;
    }
    // Explaining any bytes is safe, and its two paths agree.
    let _ = PacketKind::detect(bytes);
    for kind in PacketKind::ALL {
        assert_eq!(kind.is_valid(bytes), kind.explain(bytes).is_valid(), "{kind}");
    }
    let request = Request::decode(bytes);
    assert_eq!(request.is_ok(), Request::explain(bytes, &Limits::default()).is_valid(), "{request:#?}");
    if let Ok(request) = request {
        let written = request.encode().expect("what was read can be written");
        let again = Request::decode(written.as_bytes()).expect("what we write can be read");
        assert_eq!(again.into_owned(), request.into_owned());
    }
});
