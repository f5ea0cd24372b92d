//! The elements of a document, or the members of a JSON message.

use super::{Symbol, SymbolKind};
use crate::Limits;
use crate::json;
use crate::xml::{self, Reader, Token};

/// The most symbols of one document, and the deepest nesting: nobody reads more.
const SYMBOLS: usize = 20_000;
const DEPTH: usize = 64;

/// The attributes that distinguish elements with the same name.
const KEYS: [&str; 5] = ["id", "xml:id", "name", "key", "ref"];

/// The elements of an XML document, or the members of a JSON document, in order. If the document is broken, as many as
/// can be read.
///
/// ```
/// use packetcheck::assist;
///
/// let symbols = assist::outline("<a><b id='1'/><c></a>");
/// let names: Vec<_> = symbols.iter().map(|symbol| (symbol.name.as_str(), symbol.detail.as_deref(), symbol.depth)).collect();
/// assert_eq!(names, [("a", None, 0), ("b", Some("1"), 1), ("c", None, 1)]);
/// assert_eq!(assist::outline(r#"{"a": {"b": [1]}}"#)[1].span, 7..15);
/// ```
#[must_use]
pub fn outline(text: &str) -> Vec<Symbol> {
    if xml::is_begun(text.as_bytes()) { of_xml(text) } else { of_json(text) }
}

/// The symbols so far, and those that are still open.
#[derive(Default)]
struct Outline {
    symbols: Vec<Symbol>,
    /// The indexes of the open symbols; `None` for one that was left out.
    open: Vec<Option<usize>>,
}

impl Outline {
    fn begin(&mut self, symbol: Option<Symbol>) {
        let depth = self.open.iter().flatten().count();
        let symbol = symbol.filter(|_| self.symbols.len() < SYMBOLS && self.open.len() < DEPTH);
        let number = symbol.map(|symbol| {
            if let Some(around) =
                self.open.iter().rev().flatten().next().and_then(|number| self.symbols.get_mut(*number))
                && around.kind == SymbolKind::Value
            {
                around.kind = SymbolKind::Object;
            }
            self.symbols.push(Symbol { depth, ..symbol });
            self.symbols.len() - 1
        });
        self.open.push(number);
    }

    fn end(&mut self, end: usize) {
        if let Some(symbol) = self.open.pop().flatten().and_then(|number| self.symbols.get_mut(number)) {
            symbol.span.end = end.max(symbol.span.end);
        }
    }
}

fn of_xml(text: &str) -> Vec<Symbol> {
    let limits = Limits { allow_doctype: true, ..Limits::default() };
    let mut reader = Reader::of_text(text, &limits);
    let mut outline = Outline::default();
    loop {
        match reader.next(&mut |_| {}) {
            Token::Start { name, span, .. } => {
                let attributes = reader.attributes();
                let key = KEYS.iter().find_map(|key| attributes.iter().find(|attribute| attribute.name == *key));
                let detail = key.map(|attribute| xml::attribute_value(attribute.value).into_owned());
                let name_span = span.0 + 1..span.0 + 1 + name.len();
                let (name, kind) = (name.to_owned(), SymbolKind::Value);
                outline.begin(Some(Symbol { name, detail, kind, depth: 0, span: span.0..span.1, name_span }));
            }
            Token::End { span, .. } => outline.end(span.1),
            Token::Text { .. } => {}
            Token::Eof => return outline.symbols,
        }
    }
}

fn of_json(text: &str) -> Vec<Symbol> {
    let mut reader = json::Reader::new(text.as_bytes(), Limits::default().depth);
    let mut outline = Outline::default();
    let mut name = None;
    loop {
        let token = reader.next(&mut |_| {});
        let span = reader.span();
        let symbol = |name: Option<(String, std::ops::Range<usize>)>, kind| {
            let (name, name_span) = name?;
            Some(Symbol { name, detail: None, kind, depth: 0, span: name_span.start..span.end, name_span })
        };
        match token {
            json::Token::Name(text) => name = Some((text.into_owned(), span)),
            json::Token::FaultyName => name = None,
            json::Token::BeginObject => outline.begin(symbol(name.take(), SymbolKind::Object)),
            json::Token::BeginArray => outline.begin(symbol(name.take(), SymbolKind::Array)),
            json::Token::EndObject | json::Token::EndArray => outline.end(span.end),
            json::Token::Eof => {
                while !outline.open.is_empty() {
                    outline.end(text.len());
                }
                return outline.symbols;
            }
            _ => {
                outline.begin(symbol(name.take(), SymbolKind::Value));
                outline.end(span.end);
            }
        }
    }
}
