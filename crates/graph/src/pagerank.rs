//! PageRank: where a random walk along the edges spends its time.

use crate::error::{GraphError, check_cancelled, check_weights};
use crate::graph::Graph;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Nodes in one piece of work. Sums are taken by piece and then over the pieces, so that rounding does not depend on the
/// number of threads.
const PIECE: usize = 1 << 12;

/// How to compute PageRank. There is no default: whoever asks chooses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The chance that the walk follows an edge instead of starting again anywhere; 0.85 is usual. From 0 to below 1.
    pub damping: f64,
    /// Stop when one round changes the ranks by less than this, summed over all nodes.
    pub tolerance: f64,
    /// Stop after this many rounds in any case.
    pub rounds_max: u32,
}

/// The ranks, and how far they can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct PageRank {
    /// The share of time that the walk spends at each node; they sum to 1.
    pub ranks: Vec<f64>,
    /// How many rounds were computed.
    pub rounds: u32,
    /// By how much the last round changed the ranks, summed over all nodes. The distance to the true ranks is at most
    /// this times damping / (1 − damping).
    pub residual: f64,
}

/// PageRank by power iteration, each node pulling from the sources of its edges.
///
/// A walk that comes to a node without edges (or with edges of weight zero only) starts again anywhere. Parallel edges
/// count each; with weights, an edge is followed in proportion to its weight. Runs on the threads of the current rayon
/// pool and gives the same bits with any number of them.
///
/// # Errors
/// A parameter outside of its range, not one weight for each edge, a weight that is negative, infinite or not a number,
/// or cancelled. Not reaching the tolerance is no error: see [`PageRank::residual`].
///
/// # Complexity
/// O(n + m) time a round; the residual falls by the damping or more each round. O(n) space, and O(m) with weights.
///
/// # Reference
/// Page, Brin, Motwani and Winograd, *The PageRank Citation Ranking*, Stanford 1999.
///
/// # Example
/// ```
/// use powermap_graph::graph::Graph;
/// use powermap_graph::pagerank::{Options, pagerank};
/// use std::sync::atomic::AtomicBool;
/// let (graph, _) = Graph::from_edges(3, &[0, 1, 2], &[1, 2, 1])?;
/// let options = Options { damping: 0.5, tolerance: 1e-12, rounds_max: 100 };
/// let found = pagerank(&graph, None, &options, &AtomicBool::new(false))?;
/// // Solved by hand: x₀ = 1/6, x₁ = 1/6 + (x₀ + x₂)/2, x₂ = 1/6 + x₁/2.
/// for (rank, expected) in found.ranks.iter().zip([3.0 / 18.0, 8.0 / 18.0, 7.0 / 18.0]) {
///     assert!((rank - expected).abs() < 1e-9);
/// }
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn pagerank(
    graph: &Graph,
    weights: Option<&[f64]>,
    options: &Options,
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

fn check_options(options: &Options) -> Result<(), GraphError> {
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

/// What stays the same from round to round, and what each node hands on along its edges.
struct Walk<'a> {
    graph: &'a Graph,
    damping: f64,
    /// One over the weight of all edges out of each node; 0 where there are none.
    shares: Vec<f64>,
    /// The weights of the edges into each node, in the order of [`Graph::in_edges`], all nodes in a row.
    weights: Option<(Vec<usize>, Vec<f64>)>,
    handed: Vec<f64>,
    next_handed: Vec<f64>,
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
            handed: vec![0.0; graph.node_count() as usize],
            next_handed: vec![0.0; graph.node_count() as usize],
        }
    }

    /// Hands on the first ranks; gives the rank at nodes without edges.
    fn start(&mut self, ranks: &[f64]) -> f64 {
        let mut dangling = 0.0;
        for ((handed, rank), share) in self.handed.iter_mut().zip(ranks).zip(&self.shares) {
            *handed = rank * share;
            if *share == 0.0 {
                dangling += rank;
            }
        }
        dangling
    }

    /// One round over all nodes; gives the change and the rank at nodes without edges.
    fn round(&mut self, ranks: &mut [f64], dangling: f64) -> (f64, f64) {
        let node_count = ranks.len() as f64;
        let base = (1.0 - self.damping) / node_count + self.damping * dangling / node_count;
        let (graph, damping, handed) = (self.graph, self.damping, &self.handed);
        let (shares, weights) = (&self.shares, &self.weights);
        let piece = |(number, (ranks, next)): (usize, (&mut [f64], &mut [f64]))| {
            let first = number * PIECE;
            let (mut change, mut dangling) = (0.0, 0.0);
            for (i, (rank, next)) in ranks.iter_mut().zip(next).enumerate() {
                let node = first + i;
                let sources = graph.sources_of(node as u32);
                let pulled = match weights {
                    None => pull(sources, handed),
                    Some((offsets, weights)) => {
                        pull_weighted(sources, &weights[offsets[node]..offsets[node + 1]], handed)
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
        let next = &mut self.next_handed;
        let sums: Vec<(f64, f64)> = if rayon::current_num_threads() == 1 {
            let pieces = ranks.chunks_mut(PIECE).zip(next.chunks_mut(PIECE));
            pieces.enumerate().map(piece).collect()
        } else {
            let pieces = ranks.par_chunks_mut(PIECE).zip(next.par_chunks_mut(PIECE));
            pieces.enumerate().map(piece).collect()
        };
        std::mem::swap(&mut self.handed, &mut self.next_handed);
        sums.iter().fold((0.0, 0.0), |(change, dangling), piece| {
            (change + piece.0, dangling + piece.1)
        })
    }
}

/// The sum of what some nodes hand on. Four sums at once, so that one addition need not wait for the last.
#[inline]
fn pull(sources: &[u32], handed: &[f64]) -> f64 {
    let (fours, rest) = sources.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, source) in sums.iter_mut().zip(four) {
            *sum += handed[*source as usize];
        }
    }
    let rest: f64 = rest.iter().map(|source| handed[*source as usize]).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[inline]
fn pull_weighted(sources: &[u32], weights: &[f64], handed: &[f64]) -> f64 {
    sources
        .iter()
        .zip(weights)
        .map(|(source, weight)| handed[*source as usize] * weight)
        .sum()
}
