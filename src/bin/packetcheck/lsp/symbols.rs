//! Symbols: a tree of the elements or members of a document.

use packetcheck::assist::{self, Symbol, SymbolKind};
use serde_json::{Value, json};

use super::answer::Refusal;
use super::server::Snapshot;
use super::workspace::Workspace;

pub(crate) fn symbols(document: &Snapshot, _: &Workspace, _: &Value) -> Result<Value, Refusal> {
    let symbols = assist::outline(document.text.as_str());
    Ok(match document.client.shows_symbol_trees {
        true => trees(document, &symbols),
        false => symbols.iter().map(|symbol| flat(document, symbol)).collect(),
    })
}

/// The symbols as trees. Their depth is limited.
fn trees(document: &Snapshot, symbols: &[Symbol]) -> Value {
    // From last to first: the children of a symbol are the latest ones that are one level deeper.
    let mut done: Vec<Vec<Value>> = Vec::new();
    for symbol in symbols.iter().rev() {
        let deeper = if done.len() > symbol.depth + 1 { done.pop() } else { None };
        let mut children = deeper.unwrap_or_default();
        children.reverse();
        done.resize_with(symbol.depth + 1, Vec::new);
        let tree = json!({
            "name": name_of(symbol),
            "detail": symbol.detail.as_deref().unwrap_or_default(),
            "kind": number_of(symbol.kind),
            "range": document.text.range(&symbol.span),
            "selectionRange": document.text.range(&symbol.name_span),
            "children": children,
        });
        if let Some(siblings) = done.get_mut(symbol.depth) {
            siblings.push(tree);
        }
    }
    let mut roots = done.into_iter().next().unwrap_or_default();
    roots.reverse();
    roots.into()
}

fn flat(document: &Snapshot, symbol: &Symbol) -> Value {
    let location = json!({ "uri": document.uri, "range": document.text.range(&symbol.span) });
    json!({ "name": name_of(symbol), "kind": number_of(symbol.kind), "location": location })
}

/// Clients refuse a symbol without a name.
fn name_of(symbol: &Symbol) -> &str {
    if symbol.name.is_empty() { "\"\"" } else { &symbol.name }
}

/// The kinds of the protocol: object, array, field.
fn number_of(kind: SymbolKind) -> u8 {
    match kind {
        SymbolKind::Object => 19,
        SymbolKind::Array => 18,
        SymbolKind::Value => 8,
    }
}
