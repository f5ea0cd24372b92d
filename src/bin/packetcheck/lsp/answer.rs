//! Requests about documents, and who answers them.

use lsp_server::{ErrorCode, Request, Response};
use serde_json::Value;

use super::server::Snapshot;
use super::workspace::Workspace;

/// Answers one kind of request; what it returns is the result, or why there is none.
type Answer = fn(&Snapshot, &Workspace, &Value) -> Result<Value, String>;

const ANSWERS: &[(&str, Answer)] = &[];

fn of(method: &str) -> Option<Answer> {
    ANSWERS.iter().find(|(known, _)| *known == method).map(|(_, answer)| *answer)
}

pub(crate) fn is_known(method: &str) -> bool {
    of(method).is_some()
}

/// The answer to a request about a document.
pub(crate) fn answer(request: &Request, snapshot: &Snapshot, workspace: &Workspace) -> Response {
    let id = request.id.clone();
    match of(&request.method).map(|answer| answer(snapshot, workspace, &request.params)) {
        Some(Ok(result)) => Response::new_ok(id, result),
        Some(Err(why)) => Response::new_err(id, ErrorCode::InvalidParams as i32, why),
        None => Response::new_err(id, ErrorCode::MethodNotFound as i32, "not supported".to_owned()),
    }
}
