//! Evaluates SPARQL queries and updates, writes results, and validates SHACL shapes.

pub(crate) mod algebra;
mod binding;
mod bytes;
mod calls;
pub(crate) mod cancellation;
mod dataset;
mod engine;
pub(crate) mod error;
mod evaluation;
pub(crate) mod evaluator;
mod graph_variable;
mod interrupt;
mod memory;
mod nesting;
pub(crate) mod parameters;
mod query;
pub mod results;
pub(crate) mod rows;
pub(crate) mod service;
pub(crate) mod shapes;
pub(crate) mod solutions;
pub(crate) mod syntax;
pub(crate) mod tokens;
pub(crate) mod update;
pub(crate) mod watchdog;
mod zero_length;
