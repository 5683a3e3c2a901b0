//! What players have at stake in each other.

use crate::analysis::exposure::base::PlayerBase;
use crate::analysis::position::Lens;
use crate::model::name::{Family, Flow, Status};
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use oxigraph::model::NamedNode;
use powermap_graph::{Graph, GraphError};
use std::collections::BTreeMap;

/// What edges are worth, in each currency.
pub(super) type Amounts = BTreeMap<Unit, Quantity>;

/// What an edge is to the one who is hurt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stake {
    /// Money put in for shares, or shares given for them.
    Money,
    /// Money lent, or a guarantee for it.
    Debt,
    /// A part of it, where the money that it took is not an edge of its own.
    Held,
    /// A right to a part of it, for which nothing was paid: its loss is none that goes on to others.
    Right,
    /// Something supplied to the failing player.
    Order,
}

/// Returns what an edge is to its source if its target fails; nothing where the source loses nothing with it.
fn stake(lens: Lens<'_>, edge: u32) -> Option<Stake> {
    let columns = &lens.network.columns;
    match columns.family(edge) {
        // Goods that were delivered are paid for, or owed.
        Family::Supply => (columns.status(edge) != Some(Status::Completed)).then_some(Stake::Order),
        Family::Investment => {
            let kind = columns.kind_of(edge);
            match (kind.carries, kind.returns) {
                (Some(Flow::Cash), Some(Flow::Debt)) | (Some(Flow::Guarantee), _) => {
                    Some(Stake::Debt)
                }
                // What was given for nothing is gone already.
                (Some(Flow::Cash), None) => None,
                (Some(Flow::Cash), _) | (Some(Flow::Equity), Some(Flow::Equity)) => {
                    Some(Stake::Money)
                }
                (Some(Flow::Ownership), _) => Some(Stake::Held),
                (None, Some(Flow::Equity)) => Some(Stake::Right),
                _ => None,
            }
        }
        Family::Influence => None,
    }
}

/// Impacts by pair: what each player that may fail does to those who have put money into it or lent it.
pub(super) struct Impacts {
    /// From those who fail to those whom it hurts.
    pub(super) graph: Graph,
    /// By edge of the graph.
    pub(super) lower: Vec<f64>,
    pub(super) known: Vec<f64>,
    pub(super) upper: Vec<f64>,
}

/// What a failure takes from one player.
pub(super) struct Losses {
    /// Money put in, and money lent: each total once, so that it may be less than the two together.
    pub(super) direct: Amounts,
    pub(super) stakes: Amounts,
    pub(super) debts: Amounts,
    pub(super) orders: Amounts,
    pub(super) supplies: Amounts,
    /// The edges, sorted by id.
    pub(super) edges: Vec<NamedNode>,
    /// Edges without an amount, sorted by id.
    pub(super) unknown: Vec<NamedNode>,
    /// Whether some of the money put in or lent has no amount.
    pub(super) is_incomplete: bool,
    /// Whether all is a total of which nothing is left beside its parts.
    pub(super) is_listed_by_parts: bool,
}

/// The edges between two players.
#[derive(Clone, Copy)]
pub(super) struct Stakes<'a> {
    lens: Lens<'a>,
}

impl<'a> Stakes<'a> {
    pub(super) fn of(lens: Lens<'a>) -> Self {
        Self { lens }
    }

    /// Returns what edges are worth in each currency: at least what binds, at most all.
    fn amounts(self, edges: &[u32]) -> Amounts {
        let all = self.lens.quantities(edges, Measure::Amount);
        let is_binding = |edge: &u32| self.lens.status(*edge).is_none_or(Status::is_binding);
        if edges.iter().all(is_binding) {
            return all;
        }
        let binding: Vec<_> = edges.iter().copied().filter(is_binding).collect();
        let binding = self.lens.quantities(&binding, Measure::Amount);
        let bounded = |(unit, all): (Unit, Quantity)| {
            // Edges that do not bind put a floor under nothing; a sum that nobody bounds stays open.
            let sure = binding.get(&unit).filter(|sum| sum.lower.is_some());
            if sure.is_none() && all.upper.is_none() {
                return None;
            }
            let lower = sure.map_or(all.lower.map(|_| 0.0), |sum| sum.lower);
            let lower = lower.map(|lower| all.upper.map_or(lower, |upper| lower.min(upper)));
            let quantity = Quantity {
                lower,
                lower_exclusive: lower != all.upper && sure.is_some_and(|sum| sum.lower_exclusive),
                upper_exclusive: lower != all.upper && all.upper_exclusive,
                ..all
            };
            Some((unit, quantity))
        };
        all.into_iter().filter_map(bounded).collect()
    }

    /// Returns the edges that have no amount, nor a total between the same two that has it, and those whose amount says
    /// nothing: at least so much that nobody is bound to.
    fn unknown(self, edges: &[u32]) -> Vec<u32> {
        let columns = &self.lens.network.columns;
        let amounts = |edge: &u32| columns.values_of(*edge, Some(Measure::Amount));
        let is_open = |edge: &&u32| {
            let is_binding = self.lens.status(**edge).is_none_or(Status::is_binding);
            let mut amounts = amounts(edge).peekable();
            !is_binding && amounts.peek().is_some() && amounts.all(|amount| amount.upper.is_none())
        };
        let mut unknown: Vec<u32> = edges.iter().filter(is_open).copied().collect();
        if !edges.iter().all(|edge| amounts(edge).next().is_some()) {
            unknown.extend(self.lens.sums(edges, Measure::Amount).unknown);
        }
        unknown
    }

    /// Returns the impact of each player on each that has money in it, against the bases of those who are hurt.
    ///
    /// O(m log m) for m edges.
    pub(super) fn impacts<'b>(
        self,
        base: impl Fn(u32) -> Option<&'b PlayerBase>,
    ) -> Result<Impacts, GraphError> {
        let network = &self.lens.network.graph;
        let nodes = network.node_count();
        let (mut failing, mut hurt) = (Vec::new(), Vec::new());
        let (mut lower, mut known, mut upper) = (Vec::new(), Vec::new(), Vec::new());
        let mut into: Vec<(u32, u32)> = Vec::new();
        let mut between: Vec<u32> = Vec::new();
        for target in 0..nodes {
            into.clear();
            let edges = network
                .in_edges(target)
                .iter()
                .zip(network.sources_of(target));
            into.extend(
                edges
                    .map(|(edge, source)| (*edge, *source))
                    .filter(|(edge, source)| *source != target && self.lens.keeps(*edge)),
            );
            for edges in into.chunk_by(|a, b| a.1 == b.1) {
                let source = edges[0].1;
                between.clear();
                between.extend(edges.iter().map(|(edge, _)| *edge));
                self.keep_assets(&mut between);
                between.retain(|edge| stake(self.lens, *edge) != Some(Stake::Right));
                if between.is_empty() {
                    continue;
                }
                let impact = match base(source) {
                    // Nothing is known against which it could be measured.
                    None => (0.0, 0.0, 1.0),
                    Some(base) => self.impact(&between, base),
                };
                failing.push(target);
                hurt.push(source);
                lower.push(impact.0);
                known.push(impact.1);
                upper.push(impact.2);
            }
        }
        // The pairs are sorted, so that the order is theirs.
        let graph = Graph::from_edges(nodes, &failing, &hurt)?.0;
        Ok(Impacts {
            graph,
            lower,
            known,
            upper,
        })
    }

    /// Keeps the edges of one pair that are something its source owns, so that their loss is one of the balance sheet. A part
    /// of the company and the money that was put into it are the same thing.
    fn keep_assets(self, edges: &mut Vec<u32>) {
        let is_money = |edge: &u32| stake(self.lens, *edge) == Some(Stake::Money);
        let has_money = edges.iter().any(is_money);
        edges.retain(|edge| match stake(self.lens, *edge) {
            Some(Stake::Money | Stake::Debt) => true,
            Some(Stake::Held | Stake::Right) => !has_money,
            Some(Stake::Order) | None => false,
        });
    }

    /// Returns the least, the known and the greatest part of a base that the edges are.
    fn impact(self, edges: &[u32], base: &PlayerBase) -> (f64, f64, f64) {
        let amounts = self.amounts(edges);
        let is_incomplete = !self.unknown(edges).is_empty();
        let Some((lower, upper)) = part_of(&amounts, is_incomplete, base) else {
            return (0.0, 0.0, 1.0);
        };
        let amount = amounts.get(&base.quantity.unit);
        let known = amount.map_or(0.0, |amount| amount.headline().max(0.0) / base.value());
        let known = if known.is_finite() { known } else { 0.0 };
        (lower, known.clamp(lower, upper), upper)
    }

    /// Returns what the failure of one takes from another; nothing where there is nothing between them.
    pub(super) fn losses(self, failing: u32, hurt: u32) -> Option<Losses> {
        let lens = self.lens;
        let graph = &lens.network.graph;
        let between = |source: u32, target: u32| {
            let edges = graph.edges_between(source, target);
            edges.filter(move |edge| lens.keeps(*edge))
        };
        let of = |wanted: &[Stake]| -> Vec<u32> {
            let is_wanted = |edge: &u32| stake(lens, *edge).is_some_and(|s| wanted.contains(&s));
            between(hurt, failing).filter(is_wanted).collect()
        };
        let mut any = between(hurt, failing).chain(between(failing, hurt));
        any.next()?;
        let mut assets: Vec<u32> = between(hurt, failing).collect();
        self.keep_assets(&mut assets);
        // What shares are worth to which somebody has a right is not what was put in.
        let is_right = |edge: &u32| stake(lens, *edge) == Some(Stake::Right);
        let (rights, assets): (Vec<u32>, Vec<u32>) = assets.into_iter().partition(is_right);
        let is_debt = |edge: &u32| stake(lens, *edge) == Some(Stake::Debt);
        let (debts, stakes): (Vec<u32>, Vec<u32>) = assets.iter().copied().partition(is_debt);
        let orders = of(&[Stake::Order]);
        let is_supply = |edge: &u32| lens.network.columns.family(*edge) == Family::Supply;
        let supplies: Vec<u32> = between(failing, hurt).filter(is_supply).collect();
        let unknown_assets = self.unknown(&assets);
        let is_incomplete = !unknown_assets.is_empty() || !rights.is_empty();
        let direct = self.amounts(&assets);
        let is_listed_by_parts = !assets.is_empty()
            && orders.is_empty()
            && supplies.is_empty()
            && !is_incomplete
            && direct.values().all(|amount| amount.upper == Some(0.0))
            && (lens.sums(&assets, Measure::Amount).by_unit.values())
                .all(|sum| sum.whole.is_some());
        let ids = |edges: Vec<u32>| {
            let mut ids: Vec<_> = edges.iter().map(|edge| lens.network.id(*edge)).collect();
            ids.sort();
            ids
        };
        let losses = Losses {
            direct,
            stakes: self.amounts(&stakes),
            debts: self.amounts(&debts),
            orders: self.amounts(&orders),
            supplies: self.amounts(&supplies),
            unknown: ids([
                unknown_assets,
                self.unknown(&rights),
                self.unknown(&orders),
                self.unknown(&supplies),
            ]
            .concat()),
            edges: ids([assets, rights, orders, supplies].concat()),
            is_incomplete,
            is_listed_by_parts,
        };
        (!losses.edges.is_empty()).then_some(losses)
    }

    /// Returns the money that others have given a player for nothing, and the rights to parts of it that have an amount:
    /// edges, sorted.
    pub(super) fn no_loss(self, failing: u32) -> Vec<NamedNode> {
        let lens = self.lens;
        let columns = &lens.network.columns;
        let is_none = |edge: &u32| match stake(lens, *edge) {
            None => {
                columns.family(*edge) == Family::Investment
                    && columns.kind_of(*edge).carries == Some(Flow::Cash)
            }
            Some(Stake::Right) => columns
                .values_of(*edge, Some(Measure::Amount))
                .next()
                .is_some(),
            Some(_) => false,
        };
        let edges = lens.network.graph.in_edges(failing).iter();
        let edges = edges.filter(|edge| lens.keeps(**edge) && is_none(edge));
        let mut ids: Vec<_> = edges.map(|edge| lens.network.id(*edge)).collect();
        ids.sort();
        ids
    }

    /// Returns the edges without an amount through which those who are reached take money from others, sorted.
    pub(super) fn without_amount(self, is_reached: impl Fn(u32) -> bool) -> Vec<NamedNode> {
        let lens = self.lens;
        let graph = &lens.network.graph;
        let columns = &lens.network.columns;
        let is_missing = |edge: &u32| {
            let (hurt, failing) = (graph.source(*edge), graph.target(*edge));
            let mut amounts = columns.values_of(*edge, Some(Measure::Amount));
            hurt != failing
                && is_reached(failing)
                && stake(lens, *edge).is_some_and(|stake| stake != Stake::Right)
                && amounts.next().is_none()
                && {
                    let between = graph.edges_between(hurt, failing);
                    let mut between: Vec<_> = between.filter(|edge| lens.keeps(*edge)).collect();
                    self.keep_assets(&mut between);
                    between.contains(edge) && self.unknown(&between).contains(edge)
                }
        };
        let edges = lens.edges().filter(is_missing);
        let mut ids: Vec<_> = edges.map(|edge| lens.network.id(edge)).collect();
        ids.sort();
        ids
    }
}

/// Returns the bounds of the part of a base that amounts are; nothing without an amount in the currency of the base.
pub(super) fn part_of(
    amounts: &Amounts,
    is_incomplete: bool,
    base: &PlayerBase,
) -> Option<(f64, f64)> {
    let amount = amounts.get(&base.quantity.unit)?;
    let ratio = |part: Option<f64>, whole: Option<f64>, open: f64| match (part, whole) {
        (Some(part), Some(whole)) if whole > 0.0 => (part / whole).clamp(0.0, 1.0),
        _ => open,
    };
    let lower = ratio(amount.lower, base.quantity.upper, 0.0);
    let upper = match is_incomplete {
        true => 1.0,
        false => ratio(amount.upper, base.quantity.lower, 1.0),
    };
    Some((lower, upper))
}
