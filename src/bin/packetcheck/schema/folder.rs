//! Folders of schema documents: finds which of them are separate schemas, and writes a catalog that names them all.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use packetcheck::{Schema, SchemaOutline, Sources};

use crate::args::SchemaCatalogArguments;
use crate::input::walk::{Item, NotChecked, Walked, walk};
use crate::input::{Source, unicode};
use crate::output::{Output, complain};
use crate::schema::check::first_fault;
use crate::status::{Status, Trouble, plural};

/// The file name extensions of schemas.
const SCHEMAS: &[&str] = &["xsd", "wsdl"];

/// The schema files that paths name, and the places where none could be found, with the reasons. A file names itself. A
/// folder names all schema documents in it that no other document in it includes, since included ones are parts of
/// others.
pub(super) fn roots(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<(Source, String)>) {
    let (mut roots, mut troubles) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.is_dir() {
            roots.push(path.clone());
            continue;
        }
        let mut files = Vec::new();
        for found in walk(std::iter::once(path.clone()), &Walked::called(SCHEMAS)) {
            match found {
                Ok(Item { source, .. }) => files.push(source.as_path().to_owned()),
                Err((source, NotChecked::Unreadable(why))) => troubles.push((source, why)),
                Err((_, NotChecked::Skipped(_))) => {}
            }
        }
        roots.extend(wholes(files));
    }
    (roots, troubles)
}

/// Which files include which.
#[derive(Default)]
struct Includes(HashMap<PathBuf, Vec<PathBuf>>);

impl Includes {
    fn add(&mut self, file: &Path, outline: Option<&SchemaOutline>) {
        let below = outline.map(|outline| outline.includes.as_slice()).unwrap_or_default();
        self.0.insert(identity(file), below.iter().map(|path| identity(path)).collect());
    }

    /// All files that another file includes.
    fn included(&self) -> HashSet<&PathBuf> {
        self.0.iter().flat_map(|(file, below)| below.iter().filter(move |other| *other != file)).collect()
    }

    /// Adds a file and everything that it includes, directly or indirectly, to the files reached, and returns whether
    /// it is new.
    fn reach(&self, file: &Path, reached: &mut HashSet<PathBuf>) -> bool {
        let mut open = vec![identity(file)];
        let is_new = !reached.contains(&identity(file));
        while let Some(file) = open.pop() {
            if reached.insert(file.clone()) {
                open.extend(self.0.get(&file).into_iter().flatten().cloned());
            }
        }
        is_new
    }

    /// The one of several files that no other one includes, if it includes all the others.
    fn whole<'f>(&self, files: &[&'f Path]) -> Option<&'f Path> {
        let included = self.included();
        let mut wholes = files.iter().filter(|file| !included.contains(&identity(file)));
        let (Some(whole), None) = (wholes.next(), wholes.next()) else { return None };
        let mut reached = HashSet::new();
        self.reach(whole, &mut reached);
        files.iter().all(|file| reached.contains(&identity(file))).then_some(*whole)
    }
}

fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The files that no other one includes, and the first of those that include one another in a circle.
fn wholes(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut includes = Includes::default();
    for file in &files {
        includes.add(file, SchemaOutline::read(file).as_ref());
    }
    let included = includes.included();
    let (parts, mut wholes): (Vec<PathBuf>, Vec<PathBuf>) =
        files.into_iter().partition(|file| included.contains(&identity(file)));
    let mut reached = HashSet::new();
    for file in &wholes {
        includes.reach(file, &mut reached);
    }
    wholes.extend(parts.into_iter().filter(|file| includes.reach(file, &mut reached)));
    wholes.sort();
    wholes
}

/// `schema catalog`: writes an XML catalog (OASIS) of the schema documents in a folder. It has the file for each
/// location on a network that one of them imports, and for each namespace that one file has, alone or with the files
/// that it includes.
pub(super) fn catalog(arguments: &SchemaCatalogArguments) -> Result<Status, Trouble> {
    let mut status = Status::Valid;
    let mut outlines: Vec<(PathBuf, SchemaOutline)> = Vec::new();
    // Folders can contain one another.
    let mut seen = HashSet::new();
    for found in walk(arguments.folders.iter().cloned(), &Walked::called(&["xsd"])) {
        match found {
            Ok(Item { source: Source::File(file), .. }) if !seen.insert(identity(&file)) => {}
            Ok(Item { source: Source::File(file), .. }) => match SchemaOutline::read(&file) {
                Some(outline) => outlines.push((file, outline)),
                None => status = status.max(complain_of_other(&file)),
            },
            Ok(_) => return Err(Trouble::Message("expected a folder, found `-`".to_owned())),
            Err((_, NotChecked::Skipped(_))) => {}
            Err((source, NotChecked::Unreadable(why))) => {
                complain(&format!("{}: {why}", source.name()));
                status = Status::Unchecked;
            }
        }
    }
    let mut by_namespace: BTreeMap<&str, (Vec<&Path>, Includes)> = BTreeMap::new();
    for (file, outline) in &outlines {
        let (files, includes) = by_namespace.entry(&outline.namespace).or_default();
        files.push(file);
        includes.add(file, Some(outline));
    }
    let mut entries: BTreeMap<&str, &Path> = BTreeMap::new();
    let mut unanswered: BTreeSet<&str> = BTreeSet::new();
    for (location, namespace) in outlines.iter().flat_map(|(_, outline)| &outline.remote) {
        let files = by_namespace.get(namespace.as_str()).into_iter().flat_map(|(files, _)| files);
        let agreement = |file: &Path| {
            let parts = file.components().rev().map(|part| part.as_os_str().to_string_lossy().into_owned());
            parts.zip(location.rsplit('/')).take_while(|(one, other)| one == other).count()
        };
        let called = files.copied().filter(|file| SchemaOutline::is_called(location, file));
        match called.max_by_key(|file| (agreement(file), std::cmp::Reverse(*file))) {
            Some(file) => drop(entries.insert(location, file)),
            None if SchemaOutline::is_built_in(namespace) => {}
            None => drop(unanswered.insert(location)),
        }
    }
    for (namespace, (files, includes)) in by_namespace.iter().filter(|(namespace, _)| !namespace.is_empty()) {
        if let Some(whole) = includes.whole(files) {
            entries.insert(namespace, whole);
            unanswered.retain(|location| {
                !outlines
                    .iter()
                    .any(|(_, outline)| outline.remote.iter().any(|(of, wanted)| of == location && wanted == namespace))
            });
        }
    }
    let mut output = Output::stdout();
    output.write(written(&entries).as_bytes())?;
    output.finish()?;
    if !unanswered.is_empty() {
        let locations: Vec<String> = unanswered.iter().take(20).map(|location| format!("  {location}")).collect();
        let count = plural(unanswered.len(), "location");
        complain(&format!("no file here resolves {count}:\n{}", locations.join("\n")));
    }
    Ok(status)
}

/// Reports why a file is not in the catalog.
fn complain_of_other(file: &Path) -> Status {
    let (why, status) = match Schema::from_sources(&Sources::new().root(file)) {
        Err(error) if error.files().iter().any(|file| file.text().is_some()) => (first_fault(&error), Status::Invalid),
        Err(error) => (error.to_string(), Status::Unchecked),
        // A schema in WSDL does not have a file of its own.
        Ok(_) => (format!("{}: expected a schema document, found schemas in WSDL", unicode(file)), Status::Valid),
    };
    complain(&format!("{why}; it is omitted from the catalog"));
    status
}

fn written(entries: &BTreeMap<&str, &Path>) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<catalog xmlns=\"urn:oasis:names:tc:entity:xmlns:xml:catalog\">\n",
    );
    for (name, file) in entries {
        text.push_str(&format!("  <uri name=\"{}\" uri=\"{}\"/>\n", escaped(name), escaped(&reference(file))));
    }
    text.push_str("</catalog>\n");
    text
}

/// A path as a URI reference: characters that would end it or look like an escape are escaped.
fn reference(path: &Path) -> String {
    let mut reference = String::new();
    for character in path.to_string_lossy().chars() {
        match character {
            '%' | '#' | '?' | ' ' => reference.push_str(&format!("%{:02X}", u32::from(character))),
            '\\' if cfg!(windows) => reference.push('/'),
            other => reference.push(other),
        }
    }
    reference
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
