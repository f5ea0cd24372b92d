//! Text to typed values: the simple types of XML Schema, their facets and patterns.
//!
//! A [`SimpleType`] is made from a built-in one by restriction, list and union, and checks a text in linear time:
//! white space first, then the lexical space, then the facets. What a text alone does not say (which namespace a prefix
//! means) is asked of its [`Context`]. Numbers are compared by their digits, so that they are
//! exact at any size; patterns are translated to automata that never step back.

mod binary;
mod boolean;
mod built_in;
mod constraint;
mod context;
mod date_time;
mod decide;
mod decimal;
mod describe;
mod duration;
mod facet;
mod float;
mod identity;
mod index;
mod integer;
mod pattern;
mod primitive;
mod respelled;
mod restriction;
mod simple_type;
mod string;
mod union;
mod uri;
mod white_space;

use std::sync::Arc;

pub use constraint::Constraint;
pub use context::{Alone, Bindings, Context, Link, Namespaces};
pub(crate) use context::{canonical_name, has_local_parts_of, parts_of_canonical};
pub use facet::{Facet, Setting};
pub use integer::{Integer, ParseIntegerError};
pub use simple_type::SimpleType;
pub use white_space::WhiteSpace;

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
    /// A binary floating-point number, infinite or no number at all (`INF`, `-INF`, `NaN`) included.
    Float,
    /// Blank-separated items.
    List,
    /// One of several member types.
    Union,
}

/// A check that the hot path makes on plain text without white space at its ends; `General` asks `SimpleType::check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortcut {
    /// Any text at all: `xs:string` without facets, white space preserved.
    Anything,
    /// One of these texts, exactly, and no other: an enumeration of texts, or a boolean.
    OneOf(Vec<Box<str>>),
    /// An optional sign and decimal digits, unbounded, no further facet (white space collapsed).
    Integer,
    /// Decimal digits, of which so many (leading zeros count) are surely in range; signs and longer ones ask `check`.
    Digits(u8),
    /// Any text, white space collapsed, no further facet.
    Collapsed,
    /// Ask `check`.
    General,
}

/// Why a simple type cannot be built: a message in the house wording (lower case, no full stop), and the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct TypeError {
    /// What is broken.
    pub constraint: Constraint,
    /// What was required, then what was found.
    pub message: String,
    /// Which of the facets given is at fault, and which of its values; `None` where it is none alone.
    pub facet: Option<(usize, usize)>,
}

impl TypeError {
    pub(crate) fn new(constraint: Constraint, message: impl Into<String>) -> TypeError {
        TypeError { constraint, message: message.into(), facet: None }
    }

    /// It is a value of a facet that is at fault, counted from 0.
    pub(crate) fn of_value(self, value: usize) -> TypeError {
        TypeError { facet: Some((0, value)), ..self }
    }

    /// It is a facet that is at fault, counted from 0.
    pub(crate) fn of_facet(self, facet: usize) -> TypeError {
        let value = self.facet.map_or(0, |(_, value)| value);
        TypeError { facet: Some((facet, value)), ..self }
    }
}

/// Why a value cannot be compared with a bound (part 2, sections 3.2.6.2 and 3.2.7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unordered {
    /// The bound has a time zone and the value has not.
    WithoutTimeZone,
    /// The value has a time zone and the bound has not.
    WithTimeZone,
    /// A month has no fixed number of days.
    MonthsAndDays,
}

/// Why a text is not a value of a type: data, not words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Not in the lexical space of the named built-in (`"integer"`, `"boolean"`, …).
    Lexical {
        /// The built-in's local name.
        expected: &'static str,
    },
    /// Not one of the enumeration's values.
    NotEnumerated {
        /// The values, in the schema's order.
        values: Arc<[Box<str>]>,
    },
    /// The same of qualified names, and of lists of them.
    NameNotEnumerated {
        /// The values, as they are written in the schema, in its order.
        values: Arc<[Box<str>]>,
        /// The namespaces of each.
        namespaces: Arc<[Namespaces]>,
        /// The namespaces of the value that was found.
        found: Namespaces,
    },
    /// Matches no alternative of a pattern.
    Pattern {
        /// As written in the schema; alternatives of one step joined with `|`.
        pattern: Box<str>,
    },
    /// Length outside.
    Length {
        /// `length`, `minLength` or `maxLength`.
        facet: &'static str,
        /// What the facet says.
        limit: u64,
        /// How long the value is.
        actual: u64,
        /// `characters`, `octets` or `items`.
        unit: &'static str,
    },
    /// Below or above a bound.
    Range {
        /// `minInclusive`, `minExclusive`, `maxInclusive` or `maxExclusive`.
        facet: &'static str,
        /// The bound as written in the schema.
        limit: Box<str>,
        /// Why the two cannot be compared, if that is so.
        unordered: Option<Unordered>,
    },
    /// Too many digits.
    Digits {
        /// `totalDigits` or `fractionDigits`.
        facet: &'static str,
        /// What the facet says.
        limit: u64,
        /// How many digits the value has, zeros that say nothing not counted.
        actual: u64,
    },
    /// A prefix that is not declared where the value stands.
    UndeclaredPrefix {
        /// The prefix.
        prefix: Box<str>,
    },
    /// The name of a notation that the schema does not declare.
    UndeclaredNotation,
    /// The name of an unparsed entity that the document does not declare.
    UndeclaredEntity,
    /// An item of a list is wrong.
    Item {
        /// Which one, from 0.
        index: usize,
        /// What is wrong with it.
        fault: Box<Fault>,
    },
    /// Of no member type of a union.
    NoMember {
        /// The members' names, or descriptions of those without one.
        members: Arc<[Box<str>]>,
        /// What keeps the text from being of a member that lists it with other namespaces: that member is meant.
        meant: Option<Box<Fault>>,
    },
}
