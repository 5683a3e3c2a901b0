#![doc = "Maps of power."]

pub mod model;
