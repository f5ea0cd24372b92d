//! The results of functions over batches: objects that any Arrow library accepts.

use arrow_array::{Array as _, ArrayRef, BooleanArray, RecordBatch, RecordBatchIterator, StructArray, make_array};
use arrow_data::ArrayData;
use arrow_data::transform::MutableArrayData;
use arrow_schema::{DataType, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::ffi::{self, ArrayCapsules};

/// An Arrow array of bool.
#[pyclass(frozen, module = "packetcheck")]
pub(crate) struct BooleanColumn(pub(crate) BooleanArray);

#[pymethods]
impl BooleanColumn {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        ffi::export_type(py, &DataType::Boolean)
    }

    /// Types are not converted: `requested_schema` is only a wish.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<ArrayCapsules<'py>> {
        drop(requested_schema);
        ffi::export_array(py, &self.0)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }
}

/// An Arrow table, in batches or as a whole.
#[pyclass(frozen, module = "packetcheck")]
pub(crate) struct Table {
    pub(crate) schema: SchemaRef,
    pub(crate) batches: Vec<RecordBatch>,
}

#[pymethods]
impl Table {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        ffi::export_type(py, &DataType::Struct(self.schema.fields().clone()))
    }

    /// See `BooleanColumn`.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        ffi::export_stream(py, RecordBatchIterator::new(batches, self.schema.clone()))
    }

    /// All batches combined.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<ArrayCapsules<'py>> {
        drop(requested_schema);
        match self.batches.as_slice() {
            [batch] => ffi::export_array(py, &StructArray::from(batch.clone())),
            batches => ffi::export_array(py, &self.joined(batches)?),
        }
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

impl Table {
    fn joined(&self, batches: &[RecordBatch]) -> PyResult<ArrayRef> {
        let empty = StructArray::from(RecordBatch::new_empty(self.schema.clone()));
        let parts = batches.iter().map(|batch| StructArray::from(batch.clone())).chain([empty]);
        let parts: Vec<ArrayData> = parts.map(|part| part.into_data()).collect();
        let mut joined = MutableArrayData::new(parts.iter().collect(), false, 0);
        for (index, part) in parts.iter().enumerate() {
            joined.try_extend(index, 0, part.len()).map_err(crate::arrow_error)?;
        }
        Ok(make_array(joined.freeze()))
    }
}
