//! What an editor shows at a place in a document: what may be written there, what the schema says of what is there, and where
//! that is declared. For the command, which serves editors with it.
//!
//! Where in the markup a place is, its characters say (`cursor`), since the document is broken where somebody types. Which
//! elements are open there, of what types, and what may come next, the walk says (`check::here`): it is given the document up to
//! the last tag before the place, and the tag that is being written as if it were whole. So no rule is written twice: what is
//! offered is what the walk would take.
//!
//! Every function reads the document up to the place once, for the markup, and walks it once. None of them allocates more than the text of what it
//! returns and a copy of the document up to the place. Places are byte offsets; one within a character is taken as before it, one
//! beyond the end as the end.

mod complete;
mod cursor;
mod describe;
mod names;
mod outline;
mod place;
mod values;

use std::ops::Range;

pub use complete::complete;
pub use describe::{declaration, describe};
pub use outline::outline;

/// What may be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    /// What it takes the place of: within one line.
    pub span: Range<usize>,
    /// In the order of the schema, and of an element's content: what may come first is first.
    pub items: Vec<Completion>,
}

/// Something that may be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What it is.
    pub kind: CompletionKind,
    /// Its name, or the value.
    pub label: String,
    /// Its type, in a few words.
    pub detail: Option<String>,
    /// What the schema says of it.
    pub documentation: Option<String>,
    /// What to write, at the least.
    pub text: String,
    /// What to write with everything that belongs to it: attributes that must be there, the end tag.
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

/// A part of what is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// This text.
    Text(String),
    /// Something that the author writes.
    Stop,
}

/// What the schema says of an element, an attribute or a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Where in the document it is about.
    pub span: Range<usize>,
    /// What it is: `element`, `attribute` or `type`.
    pub what: &'static str,
    /// As it is written.
    pub name: String,
    /// The name of its type, where that has one.
    pub type_name: Option<String>,
    /// What its text may be, in words, where it has one.
    pub value: Option<String>,
    /// Whatever else there is to know: that it is required, its default.
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

/// A part of a document, for a list of what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name of the element or member.
    pub name: String,
    /// What tells it apart from others of the name.
    pub detail: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// In how many others it is.
    pub depth: usize,
    /// All of it.
    pub span: Range<usize>,
    /// Where its name is, within `span`.
    pub name_span: Range<usize>,
}

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// An element with others in it, or an object of JSON.
    Object,
    /// An array of JSON.
    Array,
    /// Anything else.
    Value,
}
