//! The legs of a network, and the loops that they make.

use crate::analysis::amount::total;
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::kind::LoopType;
use crate::analysis::loops::timing::in_time;
use crate::analysis::loops::{Hop, Loop, Options};
use crate::analysis::position::{Lens, Position};
use crate::model::name::{Family, Flow};
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use crate::network::cycles::{Counts, Cycles, Ending};
use crate::network::error::NetworkError;
use crate::network::flows::Flows;
use crate::network::graph::Graph;
use crate::network::hops::legs;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

/// What loops are looked for in.
pub(super) struct Ground<'a> {
    lens: Lens<'a>,
    flows: Flows,
    cycles: Cycles,
    /// The players that every loop leads through.
    through: Vec<u32>,
}

/// A leg: an arc of the flows.
pub(super) type Leg = u32;

impl<'a> Ground<'a> {
    /// Nothing if a player that loops should lead through is not in the network.
    pub(super) fn new(
        position: &'a Position,
        options: &Options,
    ) -> Result<Option<Self>, AnalysisError> {
        if options.length_max < 2 {
            return Err(NetworkError::BadParameter {
                name: "the length of a loop",
                value: options.length_max.to_string(),
                expected: "two players or more",
            }
            .into());
        }
        let lens = position.network()?;
        let nodes = options
            .through
            .iter()
            .map(|player| lens.network.node(player));
        let Some(through) = nodes.collect::<Option<Vec<u32>>>() else {
            return Ok(None);
        };
        let flows = Flows::of(lens.network, &options.flows, |edge| lens.keeps(edge))?;
        // One of them is enough for the search; the others are looked for in what it finds.
        let roots = through.first().map(std::slice::from_ref);
        let keep = |arc: u32| is_leg(lens, &flows, arc);
        let cycles = Cycles::new(&flows.graph, keep, roots);
        Ok(Some(Self {
            lens,
            cycles,
            flows,
            through,
        }))
    }

    pub(super) fn count(&self, options: &Options, cancel: &AtomicBool) -> Counts {
        self.cycles.count_parallel(options.length_max, cancel)
    }

    /// The legs as a graph of their own, for those who want to rewire it.
    pub(super) fn graph(&self) -> Result<Graph, NetworkError> {
        let graph = &self.flows.graph;
        let legs = (0..graph.edge_count()).filter(|arc| is_leg(self.lens, &self.flows, *arc));
        let (sources, targets): (Vec<u32>, Vec<u32>) = legs
            .map(|arc| (graph.source(arc), graph.target(arc)))
            .unzip();
        Ok(Graph::from_edges(graph.node_count(), &sources, &targets)?.0)
    }

    /// The first of the players that every loop leads through.
    pub(super) fn root(&self) -> Option<u32> {
        self.through.first().copied()
    }

    pub(super) fn for_each(
        &self,
        options: &Options,
        cancel: &AtomicBool,
        mut visit: impl FnMut(Loop) -> ControlFlow<()>,
    ) -> Ending {
        self.cycles.for_each(options.length_max, cancel, |nodes| {
            if !self.through.iter().all(|node| nodes.contains(node)) {
                return ControlFlow::Continue(());
            }
            let Some(hops) = self.hops(nodes) else {
                return ControlFlow::Continue(());
            };
            if !options.each_edge {
                return self.tell(nodes, hops, options, &mut visit);
            }
            each_choice(&hops, &mut |choice| {
                let hops: Vec<_> = choice.iter().map(|leg| vec![*leg]).collect();
                match self.is_loop(&hops) {
                    true => self.tell(nodes, hops, options, &mut visit),
                    false => ControlFlow::Continue(()),
                }
            })
        })
    }

    fn tell(
        &self,
        nodes: &[u32],
        hops: Vec<Vec<Leg>>,
        options: &Options,
        visit: &mut impl FnMut(Loop) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(window) = options.window else {
            return visit(self.describe(nodes, &hops, 0));
        };
        let day = |leg: &Leg| self.lens.network.columns.since(self.edge(*leg));
        match in_time(&hops, day, window) {
            Some((first, hops)) => visit(self.describe(nodes, &hops, first)),
            None => ControlFlow::Continue(()),
        }
    }

    fn edge(&self, leg: Leg) -> u32 {
        self.flows.edge[leg as usize]
    }

    /// The legs of each hop of a cycle; nothing where it is no loop.
    fn hops(&self, nodes: &[u32]) -> Option<Vec<Vec<Leg>>> {
        let ends = nodes.iter().zip(nodes.iter().cycle().skip(1));
        let mut hops: Vec<Vec<Leg>> = ends
            .map(|(from, to)| {
                let arcs = legs(&self.flows.graph, *from, *to);
                arcs.filter(|arc| is_leg(self.lens, &self.flows, *arc))
                    .collect()
            })
            .collect();
        if !self.is_loop(&hops) {
            return None;
        }
        if let [there, back] = &mut hops[..] {
            // An edge with a leg in both hops stays where the hop has no other.
            let edges = |hop: &[Leg]| {
                hop.iter()
                    .map(|leg| self.edge(*leg))
                    .collect::<BTreeSet<_>>()
            };
            let both: BTreeSet<_> = edges(there).intersection(&edges(back)).copied().collect();
            for hop in [back, there] {
                if hop.iter().any(|leg| !both.contains(&self.edge(*leg))) {
                    hop.retain(|leg| !both.contains(&self.edge(*leg)));
                }
            }
        }
        Some(hops)
    }

    /// Whether legs of different trades can be chosen for all hops. Only between two players can one edge have a leg in
    /// both.
    fn is_loop(&self, hops: &[Vec<Leg>]) -> bool {
        let [there, back] = hops else {
            return hops.iter().all(|hop| !hop.is_empty());
        };
        let trade = |leg: &Leg| {
            let edge = self.edge(*leg);
            let network = self.lens.network;
            (network.columns.kind.get(edge), network.graph.source(edge))
        };
        there
            .iter()
            .any(|one| back.iter().any(|other| trade(one) != trade(other)))
    }

    fn describe(&self, nodes: &[u32], hops: &[Vec<Leg>], first: usize) -> Loop {
        let network = self.lens.network;
        let length = nodes.len();
        let described = (first..first + length).map(|at| {
            let mut edges: Vec<_> = hops[at % length]
                .iter()
                .map(|leg| network.id(self.edge(*leg)))
                .collect();
            edges.sort();
            Hop {
                from: network.player(nodes[at % length]),
                to: network.player(nodes[(at + 1) % length]),
                edges,
            }
        });
        let values = self.values(hops);
        let both = |f: fn(&Quantity, &Quantity) -> Result<Quantity, _>| {
            let mut values = values.iter().copied();
            let first = values.next()?;
            values.try_fold(first, |a, b| f(&a, &b).ok())
        };
        let (least, greatest) = (both(Quantity::minimum), both(Quantity::maximum));
        Loop {
            hops: described.collect(),
            ratio: least
                .zip(greatest)
                .and_then(|(least, greatest)| ratio(&least, &greatest)),
            // An interval without bounds says nothing.
            circulating: least.filter(|q| q.lower.is_some() || q.upper.is_some()),
            loop_type: LoopType::of(&self.sides(hops)),
        }
    }

    /// What each hop is worth in the one currency that they have in common; a hop without an amount is open.
    fn values(&self, hops: &[Vec<Leg>]) -> Vec<Quantity> {
        let sums: Vec<BTreeMap<Unit, Quantity>> = hops
            .iter()
            .map(|hop| {
                let edges: BTreeSet<u32> = hop.iter().map(|leg| self.edge(*leg)).collect();
                total(self.lens, Measure::Amount, edges)
            })
            .collect();
        let known: Vec<_> = sums.iter().filter(|sums| !sums.is_empty()).collect();
        let in_all = |unit: &&Unit| known.iter().all(|sums| sums.contains_key(*unit));
        let common = known
            .first()
            .map(|sums| sums.keys().filter(in_all).collect::<Vec<_>>());
        let Some([unit]) = common.as_deref() else {
            return Vec::new();
        };
        let open = Quantity {
            lower: None,
            upper: None,
            unit: **unit,
            approximate: false,
        };
        sums.iter()
            .map(|sums| sums.get(*unit).copied().unwrap_or(open))
            .collect()
    }

    /// For each hop, the families of its legs and what flows along them.
    fn sides(&self, hops: &[Vec<Leg>]) -> Vec<Vec<(Family, Flow)>> {
        let side = |leg: &Leg| {
            let family = self.lens.network.columns.family(self.edge(*leg));
            (family, self.flows.flow[*leg as usize])
        };
        hops.iter()
            .map(|hop| hop.iter().map(side).collect())
            .collect()
    }
}

/// Whether an arc is a leg: not the receipt for the cash of an investment.
fn is_leg(lens: Lens<'_>, flows: &Flows, arc: u32) -> bool {
    let edge = flows.edge[arc as usize];
    let is_investment = lens.network.columns.family(edge) == Family::Investment;
    let is_forward = flows.graph.source(arc) == lens.network.graph.source(edge);
    is_forward || !is_investment
}

/// The bounds of one quantity over a greater one, at most 1.
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

/// Calls with one leg of each hop, for every choice.
fn each_choice(
    hops: &[Vec<Leg>],
    visit: &mut impl FnMut(&[Leg]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut places = vec![0; hops.len()];
    let mut choice: Vec<Leg> = hops.iter().filter_map(|hop| hop.first().copied()).collect();
    if choice.len() < hops.len() {
        return ControlFlow::Continue(());
    }
    loop {
        visit(&choice)?;
        let mut at = hops.len();
        loop {
            if at == 0 {
                return ControlFlow::Continue(());
            }
            at -= 1;
            places[at] = (places[at] + 1) % hops[at].len();
            choice[at] = hops[at][places[at]];
            if places[at] != 0 {
                break;
            }
        }
    }
}
