//! The stable codes, and their meanings.
//!
//! The text for a code is its page, a file of `docs/codes/`: `page` splits it, `table` has one entry per code.
//!
//! A code never changes its meaning and is never reused. Titles, explanations and remedies may be reworded.

mod page;
mod table;

use std::fmt;
use std::str::FromStr;

use crate::datatype::Constraint;
use crate::xml::FaultKind;

pub use table::Code;
use table::{CODES, CONSTRAINTS, EXAMPLES, EXPLANATIONS, REMEDIES, SOURCES, TITLES};

impl Code {
    /// The code as written: `PC0203`.
    pub fn as_str(self) -> &'static str {
        CODES[self.index()].1
    }

    /// Every code, in numerical order.
    pub fn all() -> impl ExactSizeIterator<Item = Code> {
        CODES.iter().map(|(code, _)| *code)
    }

    /// The code written as `text`, in upper or lower case.
    ///
    /// ```
    /// use packetcheck::diagnostic::Code;
    ///
    /// let code = Code::parse("PC0203").expect("a code");
    /// assert_eq!((code, code.title()), (Code::MissingElement, "missing required element"));
    /// assert!(Code::all().count() > 100 && Code::parse("PC9999").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Code> {
        CODES.iter().find(|(_, number)| number.eq_ignore_ascii_case(text)).map(|(code, _)| *code)
    }

    /// For an error in a schema: the violated constraint of the Recommendation, by its name there (`cos-nonambig`), or
    /// a name of our own (`unreadable`, `schema-syntax`, `limit`, …). `None` for documents.
    pub fn constraint(self) -> Option<&'static str> {
        Some(CONSTRAINTS[self.index()]).filter(|constraint| !constraint.is_empty())
    }

    /// A few words: what is wrong.
    pub fn title(self) -> &'static str {
        TITLES[self.index()]
    }

    /// What it means and why the rule exists.
    pub fn explanation(self) -> &'static str {
        EXPLANATIONS[self.index()]
    }

    /// The document and section that state the rule.
    pub fn source(self) -> &'static str {
        SOURCES[self.index()]
    }

    /// A small document with this error or warning.
    pub fn example(self) -> &'static str {
        EXAMPLES[self.index()]
    }

    /// What to do about it.
    pub fn remedy(self) -> &'static str {
        REMEDIES[self.index()]
    }

    /// Its place in the table: the macro writes the enum and the table from the same list.
    fn index(self) -> usize {
        self as usize
    }
}

impl Code {
    /// The code of a violation of XML, or of an exceeded limit.
    pub(crate) fn of(kind: &FaultKind) -> Code {
        match kind {
            FaultKind::NoRoot => Code::NoRoot,
            FaultKind::ContentBeforeRoot { .. } => Code::ContentBeforeRoot,
            FaultKind::ContentAfterRoot { .. } => Code::ContentAfterRoot,
            FaultKind::InvalidUtf8 { .. } => Code::InvalidUtf8,
            FaultKind::IncompleteCharacter { encoding } if &**encoding == "UTF-8" => Code::InvalidUtf8,
            FaultKind::UnsupportedEncoding { .. } | FaultKind::UndecodedEncoding { .. } => Code::UnsupportedEncoding,
            FaultKind::EncodingMismatch { .. }
            | FaultKind::ContradictedEncoding { .. }
            | FaultKind::IncompleteCharacter { .. }
            | FaultKind::MalformedByte { .. } => Code::EncodingMismatch,
            FaultKind::MisplacedDeclaration => Code::MisplacedDeclaration,
            FaultKind::MalformedDeclaration { .. } | FaultKind::MalformedEncodingName { .. } => {
                Code::MalformedDeclaration
            }
            FaultKind::Doctype
            | FaultKind::MisplacedDoctype
            | FaultKind::MalformedDoctype { .. }
            | FaultKind::RecursiveEntity { .. }
            | FaultKind::ChangedByDoctype { .. }
            | FaultKind::DoctypeTooLarge { .. } => Code::Doctype,
            FaultKind::ForbiddenCharacter { .. } => Code::ForbiddenCharacter,
            FaultKind::BareAmpersand => Code::BareAmpersand,
            FaultKind::UnknownEntity { .. } | FaultKind::DeclaredEntity { .. } => Code::UnknownEntity,
            FaultKind::InvalidCharacterReference { .. } => Code::InvalidCharacterReference,
            FaultKind::BareLessThan | FaultKind::SpacedEndTag { .. } => Code::BareLessThan,
            FaultKind::CdataEndInText => Code::CdataEndInText,
            FaultKind::MalformedMarkup { .. } => Code::MalformedMarkup,
            FaultKind::MalformedName { .. } => Code::MalformedName,
            FaultKind::MalformedQualifiedName { .. } => Code::MalformedQualifiedName,
            FaultKind::MalformedStartTag { .. } => Code::MalformedStartTag,
            FaultKind::LessThanInAttribute => Code::LessThanInAttribute,
            FaultKind::UnquotedAttribute { .. } => Code::UnquotedAttribute,
            FaultKind::UnclosedAttribute { .. } => Code::UnclosedAttribute,
            FaultKind::MissingBlank { .. } => Code::MissingBlank,
            FaultKind::DuplicateAttribute { .. } => Code::DuplicateAttribute,
            FaultKind::UndeclaredPrefix { .. } | FaultKind::PrefixOfDoctype { .. } => Code::UndeclaredPrefix,
            FaultKind::ReservedPrefix { .. } => Code::ReservedPrefix,
            FaultKind::EmptyNamespace { .. } => Code::EmptyNamespace,
            FaultKind::MalformedEndTag { .. } => Code::MalformedEndTag,
            FaultKind::MismatchedEndTag { .. } => Code::MismatchedEndTag,
            FaultKind::UnexpectedEndTag { .. } => Code::UnexpectedEndTag,
            FaultKind::UnclosedElement { .. } => Code::UnclosedElement,
            FaultKind::UnclosedTag { .. } => Code::UnclosedTag,
            FaultKind::UnclosedReference => Code::UnclosedReference,
            FaultKind::UnclosedComment => Code::UnclosedComment,
            FaultKind::DoubleHyphenInComment => Code::DoubleHyphenInComment,
            FaultKind::UnclosedCdata => Code::UnclosedCdata,
            FaultKind::UnclosedInstruction => Code::UnclosedInstruction,
            FaultKind::MalformedInstruction { .. } => Code::MalformedInstruction,
            FaultKind::ReservedInstructionTarget { .. } => Code::ReservedInstructionTarget,
            FaultKind::TooDeep { .. } => Code::TooDeep,
            FaultKind::TooManyAttributes { .. } => Code::TooManyAttributes,
            FaultKind::NameTooLong { .. } | FaultKind::NamespaceTooLong { .. } => Code::NameTooLong,
            FaultKind::DocumentTooLarge { .. } => Code::DocumentTooLarge,
        }
    }
}

impl Code {
    /// The code of a type that cannot be built.
    pub(crate) fn of_type(constraint: Constraint) -> Code {
        match constraint {
            Constraint::PatternSyntax => Code::PatternSyntax,
            Constraint::CosApplicableFacets => Code::CosApplicableFacets,
            Constraint::CosListOfAtomic => Code::CosListOfAtomic,
            Constraint::LengthMinLengthMaxLength => Code::LengthMinLengthMaxLength,
            Constraint::LengthValidRestriction => Code::LengthValidRestriction,
            Constraint::MinLengthMaxLength => Code::MinLengthMaxLength,
            Constraint::MinLengthValidRestriction => Code::MinLengthValidRestriction,
            Constraint::MaxLengthValidRestriction => Code::MaxLengthValidRestriction,
            Constraint::EnumerationValidRestriction => Code::EnumerationValidRestriction,
            Constraint::WhiteSpaceValidRestriction => Code::WhiteSpaceValidRestriction,
            Constraint::MinInclusiveMaxInclusive => Code::MinInclusiveMaxInclusive,
            Constraint::MaxInclusiveValidRestriction => Code::MaxInclusiveValidRestriction,
            Constraint::MaxInclusiveMaxExclusive => Code::MaxInclusiveMaxExclusive,
            Constraint::MinExclusiveMaxExclusive => Code::MinExclusiveMaxExclusive,
            Constraint::MaxExclusiveValidRestriction => Code::MaxExclusiveValidRestriction,
            Constraint::MinInclusiveMinExclusive => Code::MinInclusiveMinExclusive,
            Constraint::MinExclusiveMaxInclusive => Code::MinExclusiveMaxInclusive,
            Constraint::MinExclusiveValidRestriction => Code::MinExclusiveValidRestriction,
            Constraint::MinInclusiveMaxExclusive => Code::MinInclusiveMaxExclusive,
            Constraint::MinInclusiveValidRestriction => Code::MinInclusiveValidRestriction,
            Constraint::TotalDigitsValidRestriction => Code::TotalDigitsValidRestriction,
            Constraint::FractionDigitsTotalDigits => Code::FractionDigitsTotalDigits,
            Constraint::FractionDigitsValidRestriction => Code::FractionDigitsValidRestriction,
            Constraint::SrcSingleFacetValue => Code::SrcSingleFacetValue,
            Constraint::SrcUnionMembers => Code::SrcUnionMembers,
            Constraint::SchemaSyntax => Code::SchemaSyntax,
            Constraint::SchemaLimit => Code::SchemaLimit,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// The text is not an existing code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a code such as `PC0203`, found `{}`", .0.escape_debug())]
pub struct UnknownCode(String);

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Code, UnknownCode> {
        Code::parse(text).ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_rise() {
        let numbers: Vec<_> = Code::all().map(Code::as_str).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
        assert!(numbers.iter().all(|number| number.len() == 6 && number.starts_with("PC")));
    }

    #[test]
    fn a_code_is_found_by_its_text_in_any_case() {
        for code in Code::all() {
            assert_eq!(Code::parse(code.as_str()), Some(code));
            assert_eq!(code.as_str().to_lowercase().parse(), Ok(code));
        }
        assert_eq!(Code::parse("PC9999"), None);
        let error = "nonsense\u{1b}".parse::<Code>().expect_err("is no code");
        assert_eq!(error.to_string(), "expected a code such as `PC0203`, found `nonsense\\u{1b}`");
    }

    #[test]
    fn texts_keep_the_house_style() {
        for code in Code::all() {
            assert!(!code.title().ends_with('.') && !code.remedy().ends_with('.'), "{code}");
            assert!(code.explanation().ends_with('.'), "{code}");
            assert!(!code.example().is_empty() && !code.source().is_empty(), "{code}");
        }
    }
}
