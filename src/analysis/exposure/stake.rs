//! What players have at stake in each other.

use crate::analysis::amount::by_group;
use crate::analysis::exposure::base::PlayerBase;
use crate::analysis::position::Lens;
use crate::model::name::{Family, Flow, Status};
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;

/// For each player that may fail and each that this would hurt: what is at stake.
pub(super) type Stakes = BTreeMap<(u32, u32), Stake>;

/// What one player has at stake in another.
#[derive(Debug, Clone, Default)]
pub(super) struct Stake {
    /// What all edges are worth.
    all: BTreeMap<Unit, Quantity>,
    /// What those that bind are worth.
    binding: BTreeMap<Unit, Quantity>,
    edges: Vec<u32>,
    pub(super) without_amount: Vec<u32>,
}

/// The part of a base that an impact takes.
pub(super) struct Impact {
    pub(super) lower: f64,
    pub(super) known: f64,
    pub(super) upper: f64,
}

/// Everything at stake. O(m log m).
pub(super) fn stakes(lens: Lens<'_>) -> Stakes {
    let graph = &lens.network.graph;
    // The one who gives or supplies is hurt if the one who gets it fails.
    let pair = |edge: u32| (graph.target(edge), graph.source(edge));
    let edges: Vec<u32> = lens
        .edges()
        .filter(|edge| is_at_stake(lens, *edge) && pair(*edge).0 != pair(*edge).1)
        .collect();
    let mut stakes = Stakes::new();
    for edge in &edges {
        let stake = stakes.entry(pair(*edge)).or_default();
        stake.edges.push(*edge);
        if lens.network.columns.value(*edge, Measure::Amount).is_none() {
            stake.without_amount.push(*edge);
        }
    }
    let all = edges.iter().map(|edge| (*edge, pair(*edge)));
    for (pair, sums) in by_group(lens, Measure::Amount, all) {
        stakes.entry(pair).or_default().all = sums;
    }
    let is_binding = |edge: &&u32| lens.status(**edge).is_none_or(Status::is_binding);
    let binding = edges
        .iter()
        .filter(is_binding)
        .map(|edge| (*edge, pair(*edge)));
    for (pair, sums) in by_group(lens, Measure::Amount, binding) {
        stakes.entry(pair).or_default().binding = sums;
    }
    stakes
}

/// Whether an edge is money or goods that are lost to the source if the target fails.
fn is_at_stake(lens: Lens<'_>, edge: u32) -> bool {
    match lens.network.columns.family[edge as usize] {
        Family::Supply => true,
        Family::Investment => {
            let carries = lens.network.columns.kind_of(edge).carries;
            matches!(carries, Some(Flow::Cash | Flow::Guarantee))
        }
        Family::Influence => false,
    }
}

impl Stake {
    /// What is at stake in each currency: at least what binds, at most all.
    pub(super) fn quantities(&self) -> Vec<Quantity> {
        let quantity = |(unit, all): (&Unit, &Quantity)| {
            let binding = self.binding.get(unit);
            let lower = binding.and_then(|sum| sum.lower);
            // Edges that do not bind put a floor under nothing; a sum that nobody bounds stays open.
            let lower = lower.or(all.lower.map(|_| 0.0));
            Quantity {
                lower: lower.map(|lower| all.upper.map_or(lower, |upper| lower.min(upper))),
                ..*all
            }
        };
        self.all.iter().map(quantity).collect()
    }

    /// The bounds of the part of a base that is at stake; nothing without an amount in the currency of the base.
    pub(super) fn bounds(&self, base: Option<&PlayerBase>) -> Option<(f64, f64)> {
        let base = base?;
        let stakes = self.quantities();
        let stake = stakes
            .iter()
            .find(|stake| stake.unit == base.quantity.unit)?;
        let ratio = |part: Option<f64>, whole: Option<f64>, open: f64| match (part, whole) {
            (Some(part), Some(whole)) if whole > 0.0 => (part / whole).clamp(0.0, 1.0),
            _ => open,
        };
        let lower = ratio(stake.lower, base.quantity.upper, 0.0);
        let upper = ratio(stake.upper, base.quantity.lower, 1.0);
        let upper = if self.without_amount.is_empty() {
            upper
        } else {
            1.0
        };
        Some((lower, upper))
    }

    /// The impact on the one who has this at stake.
    pub(super) fn impact(&self, base: Option<&PlayerBase>) -> Impact {
        let (lower, upper) = self.bounds(base).unwrap_or((0.0, 1.0));
        let stake = base.and_then(|base| {
            let quantities = self.quantities();
            quantities
                .into_iter()
                .find(|q| q.unit == base.quantity.unit)
        });
        let known = match (base, stake) {
            (Some(base), Some(stake)) if base.value() > 0.0 => {
                stake.headline().max(0.0) / base.value()
            }
            _ => 0.0,
        };
        Impact {
            lower,
            known: known.clamp(lower, upper),
            upper,
        }
    }

    /// The edges, sorted.
    pub(super) fn ids(&self, lens: Lens<'_>) -> Vec<NamedNode> {
        let mut ids: Vec<_> = self
            .edges
            .iter()
            .map(|edge| lens.network.id(*edge))
            .collect();
        ids.sort();
        ids
    }
}
