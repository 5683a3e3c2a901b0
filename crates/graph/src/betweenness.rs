//! Betweenness: the exact share of shortest paths through each node.

use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Batches of sources. Each is summed by itself and then all in order, so that rounding does not depend on the number of
/// threads.
const BATCHES: u32 = 16;

/// Returns the betweenness of each node, by node: who sits on the shortest paths between others?
///
/// The betweenness of a node is the sum, over all ordered pairs of other nodes, of the share of the shortest paths between
/// them that lead through it. Divide by (n − 1)·(n − 2) for a share of all pairs. Every edge is one hop; paths are
/// sequences of nodes, so parallel edges make one path, and self-loops none.
///
/// Runs on the threads of the current rayon pool; the result has the same bits with any number of threads. For large
/// graphs, see [`betweenness_sample`](crate::betweenness_sample).
///
/// # Errors
/// Cancelled.
///
/// # Complexity
/// O(n·m) time; O(n + m) space, and O(n) for each of sixteen batches.
///
/// # Reference
/// Brandes, *A Faster Algorithm for Betweenness Centrality*, J. Math. Sociol. 2001.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, betweenness};
/// use std::sync::atomic::AtomicBool;
///
/// // From 0 over 1 or 2 to 3, and on to 4.
/// let (graph, _) = Graph::from_edges(5, &[0, 0, 1, 2, 3], &[1, 2, 3, 3, 4])?;
/// let found = betweenness(&graph, &AtomicBool::new(false))?;
/// assert_eq!(found, [0.0, 1.0, 1.0, 3.0, 0.0]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn betweenness(graph: &Graph, cancel: &AtomicBool) -> Result<Vec<f64>, GraphError> {
    let simple = Simple::new(graph);
    let node_count = graph.node_count();
    let batch = |number: u32| {
        let mut search = Search::new(&simple);
        for source in (number..node_count).step_by(BATCHES as usize) {
            check_cancelled(cancel)?;
            search.from(source);
        }
        Ok(search.sums)
    };
    let mut totals = vec![0.0; node_count as usize];
    let mut collect = |sums: Vec<f64>| totals.iter_mut().zip(sums).for_each(|(t, s)| *t += s);
    if rayon::current_num_threads() == 1 {
        for number in 0..BATCHES {
            collect(batch(number)?);
        }
    } else {
        let batches: Result<Vec<Vec<f64>>, GraphError> =
            (0..BATCHES).into_par_iter().map(batch).collect();
        batches?.into_iter().for_each(collect);
    }
    let mut result = vec![0.0; node_count as usize];
    for (place, node) in simple.nodes.iter().enumerate() {
        result[*node as usize] = totals[place];
    }
    Ok(result)
}

/// The graph without self-loops and parallel edges, with the best connected nodes first, so that the data that searches
/// touch most lies together.
struct Simple {
    /// The node at each place.
    nodes: Vec<u32>,
    offsets: Vec<u32>,
    targets: Vec<u32>,
    /// Levels of a search in which counts of paths grow by a factor of at most 2⁴⁰⁰.
    levels_between_scaling: u32,
}

impl Simple {
    fn new(graph: &Graph) -> Self {
        let degree = |v: u32| u64::from(graph.out_degree(v)) + u64::from(graph.in_degree(v));
        let mut nodes: Vec<u32> = (0..graph.node_count()).collect();
        nodes.sort_by_key(|v| std::cmp::Reverse(degree(*v)));
        let mut places = vec![0; nodes.len()];
        for (place, node) in nodes.iter().enumerate() {
            places[*node as usize] = place as u32;
        }
        let mut offsets = vec![0];
        let mut targets: Vec<u32> = Vec::with_capacity(graph.edge_count() as usize);
        for node in &nodes {
            let begin = targets.len();
            let mut last = None;
            for target in graph.targets_of(*node) {
                if target != node && last != Some(target) {
                    targets.push(places[*target as usize]);
                }
                last = Some(target);
            }
            targets[begin..].sort_unstable();
            offsets.push(targets.len() as u32);
        }
        let widest = (0..graph.node_count()).map(|v| graph.in_degree(v)).max();
        let bits_per_level = u32::BITS - widest.unwrap_or(0).leading_zeros();
        Self {
            nodes,
            offsets,
            targets,
            levels_between_scaling: 400 / bits_per_level.max(1),
        }
    }

    #[inline]
    fn targets(&self, node: u32) -> &[u32] {
        let range = self.offsets[node as usize]..self.offsets[node as usize + 1];
        &self.targets[range.start as usize..range.end as usize]
    }
}

/// A node in a search. Both numbers are read at once, so they are stored together.
#[derive(Debug, Clone, Copy)]
struct State {
    /// In the forward pass, the number of shortest paths σ from the source; in the backward pass, (1 + δ) / σ.
    value: f64,
    level: u32,
}

const UNSEEN: State = State {
    value: 0.0,
    level: u32::MAX,
};

/// The searches from a batch of sources, one after the other.
struct Search<'a> {
    simple: &'a Simple,
    states: Vec<State>,
    /// The nodes in the order in which they were reached, with one spare entry: a node is written at the end before it is
    /// known whether it is new.
    queue: Vec<u32>,
    /// The start of each level in the queue, and the factor by which its counts were scaled.
    levels: Vec<(usize, f64)>,
    /// The dependencies δ, summed over the sources.
    sums: Vec<f64>,
}

impl<'a> Search<'a> {
    fn new(simple: &'a Simple) -> Self {
        let node_count = simple.nodes.len();
        Self {
            simple,
            states: vec![UNSEEN; node_count],
            queue: vec![0; node_count + 1],
            levels: Vec::new(),
            sums: vec![0.0; node_count],
        }
    }

    /// Adds the contribution of one source.
    fn from(&mut self, source: u32) {
        if self.simple.targets(source).is_empty() {
            return;
        }
        let reached = self.count_paths(source);
        self.add_dependencies(reached);
        for node in &self.queue[..reached] {
            self.states[*node as usize] = UNSEEN;
        }
    }

    /// Computes levels and counts of paths, in a forward pass; returns the number of nodes reached.
    ///
    /// The inner loop has no branches: whether a node is new cannot be predicted, and a wrong prediction costs more than
    /// the rest of the step.
    fn count_paths(&mut self, source: u32) -> usize {
        self.states[source as usize] = State {
            value: 1.0,
            level: 0,
        };
        self.queue[0] = source;
        self.levels.clear();
        self.levels.push((0, 1.0));
        let (mut begin, mut end, mut level) = (0, 1, 0);
        while begin < end {
            level += 1;
            let mut reached = end;
            for i in begin..end {
                let node = self.queue[i];
                let paths = self.states[node as usize].value;
                for target in self.simple.targets(node) {
                    let state = &mut self.states[*target as usize];
                    self.queue[reached] = *target;
                    reached += usize::from(state.level == u32::MAX);
                    let ahead = state.level >= level;
                    state.level = state.level.min(level);
                    state.value += if ahead { paths } else { 0.0 };
                }
            }
            (begin, end) = (end, reached);
            let mut scale = 1.0;
            if level.is_multiple_of(self.simple.levels_between_scaling) {
                scale = self.scale(begin..end);
            }
            self.levels.push((begin, scale));
        }
        end
    }

    /// Scales the counts of a level into range, since only their ratios matter; returns the factor.
    fn scale(&mut self, range: std::ops::Range<usize>) -> f64 {
        let greatest = self.queue[range.clone()]
            .iter()
            .map(|node| self.states[*node as usize].value)
            .fold(1.0, f64::max);
        let factor = greatest.recip();
        for node in &self.queue[range] {
            let value = &mut self.states[*node as usize].value;
            *value = (*value * factor).max(f64::MIN_POSITIVE);
        }
        factor
    }

    /// Computes the dependencies, in a backward pass from the last level to the second.
    fn add_dependencies(&mut self, reached: usize) {
        let mut end = reached;
        let mut beyond = 1.0;
        for (level, (begin, scale)) in self.levels.iter().enumerate().skip(1).rev() {
            for node in &self.queue[*begin..end] {
                let mut sum = 0.0;
                if end < reached {
                    for target in self.simple.targets(*node) {
                        let state = self.states[*target as usize];
                        sum += if state.level == level as u32 + 1 {
                            state.value
                        } else {
                            0.0
                        };
                    }
                    sum *= beyond;
                }
                let state = &mut self.states[*node as usize];
                self.sums[*node as usize] += state.value * sum;
                state.value = state.value.recip() + sum;
            }
            end = *begin;
            beyond = *scale;
        }
    }
}
