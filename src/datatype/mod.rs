//! Text to typed values: the XSD simple types, their facets and patterns.
//!
//! CONTRACT (skeleton).

use std::borrow::Cow;
use std::sync::Arc;

/// The three white-space modes (XSD 1.0 part 2, section 4.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhiteSpace {
    /// Nothing changes.
    Preserve,
    /// Tab, line feed and carriage return become blanks.
    Replace,
    /// As replace; then runs of blanks become one, and none stays at either end.
    Collapse,
}

/// What a value of the type is for a program: how the codec writes it as JSON and reads it as Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text.
    String,
    /// `true`, `false`, `1`, `0`.
    Boolean,
    /// A whole number of any size.
    Integer,
    /// A decimal number of any size.
    Decimal,
    /// Blank-separated items.
    List,
    /// One of several member types.
    Union,
}

/// A check that the hot path makes on plain text without white space at its ends; `General` asks `SimpleType::check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quick {
    /// Any text at all: `xs:string` without facets, white space preserved.
    Anything,
    /// One of these texts, exactly (an enumeration of strings without any other facet).
    OneOf(Vec<Box<str>>),
    /// An optional sign and decimal digits, unbounded, no further facet (white space collapsed).
    Integer,
    /// Decimal digits, at most this many digits (leading zeros count) are surely in range; signs and longer ones ask `check`.
    Digits(u8),
    /// Any text, white space collapsed, no further facet.
    Collapsed,
    /// Ask `check`.
    General,
}

/// A facet as written in a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facet {
    /// `length`
    Length(u64),
    /// `minLength`
    MinLength(u64),
    /// `maxLength`
    MaxLength(u64),
    /// `pattern`: the alternatives of one derivation step are one facet (they are or-ed; steps are and-ed).
    Pattern(Vec<String>),
    /// `enumeration`: all values of one step.
    Enumeration(Vec<String>),
    /// `whiteSpace`
    WhiteSpace(WhiteSpace),
    /// `minInclusive`
    MinInclusive(String),
    /// `minExclusive`
    MinExclusive(String),
    /// `maxInclusive`
    MaxInclusive(String),
    /// `maxExclusive`
    MaxExclusive(String),
    /// `totalDigits`
    TotalDigits(u64),
    /// `fractionDigits`
    FractionDigits(u64),
}

/// Why a simple type cannot be built: a message in the house wording (lower case, no full stop).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TypeError(pub String);

/// Why a text is not a value of a type: data, not words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Not in the lexical space of the named built-in (`"integer"`, `"boolean"`, …).
    Lexical { expected: &'static str },
    /// Not one of the enumeration's values.
    NotEnumerated { values: Arc<[Box<str>]> },
    /// Matches no alternative of a pattern (as written in the schema).
    Pattern { pattern: Box<str> },
    /// Length outside; unit is `characters`, `octets` or `items`.
    Length { facet: &'static str, limit: u64, actual: u64, unit: &'static str },
    /// Below or above a bound; `facet` is `minInclusive` etc.
    Range { facet: &'static str, limit: Box<str> },
    /// Too many digits; `facet` is `totalDigits` or `fractionDigits`.
    Digits { facet: &'static str, limit: u64, actual: u64 },
    /// An item of a list, 0-based, with its own fault.
    Item { index: usize, fault: Box<Fault> },
    /// Of no member type of a union; the members' names or descriptions.
    NoMember { members: Arc<[Box<str>]> },
}

/// A compiled simple type: immutable, shared.
#[derive(Debug, Clone)]
pub struct SimpleType {
    // private
}

#[allow(clippy::todo, missing_docs, unused_variables)]
impl SimpleType {
    /// A built-in of XSD by its local name; `None` for names that are not built in or not supported yet.
    pub fn built_in(name: &str) -> Option<Arc<SimpleType>> {
        todo!()
    }
    /// Derivation by restriction. `name` is for messages (the user's name or None).
    pub fn restrict(
        base: &Arc<SimpleType>,
        name: Option<&str>,
        facets: &[Facet],
    ) -> Result<Arc<SimpleType>, TypeError> {
        todo!()
    }
    pub fn list(item: &Arc<SimpleType>, name: Option<&str>) -> Result<Arc<SimpleType>, TypeError> {
        todo!()
    }
    pub fn union(members: &[Arc<SimpleType>], name: Option<&str>) -> Result<Arc<SimpleType>, TypeError> {
        todo!()
    }
    /// Checks a text whose references are resolved and line endings normalised, before white-space normalisation.
    pub fn check(&self, text: &str) -> Result<(), Fault> {
        todo!()
    }
    /// Whether two texts are the same value of this type (for `fixed`).
    pub fn same_value(&self, one: &str, other: &str) -> bool {
        todo!()
    }
    pub fn white_space(&self) -> WhiteSpace {
        todo!()
    }
    /// The text after white-space normalisation; borrows where it is unchanged or only trimmed.
    pub fn normalize<'a>(&self, text: &'a str) -> Cow<'a, str> {
        todo!()
    }
    pub fn kind(&self) -> Kind {
        todo!()
    }
    /// Item type of a list.
    pub fn item(&self) -> Option<&Arc<SimpleType>> {
        todo!()
    }
    /// Member types of a union; for decoding: the first one whose `check` passes decides the kind.
    pub fn members(&self) -> &[Arc<SimpleType>] {
        todo!()
    }
    pub fn quick(&self) -> Quick {
        todo!()
    }
    /// What is expected, in words for a diagnostic: "an integer", "a number from 0 to 4294967295", "`ok` or `error`".
    pub fn describe(&self) -> String {
        todo!()
    }
    pub fn name(&self) -> Option<&str> {
        todo!()
    }
    /// The values of an enumeration, if the type has one.
    pub fn enumeration(&self) -> Option<Arc<[Box<str>]>> {
        todo!()
    }
}
