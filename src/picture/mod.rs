//! Floor 6: what a picture shows.
//!
//! Gathers positions and records into the plain data of [`powermap_picture`], which lays it out and writes it.

pub(crate) mod choice;
mod convert;
mod direction;
pub(crate) mod error;
pub(crate) mod gather;
mod heading;
mod loops;
mod merge;
pub(crate) mod page;
mod sources;
mod stake;
pub(crate) mod strength;
mod widths;

pub use crate::picture::choice::{Choice, DRAWN_MAX, Players};
pub use crate::picture::error::SceneError;
pub use crate::picture::gather::{SceneOptions, scene, scene_of_difference, whole_scene};
pub use crate::picture::page::{changing_days, write as write_page};
