//! Parses the text of a schema document into a tree, or returns a list of errors.

use super::depth::{ATTRIBUTES, Excess, NESTING, parse_checked};
use super::document::DOCUMENT_BYTES;
use super::fault::{Failure, Fault, Faults, Result, fault};
use std::sync::Arc;

use crate::Limits;
use crate::compiled::Place;
use crate::diagnostic::{Code, words};
use crate::xml::{self, FaultKind, Token};

/// The text without its document type declaration, which is read but not applied.
pub(super) fn without_doctype(text: &Arc<str>, document: u32, faults: &Faults) -> Result<Arc<str>> {
    match xml::blank_doctype(text) {
        Ok(None) => Ok(Arc::clone(text)),
        Ok(Some(blanked)) => Ok(blanked.into()),
        Err(breaches) => {
            for breach in breaches {
                let place = Place { document, offset: u32::try_from(breach.span.start).unwrap_or(u32::MAX) };
                faults.note(Failure::of(malformed(&breach, place)));
            }
            Err(Failure::Reported)
        }
    }
}

/// A well-formedness error, or a construct of XML that is not supported.
fn malformed(breach: &xml::Fault, place: Place) -> Fault {
    let code = match breach.kind {
        FaultKind::ChangedByDoctype { .. }
        | FaultKind::DoctypeTooLarge { .. }
        | FaultKind::DeclaredEntity { .. }
        | FaultKind::PrefixOfDoctype { .. } => Code::Unsupported,
        _ => Code::NotWellFormed,
    };
    let words = words::well_formedness(breach);
    Fault::new(code, place, words.message).with_help(words.help)
}

/// The tree of a document that is small and flat enough, and whose encoding is not `broken`. `written` is the document
/// with its document type declaration, and what exceeds a limit in it.
pub(super) fn parse_xml<'t>(
    text: &'t str,
    (written, excess): (&str, Option<Excess>),
    broken: Option<&xml::Fault>,
    document: u32,
    faults: &Faults,
) -> Result<roxmltree::Document<'t>> {
    let place = |offset: usize| Place { document, offset: u32::try_from(offset).unwrap_or(u32::MAX) };
    if text.len() as u64 > DOCUMENT_BYTES {
        return fault(Code::SchemaLimit, place(0), format!("expected at most {DOCUMENT_BYTES} bytes"));
    }
    // The tree parser accepts any declaration.
    let declaration = xml::check_declaration(written);
    if let Some(broken) = broken.or(declaration.as_ref()) {
        return Err(Failure::of(malformed(broken, place(broken.span.start))));
    }
    match excess {
        Some(Excess::Nesting(offset)) => {
            fault(Code::SchemaLimit, place(offset), format!("expected at most {NESTING} levels of nesting"))
        }
        Some(Excess::Attributes(offset)) => {
            fault(Code::SchemaLimit, place(offset), format!("expected at most {ATTRIBUTES} attributes"))
        }
        None => parse_checked(text).or_else(|reason| match note_malformed(written, place, faults) {
            0 => fault(Code::NotWellFormed, place(0), format!("expected well-formed XML, found: {reason}")),
            _ => Err(Failure::Reported),
        }),
    }
}

/// Reports all well-formedness errors of a document, found by the document reader, which continues after each. Returns
/// their number.
fn note_malformed(text: &str, place: impl Fn(usize) -> Place, faults: &Faults) -> usize {
    let mut found = 0;
    let mut note = |breach: xml::Fault| {
        found += 1;
        let fault = malformed(&breach, place(breach.span.start));
        let fault = match &breach.related {
            Some(related) => {
                fault.with_place(words::well_formedness_related(Code::of(&breach.kind)), place(related.start))
            }
            None => fault,
        };
        faults.note(Failure::of(fault));
    };
    let mut reader = xml::Reader::of_text(text, &Limits { allow_doctype: true, ..Limits::default() });
    while reader.next(&mut note) != Token::Eof {}
    found
}
