//! Resolves a location in a schema document to a file that may be read.
//!
//! The plain version joins the location to the folder of its document. Two things are added to that: the table, which
//! maps locations to files, and the fence: no path leads out of the permitted folders, however it is written and
//! whatever links there are.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::SchemaError;
use super::catalog::{Catalogs, Target};
use super::document::{Text, Unread, read_file};
use super::folders::Folders;
use super::missing::Refusal;
use super::sources::Sources;

/// Holds the table and the permitted folders.
pub(super) struct Locator {
    catalogs: Catalogs,
    /// Canonical.
    permitted: Vec<PathBuf>,
    folders: Folders,
    /// Canonical paths by the paths that were requested: documents of a set name one another many times.
    known: RefCell<HashMap<PathBuf, PathBuf>>,
    /// Text that is read instead of the contents of files, by their canonical paths.
    unsaved: Vec<(PathBuf, Arc<str>)>,
}

/// The location to look up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'w> {
    pub(super) location: &'w str,
    /// The namespace of an import, or of the including document.
    pub(super) namespace: &'w str,
    pub(super) is_import: bool,
}

impl Locator {
    /// # Errors
    ///
    /// A catalog that cannot be read, or a missing folder.
    pub(super) fn new(sources: &Sources) -> Result<Locator, SchemaError> {
        let catalogs = Catalogs::read(&sources.map, &sources.catalogs)?;
        let mut permitted = Vec::new();
        for folder in &sources.folders {
            let canonical = folder.canonicalize().map_err(|error| {
                SchemaError::unreadable(folder.display().to_string(), format!("cannot be read: {}", words(&error)))
            })?;
            permitted.push(canonical);
        }
        // A missing root is reported when it is read. A file that the table names may be a link: what it includes may
        // be next to the link or next to the file.
        for file in sources.roots.iter().map(PathBuf::as_path).chain(catalogs.files()) {
            permitted.extend(file.canonicalize().ok().and_then(|file| file.parent().map(Path::to_owned)));
        }
        permitted.extend(catalogs.folders().filter_map(|folder| folder.canonicalize().ok()));
        permitted.sort();
        // A folder within a permitted one is permitted with it.
        permitted.dedup_by(|inner, outer| inner.starts_with(&*outer));
        let folders = Folders::new(&permitted);
        Ok(Locator { catalogs, permitted, folders, known: RefCell::default(), unsaved: sources.unsaved.clone() })
    }

    /// The text of a file, by its canonical path.
    pub(super) fn read(&self, identity: &Path) -> Result<Text, Unread> {
        match self.unsaved(identity) {
            Some(text) => Ok(Text::of(text)),
            None => read_file(identity),
        }
    }

    fn unsaved(&self, identity: &Path) -> Option<&str> {
        self.unsaved.iter().find(|(path, _)| path == identity).map(|(_, text)| &**text)
    }

    /// The canonical path of a root. A root that so far exists only in an editor has none.
    pub(super) fn root(&self, file: &Path) -> io::Result<PathBuf> {
        file.canonicalize().or_else(|error| self.unsaved(file).map(|_| file.to_owned()).ok_or(error))
    }

    /// The file for an import without a location, if the table names one for the namespace.
    pub(super) fn locate_namespace(&self, namespace: &str) -> Option<Result<PathBuf, Refusal>> {
        self.catalogs.find(namespace).map(|target| self.target(namespace, target))
    }

    /// The file for a location in a document in the folder `base`, which is canonical; `shown` is that folder as the
    /// user knows it.
    pub(super) fn locate(&self, wanted: Wanted<'_>, base: &Path, shown: &Path) -> Result<PathBuf, Refusal> {
        let Wanted { location, namespace, is_import } = wanted;
        let of_namespace = || self.catalogs.find(namespace).filter(|_| is_import);
        if let Some(target) = self.catalogs.find(location).or_else(of_namespace) {
            return self.target(location, target);
        }
        match local_path(location) {
            Ok(path) => self.permitted(location, &base.join(&path), Some(&shown.join(path))),
            Err(message) => {
                // A document without a target namespace can be included into any.
                let namespaces = [namespace, ""];
                let namespaces = namespaces.get(..if is_import { 1 } else { 2 }).unwrap_or_default();
                let found = self.folders.find(location, namespaces);
                // The file may be a link that leads out.
                found.and_then(|path| self.permitted(location, &path, None).ok()).ok_or(Refusal::Remote(message))
            }
        }
    }

    /// Two files that match the last location equally well, of which the first was used.
    pub(super) fn take_rival(&self) -> Option<(PathBuf, PathBuf)> {
        self.folders.take_rival()
    }

    fn target(&self, location: &str, target: Target) -> Result<PathBuf, Refusal> {
        match target {
            Target::File(path) => self.permitted(location, &path, None),
            Target::Foreign(uri) => Err(Refusal::Remote(format!(
                "`{location}` is not read: a catalog names `{uri}` for it, and nothing is read over a network"
            ))),
        }
    }

    /// The canonical path of an existing file.
    pub(super) fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        if let Some(known) = self.known.borrow().get(path) {
            return Ok(known.clone());
        }
        let canonical = path.canonicalize()?;
        self.known.borrow_mut().insert(path.to_owned(), canonical.clone());
        Ok(canonical)
    }

    /// A path without `.` and `..`, and with links in permitted folders followed. Nothing outside these folders is
    /// revealed.
    fn followed(&self, path: &Path) -> PathBuf {
        let mut followed = PathBuf::new();
        for part in path.components() {
            followed = normalized(&followed.join(part));
            if self.permitted.iter().any(|folder| followed.starts_with(folder)) {
                followed = self.canonical(&followed).unwrap_or(followed);
            }
        }
        followed
    }

    /// The canonical path, if it is in a permitted folder. For a path outside, not even its existence is revealed.
    /// `shown` is the path as the user would write it.
    fn permitted(&self, location: &str, path: &Path, shown: Option<&Path>) -> Result<PathBuf, Refusal> {
        let is_inside = |path: &Path| self.permitted.iter().any(|folder| path.starts_with(folder));
        let outside = || {
            let real = self.followed(path);
            // A link that leads out is reported by its target.
            let folder = match shown.filter(|_| real == normalized(path)) {
                Some(shown) => normalized(shown).parent().map(Path::to_owned),
                None => real.parent().map(from_here),
            };
            let folder = folder.filter(|_| !is_inside(&real));
            let folder = folder.map(|folder| if folder == Path::new("") { PathBuf::from(".") } else { folder });
            let message = format!("`{location}` is not read: it is outside the permitted folders");
            Refusal::NotPermitted(message, folder)
        };
        match self.canonical(path) {
            Ok(canonical) if is_inside(&canonical) => Ok(canonical),
            Ok(_) => Err(outside()),
            Err(error) => {
                // The nearest existing ancestor folder decides.
                let path = normalized(path);
                let above = path.ancestors().skip(1).find_map(|above| above.canonicalize().ok());
                match above.is_some_and(|above| is_inside(&above)) {
                    true if location.contains('\\') => Err(Refusal::Absent(format!(
                        "`{location}` cannot be read: it is a URI, which separates folders by `/`"
                    ))),
                    true => Err(Refusal::Absent(format!("`{location}` cannot be read: {}", words(&error)))),
                    false => Err(outside()),
                }
            }
        }
    }
}

/// A path from the root, made relative to the current folder if it is in that.
fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.ok().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_owned()
}

/// The path of a location: as written, with percent-encoding decoded, or the path of a `file:` URL of this machine.
///
/// # Errors
///
/// The location has another scheme, as the message says.
pub(super) fn local_path(location: &str) -> Result<PathBuf, String> {
    // RFC 3986, section 4.2: two slashes introduce a host name.
    let scheme = scheme(location).or_else(|| location.starts_with("//").then_some(""));
    let Some(scheme) = scheme else { return Ok(PathBuf::from(decoded(location))) };
    let rest = location.get(scheme.len()..).unwrap_or_default();
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let is_file = scheme.eq_ignore_ascii_case("file");
    let path = rest.strip_prefix("//localhost/").map(|path| format!("/{path}"));
    let path = path.or_else(|| rest.strip_prefix("///").map(|path| format!("/{path}")));
    let path = path.or_else(|| (!rest.starts_with("//")).then(|| rest.to_owned()));
    match path {
        Some(path) if is_file => Ok(PathBuf::from(decoded(&path))),
        _ => Err(format!(
            "`{location}` is not read: nothing is read over a network; `--map URI=FILE` or a catalog names a file for it"
        )),
    }
}

/// RFC 3986, section 3.1; a single letter is a drive.
fn scheme(location: &str) -> Option<&str> {
    let (scheme, _) = location.split_once(':')?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.len() > 1
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then_some(scheme)
}

/// Decodes percent-encoded bytes, if they give UTF-8, and drops the fragment: it names a part of the document, which is
/// read whole.
pub(super) fn decoded(location: &str) -> String {
    let location = location.split_once('#').map_or(location, |(location, _)| location);
    let mut bytes = Vec::with_capacity(location.len());
    let mut rest = location.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| location.to_owned())
}

/// The path without `.` and `..`, going by names alone.
pub(super) fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// The message of an operating system error, without its number.
pub(super) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_paths_or_refused() {
        for (location, path) in [
            ("a.xsd", "a.xsd"),
            ("../a%20b.xsd", "../a b.xsd"),
            ("a%2", "a%2"),
            ("%ff.xsd", "%ff.xsd"),
            ("C:\\a.xsd", "C:\\a.xsd"),
            ("a.xsd#types", "a.xsd"),
            ("file:///a/b.xsd", "/a/b.xsd"),
            ("FILE://localhost/a.xsd", "/a.xsd"),
            ("file:/a.xsd", "/a.xsd"),
        ] {
            assert_eq!(local_path(location).as_deref(), Ok(Path::new(path)), "{location}");
        }
        for location in ["http://a/b.xsd", "https:a", "urn:a:b", "file://host/a.xsd", "ftp://a"] {
            assert!(local_path(location).is_err(), "{location}");
        }
    }
}
