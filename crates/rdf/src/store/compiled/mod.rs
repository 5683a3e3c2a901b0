//! The compiled map: one immutable file of sorted columns that is mapped into memory and read in place.
//!
//! Opening reads the directory only, so it takes microseconds whatever the size. What is in the file byte by byte is
//! in `docs/compiled.md`; in short: a dictionary whose numbers are in the order of the terms' values
//! (`terms`), and for each graph and predicate the pairs of subject and object in both orders (`graph`).
//!
//! A file is never trusted. Its parts have checksums that are compared when a part is first touched, and what could
//! lead a reader astray (offsets, numbers of terms) is checked then as well: see `pages`.

pub(crate) mod build;
mod check;
mod columns;
pub(crate) mod dataset;
pub(crate) mod graph;
pub(crate) mod keys;
pub(crate) mod kind;
mod layout;
mod named;
mod output;
mod overlay;
pub(crate) mod pages;
mod quads;
pub(crate) mod scan;
pub(crate) mod sets;
pub(crate) mod store;
pub(crate) mod terms;
mod text;
