//! Floor 6: what a picture shows.
//!
//! Gathers positions and records into the plain data of [`powermap_picture`], which lays it out and writes it.

pub mod choice;
mod convert;
pub mod error;
pub mod gather;
mod loops;
mod merge;
pub mod page;
mod sources;
pub mod strength;
mod widths;
