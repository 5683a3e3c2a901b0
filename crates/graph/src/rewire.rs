//! Degree-preserving random graphs: a null model for counts of cycles and other patterns.

use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

/// Swaps between two checks of the cancel flag.
const POLL: u64 = 1 << 12;

/// Returns a random graph in which each node keeps its in-degree and out-degree: what would the degrees alone make?
///
/// Swaps the targets of random pairs of edges: a → b, c → d become a → d, c → b. A swap is rejected if it would make a
/// self-loop, or a parallel edge to an existing one; parallel edges of the input may come apart. Self-loops stay as they
/// are. `swaps` is the number of pairs to try; ten for each edge are usual. The same `seed` gives the same graph.
///
/// Compare a count on the graph with its mean over several rewired ones to see whether the degrees explain it.
///
/// # Errors
/// Cancelled.
///
/// # Complexity
/// O(n + m + swaps) time, O(n + m) space.
///
/// # Reference
/// S. Maslov and K. Sneppen, *Specificity and Stability in Topology of Protein Networks*, Science 296 (2002).
///
/// # Example
/// ```
/// use powermap_graph::{Graph, rewire};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(4, &[0, 1, 2, 3], &[1, 2, 3, 0])?;
/// let other = rewire(&graph, 40, 7, &AtomicBool::new(false))?;
/// for node in 0..4 {
///     assert_eq!((other.out_degree(node), other.in_degree(node)), (1, 1));
/// }
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn rewire(
    graph: &Graph,
    swaps: u64,
    seed: u64,
    cancel: &AtomicBool,
) -> Result<Graph, GraphError> {
    let mut sources = Vec::with_capacity(graph.edge_count() as usize);
    let mut targets = Vec::with_capacity(graph.edge_count() as usize);
    // The number of parallel edges of each hop.
    let mut hops: HashMap<(u32, u32), u32> = HashMap::new();
    let mut free = Vec::new();
    for source in 0..graph.node_count() {
        for target in graph.targets_of(source) {
            if *target != source {
                free.push(targets.len() as u32);
                *hops.entry((source, *target)).or_default() += 1;
            }
            sources.push(source);
            targets.push(*target);
        }
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    for swap in 0..swaps {
        if swap % POLL == 0 {
            check_cancelled(cancel)?;
        }
        if free.len() < 2 {
            break;
        }
        let one = free[below(&mut random, free.len())] as usize;
        let other = free[below(&mut random, free.len())] as usize;
        let (new, old) = (
            [
                (sources[one], targets[other]),
                (sources[other], targets[one]),
            ],
            [
                (sources[one], targets[one]),
                (sources[other], targets[other]),
            ],
        );
        let is_fit = |hop: &(u32, u32)| hop.0 != hop.1 && !hops.contains_key(hop);
        if new[0] == new[1] || !new.iter().all(is_fit) {
            continue;
        }
        for hop in old {
            if let Some(count) = hops.get_mut(&hop) {
                *count -= 1;
                if *count == 0 {
                    hops.remove(&hop);
                }
            }
        }
        for hop in new {
            *hops.entry(hop).or_default() += 1;
        }
        targets.swap(one, other);
    }
    Ok(Graph::from_edges(graph.node_count(), &sources, &targets)?.0)
}

/// Draws a number below a bound; the bias is below 2⁻³² for bounds of 32 bits.
fn below(random: &mut Xoshiro256PlusPlus, bound: usize) -> usize {
    ((u128::from(random.next_u64()) * bound as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    static NEVER: AtomicBool = AtomicBool::new(false);

    proptest! {
        #[test]
        fn degrees_stay_and_no_hop_gets_more_edges(
            (n, edges) in (1_u32..12).prop_flat_map(|n| {
                (Just(n), proptest::collection::vec((0..n, 0..n), 0..40))
            }),
            seed: u64,
        ) {
            let (sources, targets): (Vec<_>, Vec<_>) = edges.iter().copied().unzip();
            let (graph, _) = Graph::from_edges(n, &sources, &targets).unwrap();
            let other = rewire(&graph, 400, seed, &NEVER).unwrap();
            let most = |graph: &Graph| {
                let runs = (0..n).flat_map(|s| graph.targets_of(s).chunk_by(|a, b| a == b).map(<[u32]>::len).collect::<Vec<_>>());
                runs.max().unwrap_or(0)
            };
            for node in 0..n {
                prop_assert_eq!(graph.out_degree(node), other.out_degree(node));
                prop_assert_eq!(graph.in_degree(node), other.in_degree(node));
                let loops = |graph: &Graph| graph.targets_of(node).iter().filter(|t| **t == node).count();
                prop_assert_eq!(loops(&graph), loops(&other));
            }
            prop_assert!(most(&other) <= most(&graph));
            prop_assert_eq!(other, rewire(&graph, 400, seed, &NEVER).unwrap());
        }
    }

    #[test]
    fn a_ring_comes_apart_and_seeds_differ() {
        let n = 40;
        let sources: Vec<u32> = (0..n).collect();
        let targets: Vec<u32> = (0..n).map(|node| (node + 1) % n).collect();
        let (ring, _) = Graph::from_edges(n, &sources, &targets).unwrap();
        let one = rewire(&ring, 400, 1, &NEVER).unwrap();
        assert_ne!(one, ring);
        assert_ne!(one, rewire(&ring, 400, 2, &NEVER).unwrap());
        assert!(rewire(&ring, 400, 1, &AtomicBool::new(true)).is_err());
    }
}
