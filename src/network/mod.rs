//! Floor 4: the board as a compact directed multigraph.
//!
//! A [`named::Network`] names the nodes of a [`powermap_graph::Graph`] and gives its edges attribute columns.

pub(crate) mod columns;
mod compiled;
pub(crate) mod error;
pub(crate) mod flows;
pub(crate) mod from_board;
pub(crate) mod from_compiled;
pub(crate) mod from_edges;
pub(crate) mod named;
pub(crate) mod names;

pub use crate::network::error::NetworkError;
pub use crate::network::flows::Flows;
pub use crate::network::named::{EdgeNames, Filter, Network};
