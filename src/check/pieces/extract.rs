//! The part of a document that is in memory: the bytes being read, preceded by those of earlier pieces that are still
//! needed.

use std::io::{self, Read};
use std::ops::Range;

use memchr::{memchr2, memrchr2};

use crate::Limits;
use crate::diagnostic::LineColumn;
use crate::diagnostic::secret::Part;
use crate::xml::{Fault, FaultKind, utf8_prefix};

/// The number of bytes reserved before they are read.
const ROOM: usize = 1 << 17;

/// Offsets from here on stand for places of the document that are not in memory.
pub(super) const ELSEWHERE: usize = usize::MAX / 2;

/// Bytes of a document, in order but with gaps.
#[derive(Debug, Default)]
pub(in crate::check) struct Extract {
    bytes: Vec<u8>,
    /// Memory for the next bytes.
    spare: Vec<u8>,
    pieces: Pieces,
    /// The start of the part that is being read, including some bytes before it.
    start: usize,
    /// The offset of the first byte that was not walked yet.
    unread: usize,
    /// The start tags of open elements before that part.
    around: Vec<Range<usize>>,
    /// The number of bytes of the document that were read.
    read: usize,
    is_over: bool,
}

/// Maps the bytes of an extract to the document. If there are no pieces, the whole document is in memory.
#[derive(Debug, Default)]
pub(in crate::check) struct Pieces(Vec<Piece>);

/// Bytes without a gap, up to the next piece.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Its offset in the extract, and in the document.
    at: usize,
    offset: usize,
    place: LineColumn,
}

/// The text that can be read now.
pub(super) struct Readable<'a> {
    pub(super) text: &'a str,
    pub(super) pieces: &'a Pieces,
    /// Whether it ends where the document does.
    pub(super) is_whole: bool,
    /// Why nothing is read after it, although there is more.
    pub(super) cut: Option<Fault>,
}

impl Extract {
    pub(super) fn new() -> Extract {
        let place = LineColumn { line: 1, column: 1 };
        Extract { pieces: Pieces(vec![Piece { at: 0, offset: 0, place }]), ..Extract::default() }
    }

    pub(super) fn of_whole(bytes: Vec<u8>) -> Extract {
        Extract { read: bytes.len(), bytes, is_over: true, ..Extract::new() }
    }

    /// Reads `count` more bytes, or up to the end of the document.
    pub(super) fn read(&mut self, reader: &mut dyn Read, count: usize) -> io::Result<()> {
        self.bytes.reserve(count.min(ROOM));
        let read = reader.take(count as u64).read_to_end(&mut self.bytes)?;
        self.read += read;
        self.is_over = read < count;
        Ok(())
    }

    /// All bytes that were read, if none has been dropped yet.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text, up to the first character that is incomplete or invalid.
    pub(super) fn readable(&self, limits: &Limits) -> Readable<'_> {
        let Extract { bytes, pieces, read, is_over, .. } = self;
        let readable = |text, is_whole, cut| Readable { text, pieces, is_whole, cut };
        let most = limits.stream_bytes;
        let beyond = read.saturating_sub(most);
        let bytes = bytes.get(..bytes.len().saturating_sub(beyond)).unwrap_or_default();
        let too_large = |limit| {
            let (text, at) = (complete(bytes), bytes.len());
            // The document is longer; how much is unknown.
            let kind = FaultKind::DocumentTooLarge { limit, found: limit.saturating_add(1) };
            readable(utf8_prefix(text).0, true, Some(Fault::new(kind, at..at)))
        };
        if beyond > 0 {
            return too_large(most);
        }
        let most = limits.document_bytes.min(u32::MAX as usize);
        if bytes.len().saturating_sub(self.unread) > most {
            return too_large(most);
        }
        match utf8_prefix(if *is_over { bytes } else { complete(bytes) }) {
            (text, None) => readable(text, *is_over, None),
            // The bytes that come next show whether it is an error.
            (text, Some(Fault { kind: FaultKind::IncompleteCharacter { .. }, .. })) if !is_over => {
                readable(text, false, None)
            }
            (text, cut) => readable(text, true, cut),
        }
    }

    /// Keeps some ranges, which are sorted and do not touch, and everything from an offset on. `around` are the start
    /// tags of open elements, at their new offsets.
    pub(super) fn keep(&mut self, kept: &[Range<usize>], rest: usize, around: Vec<Range<usize>>) {
        let (mut bytes, mut pieces): (Vec<u8>, Vec<Piece>) = (std::mem::take(&mut self.spare), Vec::new());
        bytes.clear();
        let mut cursor = Cursor::new(self);
        for range in kept.iter().cloned().chain(std::iter::once(rest..self.bytes.len())) {
            let (offset, place) = cursor.move_to(range.start);
            let at = bytes.len();
            // The rest may continue the piece before it.
            let is_next = pieces.last().is_some_and(|last| last.offset + (at - last.at) == offset);
            if !is_next {
                pieces.push(Piece { at, offset, place });
            }
            bytes.extend_from_slice(self.bytes.get(range).unwrap_or_default());
        }
        self.unread = kept.iter().map(Range::len).sum();
        self.start = pieces.last().map_or(0, |last| last.at);
        self.around = around;
        self.around.retain(|tag| tag.start < self.start);
        self.spare = std::mem::replace(&mut self.bytes, bytes);
        self.pieces = Pieces(pieces);
    }

    /// The part that is being read, to be searched for secrets.
    pub(super) fn part<'d>(&'d self, others: &'d mut Vec<Range<usize>>) -> Part<'d> {
        let starts = self.pieces.0.iter().map(|piece| piece.at);
        let ends = starts.clone().skip(1);
        others.extend(starts.zip(ends).map(|(start, end)| start..end));
        Part { text: &self.bytes, start: self.start, others, around: &self.around }
    }

    /// The offset `count` bytes before `at`, but not before the start of its piece.
    pub(super) fn before(&self, at: usize, count: usize) -> usize {
        let piece = self.pieces.range_around(at.saturating_sub(1), self.bytes.len());
        let start = at.saturating_sub(count).max(piece.start);
        let rest = self.bytes.get(start..at).unwrap_or_default();
        start + rest.iter().take_while(|byte| **byte & 0xC0 == 0x80).count()
    }

    /// The start of the line of a start tag, if only tags come before it on that line: anything else could be a part of
    /// something that is not in memory. Otherwise the tag itself.
    pub(super) fn line_of_tag(&self, tag: usize, reach: usize) -> usize {
        let line = self.line_around(tag..tag, reach).start;
        let mut before = self.bytes.get(line..tag).unwrap_or_default().trim_ascii();
        while let Some(rest) = before.strip_prefix(b"<") {
            match memchr2(b'<', b'>', rest) {
                Some(end) if rest.get(end) == Some(&b'>') => {
                    before = rest.get(end + 1..).unwrap_or_default().trim_ascii()
                }
                _ => return tag,
            }
        }
        if before.is_empty() { line } else { tag }
    }

    /// The lines around a range including their line ends, as far as they are in memory without a gap, and at most
    /// `reach` bytes in each direction.
    pub(super) fn line_around(&self, range: Range<usize>, reach: usize) -> Range<usize> {
        let piece = self.pieces.range_around(range.start, self.bytes.len());
        let from = range.start.saturating_sub(reach).max(piece.start);
        let before = self.bytes.get(from..range.start).unwrap_or_default();
        let start = memrchr2(b'\n', b'\r', before).map_or(from, |found| from + found + 1);
        let to = range.end.saturating_add(reach).min(piece.end).max(range.end);
        let after = self.bytes.get(range.end..to).unwrap_or_default();
        let end = memchr2(b'\n', b'\r', after).map_or(to, |found| {
            let is_long = after.get(found..found + 2) == Some(b"\r\n");
            range.end + found + if is_long { 2 } else { 1 }
        });
        start..end
    }

    /// A cursor that counts lines and columns.
    pub(super) fn cursor(&self) -> Cursor<'_> {
        Cursor::new(self)
    }

    /// The line around an offset; at the end of the document, from the last line that is not blank.
    pub(super) fn whole_line_around(&self, at: usize, reach: usize) -> Range<usize> {
        let Range { mut start, end } = self.line_around(at..at, reach);
        if at == self.bytes.len() {
            let shown = self.bytes.trim_ascii_end().len();
            let piece = self.pieces.range_around(at, self.bytes.len());
            start = start.min(self.line_around(shown..shown, reach).start.max(piece.start));
        }
        start..end
    }

    pub(super) fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The bytes without an incomplete last character.
fn complete(bytes: &[u8]) -> &[u8] {
    let is_first = |byte: &u8| byte & 0xC0 != 0x80;
    let Some(last) = bytes.iter().rev().take(4).position(is_first).map(|back| bytes.len() - back - 1) else {
        return bytes;
    };
    let length = match bytes.get(last) {
        Some(0xC0..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..) => 4,
        _ => 1,
    };
    if last + length > bytes.len() { bytes.get(..last).unwrap_or_default() } else { bytes }
}

impl Pieces {
    /// No pieces: the whole document is in memory.
    pub(in crate::check) const WHOLE: &'static Pieces = &Pieces(Vec::new());

    /// The place in the document of an offset.
    pub(in crate::check) fn to_document(&self, at: usize) -> usize {
        if self.0.is_empty() {
            return at;
        }
        if at >= ELSEWHERE {
            return at - ELSEWHERE;
        }
        let index = self.0.partition_point(|piece| piece.at <= at);
        index.checked_sub(1).and_then(|index| self.0.get(index)).map_or(at, |piece| piece.offset + (at - piece.at))
    }

    /// The place in the document of an end offset.
    pub(in crate::check) fn end_to_document(&self, end: usize) -> usize {
        end.checked_sub(1).map_or(0, |last| self.to_document(last) + 1)
    }

    pub(in crate::check) fn range_to_document(&self, range: Range<usize>) -> Range<usize> {
        let start = self.to_document(range.start);
        match range.is_empty() || self.0.is_empty() {
            true => start..start + range.len(),
            false => start..self.end_to_document(range.end).max(start),
        }
    }

    /// The offset of a place in the document, or one from `ELSEWHERE` on if it is not in memory.
    pub(in crate::check) fn to_text(&self, offset: usize) -> usize {
        if self.0.is_empty() {
            return offset;
        }
        let index = self.0.partition_point(|piece| piece.offset <= offset);
        let Some(piece) = index.checked_sub(1).and_then(|index| self.0.get(index)) else { return ELSEWHERE + offset };
        let at = piece.at + (offset - piece.offset);
        match self.0.get(index) {
            Some(next) if at >= next.at => ELSEWHERE + offset,
            _ => at,
        }
    }

    pub(in crate::check) fn range_to_text(&self, range: Range<usize>) -> Range<usize> {
        let start = self.to_text(range.start);
        start..start + range.len()
    }

    /// Whether a range of the document is not in memory.
    pub(in crate::check) fn is_not_in_memory(&self, range: Range<usize>) -> bool {
        self.to_text(range.start) >= ELSEWHERE || !range.is_empty() && self.to_text(range.end - 1) >= ELSEWHERE
    }

    /// The piece that contains a range.
    fn range_around(&self, at: usize, end: usize) -> Range<usize> {
        let index = self.0.partition_point(|piece| piece.at <= at);
        let start = index.checked_sub(1).and_then(|index| self.0.get(index)).map_or(0, |piece| piece.at);
        start..self.0.get(index).map_or(end, |next| next.at)
    }
}

/// Counts lines and columns for offsets that are passed in ascending order.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    pieces: &'a [Piece],
    /// The index of the current piece.
    index: usize,
    at: usize,
    place: LineColumn,
}

impl<'a> Cursor<'a> {
    fn new(extract: &'a Extract) -> Cursor<'a> {
        let pieces = &*extract.pieces.0;
        let place = pieces.first().map_or(LineColumn { line: 1, column: 1 }, |first| first.place);
        Cursor { bytes: &extract.bytes, pieces, index: 0, at: 0, place }
    }

    /// The place in the document of an offset not before the last one, with its line and column.
    pub(super) fn move_to(&mut self, at: usize) -> (usize, LineColumn) {
        while let Some(next) = self.pieces.get(self.index + 1).filter(|next| next.at <= at) {
            self.index += 1;
            (self.at, self.place) = (next.at, next.place);
        }
        let Some(piece) = self.pieces.get(self.index) else { return (at, self.place) };
        let passed = self.bytes.get(self.at..at).unwrap_or_default();
        // A carriage return ends the line unless a line feed follows.
        let breaks = memchr::memchr2_iter(b'\n', b'\r', passed)
            .filter(|found| passed[*found] == b'\n' || self.bytes.get(self.at + found + 1) != Some(&b'\n'));
        let (count, last) = breaks.fold((0, None), |(count, _), found| (count + 1, Some(found)));
        let is_first = |byte: &&u8| **byte & 0xC0 != 0x80;
        match last {
            None => self.place.column += passed.iter().filter(is_first).count(),
            Some(last) => {
                let line = passed.get(last + 1..).unwrap_or_default();
                self.place =
                    LineColumn { line: self.place.line + count, column: line.iter().filter(is_first).count() + 1 };
            }
        }
        // A byte order mark is not a character of the first line.
        if piece.offset == 0 && self.at == 0 && at >= 3 && last.is_none() && self.bytes.starts_with(b"\xEF\xBB\xBF") {
            self.place.column -= 1;
        }
        self.at = at;
        (piece.offset + (at - piece.at), self.place)
    }
}
