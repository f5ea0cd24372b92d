//! Completes the diagnostics of a piece while it is in memory: masks its secrets, keeps the lines to be shown, and
//! converts offsets to places in the document.

use std::ops::Range;

use super::Conceal;
use super::extract::{ELSEWHERE, Extract};
use super::remember::Remembered;
use crate::check::explanation::Explanation;
use crate::diagnostic::places::each_range;
use crate::diagnostic::{Diagnostic, Lines};

/// The number of bytes of a line kept on either side of a place.
const SHOWN: usize = 1 << 13;

/// Completes the new diagnostics in `explanation`.
pub(super) fn settle(
    explanation: &mut Explanation<'_>,
    extract: &Extract,
    remembered: &Remembered,
    lines: &mut Lines,
    conceal: Conceal<'_>,
) {
    explanation.kept.settle(|report| {
        conceal(&extract.part(&mut Vec::new()), report);
        keep_lines(&report.diagnostics, extract, lines);
        let pieces = extract.pieces();
        let mut elsewhere = |at: usize| {
            if at >= ELSEWHERE
                && let Some(place) = remembered.place(at - ELSEWHERE)
            {
                lines.keep(at - ELSEWHERE, place, b"");
            }
        };
        for diagnostic in &report.diagnostics {
            elsewhere(diagnostic.span.start);
            diagnostic.related.iter().for_each(|(related, _)| elsewhere(related.start));
        }
        each_range(&mut report.diagnostics, &mut |range| *range = pieces.range_to_document(range.clone()));
    });
}

/// Keeps the lines of all places that are in memory.
fn keep_lines(diagnostics: &[Diagnostic], extract: &Extract, lines: &mut Lines) {
    let mut kept: Vec<Range<usize>> = Vec::new();
    for diagnostic in diagnostics {
        let related = diagnostic.related.as_ref().map(|(related, _)| related.clone());
        for span in [Some(diagnostic.span.clone()), related].into_iter().flatten() {
            let places = [span.start, span.end].into_iter().filter(|place| *place <= extract.bytes().len());
            kept.extend(places.map(|place| extract.whole_line_around(place, SHOWN)));
        }
    }
    kept.sort_unstable_by_key(|range| (range.start, range.end));
    kept.dedup();
    let mut cursor = extract.cursor();
    for range in kept {
        let (offset, place) = cursor.move_to(range.start);
        lines.keep(offset, place, extract.bytes().get(range).unwrap_or_default());
    }
}
