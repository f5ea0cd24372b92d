//! From text to typed values: the simple types of XML Schema, their facets and patterns.
//!
//! A [`SimpleType`] is derived from a built-in one by restriction, list and union, and checks a text in linear time:
//! white space first, then the lexical space, then the facets. What the text alone does not determine (the namespace of
//! a prefix) is looked up in its [`Context`]. Numbers are compared by their digits, so they are exact at any size;
//! patterns are translated to automata that never backtrack.

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

/// The kind of value that a type has for a program: it determines how the codec writes it as JSON and reads it into
/// Rust.
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
    /// A binary floating-point number, including `INF`, `-INF` and `NaN`.
    Float,
    /// Items separated by white space.
    List,
    /// One of several member types.
    Union,
}

/// A check that the hot path makes on plain text without surrounding white space; `General` leaves it to
/// `SimpleType::check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortcut {
    /// Any text at all: `xs:string` without facets, white space preserved.
    Anything,
    /// Exactly one of these texts: an enumeration of texts, or a boolean.
    OneOf(Vec<Box<str>>),
    /// An optional sign and decimal digits, unbounded, no further facet (white space collapsed).
    Integer,
    /// Up to this many decimal digits (leading zeros count) are certain to be in range; signs and longer numbers are
    /// left to `check`.
    Digits(u8),
    /// Any text, white space collapsed, no further facet.
    Collapsed,
    /// Leave it to `check`.
    General,
}

/// Why a simple type cannot be built: a message in the house style (lower case, no full stop), and the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct TypeError {
    /// The violated constraint.
    pub constraint: Constraint,
    /// What was expected, then what was found.
    pub message: String,
    /// The index of the faulty facet among those given, and of its value; `None` if no single facet is at fault.
    pub facet: Option<(usize, usize)>,
}

impl TypeError {
    pub(crate) fn new(constraint: Constraint, message: impl Into<String>) -> TypeError {
        TypeError { constraint, message: message.into(), facet: None }
    }

    /// Marks the value of a facet that is at fault, counted from 0.
    pub(crate) fn of_value(self, value: usize) -> TypeError {
        TypeError { facet: Some((0, value)), ..self }
    }

    /// Marks the facet that is at fault, counted from 0.
    pub(crate) fn of_facet(self, facet: usize) -> TypeError {
        let value = self.facet.map_or(0, |(_, value)| value);
        TypeError { facet: Some((facet, value)), ..self }
    }
}

/// Why a value cannot be compared with a bound (part 2, sections 3.2.6.2 and 3.2.7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unordered {
    /// The bound has a time zone and the value does not.
    WithoutTimeZone,
    /// The value has a time zone and the bound does not.
    WithTimeZone,
    /// A month has no fixed number of days.
    MonthsAndDays,
}

/// Why a text is not a value of a type, as data rather than a message.
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
    /// Not one of the enumeration's values, for qualified names and lists of them.
    NameNotEnumerated {
        /// The values as written in the schema, in its order.
        values: Arc<[Box<str>]>,
        /// The namespaces of each value.
        namespaces: Arc<[Namespaces]>,
        /// The namespaces of the value that was found.
        found: Namespaces,
    },
    /// The text matches no alternative of a pattern.
    Pattern {
        /// As written in the schema; alternatives of one step joined with `|`.
        pattern: Box<str>,
    },
    /// The length is not allowed.
    Length {
        /// `length`, `minLength` or `maxLength`.
        facet: &'static str,
        /// The value of the facet.
        limit: u64,
        /// The length of the value.
        actual: u64,
        /// `characters`, `octets` or `items`.
        unit: &'static str,
    },
    /// The value is below or above a bound.
    Range {
        /// `minInclusive`, `minExclusive`, `maxInclusive` or `maxExclusive`.
        facet: &'static str,
        /// The bound as written in the schema.
        limit: Box<str>,
        /// Why the two cannot be compared, if they cannot.
        unordered: Option<Unordered>,
    },
    /// Too many digits.
    Digits {
        /// `totalDigits` or `fractionDigits`.
        facet: &'static str,
        /// The value of the facet.
        limit: u64,
        /// The number of digits of the value, not counting insignificant zeros.
        actual: u64,
    },
    /// A prefix that is not declared where the value is.
    UndeclaredPrefix {
        /// The prefix.
        prefix: Box<str>,
    },
    /// The name of a notation that the schema does not declare.
    UndeclaredNotation,
    /// The name of an unparsed entity that the document does not declare.
    UndeclaredEntity,
    /// An item of a list is invalid.
    Item {
        /// The index of the item, from 0.
        index: usize,
        /// The fault of the item.
        fault: Box<Fault>,
    },
    /// The text is not valid for any member type of a union.
    NoMember {
        /// The names of the members, or descriptions of those without a name.
        members: Arc<[Box<str>]>,
        /// The fault for the member that lists the text with other namespaces, if there is one: that member was
        /// probably meant.
        meant: Option<Box<Fault>>,
    },
}
