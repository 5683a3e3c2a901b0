//! The legs of a network, and the loops that they make.

use crate::analysis::error::AnalysisError;
use crate::analysis::loops::LoopsOptions;
use crate::analysis::loops::timing::{in_time, pair_in_time};
use crate::analysis::position::{Lens, Position};
use crate::analysis::walk::{self, StepFlow, is_leg, is_tie};
use crate::model::name::{Family, Flow};
use crate::model::unit::Measure;
use crate::network::flows::Flows;
use powermap_graph::{Cycles, Ending, Graph, GraphError, LengthCounts, Paths};
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
        let is_plain = options.window.is_none() && !options.each_edge && !options.near;
        if self.through.len() > 1 || !is_plain {
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
    ///
    /// Of a near loop, the last node has no hop.
    pub(super) fn for_each(
        &self,
        options: &LoopsOptions,
        cancel: &AtomicBool,
        mut visit: impl FnMut(&[u32], &[Vec<Leg>], usize) -> ControlFlow<()>,
    ) -> Ending {
        let leads_through = |nodes: &[u32]| self.through.iter().all(|node| nodes.contains(node));
        if options.near {
            let paths = Paths::new(&self.flows.graph, |arc| is_leg(self.lens, &self.flows, arc));
            let (pairs, length_max) = (self.tied(), options.length_max - 1);
            return paths.for_each_of_pairs(&pairs, length_max, cancel, |nodes| {
                if !leads_through(nodes) || self.ties(nodes).is_empty() {
                    return ControlFlow::Continue(());
                }
                let hops: Vec<_> = nodes
                    .windows(2)
                    .map(|ends| self.legs(ends[0], ends[1]))
                    .collect();
                self.tell_each(nodes, &hops, options, cancel, &mut visit)
            });
        }
        self.cycles.for_each(options.length_max, cancel, |nodes| {
            if !leads_through(nodes) {
                return ControlFlow::Continue(());
            }
            let ends = nodes.iter().zip(nodes.iter().cycle().skip(1));
            let hops: Vec<_> = ends.map(|(from, to)| self.legs(*from, *to)).collect();
            self.tell_each(nodes, &hops, options, cancel, &mut visit)
        })
    }

    /// Visits the loops of some nodes: one, or one for each choice of legs.
    fn tell_each(
        &self,
        nodes: &[u32],
        hops: &[Vec<Leg>],
        options: &LoopsOptions,
        cancel: &AtomicBool,
        visit: &mut impl FnMut(&[u32], &[Vec<Leg>], usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut tell = |hops: &[Vec<Leg>]| match self.is_loop(nodes, hops) {
            true => self.tell(nodes, hops, options.window, visit),
            false => ControlFlow::Continue(()),
        };
        match options.each_edge {
            true => each_choice(hops, cancel, &mut tell),
            false => tell(hops),
        }
    }

    fn tell(
        &self,
        nodes: &[u32],
        hops: &[Vec<Leg>],
        window: Option<u32>,
        visit: &mut impl FnMut(&[u32], &[Vec<Leg>], usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let day = |leg: &Leg| self.lens.network.columns.since(self.edge(*leg));
        let fits = |one: &Leg, other: &Leg| self.trade(*one) != self.trade(*other);
        let (is_closed, two) = (hops.len() == nodes.len(), <&[_; 2]>::try_from(hops));
        match (window, two) {
            (None, Ok(two)) if is_closed => visit(nodes, &self.without_doubles(two), 0),
            (None, _) => visit(nodes, hops, 0),
            (Some(window), Ok(two)) if is_closed => {
                let Some((first, legs)) = pair_in_time(two, day, fits, window) else {
                    return ControlFlow::Continue(());
                };
                // Without the doubles, where time still moves on.
                let single = <&[_; 2]>::try_from(legs.as_slice())
                    .ok()
                    .and_then(|two| pair_in_time(&self.without_doubles(two), day, fits, window));
                match single {
                    Some((same, single)) if same == first => visit(nodes, &single, first),
                    _ => visit(nodes, &legs, first),
                }
            }
            (Some(window), _) => {
                let beginnings = if is_closed { hops.len() } else { 1 };
                match in_time(hops, beginnings, day, window) {
                    Some((first, hops)) => visit(nodes, &hops, first),
                    None => ControlFlow::Continue(()),
                }
            }
        }
    }

    pub(super) fn edge(&self, leg: Leg) -> u32 {
        self.flows.edge[leg as usize]
    }

    pub(super) fn flow(&self, leg: Leg) -> Flow {
        self.flows.flow[leg as usize]
    }

    /// Returns what flows along some legs.
    pub(super) fn flows_along(&self, legs: &[Leg]) -> Vec<StepFlow> {
        walk::flows_along(self.lens, &self.flows, legs)
    }

    /// Returns the measure of what some legs carry.
    pub(super) fn measure(&self, legs: &[Leg]) -> Measure {
        walk::measure(&self.flows, legs)
    }

    /// Returns the legs from one player to another.
    fn legs(&self, from: u32, to: u32) -> Vec<Leg> {
        let arcs = self.flows.graph.edges_between(from, to);
        arcs.filter(|arc| is_leg(self.lens, &self.flows, *arc))
            .collect()
    }

    /// Returns the pairs of players that are tied in any way, such that no leg leads back from the second to the first;
    /// sorted.
    fn tied(&self) -> Vec<(u32, u32)> {
        let graph = &self.lens.network.graph;
        let mut pairs = Vec::new();
        for edge in self.lens.edges().filter(|edge| is_tie(self.lens, *edge)) {
            let (source, target) = (graph.source(edge), graph.target(edge));
            if source != target {
                pairs.extend([(source, target), (target, source)]);
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs.retain(|(first, last)| self.legs(*last, *first).is_empty());
        pairs
    }

    /// Returns the edges that tie the last player of a near loop to the first; those that have a leg between the two are
    /// none, where there are no others in the loop.
    pub(super) fn ties(&self, nodes: &[u32]) -> Vec<u32> {
        let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else {
            return Vec::new();
        };
        let graph = &self.lens.network.graph;
        let both = graph
            .edges_between(*first, *last)
            .chain(graph.edges_between(*last, *first));
        let mut ties: Vec<u32> = both
            .filter(|edge| self.lens.keeps(*edge) && is_tie(self.lens, *edge))
            .collect();
        if nodes.len() == 2 {
            let legs = self.legs(*first, *last);
            ties.retain(|edge| !legs.iter().any(|leg| self.edge(*leg) == *edge));
        }
        ties
    }

    /// Returns the two hops of a loop without the edges that have a leg in both, where the hop has another.
    fn without_doubles(&self, hops: &[Vec<Leg>; 2]) -> [Vec<Leg>; 2] {
        let edges = |hop: &[Leg]| {
            hop.iter()
                .map(|leg| self.edge(*leg))
                .collect::<BTreeSet<_>>()
        };
        let [there, back] = hops;
        let both: BTreeSet<_> = edges(there).intersection(&edges(back)).copied().collect();
        let mut hops = hops.clone();
        for hop in &mut hops {
            if hop.iter().any(|leg| !both.contains(&self.edge(*leg))) {
                hop.retain(|leg| !both.contains(&self.edge(*leg)));
            }
        }
        hops
    }

    /// Returns whether each hop has a leg and, between two players, legs of different trades can be chosen: only there can
    /// one edge have a leg in both hops.
    fn is_loop(&self, nodes: &[u32], hops: &[Vec<Leg>]) -> bool {
        match hops {
            [there, back] if nodes.len() == 2 => there.iter().any(|one| {
                back.iter()
                    .any(|other| self.trade(*one) != self.trade(*other))
            }),
            _ => hops.iter().all(|hop| !hop.is_empty()),
        }
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

    /// The trade of a leg: what is dealt in, and who deals it out. All that an investor puts in and gets is one trade.
    fn trade(&self, leg: Leg) -> (Option<u8>, u32) {
        let edge = self.edge(leg);
        let network = self.lens.network;
        let is_investment = network.columns.family(edge) == Family::Investment;
        let kind = (!is_investment).then(|| network.columns.kind.get(edge));
        (kind, network.graph.source(edge))
    }
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
