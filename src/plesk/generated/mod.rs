//! The types of packets, with what reads and writes them: generated from `schemas/plesk` (`packetcheck::generate`).
//! `tests/support/built_in.rs` says how, and `UPDATE_GOLDEN=1 cargo test --all-features --test command generated` does it again.

#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
pub(super) mod request;
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
pub(super) mod response;
