//! `lsp`: a server for editors.
//!
//! ```text
//!  stdin ──transport──▶ server ──steps──┬─▶ a thread that checks: of each document only the newest version
//!                          ▲            └─▶ a thread that answers requests, on documents as they were then
//!  stdout ◀────────────────┴── diagnostics, answers
//! ```
//!
//! `server` handles every message at once and does nothing that takes long, so its documents are always those of the editor,
//! whatever is being checked. Results for an outdated version are dropped.

mod actions;
mod answer;
mod complete;
mod definition;
mod diagnose;
mod format;
mod hover;
mod protocol;
mod queue;
mod server;
mod symbols;
#[cfg(test)]
mod tests;
mod text;
mod transport;
mod uri;
mod workspace;

use std::io::{self, BufReader, BufWriter, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use lsp_server::{ErrorCode, Message, Request, RequestId, Response};

use serde_json::json;

use crate::args::LspArguments;
use crate::output::complain;
use crate::status::{Status, Trouble};
use protocol::{Diagnostic, PublishDiagnostics};
use queue::Queue;
use server::{Documents, Server, Snapshot, Step, refusal};
use transport::{Received, receive};
use workspace::Workspace;

/// Serves until the client ends the session or is gone.
pub(crate) fn run(arguments: LspArguments) -> Result<Status, Trouble> {
    let (sender, events) = channel();
    let workspace = Arc::new(Workspace::new(arguments));
    let threads = Threads::start(workspace, &sender);
    thread::spawn(move || read_all(&sender));
    serve(&events, &threads, &mut BufWriter::new(io::stdout().lock()))
}

/// What the main loop waits for.
enum Event {
    Received(Received),
    /// All errors and warnings of a version of a document.
    Checked(Snapshot, Vec<Diagnostic>),
    Answered(Response),
}

/// The jobs of the threads that do slow work.
struct Threads {
    checks: Arc<Queue<String, (Snapshot, Documents)>>,
    requests: Arc<Queue<RequestId, (Request, Snapshot)>>,
}

impl Threads {
    fn start(workspace: Arc<Workspace>, events: &Sender<Event>) -> Threads {
        let (checks, requests) = (Arc::new(Queue::new()), Arc::new(Queue::new()));
        let threads = Threads { checks: Arc::clone(&checks), requests: Arc::clone(&requests) };
        let (sender, shared) = (events.clone(), Arc::clone(&workspace));
        thread::spawn(move || {
            loop {
                let (_, (snapshot, open)): (String, (Snapshot, Documents)) = checks.take();
                let found = diagnose::diagnose(&snapshot, &open, &shared);
                if sender.send(Event::Checked(snapshot, found)).is_err() {
                    return;
                }
            }
        });
        let sender = events.clone();
        thread::spawn(move || {
            loop {
                let (_, (request, snapshot)) = requests.take();
                if sender.send(Event::Answered(answer::answer(&request, &snapshot, &workspace))).is_err() {
                    return;
                }
            }
        });
        threads
    }
}

fn read_all(events: &Sender<Event>) {
    let mut stream = BufReader::new(io::stdin());
    loop {
        let received = receive(&mut stream);
        let is_over = matches!(received, Received::End);
        if events.send(Event::Received(received)).is_err() || is_over {
            return;
        }
    }
}

fn serve(events: &Receiver<Event>, threads: &Threads, output: &mut impl Write) -> Result<Status, Trouble> {
    let mut server = Server::new();
    for event in events {
        let steps = match event {
            Event::Received(Received::Message(message)) => server.handle(message),
            Event::Received(Received::Malformed(why)) => {
                complain(&why);
                refuse(output, &why)?;
                Vec::new()
            }
            // The client is gone without `exit`.
            Event::Received(Received::End) => return Ok(Status::Invalid),
            Event::Checked(checked, found) => publish(&server, &checked, &found).into_iter().collect(),
            Event::Answered(response) => vec![Step::Send(response.into())],
        };
        for step in steps {
            match step {
                Step::Send(message) => send(output, &message)?,
                Step::Check(snapshot) => {
                    threads.checks.put(snapshot.uri.clone(), (snapshot, server.documents().clone()));
                }
                Step::Answer(request, snapshot) => threads.requests.put(request.id.clone(), (request, snapshot)),
                Step::Cancel(id) => {
                    if threads.requests.remove(&id).is_some()
                        && let Step::Send(message) = refusal(id, ErrorCode::RequestCanceled, "canceled".to_owned())
                    {
                        send(output, &message)?;
                    }
                }
                Step::Exit(true) => return Ok(Status::Valid),
                Step::Exit(false) => return Ok(Status::Invalid),
            }
        }
    }
    Ok(Status::Invalid)
}

/// The diagnostics of a document, if that is still its newest version.
fn publish(server: &Server, checked: &Snapshot, found: &[Diagnostic]) -> Option<Step> {
    let newest = server.document(&checked.uri).filter(|newest| newest.version == checked.version)?;
    let diagnostics = PublishDiagnostics { uri: &newest.uri, version: Some(newest.version), diagnostics: found };
    Some(Step::Send(server::publish(&diagnostics)))
}

/// The answer to bytes that are not a message, and so have no id.
fn refuse(output: &mut impl Write, why: &str) -> Result<(), Trouble> {
    let error = json!({ "code": ErrorCode::ParseError as i32, "message": why });
    let text = json!({ "jsonrpc": "2.0", "id": null, "error": error }).to_string();
    let written = write!(output, "Content-Length: {}\r\n\r\n{text}", text.len()).and_then(|()| output.flush());
    written.map_err(|error| Trouble::writing(&error))
}

fn send(output: &mut impl Write, message: &Message) -> Result<(), Trouble> {
    message.write(output).map_err(|error| Trouble::writing(&error))
}
