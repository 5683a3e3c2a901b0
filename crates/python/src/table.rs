//! Tables: the rows that queries and analyses give.

use crate::capsule::{schema_of, stream_of};
use crate::failure::Failure;
use crate::values::value;
use arrow_array::RecordBatch;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};

/// The most rows that stand in the text of a table.
const ROWS_SHOWN: usize = 10;

/// Rows of named columns, held as Arrow: pandas, polars, pyarrow and duckdb take them without copies.
#[pyclass(frozen, module = "powermap")]
pub(crate) struct Table {
    pub(crate) batch: RecordBatch,
    /// What the rows leave out or assume, a sentence each.
    #[pyo3(get)]
    pub(crate) notes: Vec<String>,
    /// Whether a limit left rows out.
    #[pyo3(get)]
    pub(crate) is_partial: bool,
}

impl Table {
    /// Returns a table without notes.
    pub(crate) fn of(batch: RecordBatch) -> Self {
        Self {
            batch,
            notes: Vec::new(),
            is_partial: false,
        }
    }
}

#[pymethods]
impl Table {
    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        let schema = self.batch.schema();
        schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    /// The number of rows.
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// The values of one column.
    fn __getitem__<'py>(&self, py: Python<'py>, column: &str) -> PyResult<Bound<'py, PyList>> {
        let Some(array) = self.batch.column_by_name(column) else {
            let hint = format!("there are {}", self.columns().join(", "));
            let message = format!("there is no column '{column}'");
            return Err(Failure::argument(message, &hint).into_exception(py));
        };
        let values = (0..array.len()).map(|row| value(py, array, row));
        PyList::new(py, values.collect::<PyResult<Vec<_>>>()?)
    }

    /// The rows as dictionaries; what is not known is None.
    fn to_pylist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.rows(py, self.batch.num_rows())
    }

    fn __repr__(&self) -> String {
        let (rows, columns) = (self.batch.num_rows(), self.columns().join(", "));
        format!("<powermap.Table of {rows} rows: {columns}>")
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let cells = |tag: &str, texts: &[String]| {
            let cells: String = texts
                .iter()
                .map(|text| format!("<{tag}>{}</{tag}>", escaped(text)))
                .collect();
            format!("<tr>{cells}</tr>")
        };
        let shown = self.batch.num_rows().min(ROWS_SHOWN);
        let mut rows = cells("th", &self.columns());
        for row in 0..shown {
            let texts = self.batch.columns().iter().map(|array| {
                let value = value(py, array, row)?;
                Ok(if value.is_none() {
                    String::new()
                } else {
                    value.str()?.to_string()
                })
            });
            rows += &cells("td", &texts.collect::<PyResult<Vec<_>>>()?);
        }
        let count = self.batch.num_rows();
        Ok(format!(
            "<table>{rows}</table><p>{shown} of {count} rows</p>"
        ))
    }

    /// The stream of the Arrow PyCapsule interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // Another schema is a wish that the interface lets go unfulfilled.
        drop(requested_schema);
        stream_of(py, &self.batch)
    }

    /// The schema of the Arrow PyCapsule interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_of(py, &self.batch)
    }
}

impl Table {
    fn rows<'py>(&self, py: Python<'py>, count: usize) -> PyResult<Bound<'py, PyList>> {
        let rows = PyList::empty(py);
        let columns = self.columns();
        for row in 0..count {
            let cells = PyDict::new(py);
            for (name, array) in columns.iter().zip(self.batch.columns()) {
                cells.set_item(name, value(py, array, row)?)?;
            }
            rows.append(cells)?;
        }
        Ok(rows)
    }
}

/// Returns a text as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
