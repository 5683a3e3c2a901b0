//! From where a map is looked at: on which day, knowing what, and by which rule.

use crate::model::name::Policy;
use crate::model::time::Day;
use serde::Serialize;

/// Which day's board is wanted.
///
/// The default sees everything: as of the last day on which the map learnt anything, all claims known, the latest
/// claim preferred. The clock is never asked, so the same map always gives the same board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
pub struct View {
    /// The day the board is looked at (valid time); the day of [`View::known_by`] or the last claim's if `None`.
    pub as_of: Option<Day>,
    /// The last day whose claims count (knowledge time); all claims if `None`.
    pub known_by: Option<Day>,
    /// The rule that picks one value where claims disagree.
    pub policy: Policy,
}
