#![doc = include_str!("../README.md")]
// Not in the manifest: tests, benches and examples may do both.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

pub mod format;
pub mod prefixes;
pub mod sparql;
pub mod spelling;
pub mod store;
