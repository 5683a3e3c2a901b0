//! Plans: immutable steps, and how they are made of the algebra of a query.
//!
//! [`node`] defines the steps, as plain data; [`passes`] go over a whole plan. [`compiler`] holds the state of the
//! compiler, and most other files compile one construct with it. [`compile`] knows all kinds of patterns. It calls, and
//! is called by, the three files whose constructs contain any pattern ([`filters`], [`modifiers`], [`expressions`]);
//! other files take a closure that compiles the patterns inside. Plans never change while they run: the state of a run
//! is in [`run`](crate::sparql::engine::run).

mod answers;
pub(crate) mod certain;
pub(crate) mod check;
pub(crate) mod comparison;
pub(crate) mod compile;
pub(crate) mod compiler;
mod conditions;
mod cost;
mod expressions;
mod feed;
mod filters;
mod given;
mod graphs;
pub(crate) mod group;
pub(crate) mod join;
mod kinds;
mod language;
mod modifiers;
pub(crate) mod node;
pub(crate) mod order;
mod parts;
mod passes;
pub(crate) mod path;
mod patterns;
mod purpose;
pub(crate) mod rows;
pub(crate) mod scalar;
mod scalars;
pub(crate) mod scan;
pub(crate) mod slots;
mod time;
pub(crate) mod volatile;
