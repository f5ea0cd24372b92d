//! The elements of a document with the places of their tags.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use crate::Limits;
use crate::text::name::local_part;
use crate::text::white_space::is_blank;
use crate::xml::lex::skip_colons_and_names;
use crate::xml::{Reader, Token};

/// The elements of a document, in the order of their start tags, with 20 bytes each. A broken document is read in the
/// same way as when it is explained.
#[derive(Debug, Default)]
pub(super) struct Outline<'t> {
    text: &'t str,
    known: Vec<Known>,
    /// The children of an element that have a local name, in order, by element and name.
    namesakes: OnceCell<HashMap<(u32, &'t str), Vec<u32>>>,
}

/// Offsets fit into 32 bits, as everywhere.
#[derive(Debug, Clone, Copy)]
struct Known {
    start: Place,
    end: Place,
    /// The index of its parent; `NONE` for the root.
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
    /// The end tag; the start tag if it is also the end, and an empty range if there is no end tag.
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
                Token::Eof => return Outline { text, known, namesakes: OnceCell::new() },
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

    /// The siblings, with a local name, of the element whose start tag begins at an offset: their number, and those
    /// that follow it.
    pub(super) fn namesakes(&self, start: usize, local: &str) -> (usize, impl ExactSizeIterator<Item = Element<'t>>) {
        let parent = self.index(start).and_then(|index| self.known.get(index)).map_or(NONE, |known| known.parent);
        let all = self.by_name().get(&(parent, local)).map(Vec::as_slice).unwrap_or_default();
        let is_before =
            |index: &u32| self.known.get(*index as usize).is_none_or(|known| known.start.0 as usize <= start);
        let after = all.get(all.partition_point(is_before)..).unwrap_or_default();
        let described = |index: &u32| self.known.get(*index as usize).map(|known| self.described(*known));
        let after: Vec<Element<'t>> = after.iter().filter_map(described).collect();
        (all.len(), after.into_iter())
    }

    fn by_name(&self) -> &HashMap<(u32, &'t str), Vec<u32>> {
        self.namesakes.get_or_init(|| {
            let mut namesakes: HashMap<_, Vec<u32>> = HashMap::new();
            for (index, known) in (0..).zip(&self.known) {
                namesakes.entry((known.parent, local_part(self.described(*known).name))).or_default().push(index);
            }
            namesakes
        })
    }

    /// An element with what belongs to it: the white space before it, comments on lines of their own before that, and a
    /// comment after it if nothing else is on its lines. `None` if there is text next to it.
    pub(super) fn whole(&self, element: &Element<'_>) -> Option<Range<usize>> {
        let start = element.start.start;
        let before = self.text.get(..start)?;
        let mut from = before.rfind('>').filter(|_| !element.is_root)? + 1;
        let gap = before.get(from..)?;
        is_blank(gap).then_some(())?;
        let end = element.end.end.max(element.start.end);
        let comment = if gap.contains('\n') { comment_to_line_end(self.text.get(end..)?) } else { 0 };
        while let Some(place) = comment_on_its_line(before.get(..from)?) {
            from = place;
        }
        Some(from..end + comment)
    }

    /// Whether a comment is on the same line as a part of the document, so that it may refer to that part or to
    /// something else.
    pub(super) fn has_comment_beside(&self, part: &Range<usize>) -> bool {
        let is_space = |character: char| matches!(character, ' ' | '\t');
        let before = self.text.get(..part.start).unwrap_or_default();
        let after = self.text.get(part.end..).unwrap_or_default();
        let begins_line = self.text.get(part.clone()).is_some_and(|text| text.starts_with(['\n', '\r']));
        before.ends_with("-->") && !begins_line || after.trim_start_matches(is_space).starts_with("<!--")
    }
}

/// The length of a comment at the beginning of a text, including the spaces before it, if the line ends after it;
/// otherwise 0.
fn comment_to_line_end(text: &str) -> usize {
    let is_space = |character: char| matches!(character, ' ' | '\t');
    let length = || {
        let comment = text.trim_start_matches(is_space).strip_prefix("<!--")?;
        let rest = comment.get(comment.find("-->")? + 3..)?;
        rest.trim_start_matches(is_space).starts_with(['\n', '\r']).then_some(text.len() - rest.len())
    };
    length().unwrap_or_default()
}

/// Where the white space before a comment begins, if the comment ends the text and begins a line. A comment after
/// something else on its line refers to that.
fn comment_on_its_line(text: &str) -> Option<usize> {
    let before = text.strip_suffix("-->")?;
    let (before, comment) = before.split_at_checked(before.rfind("<!--")?)?;
    // Otherwise it is text that looks like the end of a comment.
    (!comment.contains("-->")).then_some(())?;
    let after_tag = before.rfind('>')? + 1;
    let gap = before.get(after_tag..)?;
    (is_blank(gap) && gap.contains('\n')).then_some(after_tag)
}
