//! The extension module beneath the Python package `powermap`: maps, tables and networks.
//!
//! `python/powermap` has the documentation that people read; `_powermap.pyi` has the types of what is here.

mod board;
mod capsule;
mod failure;
mod frames;
mod map;
mod run;
mod solutions;
mod table;
mod terms;
mod values;

use pyo3::prelude::*;

#[pymodule]
mod _powermap {
    #[pymodule_export]
    use super::board::Board;
    #[pymodule_export]
    use super::failure::{ArgumentError, Error, FormatError, QueryError, TimeoutError};
    #[pymodule_export]
    use super::frames::{analyse, betweenness, components, loops, pagerank};
    #[pymodule_export]
    use super::map::{Map, open};
    #[pymodule_export]
    use super::table::Table;
    use super::{Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
