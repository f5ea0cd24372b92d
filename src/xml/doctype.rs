//! The document type declaration (section 2.8), where it is allowed: read by its grammar, and passed over.
//!
//! What it declares is never applied. Nothing is loaded: an external subset and external entities are not read, as is
//! open to a processor that does not validate (section 5.1). Entities of the document are not expanded either, so that a
//! reference to one is an error where it is. What is left are attributes: a default, or a type whose values are
//! normalized as tokens (section 3.3.3), would change elements that are there. Where it would, that is an error at the
//! element; so a document that is accepted means the same to those who apply the declarations and to those who do not.

use std::collections::{HashMap, HashSet};

use super::cursor::Cursor;
use super::encoding::{self, open_decoded};
use super::fault::{Broken, Fault, FaultKind, shorten};
use super::lex::lex_misc;
use super::subset::Subset;
use super::{RawAttribute, Reader, Scopes, Token, attribute_value};
use crate::Limits;

/// What is kept of a document type declaration.
#[derive(Debug, Default)]
pub(super) struct Doctype {
    /// The offset behind it.
    pub(super) end: usize,
    /// By the names of elements as they are written: validity knows nothing of namespaces.
    pub(super) elements: HashMap<Box<str>, Attributes>,
    /// The names of the general entities that it declares.
    entities: HashSet<Box<str>>,
}

/// Declarations of namespaces that the attribute lists of one element may give defaults for: for each element that is
/// there all of them are looked at.
const NAMESPACE_DEFAULTS: usize = 64;

/// What is declared of the attributes of an element, as far as it can change one.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    /// All that are declared: of several declarations of one attribute the first counts (section 3.3).
    declared: HashSet<Box<str>>,
    /// Those that are not CDATA.
    tokenized: HashSet<Box<str>>,
    /// Attributes and their values where they are not written; `None`: entities would have to be expanded.
    defaults: Vec<(Box<str>, Option<Box<str>>)>,
    /// The same for prefixes.
    namespaces: Vec<(Box<str>, Option<Box<str>>)>,
}

/// Production 28, at `<!DOCTYPE`.
pub(super) fn lex_doctype(text: &str, at: usize) -> Result<Doctype, Broken> {
    let mut cursor = Cursor { text, at };
    cursor.expect("<!DOCTYPE", "`<!DOCTYPE` in capital letters")?;
    cursor.expect_space()?;
    cursor.expect_qualified_name()?;
    let has_space = cursor.skip_space();
    if has_space && lex_external_id(&mut cursor)? {
        cursor.skip_space();
    }
    let is_standalone = encoding::declaration(text.as_bytes()).is_some_and(|declaration| declaration.is_standalone);
    let mut subset = Subset::new(is_standalone);
    if cursor.skip("[") {
        subset.read(&mut cursor)?;
        cursor.expect("]", "a declaration or `]`")?;
        cursor.skip_space();
    }
    cursor.expect(">", "`>` at the end of the document type declaration")?;
    let (elements, entities) = subset.into_parts();
    Ok(Doctype { end: cursor.at, elements, entities })
}

/// Production 75, if one is here.
pub(super) fn lex_external_id(cursor: &mut Cursor<'_>) -> Result<bool, Broken> {
    if cursor.skip("SYSTEM") {
        cursor.expect_space()?;
    } else if cursor.skip("PUBLIC") {
        cursor.expect_space()?;
        cursor.expect_public_literal()?;
        cursor.expect_space()?;
    } else {
        return Ok(false);
    }
    cursor.expect_system_literal()?;
    Ok(true)
}

impl Attributes {
    /// Adds an attribute, unless it is declared already, and says whether. Fails where there are too many.
    pub(super) fn declare(
        &mut self,
        name: &str,
        is_tokenized: bool,
        default: Option<Option<Box<str>>>,
    ) -> Result<bool, FaultKind> {
        if !self.declared.insert(name.into()) {
            return Ok(false);
        }
        if is_tokenized {
            self.tokenized.insert(name.into());
        }
        let Some(value) = default else { return Ok(true) };
        match name.strip_prefix("xmlns") {
            Some("") => self.namespaces.push(("".into(), value)),
            Some(rest) if rest.starts_with(':') => self.namespaces.push((rest.trim_start_matches(':').into(), value)),
            _ => self.defaults.push((name.into(), value)),
        }
        match self.namespaces.len() {
            0..=NAMESPACE_DEFAULTS => Ok(true),
            _ => Err(FaultKind::DoctypeTooLarge {
                what: "defaults for namespaces on one element",
                limit: NAMESPACE_DEFAULTS,
            }),
        }
    }

    /// Not all of it is CDATA without a default.
    pub(super) fn can_change(&self) -> bool {
        !(self.tokenized.is_empty() && self.defaults.is_empty() && self.namespaces.is_empty())
    }

    /// The first attribute that would have another value if the declarations were applied, with that value.
    fn first_change(&self, written: &[RawAttribute<'_>], scopes: &Scopes<'_>) -> Option<(String, Option<Box<str>>)> {
        let names: HashSet<&str> = written.iter().map(|attribute| attribute.name).collect();
        let is_written = |name: &str| names.contains(name);
        let tokens = written.iter().find_map(|attribute| {
            let value = self.tokenized.contains(attribute.name).then(|| attribute_value(attribute.value))?;
            let tokens = tokenized(&value);
            (tokens != value).then(|| (attribute.name.to_owned(), Some(tokens.into())))
        });
        // As many of them can be written as there are attributes, so that one of so few more is not.
        let default = || self.defaults.iter().take(written.len() + 1).find(|(name, _)| !is_written(name));
        let namespace = || {
            self.namespaces.iter().find(|(prefix, value)| {
                let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
                // A prefix that is bound to nothing is used by nothing: that would be an error by itself.
                let changes = match scopes.resolve(prefix) {
                    None => false,
                    Some(namespace) => Some(namespace) != value.as_deref(),
                };
                changes && !is_written(&name)
            })
        };
        tokens.or_else(|| default().map(|(name, value)| (name.to_string(), value.clone()))).or_else(|| {
            namespace().map(|(prefix, value)| match &**prefix {
                "" => ("xmlns".to_owned(), value.clone()),
                prefix => (format!("xmlns:{prefix}"), value.clone()),
            })
        })
    }
}

/// Section 3.3.3: blanks at the ends go, and of several between two tokens one stays.
pub(super) fn tokenized(value: &str) -> String {
    value.split(' ').filter(|token| !token.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Doctype {
    /// What the declarations would change in an element; its attributes and the namespaces in force are given.
    pub(super) fn change(&self, element: &str, written: &[RawAttribute<'_>], scopes: &Scopes<'_>) -> Option<FaultKind> {
        let (attribute, value) = self.elements.get(element)?.first_change(written, scopes)?;
        Some(FaultKind::ChangedByDoctype { attribute: attribute.into(), value })
    }

    /// A prefix that a declaration would declare on one of the open elements, from the innermost on, is not one that nobody
    /// declares.
    pub(super) fn settle_prefix<'n>(&self, open: impl Iterator<Item = &'n str>, fault: &mut Fault) {
        let FaultKind::UndeclaredPrefix { prefix } = &mut fault.kind else { return };
        let declares = |element: &str| {
            let namespaces = &self.elements.get(element)?.namespaces;
            namespaces.iter().find(|(declared, _)| shorten(declared) == *prefix).map(|(_, namespace)| namespace.clone())
        };
        if !self.elements.values().any(|attributes| !attributes.namespaces.is_empty()) {
            return;
        }
        let found = open.into_iter().find_map(|element| Some((element, declares(element)?)));
        if let Some((element, namespace)) = found {
            let (prefix, element) = (std::mem::take(prefix), shorten(element));
            fault.kind = FaultKind::PrefixOfDoctype { prefix, element, namespace };
        }
    }

    /// A reference to an entity that is declared is not one to an entity that does not exist.
    pub(super) fn settle_entity(&self, text: &str, fault: &mut Fault) {
        let FaultKind::UnknownEntity { name } = &mut fault.kind else { return };
        // The fault has the name shortened: the place has it whole, between `&` and `;`.
        let whole = text.get(fault.span.start + 1..fault.span.end.saturating_sub(1));
        if whole.is_some_and(|whole| self.entities.contains(whole)) {
            fault.kind = FaultKind::DeclaredEntity { name: std::mem::take(name) };
        }
    }
}

/// The document type declaration of a document whose prolog was read before.
pub(super) fn doctype_of(text: &str) -> Option<Doctype> {
    let Err(Broken { fault, .. }) = lex_misc(text, open_decoded(text).start) else { return None };
    (fault.kind == FaultKind::Doctype).then(|| lex_doctype(text, fault.span.start).ok())?
}

/// What comes before the root of a document with a document type declaration at `at`: the offset of the root. Fails where
/// a declaration would change an element, too.
pub(crate) fn skip_doctype(text: &str, at: usize, limits: &Limits) -> Result<usize, Fault> {
    let doctype = lex_doctype(text, at)?;
    if !doctype.elements.is_empty() {
        let mut change = None;
        changes(Reader::of_text(text, limits), |fault| change = change.take().or(Some(fault)));
        change.map_or(Ok(()), Err)?;
    }
    Ok(lex_misc(text, doctype.end)?)
}

/// The offset after the document type declaration at `at`, which was read before.
pub(crate) fn doctype_end(text: &str, at: usize) -> Option<usize> {
    lex_doctype(text, at).ok().map(|doctype| doctype.end)
}

/// Each element of a document that its document type declaration would change.
pub(crate) fn changes(mut reader: Reader<'_>, mut take: impl FnMut(Fault)) {
    let mut only_changes = |fault: Fault| {
        if matches!(fault.kind, FaultKind::ChangedByDoctype { .. }) {
            take(fault);
        }
    };
    while reader.next(&mut only_changes) != Token::Eof {}
}

/// A document without its document type declaration, for a parser that would apply it: blanks are in its place, so that
/// all offsets and lines stay. `None`: there is none before the root.
///
/// # Errors
///
/// What is wrong with the declaration, or each element that it would change.
pub(crate) fn blank_doctype(text: &str) -> Result<Option<String>, Vec<Fault>> {
    let at = match lex_misc(text, open_decoded(text).start) {
        Err(Broken { fault, .. }) if fault.kind == FaultKind::Doctype => fault.span.start,
        _ => return Ok(None),
    };
    let doctype = lex_doctype(text, at).map_err(|broken| vec![broken.fault])?;
    if !doctype.elements.is_empty() {
        let mut faults = Vec::new();
        let limits = Limits { allow_doctype: true, ..Limits::default() };
        changes(Reader::of_text(text, &limits), |fault| {
            if faults.len() < limits.diagnostics {
                faults.push(fault);
            }
        });
        if !faults.is_empty() {
            return Err(faults);
        }
    }
    let mut bytes = text.as_bytes().to_vec();
    for byte in bytes.get_mut(at..doctype.end).unwrap_or_default() {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    Ok(String::from_utf8(bytes).ok())
}
