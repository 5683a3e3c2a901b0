//! The one table of analyses, which the program, SPARQL, and the reference page all read.

use crate::analysis::definition::Analysis;
use crate::analysis::{
    conflicts, control, dependence, diff, exposure, loops, paths, standing, timeline, what_if,
};

/// Returns all analyses, in alphabetical order.
pub fn all() -> &'static [Analysis] {
    &[
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
    ]
}

/// Returns the analysis of a name.
///
/// ```
/// use powermap::analysis::table::find;
/// assert_eq!(find("timeline").map(|analysis| analysis.name), Some("timeline"));
/// assert!(find("sorcery").is_none());
/// ```
pub fn find(name: &str) -> Option<&'static Analysis> {
    all().iter().find(|analysis| analysis.name == name)
}
