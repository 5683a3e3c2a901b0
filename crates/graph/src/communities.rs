//! Communities of high modularity, by the Louvain method.

use crate::error::{GraphError, check_cancelled, check_weights};
use crate::graph::Graph;
use crate::undirected::Undirected;
use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;

/// Moves between two checks of the cancel flag.
const POLL: u64 = 1 << 14;
/// A move must gain more than this part of the node's degree, so that rounding cannot keep nodes moving forever.
const GAIN_MIN: f64 = 1e-12;

/// A partition of the nodes into communities: the result of [`communities`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Communities {
    /// The community of each node, by node; communities are numbered from 0 in the order of their smallest nodes.
    pub of: Vec<u32>,
    /// The modularity of the partition at the resolution given.
    pub modularity: f64,
    count: u32,
}

impl Communities {
    /// Returns the number of communities.
    pub fn count(&self) -> u32 {
        self.count
    }
}

/// Partitions the nodes into communities of high modularity: which nodes deal with each other more than their numbers of
/// ties explain?
///
/// Directions are ignored, parallel edges merged and their weights added, and self-loops left out; without weights (by
/// edge id, in any unit), each tie counts 1. Modularity is Q = Σ_c [ w(c)/W − γ·(d(c)/2W)² ], with W the weight of all
/// ties, w(c) that of the ties inside of community c, d(c) the sum of the weighted degrees of its nodes, and γ the
/// `resolution`: 1 is usual, more gives smaller communities.
///
/// Each node moves to the neighbouring community with the greatest gain, the lowest of equals, in the order of a queue
/// that initially holds all nodes by id; then communities become nodes, until nothing moves. A community that is not
/// connected is split into its connected parts, which never lowers Q. The partition is a local maximum, and the same in
/// every run.
///
/// # Errors
/// Not one weight for each edge, a weight that is negative, infinite or not a number, a resolution that is not above
/// zero and finite, or cancelled.
///
/// # Complexity
/// O(n + m) time for each pass over all nodes, usually about a dozen passes. O(n + m) space.
///
/// # References
/// V. D. Blondel, J.-L. Guillaume, R. Lambiotte and E. Lefebvre, *Fast Unfolding of Communities in Large Networks*,
/// J. Stat. Mech. P10008 (2008). The queue, and why communities can come apart: V. A. Traag, L. Waltman and N. J. van
/// Eck, *From Louvain to Leiden*, Sci. Rep. 9 (2019).
///
/// # Example
/// ```
/// use powermap_graph::{Graph, communities};
/// use std::sync::atomic::AtomicBool;
///
/// // Two triangles with one tie between them.
/// let (graph, _) = Graph::from_edges(6, &[0, 1, 2, 3, 4, 5, 0], &[1, 2, 0, 4, 5, 3, 3])?;
/// let found = communities(&graph, None, 1.0, &AtomicBool::new(false))?;
/// assert_eq!(found.of, [0, 0, 0, 1, 1, 1]);
/// assert_eq!(found.count(), 2);
/// assert!((found.modularity - 5.0 / 14.0).abs() < 1e-12);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn communities(
    graph: &Graph,
    weights: Option<&[f64]>,
    resolution: f64,
    cancel: &AtomicBool,
) -> Result<Communities, GraphError> {
    if !(resolution.is_finite() && resolution > 0.0) {
        return Err(GraphError::BadParameter {
            name: "the resolution",
            value: resolution.to_string(),
            expected: "a number above zero",
        });
    }
    let ties = match weights {
        None => Undirected::new(graph),
        Some(weights) => {
            check_weights(weights, graph.edge_count())?;
            Undirected::with_weights(graph, |edge| weights[edge as usize])
        }
    };
    let base = Level::of(&ties);
    if !base.total.is_finite() {
        return Err(GraphError::BadParameter {
            name: "the sum of all weights",
            value: base.total.to_string(),
            expected: "a finite number: scale the weights down",
        });
    }
    let mut of: Vec<u32> = (0..ties.node_count()).collect();
    let mut level = base.clone();
    loop {
        let moved = level.move_nodes(resolution, cancel)?;
        let (numbers, count) = numbered(&moved);
        for community in &mut of {
            *community = numbers[*community as usize];
        }
        if count as usize == level.degrees.len() {
            break;
        }
        level = level.merged(&numbers, count);
    }
    let of = connected(&base, &of);
    let (of, count) = numbered(&of);
    Ok(Communities {
        modularity: base.modularity(&of, count, resolution),
        of,
        count,
    })
}

/// A graph whose nodes are the communities of the previous level.
#[derive(Debug, Clone)]
struct Level {
    offsets: Vec<usize>,
    neighbours: Vec<u32>,
    /// The weights of the ties; empty if all are 1.
    weights: Vec<f64>,
    /// The weighted degree of each node, ties inside of it included.
    degrees: Vec<f64>,
    /// Twice the weight of all ties.
    total: f64,
}

impl Level {
    fn of(ties: &Undirected) -> Self {
        let nodes = ties.node_count();
        let mut level = Self {
            offsets: vec![0],
            neighbours: Vec::new(),
            weights: Vec::new(),
            degrees: Vec::with_capacity(nodes as usize),
            total: 0.0,
        };
        for node in 0..nodes {
            level.neighbours.extend(ties.of(node));
            level.weights.extend(ties.weights_of(node));
            level.offsets.push(level.neighbours.len());
            let degree = match ties.weights_of(node) {
                [] => ties.of(node).len() as f64,
                weights => weights.iter().sum(),
            };
            level.degrees.push(degree);
        }
        level.total = level.degrees.iter().sum();
        level
    }

    fn ties(&self, node: u32) -> impl Iterator<Item = (u32, f64)> {
        let range = self.offsets[node as usize]..self.offsets[node as usize + 1];
        let weight = |at: usize| self.weights.get(at).copied().unwrap_or(1.0);
        range.map(move |at| (self.neighbours[at], weight(at)))
    }

    /// Moves nodes until none gains by it; returns the community of each.
    fn move_nodes(&self, resolution: f64, cancel: &AtomicBool) -> Result<Vec<u32>, GraphError> {
        let nodes = self.degrees.len();
        let mut of: Vec<u32> = (0..nodes as u32).collect();
        let mut sizes = self.degrees.clone();
        // The weight from the current node to each community, and the communities for which it is not zero.
        let mut weight_to = vec![0.0; nodes];
        let mut touched: Vec<u32> = Vec::new();
        let mut queue: VecDeque<u32> = (0..nodes as u32).collect();
        let mut is_queued = vec![true; nodes];
        let factor = if self.total > 0.0 {
            resolution / self.total
        } else {
            0.0
        };
        let mut moves = 0_u64;
        while let Some(node) = queue.pop_front() {
            if moves.is_multiple_of(POLL) {
                check_cancelled(cancel)?;
            }
            moves += 1;
            is_queued[node as usize] = false;
            for (other, weight) in self.ties(node) {
                let community = of[other as usize];
                if weight_to[community as usize] == 0.0 {
                    touched.push(community);
                }
                weight_to[community as usize] += weight;
            }
            let own = of[node as usize];
            let degree = self.degrees[node as usize];
            sizes[own as usize] -= degree;
            let gain = |community: u32| {
                weight_to[community as usize] - factor * degree * sizes[community as usize]
            };
            let least = GAIN_MIN * degree;
            let stay = gain(own);
            let (mut best, mut most) = (own, stay);
            for community in &touched {
                let found = gain(*community);
                let is_better = found > most + least;
                let is_lower = found > most - least
                    && *community < best
                    && best != own
                    && found > stay + least;
                if is_better || is_lower {
                    (best, most) = (*community, found);
                }
            }
            sizes[best as usize] += degree;
            for community in touched.drain(..) {
                weight_to[community as usize] = 0.0;
            }
            if best != own {
                of[node as usize] = best;
                for (other, _) in self.ties(node) {
                    if of[other as usize] != best && !is_queued[other as usize] {
                        is_queued[other as usize] = true;
                        queue.push_back(other);
                    }
                }
            }
        }
        Ok(of)
    }

    /// Makes a node of each community.
    fn merged(&self, of: &[u32], count: u32) -> Self {
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count as usize];
        for (node, community) in of.iter().enumerate() {
            members[*community as usize].push(node as u32);
        }
        let mut level = Self {
            offsets: vec![0],
            neighbours: Vec::new(),
            weights: Vec::new(),
            degrees: vec![0.0; count as usize],
            total: self.total,
        };
        let mut weight_to = vec![0.0; count as usize];
        let mut touched: Vec<u32> = Vec::new();
        for (community, nodes) in members.iter().enumerate() {
            for node in nodes {
                level.degrees[community] += self.degrees[*node as usize];
                for (other, weight) in self.ties(*node) {
                    let other = of[other as usize];
                    if other as usize == community {
                        continue;
                    }
                    if weight_to[other as usize] == 0.0 {
                        touched.push(other);
                    }
                    weight_to[other as usize] += weight;
                }
            }
            touched.sort_unstable();
            for other in touched.drain(..) {
                level.neighbours.push(other);
                level
                    .weights
                    .push(std::mem::take(&mut weight_to[other as usize]));
            }
            level.offsets.push(level.neighbours.len());
        }
        level
    }

    fn modularity(&self, of: &[u32], count: u32, resolution: f64) -> f64 {
        if self.total == 0.0 {
            return 0.0;
        }
        let (mut inside, mut degrees) = (0.0, vec![0.0; count as usize]);
        for node in 0..of.len() as u32 {
            degrees[of[node as usize] as usize] += self.degrees[node as usize];
            let same = |other: u32| of[other as usize] == of[node as usize];
            inside += self
                .ties(node)
                .filter(|(other, _)| same(*other))
                .map(|tie| tie.1)
                .sum::<f64>();
        }
        let expected: f64 = degrees
            .iter()
            .map(|degree| (degree / self.total).powi(2))
            .sum();
        inside / self.total - resolution * expected
    }
}

/// Numbers the labels in the order of their first occurrence; returns the numbers and their count.
fn numbered(labels: &[u32]) -> (Vec<u32>, u32) {
    let mut numbers = vec![u32::MAX; labels.len()];
    let mut count = 0;
    let numbered = labels
        .iter()
        .map(|label| {
            let number = &mut numbers[*label as usize];
            if *number == u32::MAX {
                *number = count;
                count += 1;
            }
            *number
        })
        .collect();
    (numbered, count)
}

/// Labels each connected part of each community by its smallest node.
fn connected(level: &Level, of: &[u32]) -> Vec<u32> {
    let mut pieces = vec![u32::MAX; of.len()];
    let mut ahead = Vec::new();
    for first in 0..of.len() as u32 {
        if pieces[first as usize] != u32::MAX {
            continue;
        }
        pieces[first as usize] = first;
        ahead.push(first);
        while let Some(node) = ahead.pop() {
            for (other, _) in level.ties(node) {
                let is_new = pieces[other as usize] == u32::MAX;
                if is_new && of[other as usize] == of[first as usize] {
                    pieces[other as usize] = first;
                    ahead.push(other);
                }
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    static NEVER: AtomicBool = AtomicBool::new(false);

    /// Computes modularity from its definition over pairs of nodes.
    fn naive(n: u32, edges: &[(u32, u32)], of: &[u32], resolution: f64) -> f64 {
        let mut ties: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for (a, b) in edges {
            if a != b {
                *ties.entry((*a.min(b), *a.max(b))).or_default() = 1.0;
            }
        }
        let weight = |a: u32, b: u32| ties.get(&(a.min(b), a.max(b))).copied().unwrap_or(0.0);
        let degree = |a: u32| {
            (0..n)
                .map(|b| if a == b { 0.0 } else { weight(a, b) })
                .sum::<f64>()
        };
        let total: f64 = (0..n).map(degree).sum();
        if total == 0.0 {
            return 0.0;
        }
        let mut sum = 0.0;
        for a in 0..n {
            for b in 0..n {
                if of[a as usize] == of[b as usize] {
                    let tie = if a == b { 0.0 } else { weight(a, b) };
                    sum += tie - resolution * degree(a) * degree(b) / total;
                }
            }
        }
        sum / total
    }

    /// The ties of Zachary's karate club, each with its lower node first.
    const KARATE: [(u32, &[u32]); 26] = [
        (0, &[1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31]),
        (1, &[2, 3, 7, 13, 17, 19, 21, 30]),
        (2, &[3, 7, 8, 9, 13, 27, 28, 32]),
        (3, &[7, 12, 13]),
        (4, &[6, 10]),
        (5, &[6, 10, 16]),
        (6, &[16]),
        (8, &[30, 32, 33]),
        (9, &[33]),
        (13, &[33]),
        (14, &[32, 33]),
        (15, &[32, 33]),
        (18, &[32, 33]),
        (19, &[33]),
        (20, &[32, 33]),
        (22, &[32, 33]),
        (23, &[25, 27, 29, 32, 33]),
        (24, &[25, 27, 31]),
        (25, &[31]),
        (26, &[29, 33]),
        (27, &[33]),
        (28, &[31, 33]),
        (29, &[32, 33]),
        (30, &[32, 33]),
        (31, &[32, 33]),
        (32, &[33]),
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn modularity_is_that_of_its_definition_and_communities_are_connected(
            (n, edges) in (1_u32..14).prop_flat_map(|n| {
                (Just(n), proptest::collection::vec((0..n, 0..n), 0..40))
            }),
            resolution in prop_oneof![Just(1.0), Just(0.5), Just(2.0)],
        ) {
            let (sources, targets): (Vec<_>, Vec<_>) = edges.iter().copied().unzip();
            let (graph, _) = Graph::from_edges(n, &sources, &targets).unwrap();
            let found = communities(&graph, None, resolution, &NEVER).unwrap();
            let expected = naive(n, &edges, &found.of, resolution);
            prop_assert!((found.modularity - expected).abs() < 1e-9);
            // Each by itself is where the search begins.
            let alone: Vec<u32> = (0..n).collect();
            prop_assert!(found.modularity >= naive(n, &edges, &alone, resolution) - 1e-9);
            // Numbered by first nodes, and each community connected.
            let (again, count) = numbered(&found.of);
            prop_assert_eq!((&again, count), (&found.of, found.count));
            let level = Level::of(&Undirected::new(&graph));
            prop_assert_eq!(numbered(&connected(&level, &found.of)).0, found.of.clone());
            prop_assert_eq!(&found, &communities(&graph, None, resolution, &NEVER).unwrap());
            // Weights of 1 each are no weights, where no two edges are parallel.
            let mut pairs: Vec<_> = edges.iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
            pairs.sort_unstable();
            pairs.dedup();
            if pairs.len() == edges.len() {
                let weighted = communities(&graph, Some(&vec![1.0; edges.len()]), resolution, &NEVER).unwrap();
                prop_assert_eq!(weighted, found);
            }
        }
    }

    #[test]
    fn the_karate_club_has_communities_as_good_as_are_known() {
        let (sources, targets): (Vec<_>, Vec<_>) = KARATE
            .iter()
            .flat_map(|(node, others)| others.iter().map(|other| (*node, *other)))
            .unzip();
        let (graph, _) = Graph::from_edges(34, &sources, &targets).unwrap();
        let found = communities(&graph, None, 1.0, &NEVER).unwrap();
        // The optimum is 0.4198 (Brandes and others, 2008).
        assert!(found.modularity > 0.41, "{}", found.modularity);
    }

    #[test]
    fn bad_parameters_are_refused() {
        let (graph, _) = Graph::from_edges(2, &[0], &[1]).unwrap();
        assert!(communities(&graph, None, 0.0, &NEVER).is_err());
        assert!(communities(&graph, None, f64::NAN, &NEVER).is_err());
        assert!(communities(&graph, Some(&[-1.0]), 1.0, &NEVER).is_err());
        assert!(communities(&graph, Some(&[f64::MAX]), 1.0, &NEVER).is_err());
        assert!(communities(&graph, None, 1.0, &AtomicBool::new(true)).is_err());
    }
}
