//! The values of a request that consists of a head only.

use std::borrow::Cow;

use super::table::to_json;
use super::{EncodeError, head};
use crate::codec::Secret;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::words::json as say;
use crate::diagnostic::{Code, Diagnostic, Report, Severity};
use crate::http::{self, Message};
use crate::sms::ShowTask;
use crate::{Error, Limits, json};

/// A request for the details of a task, as in JSON.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Values<'a> {
    /// The endpoint it is sent to.
    #[serde(borrow)]
    endpoint: Cow<'a, str>,
    /// The task.
    #[serde(borrow)]
    task_id: Cow<'a, str>,
    /// The token, which is accepted but never output.
    #[serde(borrow, default, skip_serializing)]
    auth_token: Option<Secret<'a>>,
}

/// The values of a request, except its token.
pub(super) fn decode(message: &Message<'_>, limits: &Limits) -> Result<Vec<u8>, Error> {
    let request = ShowTask::from_message_limited(message, limits)?;
    let endpoint = head::endpoint(message).unwrap_or_default();
    to_json(&Values { endpoint: endpoint.into(), task_id: (&*request.task_id).into(), auth_token: None })
}

/// The request for given values, as it is sent.
pub(super) fn encode(values: &[u8], limits: &Limits) -> Result<Vec<u8>, EncodeError> {
    let Values { endpoint, task_id, auth_token } = json::from_slice(values, limits).map_err(EncodeError::Values)?;
    // Each on its own, with valid values for the rest, so that one error does not hide another.
    let token = |token: &str| ShowTask::new("1")?.with_token(token.to_owned()).map(drop);
    let wrong = [
        ("endpoint", Code::MalformedHost, ShowTask::new("1").and_then(|request| request.to_http(&endpoint)).map(drop)),
        (
            "task_id",
            Code::PathParameter,
            ShowTask::new(&*task_id).and_then(|request| request.to_http("https://localhost")).map(drop),
        ),
        ("auth_token", Code::HeaderParameter, auth_token.as_ref().map_or(Ok(()), |secret| token(secret.expose()))),
    ];
    let wrong: Vec<_> =
        wrong.into_iter().filter_map(|(name, code, result)| Some((name, code, result.err()?))).collect();
    if !wrong.is_empty() {
        return Err(EncodeError::Values(Error::invalid(report(values, wrong, limits), values)));
    }
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

/// The errors of members, at their values.
fn report(values: &[u8], wrong: Vec<(&str, Code, Error)>, limits: &Limits) -> Report {
    let (members, _) = json::members(values).unwrap_or_default();
    let mut kept = KeptDiagnostics::new(limits);
    for (name, code, error) in wrong {
        let member = members.iter().find(|member| member.name == name);
        let span = member.map_or(0..0, |member| member.value_span.clone());
        let words = || say::of_operation(code, error.to_string());
        kept.add(Severity::Error, || Diagnostic::new(words(), span, format!("/{name}")));
    }
    let mut report = kept.finish();
    secret::conceal(&mut report, values, &SecretNames::of_credentials());
    report
}
