//! The stakes of a network: who holds what part of whom.

use crate::analysis::control::ControlDirection;
use crate::analysis::error::AnalysisError;
use crate::analysis::position::Lens;
use crate::model::name::{Family, Flow, Status};
use crate::model::unit::Measure;
use oxigraph::model::NamedNode;
use powermap_graph::{Graph, Shares};
use std::collections::BTreeMap;

/// Percent to a fraction.
const WHOLE: f64 = 100.0;

/// Who holds what part of whom, one edge for each pair.
pub(super) struct Stakes {
    /// From owners to companies.
    pub(super) graph: Graph,
    pub(super) shares: Shares,
    /// The bounds of each edge before they are tightened.
    bounds: Vec<(f64, f64)>,
    /// The edges of the network that each edge stands for.
    edges: Vec<Vec<u32>>,
}

impl Stakes {
    pub(super) fn of(lens: Lens<'_>) -> Result<Self, AnalysisError> {
        let mut pairs: BTreeMap<(u32, u32), BTreeMap<u8, Vec<u32>>> = BTreeMap::new();
        for edge in lens.edges() {
            let columns = &lens.network.columns;
            if columns.family(edge) == Family::Investment
                && columns
                    .values_of(edge, Some(Measure::Share))
                    .next()
                    .is_some()
            {
                let kinds = pairs.entry(ends(lens, edge)).or_default();
                kinds.entry(columns.kind.get(edge)).or_default().push(edge);
            }
        }
        let owners: Vec<u32> = pairs.keys().map(|(owner, _)| *owner).collect();
        let companies: Vec<u32> = pairs.keys().map(|(_, company)| *company).collect();
        let node_count = lens.network.graph.node_count();
        // The pairs are sorted, so that the order is theirs.
        let (graph, _) = Graph::from_edges(node_count, &owners, &companies)?;
        let bounds: Vec<_> = pairs.values().map(|kinds| bounds(lens, kinds)).collect();
        let (lower, upper): (Vec<_>, Vec<_>) = bounds.iter().copied().unzip();
        Ok(Self {
            shares: Shares::new(&graph, &lower, &upper)?,
            graph,
            bounds,
            edges: pairs
                .into_values()
                .map(|kinds| kinds.into_values().flatten().collect())
                .collect(),
        })
    }

    /// What an owner holds of a company without others.
    pub(super) fn direct(&self, owner: u32, company: u32) -> (f64, f64) {
        let edge = self.graph.edges_between(owner, company).next();
        edge.map_or((0.0, 0.0), |edge| self.bounds[edge as usize])
    }

    /// Returns the edges of the network on any chain from an owner to a company. O(n + m).
    pub(super) fn chains(&self, owner: u32, company: u32) -> Vec<u32> {
        let below = self.reach(owner, ControlDirection::Holdings);
        let above = self.reach(company, ControlDirection::Owners);
        let mut edges = Vec::new();
        for source in 0..self.graph.node_count() {
            for edge in self.graph.out_edges(source) {
                if below[source as usize] && above[self.graph.target(edge) as usize] {
                    edges.extend(&self.edges[edge as usize]);
                }
            }
        }
        edges
    }

    /// Returns which players are reached over stakes, the start included.
    fn reach(&self, start: u32, direction: ControlDirection) -> Vec<bool> {
        let mut reached = vec![false; self.graph.node_count() as usize];
        let mut ahead = vec![start];
        reached[start as usize] = true;
        while let Some(node) = ahead.pop() {
            let next = match direction {
                ControlDirection::Owners => self.graph.sources_of(node),
                ControlDirection::Holdings => self.graph.targets_of(node),
            };
            for other in next {
                if !std::mem::replace(&mut reached[*other as usize], true) {
                    ahead.push(*other);
                }
            }
        }
        reached
    }

    /// Returns the investments that give a part of a company within reach, but do not say how much: the owner and the
    /// edge, sorted.
    pub(super) fn unknown(
        &self,
        lens: Lens<'_>,
        player: u32,
        direction: ControlDirection,
    ) -> Vec<(NamedNode, NamedNode)> {
        let reached = self.reach(player, direction);
        let columns = &lens.network.columns;
        let is_unknown = |edge: &u32| {
            let kind = columns.kind_of(*edge);
            let (owner, company) = ends(lens, *edge);
            let near = match direction {
                ControlDirection::Owners => company,
                ControlDirection::Holdings => owner,
            };
            columns.family(*edge) == Family::Investment
                && (kind.carries == Some(Flow::Equity) || kind.returns == Some(Flow::Equity))
                && reached[near as usize]
                && self.graph.edges_between(owner, company).is_empty()
        };
        let unknown = lens.edges().filter(is_unknown);
        let owner = |edge| lens.network.player(ends(lens, edge).0);
        let mut unknown: Vec<_> = unknown
            .map(|edge| (owner(edge), lens.network.id(edge)))
            .collect();
        unknown.sort();
        unknown
    }
}

/// The owner and the company of an investment.
fn ends(lens: Lens<'_>, edge: u32) -> (u32, u32) {
    let kind = lens.network.columns.kind_of(edge);
    let (source, target) = (
        lens.network.graph.source(edge),
        lens.network.graph.target(edge),
    );
    let is_from_issuer = kind.carries == Some(Flow::Equity) && kind.returns != Some(Flow::Equity);
    if is_from_issuer {
        (target, source)
    } else {
        (source, target)
    }
}

/// What the edges between an owner and a company come to, as a fraction of the company.
fn bounds(lens: Lens<'_>, kinds: &BTreeMap<u8, Vec<u32>>) -> (f64, f64) {
    let (mut lower, mut upper) = (0.0_f64, 0.0_f64);
    for edges in kinds.values() {
        let of = |edges: &[u32]| {
            let sums = lens.quantities(edges, Measure::Share);
            let sum = sums.into_values().next();
            let bound =
                |bound: Option<f64>, open: f64| (bound.unwrap_or(open) / WHOLE).clamp(0.0, 1.0);
            sum.map_or((0.0, 0.0), |sum| {
                (bound(sum.lower, 0.0), bound(sum.upper, WHOLE))
            })
        };
        let sure: Vec<_> = edges
            .iter()
            .copied()
            .filter(|edge| is_held(lens, *edge))
            .collect();
        lower = lower.max(of(&sure).0);
        upper += of(edges).1;
    }
    (lower, upper.clamp(lower, 1.0))
}

/// Returns whether shares are held already rather than promised, planned or a right to be used.
fn is_held(lens: Lens<'_>, edge: u32) -> bool {
    let is_right = lens.network.columns.kind_of(edge).carries == Some(Flow::Equity);
    let is_binding = lens.status(edge).is_none_or(Status::is_binding);
    is_binding && !is_right
}
