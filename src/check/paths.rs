//! Where in a document an element is: its path, with positions among siblings of one name.
//!
//! Paths are for diagnostics alone. So nothing is kept for them while a document is walked: in the end it is read once
//! more, as far as the last element whose path is wanted.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

use super::document::Document;
use super::explanation::Explanation;
use crate::Limits;
use crate::diagnostic::Report;
use crate::diagnostic::kept::KeptIndex;
use crate::diagnostic::words::push_shown;
use crate::text::mark::Mark;
use crate::text::white_space::trimmed;
use crate::xml::{Reader, Tag, Tags, Token};

impl Explanation<'_> {
    /// The report, each diagnostic with its path.
    pub(crate) fn report(&mut self, bytes: &[u8], limits: &Limits) -> Report {
        if self.is_empty() {
            return Report::default();
        }
        let mut elements = std::mem::take(&mut self.elements);
        if !elements.is_empty() {
            elements.sort_by_key(|(_, element)| *element);
            self.set_paths(&elements, bytes, limits);
        }
        self.finish()
    }

    /// Gives each diagnostic the path of its element, whose start tag it comes with: in the order of the document.
    fn set_paths(&mut self, elements: &[(KeptIndex, usize)], bytes: &[u8], limits: &Limits) {
        let Explanation { kept, ends, reader, .. } = self;
        // Without the reader that recovers: the lexers have accepted everything up to the last of the elements.
        if reader.is_none()
            && let Ok(document) = Document::new(bytes, limits)
        {
            let mut tags = Tags::new(document.text, document.root);
            let tags = std::iter::from_fn(|| {
                let tag = tags.next()?;
                Some(as_taken(tag, ends, || tags.take_for_end_tag()))
            });
            return set_paths(elements, tags, |element, path| kept.set_path(element, path.to_owned()));
        }
        let Ok(mut reader) = Reader::new(bytes, limits) else { return };
        let tags = std::iter::from_fn(|| {
            loop {
                match reader.next(&mut |_| {}) {
                    Token::Start { name, span, .. } => {
                        let tag = Tag::Start { name, at: span.0 };
                        return Some(as_taken(tag, ends, || reader.take_for_end_tag()));
                    }
                    Token::Text { .. } => {}
                    Token::End { .. } => return Some(Tag::End),
                    Token::Eof => return None,
                }
            }
        });
        set_paths(elements, tags, |element, path| kept.set_path(element, path.to_owned()));
    }
}

/// The tag as the walk took it: `forget` lets what reads the tags know that a start tag is an end tag.
fn as_taken<'t>(tag: Tag<'t>, ends: &BTreeSet<usize>, forget: impl FnOnce()) -> Tag<'t> {
    match tag {
        Tag::Start { at, .. } if ends.contains(&at) => {
            forget();
            Tag::End
        }
        tag => tag,
    }
}

/// Finds the paths of the elements whose start tags begin at some places, which are in order.
fn set_paths<'a>(
    elements: &[(KeptIndex, usize)],
    tags: impl Iterator<Item = Tag<'a>>,
    mut set_path: impl FnMut(KeptIndex, &str),
) {
    let (mut trail, mut left) = (Trail::new(), elements.iter().peekable());
    for tag in tags {
        match tag {
            Tag::Start { name, at } => {
                trail.enter(name);
                // None begins at a place that was passed.
                while left.next_if(|(_, element)| *element < at).is_some() {}
                while let Some((kept, _)) = left.next_if(|(_, element)| *element == at) {
                    set_path(*kept, trail.path());
                }
            }
            Tag::End => trail.leave(),
        }
        if left.peek().is_none() {
            break;
        }
    }
}

/// What is at a place of a document: the value of an attribute, a text, or a start tag.
pub(super) struct Located<'a> {
    /// The start tag of the element that it is of, and the element.
    pub(super) tag: Range<usize>,
    pub(super) whole: Range<usize>,
    pub(super) element: &'a str,
    pub(super) attribute: Option<&'a str>,
    pub(super) value: Range<usize>,
}

/// What begins at some places of a document.
pub(super) fn locate<'a>(text: &'a str, limits: &Limits, places: &[usize]) -> HashMap<usize, Located<'a>> {
    let wanted: HashSet<usize> = places.iter().copied().collect();
    let mut found = HashMap::new();
    let Ok(mut reader) = Reader::new(text.as_bytes(), limits) else { return found };
    let mut open: Vec<(&str, Range<usize>)> = Vec::new();
    loop {
        match reader.next(&mut |_| {}) {
            Token::Start { name, span, .. } => {
                let tag = span.0..span.1;
                let located = |attribute, value| Located {
                    tag: tag.clone(),
                    whole: tag.clone(),
                    element: name,
                    attribute,
                    value,
                };
                if wanted.contains(&tag.start) {
                    found.insert(tag.start, located(None, tag.clone()));
                }
                for attribute in reader.attributes().iter().filter(|it| wanted.contains(&it.value_at)) {
                    let value = attribute.value_at..attribute.value_at + attribute.value.len();
                    found.insert(attribute.value_at, located(Some(attribute.name), value));
                }
                open.push((name, tag));
            }
            Token::Text { run, at, .. } => {
                let value = trimmed(run.raw, at);
                if let Some((element, tag)) = open.last().filter(|_| wanted.contains(&value.start)) {
                    let (tag, whole) = (tag.clone(), tag.clone());
                    found.insert(value.start, Located { tag, whole, element, attribute: None, value });
                }
            }
            Token::End { span, .. } => {
                if let Some((_, tag)) = open.pop()
                    && let Some(located) = found.get_mut(&tag.start)
                {
                    located.whole.end = span.1;
                }
            }
            Token::Eof => return found,
        }
    }
}

/// The open elements, outermost first.
#[derive(Debug)]
pub(super) struct Trail<'a> {
    open: Vec<Step<'a>>,
    /// A stack of counters, one for each name among the children seen so far: first those of the document, then those of each
    /// open element. An element mostly has few different names, so its counters are searched one by one.
    counts: Vec<(Mark, &'a str, u32)>,
    /// For the document and each open element: its part of `counts`.
    siblings: Vec<Siblings<'a>>,
    /// The path of the outermost open elements, as far as one was asked for: those of later elements mostly begin so too.
    path: String,
    /// How many elements that is.
    written: usize,
}

#[derive(Debug)]
struct Step<'a> {
    name: &'a str,
    position: u32,
    /// Where it begins in the path, once that is written.
    start: usize,
}

/// Where the children of an element are counted.
#[derive(Debug, Default)]
struct Siblings<'a> {
    /// Where its counts begin.
    begin: usize,
    /// Counters of further names, in a table, so that the work stays linear.
    more: Option<HashMap<&'a str, u32>>,
}

/// Up to this many counters of one element are searched one by one.
const FEW: usize = 12;

impl<'a> Trail<'a> {
    pub(super) fn new() -> Trail<'a> {
        // Most documents need no more.
        const USUAL_DEPTH: usize = 16;
        let mut siblings = Vec::with_capacity(USUAL_DEPTH);
        siblings.push(Siblings::default());
        let (open, counts) = (Vec::with_capacity(USUAL_DEPTH), Vec::with_capacity(2 * USUAL_DEPTH));
        Trail { open, counts, siblings, path: String::with_capacity(8 * USUAL_DEPTH), written: 0 }
    }

    /// An element begins; `name` as written.
    #[inline]
    pub(super) fn enter(&mut self, name: &'a str) {
        let position = self.count(name);
        self.open.push(Step { name, position, start: 0 });
        self.siblings.push(Siblings { begin: self.counts.len(), more: None });
    }

    /// Counts one more child of the innermost element.
    #[inline]
    fn count(&mut self, name: &'a str) -> u32 {
        let Some(Siblings { begin, more }) = self.siblings.last_mut() else { return 1 };
        let mark = Mark::of(name.as_bytes());
        let is_same = |known: &(Mark, &str, u32)| known.0 == mark && (mark.is_whole() || known.1 == name);
        let known = self.counts.get_mut(*begin..).unwrap_or_default();
        let is_full = known.len() >= FEW;
        let count = match known.iter_mut().find(|known| is_same(known)) {
            Some((.., count)) => count,
            None if !is_full => {
                self.counts.push((mark, name, 1));
                return 1;
            }
            None => more.get_or_insert_default().entry(name).or_insert(0),
        };
        *count = count.saturating_add(1);
        *count
    }

    /// The innermost element ends.
    #[inline]
    pub(super) fn leave(&mut self) {
        let Some(step) = self.open.pop() else { return };
        if let Some(children) = self.siblings.pop() {
            self.counts.truncate(children.begin);
        }
        if self.written > self.open.len() {
            self.written = self.open.len();
            self.path.truncate(step.start);
        }
    }

    /// `/packet/migration/get_status[2]`: a position is shown from the second of a name on. Empty outside the root.
    pub(super) fn path(&mut self) -> &str {
        for step in self.open.iter_mut().skip(self.written) {
            step.start = self.path.len();
            self.path.push('/');
            push_shown(&mut self.path, step.name);
            if step.position > 1 {
                let _ = write!(self.path, "[{}]", step.position);
            }
        }
        self.written = self.open.len();
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_shown_from_the_second_on() {
        let mut trail = Trail::new();
        assert_eq!(trail.path(), "");
        trail.enter("packet");
        trail.enter("a");
        trail.leave();
        trail.enter("b");
        trail.leave();
        trail.enter("a");
        trail.enter("a");
        assert_eq!(trail.path(), "/packet/a[2]/a");
    }

    #[test]
    fn many_names_are_counted_as_few_are() {
        let names: Vec<String> = (0..100).map(|number| format!("n{number}")).collect();
        let mut trail = Trail::new();
        trail.enter("root");
        for _ in 0..3 {
            for name in &names {
                trail.enter(name);
                trail.leave();
            }
        }
        trail.enter("n99");
        assert_eq!(trail.path(), "/root/n99[4]");
        trail.leave();
        trail.enter("n0");
        assert_eq!(trail.path(), "/root/n0[4]");
    }
}
