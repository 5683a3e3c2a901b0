//! Betweenness estimated from random shortest paths, with a bound on the error.

use crate::components::{Components, strong_components};
use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// The parameters of [`betweenness_sample`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BetweennessSampleOptions {
    error: f64,
    failure: f64,
    seed: u64,
}

impl BetweennessSampleOptions {
    /// Sets the accuracy wanted.
    ///
    /// With a probability of at least 1 − `failure`, no node is wrong by more than `error`, as a share of the n·(n − 1)
    /// ordered pairs. `error` is from 10⁻⁴ to 1, `failure` between 0 and 1. The seed is 0 unless
    /// [`with_seed`](Self::with_seed) sets another.
    pub const fn new(error: f64, failure: f64) -> Self {
        Self {
            error,
            failure,
            seed: 0,
        }
    }

    /// Sets the seed of the random numbers; the same seed gives the same estimate.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}

/// The result of [`betweenness_sample`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BetweennessSample {
    /// The estimate for each node, by node, on the scale of [`betweenness`](crate::betweenness).
    pub betweenness: Vec<f64>,
    error: f64,
    samples: u64,
    path_nodes_max: u32,
}

impl BetweennessSample {
    /// Returns the greatest error, on the same scale, that holds with the probability asked for: the error given times
    /// n·(n − 1).
    pub fn error(&self) -> f64 {
        self.error
    }

    /// Returns the number of pairs drawn.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// Returns the upper bound of the number of nodes on a shortest path that determined the number of pairs.
    pub fn path_nodes_max(&self) -> u32 {
        self.path_nodes_max
    }
}

/// Estimates the betweenness of each node with a bound on the error, for graphs too large for
/// [`betweenness`](crate::betweenness).
///
/// Draws random pairs of nodes, and one random shortest path of each. The number of pairs is
/// (⌊log₂(D − 2)⌋ + 1 + ln(1/failure)) / (2·error²), where D bounds the number of nodes on a shortest path; it does not
/// depend on the size of the graph otherwise. D is the greatest sum, along a path of strongly connected components, of the
/// bounds of their diameters. Each pair is searched from both ends, in turn from the one with fewer edges at its frontier.
///
/// Runs on the threads of the current rayon pool; the result has the same bits with any number of threads. If a pair has
/// more than 10³⁰⁸ shortest paths, the choice among them is not uniform.
///
/// # Errors
/// A parameter outside of its range, or cancelled.
///
/// # Complexity
/// O(n + m) time for the bound, and O(n + m) for each pair in the worst case, far less if a few hops reach most of the
/// graph; O(n) space for each thread.
///
/// # Reference
/// Riondato and Kornaropoulos, *Fast Approximation of Betweenness Centrality Through Sampling*, WSDM 2014, theorem 1 and
/// lemma 2 (with the constant 0.5).
///
/// # Example
/// ```
/// use powermap_graph::{BetweennessSampleOptions, Graph, betweenness_sample};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(3, &[0, 1], &[1, 2])?;
/// let options = BetweennessSampleOptions::new(0.05, 0.001).with_seed(1);
/// let found = betweenness_sample(&graph, &options, &AtomicBool::new(false))?;
/// assert_eq!((found.path_nodes_max(), found.samples()), (3, 1582));
/// // One pair of six leads through node 1.
/// assert!((found.betweenness[1] - 1.0).abs() <= found.error());
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn betweenness_sample(
    graph: &Graph,
    options: &BetweennessSampleOptions,
    cancel: &AtomicBool,
) -> Result<BetweennessSample, GraphError> {
    check_options(options)?;
    check_cancelled(cancel)?;
    let node_count = graph.node_count();
    let path_nodes_max = path_nodes_max(graph, cancel)?;
    let samples = samples_needed(path_nodes_max, options);
    let pairs = f64::from(node_count) * (f64::from(node_count) - 1.0).max(0.0);
    // Counts are integers, so their sum does not depend on the order.
    let batch_count = rayon::current_num_threads() as u64 * 4;
    let batch = |number: u64| {
        let mut search = Search::new(graph);
        for sample in (number..samples).step_by(batch_count as usize) {
            check_cancelled(cancel)?;
            search.sample(&mut Random::new(options.seed, sample));
        }
        Ok(search.counts)
    };
    let batches: Result<Vec<Vec<u32>>, GraphError> =
        (0..batch_count).into_par_iter().map(batch).collect();
    let mut counts = vec![0_u64; node_count as usize];
    for batch in batches? {
        for (count, more) in counts.iter_mut().zip(batch) {
            *count += u64::from(more);
        }
    }
    let scale = if samples == 0 {
        0.0
    } else {
        pairs / samples as f64
    };
    Ok(BetweennessSample {
        betweenness: counts.into_iter().map(|c| c as f64 * scale).collect(),
        error: options.error * pairs,
        samples,
        path_nodes_max,
    })
}

fn check_options(options: &BetweennessSampleOptions) -> Result<(), GraphError> {
    let bad = |name, value: f64, expected| GraphError::BadParameter {
        name,
        value: value.to_string(),
        expected,
    };
    // A smaller error would overflow the counts of 32 bits.
    if !(1e-4..=1.0).contains(&options.error) {
        return Err(bad("error", options.error, "a number from 0.0001 to 1"));
    }
    if !(options.failure > 0.0 && options.failure < 1.0) {
        return Err(bad(
            "failure",
            options.failure,
            "a number between 0 and 1, and neither",
        ));
    }
    Ok(())
}

fn samples_needed(path_nodes_max: u32, options: &BetweennessSampleOptions) -> u64 {
    // A path of two nodes has no inner node.
    let Some(log) = path_nodes_max.saturating_sub(2).checked_ilog2() else {
        return 0;
    };
    let dimension = f64::from(log) + 1.0;
    let needed = 0.5 / options.error.powi(2) * (dimension - options.failure.ln());
    needed.ceil() as u64
}

/// Returns an upper bound of the number of nodes on a shortest path.
fn path_nodes_max(graph: &Graph, cancel: &AtomicBool) -> Result<u32, GraphError> {
    let components = strong_components(graph, cancel)?;
    let count = components.sizes.len();
    let (begins, members) = members(&components);
    let of = |number: usize| &members[begins[number] as usize..begins[number + 1] as usize];
    let number_of = |node: u32| components.of[node as usize] as usize;
    // Within a component, the depths of a forward and a backward search from one node bound any path.
    let mut depths = vec![[u32::MAX; 2]; graph.node_count() as usize];
    let longest: Vec<u32> = (0..count)
        .map(|number| {
            let pivot = of(number)[0];
            let within = |other: &u32| number_of(*other) == number;
            let out = depth(&mut depths, 0, pivot, |v| graph.targets_of(v), within);
            let into = depth(&mut depths, 1, pivot, |v| graph.sources_of(v), within);
            out.saturating_add(into)
                .saturating_add(1)
                .min(components.sizes[number])
        })
        .collect();
    // Along the components in topological order.
    let others = |number: usize| {
        let targets = of(number).iter().flat_map(|v| graph.targets_of(*v));
        targets.map(|t| number_of(*t)).filter(move |t| *t != number)
    };
    let mut waits_for = vec![0_u32; count];
    for number in 0..count {
        others(number).for_each(|other| waits_for[other] += 1);
    }
    let mut ready: Vec<usize> = (0..count).filter(|c| waits_for[*c] == 0).collect();
    let mut before = vec![0_u32; count];
    let mut greatest = 0;
    while let Some(number) = ready.pop() {
        let here = before[number].saturating_add(longest[number]);
        greatest = greatest.max(here);
        for other in others(number) {
            before[other] = before[other].max(here);
            waits_for[other] -= 1;
            if waits_for[other] == 0 {
                ready.push(other);
            }
        }
    }
    Ok(greatest)
}

/// Returns the start of each component in the list of all nodes by component, and that list.
fn members(components: &Components) -> (Vec<u32>, Vec<u32>) {
    let mut begins = vec![0];
    let mut sum = 0;
    for size in &components.sizes {
        sum += size;
        begins.push(sum);
    }
    let mut next = begins.clone();
    let mut members = vec![0; components.of.len()];
    for (node, number) in components.of.iter().enumerate() {
        let place = &mut next[*number as usize];
        members[*place as usize] = node as u32;
        *place += 1;
    }
    (begins, members)
}

/// Returns the greatest number of hops from a node to any other of its component.
fn depth<'a>(
    depths: &mut [[u32; 2]],
    direction: usize,
    start: u32,
    neighbours: impl Fn(u32) -> &'a [u32],
    within: impl Fn(&u32) -> bool,
) -> u32 {
    depths[start as usize][direction] = 0;
    let (mut queue, mut next) = (vec![start], Vec::new());
    let mut level = 0;
    loop {
        for node in queue.drain(..) {
            for other in neighbours(node).iter().filter(|other| within(other)) {
                let depth = &mut depths[*other as usize][direction];
                if *depth == u32::MAX {
                    *depth = level + 1;
                    next.push(*other);
                }
            }
        }
        if next.is_empty() {
            return level;
        }
        level += 1;
        std::mem::swap(&mut queue, &mut next);
    }
}

/// One half of a search from both ends.
struct Side {
    /// The hops from this end; `u32::MAX` for a node not reached.
    levels: Vec<u32>,
    /// The number of shortest paths from this end to each node.
    paths: Vec<f64>,
    queue: Vec<u32>,
    /// The start of the last level in the queue.
    begin: usize,
    depth: u32,
}

impl Side {
    fn new(node_count: usize) -> Self {
        Self {
            levels: vec![u32::MAX; node_count],
            paths: vec![0.0; node_count],
            queue: Vec::new(),
            begin: 0,
            depth: 0,
        }
    }

    fn start(&mut self, node: u32) {
        for seen in self.queue.drain(..) {
            self.levels[seen as usize] = u32::MAX;
        }
        (self.begin, self.depth) = (0, 0);
        self.queue.push(node);
        self.levels[node as usize] = 0;
        self.paths[node as usize] = 1.0;
    }

    fn frontier(&self) -> &[u32] {
        &self.queue[self.begin..]
    }

    /// Searches one level further.
    fn advance<'a>(&mut self, neighbours: impl Fn(u32) -> &'a [u32]) {
        self.depth += 1;
        let end = self.queue.len();
        for i in self.begin..end {
            let node = self.queue[i];
            let paths = self.paths[node as usize];
            for other in once_each(neighbours(node)) {
                let level = &mut self.levels[other as usize];
                if *level == u32::MAX {
                    *level = self.depth;
                    self.paths[other as usize] = paths;
                    self.queue.push(other);
                } else if *level == self.depth {
                    self.paths[other as usize] += paths;
                }
            }
        }
        self.begin = end;
    }

    /// Walks from a node back to this end and counts the nodes on the way; draws each step in proportion to the paths
    /// through it.
    fn walk_back<'a>(
        &self,
        from: u32,
        counts: &mut [u32],
        random: &mut Random,
        neighbours: impl Fn(u32) -> &'a [u32],
    ) {
        let mut node = from;
        for level in (1..self.levels[from as usize]).rev() {
            let nearer = || {
                once_each(neighbours(node)).filter(|other| self.levels[*other as usize] == level)
            };
            let Some(next) = random.choose(nearer, |other| self.paths[other as usize]) else {
                return;
            };
            node = next;
            counts[node as usize] += 1;
        }
    }
}

/// Yields sorted nodes without repetition, since parallel edges make one path.
fn once_each(sorted: &[u32]) -> impl Iterator<Item = u32> {
    sorted.chunk_by(|a, b| a == b).map(|same| same[0])
}

struct Search<'a> {
    graph: &'a Graph,
    out: Side,
    into: Side,
    counts: Vec<u32>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Graph) -> Self {
        let node_count = graph.node_count() as usize;
        Self {
            graph,
            out: Side::new(node_count),
            into: Side::new(node_count),
            counts: vec![0; node_count],
        }
    }

    /// Draws a pair, and counts the inner nodes of one of its shortest paths, if it has any.
    fn sample(&mut self, random: &mut Random) {
        let graph = self.graph;
        let source = random.below(graph.node_count());
        let target = random.below(graph.node_count() - 1);
        let target = target + u32::from(target >= source);
        self.out.start(source);
        self.into.start(target);
        // The two sides first meet in nodes of the last level of both: a shorter path would have met before.
        let meets = |side: &Side, other: &Side| {
            let mut nodes = side.frontier().iter();
            nodes.any(|v| other.levels[*v as usize] != u32::MAX)
        };
        loop {
            let cost = |nodes: &[u32], degree: &dyn Fn(u32) -> u32| -> u64 {
                nodes.iter().map(|v| u64::from(degree(*v)) + 1).sum()
            };
            let out_cost = cost(self.out.frontier(), &|v| graph.out_degree(v));
            let into_cost = cost(self.into.frontier(), &|v| graph.in_degree(v));
            if out_cost == 0 || into_cost == 0 {
                return;
            }
            if out_cost <= into_cost {
                self.out.advance(|v| graph.targets_of(v));
                if meets(&self.out, &self.into) {
                    break;
                }
            } else {
                self.into.advance(|v| graph.sources_of(v));
                if meets(&self.into, &self.out) {
                    break;
                }
            }
        }
        let (out, into) = (&self.out, &self.into);
        let middles = || {
            let nodes = out.frontier().iter().copied();
            nodes.filter(|v| into.levels[*v as usize] == into.depth)
        };
        let paths = |v: u32| out.paths[v as usize] * into.paths[v as usize];
        let Some(middle) = random.choose(middles, paths) else {
            return;
        };
        if middle != source && middle != target {
            self.counts[middle as usize] += 1;
        }
        out.walk_back(middle, &mut self.counts, random, |v| graph.sources_of(v));
        into.walk_back(middle, &mut self.counts, random, |v| graph.targets_of(v));
    }
}

/// The random numbers of one sample. Each sample has a seed of its own, so that any thread can draw it.
struct Random(SplitMix64);

impl Random {
    fn new(seed: u64, sample: u64) -> Self {
        let first = |seed| SplitMix64::seed_from_u64(seed).next_u64();
        Self(SplitMix64::seed_from_u64(first(first(seed) ^ sample)))
    }

    /// Draws an integer below a bound that is not 0; the bias is below 2⁻³².
    fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.0.next_u64()) * u128::from(bound)) >> 64) as u32
    }

    /// Draws a candidate, in proportion to the weights.
    fn choose<I: Iterator<Item = u32>>(
        &mut self,
        candidates: impl Fn() -> I,
        weight: impl Fn(u32) -> f64,
    ) -> Option<u32> {
        let total: f64 = candidates().map(&weight).sum();
        let mut left = (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64 * total;
        let mut last = None;
        for candidate in candidates() {
            last = Some(candidate);
            left -= weight(candidate);
            if left < 0.0 {
                break;
            }
        }
        last
    }
}
