//! Sums of what edges are worth: totals never together with their parts, units never mixed, open ends kept open.
//!
//! Values of edges are not negative, so that a sum has a lower bound as soon as one of its terms has one: the terms
//! without one add nothing to it. An upper bound it has only if all of its terms do.

use crate::analysis::position::Lens;
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use std::collections::BTreeMap;

/// Sums by group and unit.
pub type Sums<G> = BTreeMap<G, BTreeMap<Unit, Quantity>>;

/// What edges are worth in one measure, summed for each group.
///
/// An edge that is a part of another's total counts for its own group and no longer for that of the total: if a round of
/// 47 has a part of 41 by one investor, the round's other investors put in 6. Parts that exceed their total leave
/// nothing. Edges without a value are left out; [`without_value`] names them.
///
/// O(e log e) for e edges, times the depth of totals in totals.
pub fn by_group<G: Ord + Copy>(
    lens: Lens<'_>,
    measure: Measure,
    edges: impl IntoIterator<Item = (u32, G)>,
) -> Sums<G> {
    let edges: BTreeMap<u32, (G, Quantity)> = edges
        .into_iter()
        .filter_map(|(edge, group)| {
            let value = lens.network.columns.value(edge, measure)?;
            Some((edge, (group, value.in_base_unit())))
        })
        .collect();
    let mut terms: BTreeMap<(G, Unit), Terms> = BTreeMap::new();
    for (edge, (group, value)) in &edges {
        let total = total_in(lens, *edge, |total| {
            edges
                .get(&total)
                .is_some_and(|(_, whole)| whole.unit == value.unit)
        });
        let whole = total
            .and_then(|total| edges.get(&total))
            .map(|(group, _)| *group);
        if whole == Some(*group) {
            continue;
        }
        terms.entry((*group, value.unit)).or_default().plus(value);
        if let Some(whole) = whole {
            terms.entry((whole, value.unit)).or_default().minus(value);
        }
    }
    let mut sums = Sums::new();
    for ((group, unit), terms) in terms {
        sums.entry(group).or_default().insert(unit, terms.sum(unit));
    }
    sums
}

/// What edges are worth together in one measure, by unit; see [`by_group`].
pub fn total(
    lens: Lens<'_>,
    measure: Measure,
    edges: impl IntoIterator<Item = u32>,
) -> BTreeMap<Unit, Quantity> {
    let mut sums = by_group(lens, measure, edges.into_iter().map(|edge| (edge, ())));
    sums.remove(&()).unwrap_or_default()
}

/// The edges that have no value in a measure.
pub fn without_value(
    lens: Lens<'_>,
    measure: Measure,
    edges: impl IntoIterator<Item = u32>,
) -> Vec<u32> {
    let has_none = |edge: &u32| lens.network.columns.value(*edge, measure).is_none();
    edges.into_iter().filter(has_none).collect()
}

/// The nearest total that an edge is a part of and that a condition holds of. Totals that contain each other end the
/// search.
fn total_in(lens: Lens<'_>, edge: u32, wanted: impl Fn(u32) -> bool) -> Option<u32> {
    let mut at = edge;
    for _ in 0..lens.network.totals.len() {
        at = *lens.network.totals.get(&at)?;
        if at == edge {
            return None;
        }
        if wanted(at) {
            return Some(at);
        }
    }
    None
}

/// The terms of one sum.
#[derive(Debug, Clone, Copy, Default)]
struct Terms {
    lower: Option<f64>,
    upper: f64,
    is_open: bool,
    /// What is taken away, at least and at most.
    away: (f64, f64),
    approximate: bool,
}

impl Terms {
    fn plus(&mut self, value: &Quantity) {
        if let Some(lower) = value.lower {
            self.lower = Some(self.lower.unwrap_or(0.0) + lower);
        }
        match value.upper {
            Some(upper) => self.upper += upper,
            None => self.is_open = true,
        }
        self.approximate |= value.approximate;
    }

    fn minus(&mut self, value: &Quantity) {
        self.away.0 += value.lower.unwrap_or(0.0);
        self.away.1 += value.upper.unwrap_or(f64::INFINITY);
        self.approximate |= value.approximate;
    }

    fn sum(self, unit: Unit) -> Quantity {
        Quantity {
            lower: self.lower.map(|lower| (lower - self.away.1).max(0.0)),
            upper: (!self.is_open).then_some((self.upper - self.away.0).max(0.0)),
            unit,
            approximate: self.approximate,
        }
    }
}
