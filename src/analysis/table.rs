//! The one table of analyses, which the program, SPARQL, and the reference page all read.

use crate::analysis::definition::Analysis;
use crate::analysis::{
    conflicts, control, dependence, diff, exposure, loops, paths, standing, timeline, what_if,
};

/// The analyses, in alphabetical order.
const ALL: [Analysis; 10] = [
    conflicts::ANALYSIS,
    control::ANALYSIS,
    dependence::ANALYSIS,
    diff::ANALYSIS,
    exposure::ANALYSIS,
    loops::ANALYSIS,
    paths::ANALYSIS,
    standing::ANALYSIS,
    timeline::ANALYSIS,
    what_if::ANALYSIS,
];

/// Returns all analyses, in alphabetical order.
pub const fn all() -> &'static [Analysis] {
    &ALL
}

/// Returns the analysis of a name.
///
/// ```
/// use powermap::analysis::find;
/// assert_eq!(find("timeline").map(|analysis| analysis.name), Some("timeline"));
/// assert!(find("sorcery").is_none());
/// ```
pub fn find(name: &str) -> Option<&'static Analysis> {
    all().iter().find(|analysis| analysis.name == name)
}
