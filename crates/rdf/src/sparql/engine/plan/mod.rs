//! Plans: immutable steps, and how they are made of the algebra of a query.
//!
//! [`node`] has the steps; the other files compile patterns to them. Nothing here holds what a run finds out: see
//! [`run`](crate::sparql::engine::run).

mod answers;
pub(crate) mod certain;
pub(crate) mod comparison;
pub(crate) mod compile;
pub(crate) mod condition;
mod cost;
mod expressions;
mod feed;
mod filters;
mod given;
mod graphs;
pub(crate) mod group;
pub(crate) mod join;
mod language;
mod modifiers;
pub(crate) mod node;
pub(crate) mod order;
mod parts;
pub(crate) mod path;
mod patterns;
pub(crate) mod rows;
pub(crate) mod scalar;
mod scalars;
pub(crate) mod scan;
pub(crate) mod slots;
pub(crate) mod table;
mod time;
pub(crate) mod volatile;
