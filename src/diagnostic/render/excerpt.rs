//! The part of one line of a document that is shown, made safe to show.

use std::ops::Range;

use super::visible::push_visible;
use crate::diagnostic::LineIndex;
use crate::diagnostic::secret::Concealed;

/// Marks where a line was cut.
const CUT: &str = "…";

/// Replaces a character that must not be shown.
const MASK: char = '*';

/// A line, or what fits of it around a place, without anything that a terminal acts upon.
pub(super) struct Excerpt {
    /// Its number, from 1.
    pub(super) line: usize,
    /// The text that is shown.
    pub(super) text: String,
    /// The bytes of `text` that represent the span.
    pub(super) underline: Range<usize>,
    cells: Vec<Cell>,
    cut_left: bool,
}

/// A character as it is shown, or a byte that is not part of one.
struct Cell {
    /// Offset in the document.
    at: usize,
    shown: String,
}

impl Cell {
    fn columns(&self) -> usize {
        self.shown.chars().map(columns).sum()
    }
}

impl Excerpt {
    /// The line where `span` begins; a span over several lines is cut at the end of this one. `width` is the number of
    /// columns of the terminal, including the line number.
    pub(super) fn around(
        document: &[u8],
        span: &Range<usize>,
        concealed: &Concealed,
        index: &LineIndex<'_>,
        width: usize,
    ) -> Excerpt {
        let start = span.start.min(document.len());
        let line = index.line_column(start).line;
        let line_start = index.line_start(line);
        let gutter = line.to_string().len() + 3;
        let room = width.saturating_sub(gutter).max(width / 2);
        // No character has more than four bytes, so anything farther away cannot be shown and is skipped.
        let reach = 4 * room;
        let from = match start.saturating_sub(reach) {
            cut if cut > line_start => skip_continuation(document, cut),
            _ => line_start,
        };
        let to = line_end(document, start, start.saturating_add(reach));
        let end = span.end.clamp(start, to);
        let mut cells = make_visible(document, from, to, concealed);
        let window = window(&cells, start..end, room);
        let cut_left = window.start > 0 || from > line_start;
        let cut_right = window.end < cells.len() || !is_line_end(document, to);
        cells.truncate(window.end);
        cells.drain(..window.start.min(cells.len()));

        let mut text = String::from(if cut_left { CUT } else { "" });
        cells.iter().for_each(|cell| text.push_str(&cell.shown));
        text.push_str(if cut_right { CUT } else { "" });
        let mut excerpt = Excerpt { line, text, underline: 0..0, cells, cut_left };
        excerpt.underline = excerpt.shown(&(start..end));
        excerpt
    }

    /// The place in this text of `span`, which the excerpt `other` was made for; `None` if it begins outside.
    pub(super) fn find(&self, other: &Excerpt, span: &Range<usize>) -> Option<Range<usize>> {
        let (first, last) = (self.cells.first()?, self.cells.last()?);
        let inside = other.line == self.line && (first.at..=last.at).contains(&span.start);
        inside.then(|| self.shown(span))
    }

    /// Maps bytes of the document to bytes of the text.
    fn shown(&self, span: &Range<usize>) -> Range<usize> {
        let mark = if self.cut_left { CUT.len() } else { 0 };
        let bytes_before = |offset: usize| -> usize {
            self.cells.iter().take_while(|cell| cell.at < offset).map(|cell| cell.shown.len()).sum()
        };
        let start = mark + bytes_before(span.start);
        start..(mark + bytes_before(span.end)).max(start)
    }
}

/// The number of terminal columns of a character.
pub(super) fn columns(character: char) -> usize {
    unicode_width::UnicodeWidthChar::width(character).unwrap_or(0)
}

/// The end of the line that contains `from`, or `until` if that comes first.
fn line_end(document: &[u8], from: usize, until: usize) -> usize {
    let until = until.min(document.len());
    let rest = document.get(from..until).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(until, |found| from + found)
}

fn is_line_end(document: &[u8], offset: usize) -> bool {
    matches!(document.get(offset), None | Some(b'\n' | b'\r'))
}

/// A cut must not fall in the middle of a character.
fn skip_continuation(document: &[u8], from: usize) -> usize {
    let rest = document.get(from..).unwrap_or_default();
    from + rest.iter().take(3).take_while(|byte| **byte & 0b1100_0000 == 0b1000_0000).count()
}

/// Part of the document as it is shown. Bytes that are not UTF-8 become `\xFF`, a tab becomes four spaces.
fn make_visible(document: &[u8], from: usize, to: usize, concealed: &Concealed) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut at = from;
    for chunk in document.get(from..to).unwrap_or_default().utf8_chunks() {
        for character in chunk.valid().chars() {
            let mut shown = String::new();
            match character {
                _ if concealed.holds(at) => shown.push(MASK),
                '\t' => shown.push_str("    "),
                // A byte order mark.
                '\u{feff}' if at == 0 => {}
                _ => push_visible(&mut shown, character),
            }
            cells.push(Cell { at, shown });
            at += character.len_utf8();
        }
        for byte in chunk.invalid() {
            let shown = if concealed.holds(at) { MASK.to_string() } else { format!("\\x{byte:02X}") };
            cells.push(Cell { at, shown });
            at += 1;
        }
    }
    cells
}

/// Selects the cells to show: all if they fit, otherwise as many as do. They include the beginning of the span, and as
/// much of the rest of the span and of what follows as leaves room for a little of what comes before.
fn window(cells: &[Cell], span: Range<usize>, room: usize) -> Range<usize> {
    let total: usize = cells.iter().map(Cell::columns).sum();
    if total <= room {
        return 0..cells.len();
    }
    let columns_before =
        |offset: usize| -> usize { cells.iter().take_while(|cell| cell.at < offset).map(Cell::columns).sum() };
    // The two marks for the cuts take a column each.
    let room = room.saturating_sub(2);
    let wanted_end = total.min(columns_before(span.end) + room / 3);
    let first_column = wanted_end.saturating_sub(room).min(columns_before(span.start).saturating_sub(room / 4));

    let (mut left, mut passed) = (0, 0);
    while let Some(cell) = cells.get(left).filter(|_| passed < first_column) {
        passed += cell.columns();
        left += 1;
    }
    let (mut right, mut used) = (left, 0);
    while let Some(cell) = cells.get(right).filter(|cell| used + cell.columns() <= room) {
        used += cell.columns();
        right += 1;
    }
    left..right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(document: &[u8], span: Range<usize>) -> (String, String) {
        let excerpt = Excerpt::around(document, &span, &Concealed::default(), &LineIndex::new(document), 24);
        let underlined = excerpt.text.get(excerpt.underline.clone()).expect("the underline lies between characters");
        (excerpt.text.clone(), underlined.to_owned())
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(excerpt(b"<a>\n  <b/>\r\n</a>", 6..10), ("  <b/>".into(), "<b/>".into()));
        assert_eq!(excerpt(b"<a>\n  <b/>\r\n</a>", 0..18), ("<a>".into(), "<a>".into()));
        assert_eq!(excerpt(b"", 0..0), (String::new(), String::new()));
    }

    #[test]
    fn a_long_line_is_cut_around_the_span() {
        let document = format!("{}<b/>{}", "x".repeat(1000), "y".repeat(1000));
        assert_eq!(excerpt(document.as_bytes(), 1000..1004), ("…xxxxxxxx<b/>yyyyyy…".into(), "<b/>".into()));
        assert_eq!(excerpt(document.as_bytes(), 0..1), ("xxxxxxxxxxxxxxxxxx…".into(), "x".into()));
        assert_eq!(excerpt(document.as_bytes(), 2004..2004), ("…yyyyyyyyyyyyyyyyyy".into(), String::new()));
    }

    #[test]
    fn no_character_that_acts_on_a_terminal_is_left() {
        assert_eq!(excerpt(b"a\x1b[m\xff\tb", 5..6), ("a␛[m\\xFF    b".into(), "    ".into()));
        assert_eq!(excerpt("\u{feff}é\u{85}".as_bytes(), 3..5), ("é<U+0085>".into(), "é".into()));
    }

    #[test]
    fn bytes_that_continue_no_character_are_shown_at_the_start_of_a_line() {
        assert_eq!(excerpt(b"\x89PNG\r\n\x80\x80", 0..4), ("\\x89PNG".into(), "\\x89PNG".into()));
        assert_eq!(excerpt(b"\x89PNG\r\n\x80\x80", 6..7), ("\\x80\\x80".into(), "\\x80".into()));
    }

    #[test]
    fn any_span_in_any_bytes_gives_an_underline_inside_the_text() {
        let document = "é\t\u{10000}\n\u{85}\r".repeat(30).into_bytes();
        for start in 0..=document.len() + 1 {
            for length in [0, 1, 2, 9, 1000] {
                excerpt(&document, start..start + length);
            }
        }
    }
}
