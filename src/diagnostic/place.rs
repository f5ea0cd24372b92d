//! Converts offsets to lines and columns, through one index that is built on demand.

use std::borrow::Cow;

use crate::xml::Legible;

/// The number of bytes between two entries of `LineIndex::characters`.
const STRIDE: usize = 1024;

/// Finds the line and column of byte offsets in a document.
///
/// Building it reads the document once; each query then costs a binary search and counting at most some 2,000 bytes,
/// even if the whole document is one line. For a document in an encoding other than UTF-8 (as its first bytes or its
/// XML declaration show), offsets are those of its own bytes, and each query decodes it up to there.
#[derive(Debug, Clone)]
pub struct LineIndex<'a> {
    /// The document in UTF-8.
    bytes: Cow<'a, [u8]>,
    /// The original document, if it was not in UTF-8.
    original: Option<Legible<'a>>,
    /// Where each line begins.
    lines: Vec<u32>,
    /// Where lines are missing before some of the bytes, so that these belong to a line with another number.
    gaps: Vec<Gap>,
    /// The number of characters before each multiple of `STRIDE`.
    characters: Vec<u32>,
}

/// A line and a column, both from 1; columns count characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// The start of bytes that follow a gap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gap {
    pub(crate) at: usize,
    /// Line and column of the first of these bytes.
    pub(crate) place: LineColumn,
}

impl<'a> LineIndex<'a> {
    /// Reads the document. A line ends as in XML (section 2.11): with a line feed, a carriage return or both.
    ///
    /// ```
    /// use packetcheck::diagnostic::LineIndex;
    ///
    /// let index = LineIndex::new("<a>\n  <b>ä</b>\n</a>".as_bytes());
    /// let place = index.line_column(11);
    /// assert_eq!((place.line, place.column), (2, 7));
    /// assert_eq!(index.line(3), b"</a>");
    /// ```
    pub fn new(bytes: &'a [u8]) -> LineIndex<'a> {
        match Legible::new(bytes) {
            None => LineIndex::of_utf8(bytes),
            Some(mut legible) => {
                let text = std::mem::take(&mut legible.text);
                LineIndex { original: Some(legible), ..LineIndex::of(Cow::Owned(text)) }
            }
        }
    }

    /// An index of a document in UTF-8, whatever encoding it declares.
    pub(crate) fn of_utf8(bytes: &'a [u8]) -> LineIndex<'a> {
        LineIndex::of(Cow::Borrowed(bytes))
    }

    fn of(bytes: Cow<'a, [u8]>) -> LineIndex<'a> {
        let mut lines = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', &bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                lines.push(position(at + 1));
            }
        }
        let mut characters = Vec::with_capacity(bytes.len() / STRIDE + 1);
        let mut before = 0;
        for block in bytes.chunks(STRIDE) {
            characters.push(before);
            before += position(count_characters(block));
        }
        LineIndex { bytes, original: None, lines, gaps: Vec::new(), characters }
    }

    /// The line and column of a byte. An offset beyond the end counts as the end, one inside a character as the end of
    /// that character.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let offset = match &self.original {
            None => offset.min(self.bytes.len()),
            Some(legible) => legible.decoded(offset),
        };
        if let Some(gap) = self.gap_before(offset) {
            return self.line_column_after(gap, offset);
        }
        let line = self.lines.partition_point(|&start| start as usize <= offset);
        let start = self.start(line);
        // A byte order mark does not count as a character of the first line.
        let mark = usize::from(start == 0 && offset >= 3 && self.bytes.starts_with(b"\xef\xbb\xbf"));
        LineColumn { line, column: self.characters_before(offset) - self.characters_before(start) - mark + 1 }
    }

    /// The number of lines; an empty document has one.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// A line (from 1) in UTF-8, without its ending; empty if there is no such line.
    pub fn line(&self, line: usize) -> &[u8] {
        if line == 0 || line > self.lines.len() {
            return b"";
        }
        let end = self.lines.get(line).map_or(self.bytes.len(), |&next| next as usize);
        let text = &self.bytes[self.start(line)..end];
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        text.strip_suffix(b"\r").unwrap_or(text)
    }

    /// Where a line (from 1) begins.
    pub fn line_start(&self, line: usize) -> usize {
        let start = self.start(line);
        self.original.as_ref().map_or(start, |legible| legible.original(start))
    }

    /// An index of bytes of a text from which others were dropped, leaving gaps.
    pub(crate) fn with_gaps(bytes: &'a [u8], gaps: Vec<Gap>) -> LineIndex<'a> {
        LineIndex { gaps, ..LineIndex::of_utf8(bytes) }
    }

    /// The last gap before a byte.
    fn gap_before(&self, offset: usize) -> Option<&Gap> {
        self.gaps.partition_point(|gap| gap.at <= offset).checked_sub(1).and_then(|index| self.gaps.get(index))
    }

    fn line_column_after(&self, gap: &Gap, offset: usize) -> LineColumn {
        let is_before = |until: usize| move |start: &u32| *start as usize <= until;
        let first = self.lines.partition_point(is_before(gap.at));
        let line = self.lines.partition_point(is_before(offset));
        match line.checked_sub(1).filter(|_| line > first).and_then(|index| self.lines.get(index)) {
            None => {
                let passed = self.characters_before(offset) - self.characters_before(gap.at);
                let column = gap.place.column + passed - self.mark_before(gap, offset);
                LineColumn { line: gap.place.line, column }
            }
            Some(start) => {
                let column = self.characters_before(offset) - self.characters_before(*start as usize) + 1;
                LineColumn { line: gap.place.line + line - first, column }
            }
        }
    }

    /// A byte order mark does not count as a character of the first line.
    fn mark_before(&self, gap: &Gap, offset: usize) -> usize {
        let is_start = gap.at == 0 && gap.place == LineColumn { line: 1, column: 1 };
        usize::from(is_start && offset >= 3 && self.bytes.starts_with(b"\xef\xbb\xbf"))
    }

    /// Where a line begins, or what is left of it.
    fn start_after_gaps(&self, line: usize) -> usize {
        let next = self.gaps.partition_point(|gap| gap.place.line <= line);
        // If several parts of the line are left, the first of them.
        let Some(last) = next.checked_sub(1).and_then(|index| self.gaps.get(index)) else { return 0 };
        let gap = self.gaps.iter().find(|gap| gap.place.line == last.place.line).unwrap_or(last);
        let first = self.lines.partition_point(|start| *start as usize <= last.at);
        match line - last.place.line {
            0 => gap.at,
            more => self.lines.get(first + more - 1).map_or(self.bytes.len(), |start| *start as usize),
        }
    }

    fn start(&self, line: usize) -> usize {
        if !self.gaps.is_empty() {
            return self.start_after_gaps(line);
        }
        line.checked_sub(1).and_then(|index| self.lines.get(index)).map_or(0, |&start| start as usize)
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / STRIDE;
        match self.characters.get(block) {
            Some(&before) => before as usize + count_characters(&self.bytes[block * STRIDE..offset]),
            // Only if the offset is the end and the length a multiple of the stride.
            None => match self.characters.last() {
                Some(&before) => before as usize + count_characters(&self.bytes[(block - 1) * STRIDE..offset]),
                None => 0,
            },
        }
    }
}

/// The number of bytes that begin a character (or belong to none).
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

/// Places are kept in 32 bits: `Limits::document_bytes` refuses larger documents before one is reported in them.
fn position(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<(usize, usize)> {
        let index = LineIndex::new(text.as_bytes());
        (0..=text.len()).map(|at| index.line_column(at)).map(|place| (place.line, place.column)).collect()
    }

    #[test]
    fn lines_end_as_in_xml() {
        assert_eq!(places(""), [(1, 1)]);
        assert_eq!(places("a\nb"), [(1, 1), (1, 2), (2, 1), (2, 2)]);
        assert_eq!(places("a\r\nb"), [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]);
        assert_eq!(places("\r\r"), [(1, 1), (2, 1), (3, 1)]);
        assert_eq!(LineIndex::new(b"a\r\nb\n").line(1), b"a");
        assert_eq!(LineIndex::new(b"a\r\nb\n").line(2), b"b");
        assert_eq!(LineIndex::new(b"a\r\nb\n").line(4), b"");
    }

    #[test]
    fn columns_count_characters() {
        let text = "é\u{10000}x";
        let index = LineIndex::new(text.as_bytes());
        assert_eq!(index.line_column(2).column, 2);
        assert_eq!(index.line_column(6).column, 3);
        assert_eq!(LineIndex::new("\u{feff}<a".as_bytes()).line_column(3), LineColumn { line: 1, column: 1 });
        assert_eq!(LineIndex::new("\u{feff}<a".as_bytes()).line_column(0), LineColumn { line: 1, column: 1 });
    }

    #[test]
    fn long_lines_agree_with_counting() {
        for length in [STRIDE - 1, STRIDE, STRIDE + 1, 3 * STRIDE] {
            let text = "é".repeat(length);
            let index = LineIndex::new(text.as_bytes());
            for at in (0..=text.len()).step_by(2) {
                assert_eq!(index.line_column(at), LineColumn { line: 1, column: at / 2 + 1 });
            }
        }
    }
}
