//! All the faults of a message.

use std::ops::Range;

use crate::Limits;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::secret::{self, Concealed, SecretNames};
use crate::diagnostic::words::Words;
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::http::{BodyPlace, Message};
use crate::text::url;

/// Every error and warning in a message, separately for its head and its body, since they are places in different
/// texts.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Explanation {
    /// About the method, the URL, the fields, the status, and whether there is a body of the right kind. Places are in
    /// the capture that the message was read from.
    pub head: Report,
    /// About the content of the body. Places are in [`text`](Explanation::text) if present, otherwise in the bytes of
    /// the body, which are in the capture or decoded ([`BodyPlace`](crate::http::BodyPlace)). Empty if the body is not
    /// checked, for the reason given in `head`.
    pub body: Report,
    /// The body in UTF-8, if `Content-Type` gives it another charset than the document itself does.
    pub text: Option<Vec<u8>>,
}

impl Explanation {
    /// No error (warnings allowed).
    pub fn is_valid(&self) -> bool {
        self.head.is_valid() && self.body.is_valid()
    }
}

/// Collects errors and warnings as they are found.
pub(crate) struct Findings(KeptDiagnostics);

impl Findings {
    pub(crate) fn new(limits: &Limits) -> Findings {
        Findings(KeptDiagnostics::new(limits))
    }

    pub(crate) fn add(&mut self, severity: Severity, words: Words, span: Range<usize>, path: &str) {
        self.0.add(severity, || Diagnostic::new(words, span, path.to_owned()));
    }

    /// Adds an error or warning with a second place, and what was found.
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

    /// Adds a report from elsewhere.
    pub(crate) fn take(&mut self, report: Report) {
        self.0.take(report);
    }

    /// The report, in the order of the capture. Secrets in the message are not shown with it.
    pub(crate) fn finish(mut self, message: &Message<'_>) -> Report {
        let mut report = self.0.finish();
        if !report.diagnostics.is_empty() {
            let secrets = Concealed::of(secret::merged(secrets(message)));
            report.diagnostics.iter_mut().for_each(|diagnostic| diagnostic.concealed = secrets.clone());
        }
        report
    }
}

/// The places of a message's credentials in its capture.
pub(crate) fn secrets(message: &Message<'_>) -> Vec<Range<usize>> {
    let names = SecretNames::of_credentials();
    let mut places = Vec::new();
    for field in message.fields.iter().chain(&message.trailers) {
        if field.is_secret() || !secret::places(&field.value, &names).is_empty() {
            places.push(field.value_span.clone());
        }
    }
    if let Some(target) = message.request_line().map(|line| &line.target) {
        let text = target.text.as_bytes();
        let user = url::target(text).user;
        let found = secret::places(text, &names).into_iter().chain(user);
        places.extend(found.map(|range| target.part(range).map_or_else(|| target.span.clone(), |part| part.span)));
    }
    let body = message.body.span();
    let found = secret::places(&message.body.bytes, &names);
    match message.body.place {
        BodyPlace::InCapture(_) => {
            places.extend(found.into_iter().map(|range| body.start + range.start..body.start + range.end))
        }
        _ if !found.is_empty() => places.push(body),
        _ => {}
    }
    places
}
