//! From one piece of a document to the next: what is still needed of the text, and where it is then.

use std::ops::Range;

use super::extract::Extract;
use crate::Limits;
use crate::check::explanation::Explanation;
use crate::check::machine::Standing;
use crate::check::scratch::Scratch;
use crate::text::scan::{start_tag_end, tag_name_end};

/// Bytes of the lines around what is kept that are kept too, so that they can be shown.
const SHOWN: usize = 1 << 10;

/// Bytes before what is read next that are kept, so that what is a secret is known by what is around it.
const BEFORE: usize = 1 << 16;

/// Leaves out what is no longer needed of the text that was read up to `standing`, and moves everything that refers to the rest.
pub(super) fn carry(
    standing: &mut Standing,
    kept_from: &mut Option<usize>,
    scratch: &mut Scratch,
    explanation: Option<&mut Explanation<'_>>,
    extract: &mut Extract,
    limits: &Limits,
) {
    let mut explanation = explanation;
    let text = extract.readable(limits).text;
    let mut kept: Vec<Range<usize>> = Vec::new();
    // Up to here everything is well-formed.
    let bytes = text.as_bytes();
    let end_of_tag = |at: usize| start_tag_end(bytes, tag_name_end(bytes, at + 1)).map_or(bytes.len(), |last| last + 1);
    let tag = |at: usize| at..end_of_tag(at);
    scratch.children.merge();
    each_tag(standing, scratch, explanation.as_deref_mut(), &mut |at| kept.push(tag(*at)));
    kept.extend(standing.run.map(|run| run.start..run.end));
    if explanation.is_some() {
        for range in &mut kept {
            *range = extract.line_of_tag(range.start, SHOWN)..extract.line_around(range.clone(), SHOWN).end;
        }
        kept.push(extract.before(standing.at, BEFORE)..standing.at);
    }
    kept.extend(kept_from.map(|from| from..standing.at));
    kept.iter_mut().for_each(|range| range.end = range.end.min(standing.at));
    kept.retain(|range| !range.is_empty());
    kept.sort_unstable_by_key(|range| range.start);
    // What only touches may have a gap between.
    kept.dedup_by(|next, last| {
        let overlaps = next.start < last.end;
        if overlaps {
            last.end = last.end.max(next.end);
        }
        overlaps
    });
    let moves = Moves::new(&kept);
    let frames = scratch.stack.iter().take(standing.depth).skip(1).chain([&standing.frame]);
    let tags: Vec<_> =
        frames.filter(|_| standing.depth > 0 && explanation.is_some()).map(|frame| tag(frame.tag)).collect();
    let rest = standing.at;
    each_tag(standing, scratch, explanation, &mut |at| *at = moves.to(*at));
    for bound in &mut scratch.bound {
        bound.at = moves.to(bound.at);
    }
    if let Some(from) = kept_from {
        *from = moves.to(*from);
    }
    if let Some(run) = &mut standing.run {
        (run.start, run.end) = (moves.to(run.start), moves.to(run.start) + (run.end - run.start));
    }
    standing.at = moves.length;
    let around = tags.into_iter().map(|tag| moves.to(tag.start)..moves.to(tag.start) + tag.len()).collect();
    extract.keep(&kept, rest, around);
}

/// Calls a function with each place of a start tag that is still needed.
fn each_tag(
    standing: &mut Standing,
    scratch: &mut Scratch,
    explanation: Option<&mut Explanation<'_>>,
    call: &mut dyn FnMut(&mut usize),
) {
    if standing.depth > 0 {
        call(&mut standing.frame.tag);
        scratch.stack.iter_mut().take(standing.depth).skip(1).for_each(|frame| call(&mut frame.tag));
    }
    scratch.children.iter_mut().for_each(|child| call(&mut child.tag));
    if let Some(explanation) = explanation {
        explanation.trail.each_tag(call);
        explanation.searches.iter_mut().for_each(|search| search.each_tag(call));
    }
}

/// Where kept bytes are after others have been left out.
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
