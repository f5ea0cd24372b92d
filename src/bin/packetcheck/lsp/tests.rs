//! Any messages in any order: nothing panics, every request gets one answer, and every position in an answer exists in the text.

use clap::Parser;
use lsp_server::{Message, Notification, Request, RequestId, Response};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::protocol::Position;
use super::server::{Server, Step};
use super::workspace::Workspace;
use super::{answer, diagnose, publish};
use crate::args::{Arguments, Command};

const URIS: [&str; 4] =
    ["file:///no/such/folder/a.xml", "file:///no/such/folder/b.xsd", "untitled:c", "file:///no/such/folder/d.json"];

const REQUESTS: [&str; 9] = [
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/documentSymbol",
    "textDocument/formatting",
    "textDocument/definition",
    "textDocument/unknown",
    "initialize",
    "$/x",
    "textDocument/codeAction",
];

fn workspace() -> Option<Workspace> {
    match Arguments::try_parse_from(["packetcheck", "lsp", "--no-config"]).ok()?.command {
        Command::Lsp(arguments) => Some(Workspace::new(arguments)),
        _ => None,
    }
}

fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "<packet>",
        "<migration>",
        "<check/>",
        "</migration>",
        "</packet>",
        "<",
        "</",
        "a",
        " ",
        "\n",
        "\r\n",
        "ä",
        "\u{1F600}",
        "\"",
        "'",
        "=",
        "version=\"1.6.9.0\"",
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">",
        "<xs:element name=\"a\"/>",
        "</xs:schema>",
        "{",
        "}",
        "[",
        "\"tasks\":",
        "<!--",
        "-->",
        "&",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..10).prop_map(|pieces| pieces.concat())
}

fn positions() -> impl Strategy<Value = Value> {
    (0_u32..5, prop_oneof![0_u32..40, Just(u32::MAX)])
        .prop_map(|(line, character)| json!({ "line": line, "character": character }))
}

fn uris() -> impl Strategy<Value = &'static str> {
    prop::sample::select(URIS.to_vec())
}

/// A message of an editor: whether it is a request, its method, and its parameters.
fn messages() -> impl Strategy<Value = (bool, &'static str, Value)> {
    let open = (uris(), texts()).prop_map(|(uri, text)| {
        (
            false,
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "version": 1, "languageId": "xml", "text": text } }),
        )
    });
    let changes = prop::collection::vec((prop::option::of((positions(), positions())), texts()), 0..3);
    let change = (uris(), changes).prop_map(|(uri, changes)| {
        let change = |(range, text): (Option<(Value, Value)>, String)| match range {
            Some((start, end)) => json!({ "range": { "start": start, "end": end }, "text": text }),
            None => json!({ "text": text }),
        };
        let changes: Vec<Value> = changes.into_iter().map(change).collect();
        (
            false,
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": changes }),
        )
    });
    let other = ["textDocument/didClose", "textDocument/didSave", "workspace/didChangeWatchedFiles", "$/cancelRequest"];
    let other = (prop::sample::select(other.to_vec()), uris())
        .prop_map(|(method, uri)| (false, method, json!({ "textDocument": { "uri": uri }, "id": 1 })));
    let ask = (prop::sample::select(REQUESTS.to_vec()), uris(), positions(), positions()).prop_map(
        |(method, uri, position, end)| {
            let range = json!({ "start": position, "end": end });
            let options = json!({ "tabSize": 4, "insertSpaces": true });
            let params = json!({
                "textDocument": { "uri": uri }, "position": position, "range": range, "options": options,
                "context": { "triggerCharacter": " ", "diagnostics": [] },
            });
            (true, method, params)
        },
    );
    let odd = (
        prop::sample::select([&REQUESTS[..], &other_methods()].concat()),
        prop::sample::select(vec![Value::Null, json!(1), json!({}), json!([])]),
    )
        .prop_map(|(method, params)| (REQUESTS.contains(&method), method, params));
    prop_oneof![3 => open, 6 => change, 1 => other, 6 => ask, 1 => odd]
}

fn other_methods() -> [&'static str; 3] {
    ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"]
}

/// All positions in a value.
fn places(value: &Value, found: &mut Vec<Position>) {
    if let Ok(position) = serde_json::from_value(value.clone()) {
        found.push(position);
    }
    match value {
        Value::Object(members) => members.values().for_each(|value| places(value, found)),
        Value::Array(items) => items.iter().for_each(|item| places(item, found)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn every_request_is_answered_and_every_place_is_in_the_text(
        encodings in prop::sample::select(vec![json!([]), json!(["utf-8"]), json!(null)]),
        said in prop::collection::vec(messages(), 1..24),
    ) {
        let workspace = workspace().ok_or_else(|| TestCaseError::fail("no workspace"))?;
        let mut server = Server::new();
        let actions = json!({ "codeAction": { "codeActionLiteralSupport": {} } });
        let params = json!({ "capabilities": { "general": { "positionEncodings": encodings }, "textDocument": actions } });
        server.handle(Request { id: RequestId::from(0), method: "initialize".to_owned(), params }.into());
        for ((is_request, method, params), id) in said.into_iter().zip(1..) {
            let id = RequestId::from(id);
            let message: Message = match is_request {
                true => Request { id: id.clone(), method: method.to_owned(), params }.into(),
                false => Notification { method: method.to_owned(), params }.into(),
            };
            let mut answers = 0;
            for step in server.handle(message) {
                let (uri, value) = match step {
                    Step::Check(snapshot) => {
                        let found = diagnose::diagnose(&snapshot, server.documents(), &workspace);
                        let Some(Step::Send(message)) = publish(&server, &snapshot, &found) else { continue };
                        (snapshot.uri, serde_json::to_value(message)?)
                    }
                    Step::Answer(request, snapshot) => {
                        let answer = answer::answer(&request, &snapshot, &workspace);
                        prop_assert_eq!(&answer.id, &id);
                        answers += 1;
                        let is_elsewhere = method == "textDocument/definition";
                        let value = serde_json::to_value(answer)?;
                        (snapshot.uri, if is_elsewhere { Value::Null } else { value })
                    }
                    Step::Send(Message::Response(Response { id: answered, .. })) => {
                        prop_assert_eq!(&answered, &id);
                        answers += 1;
                        continue;
                    }
                    Step::Send(_) | Step::Cancel(_) | Step::Exit(_) => continue,
                };
                let Some(document) = server.document(&uri) else { continue };
                let mut found = Vec::new();
                places(&value, &mut found);
                for position in found {
                    prop_assert_eq!(document.text.position(document.text.offset(position)), position, "{} {}", method, value);
                }
            }
            prop_assert_eq!(answers, usize::from(is_request));
        }
    }
}
