//! Where in the document we are: the path of the open elements, with positions among siblings of one name.

use std::collections::HashMap;

use crate::diagnostic::words::shown;
use crate::xml::{Reader, Token};

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

    /// The path of the element around the innermost one.
    pub(super) fn parent_path(&self) -> String {
        path_of(self.open.split_last().map_or(&[], |(_, around)| around))
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

/// The paths of the elements whose start tags stand at some places, for the first few of them: found by reading the
/// document once more, since a path is only wanted where something turns out to be wrong when its element has ended.
pub(super) fn paths_of(tags: &[usize], mut reader: Reader<'_>, most: usize) -> Vec<String> {
    let mut wanted: HashMap<usize, String> = tags.iter().take(most).map(|tag| (*tag, String::new())).collect();
    let mut trail = Trail::new();
    loop {
        match reader.next(&mut |_| {}) {
            Token::Start { name, span, .. } => {
                trail.enter(name);
                if let Some(path) = wanted.get_mut(&span.0) {
                    *path = trail.path();
                }
            }
            Token::Text { .. } => {}
            Token::End { .. } => trail.leave(),
            Token::Eof => break,
        }
    }
    tags.iter().take(most).map(|tag| wanted.get(tag).cloned().unwrap_or_default()).collect()
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
