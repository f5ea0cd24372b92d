//! Hover: what the schema says about the element, attribute or value under the pointer.

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
        let contents = markup(&words(&described, &document.client), &document.client);
        json!({ "contents": contents, "range": range })
    }))
}

/// One paragraph for the name and the type, one for the values, then the documentation.
fn words(described: &Description, client: &Client) -> String {
    let Description { what, name, type_name, value, facts, documentation, .. } = described;
    let of_type = type_name.as_ref().map(|name| format!(" of type `{name}`")).unwrap_or_default();
    let mut paragraphs = vec![format!("{what} `{name}`{of_type}")];
    let facts: Vec<&str> = value.iter().chain(facts).map(String::as_str).collect();
    paragraphs.extend((!facts.is_empty()).then(|| facts.join("; ")));
    paragraphs.extend(documentation.as_deref().map(|text| prose(text, client)));
    paragraphs.join("\n\n")
}

/// Text in the form that the client shows.
fn markup(text: &str, client: &Client) -> MarkupContent {
    let kind = if client.shows_markdown { "markdown" } else { "plaintext" };
    MarkupContent { kind, value: text.to_owned() }
}

/// Documentation of a schema, which is plain text.
pub(crate) fn documentation(text: &str, client: &Client) -> MarkupContent {
    markup(&prose(text, client), client)
}

/// Characters with a meaning in Markdown.
const MARKS: [char; 13] = ['\\', '`', '*', '_', '[', ']', '<', '>', '&', '#', '~', '|', '$'];

/// Plain text with everything escaped that has a meaning in Markdown, except code in backticks, which our own schemas contain.
fn prose(text: &str, client: &Client) -> String {
    if !client.shows_markdown {
        return text.to_owned();
    }
    let mark = |character: char| MARKS.contains(&character).then_some('\\').into_iter().chain([character]);
    let escaped = |text: &str| text.chars().flat_map(mark).collect::<String>();
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped(text); // a backtick is not closed
    }
    let part = |(index, part): (usize, &&str)| if index % 2 == 1 { (*part).to_owned() } else { escaped(part) };
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_is_plain_text() {
        let client = |shows_markdown| Client { shows_markdown, ..Client::default() };
        assert_eq!(prose("a <b> *c* d_e & `<f>`.", &client(true)), "a \\<b\\> \\*c\\* d\\_e \\& `<f>`.");
        assert_eq!(prose("`<a>` `", &client(true)), "\\`\\<a\\>\\` \\`");
        assert_eq!(prose("a <b>", &client(false)), "a <b>");
    }
}
