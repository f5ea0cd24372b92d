//! The document type declaration (section 2.8), where it is allowed: parsed by its grammar, and skipped.
//!
//! What it declares is never applied. Nothing is loaded: a non-validating processor need not read an external subset or
//! external entities (section 5.1), and this one does not. It does not expand the document's entities either, so a
//! reference to one is an error where it occurs. That leaves attributes: a default, or a type whose values are
//! normalized as tokens (section 3.3.3), would change elements of the document. Where it would, the element is in
//! error; so an accepted document means the same whether or not the reader applies the declarations.

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
    /// The offset after it.
    pub(super) end: usize,
    /// By element name as written: DTD validity knows nothing of namespaces.
    pub(super) elements: HashMap<Box<str>, Attributes>,
    /// The names of the general entities that it declares.
    entities: HashSet<Box<str>>,
}

/// Namespace declarations that the attribute lists of one element may give defaults for: all of them are looked at for
/// each such element in the document.
const NAMESPACE_DEFAULTS: usize = 64;

/// The declarations about the attributes of an element, as far as they can change one.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    /// All declared attributes: of several declarations of one attribute, the first counts (section 3.3).
    declared: HashSet<Box<str>>,
    /// Those that are not CDATA.
    tokenized: HashSet<Box<str>>,
    /// The attributes with a default, and its value; `None` if entities would have to be expanded.
    defaults: Vec<(Box<str>, Option<Box<str>>)>,
    /// The namespace declarations with a default, by prefix, and its value.
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

/// Production 75, if one comes next.
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
    /// Adds an attribute unless it is already declared, and returns whether it was added. Fails if there are too many.
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

    /// Whether anything but CDATA without a default is declared.
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
        // At most as many defaults can be written as there are attributes, so among one more than that, one is not.
        let default = || self.defaults.iter().take(written.len() + 1).find(|(name, _)| !is_written(name));
        let namespace = || {
            self.namespaces.iter().find(|(prefix, value)| {
                let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
                // A prefix that is bound to nothing is not used either: that would be an error in itself.
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

/// Section 3.3.3: white space at the ends is dropped, and white space between two tokens becomes one space.
pub(super) fn tokenized(value: &str) -> String {
    value.split(' ').filter(|token| !token.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Doctype {
    /// What the declarations would change in an element, given its attributes and the namespaces in force.
    pub(super) fn change(&self, element: &str, written: &[RawAttribute<'_>], scopes: &Scopes<'_>) -> Option<FaultKind> {
        let (attribute, value) = self.elements.get(element)?.first_change(written, scopes)?;
        Some(FaultKind::ChangedByDoctype { attribute: attribute.into(), value })
    }

    /// A prefix that a declaration would declare on one of the open elements, innermost first, is reported as that, not
    /// as undeclared.
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

    /// A reference to a declared entity is reported as that, not as one to an unknown entity.
    pub(super) fn settle_entity(&self, text: &str, fault: &mut Fault) {
        let FaultKind::UnknownEntity { name } = &mut fault.kind else { return };
        // The fault has the name shortened; the document has the whole name, between `&` and `;`.
        let whole = text.get(fault.span.start + 1..fault.span.end.saturating_sub(1));
        if whole.is_some_and(|whole| self.entities.contains(whole)) {
            fault.kind = FaultKind::DeclaredEntity { name: std::mem::take(name) };
        }
    }
}

/// The document type declaration of a document whose prolog was already read.
pub(super) fn doctype_of(text: &str) -> Option<Doctype> {
    let Err(Broken { fault, .. }) = lex_misc(text, open_decoded(text).start) else { return None };
    (fault.kind == FaultKind::Doctype).then(|| lex_doctype(text, fault.span.start).ok())?
}

/// Skips what comes before the root of a document with a document type declaration at `at`; returns the offset of the
/// root. Fails also where a declaration would change an element.
pub(crate) fn skip_doctype(text: &str, at: usize, limits: &Limits) -> Result<usize, Fault> {
    let doctype = lex_doctype(text, at)?;
    if !doctype.elements.is_empty() {
        let mut change = None;
        changes(Reader::of_text(text, limits), |fault| change = change.take().or(Some(fault)));
        change.map_or(Ok(()), Err)?;
    }
    Ok(lex_misc(text, doctype.end)?)
}

/// The offset after the document type declaration at `at`, which was already read.
pub(crate) fn doctype_end(text: &str, at: usize) -> Option<usize> {
    lex_doctype(text, at).ok().map(|doctype| doctype.end)
}

/// Reports each element of a document that its document type declaration would change.
pub(crate) fn changes(mut reader: Reader<'_>, mut take: impl FnMut(Fault)) {
    let mut only_changes = |fault: Fault| {
        if matches!(fault.kind, FaultKind::ChangedByDoctype { .. }) {
            take(fault);
        }
    };
    while reader.next(&mut only_changes) != Token::Eof {}
}

/// A document without its document type declaration, for a parser that would apply it: spaces take its place, so all
/// offsets and lines stay. `None` if there is none before the root.
///
/// # Errors
///
/// The faults of the declaration, or each element that it would change.
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
