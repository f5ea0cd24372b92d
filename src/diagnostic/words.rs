//! All the words of diagnostics about documents, composed from fragments. Code that finds an error supplies data; only
//! this module puts it into words, in one file per group of codes.
//!
//! Lower case, no full stop; what was expected, then what was found; names and texts in backticks, cut if they are
//! long, without raw control characters.

use crate::xml::{self, FaultKind, Found, INSTANCE_NAMESPACE};

use super::correction::Correction;
use super::render::acts_on_terminal;
use super::{Code, Expected};

mod attribute;
mod element;
mod fragments;
#[cfg(feature = "http")]
pub(crate) mod http;
mod identity;
pub(crate) mod json;
mod kind;
mod name;
#[cfg(feature = "http")]
pub(crate) mod operation;
mod query;
pub(crate) mod url;
mod value;

pub(crate) use attribute::*;
pub(crate) use element::*;
pub(crate) use fragments::{push_shown, shown, ticked};
pub(crate) use identity::*;
pub(crate) use kind::*;
pub(crate) use name::{Allowed, Misnamed, Name};
pub(crate) use query::*;
pub(crate) use value::*;

/// The words of a diagnostic, before it has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) expected: Expected,
    pub(crate) found: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) correction: Option<Box<Correction>>,
}

/// The most expected items that are listed.
const EXPECTED: usize = 64;

/// What was expected, as a list.
fn listed<S: AsRef<str>>(expected: impl IntoIterator<Item = S>) -> Expected {
    Expected::written(expected.into_iter().take(EXPECTED), |all, text| push_shown(all, text.as_ref()))
}

impl Words {
    fn new(code: Code, message: String) -> Words {
        Words { code, message, expected: Expected::default(), found: None, help: None, correction: None }
    }

    fn expected<S: AsRef<str>>(mut self, expected: impl IntoIterator<Item = S>) -> Words {
        self.expected = listed(expected);
        self
    }

    fn found(mut self, found: &str) -> Words {
        self.found = Some(shown(found));
        self
    }

    fn help(mut self, help: impl Into<String>) -> Words {
        self.help = Some(help.into());
        self
    }

    fn corrected(mut self, correction: impl Into<Option<Correction>>) -> Words {
        self.correction = correction.into().map(Box::new);
        self
    }

    fn remedy(self) -> Words {
        let remedy = self.code.remedy();
        self.help(remedy)
    }
}

impl Words {
    /// Adds what was probably meant, if there is nothing better to say.
    pub(crate) fn or_meant(self, meant: impl FnOnce() -> Option<String>) -> Words {
        match &self.help {
            Some(_) => self,
            None => match meant() {
                Some(meant) => {
                    let help = fragments::did_you_mean(&meant, self.found.as_deref().unwrap_or_default());
                    self.help(help).corrected(Correction::Value { value: meant })
                }
                None => self,
            },
        }
    }

    /// An error in a schema, which `xsd` itself puts into words.
    pub(crate) fn of_schema(code: Code, message: String) -> Words {
        Words::new(code, message).remedy()
    }
}

/// `PC01xx` and `PC06xx`: a violation of XML, or a limit.
pub(crate) fn well_formedness(fault: &xml::Fault) -> Words {
    let words = Words::new(Code::of(&fault.kind), fault.kind.to_string());
    let declare = |found: &str| format!("the bytes are {found}: correct the declaration");
    match &fault.kind {
        FaultKind::ContradictedEncoding { found, .. } => {
            let label = match *found {
                "UTF-8" => Some("UTF-8"),
                "UTF-16LE" | "UTF-16BE" => Some("UTF-16"),
                _ => None,
            };
            words.help(declare(found)).corrected(label.map(|label| Correction::Encoding { label }))
        }
        FaultKind::MalformedByte { is_utf8: true, .. } | FaultKind::EncodingMismatch { .. } => {
            words.help(declare("UTF-8")).corrected(Correction::Encoding { label: "UTF-8" })
        }
        FaultKind::MalformedByte { .. } => words.help("declare the encoding of the bytes"),
        FaultKind::IncompleteCharacter { .. } => {
            words.help("the document was truncated in the middle of a character: get the complete one")
        }
        FaultKind::MalformedEncodingName { meant: Some(meant), .. } => {
            words.help(format!("write `{meant}`")).corrected(Correction::Encoding { label: meant })
        }
        FaultKind::UndecodedEncoding { .. } => words.help("decode the document first, with `xml::decode`"),
        FaultKind::DeclaredEntity { name } => {
            words.help(format!("write the text of the entity {}", ticked(&format!("&{name};"))))
        }
        FaultKind::SpacedEndTag { .. } => words.help("remove the white space after the `<`"),
        FaultKind::UndeclaredPrefix { prefix } if &**prefix == "xsi" => {
            let declaration = Correction::Declaration {
                prefix: prefix.to_string(),
                namespace: INSTANCE_NAMESPACE.to_owned(),
                is_safe: true,
            };
            words.help(format!("declare it: `xmlns:xsi=\"{INSTANCE_NAMESPACE}\"`")).corrected(declaration)
        }
        FaultKind::UnquotedAttribute { name, found } => {
            let what = match found {
                Found::Character('“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '«' | '»' | '`' | '´') => {
                    "put the value in straight quotes"
                }
                _ => "put the value in quotes",
            };
            words.help(format!("{what}: {}", ticked(&format!("{name}=\"…\""))))
        }
        FaultKind::PrefixOfDoctype { prefix, element, namespace } => words.help(format!(
            "what a document type declaration declares is not applied: write `xmlns:{}=\"{}\"` on {}",
            shown(prefix),
            namespace.as_deref().map_or_else(|| "…".to_owned(), shown),
            ticked(element)
        )),
        FaultKind::ChangedByDoctype { attribute, value: Some(value) } => words.help(format!(
            "write the value that the declaration gives: `{}=\"{}\"`",
            shown(attribute),
            shown(value)
        )),
        _ => words.remedy(),
    }
}

/// The label for the second place of a violation of XML.
pub(crate) fn well_formedness_related(code: Code) -> &'static str {
    match code {
        Code::MismatchedEndTag | Code::UnclosedElement => "it begins here",
        Code::DuplicateAttribute => "first given here",
        Code::UndeclaredPrefix | Code::ReservedPrefix => "declared here",
        _ => "because of this",
    }
}

/// The text of a rule as a message: nothing in it acts on a terminal.
pub(crate) fn rule_message(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    for character in text.chars() {
        if acts_on_terminal(character) {
            message.extend(character.escape_default());
        } else {
            message.push(character);
        }
    }
    message
}

/// `PC05xx`: a rule of the schema, whose own text is the message (see `rule_message`).
pub(crate) fn rule(message: &str, warning: bool, see: Option<&str>) -> Words {
    let code = if warning { Code::RuleWarning } else { Code::RuleBroken };
    let words = Words::new(code, message.to_owned());
    match see {
        Some(see) => words.help(format!("see {see}")),
        None => words,
    }
}
