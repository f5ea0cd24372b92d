//! The lines of a document that its diagnostics point to, for documents that are never in memory as a whole.

use super::place::Gap;
use super::places::{legible, replace};
use super::{Diagnostic, LineColumn, LineIndex};

/// The lines of a document that the renderers of [`render`](super::render) need, each as far as it can be shown.
///
/// [`Schema::check_reader`](crate::Schema::check_reader) keeps the lines around the places of the diagnostics: a few
/// kilobytes for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// The whole document, if it had to be in memory as a whole.
    whole: Option<Vec<u8>>,
    parts: Vec<Part>,
}

/// Bytes without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    /// Their offset in the document.
    offset: usize,
    place: LineColumn,
    bytes: Vec<u8>,
}

impl Part {
    fn end(&self) -> usize {
        self.offset + self.bytes.len()
    }
}

/// All lines as one text, and diagnostics with their places in it.
pub(crate) struct Shown {
    pub(crate) text: Vec<u8>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    gaps: Vec<Gap>,
}

impl Lines {
    /// The lines of a document that is in memory as a whole: all of them, if any are needed.
    pub(crate) fn of(document: Vec<u8>, diagnostics: &[Diagnostic]) -> Lines {
        Lines { whole: Some(document).filter(|_| !diagnostics.is_empty()), parts: Vec::new() }
    }

    /// Keeps some bytes of the document.
    pub(crate) fn keep(&mut self, offset: usize, place: LineColumn, bytes: &[u8]) {
        self.parts.push(Part { offset, place, bytes: bytes.to_vec() });
    }

    /// Completes the lines when all of them have been kept.
    pub(crate) fn finish(&mut self) {
        self.parts.sort_by_key(|part| part.offset);
        self.parts.dedup_by(|next, last| {
            let touches = next.offset <= last.end();
            if touches && next.end() > last.end() {
                last.bytes.extend_from_slice(next.bytes.get(last.end() - next.offset..).unwrap_or_default());
            }
            touches
        });
    }

    /// The whole document, if it had to be in memory as a whole and has diagnostics.
    #[doc(hidden)]
    pub fn document(&self) -> Option<&[u8]> {
        self.whole.as_deref()
    }

    /// The line and column of a place, if it is in these lines.
    ///
    /// ```
    /// use packetcheck::plesk::request_schema;
    ///
    /// let checked = request_schema().check_reader(&b"<packet><migration>\n  <chekc/></migration></packet>"[..])?;
    /// let place = checked.lines.line_column(checked.report.diagnostics[0].span.start);
    /// assert_eq!(place.map(|place| (place.line, place.column)), Some((2, 3)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn line_column(&self, offset: usize) -> Option<LineColumn> {
        if let Some(document) = &self.whole {
            return Some(LineIndex::new(document).line_column(offset));
        }
        let part = self.part_of(offset)?;
        let index = LineIndex::with_gaps(&part.bytes, vec![Gap { at: 0, place: part.place }]);
        Some(index.line_column(offset - part.offset))
    }

    fn part_of(&self, offset: usize) -> Option<&Part> {
        let index = self.parts.partition_point(|part| part.offset <= offset).checked_sub(1)?;
        self.parts.get(index).filter(|part| offset <= part.end())
    }

    /// The kept lines, and diagnostics with their places in these.
    pub(crate) fn show(&self, diagnostics: &[Diagnostic]) -> Shown {
        let (mut text, mut starts, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
        for part in &self.parts {
            starts.push(text.len());
            gaps.push(Gap { at: text.len(), place: part.place });
            text.extend_from_slice(&part.bytes);
        }
        let to_text = |offset: usize| {
            let index = self.parts.partition_point(|part| part.offset <= offset).checked_sub(1);
            let Some((part, start)) = index.and_then(|index| Some((self.parts.get(index)?, starts.get(index)?))) else {
                return 0;
            };
            start + (offset - part.offset).min(part.bytes.len())
        };
        let mut diagnostics = diagnostics.to_vec();
        replace(&mut diagnostics, |offsets| offsets.iter_mut().for_each(|offset| *offset = to_text(*offset)));
        Shown { text, diagnostics, gaps }
    }
}

impl Shown {
    /// An index of the text.
    pub(crate) fn index(&self) -> LineIndex<'_> {
        LineIndex::with_gaps(&self.text, self.gaps.clone())
    }
}

/// What renderers draw diagnostics into: a document, or the lines of one.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A whole document.
    Document(&'a [u8]),
    /// The lines that its diagnostics point to.
    Lines(&'a Lines),
}

impl Source<'_> {
    /// Passes `show` the text, in UTF-8 or as legible as possible, with the diagnostics at their places in it.
    pub(crate) fn legible<T>(
        self,
        diagnostics: &[Diagnostic],
        show: impl FnOnce(&[u8], &[Diagnostic], &LineIndex<'_>) -> T,
    ) -> T {
        let document = match self {
            Source::Lines(Lines { whole: Some(document), .. }) => Source::Document(document),
            source => source,
        };
        match document {
            Source::Document(document) => {
                let (text, diagnostics) = legible(document, diagnostics);
                show(&text, &diagnostics, &LineIndex::of_utf8(&text))
            }
            Source::Lines(lines) => {
                let shown = lines.show(diagnostics);
                show(&shown.text, &shown.diagnostics, &shown.index())
            }
        }
    }
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(document: &'a [u8]) -> Source<'a> {
        Source::Document(document)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Source<'a> {
    fn from(document: &'a [u8; N]) -> Source<'a> {
        Source::Document(document)
    }
}

impl<'a> From<&'a Vec<u8>> for Source<'a> {
    fn from(document: &'a Vec<u8>) -> Source<'a> {
        Source::Document(document)
    }
}

impl<'a> From<&'a Lines> for Source<'a> {
    fn from(lines: &'a Lines) -> Source<'a> {
        Source::Lines(lines)
    }
}
