//! What the benches of queries share: engines side by side, each in a process of its own, and the tables about them.

pub(crate) mod comparison;
pub(crate) mod engine;
pub(crate) mod options;
mod stores;
mod substitute;
pub(crate) mod table;
mod tally;
pub(crate) mod worker;

/// Whatever goes wrong: the benches only print it.
pub(crate) type Failure = Box<dyn std::error::Error>;
