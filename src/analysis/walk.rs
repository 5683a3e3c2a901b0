//! What walks of players are made of: legs, what flows along a step, what a step and a whole walk are worth.

use crate::analysis::answer::Cell;
use crate::analysis::position::Lens;
use crate::model::name::{Family, Flow};
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use crate::model::vocabulary::pm;
use crate::network::flows::Flows;
use crate::words::Message;
use std::collections::BTreeMap;

/// What flows along a step of a loop or a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepFlow {
    /// What moves along the leg.
    pub flow: Flow,
    /// What the other side of the same edge sends for it.
    pub in_return: Option<Flow>,
}

/// Returns whether an arc is a leg: not the receipt for what an investment sends. The shares that nothing is sent for, those
/// of a warrant, are a leg.
pub(crate) fn is_leg(lens: Lens<'_>, flows: &Flows, arc: u32) -> bool {
    let edge = flows.edge[arc as usize];
    let is_investment = lens.network.columns.family(edge) == Family::Investment;
    is_forward(lens, flows, arc)
        || !is_investment
        || lens.network.columns.kind_of(edge).is_right_to_shares()
}

fn is_forward(lens: Lens<'_>, flows: &Flows, arc: u32) -> bool {
    flows.graph.source(arc) == lens.network.graph.source(flows.edge[arc as usize])
}

/// Returns whether an edge ties its two players: rivals are not tied.
pub(crate) fn is_tie(lens: Lens<'_>, edge: u32) -> bool {
    let concept = lens.network.columns.kind_of(edge).concept.as_ref();
    concept.is_none_or(|concept| *concept != pm::COMPETITION)
}

/// Returns what flows along some arcs, each once.
pub(crate) fn flows_along(lens: Lens<'_>, flows: &Flows, arcs: &[u32]) -> Vec<StepFlow> {
    let one = |arc: &u32| {
        let kind = lens.network.columns.kind_of(flows.edge[*arc as usize]);
        StepFlow {
            flow: flows.flow[*arc as usize],
            in_return: match is_forward(lens, flows, *arc) {
                // Nothing comes back for what is owned.
                _ if flows.flow[*arc as usize] == Flow::Ownership => None,
                true => kind.returns,
                false => kind.carries,
            },
        }
    };
    let mut found: Vec<_> = arcs.iter().map(one).collect();
    found.sort();
    found.dedup();
    found
}

/// Returns the measure of what some arcs carry: shares where all of them are stakes, else money.
pub(crate) fn measure(flows: &Flows, arcs: &[u32]) -> Measure {
    let is_stake = |arc: &u32| flows.flow[*arc as usize] == Flow::Ownership;
    match !arcs.is_empty() && arcs.iter().all(is_stake) {
        true => Measure::Share,
        false => Measure::Amount,
    }
}

/// Returns what flows as words: the names of the flows for programs, and for people what is sent for what.
pub(crate) fn flows_cell(flows: &[StepFlow]) -> Cell {
    let mut names: Vec<_> = flows.iter().map(|one| one.flow.name()).collect();
    names.dedup();
    Cell::words(names.join(";"), |lang| {
        let texts = flows.iter().map(|one| {
            let flow = word(one.flow).text(lang);
            match one.in_return {
                None => flow.to_owned(),
                Some(other) => {
                    let other = word(other).text(lang);
                    Message::FlowForFlow.filled(lang, &[("flow", &flow), ("other", &other)])
                }
            }
        });
        let texts: Vec<_> = texts.collect();
        texts.join(Message::Semicolon.text(lang))
    })
}

/// Returns the amount of a step; for people a question mark where it is not known.
pub(crate) fn amount_cell(amount: Option<Quantity>) -> Cell {
    match amount {
        Some(amount) => amount.into(),
        None => Cell::words("", |_| "?".to_owned()),
    }
}

fn word(flow: Flow) -> Message {
    match flow {
        Flow::Cash => Message::FlowCash,
        Flow::Equity => Message::FlowEquity,
        Flow::Debt => Message::FlowDebt,
        Flow::Goods => Message::FlowGoods,
        Flow::Service => Message::FlowService,
        Flow::Guarantee => Message::FlowGuarantee,
        Flow::Ownership => Message::FlowOwnership,
    }
}

/// What the steps of a walk are worth.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Worth {
    /// In the unit that those with an amount have in common, of several the one in which the most passes; a step without one
    /// is open.
    In(Vec<Quantity>),
    /// No step has an amount.
    Unknown,
    /// The steps have no unit in common.
    Mixed,
}

impl Worth {
    /// Returns what steps with these sums are worth.
    pub(crate) fn of(sums: &[BTreeMap<Unit, Quantity>]) -> Self {
        let known: Vec<_> = sums.iter().filter(|sums| !sums.is_empty()).collect();
        let Some(first) = known.first() else {
            return Self::Unknown;
        };
        let in_all = |unit: &&Unit| known.iter().all(|sums| sums.contains_key(*unit));
        let least = |unit: &&Unit| {
            let figures = known.iter().filter_map(|sums| sums.get(*unit));
            figures.map(figure).fold(f64::INFINITY, f64::min)
        };
        let units = first.keys().filter(in_all);
        let Some(unit) = units.min_by(|a, b| least(b).total_cmp(&least(a))).copied() else {
            return Self::Mixed;
        };
        let values = sums
            .iter()
            .map(|sums| sums.get(&unit).copied().unwrap_or_else(|| open(unit)));
        Self::In(values.collect())
    }

    /// Returns whether some step has no amount.
    pub(crate) fn has_unknown(&self) -> bool {
        match self {
            Self::In(values) => !values.iter().all(is_known),
            Self::Unknown => true,
            Self::Mixed => false,
        }
    }

    /// Returns the unit that the steps have in common.
    pub(crate) fn unit(&self) -> Option<Unit> {
        match self {
            Self::In(values) => values.first().map(|value| value.unit),
            _ => None,
        }
    }

    /// Returns what passes along the whole walk: of money the least step, of shares their product. Nothing where no bound
    /// is known.
    pub(crate) fn passing(&self, measure: Measure) -> Option<Quantity> {
        let passing = match measure {
            Measure::Share => self.fold(|a, b| Some(part_of_part(a, b))),
            _ => self.fold(|a, b| a.minimum(b).ok()),
        };
        passing.filter(is_known)
    }

    /// Returns the steps as one quantity.
    pub(crate) fn fold(
        &self,
        f: impl Fn(&Quantity, &Quantity) -> Option<Quantity>,
    ) -> Option<Quantity> {
        let Self::In(values) = self else {
            return None;
        };
        let (first, rest) = values.split_first()?;
        rest.iter().try_fold(*first, |a, b| f(&a, b))
    }
}

/// Returns whether a quantity has a bound.
pub(crate) fn is_known(quantity: &Quantity) -> bool {
    quantity.lower.is_some() || quantity.upper.is_some()
}

/// Returns the figure by which quantities are ordered, the greatest first: the greatest that is known of it, its upper bound
/// or else the lower one.
pub(crate) fn figure(quantity: &Quantity) -> f64 {
    quantity.upper.or(quantity.lower).unwrap_or(0.0)
}

/// Returns what is known of a step: in a unit where the walk has one, else in its only one.
pub(crate) fn step_amount(
    lens: Lens<'_>,
    edges: &[u32],
    measure: Measure,
    unit: Option<Unit>,
) -> Option<Quantity> {
    let sums = lens.quantities(edges, measure);
    let in_unit = unit.and_then(|unit| sums.get(&unit));
    let only = || (sums.len() == 1).then(|| sums.values().next()).flatten();
    in_unit.or_else(only).copied().filter(is_known)
}

fn open(unit: Unit) -> Quantity {
    Quantity {
        lower: None,
        upper: None,
        unit,
        approximate: false,
        lower_exclusive: false,
        upper_exclusive: false,
    }
}

/// Returns a share of a share, both in percent and at most the whole: 50 % of 60 % is 30 %. Of an unknown share, the whole
/// is the upper bound.
fn part_of_part(a: &Quantity, b: &Quantity) -> Quantity {
    let product = |a: f64, b: f64| a.min(100.0) * b.min(100.0) / 100.0;
    let lower = a.lower.zip(b.lower).map(|(a, b)| product(a, b));
    let upper = match (a.upper, b.upper) {
        (None, None) => None,
        (a, b) => Some(product(a.unwrap_or(100.0), b.unwrap_or(100.0))),
    };
    let is_more = |bound: Option<f64>| bound.is_some_and(|bound| bound > 0.0);
    Quantity {
        lower,
        upper,
        unit: a.unit,
        approximate: a.approximate || b.approximate,
        lower_exclusive: is_more(lower) && (a.lower_exclusive || b.lower_exclusive),
        upper_exclusive: is_more(upper) && (a.upper_exclusive || b.upper_exclusive),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(lower: Option<f64>, upper: Option<f64>) -> Quantity {
        let unit = Unit::named().find(|unit| unit.code() == "percent").unwrap();
        Quantity {
            lower,
            upper,
            ..open(unit)
        }
    }

    #[test]
    fn a_share_of_a_share_is_their_product() {
        let bounds = |a: Quantity, b: Quantity| {
            let product = part_of_part(&a, &b);
            (product.lower, product.upper)
        };
        let half = percent(Some(50.0), Some(60.0));
        assert_eq!(bounds(half, half), (Some(25.0), Some(36.0)));
        assert_eq!(bounds(half, percent(None, None)), (None, Some(60.0)));
        assert_eq!(
            bounds(half, percent(Some(110.0), None)),
            (Some(50.0), Some(60.0))
        );
        let more = percent(Some(50.0), None).excluding(true, false).unwrap();
        assert!(part_of_part(&more, &half).lower_exclusive);
    }
}
