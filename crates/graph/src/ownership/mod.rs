//! Who owns how much of whom through all chains, and who controls whom, from shares that are known within bounds.
//!
//! An edge goes from an owner to a company, with the fraction of the company that it stands for. [`Shares`] checks and
//! tightens the bounds once; [`owners`] and [`holdings`] follow shares through all chains and cycles; [`controllers`]
//! and [`controlled`] follow majorities.

mod blocks;
mod control;
mod integrated;
mod pass;
mod reach;
mod shares;

pub use control::{Verdict, controlled, controllers};
pub use integrated::{Form, Integrated, holdings, owners};
pub use shares::Shares;
