//! What comes before the root element.

use super::machine::Stop;
use crate::Limits;
use crate::text::white_space::skip_indent;
use crate::xml::{Decoded, Fault, FaultKind, Reader, lex, skip_doctype};

/// The XML declaration as the vendor's server writes it.
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// A document up to its root element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub(crate) text: &'a str,
    pub(crate) root: usize,
}

impl<'a> Document<'a> {
    /// Determines the encoding, validates the UTF-8 of the whole document, and reads what comes before the root
    /// element.
    #[inline(always)]
    pub(crate) fn new(bytes: &'a [u8], limits: &Limits) -> Result<Document<'a>, Stop> {
        let (text, start) =
            if bytes.starts_with(DECLARATION) && bytes.len() <= limits.document_bytes.min(u32::MAX as usize) {
                (simdutf8::basic::from_utf8(bytes).map_err(|_| Stop)?, DECLARATION.len())
            } else {
                let prolog = lex::prolog(bytes, limits)?;
                (prolog.text, prolog.start)
            };
        // White space, comments and processing instructions.
        let at = skip_indent(text.as_bytes(), start);
        let root = match (text.as_bytes().get(at), text.as_bytes().get(at + 1)) {
            (Some(b'<'), Some(next)) if next.is_ascii_alphabetic() => at,
            _ => after_misc(text, start, limits)?,
        };
        Ok(Document { text, root })
    }
}

/// The offset of the root element after white space, comments and processing instructions, and a document type
/// declaration if one is allowed.
#[cold]
fn after_misc(text: &str, start: usize, limits: &Limits) -> Result<usize, Stop> {
    match lex::misc(text, start) {
        Err(fault) if fault.kind == FaultKind::Doctype && limits.allow_doctype => {
            Ok(skip_doctype(text, fault.span.start, limits)?)
        }
        root => Ok(root?),
    }
}

/// A document as given, or transcoded.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Input<'a> {
    Bytes(&'a [u8]),
    Decoded(&'a Decoded<'a>),
    /// As given, already read up to its root element.
    Opened(&'a [u8], Document<'a>),
}

impl<'a> Input<'a> {
    /// The document up to its root element, if there is no error before it.
    #[inline]
    pub(super) fn document(self, limits: &Limits) -> Result<Document<'a>, Stop> {
        match self {
            Input::Bytes(bytes) => Document::new(bytes, limits),
            Input::Decoded(decoded) if decoded.is_sound() => Document::new(decoded.text().as_bytes(), limits),
            Input::Decoded(_) => Err(Stop),
            Input::Opened(_, document) => Ok(document),
        }
    }

    /// A reader for a document with an error before its root element.
    pub(super) fn reader(self, limits: &Limits) -> Result<Reader<'a>, Fault> {
        match self {
            Input::Bytes(bytes) | Input::Opened(bytes, _) => Reader::new(bytes, limits),
            Input::Decoded(decoded) => Ok(Reader::of_decoded(decoded, limits)),
        }
    }
}

impl<'a> Document<'a> {
    /// A document of which nothing has been read.
    pub(super) fn unread(text: &'a str) -> Document<'a> {
        Document { text, root: 0 }
    }
}
