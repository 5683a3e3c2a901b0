//! Tables in and out through the Arrow PyCapsule interface, without copies.

use crate::failure::Failure;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator};
use pyo3::exceptions::PyTypeError;
use pyo3::ffi::c_str;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::ffi::CStr;

/// The name of a capsule that holds a stream.
const STREAM: &CStr = c_str!("arrow_array_stream");

/// The name of a capsule that holds a schema.
const SCHEMA: &CStr = c_str!("arrow_schema");

/// Returns a table as a capsule; whoever takes the stream out of it shares the columns.
pub(crate) fn stream_of<'py>(
    py: Python<'py>,
    batch: &RecordBatch,
) -> PyResult<Bound<'py, PyCapsule>> {
    let reader = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    let stream = FFI_ArrowArrayStream::new(Box::new(reader));
    PyCapsule::new_with_value(py, stream, STREAM)
}

/// Returns the schema of a table as a capsule.
pub(crate) fn schema_of<'py>(
    py: Python<'py>,
    batch: &RecordBatch,
) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(batch.schema().as_ref());
    let schema = schema.map_err(|error| Failure::Arrow(error).into_exception(py))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// Returns the parts of a frame: of whatever gives a stream of Arrow tables.
#[expect(unsafe_code, reason = "the interface hands over a pointer")]
pub(crate) fn reader_of(frame: &Bound<'_, PyAny>) -> PyResult<RecordBatchStreamReader> {
    let py = frame.py();
    if !frame.hasattr("__arrow_c_stream__")? {
        let kind = frame.get_type().name()?.to_string();
        return Err(PyTypeError::new_err(format!(
            "a frame of pandas, polars, pyarrow or duckdb is expected, not {kind}: it has no __arrow_c_stream__"
        )));
    }
    let capsule = frame.call_method0("__arrow_c_stream__")?;
    let capsule = capsule.cast::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(STREAM))?;
    // SAFETY: a capsule of this name holds an ArrowArrayStream, says the interface; `from_raw` moves it out and leaves a
    // released one behind, which the capsule may free.
    let reader = unsafe { RecordBatchStreamReader::from_raw(pointer.as_ptr().cast()) };
    reader.map_err(|error| Failure::Arrow(error).into_exception(py))
}
