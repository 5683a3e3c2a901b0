//! Floor 0: the words of a map of power as plain types.
//!
//! Nothing here reads files, triples or the clock.

pub mod board;
pub mod error;
pub mod find;
pub mod generate;
pub mod lang;
pub mod name;
pub mod quantity;
pub mod record;
pub mod resolve;
pub(crate) mod short_iri;
pub mod sum;
pub mod time;
pub mod unit;
pub mod view;
pub mod vocabulary;
