//! Results as an HTML page: the codes that occurred, the verdict on each file, and the diagnostics by code, each with
//! its source.

mod drawn;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use packetcheck::diagnostic::Code;
use packetcheck::diagnostic::render::text::{Parts, Style, parts};
use packetcheck::diagnostic::render::visible;

use super::groups::Key;
use super::text::{Choices, key, tallied};
use super::{Checked, Tally, Verdict};
use crate::page::Page;
use packetcheck::diagnostic::render::markup;

const STYLE: &str = include_str!("style.css");

/// The number of columns of a source line that are shown; a browser wraps lines that do not fit.
const COLUMNS: usize = 160;

/// The most places of one diagnostic and the most files that are named: people have to read them.
const MOST: usize = 1000;

/// The result of a file.
pub(super) struct Piece {
    file: File,
    shown: Vec<Shown>,
    /// The number of diagnostics that were counted but are not shown.
    hidden: usize,
}

/// A row in the table of files.
struct File {
    verdict: Verdict,
    name: String,
    /// What it was checked against, or why it could not be read.
    basis: String,
    errors: usize,
    warnings: usize,
    codes: BTreeSet<Code>,
}

/// A diagnostic at a place.
struct Shown {
    key: Key,
    place: Place,
    message: String,
    parts: Parts,
}

struct Place {
    /// `path:line:column`
    text: String,
    /// A description of its place in decoded text.
    decoded: String,
}

impl Piece {
    pub(super) fn of(checked: &Checked<'_>) -> Piece {
        let style = Style::new(false).width(Some(COLUMNS));
        let (mut shown, mut hidden) = (Vec::new(), 0);
        for document in &checked.documents {
            let diagnostics = &document.report.diagnostics;
            let parts = parts(document.name, document.source, diagnostics, document.origin.styled(style));
            let places = document.diagnostics().into_iter().map(|diagnostic| diagnostic.place);
            for ((parts, place), diagnostic) in parts.into_iter().zip(places).zip(diagnostics) {
                let text = format!("{}:{}:{}", visible(document.name), place.line, place.column);
                let decoded = parts.place.strip_prefix(&text).unwrap_or_default().to_owned();
                let message = diagnostic.message.clone();
                shown.push(Shown { key: key(diagnostic), place: Place { text, decoded }, message, parts });
            }
            hidden += document.hidden();
        }
        let title = match checked.verdict {
            Verdict::Unreadable => checked.complaints.join("; "),
            _ => checked.title.clone(),
        };
        let path = visible(checked.path);
        let (name, basis) = match title.strip_prefix(&*path).or_else(|| title.strip_prefix(checked.path)) {
            Some(basis) => (path.into_owned(), basis.to_owned()),
            None => (title, String::new()),
        };
        let codes = shown.iter().map(|shown| shown.key.code).collect();
        let Checked { verdict, errors, warnings, .. } = *checked;
        Piece { file: File { verdict, name, basis, errors, warnings, codes }, shown, hidden }
    }
}

/// One diagnostic in one or more places.
struct Group {
    is_error: bool,
    message: String,
    parts: Parts,
    places: Vec<Place>,
    /// The number of further places that are not named.
    more: usize,
}

impl Group {
    fn count(&self) -> usize {
        self.places.len() + self.more
    }
}

/// The data kept from earlier files.
pub(super) struct Html {
    choices: Choices,
    files: Vec<File>,
    /// The number of files that are not shown, not counting valid ones without warnings.
    more_files: usize,
    groups: BTreeMap<Code, Vec<Group>>,
    /// The index of a diagnostic among those with its code.
    known: HashMap<Key, usize>,
    shown: usize,
    /// The number of diagnostics that are not shown.
    hidden: usize,
}

impl Html {
    pub(super) fn new(choices: Choices) -> Html {
        let (files, groups, known) = (Vec::new(), BTreeMap::new(), HashMap::new());
        Html { choices, files, more_files: 0, groups, known, shown: 0, hidden: 0 }
    }

    pub(super) fn add(&mut self, piece: Piece) {
        let Piece { file, shown, hidden } = piece;
        let is_spotless = file.verdict == Verdict::Valid && file.warnings == 0;
        if !is_spotless || self.choices.is_verbose {
            match self.files.len() < MOST {
                true => self.files.push(file),
                false => self.more_files += 1,
            }
        }
        self.hidden += hidden;
        shown.into_iter().for_each(|shown| self.add_shown(shown));
    }

    fn add_shown(&mut self, shown: Shown) {
        let Shown { key, place, message, parts } = shown;
        let known = self.known.get(&key).filter(|_| self.choices.is_grouped);
        let group = known.and_then(|at| self.groups.get_mut(&key.code)?.get_mut(*at));
        if let Some(group) = group {
            match group.places.len() < MOST {
                true => group.places.push(place),
                false => group.more += 1,
            }
        } else if self.shown >= self.choices.most {
            self.hidden += 1;
        } else {
            let groups = self.groups.entry(key.code).or_default();
            groups.push(Group { is_error: key.is_error, message, parts, places: vec![place], more: 0 });
            self.known.insert(key, groups.len() - 1);
            self.shown += 1;
        }
    }

    /// The page.
    pub(super) fn finish(self, tally: &Tally) -> String {
        let summary = tallied(self.choices.what, tally);
        let first =
            if self.groups.is_empty() { ("files", "To the files") } else { ("diagnostics", "To the diagnostics") };
        Page {
            title: &summary,
            heading: "Check",
            summary: &format!("{}. By packetcheck {}.", markup(&summary), env!("CARGO_PKG_VERSION")),
            skip: first,
            style: STYLE,
            main: &[drawn::codes(&self.groups), drawn::files(&self), drawn::diagnostics(&self)].concat(),
        }
        .draw()
    }
}
