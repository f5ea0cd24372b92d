//! `Schema`, compiled from files or from documents in memory.

use std::collections::BTreeMap;
use std::path::PathBuf;

use packetcheck_core::diagnostic::render::text;
use packetcheck_core::{Schema as Compiled, SchemaError, Sources};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// A compiled schema: immutable, shared by threads. A pickle holds the documents that it was compiled from.
#[pyclass(frozen, module = "packetcheck")]
pub(crate) struct Schema(pub(crate) Compiled);

#[pymethods]
impl Schema {
    #[staticmethod]
    #[pyo3(signature = (*paths, map=BTreeMap::new(), folders=Vec::new()), text_signature = "(*paths, map={}, folders=[])")]
    fn from_files(
        py: Python<'_>,
        paths: Vec<PathBuf>,
        map: BTreeMap<String, PathBuf>,
        folders: Vec<PathBuf>,
    ) -> PyResult<Schema> {
        let sources = paths.iter().fold(Sources::new(), Sources::root);
        let sources = map.iter().fold(sources, |sources, (uri, path)| sources.map(uri, path));
        compile(py, &folders.iter().fold(sources, Sources::folder))
    }

    #[staticmethod]
    fn from_documents(py: Python<'_>, roots: Vec<String>, documents: BTreeMap<String, Vec<u8>>) -> PyResult<Schema> {
        let sources = roots.iter().fold(Sources::new(), Sources::root);
        compile(py, &documents.iter().fold(sources, |sources, (name, bytes)| sources.document(name, bytes)))
    }

    fn __repr__(&self) -> String {
        format!("<packetcheck.Schema {}>", self.0.documents().collect::<Vec<_>>().join(", "))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let sources = serde_json::to_vec(self.0.sources()).map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok((py.import("packetcheck")?.getattr("_restore_schema")?, (PyBytes::new(py, &sources),)))
    }
}

/// Support for pickling.
#[pyfunction]
pub(crate) fn _restore_schema(py: Python<'_>, sources: &[u8]) -> PyResult<Schema> {
    compile(py, &serde_json::from_slice(sources).map_err(|error| PyValueError::new_err(error.to_string()))?)
}

fn compile(py: Python<'_>, sources: &Sources) -> PyResult<Schema> {
    py.detach(|| Compiled::from_sources(sources)).map(Schema).map_err(|error| PyValueError::new_err(described(&error)))
}

/// All errors of a schema, as the command shows them.
fn described(error: &SchemaError) -> String {
    let shown = error.files().iter().map(|file| {
        text::diagnostics(file.path(), file.bytes().unwrap_or_default(), &file.report().diagnostics, false)
    });
    format!("{}{error}", shown.collect::<String>())
}
