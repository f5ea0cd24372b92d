//! What comes before the root element.

use super::machine::Stop;
use crate::Limits;
use crate::text::white_space::skip_indent;
use crate::xml::lex;

/// The declaration as the vendor's server writes it.
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// A document before its root element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub(super) text: &'a str,
    pub(super) root: usize,
}

impl<'a> Document<'a> {
    /// Settles the encoding, checks all of UTF-8, reads what comes before the root element.
    #[inline(always)]
    pub(crate) fn new(bytes: &'a [u8], limits: &Limits) -> Result<Document<'a>, Stop> {
        let (text, start) =
            if bytes.starts_with(DECLARATION) && bytes.len() <= limits.document_bytes.min(u32::MAX as usize) {
                (simdutf8::basic::from_utf8(bytes).map_err(|_| Stop)?, DECLARATION.len())
            } else {
                let prolog = lex::prolog(bytes, limits)?;
                (prolog.text, prolog.start)
            };
        // White space, comments and instructions.
        let at = skip_indent(text.as_bytes(), start);
        let root = match (text.as_bytes().get(at), text.as_bytes().get(at + 1)) {
            (Some(b'<'), Some(next)) if next.is_ascii_alphabetic() => at,
            _ => lex::misc(text, start)?,
        };
        Ok(Document { text, root })
    }
}

impl<'a> Document<'a> {
    /// A document before anything in it has been read.
    pub(super) fn unread(text: &'a str) -> Document<'a> {
        Document { text, root: 0 }
    }
}
