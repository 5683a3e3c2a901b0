#![doc = include_str!("../README.md")]
// Not in the manifest: tests, benches and examples may do both.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

pub mod analysis;
pub mod callable;
pub mod catalogue;
pub mod evidence;
pub mod format;
pub mod map;
pub mod model;
pub mod network;
pub mod picture;
pub mod records;
pub mod story;
mod words;

pub use crate::map::base::Map;
pub use crate::map::error::MapError;
pub use crate::map::limits::Limits;
pub use crate::map::open::OpenOptions;
pub use crate::model::lang::Lang;
pub use crate::model::view::View;
pub use powermap_rdf::Results;
