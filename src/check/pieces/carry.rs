//! Carries what is still needed of the text from one piece of a document to the next, and updates the offsets into it.

use std::ops::Range;

use super::extract::Extract;
use crate::Limits;
use crate::check::explanation::Explanation;
use crate::check::machine::Suspended;
use crate::check::scratch::Scratch;
use crate::text::scan::{start_tag_end, tag_name_end};

/// The number of bytes of the surrounding lines that are also kept, so that they can be shown.
const SHOWN: usize = 1 << 10;

/// The number of bytes kept before the next unread byte, because the text around a value shows whether it is a secret.
const BEFORE: usize = 1 << 16;

/// Drops what is no longer needed of the text read up to `suspended`, and moves everything that refers to the rest.
pub(super) fn carry(
    suspended: &mut Suspended,
    kept_from: &mut Option<usize>,
    scratch: &mut Scratch,
    explanation: Option<&mut Explanation<'_>>,
    extract: &mut Extract,
    limits: &Limits,
) {
    let mut explanation = explanation;
    let text = extract.readable(limits).text;
    let mut kept: Vec<Range<usize>> = Vec::new();
    // Everything up to here is well-formed.
    let bytes = text.as_bytes();
    let end_of_tag = |at: usize| start_tag_end(bytes, tag_name_end(bytes, at + 1)).map_or(bytes.len(), |last| last + 1);
    let tag = |at: usize| at..end_of_tag(at);
    scratch.children.merge();
    each_tag(suspended, scratch, explanation.as_deref_mut(), &mut |at| kept.push(tag(*at)));
    kept.extend(suspended.run.map(|run| run.start..run.end));
    if explanation.is_some() {
        for range in &mut kept {
            *range = extract.line_of_tag(range.start, SHOWN)..extract.line_around(range.clone(), SHOWN).end;
        }
        kept.push(extract.before(suspended.at, BEFORE)..suspended.at);
    }
    kept.extend(kept_from.map(|from| from..suspended.at));
    kept.iter_mut().for_each(|range| range.end = range.end.min(suspended.at));
    kept.retain(|range| !range.is_empty());
    kept.sort_unstable_by_key(|range| range.start);
    // Ranges that only touch may have a gap between them in the document.
    kept.dedup_by(|next, last| {
        let overlaps = next.start < last.end;
        if overlaps {
            last.end = last.end.max(next.end);
        }
        overlaps
    });
    let moves = Moves::new(&kept);
    let frames = scratch.stack.iter().take(suspended.depth).skip(1).chain([&suspended.frame]);
    let tags: Vec<_> =
        frames.filter(|_| suspended.depth > 0 && explanation.is_some()).map(|frame| tag(frame.tag)).collect();
    let rest = suspended.at;
    each_tag(suspended, scratch, explanation, &mut |at| *at = moves.to(*at));
    for bound in &mut scratch.bound {
        bound.at = moves.to(bound.at);
    }
    if let Some(from) = kept_from {
        *from = moves.to(*from);
    }
    if let Some(run) = &mut suspended.run {
        (run.start, run.end) = (moves.to(run.start), moves.to(run.start) + (run.end - run.start));
    }
    suspended.at = moves.length;
    let around = tags.into_iter().map(|tag| moves.to(tag.start)..moves.to(tag.start) + tag.len()).collect();
    extract.keep(&kept, rest, around);
}

/// Calls a function with the offset of each start tag that is still needed.
fn each_tag(
    suspended: &mut Suspended,
    scratch: &mut Scratch,
    explanation: Option<&mut Explanation<'_>>,
    call: &mut dyn FnMut(&mut usize),
) {
    if suspended.depth > 0 {
        call(&mut suspended.frame.tag);
        scratch.stack.iter_mut().take(suspended.depth).skip(1).for_each(|frame| call(&mut frame.tag));
    }
    scratch.children.iter_mut().for_each(|child| call(&mut child.tag));
    if let Some(explanation) = explanation {
        explanation.trail.each_tag(call);
        explanation.searches.iter_mut().for_each(|search| search.each_tag(call));
    }
}

/// Where kept bytes are after other bytes have been removed.
struct Moves {
    /// Where each range began, and where it begins now.
    starts: Vec<(usize, usize)>,
    length: usize,
}

impl Moves {
    fn new(kept: &[Range<usize>]) -> Moves {
        let mut moves = Moves { starts: Vec::with_capacity(kept.len()), length: 0 };
        for range in kept {
            moves.starts.push((range.start, moves.length));
            moves.length += range.len();
        }
        moves
    }

    fn to(&self, at: usize) -> usize {
        let index = self.starts.partition_point(|(before, _)| *before <= at);
        index
            .checked_sub(1)
            .and_then(|index| self.starts.get(index))
            .map_or(at, |(before, after)| after + (at - before))
    }
}
