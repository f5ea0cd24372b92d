//! Captures of HTTP: whatever the bytes are, everything that is read from them is in its place and within the limits. A
//! message that can be sent is read back unchanged, and the report on it as a message of each system has places inside
//! it.

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
    // Small, so that it is reached.
    limits.decoded_bytes = 1 << 12;
    capture::holds(bytes, &limits);
    captured::holds(bytes, &limits);
});
