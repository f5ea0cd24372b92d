//! `Report`, and the exception that carries one.

use packetcheck_core::diagnostic::Report as Found;
use packetcheck_core::diagnostic::render::{json, text};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pyo3::create_exception!(packetcheck, InvalidPacket, PyValueError, "A packet that is invalid; `report` says why.");

/// Everything that is wrong or odd with a packet. Plain data, so it can be pickled.
#[pyclass(frozen, module = "packetcheck")]
pub(crate) struct Report {
    #[pyo3(get)]
    kind: Option<String>,
    #[pyo3(get)]
    errors: usize,
    #[pyo3(get)]
    warnings: usize,
    /// An array of JSON.
    diagnostics: String,
    shown: String,
}

impl Report {
    /// `text` is the text that the report refers to.
    pub(crate) fn new(kind: Option<&str>, text: &[u8], found: &Found) -> PyResult<Report> {
        let diagnostics = serde_json::to_string(&json::diagnostics(text, &found.diagnostics));
        let diagnostics = diagnostics.map_err(|error| PyValueError::new_err(error.to_string()))?;
        let summary = found.to_string();
        let summary = summary.lines().last().unwrap_or_default();
        let shown = text::diagnostics("packet", text, &found.diagnostics, false) + summary;
        let (kind, errors, warnings) = (kind.map(str::to_owned), found.errors, found.warnings);
        Ok(Report { kind, errors, warnings, diagnostics, shown })
    }

    /// The exception that carries this report.
    pub(crate) fn into_exception(self, py: Python<'_>) -> PyErr {
        let report = match Py::new(py, self) {
            Ok(report) => report,
            Err(error) => return error,
        };
        let exception = InvalidPacket::new_err((report.clone_ref(py),));
        match exception.value(py).setattr("report", report) {
            Ok(()) => exception,
            Err(error) => error,
        }
    }
}

#[pymethods]
impl Report {
    #[getter]
    fn valid(&self) -> bool {
        self.errors == 0
    }

    #[getter]
    fn diagnostics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        crate::loads(py, &self.diagnostics)
    }

    fn __bool__(&self) -> bool {
        self.valid()
    }

    fn __str__(&self) -> &str {
        &self.shown
    }

    fn __repr__(&self) -> String {
        let (errors, warnings) = (self.errors, self.warnings);
        let kind = self.kind.as_ref().map_or("None".to_owned(), |kind| format!("'{kind}'"));
        format!("<packetcheck.Report kind={kind} errors={errors} warnings={warnings}>")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (State,))> {
        let state = (self.kind.clone(), self.errors, self.warnings, self.diagnostics.clone(), self.shown.clone());
        Ok((py.import("packetcheck")?.getattr("_restore_report")?, (state,)))
    }
}

type State = (Option<String>, usize, usize, String, String);

/// Support for pickling.
#[pyfunction]
pub(crate) fn _restore_report(state: State) -> Report {
    let (kind, errors, warnings, diagnostics, shown) = state;
    Report { kind, errors, warnings, diagnostics, shown }
}
