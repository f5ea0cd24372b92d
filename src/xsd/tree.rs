//! The text of a schema document becomes a tree, or a list of what keeps it from being one.

use super::depth::{ATTRIBUTES, Excess, NESTING, find_excess, parse_checked};
use super::encoding::DOCUMENT_BYTES;
use super::fault::{Failure, Faults, Result, conflict, fault};
use crate::Limits;
use crate::compiled::Place;
use crate::diagnostic::{Code, words};
use crate::xml::{self, FaultKind, Token};

/// The tree of a document that is small and flat enough.
pub(super) fn parse_xml<'t>(text: &'t str, document: u32, faults: &Faults) -> Result<roxmltree::Document<'t>> {
    let place = |offset: usize| Place { document, offset: u32::try_from(offset).unwrap_or(u32::MAX) };
    if text.len() as u64 > DOCUMENT_BYTES {
        return fault(Code::SchemaLimit, place(0), format!("expected at most {DOCUMENT_BYTES} bytes"));
    }
    match find_excess(text) {
        Some(Excess::Nesting(offset)) => {
            fault(Code::SchemaLimit, place(offset), format!("expected at most {NESTING} levels of nesting"))
        }
        Some(Excess::Attributes(offset)) => {
            fault(Code::SchemaLimit, place(offset), format!("expected at most {ATTRIBUTES} attributes"))
        }
        Some(Excess::Subset(offset)) => {
            let message = "expected no declarations in the document type declaration: they are not read in schemas";
            fault(Code::Unsupported, place(offset), message)
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
        // One without declarations is passed over.
        if breach.kind == FaultKind::Doctype {
            return;
        }
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
    match xml::Reader::new(text.as_bytes(), &Limits::default()) {
        Ok(mut reader) => while reader.next(&mut note) != Token::Eof {},
        Err(breach) => note(breach),
    }
    found
}
