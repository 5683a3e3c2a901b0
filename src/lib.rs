#![doc = include_str!("../README.md")]

pub mod analysis;
#[cfg(feature = "cli")]
pub mod cli;
pub mod format;
pub mod map;
pub mod model;
pub mod network;
pub mod sparql;
pub mod store;
