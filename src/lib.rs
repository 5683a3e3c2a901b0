#![doc = "Maps of power."]

pub mod analysis;
pub mod format;
pub mod map;
pub mod model;
pub mod sparql;
pub mod store;
