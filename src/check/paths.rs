//! Paths of elements in a document, with positions among siblings of the same name.
//!
//! Only diagnostics need paths, so nothing is kept for them during the walk. Afterwards the document is read once more,
//! up to the last element whose path is needed.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::num::NonZeroU32;
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

    /// Sets the path of each diagnostic from the start tag of its element. The elements are in document order.
    fn set_paths(&mut self, elements: &[(KeptIndex, usize)], bytes: &[u8], limits: &Limits) {
        let Explanation { kept, ends, reader, .. } = self;
        // The recovering reader was not needed: the lexers have accepted everything up to the last of the elements.
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

/// The tag as the walk read it. If the walk took a start tag for an end tag, `forget` tells the tag reader so.
fn as_taken<'t>(tag: Tag<'t>, ends: &BTreeSet<usize>, forget: impl FnOnce()) -> Tag<'t> {
    match tag {
        Tag::Start { at, .. } if ends.contains(&at) => {
            forget();
            Tag::End
        }
        tag => tag,
    }
}

/// Finds the paths of the elements whose start tags begin at some offsets, which are sorted.
fn set_paths<'a>(
    elements: &[(KeptIndex, usize)],
    tags: impl Iterator<Item = Tag<'a>>,
    mut set_path: impl FnMut(KeptIndex, &str),
) {
    let (mut trail, mut left) = (Trail::new(), elements.iter().peekable());
    for tag in tags {
        match tag {
            Tag::Start { name, at } => {
                trail.enter(name, at);
                // Drop offsets that were passed: no element begins there.
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

/// What is at an offset in a document: the value of an attribute, a text, or a start tag.
pub(super) struct Located<'a> {
    /// The start tag of the element that it belongs to, and the whole element.
    pub(super) tag: Range<usize>,
    pub(super) whole: Range<usize>,
    pub(super) element: &'a str,
    pub(super) attribute: Option<&'a str>,
    pub(super) value: Range<usize>,
}

/// Finds what begins at some offsets in a document.
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

/// The open elements, outermost first. It borrows nothing, so it can outlive the text that it was made from.
#[derive(Debug, Default)]
pub(super) struct Trail {
    open: Vec<Step>,
    /// The names of the open elements, and the names of their children that do not fit in a mark.
    names: String,
    /// A stack of counters, one for each name among the children seen so far: first those of the document, then those
    /// of each open element. An element usually has few different names, so its counters are searched linearly.
    counts: Vec<Count>,
    /// For the document and each open element, its part of `counts`.
    siblings: Vec<Siblings>,
    /// The path of the outermost open elements, as far as it was needed: the paths of later elements usually begin the
    /// same.
    path: String,
    /// The number of elements in `path`.
    written: usize,
}

#[derive(Debug)]
struct Step {
    /// The range of its name in `Trail::names`; what follows belongs to its content.
    name: Range<usize>,
    position: u32,
    /// The offset of its start tag.
    tag: usize,
    /// The offset of its step in the path, once that is written.
    start: usize,
    /// Its path among the kept ones, if it was kept.
    kept: Option<KeptPath>,
}

/// Kept paths, which share their steps.
#[derive(Debug, Default)]
pub(super) struct Paths {
    steps: Vec<KeptStep>,
    names: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

/// A step, and the step before it.
#[derive(Debug, Clone, Copy)]
struct KeptStep {
    before: Option<KeptPath>,
    name: u32,
    position: u32,
}

/// A kept path.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeptPath(NonZeroU32);

impl Paths {
    /// The number of a name; each name is stored once.
    pub(super) fn number(&mut self, name: &str) -> u32 {
        match self.numbers.get(name) {
            Some(number) => *number,
            None => {
                let number = self.names.len() as u32;
                self.names.push(name.into());
                *self.numbers.entry(name.into()).or_insert(number)
            }
        }
    }

    /// The name with this number.
    pub(super) fn numbered(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", |name| name)
    }

    fn add(&mut self, before: Option<KeptPath>, name: &str, position: u32) -> Option<KeptPath> {
        let name = self.number(name);
        self.steps.push(KeptStep { before, name, position });
        u32::try_from(self.steps.len()).ok().and_then(NonZeroU32::new).map(KeptPath)
    }

    fn step(&self, KeptPath(number): KeptPath) -> Option<&KeptStep> {
        self.steps.get(number.get() as usize - 1)
    }

    /// The name of the last element of a path.
    pub(super) fn name(&self, path: KeptPath) -> &str {
        self.step(path).map_or("", |step| self.numbered(step.name))
    }

    /// A path as it is displayed.
    pub(super) fn shown(&self, path: KeptPath) -> String {
        let steps = std::iter::successors(self.step(path), |step| self.step(step.before?));
        let steps: Vec<_> = steps.collect();
        let mut shown = String::new();
        for step in steps.iter().rev() {
            push_step(&mut shown, self.numbered(step.name), step.position);
        }
        shown
    }
}

/// The number of children with a name so far.
#[derive(Debug)]
struct Count {
    mark: Mark,
    /// The range of the name in `Trail::names`, if it does not fit in the mark.
    name: Range<usize>,
    count: u32,
}

/// Where the children of an element are counted.
#[derive(Debug, Default)]
struct Siblings {
    /// The index of its first counter.
    begin: usize,
    /// The counters of further names, in a table, so that the work stays linear.
    more: Option<HashMap<Box<str>, u32>>,
}

/// Up to this many counters of one element are searched linearly.
const FEW: usize = 12;

impl Trail {
    pub(super) fn new() -> Trail {
        // Deep enough for most documents.
        const USUAL_DEPTH: usize = 16;
        let mut siblings = Vec::with_capacity(USUAL_DEPTH);
        siblings.push(Siblings::default());
        Trail {
            open: Vec::with_capacity(USUAL_DEPTH),
            names: String::with_capacity(8 * USUAL_DEPTH),
            counts: Vec::with_capacity(2 * USUAL_DEPTH),
            siblings,
            path: String::with_capacity(8 * USUAL_DEPTH),
            written: 0,
        }
    }

    /// Enters an element with the name as written and the start tag `tag`, and returns its position among the siblings
    /// with the same name.
    #[inline]
    pub(super) fn enter(&mut self, name: &str, tag: usize) -> u32 {
        let position = self.count(name);
        let begin = self.names.len();
        self.names.push_str(name);
        self.open.push(Step { name: begin..self.names.len(), position, tag, start: 0, kept: None });
        self.siblings.push(Siblings { begin: self.counts.len(), more: None });
        position
    }

    /// Counts one more child of the innermost element, and returns its position among those with the same name.
    #[inline]
    pub(super) fn count(&mut self, name: &str) -> u32 {
        let Some(Siblings { begin, more }) = self.siblings.last_mut() else { return 1 };
        let mark = Mark::of(name.as_bytes());
        let names = &mut self.names;
        let is_same =
            |known: &Count| known.mark == mark && (mark.is_whole() || names.get(known.name.clone()) == Some(name));
        let known = self.counts.get_mut(*begin..).unwrap_or_default();
        let is_full = known.len() >= FEW;
        let count = match known.iter_mut().find(|known| is_same(known)) {
            Some(known) => &mut known.count,
            None if !is_full => {
                let start = names.len();
                if !mark.is_whole() {
                    names.push_str(name);
                }
                self.counts.push(Count { mark, name: start..names.len(), count: 1 });
                return 1;
            }
            None => {
                let more = more.get_or_insert_default();
                match more.get_mut(name) {
                    Some(count) => count,
                    None => more.entry(name.into()).or_insert(0),
                }
            }
        };
        *count = count.saturating_add(1);
        *count
    }

    /// Leaves the innermost element.
    #[inline]
    pub(super) fn leave(&mut self) {
        let Some(step) = self.open.pop() else { return };
        self.names.truncate(step.name.start);
        if let Some(children) = self.siblings.pop() {
            self.counts.truncate(children.begin);
        }
        if self.written > self.open.len() {
            self.written = self.open.len();
            self.path.truncate(step.start);
        }
    }

    /// A path such as `/packet/migration/get_status[2]`; positions are shown from 2 on. It is empty outside the root.
    pub(super) fn path(&mut self) -> &str {
        for step in self.open.iter_mut().skip(self.written) {
            step.start = self.path.len();
            push_step(&mut self.path, self.names.get(step.name.clone()).unwrap_or_default(), step.position);
        }
        self.written = self.open.len();
        &self.path
    }

    /// The path of the open element with this start tag, if there is one.
    pub(super) fn path_of(&mut self, tag: usize) -> Option<&str> {
        let index = self.open.iter().rposition(|step| step.tag == tag)?;
        Some(self.path_down_to(index + 1))
    }

    /// The path of the outermost `depth` open elements.
    fn path_down_to(&mut self, depth: usize) -> &str {
        self.path();
        let end = self.open.get(depth).map_or(self.path.len(), |step| step.start);
        self.path.get(..end).unwrap_or_default()
    }

    /// The path of a child, with this name and position, of the open element at this depth.
    pub(super) fn path_of_child(&mut self, depth: usize, name: &str, position: u32) -> String {
        let mut path = self.path_down_to(depth).to_owned();
        push_step(&mut path, name, position);
        path
    }

    /// Keeps the path of the innermost open element.
    pub(super) fn keep(&mut self, paths: &mut Paths) -> Option<KeptPath> {
        let first = self.open.iter().rposition(|step| step.kept.is_some()).map_or(0, |last| last + 1);
        let mut before = first.checked_sub(1).and_then(|last| self.open.get(last)?.kept);
        for step in self.open.iter_mut().skip(first) {
            before = paths.add(before, self.names.get(step.name.clone()).unwrap_or_default(), step.position);
            step.kept = before;
        }
        before
    }

    /// Calls a function with the offset of each start tag.
    pub(super) fn each_tag(&mut self, call: &mut dyn FnMut(&mut usize)) {
        self.open.iter_mut().for_each(|step| call(&mut step.tag));
    }
}

fn push_step(path: &mut String, name: &str, position: u32) {
    path.push('/');
    push_shown(path, name);
    if position > 1 {
        let _ = write!(path, "[{position}]");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_shown_from_the_second_on() {
        let mut trail = Trail::new();
        assert_eq!(trail.path(), "");
        trail.enter("packet", 0);
        trail.enter("a", 0);
        trail.leave();
        trail.enter("b", 0);
        trail.leave();
        trail.enter("a", 0);
        trail.enter("a", 0);
        assert_eq!(trail.path(), "/packet/a[2]/a");
    }

    #[test]
    fn many_names_are_counted_as_few_are() {
        let names: Vec<String> = (0..100).map(|number| format!("n{number}")).collect();
        let mut trail = Trail::new();
        trail.enter("root", 0);
        for _ in 0..3 {
            for name in &names {
                trail.enter(name, 0);
                trail.leave();
            }
        }
        trail.enter("n99", 0);
        assert_eq!(trail.path(), "/root/n99[4]");
        trail.leave();
        trail.enter("n0", 0);
        assert_eq!(trail.path(), "/root/n0[4]");
    }
}
