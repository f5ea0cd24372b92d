//! Edits applied to a document, and places before and after.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Edit, Fix};
use crate::xml::Encoder;

/// The document with some fixes applied, in its encoding. If fixes overlap, the first is applied. A fix whose
/// replacement cannot be written in the encoding of the document is not applied.
///
/// ```
/// use packetcheck::{fix, plesk};
///
/// let (schema, packet) = (plesk::request_schema(), b"<packet><migration><Check/></migration></packet>");
/// let fixes = fix::fixes(packet, &schema.explain(packet), |packet| schema.explain(packet));
/// assert_eq!(fix::apply(packet, &fixes[..1]), b"<packet><migration><check/></migration></packet>");
/// assert_eq!(fix::apply(packet, &[]), packet);
/// ```
pub fn apply(document: &[u8], fixes: &[Fix]) -> Vec<u8> {
    let (encoder, mut taken) = (Encoder::of(document), Taken::default());
    let mut edits: Vec<(&Range<usize>, Vec<u8>)> = Vec::new();
    for fix in fixes {
        let encoded = |edit: &Edit| encoder.encode(&edit.replacement);
        let Some(encoded) = fix.edits.iter().map(encoded).collect::<Option<Vec<_>>>() else { continue };
        if taken.take(fix) {
            edits.extend(fix.edits.iter().map(|edit| &edit.span).zip(encoded));
        }
    }
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let added: usize = edits.iter().map(|(_, replacement)| replacement.len()).sum();
    let mut result = Vec::with_capacity(document.len() + added);
    let mut at = 0;
    for (span, replacement) in edits {
        result.extend_from_slice(document.get(at..span.start).unwrap_or_default());
        result.extend_from_slice(&replacement);
        at = span.end;
    }
    result.extend_from_slice(document.get(at..).unwrap_or_default());
    result
}

/// The fixes that [`apply`] applies.
pub(super) fn without_overlaps(mut fixes: Vec<Fix>) -> Vec<Fix> {
    let mut taken = Taken::default();
    fixes.retain(|fix| taken.take(fix));
    fixes
}

/// The parts of a document that edits replace: a map from the start to the end of each.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeMap<usize, usize>);

impl Taken {
    /// Takes the parts that a fix replaces, unless one of them is already taken.
    pub(super) fn take(&mut self, fix: &Fix) -> bool {
        let is_free = |edit: &Edit| self.is_free(&edit.span);
        if !fix.edits.iter().all(is_free) {
            return false;
        }
        self.0.extend(fix.edits.iter().map(|edit| (edit.span.start, edit.span.end)));
        true
    }

    /// Two insertions at one place overlap too: their order is undefined.
    fn is_free(&self, span: &Range<usize>) -> bool {
        let before = self.0.range(..=span.start).next_back();
        let after = self.0.range(span.start..).next();
        before.is_none_or(|(start, end)| *start < span.start && *end <= span.start)
            && after.is_none_or(|(start, _)| *start > span.start && *start >= span.end)
    }
}

/// Rounds of edits, which map places in the last document to places in the first.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(Vec<Round>);

/// For each edit, in order, its place before and after.
type Round = Vec<(Range<usize>, Range<usize>)>;

impl Places {
    /// The edits of some fixes that do not overlap.
    pub(super) fn of(document: &[u8], fixes: &[Fix]) -> Round {
        let encoder = Encoder::of(document);
        let mut edits: Vec<&Edit> = fixes.iter().flat_map(|fix| &fix.edits).collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let (mut added, mut removed) = (0, 0);
        let moved = edits.into_iter().map(|edit| {
            let start = edit.span.start + added - removed;
            let length = encoder.encode(&edit.replacement).map_or(0, |replacement| replacement.len());
            added += length;
            removed += edit.span.len();
            (edit.span.clone(), start..start + length)
        });
        moved.collect()
    }

    pub(super) fn push(&mut self, round: Round) {
        self.0.push(round);
    }

    /// The place in the first document that corresponds to a place in the last.
    pub(super) fn first(&self, span: &Range<usize>) -> Range<usize> {
        let before = |offset: usize, round: &Round| {
            let index = round.partition_point(|(_, after)| after.start <= offset);
            match index.checked_sub(1).and_then(|index| round.get(index)) {
                None => offset,
                Some((before, after)) if offset < after.end => (before.start + (offset - after.start)).min(before.end),
                Some((before, after)) => before.end + (offset - after.end),
            }
        };
        let first = |offset: usize| self.0.iter().rev().fold(offset, before);
        let start = first(span.start);
        start..first(span.end).max(start)
    }
}
