//! Exposure: who is hurt if X fails?

mod base;
mod entry;
mod stake;

pub use base::{ExposureBase, PlayerBase};
pub use entry::ANALYSIS;

use crate::analysis::error::AnalysisError;
use crate::analysis::exposure::base::Bases;
use crate::analysis::exposure::stake::Stakes;
use crate::analysis::parameter::Usual;
use crate::analysis::position::Position;
use crate::model::quantity::Quantity;
use oxigraph::model::NamedNode;
use powermap_graph::{DebtRankOptions, DebtRankVariant, Graph, debt_rank, debt_rank_bounds};
use std::sync::atomic::AtomicBool;

/// What to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct ExposureOptions {
    /// The player that fails.
    pub failing: NamedNode,
    /// How much of it is lost, from 0 to 1.
    pub shock: f64,
    /// What impacts are measured against.
    pub base: ExposureBase,
}

/// The part of a failing player that is lost, unless it is said: all of it.
const SHOCK_USUAL: Usual<f64> = Usual {
    value: 1.0,
    text: "1",
};

impl ExposureOptions {
    /// Returns the options for the whole failure of a player, against any base there is.
    pub fn of(failing: NamedNode) -> Self {
        Self {
            failing,
            shock: SHOCK_USUAL.value,
            base: ExposureBase::default(),
        }
    }
}

/// What a failure does to one player.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    /// The player that is hurt.
    pub player: NamedNode,
    /// What it has at stake directly, in each currency; nothing where no amount is known.
    pub direct: Vec<Quantity>,
    /// Whether some of its edges with the failing player have no amount.
    pub is_incomplete: bool,
    /// What it is measured against.
    pub base: Option<PlayerBase>,
    /// The bounds of the part of the base that is at stake directly.
    pub impact: Option<(f64, f64)>,
    /// The part of its base that it loses in the cascade, as far as is known.
    pub cascade: f64,
    /// The bounds of the cascade.
    pub cascade_bounds: (f64, f64),
    /// The edges with the failing player, sorted.
    pub edges: Vec<NamedNode>,
}

/// Who is hurt.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExposureReport {
    /// Those with something directly at stake, by what they have at stake at most; then those whom the cascade reaches.
    pub rows: Vec<Exposure>,
    /// The part of the value of all players with a base that is lost beyond the shock: as known, and its bounds.
    pub rank: (f64, f64, f64),
    /// Players within reach that have no base, sorted.
    pub without_base: Vec<NamedNode>,
    /// Edges within reach that have no amount, sorted.
    pub without_amount: Vec<NamedNode>,
    /// Which of the variants the bounds are of.
    pub is_cumulative: bool,
}

/// Computes who is hurt if a player fails.
///
/// # Definition
/// *Direct*: what a counterparty P has at stake in X: the money it has put into X or lent it (edges that carry cash), what
/// it has guaranteed, and what X has ordered from it (supply edges P → X), by what the edges are worth. An edge that is
/// not binding (announced, planned, contingent, …) may come to nothing, so that it counts for the upper bound only.
///
/// *Base*: what P can lose, from an observation: by default its market capitalisation, else its valuation, else its
/// backlog, else its revenue (see [`ExposureBase`]), the latest that is not about a time after the day of the board. The *impact*
/// of X on P is direct / base, at most 1. P's base has to be in the currency of the exposure.
///
/// *Cascade*: DebtRank on the impacts of everybody on everybody, from the shock that X fails
/// ([`debt_rank_bounds`]). Distress is the part of its base that a player loses. Its assumptions: what is at stake in a
/// player in distress is lost in the proportion of that distress, at once, with no recovery, no one steps in, and each
/// player hands on its distress once (or, where bounds need it, each further loss once).
///
/// # What is missing
/// Missing bases and missing amounts are listed, not guessed. For the lower bound of the cascade they are taken as no
/// impact, for the upper one as full impact; besides the bounds there is the cascade of what is known, each interval taken
/// at its middle, each open one at the bound that is known.
///
/// # Complexity
/// O(m log m) for m edges, and the edges of those who are reached for each round of the cascade.
///
/// On made-up networks of 10⁵, 10⁶ and 10⁷ edges, for the player with the most edges: 23 ms, 0.29 s and 6.0 s
/// (`cargo bench --bench analyses`, two busy cores).
///
/// # References
/// S. Battiston, M. Puliga, R. Kaushik, P. Tasca and G. Caldarelli, *DebtRank: Too Central to Fail?*, Sci. Rep. 2:541
/// (2012). M. Bardoscia and others, *DebtRank: A Microscopic Foundation for Shock Propagation*, PLoS ONE 10 (2015).
///
/// # Errors
/// A shock that is not from 0 to 1, those of the network, cancelled.
///
/// # Example
/// ```
/// use powermap::analysis::{ExposureOptions, exposure};
/// use powermap::Map;
/// use std::sync::atomic::AtomicBool;
/// let map = Map::built_in()?;
/// let options = ExposureOptions::of(map.player("openai")?);
/// let report = exposure(&map.position()?, &options, &AtomicBool::new(false))?;
/// let microsoft = map.player("microsoft")?;
/// let row = report.rows.iter().find(|row| row.player == microsoft).ok_or("it is exposed")?;
/// assert_eq!(row.direct[0].upper, Some(263e9)); // 13 bn put in, and 250 bn of orders.
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn exposure(
    position: &Position,
    options: &ExposureOptions,
    cancel: &AtomicBool,
) -> Result<ExposureReport, AnalysisError> {
    let lens = position.network()?;
    let Some(failing) = lens.network.node(&options.failing) else {
        return Ok(ExposureReport::default());
    };
    let bases = Bases::of(position, options.base);
    let bases = bases.by_node(lens);
    let base = |node: u32| bases[node as usize];
    let stakes = Stakes::of(lens);
    let graph = stakes.graph()?;
    let impacts = stakes.impacts(base);
    let nodes = lens.network.graph.node_count();
    let spread = Spread {
        lower: impacts.iter().map(|impact| impact.lower).collect(),
        known: impacts.iter().map(|impact| impact.known).collect(),
        upper: impacts.iter().map(|impact| impact.upper).collect(),
        values: (0..nodes)
            .map(|node| base(node).map_or(0.0, PlayerBase::value))
            .collect(),
    };
    let cascade = spread.run(&graph, failing, options.shock, cancel)?;
    let mut report = ExposureReport {
        rank: cascade.rank,
        is_cumulative: cascade.is_cumulative,
        ..ExposureReport::default()
    };
    for node in 0..nodes {
        let is_hurt = stakes.is_hurt(failing, node);
        if node == failing || (!is_hurt && cascade.upper[node as usize] == 0.0) {
            continue;
        }
        let player = lens.network.player(node);
        if base(node).is_none() {
            report.without_base.push(player.clone());
        }
        report.rows.push(Exposure {
            player,
            direct: stakes.quantities(failing, node),
            is_incomplete: stakes.is_incomplete(failing, node),
            impact: stakes.bounds(failing, node, base(node)),
            base: base(node).cloned(),
            cascade: cascade.known[node as usize],
            cascade_bounds: (cascade.lower[node as usize], cascade.upper[node as usize]),
            edges: stakes.edges(failing, node),
        });
    }
    report.without_amount = stakes.without_amount(|node| cascade.upper[node as usize] > 0.0);
    report.rows.sort_by(by_stake);
    Ok(report)
}

/// Orders by what is at stake directly, then by the cascade, then by name.
fn by_stake(a: &Exposure, b: &Exposure) -> std::cmp::Ordering {
    let most = |row: &Exposure| {
        let uppers = row.direct.iter().map(|q| q.upper.unwrap_or(f64::INFINITY));
        uppers.fold(-1.0, f64::max)
    };
    (most(b).total_cmp(&most(a)))
        .then_with(|| b.edges.is_empty().cmp(&a.edges.is_empty()).reverse())
        .then_with(|| b.cascade.total_cmp(&a.cascade))
        .then_with(|| b.cascade_bounds.1.total_cmp(&a.cascade_bounds.1))
        .then_with(|| a.player.cmp(&b.player))
}

/// Impacts by edge and values by node.
struct Spread {
    lower: Vec<f64>,
    known: Vec<f64>,
    upper: Vec<f64>,
    values: Vec<f64>,
}

/// What became of everybody.
struct Cascade {
    lower: Vec<f64>,
    known: Vec<f64>,
    upper: Vec<f64>,
    rank: (f64, f64, f64),
    is_cumulative: bool,
}

impl Spread {
    fn run(
        &self,
        graph: &Graph,
        failing: u32,
        shock: f64,
        cancel: &AtomicBool,
    ) -> Result<Cascade, AnalysisError> {
        let rounds = |variant| {
            DebtRankOptions::new(variant)
                .with_tolerance(1e-9)
                .with_rounds_max(10_000)
        };
        let once = rounds(DebtRankVariant::Once);
        let shocks = [(failing, shock)];
        let impacts = (&self.lower[..], &self.upper[..]);
        let bounds = debt_rank_bounds(graph, impacts, &shocks, &self.values, &once, cancel)?;
        // What is known is followed in the same way as the bounds, so that it lies between them.
        let rounds = rounds(bounds.variant());
        let known = debt_rank(graph, &self.known, &shocks, &self.values, &rounds, cancel)?;
        Ok(Cascade {
            rank: (known.rank, bounds.lower.rank, bounds.upper.rank),
            is_cumulative: bounds.variant() == DebtRankVariant::Cumulative,
            lower: bounds.lower.distress,
            known: known.distress,
            upper: bounds.upper.distress,
        })
    }
}
