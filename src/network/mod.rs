//! Floor 4: the board as a compact directed multigraph.
//!
//! [`graph::Graph`] is the bare topology: compressed adjacency in both directions with 32-bit ids. A
//! [`named::Network`] names its nodes and gives its edges attribute columns. Both are immutable; a
//! [`subset::Subset`] of the edges is a cheap view. [`cycles::Cycles`] finds the loops in a
//! graph. Everything here runs on graphs that were never RDF as well.

pub mod betweenness;
pub mod betweenness_sample;
pub mod bfs;
pub mod bonacich;
pub mod columns;
pub mod communities;
mod compiled;
pub mod components;
pub mod constraint;
pub mod core_numbers;
pub mod cycles;
pub mod debt_rank;
pub mod error;
pub mod flows;
pub mod from_board;
pub mod from_compiled;
pub mod from_edges;
pub mod graph;
pub mod hops;
mod linear;
pub mod named;
pub mod names;
pub mod ownership;
pub mod pagerank;
pub mod paths;
mod petgraph;
pub mod rewire;
pub mod shortest_paths;
pub mod subset;
pub mod temporal_cycles;
mod undirected;
