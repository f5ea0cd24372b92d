//! What a schema document says about itself and others, without compiling it. The command uses this to find documents
//! in folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::built_in::is_built_in;
use super::depth::{find_excess, parse_checked};
use super::document::read_file;
use super::locate::local_path;
use super::reader::{XSD, is};
use crate::xml::blank_doctype;

/// The outline of a schema document.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct SchemaOutline {
    /// The target namespace; empty if there is none.
    pub namespace: String,
    /// The files next to it that it includes or redefines.
    pub includes: Vec<PathBuf>,
    /// The network locations that it names, each with the namespace of the document there.
    pub remote: Vec<(String, String)>,
}

impl SchemaOutline {
    /// `None` if a file cannot be read or is not a schema document.
    #[must_use]
    pub fn read(path: &Path) -> Option<SchemaOutline> {
        let text = read_file(path).ok()?.text;
        let text = blank_doctype(&text).ok()?.map_or(text, Arc::from);
        if find_excess(&text).is_some() {
            return None;
        }
        let tree = parse_checked(&text).ok()?;
        let root = tree.root_element();
        if !root.has_tag_name((XSD, "schema")) {
            return None;
        }
        let namespace = root.attribute("targetNamespace").unwrap_or_default().to_owned();
        let mut outline = SchemaOutline { namespace, includes: Vec::new(), remote: Vec::new() };
        let folder = path.parent().unwrap_or(Path::new(""));
        for node in root.children().filter(|node| node.tag_name().namespace() == Some(XSD)) {
            let Some(location) = node.attribute("schemaLocation").map(str::trim) else { continue };
            let is_import = is(node, "import");
            match local_path(location) {
                Ok(_) if is_import => {}
                Ok(beside) => outline.includes.push(folder.join(beside)),
                Err(_) => {
                    let namespace = if is_import { node.attribute("namespace") } else { Some(&*outline.namespace) };
                    outline.remote.push((location.to_owned(), namespace.unwrap_or_default().to_owned()));
                }
            }
        }
        Some(outline)
    }

    /// Whether a namespace needs no file, because its document is built in.
    #[must_use]
    pub fn is_built_in(namespace: &str) -> bool {
        is_built_in(namespace)
    }

    /// The name of the file that a network location ends with, with the extension that servers omit.
    #[must_use]
    pub fn is_called(location: &str, path: &Path) -> bool {
        let end = location.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name == end || name.strip_suffix(".xsd") == Some(end))
    }
}
