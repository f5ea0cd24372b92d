//! The paths of the command line, folders walked, in an order that is the same every time.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use packetcheck::{PacketKind, Syntax};
use walkdir::{DirEntry, WalkDir};

use crate::input::Source;
use crate::status::{Trouble, reason};

/// Something to check, or a place where something to check could not be found, and why.
pub(crate) type Found = Result<Source, (Source, String)>;

/// Standard input cannot be read twice.
pub(crate) fn only_one_stdin(paths: &[PathBuf]) -> Result<(), Trouble> {
    if paths.iter().filter(|path| Source::named(path) == Source::Stdin).count() > 1 {
        return Err(Trouble::Message("standard input can be read once only, found `-` more than once".to_owned()));
    }
    Ok(())
}

/// How the names of files end that are found in folders.
pub(crate) type Endings = &'static [&'static str];

/// Those of packets of a kind, or of every kind that is not written as plain text; and of captures of HTTP, which may be
/// around any.
pub(crate) fn endings(kind: Option<PacketKind>) -> Endings {
    match kind.map(PacketKind::syntax) {
        Some(Syntax::Xml) => &["xml", "http", "har"],
        Some(Syntax::Json) => &["json", "http", "har"],
        Some(Syntax::Query) => &["txt", "http", "har"],
        Some(Syntax::Head) => &["http", "har"],
        _ => &["xml", "json", "http", "har"],
    }
}

/// That of XML.
pub(crate) const XML: Endings = &["xml"];

/// What the paths stand for, one after the other: nothing is collected but the names within one folder.
///
/// A path that is no folder is given as it is, whatever it is called. In a folder all files whose names end so (`*.xml`)
/// are found, hidden ones too, sorted by name, folders within it included. Links to files are followed, links to folders
/// are not, so there is no way around in circles.
pub(crate) fn walk(paths: &[PathBuf], endings: Endings) -> impl Iterator<Item = Found> + '_ {
    paths.iter().flat_map(move |path| -> Box<dyn Iterator<Item = Found>> {
        match Source::named(path) {
            Source::File(path) if path.is_dir() => Box::new(Folder::new(path, endings)),
            source => Box::new(std::iter::once(Ok(source))),
        }
    })
}

struct Folder {
    path: PathBuf,
    endings: Endings,
    entries: walkdir::IntoIter,
    /// Nothing was found yet, neither a file nor trouble.
    barren: bool,
}

impl Folder {
    fn new(path: PathBuf, endings: Endings) -> Folder {
        Folder { entries: WalkDir::new(&path).sort_by_file_name().into_iter(), path, endings, barren: true }
    }
}

impl Iterator for Folder {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        for entry in self.entries.by_ref() {
            let found = match entry {
                Ok(entry) if is_named_so(&entry, self.endings) => match kind(&entry) {
                    EntryKind::File => Ok(Source::File(entry.into_path())),
                    EntryKind::Folder => continue,
                    EntryKind::Other => {
                        let why = "expected a file, found a pipe, a socket or a device".to_owned();
                        Err((Source::File(entry.into_path()), why))
                    }
                },
                Ok(_) => continue,
                Err(error) => Err(unreadable(&self.path, &error)),
            };
            self.barren = false;
            return Some(found);
        }
        if std::mem::take(&mut self.barren) {
            let names = match self.endings {
                [names @ .., last] if !names.is_empty() => format!("{} or *.{last}", names.join(", *.")),
                names => names.concat(),
            };
            return Some(Err((Source::File(self.path.clone()), format!("no file called *.{names} is in this folder"))));
        }
        None
    }
}

fn is_named_so(entry: &DirEntry, endings: Endings) -> bool {
    let is_one = |extension: &OsStr| endings.iter().any(|ending| extension.eq_ignore_ascii_case(ending));
    entry.path().extension().is_some_and(is_one)
}

/// What an entry of a folder is.
enum EntryKind {
    File,
    Folder,
    /// To open it may be to wait for ever.
    Other,
}

/// Of a link it is what it leads to. A link that leads nowhere is found here and fails when it is read.
fn kind(entry: &DirEntry) -> EntryKind {
    let file_type = match entry.path_is_symlink() {
        true => entry.path().metadata().map(|metadata| metadata.file_type()),
        false => Ok(entry.file_type()),
    };
    match file_type {
        Ok(kind) if kind.is_dir() => EntryKind::Folder,
        Ok(kind) if !kind.is_file() => EntryKind::Other,
        Ok(_) | Err(_) => EntryKind::File,
    }
}

fn unreadable(folder: &Path, error: &walkdir::Error) -> (Source, String) {
    let path = error.path().unwrap_or(folder).to_owned();
    let reason = error.io_error().map_or_else(|| error.to_string(), reason);
    (Source::File(path), reason)
}
