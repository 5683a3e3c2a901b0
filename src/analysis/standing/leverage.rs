//! Leverage: by how much others need a player more than it needs them.

use crate::analysis::dependence::belongs;
use crate::analysis::pairs::{Pairs, counts, pairs};
use crate::analysis::position::Lens;
use crate::model::unit::Measure;

/// Returns the sum of asymmetries of each node over supply, funding, sales and portfolio.
///
/// For a pair with value x, in(t) the target's whole and out(s) the source's, the target needs the source by x/in(t) and
/// the source the target by x/out(s): the difference is the one's gain and the other's loss, so that all sum to zero.
/// Values in different units are different wholes. O(n + m log m).
pub(super) fn leverage(lens: Lens<'_>, measure: Option<Measure>) -> Vec<f64> {
    let nodes = lens.network.graph.node_count();
    let mut sums = vec![0.0; nodes as usize];
    for is_supply in [true, false] {
        let counts_here = |edge: u32| belongs(lens, edge, is_supply);
        let all: Vec<Pairs> = match measure {
            Some(measure) => pairs(lens, measure, counts_here).into_values().collect(),
            None => vec![counts(lens, counts_here)],
        };
        for pairs in &all {
            let wholes = pairs.wholes();
            for target in 0..nodes {
                for place in pairs.places_into(target) {
                    let (source, value) = (pairs.source(place), pairs.headline(place));
                    let needs = wholes.inward[target as usize].headline_share(value);
                    let is_needed = wholes.outward[source as usize].headline_share(value);
                    sums[source as usize] += needs - is_needed;
                    sums[target as usize] -= needs - is_needed;
                }
            }
        }
    }
    sums
}
