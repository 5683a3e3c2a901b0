//! Leverage: by how much others need a player more than it needs them.

use crate::analysis::amount::by_group;
use crate::analysis::dependence::belongs;
use crate::analysis::position::Lens;
use crate::model::unit::Measure;
use std::collections::BTreeMap;

/// The sum of asymmetries of each node over supply, funding, sales and portfolio.
///
/// For a pair with value x, in(t) the target's whole and out(s) the source's, the target needs the source by x/in(t) and
/// the source the target by x/out(s): the difference is the one's gain and the other's loss, so that all sum to zero.
/// Values in different units are different wholes. O(m log m).
pub(super) fn leverage(lens: Lens<'_>, measure: Option<Measure>) -> Vec<f64> {
    let mut sums = vec![0.0; lens.network.graph.node_count() as usize];
    for is_supply in [true, false] {
        for pairs in pairs(lens, is_supply, measure) {
            let (mut inward, mut outward) = (BTreeMap::new(), BTreeMap::new());
            for ((source, target), value) in &pairs {
                *outward.entry(*source).or_insert(0.0) += value;
                *inward.entry(*target).or_insert(0.0) += value;
            }
            for ((source, target), value) in &pairs {
                let need = |whole: f64| if whole > 0.0 { value / whole } else { 0.0 };
                let gain = need(inward[target]) - need(outward[source]);
                sums[*source as usize] += gain;
                sums[*target as usize] -= gain;
            }
        }
    }
    sums
}

type Pairs = BTreeMap<(u32, u32), f64>;

/// What lies between each two players, by unit, as headlines have it.
fn pairs(lens: Lens<'_>, is_supply: bool, measure: Option<Measure>) -> Vec<Pairs> {
    let graph = &lens.network.graph;
    let ends = |edge: u32| (graph.source(edge), graph.target(edge));
    let counts = |edge: &u32| ends(*edge).0 != ends(*edge).1 && belongs(lens, *edge, is_supply);
    let edges = lens.edges().filter(counts);
    let Some(measure) = measure else {
        let mut pairs = Pairs::new();
        for edge in edges {
            *pairs.entry(ends(edge)).or_default() += 1.0;
        }
        return vec![pairs];
    };
    let mut by_unit: BTreeMap<_, Pairs> = BTreeMap::new();
    for (pair, values) in by_group(lens, measure, edges.map(|edge| (edge, ends(edge)))) {
        for (unit, value) in values {
            by_unit
                .entry(unit)
                .or_default()
                .insert(pair, value.headline().max(0.0));
        }
    }
    by_unit.into_values().collect()
}
