//! What a reporting walk has found so far, and what it needs to continue after an error.

use std::collections::BTreeSet;
use std::ops::Range;

use super::lists::Recent;
use super::paths::Trail;
use super::search::Search;
use crate::Limits;
use crate::compiled::NamespaceId;
use crate::diagnostic::correction::Correction;
use crate::diagnostic::kept::{KeptDiagnostics, KeptIndex};
use crate::diagnostic::words::Words;
use crate::diagnostic::{Code, Diagnostic, Report, Severity, words};
use crate::text::nearest::Suggestions;
use crate::xml::{Fault, Reader};

/// The most steps that all searches for places take together in one document; after that, explanations are simpler.
const STEPS: usize = 1 << 20;

/// The errors of a document as they are found, and the state of recovery. One is made for every document that is
/// explained, so nothing in it allocates before the first error.
pub(crate) struct Explanation<'a> {
    pub(super) kept: KeptDiagnostics,
    /// The kept diagnostics, each with the start tag of the element whose path it will get.
    pub(super) elements: Vec<(KeptIndex, usize)>,
    pub(super) suggestions: Suggestions,
    /// The steps left for finding the places of misplaced children.
    pub(super) steps: usize,
    /// A wrong namespace that was reported once: from then on it is read as the right one.
    pub(super) forgiven: Option<(String, NamespaceId)>,
    /// A wrong namespace that was meant for the namespace of `xsi:type` and `xsi:nil`.
    pub(super) forgiven_instance: Option<String>,
    /// The reader for what the strict lexers refuse.
    pub(super) reader: Option<Box<Reader<'a>>>,
    /// The well-formedness errors that the reader found before a token.
    pub(super) faults: Vec<Fault>,
    /// Start tags that were read as the end tags of their parents.
    pub(super) ends: BTreeSet<usize>,
    /// The searches in the content of open elements, innermost last.
    pub(super) searches: Vec<Search>,
    /// The path of the open elements, if the sink wants it.
    pub(super) trail: Trail,
    /// The messages about values. They are not kept for the next document, because values can be secrets.
    pub(super) values: Recent<ValueKey, Words>,
}

/// The address of a type in the schema, an invalid value, whether it belongs to an attribute, and the name of that
/// attribute or element.
pub(super) type ValueKey = (usize, String, bool, String);

impl<'a> Explanation<'a> {
    pub(crate) fn new(limits: &Limits) -> Explanation<'a> {
        Explanation {
            kept: KeptDiagnostics::new(limits),
            elements: Vec::new(),
            suggestions: Suggestions::default(),
            steps: STEPS,
            forgiven: None,
            forgiven_instance: None,
            reader: None,
            faults: Vec::new(),
            ends: BTreeSet::new(),
            searches: Vec::new(),
            trail: Trail::default(),
            values: Recent::default(),
        }
    }

    /// An explanation that keeps the path of the open elements.
    pub(super) fn on_trail(limits: &Limits) -> Explanation<'a> {
        Explanation { trail: Trail::new(), ..Explanation::new(limits) }
    }

    /// The same explanation for another part of the document. The reader is dropped: code that reads a document in
    /// parts has met no well-formedness error yet.
    pub(super) fn moved<'to>(self) -> Explanation<'to> {
        let Explanation { kept, elements, suggestions, steps, forgiven, forgiven_instance, faults, ends, .. } = self;
        let Explanation { searches, trail, values, .. } = self;
        Explanation {
            kept,
            elements,
            suggestions,
            steps,
            forgiven,
            forgiven_instance,
            reader: None,
            faults,
            ends,
            searches,
            trail,
            values,
        }
    }

    /// Whether nothing was reported.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether no error was reported; there may be warnings.
    pub(crate) fn is_valid(&self) -> bool {
        self.kept.errors() == 0
    }

    /// Counts an error or a warning about the element whose start tag is at `element` (`None`: outside the root). The
    /// message is made only if it is kept.
    pub(super) fn add(
        &mut self,
        severity: Severity,
        element: Option<usize>,
        diagnostic: impl FnOnce() -> Diagnostic,
    ) -> Option<KeptIndex> {
        let kept = self.kept.add(severity, diagnostic)?;
        self.elements.extend(element.map(|element| (kept, element)));
        Some(kept)
    }

    /// Counts further errors that are not kept.
    pub(super) fn count_errors(&mut self, count: usize) {
        self.kept.count_errors(count);
    }

    /// Replaces a diagnostic by a better one for the same error, about the element at `element`. The counts do not
    /// change.
    pub(super) fn replace(&mut self, kept: Option<KeptIndex>, element: usize, diagnostic: impl FnOnce() -> Diagnostic) {
        if let Some(kept) = kept {
            self.elements.retain(|(known, _)| *known != kept);
            self.elements.push((kept, element));
        }
        self.kept.replace(kept, diagnostic);
    }

    /// Adds a correction to an error that was just reported.
    pub(super) fn correct(&mut self, code: Code, span: &Range<usize>, correction: impl FnOnce() -> Correction) {
        self.kept.correct(code, span, correction);
    }

    /// Whether the path of some reported element is still unknown.
    #[inline(always)]
    pub(super) fn lacks_paths(&self) -> bool {
        !self.elements.is_empty()
    }

    /// Gives diagnostics their paths: from the trail, or from `path_of` for elements that are not open.
    pub(super) fn settle_paths(&mut self, path_of: impl Fn(&mut Trail, usize) -> Option<String>) {
        for (kept, element) in std::mem::take(&mut self.elements) {
            let path = match self.trail.path_of(element) {
                Some(path) => Some(path.to_owned()),
                None => path_of(&mut self.trail, element),
            };
            self.kept.set_path(kept, path.unwrap_or_default());
        }
    }

    /// The report, in document order.
    pub(super) fn finish(&mut self) -> Report {
        self.kept.finish()
    }
}

/// A well-formedness error as a diagnostic.
pub(super) fn malformed(fault: &Fault, path: String) -> Diagnostic {
    let words = words::well_formedness(fault);
    let label = words::well_formedness_related(words.code);
    let mut diagnostic = Diagnostic::new(words, fault.span.clone(), path);
    diagnostic.related = fault.related.clone().map(|span| (span, label.to_owned()));
    diagnostic
}
