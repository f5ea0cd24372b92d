//! The elements of a document with the places of their tags.

use std::ops::Range;

use crate::Limits;
use crate::text::white_space::is_blank;
use crate::xml::lex::skip_colons_and_names;
use crate::xml::{Reader, Token};

/// The elements of a document, in the order of their start tags, 20 bytes for each. What is wrong with the document is read as an
/// explanation of it reads it.
#[derive(Debug, Default)]
pub(super) struct Outline<'t> {
    text: &'t str,
    known: Vec<Known>,
}

/// Offsets fit into 32 bits, as everywhere.
#[derive(Debug, Clone, Copy)]
struct Known {
    start: Place,
    end: Place,
    /// Which of the elements is around it; `NONE`: it is the root.
    parent: u32,
}

#[derive(Debug, Clone, Copy)]
struct Place(u32, u32);

const NONE: u32 = u32::MAX;

/// An element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element<'t> {
    /// The name as written, with its prefix.
    pub(super) name: &'t str,
    pub(super) start: Range<usize>,
    /// The end tag; the start tag where that is the end too, and an empty place where there is none.
    pub(super) end: Range<usize>,
    is_root: bool,
}

impl From<(usize, usize)> for Place {
    fn from((start, end): (usize, usize)) -> Place {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Place(narrow(start), narrow(end))
    }
}

impl Place {
    fn range(self) -> Range<usize> {
        self.0 as usize..self.1 as usize
    }
}

impl<'t> Outline<'t> {
    pub(super) fn of(text: &'t str) -> Outline<'t> {
        let limits = Limits::default().document_bytes(usize::MAX).allow_doctype(true);
        let mut reader = Reader::of_text(text, &limits);
        let (mut known, mut open): (Vec<Known>, Vec<u32>) = (Vec::new(), Vec::new());
        loop {
            match reader.next(&mut |_| {}) {
                Token::Start { span, .. } => {
                    let parent = open.last().copied().unwrap_or(NONE);
                    open.push(u32::try_from(known.len()).unwrap_or(NONE));
                    known.push(Known { start: span.into(), end: (0, 0).into(), parent });
                }
                Token::End { span, .. } => {
                    if let Some(known) = open.pop().and_then(|index| known.get_mut(index as usize)) {
                        known.end = span.into();
                    }
                }
                Token::Text { .. } => {}
                Token::Eof => return Outline { text, known },
            }
        }
    }

    fn described(&self, known: Known) -> Element<'t> {
        let start = known.start.range();
        let name = start.start + 1..skip_colons_and_names(self.text, start.start + 1);
        let name = self.text.get(name).unwrap_or_default();
        Element { name, start, end: known.end.range(), is_root: known.parent == NONE }
    }

    fn index(&self, start: usize) -> Option<usize> {
        self.known.binary_search_by_key(&start, |known| known.start.0 as usize).ok()
    }

    pub(super) fn root(&self) -> Option<Element<'t>> {
        self.known.first().map(|known| self.described(*known))
    }

    /// The element whose start tag begins at an offset.
    pub(super) fn element(&self, start: usize) -> Option<Element<'t>> {
        Some(self.described(*self.known.get(self.index(start)?)?))
    }

    /// The siblings that follow the element whose start tag begins at an offset.
    pub(super) fn siblings_after(&self, start: usize) -> impl Iterator<Item = Element<'t>> {
        self.siblings(start).filter(move |element| element.start.start > start)
    }

    /// The element whose start tag begins at an offset, and its siblings.
    pub(super) fn siblings(&self, start: usize) -> impl Iterator<Item = Element<'t>> {
        let parent = self.index(start).and_then(|index| self.known.get(index)).map_or(NONE, |known| known.parent);
        let end = self.known.get(parent as usize).map_or(0, |parent| parent.end.0);
        let children = self.known.get((parent as usize).saturating_add(1)..).unwrap_or_default().iter();
        let inside = children.take_while(move |known| known.start.0 < end);
        inside.filter(move |known| known.parent == parent).map(|known| self.described(*known))
    }

    /// An element with what is before it and belongs to it: white space, and comments on lines of their own. `None`: text is
    /// beside it.
    pub(super) fn whole(&self, element: &Element<'_>) -> Option<Range<usize>> {
        let start = element.start.start;
        let before = self.text.get(..start)?;
        let mut from = before.rfind('>').filter(|_| !element.is_root)? + 1;
        is_blank(before.get(from..)?).then_some(())?;
        while let Some(place) = comment_on_its_line(before.get(..from)?) {
            from = place;
        }
        Some(from..element.end.end.max(element.start.end))
    }
}

/// Where the white space before a comment begins that ends a text, and that begins a line; a comment after something else is about
/// that.
fn comment_on_its_line(text: &str) -> Option<usize> {
    let before = text.strip_suffix("-->")?;
    let before = before.get(..before.rfind("<!--")?)?;
    let after_tag = before.rfind('>')? + 1;
    let gap = before.get(after_tag..)?;
    (is_blank(gap) && gap.contains('\n')).then_some(after_tag)
}
