//! Evidence in the head of a request.

use super::PacketKind;
use super::evidence::Evidence;
use super::query;
use crate::dataworks;
use crate::http::Message;

/// The first piece of evidence in the head of a request.
pub(super) fn evidence(request: &Message<'_>) -> Option<Evidence> {
    PacketKind::ALL.into_iter().find_map(|kind| {
        let reason = (kind.column(|entry| entry.http.head))(request)?;
        Some(Evidence { kind, reason })
    })
}

/// A Plesk request: its path, or the fields that only Plesk has.
pub(super) fn plesk(request: &Message<'_>) -> Option<String> {
    const FIELDS: [&str; 2] = ["HTTP_AUTH_LOGIN", "HTTP_AUTH_PASSWD"];
    let target = request.request_line()?.parts();
    if target.path.text.eq_ignore_ascii_case("/enterprise/control/agent.php") {
        return Some("its path is `/enterprise/control/agent.php`".to_owned());
    }
    let field = FIELDS.into_iter().find(|name| request.field(name).is_some())?;
    Some(format!("its head has `{field}`"))
}

/// A DataWorks request: its query, or the field in which newer clients name the operation.
pub(super) fn dataworks(request: &Message<'_>) -> Option<String> {
    let query = request.request_line()?.parts().query;
    if let Some(evidence) = query.and_then(|query| query::evidence(query.text.as_bytes())) {
        return Some(evidence.reason);
    }
    let action = request.field("x-acs-action")?;
    let is_ours = action.value.eq_ignore_ascii_case(dataworks::Request::ACTION.as_bytes());
    is_ours.then(|| format!("its head has `x-acs-action: {}`", dataworks::Request::ACTION))
}

/// A request for the details of an SMS task. `PUT` and `DELETE` on the same path are other operations.
pub(super) fn sms_task(request: &Message<'_>) -> Option<String> {
    let method = &*request.request_line()?.method.text;
    let is_task = !task(request)?.contains('/') && !["PUT", "DELETE"].contains(&method);
    is_task.then(|| "its path is `/v3/tasks/{task_id}`".to_owned())
}

/// A progress report to SMS.
pub(super) fn sms_progress(request: &Message<'_>) -> Option<String> {
    let task = task(request)?;
    let is_report = task.strip_suffix("/progress").is_some_and(|id| !id.contains('/'));
    is_report.then(|| "its path is `/v3/tasks/{task_id}/progress`".to_owned())
}

/// What follows the task collection of SMS in a path.
pub(super) fn task(request: &Message<'_>) -> Option<String> {
    let target = request.request_line()?.parts();
    target.path.text.strip_prefix("/v3/tasks/").map(str::to_owned)
}

/// The host that a request is sent to, with its port if it names one.
pub(super) fn server(request: &Message<'_>) -> Option<String> {
    let in_target = request.request_line().and_then(|line| Some(line.parts().host?.text.into_owned()));
    let host = in_target.or_else(|| Some(request.field("Host")?.text().into_owned()))?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Its scheme and host; without a scheme in the target, `https` is assumed.
pub(super) fn endpoint(request: &Message<'_>) -> Option<String> {
    let scheme = request.request_line().and_then(|line| Some(line.parts().scheme?.text.to_ascii_lowercase()));
    Some(format!("{}://{}", scheme.as_deref().unwrap_or("https"), server(request)?))
}
