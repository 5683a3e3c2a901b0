//! What players have at stake in each other.

use crate::analysis::exposure::base::PlayerBase;
use crate::analysis::pairs::{Pairs, counts, pairs};
use crate::analysis::position::Lens;
use crate::model::name::{Family, Flow, Status};
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use oxigraph::model::NamedNode;
use powermap_graph::{Graph, GraphError};
use std::collections::BTreeMap;

/// Everything at stake: pairs from the one who is hurt to the one who fails.
pub(super) struct Stakes<'a> {
    lens: Lens<'a>,
    /// How many edges there are.
    counted: Pairs,
    /// What all are worth.
    all: BTreeMap<Unit, Pairs>,
    /// What those that bind are worth.
    binding: BTreeMap<Unit, Pairs>,
}

/// The part of a base that an impact takes.
pub(super) struct Impact {
    pub(super) lower: f64,
    pub(super) known: f64,
    pub(super) upper: f64,
}

/// Returns whether an edge is money or goods that are lost to the source if the target fails.
fn is_at_stake(lens: Lens<'_>, edge: u32) -> bool {
    match lens.network.columns.family(edge) {
        Family::Supply => true,
        Family::Investment => {
            let carries = lens.network.columns.kind_of(edge).carries;
            matches!(carries, Some(Flow::Cash | Flow::Guarantee))
        }
        Family::Influence => false,
    }
}

impl<'a> Stakes<'a> {
    /// Finds what is at stake on all edges that count. O(n + m log m).
    pub(super) fn of(lens: Lens<'a>) -> Self {
        let counts_here = |edge: u32| is_at_stake(lens, edge);
        let is_binding = |edge: u32| lens.status(edge).is_none_or(Status::is_binding);
        Self {
            lens,
            counted: counts(lens, counts_here),
            all: pairs(lens, Measure::Amount, counts_here),
            binding: pairs(lens, Measure::Amount, |edge| {
                counts_here(edge) && is_binding(edge)
            }),
        }
    }

    /// Returns the edges from each player to those whom its failure hurts.
    pub(super) fn graph(&self) -> Result<Graph, GraphError> {
        let nodes = self.lens.network.graph.node_count();
        let (mut failing, mut hurt) = (Vec::new(), Vec::new());
        for node in 0..nodes {
            for place in self.counted.places_into(node) {
                failing.push(node);
                hurt.push(self.counted.source(place));
            }
        }
        // The pairs are sorted, so that the order is theirs.
        Ok(Graph::from_edges(nodes, &failing, &hurt)?.0)
    }

    /// Returns the impact of each edge of the graph, against the bases of those who are hurt.
    pub(super) fn impacts<'b>(&self, base: impl Fn(u32) -> Option<&'b PlayerBase>) -> Vec<Impact> {
        let nodes = 0..self.lens.network.graph.node_count();
        let pairs = nodes.flat_map(|failing| {
            let places = self.counted.places_into(failing);
            places.map(move |place| (failing, place))
        });
        let impact = |(failing, place): (u32, usize)| {
            let hurt = self.counted.source(place);
            self.impact(failing, hurt, base(hurt))
        };
        pairs.map(impact).collect()
    }

    /// Returns whether a failure hurts somebody directly.
    pub(super) fn is_hurt(&self, failing: u32, hurt: u32) -> bool {
        self.counted.find(hurt, failing).is_some()
    }

    /// Returns the edges between two. O(log d) for d edges out of the one who is hurt.
    fn between(&self, failing: u32, hurt: u32) -> impl Iterator<Item = u32> {
        let lens = self.lens;
        let edges = lens.network.graph.edges_between(hurt, failing);
        edges.filter(move |edge| lens.keeps(*edge) && is_at_stake(lens, *edge))
    }

    /// Returns whether some of the edges between two have no amount.
    pub(super) fn is_incomplete(&self, failing: u32, hurt: u32) -> bool {
        let has_none = |edge: u32| !self.has_amount(edge);
        failing != hurt
            && self.between(failing, hurt).any(has_none)
            && !self.unknown(failing, hurt).is_empty()
    }

    fn has_amount(&self, edge: u32) -> bool {
        let columns = &self.lens.network.columns;
        let mut amounts = columns.values_of(edge, Some(Measure::Amount));
        amounts.next().is_some()
    }

    /// Returns the edges between two that have no amount, nor a total between them that has it.
    fn unknown(&self, failing: u32, hurt: u32) -> Vec<u32> {
        let between: Vec<u32> = self.between(failing, hurt).collect();
        self.lens.sums(&between, Measure::Amount).unknown
    }

    /// Returns what is at stake in each currency: at least what binds, at most all.
    pub(super) fn quantities(&self, failing: u32, hurt: u32) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for (unit, pairs) in &self.all {
            let Some(place) = pairs.find(hurt, failing) else {
                continue;
            };
            let all = pairs.quantity(place, *unit);
            let binding = self.binding.get(unit);
            let binding = binding.and_then(|p| Some(p.quantity(p.find(hurt, failing)?, *unit)));
            // Edges that do not bind put a floor under nothing; a sum that nobody bounds stays open.
            let lower = binding.and_then(|sum| sum.lower).or(all.lower.map(|_| 0.0));
            quantities.push(Quantity {
                lower: lower.map(|lower| all.upper.map_or(lower, |upper| lower.min(upper))),
                ..all
            });
        }
        quantities
    }

    /// Returns the bounds of the part of a base that is at stake; nothing without an amount in the currency of the
    /// base.
    pub(super) fn bounds(
        &self,
        failing: u32,
        hurt: u32,
        base: Option<&PlayerBase>,
    ) -> Option<(f64, f64)> {
        let base = base?;
        let stakes = self.quantities(failing, hurt);
        let stake = stakes
            .iter()
            .find(|stake| stake.unit == base.quantity.unit)?;
        let ratio = |part: Option<f64>, whole: Option<f64>, open: f64| match (part, whole) {
            (Some(part), Some(whole)) if whole > 0.0 => (part / whole).clamp(0.0, 1.0),
            _ => open,
        };
        let lower = ratio(stake.lower, base.quantity.upper, 0.0);
        let upper = match self.is_incomplete(failing, hurt) {
            true => 1.0,
            false => ratio(stake.upper, base.quantity.lower, 1.0),
        };
        Some((lower, upper))
    }

    fn impact(&self, failing: u32, hurt: u32, base: Option<&PlayerBase>) -> Impact {
        let Some(base) = base else {
            // Nothing is known against which it could be measured.
            return Impact {
                lower: 0.0,
                known: 0.0,
                upper: 1.0,
            };
        };
        let (lower, upper) = self.bounds(failing, hurt, Some(base)).unwrap_or((0.0, 1.0));
        let stakes = self.quantities(failing, hurt);
        let stake = stakes.iter().find(|stake| stake.unit == base.quantity.unit);
        let known = match stake {
            Some(stake) if base.value() > 0.0 => stake.headline().max(0.0) / base.value(),
            _ => 0.0,
        };
        Impact {
            lower,
            known: known.clamp(lower, upper),
            upper,
        }
    }

    /// Returns the edges between two, sorted by id.
    pub(super) fn edges(&self, failing: u32, hurt: u32) -> Vec<NamedNode> {
        let edges = self.between(failing, hurt);
        let mut ids: Vec<_> = edges.map(|edge| self.lens.network.id(edge)).collect();
        ids.sort();
        ids
    }

    /// Returns the edges without an amount through which those who are reached hurt others, sorted.
    pub(super) fn without_amount(&self, is_reached: impl Fn(u32) -> bool) -> Vec<NamedNode> {
        let lens = self.lens;
        let graph = &lens.network.graph;
        let is_missing = |edge: &u32| {
            let (hurt, failing) = (graph.source(*edge), graph.target(*edge));
            hurt != failing
                && is_at_stake(lens, *edge)
                && !self.has_amount(*edge)
                && is_reached(failing)
                && self.unknown(failing, hurt).contains(edge)
        };
        let edges = lens.edges().filter(is_missing);
        let mut ids: Vec<_> = edges.map(|edge| lens.network.id(edge)).collect();
        ids.sort();
        ids
    }
}
