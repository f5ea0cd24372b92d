//! A violation of the standards, as data.

use std::fmt;
use std::ops::Range;

/// A violation of XML 1.0 or Namespaces in XML 1.0, and its place. Codes and remedies are in `diagnostic`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct Fault {
    /// Which rule.
    pub kind: FaultKind,
    /// The bytes at fault (may be empty: a place between two bytes).
    pub span: Range<usize>,
    /// A second place that explains the first: the unclosed start tag, the first of two equal attributes.
    pub related: Option<Range<usize>>,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, span: Range<usize>) -> Fault {
        Fault { kind, span, related: None }
    }

    pub(super) fn related_to(mut self, related: Range<usize>) -> Fault {
        self.related = Some(related);
        self
    }
}

/// The rules that can be broken. `Display` gives what was required, then what was found.
///
/// Names are shortened (see [`FaultKind::NAME_KEPT`]): the span covers the whole name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// Section 2.1: no root element.
    #[error("expected a root element, found the end of the document")]
    NoRoot,
    /// Section 2.1: something other than comments, instructions and white space before the root element.
    #[error("expected the root element, found {found}")]
    ContentBeforeRoot {
        /// What it begins with.
        found: Found,
    },
    /// Section 2.1: something other than comments, instructions and white space after the root element.
    #[error("expected the end of the document after the root element, found {found}")]
    ContentAfterRoot {
        /// What it begins with.
        found: Found,
    },

    /// Section 4.3.3: bytes that are not UTF-8.
    #[error("expected UTF-8, found byte 0x{byte:02X} where no character begins or continues")]
    InvalidUtf8 {
        /// The first byte that does not fit.
        byte: u8,
    },
    /// Section 4.3.3: an unknown encoding, from its name or from the first bytes.
    #[error("expected a supported encoding, found `{name}`")]
    UnsupportedEncoding {
        /// As declared, or as the first bytes show.
        name: Box<str>,
    },
    /// A document in a known encoding was given to something that borrows from UTF-8: see [`decode`](super::decode).
    #[error("expected a document in UTF-8, found `{name}`, which has to be decoded first")]
    UndecodedEncoding {
        /// As declared, or as the first bytes show.
        name: Box<str>,
    },
    /// Section 4.3.3: the declared encoding cannot be that of the bytes.
    #[error("expected the declaration to name the encoding of the bytes, found `{declared}`")]
    ContradictedEncoding {
        /// As declared.
        declared: Box<str>,
        /// What the bytes are: `UTF-8`, `UTF-16LE`, `not UTF-16`.
        found: &'static str,
    },
    /// Section 4.3.3: bytes that form no character in the encoding of the document.
    #[error("expected {encoding}, found byte 0x{byte:02X} where no character begins or continues")]
    MalformedByte {
        /// The encoding.
        encoding: Box<str>,
        /// The first of them.
        byte: u8,
        /// The whole document could be UTF-8.
        is_utf8: bool,
    },
    /// Section 4.3.3: the document ends within a character.
    #[error("expected the rest of a character in {encoding}, found the end of the document")]
    IncompleteCharacter {
        /// The encoding.
        encoding: Box<str>,
    },
    /// Section 4.3.3: declared as US-ASCII, and it is not.
    #[error("expected US-ASCII as declared, found byte 0x{byte:02X}")]
    EncodingMismatch {
        /// The first byte above 0x7F.
        byte: u8,
    },
    /// Section 2.8: `<?xml …?>` anywhere but at the first byte.
    #[error("expected the XML declaration at the very start of the document, found it here")]
    MisplacedDeclaration,
    /// Section 2.8, productions 23 to 32 and 80 to 81.
    #[error("expected {expected} in the XML declaration, found {found}")]
    MalformedDeclaration {
        /// What was expected here.
        expected: &'static str,
        /// What was found here.
        found: Found,
    },
    /// Section 4.3.3, production 81 (EncName): the declared encoding is not a name that XML allows.
    #[error("expected an encoding name of letters, digits, `.`, `_` and `-` that begins with a letter, found `{name}`")]
    MalformedEncodingName {
        /// As declared.
        name: Box<str>,
        /// The usual name of the encoding.
        meant: Option<&'static str>,
    },
    /// Section 2.8: a document type declaration, which is refused unread; see
    /// [`Limits::allow_doctype`](crate::Limits::allow_doctype).
    #[error("expected a document without a document type declaration, found `<!DOCTYPE`")]
    Doctype,
    /// Section 2.8, production 22: a second one, or one that is not before the root element.
    #[error("expected at most one document type declaration, before the root element, found it here")]
    MisplacedDoctype,
    /// Section 2.8, productions 28 to 29, with those of sections 3.2, 3.3, 4.2 and 4.7 for the declarations in it.
    #[error("expected {expected} in the document type declaration, found {found}")]
    MalformedDoctype {
        /// What was expected here.
        expected: &'static str,
        /// What was found here.
        found: Found,
    },
    /// Section 4.1, "No Recursion", for a parameter entity.
    #[error("expected a parameter entity whose text does not lead back to it, found `%{name};`")]
    RecursiveEntity {
        /// Its name.
        name: Box<str>,
    },
    /// Section 3.3: the document type declaration, which is not applied, would change this element.
    #[error(
        "expected an element that the document type declaration does not change, found one whose attribute \
         `{attribute}` it would"
    )]
    ChangedByDoctype {
        /// The attribute.
        attribute: Box<str>,
        /// What its value would become; `None` if entities would have to be expanded.
        value: Option<Box<str>>,
    },
    /// The document type declaration demands work out of proportion to its size.
    #[error("expected at most {limit} {what} in the document type declaration, found more")]
    DoctypeTooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },

    /// Section 2.2, production 2 (Char).
    #[error("expected a character that XML allows, found U+{:04X}", u32::from(*.character))]
    ForbiddenCharacter {
        /// The character.
        character: char,
    },
    /// Section 2.4: `&` that does not begin a reference.
    #[error("expected `&amp;` or a reference that ends in `;`, found a bare `&`")]
    BareAmpersand,
    /// Section 4.1: without a DOCTYPE there are `amp`, `lt`, `gt`, `apos` and `quot`.
    #[error("expected one of the entities amp, lt, gt, apos, quot, found `&{name};`")]
    UnknownEntity {
        /// Its name.
        name: Box<str>,
    },
    /// Section 4.1: an entity declared in the document type declaration, which is not applied.
    #[error("expected no entity of the document type declaration, which is not applied, found `&{name};`")]
    DeclaredEntity {
        /// Its name.
        name: Box<str>,
    },
    /// Section 4.1, production 66: no digits, or not the number of an allowed character.
    #[error("expected a reference to a character that XML allows, found `{reference}`")]
    InvalidCharacterReference {
        /// As written.
        reference: Box<str>,
    },
    /// Section 2.4: `<` that does not begin markup.
    #[error("expected `&lt;` or a tag, found a bare `<`")]
    BareLessThan,
    /// Section 3.1, production 42: `< /a>`.
    #[error("expected `</{name}>`, found white space after the `<`")]
    SpacedEndTag {
        /// The name in the end tag.
        name: Box<str>,
    },
    /// Section 2.4: `]]>` in text.
    #[error("expected `]]&gt;` in text, found `]]>`")]
    CdataEndInText,
    /// Section 2.8, production 22: `<!` that begins neither a comment nor a CDATA section.
    #[error("expected a comment or a CDATA section after `<!`, found {found}")]
    MalformedMarkup {
        /// What follows `<!`.
        found: Found,
    },

    /// Section 2.3, productions 4 to 5.
    #[error("expected a name, found {found}")]
    MalformedName {
        /// What was found in its place.
        found: Found,
    },
    /// Namespaces, section 4: more than one colon, or one at an end.
    #[error("expected a name with at most one colon, between two parts, found `{name}`")]
    MalformedQualifiedName {
        /// The name.
        name: Box<str>,
    },
    /// Section 3.1, productions 40 to 44.
    #[error("expected {expected}, found {found}")]
    MalformedStartTag {
        /// What was expected here.
        expected: &'static str,
        /// What was found here.
        found: Found,
    },
    /// Section 3.1: `<` in an attribute value.
    #[error("expected `&lt;` in the value of an attribute, found `<`")]
    LessThanInAttribute,
    /// Section 3.1, production 10: the value does not begin with a quote.
    #[error("expected the value of `{name}` in quotes, found {found}")]
    UnquotedAttribute {
        /// The attribute.
        name: Box<str>,
        /// What was found instead of the quote.
        found: Found,
    },
    /// Section 3.1, production 10: the value does not end before the next tag.
    #[error("expected a quote at the end of the value of `{name}`, found none before the next tag")]
    UnclosedAttribute {
        /// The attribute.
        name: Box<str>,
    },
    /// Section 3.1, production 40: no white space before an attribute.
    #[error("expected white space before the attribute, found {found}")]
    MissingBlank {
        /// What the attribute begins with.
        found: Found,
    },
    /// Section 3.1: the same name twice; or, Namespaces, section 6.3, two prefixes for the same namespace.
    #[error("expected each attribute once, found `{name}` again")]
    DuplicateAttribute {
        /// The second one.
        name: Box<str>,
    },
    /// Namespaces, section 5.
    #[error("expected a declared prefix, found `{prefix}`")]
    UndeclaredPrefix {
        /// The prefix.
        prefix: Box<str>,
    },
    /// Namespaces, section 5: a prefix that the document type declaration, which is not applied, declares on an
    /// enclosing element.
    #[error(
        "expected a declared prefix, found `{prefix}`, which only the document type declaration declares, on `{element}`"
    )]
    PrefixOfDoctype {
        /// The prefix.
        prefix: Box<str>,
        /// The element.
        element: Box<str>,
        /// The namespace; `None` if entities would have to be expanded.
        namespace: Option<Box<str>>,
    },
    /// Namespaces, section 3: `xml`, `xmlns` and their namespaces may not be bound or used otherwise.
    #[error("expected no other use of `{name}`, which is reserved, found `{found}`")]
    ReservedPrefix {
        /// The prefix or the namespace.
        name: Box<str>,
        /// The name at fault.
        found: Box<str>,
    },
    /// Namespaces, section 5: `xmlns:p=""`.
    #[error("expected a namespace for the prefix `{prefix}`, found an empty one")]
    EmptyNamespace {
        /// The prefix.
        prefix: Box<str>,
    },

    /// Section 3.1, production 42.
    #[error("expected `>` at the end of the end tag, found {found}")]
    MalformedEndTag {
        /// What was found in its place.
        found: Found,
    },
    /// Section 3: the end tag has another name, most likely misspelled.
    #[error("expected `</{expected}>`, found `</{found}>`")]
    MismatchedEndTag {
        /// The element that is open.
        expected: Box<str>,
        /// The name in the end tag.
        found: Box<str>,
    },
    /// Section 3: an end tag for which nothing is open.
    #[error("expected no end tag here, found `</{name}>`")]
    UnexpectedEndTag {
        /// The name in the end tag.
        name: Box<str>,
    },
    /// Section 3: an element that is not closed where an outer one ends or the document does.
    #[error("expected `</{name}>`, found {found}")]
    UnclosedElement {
        /// The innermost open element.
        name: Box<str>,
        /// The end of the document, or the end tag of an outer element.
        found: Found,
    },
    /// Section 3.1: a tag without its `>`.
    #[error("expected `>` at the end of the tag, found {found}")]
    UnclosedTag {
        /// The end of the document, or the next tag.
        found: Found,
    },
    /// Section 4.1: the document ends within a reference.
    #[error("expected `;` at the end of the reference, found the end of the document")]
    UnclosedReference,
    /// Section 2.5.
    #[error("expected `-->` at the end of the comment, found the end of the document")]
    UnclosedComment,
    /// Section 2.5.
    #[error("expected no `--` within a comment, found one")]
    DoubleHyphenInComment,
    /// Section 2.7.
    #[error("expected `]]>` at the end of the CDATA section, found the end of the document")]
    UnclosedCdata,
    /// Section 2.6.
    #[error("expected `?>` at the end of the processing instruction, found the end of the document")]
    UnclosedInstruction,
    /// Section 2.6, production 16.
    #[error("expected white space or `?>` after the target of the processing instruction, found {found}")]
    MalformedInstruction {
        /// What follows the target.
        found: Found,
    },
    /// Section 2.6, production 17: `xml` in any mix of cases.
    #[error("expected another target of the processing instruction, found `{target}`, which is reserved")]
    ReservedInstructionTarget {
        /// The target.
        target: Box<str>,
    },

    /// [`Limits::depth`](crate::Limits::depth).
    #[error("expected at most {limit} open elements, found one more")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// [`Limits::attributes`](crate::Limits::attributes).
    #[error("expected at most {limit} attributes on an element, found one more")]
    TooManyAttributes {
        /// The limit.
        limit: usize,
    },
    /// [`Limits::name_bytes`](crate::Limits::name_bytes).
    #[error("expected a name of at most {limit} bytes, found a longer one")]
    NameTooLong {
        /// The limit.
        limit: usize,
    },
    /// [`Limits::namespace_bytes`](crate::Limits::namespace_bytes).
    #[error("expected the name of a namespace of at most {limit} bytes, found a longer one")]
    NamespaceTooLong {
        /// The limit.
        limit: usize,
    },
    /// [`Limits::document_bytes`](crate::Limits::document_bytes).
    #[error("expected a document of at most {limit} bytes, found {found}")]
    DocumentTooLarge {
        /// The limit.
        limit: usize,
        /// Bytes of the document.
        found: usize,
    },
}

impl FaultKind {
    /// The number of characters kept of a name. The bound keeps the faults of one document linear in its size, whatever
    /// names it has.
    pub const NAME_KEPT: usize = 80;

    /// The document ends too early: what was read is right so far. A caller that has more input appends it and begins
    /// again at the start of the token.
    pub fn is_truncation(&self) -> bool {
        use FaultKind::*;
        matches!(
            self,
            UnclosedElement { found: Found::End, .. }
                | MalformedDoctype { found: Found::End, .. }
                | UnclosedTag { found: Found::End }
                | IncompleteCharacter { .. }
                | UnclosedReference
                | UnclosedComment
                | UnclosedCdata
                | UnclosedInstruction
                | NoRoot
        )
    }

    /// A limit of [`Limits`](crate::Limits) was reached: the rest of the document was not checked.
    pub fn is_limit(&self) -> bool {
        use FaultKind::*;
        matches!(
            self,
            TooDeep { .. }
                | TooManyAttributes { .. }
                | NameTooLong { .. }
                | NamespaceTooLong { .. }
                | DocumentTooLarge { .. }
                | DoctypeTooLarge { .. }
        )
    }
}

/// What was found in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// Nothing: the document is over.
    End,
    /// A character, shown by its number if it is invisible.
    Character(char),
    /// A start tag, by its name (shortened).
    StartTag(Box<str>),
    /// An end tag, by its name (shortened).
    EndTag(Box<str>),
}

impl Found {
    /// What is at an offset.
    pub(super) fn at(text: &str, at: usize) -> Found {
        text.get(at..).and_then(|rest| rest.chars().next()).map_or(Found::End, Found::Character)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::End => formatter.write_str("the end of the document"),
            Found::Character(' ') => formatter.write_str("a space"),
            Found::Character('\t') => formatter.write_str("a tab"),
            Found::Character('\n' | '\r') => formatter.write_str("a line break"),
            Found::Character('`') => formatter.write_str("a backtick"),
            Found::Character(character) if character.is_ascii_graphic() || character.is_alphanumeric() => {
                write!(formatter, "`{character}`")
            }
            Found::Character(character) => write!(formatter, "U+{:04X}", u32::from(*character)),
            Found::StartTag(name) => write!(formatter, "`<{name}>`"),
            Found::EndTag(name) => write!(formatter, "`</{name}>`"),
        }
    }
}

/// A name, shortened as faults keep it.
pub(super) fn shorten(name: &str) -> Box<str> {
    match name.char_indices().nth(FaultKind::NAME_KEPT) {
        None => name.into(),
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()).into(),
    }
}

/// A fault, and where reading resumes after it.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) fault: Fault,
    pub(super) resume: usize,
}

impl Broken {
    /// `kind` over `span`; reading resumes after the span.
    #[cold]
    pub(super) fn new(kind: FaultKind, span: Range<usize>) -> Broken {
        let resume = span.end;
        Broken { fault: Fault::new(kind, span), resume }
    }

    pub(super) fn resume_at(mut self, resume: usize) -> Broken {
        self.resume = resume;
        self
    }
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Fault {
        broken.fault
    }
}
