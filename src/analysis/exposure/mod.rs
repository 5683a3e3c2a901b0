//! Exposure: who is hurt if X fails?

mod base;
mod entry;
mod stake;

pub use base::{ExposureBase, PlayerBase};
pub use entry::ANALYSIS;

use crate::analysis::error::AnalysisError;
use crate::analysis::exposure::base::Bases;
use crate::analysis::exposure::stake::{Amounts, Impacts, Losses, Stakes};
use crate::analysis::parameter::Usual;
use crate::analysis::position::Position;
use crate::model::quantity::Quantity;
use crate::model::unit::Unit;
use oxigraph::model::NamedNode;
use powermap_graph::{DebtRankOptions, DebtRankVariant, debt_rank, debt_rank_bounds};
use std::collections::BTreeSet;
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

/// What a failure does to one player. Amounts are in each currency, and nothing where none is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    /// The player that is hurt.
    pub player: NamedNode,
    /// What it owns of the failing player: `stakes` and `debts` together, a total and its parts once.
    pub direct: Vec<Quantity>,
    /// The money that it has put into the failing player for shares, and the shares that it has given for them.
    pub stakes: Vec<Quantity>,
    /// What it has lent to the failing player, and guaranteed for it.
    pub debts: Vec<Quantity>,
    /// What the failing player has ordered from it and has not yet got. No asset, but business that is lost: no part of
    /// `direct`.
    pub orders: Vec<Quantity>,
    /// What the failing player supplies to it.
    pub supplies: Vec<Quantity>,
    /// Whether some of the stakes and debts have no amount.
    pub is_incomplete: bool,
    /// What it is measured against.
    pub base: Option<PlayerBase>,
    /// The bounds of the part of the base that `direct` is.
    pub impact: Option<(f64, f64)>,
    /// The part of its base that it loses in the cascade, by the amounts that are known; nothing where none on the way to
    /// it is, or it has no base.
    pub cascade: Option<f64>,
    /// The bounds of the cascade; nothing without a base, and where nothing is known but that it is some part.
    pub cascade_bounds: Option<(f64, f64)>,
    /// The edges with the failing player, sorted.
    pub edges: Vec<NamedNode>,
}

/// Who is hurt.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExposureReport {
    /// Those with something directly at stake, by what they own at most, then by orders and supplies; then those whom the
    /// cascade reaches.
    pub rows: Vec<Exposure>,
    /// The part of the value of all players with a base that is lost beyond the shock: by what is known, and its bounds.
    /// Nothing where no loss is known, or where the bases are in several currencies.
    pub rank: Option<(f64, f64, f64)>,
    /// Whether the bases are in several currencies, which have no sum.
    pub has_several_currencies: bool,
    /// Players within reach that have no base, sorted.
    pub without_base: Vec<NamedNode>,
    /// Edges within reach that have no amount, or only a least one that nobody is bound to, sorted.
    pub without_amount: Vec<NamedNode>,
    /// Edges that are no loss of those who gave: money for nothing, and the value of shares to which they have a right;
    /// sorted.
    pub no_loss: Vec<NamedNode>,
    /// Players that have no row, since what they put in is a total that is listed by its parts, sorted.
    pub listed_by_parts: Vec<NamedNode>,
    /// Which of the variants the bounds are of.
    pub is_cumulative: bool,
}

/// Computes who is hurt if a player fails.
///
/// # Definition
/// What a counterparty P has to do with X, each on its own: *stakes*, the money it has put into X; *debts*, what it has lent X
/// or guaranteed for it; *orders*, what X has ordered from it and has not yet got (supply edges P → X that are not
/// completed); *supplies*, what X supplies to it (supply edges X → P). All by what the edges are worth. An edge that is
/// not binding (announced, planned, contingent, …) may come to nothing, so that it counts for the upper bound only. A part of X
/// that P holds, or has a right to, is a stake of unknown amount where P put no money into X that an edge tells of. Shares
/// that P gave for those of X are money put in. What P gave for nothing (a grant, a pledge) is gone already, and listed.
///
/// *Direct* is what P owns of X: stakes and debts. An order is no asset, but business that may be lost, and what X supplies is
/// P's to find elsewhere: neither is summed with anything, nor enters the cascade.
///
/// *Base*: what P can lose, from an observation: by default its market capitalisation, else its valuation, else its
/// backlog, else its revenue (see [`ExposureBase`]), the latest that is not about a time after the day of the board. The *impact*
/// of X on P is direct / base, at most 1; nothing where either is not known. P's base has to be in the currency of the exposure.
///
/// *Cascade*: DebtRank on the impacts of everybody on everybody, from the shock that X fails
/// ([`debt_rank_bounds`]): losses of balance sheets, through stakes and debts alone. Distress is the part of its base that a player loses. Its assumptions: what is at stake in a
/// player in distress is lost in the proportion of that distress, at once, with no recovery, no one steps in, and each
/// player hands on its distress once (or, where bounds need it, each further loss once).
///
/// # What is missing
/// Missing bases and missing amounts are listed, not guessed. For the lower bound of the cascade they are taken as no
/// impact, for the upper one as full impact; besides the bounds there is the cascade of what is known, each interval taken
/// at its middle, each open one at the bound that is known. Where none is known, there is no such number, and bounds of
/// 0 and 1 say nothing and are left out.
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
/// assert_eq!(row.stakes[0].upper, Some(13e9));
/// assert_eq!(row.orders[0].upper, Some(250e9)); // Business that is lost, no asset: no part of what it owns.
/// assert_eq!(row.direct, row.stakes);
/// assert_eq!(row.cascade, None); // The map has no figure of what Microsoft is worth.
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
    let nodes = lens.network.graph.node_count();
    let spread = Spread {
        impacts: stakes.impacts(base)?,
        values: (0..nodes)
            .map(|node| base(node).map_or(0.0, PlayerBase::value))
            .collect(),
    };
    let cascade = spread.run(failing, options.shock, cancel)?;
    let units = (0..nodes).filter_map(|node| Some(base(node)?.quantity.unit));
    let units: BTreeSet<Unit> = units.collect();
    let mut report = ExposureReport {
        // Values in several currencies have no sum.
        rank: Some(cascade.rank).filter(|(known, ..)| *known > 0.0 && units.len() == 1),
        has_several_currencies: units.len() > 1,
        is_cumulative: cascade.is_cumulative,
        ..ExposureReport::default()
    };
    for node in (0..nodes).filter(|node| *node != failing) {
        let losses = stakes.losses(failing, node);
        let player = || lens.network.player(node);
        if losses
            .as_ref()
            .is_some_and(|losses| losses.is_listed_by_parts)
        {
            report.listed_by_parts.push(player());
            continue;
        }
        if losses.is_none() && cascade.upper[node as usize] == 0.0 {
            continue;
        }
        if base(node).is_none() {
            report.without_base.push(player());
        }
        // Without a base, nothing can be said of what reaches it through others.
        if losses.is_none() && base(node).is_none() {
            continue;
        }
        let unknown = losses
            .iter()
            .flat_map(|losses| losses.unknown.iter().cloned());
        report.without_amount.extend(unknown);
        let part = losses
            .as_ref()
            .zip(base(node))
            .and_then(|(losses, base)| stake::part_of(&losses.direct, losses.is_incomplete, base));
        report.rows.push(row(
            player(),
            losses,
            base(node),
            part,
            &cascade,
            node as usize,
        ));
    }
    let reached = stakes.without_amount(|node| cascade.upper[node as usize] > 0.0);
    report.without_amount.extend(reached);
    report.no_loss = stakes.no_loss(failing);
    report.without_amount.sort();
    report.without_amount.dedup();
    report.rows.sort_by(by_stake);
    Ok(report)
}

fn row(
    player: NamedNode,
    losses: Option<Losses>,
    base: Option<&PlayerBase>,
    impact: Option<(f64, f64)>,
    cascade: &Cascade,
    node: usize,
) -> Exposure {
    let known = Some(cascade.known[node]).filter(|known| *known > 0.0 && base.is_some());
    let bounds = (cascade.lower[node], cascade.upper[node]);
    let mut row = Exposure {
        player,
        direct: Vec::new(),
        stakes: Vec::new(),
        debts: Vec::new(),
        orders: Vec::new(),
        supplies: Vec::new(),
        is_incomplete: false,
        base: base.cloned(),
        impact: impact.filter(|impact| *impact != (0.0, 1.0)),
        cascade: known,
        // What reaches nobody is no loss, and no number.
        cascade_bounds: Some(bounds)
            .filter(|bounds| base.is_some() && (known.is_some() || *bounds != (0.0, 1.0)))
            .filter(|bounds| bounds.1 > 0.0),
        edges: Vec::new(),
    };
    if let Some(losses) = losses {
        let quantities = |amounts: Amounts| amounts.into_values().collect();
        row.direct = quantities(losses.direct);
        row.stakes = quantities(losses.stakes);
        row.debts = quantities(losses.debts);
        row.orders = quantities(losses.orders);
        row.supplies = quantities(losses.supplies);
        row.is_incomplete = losses.is_incomplete;
        row.edges = losses.edges;
    }
    row
}

/// Orders by what is at stake directly, then by the cascade, then by name.
fn by_stake(a: &Exposure, b: &Exposure) -> std::cmp::Ordering {
    let most = |amounts: &[Quantity]| {
        let uppers = amounts.iter().map(|q| q.upper.unwrap_or(f64::INFINITY));
        uppers.fold(-1.0, f64::max)
    };
    let cascade = |row: &Exposure| row.cascade.unwrap_or(-1.0);
    let bound = |row: &Exposure| row.cascade_bounds.map_or(-1.0, |bounds| bounds.1);
    (most(&b.direct).total_cmp(&most(&a.direct)))
        .then_with(|| most(&b.orders).total_cmp(&most(&a.orders)))
        .then_with(|| most(&b.supplies).total_cmp(&most(&a.supplies)))
        .then_with(|| a.edges.is_empty().cmp(&b.edges.is_empty()))
        .then_with(|| cascade(b).total_cmp(&cascade(a)))
        .then_with(|| bound(b).total_cmp(&bound(a)))
        .then_with(|| a.player.cmp(&b.player))
}

/// Impacts by edge and values by node.
struct Spread {
    impacts: Impacts,
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
    fn run(&self, failing: u32, shock: f64, cancel: &AtomicBool) -> Result<Cascade, AnalysisError> {
        let rounds = |variant| {
            DebtRankOptions::new(variant)
                .with_tolerance(1e-9)
                .with_rounds_max(10_000)
        };
        let once = rounds(DebtRankVariant::Once);
        let shocks = [(failing, shock)];
        let Impacts {
            graph,
            lower,
            known,
            upper,
        } = &self.impacts;
        let impacts = (&lower[..], &upper[..]);
        let bounds = debt_rank_bounds(graph, impacts, &shocks, &self.values, &once, cancel)?;
        // What is known is followed in the same way as the bounds, so that it lies between them.
        let rounds = rounds(bounds.variant());
        let known = debt_rank(graph, known, &shocks, &self.values, &rounds, cancel)?;
        Ok(Cascade {
            rank: (known.rank, bounds.lower.rank, bounds.upper.rank),
            is_cumulative: bounds.variant() == DebtRankVariant::Cumulative,
            lower: bounds.lower.distress,
            known: known.distress,
            upper: bounds.upper.distress,
        })
    }
}
