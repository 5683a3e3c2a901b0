//! Cells of Arrow as values of Python.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use powermap::model::Day;
use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDict, PyList};

/// The days from 0001-01-01 to 1970-01-01.
const UNIX_EPOCH: i32 = 719_162;

/// Returns a cell of a table; None for a null.
pub(crate) fn value<'py>(
    py: Python<'py>,
    array: &ArrayRef,
    row: usize,
) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    match array.data_type() {
        DataType::Utf8 => Ok(array
            .as_string::<i32>()
            .value(row)
            .into_pyobject(py)?
            .into_any()),
        DataType::Int64 => Ok(array
            .as_primitive::<Int64Type>()
            .value(row)
            .into_pyobject(py)?
            .into_any()),
        DataType::Float64 => Ok(array
            .as_primitive::<Float64Type>()
            .value(row)
            .into_pyobject(py)?
            .into_any()),
        DataType::Boolean => {
            let flag = array.as_boolean().value(row).into_pyobject(py)?;
            Ok(flag.to_owned().into_any())
        }
        DataType::Date32 => day(py, array.as_primitive::<Date32Type>().value(row)),
        DataType::List(_) => {
            let list = array.as_list::<i32>().value(row);
            let values = (0..list.len()).map(|place| value(py, &list, place));
            Ok(PyList::new(py, values.collect::<PyResult<Vec<_>>>()?)?.into_any())
        }
        DataType::Struct(fields) => {
            let parts = PyDict::new(py);
            for (field, column) in fields.iter().zip(array.as_struct().columns()) {
                parts.set_item(field.name(), value(py, column, row)?)?;
            }
            Ok(parts.into_any())
        }
        _ => Ok(py.None().into_bound(py)),
    }
}

fn day<'py>(py: Python<'py>, number: i32) -> PyResult<Bound<'py, PyAny>> {
    let day = number
        .checked_add(UNIX_EPOCH)
        .and_then(|days| Day::FIRST.plus(days));
    let text = day.map(|day| day.to_string()).unwrap_or_default();
    let numbers: Vec<u16> = text
        .split('-')
        .filter_map(|part| part.parse().ok())
        .collect();
    match numbers.as_slice() {
        [year, month, day] => {
            let (month, day) = (*month as u8, *day as u8);
            Ok(PyDate::new(py, i32::from(*year), month, day)?.into_any())
        }
        _ => Ok(py.None().into_bound(py)),
    }
}
