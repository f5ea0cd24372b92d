//! packetcheck for Python. `rows` and `columns` do not depend on Python; `ffi` contains all unsafe code.
#![deny(unsafe_code)]

mod columns;
mod ffi;
mod judge;
mod report;
mod results;
mod rows;
mod schema;

use arrow_array::ffi_stream::ArrayStreamReader;
use arrow_array::{Array as _, ArrayReader as _, ArrayRef, BooleanArray};
use arrow_schema::{ArrowError, DataType};
use packetcheck_core::EncodeError;
use packetcheck_core::codec::table::Table as Rows;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use judge::{Judge, expected, packet_bytes, parse_kind, parse_schema};
use report::Report;
use results::{BooleanColumn, Table};

/// Packets up to this size are checked without releasing the lock of the interpreter, which would take longer.
const SMALL: usize = 4096;

/// The most rows of a batch: the results in each column must fit 2 GiB.
const PART: usize = 1 << 18;

/// Whether a packet is valid.
#[pyfunction]
#[pyo3(signature = (packet, *, kind=None, schema=None))]
fn is_valid(
    py: Python<'_>,
    packet: &Bound<'_, PyAny>,
    kind: Option<&str>,
    schema: Option<&Bound<'_, PyAny>>,
) -> PyResult<bool> {
    let judge = Judge::new(kind, schema)?;
    let packet = packet_bytes(packet)?;
    if packet.len() <= SMALL {
        return Ok(judge.is_valid(&packet));
    }
    Ok(py.detach(|| judge.is_valid(&packet)))
}

/// Everything that is wrong or odd with a packet.
#[pyfunction]
#[pyo3(signature = (packet, *, kind=None, schema=None))]
fn explain(
    py: Python<'_>,
    packet: &Bound<'_, PyAny>,
    kind: Option<&str>,
    schema: Option<&Bound<'_, PyAny>>,
) -> PyResult<Report> {
    explained(py, &Judge::new(kind, schema)?, &packet_bytes(packet)?)
}

fn explained(py: Python<'_>, judge: &Judge, packet: &[u8]) -> PyResult<Report> {
    py.detach(|| {
        let (kind, report) = judge.explain(packet);
        Report::new(kind.map(|kind| kind.name()), packet, &report)
    })
}

/// The values of a packet as JSON.
#[pyfunction]
#[pyo3(signature = (packet, *, kind=None, schema=None))]
fn decode_json(
    py: Python<'_>,
    packet: &Bound<'_, PyAny>,
    kind: Option<&str>,
    schema: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let judge = Judge::new(kind, schema)?;
    let packet = packet_bytes(packet)?;
    match py.detach(|| judge.decode(&packet)) {
        Ok(json) => String::from_utf8(json).map_err(|error| PyValueError::new_err(error.to_string())),
        Err(error) if error.report().is_some() => Err(explained(py, &judge, &packet)?.into_exception(py)),
        Err(error) => Err(PyValueError::new_err(error.to_string())),
    }
}

/// The values of a packet.
#[pyfunction]
#[pyo3(signature = (packet, *, kind=None, schema=None))]
fn decode<'py>(
    py: Python<'py>,
    packet: &Bound<'py, PyAny>,
    kind: Option<&str>,
    schema: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    loads(py, &decode_json(py, packet, kind, schema)?)
}

/// The packet of some values, or of JSON.
#[pyfunction]
#[pyo3(signature = (value, *, kind=None, schema=None))]
fn encode<'py>(
    py: Python<'py>,
    value: &Bound<'py, PyAny>,
    kind: Option<&str>,
    schema: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let judge = Judge::new(kind, schema)?;
    let is_json = value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>();
    let value = if is_json { value.clone() } else { py.import("json")?.call_method1("dumps", (value,))? };
    let json = packet_bytes(&value)?;
    let encoded = py.detach(|| judge.encode(&json));
    let encoded = encoded.ok_or_else(|| PyTypeError::new_err("expected `kind` or `schema`, found neither"))?;
    encoded.map(|packet| PyBytes::new(py, &packet)).map_err(|error| {
        // Places are in the JSON, unless the error is about the packet that it describes.
        let (error, text) = match &error {
            EncodeError::Values(error) => (error, &*json),
            EncodeError::Packet(error) => (error, &b""[..]),
        };
        match error.report() {
            Some(found) => Report::new(judge.kind().map(|kind| kind.name()), text, found)
                .map_or_else(|error| error, |report| report.into_exception(py)),
            None => PyValueError::new_err(error.to_string()),
        }
    })
}

/// Whether each packet of an Arrow array is valid.
#[pyfunction]
#[pyo3(signature = (array, *, kind=None, schema=None, threads=1))]
fn is_valid_batch(
    py: Python<'_>,
    array: &Bound<'_, PyAny>,
    kind: Option<&str>,
    schema: Option<&Bound<'_, PyAny>>,
    threads: usize,
) -> PyResult<BooleanColumn> {
    let judge = Judge::new(kind, schema)?;
    let chunks = Chunks::new(array)?.map(py, |chunk, _| columns::is_valid(chunk, &judge, threads))?;
    Ok(BooleanColumn(match <[BooleanArray; 1]>::try_from(chunks) {
        Ok([one]) => one,
        Err(several) => several.iter().flatten().collect(),
    }))
}

/// Verdict and first diagnostic of each packet of an Arrow array, as a table of as many rows.
#[pyfunction]
#[pyo3(signature = (array, *, kind=None, schema=None, threads=1))]
fn check_batch(
    py: Python<'_>,
    array: &Bound<'_, PyAny>,
    kind: Option<&str>,
    schema: Option<&Bound<'_, PyAny>>,
    threads: usize,
) -> PyResult<Table> {
    let judge = Judge::new(kind, schema)?;
    let batches = Chunks::new(array)?.map(py, |chunk, _| columns::check(chunk, &judge, threads))?;
    Ok(Table { schema: columns::check_schema(), batches })
}

/// The statuses of migrations in the packets of an Arrow array, a row for each migration.
#[pyfunction]
#[pyo3(signature = (array, *, kind=None, threads=1))]
fn status_batch(py: Python<'_>, array: &Bound<'_, PyAny>, kind: Option<&str>, threads: usize) -> PyResult<Table> {
    let kind = kind.map(parse_kind).transpose()?;
    let batches = Chunks::new(array)?.map(py, |chunk, first| columns::status(chunk, first, kind, threads))?;
    Ok(Table { schema: columns::status_schema(), batches })
}

/// The repeated elements at a path, a row for each of these.
#[pyfunction]
#[pyo3(signature = (array, *, schema, path, threads=1))]
fn decode_batch(
    py: Python<'_>,
    array: &Bound<'_, PyAny>,
    schema: &Bound<'_, PyAny>,
    path: &str,
    threads: usize,
) -> PyResult<Table> {
    let rows = Rows::new(&parse_schema(schema)?, path).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let batches = Chunks::new(array)?.map(py, |chunk, first| columns::decode(chunk, first, &rows, threads))?;
    Ok(Table { schema: columns::table_schema(&rows), batches })
}

/// The arrays in an argument.
enum Chunks {
    One(Option<ArrayRef>),
    Stream(Box<ArrayStreamReader>),
}

impl Chunks {
    fn new(given: &Bound<'_, PyAny>) -> PyResult<Chunks> {
        let chunks = if given.hasattr("__arrow_c_array__")? {
            let capsules = given.call_method0("__arrow_c_array__")?.extract()?;
            Chunks::One(Some(ffi::import_array(&capsules)?.map_err(arrow_error)?))
        } else if given.hasattr("__arrow_c_stream__")? {
            let capsule = given.call_method0("__arrow_c_stream__")?;
            Chunks::Stream(Box::new(ffi::import_stream(&capsule.extract()?)?.map_err(arrow_error)?))
        } else {
            return Err(expected("an Arrow array or stream (`__arrow_c_array__`, `__arrow_c_stream__`)", given));
        };
        let data_type = match &chunks {
            Chunks::One(array) => array.as_ref().map_or(&DataType::Null, |array| array.data_type()),
            Chunks::Stream(stream) => stream.field().data_type(),
        };
        rows::check_type(data_type).map_err(|error| PyTypeError::new_err(words(error)))?;
        Ok(chunks)
    }

    /// Calls a function with each array, in parts of some rows, and with the number of the first row. Other Python
    /// threads run in the meantime, and signals are handled after each part.
    fn map<T: Send>(
        mut self,
        py: Python<'_>,
        mut each: impl FnMut(&ArrayRef, usize) -> Result<T, ArrowError> + Send,
    ) -> PyResult<Vec<T>> {
        let (mut made, mut first) = (Vec::new(), 0);
        while let Some(array) = py.detach(|| self.next()) {
            let array = array.map_err(arrow_error)?;
            for begin in (0..array.len().max(1)).step_by(PART) {
                let part = array.slice(begin, PART.min(array.len() - begin));
                made.push(py.detach(|| each(&part, first)).map_err(arrow_error)?);
                first += part.len();
                py.check_signals()?;
            }
        }
        Ok(made)
    }
}

impl Iterator for Chunks {
    type Item = Result<ArrayRef, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Chunks::One(array) => array.take().map(Ok),
            Chunks::Stream(stream) => stream.next(),
        }
    }
}

fn arrow_error(error: ArrowError) -> PyErr {
    PyValueError::new_err(words(error))
}

/// Ours without the heading of their kind.
fn words(error: ArrowError) -> String {
    match error {
        ArrowError::InvalidArgumentError(message) => message,
        other => other.to_string(),
    }
}

/// JSON as values of Python.
fn loads<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (json,))
}

/// Validates API packets against their documentation: by rows, and by Arrow columns.
#[pymodule]
mod packetcheck {
    #[pymodule_export]
    use super::report::{_restore_report, InvalidPacket, Report};
    #[pymodule_export]
    use super::results::{BooleanColumn, Table};
    #[pymodule_export]
    use super::schema::{_restore_schema, Schema};
    #[pymodule_export]
    use super::{
        check_batch, decode, decode_batch, decode_json, encode, explain, is_valid, is_valid_batch, status_batch,
    };
}
