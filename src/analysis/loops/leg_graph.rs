//! The legs of a network, and the loops that they make.

use crate::analysis::error::AnalysisError;
use crate::analysis::loops::LoopsOptions;
use crate::analysis::loops::timing::in_time;
use crate::analysis::position::{Lens, Position};
use crate::model::name::{Family, Flow};
use crate::network::flows::Flows;
use powermap_graph::{Cycles, Ending, Graph, GraphError, LengthCounts};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// The legs of a network, in which loops are searched.
pub(super) struct LegGraph<'a> {
    pub(super) lens: Lens<'a>,
    flows: Flows,
    cycles: Cycles,
    /// The players that every loop leads through.
    through: Vec<u32>,
}

/// A leg: an arc of the flows.
pub(super) type Leg = u32;

impl<'a> LegGraph<'a> {
    /// Builds the legs of a network; returns `None` if a player that loops should lead through is not in it.
    pub(super) fn new(
        position: &'a Position,
        options: &LoopsOptions,
    ) -> Result<Option<Self>, AnalysisError> {
        if options.length_max < 2 {
            return Err(GraphError::BadParameter {
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
        let roots = through.get(..1);
        let keep = |arc: u32| is_leg(lens, &flows, arc);
        let cycles = Cycles::new(&flows.graph, keep, roots);
        Ok(Some(Self {
            lens,
            cycles,
            flows,
            through,
        }))
    }

    /// Returns whether there are edges and none has a leg.
    pub(super) fn nothing_flows(&self) -> bool {
        let mut arcs = 0..self.flows.graph.edge_count();
        self.lens.edges().next().is_some() && !arcs.any(|arc| is_leg(self.lens, &self.flows, arc))
    }

    /// Counts the loops by their number of players.
    pub(super) fn count(&self, options: &LoopsOptions, cancel: &AtomicBool) -> LengthCounts {
        if self.through.len() > 1 || options.window.is_some() || options.each_edge {
            let mut counts = LengthCounts::none();
            counts.ending = self.for_each(options, cancel, |nodes, _, _| {
                counts.count_one(nodes.len());
                ControlFlow::Continue(())
            });
            return counts;
        }
        // Three players and more who send to each other are a loop; two may only trade one way.
        let mut counts = self.cycles.count_parallel(options.length_max, cancel);
        let mut trades = 0;
        let ending = self.cycles.for_each(2, cancel, |nodes| {
            trades += u64::from(self.is_one_trade(nodes));
            ControlFlow::Continue(())
        });
        if let Some(pairs) = counts.by_length.get_mut(2) {
            *pairs = pairs.saturating_sub(trades);
        }
        if ending != Ending::Complete {
            counts.ending = ending;
        }
        counts
    }

    /// Returns the hops as a graph of their own, which can be rewired: one edge where there is a leg or
    /// several.
    pub(super) fn graph(&self) -> Result<Graph, GraphError> {
        let graph = &self.flows.graph;
        let (mut sources, mut targets) = (Vec::new(), Vec::new());
        for source in 0..graph.node_count() {
            let mut last = None;
            for arc in graph.out_edges(source) {
                let target = graph.target(arc);
                // Parallel arcs stand together.
                if last != Some(target) && is_leg(self.lens, &self.flows, arc) {
                    last = Some(target);
                    sources.push(source);
                    targets.push(target);
                }
            }
        }
        Ok(Graph::from_edges(graph.node_count(), &sources, &targets)?.0)
    }

    /// Counts the cycles of a graph through the players that every loop leads through.
    pub(super) fn count_cycles(
        &self,
        graph: &Graph,
        length_max: u32,
        cancel: &AtomicBool,
    ) -> LengthCounts {
        let cycles = Cycles::new(graph, |_| true, self.through.get(..1));
        if self.through.len() < 2 {
            return cycles.count_parallel(length_max, cancel);
        }
        let mut counts = LengthCounts::none();
        counts.ending = cycles.for_each(length_max, cancel, |nodes| {
            if self.through.iter().all(|node| nodes.contains(node)) {
                counts.count_one(nodes.len());
            }
            ControlFlow::Continue(())
        });
        counts
    }

    /// Calls `visit` with the nodes of each loop from the smallest on, the legs of its hops, and the hop that it begins with.
    pub(super) fn for_each(
        &self,
        options: &LoopsOptions,
        cancel: &AtomicBool,
        mut visit: impl FnMut(&[u32], &[Vec<Leg>], usize) -> ControlFlow<()>,
    ) -> Ending {
        self.cycles.for_each(options.length_max, cancel, |nodes| {
            if !self.through.iter().all(|node| nodes.contains(node)) {
                return ControlFlow::Continue(());
            }
            let Some(hops) = self.hops(nodes) else {
                return ControlFlow::Continue(());
            };
            if !options.each_edge {
                return self.tell(nodes, &hops, options, &mut visit);
            }
            each_choice(&hops, cancel, &mut |choice| match self.is_loop(choice) {
                true => self.tell(nodes, choice, options, &mut visit),
                false => ControlFlow::Continue(()),
            })
        })
    }

    fn tell(
        &self,
        nodes: &[u32],
        hops: &[Vec<Leg>],
        options: &LoopsOptions,
        visit: &mut impl FnMut(&[u32], &[Vec<Leg>], usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(window) = options.window else {
            return visit(nodes, hops, 0);
        };
        let day = |leg: &Leg| self.lens.network.columns.since(self.edge(*leg));
        match in_time(hops, day, window) {
            Some((first, hops)) => visit(nodes, &hops, first),
            None => ControlFlow::Continue(()),
        }
    }

    pub(super) fn edge(&self, leg: Leg) -> u32 {
        self.flows.edge[leg as usize]
    }

    pub(super) fn flow(&self, leg: Leg) -> Flow {
        self.flows.flow[leg as usize]
    }

    /// Returns the legs of each hop of a cycle; nothing where it is no loop.
    fn hops(&self, nodes: &[u32]) -> Option<Vec<Vec<Leg>>> {
        let ends = nodes.iter().zip(nodes.iter().cycle().skip(1));
        let mut hops: Vec<Vec<Leg>> = ends
            .map(|(from, to)| {
                let arcs = self.flows.graph.edges_between(*from, *to);
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

    /// Returns whether legs of different trades can be chosen for all hops. Only between two players can one edge have
    /// a leg in both.
    fn is_loop(&self, hops: &[Vec<Leg>]) -> bool {
        let [there, back] = hops else {
            return hops.iter().all(|hop| !hop.is_empty());
        };
        there.iter().any(|one| {
            back.iter()
                .any(|other| self.trade(*one) != self.trade(*other))
        })
    }

    /// Returns whether two players who have legs both ways only trade one way: all legs are of one trade.
    fn is_one_trade(&self, nodes: &[u32]) -> bool {
        let [one, other] = *nodes else {
            return false;
        };
        let both = self
            .flows
            .graph
            .edges_between(one, other)
            .chain(self.flows.graph.edges_between(other, one));
        let mut trades = both
            .filter(|arc| is_leg(self.lens, &self.flows, *arc))
            .map(|leg| self.trade(leg));
        let first = trades.next();
        trades.all(|trade| Some(trade) == first)
    }

    /// The trade of a leg: what is dealt in, and who deals it out.
    fn trade(&self, leg: Leg) -> (u8, u32) {
        let edge = self.edge(leg);
        let network = self.lens.network;
        (network.columns.kind.get(edge), network.graph.source(edge))
    }
}

/// Returns whether an arc is a leg: not the receipt for what an investment sends. The shares that nothing is sent for, those
/// of a warrant, are a leg.
fn is_leg(lens: Lens<'_>, flows: &Flows, arc: u32) -> bool {
    let edge = flows.edge[arc as usize];
    let is_investment = lens.network.columns.family(edge) == Family::Investment;
    let is_forward = flows.graph.source(arc) == lens.network.graph.source(edge);
    is_forward || !is_investment || lens.network.columns.kind_of(edge).is_right_to_shares()
}

/// Calls `visit` with one leg of each hop, for every choice.
fn each_choice(
    hops: &[Vec<Leg>],
    cancel: &AtomicBool,
    visit: &mut impl FnMut(&[Vec<Leg>]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut places = vec![0; hops.len()];
    let mut choice: Vec<Vec<Leg>> = hops
        .iter()
        .filter_map(|hop| Some(vec![*hop.first()?]))
        .collect();
    if choice.len() < hops.len() {
        return ControlFlow::Continue(());
    }
    loop {
        // One cycle of large hops has more choices than there is time for.
        if cancel.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        visit(&choice)?;
        let mut at = hops.len();
        loop {
            if at == 0 {
                return ControlFlow::Continue(());
            }
            at -= 1;
            places[at] = (places[at] + 1) % hops[at].len();
            choice[at][0] = hops[at][places[at]];
            if places[at] != 0 {
                break;
            }
        }
    }
}
