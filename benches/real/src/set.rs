//! The sets in `expected.tsv`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use packetcheck::{Schema, SchemaError, Sources};

use crate::archive::LIST;

const COLUMNS: &str = "set\tentries\tdocument\tverdict";

/// Names the files for imports by URL, if a set needs that.
const CATALOG: &str = "catalog.xml";

/// A schema set and the documents that go with it.
pub struct Set {
    pub name: String,
    /// The schema documents that are loaded first, relative to the folder.
    entries: Vec<PathBuf>,
    /// The folder to which entries and catalog are relative.
    pub folder: PathBuf,
    pub documents: Vec<Document>,
}

pub struct Document {
    pub name: String,
    pub bytes: Vec<u8>,
    pub is_valid: bool,
}

impl Set {
    pub fn compile(&self) -> Result<Schema, SchemaError> {
        let mut sources = Sources::new().folder(&self.folder);
        if let Some(catalog) = self.catalog() {
            sources = sources.catalog(catalog);
        }
        Schema::from_sources(&self.entries().fold(sources, Sources::root))
    }

    pub fn entries(&self) -> impl Iterator<Item = PathBuf> {
        self.entries.iter().map(|entry| self.folder.join(entry))
    }

    pub fn catalog(&self) -> Option<PathBuf> {
        Some(self.folder.join(CATALOG)).filter(|path| path.is_file())
    }
}

/// Every set, in the order of the list.
pub fn read_all(folder: &Path) -> Result<Vec<Set>, Box<dyn Error>> {
    let list = fs::read_to_string(folder.join(LIST))?;
    let mut lines = list.lines();
    if lines.next() != Some(COLUMNS) {
        return Err(format!("{LIST} does not have the columns {COLUMNS:?}").into());
    }
    let mut sets: Vec<Set> = Vec::new();
    for line in lines {
        let [name, entries, document, verdict] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("not a line of {LIST}: {line}").into());
        };
        if sets.last().is_none_or(|set| set.name != name) {
            let entries = entries.split(' ').map(PathBuf::from).collect();
            let folder = folder.join(name);
            sets.push(Set { name: name.to_owned(), entries, folder, documents: Vec::new() });
        }
        // A dash: the set has no documents.
        if let Some(set) = sets.last_mut().filter(|_| document != "-") {
            let bytes = fs::read(set.folder.join(document))?;
            set.documents.push(Document { name: document.to_owned(), bytes, is_valid: verdict == "valid" });
        }
    }
    Ok(sets)
}
