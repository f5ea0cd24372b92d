//! Captures of HTTP: whatever the bytes are, what is read of them is where it says it is, within the limits; what can be
//! sent is read again as it was; and what is said of it as a message of each system is in it too.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packetcheck::Limits;

#[path = "../../tests/support/capture.rs"]
mod capture;
#[path = "../../tests/support/captured.rs"]
mod captured;

const MAX_BYTES: usize = 1 << 16;

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_BYTES {
        return;
    }
    let mut limits = Limits::default();
    // Small, so that it is met.
    limits.decoded_bytes = 1 << 12;
    capture::holds(bytes, &limits);
    captured::holds(bytes, &limits);
});
