//! Floor 5: one file per analysis, a position in, a report out.
//!
//! An analysis never touches a store: what it needs is handed to it as a [`position::Position`]. Each has a function
//! with options and a report of its own for those who embed it, and an entry in [`table::all`], from which the program,
//! SPARQL and the reference page take its name, parameters and columns.

pub mod answer;
pub mod checks;
pub mod column;
pub mod concentration;
pub mod conflicts;
pub mod control;
pub mod definition;
pub mod dependence;
pub mod diff;
pub mod error;
pub mod exposure;
pub mod facts;
pub mod loops;
pub mod page;
mod pairs;
pub mod parameter;
pub mod paths;
pub mod position;
pub mod standing;
pub mod table;
pub mod timeline;
pub mod what_if;
