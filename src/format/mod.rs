//! Records to bytes and back: one file per format; never sees a store.

pub mod board_graph;
pub mod csv;
pub mod edge_list;
pub mod generated;
pub mod quads;
