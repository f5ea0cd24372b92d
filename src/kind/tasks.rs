//! The tasks that requests name.

#[cfg(feature = "http")]
use percent_encoding::percent_decode_str;

#[cfg(feature = "http")]
use super::head;
#[cfg(feature = "http")]
use crate::http::Message;
use crate::{Limits, dataworks, plesk};

/// The migrations whose status a Plesk request asks for, in the order of the answers; empty if one is not a text.
pub(super) fn plesk(request: &[u8], limits: &Limits) -> Vec<String> {
    let Ok(request) = plesk::Request::decode_limited(request, limits) else { return Vec::new() };
    request.get_status_ids().map(|id| id.as_text().unwrap_or_default().to_owned()).collect()
}

/// The migration package that a DataWorks query asks about.
pub(super) fn dataworks_query(request: &[u8], limits: &Limits) -> Vec<String> {
    let request = dataworks::Request::decode_limited(request, limits);
    request.iter().filter_map(|request| request.get("MigrationId").map(str::to_owned)).collect()
}

/// The migration package that a DataWorks request asks about, in its query or its body.
#[cfg(feature = "http")]
pub(super) fn dataworks(request: &Message<'_>, _: &Limits) -> Vec<String> {
    let request = dataworks::Request::from_message(request);
    request.iter().filter_map(|request| request.get("MigrationId").map(str::to_owned)).collect()
}

/// The task in the path of an SMS request.
#[cfg(feature = "http")]
pub(super) fn sms(request: &Message<'_>, _: &Limits) -> Vec<String> {
    let Some(task) = head::task(request) else { return Vec::new() };
    let id = task.strip_suffix("/progress").unwrap_or(&task);
    vec![percent_decode_str(id).decode_utf8_lossy().into_owned()]
}
