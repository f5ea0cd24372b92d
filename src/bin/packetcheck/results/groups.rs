//! Diagnostics that are the same in many places: drawn once, followed by the other places.

use std::collections::HashMap;

use packetcheck::diagnostic::Code;
use packetcheck::diagnostic::render::text::wrapped;

/// What the same diagnostics have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) code: Code,
    pub(super) is_error: bool,
    /// The path without positions.
    pub(super) path: String,
    /// The message without what was found.
    pub(super) message: String,
    /// The help without quotations.
    pub(super) help: String,
}

/// A diagnostic as it is shown.
pub(super) struct Drawn {
    pub(super) key: Key,
    /// `path:line:column`
    pub(super) place: String,
    pub(super) text: String,
}

struct Group {
    text: String,
    /// The places other than the first.
    others: Vec<String>,
}

/// All groups, in the order of their first places.
#[derive(Default)]
pub(super) struct Groups {
    known: HashMap<Key, usize>,
    groups: Vec<Group>,
}

/// How many other places are named if not all are.
const NAMED: usize = 3;

impl Groups {
    /// Adds a diagnostic, and returns whether it is kept. It is not if it differs from all others and there are already
    /// too many.
    pub(super) fn add(&mut self, drawn: Drawn, most: usize) -> bool {
        let Drawn { key, place, text } = drawn;
        if let Some(group) = self.known.get(&key).and_then(|at| self.groups.get_mut(*at)) {
            group.others.push(place);
            return true;
        }
        if self.groups.len() >= most {
            return false;
        }
        self.known.insert(key, self.groups.len());
        self.groups.push(Group { text, others: Vec::new() });
        true
    }

    /// All groups, drawn one after another.
    pub(super) fn drawn(&self, is_verbose: bool, width: Option<usize>) -> String {
        self.groups.iter().map(|group| group.drawn(is_verbose, width)).collect()
    }
}

impl Group {
    fn drawn(&self, is_verbose: bool, width: Option<usize>) -> String {
        let count = self.others.len();
        if count == 0 {
            return self.text.clone();
        }
        let named = if is_verbose { count } else { count.min(NAMED) };
        let mut places = self.others.get(..named).unwrap_or_default().join(", ");
        if named < count {
            places.push_str(", … (--verbose names all)");
        }
        let places = wrapped(&places, width.map_or(usize::MAX, |width| width.saturating_sub(INDENT.len())));
        let places = places.replace('\n', &format!("\n{INDENT}"));
        let what = if count == 1 { "place" } else { "places" };
        format!("{}\nthe same in {count} more {what}:\n{INDENT}{places}\n\n", self.text.trim_end_matches('\n'))
    }
}

const INDENT: &str = "  ";
