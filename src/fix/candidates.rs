//! The edits that diagnostics suggest, before they have been tried.

use std::cell::{Cell, OnceCell};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::outline::Outline;
use super::{Edit, Fix, value, xml};
use crate::Limits;
use crate::diagnostic::correction::Correction;
use crate::diagnostic::{Code, Diagnostic, Report, places};
use crate::xml::Decoded;

/// Possible fixes for one diagnostic: the first one that works is used.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) fix: Fix,
    /// A second fix to try if the first fails.
    pub(super) or: Option<Fix>,
}

/// A candidate for each diagnostic that knows what to do, in document order.
pub(super) fn of(document: &[u8], report: &Report) -> Vec<Candidate> {
    if report.diagnostics.is_empty() {
        return Vec::new();
    }
    // The document was small enough to be explained.
    match Decoded::new(document, &Limits::default().document_bytes(usize::MAX)) {
        Err(_) => Vec::new(),
        // The text after bytes that are not UTF-8 was not read.
        Ok(None) => in_text(document, document.utf8_chunks().next().map_or("", |chunk| chunk.valid()), report),
        Ok(Some(decoded)) => {
            let mut in_utf8 = report.clone();
            places::to_decoded(&mut in_utf8, &decoded);
            let mut candidates = in_text(document, decoded.text(), &in_utf8);
            to_original(&mut candidates, &decoded);
            candidates
        }
    }
}

/// Maps places in the text of a document to the original bytes.
fn to_original(candidates: &mut [Candidate], decoded: &Decoded<'_>) {
    let each = |candidates: &mut [Candidate], change: &mut dyn FnMut(&mut Range<usize>)| {
        for candidate in candidates {
            for fix in std::iter::once(&mut candidate.fix).chain(&mut candidate.or) {
                change(&mut fix.span);
                fix.edits.iter_mut().for_each(|edit| change(&mut edit.span));
            }
        }
    };
    let mut offsets = Vec::new();
    each(candidates, &mut |range| offsets.extend([range.start, range.end]));
    decoded.to_original(&mut offsets);
    let mut offsets = offsets.into_iter();
    each(candidates, &mut |range| {
        if let (Some(start), Some(end)) = (offsets.next(), offsets.next()) {
            *range = start..end.max(start);
        }
    });
}

fn in_text(bytes: &[u8], text: &str, report: &Report) -> Vec<Candidate> {
    let movable = Cell::new(4 * text.len());
    let document = Document { bytes, text, outline: OnceCell::new(), movable };
    let candidates = report.diagnostics.iter().filter_map(|diagnostic| document.candidate(diagnostic));
    let mut candidates: Vec<Candidate> = candidates.collect();
    // The document may belong to another version of the schema, in which an apparent typing error is right.
    if candidates.iter().any(|candidate| candidate.fix.code == Code::UnexpectedRoot && !candidate.fix.is_safe) {
        for candidate in &mut candidates {
            candidate.or.iter_mut().chain([&mut candidate.fix]).for_each(|fix| fix.is_safe = false);
        }
    }
    doubt_rivals(text, &mut candidates);
    candidates
}

/// Marks renames as unsafe if different names in one parent would become the same: which of them was meant is a guess.
fn doubt_rivals(text: &str, candidates: &mut [Candidate]) {
    let renamed = |fix: &Fix| {
        matches!(fix.code.as_str(), "PC0202" | "PC0204" | "PC0302" | "PC0711" | "PC0718").then_some(())?;
        let edit = fix.edits.first().filter(|edit| !edit.span.is_empty() && !edit.replacement.is_empty())?;
        let (parent, _) = fix.path.rsplit_once('/')?;
        Some(((parent.to_owned(), edit.replacement.clone()), text.get(edit.span.clone())?))
    };
    let mut names: HashMap<(String, String), &str> = HashMap::new();
    let mut rivals = HashSet::new();
    for (target, found) in candidates.iter().filter_map(|candidate| renamed(&candidate.fix)) {
        if *names.entry(target.clone()).or_insert(found) != found {
            rivals.insert(target);
        }
    }
    for candidate in candidates {
        let is_rival = renamed(&candidate.fix).is_some_and(|(target, _)| rivals.contains(&target));
        candidate.fix.is_safe &= !is_rival;
    }
}

/// A document.
pub(super) struct Document<'t> {
    /// The original bytes.
    pub(super) bytes: &'t [u8],
    /// The text in UTF-8.
    pub(super) text: &'t str,
    outline: OnceCell<Outline<'t>>,
    /// How many more bytes all candidates together may move: many can be about the same large elements.
    movable: Cell<usize>,
}

/// What a candidate does: whether it is safe, a title, and its edits.
pub(super) struct Draft {
    pub(super) is_safe: bool,
    pub(super) title: String,
    pub(super) edits: Vec<Edit>,
}

impl<'t> Document<'t> {
    pub(super) fn outline(&self) -> &Outline<'t> {
        self.outline.get_or_init(|| Outline::of(self.text))
    }

    /// Takes some bytes from the number that may be moved; `None` if there are not enough left.
    pub(super) fn take_moved(&self, bytes: usize) -> Option<()> {
        self.movable.set(self.movable.get().checked_sub(bytes)?);
        Some(())
    }

    fn candidate(&self, diagnostic: &Diagnostic) -> Option<Candidate> {
        let [first, second] = match diagnostic.correction.as_deref() {
            Some(correction) => self.by_correction(diagnostic, correction),
            None => [self.by_code(diagnostic), None],
        };
        let fix = |draft: Draft| {
            let Draft { is_safe, mut title, mut edits } = draft;
            if diagnostic.is_masked() {
                // The title could contain a piece of the secret.
                diagnostic.code.remedy().clone_into(&mut title);
            }
            edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
            let Diagnostic { code, span, path, .. } = diagnostic;
            Fix { code: *code, is_safe, title, span: span.clone(), path: path.clone(), edits }
        };
        Some(Candidate { fix: fix(first?), or: second.map(fix) })
    }

    /// The fix of an error that its code and place alone determine.
    fn by_code(&self, diagnostic: &Diagnostic) -> Option<Draft> {
        match diagnostic.code {
            Code::BareAmpersand => value::escape_ampersand(self, &diagnostic.span),
            Code::CdataEndInText => value::escape_cdata_end(self, &diagnostic.span),
            Code::MismatchedEndTag => xml::rename_end_tag(self, diagnostic),
            _ => None,
        }
    }

    fn by_correction(&self, diagnostic: &Diagnostic, correction: &Correction) -> [Option<Draft>; 2] {
        let span = &diagnostic.span;
        let first = match correction {
            Correction::Local { name, is_safe } => xml::rename(self, span, name, false, *is_safe),
            Correction::Name { name, default, is_safe } => {
                // If one name lacks its prefix, others usually do too.
                let root = default.as_ref().and_then(|(namespace, is_right)| {
                    xml::declare(self, &self.outline().root()?, "", namespace, *is_safe && *is_right)
                });
                return [xml::rename(self, span, name, true, *is_safe), root];
            }
            Correction::Declaration { prefix, namespace, is_safe } => {
                let element = match prefix.as_str() {
                    "" => self.outline().element(span.start),
                    _ => self.outline().root(),
                };
                element.and_then(|element| xml::declare(self, &element, prefix, namespace, *is_safe))
            }
            Correction::Order { first } => return xml::reorder(self, diagnostic, first),
            Correction::Encoding { label } => value::relabel(self, span, label),
            Correction::Trimmed => value::trim(self, span),
            Correction::Value { value } => value::replace(self, span, value),
            Correction::Member { name, at, is_safe } => {
                value::rename_member(self, at.as_ref().unwrap_or(span), name, *is_safe)
            }
            Correction::Unquoted => value::unquote(self, span),
        };
        [first, None]
    }
}

impl Edit {
    pub(super) fn new(span: Range<usize>, replacement: impl Into<String>) -> Edit {
        Edit { span, replacement: replacement.into() }
    }
}
