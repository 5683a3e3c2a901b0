//! Runs a plan: each step hands its rows in batches to the step after it.
//!
//! The plan is immutable; results that a run keeps, such as rows that are made once, are its [`state`]. Only [`steps`]
//! knows all kinds of steps; the other files run one kind each.

mod batches;
mod closed;
mod closure;
mod concat;
pub(crate) mod explain;
mod filter;
mod group;
mod index;
mod join;
mod known;
mod levels;
mod output;
mod path;
mod scalar;
mod scan;
mod search;
mod shape;
mod sort;
pub(crate) mod state;
pub(crate) mod steps;
mod table;
mod tally;
