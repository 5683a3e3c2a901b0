//! The built-in map, read once for all tests.

use powermap::{Map, View};
use std::sync::OnceLock;

pub(crate) fn map() -> &'static Map {
    static MAP: OnceLock<Map> = OnceLock::new();
    MAP.get_or_init(|| Map::built_in().unwrap())
}

/// The map as it stood on a day.
pub(crate) fn on(day: &str) -> Map {
    map().with_view(View {
        as_of: Some(day.parse().unwrap()),
        ..View::default()
    })
}

/// The map as it was known by a day.
pub(crate) fn known_by(day: &str) -> Map {
    map().with_view(View {
        known_by: Some(day.parse().unwrap()),
        ..View::default()
    })
}
