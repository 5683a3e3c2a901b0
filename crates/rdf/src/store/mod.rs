//! Stores of triples: a snapshot in memory, a compiled file, text on disk, and the traits that they share.

pub(crate) mod any;
pub(crate) mod atomic;
pub(crate) mod cache;
pub(crate) mod compiled;
pub(crate) mod dataset;
pub(crate) mod dictionary;
pub(crate) mod error;
pub(crate) mod files;
mod fingerprint;
pub(crate) mod graph_index;
mod intern;
mod lines;
pub(crate) mod load;
pub(crate) mod memory;
pub(crate) mod query_term;
pub(crate) mod read;
pub(crate) mod source;
pub(crate) mod term_key;
mod transaction;
