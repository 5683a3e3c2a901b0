//! The search: paths of one length after the other, each length in the order of the nodes.

use powermap_graph::Graph;
use std::sync::atomic::{AtomicBool, Ordering};

/// The most steps of one search: some seconds.
pub(crate) const STEPS_MAX: u64 = 200_000_000;

/// Steps between two looks at the flag.
const POLL: u64 = 1 << 14;

/// What paths are ordered by before their length.
pub(super) struct Widths {
    /// What each arc's hop can carry.
    pub(super) arc: Vec<f64>,
    /// The most that can reach the target from each node.
    pub(super) node: Vec<f64>,
}

/// The best paths so far.
pub(super) struct Best {
    /// Each path with what passes along it; nothing passes where only the length counts.
    pub(super) paths: Vec<(f64, Vec<u32>)>,
    paths_max: usize,
}

impl Best {
    pub(super) fn new(paths_max: usize) -> Self {
        Self {
            paths: Vec::new(),
            paths_max,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.paths.len() >= self.paths_max
    }

    /// Returns whether a path on which no more than this passes would be left out: those found before come first.
    fn leaves_out(&self, width: f64) -> bool {
        self.is_full() && self.paths.last().is_none_or(|(last, _)| width <= *last)
    }

    fn add(&mut self, width: f64, path: Vec<u32>) {
        let at = self.paths.partition_point(|(other, _)| *other >= width);
        self.paths.insert(at, (width, path));
        self.paths.truncate(self.paths_max);
    }
}

/// A search between two nodes.
pub(super) struct Search<'a> {
    graph: &'a Graph,
    target: u32,
    /// The least number of hops to the target; `u32::MAX` where it is too far.
    hops: Vec<u32>,
    widths: Option<Widths>,
    is_on_path: Vec<bool>,
    path: Vec<u32>,
    steps: u64,
    is_over: bool,
    cancel: &'a AtomicBool,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        graph: &'a Graph,
        (source, target): (u32, u32),
        hops_max: u32,
        widths: Option<Widths>,
        cancel: &'a AtomicBool,
    ) -> Self {
        let nodes = graph.node_count() as usize;
        let mut is_on_path = vec![false; nodes];
        is_on_path[source as usize] = true;
        Self {
            graph,
            target,
            hops: hops_to(graph, target, hops_max),
            widths,
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

    /// Adds the paths with exactly this number of hops, until there are enough; with widths, all that are better than the
    /// worst of those there are.
    ///
    /// The walk keeps its own stack, so that no bound on hops can overflow that of the thread.
    pub(super) fn of_length(&mut self, length: u32, best: &mut Best) {
        let source = self.path[0];
        if source == self.target || self.hops[source as usize] > length {
            return;
        }
        // For each node on the path, the place of the next neighbour to go to, and what passes up to the node.
        let mut places = vec![(0_usize, f64::INFINITY)];
        while let Some((place, passing)) = places.last_mut() {
            let node = self.path[self.path.len() - 1];
            let neighbours = self.graph.targets_of(node);
            let Some(next) = neighbours.get(*place).copied() else {
                places.pop();
                if !places.is_empty() {
                    self.leave();
                }
                continue;
            };
            let arc = self.graph.out_edges(node).start + *place as u32;
            let passing = *passing;
            *place += neighbours[*place..].partition_point(|other| *other == next);
            self.steps += 1;
            if self.steps.is_multiple_of(POLL) && self.cancel.load(Ordering::Relaxed)
                || self.steps > STEPS_MAX
            {
                self.is_over = true;
            }
            if self.is_over || self.widths.is_none() && best.is_full() {
                break;
            }
            let left = length - self.path.len() as u32;
            let is_end = next == self.target;
            let is_way =
                !is_end && !self.is_on_path[next as usize] && self.hops[next as usize] <= left;
            if !(is_end && left == 0 || is_way) {
                continue;
            }
            let passing = match &self.widths {
                None => 0.0,
                Some(widths) => {
                    let passing = passing.min(widths.arc[arc as usize]);
                    if best.leaves_out(passing.min(widths.node[next as usize])) {
                        continue;
                    }
                    passing
                }
            };
            if is_end {
                let mut path = self.path.clone();
                path.push(next);
                best.add(passing, path);
            } else {
                self.is_on_path[next as usize] = true;
                self.path.push(next);
                places.push((0, passing));
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
