//! The paths on the command line, and folders walked in an order that is always the same.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, Walk, WalkBuilder};
use packetcheck::{PacketKind, Syntax};
use xxhash_rust::xxh3::xxh3_64;

use super::Source;
use crate::status::{Trouble, reason};

/// Something to check, or a place where nothing can be checked.
pub(crate) type Found = Result<Item, (Source, NotChecked)>;

/// Something to check.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) source: Source,
    /// How certainly it is meant to be checked.
    pub(crate) claim: Claim,
}

/// Why something is considered a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It was named on the command line.
    Named,
    /// It is in a folder or an archive, and has the name of a packet.
    Called,
    /// It is in a folder or an archive, and its content decides whether it is checked.
    Content,
}

/// Why something is not checked.
#[derive(Debug, Clone)]
pub(crate) enum NotChecked {
    /// It cannot be checked, for this reason.
    Unreadable(String),
    /// It is not meant to be checked, for this reason.
    Skipped(&'static str),
}

/// What is walked in folders.
#[derive(Debug, Clone)]
pub(crate) struct Walked {
    /// The extensions of the names of packets.
    pub(crate) endings: Endings,
    /// Whether files with other names are examined too.
    pub(crate) others: bool,
    /// Whether hidden files and folders are included.
    pub(crate) hidden: bool,
    /// Whether files that `.gitignore` and `.ignore` name are included.
    pub(crate) ignored: bool,
    /// `--glob`, and `--exclude` as `!` with a glob, relative to the current folder.
    pub(crate) globs: Vec<String>,
    /// What the configuration excludes, relative to its folder.
    pub(crate) excluded: Override,
}

impl Walked {
    /// All files with these extensions.
    pub(crate) fn called(endings: Endings) -> Walked {
        Walked { endings, others: false, hidden: true, ignored: true, globs: Vec::new(), excluded: Override::empty() }
    }
}

/// Standard input cannot be read twice.
pub(crate) fn only_one_stdin(paths: &[PathBuf]) -> Result<(), Trouble> {
    if paths.iter().filter(|path| Source::named(path).is_stdin()).count() > 1 {
        return Err(Trouble::Message("standard input can only be read once, found `-` more than once".to_owned()));
    }
    Ok(())
}

/// The file name extensions of packets.
pub(crate) type Endings = &'static [&'static str];

/// The extensions of packets of a kind, or of every kind that is not written as plain text, and of HTTP captures, which
/// can contain any kind.
pub(crate) fn endings(kind: Option<PacketKind>) -> Endings {
    match kind.map(PacketKind::syntax) {
        Some(Syntax::Xml) => &["xml", "http", "har"],
        Some(Syntax::Json) => &["json", "http", "har"],
        Some(Syntax::Query) => &["txt", "http", "har"],
        Some(Syntax::Head) => &["http", "har"],
        _ => &["xml", "json", "http", "har"],
    }
}

/// The extension of XML files.
pub(crate) const XML: Endings = &["xml"];

/// The extensions of compressed files and archives, which are opened.
const PACKED: Endings = &["gz", "tgz", "zst", "xz", "bz2", "tar", "zip"];

/// Whether a file has the name of a compressed file or an archive.
pub(crate) fn is_packed_name(path: &Path) -> bool {
    is_called(path, PACKED)
}

/// Whether a file name has one of these extensions.
pub(crate) fn is_called(path: &Path, endings: Endings) -> bool {
    path.extension().is_some_and(|extension| endings.iter().any(|ending| extension.eq_ignore_ascii_case(ending)))
}

/// The files that the paths name, one after another. Only the names within one folder are collected at a time.
///
/// A path that is not a folder is returned as it is, whatever its name. Folders are walked with those within them, sorted by
/// name. Links to files are followed, links to folders are not, so there are no cycles.
pub(crate) fn walk<'w>(
    paths: impl Iterator<Item = PathBuf> + 'w,
    walked: &'w Walked,
) -> impl Iterator<Item = Found> + 'w {
    paths.flat_map(move |path| -> Box<dyn Iterator<Item = Found> + 'w> {
        match Source::named(&path) {
            Source::File(path) if path.is_dir() => match Folder::new(path.clone(), walked) {
                Ok(folder) => Box::new(folder),
                Err(error) => Box::new(std::iter::once(Err((Source::File(path), NotChecked::Unreadable(error))))),
            },
            source => Box::new(std::iter::once(Ok(Item { source, claim: Claim::Named }))),
        }
    })
}

/// The globs for the paths in a folder, with the prefix that the folder's own path has.
fn overrides(folder: &Path, globs: &[String]) -> Result<Override, ignore::Error> {
    let here = if folder.is_absolute() { std::env::current_dir().ok() } else { None };
    let mut builder = OverrideBuilder::new(here.as_deref().unwrap_or(Path::new(".")));
    for glob in globs {
        builder.add(glob)?;
    }
    builder.build()
}

/// Reports an invalid glob before anything is walked.
pub(crate) fn check_globs(globs: &[String]) -> Result<(), Trouble> {
    overrides(Path::new("."), globs).map(|_| ()).map_err(|error| Trouble::Message(error.to_string()))
}

/// Whether an entry of a folder is walked. The given folder itself always is, whatever its name.
fn not_excluded(folder: &Path, excluded: Override) -> impl Fn(&DirEntry) -> bool + Send + Sync + 'static {
    // The paths that the globs are compared with contain no links and no `..`.
    let place = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let folder = folder.to_owned();
    move |entry| {
        let Ok(inside) = entry.path().strip_prefix(&folder) else { return true };
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        entry.depth() == 0 || !excluded.matched(place.join(inside), is_folder).is_ignore()
    }
}

struct Folder<'w> {
    path: PathBuf,
    walked: &'w Walked,
    entries: Walk,
    /// The open folders, the outermost first.
    open: Vec<Open>,
    ready: VecDeque<Found>,
    /// Whether nothing was found yet, neither a file nor a problem.
    barren: bool,
}

/// A folder that is walked. If fewer entries are found than it has, the others were ignored.
struct Open {
    path: PathBuf,
    entries: usize,
    /// The hashes of the names that were found: there can be very many.
    found: Vec<u64>,
}

impl Open {
    fn new(path: &Path) -> Option<Open> {
        let entries = std::fs::read_dir(path).ok()?.count();
        // Without a separator at its end, as in the paths of its entries.
        Some(Open { path: path.components().as_path().to_owned(), entries, found: Vec::new() })
    }

    /// The entries that were not found, sorted by name.
    fn left_out(mut self) -> Vec<PathBuf> {
        if self.found.len() >= self.entries {
            return Vec::new();
        }
        self.found.sort_unstable();
        let names = std::fs::read_dir(&self.path).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let mut names: Vec<OsString> = names.filter(|name| self.found.binary_search(&hash_of(name)).is_err()).collect();
        names.sort_unstable();
        names.into_iter().map(|name| self.path.join(name)).collect()
    }
}

fn hash_of(name: &OsStr) -> u64 {
    xxh3_64(name.as_encoded_bytes())
}

impl<'w> Folder<'w> {
    fn new(path: PathBuf, walked: &'w Walked) -> Result<Folder<'w>, String> {
        let mut builder = WalkBuilder::new(&path);
        builder
            // Comparing whole paths is enough, since all entries are in one folder; extracting their names would take
            // longer than everything else.
            .sort_by_file_path(|one, other| one.as_os_str().cmp(other.as_os_str()))
            .hidden(!walked.hidden)
            // An ignore file above the named folder could ignore that folder.
            .parents(false)
            .require_git(false)
            .ignore(!walked.ignored)
            .git_ignore(!walked.ignored)
            .git_global(!walked.ignored)
            .git_exclude(!walked.ignored)
            .overrides(overrides(&path, &walked.globs).map_err(|error| error.to_string())?);
        if !walked.excluded.is_empty() {
            builder.filter_entry(not_excluded(&path, walked.excluded.clone()));
        }
        let (open, ready) = (Vec::new(), VecDeque::new());
        Ok(Folder { entries: builder.build(), path, walked, open, ready, barren: true })
    }

    /// Leaves the folders that do not contain a path. Entries that were not walked in them are reported as ignored.
    fn leave(&mut self, path: Option<&Path>) {
        // Compared as text, because comparing paths takes longer, and these are formed in the same way.
        let parent = path.and_then(Path::parent).map(Path::as_os_str);
        while let Some(open) = self.open.pop_if(|open| parent != Some(open.path.as_os_str())) {
            let skipped = |path: PathBuf| {
                Err((Source::File(path), NotChecked::Skipped("hidden, or ignored by a file or a glob")))
            };
            self.ready.extend(open.left_out().into_iter().map(skipped));
        }
    }

    fn enter(&mut self, path: &Path) {
        // Entries that were not walked are looked for only if something can be ignored.
        let Walked { hidden, ignored, globs, excluded, .. } = self.walked;
        let has_rules = !hidden || !ignored || !globs.is_empty() || !excluded.is_empty();
        if has_rules && self.walked.others {
            self.open.extend(Open::new(path));
        }
    }

    fn add(&mut self, entry: DirEntry) {
        let path = entry.path();
        self.leave(Some(path));
        if let (Some(open), Some(name)) = (self.open.last_mut(), path.file_name()) {
            open.found.push(hash_of(name));
        }
        let found = match kind(&entry) {
            EntryKind::Folder { is_link: false } => return self.enter(path),
            EntryKind::Folder { is_link: true } => return,
            EntryKind::Other if !is_called(path, self.walked.endings) => return,
            EntryKind::Other => {
                Err(NotChecked::Unreadable("expected a file, found a pipe, a socket or a device".to_owned()))
            }
            EntryKind::File if is_called(path, self.walked.endings) => Ok(Claim::Called),
            EntryKind::File if !self.walked.others => return,
            EntryKind::File if is_called(path, PACKED) => Ok(Claim::Called),
            EntryKind::File => Ok(Claim::Content),
        };
        let source = Source::File(entry.into_path());
        self.ready.push_back(match found {
            Ok(claim) => Ok(Item { source, claim }),
            Err(why) => Err((source, why)),
        });
    }
}

impl Iterator for Folder<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.ready.pop_front() {
                self.barren &= matches!(found, Err((_, NotChecked::Skipped(_))));
                return Some(found);
            }
            match self.entries.next() {
                Some(Ok(entry)) => self.add(entry),
                Some(Err(error)) => self.ready.push_back(Err(unreadable(&self.path, &error))),
                None => {
                    self.leave(None);
                    if self.ready.is_empty() {
                        let why =
                            if self.walked.others { "nothing to check".to_owned() } else { names(self.walked.endings) };
                        let why = format!("{why} is in this folder");
                        let none = (Source::File(self.path.clone()), NotChecked::Unreadable(why));
                        return std::mem::take(&mut self.barren).then_some(Err(none));
                    }
                }
            }
        }
    }
}

/// `no file named *.xml or *.json`
fn names(endings: Endings) -> String {
    let names = match endings {
        [names @ .., last] if !names.is_empty() => format!("{} or *.{last}", names.join(", *.")),
        names => names.concat(),
    };
    format!("no file named *.{names}")
}

/// The type of an entry of a folder.
enum EntryKind {
    File,
    Folder {
        is_link: bool,
    },
    /// Opening it may block forever.
    Other,
}

/// For a link, the type of its target. A broken link is found here, and fails when it is read.
fn kind(entry: &DirEntry) -> EntryKind {
    let is_link = entry.path_is_symlink() && entry.depth() > 0;
    let file_type = match is_link {
        true => entry.path().metadata().ok().map(|metadata| metadata.file_type()),
        false => entry.file_type(),
    };
    match file_type {
        Some(kind) if kind.is_dir() => EntryKind::Folder { is_link },
        Some(kind) if !kind.is_file() => EntryKind::Other,
        Some(_) | None => EntryKind::File,
    }
}

fn unreadable(folder: &Path, error: &ignore::Error) -> (Source, NotChecked) {
    let path = path_of(error).unwrap_or(folder).to_owned();
    let why = error.io_error().map_or_else(|| error.to_string(), reason);
    (Source::File(path), NotChecked::Unreadable(why))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}
