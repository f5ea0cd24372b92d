//! The files of a schema: where a location leads, asked once for each that a folder's documents name.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::document::{Text, Unread, read_file};
use super::folders::target_namespace;
use super::locate::{Locator, Wanted, local_path, normalized};
use super::missing::Refusal;
use crate::compiled::NamespaceId;

/// Where documents are looked up.
pub(super) enum From<'s> {
    Files(Box<Locator>),
    Memory(InMemory<'s>),
}

/// A document in a file or in memory, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FileId(u32);

struct File {
    /// Its canonical path, or its name in memory.
    identity: PathBuf,
    /// As it is shown to the user.
    path: String,
    text: Text,
    folder: u32,
    /// For how many namespaces it is read.
    readers: u32,
}

/// What asking for a location comes to.
pub(super) enum Found {
    File(FileId),
    /// It is not there.
    Absent(Refusal),
    /// It is there and cannot be read.
    Unreadable(String),
    /// It could be read, and its encoding is not known; the path as the user would write it.
    Undecoded {
        path: String,
        reason: String,
    },
    /// It was asked for before, and was one of the two.
    Told,
}

/// What a location depends on besides its text: the folder of the document, what for, and the namespace.
type Context = (u32, bool, NamespaceId);

pub(super) struct Files<'s> {
    pub(super) source: From<'s>,
    files: Vec<File>,
    by_identity: HashMap<PathBuf, FileId>,
    folders: HashMap<PathBuf, u32>,
    /// `None` where a location leads to nothing.
    located: HashMap<Context, HashMap<Box<str>, Option<FileId>>>,
}

impl<'s> Files<'s> {
    pub(super) fn new(source: From<'s>) -> Files<'s> {
        let (by_identity, folders) = (HashMap::new(), HashMap::new());
        Files { source, files: Vec::new(), by_identity, folders, located: HashMap::new() }
    }

    /// Makes a document known; one that is known stays as it is.
    pub(super) fn add(&mut self, identity: PathBuf, path: String, text: Text) -> FileId {
        if let Some(known) = self.by_identity.get(&identity) {
            return *known;
        }
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let next = u32::try_from(self.folders.len()).unwrap_or(u32::MAX);
        let folder = *self.folders.entry(identity.parent().unwrap_or(Path::new("")).to_owned()).or_insert(next);
        self.by_identity.insert(identity.clone(), id);
        self.files.push(File { identity, path, text, folder, readers: 0 });
        id
    }

    pub(super) fn text(&self, id: FileId) -> Text {
        self.file(id).map_or_else(|| Text::of(""), |file| file.text.clone())
    }

    pub(super) fn path(&self, id: FileId) -> &str {
        self.file(id).map_or("", |file| &file.path)
    }

    /// Notes that a file is read for one more namespace: how many bytes that repeats.
    pub(super) fn add_reader(&mut self, id: FileId) -> usize {
        let Some(file) = self.files.get_mut(id.0 as usize) else { return 0 };
        file.readers += 1;
        if file.readers > 1 { file.text.text.len() } else { 0 }
    }

    fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(id.0 as usize)
    }

    /// The file that a location in a document leads to. `uri` is the namespace of an import, or the one that a document
    /// is included into.
    pub(super) fn locate(
        &mut self,
        location: &str,
        from: FileId,
        is_import: bool,
        (namespace, uri): (NamespaceId, &str),
    ) -> Found {
        let context = (self.file(from).map_or(0, |file| file.folder), is_import, namespace);
        if let Some(known) = self.located.get(&context).and_then(|located| located.get(location)) {
            return known.map_or(Found::Told, Found::File);
        }
        let found = self.look_up(Wanted { location, namespace: uri, is_import }, from);
        let file = if let Found::File(file) = &found { Some(*file) } else { None };
        self.located.entry(context).or_default().insert(location.into(), file);
        found
    }

    /// Two files that fit the last location as well as one another, of which the first was taken.
    pub(super) fn take_rival(&self) -> Option<(PathBuf, PathBuf)> {
        match &self.source {
            From::Files(locator) => locator.take_rival(),
            From::Memory(_) => None,
        }
    }

    fn look_up(&mut self, wanted: Wanted<'_>, from: FileId) -> Found {
        let (base, shown) = match self.file(from) {
            Some(file) => {
                (file.identity.parent().map(Path::to_owned), Path::new(&file.path).parent().map(Path::to_owned))
            }
            None => (None, None),
        };
        let (base, shown) = (base.unwrap_or_default(), shown.unwrap_or_default());
        let beside = local_path(wanted.location).map(|path| shown.join(path)).ok();
        match &self.source {
            From::Files(locator) => match locator.locate(wanted, &base, &shown) {
                Err(refusal) => Found::Absent(refusal),
                Ok(identity) => {
                    // As the user would write it, where that is what was read and not a file of the table.
                    let path = beside
                        .map(|path| normalized(&path))
                        .filter(|path| locator.canonical(path).is_ok_and(|path| path == identity));
                    let path = path.unwrap_or_else(|| identity.clone());
                    self.open(wanted.location, identity, &path)
                }
            },
            From::Memory(documents) => match documents.find(&base, &wanted) {
                Err(refusal) => Found::Absent(refusal),
                Ok((name, text)) => {
                    let identity = PathBuf::from(name);
                    let path = beside.unwrap_or_else(|| identity.clone()).display().to_string();
                    Found::File(self.add(identity, path, Text::of(text)))
                }
            },
        }
    }

    /// The document of an import that names none, if the table has one for the namespace.
    pub(super) fn locate_namespace(&mut self, uri: &str) -> Option<Found> {
        let From::Files(locator) = &self.source else { return None };
        Some(match locator.locate_namespace(uri)? {
            Err(refusal) => Found::Absent(refusal),
            Ok(identity) => {
                let path = identity.clone();
                self.open(uri, identity, &path)
            }
        })
    }

    fn open(&mut self, location: &str, identity: PathBuf, path: &Path) -> Found {
        if let Some(known) = self.by_identity.get(&identity) {
            return Found::File(*known);
        }
        match read_file(&identity) {
            Ok(text) => Found::File(self.add(identity, path.display().to_string(), text)),
            Err(Unread { reason, is_encoding: true }) => Found::Undecoded { path: path.display().to_string(), reason },
            Err(Unread { reason, .. }) => Found::Unreadable(format!("`{location}` {reason}")),
        }
    }
}

/// Documents in memory, each found by its name without `.` and `..`; of two with one name it is the first.
pub(super) struct InMemory<'s> {
    by_path: HashMap<PathBuf, (&'s str, &'s str)>,
}

impl<'s> InMemory<'s> {
    pub(super) fn new(documents: &[(&'s str, &'s str)]) -> InMemory<'s> {
        let mut by_path = HashMap::with_capacity(documents.len());
        for (name, text) in documents.iter().copied() {
            by_path.entry(normalized(Path::new(name))).or_insert((name, text));
        }
        InMemory { by_path }
    }

    /// A document by its name beside the one that wants it.
    fn find(&self, base: &Path, wanted: &Wanted<'_>) -> Result<(&'s str, &'s str), Refusal> {
        let location = wanted.location;
        match local_path(location).map_err(Refusal::Remote) {
            Ok(path) => self
                .by_path
                .get(&normalized(&base.join(path)))
                .copied()
                .ok_or_else(|| Refusal::Absent(format!("`{location}` is not among the documents given"))),
            Err(refusal) => self.find_by_namespace(wanted).ok_or(refusal),
        }
    }

    /// A document for a location on a network: one of the same file name and of the namespace that is wanted.
    fn find_by_namespace(&self, wanted: &Wanted<'_>) -> Option<(&'s str, &'s str)> {
        let name = wanted.location.rsplit('/').next().filter(|name| !name.is_empty())?;
        let mut fitting: Vec<(&PathBuf, (&str, &str))> = self
            .by_path
            .iter()
            .filter(|(path, _)| {
                path.file_name().is_some_and(|file| file == name || file.to_str() == Some(&format!("{name}.xsd")))
            })
            .filter(|(_, (_, text))| target_namespace(text).as_deref() == Some(wanted.namespace))
            .map(|(path, document)| (path, *document))
            .collect();
        fitting.sort_unstable();
        fitting.first().map(|(_, document)| *document)
    }
}
