//! Messages as plain serde structs: the same values as in packetcheck, without the checks.

pub mod dataworks;
pub mod plesk;
pub mod sms;

use std::borrow::Cow;

use serde::Deserialize;

/// A text that borrows if possible. (serde copies an `Option<Cow<str>>`; a type of its own borrows.)
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);
