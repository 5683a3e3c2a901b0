//! A loop as it is found: what it is worth is known before it is described, so that most need no description.

use crate::analysis::loops::kind::LoopType;
use crate::analysis::loops::leg_graph::{Leg, LegGraph};
use crate::analysis::loops::{Loop, LoopStep};
use crate::model::name::{Family, Flow};
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use oxigraph::model::NamedNode;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A loop by its nodes and legs.
pub(super) struct Found<'a> {
    leg_graph: &'a LegGraph<'a>,
    nodes: Vec<u32>,
    /// The legs of each hop; the hop leaves the node at the same place.
    hops: Vec<Vec<Leg>>,
    worth: Worth,
    /// What can go round; an interval without bounds says nothing.
    circulating: Option<Quantity>,
}

/// What the hops of a loop are worth.
enum Worth {
    /// In the one currency that those with an amount have in common; a hop without one is open.
    In(Vec<Quantity>),
    /// No hop has an amount.
    Unknown,
    /// The hops have no currency in common, or more than one.
    Mixed,
}

impl<'a> Found<'a> {
    /// Returns the loop of some nodes with these legs, beginning with the hop at `first`.
    pub(super) fn new(
        leg_graph: &'a LegGraph<'a>,
        nodes: &[u32],
        hops: &[Vec<Leg>],
        first: usize,
    ) -> Self {
        let mut found = Self {
            leg_graph,
            nodes: nodes.to_vec(),
            hops: hops.to_vec(),
            worth: worth(leg_graph, hops),
            circulating: None,
        };
        found.nodes.rotate_left(first);
        found.hops.rotate_left(first);
        if let Worth::In(values) = &mut found.worth {
            values.rotate_left(first);
        }
        let least = found.over_hops(Quantity::minimum);
        found.circulating = least.filter(|least| least.lower.is_some() || least.upper.is_some());
        found
    }

    /// Returns the number of hops.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn over_hops<E>(
        &self,
        f: impl Fn(&Quantity, &Quantity) -> Result<Quantity, E>,
    ) -> Option<Quantity> {
        let Worth::In(values) = &self.worth else {
            return None;
        };
        let (first, rest) = values.split_first()?;
        rest.iter().try_fold(*first, |a, b| f(&a, b).ok())
    }

    /// Orders loops, the greatest amount first: by the greatest figure that is known of it, then by the least, then by the
    /// names of the players and of the edges. Figures in different currencies are compared as numbers.
    pub(super) fn by_amount(&self, other: &Self) -> Ordering {
        let key = |found: &Self| match found.circulating {
            Some(q) => (q.upper.or(q.lower).unwrap_or(0.0), q.lower.unwrap_or(0.0)),
            None => (-1.0, -1.0),
        };
        let (left, right) = (key(self), key(other));
        right
            .0
            .total_cmp(&left.0)
            .then_with(|| right.1.total_cmp(&left.1))
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
        let hops = ends.zip(self.names()).map(|((from, to), edges)| LoopStep {
            from: network.player(*from),
            to: network.player(*to),
            edges,
        });
        let extremes = self
            .over_hops(Quantity::minimum)
            .zip(self.over_hops(Quantity::maximum));
        Loop {
            hops: hops.collect(),
            circulating: self.circulating,
            ratio: extremes.and_then(|(least, greatest)| ratio(&least, &greatest)),
            left_out: self.left_out(),
            has_mixed_currencies: matches!(self.worth, Worth::Mixed),
            loop_type: LoopType::of(&self.sides()),
        }
    }

    /// Returns the edges that add nothing to the amount of their hop, though the hop has one.
    fn left_out(&self) -> Vec<NamedNode> {
        let Worth::In(values) = &self.worth else {
            return Vec::new();
        };
        let lens = self.leg_graph.lens;
        let mut left_out = Vec::new();
        for (hop, value) in self.hops.iter().zip(values) {
            if value.lower.is_none() && value.upper.is_none() {
                continue;
            }
            let counts = |edge: u32| {
                let mut own = lens.network.columns.values_of(edge, Some(Measure::Amount));
                own.any(|own| own.in_base_unit().unit == value.unit)
            };
            let edges = edges_of(self.leg_graph, hop);
            // A part without an amount adds nothing, but its total has it.
            let unknown = lens.sums(&edges, Measure::Amount).unknown;
            let others = edges.into_iter().filter(|edge| {
                let has_none = lens
                    .network
                    .columns
                    .values_of(*edge, Some(Measure::Amount))
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

fn worth(leg_graph: &LegGraph<'_>, hops: &[Vec<Leg>]) -> Worth {
    let sums: Vec<BTreeMap<Unit, Quantity>> = hops
        .iter()
        .map(|hop| {
            leg_graph
                .lens
                .quantities(&edges_of(leg_graph, hop), Measure::Amount)
        })
        .collect();
    let known: Vec<_> = sums.iter().filter(|sums| !sums.is_empty()).collect();
    let Some(first) = known.first() else {
        return Worth::Unknown;
    };
    let in_all = |unit: &&Unit| known.iter().all(|sums| sums.contains_key(*unit));
    let [unit] = first.keys().filter(in_all).copied().collect::<Vec<_>>()[..] else {
        return Worth::Mixed;
    };
    let open = Quantity {
        lower: None,
        upper: None,
        unit,
        approximate: false,
        lower_exclusive: false,
        upper_exclusive: false,
    };
    let values = sums
        .iter()
        .map(|sums| sums.get(&unit).copied().unwrap_or(open));
    Worth::In(values.collect())
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
