//! Floor 5: one file per analysis, records and board in, report out.
//!
//! An analysis never touches a store: what it needs is handed to it.

pub mod conflicts;
pub mod diff;
pub mod timeline;
