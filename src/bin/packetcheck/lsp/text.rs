//! The text of an open document with an index of its lines: converts positions of the protocol to offsets and back, and applies
//! edits.

use std::ops::Range as Span;

use super::protocol::{ContentChange, Position, Range};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    text: String,
    /// Where each line begins. A line ends with a line feed, a carriage return or both.
    lines: Vec<usize>,
    /// Positions count bytes instead of UTF-16 code units.
    counts_bytes: bool,
}

impl Text {
    pub(crate) fn new(text: String, counts_bytes: bool) -> Text {
        let mut lines = vec![0];
        lines.extend(line_starts(&text, 1..text.len() + 1));
        Text { text, lines, counts_bytes }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The offset of a position. A position beyond the end of its line means that end, one beyond the last line the end of the
    /// text, one within a character its start.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.lines.get(line).copied() else { return self.text.len() };
        let content = self.line(line);
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        if self.counts_bytes || content.is_ascii() {
            return self.floor(start + wanted.min(content.len()));
        }
        let mut units = 0;
        for (at, character) in content.char_indices() {
            units += character.len_utf16();
            if units > wanted {
                return start + at;
            }
        }
        start + content.len()
    }

    /// The position of an offset. An offset beyond the end means the end, one within a character or a line end its start.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = self.floor(offset);
        let line = self.lines.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.lines.get(line).copied().unwrap_or_default();
        let before = start..offset.min(start + self.line(line).len());
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(self.units(before)) }
    }

    /// The number of units from one offset of a line to another.
    fn units(&self, span: Span<usize>) -> usize {
        let bytes = self.text.get(span).unwrap_or_default().as_bytes();
        match self.counts_bytes || bytes.is_ascii() {
            true => bytes.len(),
            // A character is one unit of UTF-16, or two if it has four bytes in UTF-8.
            false => bytes.iter().map(|byte| usize::from(byte & 0xC0 != 0x80) + usize::from(*byte >= 0xF0)).sum(),
        }
    }

    /// The ranges of sorted spans: the text before them in a line is counted only once.
    pub(crate) fn ranges<'s>(&self, spans: impl Iterator<Item = &'s Span<usize>>) -> Vec<Range> {
        let mut last = (0, self.position(0));
        let mut next = |offset: usize| {
            let (known, position) = last;
            let line = self.lines.get(position.line as usize + 1).copied().unwrap_or(self.text.len() + 1);
            let offset = self.floor(offset);
            let position = match known <= offset && offset < line && self.text.get(known..offset).is_some_and(is_plain)
            {
                true => {
                    let units = u32::try_from(self.units(known..offset)).unwrap_or(u32::MAX);
                    Position { character: position.character.saturating_add(units), ..position }
                }
                false => self.position(offset),
            };
            last = (offset, position);
            position
        };
        spans.map(|span| Range { start: next(span.start), end: next(span.end.max(span.start)) }).collect()
    }

    pub(crate) fn range(&self, span: &Span<usize>) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end.max(span.start)) }
    }

    /// The bytes of a range. A range that ends before it begins is empty.
    pub(crate) fn span(&self, range: Range) -> Span<usize> {
        let start = self.offset(range.start);
        start..self.offset(range.end).max(start)
    }

    /// Applies a change.
    pub(crate) fn change(&mut self, change: ContentChange) {
        match change.range {
            None => *self = Text::new(change.text, self.counts_bytes),
            Some(range) => self.replace(self.span(range), &change.text),
        }
    }

    /// Replaces a span. Whether a line begins at an offset depends only on the bytes around it.
    fn replace(&mut self, span: Span<usize>, new: &str) {
        self.text.replace_range(span.clone(), new);
        let first = self.lines.partition_point(|line| *line < span.start.max(1));
        let after = self.lines.partition_point(|line| *line <= span.end).max(first);
        let moved = |line: usize| line - span.end + span.start + new.len();
        if let Some(lines) = self.lines.get_mut(after..) {
            lines.iter_mut().for_each(|line| *line = moved(*line));
        }
        let new: Vec<usize> = line_starts(&self.text, span.start.max(1)..span.start + new.len() + 1).collect();
        self.lines.splice(first..after, new);
    }

    /// The content of a line, without its end.
    fn line(&self, line: usize) -> &str {
        let start = self.lines.get(line).copied().unwrap_or_default();
        let end = self.lines.get(line + 1).copied().unwrap_or(self.text.len());
        let whole = self.text.get(start..end).unwrap_or_default();
        let whole = whole.strip_suffix('\n').unwrap_or(whole);
        whole.strip_suffix('\r').unwrap_or(whole)
    }

    /// The offset, or the start of the character that contains it.
    fn floor(&self, offset: usize) -> usize {
        (0..=offset.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or_default()
    }
}

/// Whether a text has no line end.
fn is_plain(text: &str) -> bool {
    !text.bytes().any(|byte| matches!(byte, b'\n' | b'\r'))
}

/// The offsets in `within` at which a line begins.
fn line_starts(text: &str, within: Span<usize>) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let ends = bytes.get(within.start - 1..(within.end - 1).min(bytes.len())).unwrap_or_default();
    let is_start = |at: &usize| bytes.get(at - 1) != Some(&b'\r') || bytes.get(*at) != Some(&b'\n');
    memchr::memchr2_iter(b'\n', b'\r', ends).map(move |at| within.start + at).filter(is_start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn characters_are_units_of_utf_16_or_bytes() {
        let text = "a\u{1F600}ä<\r\nb\n";
        let (units, bytes) = (Text::new(text.into(), false), Text::new(text.into(), true));
        assert_eq!((units.position(7), bytes.position(7)), (at(0, 4), at(0, 7)));
        assert_eq!((units.offset(at(0, 4)), bytes.offset(at(0, 7))), (7, 7));
        // Within a character; beyond a line; beyond the text.
        assert_eq!((units.offset(at(0, 2)), bytes.offset(at(0, 3)), units.position(3)), (1, 1, at(0, 1)));
        assert_eq!((units.offset(at(0, 99)), units.offset(at(1, 99)), units.offset(at(9, 0))), (8, 11, 12));
        assert_eq!((units.position(99), units.position(10)), (at(2, 0), at(1, 0)));
    }

    proptest! {
        #[test]
        fn edits_leave_what_the_text_alone_gives(
            text in "[a\r\nä\u{1F600}]{0,12}",
            edits in prop::collection::vec(((0_u32..5, 0_u32..6), (0_u32..5, 0_u32..6), "[b\r\nö]{0,4}"), 0..6),
            counts_bytes: bool,
        ) {
            let mut edited = Text::new(text, counts_bytes);
            for ((line, character), (last, end), text) in edits {
                let range = Range { start: at(line, character), end: at(last, end) };
                let span = edited.span(range);
                let expected = [&edited.as_str()[..span.start], &text, &edited.as_str()[span.end..]].concat();
                edited.change(ContentChange { range: Some(range), text });
                prop_assert_eq!(&edited, &Text::new(expected, counts_bytes));
            }
        }

        #[test]
        fn ranges_are_those_of_each_span(
            text in "[a\r\nä\u{1F600} ]{0,20}",
            mut ends in prop::collection::vec(0..60_usize, 0..10),
            counts_bytes: bool,
        ) {
            ends.sort_unstable();
            let text = Text::new(text, counts_bytes);
            let spans: Vec<Span<usize>> = ends.chunks_exact(2).map(|ends| ends[0]..ends[1]).collect();
            let each: Vec<Range> = spans.iter().map(|span| text.range(span)).collect();
            prop_assert_eq!(text.ranges(spans.iter()), each);
        }

        #[test]
        fn places_and_offsets_are_inverse(text in "[a\r\nä\u{1F600}]{0,12}", counts_bytes: bool) {
            let text = Text::new(text, counts_bytes);
            for (offset, _) in text.as_str().char_indices() {
                // Positions after the end of a line mean its end.
                let is_end = text.as_str().as_bytes()[offset] == b'\n' && text.as_str()[..offset].ends_with('\r');
                if !is_end {
                    prop_assert_eq!(text.offset(text.position(offset)), offset);
                }
            }
        }
    }
}
