//! A loop as it is found: what it is worth is known before it is described, so that most need no description.

use crate::analysis::loops::kind::LoopType;
use crate::analysis::loops::leg_graph::{Leg, LegGraph};
use crate::analysis::loops::{Loop, LoopStep, MissingLeg};
use crate::analysis::walk::{Worth, figure, is_known, step_amount};
use crate::model::name::{Family, Flow};
use crate::model::quantity::Quantity;
use crate::model::unit::Measure;
use oxigraph::model::NamedNode;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A loop by its nodes and legs.
pub(super) struct Found<'a> {
    leg_graph: &'a LegGraph<'a>,
    nodes: Vec<u32>,
    /// The legs of each hop; the hop leaves the node at the same place. The last node of a near loop has none.
    hops: Vec<Vec<Leg>>,
    /// Shares where all legs are stakes, else money.
    measure: Measure,
    worth: Worth,
    /// What can go round; an interval without bounds says nothing.
    circulating: Option<Quantity>,
}

impl<'a> Found<'a> {
    /// Returns the loop of some nodes with these legs, beginning with the hop at `first`.
    pub(super) fn new(
        leg_graph: &'a LegGraph<'a>,
        nodes: &[u32],
        hops: &[Vec<Leg>],
        first: usize,
    ) -> Self {
        let (mut nodes, mut hops) = (nodes.to_vec(), hops.to_vec());
        nodes.rotate_left(first);
        hops.rotate_left(first);
        let is_stake = |hop: &Vec<Leg>| leg_graph.measure(hop) == Measure::Share;
        let measure = match hops.iter().all(is_stake) {
            true => Measure::Share,
            false => Measure::Amount,
        };
        let sums: Vec<_> = hops
            .iter()
            .map(|hop| {
                leg_graph
                    .lens
                    .quantities(&edges_of(leg_graph, hop), measure)
            })
            .collect();
        let worth = Worth::of(&sums);
        Self {
            leg_graph,
            nodes,
            hops,
            measure,
            circulating: worth.passing(measure),
            worth,
        }
    }

    /// Orders loops, the greatest amount first: by the greatest figure that is known of it, then by the least, then by the
    /// names of the players and of the edges. Loops with a leg of unknown amount come after those without, and those
    /// without an amount last. Figures in different currencies are compared as numbers.
    pub(super) fn by_amount(&self, other: &Self) -> Ordering {
        let key = |found: &Self| match found.circulating {
            Some(q) => (
                u8::from(found.worth.has_unknown()),
                figure(&q),
                q.lower.unwrap_or(0.0),
            ),
            None => (2, 0.0, 0.0),
        };
        let (left, right) = (key(self), key(other));
        (left.0.cmp(&right.0))
            .then_with(|| right.1.total_cmp(&left.1))
            .then_with(|| right.2.total_cmp(&left.2))
            // Nodes are in the order of their names.
            .then_with(|| self.nodes.cmp(&other.nodes))
            .then_with(|| self.names().cmp(&other.names()))
    }

    /// Returns the edges of each hop, sorted.
    fn names(&self) -> Vec<Vec<NamedNode>> {
        let names = |hop: &Vec<Leg>| {
            let mut names: Vec<_> = hop.iter().map(|leg| self.name(*leg)).collect();
            names.sort();
            names.dedup();
            names
        };
        self.hops.iter().map(names).collect()
    }

    fn name(&self, leg: Leg) -> NamedNode {
        self.leg_graph.lens.network.id(self.leg_graph.edge(leg))
    }

    pub(super) fn describe(&self) -> Loop {
        let network = self.leg_graph.lens.network;
        let ends = self.nodes.iter().zip(self.nodes.iter().cycle().skip(1));
        let hops = ends.zip(self.hops.iter().zip(self.names()));
        let hops = hops.map(|((from, to), (legs, edges))| LoopStep {
            from: network.player(*from),
            to: network.player(*to),
            edges,
            flows: self.leg_graph.flows_along(legs),
            amount: self.amount_of(legs),
        });
        let missing = (self.hops.len() < self.nodes.len()).then(|| self.missing());
        Loop {
            hops: hops.collect(),
            circulating: self.circulating,
            ratio: self.ratio(),
            left_out: self.left_out(),
            has_unknown: self.worth.has_unknown(),
            has_mixed_currencies: self.worth == Worth::Mixed,
            loop_type: match missing {
                Some(_) => LoopType::Near,
                None => LoopType::of(&self.sides()),
            },
            missing: missing.flatten(),
        }
    }

    fn amount_of(&self, legs: &[Leg]) -> Option<Quantity> {
        let measure = self.leg_graph.measure(legs);
        let unit = self.worth.unit().filter(|_| measure == self.measure);
        let edges = edges_of(self.leg_graph, legs);
        step_amount(self.leg_graph.lens, &edges, measure, unit)
    }

    /// Returns the leg that would close a near loop.
    fn missing(&self) -> Option<MissingLeg> {
        let network = self.leg_graph.lens.network;
        let ties = self.leg_graph.ties(&self.nodes);
        let mut ties: Vec<_> = ties.into_iter().map(|edge| network.id(edge)).collect();
        ties.sort();
        Some(MissingLeg {
            from: network.player(*self.nodes.last()?),
            to: network.player(*self.nodes.first()?),
            ties,
        })
    }

    /// Returns the bounds of the least hop over the greatest; shares of shares have none.
    fn ratio(&self) -> Option<(f64, f64)> {
        if self.measure == Measure::Share {
            return None;
        }
        let least = self.worth.fold(|a, b| a.minimum(b).ok())?;
        let greatest = self.worth.fold(|a, b| a.maximum(b).ok())?;
        ratio(&least, &greatest)
    }

    /// Returns the edges that add nothing to the amount of their hop, though the hop has one.
    fn left_out(&self) -> Vec<NamedNode> {
        let Worth::In(values) = &self.worth else {
            return Vec::new();
        };
        let lens = self.leg_graph.lens;
        let mut left_out = Vec::new();
        for (hop, value) in self.hops.iter().zip(values) {
            if !is_known(value) {
                continue;
            }
            let counts = |edge: u32| {
                let mut own = lens.network.columns.values_of(edge, Some(self.measure));
                own.any(|own| own.in_base_unit().unit == value.unit)
            };
            let edges = edges_of(self.leg_graph, hop);
            // A part without an amount adds nothing, but its total has it.
            let unknown = lens.sums(&edges, self.measure).unknown;
            let others = edges.into_iter().filter(|edge| {
                let has_none = lens
                    .network
                    .columns
                    .values_of(*edge, Some(self.measure))
                    .next()
                    .is_none();
                if has_none {
                    unknown.contains(edge)
                } else {
                    !counts(*edge)
                }
            });
            left_out.extend(others.map(|edge| lens.network.id(edge)));
        }
        left_out.sort();
        left_out.dedup();
        left_out
    }

    /// Returns for each hop the families of its legs and what flows along them.
    fn sides(&self) -> Vec<Vec<(Family, Flow)>> {
        let side = |leg: &Leg| {
            let family = self
                .leg_graph
                .lens
                .network
                .columns
                .family(self.leg_graph.edge(*leg));
            (family, self.leg_graph.flow(*leg))
        };
        self.hops
            .iter()
            .map(|hop| hop.iter().map(side).collect())
            .collect()
    }
}

/// In a heap, what is to go first stands on top: the least amount.
impl Ord for Found<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.by_amount(other)
    }
}

impl PartialOrd for Found<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Found<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Found<'_> {}

/// Returns the edges of a hop, each once.
fn edges_of(leg_graph: &LegGraph<'_>, hop: &[Leg]) -> Vec<u32> {
    let edges: BTreeSet<u32> = hop.iter().map(|leg| leg_graph.edge(*leg)).collect();
    edges.into_iter().collect()
}

/// Returns the bounds of one quantity over a greater one, at most 1.
fn ratio(least: &Quantity, greatest: &Quantity) -> Option<(f64, f64)> {
    let part = |part: Option<f64>, whole: Option<f64>| match (part, whole) {
        (Some(part), Some(whole)) if whole > 0.0 => Some((part / whole).clamp(0.0, 1.0)),
        _ => None,
    };
    let lower = part(least.lower, greatest.upper).unwrap_or(0.0);
    let upper = part(least.upper, greatest.lower).unwrap_or(1.0);
    // Bounds that say nothing are no ratio.
    (lower > 0.0 || upper < 1.0).then_some((lower, upper))
}
