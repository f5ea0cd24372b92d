//! Schema documents that an instance names itself, in `xsi:schemaLocation` of its root (XML Schema part 1, section
//! 4.3.2). The suite's documents are trusted, so what they name is loaded with the roots of the test.

use std::path::{Path, PathBuf};

use packetcheck::Schema;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::suite::Suite;

/// The schema of a test with what the instance names besides; none where that is nothing new, or no schema.
pub(crate) fn schema(suite: &Suite, roots: &[String], loaded: &Schema, instance: &str) -> Option<Schema> {
    let path = suite.folder.join(instance);
    let known: Vec<PathBuf> =
        loaded.documents().filter_map(|document| Path::new(document).canonicalize().ok()).collect();
    let beside = path.parent()?;
    let named = locations(&path).into_iter().filter_map(|location| beside.join(location).canonicalize().ok());
    let new: Vec<PathBuf> = named.filter(|path| !known.contains(path)).collect();
    if new.is_empty() {
        return None;
    }
    let all: Vec<PathBuf> = roots.iter().map(|root| suite.folder.join(root)).chain(new).collect();
    Schema::from_files(&all).ok()
}

/// The locations that the root names.
fn locations(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut reader = Reader::from_str(&text);
    let tag = loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => break tag,
            Ok(Event::Eof) | Err(_) => return Vec::new(),
            Ok(_) => {}
        }
    };
    let mut locations = Vec::new();
    for attribute in tag.attributes().flatten() {
        let parts = attribute.value.split_ascii_whitespace().map(str::to_owned);
        match attribute.key.local_name().as_ref() {
            "schemaLocation" => locations.extend(parts.skip(1).step_by(2)),
            "noNamespaceSchemaLocation" => locations.extend(parts),
            _ => {}
        }
    }
    locations
}
