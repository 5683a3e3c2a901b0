//! Records to bytes and back: one file per format; never sees a store.

pub(crate) mod board_graph;
pub mod csv;
pub mod edge_list;
pub mod field;
pub(crate) mod generated;
mod letters;
pub mod mapping;
pub(crate) mod quads;
#[cfg(feature = "parquet")]
pub mod tables;

pub use crate::format::generated::{write_edges, write_rdf};
pub use crate::format::quads::record_quads;
