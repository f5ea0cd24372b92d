//! What an editor shows at a place in a document: what can be written there, what the schema says about it, and where
//! it is declared. Used by the language server of the command (`packetcheck lsp`).
//!
//! `cursor` finds the place in the markup from the characters alone, because a document is usually broken where
//! somebody is typing. The walk knows which elements are open there, their types, and what can come next
//! (`check::here`): it gets the document up to the last tag before the place, and the tag that is being written as if
//! it were complete. So no rule is written twice: what is offered is what the walk accepts.
//!
//! Each function scans the markup of the document up to the place once and walks it once. Apart from the result, it
//! allocates a copy of the document up to the place. Places are byte offsets: an offset within a character means the
//! start of that character, and an offset beyond the end means the end.

mod complete;
mod cursor;
mod describe;
mod names;
mod outline;
mod place;
mod values;

use std::ops::Range;

pub use complete::{ITEMS, complete};
pub use describe::{declaration, describe};
pub use outline::outline;

/// What can be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    /// The text that a completion replaces, within one line.
    pub span: Range<usize>,
    /// In the order of the schema; elements are in the order in which they can come.
    pub items: Vec<Completion>,
}

/// Something that can be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What it is.
    pub kind: CompletionKind,
    /// Its name, or the value.
    pub label: String,
    /// Its type, in a few words.
    pub detail: Option<String>,
    /// Its documentation in the schema.
    pub documentation: Option<String>,
    /// The text to insert, without anything that can be added later.
    pub text: String,
    /// The text to insert with required attributes and the end tag.
    pub template: Vec<Piece>,
}

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// An element.
    Element,
    /// The end tag of the open element.
    EndTag,
    /// An attribute.
    Attribute,
    /// A value of an element or an attribute.
    Value,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// This text.
    Text(String),
    /// A place for the author to fill in.
    Stop,
}

/// What the schema says about an element, an attribute or a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The part of the document that is described.
    pub span: Range<usize>,
    /// What it is: `element`, `attribute` or `type`.
    pub what: &'static str,
    /// The name as written.
    pub name: String,
    /// The name of its type, if the type has one.
    pub type_name: Option<String>,
    /// A description of the values that its text can have.
    pub value: Option<String>,
    /// Further facts: that it is required, its default.
    pub facts: Vec<String>,
    /// The documentation in the schema.
    pub documentation: Option<String>,
}

/// A place in a schema document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaration<'s> {
    /// The path or the name under which the document is known.
    pub path: &'s str,
    /// Its text.
    pub text: &'s str,
    /// Where the declaration begins.
    pub offset: usize,
}

/// A part of a document, for an overview of its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name of the element or member.
    pub name: String,
    /// A value that distinguishes it from others with the same name.
    pub detail: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// How many other symbols contain it.
    pub depth: usize,
    /// The whole part.
    pub span: Range<usize>,
    /// Where its name is, within `span`.
    pub name_span: Range<usize>,
}

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// An element with child elements, or a JSON object.
    Object,
    /// A JSON array.
    Array,
    /// Anything else.
    Value,
}
