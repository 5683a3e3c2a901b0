#![doc = "Maps of power."]

pub mod analysis;
pub mod format;
pub mod model;
pub mod store;
