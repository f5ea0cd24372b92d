//! The parts of messages of the Language Server Protocol (3.17) that this server reads and writes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A place between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Position {
    /// From 0.
    pub(crate) line: u32,
    /// In units of the encoding that was agreed on.
    pub(crate) character: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Range {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Location {
    pub(crate) uri: String,
    pub(crate) range: Range,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TextEdit {
    pub(crate) range: Range,
    pub(crate) new_text: String,
}

/// Text for people, in Markdown where the client shows that.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MarkupContent {
    pub(crate) kind: &'static str,
    pub(crate) value: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Diagnostic {
    pub(crate) range: Range,
    pub(crate) severity: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<&'static str>,
    pub(crate) source: &'static str,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related_information: Vec<RelatedInformation>,
}

/// Severities of diagnostics.
pub(crate) const ERROR: u8 = 1;
pub(crate) const WARNING: u8 = 2;
pub(crate) const INFORMATION: u8 = 3;

#[derive(Debug, Clone, Serialize)]
pub(crate) struct RelatedInformation {
    pub(crate) location: Location,
    pub(crate) message: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct PublishDiagnostics<'a> {
    pub(crate) uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<i32>,
    pub(crate) diagnostics: &'a [Diagnostic],
}

#[derive(Debug, Deserialize)]
pub(crate) struct TextDocumentIdentifier {
    pub(crate) uri: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DidOpen {
    pub(crate) text_document: TextDocumentItem,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TextDocumentItem {
    pub(crate) uri: String,
    pub(crate) version: i32,
    pub(crate) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DidChange {
    pub(crate) text_document: VersionedTextDocumentIdentifier,
    pub(crate) content_changes: Vec<ContentChange>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct VersionedTextDocumentIdentifier {
    pub(crate) uri: String,
    pub(crate) version: i32,
}

/// The whole text, or the replacement of a range.
#[derive(Debug, Deserialize)]
pub(crate) struct ContentChange {
    pub(crate) range: Option<Range>,
    pub(crate) text: String,
}

/// Parameters that name a document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OfDocument {
    pub(crate) text_document: TextDocumentIdentifier,
}

/// Parameters that name a place in a document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AtPosition {
    pub(crate) position: Position,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Cancel {
    pub(crate) id: lsp_server::RequestId,
}

/// What the client supports, as far as the server makes use of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Client {
    /// Positions count bytes.
    pub(crate) counts_bytes: bool,
    /// Completions may be snippets.
    pub(crate) takes_snippets: bool,
    pub(crate) shows_markdown: bool,
    /// Diagnostics may name second places.
    pub(crate) shows_related: bool,
    /// Code actions may contain their edits.
    pub(crate) takes_actions: bool,
    /// Symbols may be trees.
    pub(crate) shows_symbol_trees: bool,
    /// It watches files for the server.
    pub(crate) watches_files: bool,
}

impl Client {
    /// From the parameters of `initialize`. Whatever is missing or has another type is not supported.
    pub(crate) fn of(params: &Value) -> Client {
        let capability = |path: &str| params.pointer(&format!("/capabilities/{path}"));
        let is_true = |path| capability(path).and_then(Value::as_bool).unwrap_or_default();
        let lists = |path, wanted: &str| {
            let list = capability(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|each| each.as_str() == Some(wanted)))
        };
        Client {
            counts_bytes: lists("general/positionEncodings", "utf-8"),
            takes_snippets: is_true("textDocument/completion/completionItem/snippetSupport"),
            shows_markdown: lists("textDocument/hover/contentFormat", "markdown"),
            shows_related: is_true("textDocument/publishDiagnostics/relatedInformation"),
            takes_actions: capability("textDocument/codeAction/codeActionLiteralSupport").is_some(),
            shows_symbol_trees: is_true("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            watches_files: is_true("workspace/didChangeWatchedFiles/dynamicRegistration"),
        }
    }

    /// How positions are counted.
    pub(crate) fn position_encoding(&self) -> &'static str {
        if self.counts_bytes { "utf-8" } else { "utf-16" }
    }
}
