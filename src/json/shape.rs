//! Types of messages as data, which `explain` checks against and JSON Schemas are generated from.

use std::fmt;

use super::rule::Rule;

/// An object.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Its name in the documentation.
    pub(crate) name: &'static str,
    pub(crate) documentation: &'static str,
    /// In the order of the documentation's table.
    pub(crate) members: &'static [MemberShape],
    /// The rules that a valid object is warned about.
    pub(crate) rules: &'static [Rule],
}

/// A member of an object.
#[derive(Debug)]
pub(crate) struct MemberShape {
    pub(crate) name: &'static str,
    pub(crate) documentation: &'static str,
    pub(crate) value: &'static ValueShape,
    /// Whether it may be absent or `null`.
    pub(crate) optional: bool,
    /// The documented default, if there is no value.
    pub(crate) default: Option<fn() -> serde_json::Value>,
}

impl Shape {
    /// The index of the member with this name.
    pub(crate) fn member(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| member.name == name)
    }
}

/// A value.
#[derive(Debug)]
pub(crate) enum ValueShape {
    /// A string with a bounded number of characters; `values` has the known ones of an open list.
    Text {
        least: usize,
        most: usize,
        values: &'static [&'static str],
    },
    /// A string from a closed list; it may be empty if its documented length starts at 0.
    Closed {
        values: &'static [&'static str],
        or_empty: bool,
    },
    /// A whole number.
    Integer {
        least: i64,
        most: i64,
    },
    /// A string with a bounded number of characters, or a whole number.
    TextOrInteger {
        least: usize,
        most: usize,
    },
    /// A number.
    Double {
        least: i64,
        most: i64,
    },
    Boolean,
    /// An array with a bounded number of items.
    List {
        item: &'static ValueShape,
        least: usize,
        most: usize,
    },
    Object(&'static Shape),
}

impl ValueShape {
    /// In a few words: `a string`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            ValueShape::Text { .. } | ValueShape::Closed { .. } => "a string",
            ValueShape::Integer { .. } => "an integer",
            ValueShape::TextOrInteger { .. } => "a string or an integer",
            ValueShape::Double { .. } => "a number",
            ValueShape::Boolean => "`true` or `false`",
            ValueShape::List { .. } => "an array",
            ValueShape::Object(_) => "an object",
        }
    }
}

/// What serde's visitors expect.
impl fmt::Display for ValueShape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueShape::Text { least, most, .. } => {
                write!(
                    formatter,
                    "a string of {}",
                    bounds(*least as u64, *most as u64, usize::MAX as u64, "characters")
                )
            }
            ValueShape::Closed { values, .. } => write!(formatter, "one of `{}`", values.join("`, `")),
            ValueShape::Integer { least, most } => write!(formatter, "an integer from {least} to {most}"),
            ValueShape::Double { least, most } => write!(formatter, "a number from {least} to {most}"),
            ValueShape::List { least, most, .. } => {
                write!(formatter, "an array of {}", bounds(*least as u64, *most as u64, usize::MAX as u64, "items"))
            }
            ValueShape::TextOrInteger { .. } | ValueShape::Boolean | ValueShape::Object(_) => {
                formatter.write_str(self.kind())
            }
        }
    }
}

/// `1 to 255 characters`.
fn bounds(least: u64, most: u64, unbounded: u64, unit: &str) -> String {
    match (least, most) {
        (0, most) if most == unbounded => format!("any number of {unit}"),
        (0, most) => format!("at most {most} {unit}"),
        (least, most) if most == unbounded => format!("at least {least} {unit}"),
        (least, most) => format!("{least} to {most} {unit}"),
    }
}
