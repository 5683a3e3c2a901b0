//! What players can lose: the observations that exposures are measured against.

use crate::analysis::position::{Lens, Position};
use crate::model::quantity::Quantity;
use crate::model::time::TimeSpan;
use crate::model::unit::Measure;
use crate::model::vocabulary::PM;
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;

/// What exposures are measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExposureBase {
    /// The first of the others that is known.
    #[default]
    Any,
    /// What the market or the last round says that the player is worth.
    MarketValue,
    /// What has been ordered from it and is not yet paid.
    Backlog,
    /// What it earns in a year.
    Revenue,
}

impl ExposureBase {
    /// All bases.
    pub const ALL: [Self; 4] = [Self::Any, Self::MarketValue, Self::Backlog, Self::Revenue];

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::MarketValue => "market-value",
            Self::Backlog => "backlog",
            Self::Revenue => "revenue",
        }
    }

    /// Returns the metrics that serve as this base, the best first.
    fn metrics(self) -> &'static [&'static str] {
        match self {
            Self::Any => &[
                "MarketCapitalisation",
                "Valuation",
                "PreMoneyValuation",
                "Backlog",
                "Revenue",
                "AnnualRecurringRevenue",
            ],
            Self::MarketValue => &["MarketCapitalisation", "Valuation", "PreMoneyValuation"],
            Self::Backlog => &["Backlog"],
            Self::Revenue => &["Revenue", "AnnualRecurringRevenue"],
        }
    }
}

/// What one player can lose.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayerBase {
    /// The observation.
    pub observation: NamedNode,
    /// Its metric.
    pub metric: NamedNode,
    /// Its value, in a currency.
    pub quantity: Quantity,
}

impl PlayerBase {
    /// Returns one number for the value: the middle of an interval, or the bound that is known.
    pub(super) fn value(&self) -> f64 {
        self.quantity.headline().max(0.0)
    }
}

/// The bases of all players that have one.
pub(super) struct Bases(BTreeMap<NamedNode, PlayerBase>);

impl Bases {
    /// Looks through the observations that are known. O(o log o).
    pub(super) fn of(position: &Position, base: ExposureBase) -> Self {
        // By player: the place of the metric, and the time that the observation is about; the later is the better.
        let mut best: BTreeMap<NamedNode, ((usize, std::cmp::Reverse<_>), PlayerBase)> =
            BTreeMap::new();
        let (records, board) = position.observed();
        for (id, resolution) in &board.observations {
            let Some(observation) = records.observations.get(id) else {
                continue;
            };
            let metric = observation
                .metric
                .as_str()
                .strip_prefix(PM)
                .unwrap_or_default();
            let place = base.metrics().iter().position(|name| *name == metric);
            let value = resolution.value(Measure::Amount);
            let start = observation.period.and_then(TimeSpan::earliest);
            let is_later =
                matches!((start, position.day()), (Some(start), Some(day)) if start > day);
            let (Some(place), Some(value), false) = (place, value, is_later) else {
                continue;
            };
            let end = observation.period.and_then(TimeSpan::latest);
            let key = (place, std::cmp::Reverse(end));
            let found = PlayerBase {
                observation: id.clone(),
                metric: observation.metric.clone(),
                quantity: value.quantity,
            };
            match best.get(&observation.subject) {
                Some((known, _)) if *known <= key => {}
                _ => {
                    best.insert(observation.subject.clone(), (key, found));
                }
            }
        }
        Self(
            best.into_iter()
                .map(|(player, (_, base))| (player, base))
                .collect(),
        )
    }

    /// Returns the base of each node.
    pub(super) fn by_node(&self, lens: Lens<'_>) -> Vec<Option<&PlayerBase>> {
        let mut bases = vec![None; lens.network.graph.node_count() as usize];
        for (player, base) in &self.0 {
            if let Some(node) = lens.network.node(player) {
                bases[node as usize] = Some(base);
            }
        }
        bases
    }
}
