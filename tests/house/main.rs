//! The repository itself: its layers, its sizes, its manifest, and what its tests do where something is missing.
//!
//! Nothing here needs the library.

#[path = "../support"]
mod support {
    pub(crate) mod outside;
}

mod layers;
mod manifest;
mod outside;
mod prose;
mod sizes;
mod spoken;
mod words;
