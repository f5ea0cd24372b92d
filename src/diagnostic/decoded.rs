//! Places in a text that a document contains only in coded form: in chunks, compressed, escaped, or in another charset.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

#[cfg(feature = "http")]
use super::Report;
use super::{Diagnostic, secret};

/// The place of a diagnostic in a text that the document contains only in coded form. The diagnostic's own span is that
/// of the coded text in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded {
    /// The text, shared by all diagnostics in it.
    pub text: Arc<DecodedText>,
    /// The bytes of the text that the diagnostic is about.
    pub span: Range<usize>,
    /// The second place, if the diagnostic has one.
    pub related: Option<Range<usize>>,
    pub(crate) concealed: secret::Concealed,
}

/// A text that a document contains only in coded form.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodedText {
    /// The codings, the last one first: `chunked, gzip`.
    pub how: String,
    /// The text without them.
    pub bytes: Vec<u8>,
}

/// Does not show the text, which may hold credentials.
impl fmt::Debug for DecodedText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DecodedText").field("how", &self.how).field("length", &self.bytes.len()).finish()
    }
}

#[cfg(feature = "http")]
impl Report {
    /// Turns a report on a part of a document that begins at `by` into one on the document.
    pub(crate) fn shifted(mut self, by: usize) -> Report {
        let shifted = |range: &Range<usize>| range.start + by..range.end + by;
        for diagnostic in &mut self.diagnostics {
            diagnostic.span = shifted(&diagnostic.span);
            if let Some((related, _)) = &mut diagnostic.related {
                *related = shifted(related);
            }
            diagnostic.concealed = secret::Concealed::of(diagnostic.concealed.ranges().iter().map(shifted).collect());
        }
        self
    }

    /// Turns a report on a text into one on the document that contains it in coded form, at `coded`.
    pub(crate) fn decoded(mut self, how: &str, text: &[u8], coded: &Range<usize>) -> Report {
        if self.diagnostics.is_empty() {
            return self;
        }
        let text = Arc::new(DecodedText { how: how.to_owned(), bytes: text.to_vec() });
        for diagnostic in &mut self.diagnostics {
            let span = std::mem::replace(&mut diagnostic.span, coded.clone());
            let related = diagnostic.related.as_mut().map(|(related, _)| std::mem::replace(related, coded.clone()));
            let concealed = std::mem::take(&mut diagnostic.concealed);
            diagnostic.decoded = Some(Box::new(Decoded { text: Arc::clone(&text), span, related, concealed }));
        }
        self
    }
}

/// Groups consecutive diagnostics in the same text: a decoded text, or the document itself.
pub(crate) fn runs(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &[Diagnostic]> {
    diagnostics.chunk_by(|one, next| match (one.decoded.as_deref(), next.decoded.as_deref()) {
        (Some(one), Some(next)) => Arc::ptr_eq(&one.text, &next.text),
        (one, next) => one.is_none() && next.is_none(),
    })
}

/// The decoded text of a group, and its diagnostics with their places there, as renderings show them.
pub(crate) fn in_decoded(run: &[Diagnostic]) -> Option<(&DecodedText, Vec<Diagnostic>)> {
    let text = &run.first()?.decoded.as_deref()?.text;
    let inner = |diagnostic: &Diagnostic| {
        let Decoded { span, related, concealed, .. } = diagnostic.decoded.as_deref()?.clone();
        let related = related.zip(diagnostic.related.as_ref().map(|(_, label)| label.clone()));
        Some(Diagnostic { span, related, concealed, decoded: None, ..diagnostic.clone() })
    };
    Some((text, run.iter().filter_map(inner).collect()))
}
