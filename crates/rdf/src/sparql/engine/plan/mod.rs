//! Plans: immutable steps, and how they are made of the algebra of a query.
//!
//! [`node`] has the steps, as plain data; [`passes`] go over a whole plan. [`compiler`] has what is known while a plan is
//! made, and most other files compile one kind of thing with it. [`compile`] knows all kinds of patterns. It and the
//! three files whose patterns hold any others ([`filters`], [`modifiers`], [`expressions`]) call each other; the rest is
//! handed what compiles the patterns inside. Nothing here holds what a run finds out: see
//! [`run`](crate::sparql::engine::run).

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
mod language;
mod modifiers;
pub(crate) mod node;
pub(crate) mod order;
mod parts;
mod passes;
pub(crate) mod path;
mod patterns;
pub(crate) mod rows;
pub(crate) mod scalar;
mod scalars;
pub(crate) mod scan;
pub(crate) mod slots;
mod time;
pub(crate) mod volatile;
