//! Floor 3: evaluating SPARQL queries and updates, writing results, the catalogue of named queries.

pub mod algebra;
pub mod cancellation;

mod dataset;
mod engine;
pub mod error;
pub mod evaluator;
mod graph_variable;
mod interrupt;
mod memory;
mod nesting;
pub mod parameters;
pub mod results;
pub mod rows;
pub mod service;
pub mod shapes;
pub mod solutions;
pub mod syntax;
pub mod tokens;
pub mod update;
pub mod watchdog;
