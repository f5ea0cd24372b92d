//! What the schema says of what is under the pointer.

use packetcheck::assist::{self, Description};
use serde_json::{Value, json};

use super::answer::Refusal;
use super::protocol::{AtPosition, Client, MarkupContent};
use super::server::{Snapshot, read};
use super::workspace::Workspace;

pub(crate) fn hover(document: &Snapshot, workspace: &Workspace, params: &Value) -> Result<Value, Refusal> {
    let AtPosition { position } = read(params)?;
    let Some(schema) = workspace.schema_of(document) else { return Ok(Value::Null) };
    let described = assist::describe(&schema, document.text.as_str(), document.text.offset(position));
    Ok(described.map_or(Value::Null, |described| {
        let range = document.text.range(&described.span);
        json!({ "contents": markup(&words(&described), &document.client), "range": range })
    }))
}

/// In Markdown: a line for what it is and its type, one for what it may be, then the documentation.
fn words(described: &Description) -> String {
    let Description { what, name, type_name, value, facts, documentation, .. } = described;
    let of_type = type_name.as_ref().map(|name| format!(" of type `{name}`")).unwrap_or_default();
    let mut paragraphs = vec![format!("{what} `{name}`{of_type}")];
    let facts: Vec<&str> = value.iter().chain(facts).map(String::as_str).collect();
    paragraphs.extend((!facts.is_empty()).then(|| facts.join("; ")));
    paragraphs.extend(documentation.clone());
    paragraphs.join("\n\n")
}

/// Text in Markdown for the client; where it shows none, without the quotes of code.
pub(crate) fn markup(text: &str, client: &Client) -> MarkupContent {
    match client.shows_markdown {
        true => MarkupContent { kind: "markdown", value: text.to_owned() },
        false => MarkupContent { kind: "plaintext", value: text.to_owned() },
    }
}
