//! Real schema sets of well-known standards, with documents.
//!
//! The sets are found where `REAL_DIR` points, or in `../shared/real` next to the project: `real.tar.zst` and
//! `expected.tsv` (set, entry schemas, document, verdict).

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use packetcheck::{Schema, SchemaError, Sources};

use super::parallel;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Larger documents are left to tests/engine/real.rs without optimization: they are few, and more than half of all bytes.
pub(crate) const LARGEST: usize = if cfg!(debug_assertions) { 100_000 } else { usize::MAX };

/// A set: its entry schemas, and the expected verdict of each document.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) entries: Vec<String>,
    pub(crate) documents: Vec<(String, bool)>,
    compiled: OnceLock<std::result::Result<(Schema, bool), SchemaError>>,
}

impl Set {
    /// Its schema, with its folder permitted, and whether it needs its catalog. It is compiled once for all tests.
    pub(crate) fn schema(&self, folder: &Path) -> std::result::Result<(Schema, bool), SchemaError> {
        let compile = || {
            let roots = self.entries.iter().fold(Sources::new(), |sources, entry| sources.root(folder.join(entry)));
            let (sources, catalog) = (roots.folder(folder), folder.join("catalog.xml"));
            match Schema::from_sources(&sources) {
                Err(_) if catalog.is_file() => Ok((Schema::from_sources(&sources.catalog(catalog))?, true)),
                schema => Ok((schema?, false)),
            }
        };
        self.compiled.get_or_init(compile).clone()
    }
}

/// Calls a function for each set, with its name and its folder, on all processors; the results are in the order of the
/// names. `None`, after a message, if there are no sets here.
pub(crate) fn each<T: Send>(examine: impl Fn(&str, &Path, &Set) -> Result<T> + Sync) -> Result<Option<Vec<T>>> {
    static SETS: OnceLock<std::result::Result<Option<Sets>, String>> = OnceLock::new();

    let sets = SETS.get_or_init(|| Sets::open().map_err(|error| error.to_string())).as_ref().map_err(String::as_str)?;
    let Some(Sets { folder, sets }) = sets else {
        say(concat!(
            env!("CARGO_CRATE_NAME"),
            " passed over the real schema sets: none at `REAL_DIR` or ../shared/real"
        ))?;
        return Ok(None);
    };
    let results = parallel::each(sets, |(name, set)| {
        examine(name, &folder.join(name), set).map_err(|error| format!("{name}: {error}"))
    });
    Ok(Some(results.into_iter().collect::<std::result::Result<_, _>>()?))
}

/// Printed past the test harness, which would capture it.
pub(crate) fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr(), "{text}")?)
}

/// The folder where they are unpacked, and the sets in order of their names.
struct Sets {
    folder: PathBuf,
    sets: Vec<(String, Set)>,
}

impl Sets {
    /// `None` if there are no sets here.
    fn open() -> Result<Option<Sets>> {
        let place = std::env::var_os("REAL_DIR")
            .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real"), PathBuf::from);
        let (archive, list) = (place.join("real.tar.zst"), place.join("expected.tsv"));
        if !archive.is_file() || !list.is_file() {
            return Ok(None);
        }
        let sets = sets(&fs::read_to_string(&list)?)?.into_iter().collect();
        Ok(Some(Sets { folder: unpack(&archive)?, sets }))
    }
}

/// The folder with the contents of the archive, which is unpacked once and then kept.
fn unpack(archive: &Path) -> Result<PathBuf> {
    let compressed = fs::read(archive)?;
    let mut hasher = DefaultHasher::new();
    hasher.write(&compressed);
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = parent.join(format!("real-{:016x}", hasher.finish()));
    if folder.is_dir() {
        return Ok(folder);
    }
    let mut plain = Vec::new();
    ruzstd::decoding::StreamingDecoder::new(compressed.as_slice())?.read_to_end(&mut plain)?;
    // The folder appears under its name once it is whole, and another process may be as far.
    let incomplete = parent.join(format!("real-{}", std::process::id()));
    tar::Archive::new(plain.as_slice()).unpack(&incomplete)?;
    match fs::rename(&incomplete, &folder) {
        Err(_) if folder.is_dir() => fs::remove_dir_all(&incomplete)?,
        renamed => renamed?,
    }
    Ok(folder)
}

fn sets(list: &str) -> Result<BTreeMap<String, Set>> {
    let mut sets: BTreeMap<String, Set> = BTreeMap::new();
    for line in list.lines().skip(1) {
        let [set, entries, document, verdict] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("not a line of the list: {line}").into());
        };
        let set = sets.entry(set.to_owned()).or_default();
        set.entries = entries.split_whitespace().map(str::to_owned).collect();
        if document != "-" {
            set.documents.push((document.to_owned(), verdict == "valid"));
        }
    }
    Ok(sets)
}
