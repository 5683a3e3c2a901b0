#![doc = include_str!("../README.md")]
// Not in the manifest: tests, benches and examples may do both.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

pub mod betweenness;
pub mod betweenness_sample;
pub mod bfs;
pub mod bonacich;
pub mod communities;
pub mod components;
pub mod constraint;
pub mod core_numbers;
pub mod cycles;
pub mod debt_rank;
pub mod error;
pub mod graph;
pub mod hops;
mod linear;
pub mod ownership;
pub mod pagerank;
pub mod paths;
mod petgraph;
pub mod rewire;
pub mod shortest_paths;
pub mod subset;
pub mod temporal_cycles;
mod undirected;
