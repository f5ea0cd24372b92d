//! Real schema sets of well-known standards, with documents.
//!
//! The sets are found where `REAL_DIR` points, or in `../shared/real` next to the project: `real.tar.zst` and
//! `expected.tsv` (set, entry schemas, document, verdict).

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use packetcheck::{Schema, SchemaError, Sources};

#[path = "parallel.rs"]
mod parallel;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A set: its entry schemas, and the expected verdict of each document.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) entries: Vec<String>,
    pub(crate) documents: Vec<(String, bool)>,
}

impl Set {
    /// Its schema, with its folder permitted, and whether it needs its catalog.
    pub(crate) fn schema(&self, folder: &Path) -> std::result::Result<(Schema, bool), SchemaError> {
        let roots = self.entries.iter().fold(Sources::new(), |sources, entry| sources.root(folder.join(entry)));
        let (sources, catalog) = (roots.folder(folder), folder.join("catalog.xml"));
        match Schema::from_sources(&sources) {
            Err(_) if catalog.is_file() => Ok((Schema::from_sources(&sources.catalog(catalog))?, true)),
            schema => Ok((schema?, false)),
        }
    }
}

/// Calls a function for each set, with its name and its folder, on all processors; the results are in the order of the
/// names. `None`, after a message, if there are no sets here.
pub(crate) fn each<T: Send>(examine: impl Fn(&str, &Path, &Set) -> Result<T> + Sync) -> Result<Option<Vec<T>>> {
    let place = std::env::var_os("REAL_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real"), PathBuf::from);
    let (archive, list) = (place.join("real.tar.zst"), place.join("expected.tsv"));
    if !archive.is_file() || !list.is_file() {
        say(concat!(
            env!("CARGO_CRATE_NAME"),
            " passed over the real schema sets: none at `REAL_DIR` or ../shared/real"
        ))?;
        return Ok(None);
    }
    let folder = unpack(&archive)?;
    let sets: Vec<(String, Set)> = sets(&fs::read_to_string(&list)?)?.into_iter().collect();
    let results = parallel::each(&sets, |(name, set)| {
        examine(name, &folder.join(name), set).map_err(|error| format!("{name}: {error}"))
    });
    fs::remove_dir_all(&folder)?;
    Ok(Some(results.into_iter().collect::<std::result::Result<_, _>>()?))
}

/// Printed past the test harness, which would capture it.
pub(crate) fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr(), "{text}")?)
}

/// Unpacks the archive into a folder for the test.
fn unpack(archive: &Path) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("real-{}", std::process::id()));
    let mut plain = Vec::new();
    ruzstd::decoding::StreamingDecoder::new(fs::read(archive)?.as_slice())?.read_to_end(&mut plain)?;
    fs::create_dir_all(&folder)?;
    tar::Archive::new(plain.as_slice()).unpack(&folder)?;
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
