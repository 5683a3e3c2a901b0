//! The analyses against their definitions, worked out the slow way on thousands of small random maps.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

mod control;
mod dependence;
mod exposure;
mod loops;
mod metamorphic;
mod paths;
mod rows;
mod standing;
mod sums;
mod views;
