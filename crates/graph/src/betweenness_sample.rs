//! Betweenness from a sample of shortest paths, with a bound on its error: for networks too large for all of them.

use crate::components::{Components, strong};
use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// How good an answer must be. There is no default: whoever asks chooses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// By how much the share of the ordered pairs, n·(n − 1), may be wrong for any node. Above 0, at most 1.
    pub error: f64,
    /// The chance that some node is wrong by more. Above 0, below 1.
    pub failure: f64,
    /// Where the random numbers begin; the same seed gives the same answer.
    pub seed: u64,
}

/// An estimate, and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    /// The estimate for each node, on the scale of the exact one: with a chance of 1 − failure, all are within
    /// [`Sampled::error`].
    pub betweenness: Vec<f64>,
    /// The error allowed, on the same scale: the given share times n·(n − 1).
    pub error: f64,
    /// How many pairs were drawn.
    pub samples: u64,
    /// A number of nodes that no shortest path exceeds, from which the number of pairs follows.
    pub path_nodes_max: u32,
}

/// Estimates betweenness (see [`crate::betweenness::betweenness`] for what it is) from random pairs, one random
/// shortest path of each.
///
/// The number of pairs is (⌊log₂(D − 2)⌋ + 1 + ln(1/failure)) / (2·error²), where D bounds the nodes on a shortest path;
/// it does not grow with the network otherwise. D comes from the longest way through the strongly connected components,
/// each counted with a bound on its diameter. Each pair is searched from both ends, the one with fewer edges ahead
/// first. Runs on the threads of the current rayon pool and gives the same bits with any number of them. Counts of paths
/// above 10³⁰⁸ lose the balance between the paths of that pair.
///
/// # Errors
/// A parameter outside of its range, or cancelled.
///
/// # Complexity
/// O(n + m) for the bound, O(n + m) for each pair in the worst case, far less where a few hops reach most of the
/// network; O(n) space for each thread.
///
/// # Reference
/// Riondato and Kornaropoulos, *Fast Approximation of Betweenness Centrality Through Sampling*, WSDM 2014, theorem 1 and
/// lemma 2 (with the constant 0.5).
///
/// # Example
/// ```
/// use powermap_graph::betweenness_sample::{Options, betweenness_sample};
/// use powermap_graph::graph::Graph;
/// use std::sync::atomic::AtomicBool;
/// let (graph, _) = Graph::from_edges(3, &[0, 1], &[1, 2])?;
/// let options = Options { error: 0.05, failure: 0.001, seed: 1 };
/// let found = betweenness_sample(&graph, &options, &AtomicBool::new(false))?;
/// assert_eq!((found.path_nodes_max, found.samples), (3, 1582));
/// // One pair of six leads through node 1.
/// assert!((found.betweenness[1] - 1.0).abs() <= found.error);
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn betweenness_sample(
    graph: &Graph,
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Sampled, GraphError> {
    check_options(options)?;
    check_cancelled(cancel)?;
    let node_count = graph.node_count();
    let path_nodes_max = path_nodes_max(graph, cancel)?;
    let samples = samples_needed(path_nodes_max, options);
    let pairs = f64::from(node_count) * (f64::from(node_count) - 1.0).max(0.0);
    // Counts are whole numbers, so that they add up to the same in any order.
    let pile_count = rayon::current_num_threads() as u64 * 4;
    let pile = |number: u64| {
        let mut search = Search::new(graph);
        for sample in (number..samples).step_by(pile_count as usize) {
            check_cancelled(cancel)?;
            search.sample(&mut Random::new(options.seed, sample));
        }
        Ok(search.counts)
    };
    let piles: Result<Vec<Vec<u32>>, GraphError> =
        (0..pile_count).into_par_iter().map(pile).collect();
    let mut counts = vec![0_u64; node_count as usize];
    for pile in piles? {
        for (count, more) in counts.iter_mut().zip(pile) {
            *count += u64::from(more);
        }
    }
    let scale = if samples == 0 {
        0.0
    } else {
        pairs / samples as f64
    };
    Ok(Sampled {
        betweenness: counts.into_iter().map(|c| c as f64 * scale).collect(),
        error: options.error * pairs,
        samples,
        path_nodes_max,
    })
}

fn check_options(options: &Options) -> Result<(), GraphError> {
    let bad = |name, value: f64, expected| GraphError::BadParameter {
        name,
        value: value.to_string(),
        expected,
    };
    // Below this, the number of pairs would exceed what can be counted.
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

fn samples_needed(path_nodes_max: u32, options: &Options) -> u64 {
    // A path of two nodes has nobody on it.
    let Some(log) = path_nodes_max.saturating_sub(2).checked_ilog2() else {
        return 0;
    };
    let dimension = f64::from(log) + 1.0;
    let needed = 0.5 / options.error.powi(2) * (dimension - options.failure.ln());
    needed.ceil() as u64
}

/// A number of nodes that no shortest path exceeds.
fn path_nodes_max(graph: &Graph, cancel: &AtomicBool) -> Result<u32, GraphError> {
    let components = strong(graph, cancel)?;
    let count = components.sizes.len();
    let (begins, members) = members(&components);
    let of = |number: usize| &members[begins[number] as usize..begins[number + 1] as usize];
    let number_of = |node: u32| components.of[node as usize] as usize;
    // Within a component: out of some node and into it bounds any path.
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
    // Through the components, each after all that lead to it.
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

/// The nodes by component, and where each component begins.
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

/// The greatest number of hops from a node to any other of its component.
fn depth<'a>(
    depths: &mut [[u32; 2]],
    way: usize,
    start: u32,
    neighbours: impl Fn(u32) -> &'a [u32],
    within: impl Fn(&u32) -> bool,
) -> u32 {
    depths[start as usize][way] = 0;
    let (mut queue, mut next) = (vec![start], Vec::new());
    let mut level = 0;
    loop {
        for node in queue.drain(..) {
            for other in neighbours(node).iter().filter(|other| within(other)) {
                let depth = &mut depths[*other as usize][way];
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
    /// Hops from this end; `u32::MAX` where it has not come.
    levels: Vec<u32>,
    /// How many shortest paths lead here from this end.
    paths: Vec<f64>,
    queue: Vec<u32>,
    /// Where the last level begins in the queue.
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

    /// One level further.
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

    /// The way back to this end: from a node on, each step is chosen in proportion to the paths that lead through it.
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

/// Sorted nodes without repetition: parallel edges make one path.
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

    /// Draws a pair and counts the nodes inside of one of its shortest paths, if it has any.
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
            let ahead = |nodes: &[u32], degree: &dyn Fn(u32) -> u32| -> u64 {
                nodes.iter().map(|v| u64::from(degree(*v)) + 1).sum()
            };
            let out_ahead = ahead(self.out.frontier(), &|v| graph.out_degree(v));
            let into_ahead = ahead(self.into.frontier(), &|v| graph.in_degree(v));
            if out_ahead == 0 || into_ahead == 0 {
                return;
            }
            if out_ahead <= into_ahead {
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

/// Random numbers of one sample: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), begun at a place of its own, so that
/// it does not matter who draws which sample.
struct Random(u64);

impl Random {
    fn new(seed: u64, sample: u64) -> Self {
        let mut this = Self(seed);
        this.0 = this.next() ^ sample;
        this.0 = this.next();
        this
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number below a bound that is not 0; the bias is below 2⁻³².
    fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u32
    }

    /// One of some, in proportion to their weights.
    fn choose<I: Iterator<Item = u32>>(
        &mut self,
        candidates: impl Fn() -> I,
        weight: impl Fn(u32) -> f64,
    ) -> Option<u32> {
        let total: f64 = candidates().map(&weight).sum();
        let mut left = (self.next() >> 11) as f64 / (1_u64 << 53) as f64 * total;
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
