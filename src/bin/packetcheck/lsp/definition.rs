//! Definition: where the schema declares the element, attribute or type under the cursor.

use std::path::{Path, PathBuf};

use packetcheck::PacketKind;
use packetcheck::assist::{self, Declaration};
use serde_json::{Value, json};

use super::answer::Refusal;
use super::protocol::{AtPosition, Location};
use super::server::{Snapshot, read};
use super::text::Text;
use super::uri;
use super::workspace::Workspace;

pub(crate) fn definition(document: &Snapshot, workspace: &Workspace, params: &Value) -> Result<Value, Refusal> {
    let AtPosition { position } = read(params)?;
    let Some(schema) = workspace.schema_of(document) else { return Ok(Value::Null) };
    let offset = document.text.offset(position);
    let Some(found) = assist::declaration(&schema, document.text.as_str(), offset) else { return Ok(Value::Null) };
    let Some(path) = file_of(&found, workspace) else { return Ok(Value::Null) };
    let text = Text::new(found.text.to_owned(), document.client.counts_bytes);
    let range = text.range(&(found.offset..found.offset));
    Ok(json!(Location { uri: uri::of_path(&path), range }))
}

/// The file of a schema document. A built-in one is written to the cache of the user.
fn file_of(found: &Declaration<'_>, workspace: &Workspace) -> Option<PathBuf> {
    let is_built_in = |kind: PacketKind| kind.schema_documents().iter().any(|(_, text)| *text == found.text);
    if !PacketKind::ALL.into_iter().any(is_built_in) {
        return Some(PathBuf::from(found.path)).filter(|path| path.is_file());
    }
    let name = Path::new(found.path).file_name()?;
    workspace.write_built_in(name.as_ref(), found.text)
}
