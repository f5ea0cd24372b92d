//! `PC07xx`, and `PC06xx` for JSON documents.

use super::fragments::{any_of, counted, did_you_mean, found_text, ticked};
use super::{Code, Words};
use crate::diagnostic::correction::Correction;
use crate::text::nearest::same_letters;

/// A violation of JSON (RFC 8259), as its reader reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SyntaxError {
    ByteOrderMark,
    /// UTF-16, by its mark.
    Utf16,
    InvalidUtf8,
    /// Something else was found where this is expected.
    Unexpected {
        expected: &'static str,
        found: String,
        help: Option<&'static str>,
    },
    /// The document is XML or HTML where this is expected.
    Markup {
        expected: &'static str,
    },
    /// The document ends where this is expected.
    EndsEarly {
        expected: &'static str,
    },
    TrailingData,
    /// Another value after the end that looks like a document.
    SecondDocument,
    ControlCharacter(u8),
    /// A backslash and what follows.
    Escape(String),
    LoneSurrogate(String),
    Number {
        found: String,
        help: &'static str,
    },
    TooDeep {
        limit: usize,
    },
}

// ---- PC0701 to PC0710, PC06xx: the document is not JSON, or not read ----

/// A violation of JSON.
pub(crate) fn syntax(fault: &SyntaxError) -> Words {
    match fault {
        SyntaxError::ByteOrderMark => {
            Words::new(Code::ByteOrderMark, "expected JSON from the first byte, found a byte order mark".into())
                .remedy()
        }
        SyntaxError::Utf16 => {
            Words::new(Code::JsonInvalidUtf8, "expected UTF-8, found the byte order mark of UTF-16".into()).remedy()
        }
        SyntaxError::InvalidUtf8 => {
            Words::new(Code::JsonInvalidUtf8, "expected UTF-8, found other bytes".into()).remedy()
        }
        SyntaxError::Unexpected { expected, found, help } => {
            let words = Words::new(Code::UnexpectedToken, format!("expected {expected}, found {}", found_text(found)))
                .expected([expected])
                .found(found);
            match help {
                Some(help) => words.help(*help),
                None => words,
            }
        }
        SyntaxError::Markup { expected } => {
            let message = format!("expected {expected}, found the beginning of XML or HTML");
            Words::new(Code::UnexpectedToken, message).expected([expected]).found("<").help("write the values as JSON")
        }
        SyntaxError::EndsEarly { expected } => {
            Words::new(Code::EndsEarly, format!("expected {expected}, found the end of the document"))
                .expected([expected])
                .remedy()
        }
        SyntaxError::TrailingData => {
            Words::new(Code::TrailingData, "expected nothing after the value, found more".into()).remedy()
        }
        SyntaxError::SecondDocument => {
            let message = "expected one document, found a second one".into();
            Words::new(Code::TrailingData, message).help("check each document separately")
        }
        SyntaxError::ControlCharacter(byte) => {
            let (spelt, escape) = match byte {
                b'\n' => (String::from("a line break"), String::from("\\n")),
                b'\r' => (String::from("a line break"), String::from("\\r")),
                b'\t' => (String::from("a tab"), String::from("\\t")),
                other => (format!("U+{other:04X}"), format!("\\u{other:04x}")),
            };
            Words::new(Code::ControlCharacter, format!("expected no control character in a string, found {spelt}"))
                .found(&char::from(*byte).to_string())
                .help(format!("write `{escape}`, or close the string before it"))
        }
        SyntaxError::Escape(found) => {
            Words::new(Code::UnknownEscape, format!("expected a JSON escape, found {}", ticked(found)))
                .found(found)
                .remedy()
        }
        SyntaxError::LoneSurrogate(found) => {
            Words::new(Code::LoneSurrogate, format!("expected a pair of surrogates, found {} alone", ticked(found)))
                .found(found)
                .remedy()
        }
        SyntaxError::Number { found, help } => {
            Words::new(Code::MalformedNumber, format!("expected a number in JSON syntax, found {}", ticked(found)))
                .found(found)
                .help(*help)
        }
        SyntaxError::TooDeep { limit } => {
            let what = counted(*limit as u64, "levels");
            Words::new(Code::TooDeep, format!("expected at most {what} of arrays and objects, found more")).remedy()
        }
    }
}

/// A name that its object already has.
pub(crate) fn duplicate_member(name: &str) -> Words {
    Words::new(Code::DuplicateMember, format!("expected each name once in an object, found {} again", ticked(name)))
        .found(name)
        .remedy()
}

/// More bytes than the limit.
pub(crate) fn too_large(limit: usize) -> Words {
    let bytes = counted(limit as u64, "bytes");
    Words::new(Code::DocumentTooLarge, format!("expected a document of at most {bytes}, found more")).remedy()
}

/// Elements nested more deeply than the limit, in the JSON of a document.
pub(crate) fn elements_too_deep(limit: usize) -> Words {
    let what = counted(limit as u64, "nested elements");
    Words::new(Code::TooDeep, format!("expected at most {what}, found more")).remedy()
}

/// More attributes than the limit, likewise.
pub(crate) fn too_many_attributes(limit: usize, found: usize) -> Words {
    let what = counted(limit as u64, "attributes");
    Words::new(Code::TooManyAttributes, format!("expected at most {what}, found {found}")).remedy()
}

// ---- PC0711 and on: the document is not as documented ----

/// ` in `name``, if it has a name.
fn inside(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(" in {}", ticked(name)))
}

/// A mandatory member is missing; another has a similar name.
pub(crate) fn missing_member(name: &str, object: &str, meant: Option<(&str, Option<Correction>)>) -> Words {
    let words = Words::new(Code::MissingMember, format!("missing required member {} of {object}", ticked(name)))
        .expected([name]);
    match meant {
        Some((meant, correction)) => words.help(format!("is it {}, misspelt?", ticked(meant))).corrected(correction),
        None => words.remedy(),
    }
}

/// A value of another type.
pub(crate) fn wrong_type(expected: &str, found: &str, name: Option<&str>) -> Words {
    let mut words =
        Words::new(Code::WrongType, format!("expected {expected}{}, found {found}", inside(name))).expected([expected]);
    words.found = Some(found.to_owned());
    words
}

impl Words {
    /// The string contains what should be there without quotes.
    pub(crate) fn unquoted(self) -> Words {
        self.help("remove the quotes").corrected(Correction::Unquoted)
    }
}

/// A number outside its range.
pub(crate) fn outside_range(least: i64, most: i64, number: &str, kind: &str, name: Option<&str>) -> Words {
    let required = format!("{kind} from {least} to {most}");
    let message = format!("expected {required}{}, found {}", inside(name), ticked(number));
    Words::new(Code::NumberOutside, message).expected([required]).found(number)
}

/// A text that is too short or too long.
pub(crate) fn outside_length(least: usize, most: usize, length: usize, name: Option<&str>) -> Words {
    let required = between(least, most, "characters");
    let found = counted(length as u64, "characters");
    Words::new(Code::TextLengthOutside, format!("expected {required}{}, found {found}", inside(name)))
        .expected([required])
        .found(&found)
}

/// A text that is not in a closed list.
pub(crate) fn not_listed(text: &str, values: &[&str], meant: Option<&str>, name: Option<&str>) -> Words {
    let names = any_of(values.iter().map(|value| ticked(value)));
    let message = format!("expected {names}{}, found {}", inside(name), found_text(text));
    let words = Words::new(Code::NotListed, message).expected(values).found(text);
    match meant {
        Some(meant) => words.help(did_you_mean(meant, text)).corrected(Correction::value(text, meant)),
        None => words,
    }
}

/// A text that is not in an open list.
pub(crate) fn unlisted_value(text: &str, values: &[&str], meant: Option<&str>, name: Option<&str>) -> Words {
    let message = format!("expected a documented value{}, found {}", inside(name), found_text(text));
    let words = Words::new(Code::UnlistedValue, message).expected(values).found(text);
    match meant {
        Some(meant) => words.help(did_you_mean(meant, text)).corrected(Correction::value(text, meant)),
        None => words.remedy(),
    }
}

/// An unknown member with a name similar to a known one.
pub(crate) fn misspelt_member(found: &str, meant: &str) -> Words {
    let message = format!("expected the member {}, found {}", ticked(meant), ticked(found));
    // The document is valid: a letter more or less may be meant so.
    let is_safe = same_letters(found, meant);
    Words::new(Code::MisspeltMember, message)
        .expected([meant])
        .found(found)
        .help(did_you_mean(meant, found))
        .corrected(Correction::Member { name: meant.to_owned(), at: None, is_safe })
}

/// A member for which the values of a packet have no place.
pub(crate) fn unknown_member(found: &str, known: &[&str], meant: Option<&str>) -> Words {
    let names = any_of(known.iter().map(|name| ticked(name)));
    let message = format!("expected the member {names}, found {}", ticked(found));
    let words = Words::new(Code::UnknownMember, message).expected(known).found(found);
    match meant {
        Some(meant) => {
            let is_safe = same_letters(found, meant);
            let correction = Correction::Member { name: meant.to_owned(), at: None, is_safe };
            words.help(did_you_mean(meant, found)).corrected(correction)
        }
        None => words.remedy(),
    }
}

/// The member of an object that should be inside one of some roots.
pub(crate) fn unnamed_root(found: &str, known: &[&str], around: &[&str]) -> Words {
    let names = any_of(around.iter().map(|name| ticked(name)));
    unknown_member(found, known, None).help(format!("put this object inside {names}"))
}

/// A name that several members have, in several namespaces.
pub(crate) fn ambiguous_member(found: &str, known: &[&str], alike: &[&str]) -> Words {
    let names = any_of(alike.iter().map(|name| ticked(name)));
    unknown_member(found, known, None).help(format!("several members have this name: write {names}"))
}

/// `@xsi:type` with a name that no type has.
pub(crate) fn unknown_type(found: &str, meant: Option<&str>) -> Words {
    let message = format!("expected the name of a type in `@xsi:type`, found {}", found_text(found));
    let words = Words::new(Code::UnknownType, message).found(found);
    match meant {
        Some(meant) => words.help(did_you_mean(meant, found)),
        None => words.remedy(),
    }
}

/// `null` where the schema does not allow `xsi:nil`.
pub(crate) fn null_not_allowed() -> Words {
    Words::new(Code::NotNillable, "expected a value, found null, which means `xsi:nil`".to_owned())
        .found("null")
        .help("write a value, or omit the member if it is optional")
}

/// The name of a root that the schema does not declare.
pub(crate) fn unknown_root(found: &str, known: &[&str], meant: Option<&str>) -> String {
    unknown_name("a global element of the schema", found, known, meant)
}

/// A name in a path that is not that of a child of the preceding element.
pub(crate) fn unknown_step(element: &str, found: &str, known: &[&str], meant: Option<&str>) -> String {
    match known {
        [] => format!(
            "expected a path that ends with {}, which has no children, found {}",
            ticked(element),
            ticked(found)
        ),
        known => unknown_name(&format!("a child of {}", ticked(element)), found, known, meant),
    }
}

fn unknown_name(expected: &str, found: &str, known: &[&str], meant: Option<&str>) -> String {
    let names = any_of(known.iter().map(|name| ticked(name)));
    let message = format!("expected {expected} ({names}), found {}", ticked(found));
    match meant {
        Some(meant) => format!("{message}; {}", did_you_mean(meant, found)),
        None => message,
    }
}

/// What is expected if a value has one of several names.
pub(crate) fn one_of(names: &[&str]) -> String {
    any_of(names.iter().map(|name| ticked(name))).to_string()
}

/// An object with several members, or none, whose single member should say what it is.
pub(crate) fn not_one_member(count: usize, name: Option<&str>) -> Words {
    let found = counted(count as u64, "members");
    Words::new(Code::WrongType, format!("expected an object with one member{}, found {found}", inside(name)))
        .found(&found)
}

/// What the operation says about a value that it does not accept.
#[cfg(feature = "http")]
pub(crate) fn of_operation(code: Code, message: String) -> Words {
    Words::new(code, message).remedy()
}

/// What a type says about a value that it does not accept.
pub(crate) fn other(message: String) -> Words {
    Words::new(Code::WrongType, message)
}

/// An array has too many items.
pub(crate) fn too_many_items(most: usize) -> Words {
    let required = format!("at most {}", counted(most as u64, "items"));
    Words::new(Code::ItemsOutside, format!("expected {required}, found more")).expected([required])
}

/// An array has too few items.
pub(crate) fn too_few_items(least: usize, count: usize) -> Words {
    let (required, found) = (format!("at least {}", counted(least as u64, "items")), counted(count as u64, "items"));
    Words::new(Code::ItemsOutside, format!("expected {required}, found {found}")).expected([required]).found(&found)
}

fn between(least: usize, most: usize, unit: &str) -> String {
    match least {
        0 => format!("at most {}", counted(most as u64, unit)),
        least if most == usize::MAX => format!("at least {}", counted(least as u64, unit)),
        least => format!("{least} to {}", counted(most as u64, unit)),
    }
}
