//! What recognises valid packets, generated from `schemas/plesk` (`packetcheck generate --verdict-only`).

#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
pub(super) mod request;
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
pub(super) mod response;
