//! The names of results.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::input::Source;
use crate::input::walk::{is_called, is_packed_name};

/// What a document is converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    /// One document or record per line.
    JsonLines,
    /// The document that JSON describes.
    Document,
    /// The document that each line describes, each on one line.
    DocumentLines,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::JsonLines => "jsonl",
            Form::Document => "xml",
            // A file with several documents is not XML.
            Form::DocumentLines => "txt",
        }
    }
}

/// What the name of a JSON file tells about its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonFile {
    Document,
    /// One document per line.
    Lines,
}

impl JsonFile {
    pub(super) fn named(path: &Path) -> Option<JsonFile> {
        let plain = plain(path);
        match () {
            () if is_called(&plain, &["json"]) => Some(JsonFile::Document),
            () if is_called(&plain, &["jsonl"]) => Some(JsonFile::Lines),
            () => None,
        }
    }
}

/// The path without the extension of its compression: `answer.xml` for `answer.xml.gz`.
fn plain(path: &Path) -> PathBuf {
    if is_packed_name(path) { path.with_extension("") } else { path.to_owned() }
}

/// The names of results.
pub(super) struct Names {
    /// The folder for the results. Without one they go next to the documents.
    out: Option<PathBuf>,
    /// The folders that were walked; results keep the relative paths of their documents in them.
    folders: Vec<PathBuf>,
    /// All files and folders that are to be converted, as canonical paths.
    given: Vec<PathBuf>,
    /// The files that have already been written.
    taken: HashSet<PathBuf>,
}

impl Names {
    pub(super) fn new(out: Option<&Path>, paths: &[PathBuf]) -> Names {
        let folders =
            if out.is_some() { paths.iter().filter(|path| path.is_dir()).cloned().collect() } else { Vec::new() };
        let given = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
        Names { out: out.map(Path::to_owned), folders, given, taken: HashSet::new() }
    }

    /// Whether a file is in the folder of the results, inside a folder that is walked: then an earlier run wrote it.
    pub(super) fn is_result(&self, source: &Source) -> bool {
        let out = self.out.as_ref().and_then(|out| out.canonicalize().ok());
        let path = source.as_path().canonicalize().ok();
        out.zip(path).is_some_and(|(out, path)| {
            let is_around = |given: &PathBuf| given != &out && out.starts_with(given);
            path.starts_with(&out) && self.given.iter().any(is_around) && !self.given.contains(&path)
        })
    }

    /// Whether a file is one of those that are to be converted.
    fn is_given(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|path| self.given.iter().any(|given| path.starts_with(given)))
    }

    /// The file that a document is converted to, or why it cannot be converted.
    pub(super) fn of(&self, source: &Source, form: Form, replaces: bool) -> Result<PathBuf, String> {
        let path = self.place(source, form);
        let is_same = |one: &Path, other: &Path| {
            one == other
                || one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
        };
        let shown = || crate::input::unicode(&path);
        if self.taken.contains(&path) {
            return Err(format!("not converted: another document of this run was written to {}", shown()));
        }
        if is_same(&path, source.as_path()) {
            return Err("not converted: the result would replace the document; pass `--out`".to_owned());
        }
        if !replaces && path.symlink_metadata().is_ok() {
            return Err(format!("not converted: {} already exists; `--force` replaces it", shown()));
        }
        let is_kept_apart = self.out.as_ref().is_some_and(|out| !self.given.iter().any(|given| is_same(given, out)));
        if !is_kept_apart && self.is_given(&path) {
            return Err(format!("not converted: {} is to be converted itself; pass `--out`", shown()));
        }
        Ok(path)
    }

    /// Notes that a file was written.
    pub(super) fn take(&mut self, path: PathBuf) {
        self.taken.insert(path);
    }

    fn place(&self, source: &Source, form: Form) -> PathBuf {
        let path =
            if source.is_stdin() && source.as_path() == Path::new("-") { Path::new("stdin") } else { source.as_path() };
        let named = plain(path).with_extension(form.ending());
        let Some(out) = &self.out else { return named };
        let inside = self.folders.iter().filter_map(|folder| named.strip_prefix(folder).ok());
        let inside = inside.min_by_key(|inside| inside.as_os_str().len());
        let name = inside.map(Path::to_owned).or_else(|| named.file_name().map(PathBuf::from));
        out.join(name.unwrap_or(named))
    }
}
