//! Floor 4: the board as a compact directed multigraph.
//!
//! A [`named::Network`] names the nodes of a [`powermap_graph::Graph`] and gives its edges attribute columns.

pub mod columns;
mod compiled;
pub mod error;
pub mod flows;
pub mod from_board;
pub mod from_compiled;
pub mod from_edges;
pub mod named;
pub mod names;
