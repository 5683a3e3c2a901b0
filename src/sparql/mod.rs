//! Floor 3: evaluating SPARQL queries and updates, writing results, the catalogue of named queries.

pub mod catalogue;
mod dataset;
pub mod error;
pub mod evaluator;
mod parameters;
pub mod results;
pub mod rows;
pub mod syntax;
mod tokens;
pub mod update;
mod watchdog;
