//! The files of a schema: resolves each location once, however many documents of a folder name it.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::content::Content;
use super::document::{Text, Unread};
use super::locate::{Locator, Wanted, local_path, normalized};
use super::memory::InMemory;
use super::missing::Refusal;
use super::sources::{Answer, Given, Sources};
use crate::compiled::{Names, NamespaceId};

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
    /// The path as shown to the user.
    path: String,
    text: Text,
    folder: u32,
    /// The number of namespaces it is read for.
    readers: u32,
}

/// The result of resolving a location.
pub(super) enum Found {
    File(FileId),
    /// It is not there.
    Absent(Refusal),
    /// It exists but cannot be read.
    Unreadable(String),
    /// It could be read, but its encoding is unknown; the path as the user would write it.
    Undecoded {
        path: String,
        reason: String,
    },
    /// It was requested before, and the failure was reported.
    Reported,
}

/// What the result for a location depends on, apart from its text: the folder of the document, the purpose, and the
/// namespace.
type Context = (u32, bool, NamespaceId);

pub(super) struct Files<'s> {
    pub(super) source: From<'s>,
    files: Vec<File>,
    by_identity: HashMap<PathBuf, FileId>,
    folders: HashMap<PathBuf, u32>,
    /// `None` if a location resolves to nothing.
    located: HashMap<Context, HashMap<Box<str>, Option<FileId>>>,
    /// The files that the table gives for the namespaces of imports without a location.
    of_namespaces: Vec<(String, FileId)>,
}

impl<'s> Files<'s> {
    pub(super) fn new(source: From<'s>) -> Files<'s> {
        let (by_identity, folders) = (HashMap::new(), HashMap::new());
        Files { source, files: Vec::new(), by_identity, folders, located: HashMap::new(), of_namespaces: Vec::new() }
    }

    /// Registers a document, unless it is known.
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

    /// Records that a file is read for one more namespace; returns how many bytes that repeats.
    pub(super) fn add_reader(&mut self, id: FileId) -> usize {
        let Some(file) = self.files.get_mut(id.0 as usize) else { return 0 };
        file.readers += 1;
        if file.readers > 1 { file.text.text.len() } else { 0 }
    }

    fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(id.0 as usize)
    }

    /// The file that a location in a document leads to. `uri` is the namespace of an import, or of the including
    /// document.
    pub(super) fn locate(
        &mut self,
        location: &str,
        from: FileId,
        is_import: bool,
        (namespace, uri): (NamespaceId, &str),
    ) -> Found {
        let context = (self.file(from).map_or(0, |file| file.folder), is_import, namespace);
        if let Some(known) = self.located.get(&context).and_then(|located| located.get(location)) {
            return known.map_or(Found::Reported, Found::File);
        }
        let found = self.look_up(Wanted { location, namespace: uri, is_import }, from);
        let file = if let Found::File(file) = &found { Some(*file) } else { None };
        self.located.entry(context).or_default().insert(location.into(), file);
        found
    }

    /// Two files that match the last location equally well, of which the first was used.
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
                    // As the user would write it, if it is the file that was read rather than one from the table.
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
                    let (identity, text) = (PathBuf::from(name), text.clone());
                    Found::File(self.add(identity, name.to_owned(), text))
                }
            },
        }
    }

    /// The document for an import without a location, if the table names one for the namespace.
    pub(super) fn locate_namespace(&mut self, uri: &str) -> Option<Found> {
        let found = match &self.source {
            From::Files(locator) => match locator.locate_namespace(uri)? {
                Err(refusal) => Found::Absent(refusal),
                Ok(identity) => {
                    let path = identity.clone();
                    self.open(uri, identity, &path)
                }
            },
            From::Memory(documents) => match documents.find_namespace(uri)? {
                Err(refusal) => Found::Absent(refusal),
                Ok((name, text)) => {
                    let text = text.clone();
                    Found::File(self.add(PathBuf::from(name), name.to_owned(), text))
                }
            },
        };
        if let Found::File(file) = found {
            self.of_namespaces.push((uri.to_owned(), file));
        }
        Some(found)
    }

    /// Shares the text of a document with another document that has the same text.
    pub(super) fn share(&mut self, id: FileId, text: &Arc<str>) {
        if let Some(file) = self.files.get_mut(id.0 as usize).filter(|file| file.text.text == *text) {
            file.text.text = Arc::clone(text);
        }
    }

    /// Everything that was read, as documents in memory from which the same schema can be compiled.
    pub(super) fn into_sources(self, roots: &[FileId], names: &Names, rules: bool) -> Sources {
        let path = |id: &FileId| self.path(*id).to_owned();
        let is_given = |file: &&File| !file.identity.to_str().is_some_and(|identity| identity.starts_with('\0'));
        let given = self.files.iter().filter(is_given);
        let documents = given.map(|file| Given { name: file.path.clone(), content: Content::new(file.text.bytes()) });
        let mut sources = Sources {
            roots: roots.iter().map(|root| PathBuf::from(path(root))).collect(),
            map: self.of_namespaces.iter().map(|(uri, file)| (uri.clone(), PathBuf::from(path(file)))).collect(),
            rules,
            documents: documents.collect(),
            ..Sources::default()
        };
        let given = self.files.iter().filter(is_given).map(|file| (file.path.as_str(), file.text.clone()));
        sources.answers = self.answers(&InMemory::new(given, &sources.map), names);
        sources
    }

    /// The documents that locations led to, if their names do not show it.
    fn answers(&self, documents: &InMemory<'_>, names: &Names) -> Vec<Answer> {
        let mut answers = Vec::new();
        for (&(folder, is_import, namespace), located) in &self.located {
            let namespace = names.namespaces.get(namespace.index()).map_or("", |uri| uri);
            // The same folder may be shown in several ways.
            let shown = self.files.iter().filter(|file| file.folder == folder);
            let folders: BTreeSet<&Path> = shown.filter_map(|file| Path::new(&file.path).parent()).collect();
            for (folder, (location, file)) in
                folders.iter().flat_map(|folder| located.iter().map(move |at| (folder, at)))
            {
                let wanted = Wanted { location, namespace, is_import };
                let document = file.map(|file| self.path(file));
                let found = documents.find(folder, &wanted).ok().map(|(name, _)| name);
                if found != document {
                    let (folder, location) = ((*folder).to_owned(), location.to_string());
                    let document = document.map(str::to_owned);
                    answers.push(Answer { folder, is_import, namespace: namespace.to_owned(), location, document });
                }
            }
        }
        answers.sort();
        answers
    }

    fn open(&mut self, location: &str, identity: PathBuf, path: &Path) -> Found {
        if let Some(known) = self.by_identity.get(&identity) {
            return Found::File(*known);
        }
        let From::Files(locator) = &self.source else { return Found::Reported };
        match locator.read(&identity) {
            Ok(text) => Found::File(self.add(identity, path.display().to_string(), text)),
            Err(Unread { reason, is_encoding: true }) => Found::Undecoded { path: path.display().to_string(), reason },
            Err(Unread { reason, .. }) => Found::Unreadable(format!("`{location}` {reason}")),
        }
    }
}
