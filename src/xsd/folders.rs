//! The schema documents in the permitted folders, by file name, which are used for network locations.
//!
//! The plain version takes, of the files with the last name in the location, the one with the wanted target namespace.
//! If there are several, it takes the one whose path agrees with the location in the most names, counted from the end.
//! If there are still several, it takes the first in the nearest folder, with a warning if another one differs. Folders
//! are walked once, breadth first, when the first such location is looked up. Only regular files are ever opened, and
//! links to folders are not followed.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};

use super::document::read_file;
use super::locate::decoded;
use crate::Limits;
use crate::xml::{Reader, Token, attribute_value};

/// The most folder entries that are examined.
const ENTRIES: usize = 200_000;

#[derive(Debug, Default)]
pub(super) struct Folders {
    /// Canonical paths, none within another.
    roots: Vec<PathBuf>,
    by_name: OnceCell<HashMap<String, Vec<PathBuf>>>,
    /// The target namespaces of the files that were examined; `None` for a file that is not a schema document.
    namespaces: RefCell<HashMap<PathBuf, Option<String>>>,
    rival: RefCell<Option<(PathBuf, PathBuf)>>,
}

impl Folders {
    pub(super) fn new(roots: &[PathBuf]) -> Folders {
        Folders { roots: roots.to_vec(), ..Folders::default() }
    }

    /// A file for a network location that has one of the namespaces (an empty one means no target namespace).
    pub(super) fn find(&self, location: &str, namespaces: &[&str]) -> Option<PathBuf> {
        let wanted = path_of_url(location);
        let name = wanted.file_name()?.to_str()?;
        let by_name = self.by_name.get_or_init(|| index(&self.roots));
        // Servers often omit the extension.
        let files = by_name.get(name).or_else(|| by_name.get(&format!("{name}.xsd")))?;
        let fits =
            |path: &&PathBuf| self.target_namespace(path).is_some_and(|found| namespaces.contains(&found.as_str()));
        let agreement = |path: &Path| {
            path.components().rev().zip(wanted.components().rev()).take_while(|(one, other)| one == other).count()
        };
        let fitting: Vec<&PathBuf> = files.iter().filter(fits).collect();
        let most = fitting.iter().map(|path| agreement(path)).max()?;
        let mut best = fitting.into_iter().filter(|path| agreement(path) == most);
        let (first, mut others) = (best.next()?, best);
        let text = |path: &Path| read_file(path).ok().map(|text| text.text);
        let other = others.find(|other| text(first) != text(other));
        *self.rival.borrow_mut() = other.map(|other| (first.clone(), other.clone()));
        Some(first.clone())
    }

    /// The file that was found last, and another one that matches equally well but has different content.
    pub(super) fn take_rival(&self) -> Option<(PathBuf, PathBuf)> {
        self.rival.borrow_mut().take()
    }

    fn target_namespace(&self, path: &Path) -> Option<String> {
        if let Some(known) = self.namespaces.borrow().get(path) {
            return known.clone();
        }
        let found = read_file(path).ok().and_then(|text| target_namespace(&text.text));
        self.namespaces.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }
}

/// The `targetNamespace` of a schema document, empty if it has none.
pub(super) fn target_namespace(text: &str) -> Option<String> {
    let limits = Limits { allow_doctype: true, ..Limits::default() };
    let mut reader = Reader::new(text.as_bytes(), &limits).ok()?;
    loop {
        match reader.next(&mut |_| {}) {
            Token::Start { .. } => {
                let own = |name: &str| {
                    let mut attributes = reader.attributes().iter();
                    attributes.find(|attribute| attribute.prefix().is_empty() && attribute.local_name() == name)
                };
                return Some(
                    own("targetNamespace")
                        .map_or_else(String::new, |attribute| attribute_value(attribute.value).into_owned()),
                );
            }
            Token::Eof => return None,
            Token::End { .. } | Token::Text { .. } => {}
        }
    }
}

/// The path of a URL, without its query and fragment.
fn path_of_url(location: &str) -> PathBuf {
    let rest = location.split_once(':').map_or(location, |(_, rest)| rest);
    let rest = rest.split_once('?').map_or(rest, |(path, _)| path);
    PathBuf::from(decoded(rest))
}

/// All `*.xsd` files below the folders, by name, the nearest first.
fn index(roots: &[PathBuf]) -> HashMap<String, Vec<PathBuf>> {
    let mut by_name: HashMap<String, Vec<PathBuf>> = HashMap::new();
    let mut seen: HashSet<PathBuf> = roots.iter().cloned().collect();
    let mut waiting: VecDeque<PathBuf> = roots.iter().cloned().collect();
    let mut looked_at = 0;
    while let Some(folder) = waiting.pop_front() {
        // A folder that cannot be read is skipped.
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in entries.flatten() {
            looked_at += 1;
            if looked_at > ENTRIES {
                return by_name;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => {
                    let path = entry.path();
                    if seen.insert(path.clone()) {
                        waiting.push_back(path);
                    }
                }
                Ok(_) if is_schema(&entry.path()) => paths.push(entry.path()),
                _ => {}
            }
        }
        paths.sort();
        for path in paths {
            if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
                by_name.entry(name.to_owned()).or_default().push(path);
            }
        }
    }
    by_name
}

fn is_schema(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xsd"))
}
