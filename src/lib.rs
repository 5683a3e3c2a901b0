#![doc = "Maps of power."]

pub mod analysis;
pub mod model;
