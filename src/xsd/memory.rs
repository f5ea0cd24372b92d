//! Schema documents in memory: resolves locations among them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::SchemaError;
use super::document::{Text, text_of};
use super::folders::target_namespace;
use super::locate::{Wanted, local_path, normalized};
use super::missing::Refusal;
use super::sources::{Answer, Sources};

/// Documents in memory, each by its name without `.` and `..`; if two have the same name, the first counts.
pub(super) struct InMemory<'s> {
    by_path: HashMap<PathBuf, (&'s str, Text)>,
    /// The table of locations and namespaces.
    map: &'s [(String, PathBuf)],
    /// The documents that locations lead to, by everything that these depend on.
    answers: HashMap<(&'s Path, bool, &'s str, &'s str), Option<&'s str>>,
}

impl<'s> InMemory<'s> {
    /// Takes documents, and a table of locations and namespaces.
    pub(super) fn new(documents: impl Iterator<Item = (&'s str, Text)>, map: &'s [(String, PathBuf)]) -> InMemory<'s> {
        let mut by_path = HashMap::new();
        for (name, text) in documents {
            by_path.entry(normalized(Path::new(name))).or_insert((name, text));
        }
        InMemory { by_path, map, answers: HashMap::new() }
    }

    /// # Errors
    ///
    /// A document whose encoding is unknown; a catalog or a folder, which cannot be combined with documents in memory.
    pub(super) fn of(sources: &'s Sources) -> Result<InMemory<'s>, SchemaError> {
        if let Some(file) = sources.catalogs.iter().chain(&sources.folders).next() {
            let reason = "is not read: sources with documents in memory read no files";
            return Err(SchemaError::unreadable(file.display().to_string(), reason));
        }
        let mut documents = Vec::with_capacity(sources.documents.len());
        for given in &sources.documents {
            let text = text_of(given.content.bytes().to_vec());
            let text = text.map_err(|unread| SchemaError::unreadable(given.name.clone(), unread.reason))?;
            documents.push((given.name.as_str(), text));
        }
        let in_memory = InMemory::new(documents.into_iter(), &sources.map);
        let key = |answer: &'s Answer| {
            (answer.folder.as_path(), answer.is_import, answer.namespace.as_str(), answer.location.as_str())
        };
        let answers = sources.answers.iter().map(|answer| (key(answer), answer.document.as_deref())).collect();
        Ok(InMemory { answers, ..in_memory })
    }

    /// A document by its name.
    pub(super) fn get(&self, name: &Path) -> Option<(&'s str, &Text)> {
        self.by_path.get(&normalized(name)).map(|(name, text)| (*name, text))
    }

    /// The document that a location in a folder leads to.
    pub(super) fn find(&self, folder: &Path, wanted: &Wanted<'_>) -> Result<(&'s str, &Text), Refusal> {
        let Wanted { location, namespace, is_import } = *wanted;
        let absent = || Refusal::Absent(format!("`{location}` is not among the given documents"));
        if let Some(answer) = self.answers.get(&(folder, is_import, namespace, location)) {
            return answer.and_then(|name| self.get(Path::new(name))).ok_or_else(absent);
        }
        if let Some(name) = self.mapped(location).or_else(|| self.mapped(namespace).filter(|_| is_import)) {
            return self.get(name).ok_or_else(absent);
        }
        match local_path(location).map_err(Refusal::Remote) {
            Ok(path) => self.get(&folder.join(path)).ok_or_else(absent),
            Err(refusal) => self.find_by_namespace(wanted).ok_or(refusal),
        }
    }

    /// The document for an import without a location, if the table names one for the namespace.
    pub(super) fn find_namespace(&self, namespace: &str) -> Option<Result<(&'s str, &Text), Refusal>> {
        let name = self.mapped(namespace)?;
        let refusal = || Refusal::Absent(format!("`{}` is not among the given documents", name.display()));
        Some(self.get(name).ok_or_else(refusal))
    }

    fn mapped(&self, uri: &str) -> Option<&'s Path> {
        self.map.iter().find(|(known, _)| known == uri).map(|(_, name)| name.as_path())
    }

    /// A document for a network location: one with the same file name and the wanted namespace.
    fn find_by_namespace(&self, wanted: &Wanted<'_>) -> Option<(&'s str, &Text)> {
        let name = wanted.location.rsplit('/').next().filter(|name| !name.is_empty())?;
        let is_called_so = |path: &Path| {
            path.file_name().is_some_and(|file| file == name || file.to_str() == Some(&format!("{name}.xsd")))
        };
        let fitting = self.by_path.iter().filter(|(path, (_, text))| {
            is_called_so(path) && target_namespace(&text.text).as_deref() == Some(wanted.namespace)
        });
        fitting.min_by_key(|(path, _)| *path).map(|(_, (name, text))| (*name, text))
    }
}
