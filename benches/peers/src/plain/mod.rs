//! Messages as plain serde structs: the values that packetcheck gives, none of the checks.

pub mod dataworks;
pub mod plesk;
pub mod sms;

use std::borrow::Cow;

use serde::Deserialize;

/// A text that borrows where it can. (serde copies an `Option<Cow<str>>`; as a type of its own it borrows.)
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);
