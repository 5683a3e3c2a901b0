//! The search: paths of one length after the other, each length in the order of the nodes.

use crate::analysis::position::Lens;
use powermap_graph::{Graph, GraphError};
use std::sync::atomic::{AtomicBool, Ordering};

/// The most steps of one search: some seconds.
pub(crate) const STEPS_MAX: u64 = 200_000_000;

/// Steps between two looks at the flag.
const POLL: u64 = 1 << 14;

/// Returns the edges that count, both ways if wanted. O(n + m).
pub(super) fn graph(lens: Lens<'_>, either_way: bool) -> Result<Graph, GraphError> {
    let graph = &lens.network.graph;
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    for edge in lens.edges() {
        let (source, target) = (graph.source(edge), graph.target(edge));
        sources.push(source);
        targets.push(target);
        if either_way {
            sources.push(target);
            targets.push(source);
        }
    }
    Ok(Graph::from_edges(graph.node_count(), &sources, &targets)?.0)
}

/// A search between two nodes.
pub(super) struct Search<'a> {
    graph: &'a Graph,
    target: u32,
    /// The least number of hops to the target; `u32::MAX` where it is too far.
    hops: Vec<u32>,
    is_on_path: Vec<bool>,
    path: Vec<u32>,
    steps: u64,
    is_over: bool,
    cancel: &'a AtomicBool,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        graph: &'a Graph,
        source: u32,
        target: u32,
        hops_max: u32,
        cancel: &'a AtomicBool,
    ) -> Self {
        let nodes = graph.node_count() as usize;
        let mut is_on_path = vec![false; nodes];
        is_on_path[source as usize] = true;
        Self {
            graph,
            target,
            hops: hops_to(graph, target, hops_max),
            is_on_path,
            path: vec![source],
            steps: 0,
            is_over: false,
            cancel,
        }
    }

    /// Returns whether the search was broken off.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Adds the paths with exactly this number of hops, until there are `paths_max` in all.
    ///
    /// The walk keeps its own stack, so that no bound on hops can overflow that of the thread.
    pub(super) fn of_length(&mut self, length: u32, paths_max: usize, found: &mut Vec<Vec<u32>>) {
        let source = self.path[0];
        if source == self.target || self.hops[source as usize] > length {
            return;
        }
        // For each node on the path, the place of the next neighbour to go to.
        let mut places = vec![0_usize];
        while let Some(place) = places.last_mut() {
            let node = self.path[self.path.len() - 1];
            let neighbours = self.graph.targets_of(node);
            let Some(next) = neighbours.get(*place).copied() else {
                places.pop();
                if !places.is_empty() {
                    self.leave();
                }
                continue;
            };
            *place += neighbours[*place..].partition_point(|other| *other == next);
            self.steps += 1;
            if self.steps.is_multiple_of(POLL) && self.cancel.load(Ordering::Relaxed)
                || self.steps > STEPS_MAX
            {
                self.is_over = true;
            }
            if self.is_over || found.len() >= paths_max {
                break;
            }
            let left = length - self.path.len() as u32;
            if next == self.target {
                if left == 0 {
                    let mut path = self.path.clone();
                    path.push(next);
                    found.push(path);
                }
            } else if !self.is_on_path[next as usize] && self.hops[next as usize] <= left {
                self.is_on_path[next as usize] = true;
                self.path.push(next);
                places.push(0);
            }
        }
        while self.path.len() > 1 {
            self.leave();
        }
    }

    fn leave(&mut self) {
        if let Some(node) = self.path.pop() {
            self.is_on_path[node as usize] = false;
        }
    }
}

/// Returns the least number of hops from each node to a target, up to a bound.
fn hops_to(graph: &Graph, target: u32, hops_max: u32) -> Vec<u32> {
    let mut hops = vec![u32::MAX; graph.node_count() as usize];
    hops[target as usize] = 0;
    let mut front = vec![target];
    for distance in 1..=hops_max {
        let mut next = Vec::new();
        for node in &front {
            for source in graph.sources_of(*node) {
                if hops[*source as usize] == u32::MAX {
                    hops[*source as usize] = distance;
                    next.push(*source);
                }
            }
        }
        if next.is_empty() {
            break;
        }
        front = next;
    }
    hops
}
