//! Completion: what can be written at the cursor.

use packetcheck::assist::{self, Completion, CompletionKind, Piece};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Refusal;
use super::hover;
use super::protocol::{AtPosition, TextEdit};
use super::server::{Snapshot, read};
use super::workspace::Workspace;

/// The characters after which clients ask for completions.
pub(crate) const TRIGGERS: [&str; 5] = ["<", "/", " ", "\"", "'"];

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Context {
    trigger_character: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    context: Option<Context>,
}

pub(crate) fn complete(document: &Snapshot, workspace: &Workspace, params: &Value) -> Result<Value, Refusal> {
    let AtPosition { position } = read(params)?;
    let trigger = read::<Asked>(params)?.context.and_then(|context| context.trigger_character);
    let (text, schema) = (document.text.as_str(), workspace.schema_of(document));
    let mut found = assist::complete(schema.as_ref(), text, document.text.offset(position));
    // A space between tags is not a request for elements.
    if trigger.as_deref() == Some(" ") {
        found.items.retain(|item| item.kind == CompletionKind::Attribute);
    }
    let range = document.text.range(&found.span);
    let items = found.items.iter().enumerate();
    let items: Vec<Value> = items
        .map(|(index, item)| {
            let new_text = if document.client.takes_snippets { snippet(item) } else { item.text.clone() };
            let edit = TextEdit { range, new_text };
            let mut written = json!({
                "label": item.label,
                "kind": number_of(item.kind),
                // Clients sort alphabetically.
                "sortText": format!("{index:05}"),
                "filterText": item.label,
                "insertTextFormat": if document.client.takes_snippets { 2 } else { 1 },
                "textEdit": edit,
            });
            if let Some(detail) = &item.detail {
                written["detail"] = json!(detail);
            }
            if let Some(documentation) = &item.documentation {
                written["documentation"] = json!(hover::documentation(documentation, &document.client));
            }
            written
        })
        .collect();
    Ok(json!({ "isIncomplete": items.len() >= assist::ITEMS, "items": items }))
}

/// The kinds of the protocol: property, keyword, field, member of an enumeration.
fn number_of(kind: CompletionKind) -> u8 {
    match kind {
        CompletionKind::Element => 10,
        CompletionKind::EndTag => 14,
        CompletionKind::Attribute => 5,
        CompletionKind::Value => 20,
    }
}

/// The template as a snippet: numbered stops, the last of which is the final one.
fn snippet(item: &Completion) -> String {
    let stops = item.template.iter().filter(|piece| **piece == Piece::Stop).count();
    let (mut written, mut number) = (String::new(), 0);
    for piece in &item.template {
        match piece {
            Piece::Text(text) => {
                for character in text.chars() {
                    if matches!(character, '\\' | '$' | '}') {
                        written.push('\\');
                    }
                    written.push(character);
                }
            }
            Piece::Stop => {
                number = if number + 1 == stops { 0 } else { number + 1 };
                written.push_str(&format!("${number}"));
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_stop_is_the_final_one() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let item = |template| Completion {
            kind: CompletionKind::Element,
            label: String::new(),
            detail: None,
            documentation: None,
            text: String::new(),
            template,
        };
        let template = vec![text("a b=\""), Piece::Stop, text("\">$}\\"), Piece::Stop, text("</a>")];
        assert_eq!(snippet(&item(template)), "a b=\"$1\">\\$\\}\\\\$0</a>");
        assert_eq!(snippet(&item(vec![text("a/>")])), "a/>");
    }
}
