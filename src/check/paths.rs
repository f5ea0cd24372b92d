//! Where in a document an element is: its path, with positions among siblings of one name.
//!
//! Paths are for diagnostics alone. So nothing is kept for them while a document is walked: in the end it is read once
//! more, as far as the last element whose path is wanted.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::explanation::Explanation;
use crate::Limits;
use crate::diagnostic::Report;
use crate::diagnostic::words::shown;
use crate::text::white_space::trimmed;
use crate::xml::{Reader, Token};

impl Explanation<'_> {
    /// The report, each diagnostic with its path.
    pub(crate) fn report(&mut self, bytes: &[u8], limits: &Limits) -> Report {
        if self.is_empty() {
            return Report::default();
        }
        let wanted: HashSet<usize> = self.elements().collect();
        if !wanted.is_empty()
            && let Ok(reader) = Reader::new(bytes, limits)
        {
            let paths = paths_of(wanted, reader);
            self.set_paths(|element| paths.get(&element).cloned().unwrap_or_default());
        }
        self.finish()
    }
}

/// The paths of the elements whose start tags begin at some places.
fn paths_of(mut wanted: HashSet<usize>, mut reader: Reader<'_>) -> HashMap<usize, String> {
    let mut paths = HashMap::with_capacity(wanted.len());
    let mut trail = Trail::new();
    while !wanted.is_empty() {
        match reader.next(&mut |_| {}) {
            Token::Start { name, span, .. } => {
                trail.enter(name);
                if wanted.remove(&span.0) {
                    paths.insert(span.0, trail.path());
                }
            }
            Token::Text { .. } => {}
            Token::End { .. } => trail.leave(),
            Token::Eof => break,
        }
    }
    paths
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
#[derive(Debug, Default)]
pub(super) struct Trail<'a> {
    open: Vec<Step<'a>>,
    /// Counters of the children of the document and of each open element; one more than `open`.
    siblings: Vec<Siblings<'a>>,
}

#[derive(Debug)]
struct Step<'a> {
    name: &'a str,
    position: u32,
}

impl<'a> Trail<'a> {
    pub(super) fn new() -> Trail<'a> {
        Trail { open: Vec::new(), siblings: vec![Siblings::default()] }
    }

    /// An element begins; `name` as written.
    pub(super) fn enter(&mut self, name: &'a str) {
        let position = self.siblings.last_mut().map_or(1, |siblings| siblings.count(name));
        self.open.push(Step { name, position });
        self.siblings.push(Siblings::default());
    }

    /// The innermost element ends.
    pub(super) fn leave(&mut self) {
        if self.open.pop().is_some() {
            self.siblings.pop();
        }
    }

    /// `/packet/migration/get_status[2]`: a position is shown from the second of a name on. Empty outside the root.
    pub(super) fn path(&self) -> String {
        path_of(&self.open)
    }
}

fn path_of(open: &[Step<'_>]) -> String {
    let mut path = String::new();
    for step in open {
        path.push('/');
        path.push_str(&shown(step.name));
        if step.position > 1 {
            path.push_str(&format!("[{}]", step.position));
        }
    }
    path
}

/// How many children of each name there were.
///
/// Most elements have children of few names: those are looked through; beyond that a table keeps it linear.
#[derive(Debug, Default)]
struct Siblings<'a> {
    few: Vec<(&'a str, u32)>,
    many: HashMap<&'a str, u32>,
}

const FEW: usize = 12;

impl<'a> Siblings<'a> {
    fn count(&mut self, name: &'a str) -> u32 {
        let count = match self.few.iter_mut().position(|(known, _)| *known == name) {
            Some(index) => &mut self.few[index].1,
            None if self.few.len() < FEW => {
                self.few.push((name, 1));
                return 1;
            }
            None => self.many.entry(name).or_insert(0),
        };
        *count = count.saturating_add(1);
        *count
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
