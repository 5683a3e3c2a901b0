//! Where triples live: a snapshot in memory, a compiled file, text on disk, and what they have in common.

pub mod any;
pub mod atomic;
pub mod cache;
pub mod compiled;
pub mod dataset;
pub mod dictionary;

pub mod error;
mod files;
mod fingerprint;
pub mod graph_index;
pub mod hint;
mod intern;
mod lines;
pub mod load;
pub mod memory;
pub mod read;

pub mod source;
pub(crate) mod term_key;
mod transaction;
