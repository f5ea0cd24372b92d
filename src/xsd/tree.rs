//! The text of a schema document becomes a tree, or a list of what keeps it from being one.

use super::depth::{ATTRIBUTES, Excess, NESTING, find_excess, parse_checked};
use super::document::DOCUMENT_BYTES;
use super::fault::{Failure, Faults, Result, conflict, fault};
use std::sync::Arc;

use crate::Limits;
use crate::compiled::Place;
use crate::diagnostic::words::ticked;
use crate::diagnostic::{Code, words};
use crate::xml::{self, FaultKind, Token};

/// The text without its document type declaration, whose declarations are read and not applied.
pub(super) fn without_doctype(text: &Arc<str>, document: u32, faults: &Faults) -> Result<Arc<str>> {
    match xml::blank_doctype(text) {
        Ok(None) => Ok(Arc::clone(text)),
        Ok(Some(blanked)) => Ok(blanked.into()),
        Err(breaches) => {
            for breach in breaches {
                let place = Place { document, offset: u32::try_from(breach.span.start).unwrap_or(u32::MAX) };
                let (code, message) = match &breach.kind {
                    FaultKind::ChangedByDoctype { value: Some(value), .. } => {
                        (Code::Unsupported, format!("{breach}; write its value, which would be {}", ticked(value)))
                    }
                    FaultKind::ChangedByDoctype { .. } | FaultKind::DoctypeTooLarge { .. } => {
                        (Code::Unsupported, breach.to_string())
                    }
                    _ => (Code::NotWellFormed, breach.to_string()),
                };
                faults.or_note::<()>(fault(code, place, message));
            }
            Err(Failure::Told)
        }
    }
}

/// The tree of a document that is small and flat enough, and nothing of whose encoding is `broken`.
pub(super) fn parse_xml<'t>(
    text: &'t str,
    broken: Option<&xml::Fault>,
    document: u32,
    faults: &Faults,
) -> Result<roxmltree::Document<'t>> {
    let place = |offset: usize| Place { document, offset: u32::try_from(offset).unwrap_or(u32::MAX) };
    if text.len() as u64 > DOCUMENT_BYTES {
        return fault(Code::SchemaLimit, place(0), format!("expected at most {DOCUMENT_BYTES} bytes"));
    }
    if let Some(broken) = broken {
        let message = match &broken.kind {
            FaultKind::ContradictedEncoding { found, .. } => format!("{broken}: the bytes are {found}"),
            kind => kind.to_string(),
        };
        return fault(Code::NotWellFormed, place(broken.span.start), message);
    }
    match find_excess(text) {
        Some(Excess::Nesting(offset)) => {
            fault(Code::SchemaLimit, place(offset), format!("expected at most {NESTING} levels of nesting"))
        }
        Some(Excess::Attributes(offset)) => {
            fault(Code::SchemaLimit, place(offset), format!("expected at most {ATTRIBUTES} attributes"))
        }
        None => parse_checked(text).or_else(|reason| match note_malformed(text, place, faults) {
            0 => fault(Code::NotWellFormed, place(0), format!("expected well-formed XML, found: {reason}")),
            _ => Err(Failure::Told),
        }),
    }
}

/// All breaches of XML in a document, found by the reader of documents, which knows to go on after one. How many there
/// are.
fn note_malformed(text: &str, place: impl Fn(usize) -> Place, faults: &Faults) -> usize {
    let mut found = 0;
    let mut note = |breach: xml::Fault| {
        found += 1;
        let (at, message) = (place(breach.span.start), breach.kind.to_string());
        let failure: Result<()> = match breach.related {
            Some(related) => {
                let label = words::well_formedness_related(Code::of(&breach.kind));
                conflict(Code::NotWellFormed, at, message, label, place(related.start))
            }
            None => fault(Code::NotWellFormed, at, message),
        };
        faults.or_note(failure);
    };
    let mut reader = xml::Reader::of_text(text, &Limits::default());
    while reader.next(&mut note) != Token::Eof {}
    found
}
