//! The part of a document that is in memory: what is being read, and before it what is still needed of what was read.

use std::io::{self, Read};
use std::ops::Range;

use memchr::{memchr2, memrchr2};

use crate::Limits;
use crate::diagnostic::LineColumn;
use crate::diagnostic::secret::Part;
use crate::xml::{Fault, FaultKind, utf8_prefix};

/// Room for so many bytes is made before they are there.
const ROOM: usize = 1 << 17;

/// Offsets from here on are places of the document that are not in memory.
pub(super) const ELSEWHERE: usize = usize::MAX / 2;

/// Bytes of a document, in order, with gaps.
#[derive(Debug, Default)]
pub(in crate::check) struct Extract {
    bytes: Vec<u8>,
    /// Memory for those that come next.
    spare: Vec<u8>,
    pieces: Pieces,
    /// Where the part begins that is read, with some of what came before it.
    start: usize,
    /// Where what was not read yet begins.
    unread: usize,
    /// Start tags of open elements before that.
    around: Vec<Range<usize>>,
    /// How many bytes of the document were read.
    read: usize,
    is_over: bool,
}

/// Where the bytes of an extract are in the document. None: the whole document is there.
#[derive(Debug, Default)]
pub(in crate::check) struct Pieces(Vec<Piece>);

/// Bytes without a gap, up to the next piece.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Where it begins in the extract, and in the document.
    at: usize,
    offset: usize,
    place: LineColumn,
}

/// What there is to read.
pub(super) struct Readable<'a> {
    pub(super) text: &'a str,
    pub(super) pieces: &'a Pieces,
    /// It ends where the document does.
    pub(super) is_whole: bool,
    /// Why nothing is read after it, though there is more.
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

    /// Reads so many bytes more, or up to the end of the document.
    pub(super) fn read(&mut self, reader: &mut dyn Read, count: usize) -> io::Result<()> {
        self.bytes.reserve(count.min(ROOM));
        let read = reader.take(count as u64).read_to_end(&mut self.bytes)?;
        self.read += read;
        self.is_over = read < count;
        Ok(())
    }

    /// All that was read, if nothing has been left out yet.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its text, up to the first character that is incomplete or invalid.
    pub(super) fn readable(&self, limits: &Limits) -> Readable<'_> {
        let Extract { bytes, pieces, read, is_over, .. } = self;
        let readable = |text, is_whole, cut| Readable { text, pieces, is_whole, cut };
        let most = limits.stream_bytes;
        let beyond = read.saturating_sub(most);
        let bytes = bytes.get(..bytes.len().saturating_sub(beyond)).unwrap_or_default();
        let too_large = |limit| {
            let (text, at) = (complete(bytes), bytes.len());
            // There are more, nobody knows how many.
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
            // What comes next shows what is wrong with it.
            (text, Some(Fault { kind: FaultKind::IncompleteCharacter { .. }, .. })) if !is_over => {
                readable(text, false, None)
            }
            (text, cut) => readable(text, true, cut),
        }
    }

    /// Keeps some ranges, which are in order and apart, and everything from an offset on; `around` are start tags of open
    /// elements, as they will be.
    pub(super) fn keep(&mut self, kept: &[Range<usize>], rest: usize, around: Vec<Range<usize>>) {
        let (mut bytes, mut pieces): (Vec<u8>, Vec<Piece>) = (std::mem::take(&mut self.spare), Vec::new());
        bytes.clear();
        let mut cursor = Cursor::new(self);
        for range in kept.iter().cloned().chain(std::iter::once(rest..self.bytes.len())) {
            let (offset, place) = cursor.move_to(range.start);
            let at = bytes.len();
            // The rest may follow what is before it.
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

    /// The part that is read, for a search for secrets.
    pub(super) fn part<'d>(&'d self, others: &'d mut Vec<Range<usize>>) -> Part<'d> {
        let starts = self.pieces.0.iter().map(|piece| piece.at);
        let ends = starts.clone().skip(1);
        others.extend(starts.zip(ends).map(|(start, end)| start..end));
        Part { text: &self.bytes, start: self.start, others, around: &self.around }
    }

    /// An offset so many bytes before one, or where the piece begins that it is in.
    pub(super) fn before(&self, at: usize, count: usize) -> usize {
        let piece = self.pieces.range_around(at.saturating_sub(1), self.bytes.len());
        let start = at.saturating_sub(count).max(piece.start);
        let rest = self.bytes.get(start..at).unwrap_or_default();
        start + rest.iter().take_while(|byte| **byte & 0xC0 == 0x80).count()
    }

    /// Where the line of a start tag begins, if only tags come before it there: what else does may be a part of something
    /// that is not in memory then. Otherwise the tag.
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

    /// The lines around a range with their end, as far as they are in memory without a gap, and not more than `reach` bytes
    /// either way.
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

    /// Lines and columns, from one place to the next.
    pub(super) fn cursor(&self) -> Cursor<'_> {
        Cursor::new(self)
    }

    /// The same of a place; at the end of the document with the last line that is not blank.
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

/// Without the beginning of a last character.
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
    /// The whole document is in memory.
    pub(in crate::check) const WHOLE: &'static Pieces = &Pieces(Vec::new());

    /// The place of an offset in the document.
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

    /// The same of the end of something.
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

    /// The offset of a place in the document, where it is in memory or not.
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

    /// Whether something that is in the document is not in memory.
    pub(in crate::check) fn is_elsewhere(&self, range: Range<usize>) -> bool {
        self.to_text(range.start) >= ELSEWHERE || !range.is_empty() && self.to_text(range.end - 1) >= ELSEWHERE
    }

    /// The piece around an offset.
    fn range_around(&self, at: usize, end: usize) -> Range<usize> {
        let index = self.0.partition_point(|piece| piece.at <= at);
        let start = index.checked_sub(1).and_then(|index| self.0.get(index)).map_or(0, |piece| piece.at);
        start..self.0.get(index).map_or(end, |next| next.at)
    }
}

/// Counts lines and columns up to places that come in order.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    pieces: &'a [Piece],
    /// The piece that it is in.
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

    /// The place in the document of an offset that is not before the last one, with its line and column.
    pub(super) fn move_to(&mut self, at: usize) -> (usize, LineColumn) {
        while let Some(next) = self.pieces.get(self.index + 1).filter(|next| next.at <= at) {
            self.index += 1;
            (self.at, self.place) = (next.at, next.place);
        }
        let Some(piece) = self.pieces.get(self.index) else { return (at, self.place) };
        let passed = self.bytes.get(self.at..at).unwrap_or_default();
        // After a carriage return the line is over unless a line feed follows.
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
        // A byte order mark is no character of the first line.
        if piece.offset == 0 && self.at == 0 && at >= 3 && last.is_none() && self.bytes.starts_with(b"\xEF\xBB\xBF") {
            self.place.column -= 1;
        }
        self.at = at;
        (piece.offset + (at - piece.at), self.place)
    }
}
