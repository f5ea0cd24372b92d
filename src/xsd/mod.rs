//! Schema documents (read with roxmltree) to the compiled form: load, resolve, check, compile.
//!
//! CONTRACT (skeleton): `compile` is what `Schema` calls.

use std::path::Path;

/// Why a schema cannot be used: opaque, with a place, in the house wording.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct SchemaError {
    path: String,
    line: u32,
    column: u32,
    message: String,
}

impl SchemaError {
    /// An error at a byte of a schema document.
    pub(crate) fn at(document: &crate::schema::Document, offset: usize, message: impl Into<String>) -> SchemaError {
        let before = document.text.get(..offset).unwrap_or(&document.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        SchemaError {
            path: document.path.clone(),
            line: before.bytes().filter(|byte| *byte == b'\n').count() as u32 + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() as u32 + 1,
            message: message.into(),
        }
    }
}

/// Where schema documents come from.
#[derive(Debug, Clone)]
pub(crate) enum Source<'a> {
    /// A file; includes are looked up beside the document that includes, never over the network.
    File(&'a Path),
    /// Documents in memory, by name; the first is the root, includes are looked up by name among them.
    Memory(&'a [(&'a str, &'a str)]),
}

#[allow(dead_code, clippy::todo, unused_variables)]
pub(crate) fn compile(source: Source<'_>) -> Result<crate::schema::Compiled, SchemaError> {
    todo!()
}
