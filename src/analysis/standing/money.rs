//! How much money goes through a player's hands.

use crate::analysis::pairs::{Pairs, pairs};
use crate::analysis::position::Lens;
use crate::model::name::Flow;
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use std::cmp::Reverse;

/// The money that goes through each player's hands.
pub(super) struct Handled {
    /// By node.
    pub(super) amounts: Vec<Option<Quantity>>,
    /// The units of other amounts, which are not in it.
    pub(super) left_out: Vec<Unit>,
}

/// Returns what each node pays and is paid on edges that carry or return cash, in the currency in which most pairs of
/// players deal (the first by code among equals); nothing where no amount is known.
///
/// Totals and their parts count once. O(n + m log m).
pub(super) fn handled(lens: Lens<'_>) -> Handled {
    let is_cash = |edge: u32| {
        let kind = lens.network.columns.kind_of(edge);
        [kind.carries, kind.returns].contains(&Some(Flow::Cash))
    };
    let nodes = lens.network.graph.node_count();
    let mut amounts = vec![None; nodes as usize];
    let by_unit = pairs(lens, Measure::Amount, is_cash);
    let by_count = |(unit, pairs): &(&Unit, &Pairs)| (pairs.count(), Reverse(unit.code()));
    let currencies = by_unit
        .iter()
        .filter(|(unit, _)| matches!(unit, Unit::Currency(_)));
    let Some((unit, pairs)) = currencies.max_by_key(by_count) else {
        return Handled {
            amounts,
            left_out: by_unit.into_keys().collect(),
        };
    };
    for target in 0..nodes {
        for place in pairs.places_into(target) {
            let amount = pairs.quantity(place, *unit);
            // Of a total whose parts run elsewhere, nothing may be left: that is no money of zero.
            if amount.upper == Some(0.0) {
                continue;
            }
            for node in [target, pairs.source(place)] {
                let sum: &mut Option<Quantity> = &mut amounts[node as usize];
                *sum = Some(sum.map_or(amount, |sum| sum.add_non_negative(&amount)));
            }
        }
    }
    let left_out = by_unit.keys().copied().filter(|other| other != unit);
    Handled {
        amounts,
        left_out: left_out.collect(),
    }
}
