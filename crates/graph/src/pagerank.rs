//! PageRank: the share of time that a random walk along the edges spends at each node.

use crate::error::{GraphError, check_cancelled, check_weights};
use crate::graph::Graph;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Nodes in one piece of work. Sums are taken by piece and then over the pieces, so that rounding does not depend on the
/// number of threads.
const PIECE: usize = 1 << 12;

/// The parameters of [`pagerank`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PageRankOptions {
    damping: f64,
    tolerance: f64,
    rounds_max: u32,
}

impl PageRankOptions {
    /// Sets the probability that the walk follows an edge instead of jumping to any node; from 0 to below 1, usually 0.85.
    ///
    /// Iteration stops at a tolerance of 10⁻⁹ or after 1,000 rounds unless the other methods say otherwise.
    pub const fn new(damping: f64) -> Self {
        Self {
            damping,
            tolerance: 1e-9,
            rounds_max: 1000,
        }
    }

    /// Stops when one round changes the ranks by less than this, summed over all nodes; not negative.
    #[must_use]
    pub const fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Stops after this number of rounds even if the tolerance is not reached.
    #[must_use]
    pub const fn with_rounds_max(mut self, rounds_max: u32) -> Self {
        self.rounds_max = rounds_max;
        self
    }
}

/// The result of [`pagerank`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PageRank {
    /// The share of time that the walk spends at each node, by node; the shares sum to 1.
    pub ranks: Vec<f64>,
    rounds: u32,
    residual: f64,
}

impl PageRank {
    /// Returns the number of rounds computed.
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Returns the change of the ranks in the last round, summed over all nodes.
    ///
    /// The distance to the exact ranks is at most this times damping / (1 − damping).
    pub fn residual(&self) -> f64 {
        self.residual
    }
}

/// Returns the share of time that a random walk spends at each node: which nodes do the well-placed point to?
///
/// The walk follows an edge out of its node with probability `damping`, and jumps to any node otherwise. With weights
/// (one for each edge, by edge id), it follows an edge in proportion to its weight; without, each edge counts 1, parallel
/// ones and self-loops included. From a node without edges, or with edges of weight zero only, it jumps.
///
/// Computed by power iteration on the threads of the current rayon pool; the result has the same bits with any number of
/// threads.
///
/// # Errors
/// A parameter outside of its range, not one weight for each edge, a weight that is negative, infinite or not a number,
/// or cancelled. Missing the tolerance is no error; see [`PageRank::residual`].
///
/// # Complexity
/// O(n + m) time for each round; each round shrinks the residual by the factor `damping` or more. O(n) space, and O(m)
/// with weights.
///
/// # Reference
/// Page, Brin, Motwani and Winograd, *The PageRank Citation Ranking*, Stanford 1999.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, PageRankOptions, pagerank};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(3, &[0, 1, 2], &[1, 2, 1])?;
/// let options = PageRankOptions::new(0.5).with_tolerance(1e-12);
/// let found = pagerank(&graph, None, &options, &AtomicBool::new(false))?;
/// // Solved by hand: x₀ = 1/6, x₁ = 1/6 + (x₀ + x₂)/2, x₂ = 1/6 + x₁/2.
/// for (rank, expected) in found.ranks.iter().zip([3.0 / 18.0, 8.0 / 18.0, 7.0 / 18.0]) {
///     assert!((rank - expected).abs() < 1e-9);
/// }
/// assert!(found.residual() < 1e-12 && found.rounds() < 1000);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn pagerank(
    graph: &Graph,
    weights: Option<&[f64]>,
    options: &PageRankOptions,
    cancel: &AtomicBool,
) -> Result<PageRank, GraphError> {
    check_options(options)?;
    let node_count = graph.node_count() as usize;
    if let Some(weights) = weights {
        check_weights(weights, graph.edge_count())?;
    }
    let mut walk = Walk::new(graph, weights, options.damping);
    let mut found = PageRank {
        ranks: vec![1.0 / node_count as f64; node_count],
        rounds: 0,
        residual: f64::INFINITY,
    };
    if node_count == 0 {
        found.residual = 0.0;
        return Ok(found);
    }
    let mut dangling = walk.start(&found.ranks);
    while found.rounds < options.rounds_max && found.residual >= options.tolerance {
        check_cancelled(cancel)?;
        (found.residual, dangling) = walk.round(&mut found.ranks, dangling);
        found.rounds += 1;
    }
    Ok(found)
}

fn check_options(options: &PageRankOptions) -> Result<(), GraphError> {
    if !(0.0..1.0).contains(&options.damping) {
        return Err(GraphError::BadParameter {
            name: "damping",
            value: options.damping.to_string(),
            expected: "a number from 0 to below 1",
        });
    }
    if options.tolerance.is_nan() || options.tolerance < 0.0 {
        return Err(GraphError::BadParameter {
            name: "tolerance",
            value: options.tolerance.to_string(),
            expected: "a number that is not negative",
        });
    }
    Ok(())
}

/// The constants of the iteration, and the rank that each node passes along its edges.
struct Walk<'a> {
    graph: &'a Graph,
    damping: f64,
    /// One over the weight of all edges out of each node; 0 for a node without.
    shares: Vec<f64>,
    /// The weights of the edges into each node, in the order of [`Graph::in_edges`], with the offset of each node.
    weights: Option<(Vec<usize>, Vec<f64>)>,
    passed: Vec<f64>,
    next_passed: Vec<f64>,
}

impl<'a> Walk<'a> {
    fn new(graph: &'a Graph, weights: Option<&[f64]>, damping: f64) -> Self {
        // Scaled by the greatest, so that no sum of weights overflows.
        let greatest = weights.map_or(1.0, |weights| weights.iter().copied().fold(0.0, f64::max));
        let scaled = |weight: f64| {
            if greatest > 0.0 {
                weight / greatest
            } else {
                0.0
            }
        };
        let share = |node: u32| {
            let total = match weights {
                None => f64::from(graph.out_degree(node)),
                Some(weights) => graph
                    .out_edges(node)
                    .map(|edge| scaled(weights[edge as usize]))
                    .sum(),
            };
            if total > 0.0 { total.recip() } else { 0.0 }
        };
        let by_target = weights.map(|weights| {
            let mut offsets = Vec::with_capacity(graph.node_count() as usize + 1);
            let mut values = Vec::with_capacity(weights.len());
            for node in 0..graph.node_count() {
                offsets.push(values.len());
                values.extend(
                    graph
                        .in_edges(node)
                        .iter()
                        .map(|edge| scaled(weights[*edge as usize])),
                );
            }
            offsets.push(values.len());
            (offsets, values)
        });
        Self {
            graph,
            damping,
            shares: (0..graph.node_count()).map(share).collect(),
            weights: by_target,
            passed: vec![0.0; graph.node_count() as usize],
            next_passed: vec![0.0; graph.node_count() as usize],
        }
    }

    /// Passes on the first ranks; returns the rank at nodes without edges.
    fn start(&mut self, ranks: &[f64]) -> f64 {
        let mut dangling = 0.0;
        for ((passed, rank), share) in self.passed.iter_mut().zip(ranks).zip(&self.shares) {
            *passed = rank * share;
            if *share == 0.0 {
                dangling += rank;
            }
        }
        dangling
    }

    /// Computes one round over all nodes; returns the change, and the rank at nodes without edges.
    fn round(&mut self, ranks: &mut [f64], dangling: f64) -> (f64, f64) {
        let node_count = ranks.len() as f64;
        let base = (1.0 - self.damping) / node_count + self.damping * dangling / node_count;
        let (graph, damping, passed) = (self.graph, self.damping, &self.passed);
        let (shares, weights) = (&self.shares, &self.weights);
        let piece = |(number, (ranks, next)): (usize, (&mut [f64], &mut [f64]))| {
            let first = number * PIECE;
            let (mut change, mut dangling) = (0.0, 0.0);
            for (i, (rank, next)) in ranks.iter_mut().zip(next).enumerate() {
                let node = first + i;
                let sources = graph.sources_of(node as u32);
                let pulled = match weights {
                    None => pull(sources, passed),
                    Some((offsets, weights)) => {
                        pull_weighted(sources, &weights[offsets[node]..offsets[node + 1]], passed)
                    }
                };
                let new = base + damping * pulled;
                change += (new - *rank).abs();
                let share = shares[node];
                if share == 0.0 {
                    dangling += new;
                }
                *next = new * share;
                *rank = new;
            }
            (change, dangling)
        };
        let next = &mut self.next_passed;
        let sums: Vec<(f64, f64)> = if rayon::current_num_threads() == 1 {
            let pieces = ranks.chunks_mut(PIECE).zip(next.chunks_mut(PIECE));
            pieces.enumerate().map(piece).collect()
        } else {
            let pieces = ranks.par_chunks_mut(PIECE).zip(next.par_chunks_mut(PIECE));
            pieces.enumerate().map(piece).collect()
        };
        std::mem::swap(&mut self.passed, &mut self.next_passed);
        sums.iter().fold((0.0, 0.0), |(change, dangling), piece| {
            (change + piece.0, dangling + piece.1)
        })
    }
}

/// Sums the rank that the sources pass on, in four partial sums that do not wait for each other.
#[inline]
fn pull(sources: &[u32], passed: &[f64]) -> f64 {
    let (fours, rest) = sources.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, source) in sums.iter_mut().zip(four) {
            *sum += passed[*source as usize];
        }
    }
    let rest: f64 = rest.iter().map(|source| passed[*source as usize]).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[inline]
fn pull_weighted(sources: &[u32], weights: &[f64], passed: &[f64]) -> f64 {
    sources
        .iter()
        .zip(weights)
        .map(|(source, weight)| passed[*source as usize] * weight)
        .sum()
}
