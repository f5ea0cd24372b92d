//! An editor: it starts the server, and sends and receives what editors do, over standard input and output.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Editor {
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Messages that arrived while another one was awaited.
    others: Vec<Value>,
    requests: i32,
}

/// The capabilities of an editor that supports everything the server uses.
pub(crate) fn capabilities(encodings: &[&str]) -> Value {
    json!({
        "general": { "positionEncodings": encodings },
        "textDocument": {
            "completion": { "completionItem": { "snippetSupport": true } },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "publishDiagnostics": { "relatedInformation": true },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } },
        },
        "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } },
    })
}

impl Editor {
    /// Starts the server in a folder, without sending anything yet.
    pub(crate) fn silent(folder: &Path, arguments: &[&str]) -> Outcome<Editor> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packetcheck"));
        command.arg("lsp").args(arguments).current_dir(folder);
        command.env("XDG_CACHE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"));
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut output = BufReader::new(server.stdout.take().ok_or("no standard output")?);
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Ok(Some(message)) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = server.stdin.take();
        Ok(Editor { server, input, messages, others: Vec::new(), requests: 0 })
    }

    /// Starts the server, and agrees with it on an encoding.
    pub(crate) fn start(folder: &Path, arguments: &[&str], encodings: &[&str]) -> Outcome<Editor> {
        let mut editor = Editor::silent(folder, arguments)?;
        editor.request("initialize", json!({ "processId": null, "capabilities": capabilities(encodings) }))?;
        editor.notify("initialized", json!({}))?;
        let registration = editor.wait(|message| message["method"] == "client/registerCapability")?;
        editor.send(&json!({ "jsonrpc": "2.0", "id": registration["id"], "result": null }))?;
        Ok(editor)
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        let input = self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        input.write_all(bytes)?;
        input.flush()
    }

    pub(crate) fn send(&mut self, message: &Value) -> io::Result<()> {
        let text = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes())
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) -> io::Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Sends a request, and returns its number.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> io::Result<i32> {
        self.requests += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.requests, "method": method, "params": params }))?;
        Ok(self.requests)
    }

    /// Sends a request and waits for the complete answer.
    pub(crate) fn request_any(&mut self, method: &str, params: Value) -> Outcome<Value> {
        let id = self.ask(method, params)?;
        self.wait(|message| message["id"] == id && message.get("method").is_none())
    }

    /// Sends a request and waits for its result.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Outcome<Value> {
        let mut answer = self.request_any(method, params)?;
        match answer.get_mut("result") {
            Some(result) => Ok(result.take()),
            None => Err(answer.to_string().into()),
        }
    }

    /// Waits for the next message that satisfies a condition.
    pub(crate) fn wait(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Outcome<Value> {
        if let Some(index) = self.others.iter().position(&is_wanted) {
            return Ok(self.others.remove(index));
        }
        let until = Instant::now() + PATIENCE;
        loop {
            let message = self.messages.recv_timeout(until.saturating_duration_since(Instant::now()))?;
            if is_wanted(&message) {
                return Ok(message);
            }
            self.others.push(message);
        }
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) -> io::Result<()> {
        let document = json!({ "uri": uri, "languageId": "xml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }))
    }

    /// Replaces a range, given by first and last line and character.
    pub(crate) fn change(&mut self, uri: &str, version: i32, range: [u32; 4], text: &str) -> io::Result<()> {
        let changes = json!([{ "range": range_of(range), "text": text }]);
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }))
    }

    /// The diagnostics of a version of a document.
    pub(crate) fn diagnostics(&mut self, uri: &str, version: i32) -> Outcome<Vec<Value>> {
        let message = self.wait(|message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        })?;
        Ok(message["params"]["diagnostics"].as_array().cloned().unwrap_or_default())
    }

    /// Sends a request about a position.
    pub(crate) fn at(&mut self, method: &str, uri: &str, line: u32, character: u32) -> Outcome<Value> {
        let position = json!({ "line": line, "character": character });
        self.request(method, json!({ "textDocument": { "uri": uri }, "position": position }))
    }

    /// Closes standard input, which also happens when an editor ends.
    pub(crate) fn hang_up(&mut self) {
        self.input = None;
    }

    /// Waits for the server to end.
    pub(crate) fn end(&mut self) -> Outcome<ExitStatus> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.server.try_wait()? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        Err("the server does not end".into())
    }

    /// Ends the server as editors do.
    pub(crate) fn quit(mut self) -> Outcome {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        match self.end()?.code() {
            Some(0) => Ok(()),
            code => Err(format!("ended with {code:?}").into()),
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

pub(crate) fn range_of([line, character, last, end]: [u32; 4]) -> Value {
    json!({ "start": { "line": line, "character": character }, "end": { "line": last, "character": end } })
}

fn read(stream: &mut impl BufRead) -> Outcome<Option<Value>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}
