//! Integrated ownership and control by majority, from shares known within bounds.
//!
//! [`Shares`] checks and tightens the bounds once; [`owners`] and [`holdings`] follow shares through all chains and
//! cycles; [`controllers`] and [`controlled`] follow majorities.

mod blocks;
mod control;
mod integrated;
mod pass;
mod reach;
mod shares;

pub use control::{ControlVerdict, controlled, controllers};
pub use integrated::{IntegratedOwnership, OwnershipForm, holdings, owners};
pub use shares::Shares;
