//! What a message changes, and what has to be done about it. Nothing here waits or performs input or output: the same
//! messages always result in the same steps.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::protocol::{Cancel, Client, DidChange, DidOpen, OfDocument, PublishDiagnostics};
use super::text::Text;
use super::{actions, answer, complete, uri};

/// One version of an open document. It never changes.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) uri: String,
    /// The path, if it is a file.
    pub(crate) path: Option<PathBuf>,
    pub(crate) version: i32,
    pub(crate) text: Arc<Text>,
    pub(crate) client: Arc<Client>,
}

/// All open documents, by their URIs.
pub(crate) type Documents = BTreeMap<String, Snapshot>;

/// Something that has to be done.
#[derive(Debug)]
pub(crate) enum Step {
    Send(Message),
    /// Find the errors of a document, and publish them.
    Check(Snapshot),
    /// Answer a request about a document.
    Answer(Request, Snapshot),
    /// The client no longer waits for this answer.
    Cancel(RequestId),
    /// End the server; the flag tells whether `shutdown` came before.
    Exit(bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Before `initialize`.
    New,
    Running,
    /// After `shutdown`.
    ShutDown,
}

#[derive(Debug)]
pub(crate) struct Server {
    phase: Phase,
    client: Arc<Client>,
    documents: Documents,
}

impl Server {
    pub(crate) fn new() -> Server {
        Server { phase: Phase::New, client: Arc::default(), documents: Documents::new() }
    }

    /// The document of this URI, if it is open.
    pub(crate) fn document(&self, uri: &str) -> Option<&Snapshot> {
        self.documents.get(uri)
    }

    pub(crate) fn documents(&self) -> &Documents {
        &self.documents
    }

    pub(crate) fn handle(&mut self, message: Message) -> Vec<Step> {
        match message {
            Message::Request(request) => vec![self.request(request)],
            Message::Notification(notification) => self.notification(notification),
            // Nothing waits for the answers of the client.
            Message::Response(_) => Vec::new(),
        }
    }

    fn request(&mut self, request: Request) -> Step {
        let refuse = |code, why: String| refusal(request.id.clone(), code, why);
        match (self.phase, request.method.as_str()) {
            (Phase::New, "initialize") => {
                self.phase = Phase::Running;
                self.client = Arc::new(Client::of(&request.params));
                Step::Send(Response::new_ok(request.id, capabilities(&self.client)).into())
            }
            (Phase::New, _) => refuse(ErrorCode::ServerNotInitialized, "expected `initialize` first".to_owned()),
            (_, "initialize") => refuse(ErrorCode::InvalidRequest, "expected `initialize` once".to_owned()),
            (Phase::ShutDown, _) => refuse(ErrorCode::InvalidRequest, "expected `exit` after `shutdown`".to_owned()),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                Step::Send(Response::new_ok(request.id, Value::Null).into())
            }
            (Phase::Running, method) if answer::is_known(method) => self.about_document(request),
            (Phase::Running, method) => {
                refuse(ErrorCode::MethodNotFound, format!("the method `{}` is not supported", method.escape_debug()))
            }
        }
    }

    fn about_document(&self, request: Request) -> Step {
        match read::<OfDocument>(&request.params) {
            Err(why) => refusal(request.id, ErrorCode::InvalidParams, why),
            Ok(OfDocument { text_document }) => match self.documents.get(&text_document.uri) {
                Some(snapshot) => Step::Answer(request, snapshot.clone()),
                None => refusal(request.id, ErrorCode::InvalidParams, "expected an open document".to_owned()),
            },
        }
    }

    /// A notification with wrong parameters is ignored, since there are no answers to notifications.
    fn notification(&mut self, notification: Notification) -> Vec<Step> {
        let Notification { method, params } = notification;
        match (self.phase, method.as_str()) {
            (phase, "exit") => vec![Step::Exit(phase == Phase::ShutDown)],
            (Phase::New | Phase::ShutDown, _) => Vec::new(),
            (Phase::Running, "initialized") if self.client.watches_files => vec![Step::Send(watch_files().into())],
            (Phase::Running, "textDocument/didOpen") => read(&params).map(|open| self.open(open)).unwrap_or_default(),
            (Phase::Running, "textDocument/didChange") => {
                read(&params).map(|change| self.change(change)).unwrap_or_default()
            }
            (Phase::Running, "textDocument/didClose") => {
                read(&params).map(|close| self.close(&close)).unwrap_or_default()
            }
            // The file may be the schema or the configuration of open documents.
            (Phase::Running, "textDocument/didSave" | "workspace/didChangeWatchedFiles") => {
                self.documents.values().cloned().map(Step::Check).collect()
            }
            (Phase::Running, "$/cancelRequest") => {
                read::<Cancel>(&params).map(|cancel| vec![Step::Cancel(cancel.id)]).unwrap_or_default()
            }
            (Phase::Running, _) => Vec::new(),
        }
    }

    fn open(&mut self, DidOpen { text_document: opened }: DidOpen) -> Vec<Step> {
        let snapshot = Snapshot {
            path: uri::to_path(&opened.uri),
            uri: opened.uri.clone(),
            version: opened.version,
            text: Arc::new(Text::new(opened.text, self.client.counts_bytes)),
            client: Arc::clone(&self.client),
        };
        self.documents.insert(opened.uri, snapshot.clone());
        vec![Step::Check(snapshot)]
    }

    fn change(&mut self, DidChange { text_document, content_changes }: DidChange) -> Vec<Step> {
        let Some(document) = self.documents.get_mut(&text_document.uri) else { return Vec::new() };
        let text = Arc::make_mut(&mut document.text);
        content_changes.into_iter().for_each(|change| text.change(change));
        document.version = text_document.version;
        vec![Step::Check(document.clone())]
    }

    /// The diagnostics of a closed document are removed.
    fn close(&mut self, OfDocument { text_document }: &OfDocument) -> Vec<Step> {
        match self.documents.remove(&text_document.uri) {
            Some(closed) => {
                vec![Step::Send(publish(&PublishDiagnostics { uri: &closed.uri, version: None, diagnostics: &[] }))]
            }
            None => Vec::new(),
        }
    }
}

pub(crate) fn publish(diagnostics: &PublishDiagnostics<'_>) -> Message {
    notification("textDocument/publishDiagnostics", diagnostics)
}

fn notification(method: &str, params: impl serde::Serialize) -> Message {
    let params = serde_json::to_value(params).unwrap_or_default();
    Notification { method: method.to_owned(), params }.into()
}

pub(crate) fn refusal(id: RequestId, code: ErrorCode, why: String) -> Step {
    Step::Send(Response::new_err(id, code as i32, why).into())
}

/// Parses the parameters of a message, or returns why they are invalid.
pub(crate) fn read<T: DeserializeOwned>(params: &Value) -> Result<T, String> {
    T::deserialize(params).map_err(|_| "expected the parameters that the protocol states for this method".to_owned())
}

fn capabilities(client: &Client) -> Value {
    json!({
        "capabilities": {
            "positionEncoding": client.position_encoding(),
            "textDocumentSync": { "openClose": true, "change": 2, "save": true },
            "completionProvider": { "triggerCharacters": complete::TRIGGERS },
            "hoverProvider": true,
            "documentSymbolProvider": true,
            "documentFormattingProvider": true,
            "definitionProvider": true,
            "codeActionProvider": { "codeActionKinds": actions::KINDS },
        },
        "serverInfo": { "name": "packetcheck", "version": env!("CARGO_PKG_VERSION") },
    })
}

/// Asks the client to report changes of schemas, catalogs and configurations.
fn watch_files() -> Request {
    let globs = ["**/packetcheck.toml", "**/*.xsd", "**/*.wsdl", "**/*catalog*.xml"];
    let watchers: Vec<Value> = globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
    let registration = json!({
        "id": "files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": { "watchers": watchers },
    });
    let params = json!({ "registrations": [registration] });
    Request { id: RequestId::from("files".to_owned()), method: "client/registerCapability".to_owned(), params }
}
