//! All that is wrong with a message.

use std::ops::Range;

use crate::Limits;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::words::Words;
use crate::diagnostic::{Diagnostic, Report, Severity};

/// Every error and warning in a message, of its head and of its body apart: they are places in different texts.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Explanation {
    /// About the method, the URL, the fields, the status, and whether there is a body of the right kind. Places are in the
    /// capture that the message was read from.
    pub head: Report,
    /// About what is in the body. Places are in [`text`](Explanation::text) where that is there, else in the bytes of the
    /// body, which are in the capture or decoded ([`BodyPlace`](crate::http::BodyPlace)). Empty where the body is not one to
    /// look into, which `head` says.
    pub body: Report,
    /// The body in UTF-8, where `Content-Type` gives it another charset than the document itself does.
    pub text: Option<Vec<u8>>,
}

impl Explanation {
    /// No error (warnings allowed).
    pub fn is_valid(&self) -> bool {
        self.head.is_valid() && self.body.is_valid()
    }
}

/// What is found, as it is found.
pub(crate) struct Findings(KeptDiagnostics);

impl Findings {
    pub(crate) fn new(limits: &Limits) -> Findings {
        Findings(KeptDiagnostics::new(limits))
    }

    pub(crate) fn add(&mut self, severity: Severity, words: Words, span: Range<usize>, path: &str) {
        self.0.add(severity, || Diagnostic::new(words, span, path.to_owned()));
    }

    /// A second place, and what it is.
    pub(crate) fn add_related(
        &mut self,
        severity: Severity,
        words: Words,
        span: Range<usize>,
        path: &str,
        related: (Range<usize>, &str),
    ) {
        self.0.add(severity, || {
            let mut diagnostic = Diagnostic::new(words, span, path.to_owned());
            diagnostic.related = Some((related.0, related.1.to_owned()));
            diagnostic
        });
    }

    /// What was found elsewhere.
    pub(crate) fn take(&mut self, report: Report) {
        self.0.take(report);
    }

    /// The report, in the order of the capture.
    pub(crate) fn finish(mut self) -> Report {
        self.0.finish()
    }
}
