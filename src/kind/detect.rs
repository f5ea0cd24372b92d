//! The kind of a packet, found from its content alone.

use super::{Kind, xml};
use crate::diagnostic::{Diagnostic, Report, words};
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
    /// The root element must be `packet`. Of what follows, the first element that only one kind has decides: `system`
    /// and `output` in the root, and `result` in an operation, are an answer's, and so is what a result begins with
    /// where `result` itself was forgotten; `request-settings`, or anything else in an operation, is a request's. A
    /// packet with none of these is taken as a request, as `<check/>` in `migration` is a whole operation.
    ///
    /// At most the first 64 KiB are read.
    pub fn detect(document: &[u8]) -> Option<Detected> {
        xml::detect(document.get(..LOOK_AHEAD).unwrap_or(document))
    }

    /// Finds the kind and says all that is wrong by it. A document that shows no kind is invalid.
    pub fn explain_detected(document: &[u8]) -> (Option<Detected>, Report) {
        match Kind::detect(document) {
            Some(detected) => {
                let report = detected.kind.explain(document);
                (Some(detected), report)
            }
            None => (None, of_no_kind(document)),
        }
    }
}

/// What is wrong with a document that shows no kind: what keeps it from being XML, or else that it is no packet.
fn of_no_kind(document: &[u8]) -> Report {
    let report = check::well_formed(document, &Limits::default());
    if !report.is_valid() {
        return report;
    }
    let (root, span) = xml::root(document);
    let words = words::unexpected_root(root, xml::ROOTS, None);
    Report { diagnostics: vec![Diagnostic::new(words, span, format!("/{root}"))], errors: 1, warnings: 0 }
}
