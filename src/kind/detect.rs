//! The kind of a packet, found from its content alone.

use std::ops::Range;

use super::{Kind, json, query, xml};
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::words::{self, Name, Words};
use crate::diagnostic::{Diagnostic, Report};
use crate::{Limits, check};

/// A kind that was found in a packet, and what gave it away.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detected {
    /// The kind.
    pub kind: Kind,
    /// Why it was taken, such as "it holds `result`".
    pub reason: String,
    /// The kind that it could be as well, where it was close; then the reason names it too.
    pub alternative: Option<Kind>,
}

/// Bytes of a document that are looked at to find its kind. What decides stands near the beginning.
const LOOK_AHEAD: usize = 64 * 1024;

impl Kind {
    /// Finds the kind of a packet from its content alone, also of one that is broken.
    ///
    /// What begins with `<` is XML. In a `packet`, the first element that only one kind has decides: `system` and
    /// `output` in the root, and `result` in an operation, are an answer's, and so is what a result begins with where
    /// `result` itself was forgotten; `request-settings`, or anything else in an operation, is a request's. A packet
    /// with none of these is taken as a request, as `<check/>` in `migration` is a whole operation. An answer of
    /// DataWorks shows itself by its root, or, if that is another, by the first of its elements. What begins with `{`
    /// or `[` is JSON: the kind is the one that has most of the members at the top. What is neither may be a query
    /// string: its parameters show it.
    ///
    /// At most the first 64 KiB are read.
    pub fn detect(document: &[u8]) -> Option<Detected> {
        let head = document.get(..LOOK_AHEAD).unwrap_or(document);
        match Look::of(head) {
            Look::Xml => xml::detect(head),
            Look::Json => json::detect(head),
            Look::Text => query::detect(head),
        }
    }

    /// Finds the kind and says all that is wrong by it. A document that shows no kind is invalid.
    pub fn explain_detected(document: &[u8]) -> (Option<Detected>, Report) {
        match Kind::detect(document) {
            Some(detected) => {
                let report = detected.kind.explain(document);
                (Some(detected), report)
            }
            None => {
                let mut report = of_no_kind(document);
                secret::conceal(&mut report, document, &SecretNames::of_credentials());
                (None, report)
            }
        }
    }
}

/// What a document looks like by the first byte that says anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Xml,
    Json,
    Text,
}

impl Look {
    fn of(document: &[u8]) -> Look {
        let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[' | b'"') => Look::Json,
            // An empty document is as empty as XML as it is otherwise, and so is one in another encoding.
            Some(b'<' | b'\0' | 0xfe | 0xff) | None => Look::Xml,
            Some(_) => Look::Text,
        }
    }
}

/// What is wrong with a document that shows no kind: what keeps it from being what it looks like, or else that it is no
/// packet.
fn of_no_kind(document: &[u8]) -> Report {
    match Look::of(document) {
        Look::Xml => {
            let report = check::well_formed(document, &Limits::default());
            if !report.is_valid() {
                return report;
            }
            let (root, span) = xml::root(document);
            let roots: Vec<Name<'_>> = xml::ROOTS.iter().map(|root| Name::without_namespace(root)).collect();
            let words = words::unexpected_root(Name::without_namespace(root), &roots, None);
            one_error(words, span, format!("/{root}"))
        }
        Look::Json => no_packet(document, "JSON with no member of one"),
        Look::Text => no_packet(document, "text that is neither XML nor JSON nor a query string"),
    }
}

/// Points at the first line.
fn no_packet(document: &[u8], found: &str) -> Report {
    let start = document.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let line = document.get(start..).unwrap_or_default();
    let end = start + memchr::memchr2(b'\n', b'\r', line).unwrap_or(line.len());
    // Places are kept in 32 bits.
    let end = end.min(start.saturating_add(LOOK_AHEAD));
    one_error(words::no_kind(found), start..end, String::new())
}

fn one_error(words: Words, span: Range<usize>, path: String) -> Report {
    Report { diagnostics: vec![Diagnostic::new(words, span, path)], errors: 1, warnings: 0 }
}
