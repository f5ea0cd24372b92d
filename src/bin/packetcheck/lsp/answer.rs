//! Requests about documents, and the functions that answer them.

use lsp_server::{ErrorCode, Request, Response};
use serde_json::Value;

use super::server::Snapshot;
use super::workspace::Workspace;
use super::{actions, complete, definition, format, hover, symbols};

/// Why a request has no result.
#[derive(Debug)]
pub(crate) struct Refusal {
    code: ErrorCode,
    why: String,
}

impl Refusal {
    /// The request is valid but cannot be fulfilled.
    pub(crate) fn failed(why: String) -> Refusal {
        Refusal { code: ErrorCode::RequestFailed, why }
    }
}

/// Parameters that cannot be read.
impl From<String> for Refusal {
    fn from(why: String) -> Refusal {
        Refusal { code: ErrorCode::InvalidParams, why }
    }
}

/// Answers one kind of request.
type Answer = fn(&Snapshot, &Workspace, &Value) -> Result<Value, Refusal>;

const ANSWERS: &[(&str, Answer)] = &[
    ("textDocument/completion", complete::complete),
    ("textDocument/hover", hover::hover),
    ("textDocument/documentSymbol", symbols::symbols),
    ("textDocument/formatting", format::formatting),
    ("textDocument/definition", definition::definition),
    ("textDocument/codeAction", actions::actions),
];

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
        Some(Err(Refusal { code, why })) => Response::new_err(id, code as i32, why),
        None => Response::new_err(id, ErrorCode::MethodNotFound as i32, "not supported".to_owned()),
    }
}
