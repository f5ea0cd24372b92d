//! The values of a request that is nothing but a head.

use std::borrow::Cow;

use super::table::to_json;
use super::{EncodeError, head};
use crate::codec::Secret;
use crate::http::{self, Message};
use crate::sms::ShowTask;
use crate::{Error, Limits, json};

/// A question about a task, as JSON has it.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Values<'a> {
    /// Where it is sent.
    #[serde(borrow)]
    endpoint: Cow<'a, str>,
    /// The task.
    #[serde(borrow)]
    task_id: Cow<'a, str>,
    /// The token, which is written and never shown.
    #[serde(borrow, default, skip_serializing)]
    auth_token: Option<Secret<'a>>,
}

/// The values of a request, but for its token.
pub(super) fn decode(message: &Message<'_>, limits: &Limits) -> Result<Vec<u8>, Error> {
    let request = ShowTask::from_message_limited(message, limits)?;
    let endpoint = head::endpoint(message).unwrap_or_default();
    to_json(&Values { endpoint: endpoint.into(), task_id: (&*request.task_id).into(), auth_token: None })
}

/// The request of values, as it is sent.
pub(super) fn encode(values: &[u8], limits: &Limits) -> Result<Vec<u8>, EncodeError> {
    let Values { endpoint, task_id, auth_token } = json::from_slice(values, limits).map_err(EncodeError::Values)?;
    let write = || {
        let request = ShowTask::new(task_id)?;
        let request = match &auth_token {
            Some(token) => request.with_token(token.expose())?,
            None => request,
        };
        http::write_request(&request.to_http(&endpoint)?).map_err(Error::mismatch)
    };
    write().map_err(EncodeError::Packet)
}
