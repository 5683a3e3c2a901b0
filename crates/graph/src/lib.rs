#![doc = include_str!("../README.md")]
// Not in the manifest: tests, benches and examples may do both.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod betweenness;
mod betweenness_sample;
mod bfs;
mod bonacich;
mod communities;
mod components;
mod constraint;
mod core_numbers;
mod cycles;
mod debt_rank;
mod error;
mod graph;
mod hops;
mod linear;
mod ownership;
mod pagerank;
mod paths;
mod petgraph;
mod rewire;
mod shortest_paths;
mod subset;
mod temporal_cycles;
mod undirected;
mod widest_paths;

pub use betweenness::betweenness;
pub use betweenness_sample::{BetweennessSample, BetweennessSampleOptions, betweenness_sample};
pub use bfs::{BfsTree, Direction, bfs};
pub use bonacich::{BonacichOptions, BonacichPower, bonacich_power, spectral_radius};
pub use communities::{Communities, communities};
pub use components::{Components, strong_components, weak_components};
pub use constraint::constraint;
pub use core_numbers::core_numbers;
pub use cycles::{Cycles, Ending, LengthCounts};
pub use debt_rank::{
    DebtRank, DebtRankBounds, DebtRankOptions, DebtRankVariant, debt_rank, debt_rank_bounds,
};
pub use error::GraphError;
pub use graph::Graph;
pub use ownership::{
    ControlVerdict, IntegratedOwnership, OwnershipForm, Shares, controlled, controllers, holdings,
    owners,
};
pub use pagerank::{PageRank, PageRankOptions, pagerank};
pub use paths::Paths;
pub use rewire::rewire;
pub use shortest_paths::{UNREACHED_DISTANCE, shortest_distances_f64, shortest_distances_u32};
pub use subset::Subset;
pub use temporal_cycles::TemporalCycles;
pub use widest_paths::widest_to;
