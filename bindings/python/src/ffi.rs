//! The Arrow C data interface in Python capsules. This module contains all unsafe code and nothing else.
#![allow(unsafe_code)]

use std::ffi::CStr;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayRef, RecordBatchReader, make_array};
use arrow_schema::{ArrowError, DataType};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// Two capsules: the type of an array, and the array.
pub(crate) type ArrayCapsules<'py> = (Bound<'py, PyCapsule>, Bound<'py, PyCapsule>);

/// The array that `__arrow_c_array__` returned.
pub(crate) fn import_array((schema, array): &ArrayCapsules<'_>) -> PyResult<Result<ArrayRef, ArrowError>> {
    let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
    let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
    // SAFETY: according to the Arrow PyCapsule interface, capsules with these names hold such structures. They are
    // moved out, which leaves released structures behind, as consumers of capsules may do.
    let (schema, array) =
        unsafe { (FFI_ArrowSchema::from_raw(schema.as_ptr()), FFI_ArrowArray::from_raw(array.as_ptr())) };
    // SAFETY: the producer promises that the array is of this type.
    Ok(unsafe { from_ffi(array, &schema) }.map(|mut data| {
        // Other languages align buffers to at most eight bytes.
        data.align_buffers();
        make_array(data)
    }))
}

/// The arrays that `__arrow_c_stream__` returned.
pub(crate) fn import_stream(capsule: &Bound<'_, PyCapsule>) -> PyResult<Result<ArrayStreamReader, ArrowError>> {
    let stream = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule with this name holds such a structure. It is moved out, which leaves a released structure
    // behind.
    Ok(unsafe { ArrayStreamReader::from_raw(stream.as_ptr()) })
}

/// The return value of `__arrow_c_schema__`.
pub(crate) fn export_type<'py>(py: Python<'py>, data_type: &DataType) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowSchema::try_from(data_type).map_err(crate::arrow_error)?, SCHEMA)
}

/// The return value of `__arrow_c_array__`.
pub(crate) fn export_array<'py>(py: Python<'py>, array: &dyn Array) -> PyResult<ArrayCapsules<'py>> {
    let (array, schema) = to_ffi(&array.to_data()).map_err(crate::arrow_error)?;
    Ok((PyCapsule::new_with_value(py, schema, SCHEMA)?, PyCapsule::new_with_value(py, array, ARRAY)?))
}

/// The return value of `__arrow_c_stream__`.
pub(crate) fn export_stream<'py>(
    py: Python<'py>,
    batches: impl RecordBatchReader + Send + 'static,
) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), STREAM)
}
