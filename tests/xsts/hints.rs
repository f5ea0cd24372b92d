//! Schema documents that an instance names itself, in `xsi:schemaLocation` (XML Schema part 1, section 4.3.2). The
//! suite's documents are trusted, so what they name is loaded with the roots of the test.

use std::path::{Path, PathBuf};

use packetcheck::{Schema, Sources};

use crate::suite::Suite;

/// The schema of a test with the documents that the instance names; `None` if that adds nothing, or is not a schema.
pub(crate) fn schema(suite: &Suite, roots: &[String], loaded: &Schema, instance: &str) -> Option<Schema> {
    let path = suite.folder.join(instance);
    let roots = roots.iter().fold(Sources::new(), |sources, root| sources.root(suite.folder.join(root)));
    let sources = roots.with_schema_locations(&std::fs::read(&path).ok()?, &path);
    let known: Vec<PathBuf> = loaded.documents().filter_map(|name| Path::new(name).canonicalize().ok()).collect();
    let is_new =
        |location: &str, base: &Path| base.join(location).canonicalize().is_ok_and(|path| !known.contains(&path));
    let mut named = sources.schema_locations().into_iter();
    if named.any(|(_, location, base)| is_new(location, base)) { Schema::from_sources(&sources).ok() } else { None }
}
