//! Places in a document that was transcoded: they are found in the UTF-8 text, and refer to the original bytes.

use std::borrow::Cow;
use std::ops::Range;

use super::secret::Concealed;
use super::{Diagnostic, LineColumn, LineIndex, Report};
use crate::Limits;
use crate::xml::{Decoded, Legible};

/// Lets a function that only handles UTF-8 change a report on a document: it gets the text, and a report with places in
/// it. If the document cannot be decoded it gets `None`.
pub(crate) fn in_utf8<T>(
    document: &[u8],
    report: &mut Report,
    change: impl FnOnce(Option<&[u8]>, &mut Report) -> T,
) -> T {
    match Decoded::new(document, &Limits::default()) {
        Ok(None) => change(Some(document), report),
        Err(_) => change(None, report),
        Ok(Some(decoded)) => {
            replace(&mut report.diagnostics, |offsets| decoded.to_decoded(offsets));
            let result = change(Some(decoded.text().as_bytes()), report);
            to_original(report, &decoded);
            result
        }
    }
}

/// Maps the places of a report on the text of a document to the original bytes.
pub(crate) fn to_original(report: &mut Report, decoded: &Decoded<'_>) {
    replace(&mut report.diagnostics, |offsets| decoded.to_original(offsets));
}

/// Maps the places of a report on the original bytes to the text of the document.
pub(crate) fn to_decoded(report: &mut Report, decoded: &Decoded<'_>) {
    replace(&mut report.diagnostics, |offsets| decoded.to_decoded(offsets));
}

/// A document and its diagnostics as they are shown: in UTF-8, which most documents already are.
pub(crate) fn legible<'a>(document: &'a [u8], diagnostics: &'a [Diagnostic]) -> (Cow<'a, [u8]>, Cow<'a, [Diagnostic]>) {
    if diagnostics.is_empty() {
        return (Cow::Borrowed(document), Cow::Borrowed(diagnostics));
    }
    match Legible::new(document) {
        None => (Cow::Borrowed(document), Cow::Borrowed(diagnostics)),
        Some(mut legible) => {
            let mut diagnostics = diagnostics.to_vec();
            replace(&mut diagnostics, |offsets| legible.to_decoded(offsets));
            (Cow::Owned(std::mem::take(&mut legible.text)), Cow::Owned(diagnostics))
        }
    }
}

/// Lines and columns of places in a document, as they are shown.
#[doc(hidden)]
pub fn line_columns(document: &[u8], offsets: &[usize]) -> Vec<LineColumn> {
    let at = |text: &[u8], offsets: &[usize]| {
        let index = LineIndex::new(text);
        offsets.iter().map(|offset| index.line_column(*offset)).collect()
    };
    match Legible::new(document) {
        None => at(document, offsets),
        Some(legible) => {
            let mut offsets = offsets.to_vec();
            legible.to_decoded(&mut offsets);
            at(&legible.text, &offsets)
        }
    }
}

/// Replaces all places at once, since each pass reads the document.
pub(crate) fn replace(diagnostics: &mut [Diagnostic], places: impl FnOnce(&mut [usize])) {
    let mut offsets = Vec::new();
    each_range(diagnostics, &mut |range| offsets.extend([range.start, range.end]));
    places(&mut offsets);
    let mut offsets = offsets.into_iter();
    each_range(diagnostics, &mut |range| {
        if let (Some(start), Some(end)) = (offsets.next(), offsets.next()) {
            *range = start..end.max(start);
        }
    });
}

pub(crate) fn each_range(diagnostics: &mut [Diagnostic], change: &mut dyn FnMut(&mut Range<usize>)) {
    // What is concealed is the same for all diagnostics of a document.
    let mut concealed: Option<(Concealed, Concealed)> = None;
    for diagnostic in diagnostics {
        change(&mut diagnostic.span);
        if let Some((related, _)) = &mut diagnostic.related {
            change(related);
        }
        if let Some(place) = diagnostic.correction.as_mut().and_then(|correction| correction.place()) {
            change(place);
        }
        match &concealed {
            Some((before, after)) if *before == diagnostic.concealed => diagnostic.concealed = after.clone(),
            _ => {
                let mut ranges = diagnostic.concealed.ranges().to_vec();
                ranges.iter_mut().for_each(&mut *change);
                let after = Concealed::of(ranges);
                concealed = Some((std::mem::replace(&mut diagnostic.concealed, after.clone()), after));
            }
        }
    }
}
