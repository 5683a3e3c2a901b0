//! The steps that can be walked: along what flows, or either way along what ties two players.

use crate::analysis::error::AnalysisError;
use crate::analysis::paths::{PathStep, Tie};
use crate::analysis::position::Lens;
use crate::analysis::walk::{self, Worth, figure, is_known, is_leg, is_tie, step_amount};
use crate::model::name::Flow;
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use crate::network::flows::Flows;
use powermap_graph::Graph;
use std::collections::BTreeMap;

/// The figure of a hop of which no amount is known.
pub(super) const UNKNOWN: f64 = -1.0;

/// What can be walked, as arcs between the nodes of a network.
pub(super) struct Ways<'a> {
    lens: Lens<'a>,
    pub(super) graph: Graph,
    /// The edge of each arc; with flows, the arc in them.
    origin: Box<[u32]>,
    flows: Option<Flows>,
    measure: Measure,
}

impl<'a> Ways<'a> {
    /// Returns the legs of some flows as loops have them, or without any, all edges but those of rivals, either way.
    /// O(n + m log n).
    pub(super) fn new(lens: Lens<'a>, flows: &[Flow]) -> Result<Self, AnalysisError> {
        let (mut sources, mut targets, mut origin) = (Vec::new(), Vec::new(), Vec::new());
        let graph = &lens.network.graph;
        let arcs = match flows {
            [] => None,
            _ => Some(Flows::of(lens.network, flows, |edge| lens.keeps(edge))?),
        };
        if let Some(arcs) = &arcs {
            for arc in (0..arcs.graph.edge_count()).filter(|arc| is_leg(lens, arcs, *arc)) {
                sources.push(arcs.graph.source(arc));
                targets.push(arcs.graph.target(arc));
                origin.push(arc);
            }
        } else {
            for edge in lens.edges().filter(|edge| is_tie(lens, *edge)) {
                let (source, target) = (graph.source(edge), graph.target(edge));
                sources.extend([source, target]);
                targets.extend([target, source]);
                origin.extend([edge, edge]);
            }
        }
        let (graph, order) = Graph::from_edges(graph.node_count(), &sources, &targets)?;
        let is_stakes = !flows.is_empty() && flows.iter().all(|flow| *flow == Flow::Ownership);
        Ok(Self {
            lens,
            graph,
            origin: order.iter().map(|at| origin[*at as usize]).collect(),
            flows: arcs,
            measure: match is_stakes {
                true => Measure::Share,
                false => Measure::Amount,
            },
        })
    }

    /// Returns the origins of the arcs of a hop.
    fn origins(&self, from: u32, to: u32) -> Vec<u32> {
        let arcs = self.graph.edges_between(from, to);
        arcs.map(|arc| self.origin[arc as usize]).collect()
    }

    /// Returns the edges of a hop, each once.
    fn edges(&self, origins: &[u32]) -> Vec<u32> {
        let edge = |origin: &u32| match &self.flows {
            Some(flows) => flows.edge[*origin as usize],
            None => *origin,
        };
        let mut edges: Vec<u32> = origins.iter().map(edge).collect();
        edges.sort_unstable();
        edges.dedup();
        edges
    }

    fn sums(&self, from: u32, to: u32) -> BTreeMap<Unit, Quantity> {
        let edges = self.edges(&self.origins(from, to));
        self.lens.quantities(&edges, self.measure)
    }

    /// Returns the unit that the most arcs have an amount in; of several the first.
    pub(super) fn unit(&self) -> Option<Unit> {
        let mut counts: BTreeMap<Unit, usize> = BTreeMap::new();
        for edge in self.lens.edges() {
            let values = self
                .lens
                .network
                .columns
                .values_of(edge, Some(self.measure));
            for value in values {
                *counts.entry(value.in_base_unit().unit).or_default() += 1;
            }
        }
        let most = counts.values().max().copied()?;
        counts
            .into_iter()
            .find(|(_, count)| *count == most)
            .map(|(unit, _)| unit)
    }

    /// Returns what each arc's hop can carry in a unit, as one figure; [`UNKNOWN`] where that is not known. O(m log m).
    pub(super) fn widths(&self, unit: Option<Unit>) -> Vec<f64> {
        let mut widths = vec![UNKNOWN; self.graph.edge_count() as usize];
        for source in 0..self.graph.node_count() {
            let first = self.graph.out_edges(source).start as usize;
            let targets = self.graph.targets_of(source);
            let mut at = 0;
            for hop in targets.chunk_by(|a, b| a == b) {
                let sums = self.sums(source, hop[0]);
                let value = unit.and_then(|unit| sums.get(&unit)).copied();
                let width = value
                    .filter(is_known)
                    .map_or(UNKNOWN, |value| figure(&value));
                widths[first + at..first + at + hop.len()].fill(width);
                at += hop.len();
            }
        }
        widths
    }

    /// Returns the steps of a path, and what passes along it; amounts only `with_amounts`.
    pub(super) fn describe(
        &self,
        nodes: &[u32],
        with_amounts: bool,
    ) -> (Vec<PathStep>, Option<Quantity>) {
        let hops = || nodes.windows(2).map(|hop| (hop[0], hop[1]));
        let sums: Vec<_> = match with_amounts {
            true => hops().map(|(from, to)| self.sums(from, to)).collect(),
            false => Vec::new(),
        };
        let worth = Worth::of(&sums);
        let unit = worth.unit();
        let steps = hops()
            .map(|(from, to)| self.step((from, to), with_amounts, unit))
            .collect();
        (steps, worth.passing(self.measure))
    }

    fn step(&self, (from, to): (u32, u32), with_amount: bool, unit: Option<Unit>) -> PathStep {
        let network = self.lens.network;
        let origins = self.origins(from, to);
        let edges = self.edges(&origins);
        let is_along = |edge: &u32| network.graph.source(*edge) == from;
        let mut sorted: Vec<_> = edges
            .iter()
            .map(|edge| (!is_along(edge), network.id(*edge)))
            .collect();
        sorted.sort();
        let mut ties: Vec<_> = edges
            .iter()
            .map(|edge| Tie {
                is_against: !is_along(edge),
                family: network.columns.family(*edge),
            })
            .collect();
        ties.sort();
        ties.dedup();
        let flows = self.flows.as_ref();
        let measure = flows.map_or(self.measure, |flows| walk::measure(flows, &origins));
        PathStep {
            from: network.player(from),
            to: network.player(to),
            edges: sorted.into_iter().map(|(_, id)| id).collect(),
            ties,
            flows: flows.map_or_else(Vec::new, |flows| {
                walk::flows_along(self.lens, flows, &origins)
            }),
            amount: with_amount
                .then(|| {
                    let unit = unit.filter(|_| measure == self.measure);
                    step_amount(self.lens, &edges, measure, unit)
                })
                .flatten(),
        }
    }
}
